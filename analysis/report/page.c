/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes HTML through libxml2's writer.
 */
#include "page.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT   "\xef\xbf\xbd"
#define FIRST_ISOLATE "\xe2\x81\xa8"
#define POP_ISOLATE   "\xe2\x81\xa9"

static void check(struct page *page, int written)
{
    if (written < 0)
        page->failed = true;
}

bool page_init(struct page *page, const struct language *language)
{
    memset(page, 0, sizeof *page);
    page->language = language;
    page->buffer = xmlBufferCreate();
    page->writer = page->buffer ? xmlNewTextWriterMemory(page->buffer, 0) : NULL;
    if (!page->writer) {
        page_release(page);
        return false;
    }
    check(page, xmlTextWriterWriteRaw(page->writer, BAD_CAST "<!DOCTYPE html>\n"));
    return true;
}

void page_release(struct page *page)
{
    if (page->writer)
        xmlFreeTextWriter(page->writer);
    if (page->buffer)
        xmlBufferFree(page->buffer);
    page->writer = NULL;
    page->buffer = NULL;
}

bool page_finish(struct page *page, char **ret_html, size_t *ret_size)
{
    page_newline(page);
    check(page, xmlTextWriterFlush(page->writer));
    if (page->failed || page->depth != 0)
        return false;
    size_t size = (size_t)xmlBufferLength(page->buffer);
    char *html = malloc(size + 1);
    if (!html)
        return false;
    memcpy(html, xmlBufferContent(page->buffer), size);
    html[size] = 0;
    *ret_html = html;
    *ret_size = size;
    return true;
}

/* The code point at `p` and its bytes; 0 bytes: not valid UTF-8. */
static size_t code_point_at(const unsigned char *p, uint32_t *ret_code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = *p < 0x80 ? 1 : (*p & 0xe0) == 0xc0 ? 2 : (*p & 0xf0) == 0xe0 ? 3 : (*p & 0xf8) == 0xf0 ? 4 : 0;
    if (size == 0)
        return 0;
    uint32_t code = size == 1 ? *p : *p & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3fu);
    }
    if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *ret_code = code;
    return size;
}

static bool may_stand(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n';
    if ((code >= 0x7f && code <= 0x9f) || code == 0xfffe || code == 0xffff)
        return false;
    return !(code == 0x200e || code == 0x200f || code == 0x061c || (code >= 0x202a && code <= 0x202e) ||
             (code >= 0x2066 && code <= 0x2069));
}

static bool is_right_to_left(uint32_t code)
{
    return (code >= 0x0590 && code <= 0x08ff) || (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfeff) ||
           (code >= 0x10800 && code <= 0x10fff) || (code >= 0x1e800 && code <= 0x1efff);
}

char *page_clean(const char *text)
{
    size_t size = strlen(text), used = 0;
    bool isolate = false;
    char *clean = malloc(size * 3 + sizeof FIRST_ISOLATE + sizeof POP_ISOLATE);
    if (!clean)
        return NULL;
    for (size_t at = 0; at < size;) {
        uint32_t code = 0;
        size_t length = code_point_at((const unsigned char *)text + at, &code);
        if (length == 0 || !may_stand(code)) {
            memcpy(clean + used, REPLACEMENT, 3);
            used += 3;
            at += length ? length : 1;
            continue;
        }
        isolate = isolate || is_right_to_left(code);
        memcpy(clean + used, text + at, length);
        used += length;
        at += length;
    }
    if (isolate) {
        memmove(clean + 3, clean, used);
        memcpy(clean, FIRST_ISOLATE, 3);
        memcpy(clean + used + 3, POP_ISOLATE, 3);
        used += 6;
    }
    clean[used] = 0;
    return clean;
}

static void write_attribute(struct page *page, const char *name, const char *value)
{
    char *clean = page_clean(value);
    if (clean)
        check(page, xmlTextWriterWriteAttribute(page->writer, BAD_CAST name, BAD_CAST clean));
    else
        page->failed = true;
    free(clean);
}

static void open_element(struct page *page, const char *tag, bool is_void, va_list arguments)
{
    if (page->failed)
        return;
    if (page->depth == PAGE_DEPTH_MAX) {
        page->failed = true;
        return;
    }
    check(page, xmlTextWriterStartElement(page->writer, BAD_CAST tag));
    page->is_void[page->depth++] = is_void;
    const char *name;
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    while ((name = va_arg(arguments, const char *)) != NULL) {
        const char *value = va_arg(arguments, const char *);
        if (value)
            write_attribute(page, name, value);
    }
}

void page_open(struct page *page, const char *tag, ...)
{
    va_list arguments;
    va_start(arguments, tag);
    open_element(page, tag, false, arguments);
    va_end(arguments);
}

void page_empty(struct page *page, const char *tag, ...)
{
    va_list arguments;
    va_start(arguments, tag);
    open_element(page, tag, true, arguments);
    va_end(arguments);
    page_close(page);
}

void page_close(struct page *page)
{
    if (page->failed)
        return;
    if (page->depth == 0) {
        page->failed = true;
        return;
    }
    /* An HTML parser reads <p/> as <p>: only elements that are void there may be closed in place. */
    if (page->is_void[--page->depth])
        check(page, xmlTextWriterEndElement(page->writer));
    else
        check(page, xmlTextWriterFullEndElement(page->writer));
}

static void format_into(struct page *page, char text[PAGE_TEXT_MAX], const char *format, va_list arguments)
{
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    int length = vsnprintf(text, PAGE_TEXT_MAX, format, arguments);
    if (length < 0)
        page->failed = true;
    if (length >= PAGE_TEXT_MAX) { /* cut before a character that did not fit whole */
        size_t end = PAGE_TEXT_MAX - 1;
        while (end > 0 && ((unsigned char)text[end - 1] & 0xc0) == 0x80)
            end--;
        text[end > 0 ? end - 1 : 0] = 0;
    }
}

void page_attribute(struct page *page, const char *name, const char *format, ...)
{
    char text[PAGE_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    format_into(page, text, format, arguments);
    va_end(arguments);
    if (!page->failed)
        write_attribute(page, name, text);
}

void page_text(struct page *page, const char *text)
{
    if (page->failed)
        return;
    char *clean = page_clean(text);
    if (clean)
        check(page, xmlTextWriterWriteString(page->writer, BAD_CAST clean));
    else
        page->failed = true;
    free(clean);
}

void page_format(struct page *page, const char *format, ...)
{
    char text[PAGE_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    format_into(page, text, format, arguments);
    va_end(arguments);
    page_text(page, text);
}

void page_element(struct page *page, const char *tag, const char *class_name, const char *text)
{
    page_open(page, tag, "class", class_name, NULL);
    page_text(page, text);
    page_close(page);
}

void page_paragraph(struct page *page, const char *format, ...)
{
    char text[PAGE_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    format_into(page, text, format, arguments);
    va_end(arguments);
    page_element(page, "p", NULL, text);
    page_newline(page);
}

void page_item(struct page *page, const char *format, ...)
{
    char text[PAGE_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    format_into(page, text, format, arguments);
    va_end(arguments);
    page_element(page, "li", NULL, text);
    page_newline(page);
}

void page_figure(struct page *page, const char *term, const char *value)
{
    page_open(page, "div", NULL);
    page_element(page, "dt", NULL, term);
    page_element(page, "dd", NULL, value);
    page_close(page);
    page_newline(page);
}

void page_link_item(struct page *page, const char *href, const char *text)
{
    page_open(page, "li", NULL);
    page_open(page, "a", "href", href, NULL);
    page_text(page, text);
    page_close(page);
    page_close(page);
    page_newline(page);
}

void page_newline(struct page *page)
{
    if (!page->failed)
        check(page, xmlTextWriterWriteRaw(page->writer, BAD_CAST "\n"));
}

void page_style(struct page *page, const char *css)
{
    if (strpbrk(css, "<>&")) { /* would mean one thing to an HTML parser and another to an XML parser */
        page->failed = true;
        return;
    }
    page_open(page, "style", NULL);
    if (!page->failed)
        check(page, xmlTextWriterWriteRaw(page->writer, BAD_CAST css));
    page_close(page);
    page_newline(page);
}

void page_section(struct page *page, const char *id, const char *title)
{
    char heading[128], tag[3] = {'h', '2', 0};
    snprintf(heading, sizeof heading, "%s-heading", id);
    page->level = page->level ? page->level + 1 : 2;
    tag[1] = (char)('0' + (page->level > 6 ? 6 : page->level));
    page_open(page, "section", "id", id, "aria-labelledby", heading, NULL);
    page_newline(page);
    page_open(page, tag, "id", heading, NULL);
    page_text(page, title);
    page_close(page);
    page_newline(page);
}

void page_section_end(struct page *page)
{
    page->level--;
    if (page->level == 1)
        page->level = 0;
    page_close(page);
    page_newline(page);
}

void page_table(struct page *page, const char *id, const char *caption)
{
    char caption_id[128];
    snprintf(caption_id, sizeof caption_id, "%s-caption", id);
    page_open(page, "div", "class", "scroll", "role", "region", "aria-labelledby", caption_id, "tabindex", "0", NULL);
    page_open(page, "table", "id", id, NULL);
    page_newline(page);
    page_open(page, "caption", "id", caption_id, NULL);
    page_text(page, caption);
    page_close(page);
    page_newline(page);
}

void page_table_end(struct page *page)
{
    page_close(page);
    page_close(page);
    page_newline(page);
}

void page_header_cell(struct page *page, const char *scope, const char *class_name, const char *text)
{
    page_open(page, "th", "scope", scope, "class", class_name, NULL);
    page_text(page, text);
    page_close(page);
}

void page_cell(struct page *page, const char *class_name, const char *text)
{
    page_element(page, "td", class_name, text);
}

static bool has_words(const char *text)
{
    for (; *text; text++)
        if (isalpha((unsigned char)text[0]) && isalpha((unsigned char)text[1]))
            return true;
    return false;
}

void page_foreign(struct page *page, const char *tag, const char *text)
{
    const struct language *language = page->language;
    char made[CATALOGUE_TEXT_MAX];
    bool known = language_knows(language, text) || !has_words(text);
    const char *shown = tr(language, text);
    if (!known && language_made(language, text, made)) {
        shown = made;
        known = true;
    }
    page_open(page, tag, "lang", known || !language->translated ? NULL : "en", NULL);
    page_text(page, shown);
    page_close(page);
}
