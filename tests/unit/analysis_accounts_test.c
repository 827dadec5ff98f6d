/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who told of which tie: accounts by hand, the treatments of silence, what the two ends agree on, and what depends on it.
 */
#include "accounts.h"
#include "computed_result.h"
#include "drawn_network.h"
#include "dyad.h"
#include "event.h"
#include "treatments.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct network *network;
static struct chronicle chronicle;
static struct accounts accounts;

/* Letters are "a>b", meetings "abc"; then who told: "/ab", or "/" for somebody who is no actor. Day = position. */
static void tell(const char *text)
{
    char *copy = strdup(text), *rest = copy;
    int32_t day = 0;
    for (char *token = strsep(&rest, " "); token; token = strsep(&rest, " "), day++) {
        char *told = strchr(token, '/');
        ck_assert_ptr_nonnull(told);
        *told++ = 0;
        char *arrow = strchr(token, '>');
        struct chronicle_event event = {.id = (uint64_t)day + 1,
                                        .time_day = day,
                                        .end_day = NAN,
                                        .day = day,
                                        .case_file = -1,
                                        .kind = arrow ? EVENT_LETTER : EVENT_MEETING,
                                        .weight = 1};
        ck_assert_uint_ne(chronicle_add_event(&chronicle, &event), SIZE_MAX);
        for (const char *at = token; *at; at++) {
            if (*at == '>')
                continue;
            char key[] = {*at, 0};
            struct chronicle_part part = {.actor = drawn_index(network, key),
                                          .side = arrow ? (at < arrow ? SIDE_FROM : SIDE_TO) : SIDE_PRESENT};
            chronicle_add_part(&chronicle, &part);
        }
        for (const char *at = told; *at; at++) {
            char key[] = {*at, 0};
            chronicle_add_reporter(&chronicle, drawn_index(network, key));
        }
        if (!*told)
            chronicle_add_reporter(&chronicle, CHRONICLE_NO_ACTOR);
    }
    free(copy);
    ck_assert(chronicle_order(&chronicle));
}

/* silent: keys of the actors that have not reported. */
static void start_with(const char *drawing, bool directed, const char *events, const char *silent)
{
    network = network_drawn(drawing, directed);
    network->spec.projection = PROJECTION_COUNT;
    for (size_t i = 0; i < network->actor_count; i++)
        network->actors[i].reported = !strchr(silent, *network->actors[i].key);
    memset(&chronicle, 0, sizeof chronicle);
    tell(events);
    ck_assert(accounts_init(&accounts, network, &chronicle, -INFINITY, INFINITY));
}

static void stop(void)
{
    accounts_release(&accounts);
    chronicle_release(&chronicle);
    network_destroy(network);
}

static const struct accounts_dyad *dyad(const char *from, const char *to)
{
    for (size_t d = 0; d < accounts.count; d++)
        if (accounts.dyads[d].from == drawn_index(network, from) && accounts.dyads[d].to == drawn_index(network, to))
            return &accounts.dyads[d];
    return NULL;
}

static void is(const char *from, const char *to, double any, double by_from, double by_to, double both)
{
    const struct accounts_dyad *found = dyad(from, to);
    ck_assert_msg(found != NULL, "no pair %s %s", from, to);
    ck_assert_double_eq(found->any.count, any);
    ck_assert_double_eq(found->by_from.count, by_from);
    ck_assert_double_eq(found->by_to.count, by_to);
    ck_assert_double_eq(found->by_both.count, both);
}

START_TEST(accounts_by_hand)
{
    start_with("a b c d a-b", false, "a>b/a b>a/ab abc/c c>d/ a>b/b", "");
    ck_assert_uint_eq(accounts.count, 4);
    is("a", "b", 4, 2, 2, 1);
    is("a", "c", 1, 0, 1, 0);
    is("b", "c", 1, 0, 1, 0);
    is("c", "d", 1, 0, 0, 0);
    ck_assert_double_eq(accounts.interactions, 5);
    ck_assert_double_eq(accounts.by_none, 1);
    accounts_release(&accounts);
    ck_assert(accounts_init(&accounts, network, &chronicle, 1, 3)); /* only the second and the third */
    ck_assert_uint_eq(accounts.count, 3);
    is("a", "b", 2, 1, 1, 1);
    stop();

    start_with("a b c a-b", true, "a>b/a b>a/ab abc/c", "");
    is("a", "b", 2, 1, 0, 0); /* a meeting is both arcs */
    is("b", "a", 2, 1, 1, 1);
    is("c", "a", 1, 1, 0, 0);
    stop();
}
END_TEST

START_TEST(weights_and_voices)
{
    start_with("a b c a-b", false, "abc/a ab/b", "");
    network->spec.projection = PROJECTION_NEWMAN;
    network->actors[1].voice = network->actors[0].id; /* a reports for b */
    accounts_release(&accounts);
    ck_assert(accounts_init(&accounts, network, &chronicle, -INFINITY, INFINITY));
    is("a", "b", 2, 1, 2, 1);
    ck_assert_double_eq(account_weight(&network->spec, &dyad("a", "b")->any), 1.5);
    network->spec.weight = WEIGHT_MEAN;
    ck_assert_double_eq(account_weight(&network->spec, &dyad("a", "b")->any), 0.75);
    network->spec.weight = WEIGHT_MAX;
    ck_assert_double_eq(account_weight(&network->spec, &dyad("a", "b")->any), 1);
    network->spec.projection = PROJECTION_BINARY;
    ck_assert_double_eq(account_weight(&network->spec, &dyad("a", "b")->any), 1);
    const struct account none = {0, 0, 0};
    ck_assert_double_eq(account_weight(&network->spec, &none), 0);
    stop();

    /* A group is one name in k, and its members are not tied to each other. */
    start_with("a b c a-b", false, "abc/a", "");
    network->spec.projection = PROJECTION_NEWMAN;
    chronicle.parts[1].through_group = chronicle.parts[2].through_group = true;
    accounts_release(&accounts);
    ck_assert(accounts_init(&accounts, network, &chronicle, -INFINITY, INFINITY));
    ck_assert_uint_eq(accounts.count, 2);
    ck_assert_double_eq(dyad("a", "c")->any.sum, 1);
    stop();
}
END_TEST

static double cell(enum spec_missing treatment, const char *from, const char *to)
{
    struct network *treated = treatment_network(network, &accounts, treatment);
    double *matrix = dyad_matrix(treated, false);
    network_destroy(treated);
    double value = matrix[(size_t)drawn_index(network, from) * network->actor_count + (size_t)drawn_index(network, to)];
    free(matrix);
    return value;
}

START_TEST(treatments_directed)
{
    /* s and t are silent. */
    start_with("a b c s t a-b", true, "a>b/a a>b/b c>b/b a>s/a s>a/a s>t/ c>s/", "st");
    ck_assert_double_eq(cell(MISSING_AS_REPORTED, "a", "b"), 1);
    ck_assert_double_eq(cell(MISSING_AS_REPORTED, "c", "b"), 0); /* the receiver says so, the sender does not */
    ck_assert_double_eq(cell(MISSING_AS_REPORTED, "a", "s"), 1);
    ck_assert(isnan(cell(MISSING_AS_REPORTED, "s", "a")));
    ck_assert_double_eq(cell(MISSING_RECONSTRUCTION, "s", "a"), 1);
    ck_assert_double_eq(cell(MISSING_RECONSTRUCTION, "s", "b"), 0);
    ck_assert_double_eq(cell(MISSING_RECONSTRUCTION, "c", "b"), 0);
    ck_assert(isnan(cell(MISSING_RECONSTRUCTION, "s", "t")));
    ck_assert_double_eq(cell(MISSING_UNION, "a", "b"), 2);
    ck_assert_double_eq(cell(MISSING_UNION, "c", "b"), 1);
    ck_assert_double_eq(cell(MISSING_UNION, "s", "t"), 1);
    ck_assert(isnan(cell(MISSING_UNION, "t", "s")));
    ck_assert_double_eq(cell(MISSING_UNION, "b", "s"), 0);
    ck_assert_double_eq(cell(MISSING_INTERSECTION, "a", "b"), 0); /* each tells of another letter */
    ck_assert_double_eq(cell(MISSING_INTERSECTION, "c", "b"), 0);
    ck_assert(isnan(cell(MISSING_INTERSECTION, "a", "s")));       /* s could have confirmed it */
    ck_assert_double_eq(cell(MISSING_INTERSECTION, "c", "s"), 0); /* c says no, so both cannot say yes */
    ck_assert(isnan(cell(MISSING_INTERSECTION, "s", "t")));
    for (size_t t = 0; t < TREATMENTS; t++)
        ck_assert_double_eq(cell(treatment_at(t), "s", "s"), 0);
    stop();
}
END_TEST

START_TEST(treatments_undirected)
{
    start_with("a b s t a-b", false, "ab/a ab/ab as/a", "st");
    ck_assert_double_eq(cell(MISSING_AS_REPORTED, "a", "b"), 1.5); /* the mean of two and one */
    ck_assert_double_eq(cell(MISSING_AS_REPORTED, "b", "a"), 1.5);
    ck_assert(isnan(cell(MISSING_AS_REPORTED, "a", "s")));
    ck_assert_double_eq(cell(MISSING_RECONSTRUCTION, "a", "s"), 1);
    ck_assert_double_eq(cell(MISSING_RECONSTRUCTION, "b", "s"), 0);
    ck_assert_double_eq(cell(MISSING_UNION, "a", "b"), 2);
    ck_assert_double_eq(cell(MISSING_INTERSECTION, "a", "b"), 1);
    ck_assert(isnan(cell(MISSING_UNION, "s", "t")));
    stop();
}
END_TEST

START_TEST(states)
{
    start_with("a b s t a-b s-a s-t", false, "ab/a", "st");
    ck_assert_int_eq(dyad_state(network, 0, 1), DYAD_YES);
    ck_assert_int_eq(dyad_state(network, 1, 0), DYAD_YES);
    ck_assert_int_eq(dyad_state(network, 1, 2), DYAD_NO);
    ck_assert_int_eq(dyad_state(network, 2, 3), DYAD_YES);
    network->tie_count--; /* s-t is the last */
    ck_assert_int_eq(dyad_state(network, 2, 3), DYAD_UNKNOWN);
    ck_assert_int_eq(dyad_state(network, 2, 2), DYAD_NO);
    double *matrix = dyad_matrix(network, false);
    ck_assert(isnan(matrix[2 * 4 + 3]) && isnan(matrix[3 * 4 + 2]) && matrix[0 * 4 + 2] == 1 && matrix[1 * 4 + 2] == 0);
    free(matrix);
    double unknown = 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = i + 1; j < 4; j++)
            unknown += dyad_state(network, i, j) == DYAD_UNKNOWN;
    ck_assert_double_eq(network_unknown_dyads(network), unknown);
    network->complete = true;
    ck_assert_int_eq(dyad_state(network, 2, 3), DYAD_NO);
    stop();
}
END_TEST

/* ----------------------------------------------------------------------------------------------------------- families */
static struct result *family(const char *name, const char *choices)
{
    char error[400] = "";
    ck_assert_msg(choices_parse(choices, &network->spec.choices, error), "%s", error);
    struct metrics_input input = {.network = network, .chronicle = &chronicle};
    struct result *result = result_create(name);
    ck_assert_msg(metrics_family(name)->compute(&input, result, error) == METRICS_OK, "%s", error);
    return result;
}

static double whole(const struct result *result, const char *column)
{
    return computed_number(result, "agreement_network", column, NULL, NULL);
}

START_TEST(agreement_by_hand)
{
    /* Pairs of a, b, c, d: ab both, ac a alone, bc c alone; ad, bd, cd nobody. s has not reported. */
    start_with("a b c d s a-b", false, "ab/ab ab/a ac/a bc/c as/a", "s");
    struct result *result = family("agreement", NULL);
    ck_assert_double_eq(whole(result, "pairs"), 6);
    ck_assert_double_eq(whole(result, "pairs_both"), 1);
    ck_assert_double_eq(whole(result, "pairs_one"), 2);
    ck_assert_double_eq(whole(result, "pairs_neither"), 3);
    ck_assert_double_eq_tol(whole(result, "agreement"), 4.0 / 6, 1e-12);
    ck_assert_double_eq_tol(whole(result, "agreement_told"), 1.0 / 3, 1e-12);
    /* yes in a third of the accounts: chance agrees in 5 of 9 */
    ck_assert_double_eq_tol(whole(result, "kappa"), (4.0 / 6 - 5.0 / 9) / (4.0 / 9), 1e-12);
    ck_assert_double_eq(whole(result, "told_one_or_both"), 4);
    ck_assert_double_eq(whole(result, "told_both"), 1);
    /* without a: bc alone, bd, cd nobody; without b: ac; without c: ab both; without d: ab, ac, bc */
    double without[] = {1 - 1.0 / 3 / (2 * 1.0 / 6 * 5 / 6), 1 - 1.0 / 3 / (2 * 1.0 / 6 * 5 / 6), 1,
                        1 - 2.0 / 3 / (2 * 2.0 / 3 / 3)};
    double mean = 0, squares = 0;
    for (int i = 0; i < 4; i++)
        mean += without[i] / 4;
    for (int i = 0; i < 4; i++)
        squares += (without[i] - mean) * (without[i] - mean);
    ck_assert_double_eq_tol(whole(result, "kappa_se_actors"), sqrt(2.0 / 8 * squares), 1e-12);
    ck_assert_double_eq(computed_actor(result, "pairs", "a"), 3);
    ck_assert_double_eq(computed_actor(result, "pairs", "s"), 0);
    ck_assert_double_eq(computed_actor(result, "over_reporting", "a"), 0.5);
    ck_assert_double_eq(computed_actor(result, "under_reporting", "a"), 0);
    ck_assert_double_eq(computed_actor(result, "under_reporting", "b"), 0.5);
    ck_assert_double_eq(computed_actor(result, "told_own", "a"), 3);
    ck_assert(isnan(computed_actor(result, "agreement", "s")));
    const struct table *pairs = result_table(result, "disagreements");
    ck_assert_uint_eq(pairs->row_count, 3);
    ck_assert_double_eq(table_column(pairs, "difference")->numbers[2], -1);
    result_destroy(result);
    stop();
}
END_TEST

START_TEST(relations_from_data)
{
    /* Ties within sectors only; a and b are under one body. */
    start_with("a@x b@x c@x d@y e@y f@y a-b a-c b-c d-e d-f:2 e-f a!d", false, "ab/a ab/b cd/c de/d ef/e", "");
    network->actors[0].parent = network->actors[1].parent = 7;
    network->actors[2].parent = 8;
    struct result *result = family("relations", "model=correlation response=binary with=sector");
    ck_assert_double_eq_tol(computed_number(result, "relations", "estimate", "term", "sector"), 1, 1e-12);
    /* 72 of the 720 orders keep the two sectors together */
    ck_assert_double_eq_tol(computed_number(result, "relations", "p_high", "term", "sector"), 0.1, 1e-12);
    result_destroy(result);
    result = family("relations", "with=sector,objections");
    ck_assert_double_eq_tol(computed_number(result, "relations", "estimate", "term", "sector"), 7.0 / 6, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "relations", "estimate", "term", "objections"), 0, 1e-12);
    ck_assert(isnan(computed_number(result, "relations", "p", "term", "constant")));
    ck_assert_double_eq(computed_number(result, "model", "pairs", NULL, NULL), 15);
    result_destroy(result);
    result = family("relations", "with=parent");
    ck_assert_double_eq(computed_number(result, "model", "pairs", NULL, NULL), 3);
    ck_assert_double_eq(computed_number(result, "model", "pairs_unknown", NULL, NULL), 12);
    result_destroy(result);
    result = family("relations", "with=sector,earlier,reporting");
    ck_assert(computed_has_note(result, "split=YYYY-MM-DD") && computed_has_note(result, "\"reporting\" was left out"));
    result_destroy(result);
    /* From the third day on: cd, de, ef; before: ab twice. */
    result = family("relations", "with=earlier split=1970-01-03 model=correlation");
    double mx = 2.0 / 15, my = 3.0 / 15;
    double r = (0 - 15 * mx * my) / sqrt((4 - 15 * mx * mx) * (3 - 15 * my * my));
    ck_assert_double_eq_tol(computed_number(result, "relations", "estimate", "term", "earlier"), r, 1e-12);
    result_destroy(result);
    stop();
}
END_TEST

/* The row of an actor's measure. */
static double uncertain(const struct result *result, const char *actor, const char *measure, const char *column)
{
    const struct table *table = result_table(result, "uncertainty");
    const struct column *actors = table_column(table, "actor"), *measures = table_column(table, "measure");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(actors->texts[r], actor) == 0 && strcmp(measures->texts[r], measure) == 0)
            return table_column(table, column)->numbers[r];
    ck_abort_msg("no row %s %s", actor, measure);
    return 0;
}

START_TEST(treatments_side_by_side)
{
    start_with("a b c s t a-b:2 a-c a-s", false, "ab/a ab/ab ac/a as/a", "st");
    struct result *result = family("uncertainty", "replicates=50");
    ck_assert_double_eq(uncertain(result, "a", "degree", "value"), 3);
    ck_assert_double_eq(uncertain(result, "a", "degree", "union"), 3);
    ck_assert_double_eq(uncertain(result, "a", "degree", "as_reported"), 2); /* as: one row of the two is unknown */
    ck_assert_double_eq(uncertain(result, "a", "degree", "intersection"), 1);
    ck_assert_double_eq(uncertain(result, "a", "degree", "reconstruction"), 3);
    ck_assert_double_eq(uncertain(result, "a", "strength", "reconstruction"), 3); /* ab 1.5, ac 0.5, as 1 */
    ck_assert_double_eq(uncertain(result, "s", "degree", "unknown_tied"), 2);
    ck_assert_double_eq(uncertain(result, "s", "degree", "missing_low"), 0);
    ck_assert_double_eq(uncertain(result, "s", "degree", "missing_high"), 2);
    ck_assert_double_eq(uncertain(result, "a", "degree", "rank"), 1);
    ck_assert_double_eq(uncertain(result, "a", "degree", "rank_worst"), 1);
    ck_assert_double_eq(uncertain(result, "s", "degree", "rank"), 2);
    ck_assert_double_eq(uncertain(result, "s", "degree", "rank_worst"), 4); /* as reported nobody knows of it: after a, b, c */
    ck_assert_double_eq(uncertain(result, "s", "degree", "flagged"), 1);
    const struct table *treatments = result_table(result, "treatments");
    ck_assert_uint_eq(treatments->row_count, 5);
    ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "network"), 1);
    ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "union"), 1);
    ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "as-reported"), 7);
    ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "reconstruction"), 1);
    ck_assert_double_eq(computed_number(result, "treatments", "ties", "treatment", "intersection"), 1);
    ck_assert_double_eq_tol(computed_number(result, "uncertainty_network", "union", "measure", "density"), 0.3, 1e-12);
    result_destroy(result);
    stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accounts");
    TCase *tcase = tcase_create("accounts");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, accounts_by_hand);
    tcase_add_test(tcase, weights_and_voices);
    tcase_add_test(tcase, treatments_directed);
    tcase_add_test(tcase, treatments_undirected);
    tcase_add_test(tcase, states);
    tcase_add_test(tcase, agreement_by_hand);
    tcase_add_test(tcase, relations_from_data);
    tcase_add_test(tcase, treatments_side_by_side);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
