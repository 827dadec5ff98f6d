/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading and writing values; nothing here knows a key.
 */
#include "spec_value.h"

#include "civil_time.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool spec_fail(char *ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ret_error, SPEC_ERROR_SIZE, format, arguments);
    va_end(arguments);
    /* Cut text may end within a character. */
    size_t length = strlen(ret_error);
    if (length == SPEC_ERROR_SIZE - 1) {
        while (length && ((unsigned char)ret_error[length - 1] & 0xC0) == 0x80)
            length--;
        if (length && (unsigned char)ret_error[length - 1] >= 0xC0)
            length--;
        ret_error[length] = '\0';
    }
    return false;
}

void spec_line_put(struct spec_line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line->text + line->length, line->size - line->length, format, arguments);
    va_end(arguments);
    if (length > 0)
        line->length += (size_t)length < line->size - line->length ? (size_t)length : line->size - line->length - 1;
}

void spec_line_put_day(struct spec_line *line, const char *key, int32_t day)
{
    char text[16];
    civil_day_format(day, text);
    spec_line_put(line, " %s=%s", key, text);
}

void spec_line_put_text(struct spec_line *line, const char *key, const char *text)
{
    spec_line_put(line, " %s=%s", key, *text ? "" : "all");
    bool word_all = strcmp(text, "all") == 0;
    for (const char *c = text; *c; c++) {
        if (*c == ' ' || *c == '%' || (word_all && c == text))
            spec_line_put(line, "%%%02X", (unsigned char)*c);
        else
            spec_line_put(line, "%c", *c);
    }
}

bool spec_value_name(const char *key, const char *value, const char *const *names, size_t count, const char *also,
                     int *ret_choice, char *ret_error)
{
    char text[300] = "";
    struct spec_line known = {text, 0, sizeof text};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, names[i]) == 0) {
            *ret_choice = (int)i;
            return true;
        }
        spec_line_put(&known, "%s%s", i ? ", " : "", names[i]);
    }
    return spec_fail(ret_error, "%s: \"%.80s\" is not one of %s%s", key, value, text, also);
}

bool spec_value_day(const char *key, const char *value, int32_t *ret_day, char *ret_error)
{
    if (civil_day_parse(value, ret_day) != STATUS_OK)
        return spec_fail(ret_error, "%s: \"%.80s\" is not a date YYYY-MM-DD", key, value);
    return true;
}

bool spec_value_count(const char *key, const char *value, uint64_t low, uint64_t high, uint64_t *ret_count, char *ret_error)
{
    errno = 0;
    char *end;
    uint64_t number = strtoull(value, &end, 10);
    if (!isdigit((unsigned char)value[0]) || *end || errno || number < low || number > high)
        return spec_fail(ret_error, "%s: \"%.80s\" is not a number from %" PRIu64 " to %" PRIu64, key, value, low, high);
    *ret_count = number;
    return true;
}

bool spec_value_real(const char *key, const char *value, double low, double high, double *ret_real, char *ret_error)
{
    /* Digits and one point, so that no locale and no notation gives two texts for one number. */
    size_t whole = strspn(value, "0123456789"), point = value[whole] == '.', rest = strspn(value + whole + point, "0123456789");
    bool well = whole && whole <= 7 && rest <= 3 && !value[whole + point + rest];
    double number = 0, unit = 1;
    for (const char *digit = value; well && *digit; digit++) {
        if (*digit == '.')
            continue;
        number = number * 10 + (*digit - '0');
        unit *= digit > value + whole ? 10 : 1;
    }
    number /= unit;
    if (!well || !(number > low) || number > high)
        return spec_fail(ret_error, "%s: \"%.80s\" is not a number over %g, at most %g, with at most three decimals", key,
                         value, low, high);
    *ret_real = number;
    return true;
}

/* Well-formed UTF-8 without control characters: what ends up in a query and on a card. */
static bool text_is_clean(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        if (*at < 0x20 || *at == 0x7F)
            return false;
        int follow = *at < 0x80                  ? 0
                     : *at >= 0xC2 && *at < 0xE0 ? 1
                     : *at >= 0xE0 && *at < 0xF0 ? 2
                     : *at >= 0xF0 && *at < 0xF5 ? 3
                                                 : -1;
        if (follow < 0 || (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
            (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
            return false;
        for (at++; follow; follow--, at++)
            if ((*at & 0xC0) != 0x80)
                return false;
    }
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool spec_value_text(const char *key, const char *value, char *ret_text, size_t size, char *ret_error)
{
    memset(ret_text, 0, size);
    if (strcmp(value, "all") == 0)
        return true;
    size_t length = 0;
    for (const char *at = value; *at; at++) {
        char byte = *at;
        if (byte == '%') {
            int high = hex_digit(at[1]), low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0)
                return spec_fail(ret_error, "%s: a %% must be followed by two hexadecimal digits (%%25 stands for %% itself)",
                                 key);
            byte = (char)(high * 16 + low);
            if (!byte)
                return spec_fail(ret_error, "%s: %%00 is not allowed", key);
            at += 2;
        }
        if (length + 1 >= size)
            return spec_fail(ret_error, "%s: longer than %zu bytes", key, size - 1);
        ret_text[length++] = byte;
    }
    if (!length)
        return spec_fail(ret_error, "%s: empty; write all, or leave it out", key);
    if (!text_is_clean(ret_text))
        return spec_fail(ret_error, "%s: holds control characters or is not UTF-8", key);
    return true;
}
