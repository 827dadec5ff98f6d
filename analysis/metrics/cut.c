/* SPDX-License-Identifier: GPL-3.0-or-later
 * Depth-first search with low points (Hopcroft & Tarjan 1973), on a stack of our own so that long chains cannot overflow it.
 */
#include "cut.h"

#include <stdlib.h>

struct visit {
    size_t *found;     /* order of discovery, from 1; 0 = not yet */
    size_t *low;       /* the earliest actor reachable from the subtree by one tie back */
    size_t *subtree;   /* actors in it */
    size_t *next;      /* the next arc to look at */
    size_t *separated; /* actors in the subtrees that hang on this actor alone */
    size_t *largest_piece;
    int32_t *parent, *stack;
    int32_t *members; /* actors of the current component, in order of discovery */
    int32_t *open;    /* actors found whose block towards the root is not closed yet */
    size_t open_count;
};

static int compare_actors(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

/* A block hangs on the parent: everybody found since the child, and the parent. */
static void close_block(struct cut *cut, struct visit *visit, size_t parent, size_t child)
{
    size_t at = cut->block_start[cut->block_count], first = at;
    int32_t member;
    do {
        member = visit->open[--visit->open_count];
        cut->block_member[at++] = member;
    } while (member != (int32_t)child);
    cut->block_member[at++] = (int32_t)parent;
    qsort(&cut->block_member[first], at - first, sizeof *cut->block_member, compare_actors);
    cut->block_start[++cut->block_count] = at;
}

static void close_child(struct cut *cut, struct visit *visit, size_t parent, size_t child)
{
    visit->subtree[parent] += visit->subtree[child];
    if (visit->low[child] < visit->low[parent])
        visit->low[parent] = visit->low[child];
    if (visit->low[child] >= visit->found[parent]) {
        cut->pieces[parent]++;
        visit->separated[parent] += visit->subtree[child];
        if (visit->subtree[child] > visit->largest_piece[parent])
            visit->largest_piece[parent] = visit->subtree[child];
        close_block(cut, visit, parent, child);
    }
    if (visit->low[child] > visit->found[parent])
        cut->bridges[cut->bridge_count++] =
            (struct cut_bridge){.from = (int32_t)parent, .to = (int32_t)child, .to_side = visit->subtree[child]};
}

/* Returns the number of actors found. */
static size_t visit_component(struct cut *cut, const struct adjacency *both, struct visit *visit, size_t root, size_t *clock)
{
    size_t depth = 0, member_count = 0;
    visit->parent[root] = -1;
    visit->stack[depth++] = (int32_t)root;
    visit->open_count = 0;
    while (depth > 0) {
        size_t u = (size_t)visit->stack[depth - 1];
        if (visit->found[u] == 0) {
            visit->found[u] = visit->low[u] = ++*clock;
            visit->subtree[u] = 1;
            visit->next[u] = both->start[u];
            visit->members[member_count++] = (int32_t)u;
            visit->open[visit->open_count++] = (int32_t)u;
        }
        bool descended = false;
        while (visit->next[u] < both->start[u + 1] && !descended) {
            size_t v = (size_t)both->peer[visit->next[u]++];
            if (visit->found[v] == 0) {
                visit->parent[v] = (int32_t)u;
                visit->stack[depth++] = (int32_t)v;
                descended = true;
            } else if ((int32_t)v != visit->parent[u] && visit->found[v] < visit->low[u]) {
                visit->low[u] = visit->found[v];
            }
        }
        if (descended)
            continue;
        depth--;
        if (visit->parent[u] >= 0)
            close_child(cut, visit, (size_t)visit->parent[u], u);
    }
    return member_count;
}

static void finish_component(struct cut *cut, struct visit *visit, size_t member_count, size_t first_bridge)
{
    for (size_t m = 0; m < member_count; m++) {
        size_t v = (size_t)visit->members[m];
        cut->component[v] = (int32_t)cut->component_count;
        size_t rest = member_count - 1 - visit->separated[v]; /* the piece on the side of the parent */
        if (rest > 0)
            cut->pieces[v]++;
        size_t largest = rest > visit->largest_piece[v] ? rest : visit->largest_piece[v];
        cut->cut_off[v] = member_count - 1 - largest;
    }
    for (size_t b = first_bridge; b < cut->bridge_count; b++) {
        struct cut_bridge *bridge = &cut->bridges[b];
        bridge->from_side = member_count - bridge->to_side;
        if (bridge->from > bridge->to)
            *bridge = (struct cut_bridge){bridge->to, bridge->from, bridge->to_side, bridge->from_side};
    }
    if (cut->component_count == 0 || member_count > cut->component_size[cut->largest])
        cut->largest = cut->component_count;
    cut->component_size[cut->component_count++] = member_count;
}

static int compare_bridges(const void *left, const void *right)
{
    const struct cut_bridge *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

bool cut_init(struct cut *ret_cut, const struct adjacency *both)
{
    size_t n = both->count, clock = 0;
    *ret_cut = (struct cut){.count = n};
    size_t *sizes = calloc(6 * n + 1, sizeof *sizes);
    int32_t *indices = calloc(4 * n + 1, sizeof *indices);
    ret_cut->component = calloc(n + 1, sizeof *ret_cut->component);
    ret_cut->component_size = calloc(n + 1, sizeof *ret_cut->component_size);
    ret_cut->pieces = calloc(n + 1, sizeof *ret_cut->pieces);
    ret_cut->cut_off = calloc(n + 1, sizeof *ret_cut->cut_off);
    ret_cut->bridges = calloc(n + 1, sizeof *ret_cut->bridges); /* a bridge is a tree tie: fewer than actors */
    ret_cut->block_start = calloc(n + 2, sizeof *ret_cut->block_start);
    ret_cut->block_member = calloc(2 * n + 1, sizeof *ret_cut->block_member); /* each of b members has b - 1 tree ties */
    bool done = sizes && indices && ret_cut->component && ret_cut->component_size && ret_cut->pieces && ret_cut->cut_off &&
                ret_cut->bridges && ret_cut->block_start && ret_cut->block_member;
    if (done) {
        struct visit visit = {.found = sizes,
                              .low = sizes + n,
                              .subtree = sizes + 2 * n,
                              .next = sizes + 3 * n,
                              .separated = sizes + 4 * n,
                              .largest_piece = sizes + 5 * n,
                              .parent = indices,
                              .stack = indices + n,
                              .members = indices + 2 * n,
                              .open = indices + 3 * n};
        for (size_t root = 0; root < n; root++) {
            if (visit.found[root] != 0)
                continue;
            size_t first_bridge = ret_cut->bridge_count;
            size_t member_count = visit_component(ret_cut, both, &visit, root, &clock);
            finish_component(ret_cut, &visit, member_count, first_bridge);
        }
        if (ret_cut->bridge_count > 1)
            qsort(ret_cut->bridges, ret_cut->bridge_count, sizeof *ret_cut->bridges, compare_bridges);
    }
    free(sizes);
    free(indices);
    if (!done)
        cut_release(ret_cut);
    return done;
}

void cut_release(struct cut *cut)
{
    free(cut->component);
    free(cut->component_size);
    free(cut->pieces);
    free(cut->cut_off);
    free(cut->bridges);
    free(cut->block_start);
    free(cut->block_member);
    *cut = (struct cut){0};
}
