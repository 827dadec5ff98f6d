/* SPDX-License-Identifier: GPL-3.0-or-later
 * What must not go wrong around igraph: its traps, and input that breaks its promises. Degenerate networks:
 * analysis_extremes_test.c.
 *
 * The traps of igraph 0.10.2 that are not met by a guard here are met by not calling it: tests/tidy/calls names the functions
 * that may be called at all (none of average neighbour degree, label propagation, Louvain, st cuts, PageRank, eigenvector
 * centrality, GraphML), and who may call into igraph, which is not thread-safe.
 */
#include "computed_result.h"
#include "core.h"
#include "drawn_network.h"
#include "engine.h"
#include "random_stream.h"

#include <check.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(igraph_errors_neither_abort_nor_print)
{
    /* With igraph's own handlers the first call ends the process and the second prints. */
    char *printed = NULL;
    size_t size = 0;
    FILE *real = stderr;
    stderr = open_memstream(&printed, &size);
    engine_begin();
    igraph_error("refused", __FILE__, __LINE__, IGRAPH_EINVAL);
    igraph_warning("doubtful", __FILE__, __LINE__);
    fclose(stderr);
    stderr = real;
    ck_assert_uint_eq(size, 0);
    free(printed);
}
END_TEST

START_TEST(igraph_sees_every_pair_once)
{
    /* Given both arcs of a mutual pair, igraph counts two ties: a circle of three would be a 4-core. */
    igraph_t graph;
    igraph_vector_int_t cores;
    igraph_vector_int_init(&cores, 0);
    ck_assert_int_eq(igraph_small(&graph, 3, IGRAPH_UNDIRECTED, 0, 1, 1, 0, 1, 2, 2, 1, 2, 0, 0, 2, -1), IGRAPH_SUCCESS);
    ck_assert_int_eq(igraph_coreness(&graph, &cores, IGRAPH_ALL), IGRAPH_SUCCESS);
    ck_assert_int_eq(VECTOR(cores)[0], 4);
    igraph_vector_int_destroy(&cores);
    igraph_destroy(&graph);

    struct network *network = network_drawn("a-b b-a b-c c-b c-a a-c", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "coreness", "a"), 2);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(eigenvector_on_an_acyclic_network)
{
    /* igraph 0.10.2 gives zero for everybody on a directed acyclic graph; ours is of the undirected view: 1, sqrt 2, 1. */
    struct network *network = network_drawn("a-b b-c", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "b"), 1, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "a"), sqrt(0.5), 1e-9);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(eigenvector_belongs_to_the_largest_component)
{
    /* On the whole network the heavy pair a-b, which comes first, would have it all and everybody else nothing. */
    struct network *network = network_drawn("a-b:1000 m-n n-o o-m o-p z", false);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "o"), 1, 1e-9);
    ck_assert_double_gt(computed_actor(result, "eigenvector", "p"), 0.3);
    ck_assert(isnan(computed_actor(result, "eigenvector", "a")));
    ck_assert(isnan(computed_actor(result, "eigenvector", "z")));
    ck_assert(computed_has_note(result, "3 components"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Squares of the largest weights would be infinite, and of the smallest 0. */
START_TEST(standing_does_not_see_the_unit_of_weights)
{
    static const char *const drawings[] = {"a-b:1 b-c:1 c-d:1", "a-b:1e300 b-c:1e300 c-d:1e300",
                                           "a-b:1e-300 b-c:1e-300 c-d:1e-300"};
    static const char *const columns[] = {"eigenvector", "pagerank", "hub", "authority"};
    for (int directed = 0; directed < 2; directed++) {
        struct network *one = network_drawn(drawings[0], directed);
        struct result *expected = computed("centrality", one, NULL, NULL);
        for (size_t d = 1; d < sizeof drawings / sizeof drawings[0]; d++) {
            struct network *network = network_drawn(drawings[d], directed);
            struct result *result = computed("centrality", network, NULL, NULL);
            for (size_t c = 0; c < (directed ? 4 : 2); c++)
                for (const char *key = "abcd"; *key; key++) {
                    char name[] = {*key, 0};
                    double value = computed_actor(result, columns[c], name);
                    ck_assert(value >= 0);
                    ck_assert_double_eq_tol(value, computed_actor(expected, columns[c], name), 1e-12);
                }
            result_destroy(result);
            network_destroy(network);
        }
        result_destroy(expected);
        network_destroy(one);
    }
}
END_TEST

/* Two cliques joined by a thread: the eigenvector of the one is nearly nothing in the other, but nowhere under it. */
START_TEST(no_standing_is_negative)
{
    struct drawing *drawing = drawing_create(false);
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < 12 - group; i++)
            for (int j = 0; j < i; j++) {
                char from[] = {(char)('a' + i), (char)('0' + group), 0}, to[] = {(char)('a' + j), (char)('0' + group), 0};
                drawing_tie(drawing, from, to, 1);
            }
    drawing_tie(drawing, "a0", "a1", 1e-12);
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("centrality", network, NULL, NULL);
    const struct column *column = table_column(result_table(result, "centrality"), "eigenvector");
    for (size_t i = 0; i < network->actor_count; i++)
        ck_assert(column->numbers[i] >= 0 && column->numbers[i] <= 1);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "b0"), 1, 1e-9);
    ck_assert_double_lt(computed_actor(result, "eigenvector", "b1"), 1e-9);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Whoever sends nothing on would keep its share from everybody. */
START_TEST(pagerank_passes_on_what_nobody_gets)
{
    struct network *network = network_drawn("a-b:3 a-c b-c c-d:0.5 e", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    double sum = 0;
    for (const char *key = "abcde"; *key; key++) {
        char name[] = {*key, 0};
        sum += computed_actor(result, "pagerank", name);
    }
    ck_assert_double_eq_tol(sum, 1, 1e-14);
    ck_assert_double_gt(computed_actor(result, "pagerank", "d"), computed_actor(result, "pagerank", "a"));
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a b", true);
    result = computed("centrality", network, NULL, NULL);
    ck_assert(isnan(computed_actor(result, "hub", "a")) && isnan(computed_actor(result, "authority", "a")));
    ck_assert_double_eq(computed_actor(result, "pagerank", "a"), 0.5);
    result_destroy(result);
    network_destroy(network);

    /* x = .15/2 + .85 y/2 and x + y = 1 */
    network = network_drawn("a-b", true);
    result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "pagerank", "a"), 20.0 / 57, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "pagerank", "b"), 37.0 / 57, 1e-12);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(objections_do_not_flow_into_pagerank)
{
    struct network *plain = network_drawn("a-b b-c c-a", true), *disputed = network_drawn("a-b b-c c-a b!a c!b", true);
    struct result *without = computed("centrality", plain, NULL, NULL), *with = computed("centrality", disputed, NULL, NULL);
    for (const char *key = "abc"; *key; key++) {
        char name[] = {*key, 0};
        ck_assert_double_eq(computed_actor(with, "pagerank", name), computed_actor(without, "pagerank", name));
        ck_assert_double_eq_tol(computed_actor(with, "pagerank", name), 1.0 / 3, 1e-12);
    }
    result_destroy(without);
    result_destroy(with);
    network_destroy(plain);
    network_destroy(disputed);
}
END_TEST

static double modularity_of(const struct topology *topology, const int32_t *groups)
{
    const struct adjacency *both = &topology->both;
    double total = 0, inside = 0, expected = 0, strength[300] = {0};
    for (size_t v = 0; v < topology->count; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            total += both->weight[a];
            inside += groups[v] == groups[both->peer[a]] ? both->weight[a] : 0;
            strength[groups[v]] += both->weight[a];
        }
    for (size_t g = 0; g < 300; g++)
        expected += strength[g] / total * (strength[g] / total);
    return inside / total - expected;
}

/* Told to go on until it is done (-1), Leiden of igraph 0.10.2 stops after one iteration. */
static double modularity_of_igraph_alone(const struct topology *topology, uint64_t seed)
{
    igraph_t graph;
    igraph_vector_int_t edges, groups;
    igraph_vector_t weights, strengths;
    double edge_count = (double)topology->both_ties;
    int32_t found[300];
    igraph_vector_int_init(&edges, 0);
    igraph_vector_int_init(&groups, 0);
    for (size_t v = 0; v < topology->count; v++)
        for (size_t a = topology->both.start[v]; a < topology->both.start[v + 1]; a++)
            if ((size_t)topology->both.peer[a] > v) {
                igraph_vector_int_push_back(&edges, (igraph_integer_t)v);
                igraph_vector_int_push_back(&edges, topology->both.peer[a]);
            }
    igraph_create(&graph, &edges, (igraph_integer_t)topology->count, IGRAPH_UNDIRECTED);
    igraph_vector_init(&weights, (igraph_integer_t)topology->both_ties);
    igraph_vector_fill(&weights, 1);
    igraph_vector_init(&strengths, 0);
    igraph_strength(&graph, &strengths, igraph_vss_all(), IGRAPH_ALL, true, &weights);
    igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed);
    ck_assert_int_eq(
        igraph_community_leiden(&graph, &weights, &strengths, 1 / (2 * edge_count), 0.01, false, -1, &groups, NULL, NULL),
        IGRAPH_SUCCESS);
    for (size_t v = 0; v < topology->count; v++)
        found[v] = (int32_t)VECTOR(groups)[v];
    igraph_vector_destroy(&strengths);
    igraph_vector_destroy(&weights);
    igraph_vector_int_destroy(&groups);
    igraph_vector_int_destroy(&edges);
    igraph_destroy(&graph);
    return modularity_of(topology, found);
}

static enum engine_status leiden(const struct adjacency *both, uint64_t seed, int32_t *ret_groups,
                                 bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    char error[400];
    struct engine_graph *graph = engine_graph_create(both, error);
    ck_assert_ptr_nonnull(graph);
    enum engine_status status = engine_leiden(graph, 1, seed, ret_groups, proceed, arg, error);
    engine_graph_destroy(graph);
    return status;
}

START_TEST(leiden_goes_on_until_nothing_improves)
{
    struct network *network = network_random(17 + (uint64_t)_i, 300, 0.02, false);
    for (size_t t = 0; t < network->tie_count; t++)
        network->ties[t].weight = 1;
    struct topology topology;
    int32_t groups[300];
    char error[400];
    ck_assert(topology_init(&topology, network, error));
    ck_assert_int_eq(leiden(&topology.both, 7, groups, NULL, NULL), ENGINE_OK);
    ck_assert_double_gt(modularity_of(&topology, groups), modularity_of_igraph_alone(&topology, 7) + 0.005);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

/* igraph 0.10.2 takes weights as they are: sums of the largest that are allowed would be infinite, and every division as good.
 */
START_TEST(leiden_does_not_see_the_unit_of_weights)
{
    static const double units[] = {1, 1e300, 1e-300};
    struct network *network = network_random(5, 60, 0.1, false);
    struct topology topology;
    int32_t first[60], groups[60];
    char error[400];
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        struct network scaled = *network;
        scaled.ties = malloc((network->tie_count + 1) * sizeof *scaled.ties);
        for (size_t t = 0; t < network->tie_count; t++) {
            scaled.ties[t] = network->ties[t];
            scaled.ties[t].weight *= units[u] / 4;
        }
        ck_assert_msg(topology_init(&topology, &scaled, error), "%s", error);
        ck_assert_int_eq(leiden(&topology.both, 3, u ? groups : first, NULL, NULL), ENGINE_OK);
        ck_assert(u == 0 || memcmp(first, groups, sizeof groups) == 0);
        topology_release(&topology);
        free(scaled.ties);
    }
    network_destroy(network);
}
END_TEST

/* Relative to the heaviest one it is 0 in doubles; two that have only each other belong together all the same. */
START_TEST(leiden_sees_the_lightest_tie)
{
    struct network *network = network_drawn("a-b:1e300 c-d:1e-300", false);
    struct topology topology;
    int32_t groups[4];
    char error[400];
    ck_assert_msg(topology_init(&topology, network, error), "%s", error);
    ck_assert_int_eq(leiden(&topology.both, 3, groups, NULL, NULL), ENGINE_OK);
    ck_assert_int_eq(groups[0], groups[1]);
    ck_assert_int_eq(groups[2], groups[3]);
    ck_assert_int_ne(groups[0], groups[2]);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

static bool stop_second(void *arg, unsigned permille)
{
    unsigned *asked = arg;
    ck_assert_uint_lt(permille, 1000);
    return ++*asked < 2;
}

START_TEST(leiden_asks_between_iterations)
{
    struct network *network = network_random(17, 300, 0.02, false);
    struct topology topology;
    int32_t groups[300];
    unsigned asked = 0;
    char error[400];
    ck_assert(topology_init(&topology, network, error));
    ck_assert_int_eq(leiden(&topology.both, 7, groups, stop_second, &asked), ENGINE_STOPPED);
    ck_assert_uint_eq(asked, 2);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

static const char *refusal(struct network *network)
{
    static char error[400];
    struct metrics_input input = {.network = network};
    struct result *result = result_create("centrality");
    *error = 0;
    ck_assert_int_eq(metrics_family("centrality")->compute(&input, result, error), METRICS_FAILED);
    result_destroy(result);
    return error;
}

START_TEST(coreness_matches_igraph)
{
    struct random_stream stream;
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_stream_init(&stream, 2003, seed);
        struct drawing *drawing = drawing_create(false);
        size_t n = 1 + (size_t)random_stream_below(&stream, 40);
        double density = random_stream_unit(&stream);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                char from[32], to[32];
                snprintf(from, sizeof from, "%03zu", i);
                snprintf(to, sizeof to, "%03zu", j);
                drawing_actor(drawing, from, NULL);
                if (random_stream_unit(&stream) < density * density)
                    drawing_tie(drawing, from, to, 1);
            }
        struct network *network = drawing_finish(drawing);
        struct topology topology;
        char error[400];
        double ours[64], theirs[64];
        ck_assert(topology_init(&topology, network, error));
        ck_assert(core_run(&topology.both, ours));
        ck_assert(engine_coreness(&topology.both, theirs, error));
        for (size_t v = 0; v < topology.count; v++)
            ck_assert_double_eq(ours[v], theirs[v]);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(broken_promises_are_named)
{
    struct network *network = network_drawn("a-b b-c", false);
    struct network_tie *ties = network->ties;
    ties[1].weight = NAN;
    ck_assert_ptr_nonnull(strstr(refusal(network), "tie 1 (1 -> 2"));
    ties[1].weight = 0;
    ck_assert_ptr_nonnull(strstr(refusal(network), "positive"));
    ties[1].weight = -1;
    ck_assert_ptr_nonnull(strstr(refusal(network), "positive"));
    ties[1].weight = INFINITY;
    ck_assert_ptr_nonnull(strstr(refusal(network), "at most 1e300"));
    ties[1] = ties[0];
    ck_assert_ptr_nonnull(strstr(refusal(network), "stands twice"));
    ties[1] = (struct network_tie){2, 2, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "self-tie"));
    ties[1] = (struct network_tie){2, 1, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "undirected"));
    ties[1] = (struct network_tie){1, 3, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    ties[1] = (struct network_tie){3, 4, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    ties[1] = (struct network_tie){-1, 2, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    ties[1] = (struct network_tie){1, 2, 1, 1};
    ties[0] = (struct network_tie){1, 2, 1, 1};
    ties[1] = (struct network_tie){0, 1, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "tie 1 (0 -> 1, weight 1) is out of order"));
    ties[0] = (struct network_tie){0, 2, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "out of order"));
    network->spec.directed = true;
    ties[0] = (struct network_tie){0, -1, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    ties[0] = (struct network_tie){3, 0, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    network_destroy(network);

    struct network crowd = {.actor_count = (size_t)INT32_MAX + 1};
    struct topology topology;
    char error[400] = "";
    ck_assert(!topology_init(&topology, &crowd, error));
    ck_assert_ptr_nonnull(strstr(error, "2147483648 actors are more than 2147483647"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guards");
    TCase *tcase = tcase_create("guards");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, igraph_errors_neither_abort_nor_print);
    tcase_add_test(tcase, igraph_sees_every_pair_once);
    tcase_add_test(tcase, eigenvector_on_an_acyclic_network);
    tcase_add_test(tcase, eigenvector_belongs_to_the_largest_component);
    tcase_add_test(tcase, standing_does_not_see_the_unit_of_weights);
    tcase_add_test(tcase, no_standing_is_negative);
    tcase_add_test(tcase, pagerank_passes_on_what_nobody_gets);
    tcase_add_test(tcase, objections_do_not_flow_into_pagerank);
    tcase_add_loop_test(tcase, leiden_goes_on_until_nothing_improves, 0, 5);
    tcase_add_test(tcase, leiden_does_not_see_the_unit_of_weights);
    tcase_add_test(tcase, leiden_sees_the_lightest_tie);
    tcase_add_test(tcase, leiden_asks_between_iterations);
    tcase_add_test(tcase, coreness_matches_igraph);
    tcase_add_test(tcase, broken_promises_are_named);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
