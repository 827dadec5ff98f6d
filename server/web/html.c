/* SPDX-License-Identifier: GPL-3.0-or-later
 * Escapes and gathers HTML.
 */
#include "web/html.h"

#include <event2/buffer.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define WHOLE_MAX   1000000 /* numbers below it are written without the C library: %g has them without an exponent, too */

void html_begin(struct html *html, struct evbuffer *out)
{
    *html = (struct html){.out = out};
}

static void html_free_block(const void *data, size_t size, void *block)
{
    free(block);
}

/* Hands the block over; the buffer frees it when it was sent. */
static void html_flush(struct html *html)
{
    if (html->begin != NULL && html->at > html->begin) {
        size_t size = (size_t)(html->at - html->begin);
        if (evbuffer_add_reference(html->out, html->begin, size, html_free_block, html->begin) != 0) {
            free(html->begin);
            html->failed = true;
        }
    } else {
        free(html->begin);
    }
    html->begin = html->at = html->end = NULL;
}

bool html_end(struct html *html)
{
    html_flush(html);
    return !html->failed;
}

/* Over the end of a block. */
static void html_add_across(struct html *html, const char *data, size_t size)
{
    while (size > 0 && !html->failed) {
        if (html->at == html->end) {
            html_flush(html);
            html->begin = html->at = malloc(HTML_BLOCK);
            if (html->begin == NULL) {
                html->failed = true;
                return;
            }
            html->end = html->begin + HTML_BLOCK;
        }
        size_t room = (size_t)(html->end - html->at), part = size < room ? size : room;
        memcpy(html->at, data, part);
        html->at += part;
        data += part;
        size -= part;
    }
}

static inline void html_add(struct html *html, const char *data, size_t size)
{
    if (size < (size_t)(html->end - html->at)) {
        memcpy(html->at, data, size);
        html->at += size;
    } else {
        html_add_across(html, data, size);
    }
}

void html_raw(struct html *html, const char *literal)
{
    html_add(html, literal, strlen(literal));
}

size_t html_character_size(const char *text, size_t left)
{
    const unsigned char *at = (const unsigned char *)text;
    uint32_t point;
    size_t size;
    if (at[0] < 0x80)
        return (at[0] >= 0x20 && at[0] != 0x7f) || at[0] == '\n' || at[0] == '\r' || at[0] == '\t';
    if (at[0] >= 0xc2 && at[0] <= 0xdf)
        size = 2, point = at[0] & 0x1fU;
    else if ((at[0] & 0xf0) == 0xe0)
        size = 3, point = at[0] & 0x0fU;
    else if (at[0] >= 0xf0 && at[0] <= 0xf4)
        size = 4, point = at[0] & 0x07U;
    else
        return 0;
    if (size > left)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (at[i] & 0x3fU);
    }
    if ((size == 3 && point < 0x800) || (size == 4 && (point < 0x10000 || point > 0x10ffff)) ||
        (point >= 0xd800 && point <= 0xdfff) || (point >= 0x80 && point < 0xa0))
        return 0;
    return size;
}

/* ASCII that stands for itself in text and in attributes. */
#define BIT(c) (UINT64_C(1) << ((c)&63))
static const uint64_t plain[4] = {(BIT('\t') | BIT('\n') | BIT('\r') | UINT64_C(0xffffffff) << 32) &
                                      ~(BIT('&') | BIT('<') | BIT('>') | BIT('"') | BIT('\'')),
                                  ~BIT(0x7f)};

static inline bool is_in(const uint64_t set[4], unsigned char c)
{
    return set[c >> 6] >> (c & 63) & 1;
}

void html_text_size(struct html *html, const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t begin = 0, i = 0;
    for (;;) {
        while (i < size && is_in(plain, at[i]))
            i++;
        if (i == size)
            break;
        const char *instead = at[i] == '&'    ? "&amp;"
                              : at[i] == '<'  ? "&lt;"
                              : at[i] == '>'  ? "&gt;"
                              : at[i] == '"'  ? "&quot;"
                              : at[i] == '\'' ? "&#39;"
                                              : NULL;
        size_t length = instead != NULL ? 1 : html_character_size(text + i, size - i);
        if (length == 0) {
            instead = REPLACEMENT;
            length = 1;
        }
        if (instead != NULL) {
            html_add(html, text + begin, i - begin);
            html_raw(html, instead);
            begin = i + length;
        }
        i += length;
    }
    html_add(html, text + begin, size - begin);
}

void html_text(struct html *html, const char *text)
{
    if (text != NULL)
        html_text_size(html, text, strlen(text));
}

void html_number(double number, char ret_text[HTML_NUMBER_SIZE])
{
    if (number > -WHOLE_MAX && number < WHOLE_MAX && number == (int)number && (number != 0 || !signbit(number))) {
        int left = number < 0 ? -(int)number : (int)number, used = 0;
        char digits[8];
        do
            digits[used++] = (char)('0' + left % 10);
        while ((left /= 10) > 0);
        if (number < 0)
            *ret_text++ = '-';
        while (used > 0)
            *ret_text++ = digits[--used];
        *ret_text = '\0';
        return;
    }
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(ret_text, HTML_NUMBER_SIZE, "%.*g", digits, number);
        if (strtod(ret_text, NULL) == number)
            return;
    }
}

void html_put(struct html *html, const char *format, ...)
{
    va_list arguments;
    char number[HTML_NUMBER_SIZE];
    va_start(arguments, format);
    for (const char *percent; (percent = strchr(format, '%')) != NULL; format = percent + 2) {
        html_add(html, format, (size_t)(percent - format));
        switch (percent[1]) {
        case 's':
            html_text(html, va_arg(arguments, const char *));
            break;
        case 'u':
            snprintf(number, sizeof number, "%u", va_arg(arguments, unsigned));
            html_raw(html, number);
            break;
        case 'g':
            html_number(va_arg(arguments, double), number);
            html_raw(html, number);
            break;
        default:
            html_raw(html, "%");
        }
    }
    va_end(arguments);
    html_raw(html, format);
}

/* Letters, digits, - and _. */
static const uint64_t of_ids[4] = {UINT64_C(0x3ff) << 48 | BIT('-'),
                                   UINT64_C(0x7fffffe) << 32 | UINT64_C(0x7fffffe) | BIT('_')};

void html_id(struct html *html, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    char hex[4];
    for (;;) {
        size_t safe = 0;
        while (is_in(of_ids, at[safe]))
            safe++;
        html_add(html, (const char *)at, safe);
        at += safe;
        if (*at == '\0')
            return;
        snprintf(hex, sizeof hex, ".%02x", *at++);
        html_raw(html, hex);
    }
}
