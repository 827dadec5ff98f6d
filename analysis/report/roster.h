/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who appears in a report: the actors of the network result with their names in the reader's language, and their sectors, each
 * with a letter, a shape and a colour.
 */
#ifndef SAMORDNING_ROSTER_H
#define SAMORDNING_ROSTER_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROSTER_NO_SECTOR SIZE_MAX

struct roster_actor {
    const char *key, *name, *abbreviation; /* abbreviation falls back to the name */
    const char *kind;                      /* NULL = not stated */
    size_t sector;                         /* index, or ROSTER_NO_SECTOR */
    double reported;                       /* 1, 0, NaN = not stated */
    double strength;                       /* sum of the weights of its ties, both directions */
    double degree;                         /* distinct neighbours, either direction */
};
struct roster_sector {
    const char *code, *name;
    char letter[4]; /* A, B, ... AA, AB */
    size_t actor_count;
};
struct roster_tie {
    size_t a, b; /* actors, a < b; both directions as one */
    double weight, count;
};
struct roster {
    struct roster_actor *actors;
    size_t actor_count; /* in the order of the network result: by key */
    struct roster_sector *sectors;
    size_t sector_count; /* by code */
    struct roster_tie *ties;
    size_t tie_count; /* by weight, strongest first */
    size_t *by_key;   /* actors sorted by key, whatever the result's order */
};

/* A network result without a nodes table gives an empty roster. False: out of memory. */
__attribute__((warn_unused_result)) bool roster_init(struct roster *roster, const struct report_input *input);
void roster_release(struct roster *roster);

const struct roster_actor *roster_actor(const struct roster *roster, const char *key); /* NULL = not in the network */
/* What to call the actor or sector of this key: its name, its abbreviation, or the key itself. */
const char *roster_name(const struct roster *roster, const char *key);
const char *roster_short(const struct roster *roster, const char *key);
const char *roster_sector_name(const struct roster *roster, const char *code);

#endif
