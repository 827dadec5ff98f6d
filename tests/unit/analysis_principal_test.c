/* SPDX-License-Identifier: GPL-3.0-or-later
 * The principal eigenvector where two eigenvalues are nearly equal, and where its values are smaller than rounding.
 */
#include "drawn_network.h"
#include "drawn_topology.h"
#include "principal.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

enum { CHAIN = 1500, CLIQUES = 6, BOTH = 120 };

static void draw(struct drawing *drawing, int from, int to)
{
    char from_key[16], to_key[16];
    snprintf(from_key, sizeof from_key, "%05d", from);
    snprintf(to_key, sizeof to_key, "%05d", to);
    drawing_tie(drawing, from_key, to_key, 1);
}

/* The first `clique` actors are all tied, the rest follow one after the other. */
static enum principal_status principal_of(int clique, int length, double visits_max, double *ret_vector)
{
    struct drawing *drawing = drawing_create(false);
    for (int i = 1; i < length; i++)
        for (int j = i < clique ? 0 : i - 1; j < i; j++)
            draw(drawing, j, i);
    struct network *network = drawing_finish(drawing);
    struct topology topology = topology_of(network);
    struct cut cut;
    ck_assert(cut_init(&cut, &topology.both));
    enum principal_status status = principal_vector(&topology.both, &cut, visits_max, ret_vector);
    cut_release(&cut);
    topology_release(&topology);
    network_destroy(network);
    return status;
}

START_TEST(a_long_chain_is_right_or_missing)
{
    double vector[CHAIN], largest = 0;
    ck_assert_int_eq(principal_of(0, CHAIN, PRINCIPAL_VISITS, vector), PRINCIPAL_OK);
    for (int i = 0; i < CHAIN; i++)
        largest = fmax(largest, fabs(vector[i] - sin(M_PI * (i + 1) / (CHAIN + 1))));
    ck_assert_double_lt(largest, 1e-5);
    ck_assert_int_eq(principal_of(0, CHAIN, PRINCIPAL_VISITS / 100, vector), PRINCIPAL_UNSETTLED);
    for (int i = 0; i < CHAIN; i++)
        ck_assert(isnan(vector[i]));
}
END_TEST

START_TEST(nobody_is_below_zero)
{
    /* Far out on the chain behind a clique the values are smaller than the rounding of the largest, whose sign is any. */
    double vector[BOTH];
    for (int clique = 3; clique < CLIQUES; clique++) {
        ck_assert_int_eq(principal_of(clique, BOTH, PRINCIPAL_VISITS, vector), PRINCIPAL_OK);
        for (int i = 0; i < BOTH; i++)
            ck_assert_msg(vector[i] >= 0 && vector[i] <= 1, "%d of %d: %g", i, clique, vector[i]);
        ck_assert_double_lt(vector[BOTH - 1], 1e-12);
        ck_assert_double_eq(vector[clique - 1], 1); /* who ties the chain to the clique */
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("principal");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_long_chain_is_right_or_missing);
    tcase_add_test(tcase, nobody_is_below_zero);
    Suite *suite = suite_create("analysis_principal");
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
