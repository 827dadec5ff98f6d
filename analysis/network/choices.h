/* SPDX-License-Identifier: GPL-3.0-or-later
 * What to compute on a network, and how hard to try: the part of a specification that is not about which network it is.
 *
 * One table (choices.c) has every key with its kind, range and default; reading, the canonical form and the list of keys come
 * from it. A key is named in the canonical form only where it differs from the default.
 */
#ifndef SAMORDNING_CHOICES_H
#define SAMORDNING_CHOICES_H

#include "spec_value.h"

#define CHOICES_PERMUTATIONS_MAX 1000000

enum choice_effort { EFFORT_AUTO, EFFORT_EXACT, EFFORT_NONE };

struct choices {
    enum choice_effort betweenness, paths; /* what costs much: by size, whatever it takes, or not at all */
    uint64_t permutations;                 /* relabellings drawn where not all can be walked */
    uint64_t runs;                         /* of community detection; 0 = by size */
    uint64_t negative_from;                /* objections from which on a pair counts as negative */
    double alpha;                          /* false discovery rate up to which a pair is in the backbone */
    double tau_days;                       /* horizon of the mean response time */
};

enum choice_kind { CHOICE_NAME, CHOICE_COUNT, CHOICE_REAL, CHOICE_DAY, CHOICE_TEXT };
struct choice_key {
    const char *key;
    enum choice_kind kind;
    size_t offset;            /* of an enum, uint64_t, double, int32_t or char array */
    size_t size;              /* of a text */
    double low, high;         /* of a number; a real is over `low` */
    const char *const *names; /* of a name, in the order of its enum */
    size_t name_count;
    const char *fallback; /* the default, as it would be written; NULL = empty text, no day (0) */
};
const struct choice_key *choices_keys(size_t *ret_count);

void choices_default(struct choices *ret_choices);
/* The table's row of a key; NULL = no such key. */
const struct choice_key *choices_key(const char *key);
bool choices_set(struct choices *choices, const struct choice_key *row, const char *value, char *ret_error);
/* " key=value" for everything that differs from the default, in the order of the table. */
void choices_put(const struct choices *choices, struct spec_line *line);
/* Blank-separated key=value pairs over the defaults; NULL = none. For callers without a whole specification. */
bool choices_parse(const char *text, struct choices *ret_choices, char *ret_error);

/* Whether to do what costs much on so many actors. */
static inline bool choice_wanted(enum choice_effort effort, size_t actor_count, size_t actors_max)
{
    return effort == EFFORT_EXACT || (effort == EFFORT_AUTO && actor_count <= actors_max);
}

#endif
