/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random streams, label permutation and the false discovery rate: known answers, exact enumeration, uniform p under the null.
 */
#include "label_permutation.h"
#include "multiple.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(streams_are_functions_of_seed_and_stream)
{
    struct random_stream a, b;
    random_stream_init(&a, 7, 3);
    random_stream_init(&b, 7, 3);
    uint64_t first = random_stream_next(&a);
    ck_assert(first == random_stream_next(&b));
    random_stream_init(&b, 7, 4);
    ck_assert(first != random_stream_next(&b));
    random_stream_init(&b, 8, 3);
    ck_assert(first != random_stream_next(&b));
    for (int i = 0; i < 1000; i++) {
        ck_assert_uint_lt(random_stream_below(&a, 17), 17);
        double unit = random_stream_unit(&a);
        ck_assert(unit >= 0 && unit < 1);
    }
    ck_assert_uint_eq(random_stream_below(&a, 1), 0);
    /* Three quarters of the range: without drawing again the first third of the results would come half of the time. */
    unsigned low = 0;
    for (int i = 0; i < 3000; i++)
        low += random_stream_below(&a, UINT64_C(3) << 62) < UINT64_C(1) << 62;
    ck_assert_uint_lt(low, 1150);
}
END_TEST

START_TEST(shuffles_are_uniform)
{
    /* 24 orders of four values, 24,000 shuffles: chi-square with 23 degrees of freedom is under 49.7 with probability .999. */
    unsigned seen[256] = {0};
    for (unsigned replicate = 0; replicate < 24000; replicate++) {
        struct random_stream stream;
        int32_t values[] = {0, 1, 2, 3};
        random_stream_init(&stream, 11, replicate);
        random_stream_shuffle(&stream, values, 4);
        seen[values[0] * 64 + values[1] * 16 + values[2] * 4 + values[3]]++;
    }
    double chi = 0;
    size_t orders = 0;
    for (size_t i = 0; i < 256; i++)
        if (seen[i] > 0) {
            orders++;
            chi += (seen[i] - 1000.0) * (seen[i] - 1000.0) / 1000;
        }
    ck_assert_uint_eq(orders, 24);
    ck_assert_double_lt(chi, 49.7);
}
END_TEST

START_TEST(label_spaces)
{
    static const int32_t three[] = {0, 1, 1, 2, 0, 1}; /* 6! / (2! 3! 1!) = 60 */
    ck_assert_double_eq(label_permutation_space(three, NULL, 6), 60);
    ck_assert_double_eq(label_permutation_space(NULL, NULL, 0), 1);
    static const int32_t same[] = {4, 4, 4};
    ck_assert_double_eq(label_permutation_space(same, NULL, 3), 1);
    int32_t many[400];
    for (int32_t i = 0; i < 400; i++)
        many[i] = i;
    ck_assert(isinf(label_permutation_space(many, NULL, 400)));
}
END_TEST

/* The statistic: sum of the values of those labelled 1. */
struct values {
    const double *values;
    size_t count;
    size_t calls;
};
static void sum_of_ones(void *arg, const int32_t *labels, double *ret_statistics)
{
    struct values *values = arg;
    values->calls++;
    *ret_statistics = 0;
    for (size_t i = 0; i < values->count; i++)
        *ret_statistics += labels[i] == 1 ? values->values[i] : 0;
}

START_TEST(exact_enumeration_by_hand)
{
    /* Two of {1, 2, 3, 10} are labelled 1: the six sums are 3 4 5 11 12 13. Observed 13: p_high 1/6, mean 8, p 1/3. */
    static const double numbers[] = {1, 2, 3, 10};
    static const int32_t labels[] = {0, 0, 1, 1};
    struct values values = {numbers, 4, 0};
    struct label_permutation plan = {.labels = labels,
                                     .label_count = 4,
                                     .statistic_count = 1,
                                     .permutations = 10,
                                     .statistics = sum_of_ones,
                                     .arg = &values};
    struct label_null null;
    bool exact;
    unsigned count;
    ck_assert_int_eq(label_permutation_run(&plan, &null, &exact, &count), LABEL_PERMUTATION_OK);
    ck_assert(exact);
    ck_assert_uint_eq(count, 6);
    ck_assert_double_eq_tol(null.observed, 13, 1e-12);
    ck_assert_double_eq_tol(null.mean, 8, 1e-12);
    ck_assert_double_eq_tol(null.sd, sqrt((25 + 16 + 9 + 9 + 16 + 25) / 6.0), 1e-12);
    ck_assert_double_eq_tol(null.p_high, 1.0 / 6, 1e-12);
    ck_assert_double_eq_tol(null.p_low, 1, 1e-12);
    ck_assert_double_eq_tol(null.p, 1.0 / 3, 1e-12);
}
END_TEST

START_TEST(equal_but_for_rounding_is_equal)
{
    /* .1 + .2 is not .3 in the last bit; of the six sums four are at most the observed .3. */
    static const double numbers[] = {.1, .2, .3, 0};
    static const int32_t labels[] = {0, 0, 1, 1};
    struct values values = {numbers, 4, 0};
    struct label_permutation plan = {
        .labels = labels, .label_count = 4, .statistic_count = 1, .statistics = sum_of_ones, .arg = &values};
    struct label_null null;
    bool exact;
    unsigned count;
    ck_assert_int_eq(label_permutation_run(&plan, &null, &exact, &count), LABEL_PERMUTATION_OK);
    ck_assert_double_eq_tol(null.p_low, 4.0 / 6, 1e-12);
    ck_assert_double_eq_tol(null.p_high, 4.0 / 6, 1e-12);
}
END_TEST

/* p of one data set of 30 draws, 15 labelled; the effect is added to the labelled ones. */
static struct label_null tested(uint64_t data_seed, double effect, unsigned permutations)
{
    double numbers[30];
    int32_t labels[30];
    struct random_stream stream;
    random_stream_init(&stream, data_seed, 1);
    for (size_t i = 0; i < 30; i++) {
        labels[i] = i % 2;
        numbers[i] = random_stream_unit(&stream) + effect * labels[i];
    }
    struct values values = {numbers, 30, 0};
    struct label_permutation plan = {.labels = labels,
                                     .label_count = 30,
                                     .statistic_count = 1,
                                     .permutations = permutations,
                                     .seed = data_seed,
                                     .statistics = sum_of_ones,
                                     .arg = &values};
    struct label_null null;
    bool exact;
    unsigned count;
    ck_assert_int_eq(label_permutation_run(&plan, &null, &exact, &count), LABEL_PERMUTATION_OK);
    ck_assert(!exact);
    ck_assert_uint_eq(count, permutations);
    return null;
}

START_TEST(p_is_uniform_without_an_effect)
{
    /* 1,000 data sets, 199 permutations: p_high takes the values 1/200 .. 1. The largest gap to the uniform distribution stays
     * under 1.95 / sqrt(1000) with probability .999 (Kolmogorov). */
    enum { SETS = 1000, PERMUTATIONS = 199 };
    unsigned at_most[PERMUTATIONS + 2] = {0};
    for (unsigned set = 0; set < SETS; set++) {
        struct label_null null = tested(1000 + set, 0, PERMUTATIONS);
        at_most[(unsigned)lround(null.p_high * (PERMUTATIONS + 1))]++;
    }
    double worst = 0;
    unsigned sum = 0;
    for (unsigned b = 1; b <= PERMUTATIONS + 1; b++) {
        sum += at_most[b];
        worst = fmax(worst, fabs(sum / (double)SETS - b / (double)(PERMUTATIONS + 1)));
    }
    ck_assert_uint_eq(at_most[0], 0); /* never 0: (b+1)/(m+1) */
    ck_assert_uint_eq(sum, SETS);
    ck_assert_double_lt(worst, 1.95 / sqrt(SETS));
}
END_TEST

START_TEST(a_planted_effect_is_found)
{
    unsigned found = 0, weak = 0;
    for (unsigned set = 0; set < 100; set++) {
        found += tested(set, 0.6, 199).p <= 0.05;
        weak += tested(set, 0.1, 199).p <= 0.05;
    }
    ck_assert_uint_ge(found, 95);
    ck_assert_uint_lt(weak, found);
}
END_TEST

static bool stop_halfway(void *arg, unsigned permille)
{
    return permille < 500;
}

START_TEST(permutation_can_be_stopped)
{
    static const double numbers[] = {1, 2, 3, 10};
    static const int32_t labels[] = {0, 0, 1, 1};
    struct values values = {numbers, 4, 0};
    struct label_permutation plan = {.labels = labels,
                                     .label_count = 4,
                                     .statistic_count = 1,
                                     .statistics = sum_of_ones,
                                     .proceed = stop_halfway,
                                     .arg = &values};
    struct label_null null;
    bool exact;
    unsigned count;
    ck_assert_int_eq(label_permutation_run(&plan, &null, &exact, &count), LABEL_PERMUTATION_STOPPED);
}
END_TEST

START_TEST(false_discovery_rate_by_hand)
{
    static const double p[] = {0.01, 0.04, NAN, 0.03, 0.5};
    /* Ordered .01 .03 .04 .5, times 4/i: .04 .06 .0533 .5; from above: .04 .0533 .0533 .5. */
    double q[5];
    ck_assert(multiple_benjamini_hochberg(p, 5, q));
    ck_assert_double_eq_tol(q[0], 0.04, 1e-12);
    ck_assert_double_eq_tol(q[1], 0.16 / 3, 1e-12);
    ck_assert(isnan(q[2]));
    ck_assert_double_eq_tol(q[3], 0.16 / 3, 1e-12);
    ck_assert_double_eq_tol(q[4], 0.5, 1e-12);
    ck_assert(multiple_benjamini_hochberg(NULL, 0, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("permutation");
    TCase *tcase = tcase_create("permutation");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, streams_are_functions_of_seed_and_stream);
    tcase_add_test(tcase, shuffles_are_uniform);
    tcase_add_test(tcase, label_spaces);
    tcase_add_test(tcase, exact_enumeration_by_hand);
    tcase_add_test(tcase, equal_but_for_rounding_is_equal);
    tcase_add_test(tcase, p_is_uniform_without_an_effect);
    tcase_add_test(tcase, a_planted_effect_is_found);
    tcase_add_test(tcase, permutation_can_be_stopped);
    tcase_add_test(tcase, false_discovery_rate_by_hand);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
