/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the document to the file: reads it, lays it out, has the tags completed.
 */
#include "paper.h"

#include "sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps what it has read of the fonts until the process ends. */
const char *__lsan_default_suppressions(void); /* NOLINT(bugprone-reserved-identifier): the sanitizer's name */
const char *__lsan_default_suppressions(void)  /* NOLINT(bugprone-reserved-identifier) */
{
    return "leak:libfontconfig\n";
}
#endif

static cairo_status_t bytes_append(void *closure, const unsigned char *data, unsigned int length)
{
    struct sheet *sheet = closure;
    g_byte_array_append(sheet->bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void element_release(gpointer element)
{
    struct sheet_element *one = element;
    g_free(one->alternative);
    g_free(one->language);
}

static void ids_gather(GHashTable *ids, xmlNode *node)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (node_is(node, "section")) {
            char *id = node_attribute(node, "id");
            if (id)
                g_hash_table_add(ids, id);
        }
        ids_gather(ids, node->children);
    }
}

static void sheet_init(struct sheet *sheet)
{
    *sheet = (struct sheet){.y = SHEET_TOP, .pages = 1};
    sheet->bytes = g_byte_array_new();
    sheet->elements = g_array_new(FALSE, TRUE, sizeof(struct sheet_element));
    g_array_set_clear_func(sheet->elements, element_release);
    sheet->open = g_array_new(FALSE, TRUE, sizeof(struct sheet_element));
    g_array_set_clear_func(sheet->open, element_release);
    sheet->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sheet->surface = cairo_pdf_surface_create_for_stream(bytes_append, sheet, SHEET_WIDTH, SHEET_HEIGHT);
    cairo_pdf_surface_restrict_to_version(sheet->surface, CAIRO_PDF_VERSION_1_5);
    sheet->pen = cairo_create(sheet->surface);
    sheet->layout = pango_cairo_create_layout(sheet->pen);
    PangoContext *context = pango_layout_get_context(sheet->layout);
    pango_cairo_context_set_resolution(context, 72); /* points */
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_layout_set_line_spacing(sheet->layout, SHEET_LINE_SPACING);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_layout_context_changed(sheet->layout);
    cairo_font_options_destroy(options);
}

static void sheet_release(struct sheet *sheet)
{
    g_object_unref(sheet->layout);
    cairo_destroy(sheet->pen);
    cairo_surface_destroy(sheet->surface);
    g_hash_table_destroy(sheet->ids);
    g_array_free(sheet->elements, TRUE);
    g_array_free(sheet->open, TRUE);
    g_byte_array_free(sheet->bytes, TRUE);
}

/* The value of <meta name="NAME">. */
static char *meta_of(xmlNode *head, const char *name)
{
    for (xmlNode *at = head ? head->children : NULL; at; at = at->next)
        if (node_is(at, "meta") && node_attribute_is(at, "name", name))
            return node_attribute(at, "content");
    return NULL;
}

static void lay_out(struct sheet *sheet, xmlNode *root, const char *title)
{
    sheet->running = title;
    ids_gather(sheet->ids, root);
    sheet_open(sheet, "Document", NULL);
    sheet_blocks(sheet, node_first(root, "body") ? node_first(root, "body")->children : NULL);
    sheet_close(sheet);
    sheet_finish(sheet);
    cairo_surface_finish(sheet->surface);
    cairo_status_t status = cairo_surface_status(sheet->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_status(sheet->pen);
    if (status != CAIRO_STATUS_SUCCESS)
        sheet_fail(sheet, "%s", cairo_status_to_string(status));
}

bool paper_render(const char *html, size_t size, char **ret_pdf, size_t *ret_size, char ret_error[400])
{
    xmlDoc *document = node_document(html, size);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (!node_is(root, "html")) {
        snprintf(ret_error, 400, "paper: the document is not well-formed");
        xmlFreeDoc(document);
        return false;
    }
    xmlNode *head = node_first(root, "head"), *titled = node_first(head, "title");
    struct sheet_text title = titled ? sheet_text_of(titled, false) : (struct sheet_text){.text = g_strdup("")};
    char *language = node_attribute(root, "lang"), *author = meta_of(head, "author"), reason[400] = "";
    struct sheet sheet;
    sheet_init(&sheet);
    lay_out(&sheet, root, title.text);
    bool done =
        !sheet_failed(&sheet) && sheet_tags(&sheet, title.text, language ? language : "en", author, ret_pdf, ret_size, reason);
    if (!done)
        snprintf(ret_error, 400, "paper: %.380s", sheet_failed(&sheet) ? sheet.error : reason);
    sheet_release(&sheet);
    sheet_text_release(&title);
    g_free(language);
    g_free(author);
    xmlFreeDoc(document);
    return done;
}
