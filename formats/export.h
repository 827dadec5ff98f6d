/* SPDX-License-Identifier: GPL-3.0-or-later
 * A result of family network as the formats of other programs need it: nodes by number, relations, spells, and the three states
 * of a tie.
 *
 * Relation 0 is the network itself; then, where the result has them, the objections (always directed) and the ties of each
 * layer. A dyad without a tie is "no" where those of its ends have reported that the specification's missing= asks for, and the
 * table `doubted` does not name it; else it is unknown (of a wave of a survey the result lists the unknown ones). Unknown dyads
 * are listed up to EXPORT_UNKNOWN_MAX of them, beyond that only counted (the rule and each node's `reported` still tell them).
 * Borrows the result.
 */
#ifndef SAMORDNING_EXPORT_H
#define SAMORDNING_EXPORT_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define EXPORT_UNKNOWN_MAX   1000000
#define EXPORT_RELATIONS_MAX 1026 /* as many layers as a worker knows, the network, the objections */

enum export_told { EXPORT_TOLD_BY_EITHER, EXPORT_TOLD_BY_BOTH, EXPORT_TOLD_BY_FROM };
struct export_tie {
    size_t from, to; /* node numbers */
    size_t row;      /* of the relation's table */
    double weight;
};
struct export_relation {
    const char *name;
    const Samordning__V1__Table *table;
    bool directed, negative;
    struct export_tie *ties; /* in the order of the table */
    size_t count;
};
struct export_spell {
    size_t from, to, row;
    double weight;
    const char *start, *end; /* YYYY-MM-DD, half-open */
};
struct export
{
    const Samordning__V1__Result *result;
    const Samordning__V1__Card *card; /* may be NULL */
    const Samordning__V1__Table *nodes;
    const Samordning__V1__Column *id, *name, *sector, *reported; /* all but id may be NULL */
    size_t node_count;
    size_t *by_key; /* node numbers in the order of their keys */
    bool directed;
    struct export_relation *relations;
    size_t relation_count;
    size_t layer_count;          /* the last so many relations are layers */
    struct export_spell *spells; /* sorted by (from, to, start); NULL = the result tells none */
    size_t spell_count;
    enum export_told told_by; /* whose report makes no tie a "no" */
    size_t doubted_count;     /* pairs that are unknown although that rule says no */
    double put_in;            /* ties nobody told of, assumed under missing=tied or drawn */
    double unknown_count;
    size_t(*unknown)[2]; /* NULL when there are none or too many to list */
    size_t unknown_listed;
    struct errmsg errmsg; /* why it could not be read */
    enum status status;
};

/* STATUS_INVALID: no network, or an edge without its nodes (errmsg.field is the table); STATUS_NO_MEMORY. */
MUST_CHECK enum status export_init(struct export *network, const Samordning__V1__Result *result, struct errmsg *ret_errmsg);
void export_release(struct export *network);
/* The spells of one tie: the first, and how many. */
const struct export_spell *export_spells(const struct export *network, const struct export_tie *tie, size_t *ret_count);
/* The value of a key=value pair of the card's specification; false when it is not named. */
bool export_spec_value(const struct export *network, const char *key, char *ret_value, size_t size);
/* A column that says yes or no. */
bool export_is_boolean(const Samordning__V1__Column *column);

/* Each writes one whole document. False: out of memory. */
bool export_graphml(FILE *file, const struct export *network);
bool export_gexf(FILE *file, const struct export *network);

/* Whether the result lists its unknown dyads, as that of a wave does: who reported does not tell them, then. */
bool export_lists_unknown(const struct export *network);

#endif
