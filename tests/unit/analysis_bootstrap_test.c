/* SPDX-License-Identifier: GPL-3.0-or-later
 * The vertex bootstrap by its expectations, the jackknife and intervals by hand, kappa against statsmodels.
 */
#include "bootstrap.h"
#include "kappa.h"
#include "random_stream.h"
#include "replicates.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N     12
#define DRAWS 20000

static void fill(double *matrix, bool directed)
{
    struct random_stream stream;
    random_stream_init(&stream, 1999, 0);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            matrix[i * N + j] = i == j ? 0 : !directed && j < i ? matrix[j * N + i] : random_stream_unit(&stream) < 0.3;
}

static double density(const double *matrix)
{
    double ties = 0;
    for (size_t c = 0; c < (size_t)N * N; c++)
        ties += matrix[c];
    return ties / (N * (N - 1));
}

START_TEST(expectations)
{
    static double matrix[N * N], sample[N * N];
    int32_t actors[N];
    for (int directed = 0; directed < 2; directed++)
        for (int f = 0; f < 2; f++) {
            fill(matrix, directed);
            double sum = 0, squares = 0, observed = density(matrix);
            for (uint64_t r = 0; r < DRAWS; r++) {
                bootstrap_draw(matrix, N, directed, (enum bootstrap_fill)f, 3, r, actors, sample);
                double d = density(sample);
                sum += d;
                squares += d * d;
            }
            double mean = sum / DRAWS, error = sqrt((squares / DRAWS - mean * mean) / DRAWS);
            double expected = f == BOOTSTRAP_ZERO ? observed * (1 - 1.0 / N) : observed;
            ck_assert_msg(fabs(mean - expected) < 4 * error, "directed %d fill %d: mean %g, expected %g +- %g", directed, f,
                          mean, expected, error);
        }
}
END_TEST

START_TEST(positions_are_copies)
{
    static double matrix[N * N], sample[N * N], again[N * N];
    int32_t actors[N];
    fill(matrix, true);
    matrix[5] = NAN;
    bool unknown = false;
    for (uint64_t r = 0; r < 50; r++) {
        bootstrap_draw(matrix, N, true, BOOTSTRAP_ZERO, 3, r, actors, sample);
        bootstrap_draw(matrix, N, true, BOOTSTRAP_ZERO, 3, r, actors, again);
        ck_assert_mem_eq(sample, again, sizeof sample);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                double source = matrix[(size_t)actors[i] * N + (size_t)actors[j]];
                double expected = i == j || actors[i] == actors[j] ? 0 : source;
                unknown = unknown || isnan(expected);
                ck_assert(sample[i * N + j] == expected || (isnan(sample[i * N + j]) && isnan(expected)));
            }
    }
    ck_assert(unknown);
    fill(matrix, false);
    for (uint64_t r = 0; r < 20; r++) { /* undirected samples are symmetric whatever fills them */
        bootstrap_draw(matrix, N, false, BOOTSTRAP_RANDOM_DYAD, 3, r, actors, sample);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++)
                ck_assert_double_eq(sample[i * N + j], sample[j * N + i]);
    }
    const double three[] = {0, 1, 2, 3, 0, 4, 5, 6, 0};
    double rest[4];
    bootstrap_without(three, 3, 1, rest);
    ck_assert(rest[0] == 0 && rest[1] == 2 && rest[2] == 5 && rest[3] == 0);
    bootstrap_draw(three, 0, true, BOOTSTRAP_RANDOM_DYAD, 1, 0, actors, sample);
    bootstrap_draw(three, 1, true, BOOTSTRAP_RANDOM_DYAD, 1, 0, actors, sample);
    ck_assert(actors[0] == 0 && sample[0] == 0);
}
END_TEST

START_TEST(intervals)
{
    double values[] = {3, NAN, 1, 2, NAN, 5, 4};
    struct interval interval = interval_of(values, 7);
    ck_assert_uint_eq(interval.count, 5);
    ck_assert_double_eq_tol(interval.mean, 3, 1e-12);
    ck_assert_double_eq_tol(interval.se, sqrt(2.5), 1e-12);
    ck_assert_double_eq_tol(interval.low, 1.1, 1e-12);
    ck_assert_double_eq_tol(interval.high, 4.9, 1e-12);
    interval = interval_of(values + 5, 2); /* NaN went to the end */
    ck_assert(interval.count == 0 && isnan(interval.mean) && isnan(interval.low));
    double huge[] = {1e300, -1e300};
    ck_assert_double_eq_tol(interval_of(huge, 2).se / 1e300, sqrt(2), 1e-12);
    const double without[] = {1, 2, NAN, 3, 6};
    ck_assert_double_eq_tol(jackknife_se(without, 5), sqrt(2.0 / 8 * 14), 1e-12);
    ck_assert(isnan(jackknife_se(without, 3)));
}
END_TEST

static void is(const double *counts, size_t categories, double kappa, double se)
{
    struct kappa got = kappa_cohen(counts, categories);
    ck_assert_double_eq_tol(got.kappa, kappa, 1e-12);
    ck_assert_double_eq_tol(got.se, se, 1e-12);
}

/* tests/oracle/kappa_values.py */
START_TEST(kappa_by_statsmodels)
{
    is((const double[]){40, 9, 6, 45}, 2, 0.6995192307692307, 0.07139360269998822);
    is((const double[]){2, 7, 1, 90}, 2, 0.3019197207678882, 0.17512613207233638);
    is((const double[]){10, 3, 1, 2, 20, 5, 0, 4, 15}, 3, 0.609375, 0.08849337607299931);
}
END_TEST

START_TEST(kappa_edges)
{
    const double perfect[] = {3, 0, 0, 4}, constant[] = {5, 0, 0, 0}, nothing[] = {0, 0, 0, 0};
    ck_assert_double_eq(kappa_cohen(perfect, 2).kappa, 1);
    ck_assert_double_eq(kappa_cohen(perfect, 2).se, 0);
    ck_assert(isnan(kappa_cohen(constant, 2).kappa) && kappa_cohen(constant, 2).share == 1);
    ck_assert(isnan(kappa_cohen(nothing, 2).share));
    /* both orders of each pair in one table: Cohen's kappa of it is the intraclass one */
    const double both_ways[] = {2 * 20, 9, 9, 2 * 60};
    ck_assert_double_eq_tol(kappa_intraclass(20, 9, 60).kappa, kappa_cohen(both_ways, 2).kappa, 1e-12);
    ck_assert(isnan(kappa_intraclass(0, 0, 7).kappa));
    /* at kappa 0 the standard error is 1 / sqrt(N) */
    ck_assert_double_eq_tol(kappa_intraclass(25, 50, 25).se, 0.1, 1e-12);
}
END_TEST

/* ---------------------------------------------------------------------------------------------------------- replicates */
static void *open_nothing(const void *arg)
{
    (void)arg;
    return malloc(1);
}

static enum replicates_status square(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch)
{
    (void)scratch;
    if (!replicates_going(watch))
        return REPLICATES_STOPPED;
    ((double *)(uintptr_t)arg)[replicate] = (double)replicate * (double)replicate;
    return replicate == 777 ? REPLICATES_NO_MEMORY : REPLICATES_OK;
}

START_TEST(each_replicate_once)
{
    static double values[1000];
    struct replicates plan = {.count = 700, .threads = 3, .open = open_nothing, .close = free, .run = square, .arg = values};
    ck_assert_int_eq(replicates_run(&plan), REPLICATES_OK);
    for (size_t r = 0; r < 700; r++)
        ck_assert_double_eq(values[r], (double)r * (double)r);
    plan.count = 1000;
    ck_assert_int_eq(replicates_run(&plan), REPLICATES_NO_MEMORY);
    plan.count = 0;
    ck_assert_int_eq(replicates_run(&plan), REPLICATES_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bootstrap");
    TCase *tcase = tcase_create("bootstrap");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, expectations);
    tcase_add_test(tcase, positions_are_copies);
    tcase_add_test(tcase, intervals);
    tcase_add_test(tcase, kappa_by_statsmodels);
    tcase_add_test(tcase, kappa_edges);
    tcase_add_test(tcase, each_replicate_once);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
