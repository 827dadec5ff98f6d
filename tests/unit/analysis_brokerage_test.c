/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brokerage: by hand, against every ordered triple looked at, and its moments against every graph there is on four actors.
 */
#include "broker_roles.h"
#include "computed_result.h"
#include "drawn_network.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 8

static double role_of(const struct result *result, const char *actor, const char *role, const char *column)
{
    const struct table *table = result_table(result, "roles");
    const struct column *actors = table_column(table, "actor"), *roles = table_column(table, "role");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(actors->texts[r], actor) == 0 && strcmp(roles->texts[r], role) == 0)
            return table_column(table, column)->numbers[r];
    ck_abort_msg("no %s of %s", role, actor);
    return 0;
}

START_TEST(one_role_each)
{
    /* v stands between a pair in each of the five ways, and nobody else stands between anybody. */
    struct network *network = network_drawn("v@x a@x b@x c@y d@y e@z a-v b-v c-v v-d v-e", true);
    struct result *result = computed("brokerage", network, NULL, NULL);
    /* a, b, c -> v -> d, e: a-d, b-d, a-e, b-e representative; c-d itinerant; c-e liaison. */
    ck_assert_double_eq(computed_actor(result, "representative", "v"), 4);
    ck_assert_double_eq(computed_actor(result, "itinerant", "v"), 1);
    ck_assert_double_eq(computed_actor(result, "liaison", "v"), 1);
    ck_assert_double_eq(computed_actor(result, "coordinator", "v"), 0);
    ck_assert_double_eq(computed_actor(result, "gatekeeper", "v"), 0);
    ck_assert_double_eq(computed_actor(result, "brokerage", "v"), 6);
    ck_assert_double_eq(computed_actor(result, "brokerage", "a"), 0);
    ck_assert_double_eq(role_of(result, "v", "representative", "count"), 4);
    ck_assert_double_eq(computed_number(result, "totals", "count", "role", "representative"), 4);
    result_destroy(result);
    network_destroy(network);

    /* Undirected, a closed pair is none, and each open one counts both ways. */
    network = network_drawn("v@x a@x b@y c@y a-v v-b v-c b-c", false);
    result = computed("brokerage", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "representative", "v"), 2);
    ck_assert_double_eq(computed_actor(result, "gatekeeper", "v"), 2);
    ck_assert_double_eq(computed_actor(result, "brokerage", "v"), 4);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Whether the arc is there is a bit of `graph`; undirected ones have both arcs under one bit. */
static bool arc_there(unsigned graph, size_t count, bool directed, size_t from, size_t to)
{
    size_t bit = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = directed ? 0 : i + 1; j < count; j++) {
            if (i == j)
                continue;
            if ((i == from && j == to) || (!directed && i == to && j == from))
                return graph >> bit & 1;
            bit++;
        }
    return false;
}

/* By the definition, all ordered triples. */
static void count_by_hand(unsigned graph, size_t count, bool directed, const int32_t *groups, size_t v, double *ret_counts)
{
    for (size_t role = 0; role <= BROKER_ROLES; role++)
        ret_counts[role] = 0;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++) {
            if (a == b || a == v || b == v || !arc_there(graph, count, directed, a, v) ||
                !arc_there(graph, count, directed, v, b) || arc_there(graph, count, directed, a, b))
                continue;
            bool av = groups[a] == groups[v], vb = groups[v] == groups[b], ab = groups[a] == groups[b];
            enum broker_role role = av && vb ? BROKER_COORDINATOR
                                    : av     ? BROKER_REPRESENTATIVE
                                    : vb     ? BROKER_GATEKEEPER
                                    : ab     ? BROKER_ITINERANT
                                             : BROKER_LIAISON;
            ret_counts[role]++;
            ret_counts[BROKER_ROLES]++;
        }
}

START_TEST(every_triple)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 1);
        size_t count = 3 + (size_t)random_stream_below(&stream, 4);
        bool directed = seed % 2;
        unsigned graph = (unsigned)random_stream_next(&stream) & (directed ? 0x3FFFFFFFu : 0x7FFFu);
        int32_t groups[MOST];
        struct broker_arc arcs[MOST * MOST];
        size_t arc_count = 0;
        for (size_t i = 0; i < count; i++)
            groups[i] = (int32_t)random_stream_below(&stream, 3);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                if (i != j && arc_there(graph, count, directed, i, j))
                    arcs[arc_count++] = (struct broker_arc){(int32_t)i, (int32_t)j};
        struct broker_paths paths;
        ck_assert_int_eq(broker_paths_init(&paths, arcs, arc_count, count, 1000, NULL, NULL), BROKER_OK);
        double counts[MOST * BROKER_ROLES], expected[BROKER_ROLES + 1];
        broker_count(&paths, groups, counts);
        for (size_t v = 0; v < count; v++) {
            count_by_hand(graph, count, directed, groups, v, expected);
            for (size_t role = 0; role < BROKER_ROLES; role++)
                ck_assert_double_eq(counts[v * BROKER_ROLES + role], expected[role]);
        }
        size_t all = paths.start[count];
        broker_paths_release(&paths);
        if (all > 0)
            ck_assert_int_eq(broker_paths_init(&paths, arcs, arc_count, count, all - 1, NULL, NULL), BROKER_TOO_MANY);
    }
}
END_TEST

/* A dense network, where sets of ends are counted: the same as path by path, whatever the groups; with one group too many for
 * sets, too. */
START_TEST(sets_count_what_paths_do)
{
    static const size_t group_counts[] = {1, 2, 7, BROKER_GROUPS_MAX, BROKER_GROUPS_MAX + 1};
    enum { COUNT = 130 };
    static struct broker_arc arcs[COUNT * COUNT];
    double counts[COUNT * BROKER_ROLES];
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 2);
        struct broker_paths paths;
        int32_t groups[COUNT];
        size_t arc_count = 0;
        for (int32_t i = 0; i < COUNT; i++) {
            groups[i] = (int32_t)random_stream_below(&stream, group_counts[seed % 5]);
            for (int32_t j = 0; j < COUNT; j++)
                if (i != j && random_stream_below(&stream, 3) == 0)
                    arcs[arc_count++] = (struct broker_arc){i, j};
        }
        groups[0] = (int32_t)group_counts[seed % 5] - 1;
        ck_assert_int_eq(broker_paths_init(&paths, arcs, arc_count, COUNT, COUNT * COUNT * COUNT, NULL, NULL), BROKER_OK);
        ck_assert_ptr_nonnull(paths.bits);
        broker_count(&paths, groups, counts);
        for (size_t v = 0; v < COUNT; v++) {
            double expected[BROKER_ROLES] = {0};
            for (size_t i = paths.start[v]; i < paths.start[v + 1]; i++)
                expected[broker_role(groups[paths.a[i]], groups[v], groups[paths.b[i]])]++;
            ck_assert_mem_eq(&counts[v * BROKER_ROLES], expected, sizeof expected);
        }
        broker_paths_release(&paths);
    }
}
END_TEST

/* Mean and variance over every graph on four actors, each as likely as independent ties make it. */
START_TEST(moments_are_those_of_all_graphs)
{
    static const int32_t groupings[][4] = {{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 1, 0, 1}, {0, 1, 1, 1}, {0, 1, 1, 2}, {0, 0, 1, 2}};
    const double density = 0.3;
    for (size_t g = 0; g < sizeof groupings / sizeof groupings[0]; g++)
        for (int directed = 0; directed < 2; directed++) {
            size_t sizes[3] = {0};
            for (size_t i = 0; i < 4; i++)
                sizes[groupings[g][i]]++;
            double sum[BROKER_ROLES + 1] = {0}, squares[BROKER_ROLES + 1] = {0};
            unsigned bits = directed ? 12 : 6;
            for (unsigned graph = 0; graph < 1u << bits; graph++) {
                int there = __builtin_popcount(graph);
                double chance = pow(density, there) * pow(1 - density, (int)bits - there), counts[BROKER_ROLES + 1];
                count_by_hand(graph, 4, directed, groupings[g], 0, counts);
                for (size_t role = 0; role <= BROKER_ROLES; role++) {
                    sum[role] += chance * counts[role];
                    squares[role] += chance * counts[role] * counts[role];
                }
            }
            for (size_t role = 0; role <= BROKER_ROLES; role++) {
                struct broker_moments moments =
                    broker_expected(sizes, 3, groupings[g][0], density, directed, (enum broker_role)role);
                ck_assert_double_eq_tol(moments.mean, sum[role], 1e-12);
                ck_assert_double_eq_tol(moments.sd * moments.sd, squares[role] - sum[role] * sum[role], 1e-12);
            }
        }
}
END_TEST

START_TEST(planted_broker_is_found)
{
    /* Two sectors of eight that meet within, and one of the first who holds all contact to the second. */
    struct drawing *drawing = drawing_create(false);
    char from[24], to[24];
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < 8; i++) {
            snprintf(from, sizeof from, "%c%d", 'a' + s, i);
            drawing_actor(drawing, from, s ? "y" : "x");
            for (int j = 0; j < i; j++)
                if ((i + j) % 2) {
                    snprintf(to, sizeof to, "%c%d", 'a' + s, j);
                    drawing_tie(drawing, from, to, 1);
                }
            if (s)
                drawing_tie(drawing, "a0", from, 1);
        }
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("brokerage", network, NULL, "permutations=499");
    ck_assert_double_eq(computed_actor(result, "representative", "a0"), 32); /* its four neighbours, each to eight */
    ck_assert_double_gt(role_of(result, "a0", "representative", "z"), 2.5);
    ck_assert_double_lt(role_of(result, "a0", "representative", "q"), 0.05);
    ck_assert_double_gt(role_of(result, "b1", "representative", "q"), 0.05);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* A ring of 24 in two sectors: too many labellings to walk, and with 99 of them no row can be called. */
START_TEST(too_few_labellings_are_said)
{
    struct drawing *drawing = drawing_create(false);
    char from[24], to[24];
    for (int i = 0; i < 24; i++) {
        snprintf(from, sizeof from, "%02d", i);
        snprintf(to, sizeof to, "%02d", (i + 1) % 24);
        drawing_actor(drawing, from, i % 2 ? "x" : "y");
        drawing_tie(drawing, from, to, 1);
    }
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("brokerage", network, NULL, "permutations=99");
    /* coordinator, itinerant, representative and gatekeeper of each: with two sectors there is no liaison */
    ck_assert(computed_has_note(result, "the smallest p is 0.02: among 96 tests a single row cannot reach q = 0.05. Ask for "
                                        "permutations=3840 or more"));
    result_destroy(result);
    result = computed("brokerage", network, NULL, "permutations=3840");
    ck_assert(!computed_has_note(result, "the smallest p is"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(without_sectors)
{
    struct network *network = network_drawn("a@x b@x c@x d a-b b-c c-d", false);
    struct result *result = computed("brokerage", network, NULL, NULL);
    ck_assert(computed_has_note(result, "Fewer than two sectors"));
    ck_assert(computed_has_note(result, "1 actors have no sector"));
    ck_assert_double_eq(computed_actor(result, "coordinator", "b"), 2);
    ck_assert(isnan(computed_actor(result, "coordinator", "d"))); /* left out, not nought */
    ck_assert(isnan(role_of(result, "b", "coordinator", "p")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("brokerage");
    TCase *tcase = tcase_create("brokerage");
    tcase_add_test(tcase, one_role_each);
    tcase_add_test(tcase, every_triple);
    tcase_add_test(tcase, sets_count_what_paths_do);
    tcase_add_test(tcase, moments_are_those_of_all_graphs);
    tcase_add_test(tcase, planted_broker_is_found);
    tcase_add_test(tcase, too_few_labellings_are_said);
    tcase_add_test(tcase, without_sectors);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
