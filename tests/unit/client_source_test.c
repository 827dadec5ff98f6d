/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files good and bad, each with what must come out of it: interactions, rejections by line, field and reason, or one error. */
#include "civil_time.h"
#include "csv_reader.h"
#include "interaction_id.h"
#include "source.h"

#include <check.h>
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define NOW_US INT64_C(1800000000000000) /* 2027-01-15 */
#define HEAD   "interaction,type,time,actor,role\n"
#define TWO(i) i ",meeting,2014-03-01T09:30,FIN,chair\n" i ",meeting,2014-03-01T09:30,HOD,participant\n"

static char folder[32];
static char path[256];

static void write_file(const char *text, size_t size)
{
    snprintf(path, sizeof path, "%s/log.csv", folder);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, size, file), size);
    fclose(file);
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/samordning-source-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

struct outcome {
    size_t interactions, participants, rejections;
    uint64_t lines[64];
    char fields[64][96], reasons[64][400], texts[64][200];
    uint8_t ids[64][16];
    bool withheld[64];
    int64_t times[64];
    uint32_t copies[64];
    char error[500];
};

static void read_all(const struct source_options *options, struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    struct source_options used = *options;
    used.now_us = NOW_US;
    struct source *source;
    struct errmsg errmsg = {0};
    if (source_open(path, &used, &source, &errmsg) != STATUS_OK) {
        snprintf(outcome->error, sizeof outcome->error, "%s: %s", errmsg.field, errmsg.text);
        return;
    }
    struct source_item item;
    for (;;) {
        enum source_state state = source_next(source, &item, &errmsg);
        if (state == SOURCE_END)
            break;
        if (state == SOURCE_FAILED) {
            snprintf(outcome->error, sizeof outcome->error, "%s: %s", errmsg.field, errmsg.text);
            break;
        }
        size_t at = state == SOURCE_INTERACTION ? outcome->interactions++ : outcome->rejections++;
        if (state == SOURCE_INTERACTION)
            outcome->participants += item.interaction->n_participants;
        if (at >= 64)
            continue;
        if (state == SOURCE_INTERACTION) {
            ck_assert_uint_eq(item.interaction->id.len, 16);
            memcpy(outcome->ids[at], item.interaction->id.data, 16);
            outcome->times[at] = item.interaction->time;
            outcome->copies[at] = item.interaction->copy;
        } else {
            outcome->lines[at] = item.rejection.line;
            outcome->withheld[at] = item.rejection.withheld;
            snprintf(outcome->fields[at], 96, "%s", item.rejection.field);
            snprintf(outcome->reasons[at], 400, "%s", item.rejection.reason);
            if (item.rejection.text)
                snprintf(outcome->texts[at], 200, "%.*s", (int)item.rejection.text_size, item.rejection.text);
        }
    }
    source_close(source);
}

struct source_case {
    const char *name, *text;
    size_t size; /* 0 = strlen */
    struct source_options options;
    size_t interactions, rejections;
    uint64_t line;             /* of the first rejection */
    const char *field, *words; /* of the first rejection, or words of the error */
};

static const struct source_case cases[] = {
    {"two interactions", HEAD TWO("a") TWO("b"), .interactions = 2},
    {"byte-order mark", "\xef\xbb\xbf" HEAD TWO("a"), .interactions = 1},
    {"crlf", "interaction,type,time,actor\r\na,meeting,2014-03-01,FIN\r\na,meeting,2014-03-01,HOD\r\n", .interactions = 1},
    {"no newline at the end", HEAD TWO("a") "b,meeting,2014-03-01,A,\nb,meeting,2014-03-01,B,", .interactions = 2},
    {"semicolons", "interaction;type;time;actor\na;meeting;2014-03-01;FIN\na;meeting;2014-03-01;Olje, gass\n",
     .interactions = 1},
    {"tabs", "interaction\ttype\ttime\tactor\na\tmeeting\t2014-03-01\tFIN\na\tmeeting\t2014-03-01\tHOD\n", .interactions = 1},
    {"quotes and line ends inside",
     HEAD "a,meeting,2014-03-01,\"Nærings- \"\"og\"\" \nfiske\",\na,meeting,2014-03-01,\"Olje, gass\",\n", .interactions = 0,
     .rejections = 2, .line = 2, .field = "actor"},
    {"quotes", HEAD "a,meeting,2014-03-01,\"Nærings- \"\"og\"\" fiske\",\na,meeting,2014-03-01,\"Olje, gass\",\n",
     .interactions = 1},
    {"blank rows", HEAD "\n" TWO("a") ",,,,\n   \n" TWO("b"), .interactions = 2},
    {"scattered rows",
     HEAD "a,meeting,2014-03-01,FIN,\nb,meeting,2014-03-01,FIN,\na,meeting,2014-03-01,HOD,\nb,meeting,2014-03-01,HOD,\n",
     .interactions = 2},
    {"empty file", "", .words = "the file is empty"},
    {"only newlines", "\n\n\n", .words = "the file is empty"},
    {"only a header", HEAD, .interactions = 0},
    {"latin-1", HEAD "a,meeting,2014-03-01,N\xe6rings,\na,meeting,2014-03-01,HOD,\n",
     .words = "line 2, byte 23: 0xe6 is not UTF-8; the file looks like Latin-1"},
    {"latin-1 asked for", HEAD "a,meeting,2014-03-01,N\xe6rings,\na,meeting,2014-03-01,HOD,\n", .options = {.latin1 = true},
     .interactions = 1},
    {"one damaged row in UTF-8",
     HEAD TWO("a") "b,meeting,2014-03-01,Nærings,\nb,meeting,2014-03-01,N\xe6,\nb,meeting,2014-03-01,Å,\n", .interactions = 2,
     .rejections = 1, .line = 5, .field = "", .words = "not UTF-8"},
    {"NUL", HEAD TWO("a") "b,meeting,2014-03-01,F\0N,\n" TWO("c"),
     sizeof(HEAD TWO("a") "b,meeting,2014-03-01,F\0N,\n" TWO("c")) - 1, .interactions = 2, .rejections = 1, .line = 4,
     .words = "is NUL"},
    {"utf-16", "\xff\xfei\0n\0t\0", 8, .words = "UTF-16"},
    {"zip", "PK\x03\x04 rest", .words = "Excel"},
    {"missing column", "interaction,type,actor\na,meeting,FIN\n",
     .words = "time: the column \"time\" is missing; the columns are: interaction, type, actor"},
    {"missing type", "interaction,time,actor\n", .words = "--type"},
    {"column twice", "interaction,type,time,actor,Actor\n",
     .words = "actor: the column \"actor\" stands twice in the header, as number 4 and 5"},
    {"neither form", "a,b,c\n1,2,3\n", .words = "line 1 names neither"},
    {"mapped to nothing there", "interaction,type,time,name\n", .options = {.maps = {"actor=navn"}, .map_count = 1},
     .words = "there is no column \"navn\"; the columns are"},
    {"map of an unknown field", HEAD, .options = {.maps = {"aktør=actor"}, .map_count = 1},
     .words = "there is no field \"aktør\""},
    {"mapped", "id2,what,when,who\n1,meeting,2014-03-01,FIN\n1,meeting,2014-03-01,HOD\n",
     .options = {.maps = {"interaction=id2,type=what", "time=when,actor=who"}, .map_count = 2}, .interactions = 1},
    {"unmapped", "interaction,type,time,actor,role\na,meeting,2014-03-01,FIN,boss\na,meeting,2014-03-01,HOD,x\n",
     .options = {.maps = {"role="}, .map_count = 1}, .interactions = 1},
    {"too few columns", HEAD TWO("a") "b,meeting\n" TWO("c"), .interactions = 2, .rejections = 1, .line = 4,
     .words = "2 columns where the header has 5"},
    {"unknown term", HEAD TWO("a") "b,meeting,2014-03-01,FIN,boss\n" TWO("b"), .interactions = 2, .rejections = 1, .line = 4,
     .field = "role", .words = "\"boss\" is unknown; known are:"},
    {"no time", HEAD "a,meeting,,FIN,\n" TWO("a"), .interactions = 1, .rejections = 1, .line = 2, .field = "time",
     .words = "is empty"},
    {"no actor", HEAD TWO("a") "a,meeting,2014-03-01T09:30,,\n", .interactions = 1, .rejections = 1, .line = 4,
     .field = "actor", .words = "is empty"},
    {"impossible date", HEAD TWO("a") "a,meeting,2014-02-30,KD,\n", .interactions = 1, .rejections = 1, .line = 4,
     .field = "time"},
    {"out of range", HEAD TWO("a") "b,meeting,1930-05,KD,\nb,meeting,1930-05,JD,\n", .interactions = 1, .rejections = 2,
     .line = 4, .field = "time"},
    {"far in the future", HEAD TWO("a") "b,meeting,2999-05-01,KD,\nb,meeting,2999-05-01,JD,\n", .interactions = 1,
     .rejections = 2, .line = 4, .field = "time"},
    {"number for a time", HEAD "a,meeting,1393666200,FIN,\n", .rejections = 1, .line = 2, .field = "time",
     .words = "--time unix"},
    {"end before start",
     "interaction,type,time,end,actor\na,meeting,2014-03-02,2014-03-01,FIN\na,meeting,2014-03-02,2014-03-01,HOD\n",
     .rejections = 2, .line = 2, .field = "end"},
    {"replied before received",
     "interaction,type,time,actor,role,received,replied\na,hearing,2014-03-02,FIN,sender,,\na,hearing,2014-03-02,HOD,addressee,"
     "2014-03-05,2014-03-04\na,hearing,2014-03-02,KD,addressee,2014-03-05,2014-03-06\n",
     .interactions = 1, .rejections = 1, .line = 3, .field = "replied"},
    {"one participant", HEAD "a,meeting,2014-03-01,FIN,\n" TWO("b"), .interactions = 1, .rejections = 1, .line = 2,
     .field = "participants"},
    {"repeated participant", HEAD TWO("a") "a,meeting,2014-03-01T09:30,FIN,chair\n", .interactions = 1, .rejections = 1,
     .line = 4, .field = "actor", .words = "already on line 2"},
    {"twice in one meeting", HEAD TWO("a") "a,meeting,2014-03-01T09:30,FIN,participant\n", .interactions = 1, .rejections = 1,
     .line = 4, .field = "actor"},
    {"rows that disagree", HEAD TWO("a") "a,meeting,2014-03-02T09:30,KD,\n", .interactions = 1, .rejections = 1, .line = 4,
     .field = "time", .words = "differs from line 2"},
    {"graded",
     "interaction,type,time,actor,classification\na,meeting,2014-03-01,FIN,secret\na,meeting,2014-03-01,HOD,secret\nb,meeting,"
     "2014-03-01,FIN,open\nb,meeting,2014-03-01,HOD,\n",
     .interactions = 1, .rejections = 2, .line = 2, .field = "classification"},
    {"role needed", "interaction,type,time,actor\na,hearing,2014-03-01,FIN\n", .rejections = 1, .line = 2, .field = "role"},
    {"quote inside a field", HEAD TWO("a") "b,meeting,2014-03-01,FI\"N,\n" TWO("c"), .interactions = 2, .rejections = 1,
     .line = 4, .words = "a quotation mark inside column 4"},
    {"text behind a quote", HEAD "b,meeting,2014-03-01,\"FI\"N,\n" TWO("c"), .interactions = 1, .rejections = 1, .line = 2,
     .words = "behind the closing"},
    {"quote never closed", HEAD TWO("a") "b,meeting,2014-03-01,\"FIN,\n" TWO("c"), .interactions = 2, .rejections = 1,
     .line = 4, .words = "never closed"},
    {"edges", "source,target,time,type\nFIN,HOD,2014-03-01,letter\nHOD,FIN,2014-03-01,letter\n", .interactions = 2},
    {"edge to itself", "source,target,time,type\nFIN,FIN,2014-03-01,letter\n", .interactions = 1},
    {"meeting with oneself", "source,target,time,type\nFIN,FIN,2014-03-01,meeting\n", .rejections = 1, .line = 2,
     .field = "target"},
    {"edges that group",
     "source,target,time,m\nFIN,HOD,2014-03-01,1\nFIN,KD,2014-03-01,1\nFIN,,2014-03-01,1\nFIN,KD,2014-03-01,1\nJD,KD,2014-03-"
     "01,2\n",
     .options = {.maps = {"interaction=m"}, .map_count = 1, .constants = {"type=meeting"}, .constant_count = 1},
     .interactions = 2, .rejections = 2, .line = 4, .field = "target", .words = "is empty"},
    {"weights",
     "source,target,time,type,weight\nA,B,2014-03-01,letter,2.5\nA,B,2014-03-01,letter,-1\nA,B,2014-03-01,letter,\"2,5\"\nA,B,"
     "2014-03-01,letter,nan\n",
     .interactions = 2, .rejections = 2, .line = 3, .field = "weight"},
    {"epoch", "t,i,j\n28840,574,1362\n1e3,1,2\n",
     .options = {.maps = {"time=t,source=i,target=j"},
                 .map_count = 1,
                 .epoch = "2015-06-22",
                 .constants = {"type=meeting"},
                 .constant_count = 1},
     .interactions = 1, .rejections = 1, .line = 3, .field = "time"},
    {"epoch of Unix", "t,i,j\n",
     .options = {.maps = {"time=t,source=i,target=j"},
                 .map_count = 1,
                 .epoch = "1970-01-01",
                 .constants = {"type=meeting"},
                 .constant_count = 1},
     .words = "--time unix"},
    {"json lines",
     "{\"type\":\"meeting\",\"time\":\"2014-03-01\",\"participants\":[{\"actor\":\"FIN\",\"role\":\"participant\"},{\"actor\":"
     "\"HOD\",\"role\":\"participant\"}]}\n"
     "{\"type\":\"meeting\"\n{\"type\":\"meeting\",\"tid\":3}\n",
     .interactions = 1, .rejections = 2, .line = 2, .words = "not JSON"},
};

START_TEST(reads_what_it_should)
{
    const struct source_case *c = &cases[_i];
    struct outcome outcome;
    write_file(c->text, c->size ? c->size : strlen(c->text));
    read_all(&c->options, &outcome);
    if (c->words && c->rejections == 0) {
        ck_assert_msg(strstr(outcome.error, c->words), "%s: the error is \"%s\"", c->name, outcome.error);
        return;
    }
    ck_assert_msg(!outcome.error[0], "%s: unexpected error \"%s\"", c->name, outcome.error);
    ck_assert_msg(outcome.interactions == c->interactions && outcome.rejections == c->rejections,
                  "%s: %zu interactions and %zu rejections (first: line %llu, %s: %s)", c->name, outcome.interactions,
                  outcome.rejections, (unsigned long long)outcome.lines[0], outcome.fields[0], outcome.reasons[0]);
    if (c->rejections == 0)
        return;
    ck_assert_msg(outcome.lines[0] == c->line, "%s: line %llu", c->name, (unsigned long long)outcome.lines[0]);
    ck_assert_msg(!c->field || strcmp(outcome.fields[0], c->field) == 0, "%s: field \"%s\", %s", c->name, outcome.fields[0],
                  outcome.reasons[0]);
    ck_assert_msg(!c->words || strstr(outcome.reasons[0], c->words), "%s: reason \"%s\"", c->name, outcome.reasons[0]);
}
END_TEST

START_TEST(same_file_gives_same_ids_and_copies_stay_apart)
{
    static const char text[] = "source,target,time,type\nA,B,2014-03-01,letter\nA,B,2014-03-01,letter\nA,B,2014-03-01,letter\n";
    const struct source_options options = {0};
    struct outcome first, second;
    write_file(text, strlen(text));
    read_all(&options, &first);
    read_all(&options, &second);
    ck_assert_uint_eq(first.interactions, 3);
    ck_assert_mem_eq(first.ids, second.ids, 3 * 16);
    ck_assert_mem_ne(first.ids[0], first.ids[1], 16);
    ck_assert_mem_ne(first.ids[1], first.ids[2], 16);
    ck_assert_uint_eq(first.copies[0], 0);
    ck_assert_uint_eq(first.copies[2], 2);
}
END_TEST

START_TEST(graded_text_is_withheld)
{
    static const char text[] =
        "source,target,time,type,classification\nA,B,2014-03-01,letter,hemmelig\nA,,2014-03-01,letter,secret\n"
        "A,,2014-03-01,letter,open\n";
    const struct source_options options = {0};
    struct outcome outcome;
    write_file(text, strlen(text));
    read_all(&options, &outcome);
    ck_assert_uint_eq(outcome.rejections, 3);
    ck_assert(outcome.withheld[0] && outcome.withheld[1] && !outcome.withheld[2]);
    ck_assert_str_eq(outcome.texts[0], "");
    ck_assert_str_eq(outcome.texts[1], "");
    ck_assert_str_eq(outcome.texts[2], "A,,2014-03-01,letter,open");
}
END_TEST

START_TEST(times_mean_what_the_options_say)
{
    const struct {
        const char *time;
        struct source_options options;
        int64_t us;
    } times[] = {
        {"28840.5", {.epoch = "2015-06-22"}, INT64_C(1434924000000000) + 28840500000},
        {"1254192988", {.time = SOURCE_TIME_UNIX}, INT64_C(1254192988000000)},
        {"1254192988123", {.time = SOURCE_TIME_UNIX_MS}, INT64_C(1254192988123000)},
        {"0", {.epoch = "2015-06-22T00:00Z"}, INT64_C(1434931200000000)},
        {"2012-07", {0}, INT64_C(1341093600000000)},
        {"2014-03-01T09:30+01:00", {0}, INT64_C(1393662600000000)},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[200];
        struct outcome outcome;
        snprintf(text, sizeof text, "source,target,time,type\nA,B,%s,letter\n", times[i].time);
        write_file(text, strlen(text));
        read_all(&times[i].options, &outcome);
        ck_assert_msg(outcome.interactions == 1 && outcome.times[0] == times[i].us, "%s: %lld, %s %s", times[i].time,
                      (long long)outcome.times[0], outcome.error, outcome.reasons[0]);
    }
}
END_TEST

START_TEST(rows_beyond_the_window_are_refused)
{
    static const char text[] =
        HEAD "a,meeting,2014-03-01,FIN,\na,meeting,2014-03-01,HOD,\n" TWO("b") TWO("c") "a,meeting,2014-03-01,KD,\n";
    struct outcome outcome;
    write_file(text, strlen(text));
    read_all(&(struct source_options){.window_rows = 3}, &outcome);
    ck_assert_uint_eq(outcome.interactions, 3);
    ck_assert_uint_eq(outcome.rejections, 1);
    ck_assert_uint_eq(outcome.lines[0], 8);
    ck_assert_ptr_nonnull(strstr(outcome.reasons[0], "sort the file by interaction"));
    read_all(&(struct source_options){0}, &outcome);
    ck_assert_uint_eq(outcome.interactions, 3);
    ck_assert_uint_eq(outcome.rejections, 0);
    ck_assert_uint_eq(outcome.participants, 7);
}
END_TEST

/* Large enough to be looked through before it is read; the same rows together and parted give the same interactions. */
START_TEST(large_files_need_no_window_when_rows_lie_together)
{
    size_t size = 0, room = 16 << 20, count = 60000;
    char *text = malloc(room);
    size += (size_t)snprintf(text + size, room - size, HEAD);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 2; k++)
            size += (size_t)snprintf(text + size, room - size,
                                     "journal/2014/%06zu,meeting,2014-03-01T09:30,Departementet for navn som er lange %d,%s\n",
                                     i, k, k ? "participant" : "chair");
    ck_assert_uint_gt(size, SOURCE_SCAN_BYTES_MIN);
    struct outcome together, parted;
    write_file(text, size);
    read_all(&(struct source_options){0}, &together);
    size += (size_t)snprintf(text + size, room - size, "journal/2014/000000,meeting,2014-03-01T09:30,KD,participant\n");
    write_file(text, size);
    read_all(&(struct source_options){0}, &parted);
    free(text);
    ck_assert_uint_eq(together.rejections + parted.rejections, 0);
    ck_assert_uint_eq(together.interactions, count);
    ck_assert_uint_eq(together.participants, 2 * count);
    ck_assert_uint_eq(parted.interactions, count);
    ck_assert_uint_eq(parted.participants, 2 * count + 1);
    ck_assert_mem_eq(together.ids, parted.ids, sizeof together.ids);
}
END_TEST

START_TEST(ten_thousand_participants_are_refused_and_neighbours_kept)
{
    size_t size = 0, room = 1 << 20;
    char *text = malloc(room);
    size += (size_t)snprintf(text + size, room - size, HEAD TWO("a"));
    for (int i = 0; i < 10000; i++)
        size += (size_t)snprintf(text + size, room - size, "b,meeting,2014-03-01,actor %d,\n", i);
    size += (size_t)snprintf(text + size, room - size, TWO("c"));
    struct outcome outcome;
    write_file(text, size);
    read_all(&(struct source_options){0}, &outcome);
    free(text);
    ck_assert_uint_eq(outcome.interactions, 2);
    ck_assert_uint_eq(outcome.rejections, 10000);
    ck_assert_ptr_nonnull(strstr(outcome.reasons[0], "more than 5000 participants"));
}
END_TEST

START_TEST(overlong_lines_are_refused_and_neighbours_kept)
{
    size_t size = 0, room = 4 << 20;
    char *text = malloc(room);
    size += (size_t)snprintf(text + size, room - size, HEAD TWO("a") "b,meeting,2014-03-01,");
    memset(text + size, 'x', 3 << 20);
    size += 3 << 20;
    size += (size_t)snprintf(text + size, room - size, ",\n" TWO("c"));
    struct outcome outcome;
    write_file(text, size);
    read_all(&(struct source_options){0}, &outcome);
    free(text);
    ck_assert_uint_eq(outcome.interactions, 2);
    ck_assert_uint_eq(outcome.rejections, 1);
    ck_assert_uint_eq(outcome.lines[0], 4);
    ck_assert_ptr_nonnull(strstr(outcome.reasons[0], "longer than"));
}
END_TEST

START_TEST(packed_files_are_read_as_they_are)
{
    static const char text[] = HEAD TWO("a") TWO("b");
    struct outcome plain, packed;
    write_file(text, strlen(text));
    read_all(&(struct source_options){0}, &plain);
    gzFile gzip = gzopen(path, "wb");
    ck_assert_int_eq(gzwrite(gzip, text, (unsigned)strlen(text)), (int)strlen(text));
    gzclose(gzip);
    read_all(&(struct source_options){0}, &packed);
    ck_assert_str_eq(packed.error, "");
    ck_assert_mem_eq(plain.ids, packed.ids, sizeof plain.ids);
    char zstd[512];
    size_t size = ZSTD_compress(zstd, sizeof zstd, text, strlen(text), 3);
    write_file(zstd, size);
    read_all(&(struct source_options){0}, &packed);
    ck_assert_str_eq(packed.error, "");
    ck_assert_mem_eq(plain.ids, packed.ids, sizeof plain.ids);
    write_file(zstd, size - 5);
    read_all(&(struct source_options){0}, &packed);
    ck_assert_msg(strstr(packed.error, "cut off") != NULL, "%s", packed.error);
}
END_TEST

START_TEST(bombs_are_refused)
{
    size_t room = ZSTD_compressBound(256 << 20), size = 128 << 20;
    char *zeros = malloc(size), *packed = malloc(room);
    memset(zeros, '\n', size);
    memcpy(zeros, HEAD, strlen(HEAD));
    size_t packed_size = ZSTD_compress(packed, room, zeros, size, 1);
    write_file(packed, packed_size);
    struct outcome outcome;
    read_all(&(struct source_options){0}, &outcome);
    ck_assert_msg(strstr(outcome.error, "decompression bomb") != NULL, "%s (%zu bytes)", outcome.error, packed_size);
    free(zeros);
    free(packed);
}
END_TEST

/* libcsv as the independent witness: the same fields from well-formed text. */
struct witness {
    char fields[4096];
    size_t used;
};

static void witness_field(void *field, size_t size, void *arg)
{
    struct witness *witness = arg;
    witness->used += (size_t)snprintf(witness->fields + witness->used, sizeof witness->fields - witness->used, "[%.*s]",
                                      (int)size, (const char *)field);
}

static void witness_row(int end, void *arg)
{
    (void)end;
    witness_field((char[]){'\n'}, 1, arg);
}

START_TEST(splits_as_libcsv_does)
{
    static const char *const pieces[] = {"a",        "",     " b ", "\"c\"",   "\"d,e\"", "\"f\"\"g\"",
                                         "\"h\ni\"", "\"\"", "æ",   "\" j \"", "\"\"\"\""};
    size_t kinds = sizeof pieces / sizeof pieces[0];
    unsigned random = 12345;
    for (int round = 0; round < 500; round++) {
        char text[2000];
        size_t size = 0;
        for (int row = 0; row < 4; row++) {
            size += (size_t)snprintf(text + size, sizeof text - size, "x");
            for (int column = 0; column < 5; column++) {
                random = random * 1103515245 + 12345;
                size += (size_t)snprintf(text + size, sizeof text - size, ",%s", pieces[(random >> 16) % kinds]);
            }
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", round % 2 ? "\r\n" : "\n");
        }
        struct witness theirs = {0}, ours = {0};
        struct csv_parser parser;
        ck_assert_int_eq(csv_init(&parser, CSV_STRICT), 0);
        ck_assert_uint_eq(csv_parse(&parser, text, strlen(text), witness_field, witness_row, &theirs), strlen(text));
        csv_fini(&parser, witness_field, witness_row, &theirs);
        csv_free(&parser);
        write_file(text, strlen(text));
        struct input *input;
        struct csv_reader *csv;
        struct csv_row row;
        struct errmsg errmsg = {0};
        ck_assert_int_eq(input_open(path, false, &input, &errmsg), STATUS_OK);
        ck_assert_int_eq(csv_reader_create(input, 0, &csv), STATUS_OK);
        enum csv_state state;
        while ((state = csv_reader_next(csv, &row, &errmsg)) == CSV_ROW) {
            for (size_t i = 0; i < row.count; i++)
                witness_field((void *)(uintptr_t)row.fields[i].text, row.fields[i].size, &ours);
            witness_row(0, &ours);
        }
        ck_assert_int_eq(state, CSV_END);
        csv_reader_destroy(csv);
        /* libcsv keeps blanks inside quotes, we do not: names never begin or end with them. */
        for (char *at; (at = strstr(theirs.fields, "[ j ]"));)
            memmove(at, "[j]", 3), memmove(at + 3, at + 5, strlen(at + 5) + 1);
        ck_assert_str_eq(ours.fields, theirs.fields);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client_source");
    TCase *tcase = tcase_create("files");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, reads_what_it_should, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, same_file_gives_same_ids_and_copies_stay_apart);
    tcase_add_test(tcase, graded_text_is_withheld);
    tcase_add_test(tcase, times_mean_what_the_options_say);
    tcase_add_test(tcase, rows_beyond_the_window_are_refused);
    tcase_add_test(tcase, large_files_need_no_window_when_rows_lie_together);
    tcase_add_test(tcase, ten_thousand_participants_are_refused_and_neighbours_kept);
    tcase_add_test(tcase, overlong_lines_are_refused_and_neighbours_kept);
    tcase_add_test(tcase, packed_files_are_read_as_they_are);
    tcase_add_test(tcase, bombs_are_refused);
    tcase_add_test(tcase, splits_as_libcsv_does);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
