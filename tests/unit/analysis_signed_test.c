/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signed networks: published standing, camps and triads against everything tried out, and what makes a pair negative.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "random_stream.h"
#include "signed_pairs.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 9

/* The ten-node example that the R package signnet prints; signs by row. */
static const int published[10][9] = {
    {2, 4, -8, -9},         {1, 3, -4, 5, -6, -7},  {2, 4, -5, -9}, {1, -2, 3, 5, -6, -7},  {2, -3, 4, 6, -8, -10},
    {-2, -4, 5, 7, 9, -10}, {-2, -4, 6, 8, -9, 10}, {-1, -5, 7, 9}, {-1, -3, 6, -7, 8, 10}, {-5, -6, 7, 9}};
static const double standing[10] = {.9009747, .8613482, .9076997, .8613482, .8410658,
                                    .8496558, .8617321, .9015909, .8509848, .9072930};

START_TEST(published_standing)
{
    struct drawing *drawing = drawing_create(true);
    char from[24], to[24];
    for (int i = 0; i < 10; i++)
        for (int k = 0; k < 9 && published[i][k]; k++) {
            snprintf(from, sizeof from, "%02d", i + 1);
            snprintf(to, sizeof to, "%02d", abs(published[i][k]));
            if (published[i][k] > 0)
                drawing_tie(drawing, from, to, 1);
            else
                drawing_negative(drawing, from, to);
        }
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("signed", network, NULL, NULL);
    for (int i = 0; i < 10; i++) {
        snprintf(from, sizeof from, "%02d", i + 1);
        /* the matrix is symmetric, so all three variants are the published one */
        ck_assert_double_eq_tol(computed_actor(result, "pn", from), standing[i], 5e-8);
        ck_assert_double_eq_tol(computed_actor(result, "pn_out", from), standing[i], 5e-8);
        ck_assert_double_eq_tol(computed_actor(result, "pn_in", from), standing[i], 5e-8);
    }
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Solves M x = y in place by elimination with pivots. */
static void eliminate(double matrix[MOST][MOST], double *y, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(matrix[i][k]) > fabs(matrix[pivot][k]))
                pivot = i;
        for (size_t j = 0; j < n; j++) {
            double swap = matrix[k][j];
            matrix[k][j] = matrix[pivot][j];
            matrix[pivot][j] = swap;
        }
        double swap = y[k];
        y[k] = y[pivot];
        y[pivot] = swap;
        for (size_t i = 0; i < n; i++) {
            double factor = i == k ? 0 : matrix[i][k] / matrix[k][k];
            for (size_t j = 0; j < n && factor != 0; j++)
                matrix[i][j] -= factor * matrix[k][j];
            y[i] -= factor * y[k];
        }
    }
    for (size_t k = 0; k < n; k++)
        y[k] /= matrix[k][k];
}

START_TEST(directed_standing_solves_its_system)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 2);
        size_t n = 3 + (size_t)random_stream_below(&stream, MOST - 2);
        double a[MOST][MOST] = {{0}};
        struct drawing *drawing = drawing_create(true);
        char from[24], to[24];
        for (size_t i = 0; i < n; i++) {
            snprintf(from, sizeof from, "%zu", i);
            drawing_actor(drawing, from, NULL);
            for (size_t j = 0; j < n; j++) {
                uint64_t kind = i == j ? 3 : random_stream_below(&stream, 4);
                snprintf(to, sizeof to, "%zu", j);
                if (kind == 0 || kind == 2) {
                    drawing_tie(drawing, from, to, 1);
                    a[i][j] += 1;
                }
                if (kind == 1 || kind == 2) {
                    drawing_negative(drawing, from, to);
                    a[i][j] -= 2;
                }
            }
        }
        struct network *network = drawing_finish(drawing);
        struct result *result = computed("signed", network, NULL, NULL);
        double scale = 1 / (2 * ((double)n - 1));
        for (int in = 0; in < 2; in++) {
            double matrix[MOST][MOST], y[MOST];
            for (size_t i = 0; i < n; i++) {
                y[i] = 1;
                for (size_t j = 0; j < n; j++) {
                    double sum = 0;
                    for (size_t k = 0; k < n; k++)
                        sum += in ? a[k][i] * a[k][j] : a[i][k] * a[j][k];
                    matrix[i][j] = (i == j) - scale * scale * sum;
                    y[i] += scale * (in ? a[j][i] : a[i][j]);
                }
            }
            eliminate(matrix, y, n);
            for (size_t i = 0; i < n; i++) {
                snprintf(from, sizeof from, "%zu", i);
                ck_assert_double_eq_tol(computed_actor(result, in ? "pn_in" : "pn_out", from), y[i], 1e-9);
            }
        }
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

static double balance(const struct result *result, const char *column)
{
    return computed_number(result, "balance", column, NULL, NULL);
}

START_TEST(everything_tried_out)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 3);
        size_t n = 4 + (size_t)random_stream_below(&stream, MOST - 3);
        int sign[MOST][MOST] = {{0}};
        struct drawing *drawing = drawing_create(false);
        char from[24], to[24];
        for (size_t i = 0; i < n; i++) {
            snprintf(from, sizeof from, "%zu", i);
            drawing_actor(drawing, from, NULL);
            for (size_t j = i + 1; j < n; j++) {
                uint64_t kind = random_stream_below(&stream, 3);
                snprintf(to, sizeof to, "%zu", j);
                if (kind == 0)
                    drawing_tie(drawing, from, to, 1);
                if (kind == 1)
                    drawing_negative(drawing, from, to);
                sign[i][j] = sign[j][i] = kind == 0 ? 1 : kind == 1 ? -1 : 0;
            }
        }
        struct network *network = drawing_finish(drawing);
        struct result *result = computed("signed", network, NULL, "negative-from=1 permutations=50");
        int least = 1000, by_negative[4] = {0};
        for (unsigned camps = 0; camps < 1u << n; camps++) {
            int misfits = 0;
            for (size_t i = 0; i < n; i++)
                for (size_t j = i + 1; j < n; j++) {
                    bool together = (camps >> i & 1) == (camps >> j & 1);
                    misfits += (sign[i][j] > 0 && !together) || (sign[i][j] < 0 && together);
                }
            least = misfits < least ? misfits : least;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                for (size_t k = j + 1; k < n; k++)
                    if (sign[i][j] && sign[i][k] && sign[j][k])
                        by_negative[(sign[i][j] < 0) + (sign[i][k] < 0) + (sign[j][k] < 0)]++;
        ck_assert_double_eq(balance(result, "frustration"), least);
        ck_assert_double_eq(balance(result, "frustration_exact"), 1);
        ck_assert_double_eq(balance(result, "triads_ppp"), by_negative[0]);
        ck_assert_double_eq(balance(result, "triads_ppn"), by_negative[1]);
        ck_assert_double_eq(balance(result, "triads_pnn"), by_negative[2]);
        ck_assert_double_eq(balance(result, "triads_nnn"), by_negative[3]);
        /* The division told is one that is as good. */
        double misfits = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) {
                snprintf(from, sizeof from, "%zu", i);
                snprintf(to, sizeof to, "%zu", j);
                bool together = computed_actor(result, "camp", from) == computed_actor(result, "camp", to);
                misfits += (sign[i][j] > 0 && !together) || (sign[i][j] < 0 && together);
            }
        ck_assert_double_eq(misfits, least);
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

/* Too many actors to try every division: two planted camps explain everything, and one pair out of place is found. */
START_TEST(large_camps)
{
    for (int odd = 0; odd < 2; odd++) {
        struct drawing *drawing = drawing_create(false);
        char from[24], to[24];
        for (int i = 0; i < 40; i++)
            for (int j = 0; j < i; j++) {
                snprintf(from, sizeof from, "%02d", i);
                snprintf(to, sizeof to, "%02d", j);
                bool positive = i % 2 == j % 2;
                if (odd && i == 7 && j == 3)
                    positive = !positive;
                if (positive)
                    drawing_tie(drawing, from, to, 1);
                else
                    drawing_negative(drawing, from, to);
            }
        struct network *network = drawing_finish(drawing);
        struct result *result = computed("signed", network, NULL, "negative-from=1 permutations=20");
        ck_assert_double_eq(balance(result, "frustration"), odd);
        ck_assert_double_eq(balance(result, "frustration_exact"), !odd); /* 0 needs no proof, 1 here is an upper bound */
        ck_assert_double_eq_tol(balance(result, "balanced_share"), odd ? 1 - 38.0 / 9880 : 1, 1e-12);
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

START_TEST(repeated_objections_make_a_pair_negative)
{
    struct drawing *drawing = drawing_create(true);
    drawing_tie(drawing, "a", "b", 3);
    drawing_negative(drawing, "a", "b");
    drawing_negative(drawing, "b", "a");
    drawing_tie(drawing, "a", "c", 1);
    drawing_negative(drawing, "c", "a");
    drawing_negative(drawing, "c", "d");
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("signed", network, NULL, NULL);
    ck_assert_double_eq(balance(result, "negative_pairs"), 1); /* a-b: one each way are two */
    ck_assert_double_eq(balance(result, "positive_pairs"), 1); /* a-c: one objection is a statement */
    ck_assert_double_eq(computed_actor(result, "negative_pairs", "a"), 1);
    ck_assert_double_eq(computed_actor(result, "negative_out", "c"), 2);
    ck_assert_double_eq(computed_actor(result, "negative_in", "d"), 1);
    ck_assert(isnan(computed_actor(result, "camp", "d")));
    const struct table *blocked = result_table(result, "blocked_pairs");
    ck_assert_uint_eq(blocked->row_count, 3);
    ck_assert_str_eq(table_column(blocked, "actor_a")->texts[0], "a");
    ck_assert_str_eq(table_column(blocked, "actor_b")->texts[0], "b");
    ck_assert_double_eq(table_column(blocked, "weight")->numbers[0], 3);
    ck_assert_double_eq(table_column(blocked, "negative")->numbers[1], 0);
    ck_assert(computed_has_note(result, "no failure of coordination"));
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a-b b-c", false);
    result = computed("signed", network, NULL, NULL);
    ck_assert(computed_has_note(result, "Nobody objected"));
    ck_assert_double_eq(balance(result, "frustration"), 0);
    ck_assert(isnan(balance(result, "balanced_share")));
    ck_assert_uint_eq(result_table(result, "blocked_pairs")->row_count, 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("signed");
    TCase *tcase = tcase_create("signed");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, published_standing);
    tcase_add_test(tcase, directed_standing_solves_its_system);
    tcase_add_test(tcase, everything_tried_out);
    tcase_add_test(tcase, large_camps);
    tcase_add_test(tcase, repeated_objections_make_a_pair_negative);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
