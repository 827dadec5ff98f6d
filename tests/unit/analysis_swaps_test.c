/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random graphs with given degrees: uniform over all simple graphs there are, listed one by one; what stays and what is
 * refused.
 */
#include "computed_result.h"
#include "degree_swaps.h"
#include "drawn_network.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MAX 12 /* pairs of five, or arcs of four */
#define WALKS     6000

/* All pairs (arcs) of a small graph, and a graph as the set of those it has. */
struct small {
    int32_t actors;
    bool directed;
    struct swap_tie cells[CELLS_MAX];
    size_t cell_count;
};

static struct small small_of(int32_t actors, bool directed)
{
    struct small small = {.actors = actors, .directed = directed};
    for (int32_t i = 0; i < actors; i++)
        for (int32_t j = directed ? 0 : i + 1; j < actors; j++)
            if (i != j)
                small.cells[small.cell_count++] = (struct swap_tie){i, j};
    return small;
}

/* Out- and in-degrees, or degrees twice, one digit each. */
static uint64_t degrees_of(const struct small *small, unsigned set)
{
    uint64_t degrees = 0;
    for (size_t c = 0; c < small->cell_count; c++)
        if (set >> c & 1) {
            degrees += UINT64_C(1) << (3 * small->cells[c].from);
            degrees += UINT64_C(1) << (3 * small->cells[c].to + (small->directed ? 30 : 0));
        }
    return degrees;
}

static struct swap_graph graph_of(const struct small *small, unsigned set)
{
    struct swap_tie ties[CELLS_MAX];
    struct swap_graph graph;
    size_t count = 0;
    for (size_t c = 0; c < small->cell_count; c++)
        if (set >> c & 1)
            ties[count++] = small->cells[c];
    ck_assert(swap_graph_init(&graph, (size_t)small->actors, small->directed, ties, count));
    return graph;
}

static unsigned set_of(const struct small *small, const struct swap_graph *graph)
{
    unsigned set = 0;
    for (size_t c = 0; c < small->cell_count; c++)
        set |= (unsigned)swap_graph_tied(graph, small->cells[c].from, small->cells[c].to) << c;
    return set;
}

/* Every graph that has the degrees of this one is as often where the walk ends as every other. */
static void is_uniform(const struct small *small, unsigned set, size_t graphs, uint64_t seed)
{
    unsigned *ends = calloc((size_t)1 << small->cell_count, sizeof *ends);
    uint64_t degrees = degrees_of(small, set);
    size_t possible = 0;
    for (unsigned other = 0; other < 1U << small->cell_count; other++)
        possible += degrees_of(small, other) == degrees;
    ck_assert_uint_eq(possible, graphs);
    for (uint64_t walk = 0; walk < WALKS; walk++) {
        struct swap_graph graph = graph_of(small, set);
        struct random_stream stream;
        random_stream_init(&stream, seed, walk);
        swap_graph_walk(&graph, &stream, graph.count * DEGREE_SWAPS_PER_TIE);
        ends[set_of(small, &graph)]++;
        swap_graph_release(&graph);
    }
    double expected = (double)WALKS / (double)graphs, chi = 0;
    for (unsigned other = 0; other < 1U << small->cell_count; other++) {
        if (degrees_of(small, other) != degrees)
            ck_assert_uint_eq(ends[other], 0);
        else
            chi += (ends[other] - expected) * (ends[other] - expected) / expected;
    }
    /* Chi-squared with so many degrees of freedom is beyond five deviations about once in 10^5 (its seed is fixed). */
    double freedom = (double)graphs - 1;
    ck_assert_msg(chi <= freedom + 5 * sqrt(2 * freedom), "%zu graphs: chi-squared %g", graphs, chi);
    free(ends);
}

/* A graph from text: "01 12 20". */
static unsigned drawn(const struct small *small, const char *text)
{
    unsigned set = 0;
    for (const char *at = text; *at; at += at[2] ? 3 : 2)
        for (size_t c = 0; c < small->cell_count; c++) {
            int32_t from = at[0] - '0', to = at[1] - '0';
            if ((small->cells[c].from == from && small->cells[c].to == to) ||
                (!small->directed && small->cells[c].from == to && small->cells[c].to == from))
                set |= 1U << c;
        }
    return set;
}

START_TEST(all_graphs_are_equally_likely)
{
    struct small four = small_of(4, false), five = small_of(5, false), three = small_of(3, true), arcs = small_of(4, true);
    is_uniform(&four, drawn(&four, "01 23"), 3, 1);           /* three ways to pair four off: all proposals change something */
    is_uniform(&four, drawn(&four, "01 12 23 30"), 3, 2);     /* circles of four */
    is_uniform(&five, drawn(&five, "01 12 23 34 40"), 12, 3); /* circles of five: 4!/2 */
    is_uniform(&five, drawn(&five, "01 12 23 34"), 7, 4);     /* degrees 1 2 2 2 1: six paths, and a triangle beside a pair */
    is_uniform(&three, drawn(&three, "01 12 20"), 2, 5);      /* swaps alone never turn it round */
    is_uniform(&arcs, drawn(&arcs, "01 12 23 30"), 9, 6);     /* derangements of four */
    is_uniform(&arcs, drawn(&arcs, "01 12 20 03 32"), 7, 7);
}
END_TEST

START_TEST(degrees_stay_and_the_graph_is_simple)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_random((uint64_t)_i, 70, 0.02 + 0.05 * (_i % 10), directed);
        struct swap_tie *ties = malloc((network->tie_count + 1) * sizeof *ties);
        for (size_t t = 0; t < network->tie_count; t++)
            ties[t] = (struct swap_tie){network->ties[t].from, network->ties[t].to};
        struct swap_graph graph, before;
        ck_assert(swap_graph_init(&before, 70, directed, ties, network->tie_count));
        ck_assert(swap_graph_init(&graph, 70, directed, ties, network->tie_count));
        struct random_stream stream;
        random_stream_init(&stream, 7, (uint64_t)_i);
        ck_assert_uint_gt(swap_graph_walk(&graph, &stream, 20 * graph.count), graph.count);
        size_t bits = 0, changed = 0;
        for (int32_t i = 0; i < 70; i++) {
            int out[2] = {0}, in[2] = {0};
            ck_assert(!swap_graph_tied(&graph, i, i));
            for (int32_t j = 0; j < 70; j++) {
                out[0] += swap_graph_tied(&before, i, j), out[1] += swap_graph_tied(&graph, i, j);
                in[0] += swap_graph_tied(&before, j, i), in[1] += swap_graph_tied(&graph, j, i);
                bool either = swap_graph_tied(&graph, i, j) || swap_graph_tied(&graph, j, i);
                ck_assert_int_eq(graph.both[(size_t)i * graph.words + (size_t)j / 64] >> (j % 64) & 1, either);
                changed += swap_graph_tied(&before, i, j) != swap_graph_tied(&graph, i, j);
            }
            ck_assert_int_eq(out[0], out[1]);
            ck_assert_int_eq(in[0], in[1]);
            bits += (size_t)out[1];
        }
        ck_assert_uint_eq(bits, graph.count * (directed ? 1 : 2));
        ck_assert_uint_gt(changed, 0);
        for (size_t t = 0; t < graph.count; t++) /* the list has the ties that the bits have */
            ck_assert(swap_graph_tied(&graph, graph.ties[t].from, graph.ties[t].to));
        swap_graph_release(&graph);
        swap_graph_release(&before);
        free(ties);
        network_destroy(network);
    }
}
END_TEST

/* 1 when the first two are tied, and a number that does not always exist. */
static void first_tied(const void *arg, const struct swap_graph *graph, double *ret_values)
{
    (void)arg;
    ret_values[0] = swap_graph_tied(graph, 0, 1);
    ret_values[1] = ret_values[0] > 0 ? 1 : NAN;
}

static bool refuse(void *arg, unsigned permille)
{
    (void)arg;
    (void)permille;
    return false;
}

START_TEST(the_null_is_that_of_the_list)
{
    /* Paths and the triangle with degrees 1 2 2 2 1: 0 and 4 are the ends. 0 and 1 are tied in two of six paths. */
    struct small five = small_of(5, false);
    unsigned set = drawn(&five, "01 12 23 34");
    struct swap_graph graph = graph_of(&five, set);
    struct label_null nulls[2], again[2];
    double moved;
    struct degree_swaps plan = {
        .observed = &graph, .statistic_count = 2, .replicates = 4000, .seed = 3, .threads = 1, .statistics = first_tied};
    ck_assert_int_eq(degree_swaps_run(&plan, nulls, &moved), DEGREE_SWAPS_OK);
    double share = 2.0 / 7, spread = sqrt(share * (1 - share));
    ck_assert_double_eq(nulls[0].observed, 1);
    ck_assert_double_eq_tol(nulls[0].mean, share, 4 * spread / sqrt(4000));
    ck_assert_double_eq_tol(nulls[0].sd, spread, 0.02);
    ck_assert_double_eq_tol(nulls[0].p_high, (nulls[0].mean * 4000 + 1) / 4001, 1e-9);
    ck_assert_double_eq(nulls[0].p_low, 1);
    ck_assert_double_eq(nulls[1].mean, 1); /* over the graphs in which it exists */
    ck_assert(moved > 0 && moved < 1);
    for (unsigned threads = 2; threads < 5; threads++) {
        plan.threads = threads;
        ck_assert_int_eq(degree_swaps_run(&plan, again, &moved), DEGREE_SWAPS_OK);
        ck_assert_mem_eq(nulls, again, sizeof nulls);
    }
    plan.proceed = refuse;
    ck_assert_int_eq(degree_swaps_run(&plan, again, &moved), DEGREE_SWAPS_STOPPED);
    swap_graph_release(&graph);

    /* A star is the only graph of its degrees. */
    plan.proceed = NULL;
    graph = graph_of(&five, drawn(&five, "01 02 03 04"));
    ck_assert_int_eq(degree_swaps_run(&plan, nulls, &moved), DEGREE_SWAPS_OK);
    ck_assert(moved == 0 && nulls[0].mean == 1 && nulls[0].sd == 0 && isnan(nulls[0].z) && nulls[0].p == 1);
    swap_graph_release(&graph);
    graph = graph_of(&five, 0); /* no ties */
    ck_assert_int_eq(degree_swaps_run(&plan, nulls, &moved), DEGREE_SWAPS_OK);
    ck_assert(isnan(moved) && nulls[0].mean == 0 && isnan(nulls[1].mean) && isnan(nulls[1].p));
    swap_graph_release(&graph);
}
END_TEST

static double chance(const struct result *result, const char *measure, const char *column)
{
    return computed_number(result, "graph_chance", column, "measure", measure);
}

START_TEST(family_graph_compares)
{
    struct network *network = network_drawn("a@x b@x c@y d@y a-b b-c c-d", false);
    struct result *result = computed("graph", network, NULL, "swaps=499");
    /* Degrees 1 2 2 1: over the ends of ties mean 10/6, of squares 3, of products 8/3. */
    ck_assert_double_eq_tol(chance(result, "degree_assortativity", "observed"), -0.5, 1e-12);
    ck_assert_double_eq(chance(result, "degree_assortativity", "sd"), 0); /* two paths, a and d at the ends of both */
    ck_assert_double_eq(chance(result, "transitivity", "observed"), 0);
    ck_assert_double_eq_tol(chance(result, "same_sector", "observed"), 2.0 / 3, 1e-12);
    ck_assert_double_eq_tol(chance(result, "same_sector", "expected"), 1.0 / 3, 0.1); /* a-b-c-d and a-c-b-d: 2/3 and 0 */
    ck_assert_uint_eq(result_table(result, "graph_chance")->row_count, 3);
    result_destroy(result);
    result = computed("graph", network, NULL, "");
    ck_assert_ptr_null(result_table(result, "graph_chance")); /* only when asked for */
    result_destroy(result);
    network_destroy(network);

    for (int directed = 0; directed < 2; directed++) {
        network = network_random(11, 40, 0.12, directed);
        for (size_t i = 0; i < 40; i++)
            network->actors[i].sector = strdup(i % 3 == 0 ? "x" : i % 3 == 1 ? "y" : "z");
        result = computed("graph", network, NULL, "swaps=99");
        struct result *gaps = computed("gaps", network, NULL, "permutations=9");
        ck_assert_double_eq_tol(chance(result, "transitivity", "observed"),
                                computed_number(result, "graph", "transitivity", NULL, NULL), 1e-12);
        ck_assert_double_eq_tol(1 - 2 * chance(result, "same_sector", "observed"),
                                computed_number(gaps, "ei", "ei", NULL, NULL), 1e-12);
        if (directed)
            ck_assert_double_eq_tol(chance(result, "reciprocity", "observed"),
                                    computed_number(result, "graph", "reciprocity", NULL, NULL), 1e-12);
        /* Ties were drawn at random: nothing of them is beyond chance. */
        ck_assert_double_lt(fabs(chance(result, "transitivity", "z")), 4);
        ck_assert_double_lt(fabs(chance(result, "degree_assortativity", "z")), 4);
        result_destroy(gaps);
        result_destroy(result);
        network_destroy(network);
    }
    /* Triangles beside each other: the same degrees are rarely so closed. */
    network = network_drawn("a-b b-c c-a d-e e-f f-d g-h h-i i-g c-d f-g", false);
    result = computed("graph", network, NULL, "swaps=999");
    ck_assert_double_lt(chance(result, "transitivity", "p_high"), 0.05);
    result_destroy(result);
    network_destroy(network);
    network = network_drawn("", false);
    result = computed("graph", network, NULL, "swaps=9");
    ck_assert(isnan(chance(result, "transitivity", "observed")) && isnan(chance(result, "transitivity", "p")));
    ck_assert(computed_has_note(result, "nothing to compare"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("swaps");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, all_graphs_are_equally_likely);
    tcase_add_loop_test(tests, degrees_stay_and_the_graph_is_simple, 0, 10);
    tcase_add_test(tests, the_null_is_that_of_the_list);
    tcase_add_test(tests, family_graph_compares);
    tcase_set_timeout(tests, 240);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
