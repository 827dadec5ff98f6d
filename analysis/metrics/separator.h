/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many ways there are between two actors or two groups of them that share no actor, and the fewest actors whose absence
 * ends them all: two faces of one number (Menger 1927), found as a maximum flow (Dinic 1970) in which every actor lets one
 * path through.
 *
 * Undirected, binary. Of several smallest separators the one nearest to the first end; it does not depend on the order of work.
 */
#ifndef SAMORDNING_SEPARATOR_H
#define SAMORDNING_SEPARATOR_H

#include "topology.h"

#define SEPARATOR_ACTORS_MAX 500

struct separator {
    size_t size;      /* paths that share no actor = actors of the smallest separator */
    int32_t *members; /* in ascending order; room for every actor, owned by whoever made the search */
    bool only;        /* no other set of this size does it; not told of a network's */
};

struct separator_search;
struct separator_search *separator_search_create(const struct adjacency *both); /* borrows; NULL: out of memory */
void separator_search_destroy(struct separator_search *search);

/* Two groups, in_group[v] = 0 or 1, anything else = neither. Members of the groups may be in the separator. ret_separator
 * stays valid until the next call. */
void separator_between_groups(struct separator_search *search, const int32_t *in_group, int32_t first, int32_t second,
                              struct separator *ret_separator);
/* Two actors without a tie between them, themselves not in the separator. Stops when more than `enough` paths are found, which
 * ret_separator->size then says, without members. */
void separator_between_actors(struct separator_search *search, int32_t from, int32_t to, size_t enough,
                              struct separator *ret_separator);

/* The fewest actors whose absence parts the network (Esfahanian & Hakimi 1984). False: stopped. A complete network has no
 * separator: the size is one less than its actors, and members is NULL. */
bool separator_of_network(struct separator_search *search, struct separator *ret_separator,
                          bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
