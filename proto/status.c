/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names and words of the outcomes, and errmsg. */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    const char *name;
    const char *text;
    bool retryable;
};

/* The enumerator's name without STATUS_ is what logs and files show. */
#define STATUS_ROW(enumerator, number, words, retry)                                                                           \
    [number] = {.name = &#enumerator[sizeof "STATUS_" - 1], .text = words, .retryable = retry},
static const struct status_row rows[STATUS_COUNT] = {STATUS_LIST(STATUS_ROW)};
#undef STATUS_ROW

static const struct status_row *row_of(enum status status)
{
    return (unsigned)status < STATUS_COUNT ? &rows[status] : NULL;
}

const char *status_name(enum status status)
{
    const struct status_row *row = row_of(status);
    return row != NULL ? row->name : "UNKNOWN";
}

const char *status_text(enum status status)
{
    const struct status_row *row = row_of(status);
    return row != NULL ? row->text : "unknown status";
}

bool status_is_retryable(enum status status)
{
    const struct status_row *row = row_of(status);
    return row != NULL && row->retryable;
}

/* Takes away the beginning of a character whose end did not fit. */
static void cut_at_character(char *text, size_t size)
{
    size_t length = strnlen(text, size);
    size_t start = length;
    while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (wanted > length - start + 1)
        text[start - 1] = '\0';
}

void errmsg_set(struct errmsg *errmsg, const char *field, const char *format, ...)
{
    if (errmsg == NULL)
        return;
    if (snprintf(errmsg->field, sizeof errmsg->field, "%s", field != NULL ? field : "") >= (int)sizeof errmsg->field)
        cut_at_character(errmsg->field, sizeof errmsg->field);
    va_list args;
    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    int length = vsnprintf(errmsg->text, sizeof errmsg->text, format, args);
    va_end(args);
    if (length < 0)
        errmsg->text[0] = '\0';
    else if (length >= (int)sizeof errmsg->text)
        cut_at_character(errmsg->text, sizeof errmsg->text);
}

void errmsg_clear(struct errmsg *errmsg)
{
    if (errmsg == NULL)
        return;
    errmsg->field[0] = '\0';
    errmsg->text[0] = '\0';
}
