/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text as the wire may carry it: UTF-8 without NUL and control characters, within a length.
 */
#ifndef SAMORDNING_TEXT_H
#define SAMORDNING_TEXT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

struct text_finding {
    enum { TEXT_NOT_UTF8, TEXT_NUL, TEXT_CONTROL, TEXT_TOO_LONG } kind;
    size_t position; /* byte, from 0 */
    unsigned char byte;
};

/* True for good text. `is_free`: tab, line feed and carriage return are fine. */
bool text_check(const char *text, size_t max, bool is_free, struct text_finding *ret_finding);

/* Characters of good text. */
size_t text_length(const char *text);

/* The finding in words. */
void text_describe(const struct text_finding *finding, size_t max, const char *field, struct errmsg *ret_errmsg);

#endif
