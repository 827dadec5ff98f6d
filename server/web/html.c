/* SPDX-License-Identifier: GPL-3.0-or-later
 * Escapes and gathers HTML.
 */
#include "web/html.h"

#include <event2/buffer.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

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

static void html_add(struct html *html, const char *data, size_t size)
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

void html_text_size(struct html *html, const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t begin = 0, i = 0;
    while (i < size) {
        const char *instead = NULL;
        size_t length = 1;
        switch (at[i]) {
        case '&':
            instead = "&amp;";
            break;
        case '<':
            instead = "&lt;";
            break;
        case '>':
            instead = "&gt;";
            break;
        case '"':
            instead = "&quot;";
            break;
        case '\'':
            instead = "&#39;";
            break;
        default:
            length = html_character_size(text + i, size - i);
            if (length == 0) {
                instead = REPLACEMENT;
                length = 1;
            }
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

void html_id(struct html *html, const char *text)
{
    char hex[4];
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || *at == '-' ||
            *at == '_') {
            html_add(html, (const char *)at, 1);
        } else {
            snprintf(hex, sizeof hex, ".%02x", *at);
            html_raw(html, hex);
        }
    }
}
