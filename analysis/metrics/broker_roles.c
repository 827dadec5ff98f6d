/* SPDX-License-Identifier: GPL-3.0-or-later
 * Listing open two-paths by marking each actor's receivers, and the moments of their number in a random graph.
 */
#include "broker_roles.h"

#include "vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROCEED_PATHS 1000000 /* looked at between two questions whether to go on */

/* Arcs as lists: those that leave an actor are a run of the sorted arcs; those that enter are gathered. */
struct lists {
    size_t *out_start, *in_start;
    int32_t *in;
    bool *receives; /* of the a under the hand: whom it has an arc to */
};

static void lists_release(struct lists *lists)
{
    free(lists->out_start);
    free(lists->in_start);
    free(lists->in);
    free(lists->receives);
    *lists = (struct lists){0};
}

static bool lists_init(struct lists *ret_lists, const struct broker_arc *arcs, size_t arc_count, size_t count)
{
    *ret_lists = (struct lists){calloc(count + 2, sizeof(size_t)), calloc(count + 2, sizeof(size_t)),
                                calloc(arc_count + 1, sizeof(int32_t)), calloc(count + 1, sizeof(bool))};
    if (!ret_lists->out_start || !ret_lists->in_start || !ret_lists->in || !ret_lists->receives) {
        lists_release(ret_lists);
        return false;
    }
    for (size_t i = 0; i < arc_count; i++) {
        ret_lists->out_start[arcs[i].from + 1]++;
        ret_lists->in_start[arcs[i].to + 2]++;
    }
    for (size_t v = 0; v < count; v++) {
        ret_lists->out_start[v + 1] += ret_lists->out_start[v];
        ret_lists->in_start[v + 2] += ret_lists->in_start[v + 1];
    }
    for (size_t i = 0; i < arc_count; i++)
        ret_lists->in[ret_lists->in_start[arcs[i].to + 1]++] = arcs[i].from;
    return true;
}

/* A path a -> v -> b is found from a; a first walk counts per v, a second writes. */
static enum broker_status walk(const struct lists *lists, const struct broker_arc *arcs, struct broker_paths *paths, size_t *at,
                               size_t most, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t looked = 0, found = 0;
    bool writing = paths->a != NULL;
    for (size_t a = 0; a < paths->count; a++) {
        const struct broker_arc *first = arcs + lists->out_start[a], *last = arcs + lists->out_start[a + 1];
        for (const struct broker_arc *arc = first; arc < last; arc++)
            lists->receives[arc->to] = true;
        lists->receives[a] = true;
        for (const struct broker_arc *arc = first; arc < last; arc++) {
            int32_t v = arc->to;
            for (size_t i = lists->out_start[v]; i < lists->out_start[v + 1]; i++) {
                int32_t b = arcs[i].to;
                if (lists->receives[b])
                    continue;
                if (writing) {
                    paths->a[at[v]] = (int32_t)a;
                    paths->b[at[v]] = b;
                }
                at[v]++;
                found++;
            }
            looked += lists->out_start[v + 1] - lists->out_start[v] + 1;
            if (looked >= PROCEED_PATHS) {
                looked = 0;
                if (proceed && !proceed(arg, (unsigned)((writing ? 500 : 0) + 500 * a / paths->count)))
                    return BROKER_STOPPED;
            }
        }
        for (const struct broker_arc *arc = first; arc < last; arc++)
            lists->receives[arc->to] = false;
        lists->receives[a] = false;
        if (found > most)
            return BROKER_TOO_MANY;
    }
    return BROKER_OK;
}

/* Where runs are long enough for it to pay. False: out of memory. */
static bool sets_init(struct broker_paths *paths)
{
    size_t all = paths->start[paths->count], runs = 0;
    paths->words = (paths->count + 63) / 64;
    if (paths->count > BROKER_BITS_MAX)
        return true;
    for (size_t v = 0; v < paths->count; v++)
        for (size_t i = paths->start[v]; i < paths->start[v + 1]; i++)
            runs += i == paths->start[v] || paths->a[i] != paths->a[i - 1];
    if (runs * paths->words > all)
        return true;
    paths->run_start = calloc(paths->count + 1, sizeof *paths->run_start);
    paths->runs = calloc(runs + 1, sizeof *paths->runs);
    paths->bits = calloc(runs * paths->words + 1, sizeof *paths->bits);
    if (!paths->run_start || !paths->runs || !paths->bits)
        return false;
    size_t run = 0;
    for (size_t v = 0; v < paths->count; v++) {
        for (size_t i = paths->start[v]; i < paths->start[v + 1]; i++) {
            run += i == paths->start[v] || paths->a[i] != paths->a[i - 1];
            paths->runs[run - 1].a = paths->a[i];
            paths->runs[run - 1].count++;
            paths->bits[(run - 1) * paths->words + (size_t)paths->b[i] / 64] |= UINT64_C(1) << paths->b[i] % 64;
        }
        paths->run_start[v + 1] = run;
    }
    return true;
}

enum broker_status broker_paths_init(struct broker_paths *ret_paths, const struct broker_arc *arcs, size_t arc_count,
                                     size_t count, size_t most, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    struct lists lists = {0};
    struct broker_paths paths = {.count = count, .arc_count = arc_count, .start = calloc(count + 1, sizeof *paths.start)};
    size_t *at = calloc(count + 1, sizeof *at);
    enum broker_status status = BROKER_NO_MEMORY;
    if (paths.start && at && lists_init(&lists, arcs, arc_count, count))
        status = walk(&lists, arcs, &paths, at, most, proceed, arg);
    if (status == BROKER_OK) {
        for (size_t v = 0; v < count; v++) {
            paths.start[v + 1] = paths.start[v] + at[v];
            at[v] = paths.start[v];
        }
        paths.a = malloc((paths.start[count] + 1) * sizeof *paths.a);
        paths.b = malloc((paths.start[count] + 1) * sizeof *paths.b);
        status = paths.a && paths.b ? walk(&lists, arcs, &paths, at, most, proceed, arg) : BROKER_NO_MEMORY;
        if (status == BROKER_OK && !sets_init(&paths))
            status = BROKER_NO_MEMORY;
    }
    lists_release(&lists);
    free(at);
    if (status != BROKER_OK)
        broker_paths_release(&paths);
    *ret_paths = paths;
    return status;
}

void broker_paths_release(struct broker_paths *paths)
{
    free(paths->start);
    free(paths->a);
    free(paths->b);
    free(paths->run_start);
    free(paths->runs);
    free(paths->bits);
    *paths = (struct broker_paths){0};
}

struct members {
    uint64_t bits[BROKER_GROUPS_MAX][BROKER_BITS_MAX / 64];
};
struct roles {
    size_t counts[BROKER_ROLES];
};

/* The paths of a run have a and v in common: how many end in the group of v, and in that of a, says all. */
VECTORS_BODY struct roles roles_of_body(const struct broker_paths *paths, size_t v, const int32_t *groups,
                                        const struct members *members)
{
    struct roles roles = {{0}};
    const uint64_t *own = members->bits[groups[v]];
    for (size_t run = paths->run_start[v]; run < paths->run_start[v + 1]; run++) {
        const uint64_t *ends = &paths->bits[run * paths->words];
        size_t all = paths->runs[run].count, with_v = 0, with_a = 0;
        int32_t group = groups[paths->runs[run].a];
        for (size_t w = 0; w < paths->words; w++)
            with_v += (size_t)__builtin_popcountll(ends[w] & own[w]);
        if (group == groups[v]) {
            roles.counts[BROKER_COORDINATOR] += with_v;
            roles.counts[BROKER_REPRESENTATIVE] += all - with_v;
            continue;
        }
        for (size_t w = 0; w < paths->words; w++)
            with_a += (size_t)__builtin_popcountll(ends[w] & members->bits[group][w]);
        roles.counts[BROKER_GATEKEEPER] += with_v;
        roles.counts[BROKER_ITINERANT] += with_a;
        roles.counts[BROKER_LIAISON] += all - with_v - with_a;
    }
    return roles;
}
VECTORS_VERSIONS(struct roles, roles_of,
                 (const struct broker_paths *paths, size_t v, const int32_t *groups, const struct members *members),
                 (paths, v, groups, members));

static struct roles roles_of_list(const struct broker_paths *paths, size_t v, const int32_t *groups)
{
    struct roles roles = {{0}};
    for (size_t i = paths->start[v]; i < paths->start[v + 1]; i++)
        roles.counts[broker_role(groups[paths->a[i]], groups[v], groups[paths->b[i]])]++;
    return roles;
}

/* False: more groups than that. */
static bool members_of(const struct broker_paths *paths, const int32_t *groups, struct members *ret_members)
{
    memset(ret_members, 0, sizeof *ret_members);
    for (size_t v = 0; v < paths->count; v++) {
        if (groups[v] < 0 || groups[v] >= BROKER_GROUPS_MAX)
            return false;
        ret_members->bits[groups[v]][v / 64] |= UINT64_C(1) << v % 64;
    }
    return true;
}

void broker_count(const struct broker_paths *paths, const int32_t *groups, double *ret_counts)
{
    struct members members;
    bool sets = paths->bits && members_of(paths, groups, &members);
    enum vectors best = vectors_resolve(VECTORS_BEST);
    for (size_t v = 0; v < paths->count; v++) {
        struct roles roles = sets ? roles_of[best](paths, v, groups, &members) : roles_of_list(paths, v, groups);
        for (size_t role = 0; role < BROKER_ROLES; role++)
            ret_counts[v * BROKER_ROLES + role] = (double)roles.counts[role];
    }
}

/* Ordered pairs (a, b) that would make the role, and ordered pairs of such pairs that share a, or share b. */
struct ways {
    double pairs, sharing;
};

static struct ways ways_of(const size_t *sizes, size_t group_count, int32_t group, enum broker_role role)
{
    double all = 0, own = (double)sizes[group] - 1;
    for (size_t g = 0; g < group_count; g++)
        all += (double)sizes[g];
    double others = all - 1 - own;
    struct ways ways = {0, 0};
    switch (role) {
    case BROKER_COORDINATOR:
        return (struct ways){own * (own - 1), 2 * own * (own - 1) * (own - 2)};
    case BROKER_REPRESENTATIVE:
    case BROKER_GATEKEEPER:
        return (struct ways){own * others, own * others * (others - 1) + others * own * (own - 1)};
    case BROKER_ITINERANT:
    case BROKER_LIAISON:
        for (size_t g = 0; g < group_count; g++) {
            double size = (double)sizes[g], rest = role == BROKER_ITINERANT ? size - 1 : others - size;
            if ((int32_t)g == group)
                continue;
            ways.pairs += size * rest;
            ways.sharing += 2 * size * rest * (rest - 1);
        }
        return ways;
    case BROKER_ROLES:
        break;
    }
    return (struct ways){(all - 1) * (all - 2), 2 * (all - 1) * (all - 2) * (all - 3)};
}

struct broker_moments broker_expected(const size_t *sizes, size_t group_count, int32_t group, double density, bool directed,
                                      enum broker_role role)
{
    struct ways ways = ways_of(sizes, group_count, group, role);
    double open = density * density * (1 - density);                  /* a two-path is there and open */
    double together = open * density * (1 - density) * (1 - density); /* covariance of two that share an arc */
    double variance = ways.pairs * open * (1 - open) + ways.sharing * together;
    /* Undirected, a pair walked both ways is one: where both ways make the same role its count is twice that of the pairs,
     * and each pair of pairs that share a tie stood in both sums. */
    if (!directed && role != BROKER_REPRESENTATIVE && role != BROKER_GATEKEEPER)
        variance = 4 * (ways.pairs / 2 * open * (1 - open) + ways.sharing / 2 * together);
    return (struct broker_moments){ways.pairs * open, variance > 1e-12 ? sqrt(variance) : 0};
}
