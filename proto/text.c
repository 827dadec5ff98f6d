/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text as the wire may carry it: UTF-8 without NUL and control characters, within a length. */
#include "text.h"

#include "validate.h"
#include "wire.h"

#include <stdint.h>
#include <string.h>

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Length of the character that begins at `text`, 0 if it is not valid UTF-8 (overlong forms, surrogates and values above
 * U+10FFFF are not). */
static size_t character(const unsigned char *text, size_t size)
{
    unsigned char c = text[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return 0;
    size_t length = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (size < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && text[1] < 0xA0) || (c == 0xED && text[1] > 0x9F) || (c == 0xF0 && text[1] < 0x90) ||
        (c == 0xF4 && text[1] > 0x8F))
        return 0;
    return length;
}

size_t text_length(const char *text)
{
    size_t length = 0;
    for (; *text != '\0'; text++)
        length += ((unsigned char)*text & 0xC0) != 0x80;
    return length;
}

/* True if the 8 bytes are printable ASCII: none above 0x7E, none below 0x20. */
static bool is_plain(const unsigned char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t high = word | (word + EACH_BYTE(0x01)); /* 0x7F carries into the top bit; so does 0xFF, which has it */
    uint64_t low = (word - EACH_BYTE(0x20)) & ~word; /* top bit where a byte is below 0x20 (borrows only add) */
    return ((high | low) & EACH_BYTE(0x80)) == 0;
}

size_t validate_utf8_prefix(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0;
    while (i < size) {
        if (size - i >= 8 && is_plain(bytes + i)) {
            i += 8;
            continue;
        }
        size_t length = bytes[i] == '\0' ? 0 : character(bytes + i, size - i);
        if (length == 0)
            break;
        i += length;
    }
    return i;
}

static bool is_control(const unsigned char *text, bool is_free)
{
    if (text[0] < 0x20)
        return !is_free || (text[0] != '\t' && text[0] != '\n' && text[0] != '\r');
    return text[0] == 0x7F || (text[0] == 0xC2 && text[1] < 0xA0);
}

bool text_check(const char *text, size_t max, bool is_free, struct text_finding *ret_finding)
{
    const unsigned char *bytes = (const unsigned char *)text;
    const size_t size = strlen(text);
    if (size > max) {
        *ret_finding = (struct text_finding){.kind = TEXT_TOO_LONG, .position = size};
        return false;
    }
    size_t i = 0;
    while (i < size) {
        if (size - i >= 8 && is_plain(bytes + i)) {
            i += 8;
            continue;
        }
        size_t length = character(bytes + i, size - i);
        if (length == 0 || is_control(bytes + i, is_free)) {
            *ret_finding = (struct text_finding){.position = i, .byte = bytes[i]};
            ret_finding->kind = length > 0 ? TEXT_CONTROL : bytes[i] == WIRE_NUL_MARK ? TEXT_NUL : TEXT_NOT_UTF8;
            return false;
        }
        i += length;
    }
    return true;
}

void text_describe(const struct text_finding *finding, size_t max, const char *field, struct errmsg *ret_errmsg)
{
    switch (finding->kind) {
    case TEXT_TOO_LONG:
        errmsg_set(ret_errmsg, field, "is %zu bytes long, at most %zu are allowed", finding->position, max);
        return;
    case TEXT_NUL:
        errmsg_set(ret_errmsg, field, "holds a NUL character or the byte 0xFF at byte %zu", finding->position + 1);
        return;
    case TEXT_CONTROL:
        errmsg_set(ret_errmsg, field, "holds a control character (0x%02X) at byte %zu", finding->byte, finding->position + 1);
        return;
    case TEXT_NOT_UTF8:
        errmsg_set(ret_errmsg, field, "is not UTF-8 (byte 0x%02X at byte %zu)", finding->byte, finding->position + 1);
        return;
    }
}
