/* SPDX-License-Identifier: GPL-3.0-or-later
 * Real files as other people published them: what is read and what is rejected must add up to their published counts. */
#include "run_python.h"
#include "source.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW_US INT64_C(1800000000000000) /* 2027-01-15 */

struct counts {
    uint64_t rows, interactions, participants, rejections;
    uint64_t empty, out_of_range, repeated; /* rejections by reason */
};

static const char *data_folder(void)
{
    const char *folder = getenv("SAMORDNING_SHARED_DATA");
    return folder && folder[0] ? folder : SAMORDNING_SHARED_DATA_DEFAULT;
}

static bool has(const char *file, char *ret_path, size_t size)
{
    snprintf(ret_path, size, "%s/%s", data_folder(), file);
    if (access(ret_path, R_OK) == 0)
        return true;
    fprintf(stderr, "skipped: %s is not here (set SAMORDNING_SHARED_DATA)\n", ret_path);
    return false;
}

static struct counts count(const char *path, const struct source_options *options)
{
    struct source_options used = *options;
    used.now_us = NOW_US;
    struct source *source;
    struct errmsg errmsg = {0};
    ck_assert_msg(source_open(path, &used, &source, &errmsg) == STATUS_OK, "%s: %s", path, errmsg.text);
    struct source_item item;
    struct counts counts = {0};
    for (enum source_state state; (state = source_next(source, &item, &errmsg)) != SOURCE_END;) {
        ck_assert_msg(state != SOURCE_FAILED, "%s: %s", path, errmsg.text);
        if (state == SOURCE_INTERACTION) {
            counts.interactions++;
            counts.participants += item.interaction->n_participants;
            continue;
        }
        counts.rejections++;
        counts.empty += strcmp(item.rejection.reason, "is empty") == 0;
        counts.out_of_range += strcmp(item.rejection.field, "time") == 0;
        counts.repeated += strstr(item.rejection.reason, "already on line") != NULL;
    }
    counts.rows = source_rows(source);
    source_close(source);
    return counts;
}

START_TEST(workplace)
{
    char path[4096];
    if (!has("workplace-invs15/contacts.csv.gz", path, sizeof path))
        return;
    const struct source_options options = {.maps = {"time=t,source=i,target=j"},
                                           .map_count = 1,
                                           .epoch = "2015-06-22",
                                           .constants = {"type=meeting"},
                                           .constant_count = 1};
    struct counts counts = count(path, &options);
    ck_assert_uint_eq(counts.rows, 78249);
    ck_assert_uint_eq(counts.interactions, 78249);
    ck_assert_uint_eq(counts.rejections, 0);
}
END_TEST

START_TEST(uk_ministers)
{
    char path[4096];
    if (!has("uk-ministerial-meetings/meetings.csv.gz", path, sizeof path))
        return;
    const struct source_options options = {.maps = {"interaction=meeting_id,time=start,source=department,target=organisation"},
                                           .map_count = 1,
                                           .constants = {"type=meeting"},
                                           .constant_count = 1};
    struct counts counts = count(path, &options);
    ck_assert_uint_eq(counts.rows, 15781);
    ck_assert_uint_eq(counts.out_of_range, 102);
    ck_assert_uint_eq(counts.empty, 78);
    ck_assert_uint_eq(counts.rejections, counts.out_of_range + counts.empty + counts.repeated);
    /* every row that was taken added one organisation to the department of its meeting */
    ck_assert_uint_eq(counts.participants - counts.interactions, counts.rows - counts.rejections);
}
END_TEST

START_TEST(mathoverflow)
{
    char path[4096];
    if (!has("perf-graphs/mathoverflow-events.csv.gz", path, sizeof path))
        return;
    const struct source_options options = {.maps = {"time=t"}, .map_count = 1, .time = SOURCE_TIME_UNIX};
    struct counts counts = count(path, &options);
    ck_assert_uint_eq(counts.interactions, 506550);
    ck_assert_uint_eq(counts.rejections, 0);
}
END_TEST

/* Joins two files by their first column into a third: the header and rows of `left` behind those of `right`. */
static void join(const char *left, const char *right, const char *to)
{
    static const char script[] = "import csv, sys\n"
                                 "about = {r[0]: r for r in csv.reader(open(sys.argv[1], encoding='utf-8'))}\n"
                                 "to = csv.writer(open(sys.argv[3], 'w', encoding='utf-8', newline=''))\n"
                                 "for r in csv.reader(open(sys.argv[2], encoding='utf-8')):\n"
                                 "    to.writerow(r + about[r[0]][1:])\n";
    ck_assert_int_eq(run_python(script, (const char *const[]){left, right, to, NULL}), 0);
}

START_TEST(dutch_cabinet)
{
    char meetings[4096], participants[4096], joined[] = "/tmp/samordning-join-XXXXXX";
    if (!has("nl-cabinet-agendas/meetings.csv", meetings, sizeof meetings) ||
        !has("nl-cabinet-agendas/participants.csv", participants, sizeof participants))
        return;
    int fd = mkstemp(joined);
    ck_assert_int_ge(fd, 0);
    close(fd);
    join(meetings, participants, joined);
    const struct source_options options = {.maps = {"interaction=meeting_id,time=date,actor=person,type="},
                                           .map_count = 1,
                                           .constants = {"type=meeting"},
                                           .constant_count = 1};
    struct counts counts = count(joined, &options);
    unlink(joined);
    ck_assert_uint_eq(counts.rows, 3012);
    ck_assert_uint_eq(counts.participants + counts.rejections, 3012);
    ck_assert_uint_gt(counts.interactions, 327); /* at least the meetings that join two ministries */
}
END_TEST

START_TEST(norwegian_hearings)
{
    char hearings[4096], recipients[4096], joined[] = "/tmp/samordning-join-XXXXXX";
    if (!has("no-hearings/hearings.csv", hearings, sizeof hearings) ||
        !has("no-hearings/recipients.csv", recipients, sizeof recipients))
        return;
    int fd = mkstemp(joined);
    ck_assert_int_ge(fd, 0);
    close(fd);
    join(hearings, recipients, joined);
    const struct source_options options = {.maps = {"interaction=hearing_id,time=sent,source=ministry,target=recipient"},
                                           .map_count = 1,
                                           .constants = {"type=hearing"},
                                           .constant_count = 1};
    struct counts counts = count(joined, &options);
    unlink(joined);
    ck_assert_uint_eq(counts.rows, 292);
    ck_assert_uint_eq(counts.interactions, 3);
    ck_assert_uint_eq(counts.participants + counts.rejections, 295);
    ck_assert_uint_eq(counts.rejections, counts.repeated);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client_real_files");
    TCase *tcase = tcase_create("files");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, workplace);
    tcase_add_test(tcase, uk_ministers);
    tcase_add_test(tcase, mathoverflow);
    tcase_add_test(tcase, dutch_cabinet);
    tcase_add_test(tcase, norwegian_hearings);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
