/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family objections on chronicles drawn by hand.
 */
#include "computed_result.h"
#include "drawn_chronicle.h"
#include "drawn_network.h"
#include "proportion.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { A, B, C, D }; /* actors; d owns the cases unless it is said otherwise */

static void expect(const struct result *result, const char *actor, const char *column, double value)
{
    double got = computed_actor(result, column, actor);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < 1e-12, "%s of %s is %g, not %g", column, actor, got, value);
}

static void expect_row(const struct result *result, const char *table, const char *key_column, const char *key,
                       const char *column, double value)
{
    double got = computed_number(result, table, column, key_column, key);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < 1e-12, "%s of %s is %g, not %g", column, key, got, value);
}

/* d asks one actor, who answers like this; outcome 0 = pending. */
static struct chronicle_part *asked(struct chronicle *chronicle, int16_t stage, double day, const char *file, int32_t actor,
                                    int16_t outcome)
{
    chronicle_draw(chronicle, EVENT_REQUEST, stage, day, file);
    chronicle_draw_part(chronicle, D, ROLE_SENDER);
    struct chronicle_part *part = chronicle_draw_part(chronicle, actor, ROLE_ADDRESSEE);
    part->reply_status = outcome ? EVENT_REPLY_ANSWERED : EVENT_REPLY_PENDING;
    part->replied_day = outcome ? day + 5 : NAN;
    part->outcome = outcome;
    return part;
}

static void objects(struct chronicle *chronicle, int16_t stage, double day, const char *file, int32_t actor, bool stopped)
{
    chronicle_draw(chronicle, EVENT_OBJECTION, stage, day, file)->layer = 12;
    chronicle_draw_part(chronicle, actor, ROLE_SENDER)->outcome = EVENT_OUTCOME_OBJECTION;
    chronicle_draw_part(chronicle, D, ROLE_ADDRESSEE)->outcome = stopped ? EVENT_OUTCOME_CASE_WITHDRAWN : 0;
}

static void lifted(struct chronicle *chronicle, double day, const char *file, int32_t actor, int16_t level, int16_t resolved)
{
    struct chronicle_event *event = chronicle_draw(chronicle, EVENT_LETTER, STAGE_RNOTE, day, file);
    event->layer = LAYER_ESCALATION;
    event->level = level;
    event->resolved_level = resolved;
    chronicle_draw_part(chronicle, actor, ROLE_SENDER);
    chronicle_draw_part(chronicle, D, ROLE_ADDRESSEE);
}

static struct result *run(struct chronicle *chronicle)
{
    struct network *network = network_drawn("a-b b-c c-d", false);
    ck_assert(chronicle_order(chronicle));
    struct result *result = computed_chronicle("objections", network, chronicle, NULL);
    network_destroy(network);
    chronicle_release(chronicle);
    return result;
}

START_TEST(an_objection_is_one_however_often_it_is_said)
{
    struct chronicle chronicle = {.observed_until = 100};
    asked(&chronicle, STAGE_CONSULTATION, 10, "x", A, EVENT_OUTCOME_OBJECTION);
    objects(&chronicle, STAGE_CONSULTATION, 17, "x", A, false); /* the same, as a letter */
    asked(&chronicle, STAGE_HEARING, 40, "x", A, EVENT_OUTCOME_DISAGREEMENT);
    asked(&chronicle, STAGE_CONSULTATION, 10, "y", A, EVENT_OUTCOME_NO_REMARK);
    asked(&chronicle, STAGE_CONSULTATION, 12, "y", B, EVENT_OUTCOME_NEW_STUDY_DEMANDED);
    objects(&chronicle, 0, 50, NULL, B, true); /* without a case each is one */
    objects(&chronicle, 0, 51, NULL, B, false);
    asked(&chronicle, STAGE_CONSULTATION, 10, "z", C, EVENT_OUTCOME_CASE_WITHDRAWN)->reply_status = EVENT_REPLY_WITHDRAWN;
    struct result *result = run(&chronicle);
    expect(result, "a", "requests", 3);
    expect(result, "a", "answered", 3);
    expect(result, "a", "objecting_answers", 2);
    struct proportion wilson = proportion_wilson(2, 3);
    expect(result, "a", "objection_rate", 2.0 / 3);
    expect(result, "a", "objection_rate_low", wilson.low);
    expect(result, "a", "objection_rate_all_high", wilson.high);
    expect(result, "a", "objections", 2);
    expect(result, "a", "kind_objection", 1);
    expect(result, "a", "kind_disagreement", 1);
    expect(result, "b", "objections", 3);
    expect(result, "b", "objecting_answers", 0); /* a demand for a new study is a kind, not a disagreement */
    expect(result, "b", "kind_new_study", 1);
    expect(result, "b", "kind_objection", 2);
    expect(result, "b", "kind_withdrawn", 1);
    expect(result, "c", "objections", 0); /* the sender took it back */
    expect(result, "c", "objection_rate", NAN);
    expect(result, "d", "received", 5);
    expect(result, "d", "requests", 0);
    expect_row(result, "stages", "stage", "consultation", "objections", 2);
    expect_row(result, "stages", "stage", "hearing", "kind_disagreement", 1);
    expect_row(result, "stages", "stage", "unspecified", "objections", 2);
    ck_assert(computed_has_note(result, "excellent coordination can end in a no"));
    result_destroy(result);
}
END_TEST

START_TEST(late_is_later_than_the_first_consultation)
{
    struct chronicle chronicle = {.observed_until = 100};
    asked(&chronicle, STAGE_CONSULTATION, 10, "x", A, EVENT_OUTCOME_NO_REMARK); /* silent then, */
    objects(&chronicle, STAGE_RNOTE, 60, "x", A, false);                        /* against it now */
    asked(&chronicle, STAGE_CONSULTATION, 10, "y", A, EVENT_OUTCOME_REMARK);
    asked(&chronicle, STAGE_RENEWED_CONSULTATION, 50, "y", A, EVENT_OUTCOME_OBJECTION); /* late, but asked anew */
    asked(&chronicle, STAGE_CONSULTATION, 10, "z", A, EVENT_OUTCOME_OBJECTION);         /* at once */
    objects(&chronicle, STAGE_RNOTE, 70, "z", A, false);                                /* and again: first raised in time */
    objects(&chronicle, STAGE_RNOTE, 70, "w", A, false);                                /* never asked: not placed */
    objects(&chronicle, 0, 70, "x", B, false);                                          /* at no stage */
    struct result *result = run(&chronicle);
    expect(result, "a", "objections", 5);
    expect(result, "a", "placed", 3);
    expect(result, "a", "late", 2);
    expect(result, "a", "late_share", 2.0 / 3);
    expect(result, "a", "late_renewed", 1);
    expect(result, "b", "placed", 0);
    expect(result, "b", "late_share", NAN);
    result_destroy(result);
}
END_TEST

START_TEST(levels_and_the_time_in_them)
{
    struct chronicle chronicle = {.observed_until = 100};
    lifted(&chronicle, 10, "x", A, 2, 0);
    lifted(&chronicle, 14, "x", A, 3, 0);
    lifted(&chronicle, 20, "x", A, 6, 6);
    lifted(&chronicle, 10, "y", A, 2, 2);
    lifted(&chronicle, 11, "x", B, 2, 0); /* another's in the same case */
    struct result *result = run(&chronicle);
    expect(result, "a", "escalated", 2);
    expect(result, "a", "resolved", 2);
    expect(result, "a", "to_conference", 1);
    expect(result, "a", "to_conference_share", 0.5);
    expect(result, "b", "escalated", 1);
    expect(result, "b", "resolved", 0);
    expect_row(result, "levels", "level", "department_head", "lifted_to", 3);
    expect_row(result, "levels", "level", "department_head", "resolved_at", 1);
    expect_row(result, "levels", "level", "department_head", "resolved_share", 0.5);
    expect_row(result, "levels", "level", "department_head", "lifted_on", 1);
    expect_row(result, "levels", "level", "department_head", "days_until_lifted_on", 4);
    expect_row(result, "levels", "level", "permanent_secretary", "days_until_lifted_on", 6);
    expect_row(result, "levels", "level", "government_conference", "resolved_at", 1);
    expect_row(result, "levels", "level", "government_conference", "days_until_lifted_on", NAN);
    result_destroy(result);
}
END_TEST

START_TEST(silence_is_a_deadline_that_passed)
{
    struct chronicle chronicle = {.observed_until = 100};
    asked(&chronicle, STAGE_CONSULTATION, 10, "x", A, 0)->deadline_day = 40; /* never answered */
    asked(&chronicle, STAGE_CONSULTATION, 10, "y", A, EVENT_OUTCOME_REMARK)->deadline_day = 40;
    asked(&chronicle, STAGE_CONSULTATION, 90, "z", A, 0)->deadline_day = 120; /* has time left */
    asked(&chronicle, STAGE_CONSULTATION, 10, "w", A, 0);                     /* no deadline */
    asked(&chronicle, STAGE_CONSULTATION, 10, "v", B, EVENT_OUTCOME_BLOCKED_BY_SILENCE);
    struct chronicle_part *group = asked(&chronicle, STAGE_CONSULTATION, 10, "u", C, 0);
    group->through_group = true; /* its own answer is not told apart */
    struct result *result = run(&chronicle);
    expect(result, "a", "requests", 4);
    expect(result, "a", "deadlines_passed", 2);
    expect(result, "a", "silent", 1);
    expect(result, "a", "silent_share", 0.5);
    expect(result, "a", "objection_rate_all", 0);
    expect(result, "b", "kind_silence", 1);
    expect(result, "c", "requests", 0);
    result_destroy(result);
}
END_TEST

START_TEST(the_owner_is_not_its_own_objector)
{
    struct chronicle chronicle = {.observed_until = 100};
    asked(&chronicle, STAGE_CONSULTATION, 10, "x", A, EVENT_OUTCOME_OBJECTION);
    asked(&chronicle, STAGE_CONSULTATION, 10, "x", B, EVENT_OUTCOME_OBJECTION);
    chronicle.cases[0].owner = B; /* d only sent it */
    struct result *result = run(&chronicle);
    expect(result, "b", "requests", 0);
    expect(result, "b", "objections", 0);
    expect(result, "b", "received", 1);
    expect(result, "d", "received", 0);
    result_destroy(result);
}
END_TEST

START_TEST(nothing_happened)
{
    struct chronicle chronicle = {.observed_until = 100};
    struct result *result = run(&chronicle);
    expect(result, "a", "objections", 0);
    expect(result, "a", "late_share", NAN);
    ck_assert_uint_eq(result_table(result, "stages")->row_count, 0);
    ck_assert_uint_eq(result_table(result, "levels")->row_count, 6);
    expect_row(result, "levels", "level", "minister", "resolved_share", NAN);
    ck_assert(computed_has_note(result, "No objections"));
    result_destroy(result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("objections");
    TCase *tcase = tcase_create("objections");
    tcase_add_test(tcase, an_objection_is_one_however_often_it_is_said);
    tcase_add_test(tcase, late_is_later_than_the_first_consultation);
    tcase_add_test(tcase, levels_and_the_time_in_them);
    tcase_add_test(tcase, silence_is_a_deadline_that_passed);
    tcase_add_test(tcase, the_owner_is_not_its_own_objector);
    tcase_add_test(tcase, nothing_happened);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
