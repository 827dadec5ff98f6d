/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contact between groups: how much there is between each pair, how much there would be by chance, and who carries it alone.
 */
#ifndef SAMORDNING_MIXING_H
#define SAMORDNING_MIXING_H

#include "network.h"
#include "topology.h"

#include <stdbool.h>

struct mixing_tie {
    int32_t from, to; /* positions among the labelled actors */
    double weight;
};
struct mixing {
    bool directed;
    char **groups; /* names, sorted; borrowed from the network */
    size_t group_count;
    int32_t *actor; /* labelled actors: index in the network */
    int32_t *label; /* and group */
    size_t labelled;
    struct mixing_tie *ties; /* of the network, both ends labelled */
    size_t tie_count;
    struct mixing_tie *pairs; /* the same as unordered pairs, weights of both directions summed */
    size_t pair_count;
    double *out, *in; /* strength of each labelled actor; the same array when undirected */
    double total;     /* of the ties' weights */
    double *sums;     /* room for mixing_expected */
    double *square;   /* and for mixing_tally */
};
/* False: out of memory, nothing to release. */
bool mixing_init(struct mixing *ret_mixing, const struct network *network, const struct topology *topology);
void mixing_release(struct mixing *mixing);
/* The same for another thread, with room of its own, as long as the first one lives. False: out of memory. */
bool mixing_share(const struct mixing *mixing, struct mixing *ret_shared);
void mixing_unshare(struct mixing *shared);

/* Cells: ordered pairs of groups when directed, else unordered ones with a <= b. */
size_t mixing_cell_count(const struct mixing *mixing);
size_t mixing_cell(const struct mixing *mixing, int32_t a, int32_t b);
void mixing_cell_groups(const struct mixing *mixing, size_t cell, int32_t *ret_a, int32_t *ret_b);

/* Weight in each cell under a labelling of the labelled actors. Returns the ties (binary, undirected) across groups. */
double mixing_tally(const struct mixing *mixing, const int32_t *labels, double *ret_cells);
/* Expected weight in each cell under a labelling, when every actor keeps its strength and ties fall at random (Newman 2010),
 * loops left out. */
void mixing_expected(const struct mixing *mixing, const int32_t *labels, double *ret_cells);

struct mixing_single {
    int32_t a, b;  /* groups, a < b */
    int32_t actor; /* labelled actor all their ties go through */
    size_t ties;
    double weight;
};
/* Pairs of groups all of whose ties touch one actor; when there is but one tie, both its ends. Heap, *ret_count rows sorted by
 * (a, b, actor); NULL = out of memory. */
struct mixing_single *mixing_singles(const struct mixing *mixing, size_t *ret_count);

#endif
