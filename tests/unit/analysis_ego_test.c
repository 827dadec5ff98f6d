/* SPDX-License-Identifier: GPL-3.0-or-later
 * Constraint, effective size and clustering: the same bits over any number of threads.
 */
#include "drawn_network.h"
#include "drawn_topology.h"
#include "ego.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(surroundings_do_not_depend_on_threads)
{
    for (int shape = 0; shape < 2; shape++) {
        struct network *network = network_random(9, 300, shape ? 0.9 : 0.02, false);
        struct topology topology = topology_of(network);
        double *values = calloc(8 * 300, sizeof *values);
        for (int turn = 0; turn < 2; turn++) {
            double *at = values + (size_t)turn * 4 * 300;
            struct crew crew = {.threads = turn ? 3 : 1};
            struct ego ego = {at, at + 300, at + 600, at + 900};
            ck_assert_int_eq(ego_run(&topology.both, &crew, &ego), CREW_OK);
        }
        ck_assert(memcmp((const char *)values, (const char *)(values + 4 * 300), 4 * 300 * sizeof *values) == 0);
        free(values);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ego");
    TCase *tcase = tcase_create("ego");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, surroundings_do_not_depend_on_threads);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
