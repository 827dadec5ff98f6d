/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders log lines and writes each with one system call.
 */
#include "log.h"

#include "clock.h"
#include "validate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static enum log_level level_shown = LOG_LEVEL_INFO;
static int output_fd = 2;
static bool output_is_journal = false;

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static const int level_priorities[] = {3, 4, 6, 7};

void log_set_level(enum log_level level)
{
    level_shown = level;
}

bool log_enabled(enum log_level level)
{
    return level <= level_shown;
}

void log_set_output(int fd, bool journal)
{
    output_fd = fd;
    output_is_journal = journal;
}

bool log_stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    char *colon, *end;
    if (stream == NULL || fstat(2, &status) != 0)
        return false;
    unsigned long long device = strtoull(stream, &colon, 10);
    if (colon == stream || *colon != ':')
        return false;
    unsigned long long inode = strtoull(colon + 1, &end, 10);
    return end != colon + 1 && *end == '\0' && status.st_dev == device && status.st_ino == inode;
}

struct line {
    char *text;
    size_t size, capacity;
};

static void line_add(struct line *line, const char *bytes, size_t size)
{
    size_t room = line->capacity - line->size;
    if (size > room)
        size = room;
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
}

static void line_add_text(struct line *line, const char *text)
{
    line_add(line, text, strlen(text));
}

static bool value_is_plain(const char *text, size_t size)
{
    if (size == 0 || size > LOG_VALUE_MAX)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\')
            return false;
    }
    return true;
}

/* Quotes a value. C0, DEL and bytes that are not UTF-8 become \xNN, so does the C1 range, which terminals may act on. */
static void line_add_value(struct line *line, const char *text)
{
    size_t size = strlen(text);
    if (value_is_plain(text, size)) {
        line_add(line, text, size);
        return;
    }
    bool is_cut = size > LOG_VALUE_MAX;
    if (is_cut)
        size = LOG_VALUE_MAX;
    line_add(line, "\"", 1);
    size_t valid = validate_utf8_prefix(text, size);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (i >= valid) {
            /* text[i] begins no valid sequence: escape this byte, look again after it */
            char escaped[5];
            snprintf(escaped, sizeof escaped, "\\x%02x", c);
            line_add(line, escaped, 4);
            valid = i + 1 + validate_utf8_prefix(text + i + 1, size - i - 1);
        } else if (c == '"' || c == '\\') {
            line_add(line, (const char[]){'\\', (char)c}, 2);
        } else if (c == '\n') {
            line_add(line, "\\n", 2);
        } else if (c < ' ' || c == 0x7f || (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)) {
            char escaped[9];
            if (c == 0xc2) {
                snprintf(escaped, sizeof escaped, "\\xc2\\x%02x", (unsigned char)text[++i]);
                line_add(line, escaped, 8);
            } else {
                snprintf(escaped, sizeof escaped, "\\x%02x", c);
                line_add(line, escaped, 4);
            }
        } else {
            line_add(line, text + i, 1);
        }
    }
    line_add_text(line, is_cut ? "...\"" : "\"");
}

static void line_add_field(struct line *line, const struct log_field *field)
{
    char number[40];
    if (field->type == LOG_FIELD_TEXT && field->text == NULL)
        return;
    line_add(line, " ", 1);
    line_add_text(line, field->key);
    line_add(line, "=", 1);
    switch (field->type) {
    case LOG_FIELD_TEXT:
        line_add_value(line, field->text);
        break;
    case LOG_FIELD_INT:
        snprintf(number, sizeof number, "%" PRId64, field->number);
        line_add_text(line, number);
        break;
    case LOG_FIELD_UINT:
        snprintf(number, sizeof number, "%" PRIu64, (uint64_t)field->number);
        line_add_text(line, number);
        break;
    case LOG_FIELD_REAL:
        snprintf(number, sizeof number, "%.6g", field->real);
        line_add_text(line, number);
        break;
    case LOG_FIELD_END:
        break;
    }
}

void log_context_add(struct log_context *context, struct log_field field)
{
    char text[LOG_CONTEXT_MAX * 4];
    struct line line = {.text = text, .capacity = sizeof text};
    line_add_field(&line, &field);
    size_t used = strlen(context->text);
    if (used + line.size + 1 <= sizeof context->text) {
        memcpy(context->text + used, text, line.size);
        context->text[used + line.size] = '\0';
    }
}

size_t log_render(char ret_line[LOG_LINE_MAX], bool journal, int64_t wall_us, const struct log_context *context,
                  enum log_level level, const char *message, const struct log_field *fields)
{
    struct line line = {.text = ret_line, .capacity = LOG_LINE_MAX - 1};
    char head[64];
    if (journal) {
        snprintf(head, sizeof head, "<%d>", level_priorities[level]);
    } else {
        time_t seconds = (time_t)(wall_us / 1000000);
        struct tm parts;
        gmtime_r(&seconds, &parts);
        size_t used = strftime(head, sizeof head, "time=%Y-%m-%dT%H:%M:%S", &parts);
        snprintf(head + used, sizeof head - used, ".%03dZ ", (int)(wall_us / 1000 % 1000));
    }
    line_add_text(&line, head);
    line_add_text(&line, "level=");
    line_add_text(&line, level_names[level]);
    line_add_text(&line, " msg=");
    line_add_value(&line, message);
    if (context != NULL)
        line_add_text(&line, context->text);
    for (const struct log_field *field = fields; field != NULL && field->type != LOG_FIELD_END; field++)
        line_add_field(&line, field);
    return line.size;
}

void log_write(const struct log_context *context, enum log_level level, const char *message, const struct log_field *fields)
{
    if (!log_enabled(level))
        return;
    char line[LOG_LINE_MAX];
    size_t size = log_render(line, output_is_journal, clock_wall_us(), context, level, message, fields);
    line[size++] = '\n';
    /* A log that cannot be written (pipe closed, disk full) has nobody to tell. */
    ssize_t written = write(output_fd, line, size);
    (void)written;
}

bool log_limit_allows(struct log_limit *limit, int64_t monotonic_us, const char *what)
{
    if (monotonic_us - limit->second_us >= 1000000) {
        if (limit->skipped != 0)
            log_warning(NULL, "not logged one by one", LOG_TEXT("what", what), LOG_UINT("count", limit->skipped));
        limit->second_us = monotonic_us;
        limit->lines = limit->skipped = 0;
    }
    if (limit->lines++ < LOG_LIMIT_LINES)
        return true;
    limit->skipped++;
    return false;
}
