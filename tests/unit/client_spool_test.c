/* SPDX-License-Identifier: GPL-3.0-or-later
 * The spool at every moment it could be cut off, and on disks that refuse. */
#include "samordning.h"
#include "spool.h"
#include "spool_segment.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[64];
static struct errmsg errmsg;

static void set_up(void)
{
    snprintf(directory, sizeof directory, "/tmp/samordning-spool-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void tear_down(void)
{
    DIR *entries = opendir(directory);
    const struct dirent *entry = NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL)
        unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries != NULL)
        closedir(entries);
    rmdir(directory);
}

static struct spool *open_spool(void)
{
    struct spool *spool = NULL;
    int result = spool_open(directory, "", &spool, &errmsg);
    ck_assert_msg(result == SAMORDNING_OK, "%s", errmsg.text);
    return spool;
}

static void append(struct spool *spool, const char *text, uint32_t interactions, struct spool_record *ret_record)
{
    int result = spool_append(spool, (const uint8_t *)text, strlen(text), interactions, ret_record, &errmsg);
    ck_assert_msg(result == SAMORDNING_OK, "%s", errmsg.text);
}

/* The bodies waiting, joined by blanks. */
static void list(struct spool *spool, char ret_text[256])
{
    struct spool_record record = {0};
    size_t used = 0;
    ret_text[0] = '\0';
    for (;;) {
        uint8_t *body = NULL;
        size_t size = 0;
        uint32_t interactions = 0;
        ck_assert_int_eq(spool_next(spool, &record, &record, &body, &size, &interactions, &errmsg), SAMORDNING_OK);
        if (record.segment == NULL)
            return;
        used += (size_t)snprintf(ret_text + used, 256 - used, "%.*s ", (int)size, (const char *)body);
        free(body);
    }
}

static uint64_t count(void)
{
    uint64_t waiting = 12345;
    int result = spool_count(directory, &waiting, &errmsg);
    ck_assert_msg(result == SAMORDNING_OK, "%s", errmsg.text);
    return waiting;
}

static void segment_path(char ret_path[128], unsigned number)
{
    snprintf(ret_path, 128, "%s/%016x.spool", directory, number);
}

static size_t file_size(unsigned number)
{
    char path[128];
    segment_path(path, number);
    struct stat st;
    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

START_TEST(keeps_what_is_not_acknowledged)
{
    struct spool_record records[3];
    struct spool *spool = open_spool();
    append(spool, "én", 10, &records[0]);
    append(spool, "to", 20, &records[1]);
    append(spool, "tre", 30, &records[2]);
    ck_assert_uint_eq(count(), 60);
    spool_acknowledge(spool, &records[1]);
    ck_assert_uint_eq(count(), 40);
    char text[256];
    list(spool, text);
    ck_assert_str_eq(text, ""); /* its own records are not an earlier process's */
    spool_close(spool);

    spool = open_spool();
    list(spool, text);
    ck_assert_str_eq(text, "én tre ");
    append(spool, "fire", 1, &records[0]);
    list(spool, text);
    ck_assert_str_eq(text, "én tre ");
    spool_close(spool);
    spool = open_spool();
    list(spool, text);
    ck_assert_str_eq(text, "én tre fire ");
    spool_close(spool);
    ck_assert_uint_eq(count(), 41);
}
END_TEST

START_TEST(leaves_nothing_behind_when_all_is_acknowledged)
{
    struct spool_record records[2];
    struct spool *spool = open_spool();
    append(spool, "a", 1, &records[0]);
    append(spool, "b", 1, &records[1]);
    spool_acknowledge(spool, &records[0]);
    spool_acknowledge(spool, &records[1]);
    spool_close(spool);
    ck_assert_uint_eq(file_size(1), 0);
    ck_assert_uint_eq(count(), 0);
}
END_TEST

/* kill -9 while a record is written, at every byte; and a disk that had only zeros for the tail. */
START_TEST(a_torn_tail_is_cut)
{
    struct spool_record record;
    struct spool *spool = open_spool();
    append(spool, "first", 1, &record);
    size_t first = file_size(1);
    append(spool, "second", 2, &record);
    size_t second = file_size(1);
    spool_close(spool);
    char path[128];
    segment_path(path, 1);
    uint8_t bytes[256];
    int fd = open(path, O_RDONLY);
    ck_assert_int_eq(read(fd, bytes, sizeof bytes), (ssize_t)second);
    close(fd);
    for (int with_zeros = 0; with_zeros < 2; with_zeros++) {
        for (size_t cut = 0; cut <= second; cut++) {
            uint8_t torn[256] = {0};
            memcpy(torn, bytes, cut);
            size_t size = with_zeros && cut > first ? second : cut;
            fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
            ck_assert_int_eq(write(fd, torn, size), (ssize_t)size);
            close(fd);
            uint64_t expected = cut == second ? 3 : cut >= first ? 1 : 0;
            ck_assert_uint_eq(count(), expected);
            spool = open_spool();
            char text[256];
            list(spool, text);
            ck_assert_str_eq(text, cut == second ? "first second " : cut >= first ? "first " : "");
            append(spool, "third", 4, &record); /* into a file of its own */
            spool_close(spool);
            ck_assert_uint_eq(count(), expected + 4);
            ck_assert_uint_eq(file_size(1), expected == 3 ? second : expected == 1 ? first : 0);
            spool = open_spool();
            list(spool, text);
            ck_assert_ptr_nonnull(strstr(text, "third "));
            spool_close(spool);
            tear_down();
            ck_assert_int_eq(mkdir(directory, 0700), 0);
        }
    }
}
END_TEST

START_TEST(damage_in_the_middle_is_not_taken_for_a_torn_tail)
{
    struct spool_record record;
    struct spool *spool = open_spool();
    append(spool, "first", 1, &record);
    append(spool, "second", 2, &record);
    spool_close(spool);
    char path[128];
    segment_path(path, 1);
    int fd = open(path, O_RDWR);
    ck_assert_int_eq(pwrite(fd, "F", 1, (off_t)(strlen(SPOOL_MAGIC) + SPOOL_HEADER_SIZE)), 1);
    close(fd);
    ck_assert_int_eq(spool_open(directory, "", &spool, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "0000000000000001.spool is damaged at byte 19"));
    uint64_t waiting = 0;
    ck_assert_int_eq(spool_count(directory, &waiting, &errmsg), SAMORDNING_E_SPOOL);
}
END_TEST

START_TEST(a_strange_file_is_left_alone)
{
    char path[128];
    segment_path(path, 7);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_eq(write(fd, "something else entirely", 23), 23);
    close(fd);
    struct spool *spool = NULL;
    ck_assert_int_eq(spool_open(directory, "", &spool, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "is not a spool file"));
    ck_assert_uint_eq(file_size(7), 23);
}
END_TEST

START_TEST(begins_new_files_and_removes_old_ones)
{
    size_t size = SPOOL_SEGMENT_MAX / 3;
    char *body = malloc(size + 1);
    memset(body, 'x', size);
    body[size] = '\0';
    struct spool_record records[8];
    struct spool *spool = open_spool();
    for (int i = 0; i < 8; i++)
        append(spool, body, 1, &records[i]);
    ck_assert_uint_gt(file_size(2), 0);
    ck_assert_uint_gt(file_size(3), 0);
    for (int i = 0; i < 3; i++)
        spool_acknowledge(spool, &records[i]);
    ck_assert_uint_eq(file_size(1), 0);
    ck_assert_uint_eq(count(), 5);
    spool_close(spool);
    ck_assert_uint_eq(count(), 5);
    free(body);
}
END_TEST

START_TEST(one_process_at_a_time)
{
    struct spool *spool = open_spool();
    struct spool *other = NULL;
    ck_assert_int_eq(spool_open(directory, "", &other, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "is in use by another process"));
    spool_close(spool);
    spool_close(open_spool());
}
END_TEST

/* One organisation's interactions are not sent as another's. */
START_TEST(what_waits_has_one_owner)
{
    struct spool *spool = NULL;
    struct spool_record record;
    ck_assert_int_eq(spool_open(directory, "NTRNO-972417920", &spool, &errmsg), SAMORDNING_OK);
    append(spool, "a", 1, &record);
    spool_close(spool);
    ck_assert_int_eq(spool_open(directory, "NTRNO-912660680", &spool, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "holds interactions of NTRNO-972417920, this client speaks for NTRNO-912660680"));
    ck_assert_int_eq(spool_open(directory, "", &spool, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_int_eq(spool_open(directory, "NTRNO-972417920", &spool, &errmsg), SAMORDNING_OK);
    uint8_t *body = NULL;
    size_t size = 0;
    uint32_t interactions = 0;
    record = (struct spool_record){0};
    ck_assert_int_eq(spool_next(spool, &record, &record, &body, &size, &interactions, &errmsg), SAMORDNING_OK);
    free(body);
    spool_acknowledge(spool, &record);
    spool_close(spool);
    /* Empty, it is anybody's. */
    ck_assert_int_eq(spool_open(directory, "NTRNO-912660680", &spool, &errmsg), SAMORDNING_OK);
    append(spool, "b", 1, &record);
    spool_close(spool);
    ck_assert_int_eq(spool_open(directory, "NTRNO-972417920", &spool, &errmsg), SAMORDNING_E_SPOOL);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_leaves_a_whole_file)
{
    struct spool_record record;
    struct spool *spool = open_spool();
    append(spool, "before", 1, &record);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit unlimited;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    size_t whole = file_size(1);
    for (size_t room = 0; room < 40; room++) { /* the record needs 20 + 20 bytes */
        const struct rlimit limit = {.rlim_cur = whole + room, .rlim_max = unlimited.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        int result = spool_append(spool, (const uint8_t *)"twenty bytes of text", 20, 5, &record, &errmsg);
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
        ck_assert_int_eq(result, SAMORDNING_E_SPOOL);
        ck_assert_ptr_nonnull(strstr(errmsg.text, "cannot write"));
        ck_assert_uint_eq(file_size(1), whole);
    }
    append(spool, "after", 2, &record);
    ck_assert_uint_eq(count(), 3);
    spool_close(spool);
}
END_TEST

START_TEST(directories_that_cannot_be_used)
{
    struct spool *spool = NULL;
    ck_assert_int_eq(spool_open("/proc/no/such/place", "", &spool, &errmsg), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "cannot make the directory"));
    char path[128];
    snprintf(path, sizeof path, "%s/file", directory);
    close(open(path, O_WRONLY | O_CREAT, 0600));
    ck_assert_int_eq(spool_open(path, "", &spool, &errmsg), SAMORDNING_E_SPOOL);
    /* A read-only directory, as somebody who is not root. */
    ck_assert_int_eq(chmod(directory, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(9);
        int result = spool_open(directory, "", &spool, &errmsg);
        _exit(result == SAMORDNING_E_SPOOL && strstr(errmsg.text, "cannot write in it: Permission denied") != NULL ? 0 : 1);
    }
    int ended = 0;
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFEXITED(ended));
    ck_assert_int_eq(WEXITSTATUS(ended), 0);
    ck_assert_int_eq(chmod(directory, 0700), 0);
    uint64_t waiting = 1;
    ck_assert_int_eq(spool_count("/tmp/no-such-spool-at-all", &waiting, &errmsg), SAMORDNING_OK);
    ck_assert_uint_eq(waiting, 0);
}
END_TEST

/* kill -9 at a random moment of a busy process: what it had been told is on disk is there. */
START_TEST(survives_being_killed)
{
    int promised[2];
    ck_assert_int_eq(pipe(promised), 0);
    pid_t child = fork();
    if (child == 0) {
        struct spool *spool = NULL;
        struct spool_record record;
        if (spool_open(directory, "", &spool, &errmsg) != SAMORDNING_OK)
            _exit(1);
        for (uint32_t i = 0;; i++) {
            char text[16];
            snprintf(text, sizeof text, "%u", i);
            if (spool_append(spool, (const uint8_t *)text, strlen(text), 1, &record, &errmsg) != SAMORDNING_OK ||
                write(promised[1], &i, sizeof i) != (ssize_t)sizeof i)
                _exit(1);
        }
    }
    close(promised[1]);
    uint32_t last = 0;
    uint32_t enough = 20 + (uint32_t)getpid() % 50;
    while (last < enough)
        ck_assert_int_eq(read(promised[0], &last, sizeof last), (ssize_t)sizeof last);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    while (read(promised[0], &last, sizeof last) == (ssize_t)sizeof last)
        ;
    ck_assert_uint_ge(count(), last + 1);
    ck_assert_uint_le(count(), last + 2);
    spool_close(open_spool()); /* the lock went with the process */
}
END_TEST

START_TEST(what_is_discarded_waits_nowhere_and_can_be_put_back)
{
    char name[128], back[128];
    uint64_t moved = 7;
    ck_assert_int_eq(spool_discard(directory, &moved, &errmsg), SAMORDNING_OK);
    ck_assert_uint_eq(moved, 0);
    for (int time = 0; time < 2; time++) { /* the second ones do not take the place of the first */
        struct spool_record record;
        struct spool *spool = open_spool();
        append(spool, time == 0 ? "first" : "second", 3, &record);
        ck_assert_int_eq(spool_discard(directory, &moved, &errmsg), SAMORDNING_E_SPOOL); /* somebody is at work */
        spool_close(spool);
        ck_assert_int_eq(spool_discard(directory, &moved, &errmsg), SAMORDNING_OK);
        ck_assert_uint_eq(moved, 3);
        ck_assert_uint_eq(count(), 0);
    }
    for (int number = 1; number <= 2; number++) {
        snprintf(name, sizeof name, "%s/" SPOOL_DISCARDED "/%016x.spool", directory, number);
        segment_path(back, (unsigned)number);
        ck_assert_int_eq(rename(name, back), 0);
    }
    char text[256];
    struct spool *spool = open_spool();
    list(spool, text);
    ck_assert_str_eq(text, "first second ");
    spool_close(spool);
    snprintf(name, sizeof name, "%s/" SPOOL_DISCARDED, directory);
    rmdir(name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *tc = tcase_create("spool");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, keeps_what_is_not_acknowledged);
    tcase_add_test(tc, leaves_nothing_behind_when_all_is_acknowledged);
    tcase_add_test(tc, a_torn_tail_is_cut);
    tcase_add_test(tc, damage_in_the_middle_is_not_taken_for_a_torn_tail);
    tcase_add_test(tc, a_strange_file_is_left_alone);
    tcase_add_test(tc, begins_new_files_and_removes_old_ones);
    tcase_add_test(tc, one_process_at_a_time);
    tcase_add_test(tc, what_waits_has_one_owner);
    tcase_add_test(tc, what_is_discarded_waits_nowhere_and_can_be_put_back);
    tcase_add_test(tc, a_full_disk_is_an_error_and_leaves_a_whole_file);
    tcase_add_test(tc, directories_that_cannot_be_used);
    tcase_add_test(tc, survives_being_killed);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
