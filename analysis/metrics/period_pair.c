/* SPDX-License-Identifier: GPL-3.0-or-later
 * Aligning two networks by the keys of their actors, and counting what became of the ties.
 */
#include "period_pair.h"

#include "dyad.h"
#include "dyads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double turnover_jaccard(const struct turnover *turnover)
{
    double ties = turnover->kept + turnover->added + turnover->lost;
    return ties > 0 ? turnover->kept / ties : NAN;
}

size_t period_pair_cell(const struct period_pair *pair, int32_t a, int32_t b)
{
    bool turn = !pair->later->spec.directed && a > b;
    return (size_t)(turn ? b : a) * pair->sector_count + (size_t)(turn ? a : b);
}

/* Weights on the common actors, NaN where nobody would have told. False: out of memory. */
static bool fill_matrix(const struct network *network, const int32_t *at, size_t actors, double *ret_matrix)
{
    int32_t *position = malloc((network->actor_count + 1) * sizeof *position);
    if (!position)
        return false;
    for (size_t i = 0; i < network->actor_count; i++)
        position[i] = -1;
    for (size_t i = 0; i < actors; i++)
        position[at[i]] = (int32_t)i;
    for (size_t i = 0; i < actors; i++)
        for (size_t j = 0; j < actors; j++)
            ret_matrix[i * actors + j] = i == j || dyad_told(network, (size_t)at[i], (size_t)at[j]) ? 0 : NAN;
    for (size_t t = 0; t < network->tie_count; t++) {
        const struct network_tie *tie = &network->ties[t];
        int32_t from = position[tie->from], to = position[tie->to];
        if (from < 0 || to < 0)
            continue;
        ret_matrix[(size_t)from * actors + (size_t)to] = tie->weight;
        if (!network->spec.directed)
            ret_matrix[(size_t)to * actors + (size_t)from] = tie->weight;
    }
    free(position);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sector_of(const struct period_pair *pair, size_t actor)
{
    const char *later = pair->later->actors[pair->after_at[actor]].sector;
    const char *stated = later && *later ? later : pair->earlier->actors[pair->before_at[actor]].sector;
    return stated && *stated ? stated : NULL;
}

static bool find_sectors(struct period_pair *pair)
{
    pair->sectors = malloc((pair->actors + 1) * sizeof *pair->sectors);
    pair->sector = malloc((pair->actors + 1) * sizeof *pair->sector);
    if (!pair->sectors || !pair->sector)
        return false;
    size_t named = 0, count = 0;
    for (size_t i = 0; i < pair->actors; i++) {
        const char *name = sector_of(pair, i);
        if (name)
            pair->sectors[named++] = name;
    }
    if (named > 1)
        qsort(pair->sectors, named, sizeof *pair->sectors, compare_names);
    for (size_t i = 0; i < named; i++)
        if (count == 0 || strcmp(pair->sectors[count - 1], pair->sectors[i]) != 0)
            pair->sectors[count++] = pair->sectors[i];
    pair->sector_count = count;
    for (size_t i = 0; i < pair->actors; i++) {
        const char *name = sector_of(pair, i);
        const char **found = name ? bsearch(&name, pair->sectors, count, sizeof *pair->sectors, compare_names) : NULL;
        pair->sector[i] = found ? (int32_t)(found - pair->sectors) : -1;
    }
    return true;
}

static void count_cell(struct turnover *turnover, double before, double after)
{
    if (isnan(before)) {
        turnover->unknown++;
        return;
    }
    turnover->kept += before > 0 && after > 0;
    turnover->added += !(before > 0) && after > 0;
    turnover->lost += before > 0 && !(after > 0);
    turnover->weight_earlier += before;
    turnover->weight_later += after;
}

static void count_ties(struct period_pair *pair)
{
    size_t n = pair->actors;
    bool directed = pair->later->spec.directed;
    for (size_t i = 0; i < n; i++)
        for (size_t j = dyads_first(i, directed); j < n; j++) {
            if (i == j)
                continue;
            double before = pair->before[i * n + j], after = pair->after[i * n + j];
            count_cell(&pair->all, before, after);
            count_cell(&pair->of_actor[i], before, after);
            count_cell(&pair->of_actor[j], before, after);
            if (pair->sector[i] >= 0 && pair->sector[j] >= 0)
                count_cell(&pair->of_sectors[period_pair_cell(pair, pair->sector[i], pair->sector[j])], before, after);
        }
}

static bool align(struct period_pair *pair)
{
    pair->presence = comparison_actors(pair->earlier, pair->later, &pair->presence_count);
    pair->before_at = calloc(pair->presence_count + 1, sizeof *pair->before_at);
    pair->after_at = calloc(pair->presence_count + 1, sizeof *pair->after_at);
    if (!pair->presence || !pair->before_at || !pair->after_at)
        return false;
    for (size_t p = 0; p < pair->presence_count; p++)
        if (pair->presence[p].before >= 0 && pair->presence[p].after >= 0) {
            pair->before_at[pair->actors] = pair->presence[p].before;
            pair->after_at[pair->actors++] = pair->presence[p].after;
        }
    return true;
}

static bool fill(struct period_pair *pair)
{
    size_t n = pair->actors;
    pair->before = malloc((n * n + 1) * sizeof *pair->before);
    pair->after = malloc((n * n + 1) * sizeof *pair->after);
    if (!pair->before || !pair->after || !fill_matrix(pair->earlier, pair->before_at, n, pair->before) ||
        !fill_matrix(pair->later, pair->after_at, n, pair->after) || !find_sectors(pair))
        return false;
    for (size_t c = 0; c < n * n; c++)
        if (isnan(pair->before[c]) || isnan(pair->after[c]))
            pair->before[c] = pair->after[c] = NAN;
    pair->of_actor = calloc(n + 1, sizeof *pair->of_actor);
    pair->of_sectors = calloc(pair->sector_count * pair->sector_count + 1, sizeof *pair->of_sectors);
    if (!pair->of_actor || !pair->of_sectors)
        return false;
    count_ties(pair);
    return true;
}

bool period_pair_init(struct period_pair *ret_pair, const struct network *earlier, const struct network *later)
{
    struct period_pair pair = {.earlier = earlier, .later = later};
    if (!align(&pair) || (pair.actors <= DYADS_ACTORS_MAX && !fill(&pair))) {
        period_pair_release(&pair);
        return false;
    }
    *ret_pair = pair;
    return true;
}

void period_pair_release(struct period_pair *pair)
{
    free(pair->presence);
    free(pair->before_at);
    free(pair->after_at);
    free(pair->before);
    free(pair->after);
    free(pair->sectors);
    free(pair->sector);
    free(pair->of_actor);
    free(pair->of_sectors);
    *pair = (struct period_pair){0};
}
