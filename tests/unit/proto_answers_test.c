/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers against an instrument that has every kind of item: each reason, what is shown, what texts say, and earlier versions.
 */
#include "answers.h"
#include "json.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct answers_context context;
static size_t answer_count;
static Samordning__V1__Answer **answers;

/* clang-format off */
static const char text[] =
    "{'key': 'test', 'version': 2, 'title': {'nb': 'T', 'nn': 'T'}, 'consent': {'nb': 'S', 'nn': 'S'}, 'sections': ["
    " {'id': 'a', 'title': {'nb': 'A', 'nn': 'A'}, 'items': ["
    "  {'id': 'yes', 'kind': 'single', 'required': true, 'dont_know': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'choices': ["
    "   {'value': 0, 'label': {'nb': 'nei', 'nn': 'nei'}}, {'value': 1, 'label': {'nb': 'ja', 'nn': 'jau'}}]},"
    "  {'id': 'why', 'kind': 'multiple', 'required': true, 'min': 2, 'max': 3, 'not_relevant': true,"
    "   'text': {'nb': 'Q', 'nn': 'Q'}, 'show_when': [{'item': 'yes', 'values': [1]}], 'choices': ["
    "   {'value': 1, 'label': {'nb': 'en', 'nn': 'ein'}}, {'value': 2, 'label': {'nb': 'to', 'nn': 'to'}},"
    "   {'value': 3, 'label': {'nb': 'tre', 'nn': 'tre'}}, {'value': 4, 'label': {'nb': 'fire', 'nn': 'fire'}},"
    "   {'value': 0, 'exclusive': true, 'label': {'nb': 'ingen', 'nn': 'ingen'}}]},"
    "  {'id': 'deep', 'kind': 'number', 'required': true, 'text': {'nb': 'Q', 'nn': 'Q'},"
    "   'show_when': [{'item': 'why', 'test': 'none_of', 'values': [4]}]},"
    "  {'id': 'rank', 'kind': 'ranking', 'min': 2, 'max': 2, 'text': {'nb': 'Q', 'nn': 'Q'}, 'choices': ["
    "   {'value': 1, 'label': {'nb': 'x', 'nn': 'x'}}, {'value': 2, 'label': {'nb': 'y', 'nn': 'y'}},"
    "   {'value': 3, 'label': {'nb': 'z', 'nn': 'z'}}]},"
    "  {'id': 'num', 'kind': 'number', 'min': 0, 'max': 10, 'whole': true, 'unit': {'nb': 'stk.', 'nn': 'stk.'},"
    "   'text': {'nb': 'Q', 'nn': 'Q'}},"
    "  {'id': 'free', 'kind': 'number', 'text': {'nb': 'Q', 'nn': 'Q'}},"
    "  {'id': 'day', 'kind': 'date', 'text': {'nb': 'Q', 'nn': 'Q'}},"
    "  {'id': 'say', 'kind': 'text', 'text_max': 5, 'required': true, 'text': {'nb': 'Q', 'nn': 'Q'}},"
    "  {'id': 'info', 'kind': 'information', 'text': {'nb': 'Q', 'nn': 'Q'}}]},"
    " {'id': 'b', 'title': {'nb': 'B', 'nn': 'B'}, 'items': ["
    "  {'id': 'who', 'kind': 'roster', 'required': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'actors': {'kinds': ['ministry']},"
    "   'no_contact': {'nb': 'N', 'nn': 'N'}, 'parts': ["
    "   {'id': 'met', 'kind': 'likert', 'required': true, 'dont_know': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'choices': ["
    "    {'value': 0, 'label': {'nb': 'aldri', 'nn': 'aldri'}}, {'value': 1, 'label': {'nb': 'ofte', 'nn': 'ofte'}}]},"
    "   {'id': 'good', 'kind': 'number', 'text': {'nb': 'Q', 'nn': 'Q'}, 'required': true,"
    "    'show_when': [{'item': 'met', 'test': 'at_least', 'values': [1]}, {'item': 'yes', 'test': 'any_of', 'values': [1]}]}]},"
    "  {'id': 'mute', 'kind': 'roster', 'text': {'nb': 'Q', 'nn': 'Q'}, 'actors': {'kinds': ['ministry']}, 'parts': ["
    "   {'id': 'mute_part', 'kind': 'number', 'text': {'nb': 'Q', 'nn': 'Q'}}]},"
    "  {'id': 'others', 'kind': 'names', 'names_max': 2, 'allow_unknown': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'parts': ["
    "   {'id': 'other', 'kind': 'number', 'required': true, 'text': {'nb': 'Q', 'nn': 'Q'}}]},"
    "  {'id': 'known', 'kind': 'names', 'required': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'actors': {'kinds': ['agency']}},"
    "  {'id': 'grid', 'kind': 'matrix', 'required': true, 'not_relevant': true, 'text': {'nb': 'Q', 'nn': 'Q'}, 'choices': ["
    "   {'value': 1, 'label': {'nb': 'x', 'nn': 'x'}}, {'value': 2, 'label': {'nb': 'y', 'nn': 'y'}}],"
    "   'rows': [{'id': 'r1', 'text': {'nb': 'r', 'nn': 'r'}}, {'id': 'r2', 'text': {'nb': 's', 'nn': 's'}}]},"
    "  {'id': 'step', 'kind': 'ladder', 'ladder': 'l', 'text': {'nb': 'Q', 'nn': 'Q'}, 'choices': ["
    "   {'value': 1, 'label': {'nb': 'x', 'nn': 'x'}}, {'value': 2, 'label': {'nb': 'y', 'nn': 'y'}}],"
    "   'show_when': [{'item': 'who', 'test': 'answered'}, {'item': 'grid', 'test': 'unanswered'}]}]},"
    " {'id': 'c', 'title': {'nb': 'C', 'nn': 'C'}, 'show_when': [{'item': 'num', 'test': 'at_most', 'values': [5]}], 'items': ["
    "  {'id': 'last', 'kind': 'number', 'text': {'nb': 'Q', 'nn': 'Q'}}]}],"
    " 'mappings': [{'version': 1, 'from': 'ja', 'to': 'yes', 'from_values': [1, 2, 3], 'to_values': [1, 0, 0]},"
    "  {'version': 1, 'from': 'grunner', 'to': 'why', 'from_values': [11, 12, 13], 'to_values': [1, 2, 2]},"
    "  {'version': 1, 'from': 'grunner', 'to': 'rank', 'from_values': [11, 12], 'to_values': [3, 1]},"
    "  {'version': 1, 'from': 'num', 'to': 'free'}]}";

/* Who is where: the respondent's own is kd. */
static const char roster_text[] =
    "{'roster': [{'item': 'who', 'key': 'kd'}, {'item': 'who', 'key': 'fin'}, {'item': 'who', 'key': 'smk'},"
    " {'item': 'mute', 'key': 'fin'}, {'item': 'known', 'key': 'nav'}, {'item': '', 'key': 'ssb'}, {'item': '', 'key': 'kd'}]}";

/* All that must be there, nothing else. */
static const char enough[] =
    "{'item': 'yes', 'values': [0]}, {'item': 'say', 'text': 'ok'}, {'item': 'who', 'target': 'fin', 'state': 'no_contact'},"
    " {'item': 'met', 'target': 'smk', 'values': [1]}, {'item': 'known', 'target': 'nav'},"
    " {'item': 'grid', 'target': 'r1', 'values': [1]}, {'item': 'grid', 'target': 'r2', 'state': 'not_relevant'}";
/* clang-format on */

static ProtobufCMessage *read(const char *single_quoted, const ProtobufCMessageDescriptor *type)
{
    char *json_text = arena_strdup(&arena, single_quoted);
    for (char *c = json_text; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_error_t error;
    json_t *json = json_loads(json_text, 0, &error);
    ck_assert_msg(json != NULL, "%s: %s", json_text, error.text);
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    enum status status = json_to_message(json, type, &arena, &message, &errmsg);
    ck_assert_msg(status == STATUS_OK, "%s: %s", errmsg.field, errmsg.text);
    json_decref(json);
    return message;
}

static void take(const char *list)
{
    char *whole = arena_alloc(&arena, strlen(list) + 40);
    sprintf(whole, "{'answers': [%s]}", list);
    Samordning__V1__SurveyAnswerRequest *request =
        (Samordning__V1__SurveyAnswerRequest *)read(whole, &samordning__v1__survey_answer_request__descriptor);
    answer_count = request->n_answers;
    answers = request->answers;
}

static void set_up(void)
{
    static struct instrument_problem problems[INSTRUMENT_PROBLEMS_MAX];
    size_t count = 0;
    arena_init(&arena, 64 << 20);
    const Samordning__V1__Instrument *instrument =
        (const Samordning__V1__Instrument *)read(text, &samordning__v1__instrument__descriptor);
    ck_assert_int_eq(instrument_check(instrument, problems, &count), STATUS_OK);
    ck_assert_msg(count == 0, "%s: %s", problems[0].errmsg.field, problems[0].errmsg.text);
    const Samordning__V1__SurveyFetchResponse *roster =
        (const Samordning__V1__SurveyFetchResponse *)read(roster_text, &samordning__v1__survey_fetch_response__descriptor);
    context = (struct answers_context){
        .instrument = instrument, .roster_count = roster->n_roster, .roster = roster->roster, .own = "kd", .free_text = true};
}

static void tear_down(void)
{
    arena_release(&arena);
}

/* The problems as "item/target reason, ...". */
static const char *check(const char *section, bool complete)
{
    static char told[4000];
    size_t count = 0;
    Samordning__V1__AnswerProblem **problems = NULL;
    enum status status = answers_check(&context, answer_count, answers, section, complete, &arena, &count, &problems);
    ck_assert_int_eq(status, count == 0 ? STATUS_OK : STATUS_INVALID);
    told[0] = '\0';
    for (size_t i = 0; i < count; i++)
        snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s%s%s %s", i > 0 ? ", " : "", problems[i]->item,
                 problems[i]->target[0] != '\0' ? "/" : "", problems[i]->target, problems[i]->reason);
    return told;
}

/* ---------------------------------------------------------------------------------------------------------- one answer */

static const struct {
    const char *answer, *draft; /* what a draft with just this is told */
} singles[] = {
    {"{'item': 'yes', 'values': [1]}", ""},
    {"{'item': 'yes', 'values': [2]}", "yes not_a_choice"},
    {"{'item': 'yes', 'values': [null]}", "yes not_a_choice"},
    {"{'item': 'yes', 'values': []}", "yes too_few"},
    {"{'item': 'yes', 'values': [0, 1]}", "yes too_many"},
    {"{'item': 'yes', 'state': 'dont_know'}", ""},
    {"{'item': 'yes', 'state': 'not_relevant'}", "yes not_offered"},
    {"{'item': 'yes', 'state': 'no_contact'}", "yes not_offered"},
    {"{'item': 'yes', 'state': 7}", "yes not_offered"},
    {"{'item': 'yes', 'state': 'dont_know', 'values': [1]}", "yes exclusive"},
    {"{'item': 'yes', 'state': 'dont_know', 'text': 'x'}", "yes exclusive"},
    {"{'item': 'yes', 'values': [1], 'text': 'x'}", "yes not_offered"},
    {"{'item': 'yes', 'target': 'fin', 'values': [1]}", "yes/fin unknown_target"},
    {"{'item': 'nobody', 'values': [1]}", "nobody unknown_item"},
    {"{'item': 'info', 'values': [1]}", "info not_offered"},
    {"{'item': 'info'}", "info not_offered"},
    /* several of them */
    {"{'item': 'why', 'values': [1]}", ""}, /* too few only when it is submitted */
    {"{'item': 'why', 'values': [1, 2, 3]}", ""},
    {"{'item': 'why', 'values': [1, 2, 3, 4]}", "why too_many"},
    {"{'item': 'why', 'values': [1, 2, 3, 4, 0, 1]}", "why too_many"},
    {"{'item': 'why', 'values': [1, 1]}", "why twice"},
    {"{'item': 'why', 'values': [0]}", ""},
    {"{'item': 'why', 'values': [1, 0]}", "why exclusive"},
    {"{'item': 'why', 'state': 'not_relevant'}", ""},
    {"{'item': 'rank', 'values': [3, 1]}", ""},
    {"{'item': 'rank', 'values': [3, 3]}", "rank twice"},
    {"{'item': 'rank', 'values': [1, 2, 3]}", "rank too_many"},
    {"{'item': 'rank', 'values': [1, 9]}", "rank not_a_choice"},
    /* numbers */
    {"{'item': 'num', 'values': [0]}", ""},
    {"{'item': 'num', 'values': [10]}", ""},
    {"{'item': 'num', 'values': [10.5]}", "num out_of_range"},
    {"{'item': 'num', 'values': [-1]}", "num out_of_range"},
    {"{'item': 'num', 'values': [0.5]}", "num not_whole"},
    {"{'item': 'num', 'values': [null]}", "num out_of_range"},
    {"{'item': 'num', 'values': [1, 2]}", "num too_many"},
    {"{'item': 'num'}", "num too_few"},
    {"{'item': 'free', 'values': [-1e300]}", ""},
    /* texts and dates */
    {"{'item': 'day', 'text': '2014-02-28'}", ""},
    {"{'item': 'day', 'text': '2014-02-29'}", "day bad_date"},
    {"{'item': 'day', 'text': '28.02.2014'}", "day bad_date"},
    {"{'item': 'day'}", "day bad_date"},
    {"{'item': 'day', 'values': [1]}", "day not_offered"},
    {"{'item': 'say', 'text': 'æøåæø'}", ""}, /* five characters, ten bytes */
    {"{'item': 'say', 'text': 'æøåæøå'}", "say too_long"},
    {"{'item': 'say', 'text': 'a\\nb'}", ""},
    {"{'item': 'say', 'text': 'a\\u001b'}", "say not_text"},
    {"{'item': 'say', 'text': ' \\n'}", "say too_few"},
    {"{'item': 'say', 'text': ''}", "say too_few"},
    {"{'item': 'say', 'text': 'a', 'values': [1]}", "say not_offered"},
    /* rosters */
    {"{'item': 'met', 'target': 'fin', 'values': [1]}", ""},
    {"{'item': 'met', 'target': 'fin', 'state': 'dont_know'}", ""},
    {"{'item': 'met', 'target': 'kd', 'values': [1]}", "met/kd unknown_target"},   /* one's own */
    {"{'item': 'met', 'target': 'nav', 'values': [1]}", "met/nav unknown_target"}, /* of another roster */
    {"{'item': 'met', 'target': 'ssb', 'values': [1]}", "met/ssb unknown_target"},
    {"{'item': 'met', 'values': [1]}", "met unknown_target"},
    {"{'item': 'met', 'target': 'fin', 'values': [1], 'text': 'fin'}", "met/fin not_offered"},
    {"{'item': 'who', 'target': 'fin', 'state': 'no_contact'}", ""},
    {"{'item': 'who', 'target': 'kd', 'state': 'no_contact'}", "who/kd unknown_target"},
    {"{'item': 'who', 'state': 'no_contact'}", "who unknown_target"},
    {"{'item': 'who', 'target': 'fin'}", "who/fin not_offered"},
    {"{'item': 'who', 'target': 'fin', 'state': 'no_contact', 'values': [1]}", "who/fin exclusive"},
    {"{'item': 'met', 'target': 'fin', 'state': 'no_contact'}", "met/fin not_offered"},
    {"{'item': 'mute', 'target': 'fin', 'state': 'no_contact'}", "mute/fin not_offered"}, /* the roster does not offer it */
    {"{'item': 'mute_part', 'target': 'smk', 'values': [1]}", "mute_part/smk unknown_target"},
    /* names */
    {"{'item': 'other', 'target': 'ssb', 'values': [1]}", ""},
    {"{'item': 'other', 'target': 'kd', 'values': [1]}", "other/kd unknown_target"},
    {"{'item': 'other', 'target': 'fin', 'values': [1]}", "other/fin unknown_target"},
    {"{'item': 'other', 'target': 'Foreningen', 'text': 'Foreningen', 'values': [1]}", ""},
    {"{'item': 'others', 'target': 'Foreningen', 'text': 'Foreningen'}", ""},
    {"{'item': 'other', 'target': 'Foreningen', 'text': 'Laget', 'values': [1]}", "other/Foreningen unknown_target"},
    {"{'item': 'other', 'target': 'Foreningen', 'values': [1]}", "other/Foreningen unknown_target"},
    {"{'item': 'other', 'target': 'a\\nb', 'text': 'a\\nb', 'values': [1]}", "other not_text"}, /* and is not told back */
    {"{'item': 'other', 'target': ' ', 'text': ' ', 'values': [1]}", "other/  not_text"},
    {"{'item': 'others', 'target': 'ssb', 'values': [1]}", "others/ssb not_offered"},
    {"{'item': 'others', 'target': 'ssb', 'state': 'no_contact'}", "others/ssb not_offered"},
    {"{'item': 'known', 'target': 'nav'}", ""},
    {"{'item': 'known', 'target': 'ssb'}", "known/ssb unknown_target"}, /* its actors are of a kind */
    {"{'item': 'known', 'target': 'Laget', 'text': 'Laget'}", "known/Laget unknown_target"},
    /* matrices and ladders */
    {"{'item': 'grid', 'target': 'r1', 'values': [2]}", ""},
    {"{'item': 'grid', 'target': 'r3', 'values': [2]}", "grid/r3 unknown_target"},
    {"{'item': 'grid', 'values': [2]}", "grid unknown_target"},
    {"{'item': 'grid', 'target': 'r1', 'values': [3]}", "grid/r1 not_a_choice"},
    {"{'item': 'grid', 'target': 'r1', 'state': 'dont_know'}", "grid/r1 not_offered"},
    {"{'item': 'step', 'values': [2]}", ""},
    {"{'item': 'step', 'values': [1.5]}", "step not_a_choice"},
};

START_TEST(one_answer_is_told_what_is_wrong_with_it)
{
    take(singles[_i].answer);
    ck_assert_str_eq(check(NULL, false), singles[_i].draft);
}
END_TEST

/* ------------------------------------------------------------------------------------------------------- all together */

static const struct {
    const char *more, *complete; /* beside what is enough */
} wholes[] = {
    {"", ""},
    {"{'item': 'why', 'values': [1, 2]}", "why not_shown"},
    {"{'item': 'why', 'values': [9]}", "why not_a_choice"},
    {"{'item': 'deep', 'values': [1]}", "deep not_shown"}, /* what it depends on is hidden, so unanswered */
    {"{'item': 'rank', 'values': [1]}", "rank too_few"},
    {"{'item': 'yes', 'values': [0]}", "yes twice"},
    {"{'item': 'good', 'target': 'smk', 'values': [1]}", "good/smk not_shown"},
    {"{'item': 'met', 'target': 'fin', 'values': [1]}", "met/fin not_shown"}, /* no contact answers the whole row */
    {"{'item': 'others', 'target': 'ssb'}", "other/ssb required"},
    {"{'item': 'other', 'target': 'ssb', 'values': [1]}, {'item': 'other', 'target': 'A', 'text': 'A', 'values': [1]}", ""},
    {"{'item': 'other', 'target': 'ssb', 'values': [1]}, {'item': 'other', 'target': 'A', 'text': 'A', 'values': [1]},"
     " {'item': 'other', 'target': 'B', 'text': 'B', 'values': [1]}",
     "others too_many"},
    {"{'item': 'step', 'values': [1]}", "step not_shown"}, /* the matrix is answered */
    {"{'item': 'last', 'values': [1]}", "last not_shown"}, /* its section is hidden */
    {"{'item': 'last', 'values': [1]}, {'item': 'num', 'values': [5]}", ""},
    {"{'item': 'last', 'values': [1]}, {'item': 'num', 'values': [6]}", "last not_shown"},
};

START_TEST(all_answers_together_are_checked)
{
    char list[2000];
    snprintf(list, sizeof list, "%s%s%s", enough, wholes[_i].more[0] != '\0' ? ", " : "", wholes[_i].more);
    take(list);
    ck_assert_str_eq(check(NULL, true), wholes[_i].complete);
}
END_TEST

START_TEST(what_is_required_is_told_in_the_order_of_the_form)
{
    take("");
    ck_assert_str_eq(check(NULL, false), "");
    ck_assert_str_eq(check(NULL, true), "yes required, say required, who/fin required, met/fin required, who/smk required, "
                                        "met/smk required, known required, grid/r1 required, grid/r2 required");
    ck_assert_str_eq(check("a", true), "yes required, say required");
    ck_assert_str_eq(check("c", true), "");
    ck_assert_str_eq(check("d", true), "d unknown_item");
    context.free_text = false;
    ck_assert_str_eq(check("a", true), "yes required");
    take("{'item': 'yes', 'values': [1]}, {'item': 'why', 'values': [1]}, {'item': 'met', 'target': 'smk', 'values': [1]}");
    ck_assert_str_eq(check("a", true), "why too_few, deep required");
    ck_assert_str_eq(check("b", true), "who/fin required, met/fin required, good/smk required, known required, "
                                       "grid/r1 required, grid/r2 required");
}
END_TEST

START_TEST(whom_a_name_generator_finds_may_be_known_elsewhere)
{
    take("{'item': 'other', 'target': 'anything', 'values': [1]}, {'item': 'known', 'target': 'anything'}");
    ck_assert_str_eq(check(NULL, false), "other/anything unknown_target, known/anything unknown_target");
    context.roster_count = 4; /* only those of rosters */
    ck_assert_str_eq(check(NULL, false), "");
    take("{'item': 'other', 'target': 'kd', 'values': [1]}, {'item': 'known', 'target': 'a\\nb'}, {'item': 'met', 'target': "
         "'x'}");
    ck_assert_str_eq(check(NULL, false), "met/x unknown_target, other/kd unknown_target, known unknown_target");
}
END_TEST

START_TEST(a_new_name_is_told_once_for_all_its_parts)
{
    take("{'item': 'others', 'target': 'Laget', 'text': 'Laget'}, {'item': 'other', 'target': 'Laget', 'values': [1]}");
    ck_assert_str_eq(check(NULL, false), "");
    take("{'item': 'others', 'target': 'Laget', 'text': 'Lag'}, {'item': 'other', 'target': 'Laget', 'values': [1]}");
    ck_assert_str_eq(check(NULL, false), "others/Laget unknown_target, other/Laget unknown_target");
}
END_TEST

START_TEST(free_text_is_taken_only_where_the_wave_has_it)
{
    context.free_text = false;
    take("{'item': 'say', 'text': 'ok'}");
    ck_assert_str_eq(check(NULL, false), "say not_offered");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused_and_not_told_back)
{
    take("{'item': 'say', 'text': 'ab'}, {'item': 'other', 'target': 'xy', 'text': 'xy', 'values': [1]}, {'item': 'q'}");
    answers[0]->text[1] = (char)0xFF; /* as a NUL on the wire becomes */
    answers[1]->text[1] = (char)0xC3;
    answers[1]->target[1] = (char)0xC3;
    answers[2]->item[0] = (char)0x80;
    ck_assert_str_eq(check(NULL, false), "say not_text, other not_text,  unknown_item");
}
END_TEST

START_TEST(more_answers_than_a_respondent_can_have_are_refused)
{
    take("{'item': 'yes', 'values': [1]}");
    Samordning__V1__Answer **many = arena_alloc(&arena, (ANSWERS_MAX + 1) * sizeof many[0]);
    for (size_t i = 0; i <= ANSWERS_MAX; i++)
        many[i] = answers[0];
    answers = many;
    answer_count = ANSWERS_MAX + 1;
    ck_assert_str_eq(check(NULL, false), " too_many");
    answer_count = ANSWERS_MAX;
    size_t count = 0;
    Samordning__V1__AnswerProblem **problems = NULL;
    ck_assert_int_eq(answers_check(&context, answer_count, answers, NULL, false, &arena, &count, &problems), STATUS_INVALID);
    ck_assert_uint_eq(count, ANSWERS_PROBLEMS_MAX);
}
END_TEST

START_TEST(an_arena_without_room_is_said)
{
    take(enough);
    for (size_t budget = 1; budget < 200000; budget = budget * 3 / 2 + 1) {
        struct arena small;
        size_t count = 0;
        Samordning__V1__AnswerProblem **problems = NULL;
        Samordning__V1__Answer **kept = NULL;
        arena_init(&small, budget);
        enum status status = answers_check(&context, answer_count, answers, NULL, true, &small, &count, &problems);
        ck_assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
        status = answers_shown(&context, answer_count, answers, &small, &count, &kept);
        ck_assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
        status = answers_map(&context, 1, answer_count, answers, &small, &count, &kept, &(size_t){0});
        ck_assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
        arena_release(&small);
    }
}
END_TEST

/* --------------------------------------------------------------------------------------------------------------- shown */

START_TEST(conditions_show_and_hide)
{
    take("");
    ck_assert(answers_shows(&context, 0, NULL, "yes", ""));
    ck_assert(!answers_shows(&context, 0, NULL, "why", NULL));
    ck_assert(!answers_shows(&context, 0, NULL, "nobody", NULL));
    ck_assert(answers_shows(&context, 0, NULL, "met", "fin"));
    ck_assert(!answers_shows(&context, 0, NULL, "good", "fin"));
    ck_assert(!answers_shows_section(&context, 0, NULL, context.instrument->sections[2]));
    take("{'item': 'yes', 'values': [1]}, {'item': 'why', 'values': [1, 2]}, {'item': 'met', 'target': 'fin', 'values': [1]},"
         "{'item': 'met', 'target': 'smk', 'state': 'dont_know'}, {'item': 'num', 'values': [3]}");
    ck_assert(answers_shows(&context, answer_count, answers, "why", ""));
    ck_assert(answers_shows(&context, answer_count, answers, "deep", ""));
    ck_assert(answers_shows(&context, answer_count, answers, "good", "fin"));
    ck_assert(!answers_shows(&context, answer_count, answers, "good", "smk")); /* don't know is no value */
    ck_assert(answers_shows(&context, answer_count, answers, "step", ""));
    ck_assert(answers_shows_section(&context, answer_count, answers, context.instrument->sections[2]));
    take("{'item': 'yes', 'values': [1]}, {'item': 'why', 'values': [1, 4]}");
    ck_assert(!answers_shows(&context, answer_count, answers, "deep", ""));
    take("{'item': 'who', 'target': 'fin', 'state': 'no_contact'}");
    ck_assert(!answers_shows(&context, answer_count, answers, "met", "fin"));
    ck_assert(answers_shows(&context, answer_count, answers, "met", "smk"));
    context.free_text = false;
    ck_assert(!answers_shows(&context, 0, NULL, "say", ""));
}
END_TEST

START_TEST(what_is_hidden_is_left_out_when_it_is_submitted)
{
    size_t count = 0;
    Samordning__V1__Answer **kept = NULL;
    take("{'item': 'yes', 'values': [0]}, {'item': 'why', 'values': [1, 2]}, {'item': 'deep', 'values': [1]},"
         "{'item': 'who', 'target': 'fin', 'state': 'no_contact'}, {'item': 'met', 'target': 'fin', 'values': [1]},"
         "{'item': 'met', 'target': 'smk', 'values': [1]}, {'item': 'good', 'target': 'smk', 'values': [1]}");
    ck_assert_int_eq(answers_shown(&context, answer_count, answers, &arena, &count, &kept), STATUS_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert_ptr_eq(kept[0], answers[0]);
    ck_assert_ptr_eq(kept[1], answers[3]);
    ck_assert_ptr_eq(kept[2], answers[5]);
    ck_assert_ptr_eq(answers_find(count, kept, "met", "smk"), answers[5]);
    ck_assert_ptr_null(answers_find(count, kept, "met", "fin"));
    ck_assert_ptr_null(answers_find(count, kept, "met", NULL));
}
END_TEST

/* --------------------------------------------------------------------------------------------------------------- piped */

static const struct {
    const char *text, *piped;
    enum instrument_language language;
} pipes[] = {
    {"", "", INSTRUMENT_NB},
    {"plain", "plain", INSTRUMENT_NB},
    {"{actor} og {organisation}", "Fin & <b> og KD", INSTRUMENT_NB}, /* nothing is escaped here */
    {"{answer:yes}", "ja", INSTRUMENT_NB},
    {"{answer:yes}", "jau", INSTRUMENT_NN},
    {"{answer:yes}", "ja", INSTRUMENT_EN},
    {"({answer:why})", "(to, en)", INSTRUMENT_NB},
    {"{answer:num}", "3 stk.", INSTRUMENT_NB},
    {"{answer:free}", "2,5", INSTRUMENT_NN},
    {"{answer:free}", "2.5", INSTRUMENT_EN},
    {"{answer:day}", "2014-11-26", INSTRUMENT_NB},
    {"{answer:met}", "ofte", INSTRUMENT_NB},
    {"{answer:deep}", "…", INSTRUMENT_NB}, /* not answered */
    {"{answer:last}", "7", INSTRUMENT_NB},
    {"{answer:step}", "…", INSTRUMENT_NB}, /* don't know */
    {"{answer:nobody}", "…", INSTRUMENT_NB},
    {"{what} {", "{what} {", INSTRUMENT_NB},
};

START_TEST(texts_are_filled_in)
{
    take("{'item': 'yes', 'values': [1]}, {'item': 'why', 'values': [2, 1]}, {'item': 'num', 'values': [3]},"
         "{'item': 'free', 'values': [2.5]}, {'item': 'day', 'text': '2014-11-26'}, {'item': 'last', 'values': [7]},"
         "{'item': 'met', 'target': 'fin', 'values': [1]}, {'item': 'step', 'state': 'dont_know'}");
    const char *piped =
        answers_pipe(&context, answer_count, answers, pipes[_i].language, pipes[_i].text, "fin", "Fin & <b>", "KD", &arena);
    ck_assert_str_eq(piped, pipes[_i].piped);
}
END_TEST

START_TEST(what_is_not_there_is_not_filled_in)
{
    take("{'item': 'yes', 'values': [0]}, {'item': 'why', 'values': [2, 1]}");
    ck_assert_str_eq(answers_pipe(&context, answer_count, answers, INSTRUMENT_NB, "{actor}{organisation}{answer:why}", NULL,
                                  NULL, NULL, &arena),
                     "………"); /* the last one is hidden */
    struct arena none;
    arena_init(&none, 0);
    ck_assert_ptr_null(answers_pipe(&context, 0, NULL, INSTRUMENT_NB, "x", NULL, NULL, NULL, &none));
    arena_release(&none);
}
END_TEST

/* ----------------------------------------------------------------------------------------------------- earlier versions */

static const struct {
    const char *from, *to; /* answers to version 1, and what they become, as JSON of ours */
    size_t lost;
} maps[] = {
    {"{'item': 'ja', 'values': [1]}", "yes [1]", 0},
    {"{'item': 'ja', 'values': [3]}", "yes [0]", 0},
    {"{'item': 'ja', 'values': [4]}", "", 1}, /* has no counterpart */
    {"{'item': 'ja', 'state': 'dont_know'}", "yes (2) []", 0},
    {"{'item': 'ja', 'state': 'not_relevant'}", "", 1},                     /* which this version does not offer */
    {"{'item': 'grunner', 'values': [11, 12]}", "why [1 2] rank [3 1]", 0}, /* one becomes two */
    {"{'item': 'grunner', 'values': [12, 13]}", "why [2] rank [1]", 1},     /* two choices became one; rank lost one */
    {"{'item': 'yes', 'values': [1]}", "", 1},                              /* another question had this id */
    {"{'item': 'num', 'values': [3]}", "free [3]", 0},
    {"{'item': 'day', 'text': '2014-11-26'}", "day [] 2014-11-26", 0}, /* the same in both */
    {"{'item': 'gone', 'values': [1]}", "", 1},
    {"{'item': 'met', 'target': 'fin', 'values': [1]}", "met/fin [1]", 0},
    {"{'item': 'met', 'target': 'old', 'values': [1]}", "", 1}, /* no longer in the roster */
    {"{'item': 'who', 'target': 'fin', 'state': 'no_contact'}", "who/fin (3) []", 0},
    {"{'item': 'deep', 'values': [1, 2]}", "", 1},
};

static const char *mapped(uint32_t version, size_t *ret_lost)
{
    static char told[1000];
    size_t count = 0;
    Samordning__V1__Answer **new = NULL;
    ck_assert_int_eq(answers_map(&context, version, answer_count, answers, &arena, &count, &new, ret_lost), STATUS_OK);
    told[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        char *end = told + strlen(told);
        end += sprintf(end, "%s%s%s%s ", i > 0 ? " " : "", new[i]->item, new[i]->target[0] != '\0' ? "/" : "", new[i]->target);
        if (new[i]->state != 0)
            end += sprintf(end, "(%d) ", (int)new[i]->state);
        end += sprintf(end, "[");
        for (size_t k = 0; k < new[i]->n_values; k++)
            end += sprintf(end, "%s%g", k > 0 ? " " : "", new[i]->values[k]);
        sprintf(end, "]%s%s", new[i]->text[0] != '\0' ? " " : "", new[i]->text);
    }
    return told;
}

START_TEST(answers_to_an_earlier_version_are_carried_over)
{
    size_t lost = 99;
    take(maps[_i].from);
    ck_assert_str_eq(mapped(1, &lost), maps[_i].to);
    ck_assert_uint_eq(lost, maps[_i].lost);
}
END_TEST

START_TEST(of_a_version_without_mappings_ids_are_taken_to_mean_the_same)
{
    size_t lost = 99;
    take("{'item': 'yes', 'values': [1]}, {'item': 'ja', 'values': [1]}, {'item': 'met', 'target': 'old', 'values': [1]}");
    ck_assert_str_eq(mapped(7, &lost), "yes [1]");
    ck_assert_uint_eq(lost, 2);
    context.any_actor = true; /* read from the store: whoever it was, it was known then */
    ck_assert_str_eq(mapped(7, &lost), "yes [1] met/old [1]");
    ck_assert_uint_eq(lost, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("answers");
    TCase *tcase = tcase_create("answers");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, one_answer_is_told_what_is_wrong_with_it, 0, sizeof singles / sizeof singles[0]);
    tcase_add_loop_test(tcase, all_answers_together_are_checked, 0, sizeof wholes / sizeof wholes[0]);
    tcase_add_test(tcase, what_is_required_is_told_in_the_order_of_the_form);
    tcase_add_test(tcase, whom_a_name_generator_finds_may_be_known_elsewhere);
    tcase_add_test(tcase, a_new_name_is_told_once_for_all_its_parts);
    tcase_add_test(tcase, free_text_is_taken_only_where_the_wave_has_it);
    tcase_add_test(tcase, bytes_that_are_no_text_are_refused_and_not_told_back);
    tcase_add_test(tcase, more_answers_than_a_respondent_can_have_are_refused);
    tcase_add_test(tcase, an_arena_without_room_is_said);
    tcase_add_test(tcase, conditions_show_and_hide);
    tcase_add_test(tcase, what_is_hidden_is_left_out_when_it_is_submitted);
    tcase_add_loop_test(tcase, texts_are_filled_in, 0, sizeof pipes / sizeof pipes[0]);
    tcase_add_test(tcase, what_is_not_there_is_not_filled_in);
    tcase_add_loop_test(tcase, answers_to_an_earlier_version_are_carried_over, 0, sizeof maps / sizeof maps[0]);
    tcase_add_test(tcase, of_a_version_without_mappings_ids_are_taken_to_mean_the_same);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
