/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds a result of our own. Memory grows by doubling, at sizes that are powers of two. */
#include "grid.h"

#include "command.h"
#include "render.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

void grid_init(struct grid *grid)
{
    *grid = (struct grid){0};
    samordning__v1__result__init(&grid->result);
}

void grid_release(struct grid *grid)
{
    for (size_t t = 0; t < grid->result.n_tables; t++) {
        Samordning__V1__Table *table = grid->result.tables[t];
        for (size_t c = 0; c < table->n_columns; c++) {
            Samordning__V1__Column *column = table->columns[c];
            for (size_t i = 0; i < column->n_texts; i++)
                free(column->texts[i]);
            free(column->texts);
            free(column->numbers);
            free(column->name);
            free(column);
        }
        free(table->columns);
        free(table->name);
        free(table);
    }
    free(grid->result.tables);
    grid_init(grid);
}

/* Room for one more of `size` bytes in an array of `count`. */
static bool reserve(struct grid *grid, void **array, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return true;
    void *larger = realloc(*array, (count ? count * 2 : 1) * size);
    if (larger)
        *array = larger;
    grid->failed |= !larger;
    return larger != NULL;
}

void grid_table(struct grid *grid, const char *name)
{
    if (grid->failed || !reserve(grid, (void **)&grid->result.tables, grid->result.n_tables, sizeof(void *)))
        return;
    Samordning__V1__Table *table = malloc(sizeof *table);
    if (!table) {
        grid->failed = true;
        return;
    }
    samordning__v1__table__init(table);
    grid->result.tables[grid->result.n_tables++] = table;
    table->name = strdup(name);
    grid->failed |= !table->name;
}

void grid_column(struct grid *grid, const char *name, bool is_text)
{
    if (grid->failed)
        return;
    Samordning__V1__Table *table = grid->result.tables[grid->result.n_tables - 1];
    if (!reserve(grid, (void **)&table->columns, table->n_columns, sizeof(void *)))
        return;
    Samordning__V1__Column *column = malloc(sizeof *column);
    if (!column) {
        grid->failed = true;
        return;
    }
    samordning__v1__column__init(column);
    table->columns[table->n_columns++] = column;
    column->is_text = is_text;
    column->name = strdup(name);
    grid->failed |= !column->name;
}

static Samordning__V1__Column *current(struct grid *grid, size_t column)
{
    return grid->result.tables[grid->result.n_tables - 1]->columns[column];
}

void grid_text(struct grid *grid, size_t column, const char *text)
{
    if (grid->failed || !reserve(grid, (void **)&current(grid, column)->texts, current(grid, column)->n_texts, sizeof(char *)))
        return;
    char *copy = strdup(text ? text : "");
    if (copy)
        current(grid, column)->texts[current(grid, column)->n_texts++] = copy;
    grid->failed |= !copy;
}

void grid_number(struct grid *grid, size_t column, double number)
{
    if (grid->failed ||
        !reserve(grid, (void **)&current(grid, column)->numbers, current(grid, column)->n_numbers, sizeof(double)))
        return;
    current(grid, column)->numbers[current(grid, column)->n_numbers++] = number;
}

int grid_show(struct grid *grid, const struct arguments *arguments, int code)
{
    if (code == EXIT_CODE_OK && grid->failed) {
        say_error(_("out of memory"));
        code = EXIT_CODE_FAILED;
    }
    if (code == EXIT_CODE_OK)
        code = render_result(&grid->result, arguments, false, NULL);
    grid_release(grid);
    return code;
}
