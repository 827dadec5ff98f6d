/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pen, the pages and the tags of a paper, through cairo and Pango.
 */
#include "sheet.h"

#include "paper.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FOOT_SIZE     7.5
#define LINES_LEAST   2  /* of a paragraph, on either side of a page's end */
#define WORD_KEPT_MAX 40 /* letters: longer ones may have to be divided */

/* One family with a wide reach, another for what it lacks; the same in all places where these Debian packages are. */
#define FAMILY       "Liberation Sans,DejaVu Sans"
#define FAMILY_FIXED "Liberation Mono,DejaVu Sans Mono"

bool sheet_failed(const struct sheet *sheet)
{
    return sheet->error[0] != 0;
}

void sheet_fail(struct sheet *sheet, const char *format, ...)
{
    va_list arguments;
    if (sheet_failed(sheet))
        return;
    va_start(arguments, format);
    vsnprintf(sheet->error, sizeof sheet->error, format, arguments);
    va_end(arguments);
}

void sheet_colour(struct sheet *sheet, enum sheet_colour colour)
{
    static const unsigned colours[] = {[INK] = 0x1a1d21,    [QUIET] = 0x4f5862, [RULE] = 0xc9d0d8,      [WASH] = 0xf3f6f9,
                                       [ACCENT] = 0x0b4f8a, [GUARD] = 0xfff8e6, [GUARD_RULE] = 0x8a6100};
    unsigned rgb = colours[colour];
    cairo_set_source_rgb(sheet->pen, (rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
}

/* -------------------------------------------------------------------------------------------------------------- tags */
static void element_put(struct sheet *sheet, const char *tag, const char *attributes, const struct sheet_element *more)
{
    struct sheet_element element = {0};
    if (more)
        element = (struct sheet_element){
            .alternative = g_strdup(more->alternative), .language = g_strdup(more->language), .scope = more->scope};
    snprintf(element.tag, sizeof element.tag, "%s", tag);
    g_array_append_val(sheet->elements, element);
    cairo_tag_begin(sheet->pen, tag, attributes);
}

void sheet_open(struct sheet *sheet, const char *tag, const struct sheet_element *more)
{
    struct sheet_element element = {.language = more ? g_strdup(more->language) : NULL};
    snprintf(element.tag, sizeof element.tag, "%s", tag);
    g_array_append_val(sheet->open, element);
}

void sheet_close(struct sheet *sheet)
{
    struct sheet_element *last = &g_array_index(sheet->open, struct sheet_element, sheet->open->len - 1);
    if (sheet->begun == sheet->open->len) {
        cairo_tag_end(sheet->pen, last->tag);
        sheet->begun--;
    }
    g_array_set_size(sheet->open, sheet->open->len - 1);
}

void sheet_holders(struct sheet *sheet)
{
    for (; sheet->begun < sheet->open->len; sheet->begun++) {
        const struct sheet_element *holder = &g_array_index(sheet->open, struct sheet_element, sheet->begun);
        element_put(sheet, holder->tag, NULL, holder);
    }
}

void sheet_begin_with(struct sheet *sheet, const char *tag, const char *attributes, const struct sheet_element *more)
{
    sheet_holders(sheet);
    element_put(sheet, tag, attributes, more);
}

void sheet_begin(struct sheet *sheet, const char *tag)
{
    sheet_begin_with(sheet, tag, NULL, NULL);
}

void sheet_end(struct sheet *sheet, const char *tag)
{
    cairo_tag_end(sheet->pen, tag);
}

/* ------------------------------------------------------------------------------------------------------------- pages */
/* What stands at the foot of every page, outside the tags. */
static void foot(struct sheet *sheet)
{
    struct sheet_text text = {.text = g_strdup_printf("%d", sheet->pages)};
    struct sheet_style style = {.size = FOOT_SIZE, .colour = QUIET};
    PangoLayout *kept = sheet->layout;
    sheet->layout = pango_layout_copy(kept);
    sheet_set(sheet, &text, &style, -1);
    int width;
    pango_layout_get_size(sheet->layout, &width, NULL);
    sheet_draw(sheet, SHEET_WIDTH - SHEET_LEFT - (double)width / PANGO_SCALE, SHEET_HEIGHT - SHEET_BOTTOM + 18);
    g_free(text.text);
    text.text = g_strdup(sheet->running);
    pango_layout_set_ellipsize(sheet->layout, PANGO_ELLIPSIZE_END);
    sheet_set(sheet, &text, &style, SHEET_INNER - 60);
    sheet_draw(sheet, SHEET_LEFT, SHEET_HEIGHT - SHEET_BOTTOM + 18);
    g_free(text.text);
    g_object_unref(sheet->layout);
    sheet->layout = kept;
    sheet->font_of = NULL;
}

void sheet_turn(struct sheet *sheet)
{
    foot(sheet);
    cairo_show_page(sheet->pen);
    if (sheet->pages++ == PAPER_PAGES_MAX)
        sheet_fail(sheet, "the document takes more than %d pages", PAPER_PAGES_MAX);
    sheet->y = SHEET_TOP;
}

double sheet_left(const struct sheet *sheet)
{
    return SHEET_HEIGHT - SHEET_BOTTOM - sheet->y;
}

void sheet_room(struct sheet *sheet, double height)
{
    if (sheet_left(sheet) < height && sheet->y > SHEET_TOP)
        sheet_turn(sheet);
}

void sheet_finish(struct sheet *sheet)
{
    foot(sheet);
    cairo_show_page(sheet->pen);
}

void sheet_box(struct sheet *sheet, enum sheet_colour colour, double x, double y, double width, double height)
{
    sheet_colour(sheet, colour);
    cairo_rectangle(sheet->pen, x, y, width, height);
    cairo_fill(sheet->pen);
}

/* -------------------------------------------------------------------------------------------------------------- text */
/* Words that are typed as they stand, such as --from, are not divided at their hyphens. */
static void keep_words(const GString *text, PangoAttrList *attributes)
{
    for (guint at = 0; at < text->len;) {
        guint length = (guint)strcspn(text->str + at, " \n\t");
        if (length > 1 && length <= WORD_KEPT_MAX) {
            PangoAttribute *attribute = pango_attr_allow_breaks_new(FALSE);
            attribute->start_index = at;
            attribute->end_index = at + length;
            pango_attr_list_insert(attributes, attribute);
        }
        at += length + 1;
    }
}

static void gather(xmlNode *node, GString *text, PangoAttrList *attributes, bool as_is)
{
    for (xmlNode *at = node->children; at; at = at->next) {
        if (at->type == XML_TEXT_NODE) {
            for (const char *c = (const char *)at->content; c && *c; c++) {
                bool blank = *c == ' ' || *c == '\n' || *c == '\t';
                if (!blank || as_is)
                    g_string_append_c(text, *c);
                else if (text->len && text->str[text->len - 1] != ' ')
                    g_string_append_c(text, ' ');
            }
        } else if (at->type == XML_ELEMENT_NODE && !node_is(at, "svg")) {
            guint from = (guint)text->len;
            gather(at, text, attributes, as_is);
            PangoAttribute *attribute = NULL;
            if (node_is(at, "code"))
                attribute = pango_attr_family_new(FAMILY_FIXED);
            else if (node_is(at, "strong") || node_is(at, "dt"))
                attribute = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
            if (attribute) {
                attribute->start_index = from;
                attribute->end_index = (guint)text->len;
                pango_attr_list_insert(attributes, attribute);
            }
        }
    }
}

struct sheet_text sheet_text_of(xmlNode *node, bool as_is)
{
    GString *text = g_string_new(NULL);
    struct sheet_text found = {.attributes = pango_attr_list_new()};
    gather(node, text, found.attributes, as_is);
    if (as_is)
        keep_words(text, found.attributes);
    PangoAttrList *alike = pango_attr_list_new();
    if (pango_attr_list_equal(found.attributes, alike))
        g_clear_pointer(&found.attributes, pango_attr_list_unref);
    pango_attr_list_unref(alike);
    while (text->len && g_ascii_isspace(text->str[text->len - 1]))
        g_string_truncate(text, text->len - 1);
    found.text = g_string_free(text, FALSE);
    return found;
}

void sheet_text_release(struct sheet_text *text)
{
    g_free(text->text);
    if (text->attributes)
        pango_attr_list_unref(text->attributes);
    *text = (struct sheet_text){0};
}

void sheet_set(struct sheet *sheet, const struct sheet_text *text, const struct sheet_style *style, double width)
{
    if (sheet->font_of != sheet->layout || style->size != sheet->font.size || style->bold != sheet->font.bold ||
        style->fixed_pitch != sheet->font.fixed_pitch) {
        PangoFontDescription *font = pango_font_description_from_string(style->fixed_pitch ? FAMILY_FIXED : FAMILY);
        pango_font_description_set_size(font, (int)lround(style->size * PANGO_SCALE));
        pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_layout_set_font_description(sheet->layout, font);
        pango_font_description_free(font);
        sheet->font = *style;
        sheet->font_of = sheet->layout;
    }
    pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(sheet->layout, style->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_width(sheet->layout, width < 0 ? -1 : (int)lround(width * PANGO_SCALE));
    pango_layout_set_text(sheet->layout, text->text, -1);
    pango_layout_set_attributes(sheet->layout, text->attributes);
    sheet_colour(sheet, style->colour);
}

double sheet_set_height(const struct sheet *sheet)
{
    int height;
    pango_layout_get_size(sheet->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

void sheet_draw(struct sheet *sheet, double x, double y)
{
    cairo_move_to(sheet->pen, x, y);
    pango_cairo_show_layout(sheet->pen, sheet->layout);
}

/* Draws the lines from `first` on that fit on this page, `count` at most; how many. */
static int lines_draw(struct sheet *sheet, double x, int first, int count)
{
    int drawn = 0;
    PangoLayoutIter *iterator = pango_layout_get_iter(sheet->layout);
    for (int i = 0; i < first; i++)
        pango_layout_iter_next_line(iterator);
    do {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(iterator, NULL, &box);
        double height = (double)box.height / PANGO_SCALE;
        if (drawn == count || (drawn && sheet_left(sheet) < height))
            break;
        double baseline = (double)(pango_layout_iter_get_baseline(iterator) - box.y) / PANGO_SCALE;
        cairo_move_to(sheet->pen, x + (double)box.x / PANGO_SCALE, sheet->y + baseline);
        pango_cairo_show_layout_line(sheet->pen, pango_layout_iter_get_line_readonly(iterator));
        sheet->y += height;
        drawn++;
    } while (pango_layout_iter_next_line(iterator));
    pango_layout_iter_free(iterator);
    return drawn;
}

static double line_height(const struct sheet *sheet)
{
    PangoRectangle box;
    PangoLayoutIter *iterator = pango_layout_get_iter(sheet->layout);
    pango_layout_iter_get_line_extents(iterator, NULL, &box);
    pango_layout_iter_free(iterator);
    return (double)box.height / PANGO_SCALE;
}

void sheet_flow(struct sheet *sheet, const char *tag, const struct sheet_element *more, double x)
{
    int count = pango_layout_get_line_count(sheet->layout);
    double line = line_height(sheet);
    sheet_room(sheet, fmin(sheet_set_height(sheet), LINES_LEAST * line));
    if (sheet_set_height(sheet) <= sheet_left(sheet)) {
        sheet_begin_with(sheet, tag, NULL, more);
        lines_draw(sheet, x, 0, count);
        sheet_end(sheet, tag);
        return;
    }
    /* Content of one element cannot stand on two pages, but parts of it can. */
    sheet_open(sheet, tag, more);
    for (int first = 0; first < count && !sheet_failed(sheet);) {
        int fit = (int)(sheet_left(sheet) / line);
        if (count - first > fit && count - first - fit < LINES_LEAST && fit > LINES_LEAST)
            fit--;
        sheet_begin(sheet, "Span");
        first += lines_draw(sheet, x, first, fit < 1 ? 1 : fit);
        sheet_end(sheet, "Span");
        if (first < count)
            sheet_turn(sheet);
    }
    sheet_close(sheet);
}
