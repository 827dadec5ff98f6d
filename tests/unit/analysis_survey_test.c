/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers of a wave: as a relation against plain counting, alpha against numpy, families on waves by hand and on empty ones.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "dyad.h"
#include "random_stream.h"
#include "reliability.h"
#include "survey_study.h"
#include "wave.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS 5

/* A roster with contact (0..4, needed and actual) and quality (1..5, towards the respondent), and a multiple choice. */
static struct wave asked(double minimum)
{
    struct wave wave = {.key = "w", .minimum_cell = minimum};
    const struct wave_item items[] = {{.id = (char[]){"roster"}, .kind = WAVE_ROSTER, .whole = -1, .low = NAN, .high = NAN},
                                      {.id = (char[]){"actual"},
                                       .kind = WAVE_LIKERT,
                                       .whole = 0,
                                       .relation = (char[]){"contact_actual"},
                                       .low = 0,
                                       .high = 4},
                                      {.id = (char[]){"needed"},
                                       .kind = WAVE_LIKERT,
                                       .whole = 0,
                                       .relation = (char[]){"contact_needed"},
                                       .low = 0,
                                       .high = 4},
                                      {.id = (char[]){"quality"},
                                       .kind = WAVE_LIKERT,
                                       .whole = 0,
                                       .relation = (char[]){"quality"},
                                       .to_respondent = true,
                                       .low = 1,
                                       .high = 5},
                                      {.id = (char[]){"hinders"}, .kind = WAVE_MULTIPLE, .whole = -1, .low = 1, .high = 2},
                                      {.id = (char[]){"below"}, .kind = WAVE_NUMBER, .whole = 0, .low = -2, .high = 2}};
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        ck_assert(wave_add_item(&wave, &items[i]));
    for (int value = 1; value <= 2; value++)
        ck_assert(wave_add_choice(
            &wave, 4, &(struct wave_choice){.value = value, .code = value == 1 ? (char[]){"culture"} : (char[]){"deadlines"}}));
    return wave;
}

static void say(struct wave *wave, int32_t respondent, const char *item, int32_t target, enum wave_state state, double value)
{
    struct wave_answer answer = {
        .respondent = respondent, .item = wave_item(wave, item), .target = target, .named = target + 1, .state = state};
    ck_assert(wave_add_answer(wave, &answer, &value, state == WAVE_GIVEN));
}

/* Random answers: each of about 8 respondents says of each actor nothing, no contact, don't know or a value. */
static struct wave random_wave(uint64_t seed, double minimum)
{
    struct random_stream stream;
    struct wave wave = asked(minimum);
    random_stream_init(&stream, 31, seed);
    int32_t people = 2 + (int32_t)random_stream_below(&stream, 8);
    for (int32_t r = 0; r < people; r++) {
        ck_assert(wave_add_respondent(&wave, (int32_t)random_stream_below(&stream, ACTORS)));
        for (int32_t target = 0; target < ACTORS; target++) {
            uint64_t what = random_stream_below(&stream, 6);
            if (what == 0)
                say(&wave, r, "roster", target, WAVE_NO_CONTACT, 0);
            else if (what == 1)
                say(&wave, r, "actual", target, WAVE_DONT_KNOW, 0);
            else if (what > 2) {
                say(&wave, r, "actual", target, WAVE_GIVEN, (double)random_stream_below(&stream, 5));
                say(&wave, r, "needed", target, WAVE_GIVEN, (double)random_stream_below(&stream, 5));
                say(&wave, r, "quality", target, WAVE_GIVEN, 1 + (double)random_stream_below(&stream, 5));
            }
        }
    }
    return wave;
}

/* By plain search over all answers. */
static double expected(const struct wave *wave, const char *id, size_t from, size_t to, enum spec_weight weight)
{
    int32_t item = wave_item(wave, id);
    const struct wave_item *part = &wave->items[item];
    size_t teller = part->to_respondent ? to : from, told = part->to_respondent ? from : to;
    double said = 0, yes = 0, sum = 0, valued = 0, most = 0;
    for (size_t a = 0; a < wave->answer_count; a++) {
        const struct wave_answer *answer = &wave->answers[a];
        bool none = answer->item == 0 && answer->state == WAVE_NO_CONTACT,
             given = answer->item == item && answer->state == WAVE_GIVEN;
        if (wave->respondents[answer->respondent].actor != (int32_t)teller || answer->target != (int32_t)told ||
            (!none && !given))
            continue;
        double value = given ? wave->values[answer->value] : 0;
        said++;
        yes += value > 0;
        if (given || strncmp(part->relation, "contact", 7) == 0) {
            sum += value;
            valued++;
            most = fmax(most, value);
        }
    }
    if (said == 0)
        return NAN;
    return yes == 0 ? 0 : weight == WEIGHT_SHARE ? yes / said : weight == WEIGHT_MAX ? most : sum / valued;
}

START_TEST(relations_are_what_was_answered)
{
    static const char *const ids[] = {"actual", "quality"};
    static const enum spec_weight weights[] = {WEIGHT_MEAN, WEIGHT_MAX, WEIGHT_SHARE};
    size_t yes = 0, no = 0, unknown = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct wave wave = random_wave(seed, 1);
        for (size_t i = 0; i < 2; i++)
            for (size_t w = 0; w < 3; w++) {
                struct drawing *drawing = drawing_create(true);
                for (int a = 0; a < ACTORS; a++)
                    drawing_actor(drawing, (char[]){(char)('a' + a), 0}, NULL);
                struct network *network = drawing_finish(drawing);
                char error[400], text[100];
                snprintf(text, sizeof text, "layer=survey:%s wave=w weight=%s", ids[i],
                         w == 0   ? "mean"
                         : w == 1 ? "max"
                                  : "share");
                ck_assert_msg(spec_parse(text, &network->spec, error), "%s", error);
                ck_assert_msg(wave_network(&wave, network, error), "%s", error);
                double missing = 0;
                for (size_t from = 0; from < ACTORS; from++)
                    for (size_t to = 0; to < ACTORS; to++) {
                        double wanted = from == to ? 0 : expected(&wave, ids[i], from, to, weights[w]);
                        enum dyad_state state = dyad_state(network, from, to);
                        const struct network_tie *tie = dyad_tie(network, from, to);
                        ck_assert_int_eq(state, isnan(wanted) ? DYAD_UNKNOWN : wanted > 0 ? DYAD_YES : DYAD_NO);
                        if (tie)
                            ck_assert_double_eq_tol(tie->weight, wanted, 1e-12);
                        missing += isnan(wanted);
                        yes += state == DYAD_YES;
                        no += from != to && state == DYAD_NO;
                        unknown += state == DYAD_UNKNOWN;
                    }
                ck_assert_double_eq(network_unknown_dyads(network), missing);
                struct network *both = network_undirected(network);
                for (size_t a = 0; a < ACTORS; a++)
                    for (size_t b = 0; b < ACTORS; b++)
                        ck_assert_int_eq(dyad_told(both, a, b), a == b || dyad_told(network, a, b) || dyad_told(network, b, a));
                network_destroy(both);
                network_destroy(network);
            }
        wave_release(&wave);
    }
    ck_assert_uint_gt(yes, 100);
    ck_assert_uint_gt(no, 100);
    ck_assert_uint_gt(unknown, 100);
}
END_TEST

START_TEST(what_ties_nobody_is_refused)
{
    struct wave wave = asked(1);
    char error[400];
    ck_assert(!wave_is_tie(&wave, wave_item(&wave, "hinders"), error));
    ck_assert_ptr_nonnull(strstr(error, "hinders"));
    ck_assert(!wave_is_tie(&wave, wave_item(&wave, "below"), error));
    ck_assert_ptr_nonnull(strstr(error, "below 0"));
    ck_assert(wave_is_tie(&wave, wave_item(&wave, "quality"), error));
    ck_assert_int_eq(wave_relation_item(&wave, "contact_needed"), wave_item(&wave, "needed"));
    wave_release(&wave);
}
END_TEST

START_TEST(alpha_is_numpys)
{
    /* tests/oracle/alpha_values.py */
    const double values[] = {3, 4, 3, 5, 5, 5, 4, 4, 1, 2, 2, 1, 4, 3, 5, 4, 2, 2, 1, 3, 4, 5, 4, 5, 3, 3, 3, 2, 5, 4, 5, 5};
    struct reliability reliability = reliability_alpha(values, 8, 4);
    ck_assert_double_eq_tol(reliability.alpha, 0.9148988051694709, 1e-12);
    ck_assert_double_eq_tol(reliability.low, 0.7473660114804367, 1e-9);
    ck_assert_double_eq_tol(reliability.high, 0.9808849092716847, 1e-9);
    const double same[] = {1, 1, 2, 2, 5, 5};
    ck_assert_double_eq_tol(reliability_alpha(same, 3, 2).alpha, 1, 1e-12);
    ck_assert(isnan(reliability_alpha(same, 1, 2).alpha));
    ck_assert(isnan(reliability_alpha(same, 6, 1).alpha));
    ck_assert(isnan(reliability_alpha((double[]){2, 3, 2, 3}, 2, 2).alpha));
}
END_TEST

static struct network *five(void)
{
    return network_drawn("a@x b@x c@y d@y e a-b:2 b-c d-e:3", false);
}

static struct result *told(const char *family, struct network *network, const struct wave *wave)
{
    for (size_t i = 0; i < network->actor_count; i++)
        network->actors[i].reported = true;
    struct metrics_input input = {.network = network, .wave = wave};
    return computed_from(family, &input, "wave=w permutations=19");
}

START_TEST(families_by_hand)
{
    struct wave wave = asked(1);
    struct network *network = five();
    for (int32_t r = 0; r < 3; r++)
        ck_assert(wave_add_respondent(&wave, r < 2 ? 0 : 1)); /* two of a, one of b */
    say(&wave, 0, "actual", 1, WAVE_GIVEN, 3);
    say(&wave, 0, "needed", 1, WAVE_GIVEN, 4);
    say(&wave, 1, "actual", 1, WAVE_GIVEN, 1);
    say(&wave, 1, "needed", 1, WAVE_GIVEN, 4);
    say(&wave, 1, "roster", 2, WAVE_NO_CONTACT, 0);
    say(&wave, 2, "actual", 0, WAVE_GIVEN, 2);
    say(&wave, 2, "needed", 0, WAVE_GIVEN, 1);
    say(&wave, 2, "roster", 2, WAVE_NO_CONTACT, 0);
    ck_assert(wave_add_turnout(&wave, &(struct wave_turnout){0, 3, 2, 2}));
    ck_assert(wave_add_turnout(&wave, &(struct wave_turnout){1, 1, 1, 1}));
    ck_assert(wave_add_turnout(&wave, &(struct wave_turnout){2, 2, 0, 0}));
    struct result *result = told("survey", network, &wave);
    ck_assert_double_eq_tol(computed_number(result, "wave", "response_rate", NULL, NULL), 0.5, 1e-12);
    ck_assert_double_eq_tol(computed_number(result, "wave", "pairs_seen", NULL, NULL), 1,
                            1e-12); /* one silent: no silent pair */
    ck_assert_double_eq(computed_actor(result, "silent", "c"), 1);
    survey_response_card(&wave, result); /* as of whatever is made of a wave */
    ck_assert(computed_has_note(result, "3 of 6"));
    result_destroy(result);
    result = told("shortfall", network, &wave);
    ck_assert_double_eq_tol(computed_actor(result, "shortfall", "a"), 1, 1e-12); /* b: 4 - 2; c: 0 - 0 */
    ck_assert_double_eq_tol(computed_actor(result, "shortfall", "b"), -0.5, 1e-12);
    ck_assert_double_eq(computed_number(result, "shortfall_pairs", "shortfall", "actor_a", "a"), 2);
    ck_assert_double_eq(computed_number(result, "shortfall_network", "one_short", NULL, NULL), 1);
    result_destroy(result);
    result = told("declared", network, &wave);
    /* a-b: both say so, logged; a-c: a says no, none logged; b-c: b says no, logged. */
    ck_assert_double_eq(computed_number(result, "declared_network", "pairs", NULL, NULL), 4);
    ck_assert_double_eq(computed_number(result, "declared_network", "pairs_both", NULL, NULL), 2);
    ck_assert_double_eq(computed_number(result, "declared_network", "pairs_logged_only", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "declared_network", "ends_agreement", NULL, NULL), 1);
    ck_assert_double_eq_tol(computed_number(result, "declared_network", "kappa", NULL, NULL), 0.5, 1e-12);
    ck_assert_double_eq(computed_actor(result, "under_reporting", "b"), 0.5);
    result_destroy(result);
    network_destroy(network);
    wave_release(&wave);
}
END_TEST

START_TEST(who_is_hidden_is_in_no_row)
{
    static const char *const families[] = {"declared", "shortfall"};
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct wave wave = random_wave(seed, 3);
        for (size_t f = 0; f < 2; f++) {
            struct network *network = five();
            struct result *result = told(families[f], network, &wave);
            const struct table *actors = result_table(result, families[f]);
            const double *hidden = table_column(actors, "suppressed")->numbers;
            size_t count = 0;
            for (size_t i = 0; i < actors->row_count; i++) {
                double people = 0;
                for (size_t r = 0; r < wave.respondent_count; r++)
                    people += wave.respondents[r].actor == (int32_t)i;
                count += hidden[i] > 0;
                if (people > 0 && people < 3)
                    ck_assert(hidden[i] > 0);
                if (hidden[i] > 0)
                    ck_assert(isnan(table_column(actors, "pairs")->numbers[i]));
            }
            ck_assert_uint_ne(count, 1); /* one alone is the whole less the others */
            const struct table *pairs = result_table(result, f == 0 ? "declared_pairs" : "shortfall_pairs");
            for (size_t p = 0; p < pairs->row_count; p++)
                ck_assert(!(hidden[drawn_index(network, table_column(pairs, "actor_a")->texts[p])] > 0));
            result_destroy(result);
            network_destroy(network);
        }
        wave_release(&wave);
    }
}
END_TEST

/* Two respondents: a has contact 4 with b and none with c, b has 2 with a and 1 with c; c is silent. */
START_TEST(both_ends_are_accounts_of_contact)
{
    struct wave wave = asked(1);
    for (int32_t r = 0; r < 2; r++)
        ck_assert(wave_add_respondent(&wave, r));
    say(&wave, 0, "actual", 1, WAVE_GIVEN, 4);
    say(&wave, 0, "quality", 1, WAVE_GIVEN, 4);
    say(&wave, 0, "roster", 2, WAVE_NO_CONTACT, 0);
    say(&wave, 1, "actual", 0, WAVE_GIVEN, 2);
    say(&wave, 1, "actual", 2, WAVE_GIVEN, 1);
    static const struct {
        const char *column;
        double directed[3], undirected[3]; /* strength of a, b, c: directed those outwards */
    } cases[] = {{"value", {4, 3, 0}, {3, 4, 1}},
                 {"as_reported", {4, 3, 0}, {3, 3, 0}},
                 {"union", {4, 5, 1}, {4, 5, 1}},
                 {"intersection", {3, 3, 0}, {3, 3, 0}},
                 {"reconstruction", {4, 3, 1}, {3, 4, 1}}};
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_drawn("a b c", directed);
        char error[400];
        ck_assert_msg(spec_parse(directed ? "layer=survey:actual wave=w" : "layer=survey:actual wave=w direction=undirected",
                                 &network->spec, error),
                      "%s", error);
        ck_assert_msg(wave_network(&wave, network, error), "%s", error);
        struct metrics_input input = {.network = network, .wave = &wave};
        struct result *result = computed_from("uncertainty", &input, "wave=w replicates=10");
        const struct table *table = result_table(result, "uncertainty");
        const struct column *actors = table_column(table, "actor"), *measures = table_column(table, "measure");
        size_t seen = 0;
        for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
            for (size_t r = 0; r < table->row_count; r++) {
                if (strcmp(measures->texts[r], directed ? "strength_out" : "strength") != 0)
                    continue;
                double wanted = (directed ? cases[c].directed : cases[c].undirected)[actors->texts[r][0] - 'a'];
                ck_assert_msg(fabs(table_column(table, cases[c].column)->numbers[r] - wanted) < 1e-12,
                              "%s of %s, %d: %g not %g", cases[c].column, actors->texts[r], directed,
                              table_column(table, cases[c].column)->numbers[r], wanted);
                seen++;
            }
        ck_assert_uint_eq(seen, 15);
        ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "reconstruction"), 0);
        ck_assert_double_eq(computed_number(result, "treatments", "pairs_unknown", "treatment", "as-reported"), 2);
        result_destroy(result);
        network_destroy(network);
    }
    /* Quality is told by one end alone. */
    struct network *network = network_drawn("a b c", true);
    char error[400];
    ck_assert(spec_parse("layer=survey:quality wave=w", &network->spec, error));
    ck_assert(wave_network(&wave, network, error));
    struct metrics_input input = {.network = network, .wave = &wave};
    struct result *result = computed_from("uncertainty", &input, "wave=w replicates=10");
    ck_assert(isnan(table_column(result_table(result, "uncertainty"), "union")->numbers[0]));
    ck_assert(computed_has_note(result, "Only one end"));
    result_destroy(result);
    network_destroy(network);
    wave_release(&wave);
}
END_TEST

START_TEST(nobody_answered)
{
    static const char *const families[] = {"survey", "declared", "shortfall"};
    static const char *const networks[] = {"", "a", "a-b", "a b c"};
    for (size_t f = 0; f < 3; f++)
        for (size_t n = 0; n < 4; n++) {
            struct wave wave = asked(5);
            struct network *network = network_drawn(networks[n], false);
            struct result *result = told(families[f], network, &wave);
            ck_assert(!result_failed(result));
            result_destroy(result);
            network_destroy(network);
            wave_release(&wave);
        }
}
END_TEST

START_TEST(without_a_wave_families_refuse)
{
    static const char *const families[] = {"survey", "declared", "shortfall"};
    struct network *network = five();
    for (size_t f = 0; f < 3; f++) {
        struct metrics_input input = {.network = network};
        struct result *result = result_create(families[f]);
        char error[400] = "";
        ck_assert_int_eq(metrics_family(families[f])->compute(&input, result, error), METRICS_REFUSED);
        ck_assert_ptr_nonnull(strstr(error, "wave"));
        result_destroy(result);
    }
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("survey");
    TCase *tcase = tcase_create("survey");
    tcase_add_test(tcase, relations_are_what_was_answered);
    tcase_add_test(tcase, what_ties_nobody_is_refused);
    tcase_add_test(tcase, alpha_is_numpys);
    tcase_add_test(tcase, families_by_hand);
    tcase_add_test(tcase, who_is_hidden_is_in_no_row);
    tcase_add_test(tcase, both_ends_are_accounts_of_contact);
    tcase_add_test(tcase, nobody_answered);
    tcase_add_test(tcase, without_a_wave_families_refuse);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
