/* SPDX-License-Identifier: GPL-3.0-or-later
 * Changed networks against the same networks drawn anew, and the family that compares the two.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "dyad.h"
#include "network_change.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct network *changed(struct network *network, const char *choices, struct network_changes *changes)
{
    char error[400] = "";
    struct network *after = NULL;
    ck_assert_msg(choices_parse(choices, &network->spec.choices, error), "%s", error);
    ck_assert_msg(network_change(network, &after, changes, error) == NETWORK_CHANGE_OK, "%s: %s", choices, error);
    return after;
}

static void expect_ties(const struct network_tie *got, size_t got_count, const struct network_tie *wanted, size_t count)
{
    ck_assert_uint_eq(got_count, count);
    for (size_t t = 0; t < count; t++) {
        ck_assert_int_eq(got[t].from, wanted[t].from);
        ck_assert_int_eq(got[t].to, wanted[t].to);
        ck_assert_double_eq_tol(got[t].weight, wanted[t].weight, 1e-12);
    }
}

static void expect_same(const struct network *got, const struct network *wanted)
{
    ck_assert_uint_eq(got->actor_count, wanted->actor_count);
    for (size_t i = 0; i < got->actor_count; i++)
        ck_assert_str_eq(got->actors[i].key, wanted->actors[i].key);
    expect_ties(got->ties, got->tie_count, wanted->ties, wanted->tie_count);
    expect_ties(got->negative, got->negative_count, wanted->negative, wanted->negative_count);
}

START_TEST(the_steps)
{
    struct network *network = network_drawn("a@x b@x c@y d@y a-b:2 a-c:3 b-c:4 c-d:5 a!d b!d a!b", false);
    struct network_changes changes;
    struct network *after = changed(network, "merge=a+b", &changes);
    struct network *wanted = network_drawn("a+b-c:7 c-d:5 a+b!d a+b!d", false);
    expect_same(after, wanted);
    ck_assert_double_eq(after->negative[0].weight, 2);
    ck_assert_uint_eq(changes.count, 1);
    ck_assert_str_eq(changes.steps[0].actors, "a, b");
    ck_assert_str_eq(changes.steps[0].result, "a+b");
    ck_assert_double_eq(changes.steps[0].self_weight, 2);
    ck_assert_double_eq(after->self_weight, 2);
    ck_assert_double_eq(after->self_count, 1);
    ck_assert_str_eq(after->actors[0].label, "a + b");
    ck_assert_str_eq(after->actors[0].sector, "x");
    network_changes_release(&changes);
    network_destroy(wanted);
    network_destroy(after);

    after = changed(network, "remove=c liaison=a,d liaison-weight=2.5", &changes);
    wanted = network_drawn("a-b:2 a-liaison:2.5 d-liaison:2.5 a!d b!d a!b", false);
    expect_same(after, wanted);
    ck_assert_double_eq(changes.steps[0].weight_dropped, 12);
    ck_assert_double_eq(changes.steps[1].weight_added, 5);
    ck_assert_str_eq(changes.steps[1].result, "liaison");
    network_changes_release(&changes);
    network_destroy(wanted);
    network_destroy(after);

    /* All four: the committee knows the merged actor by the name of a part, and sits with the liaison. */
    after = changed(network, "committee=b,d,liaison meetings=4 liaison=a merge=a+b remove=c", &changes);
    wanted = network_drawn("a+b-liaison:3 a+b-d:2 d-liaison:2 a+b!d a+b!d", false);
    expect_same(after, wanted);
    ck_assert_uint_eq(changes.count, 4);
    ck_assert_int_eq(changes.steps[0].kind, CHANGE_REMOVE);
    ck_assert_int_eq(changes.steps[3].kind, CHANGE_COMMITTEE);
    ck_assert_double_eq(changes.steps[3].meetings, 4);
    ck_assert_double_eq(after->interactions - network->interactions, 4);
    network_changes_release(&changes);
    network_destroy(wanted);
    network_destroy(after);

    after = changed(network, NULL, &changes);
    expect_same(after, network);
    ck_assert_uint_eq(changes.count, 0);
    network_destroy(after);
    network_destroy(network);
}
END_TEST

START_TEST(weights_follow_the_specification)
{
    struct network_changes changes;
    static const struct {
        enum spec_projection projection;
        enum spec_weight weight;
        double merged, met; /* a+b to c, of 3 by 1 and 5 by 3 interactions; c-d, of 6 by 1, after ten meetings of three */
    } cases[] = {{PROJECTION_NEWMAN, WEIGHT_SUM, 8, 6 + 10 * 0.5},
                 {PROJECTION_COUNT, WEIGHT_SUM, 8, 6 + 10},
                 {PROJECTION_DURATION, WEIGHT_SUM, 8, 6 + 10 * 45},
                 {PROJECTION_NEWMAN, WEIGHT_MEAN, (3 * 1 + 5 * 3) / 4.0, (6 + 10 * 0.5) / 11},
                 {PROJECTION_NEWMAN, WEIGHT_MAX, 5, 6},
                 {PROJECTION_DURATION, WEIGHT_MAX, 5, 45},
                 {PROJECTION_BINARY, WEIGHT_SUM, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int directed = 0; directed < 2; directed++) {
            struct network *network = network_drawn(directed ? "a-c:3 b-c:5 c-d:6 d-c:6 e" : "a-c:3 b-c:5 c-d:6 e", directed);
            network->spec.projection = cases[i].projection;
            network->spec.weight = cases[i].weight;
            network->ties[1].count = 3; /* b-c */
            struct network *after = changed(network, "merge=a+b committee=c,d,e meetings=10 minutes=45", &changes);
            ck_assert_str_eq(after->actors[0].key, "a+b");
            ck_assert_double_eq_tol(after->ties[0].weight, cases[i].merged, 1e-12);
            ck_assert_double_eq(after->ties[0].count, 4);
            ck_assert_double_eq_tol(after->ties[1].weight, cases[i].met, 1e-12);
            ck_assert_double_eq(after->ties[1].count, 11);
            ck_assert_uint_eq(after->tie_count, directed ? 7 : 4);
            network_changes_release(&changes);
            network_destroy(after);
            network_destroy(network);
        }
}
END_TEST

START_TEST(a_meeting_a_month)
{
    struct network *network = network_drawn("a b", false);
    struct network_changes changes;
    network->spec.to_day = network->spec.from_day + 730;
    struct network *after = changed(network, "committee=a,b", &changes);
    ck_assert_double_eq(changes.steps[0].meetings, 24);
    network_changes_release(&changes);
    network_destroy(after);
    network->spec.to_day = network->spec.from_day + 3;
    after = changed(network, "committee=a,b", &changes);
    ck_assert_double_eq(changes.steps[0].meetings, 1);
    network_changes_release(&changes);
    network_destroy(after);
    network_destroy(network);
}
END_TEST

static const char *refusal(struct network *network, const char *choices)
{
    static char error[400];
    struct network *after = NULL;
    struct network_changes changes;
    ck_assert_msg(choices_parse(choices, &network->spec.choices, error), "%s", error);
    ck_assert_int_eq(network_change(network, &after, &changes, error), NETWORK_CHANGE_REFUSED);
    ck_assert_uint_eq(changes.count, 0);
    return error;
}

START_TEST(names_and_refusals)
{
    struct network *network = network_drawn("fin-kld kld-kmd kmd-sd", false);
    static const char *const labels[] = {"Finansdepartementet",
                                         "Klima- og milj\xc3\xb8"
                                         "departementet",
                                         "Kommunal", "Samferdselsdepartementet"};
    for (size_t i = 0; i < 4; i++) {
        free(network->actors[i].label);
        network->actors[i].label = strdup(labels[i]);
    }
    network->actors[3].abbreviation = strdup("SMD");
    struct network_changes changes;
    static const char *const same[] = {"remove=sd",     "remove=SMD", "remove=smd", "remove=Samferdselsdepartementet",
                                       "remove=%73%64", "remove=SD"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct network *after = changed(network, same[i], &changes);
        ck_assert_uint_eq(after->actor_count, 3);
        ck_assert_str_eq(changes.steps[0].actors, "sd");
        network_changes_release(&changes);
        network_destroy(after);
    }
    struct network *after = changed(network,
                                    "merge=Klima-%20og%20milj%C3%B8"
                                    "departementet+fin",
                                    &changes);
    ck_assert_str_eq(changes.steps[0].result, "kld+fin"); /* in the order written */
    network_changes_release(&changes);
    network_destroy(after);

    ck_assert_str_eq(refusal(network, "remove=kldd"),
                     "remove: no actor of this network is called \"kldd\"; near it are kld (Klima- og milj\xc3\xb8"
                     "departementet), kmd (Kommunal)");
    ck_assert_ptr_nonnull(
        strstr(refusal(network, "liaison=Samferdsel,departementet-for-alt"), "\"Samferdsel\"; near it are sd"));
    ck_assert_str_eq(refusal(network, "committee=fin,qwertyuiop"),
                     "committee: no actor of this network has the key, abbreviation or name \"qwertyuiop\"");
    ck_assert_str_eq(refusal(network, "committee=fin"), "committee: fin alone is no committee");
    ck_assert_str_eq(refusal(network, "merge=fin"), "merge: \"fin\" is one actor; write the parts as KEY+KEY");
    ck_assert_str_eq(refusal(network, "merge=fin+kld,kld+kmd"), "merge: kld is named twice");
    ck_assert_str_eq(refusal(network, "merge=fin+fin"), "merge: fin is named twice");
    ck_assert_str_eq(refusal(network, "remove=fin,"), "remove: an empty name");
    ck_assert_str_eq(refusal(network, "remove=fin merge=fin+kld"), "merge: \"fin\" is removed by remove=");
    free(network->actors[0].label);
    network->actors[0].label = strdup("Kommunal");
    ck_assert_str_eq(refusal(network, "remove=Kommunal"),
                     "remove: \"Kommunal\" is the name of several actors, fin and kmd: use a key");

    char error[400];
    struct metrics_input input = {.network = network};
    struct result *result = result_create("whatif");
    ck_assert_int_eq(metrics_family("whatif")->compute(&input, result, error), METRICS_REFUSED);
    ck_assert_ptr_nonnull(strstr(error, "several actors"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Random networks, changed, against the same drawn as they would be. */
START_TEST(drawn_anew)
{
    for (uint64_t round = 0; round < 100; round++) {
        struct random_stream stream;
        random_stream_init(&stream, 1848, round);
        bool directed = round % 2;
        struct drawing *drawing = drawing_create(directed), *wanted = drawing_create(directed);
        size_t n = 4 + random_stream_below(&stream, 5);
        double self = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = directed ? 0 : i; j < n; j++) {
                char from[2] = {(char)('a' + i), 0}, to[2] = {(char)('a' + j), 0};
                /* c goes, a and b become one, everybody else stays. */
                const char *new_from = i < 2 ? "a+b" : from, *new_to = j < 2 ? "a+b" : to;
                drawing_actor(drawing, from, NULL);
                drawing_actor(drawing, to, NULL);
                if (i != 2)
                    drawing_actor(wanted, new_from, NULL);
                if (i == j || random_stream_unit(&stream) < 0.4)
                    continue;
                double weight = 1 + (double)random_stream_below(&stream, 9);
                drawing_tie(drawing, from, to, weight);
                if (i < 2 && j < 2)
                    self += weight;
                else if (i != 2 && j != 2)
                    drawing_tie(wanted, new_from, new_to, weight);
            }
        const char *members[] = {"a+b", "d", "liaison"};
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                if (directed ? i != j : i < j) {
                    drawing_tie(wanted, members[i], members[j], 6 / 2.0);
                    if (i + j == 3)
                        drawing_tie(wanted, members[i], members[j], 2);
                }
        struct network *network = drawing_finish(drawing), *new = drawing_finish(wanted);
        struct network_changes changes;
        struct network *after =
            changed(network, "remove=c merge=a+b liaison=d liaison-weight=2 committee=a,d,liaison meetings=6", &changes);
        expect_same(after, new);
        ck_assert_double_eq(after->self_weight, self);
        ck_assert_double_eq(changes.steps[1].self_weight, self);
        network_changes_release(&changes);
        network_destroy(after);
        network_destroy(new);
        network_destroy(network);
    }
}
END_TEST

static double of_actor(const struct result *result, const char *measure, const char *actor, const char *column)
{
    const struct table *table = result_table(result, "actors");
    const struct column *measures = table_column(table, "measure"), *actors = table_column(table, "actor");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(measures->texts[r], measure) == 0 && strcmp(actors->texts[r], actor) == 0)
            return table_column(table, column)->numbers[r];
    ck_abort_msg("no %s of %s", measure, actor);
    return 0;
}

START_TEST(before_and_after)
{
    /* A star; a liaison between two leaves takes a pair of the hub's six. */
    struct network *network = network_drawn("hub-a hub-b hub-c hub-d", false);
    struct result *result = computed("whatif", network, NULL, "liaison=a,b");
    ck_assert_double_eq(computed_number(result, "whatif", "before", "measure", "ties"), 4);
    ck_assert_double_eq(computed_number(result, "whatif", "after", "measure", "ties"), 6);
    ck_assert_double_eq(computed_number(result, "whatif", "change", "measure", "actors"), 1);
    ck_assert_double_eq(computed_number(result, "changes", "weight_added", "change", "liaison"), 2);
    ck_assert(isnan(computed_number(result, "changes", "meetings", "change", "liaison")));
    struct result *plain = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq(of_actor(result, "betweenness", "hub", "before"), computed_actor(plain, "betweenness", "hub"));
    result_destroy(plain);
    ck_assert_double_eq(of_actor(result, "betweenness", "hub", "before"), 6);
    /* a and b are two steps apart over the hub and over the liaison; the liaison reaches c and d over a or b and the hub. */
    ck_assert_double_eq(of_actor(result, "betweenness", "hub", "after"), 0.5 + 1 + 4 + 2);
    ck_assert_double_eq(of_actor(result, "betweenness", "a", "change"), 0.5 + 0.5 + 0.5);
    ck_assert_double_eq(of_actor(result, "betweenness", "hub", "rank_change"), 0);
    ck_assert_double_eq(of_actor(result, "betweenness", "a", "rank_before"), 2);
    ck_assert_double_eq(of_actor(result, "degree", "c", "rank_after"), 5);
    ck_assert_double_eq(of_actor(result, "degree", "c", "rank_change"), 2 - 5);
    ck_assert(isnan(of_actor(result, "degree", "liaison", "before")));
    ck_assert_double_eq(of_actor(result, "degree", "liaison", "after"), 2);
    ck_assert_double_eq(of_actor(result, "pieces", "hub", "change"), 3 - 4);
    ck_assert_double_eq(of_actor(result, "articulation", "hub", "change"), 0);
    result_destroy(result);

    /* Without the hub nobody reaches anybody; what is missing after has no change. */
    result = computed("whatif", network, NULL, "remove=hub");
    ck_assert_double_eq(computed_number(result, "whatif", "after", "measure", "components"), 4);
    ck_assert(isnan(computed_number(result, "whatif", "change", "measure", "diameter")));
    ck_assert(isnan(of_actor(result, "degree", "hub", "after")));
    ck_assert(isnan(of_actor(result, "degree", "hub", "rank_after")));
    ck_assert(computed_has_note(result, "not connected"));
    ck_assert(computed_has_note(result, "no ties"));
    result_destroy(result);

    result = computed("whatif", network, NULL, NULL);
    ck_assert(computed_has_note(result, "Nothing was changed"));
    const struct column *change = table_column(result_table(result, "actors"), "change");
    for (size_t r = 0; r < result_table(result, "actors")->row_count; r++)
        ck_assert(isnan(change->numbers[r]) || change->numbers[r] == 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(a_column_that_comes_or_goes)
{
    /* pn is there only while there are objections. */
    struct network *network = network_drawn("a-b b-c c!d", false);
    struct result *result = computed("whatif", network, NULL, "remove=d");
    ck_assert(!isnan(of_actor(result, "pn", "a", "before")));
    ck_assert(isnan(of_actor(result, "pn", "a", "after")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* Of a wave each pair is known or not: what one part would have answered of d nobody can tell. */
START_TEST(a_merger_knows_what_all_its_parts_know)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_drawn("a-c b d", directed);
        struct network_changes changes;
        enum { A, B, C, D, ALL };
        network->known = malloc((size_t)ALL * ALL);
        memset(network->known, 1, (size_t)ALL * ALL);
        network->known[B * ALL + C] = network->known[C * ALL + B] = 0;
        network->known[B * ALL + D] = network->known[D * ALL + B] = 0;
        struct network *after = changed(network, "merge=a+b liaison=d", &changes);
        size_t merged = (size_t)drawn_index(after, "a+b"), c = (size_t)drawn_index(after, "c"),
               d = (size_t)drawn_index(after, "d"), liaison = (size_t)drawn_index(after, "liaison");
        ck_assert_int_eq(dyad_state(after, merged, c), DYAD_YES);
        ck_assert_int_eq(dyad_state(after, c, merged), directed ? DYAD_UNKNOWN : DYAD_YES);
        ck_assert_int_eq(dyad_state(after, merged, d), DYAD_UNKNOWN);
        ck_assert_int_eq(dyad_state(after, c, d), DYAD_NO);
        ck_assert_int_eq(dyad_state(after, merged, liaison), DYAD_NO);
        ck_assert_double_eq(network_unknown_dyads(after), directed ? 3 : 1);
        network_changes_release(&changes);
        network_destroy(after);
        network_destroy(network);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("whatif");
    TCase *tcase = tcase_create("whatif");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_steps);
    tcase_add_test(tcase, weights_follow_the_specification);
    tcase_add_test(tcase, a_meeting_a_month);
    tcase_add_test(tcase, names_and_refusals);
    tcase_add_test(tcase, drawn_anew);
    tcase_add_test(tcase, a_merger_knows_what_all_its_parts_know);
    tcase_add_test(tcase, before_and_after);
    tcase_add_test(tcase, a_column_that_comes_or_goes);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
