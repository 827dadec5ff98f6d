/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family gaps: sector mixing, its nulls and the E-I index by hand; planted gaps found and nothing found where nothing is.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The row of an ordered or unordered pair of sectors. */
static double cell(const struct result *result, const char *column, const char *a, const char *b)
{
    const struct table *table = result_table(result, "gaps");
    const struct column *from = table_column(table, "sector_a"), *to = table_column(table, "sector_b");
    const struct column *values = table_column(table, column);
    ck_assert_ptr_nonnull(values);
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(from->texts[r], a) == 0 && strcmp(to->texts[r], b) == 0)
            return values->numbers[r];
    ck_abort_msg("no row %s - %s", a, b);
    return 0;
}

static double ei(const struct result *result, const char *column)
{
    return computed_number(result, "ei", column, NULL, NULL);
}

START_TEST(mixing_by_hand)
{
    struct network *network = network_drawn("a@x b@x c@y d@y a-b:2 a-c:1 c-d:3", false);
    struct result *result = computed("gaps", network, NULL, NULL);
    ck_assert_double_eq(cell(result, "observed", "x", "x"), 2);
    ck_assert_double_eq(cell(result, "observed", "x", "y"), 1);
    ck_assert_double_eq(cell(result, "observed", "y", "y"), 3);
    /* Strengths 3 2 | 4 3, total 6: xy = 5 7 / 12, xx = (25 - 13) / 24, yy = (49 - 25) / 24. */
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "x", "y"), 35.0 / 12, 1e-12);
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "x", "x"), 0.5, 1e-12);
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "y", "y"), 1, 1e-12);
    ck_assert_double_eq_tol(cell(result, "ratio_configuration", "x", "y"), 12.0 / 35, 1e-12);
    /* Three ways to pair off, with 1, 5 or 6 across where activity suggests 35/12, 35/12 or 3: ratios 12/35, 60/35, 2. */
    double ratios[] = {12.0 / 35, 60.0 / 35, 2}, mean = (ratios[0] + ratios[1] + ratios[2]) / 3, squares = 0;
    for (size_t i = 0; i < 3; i++)
        squares += (ratios[i] - mean) * (ratios[i] - mean) / 3;
    ck_assert_double_eq_tol(cell(result, "z_configuration", "x", "y"), (ratios[0] - mean) / sqrt(squares), 1e-12);
    ck_assert_double_eq_tol(cell(result, "p_configuration", "x", "y"), 2.0 / 3, 1e-12);
    /* The same three ways: 1, 5 or 6 across. */
    ck_assert_double_eq_tol(cell(result, "expected_permutation", "x", "y"), 4, 1e-12);
    ck_assert_double_eq_tol(cell(result, "sd_permutation", "x", "y"), sqrt(14.0 / 3), 1e-12);
    ck_assert_double_eq_tol(cell(result, "z", "x", "y"), -3 / sqrt(14.0 / 3), 1e-12);
    ck_assert_double_eq_tol(cell(result, "p_low", "x", "y"), 1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(cell(result, "p", "x", "y"), 2.0 / 3, 1e-12);
    ck_assert_double_eq(cell(result, "pairs", "x", "y"), 4);
    ck_assert_double_eq(cell(result, "pairs", "x", "x"), 1);
    ck_assert_double_eq(cell(result, "ties", "x", "y"), 1);

    ck_assert_double_eq_tol(ei(result, "ei"), -1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(ei(result, "ei_expected"), 1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(ei(result, "ei_min"), -1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(ei(result, "ei_max"), 1, 1e-12);
    ck_assert_double_eq_tol(ei(result, "ei_rescaled"), -1, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "sectors", "ei", "sector", "x"), 0, 1e-12);

    /* One tie between the sectors: it goes through a, and through c. */
    const struct table *singles = result_table(result, "single_links");
    ck_assert_uint_eq(singles->row_count, 2);
    ck_assert_str_eq(table_column(singles, "actor")->texts[0], "a");
    ck_assert_str_eq(table_column(singles, "actor")->texts[1], "c");
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(directed_mixing_by_hand)
{
    struct network *network = network_drawn("a@x b@x c@y a-c:2 c-a:1 b-c:4 a-b:3", true);
    struct result *result = computed("gaps", network, NULL, NULL);
    ck_assert_uint_eq(result_table(result, "gaps")->row_count, 4);
    ck_assert_double_eq(cell(result, "observed", "x", "y"), 6);
    ck_assert_double_eq(cell(result, "observed", "y", "x"), 1);
    ck_assert_double_eq(cell(result, "observed", "x", "x"), 3);
    /* Out: a 5, b 4, c 1; in: a 1, b 3, c 6; total 10. */
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "x", "y"), 9 * 6 / 10.0, 1e-12);
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "y", "x"), 1 * 4 / 10.0, 1e-12);
    ck_assert_double_eq_tol(cell(result, "expected_configuration", "x", "x"), (9 * 4 - 5 * 1 - 4 * 3) / 10.0, 1e-12);
    ck_assert(isnan(cell(result, "observed", "y", "y"))); /* one actor: there is no pair */
    ck_assert(isnan(cell(result, "p", "y", "y")));        /* nothing to vary: no test, and none that q counts */
    ck_assert(isnan(cell(result, "q", "y", "y")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(one_actor_carries_two_sectors)
{
    struct network *network = network_drawn("a@x b@x c@y d@y e@z a-c a-d b-e e-c e-d", false);
    struct result *result = computed("gaps", network, NULL, NULL);
    const struct table *singles = result_table(result, "single_links");
    /* x-y all through a; x-z one tie, b and e; y-z all through e, who is alone in z. */
    ck_assert_uint_eq(singles->row_count, 4);
    static const char *const actors[] = {"a", "b", "e", "e"};
    static const double only[] = {0, 0, 1, 1}, ties[] = {2, 1, 1, 2};
    for (size_t r = 0; r < 4; r++) {
        ck_assert_str_eq(table_column(singles, "actor")->texts[r], actors[r]);
        ck_assert_double_eq(table_column(singles, "only_member")->numbers[r], only[r]);
        ck_assert_double_eq(table_column(singles, "ties")->numbers[r], ties[r]);
    }
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(actors_without_sector_are_named)
{
    struct network *network = network_drawn("a@x b@y c@y Direktoratet d a-b b-d c-Direktoratet", false);
    struct result *result = computed("gaps", network, NULL, NULL);
    ck_assert(computed_has_note(result, "2 actors have no sector and are left out, with their ties: Direktoratet, d."));
    ck_assert_double_eq(ei(result, "ties_across"), 1);
    ck_assert_double_eq(ei(result, "ties_within"), 0);
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a b a-b", false);
    result = computed("gaps", network, NULL, NULL);
    ck_assert_uint_eq(result_table(result, "gaps")->row_count, 0);
    ck_assert(isnan(ei(result, "ei")));
    ck_assert(computed_has_note(result, "Fewer than two sectors"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* 40 actors in 4 sectors of 10, ties with chance .3; between s0 and s1 with chance .3 times `share`. */
static struct network *sectors(uint64_t seed, double share)
{
    struct drawing *drawing = drawing_create(false);
    struct random_stream stream;
    random_stream_init(&stream, seed, 5);
    for (int i = 0; i < 40; i++) {
        char from[32], to[32], sector[32];
        snprintf(from, sizeof from, "v%02d", i);
        snprintf(sector, sizeof sector, "s%d", i % 4);
        drawing_actor(drawing, from, sector);
        for (int j = 0; j < i; j++) {
            bool planted = (i % 4 == 0 && j % 4 == 1) || (i % 4 == 1 && j % 4 == 0);
            snprintf(to, sizeof to, "v%02d", j);
            if (random_stream_unit(&stream) < (planted ? 0.3 * share : 0.3))
                drawing_tie(drawing, from, to, 1 + random_stream_unit(&stream));
        }
    }
    struct network *network = drawing_finish(drawing);
    network->spec.seed = seed;
    return network;
}

/* Is s0-s1 called a gap (first row, q at most .05)? ret_any: is any pair called? */
static bool gap_called(uint64_t seed, double share, bool *ret_any)
{
    struct network *network = sectors(seed, share);
    struct result *result = computed("gaps", network, NULL, "permutations=499");
    const struct table *table = result_table(result, "gaps");
    const struct column *z = table_column(table, "z_configuration"), *q = table_column(table, "q_configuration");
    *ret_any = false;
    for (size_t r = 0; r < table->row_count; r++) {
        *ret_any = *ret_any || q->numbers[r] <= 0.05;
        ck_assert(r == 0 || z->numbers[r] >= z->numbers[r - 1]);
    }
    bool called = strcmp(table_column(table, "sector_a")->texts[0], "s0") == 0 &&
                  strcmp(table_column(table, "sector_b")->texts[0], "s1") == 0 && q->numbers[0] <= 0.05;
    result_destroy(result);
    network_destroy(network);
    return called;
}

START_TEST(planted_gaps_are_found_and_others_are_not)
{
    unsigned strong = 0, weak = 0, none = 0, false_calls = 0;
    enum { RUNS = 40 };
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        bool any;
        strong += gap_called(seed, 0.1, &any);
        weak += gap_called(seed, 0.6, &any);
        none += gap_called(seed, 1, &any);
        false_calls += any;
    }
    ck_assert_uint_ge(strong, RUNS - 2);
    ck_assert(weak < strong && weak >= none);
    ck_assert_uint_le(none, 2);
    ck_assert_uint_le(false_calls, 6); /* at most .05 each: more than 6 of 40 has probability under .005 */
}
END_TEST

START_TEST(seed_is_recorded_and_decides)
{
    struct network *network = sectors(3, 1);
    struct result *one = computed("gaps", network, NULL, "permutations=50"),
                  *two = computed("gaps", network, NULL, "permutations=50");
    network->spec.seed = 4;
    struct result *other = computed("gaps", network, NULL, "permutations=50");
    ck_assert_uint_eq(one->card.seed, 3);
    ck_assert_uint_eq(other->card.seed, 4);
    ck_assert_double_eq(cell(one, "expected_permutation", "s0", "s1"), cell(two, "expected_permutation", "s0", "s1"));
    ck_assert_double_ne(cell(one, "expected_permutation", "s0", "s1"), cell(other, "expected_permutation", "s0", "s1"));
    result_destroy(one);
    result_destroy(two);
    result_destroy(other);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gaps");
    TCase *tcase = tcase_create("gaps");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, mixing_by_hand);
    tcase_add_test(tcase, directed_mixing_by_hand);
    tcase_add_test(tcase, one_actor_carries_two_sectors);
    tcase_add_test(tcase, actors_without_sector_are_named);
    tcase_add_test(tcase, planted_gaps_are_found_and_others_are_not);
    tcase_add_test(tcase, seed_is_recorded_and_decides);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
