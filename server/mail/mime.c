/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers and bodies of mail as RFC 5322, 2045 and 2047 want them.
 */
#include "mime.h"
#include "civil_time.h"
#include "letter_text.h"
#include "oslo_clock.h"

#include <ctype.h>
#include <string.h>

#define LINE_MAX_CHARACTERS 76 /* quoted-printable */
#define BASE64_LINE_BYTES   57 /* 76 characters */
#define WORD_MAX_BYTES      45 /* of an encoded word: 60 characters in base64, within the 75 it may have */
#define PLAIN_VALUE_MAX     60 /* of a header that goes out as it is */

static size_t character_size(const char *text)
{
    size_t size = 1;
    while (((unsigned char)text[size] & 0xc0) == 0x80)
        size++;
    return size;
}

/* On one line. */
static void write_base64(FILE *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned value =
            (unsigned)bytes[i] << 16 | (i + 1 < size ? (unsigned)bytes[i + 1] << 8 : 0) | (i + 2 < size ? bytes[i + 2] : 0U);
        fputc(digits[value >> 18 & 63], out);
        fputc(digits[value >> 12 & 63], out);
        fputc(i + 1 < size ? digits[value >> 6 & 63] : '=', out);
        fputc(i + 2 < size ? digits[value & 63] : '=', out);
    }
}

void mime_write_value(FILE *out, const char *text, bool is_phrase)
{
    bool plain = strlen(text) <= PLAIN_VALUE_MAX && text[0] != '\0';
    for (const char *c = text; *c != '\0' && plain; c++)
        plain = isascii((unsigned char)*c) &&
                (isalnum((unsigned char)*c) || *c == ' ' || (!is_phrase && ispunct((unsigned char)*c)));
    if (plain && strstr(text, "=?") == NULL) {
        fputs(text, out);
        return;
    }
    for (bool first = true; *text != '\0'; first = false) {
        unsigned char word[WORD_MAX_BYTES];
        size_t used = 0, size;
        for (; *text != '\0' && used + (size = character_size(text)) <= sizeof word; text += size) {
            memcpy(word + used, text, size);
            if (size == 1 && iscntrl(word[used]))
                word[used] = ' ';
            used += size;
        }
        if (used == 0) /* a "character" without end is none */
            break;
        fputs(first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?", out);
        write_base64(out, word, used);
        fputs("?=", out);
    }
}

void mime_write_date(FILE *out, int64_t now_us)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
    int64_t second = now_us / 1000000;
    int32_t offset = oslo_clock_offset(second), day = civil_day_of(now_us);
    int64_t within = second + offset - (int64_t)day * 86400;
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    fprintf(out, "Date: %s, %d %.3s %d %02d:%02d:%02d +%02d%02d\r\n", days[((day % 7) + 7) % 7], mday,
            letter_months[LETTER_EN][month - 1], year, (int)(within / 3600), (int)(within / 60 % 60), (int)(within % 60),
            offset / 3600, offset / 60 % 60);
}

void mime_write_text(FILE *out, const char *text)
{
    size_t column = 0;
    for (bool line_begins = true; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\r' && text[1] == '\n')
            continue;
        if (c == '\n') {
            fputs("\r\n", out);
            column = 0;
            line_begins = true;
            continue;
        }
        bool last = text[1] == '\n' || text[1] == '\0' || text[1] == '\r';
        bool mboxed = line_begins && strncmp(text, "From ", 5) == 0;
        bool plain = (c > ' ' && c < 0x7f && c != '=' && !mboxed) || ((c == ' ' || c == '\t') && !last);
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_MAX_CHARACTERS - 1) { /* the soft line end takes one */
            fputs("=\r\n", out);
            column = 0;
        }
        if (plain)
            fputc(c, out);
        else
            fprintf(out, "=%02X", c);
        column += width;
        line_begins = false;
    }
    if (column > 0)
        fputs("\r\n", out);
}

void mime_write_bytes(FILE *out, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += BASE64_LINE_BYTES) {
        write_base64(out, bytes + i, size - i < BASE64_LINE_BYTES ? size - i : BASE64_LINE_BYTES);
        fputs("\r\n", out);
    }
}
