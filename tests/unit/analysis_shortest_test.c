/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortest paths and the bit-parallel sweep against brute force on small graphs and against igraph on larger ones.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "drawn_topology.h"
#include "engine.h"
#include "path_work.h"
#include "random_stream.h"
#include "shortest.h"

#include <check.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 8

/* One thread and three, and every instruction set this machine has. */
static const struct crew crews[] = {{.threads = 1, .vectors = VECTORS_PLAIN},
                                    {.threads = 1, .vectors = VECTORS_AVX2},
                                    {.threads = 2, .vectors = VECTORS_AVX512},
                                    {.threads = 3, .vectors = VECTORS_BEST}};

/* Everything about distances, by the kernels for steps or by searches along distances. */
static void measure(const struct topology *topology, bool unit, const struct crew *crew, struct paths *paths)
{
    const struct adjacency *out = &topology->out, *in = &topology->in;
    if (!unit) {
        ck_assert_int_eq(paths_run(out, in, topology->directed, crew, paths), CREW_OK);
        return;
    }
    struct sweep from = {.reached = paths->reached, .steps = paths->sum, .inverse = paths->inverse};
    struct sweep to = {.reached = paths->in_reached, .steps = paths->in_sum, .inverse = paths->in_inverse};
    ck_assert_int_eq(sweep_run(in, out, crew, &from), CREW_OK);
    ck_assert_int_eq(sweep_run(out, in, crew, &to), CREW_OK);
    ck_assert_int_eq(betweenness_run(out, in, topology->directed, crew, paths->betweenness), CREW_OK);
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

static void compare_with_walks(const struct network *network, bool unit, const struct crew *crew)
{
    struct topology topology = topology_of(network);
    size_t n = topology.count;
    struct walk walk = {.n = n};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            size_t at = adjacency_find(&topology.out, i, (int32_t)j);
            walk.length[i][j] = at == SIZE_MAX ? INFINITY : unit ? 1 : topology.out.distance[at];
        }
    double betweenness[SMALL] = {0}, reached[SMALL] = {0}, sum[SMALL] = {0}, inverse[SMALL] = {0};
    double in_reached[SMALL] = {0}, in_sum[SMALL] = {0}, in_inverse[SMALL] = {0};
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
            in_reached[t]++;
            in_sum[t] += walk.best;
            in_inverse[t] += 1 / walk.best;
            inverse[s] += 1 / walk.best;
            for (size_t v = 0; v < n; v++)
                if (v != s && v != t)
                    betweenness[v] += walk.through[v] / walk.ways / (topology.directed ? 1 : 2);
        }
    double got[7][SMALL] = {{0}};
    struct paths paths = {got[0], got[1], got[2], got[3], got[4], got[5], got[6]};
    measure(&topology, unit, crew, &paths);
    for (size_t v = 0; v < n; v++) {
        ck_assert_double_eq_tol(got[0][v], betweenness[v], 1e-9);
        ck_assert_double_eq(got[1][v], reached[v]);
        ck_assert_double_eq_tol(got[2][v], sum[v], 1e-9);
        ck_assert_double_eq_tol(got[3][v], inverse[v], 1e-9);
        ck_assert_double_eq(got[4][v], in_reached[v]);
        ck_assert_double_eq_tol(got[5][v], in_sum[v], 1e-9);
        ck_assert_double_eq_tol(got[6][v], in_inverse[v], 1e-9);
    }
    topology_release(&topology);
}

START_TEST(paths_match_every_simple_path)
{
    for (uint64_t seed = 0; seed < 120; seed++) {
        struct network *network = network_random(seed, 1 + seed % SMALL, 0.15 + 0.1 * (double)(seed % 7), seed % 2 == 1);
        compare_with_walks(network, true, &crews[seed % 3]);
        compare_with_walks(network, false, &crews[3]);
        network_destroy(network);
    }
}
END_TEST

/* With every distance 1 the searches along distances must say what the kernels for steps say. */
START_TEST(steps_match_distances_of_one)
{
    for (int turn = 0; turn < 6; turn++) {
        bool directed = turn % 2 == 1;
        size_t size = turn < 4 ? 600 : 60;
        struct network *network = network_random(77 + (uint64_t)turn, size,
                                                 turn < 2   ? 0.0015
                                                 : turn < 4 ? 0.01
                                                            : 0.4,
                                                 directed);
        network->spec.distance = DISTANCE_UNIT;
        struct topology topology = topology_of(network);
        size_t n = topology.count;
        double *values = calloc(15 * n, sizeof *values), *at[15];
        for (size_t i = 0; i < 15; i++)
            at[i] = values + i * n;
        struct paths along = {at[0], at[1], at[2], at[3], at[4], at[5], at[6]};
        struct paths steps = {at[7], at[8], at[9], at[10], at[11], at[12], at[13]};
        measure(&topology, false, &crews[3], &along);
        measure(&topology, true, &crews[3], &steps);
        struct sweep sweep = {.farthest = at[14]};
        ck_assert_int_eq(sweep_run(&topology.out, &topology.in, &crews[0], &sweep), CREW_OK);
        double pairs = 0, sum = 0, inverse = 0, farthest = 0;
        for (size_t v = 0; v < n; v++) {
            for (size_t m = 0; m < 7; m++)
                ck_assert_double_eq_tol(at[m][v], at[m + 7][v], 1e-9 * (1 + at[m][v]));
            pairs += at[1][v];
            sum += at[2][v];
            inverse += at[3][v];
            farthest = fmax(farthest, at[14][v]);
        }
        ck_assert_double_eq(sweep.totals.pairs, pairs);
        ck_assert_double_eq(sweep.totals.distance_sum, sum);
        ck_assert_double_eq_tol(sweep.totals.inverse_sum, inverse, 1e-9 * inverse);
        ck_assert_double_eq((double)sweep.totals.diameter, farthest);
        free(values);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

/* The parts of any division, made by any number of threads with any vectors, add up to the same bits. */
START_TEST(any_division_gives_the_same_bits)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_random(5 + (uint64_t)directed, 600, 0.006, directed);
        struct topology topology = topology_of(network);
        const struct adjacency *out = &topology.out, *in = &topology.in;
        size_t n = topology.count;
        struct sweep_sum *swept = calloc(3 * n, sizeof *swept);
        struct dependency *between = calloc(3 * n, sizeof *between);
        struct paths_sum *along = calloc(3 * n, sizeof *along);
        struct paths_wanted wanted = {.betweenness = true, .in = true, .squares = true};
        ck_assert(!directed || paths_in_fits(in));
        ck_assert_int_eq(sweep_part(out, in, 0, SIZE_MAX, &crews[0], swept), CREW_OK);
        ck_assert_int_eq(betweenness_part(out, in, NULL, 0, 0, SIZE_MAX, &crews[0], between), CREW_OK);
        ck_assert_int_eq(paths_part(out, in, NULL, 0, 0, SIZE_MAX, wanted, &crews[0], along), CREW_OK);
        for (size_t c = 0; c < sizeof crews / sizeof crews[0]; c++) {
            memset(swept + n, 0, 2 * n * sizeof *swept);
            memset(between + n, 0, 2 * n * sizeof *between);
            memset(along + n, 0, 2 * n * sizeof *along);
            /* the later part first, on its own, then the earlier one added */
            size_t sweep_at = 1, block_at = 1 + 20 * c;
            ck_assert_int_eq(sweep_part(out, in, sweep_at, SIZE_MAX, &crews[c], swept + n), CREW_OK);
            ck_assert_int_eq(sweep_part(out, in, 0, sweep_at, &crews[c], swept + 2 * n), CREW_OK);
            sweep_add(swept + n, swept + 2 * n, n);
            ck_assert_mem_eq(swept, swept + n, n * sizeof *swept);
            ck_assert_int_eq(betweenness_part(out, in, NULL, 0, block_at, SIZE_MAX, &crews[c], between + n), CREW_OK);
            ck_assert_int_eq(betweenness_part(out, in, NULL, 0, 0, block_at, &crews[c], between + 2 * n), CREW_OK);
            dependency_add(between + n, between + 2 * n, n);
            ck_assert_mem_eq(between, between + n, n * sizeof *between);
            ck_assert_int_eq(paths_part(out, in, NULL, 0, block_at, SIZE_MAX, wanted, &crews[c], along + n), CREW_OK);
            ck_assert_int_eq(paths_part(out, in, NULL, 0, 0, block_at, wanted, &crews[c], along + 2 * n), CREW_OK);
            paths_add(along + n, along + 2 * n, n);
            ck_assert_mem_eq(along, along + n, n * sizeof *along);
        }
        free(swept);
        free(between);
        free(along);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

static void expect(const char *text, bool directed, const double *betweenness, const double *sum, const double *inverse)
{
    struct network *network = network_drawn(text, directed);
    network->spec.distance = DISTANCE_UNIT;
    struct topology topology = topology_of(network);
    for (int unit = 0; unit < 2; unit++) {
        double got[7][SMALL] = {{0}};
        struct paths paths = {got[0], got[1], got[2], got[3], got[4], got[5], got[6]};
        measure(&topology, unit, &crews[3], &paths);
        for (size_t v = 0; v < topology.count; v++) {
            ck_assert_double_eq_tol(got[0][v], betweenness[v], 1e-12);
            ck_assert_double_eq_tol(got[2][v], sum[v], 1e-12);
            ck_assert_double_eq_tol(got[3][v], inverse[v], 1e-12);
        }
    }
    topology_release(&topology);
    network_destroy(network);
}

START_TEST(known_shapes)
{
    static const double zero[SMALL];
    expect("", false, zero, zero, zero);
    expect("a", false, zero, zero, zero);
    expect("a b c", true, zero, zero, zero);
    expect("a-b", false, zero, (const double[SMALL]){1, 1}, (const double[SMALL]){1, 1});
    expect("a-b", true, zero, (const double[SMALL]){1, 0}, (const double[SMALL]){1, 0});
    expect("a-b c-d", false, zero, (const double[SMALL]){1, 1, 1, 1}, (const double[SMALL]){1, 1, 1, 1});
    expect("a-b a-c a-d a-e", false, (const double[SMALL]){6, 0, 0, 0, 0}, (const double[SMALL]){4, 7, 7, 7, 7},
           (const double[SMALL]){4, 2.5, 2.5, 2.5, 2.5});
    expect("a-b a-c a-d b-c b-d c-d", false, zero, (const double[SMALL]){3, 3, 3, 3}, (const double[SMALL]){3, 3, 3, 3});
    expect("a-b b-c c-d d-a", false, (const double[SMALL]){0.5, 0.5, 0.5, 0.5}, (const double[SMALL]){4, 4, 4, 4},
           (const double[SMALL]){2.5, 2.5, 2.5, 2.5});
    expect("a-b b-c c-a", true, (const double[SMALL]){1, 1, 1}, (const double[SMALL]){3, 3, 3},
           (const double[SMALL]){1.5, 1.5, 1.5});
}
END_TEST

/* A chain is walked from its few active actors, level after level. */
START_TEST(a_chain_by_its_formula)
{
    enum { LENGTH = 700 };
    struct network *network = network_chain(LENGTH);
    struct topology topology = topology_of(network);
    double *between = calloc(2 * LENGTH, sizeof *between), *sum = between + LENGTH;
    struct sweep sweep = {.steps = sum};
    ck_assert_int_eq(sweep_run(&topology.out, &topology.in, &crews[3], &sweep), CREW_OK);
    ck_assert_int_eq(betweenness_run(&topology.out, &topology.in, false, &crews[3], between), CREW_OK);
    for (int i = 0; i < LENGTH; i++) {
        int before = i, after = LENGTH - 1 - i;
        ck_assert_double_eq(between[i], (double)before * after);
        ck_assert_double_eq(sum[i], (double)before * (before + 1) / 2 + (double)after * (after + 1) / 2);
    }
    ck_assert_uint_eq(sweep.totals.diameter, LENGTH - 1);
    free(between);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

/* 1/3 + 1/6 and 1/2 are the same length, whatever the last bit says; half of the pair goes over each. */
START_TEST(equal_lengths_share)
{
    struct network *network = network_drawn("a-b:3 b-d:6 a-c:4 c-d:4", false);
    network->spec.distance = DISTANCE_INVERSE;
    struct topology topology = topology_of(network);
    double between[SMALL];
    struct paths paths = {.betweenness = between};
    ck_assert_int_eq(paths_run(&topology.out, &topology.in, false, &crews[0], &paths), CREW_OK);
    ck_assert_double_eq_tol(between[drawn_index(network, "b")], 0.5, 1e-12);
    ck_assert_double_eq_tol(between[drawn_index(network, "c")], 0.5, 1e-12);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

/* Weights over twelve orders of magnitude keep incoming sums in the same searches, wider ones need a second round: in both
 * cases what is in is what is out of the reversed network. */
START_TEST(incoming_sums_under_any_spread)
{
    for (int turn = 0; turn < 3; turn++) {
        struct network *network = network_random(31, 40, 0.15, true);
        struct random_stream stream;
        random_stream_init(&stream, 8, 0);
        double decades = turn == 0 ? 6 : turn == 1 ? 100 : 290;
        for (size_t t = 0; t < network->tie_count; t++)
            network->ties[t].weight = pow(10, decades * (2 * random_stream_unit(&stream) - 1));
        struct topology topology = topology_of(network);
        ck_assert(paths_in_fits(&topology.in) == (turn == 0));
        double got[6][40] = {{0}};
        struct paths paths = {NULL, NULL, NULL, NULL, got[0], got[1], got[2]}, reversed = {NULL, got[3], got[4], got[5]};
        ck_assert_int_eq(paths_run(&topology.out, &topology.in, true, &crews[3], &paths), CREW_OK);
        ck_assert_int_eq(paths_run(&topology.in, &topology.out, true, &crews[0], &reversed), CREW_OK);
        for (size_t m = 0; m < 3; m++)
            for (size_t v = 0; v < topology.count; v++) {
                ck_assert(isfinite(got[m][v]));
                ck_assert_double_eq_tol(got[m][v], got[m + 3][v], 1e-11 * got[m + 3][v]);
            }
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

static bool refuse_later(void *arg, unsigned permille)
{
    ck_assert_uint_le(permille, 1000);
    return ++*(unsigned *)arg < 3;
}

/* Each of these would run for minutes here; they are told to stop at the third question. */
START_TEST(a_refusal_stops)
{
    struct drawing *drawing = drawing_create(false);
    struct random_stream stream;
    random_stream_init(&stream, 3, 0);
    char from[32], to[32];
    for (int i = 0; i < 20000; i++) {
        snprintf(from, sizeof from, "v%06d", i);
        for (int k = 0; k < 4; k++) {
            snprintf(to, sizeof to, "v%06d", (int)random_stream_below(&stream, 20000));
            if (strcmp(from, to) != 0)
                drawing_tie(drawing, from, to, 1 + (double)k);
        }
    }
    struct network *network = drawing_finish(drawing);
    struct topology topology = topology_of(network);
    double *values = malloc(topology.count * sizeof *values);
    for (unsigned threads = 1; threads < 4; threads++) {
        unsigned asked = 0;
        struct crew crew = {.threads = threads, .proceed = refuse_later, .arg = &asked};
        struct paths paths = {.betweenness = values};
        ck_assert_int_eq(betweenness_run(&topology.both, &topology.both, false, &crew, values), CREW_STOPPED);
        ck_assert_uint_eq(asked, 3);
        asked = 0;
        ck_assert_int_eq(paths_run(&topology.both, &topology.both, false, &crew, &paths), CREW_STOPPED);
        ck_assert_uint_eq(asked, 3);
        asked = 2;
        struct sweep sweep = {0};
        ck_assert_int_eq(sweep_run(&topology.both, &topology.both, &crew, &sweep), CREW_STOPPED);
        ck_assert_uint_eq(asked, 3);
    }
    free(values);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

START_TEST(sweep_and_betweenness_match_igraph)
{
    struct network *network = network_random(5, 600, 0.01, false);
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
    struct sweep sweep = {.inverse = ours};

    ck_assert_int_eq(igraph_harmonic_centrality(&graph, &theirs, igraph_vss_all(), IGRAPH_ALL, NULL, 0), IGRAPH_SUCCESS);
    ck_assert_int_eq(sweep_run(&topology.both, &topology.both, &crews[3], &sweep), CREW_OK);
    for (size_t v = 0; v < n; v++)
        ck_assert_double_eq_tol(ours[v], VECTOR(theirs)[v], 1e-9 * ours[v] + 1e-12);

    for (int unit = 0; unit < 2; unit++) {
        ck_assert_int_eq(igraph_betweenness(&graph, &theirs, igraph_vss_all(), 0, unit ? NULL : &weights), IGRAPH_SUCCESS);
        struct paths paths = {.betweenness = ours};
        if (unit)
            ck_assert_int_eq(betweenness_run(&topology.both, &topology.both, false, &crews[3], ours), CREW_OK);
        else
            ck_assert_int_eq(paths_run(&topology.both, &topology.both, false, &crews[3], &paths), CREW_OK);
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

/* ------------------------------------------------------------------------------------------- between two families */
static struct result *told(const char *family, const struct network *network, struct shortest_memory *memory)
{
    struct metrics_input input = {.network = network, .memory = memory};
    struct result *result = result_create(family);
    char error[400] = "";
    ck_assert_msg(metrics_family(family)->compute(&input, result, error) == METRICS_OK, "%s: %s", family, error);
    return result;
}

static void expect_same(const struct result *one, const struct result *other, const char *what)
{
    const struct table *left = result_table(one, one->card.family), *right = result_table(other, other->card.family);
    ck_assert_uint_eq(left->column_count, right->column_count);
    for (size_t c = 0; c < left->column_count; c++)
        ck_assert_msg(left->columns[c].is_text ||
                          memcmp(left->columns[c].numbers, right->columns[c].numbers, left->row_count * sizeof(double)) == 0,
                      "%s: %s", what, left->columns[c].name);
}

START_TEST(betweenness_is_searched_for_once)
{
    struct network *network = network_random(5, 70, 0.1, true), *other = network_random(6, 70, 0.1, true);
    for (int unit = 0; unit < 2; unit++) {
        network->spec.distance = unit ? DISTANCE_UNIT : DISTANCE_INVERSE;
        for (int turn = 0; turn < 2; turn++) { /* whichever comes first */
            const char *families[] = {turn ? "bottlenecks" : "centrality", turn ? "centrality" : "bottlenecks"};
            struct shortest_memory memory = {0};
            for (int f = 0; f < 2; f++) {
                struct result *alone = told(families[f], network, NULL), *after = told(families[f], network, &memory);
                expect_same(alone, after, families[f]);
                result_destroy(alone);
                result_destroy(after);
                ck_assert_ptr_eq(memory.of, network);
            }
            memory.betweenness[3] = 12345; /* shows whether it is read */
            struct result *result = told(families[1], network, &memory);
            ck_assert_double_eq(computed_actor(result, "betweenness", network->actors[3].key), 12345);
            result_destroy(result);
            /* Of another network nothing is known. */
            struct result *own = told(families[1], other, NULL), *changed = told(families[1], other, &memory);
            expect_same(own, changed, "another network");
            result_destroy(own);
            result_destroy(changed);
            ck_assert_ptr_eq(memory.of, other);
            shortest_memory_release(&memory);
            ck_assert_ptr_null(memory.of);
        }
    }
    network_destroy(network);
    network_destroy(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shortest");
    TCase *tcase = tcase_create("shortest");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, paths_match_every_simple_path);
    tcase_add_test(tcase, steps_match_distances_of_one);
    tcase_add_test(tcase, any_division_gives_the_same_bits);
    tcase_add_test(tcase, known_shapes);
    tcase_add_test(tcase, a_chain_by_its_formula);
    tcase_add_test(tcase, equal_lengths_share);
    tcase_add_test(tcase, incoming_sums_under_any_spread);
    tcase_add_test(tcase, a_refusal_stops);
    tcase_add_test(tcase, sweep_and_betweenness_match_igraph);
    tcase_add_test(tcase, betweenness_is_searched_for_once);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
