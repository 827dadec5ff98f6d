/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortest-path trees, and Dijkstra's algorithm anew over the part of a tree that hangs on the actor taken out.
 */
#include "loss.h"

#include "actor_heap.h"

#include <math.h>
#include <stdlib.h>

struct search {
    const struct adjacency *out, *in;
    bool unit;
    double *distance; /* from the source; INFINITY = not reached */
    double *anew;     /* the same without an actor, of its descendants; INFINITY in between */
    int32_t *parent;  /* in the tree of shortest paths */
    int32_t *order;   /* in the order settled; later reused for the tree in preorder */
    int32_t *preorder, *place, *size;
    struct actor_heap heap, again;
    size_t settled;
};

static double length_of(const struct search *search, const struct adjacency *adjacency, size_t arc)
{
    return search->unit ? 1 : adjacency->distance[arc];
}

static void search_from(struct search *search, int32_t source)
{
    search->settled = 0;
    search->distance[source] = 0;
    search->parent[source] = -1;
    actor_heap_lower(&search->heap, source);
    while (search->heap.count > 0) {
        int32_t u = actor_heap_pop(&search->heap);
        search->order[search->settled++] = u;
        for (size_t a = search->out->start[u]; a < search->out->start[u + 1]; a++) {
            int32_t v = search->out->peer[a];
            double through = search->distance[u] + length_of(search, search->out, a);
            if (!(through < search->distance[v]))
                continue;
            search->distance[v] = through;
            search->parent[v] = u;
            actor_heap_lower(&search->heap, v);
        }
    }
}

/* Numbers the tree so that the descendants of v are preorder[place[v] + 1 .. place[v] + size[v]). */
static void number_tree(struct search *search)
{
    for (size_t i = 0; i < search->settled; i++)
        search->size[search->order[i]] = 1;
    for (size_t i = search->settled; i-- > 1;)
        search->size[search->parent[search->order[i]]] += search->size[search->order[i]];
    search->place[search->order[0]] = 0;
    /* preorder[place[u]] counts how much of the subtree of u is given away until u itself is entered below */
    for (size_t i = 0; i < search->settled; i++)
        search->preorder[i] = 0;
    for (size_t i = 1; i < search->settled; i++) {
        int32_t v = search->order[i], u = search->parent[v];
        search->place[v] = search->place[u] + 1 + search->preorder[search->place[u]];
        search->preorder[search->place[u]] += search->size[v];
    }
    for (size_t i = 0; i < search->settled; i++)
        search->preorder[search->place[search->order[i]]] = search->order[i];
}

static bool hangs_on(const struct search *search, int32_t actor, int32_t gone)
{
    return search->place[actor] >= search->place[gone] && search->place[actor] < search->place[gone] + search->size[gone];
}

/* How much nearness from the source its descendants lose without `gone`, and how many of them it no longer reaches. */
static double lost_without(struct search *search, int32_t gone, size_t *ret_cut_off)
{
    const int32_t *descendants = &search->preorder[search->place[gone] + 1];
    size_t count = (size_t)search->size[gone] - 1;
    for (size_t i = 0; i < count; i++) {
        int32_t v = descendants[i];
        double nearest = INFINITY;
        for (size_t a = search->in->start[v]; a < search->in->start[v + 1]; a++) {
            int32_t u = search->in->peer[a];
            if (isfinite(search->distance[u]) && !hangs_on(search, u, gone))
                nearest = fmin(nearest, search->distance[u] + length_of(search, search->in, a));
        }
        search->anew[v] = nearest;
        if (isfinite(nearest))
            actor_heap_lower(&search->again, v);
    }
    while (search->again.count > 0) {
        int32_t u = actor_heap_pop(&search->again);
        for (size_t a = search->out->start[u]; a < search->out->start[u + 1]; a++) {
            int32_t v = search->out->peer[a];
            double through = search->anew[u] + length_of(search, search->out, a);
            if (v == gone || !isfinite(search->distance[v]) || !hangs_on(search, v, gone) || !(through < search->anew[v]))
                continue;
            search->anew[v] = through;
            actor_heap_lower(&search->again, v);
        }
    }
    double lost = 0;
    *ret_cut_off = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t v = descendants[i];
        lost += 1 / search->distance[v] - 1 / search->anew[v];
        if (isinf(search->anew[v]))
            ++*ret_cut_off;
        search->anew[v] = INFINITY;
    }
    return lost;
}

/* Adds what the source keeps when each of the others is gone. */
static void gather(struct search *search, struct loss *loss, size_t n)
{
    int32_t source = search->order[0];
    double inverse = 0, reached = (double)search->settled - 1;
    for (size_t i = 1; i < search->settled; i++)
        inverse += 1 / search->distance[search->order[i]];
    loss->inverse_whole += inverse;
    for (size_t v = 0; v < n; v++) {
        if ((int32_t)v == source)
            continue;
        loss->inverse[v] += inverse;
        loss->reached[v] += reached;
        loss->pairs[v] += reached;
    }
    for (size_t i = 1; i < search->settled; i++) {
        int32_t v = search->order[i];
        size_t cut_off = 0;
        double lost = search->size[v] > 1 ? lost_without(search, v, &cut_off) : 0;
        loss->inverse[v] -= 1 / search->distance[v] + lost;
        loss->reached[v] -= 1 + (double)cut_off;
        loss->pairs[v]--;
    }
}

static void search_release(struct search *search)
{
    void *arrays[] = {search->distance,    search->anew,       search->parent,      search->order,
                      search->preorder,    search->place,      search->size,        search->heap.slot,
                      search->heap.actors, search->again.slot, search->again.actors};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
}

static bool search_init(struct search *search, const struct adjacency *out, const struct adjacency *in, bool unit)
{
    size_t n = out->count, bytes = (n + 1) * sizeof(int32_t);
    *search = (struct search){.out = out, .in = in, .unit = unit};
    search->distance = malloc((n + 1) * sizeof *search->distance);
    search->anew = malloc((n + 1) * sizeof *search->anew);
    search->parent = malloc(bytes);
    search->order = malloc(bytes);
    search->preorder = malloc(bytes);
    search->place = malloc(bytes);
    search->size = malloc(bytes);
    search->heap = (struct actor_heap){search->distance, malloc(bytes), malloc(bytes), 0};
    search->again = (struct actor_heap){search->anew, malloc(bytes), malloc(bytes), 0};
    if (!search->distance || !search->anew || !search->parent || !search->order || !search->preorder || !search->place ||
        !search->size || !search->heap.actors || !search->heap.slot || !search->again.actors || !search->again.slot) {
        search_release(search);
        return false;
    }
    for (size_t v = 0; v < n; v++) {
        search->distance[v] = search->anew[v] = INFINITY;
        search->heap.slot[v] = search->again.slot[v] = -1;
    }
    return true;
}

enum loss_status loss_run(const struct adjacency *out, const struct adjacency *in, bool unit, struct loss *loss,
                          bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t n = out->count;
    struct search search;
    if (!search_init(&search, out, in, unit))
        return LOSS_NO_MEMORY;
    loss->inverse_whole = 0;
    for (size_t v = 0; v < n; v++)
        loss->inverse[v] = loss->reached[v] = loss->pairs[v] = 0;
    enum loss_status status = LOSS_OK;
    for (size_t source = 0; source < n; source++) {
        if (proceed && !proceed(arg, (unsigned)(source * 1000 / n))) {
            status = LOSS_STOPPED;
            break;
        }
        search_from(&search, (int32_t)source);
        number_tree(&search);
        gather(&search, loss, n);
        for (size_t i = 0; i < search.settled; i++)
            search.distance[search.order[i]] = INFINITY;
    }
    for (size_t v = 0; v < n; v++)
        if (loss->reached[v] == 0)
            loss->inverse[v] = 0; /* what the subtraction leaves is rounding */
    search_release(&search);
    return status;
}
