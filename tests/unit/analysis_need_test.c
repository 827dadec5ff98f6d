/* SPDX-License-Identifier: GPL-3.0-or-later
 * Needed against actual: requirements and congruence counted by hand and by brute force; the four lists; what is not known.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "need.h"
#include "random_stream.h"
#include "requirement.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* a and b own the instrument t1 and t2, which serve the goal g (weights 2 and 1); c owns g; b and d own t3, which serves
 * nothing. TA: a t1 1; b t2 1, t3 0.5; c g 1; d t3 0.5 TD: t1-t2 2*1, t1-g 2, t2-g 1, diagonal 1 CR: a-b 2, a-c 2, b-c 1, b-d
 * 0.25; a-d and c-d 0 */
enum { G, T1, T2, T3 };

static struct need by_hand(const struct network *network)
{
    struct need need = {0};
    int32_t a = drawn_index(network, "a"), b = drawn_index(network, "b"), c = drawn_index(network, "c"),
            d = drawn_index(network, "d");
    ck_assert(need_add_item(&need, NEED_GOAL, "g", "the goal") && need_add_item(&need, NEED_INSTRUMENT, "t1", "one") &&
              need_add_item(&need, NEED_INSTRUMENT, "t2", "two") && need_add_item(&need, NEED_INSTRUMENT, "t3", "three"));
    ck_assert(need_add_owner(&need, T1, a, 1) && need_add_owner(&need, T2, b, 1) && need_add_owner(&need, T3, b, 0.5) &&
              need_add_owner(&need, G, c, 1) && need_add_owner(&need, T3, d, 0.5));
    ck_assert(need_add_link(&need, T2, G, 1) && need_add_link(&need, T1, G, 2));
    return need;
}

static size_t row_of(const struct result *result, const char *a, const char *b)
{
    const struct table *table = result_table(result, "need");
    const struct column *from = table_column(table, "actor_a"), *to = table_column(table, "actor_b");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(from->texts[r], a) == 0 && strcmp(to->texts[r], b) == 0)
            return r;
    ck_abort_msg("no pair %s, %s", a, b);
    return 0;
}

static double number_of(const struct result *result, const char *a, const char *b, const char *column)
{
    return table_column(result_table(result, "need"), column)->numbers[row_of(result, a, b)];
}

static const char *text_of(const struct result *result, const char *a, const char *b, const char *column)
{
    return table_column(result_table(result, "need"), column)->texts[row_of(result, a, b)];
}

START_TEST(requirements_by_hand)
{
    struct network *network = network_drawn("a@x b@x c@y d@y a-b c-d:3", false);
    network->complete = true;
    struct need need = by_hand(network);
    struct result *result = computed_from("need", &(struct metrics_input){.network = network, .need = &need}, NULL);
    ck_assert_double_eq_tol(number_of(result, "a", "b", "requirement"), 2, 1e-12);
    ck_assert_double_eq_tol(number_of(result, "a", "c", "requirement"), 2, 1e-12);
    ck_assert_double_eq_tol(number_of(result, "b", "c", "requirement"), 1, 1e-12);
    ck_assert_double_eq_tol(number_of(result, "b", "d", "requirement"), 0.25, 1e-12);
    ck_assert_double_eq(number_of(result, "a", "d", "requirement"), 0);
    ck_assert_double_eq(number_of(result, "c", "d", "requirement"), 0);
    ck_assert_str_eq(text_of(result, "a", "b", "goals"), "the goal");
    ck_assert_str_eq(text_of(result, "b", "d", "instruments"), "three");
    ck_assert_ptr_null(text_of(result, "b", "d", "goals"));

    /* Four needed pairs, one with contact: 1/4; by requirement 2 / 5.25. */
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence", NULL, NULL), 0.25, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "congruence", "weighted", NULL, NULL), 2 / 5.25, 1e-12);
    ck_assert_str_eq(text_of(result, "a", "b", "list"), "needed_done");
    ck_assert_str_eq(text_of(result, "a", "c", "list"), "needed_missing");
    ck_assert_str_eq(text_of(result, "c", "d", "list"), "done_not_needed");
    ck_assert_str_eq(text_of(result, "a", "d", "list"), "neither");
    ck_assert_double_eq(number_of(result, "a", "c", "rank"), 1);
    ck_assert_double_eq(number_of(result, "b", "c", "rank"), 2);
    ck_assert_double_eq(number_of(result, "b", "d", "rank"), 3);
    ck_assert(isnan(number_of(result, "a", "b", "rank")));

    /* All 24 permutations: the two contacts do not touch each other, so they lie on {ab,cd}, {ac,bd} or {ad,bc}, 8 times each,
     * of which 1, 2 and 1 pairs are needed. */
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence_expected", NULL, NULL), (0.25 + 0.5 + 0.25) / 3,
                            1e-12);
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence_percentile", NULL, NULL), 200.0 / 3, 1e-9);
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence_p_high", NULL, NULL), 1, 1e-12);
    result_destroy(result);
    need_release(&need);
    network_destroy(network);
}
END_TEST

START_TEST(sharing_only_counts_common_items)
{
    struct network *network = network_drawn("a b c d a-b", false);
    struct need need = by_hand(network);
    struct result *result =
        computed_from("need", &(struct metrics_input){.network = network, .need = &need}, "dependency=sharing");
    ck_assert_double_eq(number_of(result, "a", "b", "requirement"), 0);
    ck_assert_double_eq_tol(number_of(result, "b", "d", "requirement"), 0.25, 1e-12);
    ck_assert_double_eq(computed_number(result, "congruence", "needed", NULL, NULL), 1);
    result_destroy(result);
    need_release(&need);
    network_destroy(network);
}
END_TEST

START_TEST(nobody_told_is_not_missing)
{
    struct network *network = network_drawn("a b c d a-b c-d", false);
    struct need need = by_hand(network);
    network->complete = false;
    for (size_t i = 0; i < network->actor_count; i++)
        network->actors[i].reported = false;
    network->actors[drawn_index(network, "c")].reported = true;
    struct result *result = computed_from("need", &(struct metrics_input){.network = network, .need = &need}, NULL);
    ck_assert_str_eq(text_of(result, "b", "d", "list"), "needed_unknown");
    ck_assert_str_eq(text_of(result, "a", "d", "list"), "not_needed_unknown");
    ck_assert_str_eq(text_of(result, "a", "c", "list"), "needed_missing");
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence", NULL, NULL), 1.0 / 3, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence_low", NULL, NULL), 1.0 / 4, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "congruence", "congruence_high", NULL, NULL), 2.0 / 4, 1e-12);
    result_destroy(result);
    need_release(&need);
    network_destroy(network);
}
END_TEST

START_TEST(enough_asks_for_a_share_of_what_activity_suggests)
{
    /* Strengths: a 10.1, b 10.1, c 1, d 1, e 20. a-b has 0.1 where 10.1 * 10.1 / 42.2 are expected. */
    struct network *network = network_drawn("a-e:10 b-e:10 c-d:1 a-b:0.1", false);
    network->complete = true;
    struct need need = by_hand(network);
    struct metrics_input input = {.network = network, .need = &need};
    struct result *any = computed_from("need", &input, NULL), *half = computed_from("need", &input, "enough=0.5");
    ck_assert_str_eq(text_of(any, "a", "b", "list"), "needed_done");
    ck_assert_str_eq(text_of(half, "a", "b", "list"), "needed_missing");
    ck_assert_double_eq_tol(number_of(half, "a", "b", "ratio_configuration"), 0.1 / (10.1 * 10.1 / 42.2), 1e-12);
    ck_assert_str_eq(text_of(half, "c", "d", "list"), "done_not_needed");
    ck_assert(computed_has_note(any, "1 actors own nothing"));
    result_destroy(any);
    result_destroy(half);
    need_release(&need);
    network_destroy(network);
}
END_TEST

#define ACTORS 6
#define ITEMS  9 /* three goals, four instruments, two target groups */

/* TA, TD and their product as they are written, on random registers. */
START_TEST(requirements_are_the_matrix_product)
{
    struct random_stream stream;
    random_stream_init(&stream, 5, (uint64_t)_i);
    double ta[ACTORS][ITEMS] = {{0}}, w[ITEMS][ITEMS] = {{0}};
    struct need need = {0};
    for (int i = 0; i < ITEMS; i++)
        ck_assert(need_add_item(&need, i < 3 ? NEED_GOAL : i < 7 ? NEED_INSTRUMENT : NEED_TARGET_GROUP, "k", "n"));
    for (int a = 0; a < ACTORS; a++)
        for (int i = 0; i < ITEMS; i++)
            if (random_stream_unit(&stream) < 0.3 || i == a) {
                ta[a][i] = 0.25 + random_stream_unit(&stream);
                ck_assert(need_add_owner(&need, i, a * 3, ta[a][i])); /* places are not indices */
            }
    for (int i = 0; i < ITEMS; i++)
        for (int aim = 0; aim < ITEMS; aim++) {
            bool instrument = i >= 3 && i < 7, is_aim = aim < 3 || aim >= 7;
            if (instrument && is_aim && random_stream_unit(&stream) < 0.4) {
                w[i][aim] = 0.1 + 3 * random_stream_unit(&stream);
                ck_assert(need_add_link(&need, i, aim, w[i][aim]));
            } else if (i == aim && is_aim) {
                w[i][aim] = 1;
            }
        }
    for (int sharing = 0; sharing < 2; sharing++) {
        struct requirement requirement;
        ck_assert_int_eq(requirement_init(&requirement, &need, sharing, NULL, NULL), REQUIREMENT_OK);
        ck_assert_uint_eq(requirement.count, ACTORS);
        for (size_t a = 0; a < ACTORS; a++)
            for (size_t b = a + 1; b < ACTORS; b++) {
                double cr = 0;
                for (int i = 0; i < ITEMS; i++)
                    for (int j = 0; j < ITEMS; j++) {
                        double td = i == j;
                        for (int aim = 0; aim < ITEMS && i != j && !sharing; aim++)
                            td += w[i][aim] * w[j][aim];
                        cr += ta[a][i] * td * ta[b][j];
                    }
                double got = requirement.weights[requirement_pair(&requirement, a, b)];
                ck_assert_double_eq_tol(got, cr, 1e-12 * (1 + cr));
                ck_assert_int_eq(got > 0, cr > 0);
            }
        requirement_release(&requirement);
    }
    need_release(&need);
}
END_TEST

START_TEST(an_empty_register_needs_nothing)
{
    struct network *network = network_drawn("a-b c", true);
    struct need need = {0};
    struct result *result = computed_from("need", &(struct metrics_input){.network = network, .need = &need}, NULL);
    ck_assert_double_eq(computed_number(result, "congruence", "owners", NULL, NULL), 0);
    ck_assert(isnan(computed_number(result, "congruence", "congruence", NULL, NULL)));
    ck_assert(computed_has_note(result, "register of needs is empty"));
    ck_assert_uint_eq(result_table(result, "need")->row_count, 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(links_that_do_not_fit_are_refused)
{
    struct need need = {0};
    ck_assert(need_add_item(&need, NEED_GOAL, "g", "g") && need_add_item(&need, NEED_INSTRUMENT, "t", "t"));
    ck_assert(!need_add_link(&need, 0, 1, 1));
    ck_assert(!need_add_link(&need, 1, 1, 1));
    ck_assert(!need_add_link(&need, 1, 2, 1));
    ck_assert(!need_add_owner(&need, -1, 0, 1));
    ck_assert(need_add_link(&need, 1, 0, 1));
    need_release(&need);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("need");
    TCase *tcase = tcase_create("need");
    tcase_add_test(tcase, requirements_by_hand);
    tcase_add_test(tcase, sharing_only_counts_common_items);
    tcase_add_test(tcase, nobody_told_is_not_missing);
    tcase_add_test(tcase, enough_asks_for_a_share_of_what_activity_suggests);
    tcase_add_loop_test(tcase, requirements_are_the_matrix_product, 0, 20);
    tcase_add_test(tcase, an_empty_register_needs_nothing);
    tcase_add_test(tcase, links_that_do_not_fit_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
