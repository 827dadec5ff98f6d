/* SPDX-License-Identifier: GPL-3.0-or-later
 * Layout: the same places every time, nobody on top of anybody, strong ties shorter, odd networks and bad input.
 */
#include "layout.h"

#include <check.h>
#include <dlfcn.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* igraph's layout of a small component, which goes wrong when told to: the library's own never does so on what it is given. */
static enum { AS_IT_IS, GIVES_UP, COMPLAINS, GETS_LOST } mood;
static igraph_integer_t drawn; /* by igraph's own generator, when the layout was asked for last */

igraph_error_t igraph_layout_kamada_kawai(const igraph_t *graph, igraph_matrix_t *places, igraph_bool_t use_seed,
                                          igraph_integer_t iterations, igraph_real_t epsilon, igraph_real_t constant,
                                          const igraph_vector_t *weights, const igraph_vector_t *min_x,
                                          const igraph_vector_t *max_x, const igraph_vector_t *min_y,
                                          const igraph_vector_t *max_y)
{
    drawn = igraph_rng_get_integer(igraph_rng_default(), 0, 1000000000);
    if (mood == GIVES_UP)
        IGRAPH_ERROR("no layout today", IGRAPH_EINVAL);
    if (mood == COMPLAINS)
        IGRAPH_WARNING("what a network");
    igraph_error_t (*real)(const igraph_t *, igraph_matrix_t *, igraph_bool_t, igraph_integer_t, igraph_real_t, igraph_real_t,
                           const igraph_vector_t *, const igraph_vector_t *, const igraph_vector_t *, const igraph_vector_t *,
                           const igraph_vector_t *);
    *(void **)&real = dlsym(RTLD_NEXT, "igraph_layout_kamada_kawai");
    igraph_error_t error = real(graph, places, use_seed, iterations, epsilon, constant, weights, min_x, max_x, min_y, max_y);
    if (mood == GETS_LOST)
        MATRIX(*places, 0, 0) = NAN;
    return error;
}

static double apart(struct layout_point a, struct layout_point b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

/* To the bit: a report is the same file every time. */
static void same_places(const struct layout_point *one, const struct layout_point *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_double_eq(one[i].x, other[i].x);
        ck_assert_double_eq(one[i].y, other[i].y);
    }
}

static void all_apart(const struct layout_point *points, size_t count, double least)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert(isfinite(points[i].x) && isfinite(points[i].y));
        for (size_t j = i + 1; j < count; j++)
            ck_assert_msg(apart(points[i], points[j]) > least, "actors %zu and %zu are %g apart", i, j,
                          apart(points[i], points[j]));
    }
}

START_TEST(small_networks)
{
    char error[400];
    struct layout_point points[6];
    const struct network_tie tie[] = {{.from = 0, .to = 1, .weight = 3}};
    ck_assert(layout_compute(0, NULL, 0, 1, points, error));
    ck_assert(layout_compute(1, NULL, 0, 1, points, error));
    all_apart(points, 1, 0);
    ck_assert(layout_compute(2, NULL, 0, 1, points, error));
    all_apart(points, 2, 0.3);
    ck_assert(layout_compute(2, tie, 1, 1, points, error));
    all_apart(points, 2, 0.3);
    ck_assert(layout_compute(6, tie, 1, 1, points, error));
    all_apart(points, 6, 0.3);
    for (size_t i = 3; i < 6; i++) /* without ties: in a row below */
        ck_assert_double_gt(points[i].y, points[0].y);
}
END_TEST

START_TEST(two_groups_and_a_bridge)
{
    struct network_tie ties[31];
    size_t count = 0;
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < 6; i++)
            for (int j = i + 1; j < 6; j++)
                ties[count++] = (struct network_tie){.from = group * 6 + i, .to = group * 6 + j, .weight = 10};
    ties[count++] = (struct network_tie){.from = 0, .to = 6, .weight = 1};
    struct layout_point first[12], again[12];
    char error[400];
    ck_assert(layout_compute(12, ties, count, 42, first, error));
    ck_assert(layout_compute(12, ties, count, 42, again, error));
    same_places(first, again, 12);
    all_apart(first, 12, 0.1);
    double within = 0, across = 0;
    for (int i = 0; i < 12; i++) {
        for (int j = i + 1; j < 12; j++) {
            if (i / 6 == j / 6)
                within += apart(first[i], first[j]) / 30;
            else
                across += apart(first[i], first[j]) / 36;
        }
    }
    ck_assert_double_gt(across, 1.5 * within);
}
END_TEST

START_TEST(order_and_direction_do_not_matter)
{
    const struct network_tie one[] = {{0, 1, 2, 1}, {1, 2, 5, 1}, {2, 3, 1, 1}, {0, 3, 4, 1}};
    const struct network_tie other[] = {{3, 0, 4, 1}, {2, 1, 3, 1}, {1, 2, 2, 1}, {3, 2, 1, 1}, {1, 0, 2, 1}, {2, 2, 9, 1}};
    struct layout_point a[4], b[4];
    char error[400];
    ck_assert(layout_compute(4, one, 4, 1, a, error));
    ck_assert(layout_compute(4, other, 6, 1, b, error));
    same_places(a, b, 4);
}
END_TEST

START_TEST(components_do_not_overlap)
{
    struct network_tie ties[200];
    size_t count = 0;
    for (int c = 0; c < 5; c++) /* five rings of 3, 6, 9, 12, 15, and 5 actors alone */
        for (int i = 0, n = 3 * (c + 1), base = 3 * c * (c + 1) / 2; i < n; i++)
            ties[count++] = (struct network_tie){.from = base + i, .to = base + (i + 1) % n, .weight = 1 + i % 3};
    struct layout_point points[50];
    char error[400];
    ck_assert(layout_compute(50, ties, count, 9, points, error));
    all_apart(points, 50, 0.05);
    for (int a = 0; a < 45; a++)
        for (int b = a + 1; b < 45; b++) {
            int ca = 0, cb = 0;
            while (3 * (ca + 1) * (ca + 2) / 2 <= a)
                ca++;
            while (3 * (cb + 1) * (cb + 2) / 2 <= b)
                cb++;
            if (ca != cb)
                ck_assert_double_gt(apart(points[a], points[b]), 0.5);
        }
}
END_TEST

START_TEST(a_larger_network)
{
    enum { N = 400, TIES = 4 * N };
    struct network_tie *ties = calloc(TIES, sizeof *ties);
    struct layout_point *points = calloc(N, sizeof *points);
    char error[400];
    for (int i = 0; i < TIES; i++) {
        ties[i] = (struct network_tie){.from = i % N, .to = (i * 7 + i / N * 31 + 1) % N, .weight = 1 + i % 11};
        if (ties[i].from == ties[i].to)
            ties[i].to = (ties[i].to + 1) % N;
    }
    ck_assert(layout_compute(N, ties, TIES, 3, points, error));
    all_apart(points, N, 1e-6);
    free(ties);
    free(points);
}
END_TEST

START_TEST(bad_input_is_refused)
{
    static const struct {
        struct network_tie tie;
        const char *word;
    } cases[] = {{{0, 3, 1, 1}, "actor 3 of 3"},  {{-1, 0, 1, 1}, "actor -1"},   {{0, 1, 0, 1}, "weight of 0"},
                 {{0, 1, -2, 1}, "weight of -2"}, {{0, 1, NAN, 1}, "weight of"}, {{0, 1, INFINITY, 1}, "weight of inf"}};
    struct layout_point points[3] = {{7, 7}, {7, 7}, {7, 7}};
    char error[400];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(!layout_compute(3, &cases[i].tie, 1, 1, points, error));
        ck_assert_msg(strstr(error, cases[i].word) != NULL, "%s", error);
        ck_assert_double_eq(points[0].x, 7);
    }
    ck_assert(!layout_compute(LAYOUT_ACTORS_MAX + 1, NULL, 0, 1, points, error));
    ck_assert_ptr_nonnull(strstr(error, "at most"));
}
END_TEST

static unsigned errors_seen, warnings_seen;

static void see_error(const char *reason, const char *file, int line, igraph_error_t code)
{
    (void)reason, (void)file, (void)line, (void)code;
    errors_seen++;
    IGRAPH_FINALLY_FREE();
}

static void see_warning(const char *reason, const char *file, int line)
{
    (void)reason, (void)file, (void)line;
    warnings_seen++;
}

/* Whoever has igraph for something else keeps its handlers, and neither they nor igraph's own, which end the process and print,
 * hear of a layout. */
START_TEST(igraph_fails_in_silence)
{
    const struct network_tie ties[] = {{0, 1, 1, 1}, {1, 2, 2, 1}};
    struct layout_point points[3] = {{7, 7}, {7, 7}, {7, 7}};
    char error[400];
    igraph_set_error_handler(see_error);
    igraph_set_warning_handler(see_warning);
    mood = GIVES_UP;
    ck_assert(!layout_compute(3, ties, 2, 1, points, error));
    ck_assert_ptr_nonnull(strstr(error, "no finite layout"));
    ck_assert_double_eq(points[0].x, 7);
    mood = COMPLAINS;
    ck_assert(layout_compute(3, ties, 2, 1, points, error));
    mood = AS_IT_IS;
    all_apart(points, 3, 0.1);
    ck_assert_uint_eq(errors_seen, 0);
    ck_assert_uint_eq(warnings_seen, 0);
    ck_assert_ptr_eq((void *)igraph_set_error_handler(igraph_error_handler_ignore), (void *)see_error);
    ck_assert_ptr_eq((void *)igraph_set_warning_handler(igraph_warning_handler_ignore), (void *)see_warning);
}
END_TEST

START_TEST(places_that_are_none_are_refused)
{
    const struct network_tie ties[] = {{0, 1, 1, 1}, {1, 2, 2, 1}};
    struct layout_point points[3] = {{7, 7}, {7, 7}, {7, 7}};
    char error[400];
    mood = GETS_LOST;
    ck_assert(!layout_compute(3, ties, 2, 1, points, error));
    mood = AS_IT_IS;
    ck_assert_ptr_nonnull(strstr(error, "no finite layout"));
    ck_assert_double_eq(points[0].x, 7);
}
END_TEST

START_TEST(the_seed_decides_what_igraph_draws)
{
    const struct network_tie ties[] = {{0, 1, 1, 1}, {1, 2, 2, 1}};
    struct layout_point points[3];
    igraph_integer_t first;
    char error[400];
    igraph_rng_seed(igraph_rng_default(), 99);
    ck_assert(layout_compute(3, ties, 2, 5, points, error));
    first = drawn;
    ck_assert(layout_compute(3, ties, 2, 6, points, error));
    ck_assert_int_ne(drawn, first);
    ck_assert(layout_compute(3, ties, 2, 5, points, error));
    ck_assert_int_eq(drawn, first);
}
END_TEST

/* The sum of weights as large as they may be, and shares of it that vanish. */
START_TEST(weights_of_any_size)
{
    const struct network_tie ties[] = {{0, 1, 1e300, 1}, {1, 2, 1e-300, 1}, {2, 3, 1, 1}};
    struct layout_point points[4];
    char error[400];
    ck_assert_msg(layout_compute(4, ties, 3, 1, points, error), "%s", error);
    all_apart(points, 4, 0.1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *tests = tcase_create("layout");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, small_networks);
    tcase_add_test(tests, two_groups_and_a_bridge);
    tcase_add_test(tests, order_and_direction_do_not_matter);
    tcase_add_test(tests, components_do_not_overlap);
    tcase_add_test(tests, a_larger_network);
    tcase_add_test(tests, bad_input_is_refused);
    tcase_add_test(tests, igraph_fails_in_silence);
    tcase_add_test(tests, places_that_are_none_are_refused);
    tcase_add_test(tests, the_seed_decides_what_igraph_draws);
    tcase_add_test(tests, weights_of_any_size);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
