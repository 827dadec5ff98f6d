/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures on pages: SVG within the document through librsvg, PNG from a data URI through cairo. Nothing is loaded from
 * elsewhere.
 */
#include "sheet.h"
#include "style.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <string.h>

#define FIGURE_HEIGHT_MAX 430.0

static RsvgHandle *picture_of(struct sheet *sheet, const guint8 *bytes, gsize size)
{
    GError *error = NULL;
    RsvgHandle *handle = rsvg_handle_new_from_data(bytes, size, &error);
    if (handle && rsvg_handle_set_stylesheet(handle, (const guint8 *)style_picture_css, strlen(style_picture_css), &error))
        return handle;
    sheet_fail(sheet, "a picture cannot be read: %s", error ? error->message : "no reason given");
    g_clear_error(&error);
    g_clear_object(&handle);
    return NULL;
}

static void picture_draw(struct sheet *sheet, RsvgHandle *handle, double x, double y, double width, double height)
{
    GError *error = NULL;
    const RsvgRectangle box = {x, y, width, height};
    cairo_save(sheet->pen);
    if (!rsvg_handle_render_document(handle, sheet->pen, &box, &error))
        sheet_fail(sheet, "a picture cannot be drawn: %s", error ? error->message : "no reason given");
    g_clear_error(&error);
    cairo_restore(sheet->pen);
}

static RsvgHandle *picture_of_node(struct sheet *sheet, xmlNode *svg)
{
    xmlBuffer *buffer = xmlBufferCreate();
    RsvgHandle *handle = NULL;
    if (buffer && xmlNodeDump(buffer, svg->doc, svg, 0, 0) > 0)
        handle = picture_of(sheet, xmlBufferContent(buffer), (gsize)xmlBufferLength(buffer));
    else
        sheet_fail(sheet, "out of memory");
    xmlBufferFree(buffer);
    return handle;
}

static double number_of(const xmlNode *node, const char *name)
{
    char *text = node_attribute(node, name);
    double number = text ? g_ascii_strtod(text, NULL) : 0;
    g_free(text);
    return number;
}

/* What title and description of an SVG say together. */
static char *alternative_of(xmlNode *svg)
{
    xmlNode *title = node_first(svg, "title"), *description = node_first(svg, "desc");
    struct sheet_text a = {0}, b = {0};
    if (title)
        a = sheet_text_of(title, false);
    if (description)
        b = sheet_text_of(description, false);
    char *both = g_strdup_printf("%s%s%s", a.text ? a.text : "", a.text && b.text ? ". " : "", b.text ? b.text : "");
    sheet_text_release(&a);
    sheet_text_release(&b);
    return both;
}

void sheet_key(struct sheet *sheet, xmlNode *svg, double x, double y, double side)
{
    RsvgHandle *handle = svg ? picture_of_node(sheet, svg) : NULL;
    if (handle)
        picture_draw(sheet, handle, x, y, side, side);
    g_clear_object(&handle);
}

/* Its size on paper. False: it has none. */
static bool size_of(const xmlNode *svg, double *ret_width, double *ret_height)
{
    double width = svg ? number_of(svg, "width") : 0, height = svg ? number_of(svg, "height") : 0;
    if (!(width > 0 && height > 0))
        return false;
    double scale = fmin(SHEET_INNER / width, FIGURE_HEIGHT_MAX / height);
    *ret_width = width * scale;
    *ret_height = height * scale;
    return true;
}

double sheet_figure_height(xmlNode *figure)
{
    double width, height;
    return size_of(node_first(figure, "svg"), &width, &height) ? height : 0;
}

void sheet_figure(struct sheet *sheet, xmlNode *figure)
{
    xmlNode *svg = node_first(figure, "svg");
    double width, height;
    RsvgHandle *handle = size_of(svg, &width, &height) ? picture_of_node(sheet, svg) : NULL;
    if (handle) {
        struct sheet_element more = {.alternative = alternative_of(svg)};
        sheet_room(sheet, height);
        sheet_begin_with(sheet, "Figure", NULL, &more);
        picture_draw(sheet, handle, SHEET_LEFT, sheet->y, width, height);
        sheet_end(sheet, "Figure");
        sheet->y += height + 8;
        g_free(more.alternative);
    }
    g_clear_object(&handle);
    for (xmlNode *at = figure->children; at && !sheet_failed(sheet); at = at->next)
        if (at != svg && at->type == XML_ELEMENT_NODE)
            sheet_block(sheet, at);
}

struct bytes {
    const guchar *at;
    gsize left;
};

static cairo_status_t bytes_read(void *closure, unsigned char *data, unsigned int length)
{
    struct bytes *bytes = closure;
    if (bytes->left < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, bytes->at, length);
    bytes->at += length;
    bytes->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

/* Filled, not painted: cairo 1.16 loses count of its tags when an image is painted within one. */
static void png_draw(struct sheet *sheet, cairo_surface_t *image, double height)
{
    double scale = height / cairo_image_surface_get_height(image);
    cairo_save(sheet->pen);
    cairo_translate(sheet->pen, SHEET_LEFT, sheet->y);
    cairo_scale(sheet->pen, scale, scale);
    cairo_set_source_surface(sheet->pen, image, 0, 0);
    cairo_rectangle(sheet->pen, 0, 0, cairo_image_surface_get_width(image), cairo_image_surface_get_height(image));
    cairo_fill(sheet->pen);
    cairo_restore(sheet->pen);
}

/* A picture that cannot be read is left out, as a browser leaves it out: no report fails for it. */
void sheet_image(struct sheet *sheet, xmlNode *image, double height)
{
    char *source = node_attribute(image, "src"), *comma = source ? strchr(source, ',') : NULL;
    gsize size = 0;
    guchar *bytes = comma ? g_base64_decode(comma + 1, &size) : NULL;
    struct sheet_element more = {.alternative = node_attribute(image, "alt")};
    struct bytes all = {bytes, size};
    bool is_png = source && g_str_has_prefix(source, "data:image/png;");
    cairo_surface_t *png = bytes && is_png ? cairo_image_surface_create_from_png_stream(bytes_read, &all) : NULL;
    RsvgHandle *svg = bytes && size && !is_png ? rsvg_handle_new_from_data(bytes, size, NULL) : NULL;
    if (svg || (png && cairo_surface_status(png) == CAIRO_STATUS_SUCCESS)) {
        sheet_room(sheet, height);
        sheet_begin_with(sheet, "Figure", NULL, &more);
        if (svg)
            picture_draw(sheet, svg, SHEET_LEFT, sheet->y, SHEET_INNER / 2, height);
        else
            png_draw(sheet, png, height);
        sheet_end(sheet, "Figure");
        sheet->y += height + 10;
    }
    g_clear_object(&svg);
    if (png)
        cairo_surface_destroy(png);
    g_free(bytes);
    g_free(source);
    g_free(more.alternative);
}
