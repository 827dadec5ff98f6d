/* SPDX-License-Identifier: GPL-3.0-or-later
 * Families graph and centrality on the small graphs of the literature, and on stars and circles, whose answers are closed
 * forms.
 */
#include "computed_result.h"
#include "drawn_network.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

/* Krackhardt 1990; 0 Andre 1 Beverly 2 Carol 3 Diane 4 Ed 5 Fernando 6 Garth 7 Heather 8 Ike 9 Jane. */
static const char kite[] = "0-1 0-2 0-3 0-5 1-3 1-4 1-6 2-3 2-5 3-4 3-5 3-6 4-6 5-6 5-7 6-7 7-8 8-9";

/* Zachary 1977. */
static const char karate[] =
    "00-01 00-02 00-03 00-04 00-05 00-06 00-07 00-08 00-10 00-11 00-12 00-13 00-17 00-19 00-21 00-31 01-02 01-03 01-07 "
    "01-13 01-17 01-19 01-21 01-30 02-03 02-07 02-08 02-09 02-13 02-27 02-28 02-32 03-07 03-12 03-13 04-06 04-10 05-06 "
    "05-10 05-16 06-16 08-30 08-32 08-33 09-33 13-33 14-32 14-33 15-32 15-33 18-32 18-33 19-33 20-32 20-33 22-32 22-33 "
    "23-25 23-27 23-29 23-32 23-33 24-25 24-27 24-31 25-31 26-29 26-33 27-33 28-31 28-33 29-32 29-33 30-32 30-33 31-32 "
    "31-33 32-33";

static double first(const struct result *result, const char *column)
{
    return computed_number(result, "graph", column, NULL, NULL);
}

START_TEST(krackhardts_kite)
{
    struct network *network = network_drawn(kite, false);
    struct result *result = computed("centrality", network, NULL, NULL);
    static const struct {
        const char *column, *actor;
        double value;
    } expected[] = {{"degree", "3", 6},           {"betweenness", "7", 14},        {"betweenness", "5", 8.3333},
                    {"betweenness", "6", 8.3333}, {"betweenness", "8", 8},         {"betweenness", "3", 3.6667},
                    {"closeness", "5", .6429},    {"closeness", "6", .6429},       {"constraint", "7", .4311},
                    {"constraint", "5", .4451},   {"constraint", "3", .4702},      {"constraint", "8", .5},
                    {"constraint", "9", 1},       {"betweenness", "9", 0},         {"coreness", "0", 3},
                    {"coreness", "9", 1},         {"betweenness_norm", "7", .3889}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_double_eq_tol(computed_actor(result, expected[i].column, expected[i].actor), expected[i].value, 5e-5);
    result_destroy(result);

    result = computed("graph", network, NULL, NULL);
    ck_assert_double_eq_tol(first(result, "centralization_degree"), .3333, 5e-5);
    ck_assert_double_eq_tol(first(result, "centralization_betweenness"), .2963, 5e-5);
    ck_assert_double_eq_tol(first(result, "centralization_closeness"), .2704, 5e-5);
    result_destroy(result);

    result = computed("bottlenecks", network, NULL, NULL);
    for (int i = 0; i < 10; i++) {
        char key[32];
        snprintf(key, sizeof key, "%d", i);
        ck_assert_double_eq(computed_actor(result, "articulation", key), i == 7 || i == 8);
    }
    ck_assert_uint_eq(result_table(result, "bridges")->row_count, 2);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(zacharys_karate_club)
{
    struct network *network = network_drawn(karate, false);
    ck_assert_uint_eq(network->tie_count, 78);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "betweenness", "00"), 231.0714, 5e-5);
    ck_assert_double_eq_tol(computed_actor(result, "betweenness", "33"), 160.5516, 5e-5);
    ck_assert_double_eq_tol(computed_actor(result, "constraint", "00"), .1554, 5e-5);
    ck_assert_double_eq_tol(computed_actor(result, "constraint", "33"), .1564, 5e-5);
    result_destroy(result);
    result = computed("graph", network, NULL, NULL);
    ck_assert_double_eq_tol(first(result, "transitivity"), .2557, 5e-5);
    ck_assert_double_eq_tol(first(result, "density"), 78.0 * 2 / (34 * 33), 1e-12);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(everett_and_borgattis_pn)
{
    /* The signed example of R package signnet: row, then the signed columns after it (each pair once). */
    static const char signed_ties[] =
        "01-02 01-04 01!08 01!09 02-03 02!04 02-05 02!06 02!07 03-04 03!05 03!09 04-05 04!06 04!07 05-06 05!08 "
        "05!10 06-07 06-09 06!10 07-08 07!09 07-10 08-09 09-10";
    static const double expected[] = {.9009747, .8613482, .9076997, .8613482, .8410658,
                                      .8496558, .8617321, .9015909, .8509848, .9072930};
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_drawn(signed_ties, directed);
        struct result *result = computed("centrality", network, NULL, NULL);
        for (int i = 0; i < 10; i++) {
            char key[32];
            snprintf(key, sizeof key, "%02d", i + 1);
            ck_assert_double_eq_tol(computed_actor(result, "pn", key), expected[i], 5e-8);
        }
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

START_TEST(pn_without_an_answer_is_missing)
{
    /* (I - A/2) = [1 1; 1 1] for two actors with nothing but an objection. */
    struct network *network = network_drawn("a!b", false);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert(isnan(computed_actor(result, "pn", "a")));
    ck_assert(computed_has_note(result, "PN centrality is missing"));
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a-b", false);
    result = computed("centrality", network, NULL, NULL);
    ck_assert_ptr_null(
        table_column(result_table(result, "centrality"), "pn")); /* no objections: the column would mean nothing */
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(stars_are_one_and_circles_nought)
{
    static const char *const columns[] = {"centralization_degree", "centralization_closeness", "centralization_betweenness"};
    for (int n = 3; n <= 40; n += 37) {
        struct drawing *star = drawing_create(false), *circle = drawing_create(false);
        for (int i = 0; i < n; i++) {
            char from[32], to[32];
            snprintf(from, sizeof from, "%02d", i);
            snprintf(to, sizeof to, "%02d", (i + 1) % n);
            if (i > 0)
                drawing_tie(star, "00", from, 1);
            drawing_tie(circle, from, to, 1);
        }
        struct network *networks[] = {drawing_finish(star), drawing_finish(circle)};
        for (int c = 0; c < 2; c++) {
            struct result *result = computed("graph", networks[c], NULL, NULL);
            for (size_t i = 0; i < 3; i++)
                ck_assert_double_eq_tol(first(result, columns[i]), c == 0, 1e-12);
            result_destroy(result);
            network_destroy(networks[c]);
        }
    }
}
END_TEST

START_TEST(whole_numbers_by_hand)
{
    /* a<->b, a->c, d alone: 3 arcs, 12 dyads, M = 1, A = 1. */
    struct network *network = network_drawn("a-b:2 b-a:3 a-c:4 d", true);
    network->self_count = 2;
    network->self_weight = 7;
    network->interactions = 11;
    network->interactions_unresolved = 3;
    network->actors[2].reported = network->actors[3].reported = false; /* c and d: one unordered, two ordered pairs unknown */
    struct result *result = computed("graph", network, NULL, NULL);
    static const struct {
        const char *column;
        double value;
    } expected[] = {{"actors", 4},
                    {"isolates", 1},
                    {"ties", 3},
                    {"weight", 9},
                    {"self_ties", 2},
                    {"self_weight", 7},
                    {"interactions", 11},
                    {"interactions_unresolved", 3},
                    {"dyads", 12},
                    {"dyads_unknown", 2},
                    {"density", 0.25},
                    {"density_known", 0.3},
                    {"reciprocity", 2.0 / 3},
                    {"reciprocity_dyadic", 0.5},
                    {"components", 2},
                    {"largest_component", 3},
                    {"diameter", 2},
                    {"mean_distance", 5.0 / 4},
                    {"reachable", 4.0 / 12},
                    {"global_efficiency", 3.5 / 12}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_msg(fabs(first(result, expected[i].column) - expected[i].value) < 1e-12, "%s is %g, not %g",
                      expected[i].column, first(result, expected[i].column), expected[i].value);
    ck_assert(isnan(first(result, "centralization_closeness"))); /* not connected */
    ck_assert(computed_has_note(result, "2 pairs are unknown"));
    result_destroy(result);

    result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "strength", "a"), 9);
    ck_assert_double_eq(computed_actor(result, "strength_in", "a"), 3);
    ck_assert_double_eq(computed_actor(result, "degree", "a"), 2);
    /* a has 3 of the 6 ends of arcs, the mean weight is 3: expected 9. c has 1 end: expected 3, observed 4. */
    ck_assert_double_eq_tol(computed_actor(result, "strength_ratio", "a"), 1, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "strength_ratio", "c"), 4.0 / 3, 1e-12);
    ck_assert(isnan(computed_actor(result, "strength_ratio", "d")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(a_hub_and_one_triangle_by_hand)
{
    /* 200 spokes, two of them tied: those two look the hub's list up instead of walking it. */
    struct drawing *drawing = drawing_create(false);
    for (int i = 1; i <= 200; i++) {
        char spoke[32];
        snprintf(spoke, sizeof spoke, "s%03d", i);
        drawing_tie(drawing, "hub", spoke, 1);
    }
    drawing_tie(drawing, "s001", "s002", 1);
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "clustering", "s001"), 1, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "clustering_w", "s001"), 1, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "clustering", "hub"), 2.0 / (200 * 199), 1e-15);
    ck_assert_double_eq_tol(computed_actor(result, "effective_size", "s001"), 1, 1e-12);
    /* (1/2 + 1/2 1/2)^2 + (1/2 + 1/2 1/200)^2 */
    ck_assert_double_eq_tol(computed_actor(result, "constraint", "s001"), 0.75 * 0.75 + 0.5025 * 0.5025, 1e-12);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(closeness_centralization_needs_a_connected_network)
{
    struct network *network = network_drawn("a-b b-c d-e e-f", false);
    struct result *result = computed("graph", network, NULL, NULL);
    ck_assert(isnan(first(result, "centralization_closeness")));
    ck_assert(!isnan(first(result, "centralization_degree")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(paths_of_the_same_length_are_shared)
{
    /* 1/10 + 1/5 and twice 3/20: both .3, but not to the last bit. */
    struct network *network = network_drawn("a-b:10 b-d:5 a-c:6.666666666666667 c-d:6.666666666666667", false);
    network->spec.distance = DISTANCE_INVERSE;
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "betweenness", "b"), 0.5, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "betweenness", "c"), 0.5, 1e-12);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("literature");
    TCase *tcase = tcase_create("literature");
    tcase_add_test(tcase, krackhardts_kite);
    tcase_add_test(tcase, zacharys_karate_club);
    tcase_add_test(tcase, everett_and_borgattis_pn);
    tcase_add_test(tcase, pn_without_an_answer_is_missing);
    tcase_add_test(tcase, stars_are_one_and_circles_nought);
    tcase_add_test(tcase, whole_numbers_by_hand);
    tcase_add_test(tcase, a_hub_and_one_triangle_by_hand);
    tcase_add_test(tcase, closeness_centralization_needs_a_connected_network);
    tcase_add_test(tcase, paths_of_the_same_length_are_shared);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
