/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables say the same in many cells: setting a text costs more than drawing it, so each is set once.
 */
#include "sheet.h"

void sheet_lines_init(struct sheet_lines *lines)
{
    lines->plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    lines->bold = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
}

void sheet_lines_release(struct sheet_lines *lines)
{
    g_hash_table_destroy(lines->plain);
    g_hash_table_destroy(lines->bold);
}

PangoLayout *sheet_lines_set(struct sheet_lines *lines, struct sheet *sheet, const struct sheet_text *text,
                             const struct sheet_style *style)
{
    GHashTable *table = style->bold ? lines->bold : lines->plain;
    PangoLayout *line = g_hash_table_lookup(table, text->text);
    if (line)
        return line;
    sheet_set(sheet, text, style, -1);
    line = sheet->layout;
    sheet->layout = pango_layout_copy(line);
    sheet->font_of = sheet->layout;
    g_hash_table_insert(table, g_strdup(text->text), line);
    return line;
}
