/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon's log: logfmt on stderr, one event one line, each value escaped.
 *
 *     log_warning(&conn->log, "could not read frame", LOG_STATUS(status), LOG_TEXT("reason", reason));
 *     -> time=2026-03-01T08:30:12.123Z level=warning msg="could not read frame" conn=7 org=983887457 status=MALFORMED
 * reason="..."
 *
 * The context is rendered once (when a connection is made, say) and passed as the first argument; NULL = none. Values may come
 * from clients: control characters, quotes and invalid UTF-8 are escaped and long values cut. Never log secrets or message
 * bodies. Under systemd the time is left out and the line begins with <priority>.
 */
#ifndef SAMORDNING_LOG_H
#define SAMORDNING_LOG_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_VALUE_MAX   400  /* bytes of one value before it is cut */
#define LOG_LINE_MAX    4096 /* bytes of one line before it is cut */
#define LOG_CONTEXT_MAX 256

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_context {
    char text[LOG_CONTEXT_MAX]; /* " conn=7 org=983887457", escaped already */
};

enum log_field_type { LOG_FIELD_END, LOG_FIELD_TEXT, LOG_FIELD_INT, LOG_FIELD_UINT, LOG_FIELD_REAL };
struct log_field {
    const char *key;
    enum log_field_type type;
    const char *text; /* NULL leaves the field out */
    int64_t number;
    double real;
};
#define LOG_TEXT(name, value) ((struct log_field){.key = (name), .type = LOG_FIELD_TEXT, .text = (value)})
#define LOG_INT(name, value)  ((struct log_field){.key = (name), .type = LOG_FIELD_INT, .number = (int64_t)(value)})
#define LOG_UINT(name, value) ((struct log_field){.key = (name), .type = LOG_FIELD_UINT, .number = (int64_t)(uint64_t)(value)})
#define LOG_REAL(name, value) ((struct log_field){.key = (name), .type = LOG_FIELD_REAL, .real = (value)})
#define LOG_STATUS(value)     LOG_TEXT("status", status_name(value))
#define LOG_FIELDS_(...)      ((const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.type = LOG_FIELD_END}})

#define log_error(context, message, ...)   log_write((context), LOG_LEVEL_ERROR, (message), LOG_FIELDS_(__VA_ARGS__))
#define log_warning(context, message, ...) log_write((context), LOG_LEVEL_WARNING, (message), LOG_FIELDS_(__VA_ARGS__))
#define log_info(context, message, ...)    log_write((context), LOG_LEVEL_INFO, (message), LOG_FIELDS_(__VA_ARGS__))
#define log_debug(context, message, ...)                                                                                       \
    do {                                                                                                                       \
        if (log_enabled(LOG_LEVEL_DEBUG))                                                                                      \
            log_write((context), LOG_LEVEL_DEBUG, (message), LOG_FIELDS_(__VA_ARGS__));                                        \
    } while (0)

void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
/* Where lines go: default stderr (descriptor 2); journal = leave out the time and prefix <priority>. */
void log_set_output(int fd, bool journal);
bool log_stderr_is_journal(void); /* what JOURNAL_STREAM says */

void log_write(const struct log_context *context, enum log_level level, const char *message, const struct log_field *fields);
/* Appends one field to a context; what does not fit is left out whole. */
void log_context_add(struct log_context *context, struct log_field field);

/* So many lines in a second about what strangers can cause, then one that says how many were left out. */
#define LOG_LIMIT_LINES 50
struct log_limit {
    int64_t second_us;
    uint64_t lines, skipped;
};
bool log_limit_allows(struct log_limit *limit, int64_t monotonic_us, const char *what);

/* Renders without writing; returns the length, without closing newline. For log_write and its tests. */
size_t log_render(char ret_line[LOG_LINE_MAX], bool journal, int64_t wall_us, const struct log_context *context,
                  enum log_level level, const char *message, const struct log_field *fields);

#endif
