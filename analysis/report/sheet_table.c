/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables on pages: columns as wide as what is in them needs, the head again on every page.
 */
#include "sheet.h"

#include <math.h>
#include <pango/pangocairo.h>

#define CELL_SIZE   7.5
#define PADDING     3.5
#define COLUMNS_MAX 32

struct cell {
    struct sheet_text text;
    char *language;
    bool header, column_header, number;
    PangoLayout *line; /* the text in one line, of the grid's; NULL = its letters are not all alike */
    double natural;    /* width in one line */
};
struct row {
    struct cell cells[COLUMNS_MAX];
    size_t count;
    double height;
};
struct grid {
    GArray *rows; /* struct row; the head's first */
    struct sheet_lines lines;
    size_t head_count, column_count;
    double widths[COLUMNS_MAX];
    double line; /* height of a row of one line */
};

static struct sheet_style cell_style(const struct cell *cell)
{
    return (struct sheet_style){.size = CELL_SIZE, .bold = cell->column_header, .right = cell->number, .colour = INK};
}

static void rows_read(struct grid *grid, xmlNode *part, bool head)
{
    for (xmlNode *tr = part ? part->children : NULL; tr; tr = tr->next) {
        if (!node_is(tr, "tr"))
            continue;
        struct row row = {.count = 0};
        for (xmlNode *at = tr->children; at && row.count < COLUMNS_MAX; at = at->next)
            if (node_is(at, "th") || node_is(at, "td"))
                row.cells[row.count++] = (struct cell){.text = sheet_text_of(at, false),
                                                       .language = node_attribute(at, "lang"),
                                                       .header = node_is(at, "th"),
                                                       .column_header = head,
                                                       .number = node_has_class(at, "number")};
        g_array_append_val(grid->rows, row);
        grid->head_count += head;
        if (row.count > grid->column_count)
            grid->column_count = row.count;
    }
}

static double width_set(PangoLayout *layout)
{
    int width;
    pango_layout_get_size(layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

static double natural_width(struct sheet *sheet, struct grid *grid, struct cell *cell)
{
    struct sheet_style style = cell_style(cell);
    if (!cell->text.attributes)
        cell->line = sheet_lines_set(&grid->lines, sheet, &cell->text, &style);
    else
        sheet_set(sheet, &cell->text, &style, -1);
    return width_set(cell->line ? cell->line : sheet->layout);
}

/* The longest word, which no column should cut. */
static double word_width(struct sheet *sheet, const struct cell *cell)
{
    struct sheet_style style = cell_style(cell);
    sheet_set(sheet, &cell->text, &style, 0);
    pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD);
    return width_set(sheet->layout);
}

static void columns_measure(struct sheet *sheet, struct grid *grid)
{
    double least[COLUMNS_MAX] = {0}, most[COLUMNS_MAX] = {0}, all_least = 0, all_most = 0;
    for (guint r = 0; r < grid->rows->len; r++) {
        struct row *row = &g_array_index(grid->rows, struct row, r);
        for (size_t c = 0; c < row->count; c++) {
            struct cell *cell = &row->cells[c];
            cell->natural = natural_width(sheet, grid, cell);
            most[c] = fmax(most[c], cell->natural);
            if (cell->natural > least[c])
                least[c] = fmax(least[c], cell->number && !cell->column_header ? cell->natural : word_width(sheet, cell));
        }
    }
    for (size_t c = 0; c < grid->column_count; c++) {
        least[c] = fmin(least[c], SHEET_INNER / 2) + 2 * PADDING;
        most[c] = fmin(most[c], SHEET_INNER) + 2 * PADDING;
        all_least += least[c];
        all_most += most[c];
    }
    for (size_t c = 0; c < grid->column_count; c++) {
        if (all_most <= SHEET_INNER)
            grid->widths[c] = most[c] + (SHEET_INNER - all_most) * most[c] / all_most;
        else if (all_least >= SHEET_INNER)
            grid->widths[c] = SHEET_INNER * least[c] / all_least;
        else
            grid->widths[c] = least[c] + (SHEET_INNER - all_least) * (most[c] - least[c]) / (all_most - all_least);
    }
}

static void rows_measure(struct sheet *sheet, struct grid *grid)
{
    struct cell letter = {.text = {.text = (char *)(guintptr) "x"}};
    struct sheet_style style = cell_style(&letter);
    sheet_set(sheet, &letter.text, &style, -1);
    grid->line = sheet_set_height(sheet);
    for (guint r = 0; r < grid->rows->len; r++) {
        struct row *row = &g_array_index(grid->rows, struct row, r);
        row->height = grid->line;
        for (size_t c = 0; c < row->count; c++) {
            double inner = grid->widths[c] - 2 * PADDING;
            if (row->cells[c].natural <= inner)
                continue;
            style = cell_style(&row->cells[c]);
            sheet_set(sheet, &row->cells[c].text, &style, inner);
            row->height = fmax(row->height, sheet_set_height(sheet));
        }
        row->height += 2 * PADDING;
    }
}

/* `width` wide; a head stands on `bottom`. */
static void cell_draw(struct sheet *sheet, const struct cell *cell, double x, double width, double top, double bottom)
{
    struct sheet_style style = cell_style(cell);
    PangoLayout *layout = sheet->layout;
    if (cell->line && cell->natural <= width) {
        layout = cell->line;
        if (cell->number)
            x += width - cell->natural;
        sheet_colour(sheet, style.colour);
    } else {
        sheet_set(sheet, &cell->text, &style, width);
    }
    int height;
    pango_layout_get_size(layout, NULL, &height);
    cairo_move_to(sheet->pen, x, cell->column_header ? bottom - (double)height / PANGO_SCALE : top);
    pango_cairo_show_layout(sheet->pen, layout);
}

/* `tagged` is false for a head that is drawn again. */
static void row_draw(struct sheet *sheet, const struct grid *grid, const struct row *row, bool head, bool shaded, bool tagged)
{
    double x = SHEET_LEFT;
    if (head || shaded)
        sheet_box(sheet, WASH, x, sheet->y, SHEET_INNER, row->height);
    sheet_box(sheet, head ? INK : RULE, x, sheet->y + row->height - (head ? 1 : 0.5), SHEET_INNER, head ? 1 : 0.5);
    if (tagged)
        sheet_open(sheet, "TR", NULL);
    for (size_t c = 0; c < row->count; c++) {
        const struct cell *cell = &row->cells[c];
        struct sheet_element more = {.language = cell->language, .scope = cell->header ? (head ? 'c' : 'r') : 0};
        if (tagged)
            sheet_begin_with(sheet, cell->header ? "TH" : "TD", NULL, &more);
        cell_draw(sheet, cell, x + PADDING, grid->widths[c] - 2 * PADDING, sheet->y + PADDING,
                  sheet->y + row->height - PADDING);
        if (tagged)
            sheet_end(sheet, cell->header ? "TH" : "TD");
        x += grid->widths[c];
    }
    if (tagged)
        sheet_close(sheet);
    sheet->y += row->height;
}

static void head_draw(struct sheet *sheet, const struct grid *grid, bool tagged)
{
    for (size_t r = 0; r < grid->head_count; r++)
        row_draw(sheet, grid, &g_array_index(grid->rows, struct row, r), true, false, tagged);
}

static void grid_draw(struct sheet *sheet, const struct grid *grid)
{
    sheet_open(sheet, "THead", NULL);
    head_draw(sheet, grid, true);
    sheet_close(sheet);
    sheet_open(sheet, "TBody", NULL);
    for (guint r = (guint)grid->head_count; r < grid->rows->len && !sheet_failed(sheet); r++) {
        const struct row *row = &g_array_index(grid->rows, struct row, r);
        if (sheet_left(sheet) < row->height) {
            sheet_turn(sheet);
            head_draw(sheet, grid, false);
        }
        row_draw(sheet, grid, row, false, (r - grid->head_count) % 2 == 1, true);
    }
    sheet_close(sheet);
}

void sheet_table(struct sheet *sheet, xmlNode *table)
{
    static const struct sheet_style title = {.size = 9, .bold = true, .colour = INK};
    struct grid grid = {.rows = g_array_new(FALSE, TRUE, sizeof(struct row))};
    sheet_lines_init(&grid.lines);
    rows_read(&grid, node_first(table, "thead"), true);
    rows_read(&grid, node_first(table, "tbody"), false);
    columns_measure(sheet, &grid);
    rows_measure(sheet, &grid);
    double head = 0;
    for (size_t r = 0; r < grid.head_count; r++)
        head += g_array_index(grid.rows, struct row, r).height;
    xmlNode *caption = node_first(table, "caption");
    struct sheet_text words = caption ? sheet_text_of(caption, false) : (struct sheet_text){.text = g_strdup("")};
    sheet->y += 5;
    sheet_set(sheet, &words, &title, SHEET_INNER);
    sheet_room(sheet, sheet_set_height(sheet) + head + 4 * (grid.line + 2 * PADDING));
    sheet_open(sheet, "Table", NULL);
    if (*words.text) {
        sheet_set(sheet, &words, &title, SHEET_INNER);
        sheet_flow(sheet, "Caption", NULL, SHEET_LEFT);
        sheet->y += 3;
    }
    grid_draw(sheet, &grid);
    sheet_close(sheet);
    sheet->y += 12;
    sheet_text_release(&words);
    for (guint r = 0; r < grid.rows->len; r++) {
        struct row *row = &g_array_index(grid.rows, struct row, r);
        for (size_t c = 0; c < row->count; c++) {
            sheet_text_release(&row->cells[c].text);
            g_free(row->cells[c].language);
        }
    }
    g_array_free(grid.rows, TRUE);
    sheet_lines_release(&grid.lines);
}
