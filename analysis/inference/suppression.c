/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hiding the next smallest cell until an audit finds nothing more.
 */
#include "suppression.h"

#include <stdint.h>
#include <stdlib.h>

/* ------------------------------------------------------------------------------------------------------------- audit */
/* Nodes are the rows, the columns, and one for all hidden totals. An arc row -> column says that their cell can become larger,
 * column -> row that it can become smaller; through the last node a hidden total takes up what a line gains or loses. */
struct audit {
    const struct suppression *table;
    const bool *hidden;
    size_t nodes, *queue;
    bool *reached;
    double *row_total, *column_total;
};

static bool row_hidden(const struct suppression *table, size_t row)
{
    return table->row_total_hidden && table->row_total_hidden[row];
}

static bool column_hidden(const struct suppression *table, size_t column)
{
    return table->column_total_hidden && table->column_total_hidden[column];
}

static double line_total(const struct suppression *table, size_t line, bool is_row)
{
    double total = 0;
    for (size_t i = 0; i < (is_row ? table->columns : table->rows); i++)
        total += table->counts[is_row ? line * table->columns + i : i * table->columns + line];
    return total;
}

static bool has_arc(const struct audit *audit, size_t from, size_t to)
{
    const struct suppression *table = audit->table;
    size_t rows = table->rows, hub = rows + table->columns;
    if (from < rows && to >= rows && to < hub)
        return audit->hidden[from * table->columns + (to - rows)];
    if (to < rows && from >= rows && from < hub) {
        size_t cell = to * table->columns + (from - rows);
        return audit->hidden[cell] && table->counts[cell] > 0;
    }
    if (from == hub && to < rows) /* its total becomes larger */
        return row_hidden(table, to);
    if (to == hub && from < rows)
        return row_hidden(table, from) && audit->row_total[from] > 0;
    if (from == hub && to < hub)
        return column_hidden(table, to - rows) && audit->column_total[to - rows] > 0;
    if (to == hub && from >= rows && from < hub)
        return column_hidden(table, from - rows);
    return false;
}

/* The node `index` steps away in the list of those an arc may lead to: from a row the columns, from a column the rows, and the
 * hub from either; from the hub all others. */
static size_t neighbours(const struct audit *audit, size_t at)
{
    size_t rows = audit->table->rows, columns = audit->table->columns;
    return at < rows ? columns + 1 : at < rows + columns ? rows + 1 : rows + columns;
}

static size_t neighbour(const struct audit *audit, size_t at, size_t index)
{
    size_t rows = audit->table->rows, hub = rows + audit->table->columns;
    if (at < rows)
        return rows + index; /* the last one is the hub */
    if (at < hub)
        return index < rows ? index : hub;
    return index;
}

/* A way from one node to another that does not go straight there. */
static bool has_way(const struct audit *audit, size_t from, size_t to)
{
    size_t head = 0, tail = 0;
    for (size_t i = 0; i < audit->nodes; i++)
        audit->reached[i] = false;
    audit->reached[from] = true;
    audit->queue[tail++] = from;
    while (head < tail) {
        size_t at = audit->queue[head++];
        for (size_t i = 0; i < neighbours(audit, at); i++) {
            size_t next = neighbour(audit, at, i);
            if (audit->reached[next] || (at == from && next == to) || !has_arc(audit, at, next))
                continue;
            if (next == to)
                return true;
            audit->reached[next] = true;
            audit->queue[tail++] = next;
        }
    }
    return false;
}

static bool is_fixed(const struct audit *audit, size_t one, size_t two)
{
    bool up = has_arc(audit, one, two) && has_way(audit, two, one);
    return !up && !(has_arc(audit, two, one) && has_way(audit, one, two));
}

static bool audit_init(struct audit *ret_audit, const struct suppression *table, const bool *hidden)
{
    size_t nodes = table->rows + table->columns + 1;
    *ret_audit = (struct audit){.table = table,
                                .hidden = hidden,
                                .nodes = nodes,
                                .queue = malloc(nodes * sizeof *ret_audit->queue),
                                .reached = malloc(nodes * sizeof *ret_audit->reached),
                                .row_total = malloc((table->rows + 1) * sizeof *ret_audit->row_total),
                                .column_total = malloc((table->columns + 1) * sizeof *ret_audit->column_total)};
    if (!ret_audit->queue || !ret_audit->reached || !ret_audit->row_total || !ret_audit->column_total)
        return false;
    for (size_t row = 0; row < table->rows; row++)
        ret_audit->row_total[row] = line_total(table, row, true);
    for (size_t column = 0; column < table->columns; column++)
        ret_audit->column_total[column] = line_total(table, column, false);
    return true;
}

static void audit_release(struct audit *audit)
{
    free(audit->queue);
    free(audit->reached);
    free(audit->row_total);
    free(audit->column_total);
}

bool suppression_determined(const struct suppression *table, const bool *hidden, size_t row, size_t column)
{
    struct audit audit;
    size_t hub = table->rows + table->columns;
    bool fixed = !audit_init(&audit, table, hidden) ||
                 is_fixed(&audit, row == SIZE_MAX ? hub : row, column == SIZE_MAX ? hub : table->rows + column);
    audit_release(&audit);
    return fixed;
}

/* ------------------------------------------------------------------------------------------------------------ hiding */
static bool is_small(double count, double minimum)
{
    return count > 0 && count < minimum;
}

/* A better one to hide: the smallest above 0, then a 0. */
static bool comes_first(double count, double best)
{
    return best < 0 || (count > 0 && (!(best > 0) || count < best));
}

/* The next cell of a line to hide; SIZE_MAX = all are hidden. */
static size_t next_of_line(const struct suppression *table, const bool *hidden, size_t line, bool is_row)
{
    size_t found = SIZE_MAX;
    double best = -1;
    for (size_t i = 0; i < (is_row ? table->columns : table->rows); i++) {
        size_t cell = is_row ? line * table->columns + i : i * table->columns + line;
        if (hidden[cell] || !comes_first(table->counts[cell], best))
            continue;
        best = table->counts[cell];
        found = cell;
    }
    return found;
}

static size_t next_of_table(const struct suppression *table, const bool *hidden)
{
    size_t found = SIZE_MAX;
    double best = -1;
    for (size_t cell = 0; cell < table->rows * table->columns; cell++) {
        if (hidden[cell] || !comes_first(table->counts[cell], best))
            continue;
        best = table->counts[cell];
        found = cell;
    }
    return found;
}

static void hide_small(const struct suppression *table, bool *hidden)
{
    for (size_t cell = 0; cell < table->rows * table->columns; cell++)
        hidden[cell] = hidden[cell] || is_small(table->counts[cell], table->minimum);
    for (int is_row = 0; is_row < 2; is_row++)
        for (size_t line = 0; line < (is_row ? table->rows : table->columns); line++) {
            if (is_row ? row_hidden(table, line) : column_hidden(table, line))
                continue;
            if (!is_small(line_total(table, line, is_row), table->minimum))
                continue;
            for (size_t cell; (cell = next_of_line(table, hidden, line, is_row)) != SIZE_MAX;)
                hidden[cell] = true;
        }
}

/* What is hidden of a line with a public total must be more than one cell, and enough. Returns whether it hid one. */
static bool fill_line(const struct suppression *table, bool *hidden, size_t line, bool is_row)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < (is_row ? table->columns : table->rows); i++) {
        size_t cell = is_row ? line * table->columns + i : i * table->columns + line;
        count += hidden[cell];
        sum += hidden[cell] ? table->counts[cell] : 0;
    }
    if (count == 0 || (count > 1 && sum >= table->minimum))
        return false;
    size_t cell = next_of_line(table, hidden, line, is_row);
    if (cell == SIZE_MAX)
        return false;
    hidden[cell] = true;
    return true;
}

static bool fill_lines(const struct suppression *table, bool *hidden)
{
    bool any = false;
    for (int is_row = 0; is_row < 2; is_row++)
        for (size_t line = 0; line < (is_row ? table->rows : table->columns); line++)
            while (!(is_row ? row_hidden(table, line) : column_hidden(table, line)) && fill_line(table, hidden, line, is_row))
                any = true;
    return any;
}

/* A cell that would keep a determined one from being so, if hidden. */
static bool loosen(const struct suppression *table, bool *hidden, size_t row, size_t column)
{
    size_t cell = row == SIZE_MAX ? SIZE_MAX : next_of_line(table, hidden, row, true);
    if (cell == SIZE_MAX && column != SIZE_MAX)
        cell = next_of_line(table, hidden, column, false);
    if (cell == SIZE_MAX)
        cell = next_of_table(table, hidden);
    if (cell == SIZE_MAX)
        return false;
    hidden[cell] = true;
    return true;
}

/* Until nothing hidden is determined, or all is hidden. One more hidden cell never determines another, so each is looked at
 * until it is free. Returns whether it hid any. */
static bool loosen_all(const struct suppression *table, const struct audit *audit, bool *hidden)
{
    size_t hub = table->rows + table->columns;
    bool any = false;
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++)
            while (hidden[row * table->columns + column] && is_fixed(audit, row, table->rows + column) &&
                   loosen(table, hidden, row, column))
                any = true;
        while (row_hidden(table, row) && audit->row_total[row] > 0 && is_fixed(audit, row, hub) &&
               loosen(table, hidden, row, SIZE_MAX))
            any = true;
    }
    return any;
}

bool suppression_run(const struct suppression *table, bool *hidden)
{
    struct audit audit;
    if (table->rows * table->columns > SUPPRESSION_CELLS_MAX)
        return false;
    bool ok = audit_init(&audit, table, hidden);
    if (ok) {
        hide_small(table, hidden);
        do {
            fill_lines(table, hidden);
        } while (loosen_all(table, &audit, hidden));
    }
    audit_release(&audit);
    return ok;
}
