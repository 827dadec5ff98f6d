/* SPDX-License-Identifier: GPL-3.0-or-later
 * Communities: agreement of divisions against counting every pair, published modularity, planted groups with and without
 * sectors that follow them.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "partition.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS 30

START_TEST(agreement_by_every_pair)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 1);
        int32_t left[ITEMS], right[ITEMS];
        size_t count = 2 + (size_t)random_stream_below(&stream, ITEMS - 1);
        double joint[ITEMS][ITEMS] = {{0}}, rows[ITEMS] = {0}, columns[ITEMS] = {0};
        for (size_t i = 0; i < count; i++) {
            left[i] = (int32_t)random_stream_below(&stream, count < 4 ? count : 4);
            right[i] = random_stream_below(&stream, 3) ? left[i] : (int32_t)random_stream_below(&stream, count < 5 ? count : 5);
            joint[left[i]][right[i]] += 1.0 / (double)count;
            rows[left[i]] += 1.0 / (double)count;
            columns[right[i]] += 1.0 / (double)count;
        }
        double both = 0, first = 0, second = 0, all = 0;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < i; j++) {
                both += left[i] == left[j] && right[i] == right[j];
                first += left[i] == left[j];
                second += right[i] == right[j];
                all++;
            }
        double mutual = 0, entropies = 0;
        for (size_t i = 0; i < ITEMS; i++) {
            entropies -= (rows[i] > 0 ? rows[i] * log(rows[i]) : 0) + (columns[i] > 0 ? columns[i] * log(columns[i]) : 0);
            for (size_t j = 0; j < ITEMS; j++)
                mutual += joint[i][j] > 0 ? joint[i][j] * log(joint[i][j] / (rows[i] * columns[j])) : 0;
        }
        struct partition_agreement agree;
        ck_assert(partition_agree(left, right, count, &agree));
        double most = (first + second) / 2, expected = first * second / all;
        ck_assert_double_eq_tol(agree.ari, most - expected != 0 ? (both - expected) / (most - expected) : 1, 1e-12);
        ck_assert_double_eq_tol(agree.nmi, entropies > 1e-12 ? 2 * mutual / entropies : 1, 1e-9);
        ck_assert(partition_agree(left, left, count, &agree));
        ck_assert_double_eq_tol(agree.ari, 1, 1e-12);
        ck_assert_double_eq_tol(agree.nmi, 1, 1e-12);
    }
    struct partition_agreement agree;
    ck_assert(partition_agree(NULL, NULL, 0, &agree));
    ck_assert(isnan(agree.ari) && isnan(agree.nmi));
}
END_TEST

START_TEST(canonical_and_stable)
{
    int32_t labels[] = {4, 1, 1, 0, 4, 1};
    ck_assert_uint_eq(partition_canonical(labels, 6), 3);
    static const int32_t wanted[] = {1, 0, 0, 2, 1, 0};
    ck_assert_mem_eq(labels, wanted, sizeof wanted);
    /* Two runs: one is the division itself, the other parts item 5 from its group. */
    static const int32_t runs[] = {1, 0, 0, 2, 1, 0, 0, 1, 1, 2, 0, 3};
    double together[6];
    ck_assert(partition_stability(labels, runs, 2, 6, together));
    ck_assert_double_eq(together[0], 1);
    ck_assert_double_eq(together[1], 0.75); /* with 2 in both, with 5 in one */
    ck_assert_double_eq(together[5], 0.5);
    ck_assert(isnan(together[3]));
}
END_TEST

static double of_partition(const struct result *result, const char *column)
{
    return computed_number(result, "partition", column, NULL, NULL);
}

START_TEST(karate_club)
{
    /* Zachary 1977, actor by actor the ones he is tied to with a higher number. */
    static const char *const ties[] = {"2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32",
                                       "3 4 8 14 18 20 22 31",
                                       "4 8 9 10 14 28 29 33",
                                       "8 13 14",
                                       "7 11",
                                       "7 11 17",
                                       "17",
                                       "",
                                       "31 33 34",
                                       "34",
                                       "",
                                       "",
                                       "",
                                       "34",
                                       "33 34",
                                       "33 34",
                                       "",
                                       "",
                                       "33 34",
                                       "34",
                                       "33 34",
                                       "",
                                       "33 34",
                                       "26 28 30 33 34",
                                       "26 28 32",
                                       "32",
                                       "30 34",
                                       "34",
                                       "32 34",
                                       "33 34",
                                       "33 34",
                                       "33 34",
                                       "34",
                                       ""};
    struct drawing *drawing = drawing_create(false);
    char from[16], to[16];
    for (int i = 0; i < 34; i++)
        for (const char *at = ties[i]; *at;) {
            char *end;
            long other = strtol(at, &end, 10);
            snprintf(from, sizeof from, "%02d", i + 1);
            snprintf(to, sizeof to, "%02ld", other % 100);
            drawing_tie(drawing, from, to, 1);
            at = end;
        }
    struct network *network = drawing_finish(drawing);
    ck_assert_uint_eq(network->tie_count, 78);
    struct result *result = computed("communities", network, NULL, "runs=100");
    ck_assert_double_eq_tol(of_partition(result, "modularity"), 0.4197896, 5e-7); /* the optimum, four groups */
    ck_assert_double_eq(of_partition(result, "communities"), 4);
    ck_assert_double_gt(of_partition(result, "stability_ari"), 0.5);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Three groups of eight, dense within; sectors follow the groups, or are dealt out across them. */
static struct network *planted(bool follow)
{
    struct drawing *drawing = drawing_create(false);
    char from[16], to[16];
    for (int i = 0; i < 24; i++) {
        snprintf(from, sizeof from, "%02d", i);
        int sector = follow ? i / 8 : i % 3;
        drawing_actor(drawing, from, sector == 0 ? "x" : sector == 1 ? "y" : "z");
        for (int j = 0; j < i; j++) {
            snprintf(to, sizeof to, "%02d", j);
            if (i / 8 == j / 8 ? (i + j) % 5 != 0 : (i * 7 + j * 3) % 19 == 0)
                drawing_tie(drawing, from, to, 1);
        }
    }
    return drawing_finish(drawing);
}

START_TEST(sectors_beside_communities)
{
    struct network *network = planted(true);
    struct result *result = computed("communities", network, NULL, "runs=20 permutations=499");
    ck_assert_double_eq(of_partition(result, "communities"), 3);
    ck_assert_double_eq_tol(of_partition(result, "ari"), 1, 1e-12);
    ck_assert_double_eq_tol(of_partition(result, "nmi"), 1, 1e-12);
    ck_assert_double_eq_tol(of_partition(result, "modularity"), of_partition(result, "modularity_sectors"), 1e-12);
    ck_assert_double_lt(of_partition(result, "modularity_sectors_p"), 0.01);
    ck_assert_double_lt(of_partition(result, "ari_p"), 0.01);
    ck_assert_double_eq(of_partition(result, "runs"), 20);
    ck_assert_uint_eq(result_table(result, "matching")->row_count, 3);
    ck_assert_double_eq_tol(computed_actor(result, "stability", "00"), 1, 1e-12);
    result_destroy(result);
    network_destroy(network);

    network = planted(false);
    result = computed("communities", network, NULL, "runs=20 permutations=499");
    ck_assert_double_lt(fabs(of_partition(result, "ari")), 0.15);
    ck_assert_double_gt(of_partition(result, "ari_p"), 0.05);
    ck_assert_double_lt(of_partition(result, "modularity_sectors"), 0.1);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(repeatable_and_alone)
{
    struct network *network = planted(true);
    struct result *first = computed("communities", network, NULL, "runs=5 permutations=20");
    struct result *second = computed("communities", network, NULL, "runs=5 permutations=20");
    for (size_t t = 0; t < first->table_count; t++)
        for (size_t c = 0; c < first->tables[t].column_count; c++)
            if (!first->tables[t].columns[c].is_text)
                ck_assert_mem_eq(first->tables[t].columns[c].numbers, second->tables[t].columns[c].numbers,
                                 first->tables[t].row_count * sizeof(double));
    result_destroy(first);
    result_destroy(second);
    network_destroy(network);

    network = network_drawn("a@x b@y", false);
    first = computed("communities", network, NULL, NULL);
    ck_assert(isnan(of_partition(first, "modularity")));
    ck_assert_double_eq(of_partition(first, "communities"), 2);
    ck_assert(computed_has_note(first, "Without ties"));
    result_destroy(first);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("communities");
    TCase *tcase = tcase_create("communities");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, agreement_by_every_pair);
    tcase_add_test(tcase, canonical_and_stable);
    tcase_add_test(tcase, karate_club);
    tcase_add_test(tcase, sectors_beside_communities);
    tcase_add_test(tcase, repeatable_and_alone);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
