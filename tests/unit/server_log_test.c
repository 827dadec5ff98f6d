/* SPDX-License-Identifier: GPL-3.0-or-later
 * Log lines: one event one line, whatever a client puts into it; and the metrics' text.
 */
#include "log.h"
#include "metrics.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *value, *rendered;
} values[] = {
    {"plain", "v=plain"},
    {"", "v=\"\""},
    {"two words", "v=\"two words\""},
    {"a=b", "v=\"a=b\""},
    {"say \"hi\" \\ there", "v=\"say \\\"hi\\\" \\\\ there\""},
    {"line\nlevel=error msg=forged", "v=\"line\\nlevel=error msg=forged\""},
    {"\x1b[31mred", "v=\"\\x1b[31mred\""},
    {"Nærings- og fiskeridepartementet", "v=\"Nærings- og fiskeridepartementet\""},
    {"bad \xff\xc3(", "v=\"bad \\xff\\xc3(\""},
    {"cut \xc3", "v=\"cut \\xc3\""},
    {"c1 \xc2\x9b", "v=\"c1 \\xc2\\x9b\""},
    {"tab\tdel\x7f", "v=\"tab\\x09del\\x7f\""},
};

START_TEST(value_is_escaped)
{
    char line[LOG_LINE_MAX], expected[300];
    size_t size = log_render(line, true, 0, NULL, LOG_LEVEL_INFO, "x", LOG_FIELDS_(LOG_TEXT("v", values[_i].value)));
    line[size] = '\0';
    snprintf(expected, sizeof expected, "<6>level=info msg=x %s", values[_i].rendered);
    ck_assert_str_eq(line, expected);
}
END_TEST

START_TEST(whole_line)
{
    char line[LOG_LINE_MAX];
    struct log_context context = {0};
    log_context_add(&context, LOG_UINT("conn", 7));
    log_context_add(&context, LOG_TEXT("org", "983887457"));
    log_context_add(&context, LOG_TEXT("left_out", NULL));
    size_t size = log_render(line, false, INT64_C(1767600000123000), &context, LOG_LEVEL_WARNING, "could not read",
                             LOG_FIELDS_(LOG_STATUS(STATUS_MALFORMED), LOG_INT("n", -5), LOG_REAL("s", 0.25)));
    line[size] = '\0';
    ck_assert_str_eq(line, "time=2026-01-05T08:00:00.123Z level=warning msg=\"could not read\" conn=7 org=983887457 "
                           "status=MALFORMED n=-5 s=0.25");
}
END_TEST

START_TEST(long_values_and_lines_are_cut)
{
    static char huge[3 * LOG_LINE_MAX];
    char line[LOG_LINE_MAX];
    memset(huge, 'x', sizeof huge - 1);
    size_t size = log_render(line, true, 0, NULL, LOG_LEVEL_INFO, "x", LOG_FIELDS_(LOG_TEXT("v", huge), LOG_INT("n", 1)));
    line[size] = '\0';
    ck_assert_uint_lt(size, LOG_VALUE_MAX + 50);
    ck_assert_ptr_nonnull(strstr(line, "...\" n=1"));
    struct log_field many[40];
    for (size_t i = 0; i < 39; i++)
        many[i] = LOG_TEXT("v", huge);
    many[39] = (struct log_field){.type = LOG_FIELD_END};
    ck_assert_uint_eq(log_render(line, true, 0, NULL, LOG_LEVEL_INFO, "x", many), LOG_LINE_MAX - 1);
}
END_TEST

START_TEST(context_that_does_not_fit_is_left_out_whole)
{
    struct log_context context = {0};
    char long_text[LOG_CONTEXT_MAX];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    log_context_add(&context, LOG_TEXT("a", "1"));
    log_context_add(&context, LOG_TEXT("b", long_text));
    log_context_add(&context, LOG_TEXT("c", "3"));
    ck_assert_str_eq(context.text, " a=1 c=3");
}
END_TEST

/* Prometheus text: each sample's name has a HELP and a TYPE above it, histograms grow and end in their count. */
START_TEST(metrics_are_well_formed)
{
    struct metrics *metrics = malloc(sizeof *metrics);
    size_t size, samples = 0;
    metrics_init(metrics);
    metrics->message_names[0] = "hello";
    metrics->message_names[1] = "submit";
    metrics_request_done(metrics, 1, STATUS_OK, 90);
    metrics_request_done(metrics, 1, STATUS_BUSY, 700000);
    metrics_request_done(metrics, 1, STATUS_OK, INT64_C(4000000000));
    metrics_add(metrics, METRIC_INTERACTIONS_STORED, 3);
    char *text = metrics_render(metrics, &size), type[100] = "", help[100] = "";
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), size);
    ck_assert_ptr_nonnull(strstr(text, "\nsamordning_interactions_stored_total 3\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nsamordning_requests_total{message=\"submit\",status=\"BUSY\"} 1\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nsamordning_requests_total{message=\"hello\",status=\"OK\"} 0\n"));
    ck_assert_ptr_nonnull(strstr(text, "{message=\"submit\",le=\"0.0001\"} 1\n"));
    ck_assert_ptr_nonnull(strstr(text, "{message=\"submit\",le=\"300\"} 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "{message=\"submit\",le=\"+Inf\"} 3\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nsamordning_request_seconds_count{message=\"submit\"} 3\n"));
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (sscanf(line, "# TYPE %99s", type) == 1 || sscanf(line, "# HELP %99s", help) == 1 || line[0] == '\0')
            continue;
        ck_assert_msg(strncmp(line, type, strlen(type)) == 0 && strcmp(type, help) == 0, "%s", line);
        char *end;
        strtod(strrchr(line, ' ') + 1, &end);
        ck_assert_msg(*end == '\0', "%s", line);
        samples++;
    }
    ck_assert_uint_gt(samples, METRIC_COUNT);
    free(text);
    free(metrics);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");
    tcase_add_loop_test(tests, value_is_escaped, 0, (int)(sizeof values / sizeof values[0]));
    tcase_add_test(tests, whole_line);
    tcase_add_test(tests, long_values_and_lines_are_cut);
    tcase_add_test(tests, context_that_does_not_fit_is_left_out_whole);
    tcase_add_test(tests, metrics_are_well_formed);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
