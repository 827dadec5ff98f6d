/* SPDX-License-Identifier: GPL-3.0-or-later
 * Peels off the actor with the fewest ties left, again and again, from a list kept sorted by them.
 */
#include "core.h"

#include <stdlib.h>

bool core_run(const struct adjacency *both, double *ret_coreness)
{
    size_t n = both->count;
    size_t *room = calloc(4 * n + 2, sizeof *room);
    if (!room)
        return false;
    size_t *left = room, *order = left + n, *place = order + n, *first = place + n; /* first: of each number of ties, n + 1 */
    for (size_t v = 0; v < n; v++)
        left[v] = adjacency_degree(both, v);
    for (size_t v = 0; v < n; v++)
        first[left[v] + 1]++; /* at most n - 1 ties, so at most first[n] */
    for (size_t d = 1; d <= n; d++)
        first[d] += first[d - 1];
    for (size_t v = 0; v < n; v++) {
        place[v] = first[left[v]]++;
        order[place[v]] = v;
    }
    for (size_t d = n; d > 0; d--)
        first[d] = first[d - 1];
    first[0] = 0;
    for (size_t i = 0; i < n; i++) {
        size_t v = order[i];
        ret_coreness[v] = (double)left[v];
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            size_t u = (size_t)both->peer[a];
            if (left[u] <= left[v])
                continue;
            /* u changes places with the first of its number, which then begins one later. */
            size_t start = first[left[u]], other = order[start];
            order[place[u]] = other;
            place[other] = place[u];
            order[start] = u;
            place[u] = start;
            first[left[u]] = start + 1;
            left[u]--;
        }
    }
    free(room);
    return true;
}
