/* SPDX-License-Identifier: GPL-3.0-or-later
 * From ties to states and matrices, and back.
 */
#include "dyad.h"

#include <math.h>
#include <stdlib.h>

static bool is_doubted(const struct network *network, size_t from, size_t to)
{
    bool turn = !network->spec.directed && from > to;
    struct network_pair wanted = {(int32_t)(turn ? to : from), (int32_t)(turn ? from : to)};
    size_t low = 0, high = network->doubted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_pair *pair = &network->doubted[middle];
        if (pair->from == wanted.from && pair->to == wanted.to)
            return true;
        if (pair->from < wanted.from || (pair->from == wanted.from && pair->to < wanted.to))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool dyad_told(const struct network *network, size_t from, size_t to)
{
    if (network->known)
        return network->known[from * network->actor_count + to];
    if (network->complete)
        return true;
    bool sender = network->actors[from].reported, other = network->actors[to].reported;
    bool told = network->told_by == TOLD_BY_EITHER ? sender || other
                : network->told_by == TOLD_BY_BOTH ? sender && other
                                                   : sender;
    return told && !is_doubted(network, from, to);
}

const struct network_tie *dyad_tie(const struct network *network, size_t from, size_t to)
{
    if (!network->spec.directed && from > to) {
        size_t swap = from;
        from = to;
        to = swap;
    }
    size_t low = 0, high = network->tie_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_tie *tie = &network->ties[middle];
        if ((size_t)tie->from < from || ((size_t)tie->from == from && (size_t)tie->to < to))
            low = middle + 1;
        else
            high = middle;
    }
    const struct network_tie *tie = low < network->tie_count ? &network->ties[low] : NULL;
    return tie && (size_t)tie->from == from && (size_t)tie->to == to ? tie : NULL;
}

enum dyad_state dyad_state(const struct network *network, size_t from, size_t to)
{
    if (dyad_tie(network, from, to))
        return DYAD_YES;
    return from == to || dyad_told(network, from, to) ? DYAD_NO : DYAD_UNKNOWN;
}

double *dyad_matrix_untied(const struct network *network)
{
    size_t n = network->actor_count;
    double *matrix = malloc((n * n + 1) * sizeof *matrix);
    for (size_t i = 0; matrix && i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = i == j || dyad_told(network, i, j) ? 0 : NAN;
    return matrix;
}

double *dyad_matrix(const struct network *network, bool binary)
{
    size_t n = network->actor_count;
    double *matrix = dyad_matrix_untied(network);
    if (!matrix)
        return NULL;
    for (size_t t = 0; t < network->tie_count; t++) {
        const struct network_tie *tie = &network->ties[t];
        double value = binary ? 1 : tie->weight;
        matrix[(size_t)tie->from * n + (size_t)tie->to] = value;
        if (!network->spec.directed)
            matrix[(size_t)tie->to * n + (size_t)tie->from] = value;
    }
    return matrix;
}
