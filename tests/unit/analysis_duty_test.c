/* SPDX-License-Identifier: GPL-3.0-or-later
 * The duty to consult on cases drawn by hand: asked, late, with too few days, not asked, not known.
 */
#include "chronicle.h"
#include "computed_result.h"
#include "drawn_network.h"
#include "duty_rule.h"
#include "event.h"

#include <check.h>
#include <math.h>
#include <string.h>

#define FROM 1000
#define TO   1365

enum { CONSULTATION = 4, HEARING = 5, ANEW = 6, RNOTE = 7 };

struct scene {
    struct network *network;
    struct chronicle chronicle;
    struct duty_rules rules;
    uint64_t events;
};

static void begin(struct scene *scene)
{
    *scene = (struct scene){.network = network_drawn("fin kld kd smk fin-kd", true)};
    scene->network->spec.from_day = FROM;
    scene->network->spec.to_day = TO;
    scene->chronicle.observed_until = TO;
    static char name[] = "budget", other_name[] = "note", addressee[] = "FIN", source[] = "3-2";
    struct duty_rule budget = {.name = name,
                               .addressee = addressee,
                               .source = source,
                               .effect = EFFECT_STATE_BUDGET,
                               .actor = drawn_index(scene->network, "fin"),
                               .from_day = INT32_MIN,
                               .to_day = INT32_MAX,
                               .stage = CONSULTATION,
                               .by_stage = HEARING,
                               .minimum_days = 21,
                               .when_decided = true};
    struct duty_rule copied = budget;
    copied.name = other_name;
    copied.effect = 0;
    copied.actor = drawn_index(scene->network, "smk");
    copied.stage = RNOTE;
    copied.by_stage = 8;
    copied.minimum_days = NAN;
    copied.copy_enough = true;
    copied.when_decided = false;
    ck_assert(duty_rules_add(&scene->rules, &budget) && duty_rules_add(&scene->rules, &copied));
}

static void happen(struct scene *scene, const char *ref, int stage, double day, const char *to, int role, double deadline,
                   bool agreed)
{
    size_t file = chronicle_case_of(&scene->chronicle, ref);
    struct chronicle_event event = {.id = ++scene->events,
                                    .time_day = day,
                                    .end_day = NAN,
                                    .day = (int32_t)day,
                                    .case_file = (int32_t)file,
                                    .stage = (int16_t)stage,
                                    .kind = EVENT_REQUEST,
                                    .weight = 1};
    ck_assert_uint_ne(chronicle_add_event(&scene->chronicle, &event), SIZE_MAX);
    struct chronicle_part part = {.actor = drawn_index(scene->network, to),
                                  .role = (int16_t)role,
                                  .deadline_agreed = agreed,
                                  .received_day = NAN,
                                  .deadline_day = deadline,
                                  .replied_day = NAN};
    ck_assert_uint_ne(chronicle_add_part(&scene->chronicle, &part), SIZE_MAX);
}

static void state_case(struct scene *scene, const char *ref, const char *owner, uint32_t effects, double started,
                       double decided)
{
    struct chronicle_case *file = &scene->chronicle.cases[chronicle_case_of(&scene->chronicle, ref)];
    file->owner = owner ? drawn_index(scene->network, owner) : CHRONICLE_NO_ACTOR;
    file->effects = effects;
    file->started_day = started;
    file->decided_day = decided;
}

static struct result *finish(struct scene *scene)
{
    ck_assert(chronicle_order(&scene->chronicle));
    return computed_from(
        "duty", &(struct metrics_input){.network = scene->network, .chronicle = &scene->chronicle, .rules = &scene->rules},
        NULL);
}

static void end(struct scene *scene, struct result *result)
{
    result_destroy(result);
    chronicle_release(&scene->chronicle);
    duty_rules_release(&scene->rules);
    network_destroy(scene->network);
}

/* The state of the one duty of a case; "" = none. */
static const char *state_of(const struct result *result, const char *ref)
{
    const struct table *table = result_table(result, "cases");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(table_column(table, "case")->texts[r], ref) == 0)
            return table_column(table, "state")->texts[r];
    return "";
}

START_TEST(each_state)
{
    struct scene scene;
    begin(&scene);
    const uint32_t budget = EFFECT_STATE_BUDGET;
    const struct {
        const char *ref, *state;
        int stage;
        double day, deadline;
        const char *to;
        bool agreed;
        uint32_t effects;
        const char *owner;
        double started, decided;
    } cases[] = {
        {"full", "in_time", CONSULTATION, 1100.4, 1121.99, "fin", false, budget, "kd", FROM, NAN},
        {"short", "short", CONSULTATION, 1100.4, 1120.99, "fin", false, budget, "kd", FROM, NAN},
        {"agreed", "in_time", CONSULTATION, 1100.4, 1110.99, "fin", true, budget, "kd", FROM, NAN},
        {"undated", "undated", CONSULTATION, 1100, NAN, "fin", false, budget, "kd", FROM, NAN},
        {"only heard", "late", HEARING, 1100, 1150, "fin", false, budget, "kd", FROM, NAN},
        {"anew", "in_time", ANEW, 1100, 1150, "fin", false, budget, "kd", FROM, NAN},
        {"others", "missing", CONSULTATION, 1100, 1150, "kld", false, budget, "kd", FROM, NAN},
        {"early only", "", 2, 1100, 1150, "kld", false, budget, "kd", FROM, NAN},
        {"decided", "missing", 2, 1100, 1150, "kld", false, budget, "kd", FROM, 1200},
        {"decided later", "", 2, 1100, 1150, "kld", false, budget, "kd", FROM, TO + 5},
        {"begun before", "unknown", CONSULTATION, 1100, 1150, "kld", false, budget, "kd", FROM - 1, NAN},
        {"begun somewhen", "unknown", CONSULTATION, 1100, 1150, "kld", false, budget, "kd", NAN, NAN},
        {"begun before, asked", "in_time", CONSULTATION, 1100, 1150, "fin", false, budget, "kd", FROM - 1, NAN},
        {"own", "", CONSULTATION, 1100, 1150, "kld", false, budget, "fin", FROM, NAN},
        {"no effects", "", CONSULTATION, 1100, 1150, "kld", false, 0, "kd", FROM, NAN},
        {"none", "", CONSULTATION, 1100, 1150, "kld", false, EFFECT_NONE, "kd", FROM, NAN},
        {"nobody's", "", CONSULTATION, 1100, 1150, "kld", false, budget, NULL, FROM, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        happen(&scene, cases[i].ref, cases[i].stage, cases[i].day, cases[i].to, ROLE_ADDRESSEE, cases[i].deadline,
               cases[i].agreed);
        state_case(&scene, cases[i].ref, cases[i].owner, cases[i].effects, cases[i].started, cases[i].decided);
    }
    struct result *result = finish(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(strcmp(state_of(result, cases[i].ref), cases[i].state) == 0, "%s: %s", cases[i].ref,
                      state_of(result, cases[i].ref));
    /* in time 4, short 1, undated 1, late 1, missing 2, unknown 2 */
    ck_assert_double_eq(computed_number(result, "summary", "due", NULL, NULL), 11);
    ck_assert_double_eq_tol(computed_number(result, "summary", "fulfilled", NULL, NULL), 0.5, 1e-12);
    /* Wilson for 4 of 8: centre 1/2, half width 1.96 / (1 + 3.8415/8) * sqrt(1/32 + 3.8415/256) */
    ck_assert_double_eq_tol(computed_number(result, "summary", "fulfilled_low", NULL, NULL), 0.2152, 5e-5);
    ck_assert_double_eq(computed_number(result, "summary", "effects_unstated", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "summary", "owner_unstated", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "duty", "due", "owner", "kd"), 11);
    ck_assert(computed_has_note(result, "1 cases cannot be assessed"));
    end(&scene, result);
}
END_TEST

START_TEST(after_the_hearing_is_late)
{
    struct scene scene;
    begin(&scene);
    happen(&scene, "c", HEARING, 1100, "kld", ROLE_ADDRESSEE, NAN, false);
    happen(&scene, "c", ANEW, 1101, "fin", ROLE_ADDRESSEE, 1150, false);
    state_case(&scene, "c", "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    struct result *result = finish(&scene);
    ck_assert_str_eq(state_of(result, "c"), "late");
    end(&scene, result);
}
END_TEST

START_TEST(a_request_without_a_stage_leaves_it_open)
{
    struct scene scene;
    begin(&scene);
    happen(&scene, "c", 0, 1090, "fin", ROLE_ADDRESSEE, 1150, false);
    happen(&scene, "c", CONSULTATION, 1100, "kld", ROLE_ADDRESSEE, 1150, false);
    state_case(&scene, "c", "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    struct result *result = finish(&scene);
    ck_assert_str_eq(state_of(result, "c"), "unknown");
    end(&scene, result);
}
END_TEST

START_TEST(a_copy_is_enough_where_the_rule_says_so)
{
    struct scene scene;
    begin(&scene);
    happen(&scene, "copied", RNOTE, 1100, "smk", ROLE_COPY, NAN, false);
    happen(&scene, "not", RNOTE, 1100, "kld", ROLE_ADDRESSEE, NAN, false);
    happen(&scene, "budget", CONSULTATION, 1100, "fin", ROLE_COPY, 1150, false);
    state_case(&scene, "copied", "kd", EFFECT_NONE, FROM, NAN);
    state_case(&scene, "not", "kd", 0, FROM, NAN); /* the rule is for every case, whatever it touches */
    state_case(&scene, "budget", "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    struct result *result = finish(&scene);
    ck_assert_str_eq(state_of(result, "copied"), "in_time");
    ck_assert_str_eq(state_of(result, "not"), "missing");
    ck_assert_str_eq(state_of(result, "budget"), "missing");
    end(&scene, result);
}
END_TEST

START_TEST(rules_hold_on_their_days)
{
    struct scene scene;
    begin(&scene);
    scene.rules.rules[0].from_day = 1100;
    scene.rules.rules[0].to_day = 1200;
    const double days[] = {1099, 1100, 1199, 1200};
    const char *const refs[] = {"a", "b", "c", "d"}, *const states[] = {"", "missing", "missing", ""};
    for (size_t i = 0; i < 4; i++) {
        happen(&scene, refs[i], CONSULTATION, days[i], "kld", ROLE_ADDRESSEE, NAN, false);
        state_case(&scene, refs[i], "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    }
    struct result *result = finish(&scene);
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(state_of(result, refs[i]), states[i]);
    end(&scene, result);
}
END_TEST

START_TEST(strength_beyond_the_rules)
{
    struct scene scene;
    begin(&scene);
    /* fin must be asked in both, is asked in one; kld is asked in both though no rule says so. */
    happen(&scene, "a", CONSULTATION, 1100, "fin", ROLE_ADDRESSEE, 1150, false);
    happen(&scene, "a", CONSULTATION, 1101, "kld", ROLE_ADDRESSEE, 1150, false);
    happen(&scene, "a", CONSULTATION, 1102, "kld", ROLE_ADDRESSEE, 1150, false);
    happen(&scene, "b", CONSULTATION, 1103, "kld", ROLE_ADDRESSEE, 1150, false);
    state_case(&scene, "a", "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    state_case(&scene, "b", "kd", EFFECT_STATE_BUDGET, FROM, NAN);
    struct result *result = finish(&scene);
    ck_assert_double_eq_tol(computed_number(result, "actors", "strength_ratio_mandatory", "actor", "fin"), 0.5, 1e-12);
    ck_assert_double_eq(computed_number(result, "actors", "consulted_beyond", "actor", "fin"), 0);
    ck_assert(isnan(computed_number(result, "actors", "strength_ratio_mandatory", "actor", "kld")));
    ck_assert_double_eq(computed_number(result, "actors", "consulted", "actor", "kld"), 2);
    ck_assert_double_eq(computed_number(result, "actors", "consulted_beyond", "actor", "kld"), 2);
    ck_assert_double_eq(computed_number(result, "actors", "missing", "actor", "kd"), 1);
    end(&scene, result);
}
END_TEST

START_TEST(chosen_stages_are_refused)
{
    struct scene scene;
    char error[400] = "";
    begin(&scene);
    scene.network->spec.stages = 1U << CONSULTATION;
    struct metrics_input input = {.network = scene.network, .chronicle = &scene.chronicle, .rules = &scene.rules};
    struct result *result = result_create("duty");
    ck_assert_int_eq(metrics_family("duty")->compute(&input, result, error), METRICS_FAILED);
    ck_assert_ptr_nonnull(strstr(error, "over all stages"));
    end(&scene, result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("duty");
    TCase *tcase = tcase_create("duty");
    tcase_add_test(tcase, each_state);
    tcase_add_test(tcase, after_the_hearing_is_late);
    tcase_add_test(tcase, a_request_without_a_stage_leaves_it_open);
    tcase_add_test(tcase, a_copy_is_enough_where_the_rule_says_so);
    tcase_add_test(tcase, rules_hold_on_their_days);
    tcase_add_test(tcase, strength_beyond_the_rules);
    tcase_add_test(tcase, chosen_stages_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
