/* SPDX-License-Identifier: GPL-3.0-or-later
 * Groups, ties between labelled actors, and the sums over them.
 */
#include "mixing.h"

#include <stdlib.h>
#include <string.h>

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool gather_groups(struct mixing *mixing, const struct network *network)
{
    size_t n = network->actor_count, kept = 0;
    mixing->groups = malloc((n + 1) * sizeof *mixing->groups);
    mixing->actor = calloc(n + 1, sizeof *mixing->actor);
    mixing->label = calloc(n + 1, sizeof *mixing->label);
    if (!mixing->groups || !mixing->actor || !mixing->label)
        return false;
    for (size_t i = 0; i < n; i++)
        if (network->actors[i].sector && *network->actors[i].sector)
            mixing->groups[kept++] = network->actors[i].sector;
    if (kept > 1)
        qsort(mixing->groups, kept, sizeof *mixing->groups, compare_names);
    for (size_t g = 0; g < kept; g++)
        if (mixing->group_count == 0 || strcmp(mixing->groups[mixing->group_count - 1], mixing->groups[g]) != 0)
            mixing->groups[mixing->group_count++] = mixing->groups[g];
    for (size_t i = 0; i < n; i++) {
        char *sector = network->actors[i].sector;
        if (!sector || !*sector)
            continue;
        char **found = bsearch(&sector, mixing->groups, mixing->group_count, sizeof *mixing->groups, compare_names);
        mixing->actor[mixing->labelled] = (int32_t)i;
        mixing->label[mixing->labelled++] = (int32_t)(found - mixing->groups);
    }
    return true;
}

static bool make_room(struct mixing *mixing)
{
    mixing->sums = calloc(3 * mixing->group_count + 1, sizeof *mixing->sums);
    mixing->square = calloc(mixing->group_count * mixing->group_count + 1, sizeof *mixing->square);
    return mixing->sums && mixing->square;
}

/* Strengths in both directions; undirected: one array, to which a tie adds at both ends. */
static bool gather_strengths(struct mixing *mixing)
{
    mixing->out = calloc(2 * mixing->labelled + 1, sizeof *mixing->out);
    if (!make_room(mixing) || !mixing->out)
        return false;
    mixing->in = mixing->directed ? mixing->out + mixing->labelled : mixing->out;
    for (size_t t = 0; t < mixing->tie_count; t++) {
        mixing->total += mixing->ties[t].weight;
        mixing->out[mixing->ties[t].from] += mixing->ties[t].weight;
        mixing->in[mixing->ties[t].to] += mixing->ties[t].weight;
    }
    return true;
}

bool mixing_init(struct mixing *ret_mixing, const struct network *network, const struct topology *topology)
{
    *ret_mixing = (struct mixing){.directed = network->spec.directed};
    const struct adjacency *both = &topology->both;
    int32_t *position = calloc(network->actor_count + 1, sizeof *position);
    ret_mixing->ties = calloc(network->tie_count + 1, sizeof *ret_mixing->ties);
    ret_mixing->pairs = calloc(topology->both_ties + 1, sizeof *ret_mixing->pairs);
    bool done = position && ret_mixing->ties && ret_mixing->pairs && gather_groups(ret_mixing, network);
    for (size_t i = 0; done && i < network->actor_count; i++)
        position[i] = -1;
    for (size_t a = 0; done && a < ret_mixing->labelled; a++)
        position[ret_mixing->actor[a]] = (int32_t)a;
    for (size_t t = 0; done && t < network->tie_count; t++) {
        int32_t from = position[network->ties[t].from], to = position[network->ties[t].to];
        if (from >= 0 && to >= 0)
            ret_mixing->ties[ret_mixing->tie_count++] = (struct mixing_tie){from, to, network->ties[t].weight};
    }
    for (size_t i = 0; done && i < both->count; i++)
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++) {
            size_t j = (size_t)both->peer[a];
            if (j > i && position[i] >= 0 && position[j] >= 0)
                ret_mixing->pairs[ret_mixing->pair_count++] = (struct mixing_tie){position[i], position[j], both->weight[a]};
        }
    free(position);
    done = done && gather_strengths(ret_mixing);
    if (!done)
        mixing_release(ret_mixing);
    return done;
}

bool mixing_share(const struct mixing *mixing, struct mixing *ret_shared)
{
    *ret_shared = *mixing;
    if (make_room(ret_shared))
        return true;
    mixing_unshare(ret_shared);
    return false;
}

void mixing_unshare(struct mixing *shared)
{
    free(shared->sums);
    free(shared->square);
}

void mixing_release(struct mixing *mixing)
{
    free(mixing->groups);
    free(mixing->actor);
    free(mixing->label);
    free(mixing->ties);
    free(mixing->pairs);
    free(mixing->out);
    free(mixing->sums);
    free(mixing->square);
    *mixing = (struct mixing){0};
}

size_t mixing_cell_count(const struct mixing *mixing)
{
    size_t k = mixing->group_count;
    return mixing->directed ? k * k : k * (k + 1) / 2;
}

size_t mixing_cell(const struct mixing *mixing, int32_t a, int32_t b)
{
    if (mixing->directed)
        return (size_t)a * mixing->group_count + (size_t)b;
    size_t low = (size_t)(a < b ? a : b), high = (size_t)(a < b ? b : a);
    return high * (high + 1) / 2 + low;
}

void mixing_cell_groups(const struct mixing *mixing, size_t cell, int32_t *ret_a, int32_t *ret_b)
{
    if (mixing->directed) {
        *ret_a = (int32_t)(cell / mixing->group_count);
        *ret_b = (int32_t)(cell % mixing->group_count);
        return;
    }
    size_t high = 0;
    while ((high + 1) * (high + 2) / 2 <= cell)
        high++;
    *ret_a = (int32_t)(cell - high * (high + 1) / 2);
    *ret_b = (int32_t)high;
}

/* Ties come in the order of their first end, so a row of the square serves many of them. Without a direction they are the pairs,
 * and one walk tells both. */
double mixing_tally(const struct mixing *mixing, const int32_t *labels, double *ret_cells)
{
    size_t k = mixing->group_count, within = 0;
    for (size_t c = 0; c < k * k; c++)
        mixing->square[c] = 0;
    for (size_t t = 0; t < mixing->tie_count;) {
        int32_t from = mixing->ties[t].from, own = labels[from];
        double *row = mixing->square + (size_t)own * k;
        for (; t < mixing->tie_count && mixing->ties[t].from == from; t++) {
            int32_t other = labels[mixing->ties[t].to];
            row[other] += mixing->ties[t].weight;
            within += other == own;
        }
    }
    for (size_t a = 0; a < k; a++)
        for (size_t b = mixing->directed ? 0 : a; b < k; b++)
            ret_cells[mixing_cell(mixing, (int32_t)a, (int32_t)b)] =
                mixing->square[a * k + b] + (mixing->directed || a == b ? 0 : mixing->square[b * k + a]);
    if (mixing->directed) {
        within = 0;
        for (size_t p = 0; p < mixing->pair_count; p++)
            within += labels[mixing->pairs[p].from] == labels[mixing->pairs[p].to];
    }
    return (double)(mixing->pair_count - within);
}

void mixing_expected(const struct mixing *mixing, const int32_t *labels, double *ret_cells)
{
    size_t k = mixing->group_count;
    double total = mixing->total;
    double *group_out = mixing->sums, *group_in = mixing->sums + k, *group_loops = mixing->sums + 2 * k;
    for (size_t g = 0; g < 3 * k; g++)
        mixing->sums[g] = 0;
    for (size_t a = 0; a < mixing->labelled; a++) {
        group_out[labels[a]] += mixing->out[a];
        group_in[labels[a]] += mixing->in[a];
        group_loops[labels[a]] += mixing->out[a] * (mixing->in[a] / (total > 0 ? total : 1));
    }
    for (size_t c = 0; c < mixing_cell_count(mixing); c++) {
        int32_t a, b;
        mixing_cell_groups(mixing, c, &a, &b);
        double expected = total > 0 ? group_out[a] * (group_in[b] / total) : 0;
        if (a == b)
            expected -= group_loops[a];
        if (!mixing->directed)
            expected /= a == b ? 4 : 2;
        ret_cells[c] = expected > 0 ? expected : 0;
    }
}

struct carrier {
    int32_t first, second; /* the actors all ties so far touch; -1 = not, or no more */
    size_t ties;
    double weight;
};

static int32_t keep_if_touched(int32_t actor, const struct mixing_tie *tie)
{
    return actor == tie->from || actor == tie->to ? actor : -1;
}

struct mixing_single *mixing_singles(const struct mixing *mixing, size_t *ret_count)
{
    size_t k = mixing->group_count, cells = k * (k + 1) / 2, kept = 0;
    const struct mixing unordered = {.group_count = k};
    struct carrier *carriers = calloc(cells + 1, sizeof *carriers);
    struct mixing_single *singles = malloc((2 * cells + 1) * sizeof *singles);
    if (!carriers || !singles) {
        free(carriers);
        free(singles);
        return NULL;
    }
    for (size_t p = 0; p < mixing->pair_count; p++) {
        const struct mixing_tie *tie = &mixing->pairs[p];
        struct carrier *carrier = &carriers[mixing_cell(&unordered, mixing->label[tie->from], mixing->label[tie->to])];
        carrier->first = carrier->ties == 0 ? tie->from : keep_if_touched(carrier->first, tie);
        carrier->second = carrier->ties == 0 ? tie->to : keep_if_touched(carrier->second, tie);
        carrier->ties++;
        carrier->weight += tie->weight;
    }
    for (int32_t a = 0; a < (int32_t)k; a++)
        for (int32_t b = a + 1; b < (int32_t)k; b++) {
            const struct carrier *carrier = &carriers[mixing_cell(&unordered, a, b)];
            int32_t low = carrier->first < carrier->second ? carrier->first : carrier->second;
            int32_t high = carrier->first < carrier->second ? carrier->second : carrier->first;
            if (carrier->ties > 0 && low >= 0)
                singles[kept++] = (struct mixing_single){a, b, low, carrier->ties, carrier->weight};
            if (carrier->ties > 0 && high >= 0)
                singles[kept++] = (struct mixing_single){a, b, high, carrier->ties, carrier->weight};
        }
    free(carriers);
    *ret_count = kept;
    return singles;
}
