/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brandes' accumulation over breadth-first search (steps) or Dijkstra's algorithm (distances).
 */
#include "paths.h"

#include "actor_heap.h"

#include <math.h>
#include <stdlib.h>

#define SAME_LENGTH   1e-10 /* relative */
#define PROCEED_EVERY 64    /* sources between two questions whether to go on */

struct search {
    const struct adjacency *out, *in;
    double *distance;          /* INFINITY = not reached */
    double *ways, *dependency; /* shortest paths from the source; Brandes' delta */
    int32_t *order;            /* actors in the order they were settled */
    int32_t *rank;             /* position in order (by steps: the steps); -1 = not settled */
    struct actor_heap heap;    /* by distance */
    size_t settled;
};

static void settle(struct search *search, int32_t actor)
{
    search->rank[actor] = (int32_t)search->settled;
    search->order[search->settled++] = actor;
}

/* Here rank is the number of steps, and shortest paths are counted on the way. */
static void search_by_steps(struct search *search, int32_t source)
{
    search->distance[source] = search->rank[source] = 0;
    search->ways[source] = 1;
    search->order[search->settled++] = source;
    for (size_t head = 0; head < search->settled; head++) {
        int32_t u = search->order[head], further = search->rank[u] + 1;
        double ways = search->ways[u];
        for (size_t a = search->out->start[u]; a < search->out->start[u + 1]; a++) {
            int32_t v = search->out->peer[a];
            if (search->rank[v] < 0) {
                search->rank[v] = further;
                search->distance[v] = further;
                search->ways[v] = 0;
                search->order[search->settled++] = v;
            }
            if (search->rank[v] == further)
                search->ways[v] += ways;
        }
    }
}

/* Brandes' recursion from the far end; dependency holds (1 + delta) / ways, which is what the actors before it need. */
static void accumulate_by_steps(struct search *search, double *betweenness)
{
    for (size_t i = search->settled; i-- > 0;) {
        int32_t v = search->order[i], further = search->rank[v] + 1;
        double sum = 0;
        for (size_t a = search->out->start[v]; a < search->out->start[v + 1]; a++)
            if (search->rank[search->out->peer[a]] == further)
                sum += search->dependency[search->out->peer[a]];
        double delta = search->ways[v] * sum;
        search->dependency[v] = (1 + delta) / search->ways[v];
        if (i > 0)
            betweenness[v] += delta;
    }
}

static void search_by_distance(struct search *search, int32_t source)
{
    search->distance[source] = 0;
    actor_heap_lower(&search->heap, source);
    while (search->heap.count > 0) {
        int32_t u = actor_heap_pop(&search->heap);
        settle(search, u);
        for (size_t a = search->out->start[u]; a < search->out->start[u + 1]; a++) {
            int32_t v = search->out->peer[a];
            double through = search->distance[u] + search->out->distance[a];
            if (search->rank[v] >= 0 || !(through < search->distance[v]))
                continue;
            search->distance[v] = through;
            actor_heap_lower(&search->heap, v);
        }
    }
}

/* u lies just before v on a shortest path: settled earlier, and through u is as short as it gets. */
static bool precedes(const struct search *search, int32_t u, int32_t v, double length)
{
    return search->rank[u] >= 0 && search->rank[u] < search->rank[v] &&
           search->distance[u] + length <= search->distance[v] * (1 + SAME_LENGTH);
}

static void accumulate_by_distance(struct search *search, double *betweenness)
{
    for (size_t i = 0; i < search->settled; i++) {
        int32_t v = search->order[i];
        double ways = i == 0;
        for (size_t a = search->in->start[v]; i > 0 && a < search->in->start[v + 1]; a++)
            if (precedes(search, search->in->peer[a], v, search->in->distance[a]))
                ways += search->ways[search->in->peer[a]];
        search->ways[v] = ways;
        search->dependency[v] = 0;
    }
    for (size_t i = search->settled; i-- > 1;) {
        int32_t v = search->order[i];
        double share = (1 + search->dependency[v]) / search->ways[v];
        for (size_t a = search->in->start[v]; a < search->in->start[v + 1]; a++) {
            int32_t u = search->in->peer[a];
            if (precedes(search, u, v, search->in->distance[a]))
                search->dependency[u] += search->ways[u] * share;
        }
        betweenness[v] += search->dependency[v];
    }
}

static void add(double *array, int32_t at, double value)
{
    if (array)
        array[at] += value;
}

static void gather(const struct search *search, struct paths *paths)
{
    int32_t source = search->order[0];
    for (size_t i = 1; i < search->settled; i++) {
        int32_t v = search->order[i];
        double d = search->distance[v];
        add(paths->reached, source, 1);
        add(paths->sum, source, d);
        add(paths->inverse, source, 1 / d);
        add(paths->in_reached, v, 1);
        add(paths->in_sum, v, d);
        add(paths->in_inverse, v, 1 / d);
    }
}

enum paths_status paths_run(const struct adjacency *out, const struct adjacency *in, bool directed, bool unit,
                            struct paths *paths, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t n = out->count;
    enum paths_status status = PATHS_NO_MEMORY;
    struct search search = {.out = out, .in = in};
    search.distance = malloc((n + 1) * sizeof *search.distance);
    search.ways = malloc((n + 1) * sizeof *search.ways);
    search.dependency = malloc((n + 1) * sizeof *search.dependency);
    search.order = malloc((n + 1) * sizeof *search.order);
    search.rank = malloc((n + 1) * sizeof *search.rank);
    search.heap = (struct actor_heap){.distance = search.distance,
                                      .actors = malloc((n + 1) * sizeof *search.heap.actors),
                                      .slot = malloc((n + 1) * sizeof *search.heap.slot)};
    if (!search.distance || !search.ways || !search.dependency || !search.order || !search.rank || !search.heap.actors ||
        !search.heap.slot)
        goto out;
    double *outputs[] = {paths->betweenness, paths->reached, paths->sum,       paths->inverse,
                         paths->in_reached,  paths->in_sum,  paths->in_inverse};
    for (size_t o = 0; o < sizeof outputs / sizeof outputs[0]; o++)
        for (size_t v = 0; outputs[o] && v < n; v++)
            outputs[o][v] = 0;

    for (size_t v = 0; v < n; v++) {
        search.distance[v] = INFINITY;
        search.rank[v] = search.heap.slot[v] = -1;
    }
    for (size_t source = 0; source < n; source++) {
        if (source % PROCEED_EVERY == 0 && proceed && !proceed(arg, (unsigned)(source * 1000 / n))) {
            status = PATHS_STOPPED;
            goto out;
        }
        search.settled = 0;
        if (unit)
            search_by_steps(&search, (int32_t)source);
        else
            search_by_distance(&search, (int32_t)source);
        gather(&search, paths);
        if (paths->betweenness && unit)
            accumulate_by_steps(&search, paths->betweenness);
        else if (paths->betweenness)
            accumulate_by_distance(&search, paths->betweenness);
        for (size_t i = 0; i < search.settled; i++) {
            search.distance[search.order[i]] = INFINITY;
            search.rank[search.order[i]] = -1;
        }
    }
    for (size_t v = 0; v < n && paths->betweenness && !directed; v++)
        paths->betweenness[v] /= 2;
    status = PATHS_OK;
out:
    free(search.distance);
    free(search.ways);
    free(search.dependency);
    free(search.order);
    free(search.rank);
    free(search.heap.actors);
    free(search.heap.slot);
    return status;
}
