/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps in the chart of the organisation: ministries, their agencies, bodies whose place is not known, circles.
 */
#include "drawn_network.h"
#include "formal_distance.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Actors f, k (ministries), a, b under f, c under k, d under a, x of no known place, y under x, z under a body that is not
 * here. */
static struct network *chart(void)
{
    static const struct {
        const char *key, *kind;
        int32_t id, parent;
    } bodies[] = {{"a", "agency", 30, 10}, {"b", "agency", 31, 10},  {"c", "agency", 32, 20},
                  {"d", "agency", 40, 30}, {"f", "ministry", 10, 0}, {"k", "ministry", 20, 0},
                  {"x", "agency", 50, 0},  {"y", "agency", 51, 50},  {"z", "agency", 60, 99}};
    struct network *network = network_drawn("a b c d f k x y z", false);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        ck_assert_str_eq(network->actors[i].key, bodies[i].key);
        free(network->actors[i].kind);
        network->actors[i].kind = strdup(bodies[i].kind);
        network->actors[i].id = bodies[i].id;
        network->actors[i].parent = bodies[i].parent;
    }
    return network;
}

START_TEST(steps_up_and_down)
{
    static const struct {
        const char *from, *to;
        double steps;
    } expected[] = {{"a", "f", 1},   {"a", "b", 2},   {"a", "k", 3},   {"a", "c", 4},  {"f", "k", 2},
                    {"d", "a", 1},   {"d", "b", 3},   {"d", "k", 4},   {"d", "c", 5},  {"x", "y", 1},
                    {"x", "a", NAN}, {"y", "f", NAN}, {"z", "a", NAN}, {"z", "y", NAN}};
    struct network *network = chart();
    size_t n = network->actor_count;
    double *matrix = formal_distance_matrix(network);
    ck_assert_ptr_nonnull(matrix);
    for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++) {
        size_t i = (size_t)drawn_index(network, expected[k].from), j = (size_t)drawn_index(network, expected[k].to);
        ck_assert_msg(isnan(expected[k].steps) ? isnan(matrix[i * n + j]) : matrix[i * n + j] == expected[k].steps,
                      "%s to %s: %g", expected[k].from, expected[k].to, matrix[i * n + j]);
        ck_assert(isnan(matrix[i * n + j]) ? isnan(matrix[j * n + i]) : matrix[j * n + i] == matrix[i * n + j]);
    }
    for (size_t i = 0; i < n; i++)
        ck_assert(matrix[i * n + i] == 0);
    free(matrix);
    network_destroy(network);
}
END_TEST

START_TEST(a_circle_ends)
{
    struct network *network = network_drawn("a b c", false);
    for (size_t i = 0; i < 3; i++) {
        network->actors[i].id = (int32_t)i + 1;
        network->actors[i].parent = i == 2 ? 0 : 2 - (int32_t)i; /* a under b, b under a; c a ministry */
    }
    double *matrix = formal_distance_matrix(network);
    ck_assert(matrix[1] == 1 && isnan(matrix[2]) && isnan(matrix[5]));
    free(matrix);
    network_destroy(network);
}
END_TEST

START_TEST(few_actors)
{
    static const char *const drawings[] = {"", "a", "a b"};
    for (size_t k = 0; k < 3; k++) {
        struct network *network = network_drawn(drawings[k], false);
        double *matrix = formal_distance_matrix(network);
        ck_assert_ptr_nonnull(matrix);
        ck_assert(k < 1 || matrix[0] == 0);
        ck_assert(k < 2 || (matrix[1] == 2 && matrix[2] == 2)); /* ministries, as all drawn actors */
        free(matrix);
        network_destroy(network);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formal distance");
    TCase *tcase = tcase_create("steps");
    tcase_add_test(tcase, steps_up_and_down);
    tcase_add_test(tcase, a_circle_ends);
    tcase_add_test(tcase, few_actors);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
