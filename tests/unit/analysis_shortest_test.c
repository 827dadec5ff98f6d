/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortest paths, the bit-parallel sweep, components and cuts against brute force on small graphs and against igraph on larger
 * ones.
 */
#include "cut.h"
#include "drawn_network.h"
#include "engine.h"
#include "paths.h"
#include "random_stream.h"
#include "sweep.h"

#include <check.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 8

static struct network *random_network(uint64_t seed, size_t n, double density, bool directed)
{
    struct drawing *drawing = drawing_create(directed);
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    char from[32], to[32];
    for (size_t i = 0; i < n; i++) {
        snprintf(from, sizeof from, "v%04zu", i);
        drawing_actor(drawing, from, NULL);
        for (size_t j = directed ? 0 : i + 1; j < n; j++) {
            if (i == j || random_stream_unit(&stream) >= density)
                continue;
            snprintf(to, sizeof to, "v%04zu", j);
            /* 1, 2 and 4: many paths of the same length, all exact. */
            drawing_tie(drawing, from, to, (double)(1 << random_stream_below(&stream, 3)));
        }
    }
    struct network *network = drawing_finish(drawing);
    network->spec.distance = DISTANCE_INVERSE;
    return network;
}

static struct topology topology_of(const struct network *network)
{
    struct topology topology;
    char error[400];
    ck_assert_msg(topology_init(&topology, network, error), "%s", error);
    return topology;
}

/* Every simple path between two actors is walked; the shortest ones are counted, and where they pass. */
struct walk {
    double length[SMALL][SMALL]; /* INFINITY = no tie */
    size_t n;
    double best, ways, through[SMALL];
};

static void walk_on(struct walk *walk, size_t at, size_t goal, unsigned visited, double length)
{
    if (at == goal) {
        if (length > walk->best)
            return;
        if (length < walk->best) {
            walk->best = length;
            walk->ways = 0;
            memset(walk->through, 0, sizeof walk->through);
        }
        walk->ways++;
        for (size_t v = 0; v < walk->n; v++)
            walk->through[v] += (visited >> v) & 1;
        return;
    }
    for (size_t next = 0; next < walk->n; next++)
        if (!((visited >> next) & 1) && isfinite(walk->length[at][next]))
            walk_on(walk, next, goal, visited | 1U << next, length + walk->length[at][next]);
}

static void compare_with_walks(const struct network *network, bool unit)
{
    struct topology topology = topology_of(network);
    size_t n = topology.count;
    struct walk walk = {.n = n};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            size_t at = adjacency_find(&topology.out, i, (int32_t)j);
            walk.length[i][j] = at == SIZE_MAX ? INFINITY : unit ? 1 : topology.out.distance[at];
        }
    double betweenness[SMALL] = {0}, reached[SMALL] = {0}, sum[SMALL] = {0}, inverse[SMALL] = {0}, in_sum[SMALL] = {0};
    for (size_t s = 0; s < n; s++)
        for (size_t t = 0; t < n; t++) {
            if (s == t)
                continue;
            walk.best = INFINITY;
            walk.ways = 0;
            walk_on(&walk, s, t, 1U << s, 0);
            if (!isfinite(walk.best))
                continue;
            reached[s]++;
            sum[s] += walk.best;
            in_sum[t] += walk.best;
            inverse[s] += 1 / walk.best;
            for (size_t v = 0; v < n; v++)
                if (v != s && v != t)
                    betweenness[v] += walk.through[v] / walk.ways / (topology.directed ? 1 : 2);
        }
    double got[5][SMALL];
    struct paths paths = {.betweenness = got[0], .reached = got[1], .sum = got[2], .inverse = got[3], .in_sum = got[4]};
    ck_assert_int_eq(paths_run(&topology.out, &topology.in, topology.directed, unit, &paths, NULL, NULL), PATHS_OK);
    for (size_t v = 0; v < n; v++) {
        ck_assert_double_eq_tol(got[0][v], betweenness[v], 1e-9);
        ck_assert_double_eq(got[1][v], reached[v]);
        ck_assert_double_eq_tol(got[2][v], sum[v], 1e-9);
        ck_assert_double_eq_tol(got[3][v], inverse[v], 1e-9);
        ck_assert_double_eq_tol(got[4][v], in_sum[v], 1e-9);
    }
    topology_release(&topology);
}

START_TEST(paths_match_every_simple_path)
{
    for (uint64_t seed = 0; seed < 120; seed++) {
        struct network *network = random_network(seed, 1 + seed % SMALL, 0.15 + 0.1 * (double)(seed % 7), seed % 2 == 1);
        compare_with_walks(network, true);
        compare_with_walks(network, false);
        network_destroy(network);
    }
}
END_TEST

START_TEST(sweep_matches_paths_beyond_one_block)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = random_network(77 + (uint64_t)directed, 700, 0.003, directed);
        struct topology topology = topology_of(network);
        size_t n = topology.count;
        double *values = calloc(10 * n, sizeof *values);
        double *at[10];
        for (size_t i = 0; i < 10; i++)
            at[i] = values + i * n;
        struct paths paths = {NULL, at[0], at[1], at[2], at[3], at[4], at[5]};
        ck_assert_int_eq(paths_run(&topology.out, &topology.in, directed, true, &paths, NULL, NULL), PATHS_OK);
        struct sweep_totals totals;
        ck_assert_int_eq(sweep_run(&topology.in, at[6], at[7], at[8], &totals, NULL, NULL), SWEEP_OK);
        double pairs = 0, sum = 0;
        for (size_t v = 0; v < n; v++) {
            pairs += at[0][v];
            sum += at[1][v];
            ck_assert_double_eq(at[6][v], at[0][v]);
            ck_assert_double_eq(at[7][v], at[1][v]);
            ck_assert_double_eq_tol(at[8][v], at[2][v], 1e-9);
        }
        ck_assert_double_eq(totals.pairs, pairs);
        ck_assert_double_eq(totals.distance_sum, sum);
        ck_assert_int_eq(sweep_run(&topology.out, at[6], at[7], NULL, &totals, NULL, NULL), SWEEP_OK);
        for (size_t v = 0; v < n; v++) {
            ck_assert_double_eq(at[6][v], at[3][v]);
            ck_assert_double_eq(at[7][v], at[4][v]);
        }
        free(values);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(sweep_and_betweenness_match_igraph)
{
    struct network *network = random_network(5, 600, 0.01, false);
    struct topology topology = topology_of(network);
    size_t n = topology.count;
    igraph_t graph;
    igraph_vector_t weights, theirs;
    igraph_vector_int_t edges;
    engine_begin();
    igraph_vector_int_init(&edges, 0);
    igraph_vector_init(&weights, 0);
    igraph_vector_init(&theirs, 0);
    for (size_t t = 0; t < network->tie_count; t++) {
        igraph_vector_int_push_back(&edges, network->ties[t].from);
        igraph_vector_int_push_back(&edges, network->ties[t].to);
        igraph_vector_push_back(&weights, 1 / network->ties[t].weight);
    }
    ck_assert_int_eq(igraph_create(&graph, &edges, (igraph_integer_t)n, IGRAPH_UNDIRECTED), IGRAPH_SUCCESS);
    double *ours = calloc(2 * n, sizeof *ours);
    struct sweep_totals totals;

    ck_assert_int_eq(igraph_harmonic_centrality(&graph, &theirs, igraph_vss_all(), IGRAPH_ALL, NULL, 0), IGRAPH_SUCCESS);
    ck_assert_int_eq(sweep_run(&topology.both, NULL, NULL, ours, &totals, NULL, NULL), SWEEP_OK);
    for (size_t v = 0; v < n; v++)
        ck_assert_double_eq_tol(ours[v], VECTOR(theirs)[v], 1e-9 * ours[v] + 1e-12);

    for (int unit = 0; unit < 2; unit++) {
        ck_assert_int_eq(igraph_betweenness(&graph, &theirs, igraph_vss_all(), 0, unit ? NULL : &weights), IGRAPH_SUCCESS);
        struct paths paths = {.betweenness = ours};
        ck_assert_int_eq(paths_run(&topology.both, &topology.both, false, unit, &paths, NULL, NULL), PATHS_OK);
        for (size_t v = 0; v < n; v++)
            ck_assert_double_eq_tol(ours[v], VECTOR(theirs)[v], 1e-9 * ours[v] + 1e-9);
    }
    free(ours);
    igraph_vector_destroy(&theirs);
    igraph_vector_destroy(&weights);
    igraph_vector_int_destroy(&edges);
    igraph_destroy(&graph);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

/* Components among the actors of `alive`, without the tie a-b; returns how many, and the size of the one with `start`. */
static size_t parts(const struct topology *topology, unsigned alive, size_t a, size_t b, size_t start, size_t *ret_size,
                    size_t *ret_largest)
{
    size_t count = 0;
    unsigned left = alive;
    *ret_size = *ret_largest = 0;
    for (size_t root = 0; root < topology->count; root++) {
        if (!((left >> root) & 1))
            continue;
        unsigned part = 1U << root, grown = 0;
        while (part != grown) {
            grown = part;
            for (size_t i = 0; i < topology->count; i++)
                for (size_t j = 0; j < topology->count; j++)
                    if (((grown >> i) & 1) && ((alive >> j) & 1) && !((i == a && j == b) || (i == b && j == a)) &&
                        adjacency_find(&topology->both, i, (int32_t)j) != SIZE_MAX)
                        part |= 1U << j;
        }
        left &= ~part;
        count++;
        size_t size = (size_t)__builtin_popcount(part);
        *ret_largest = size > *ret_largest ? size : *ret_largest;
        if ((part >> start) & 1)
            *ret_size = size;
    }
    return count;
}

static void compare_cuts(const struct network *network)
{
    struct topology topology = topology_of(network);
    size_t n = topology.count, size, largest, bridge = 0;
    struct cut cut;
    ck_assert(cut_init(&cut, &topology.both));
    unsigned all = (1U << n) - 1;
    ck_assert_uint_eq(cut.component_count, parts(&topology, all, n, n, 0, &size, &largest));
    if (n > 0)
        ck_assert_uint_eq(cut.component_size[cut.largest], largest);
    for (size_t v = 0; v < n; v++) {
        unsigned own = 0;
        for (size_t u = 0; u < n; u++)
            own |= (unsigned)(cut.component[u] == cut.component[v] && u != v) << u;
        size_t pieces = parts(&topology, own, n, n, v, &size, &largest);
        ck_assert_uint_eq(cut.pieces[v], pieces);
        ck_assert_uint_eq(cut.cut_off[v], (size_t)__builtin_popcount(own) - largest);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (adjacency_find(&topology.both, i, (int32_t)j) == SIZE_MAX ||
                parts(&topology, all, i, j, i, &size, &largest) == cut.component_count)
                continue;
            ck_assert_uint_lt(bridge, cut.bridge_count);
            ck_assert_int_eq(cut.bridges[bridge].from, (int32_t)i);
            ck_assert_int_eq(cut.bridges[bridge].to, (int32_t)j);
            ck_assert_uint_eq(cut.bridges[bridge].from_side, size);
            parts(&topology, all, i, j, j, &size, &largest);
            ck_assert_uint_eq(cut.bridges[bridge].to_side, size);
            bridge++;
        }
    ck_assert_uint_eq(cut.bridge_count, bridge);
    cut_release(&cut);
    topology_release(&topology);
}

START_TEST(cuts_match_removing_each)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct network *network = random_network(seed, seed % (SMALL + 1), 0.1 + 0.08 * (double)(seed % 6), seed % 3 == 1);
        compare_cuts(network);
        network_destroy(network);
    }
}
END_TEST

START_TEST(a_long_chain_needs_no_deep_stack)
{
    struct drawing *drawing = drawing_create(false);
    char from[32], to[32];
    enum { LENGTH = 20000 };
    for (int i = 0; i + 1 < LENGTH; i++) {
        snprintf(from, sizeof from, "v%06d", i);
        snprintf(to, sizeof to, "v%06d", i + 1);
        drawing_tie(drawing, from, to, 1);
    }
    struct network *network = drawing_finish(drawing);
    struct topology topology = topology_of(network);
    struct cut cut;
    ck_assert(cut_init(&cut, &topology.both));
    ck_assert_uint_eq(cut.bridge_count, LENGTH - 1);
    ck_assert_uint_eq(cut.cut_off[0], 0);
    ck_assert_uint_eq(cut.cut_off[1], 1);
    ck_assert_uint_eq(cut.cut_off[LENGTH / 2], LENGTH / 2 - 1);
    cut_release(&cut);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shortest");
    TCase *tcase = tcase_create("shortest");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, paths_match_every_simple_path);
    tcase_add_test(tcase, sweep_matches_paths_beyond_one_block);
    tcase_add_test(tcase, sweep_and_betweenness_match_igraph);
    tcase_add_test(tcase, cuts_match_removing_each);
    tcase_add_test(tcase, a_long_chain_needs_no_deep_stack);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
