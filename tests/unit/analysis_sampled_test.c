/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sampled betweenness against exact values over many draws: within epsilon as often as promised, without bias, and exact once
 * everybody is in the sample.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "path_work.h"
#include "sampled.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#define ACTORS 400
#define DRAWS  60

struct ground {
    struct network *network;
    struct topology topology;
    double *exact;
    double pairs;
};

/* A random network with a hub tied to a third of the others: one actor between many pairs, the rest between few. */
static void ground_init(struct ground *ground, bool directed, bool unit)
{
    struct network *network = network_random(directed ? 12 : 11, ACTORS, directed ? 0.004 : 0.006, directed);
    char error[400];
    for (size_t t = 0; t < network->tie_count; t++)
        if (network->ties[t].from % 3 == 1)
            network->ties[t].weight = 1 + (double)(t % 5);
    network->spec.distance = unit ? DISTANCE_UNIT : DISTANCE_INVERSE;
    *ground = (struct ground){.network = network, .exact = malloc(ACTORS * sizeof(double))};
    ck_assert_msg(topology_init(&ground->topology, network, error), "%s", error);
    struct crew crew = {0};
    struct paths paths = {.betweenness = ground->exact};
    const struct adjacency *out = &ground->topology.out, *in = &ground->topology.in;
    ck_assert_int_eq(
        unit ? betweenness_run(out, in, directed, &crew, ground->exact) : paths_run(out, in, directed, &crew, &paths), CREW_OK);
    ground->pairs = (ACTORS - 1.0) * (ACTORS - 2.0) / (directed ? 1 : 2);
}

static void ground_release(struct ground *ground)
{
    free(ground->exact);
    topology_release(&ground->topology);
    network_destroy(ground->network);
}

static struct sampled_report sample(const struct ground *ground, struct sampled_request request, unsigned threads,
                                    double *ret_found)
{
    struct sampled_report report;
    struct crew crew = {.threads = threads};
    ck_assert_int_eq(betweenness_sampled(&ground->topology.out, &ground->topology.in, &request, &crew, ret_found, &report),
                     CREW_OK);
    return report;
}

START_TEST(draws_keep_their_promise)
{
    for (int kind = 0; kind < 4; kind++) {
        struct ground ground;
        bool directed = kind % 2 == 1, unit = kind < 2;
        ground_init(&ground, directed, unit);
        double found[ACTORS], mean[ACTORS] = {0}, square[ACTORS] = {0};
        unsigned broken = 0;
        struct sampled_request request = {.directed = directed, .unit = unit, .epsilon = 0.1, .delta = 0.1};
        for (request.seed = 1; request.seed <= DRAWS; request.seed++) {
            struct sampled_report report = sample(&ground, request, 2, found);
            ck_assert_uint_lt(report.sources, ACTORS);
            ck_assert_uint_gt(report.looks, 0);
            ck_assert_double_le(report.epsilon, request.epsilon);
            ck_assert_double_gt(report.epsilon, 0);
            double worst = 0;
            for (size_t v = 0; v < ACTORS; v++) {
                worst = fmax(worst, fabs(found[v] - ground.exact[v]) / ground.pairs);
                mean[v] += found[v] / DRAWS;
                square[v] += found[v] * found[v] / DRAWS;
            }
            broken += worst > report.epsilon;
        }
        ck_assert_uint_le(broken, (unsigned)(request.delta * DRAWS));
        /* 4.5 standard errors: with 400 actors one in 300 runs would fall outside, and the seeds are fixed. */
        for (size_t v = 0; v < ACTORS; v++) {
            double error = sqrt(fmax(0, square[v] - mean[v] * mean[v]) / DRAWS);
            ck_assert_double_eq_tol(mean[v], ground.exact[v], 4.5 * error + 1e-9 * (1 + ground.exact[v]));
        }
        ground_release(&ground);
    }
}
END_TEST

START_TEST(a_narrow_epsilon_takes_everybody)
{
    struct ground ground;
    ground_init(&ground, false, true);
    double found[ACTORS];
    struct sampled_report report =
        sample(&ground, (struct sampled_request){.unit = true, .epsilon = 1e-4, .delta = 0.1}, 1, found);
    ck_assert_uint_eq(report.sources, ACTORS);
    ck_assert_double_eq(report.epsilon, 0);
    for (size_t v = 0; v < ACTORS; v++)
        ck_assert_double_eq_tol(found[v], ground.exact[v], 1e-9 * (1 + ground.exact[v]));
    ground_release(&ground);
}
END_TEST

START_TEST(the_seed_decides_and_threads_do_not)
{
    struct ground ground;
    ground_init(&ground, true, false);
    double once[ACTORS], again[ACTORS], other[ACTORS];
    struct sampled_request request = {.directed = true, .epsilon = 0.1, .delta = 0.1, .seed = 4};
    sample(&ground, request, 1, once);
    sample(&ground, request, 3, again);
    request.seed = 5;
    sample(&ground, request, 1, other);
    ck_assert_mem_eq(once, again, sizeof once);
    size_t different = 0;
    for (size_t v = 0; v < ACTORS; v++)
        different += fabs(once[v] - other[v]) > 0;
    ck_assert_uint_gt(different, 0);
    ground_release(&ground);
}
END_TEST

START_TEST(small_networks_are_exact)
{
    static const char *const drawn[] = {"", "a", "a-b", "a-b b-c", "a-b a-c a-d a-e"};
    static const double centre[] = {0, 0, 0, 1, 6};
    for (size_t d = 0; d < sizeof drawn / sizeof drawn[0]; d++) {
        struct network *network = network_drawn(drawn[d], false);
        struct topology topology;
        char error[400];
        ck_assert_msg(topology_init(&topology, network, error), "%s", error);
        double found[5] = {0}, most = 0;
        struct crew crew = {0};
        struct sampled_report report;
        struct sampled_request request = {.unit = true, .epsilon = 0.01, .delta = 0.05};
        ck_assert_int_eq(betweenness_sampled(&topology.out, &topology.in, &request, &crew, found, &report), CREW_OK);
        for (size_t v = 0; v < topology.count; v++)
            most = fmax(most, found[v]);
        ck_assert_double_eq_tol(most, centre[d], 1e-12);
        ck_assert_double_eq(report.epsilon, 0);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(a_family_says_that_it_sampled)
{
    struct network *network = network_random(11, ACTORS, 0.006, false);
    struct result *exact = computed("centrality", network, NULL, "betweenness=exact");
    struct result *result = computed("centrality", network, NULL, "betweenness=sampled epsilon=0.1 delta=0.2");
    ck_assert(computed_has_note(result, "Betweenness is an estimate from "));
    ck_assert(computed_has_note(result, "with probability 0.8 "));
    for (size_t v = 0; v < ACTORS; v++)
        ck_assert_double_eq_tol(computed_actor(result, "betweenness_norm", network->actors[v].key),
                                computed_actor(exact, "betweenness_norm", network->actors[v].key), 0.1);
    result_destroy(result);
    result_destroy(exact);
    result = computed("centrality", network, NULL, "betweenness=sampled epsilon=0.001");
    ck_assert(computed_has_note(result, "Betweenness is exact"));
    result_destroy(result);
    result = computed("graph", network, NULL, "betweenness=sampled");
    ck_assert(isnan(computed_number(result, "graph", "centralization_betweenness", NULL, NULL)));
    ck_assert(computed_has_note(result, "betweenness=sampled"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sampled");
    TCase *tcase = tcase_create("sampled");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, draws_keep_their_promise);
    tcase_add_test(tcase, a_narrow_epsilon_takes_everybody);
    tcase_add_test(tcase, the_seed_decides_and_threads_do_not);
    tcase_add_test(tcase, small_networks_are_exact);
    tcase_add_test(tcase, a_family_says_that_it_sampled);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
