/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file of interactions, read one interaction at a time, whatever its form.
 *
 * Forms: participation CSV (a row per interaction and participant), edge CSV (a row per pair, or per member of a pair's
 * meeting), JSON Lines of the message. Columns are renamed with maps, missing ones filled with constants, so that other
 * people's files fit without being edited. What comes out has an id and has passed validate_interaction(); what does not
 * pass comes out as a rejection with line, field and reason, and its neighbours are kept.
 *
 * Grouping. Rows with the same value in `interaction` are one interaction. They may lie anywhere within a window of
 * SOURCE_WINDOW_ROWS rows; a row that comes later than that is rejected with a reason, never made an interaction of its own.
 * Memory is that of one window, plus 16 bytes for each interaction read. A large file is looked through first, and if the rows
 * of each interaction lie together (as they do in most), the window is one interaction and memory stays small.
 *
 * Ids. With `interaction` (or source_id) the id is that of source and source_id; without, it is that of the row's content and
 * `copy` counts identical rows, so a file submitted twice gives the same ids and identical rows stay apart.
 */
#ifndef SAMORDNING_SOURCE_H
#define SAMORDNING_SOURCE_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_WINDOW_ROWS    1000000
#define SOURCE_MAPS_MAX       64
#define SOURCE_SCAN_BYTES_MIN (UINT64_C(8) << 20) /* files from this size are looked through, unless they are packed */

enum source_format { SOURCE_FORMAT_DETECT, SOURCE_FORMAT_PARTICIPATION, SOURCE_FORMAT_EDGES, SOURCE_FORMAT_JSON_LINES };
enum source_time { SOURCE_TIME_CIVIL, SOURCE_TIME_UNIX, SOURCE_TIME_UNIX_MS };

struct source_options {
    enum source_format format;
    const char *maps[SOURCE_MAPS_MAX]; /* "field=column[,field=column...]"; an empty column leaves the field out */
    size_t map_count;
    const char *constants[SOURCE_MAPS_MAX]; /* "field=value": used where a row has nothing of its own */
    size_t constant_count;
    enum source_time time; /* what a plain number in a time column is */
    const char *epoch;     /* or: seconds since this day's midnight in Europe/Oslo (or since this time) */
    char delimiter;        /* 0 = comma, semicolon or tab, whichever the header has most of */
    bool latin1;
    bool undirected;    /* edges of types that are not built in are meetings */
    const char *name;   /* source of interactions that name none; NULL = the file's name, for files with identifiers */
    int64_t now_us;     /* for the latest time allowed */
    size_t window_rows; /* 0 = SOURCE_WINDOW_ROWS */
};

struct source_rejection {
    uint64_t line;
    const char *field, *reason;
    const char *text; /* the row as it stands in the file; NULL = not at hand (source_texts finds it), or withheld */
    size_t text_size;
    bool withheld; /* graded material: its text is not to be written anywhere */
};

struct source_item {
    Samordning__V1__Interaction *interaction;
    uint64_t line; /* of its first row */
    struct source_rejection rejection;
};

enum source_state { SOURCE_INTERACTION, SOURCE_REJECTED, SOURCE_END, SOURCE_FAILED };

struct source;

/* path "-" is standard input. Fails with what is wrong with the file's beginning: empty, columns missing, ... */
MUST_CHECK enum status source_open(const char *path, const struct source_options *options, struct source **ret_source,
                                   struct errmsg *ret_errmsg);
void source_close(struct source *source);
/* The item is valid until the next call. SOURCE_FAILED: the rest cannot be read, errmsg says why. */
enum source_state source_next(struct source *source, struct source_item *ret_item, struct errmsg *ret_errmsg);

uint64_t source_rows(const struct source *source);     /* data rows read so far */
uint64_t source_position(const struct source *source); /* bytes of the file, as it lies on disk */
uint64_t source_total(const struct source *source);    /* 0 = not known */
enum source_format source_format(const struct source *source);
const char *source_unused_columns(const struct source *source); /* "minister, purpose"; "" = none */

/* Reads the file again for the text of some lines (ascending); calls back for each that is found. Not for standard input. */
MUST_CHECK enum status source_texts(const char *path, const struct source_options *options, const uint64_t *lines, size_t count,
                                    void (*found)(void *arg, size_t index, const char *text, size_t size), void *arg,
                                    struct errmsg *ret_errmsg);

#endif
