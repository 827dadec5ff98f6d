/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON of messages as people write it, and what is said about their mistakes. */
#include "json.h"
#include "samordning.pb-c.h"

#include <check.h>
#include <math.h>
#include <string.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, 1 << 20);
}

static void tear_down(void)
{
    arena_release(&arena);
}

static enum status read_text(const char *text, const ProtobufCMessageDescriptor *type, ProtobufCMessage **ret_message,
                             struct errmsg *ret_errmsg)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    ck_assert_msg(json != NULL, "%s: %s", text, error.text);
    enum status status = json_to_message(json, type, &arena, ret_message, ret_errmsg);
    json_decref(json);
    return status;
}

static const Samordning__V1__Interaction *read_interaction(const char *text)
{
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    enum status status = read_text(text, &samordning__v1__interaction__descriptor, &message, &errmsg);
    ck_assert_msg(status == STATUS_OK, "%s: %s %s", text, errmsg.field, errmsg.text);
    return (const Samordning__V1__Interaction *)message;
}

START_TEST(a_date_as_a_deadline_lasts_until_it_is_over)
{
    static const struct {
        const char *written;
        int64_t second; /* 23:59:59 in Oslo */
    } cases[] = {{"2014-03-22", 1395529199}, {"2014-02", 1393628399}, {"2014-03-22T12:00+01:00", 1395486000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        struct arena own;
        ProtobufCMessage *message;
        struct errmsg why;
        snprintf(text, sizeof text, "{\"actor\": \"KD\", \"deadline\": \"%s\"}", cases[i].written);
        json_t *json = json_loads(text, 0, NULL);
        arena_init(&own, 65536);
        ck_assert_int_eq(json_to_message(json, &samordning__v1__participant__descriptor, &own, &message, &why), STATUS_OK);
        ck_assert_int_eq(((Samordning__V1__Participant *)message)->deadline, cases[i].second * 1000000);
        arena_release(&own);
        json_decref(json);
    }
}
END_TEST

START_TEST(an_interaction_as_people_write_it)
{
    const Samordning__V1__Interaction *m = read_interaction(
        "{\"type\": \"consultation\", \"caseRef\": \"2014/17\", \"time\": \"2014-03-01\", \"end\": 1393700000000000, "
        "\"stage\": \"høring\","
        "\"participants\": [{\"actor\": \"KLD\", \"role\": \"avsender\"}, {\"actor\": \"Nærings- og fiskeridepartementet\","
        "\"role\": \"ROLE_ADDRESSEE\", \"received\": \"2014-03-02\", \"deadline\": \"2014-03-22T12:00+01:00\", "
        "\"deadline_agreed\": true,"
        "\"outcome\": 4}], \"weight\": 2, \"source\": null, \"copy\": \"3\", \"id\": "
        "\"01447cc3-a3bb-8a65-8395-b47063a7d333\"}");
    ck_assert_str_eq(m->case_ref, "2014/17");
    ck_assert_int_eq(m->time, 1393628400000000);
    ck_assert_int_eq(m->time_precision, SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY);
    ck_assert_int_eq(m->end, 1393700000000000);
    ck_assert_int_eq(m->stage, SAMORDNING__V1__STAGE__STAGE_HEARING);
    ck_assert_uint_eq(m->n_participants, 2);
    ck_assert_int_eq(m->participants[0]->role, SAMORDNING__V1__ROLE__ROLE_SENDER);
    ck_assert_int_eq(m->participants[1]->role, SAMORDNING__V1__ROLE__ROLE_ADDRESSEE);
    ck_assert_int_eq(m->participants[1]->deadline, 1395486000000000);
    ck_assert(m->participants[1]->deadline_agreed);
    ck_assert_int_eq(m->participants[1]->outcome, SAMORDNING__V1__OUTCOME__OUTCOME_CONDITIONAL_SUPPORT);
    ck_assert_double_eq(m->weight, 2);
    ck_assert_str_eq(m->source, "");
    ck_assert_uint_eq(m->copy, 3);
    ck_assert_uint_eq(m->id.len, 16);
    ck_assert_uint_eq(m->id.data[0], 0x01);
    ck_assert_uint_eq(m->id.data[15], 0x33);
}
END_TEST

START_TEST(a_precision_that_is_given_stands)
{
    ck_assert_int_eq(read_interaction("{\"time\": \"2014-03-01\", \"time_precision\": \"month\"}")->time_precision,
                     SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH);
    ck_assert_int_eq(read_interaction("{\"timePrecision\": \"instant\", \"time\": \"2014-03-01\"}")->time_precision,
                     SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT);
    ck_assert_int_eq(read_interaction("{\"end\": \"2014-03-01\", \"time\": \"2014-03-01T10:00\"}")->time_precision,
                     SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT);
}
END_TEST

static const struct {
    const char *text;
    const char *field;
    const char *word; /* the reason has it */
} wrong[] = {
    {"[]", "", "object"},
    {"\"x\"", "", "object"},
    {"{\"tpye\": \"x\"}", "tpye", "not a field of Interaction"},
    {"{\"type\": 7}", "type", "text"},
    {"{\"type\": \"a\\u0000b\"}", "type", "NUL"},
    {"{\"case_ref\": \"a\", \"caseRef\": \"b\"}", "case_ref", "twice"},
    {"{\"time\": \"2014-13-01\"}", "time", "calendar"},
    {"{\"time\": \"2014-03-30T02:30\"}", "time", "does not exist"},
    {"{\"time\": 1.5}", "time", "neither"},
    {"{\"stage\": \"lunsj\"}", "stage", "\"lunsj\" is not a known stage"},
    {"{\"stage\": 1e3}", "stage", "neither"},
    {"{\"participants\": {}}", "participants", "list"},
    {"{\"participants\": [{\"actor\": \"a\"}, 7]}", "participants[1]", "object"},
    {"{\"participants\": [{\"actor\": \"a\"}, {\"role\": \"x\"}]}", "participants[1].role", "not a known role"},
    {"{\"participants\": [{\"deadline\": \"i går\"}]}", "participants[0].deadline", "i går"},
    {"{\"participants\": [null]}", "participants[0]", "object"},
    {"{\"participants\": [{\"deadline_agreed\": 1}]}", "participants[0].deadline_agreed", "true nor false"},
    {"{\"weight\": \"2\"}", "weight", "number"},
    {"{\"copy\": -1}", "copy", "out of range"},
    {"{\"copy\": 4294967296}", "copy", "out of range"},
    {"{\"copy\": 1.5}", "copy", "whole"},
    {"{\"copy\": \"1x\"}", "copy", "whole"},
    {"{\"id\": \"01447cc3-a3bb-8a65-8395-b47063a7d33x\"}", "id", "UUID"},
    {"{\"id\": \"??\"}", "id", "UUID"},
    {"{\"id\": 7}", "id", "UUID"},
};

START_TEST(mistakes_are_named)
{
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    ck_assert_int_eq(read_text(wrong[_i].text, &samordning__v1__interaction__descriptor, &message, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, wrong[_i].field);
    ck_assert_msg(strstr(errmsg.text, wrong[_i].word) != NULL, "%s: %s", wrong[_i].text, errmsg.text);
    ck_assert_ptr_null(message);
    ck_assert_int_eq(read_text(wrong[_i].text, &samordning__v1__interaction__descriptor, &message, NULL), STATUS_INVALID);
}
END_TEST

START_TEST(one_body_only)
{
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg;
    ck_assert_int_eq(read_text("{\"status\": {}, \"cancel\": {}}", &samordning__v1__request__descriptor, &message, &errmsg),
                     STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "cancel");
    ck_assert_int_eq(read_text("{\"status\": {}}", &samordning__v1__request__descriptor, &message, &errmsg), STATUS_OK);
    ck_assert_int_eq(((const Samordning__V1__Request *)message)->body_case, SAMORDNING__V1__REQUEST__BODY_STATUS);
}
END_TEST

/* Every allocation fails once. */
START_TEST(a_small_budget_is_a_clean_failure)
{
    const char *text = "{\"type\": \"meeting\", \"participants\": [{\"actor\": \"a\"}, {\"actor\": \"b\"}], \"id\": \"AAAA\"}";
    size_t failures = 0;
    for (size_t budget = 0;; budget += 16) {
        arena_release(&arena);
        arena_init(&arena, budget);
        ProtobufCMessage *message = NULL;
        struct errmsg errmsg = {"", ""};
        enum status status = read_text(text, &samordning__v1__interaction__descriptor, &message, &errmsg);
        if (status == STATUS_OK)
            break;
        ck_assert_int_eq(status, STATUS_TOO_LARGE);
        ck_assert_ptr_nonnull(strstr(errmsg.text, "needs more than"));
        failures++;
    }
    ck_assert_uint_gt(failures, 5);
}
END_TEST

START_TEST(written_as_documented)
{
    Samordning__V1__Column column = SAMORDNING__V1__COLUMN__INIT;
    double numbers[] = {1.5, (double)NAN, (double)INFINITY, 0};
    column.numbers = numbers;
    column.n_numbers = 4;
    column.name = (char[]){"svar\xF8"};
    json_t *json = json_from_message(&column.base);
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(text, "{\"name\":\"svar\xEF\xBF\xBD\",\"numbers\":[1.5,null,null,0.0]}");
    free(text);
    json_decref(json);

    uint8_t id[16] = {0x01, 0x44, 0x7c, 0xc3, 0xa3, 0xbb, 0x8a, 0x65, 0x83, 0x95, 0xb4, 0x70, 0x63, 0xa7, 0xd3, 0x33};
    Samordning__V1__Receipt receipt = SAMORDNING__V1__RECEIPT__INIT;
    receipt.id.data = id;
    receipt.id.len = sizeof id;
    receipt.state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
    receipt.status = SAMORDNING__V1__STATUS_CODE__STATUS_INVALID;
    json = json_from_message(&receipt.base);
    text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(
        text, "{\"id\":\"01447cc3-a3bb-8a65-8395-b47063a7d333\",\"state\":\"RECEIPT_REJECTED\",\"status\":\"STATUS_INVALID\"}");
    free(text);
    json_decref(json);

    Samordning__V1__Interaction interaction = SAMORDNING__V1__INTERACTION__INIT;
    interaction.time = 1404208800000000;
    interaction.stage = (Samordning__V1__Stage)99; /* not known here */
    interaction.level = SAMORDNING__V1__LEVEL__LEVEL_MINISTER;
    json = json_from_message(&interaction.base);
    text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(text, "{\"level\":\"minister\",\"stage\":99,\"time\":\"2014-07-01T12:00:00+02:00\"}");
    free(text);
    json_decref(json);

    Samordning__V1__Card card = SAMORDNING__V1__CARD__INIT;
    card.seed = UINT64_MAX;
    json = json_from_message(&card.base);
    text = json_dumps(json, JSON_COMPACT);
    ck_assert_str_eq(text, "{\"seed\":\"18446744073709551615\"}");
    free(text);
    json_decref(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tc = tcase_create("json");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_date_as_a_deadline_lasts_until_it_is_over);
    tcase_add_test(tc, an_interaction_as_people_write_it);
    tcase_add_test(tc, a_precision_that_is_given_stands);
    tcase_add_loop_test(tc, mistakes_are_named, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(tc, one_body_only);
    tcase_add_test(tc, a_small_budget_is_a_clean_failure);
    tcase_add_test(tc, written_as_documented);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
