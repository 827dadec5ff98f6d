/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said about instruments: the built-in one, and every way one can be wrong. */
#include "instrument.h"
#include "json.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct instrument_problem problems[INSTRUMENT_PROBLEMS_MAX];
static size_t problem_count;

static void set_up(void)
{
    arena_init(&arena, 16 << 20);
}

static void tear_down(void)
{
    arena_release(&arena);
}

static const Samordning__V1__Instrument *read_instrument(const char *text, size_t size)
{
    json_error_t error;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%d:%d: %s", error.line, error.column, error.text);
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    enum status status = json_to_message(json, &samordning__v1__instrument__descriptor, &arena, &message, &errmsg);
    ck_assert_msg(status == STATUS_OK, "%s: %s", errmsg.field, errmsg.text);
    json_decref(json);
    return (const Samordning__V1__Instrument *)message;
}

START_TEST(the_built_in_instrument_is_good_in_three_languages)
{
    const Samordning__V1__Instrument *instrument = read_instrument(instrument_builtin_json, instrument_builtin_json_size);
    enum status status = instrument_check(instrument, problems, &problem_count);
    for (size_t i = 0; i < problem_count; i++)
        fprintf(stderr, "%s: %s\n", problems[i].errmsg.field, problems[i].errmsg.text);
    ck_assert_int_eq(status, STATUS_OK);
    ck_assert_uint_eq(problem_count, 0);
    ck_assert_str_eq(instrument->key, "samordning");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("instrument");
    TCase *tcase = tcase_create("instrument");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_built_in_instrument_is_good_in_three_languages);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
