/* SPDX-License-Identifier: GPL-3.0-or-later
 * The blocks of a document from top to bottom: headings, paragraphs, lists, notes, key figures, code.
 */
#include "sheet.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#define TEXT_SIZE     9.5
#define SMALL_SIZE    8.5
#define INDENT        14.0
#define FIGURE_GAP    8.0
#define FIGURE_WIDTH  116.0
#define LOGO_HEIGHT   42.0
#define CARD_TERM     120.0 /* width of the terms of a definition list */
#define AFTER_HEADING 64.0  /* so much of what follows stays with a heading */

static const struct sheet_style running = {.size = TEXT_SIZE, .colour = INK};

static void paragraph(struct sheet *sheet, xmlNode *node, const struct sheet_style *style, double x, double width)
{
    struct sheet_text text = sheet_text_of(node, false);
    if (*text.text) {
        struct sheet_element more = {.language = node_attribute(node, "lang")};
        sheet_set(sheet, &text, style, width);
        sheet_flow(sheet, "P", &more, x);
        g_free(more.language);
    }
    sheet_text_release(&text);
}

/* How much of what follows a heading must be on its page: a picture whole, the next heading with what follows it, some lines.
 */
static double after_heading(xmlNode *node, int level)
{
    xmlNode *next = node->next;
    while (next && next->type != XML_ELEMENT_NODE)
        next = next->next;
    if (next && node_is(next, "figure"))
        return AFTER_HEADING + sheet_figure_height(next);
    return next && node_is(next, "section") ? AFTER_HEADING + (level == 2 ? 60 : 36) : AFTER_HEADING;
}

static void heading(struct sheet *sheet, xmlNode *node, int level)
{
    static const double sizes[] = {0, 21, 15, 11.5, 10, 9.5, 9.5}, before[] = {0, 0, 22, 14, 10, 8, 8};
    struct sheet_style style = {.size = sizes[level], .bold = true, .colour = INK};
    struct sheet_text text = sheet_text_of(node, false);
    char tag[] = {'H', (char)('0' + level), 0};
    char *id = node->parent ? node_attribute(node->parent, "id") : NULL;
    bool linked = level > 1 && id && node_is(node->parent, "section");
    sheet->y += sheet->y > SHEET_TOP ? before[level] : 0;
    sheet_set(sheet, &text, &style, SHEET_INNER);
    sheet_room(sheet, sheet_set_height(sheet) + (level > 1 ? after_heading(node, level) : 0));
    if (level == 2) {
        sheet_box(sheet, ACCENT, SHEET_LEFT, sheet->y, SHEET_INNER, 2);
        sheet->y += 9;
        sheet_set(sheet, &text, &style, SHEET_INNER);
    }
    if (linked) {
        char *destination = g_strdup_printf("name='%s'", id), *entry = g_strdup_printf("dest='%s'", id);
        int parent = CAIRO_PDF_OUTLINE_ROOT;
        for (int i = 2; i < level; i++)
            if (sheet->outline[i])
                parent = sheet->outline[i];
        sheet->outline[level] = cairo_pdf_surface_add_outline(sheet->surface, parent, text.text, entry, 0);
        for (int i = level + 1; i <= 6; i++)
            sheet->outline[i] = 0;
        sheet_holders(sheet);
        cairo_tag_begin(sheet->pen, CAIRO_TAG_DEST, destination);
        sheet_flow(sheet, tag, NULL, SHEET_LEFT);
        cairo_tag_end(sheet->pen, CAIRO_TAG_DEST);
        g_free(destination);
        g_free(entry);
    } else {
        sheet_flow(sheet, tag, NULL, SHEET_LEFT);
    }
    sheet->y += level == 2 ? 7 : 5;
    g_free(id);
    sheet_text_release(&text);
}

/* One item: its mark and its text, which links to somewhere in the document or does not. */
static void item(struct sheet *sheet, xmlNode *node, double x)
{
    static const struct sheet_style mark = {.size = TEXT_SIZE, .colour = QUIET}, link = {.size = TEXT_SIZE, .colour = ACCENT};
    struct sheet_text text = sheet_text_of(node, false), bullet = {.text = (char *)(guintptr) "\xe2\x80\xa2"};
    struct sheet_element more = {.language = node_attribute(node, "lang")};
    xmlNode *anchor = node_first(node, "a");
    char *target = anchor ? node_attribute(anchor, "href") : NULL;
    bool linked = target && target[0] == '#' && g_hash_table_contains(sheet->ids, target + 1);
    sheet_set(sheet, &text, linked ? &link : &running, SHEET_MEASURE - INDENT);
    sheet_room(sheet, fmin(sheet_set_height(sheet), 2.6 * TEXT_SIZE));
    sheet_open(sheet, "LI", NULL);
    sheet_set(sheet, &bullet, &mark, -1);
    sheet_begin(sheet, "Lbl");
    sheet_draw(sheet, x + 2, sheet->y);
    sheet_end(sheet, "Lbl");
    sheet_set(sheet, &text, linked ? &link : &running, SHEET_MEASURE - INDENT);
    if (linked) {
        char *attributes = g_strdup_printf("dest='%s'", target + 1);
        sheet_open(sheet, "LBody", NULL);
        sheet_begin_with(sheet, CAIRO_TAG_LINK, attributes, &more);
        sheet_draw(sheet, x + INDENT, sheet->y);
        sheet_end(sheet, CAIRO_TAG_LINK);
        sheet_close(sheet);
        sheet->y += sheet_set_height(sheet);
        g_free(attributes);
    } else {
        sheet_flow(sheet, "LBody", &more, x + INDENT);
    }
    sheet_close(sheet);
    sheet->y += 3.5;
    g_free(target);
    g_free(more.language);
    sheet_text_release(&text);
}

static void list(struct sheet *sheet, xmlNode *node)
{
    if (!node_first(node, "li"))
        return;
    sheet_open(sheet, "L", NULL);
    for (xmlNode *at = node->children; at; at = at->next)
        if (node_is(at, "li"))
            item(sheet, at, SHEET_LEFT);
    sheet_close(sheet);
    sheet->y += 4;
}

/* The key of a figure: small pictures with their words, as many in a line as there is room for. */
static void legend(struct sheet *sheet, xmlNode *node)
{
    static const struct sheet_style style = {.size = SMALL_SIZE, .colour = INK};
    double x = SHEET_LEFT, line = 17;
    sheet_room(sheet, line);
    sheet_open(sheet, "L", NULL);
    for (xmlNode *at = node->children; at; at = at->next) {
        if (!node_is(at, "li"))
            continue;
        struct sheet_text text = sheet_text_of(at, false);
        int width;
        sheet_set(sheet, &text, &style, -1);
        pango_layout_get_size(sheet->layout, &width, NULL);
        double needed = 20 + (double)width / PANGO_SCALE + 16;
        if (x > SHEET_LEFT && x + needed > SHEET_LEFT + SHEET_INNER) {
            x = SHEET_LEFT;
            sheet->y += line;
            sheet_room(sheet, line);
        }
        sheet_key(sheet, node_first(at, "svg"), x, sheet->y, 15);
        sheet_set(sheet, &text, &style, -1);
        sheet_open(sheet, "LI", NULL);
        sheet_begin(sheet, "LBody");
        sheet_draw(sheet, x + 20, sheet->y + 1);
        sheet_end(sheet, "LBody");
        sheet_close(sheet);
        x += needed;
        sheet_text_release(&text);
    }
    sheet_close(sheet);
    sheet->y += line + 4;
}

/* Key figures: a box for each, the term above the number. */
static void figures(struct sheet *sheet, xmlNode *node)
{
    static const struct sheet_style term = {.size = 8, .colour = QUIET}, number = {.size = 14, .bold = true, .colour = INK};
    double x = SHEET_LEFT, height = 44;
    if (!node_first(node, "div"))
        return;
    sheet->y += 6;
    sheet_room(sheet, height);
    sheet_open(sheet, "L", NULL);
    for (xmlNode *at = node->children; at; at = at->next) {
        if (!node_is(at, "div"))
            continue;
        if (x + FIGURE_WIDTH > SHEET_LEFT + SHEET_INNER + 1) {
            x = SHEET_LEFT;
            sheet->y += height + FIGURE_GAP;
            sheet_room(sheet, height);
        }
        struct sheet_text words = sheet_text_of(node_first(at, "dt"), false),
                          value = sheet_text_of(node_first(at, "dd"), false);
        sheet_box(sheet, WASH, x, sheet->y, FIGURE_WIDTH, height);
        sheet_open(sheet, "LI", NULL);
        sheet_set(sheet, &words, &term, FIGURE_WIDTH - 16);
        sheet_begin(sheet, "Lbl");
        sheet_draw(sheet, x + 8, sheet->y + 7);
        sheet_end(sheet, "Lbl");
        sheet_set(sheet, &value, &number, FIGURE_WIDTH - 16);
        sheet_begin(sheet, "LBody");
        sheet_draw(sheet, x + 8, sheet->y + 20);
        sheet_end(sheet, "LBody");
        sheet_close(sheet);
        sheet_text_release(&words);
        sheet_text_release(&value);
        x += FIGURE_WIDTH + FIGURE_GAP + 1;
    }
    sheet_close(sheet);
    sheet->y += height + 10;
}

/* Terms to the left, what they are to the right. */
static void card(struct sheet *sheet, xmlNode *node)
{
    static const struct sheet_style quiet = {.size = SMALL_SIZE, .colour = QUIET}, plain = {.size = SMALL_SIZE, .colour = INK};
    if (!node_first(node, "dt"))
        return;
    sheet_open(sheet, "L", NULL);
    for (xmlNode *at = node_first(node, "dt"); at; at = at->next) {
        if (!node_is(at, "dt"))
            continue;
        xmlNode *is = at->next;
        while (is && !node_is(is, "dd"))
            is = is->next;
        struct sheet_text term = sheet_text_of(at, false);
        struct sheet_element more = {.language = node_attribute(at, "lang")};
        sheet_set(sheet, &term, &quiet, CARD_TERM - 10);
        double height = sheet_set_height(sheet);
        sheet_room(sheet, height);
        sheet_open(sheet, "LI", NULL);
        double top = sheet->y;
        int page = sheet->pages;
        sheet_begin_with(sheet, "Lbl", NULL, &more);
        sheet_draw(sheet, SHEET_LEFT, sheet->y);
        sheet_end(sheet, "Lbl");
        g_free(more.language);
        if (is) {
            struct sheet_text text = sheet_text_of(is, false);
            more.language = node_attribute(is, "lang");
            sheet_set(sheet, &text, &plain, SHEET_INNER - CARD_TERM);
            sheet_flow(sheet, "LBody", &more, SHEET_LEFT + CARD_TERM);
            g_free(more.language);
            sheet_text_release(&text);
        }
        sheet_close(sheet);
        if (sheet->pages == page && sheet->y < top + height)
            sheet->y = top + height;
        sheet->y += 2;
        sheet_text_release(&term);
    }
    sheet_close(sheet);
    sheet->y += 6;
}

static double height_of(struct sheet *sheet, xmlNode *node, double width)
{
    double height = 0;
    for (xmlNode *at = node->children; at; at = at->next) {
        if (at->type != XML_ELEMENT_NODE)
            continue;
        struct sheet_text text = sheet_text_of(at, false);
        sheet_set(sheet, &text, &running, width);
        height += sheet_set_height(sheet) + 3;
        sheet_text_release(&text);
    }
    return height;
}

/* A note with a bar to its left; kept on one page. */
static void note(struct sheet *sheet, xmlNode *node)
{
    double width = SHEET_MEASURE, height = height_of(sheet, node, width - 24) + 10;
    sheet->y += 4;
    sheet_room(sheet, height);
    sheet_box(sheet, GUARD, SHEET_LEFT, sheet->y, width, height);
    sheet_box(sheet, GUARD_RULE, SHEET_LEFT, sheet->y, 3, height);
    sheet->y += 6;
    sheet_open(sheet, "Div", NULL);
    for (xmlNode *at = node->children; at; at = at->next)
        if (at->type == XML_ELEMENT_NODE) {
            paragraph(sheet, at, &running, SHEET_LEFT + 12, width - 24);
            sheet->y += 3;
        }
    sheet_close(sheet);
    sheet->y += 10;
}

static void code(struct sheet *sheet, xmlNode *node)
{
    static const struct sheet_style style = {.size = 7.5, .fixed_pitch = true, .colour = INK};
    struct sheet_text text = sheet_text_of(node, true);
    sheet_set(sheet, &text, &style, SHEET_INNER - 12);
    sheet_flow(sheet, "P", NULL, SHEET_LEFT + 6);
    sheet->y += 8;
    sheet_text_release(&text);
}

static int heading_level(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2] ? name[1] - '0' : 0;
}

/* Elements that only hold others. What a summary opens is open on paper, and begins with its title. */
static bool holds(const xmlNode *node)
{
    static const char *const holders[] = {"main",    "header", "footer", "nav",     "section",
                                          "details", "div",    "aside",  "article", "blockquote"};
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++)
        if (node_is(node, holders[i]))
            return true;
    return false;
}

void sheet_block(struct sheet *sheet, xmlNode *node)
{
    static const struct sheet_style quiet = {.size = SMALL_SIZE, .colour = QUIET};
    int level = heading_level(node);
    bool small = node_is(node, "figcaption") || node_is(node->parent, "header") || node_is(node->parent, "footer") ||
                 node_has_class(node, "note");
    if (level) {
        heading(sheet, node, level);
    } else if (node_is(node, "p") || node_is(node, "figcaption")) {
        paragraph(sheet, node, small ? &quiet : &running, SHEET_LEFT, SHEET_MEASURE);
        sheet->y += 5;
    } else if (node_is(node, "ul") && node_has_class(node, "legend")) {
        legend(sheet, node);
    } else if (node_is(node, "ul") || node_is(node, "ol")) {
        list(sheet, node);
    } else if (node_is(node, "dl")) {
        (node_has_class(node, "figures") ? figures : card)(sheet, node);
    } else if (node_is(node, "table")) {
        sheet_table(sheet, node);
    } else if (node_is(node, "figure")) {
        sheet_figure(sheet, node);
    } else if (node_is(node, "img")) {
        sheet_image(sheet, node, LOGO_HEIGHT);
    } else if (node_is(node, "pre")) {
        code(sheet, node);
    } else if (node_is(node, "div") && node_has_class(node, "guard")) {
        note(sheet, node);
    } else if (holds(node)) {
        bool part = node_is(node, "section") || node_is(node, "nav");
        if (part)
            sheet_open(sheet, "Sect", NULL);
        sheet_blocks(sheet, node->children);
        if (part)
            sheet_close(sheet);
    }
}

void sheet_blocks(struct sheet *sheet, xmlNode *first)
{
    for (xmlNode *at = first; at && !sheet_failed(sheet); at = at->next)
        if (at->type == XML_ELEMENT_NODE)
            sheet_block(sheet, at);
}
