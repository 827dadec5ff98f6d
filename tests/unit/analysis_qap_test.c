/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relations explained by relations: against the definition written out over every order of small networks, and by its laws.
 */
#include "qap.h"
#include "random_stream.h"
#include "relabelling.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL     5
#define ORDERS    120
#define COLUMNS   4
#define CELLS_MAX (SMALL * (SMALL - 1))

/* ------------------------------------------------------------------------------------------------------------ orders */
START_TEST(every_order_once)
{
    struct relabelling relabelling = relabelling_of(SMALL, 7, 1);
    ck_assert(relabelling.exact);
    ck_assert_uint_eq(relabelling.count, ORDERS);
    bool seen[3125] = {false};
    for (size_t r = 0; r < ORDERS; r++) {
        int32_t order[SMALL];
        relabelling_order(&relabelling, r, order);
        size_t code = 0, digits = 0;
        for (size_t i = 0; i < SMALL; i++) {
            code = code * SMALL + (size_t)order[i];
            digits |= (size_t)1 << order[i];
            if (r == 0)
                ck_assert_int_eq(order[i], (int32_t)i);
        }
        ck_assert_uint_eq(digits, (1 << SMALL) - 1);
        ck_assert(!seen[code]);
        seen[code] = true;
    }
    ck_assert_uint_eq(relabelling_of(8, 7, 1).count, 40320);
    ck_assert(!relabelling_of(9, 7, 1).exact);
    ck_assert_uint_eq(relabelling_of(9, 7, 1).count, 7);
    ck_assert_uint_eq(relabelling_of(0, 7, 1).count, 1);
}
END_TEST

/* ---------------------------------------------------------------------------------------- the definition written out */
/* Ordinary least squares by Gauss-Jordan elimination: t of the last column, or NaN. */
static double naive_t(double rows[][COLUMNS + 1], const double *y, size_t count, size_t columns)
{
    double system[COLUMNS + 1][2 * (COLUMNS + 1)] = {{0}}, score[COLUMNS + 1] = {0}, beta[COLUMNS + 1] = {0}, left = 0;
    for (size_t a = 0; a < columns; a++) {
        system[a][columns + a] = 1;
        for (size_t r = 0; r < count; r++) {
            score[a] += rows[r][a] * y[r];
            for (size_t b = 0; b < columns; b++)
                system[a][b] += rows[r][a] * rows[r][b];
        }
    }
    for (size_t a = 0; a < columns; a++) {
        size_t best = a;
        for (size_t b = a; b < columns; b++)
            if (fabs(system[b][a]) > fabs(system[best][a]))
                best = b;
        if (fabs(system[best][a]) < 1e-9)
            return NAN;
        for (size_t c = 0; c < 2 * columns; c++) {
            double swap = system[a][c];
            system[a][c] = system[best][c];
            system[best][c] = swap;
        }
        for (size_t b = 0; b < columns; b++) {
            double factor = b == a ? 0 : system[b][a] / system[a][a];
            for (size_t c = 0; c < 2 * columns; c++)
                system[b][c] -= factor * system[a][c];
        }
        double pivot = system[a][a];
        for (size_t c = 0; c < 2 * columns; c++)
            system[a][c] /= pivot;
    }
    for (size_t a = 0; a < columns; a++)
        for (size_t b = 0; b < columns; b++)
            beta[a] += system[a][columns + b] * score[b];
    for (size_t r = 0; r < count; r++) {
        double fitted = 0;
        for (size_t a = 0; a < columns; a++)
            fitted += rows[r][a] * beta[a];
        left += (y[r] - fitted) * (y[r] - fitted);
    }
    size_t last = columns - 1;
    return beta[last] / sqrt(left / (double)(count - columns) * system[last][columns + last]);
}

static double naive_r(double rows[][COLUMNS + 1], const double *y, size_t count)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t r = 0; r < count; r++) {
        mx += rows[r][1] / (double)count;
        my += y[r] / (double)count;
    }
    for (size_t r = 0; r < count; r++) {
        xx += (rows[r][1] - mx) * (rows[r][1] - mx);
        yy += (y[r] - my) * (y[r] - my);
        xy += (rows[r][1] - mx) * (y[r] - my);
    }
    return xy / sqrt(xx * yy);
}

struct example {
    bool directed;
    double matrices[COLUMNS][SMALL * SMALL]; /* the response, then predictors */
};

static double *at(struct example *example, size_t matrix, size_t i, size_t j)
{
    return &example->matrices[matrix][i * SMALL + j];
}

static void draw(struct example *example, uint64_t seed, bool directed, size_t gaps)
{
    struct random_stream stream;
    random_stream_init(&stream, 77, seed);
    example->directed = directed;
    for (size_t m = 0; m < COLUMNS; m++)
        for (size_t i = 0; i < SMALL; i++)
            for (size_t j = 0; j < SMALL; j++)
                *at(example, m, i, j) = !directed && j < i ? *at(example, m, j, i)
                                        : m == 1           ? (double)random_stream_below(&stream, 3)
                                                           : random_stream_unit(&stream);
    for (size_t g = 0; g < gaps; g++) {
        size_t m = (size_t)random_stream_below(&stream, COLUMNS), i = (size_t)random_stream_below(&stream, SMALL),
               j = (i + 1 + (size_t)random_stream_below(&stream, SMALL - 1)) % SMALL;
        *at(example, m, i, j) = NAN;
        if (!directed)
            *at(example, m, j, i) = NAN;
    }
}

/* Statistic of predictor k, which is permuted; for the regression what is left of it after the others. */
static double naive(struct example *example, size_t k, size_t predictors, bool correlation, const int32_t *order)
{
    double rest[SMALL * SMALL], rows[CELLS_MAX][COLUMNS + 1], y[CELLS_MAX];
    for (size_t c = 0; c < SMALL * SMALL; c++)
        rest[c] = example->matrices[k][c];
    if (!correlation && predictors > 1) {
        /* By the normal equations of the others on the cells where all predictors are known, solved by relaxation. */
        double beta[COLUMNS + 1] = {0};
        for (int round = 0; round < 1500; round++)
            for (size_t a = 0; a <= predictors; a++) {
                double up = 0, down = 0;
                if (a == k)
                    continue;
                for (size_t i = 0; i < SMALL; i++)
                    for (size_t j = 0; j < SMALL; j++) {
                        bool known = i != j && (example->directed || i < j);
                        for (size_t p = 1; p <= predictors; p++)
                            known = known && !isnan(*at(example, p, i, j));
                        if (!known)
                            continue;
                        double left = *at(example, k, i, j);
                        for (size_t b = 0; b <= predictors; b++)
                            left -= b == k ? 0 : beta[b] * (b == 0 ? 1 : *at(example, b, i, j));
                        double x = a == 0 ? 1 : *at(example, a, i, j);
                        up += left * x;
                        down += x * x;
                    }
                beta[a] += up / down;
            }
        for (size_t i = 0; i < SMALL; i++)
            for (size_t j = 0; j < SMALL; j++)
                for (size_t b = 0; b <= predictors; b++)
                    rest[i * SMALL + j] -= b == k ? 0 : beta[b] * (b == 0 ? 1 : *at(example, b, i, j));
    }
    size_t count = 0;
    for (size_t i = 0; i < SMALL; i++)
        for (size_t j = 0; j < SMALL; j++) {
            if (i == j || (!example->directed && i > j))
                continue;
            double moved = rest[order[i] * SMALL + order[j]];
            bool known = !isnan(moved) && !isnan(*at(example, 0, i, j));
            size_t column = 1;
            rows[count][0] = 1;
            for (size_t p = 1; p <= predictors && !correlation; p++)
                if (p != k) {
                    known = known && !isnan(*at(example, p, i, j));
                    rows[count][column++] = *at(example, p, i, j);
                }
            rows[count][column] = moved;
            y[count] = *at(example, 0, i, j);
            count += known;
        }
    return correlation ? naive_r(rows, y, count) : naive_t(rows, y, count, predictors + 1);
}

static void compare(struct example *example, enum qap_model model, size_t predictors)
{
    struct qap plan = {.model = model,
                       .actors = SMALL,
                       .directed = example->directed,
                       .response = example->matrices[0],
                       .predictor_count = predictors,
                       .permutations = 10,
                       .threads = 2};
    for (size_t p = 0; p < predictors; p++)
        plan.predictors[p] = example->matrices[p + 1];
    struct qap_fit fit;
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_OK);
    ck_assert(fit.exact);
    struct relabelling relabelling = relabelling_of(SMALL, 0, 0);
    for (size_t p = 0; p < predictors; p++) {
        double observed = 0;
        size_t low = 0, high = 0, extreme = 0, counted = 0;
        for (size_t r = 0; r < ORDERS; r++) {
            int32_t order[SMALL];
            relabelling_order(&relabelling, r, order);
            double value = naive(example, p + 1, predictors, model == QAP_CORRELATION, order);
            if (r == 0)
                observed = value;
            if (isnan(value))
                continue;
            counted++;
            low += value <= observed + 1e-7;
            high += value >= observed - 1e-7;
            extreme += fabs(value) >= fabs(observed) - 1e-7;
        }
        const struct qap_effect *effect = &fit.effects[p];
        ck_assert_double_eq_tol(effect->statistic, observed, 1e-6);
        ck_assert_uint_eq(effect->counted, counted);
        ck_assert_double_eq_tol(effect->p_low, (double)low / (double)counted, 1e-12);
        ck_assert_double_eq_tol(effect->p_high, (double)high / (double)counted, 1e-12);
        ck_assert_double_eq_tol(effect->p, (double)extreme / (double)counted, 1e-12);
    }
}

START_TEST(as_defined)
{
    struct example example;
    for (uint64_t seed = 0; seed < 2; seed++)
        for (int directed = 0; directed < 2; directed++)
            for (size_t gaps = 0; gaps < 2; gaps++) {
                draw(&example, seed, directed, gaps);
                compare(&example, QAP_CORRELATION, 2);
                compare(&example, QAP_LINEAR, 1);
                compare(&example, QAP_LINEAR, directed ? 3 : 2);
            }
}
END_TEST

/* ---------------------------------------------------------------------------------------------------------------- laws */
#define ACTORS 14

struct planted {
    double response[ACTORS * ACTORS], group[ACTORS * ACTORS], noise[ACTORS * ACTORS];
};

/* Same-group pairs get `effect` more; actors differ in activity, so that cells of a row go together; the predictors are
 * correlated. */
static void plant(struct planted *planted, uint64_t stream_number, double effect, bool binary)
{
    struct random_stream stream;
    random_stream_init(&stream, 1987, stream_number);
    double activity[ACTORS];
    for (size_t i = 0; i < ACTORS; i++)
        activity[i] = random_stream_unit(&stream);
    for (size_t i = 0; i < ACTORS; i++)
        for (size_t j = 0; j < ACTORS; j++) {
            size_t c = i * ACTORS + j;
            planted->group[c] = i % 3 == j % 3;
            planted->noise[c] = random_stream_unit(&stream) + 0.5 * planted->group[c];
            double value = activity[i] + activity[j] + random_stream_unit(&stream) + effect * planted->group[c];
            planted->response[c] = binary ? value > 1.6 : value;
        }
}

static struct qap plan_of(const struct planted *planted, enum qap_model model, size_t permutations)
{
    return (struct qap){.model = model,
                        .actors = ACTORS,
                        .directed = true,
                        .response = planted->response,
                        .predictor_count = 2,
                        .predictors = {planted->group, planted->noise},
                        .permutations = permutations,
                        .seed = 3};
}

START_TEST(whatever_the_number_of_threads)
{
    static const enum qap_model models[] = {QAP_CORRELATION, QAP_LINEAR, QAP_LOGISTIC};
    struct planted planted;
    for (size_t m = 0; m < 3; m++) {
        plant(&planted, 5, 0.2, models[m] == QAP_LOGISTIC);
        struct qap_fit fits[3];
        for (unsigned threads = 1; threads <= 3; threads++) {
            struct qap plan = plan_of(&planted, models[m], 200);
            plan.threads = threads;
            ck_assert_int_eq(qap_run(&plan, &fits[threads - 1]), QAP_OK);
            ck_assert_uint_eq(fits[threads - 1].permutations, 200);
            ck_assert_mem_eq(&fits[threads - 1].effects[0], &fits[0].effects[0], 2 * sizeof fits[0].effects[0]);
        }
    }
}
END_TEST

START_TEST(planted_is_found)
{
    static const enum qap_model models[] = {QAP_CORRELATION, QAP_LINEAR, QAP_LOGISTIC};
    for (size_t m = 0; m < 3; m++) {
        size_t found = 0;
        for (uint64_t s = 0; s < 20; s++) {
            struct planted planted;
            plant(&planted, 100 + s, 0.8, models[m] == QAP_LOGISTIC);
            struct qap plan = plan_of(&planted, models[m], 99);
            struct qap_fit fit;
            ck_assert_int_eq(qap_run(&plan, &fit), QAP_OK);
            found += fit.effects[0].p <= 0.05 && fit.effects[0].estimate > 0;
        }
        ck_assert_msg(found >= 18, "model %zu: found %zu of 20", m, found);
    }
}
END_TEST

/* Nothing planted: p at most .05, .2, .5 as often as it says (the group is fixed, activity makes rows dependent). */
START_TEST(nothing_is_not_found)
{
    static const enum qap_model models[] = {QAP_CORRELATION, QAP_LINEAR, QAP_LOGISTIC};
    static const double levels[] = {0.05, 0.2, 0.5};
    for (size_t m = 0; m < 3; m++) {
        double years = models[m] == QAP_LOGISTIC ? 60 : 300;
        size_t below[3] = {0};
        for (uint64_t s = 0; s < (uint64_t)years; s++) {
            struct planted planted;
            plant(&planted, 1000 + s, 0, models[m] == QAP_LOGISTIC);
            struct qap plan = plan_of(&planted, models[m], 99);
            struct qap_fit fit;
            ck_assert_int_eq(qap_run(&plan, &fit), QAP_OK);
            for (size_t l = 0; l < 3; l++)
                below[l] += fit.effects[0].p <= levels[l] + 1e-12;
        }
        for (size_t l = 0; l < 3; l++) {
            double share = (double)below[l] / years, error = sqrt(levels[l] * (1 - levels[l]) / years);
            ck_assert_msg(fabs(share - levels[l]) < 3.3 * error, "model %zu: p <= %g in %g of the years", m, levels[l], share);
        }
    }
}
END_TEST

START_TEST(units_do_not_matter)
{
    struct planted planted;
    plant(&planted, 9, 0.3, false);
    struct qap plan = plan_of(&planted, QAP_LINEAR, 50);
    struct qap_fit one, other;
    ck_assert_int_eq(qap_run(&plan, &one), QAP_OK);
    for (size_t c = 0; c < (size_t)ACTORS * ACTORS; c++) {
        planted.response[c] = 1e200 * planted.response[c];
        planted.noise[c] = 1e-100 * planted.noise[c];
    }
    ck_assert_int_eq(qap_run(&plan, &other), QAP_OK);
    ck_assert_double_eq_tol(other.effects[1].estimate / one.effects[1].estimate / 1e300, 1, 1e-9);
    for (size_t p = 0; p < 2; p++) {
        ck_assert_double_eq_tol(one.effects[p].statistic, other.effects[p].statistic, 1e-8);
        ck_assert_double_eq(one.effects[p].p, other.effects[p].p);
    }
    ck_assert_double_eq_tol(one.r2, other.r2, 1e-10);
}
END_TEST

START_TEST(what_has_no_answer)
{
    struct planted planted;
    plant(&planted, 9, 0.3, false);
    struct qap_fit fit;
    struct qap plan = plan_of(&planted, QAP_LINEAR, 50);
    plan.predictors[1] = planted.group; /* the same twice */
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_UNSOLVABLE);
    ck_assert(isnan(fit.effects[0].estimate) && isnan(fit.effects[0].p) && isnan(fit.r2));
    for (size_t c = 0; c < (size_t)ACTORS * ACTORS; c++)
        planted.noise[c] = 4;
    plan.predictors[1] = planted.noise; /* does not vary */
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_UNSOLVABLE);
    for (size_t c = 0; c < (size_t)ACTORS * ACTORS; c++)
        planted.response[c] = planted.group[c]; /* told apart without fail */
    plan = plan_of(&planted, QAP_LOGISTIC, 50);
    plan.predictor_count = 1;
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_UNSOLVABLE);
    for (size_t c = 0; c < (size_t)ACTORS * ACTORS; c++)
        planted.response[c] = NAN;
    plan = plan_of(&planted, QAP_CORRELATION, 50);
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_UNSOLVABLE);
    ck_assert_uint_eq(fit.cells, 0);
    for (size_t actors = 0; actors < 3; actors++) {
        plant(&planted, 9, 0.3, false);
        plan = plan_of(&planted, QAP_LINEAR, 50);
        plan.actors = actors;
        ck_assert_int_eq(qap_run(&plan, &fit), QAP_UNSOLVABLE);
    }
}
END_TEST

static bool stop_late(void *arg, unsigned permille)
{
    unsigned *last = arg;
    ck_assert_uint_ge(permille, *last);
    *last = permille;
    return permille < 500;
}

START_TEST(can_be_stopped)
{
    struct planted planted;
    plant(&planted, 9, 0.3, false);
    unsigned last = 0;
    struct qap plan = plan_of(&planted, QAP_LINEAR, 5000);
    plan.proceed = stop_late;
    plan.arg = &last;
    struct qap_fit fit;
    ck_assert_int_eq(qap_run(&plan, &fit), QAP_STOPPED);
    ck_assert_uint_ge(last, 500);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("qap");
    TCase *tcase = tcase_create("qap");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, every_order_once);
    tcase_add_test(tcase, as_defined);
    tcase_add_test(tcase, whatever_the_number_of_threads);
    tcase_add_test(tcase, planted_is_found);
    tcase_add_test(tcase, nothing_is_not_found);
    tcase_add_test(tcase, units_do_not_matter);
    tcase_add_test(tcase, what_has_no_answer);
    tcase_add_test(tcase, can_be_stopped);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
