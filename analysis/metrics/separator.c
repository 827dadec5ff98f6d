/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every actor is two nodes with one arc of capacity 1 between them; ties are arcs without a limit from the second node of one
 * end to the first of the other.
 */
#include "separator.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NO_LIMIT INT32_MAX

/* Arcs stand in pairs: arc ^ 1 is the way back. */
struct separator_search {
    const struct adjacency *both;
    size_t node_count, arc_count;
    size_t *first;                          /* arcs of a node: order[first[v]] .. */
    int32_t *order, *to, *capacity, *fresh; /* fresh = capacities before any flow */
    int32_t *level, *next, *queue, *path;
    int32_t *members, *others; /* nearest to the source, nearest to the sink */
    int32_t *smallest;         /* of the network */
};

static size_t entry(size_t actor)
{
    return 2 * actor;
}

static size_t exit_of(size_t actor)
{
    return 2 * actor + 1;
}

static size_t source_of(const struct separator_search *search)
{
    return search->node_count - 2;
}

static size_t sink_of(const struct separator_search *search)
{
    return search->node_count - 1;
}

/* The fixed places of an actor's three own arcs. */
static size_t own_arc(size_t actor)
{
    return 6 * actor;
}

static size_t source_arc(size_t actor)
{
    return 6 * actor + 2;
}

static size_t sink_arc(size_t actor)
{
    return 6 * actor + 4;
}

static void put_arc(struct separator_search *search, size_t arc, size_t from, size_t to, int32_t capacity)
{
    search->to[arc] = (int32_t)to;
    search->to[arc + 1] = (int32_t)from;
    search->fresh[arc] = capacity;
    search->fresh[arc + 1] = 0;
}

static size_t arc_from(const struct separator_search *search, size_t arc)
{
    return (size_t)search->to[arc ^ 1];
}

static void lay_arcs(struct separator_search *search)
{
    size_t n = search->both->count, arc = 6 * n;
    for (size_t v = 0; v < n; v++) {
        put_arc(search, own_arc(v), entry(v), exit_of(v), 1);
        put_arc(search, source_arc(v), source_of(search), entry(v), 0);
        put_arc(search, sink_arc(v), exit_of(v), sink_of(search), 0);
        for (size_t a = search->both->start[v]; a < search->both->start[v + 1]; a++, arc += 2)
            put_arc(search, arc, exit_of(v), entry((size_t)search->both->peer[a]), NO_LIMIT);
    }
    for (size_t a = 0; a < search->arc_count; a++)
        search->first[arc_from(search, a) + 2]++;
    for (size_t v = 2; v <= search->node_count + 1; v++)
        search->first[v] += search->first[v - 1];
    for (size_t a = 0; a < search->arc_count; a++)
        search->order[search->first[arc_from(search, a) + 1]++] = (int32_t)a;
}

struct separator_search *separator_search_create(const struct adjacency *both)
{
    struct separator_search *search = calloc(1, sizeof *search);
    if (!search)
        return NULL;
    size_t n = both->count;
    search->both = both;
    search->node_count = 2 * n + 2;
    search->arc_count = 6 * n + 2 * both->arc_count;
    search->first = calloc(search->node_count + 3, sizeof *search->first);
    search->order = calloc(search->arc_count + 1, sizeof *search->order);
    search->to = calloc(search->arc_count + 1, sizeof *search->to);
    search->capacity = calloc(search->arc_count + 1, sizeof *search->capacity);
    search->fresh = calloc(search->arc_count + 1, sizeof *search->fresh);
    search->level = calloc(search->node_count, sizeof *search->level);
    search->next = calloc(search->node_count, sizeof *search->next);
    search->queue = calloc(search->node_count, sizeof *search->queue);
    search->path = calloc(search->node_count, sizeof *search->path);
    search->members = calloc(n + 1, sizeof *search->members);
    search->others = calloc(n + 1, sizeof *search->others);
    search->smallest = calloc(n + 1, sizeof *search->smallest);
    if (!search->first || !search->order || !search->to || !search->capacity || !search->fresh || !search->level ||
        !search->next || !search->queue || !search->path || !search->members || !search->others || !search->smallest) {
        separator_search_destroy(search);
        return NULL;
    }
    lay_arcs(search);
    return search;
}

void separator_search_destroy(struct separator_search *search)
{
    if (!search)
        return;
    void *arrays[] = {search->first, search->order, search->to,   search->capacity, search->fresh,  search->level,
                      search->next,  search->queue, search->path, search->members,  search->others, search->smallest};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
    free(search);
}

/* Steps from the source along arcs with room (forward), or to the sink (backward); -1 = no way. */
static void levels(struct separator_search *search, bool forward)
{
    size_t head = 0, tail = 0, root = forward ? source_of(search) : sink_of(search);
    memset(search->level, -1, search->node_count * sizeof *search->level);
    search->level[root] = 0;
    search->queue[tail++] = (int32_t)root;
    while (head < tail) {
        size_t u = (size_t)search->queue[head++];
        for (size_t i = search->first[u]; i < search->first[u + 1]; i++) {
            size_t arc = (size_t)search->order[i];
            int32_t v = search->to[arc];
            if (search->capacity[forward ? arc : arc ^ 1] <= 0 || search->level[v] >= 0)
                continue;
            search->level[v] = search->level[u] + 1;
            search->queue[tail++] = v;
        }
    }
}

/* One more path along the levels; its arcs are walked depth-first, and dead ends are not tried twice. */
static bool push_path(struct separator_search *search)
{
    size_t depth = 0, u = source_of(search);
    while (u != sink_of(search)) {
        bool further = false;
        for (; search->first[u] + (size_t)search->next[u] < search->first[u + 1]; search->next[u]++) {
            size_t arc = (size_t)search->order[search->first[u] + (size_t)search->next[u]];
            size_t v = (size_t)search->to[arc];
            if (search->capacity[arc] <= 0 || search->level[v] != search->level[u] + 1)
                continue;
            search->path[depth++] = (int32_t)arc;
            u = v;
            further = true;
            break;
        }
        if (further)
            continue;
        if (depth == 0)
            return false;
        u = arc_from(search, (size_t)search->path[--depth]);
        search->next[u]++;
    }
    for (size_t i = 0; i < depth; i++) { /* every path crosses an actor with room for one */
        size_t arc = (size_t)search->path[i];
        if (search->capacity[arc] != NO_LIMIT)
            search->capacity[arc]--;
        if (search->capacity[arc ^ 1] != NO_LIMIT)
            search->capacity[arc ^ 1]++;
    }
    return true;
}

static size_t flow(struct separator_search *search, size_t enough)
{
    size_t paths = 0;
    for (;;) {
        levels(search, true);
        if (search->level[sink_of(search)] < 0)
            return paths;
        memset(search->next, 0, search->node_count * sizeof *search->next);
        while (push_path(search))
            if (++paths > enough)
                return paths;
    }
}

/* Actors whose own arc is the border between what the levels reach and what they do not. */
static size_t border(const struct separator_search *search, bool forward, int32_t *ret_members)
{
    size_t count = 0;
    for (size_t v = 0; v < search->both->count; v++) {
        bool in = search->level[entry(v)] >= 0, out = search->level[exit_of(v)] >= 0;
        if (forward ? in && !out : out && !in)
            ret_members[count++] = (int32_t)v;
    }
    return count;
}

static void solve(struct separator_search *search, size_t enough, struct separator *ret_separator)
{
    *ret_separator = (struct separator){.size = flow(search, enough)};
    if (ret_separator->size > enough)
        return;
    ret_separator->members = search->members;
    border(search, true, search->members);
    levels(search, false);
    border(search, false, search->others);
    ret_separator->only = memcmp(search->members, search->others, ret_separator->size * sizeof *search->members) == 0;
}

void separator_between_groups(struct separator_search *search, const int32_t *in_group, int32_t first, int32_t second,
                              struct separator *ret_separator)
{
    memcpy(search->capacity, search->fresh, search->arc_count * sizeof *search->capacity);
    for (size_t v = 0; v < search->both->count; v++) {
        if (in_group[v] == first)
            search->capacity[source_arc(v)] = NO_LIMIT;
        if (in_group[v] == second)
            search->capacity[sink_arc(v)] = NO_LIMIT;
    }
    solve(search, search->both->count, ret_separator);
}

void separator_between_actors(struct separator_search *search, int32_t from, int32_t to, size_t enough,
                              struct separator *ret_separator)
{
    assert(from != to && adjacency_find(search->both, (size_t)from, to) == SIZE_MAX);
    memcpy(search->capacity, search->fresh, search->arc_count * sizeof *search->capacity);
    search->capacity[source_arc((size_t)from)] = search->capacity[own_arc((size_t)from)] = NO_LIMIT;
    search->capacity[sink_arc((size_t)to)] = search->capacity[own_arc((size_t)to)] = NO_LIMIT;
    solve(search, enough, ret_separator);
}

/* Keeps the pair's separator when it is smaller than the smallest so far. */
static void try_pair(struct separator_search *search, int32_t from, int32_t to, struct separator *smallest)
{
    struct separator separator;
    if (smallest->size == 0 || from == to || adjacency_find(search->both, (size_t)from, to) != SIZE_MAX)
        return;
    separator_between_actors(search, from, to, smallest->size - 1, &separator);
    if (!separator.members || separator.size >= smallest->size)
        return;
    smallest->size = separator.size;
    memcpy(smallest->members, separator.members, separator.size * sizeof *smallest->members);
}

/* A smallest separator misses the actor with fewest ties, and then parts it from somebody, or has it in, and then parts two of
 * its neighbours. */
bool separator_of_network(struct separator_search *search, struct separator *ret_separator,
                          bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    const struct adjacency *both = search->both;
    size_t n = both->count, pivot = 0;
    for (size_t v = 1; v < n; v++)
        if (adjacency_degree(both, v) < adjacency_degree(both, pivot))
            pivot = v;
    *ret_separator = (struct separator){.size = n > 0 ? n - 1 : 0};
    if (n == 0 || adjacency_degree(both, pivot) == n - 1)
        return true;
    const int32_t *neighbours = &both->peer[both->start[pivot]];
    size_t degree = adjacency_degree(both, pivot);
    ret_separator->size = degree;
    ret_separator->members = search->smallest;
    memcpy(search->smallest, neighbours, degree * sizeof *neighbours);
    for (size_t v = 0; v < n + degree; v++) {
        if (proceed && !proceed(arg, (unsigned)(v * 1000 / (n + degree))))
            return false;
        if (v < n)
            try_pair(search, (int32_t)pivot, (int32_t)v, ret_separator);
        for (size_t other = v < n ? degree : v - n + 1; other < degree; other++)
            try_pair(search, neighbours[v - n], neighbours[other], ret_separator);
    }
    return true;
}
