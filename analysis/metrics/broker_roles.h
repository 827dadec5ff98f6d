/* SPDX-License-Identifier: GPL-3.0-or-later
 * Open two-paths a -> v -> b without a -> b, and the roles v has in them by the groups of the three (Gould & Fernandez 1989).
 *
 * Ordered pairs: in an undirected network every open pair is walked both ways and counts twice, once each way for
 * representative and gatekeeper, which are then equal.
 */
#ifndef SAMORDNING_BROKER_ROLES_H
#define SAMORDNING_BROKER_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum broker_role {
    BROKER_COORDINATOR,    /* a, v and b in one group */
    BROKER_ITINERANT,      /* a and b in one group, v in another */
    BROKER_REPRESENTATIVE, /* a and v in one group: what leaves it */
    BROKER_GATEKEEPER,     /* v and b in one group: what enters it */
    BROKER_LIAISON,        /* three groups */
    BROKER_ROLES
};
static inline enum broker_role broker_role(int32_t a, int32_t v, int32_t b)
{
    if (a == v)
        return v == b ? BROKER_COORDINATOR : BROKER_REPRESENTATIVE;
    return v == b ? BROKER_GATEKEEPER : a == b ? BROKER_ITINERANT : BROKER_LIAISON;
}

struct broker_arc {
    int32_t from, to; /* positions among `count` actors; an undirected tie is two arcs */
};
#define BROKER_BITS_MAX   1024 /* actors of whom sets are bits */
#define BROKER_GROUPS_MAX 64   /* groups, then */
/* Open paths through one actor that come from the same a. */
struct broker_run {
    int32_t a;
    uint32_t count;
};
struct broker_paths {
    size_t count; /* actors */
    size_t arc_count;
    size_t *start; /* count + 1: the open paths through each actor */
    int32_t *a, *b;
    /* The same of a dense network, or NULL: the runs of each actor, and whom each leads to as a set, so that many are counted
     * at once. */
    size_t *run_start, words;
    struct broker_run *runs;
    uint64_t *bits;
};
enum broker_status { BROKER_OK, BROKER_STOPPED, BROKER_TOO_MANY, BROKER_NO_MEMORY };

/* Lists the open paths, at most `most`. Arcs are sorted by (from, to), distinct, no loops. */
enum broker_status broker_paths_init(struct broker_paths *ret_paths, const struct broker_arc *arcs, size_t arc_count,
                                     size_t count, size_t most, bool (*proceed)(void *arg, unsigned permille), void *arg);
void broker_paths_release(struct broker_paths *paths);

/* ret_counts: count x BROKER_ROLES, by actor. */
void broker_count(const struct broker_paths *paths, const int32_t *groups, double *ret_counts);

struct broker_moments {
    double mean, sd; /* sd 0: the count cannot vary */
};
/* Mean and standard deviation of a role's count for an actor of group `group` in a random graph of density d in which arcs
 * (undirected: ties) are independent, given the group sizes (Gould & Fernandez 1989; the variance counts pairs of two-paths
 * that share an arc). `role` BROKER_ROLES = all roles together. */
struct broker_moments broker_expected(const size_t *sizes, size_t group_count, int32_t group, double density, bool directed,
                                      enum broker_role role);

#endif
