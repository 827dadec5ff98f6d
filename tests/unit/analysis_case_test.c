/* SPDX-License-Identifier: GPL-3.0-or-later
 * Families case, between and layout: interactions told from a chronicle drawn by hand; maps that are held by another period.
 */
#include "computed_result.h"
#include "drawn_chronicle.h"
#include "drawn_network.h"
#include "event_name.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { A, B, C, D };
#define FROM 18000.0 /* 2019-04-14 */

static const char *text_of(const struct result *result, const char *table, const char *column, size_t row)
{
    const struct table *found = result_table(result, table);
    ck_assert_msg(found != NULL && row < found->row_count, "no row %zu in %s", row, table);
    const struct column *values = table_column(found, column);
    ck_assert_msg(values != NULL && values->is_text, "no texts %s in %s", column, table);
    return values->texts[row] ? values->texts[row] : "";
}

static struct chronicle_part *answered(struct chronicle_part *part, double deadline, double replied)
{
    part->deadline_day = FROM + deadline;
    part->replied_day = FROM + replied;
    part->reply_status = EVENT_REPLY_ANSWERED;
    return part;
}

/* Case x: a meeting, a consultation that one answers in time, one late and objecting, one not at all; then it is lifted. */
static void draw(struct chronicle *chronicle)
{
    chronicle_draw(chronicle, EVENT_REQUEST, STAGE_CONSULTATION, FROM + 10.5, "x")->level = 1;
    chronicle_draw_part(chronicle, D, ROLE_SENDER);
    answered(chronicle_draw_part(chronicle, A, ROLE_ADDRESSEE), 30, 30.9);
    answered(chronicle_draw_part(chronicle, B, ROLE_ADDRESSEE), 30, 31.2)->outcome = EVENT_OUTCOME_OBJECTION;
    struct chronicle_part *silent = chronicle_draw_part(chronicle, C, ROLE_ADDRESSEE);
    silent->deadline_day = FROM + 30;
    silent->reply_status = EVENT_REPLY_PENDING;
    chronicle_draw_part(chronicle, CHRONICLE_NO_ACTOR, ROLE_COPY);
    chronicle_draw(chronicle, EVENT_MEETING, STAGE_EARLY_INVOLVEMENT, FROM + 2, "x");
    chronicle_draw_part(chronicle, D, ROLE_CHAIR);
    chronicle_draw_part(chronicle, A, ROLE_PARTICIPANT);
    struct chronicle_event *lifted = chronicle_draw(chronicle, EVENT_OBJECTION, 0, FROM + 40, "x");
    lifted->layer = LAYER_ESCALATION;
    lifted->level = 5;
    lifted->resolved_level = 6;
    chronicle_draw_part(chronicle, B, ROLE_SENDER);
    chronicle_draw_part(chronicle, D, ROLE_ADDRESSEE);
    struct chronicle_case *one = &chronicle->cases[chronicle_case_of(chronicle, "x")];
    one->owner = D;
    one->started_day = FROM;
    one->decided_day = FROM + 50;
}

static struct result *run(struct chronicle *chronicle, const char *case_ref)
{
    struct network *network = network_drawn("a-b b-c c-d", false);
    snprintf(network->spec.case_ref, sizeof network->spec.case_ref, "%s", case_ref);
    ck_assert(chronicle_order(chronicle));
    struct result *result = computed_chronicle("case", network, chronicle, NULL);
    network_destroy(network);
    chronicle_release(chronicle);
    return result;
}

START_TEST(a_case_and_its_numbers)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    draw(&chronicle);
    chronicle_draw(&chronicle, EVENT_MEETING, 0, FROM + 5, NULL); /* of no case */
    chronicle_draw_part(&chronicle, A, ROLE_PARTICIPANT);
    chronicle_draw(&chronicle, EVENT_REQUEST, 0, FROM + 290, "y");
    struct chronicle_part *open = chronicle_draw_part(&chronicle, A, ROLE_ADDRESSEE);
    open->deadline_day = FROM + 300; /* ends after observation does */
    open->reply_status = EVENT_REPLY_PENDING;
    struct result *result = run(&chronicle, "");
    const double expected[] = {50, 3, 4, 3, 2, 1, 1, 0, 1, 0, 2, 1};
    const char *const names[] = {"days", "interactions", "actors",  "requests", "answered",   "in_time",
                                 "late", "pending",      "overdue", "ended",    "objections", "escalations"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_msg(computed_number(result, "cases", names[i], "case", "x") == expected[i], "%s is %g", names[i],
                      computed_number(result, "cases", names[i], "case", "x"));
    ck_assert_double_eq(computed_number(result, "cases", "pending", "case", "y"), 1);
    ck_assert_double_eq(computed_number(result, "cases", "overdue", "case", "y"), 0);
    ck_assert_double_nan(computed_number(result, "cases", "days", "case", "y"));
    ck_assert_uint_eq(result_table(result, "cases")->row_count, 2);
    ck_assert_str_eq(text_of(result, "cases", "started", 0), "2019-04-14");
    ck_assert_str_eq(text_of(result, "cases", "first", 0), "2019-04-16");
    ck_assert_str_eq(text_of(result, "cases", "last", 0), "2019-05-24");
    ck_assert_str_eq(text_of(result, "cases", "highest_level", 0), "government_conference");
    ck_assert_str_eq(text_of(result, "cases", "owner", 0), "d");
    ck_assert_str_eq(text_of(result, "cases", "stages", 0), "early_involvement, consultation");
    ck_assert_str_eq(text_of(result, "cases", "resolved_level", 0), "government_conference");
    ck_assert_str_eq(text_of(result, "cases", "resolved_level", 1), "");
    const double all[] = {2, 1, 3, 1, 1.0 / 3, 1, 0.5, 1, 0.5};
    const char *const of_all[] = {"cases",    "decided",        "due",    "kept",        "kept_share",
                                  "objected", "objected_share", "lifted", "lifted_share"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        ck_assert_double_eq_tol(table_column(result_table(result, "summary"), of_all[i])->numbers[0], all[i], 1e-12);
    /* Wilson 1927 for 1 of 3, by hand: centre (1/3 + z2/6) / (1 + z2/3), z2 = 3.841459 */
    ck_assert_double_eq_tol(table_column(result_table(result, "summary"), "kept_share_low")->numbers[0], 0.0614919, 1e-6);
    ck_assert_ptr_null(result_table(result, "timeline"));
    ck_assert(computed_has_note(result, "case=REFERENCE"));
    result_destroy(result);
}
END_TEST

START_TEST(a_case_is_told_in_the_order_of_time)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    draw(&chronicle);
    struct result *result = run(&chronicle, "x");
    ck_assert_uint_eq(result_table(result, "timeline")->row_count, 3);
    ck_assert_str_eq(text_of(result, "timeline", "kind", 0), "meeting");
    ck_assert_str_eq(text_of(result, "timeline", "stage", 1), "consultation");
    ck_assert_str_eq(text_of(result, "timeline", "layer", 1), "7"); /* no layers were given: its number */
    ck_assert_str_eq(text_of(result, "timeline", "resolved_level", 2), "government_conference");
    const char *const standings[] = {"", "", "", "in_time", "late", "overdue", "", "", ""};
    ck_assert_uint_eq(result_table(result, "participants")->row_count, 9);
    for (size_t row = 0; row < 9; row++)
        ck_assert_str_eq(text_of(result, "participants", "standing", row), standings[row]);
    ck_assert_str_eq(text_of(result, "participants", "outcome", 4), "objection");
    ck_assert_str_eq(text_of(result, "participants", "actor", 6), ""); /* a name nobody knows */
    ck_assert_double_eq_tol(computed_number(result, "participants", "reply_days", "standing", "late"), 31.2 - 10.5, 1e-9);
    result_destroy(result);
}
END_TEST

/* --------------------------------------------------------------------------------------------------- between two sides */
static struct result *between(struct chronicle *chronicle, const char *drawing, const char *options)
{
    struct network *network = network_drawn(drawing, false);
    ck_assert(chronicle_order(chronicle));
    struct result *result = computed_chronicle("between", network, chronicle, options);
    network_destroy(network);
    return result;
}

START_TEST(two_sides_and_what_was_between_them)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    draw(&chronicle);
    chronicle.cases[chronicle_case_of(&chronicle, "x")].title = strdup("Law of x");
    chronicle_draw(&chronicle, EVENT_MEETING, 0, FROM + 5, "y"); /* both, with a third: a meeting of no case ties them, too */
    chronicle_draw_part(&chronicle, A, ROLE_PARTICIPANT);
    chronicle_draw_part(&chronicle, B, ROLE_OBSERVER); /* an observer is tied to nobody */
    chronicle_draw(&chronicle, EVENT_MEETING, 0, FROM + 60, NULL);
    chronicle_draw_part(&chronicle, D, ROLE_PARTICIPANT);
    chronicle_draw_part(&chronicle, B, ROLE_PARTICIPANT);
    chronicle_draw_part(&chronicle, A, ROLE_DECLINED);

    /* d asked b, b objected, both met: not the meeting d had with a */
    struct result *result = between(&chronicle, "a@p b@p c@q d@q", "one=d other=B");
    ck_assert_uint_eq(result_table(result, "interactions")->row_count, 3);
    const char *const ways[] = {"one_to_other", "other_to_one", "mutual"}, *const days[] = {"2019-04-24", "2019-05-24",
                                                                                            "2019-06-13"};
    const char *const cases[] = {"x", "x", ""};
    for (size_t row = 0; row < 3; row++) {
        ck_assert_str_eq(text_of(result, "interactions", "way", row), ways[row]);
        ck_assert_str_eq(text_of(result, "interactions", "date", row), days[row]);
        ck_assert_str_eq(text_of(result, "interactions", "case", row), cases[row]);
        ck_assert_str_eq(text_of(result, "interactions", "one", row), "d");
        ck_assert_str_eq(text_of(result, "interactions", "other", row), "b");
    }
    ck_assert_str_eq(text_of(result, "interactions", "title", 0), "Law of x");
    ck_assert_str_eq(text_of(result, "interactions", "level", 1), "minister");
    ck_assert_double_eq(computed_number(result, "summary", "interactions", NULL, NULL), 3);
    ck_assert_double_eq(computed_number(result, "summary", "objections", NULL, NULL), 1);
    ck_assert_str_eq(text_of(result, "summary", "first", 0), "2019-04-24");
    ck_assert_str_eq(text_of(result, "summary", "last", 0), "2019-06-13");
    ck_assert_double_eq(computed_number(result, "cases", "between", "case", "x"), 2);
    ck_assert_double_eq(computed_number(result, "cases", "with_one", "case", "x"), 3);
    ck_assert_double_eq(computed_number(result, "cases", "with_other", "case", "x"), 2);
    ck_assert_uint_eq(result_table(result, "cases")->row_count, 1);
    result_destroy(result);

    /* nothing between a and b, who were in two cases, each */
    result = between(&chronicle, "a@p b@p c@q d@q", "one=a other=b");
    ck_assert_uint_eq(result_table(result, "interactions")->row_count, 0);
    ck_assert(computed_has_note(result, "No interaction of the period"));
    ck_assert_double_eq(computed_number(result, "summary", "cases", NULL, NULL), 2);
    ck_assert_double_eq(computed_number(result, "summary", "cases_between", NULL, NULL), 0);
    ck_assert_double_eq(computed_number(result, "cases", "between", "case", "x"), 0);
    ck_assert_str_eq(text_of(result, "summary", "first", 0), "");
    result_destroy(result);

    /* sectors: only who is tied to the other side is named */
    result = between(&chronicle, "a@p b@p c@q d@q", "one=sector:p other=sector:q");
    ck_assert_uint_eq(result_table(result, "interactions")->row_count, 4);
    ck_assert_str_eq(text_of(result, "interactions", "one", 1), "a, b");
    ck_assert_str_eq(text_of(result, "interactions", "other", 1), "d"); /* not c, whom d asked as well */
    result_destroy(result);
    result = between(&chronicle, "a@p b@p c@q d@q", "one=a,b other=d skip=3");
    ck_assert_uint_eq(result_table(result, "interactions")->row_count, 1);
    ck_assert_double_eq(computed_number(result, "interactions", "event", NULL, NULL), 4);
    result_destroy(result);
    chronicle_release(&chronicle);
}
END_TEST

/* A letter to a group goes to each member and ties no two of them; nor does being there under two names. */
START_TEST(a_group_is_one_name)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    chronicle_draw(&chronicle, EVENT_MEETING, 0, FROM + 1, NULL);
    for (int32_t actor = A; actor <= B; actor++) {
        struct chronicle_part *part = chronicle_draw_part(&chronicle, actor, ROLE_PARTICIPANT);
        part->label = 77;
        part->through_group = true;
    }
    struct result *result = between(&chronicle, "a b c", "one=a other=b");
    ck_assert_uint_eq(result_table(result, "interactions")->row_count, 0);
    result_destroy(result);
    chronicle_draw_part(&chronicle, C, ROLE_CHAIR);
    result = between(&chronicle, "a b c", "one=c");
    ck_assert_str_eq(text_of(result, "interactions", "other", 0), "a, b");
    ck_assert_double_eq(computed_number(result, "summary", "actors_other", NULL, NULL), 3);
    result_destroy(result);
    chronicle_release(&chronicle);
}
END_TEST

START_TEST(many_interactions_come_in_parts)
{
    enum { MANY = 2345, PART = 1000 };
    struct chronicle chronicle = {.observed_until = FROM + 300};
    for (int e = 0; e < MANY; e++) {
        char ref[16];
        snprintf(ref, sizeof ref, "c%d", e);
        chronicle_draw(&chronicle, EVENT_LETTER, 0, FROM + e / 16.0, ref);
        chronicle_draw_part(&chronicle, e % 2 ? A : B, ROLE_SENDER);
        chronicle_draw_part(&chronicle, e % 2 ? B : A, ROLE_ADDRESSEE);
    }
    size_t told = 0;
    for (size_t skip = 0; skip <= 3 * PART; skip += PART) {
        char options[64];
        snprintf(options, sizeof options, "one=a other=b skip=%zu", skip);
        struct result *result = between(&chronicle, "a b", options);
        const struct table *table = result_table(result, "interactions");
        for (size_t row = 0; row < table->row_count; row++)
            ck_assert_double_eq(table_column(table, "event")->numbers[row], (double)++told);
        ck_assert_uint_le(table->row_count, PART);
        ck_assert_uint_le(result_table(result, "cases")->row_count, PART);
        ck_assert_double_eq(computed_number(result, "summary", "interactions", NULL, NULL), MANY);
        ck_assert_double_eq(computed_number(result, "summary", "cases_between", NULL, NULL), MANY);
        ck_assert(skip > 0 || computed_has_note(result, "skip=1000"));
        result_destroy(result);
    }
    ck_assert_uint_eq(told, MANY);
    chronicle_release(&chronicle);
}
END_TEST

START_TEST(a_side_nobody_is_on_is_refused)
{
    static const char *const sides[] = {"one=nobody", "other=a,nobody", "one=sector:nowhere", "other=,"};
    for (size_t s = 0; s < sizeof sides / sizeof sides[0]; s++) {
        struct network *network = network_drawn("a@p b", false);
        char error[400] = "";
        ck_assert(choices_parse(sides[s], &network->spec.choices, error));
        struct result *result = result_create("between");
        ck_assert_int_eq(metrics_family("between")->compute(&(struct metrics_input){.network = network}, result, error),
                         METRICS_REFUSED);
        ck_assert_msg(strstr(error, *sides[s] == 'o' && sides[s][1] == 'n' ? "one: " : "other: ") == error, "%s", error);
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

START_TEST(words_of_the_wire)
{
    ck_assert_str_eq(event_role_name(ROLE_DECLINED), "declined");
    ck_assert_str_eq(event_reply_name(EVENT_REPLY_NOTED), "noted");
    ck_assert_str_eq(event_outcome_name(EVENT_OUTCOME_CASE_WITHDRAWN), "case_withdrawn");
    ck_assert_str_eq(event_outcome_name(EVENT_OUTCOME_POSTPONEMENT_DEMANDED), "postponement_demanded");
    ck_assert_str_eq(event_kind_name(EVENT_OBJECTION), "objection");
    ck_assert_ptr_null(event_level_name(EVENT_LEVELS));
    ck_assert_ptr_null(event_level_name(-1));
}
END_TEST

/* ------------------------------------------------------------------------------------------------------------- maps */
static double place(const struct result *result, const char *axis, const char *actor)
{
    return computed_number(result, "layout", axis, "actor", actor);
}

START_TEST(actors_stay_where_the_anchor_has_them)
{
    struct network *anchor = network_drawn("a-b b-c c-a c-d d-e e-f f-d", false);
    struct network *march = network_drawn("a-b e-f:3 g-a h", false), *april = network_drawn("a-f g-f b", false);
    struct result *whole = computed("layout", anchor, NULL, NULL);
    struct result *first = computed_from("layout", &(struct metrics_input){.network = march, .earlier = anchor}, NULL);
    struct result *then = computed_from("layout", &(struct metrics_input){.network = april, .earlier = anchor}, NULL);
    for (const char *key = "abef"; *key; key++) {
        char name[] = {*key, 0};
        ck_assert_double_eq(place(first, "x", name), place(whole, "x", name));
        ck_assert_double_eq(place(first, "y", name), place(whole, "y", name));
        ck_assert_double_eq(place(first, "held", name), 1);
    }
    ck_assert_double_eq(place(then, "x", "a"), place(whole, "x", "a"));
    /* A newcomer stands near the one it is tied to; one without ties below all others. */
    ck_assert_double_eq(place(first, "held", "g"), 0);
    double far = hypot(place(first, "x", "g") - place(first, "x", "a"), place(first, "y", "g") - place(first, "y", "a"));
    ck_assert_msg(far > 0.4 && far < 1, "g is %g from a", far);
    for (const char *key = "abefg"; *key; key++)
        ck_assert_double_gt(place(first, "y", "h"), place(first, "y", (char[]){*key, 0}));
    ck_assert(computed_has_note(first, "2 actors are not in the anchor period"));
    ck_assert_double_eq(place(whole, "held", "a"), 0);
    result_destroy(whole);
    result_destroy(first);
    result_destroy(then);
    network_destroy(anchor);
    network_destroy(march);
    network_destroy(april);
}
END_TEST

START_TEST(newcomers_stand_apart)
{
    /* Twelve newcomers with the same single partner. */
    struct network *anchor = network_drawn("a-b b-c", false);
    struct network *later = network_drawn("a-b a-n1 a-n2 a-n3 a-n4 a-n5 a-n6 a-n7 a-n8 a-n9 n1-z", false);
    struct result *result = computed_from("layout", &(struct metrics_input){.network = later, .earlier = anchor}, NULL);
    const struct table *table = result_table(result, "layout");
    const double *x = table_column(table, "x")->numbers, *y = table_column(table, "y")->numbers;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t j = i + 1; j < table->row_count; j++)
            ck_assert_msg(hypot(x[i] - x[j], y[i] - y[j]) > 0.2, "%zu and %zu are %g apart", i, j,
                          hypot(x[i] - x[j], y[i] - y[j]));
    result_destroy(result);
    network_destroy(anchor);
    network_destroy(later);
}
END_TEST

START_TEST(anchors_are_periods)
{
    static const struct {
        const char *choices, *words;
    } refused[] = {{"anchor-from=2019-01-01", "anchor-to: missing"},
                   {"anchor-to=2019-01-01", "anchor-from: missing"},
                   {"anchor-from=2019-01-01 anchor-to=2019-01-01", "ends where it begins"},
                   {"anchor-from=1800-01-01 anchor-to=2019-01-01", "100 years"}};
    char error[400];
    struct spec spec, anchor;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "from=2019-03-01 to=2019-04-01 %s", refused[i].choices);
        ck_assert_msg(!spec_parse(text, &spec, error), "%s is taken", text);
        ck_assert_msg(strstr(error, refused[i].words) != NULL, "%s", error);
    }
    ck_assert(
        spec_parse("from=2019-03-01 to=2019-04-01 level=ministry anchor-from=2019-01-01 anchor-to=2020-01-01", &spec, error));
    ck_assert(spec_anchor(&spec, &anchor, error));
    ck_assert_int_eq(anchor.to_day - anchor.from_day, 365);
    ck_assert_int_eq(anchor.level, LEVEL_MINISTRY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("case");
    TCase *tcase = tcase_create("case");
    tcase_add_test(tcase, a_case_and_its_numbers);
    tcase_add_test(tcase, a_case_is_told_in_the_order_of_time);
    tcase_add_test(tcase, two_sides_and_what_was_between_them);
    tcase_add_test(tcase, a_group_is_one_name);
    tcase_add_test(tcase, many_interactions_come_in_parts);
    tcase_add_test(tcase, a_side_nobody_is_on_is_refused);
    tcase_add_test(tcase, words_of_the_wire);
    tcase_add_test(tcase, actors_stay_where_the_anchor_has_them);
    tcase_add_test(tcase, newcomers_stand_apart);
    tcase_add_test(tcase, anchors_are_periods);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
