/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making what counts events safe for everybody.
 */
#include "disclosure.h"

#include "civil_time.h"
#include "guarded.h"
#include "suppression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------------------------------------------------- what there is */
/* Families that tell of contact alone, or hide by themselves (waves of a survey). */
static const char *const open_families[] = {"network",    "graph", "centrality", "gaps",     "brokerage", "communities",
                                            "keyplayers", "need",  "survey",     "declared", "shortfall", "layout"};

static bool is_guarded(const char *family)
{
    size_t count;
    const struct guarded_group *groups = guarded_groups(&count);
    for (size_t g = 0; g < count; g++)
        if (strcmp(groups[g].family, family) == 0)
            return true;
    return false;
}

static bool is_calendar_year(const struct spec *spec)
{
    int from[3], to[3]; /* year, month, day */
    civil_from_day(spec->from_day, &from[0], &from[1], &from[2]);
    civil_from_day(spec->to_day, &to[0], &to[1], &to[2]);
    return from[1] == 1 && from[2] == 1 && to[1] == 1 && to[2] == 1 && to[0] == from[0] + 1;
}

bool disclosure_permits(const char *family, const struct spec *spec, int32_t today, char *ret_error)
{
    struct spec usual;
    bool report = strcmp(family, "report") == 0;
    for (size_t i = 0; i < sizeof open_families / sizeof open_families[0]; i++)
        if (strcmp(open_families[i], family) == 0)
            return true;
    if (!report && !is_guarded(family))
        return spec_fail(ret_error, "profile: the family %s has no public edition", family);
    if (!is_calendar_year(spec))
        return spec_fail(ret_error, "profile: a public edition is of a calendar year; others could be subtracted from it");
    if (spec->to_day > today)
        return spec_fail(
            ret_error,
            "profile: a public edition is of a year that is over; each before that could be subtracted from the next");
    spec_default(&usual);
    const struct choices *choices = &spec->choices;
    const char *cut = spec->layer_count                                   ? "layer"
                      : *spec->case_ref                                   ? "case"
                      : *spec->case_type                                  ? "case-type"
                      : spec->stages                                      ? "stage"
                      : spec->level != usual.level                        ? "level"
                      : spec->view != usual.view                          ? "view"
                      : spec->tie != usual.tie                            ? "tie"
                      : choices->tau_days != usual.choices.tau_days       ? "tau"
                      : choices->within_days != usual.choices.within_days ? "within"
                                                                          : NULL;
    if (cut)
        return spec_fail(ret_error,
                         "profile: there is one public edition of a year, and none with another %s: the two could be "
                         "subtracted from each other",
                         cut);
    if (choices->minimum_cell > DISCLOSURE_MINIMUM_MOST || (report && choices->minimum_cell < DISCLOSURE_MINIMUM_LEAST))
        return spec_fail(ret_error, "minimum-cell: %d to %d in a public edition", DISCLOSURE_MINIMUM_LEAST,
                         DISCLOSURE_MINIMUM_MOST);
    return true;
}

/* ------------------------------------------------------------------------------------------------------------- one table */
/* What is hidden of a table, and which of its columns were looked at. */
struct cover {
    const struct table *table;
    bool *hidden;  /* column by column, of each row */
    bool *decided; /* columns that were the total or a part of a group */
    bool *shown;   /* columns that may be shown at all */
};

static size_t column_index(const struct table *table, const char *name)
{
    for (size_t c = 0; name && c < table->column_count; c++)
        if (!table->columns[c].is_text && strcmp(table->columns[c].name, name) == 0)
            return c;
    return SIZE_MAX;
}

static bool *hidden_of(const struct cover *cover, size_t column)
{
    return &cover->hidden[column * cover->table->row_count];
}

static bool cover_init(struct cover *cover, const struct table *table)
{
    *cover = (struct cover){.table = table,
                            .hidden = calloc(table->column_count * table->row_count + 1, sizeof *cover->hidden),
                            .decided = calloc(table->column_count + 1, sizeof *cover->decided),
                            .shown = calloc(table->column_count + 1, sizeof *cover->shown)};
    return cover->hidden && cover->decided && cover->shown;
}

static void cover_release(struct cover *cover)
{
    free(cover->hidden);
    free(cover->decided);
    free(cover->shown);
}

static size_t cover_write(const struct cover *cover)
{
    size_t rows = 0;
    for (size_t c = 0; c < cover->table->column_count; c++)
        cover->table->columns[c].withheld = !cover->table->columns[c].is_text && !cover->shown[c];
    for (size_t row = 0; row < cover->table->row_count; row++) {
        bool any = false;
        for (size_t c = 0; c < cover->table->column_count; c++) {
            const struct column *column = &cover->table->columns[c];
            if (column->is_text || (cover->shown[c] && !hidden_of(cover, c)[row]))
                continue;
            any = any || (cover->shown[c] && !isnan(column->numbers[row]));
            column->numbers[row] = NAN;
        }
        rows += any;
    }
    return rows;
}

/* ------------------------------------------------------------------------------------------------------------- one group */
/* A group's events: its parts and what is left of the total, row by row. What is divided among several actors (an answer that
 * came last at the same moment) counts for whole. */
struct division {
    const struct guarded_group *group;
    size_t total, share, parts[GUARDED_PARTS_MAX]; /* columns of the table; SIZE_MAX = none */
    size_t rows, columns, part_count;
    double *counts, *totals, *sums, all;
    bool *hidden, *row_hidden, *column_hidden, *everything;
};

static void division_release(struct division *division)
{
    free(division->counts);
    free(division->totals);
    free(division->sums);
    free(division->hidden);
    free(division->row_hidden);
    free(division->column_hidden);
    free(division->everything);
}

static double whole(double number)
{
    return !(number > 0) || !isfinite(number) ? 0 : number < 1 ? 1 : floor(number);
}

static bool division_init(struct division *division, const struct cover *cover, const struct guarded_group *group)
{
    const struct table *table = cover->table;
    *division = (struct division){.group = group,
                                  .total = column_index(table, group->total),
                                  .share = column_index(table, group->share),
                                  .rows = table->row_count};
    for (size_t p = 0; group->parts[p]; p++)
        if (column_index(table, group->parts[p]) != SIZE_MAX)
            division->parts[division->part_count++] = column_index(table, group->parts[p]);
    division->columns = division->part_count + (division->share != SIZE_MAX) + 1;
    size_t cells = division->rows * division->columns, lines = division->rows + division->columns;
    division->counts = calloc(cells + 1, sizeof(double));
    division->totals = calloc(division->rows + 1, sizeof(double));
    division->sums = calloc(division->columns, sizeof(double));
    division->hidden = calloc(cells + 1, sizeof(bool));
    division->row_hidden = calloc(division->rows + 1, sizeof(bool));
    division->column_hidden = calloc(division->columns, sizeof(bool));
    division->everything = malloc((lines + 1) * sizeof(bool));
    if (!division->counts || !division->totals || !division->sums || !division->hidden || !division->row_hidden ||
        !division->column_hidden || !division->everything)
        return false;
    memset(division->everything, true, (lines + 1) * sizeof(bool));
    return true;
}

static void division_fill(struct division *division, const struct table *table)
{
    for (size_t row = 0; row < division->rows && division->total != SIZE_MAX; row++) {
        double *counts = &division->counts[row * division->columns];
        double left = whole(table->columns[division->total].numbers[row]), total = left;
        division->totals[row] = total;
        division->all += total;
        for (size_t p = 0; p + 1 < division->columns; p++) {
            double number = p < division->part_count ? table->columns[division->parts[p]].numbers[row]
                                                     : table->columns[division->share].numbers[row] * total;
            counts[p] = fmin(whole(p < division->part_count ? number : round(number)), left);
            left -= counts[p];
        }
        counts[division->columns - 1] = left;
        for (size_t p = 0; p < division->columns; p++)
            division->sums[p] += counts[p];
    }
}

/* Rows of which something is hidden that this is a part of. */
static bool is_within_hidden(const struct division *division, const struct cover *cover, size_t row)
{
    for (size_t w = 0; w < sizeof division->group->within / sizeof division->group->within[0]; w++) {
        size_t column = column_index(cover->table, division->group->within[w]);
        if (column != SIZE_MAX && hidden_of(cover, column)[row])
            return true;
    }
    return hidden_of(cover, division->total)[row];
}

/* Whether a row adds to a sum that is too small to be told: then it hides what the sums hide. Where it adds nothing, its 0 may
 * be seen, and the rest of it says nothing of that sum. */
static bool has_of_small_sum(const struct division *division, size_t row, double minimum)
{
    for (size_t p = 0; p < division->columns; p++)
        if (division->sums[p] < minimum && division->counts[row * division->columns + p] > 0)
            return true;
    return false;
}

/* The sums, then the list of totals, then the parts; what is hidden already stays so. */
static bool division_hide(struct division *division, const struct cover *cover, double minimum)
{
    size_t rows = division->rows, columns = division->columns;
    const struct suppression sums = {.rows = 1,
                                     .columns = columns,
                                     .counts = division->sums,
                                     .minimum = minimum,
                                     .column_total_hidden = division->everything};
    const struct suppression list = {.rows = 1,
                                     .columns = rows,
                                     .counts = division->totals,
                                     .minimum = minimum,
                                     .column_total_hidden = division->everything};
    const struct suppression parts = {.rows = rows,
                                      .columns = columns,
                                      .counts = division->counts,
                                      .minimum = minimum,
                                      .row_total_hidden = division->row_hidden,
                                      .column_total_hidden = rows > 1 ? division->column_hidden : division->everything};
    bool known = cover->decided[division->total];
    if (division->all > 0 && division->all < minimum) {
        memset(division->hidden, true, rows * columns * sizeof(bool));
        memset(division->row_hidden, true, rows * sizeof(bool));
        return true;
    }
    if (columns > 1 && !suppression_run(&sums, division->column_hidden))
        return false;
    if (!known && !suppression_run(&list, division->row_hidden))
        return false;
    if (columns == 1) {
        memcpy(division->hidden, division->row_hidden, rows * sizeof(bool));
        return true;
    }
    for (size_t row = 0; row < rows; row++) {
        bool adds = has_of_small_sum(division, row, minimum);
        for (size_t p = 0; p < columns; p++)
            division->hidden[row * columns + p] |= division->row_hidden[row] || (adds && division->column_hidden[p]);
    }
    return suppression_run(&parts, division->hidden);
}

static void division_cover(const struct division *division, struct cover *cover)
{
    const struct guarded_group *group = division->group;
    size_t columns = division->columns;
    for (size_t row = 0; row < division->rows; row++) {
        const bool *cells = &division->hidden[row * columns];
        bool any = division->row_hidden[row], rest = cells[columns - 1];
        for (size_t p = 0; p < columns; p++)
            any = any || cells[p];
        hidden_of(cover, division->total)[row] |= division->row_hidden[row] && !cover->decided[division->total];
        for (size_t p = 0; p < division->part_count; p++)
            hidden_of(cover, division->parts[p])[row] |= cells[p];
        if (division->share != SIZE_MAX)
            hidden_of(cover, division->share)[row] |= cells[columns - 2] || rest;
        for (size_t d = 0; group->derived && group->derived[d]; d++) {
            size_t column = column_index(cover->table, group->derived[d]);
            if (column != SIZE_MAX)
                hidden_of(cover, column)[row] |= any;
        }
    }
    cover->decided[division->total] = cover->shown[division->total] = true;
    for (size_t p = 0; p < division->part_count; p++)
        cover->decided[division->parts[p]] = cover->shown[division->parts[p]] = true;
    if (division->share != SIZE_MAX)
        cover->shown[division->share] = true;
    for (size_t d = 0; group->derived && group->derived[d]; d++)
        if (column_index(cover->table, group->derived[d]) != SIZE_MAX)
            cover->shown[column_index(cover->table, group->derived[d])] = true;
}

static bool group_guard(struct cover *cover, const struct guarded_group *group, double minimum)
{
    struct division division;
    bool done = division_init(&division, cover, group);
    if (done && division.total != SIZE_MAX) {
        division_fill(&division, cover->table);
        for (size_t row = 0; row < division.rows; row++)
            division.row_hidden[row] = is_within_hidden(&division, cover, row);
        if (division.rows * division.columns > SUPPRESSION_CELLS_MAX) {
            memset(division.hidden, true, division.rows * division.columns * sizeof(bool));
            memset(division.row_hidden, true, division.rows * sizeof(bool));
        } else {
            for (double step = 2; done && step <= minimum; step++)
                done = division_hide(&division, cover, step);
        }
        division_cover(&division, cover);
    }
    division_release(&division);
    return done;
}

/* --------------------------------------------------------------------------------------------------------- whole results */
static void row_free(struct table *table, size_t row)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (table->columns[c].is_text) {
            free(table->columns[c].texts[row]);
            table->columns[c].texts[row] = NULL;
        }
}

static void rows_keep(struct table *table, const char *family)
{
    size_t count, kept = 0;
    const struct guarded_rows *rows = guarded_rows(&count);
    for (size_t r = 0; r < count; r++) {
        const struct column *names = table_column(table, rows[r].column);
        if (strcmp(rows[r].family, family) != 0 || strcmp(rows[r].table, table->name) != 0 || !names || !names->is_text)
            continue;
        for (size_t row = 0; row < table->row_count; row++) {
            if (names->texts[row]) {
                row_free(table, row);
                continue;
            }
            for (size_t c = 0; c < table->column_count && kept != row; c++) {
                struct column *column = &table->columns[c];
                if (column->is_text) {
                    column->texts[kept] = column->texts[row];
                    column->texts[row] = NULL;
                } else {
                    column->numbers[kept] = column->numbers[row];
                }
            }
            kept++;
        }
        table->row_count = kept;
    }
}

static void rows_drop(struct table *table)
{
    table->withheld = true;
    for (size_t row = 0; row < table->row_count; row++)
        row_free(table, row);
    table->row_count = 0;
}

static bool table_guard(struct result *result, struct table *table, double minimum)
{
    const char *family = result->card.family;
    size_t group_count, free_count;
    const struct guarded_group *groups = guarded_groups(&group_count);
    const struct guarded_free *unguarded = guarded_free(&free_count);
    struct cover cover;
    bool listed = false, done;
    rows_keep(table, family);
    done = cover_init(&cover, table);
    for (size_t g = 0; done && g < group_count; g++)
        if (strcmp(groups[g].family, family) == 0 && strcmp(groups[g].table, table->name) == 0) {
            listed = true;
            done = group_guard(&cover, &groups[g], minimum);
        }
    for (size_t f = 0; done && f < free_count; f++)
        if (strcmp(unguarded[f].family, family) == 0 && strcmp(unguarded[f].table, table->name) == 0) {
            listed = true;
            for (size_t c = 0; unguarded[f].columns[c]; c++)
                if (column_index(table, unguarded[f].columns[c]) != SIZE_MAX)
                    cover.shown[column_index(table, unguarded[f].columns[c])] = true;
        }
    size_t hidden = done && listed ? cover_write(&cover) : 0;
    if (done && !listed)
        rows_drop(table);
    if (done && hidden)
        result_note(result,
                    "rows of %s in which a number stands for fewer than %.0f events, or one could be computed from the others, "
                    "do not show them: %zu",
                    table->name, minimum, hidden);
    cover_release(&cover);
    return done;
}

/* Counts in words. */
static void card_guard(struct card *card)
{
    size_t kept = 0;
    for (size_t i = 0; i < card->note_count; i++) {
        const char *digit = card->notes[i];
        while (digit && *digit && !isdigit((unsigned char)*digit))
            digit++;
        if (digit && *digit)
            free(card->notes[i]);
        else
            card->notes[kept++] = card->notes[i];
    }
    card->note_count = kept;
    kept = 0;
    for (size_t i = 0; i < card->entry_count; i++) {
        if (strcmp(card->entries[i].key, "requests") == 0) {
            free(card->entries[i].key);
            free(card->entries[i].value);
        } else {
            card->entries[kept++] = card->entries[i];
        }
    }
    card->entry_count = kept;
}

bool disclosure_apply(struct result *const *results, size_t count, double minimum)
{
    for (size_t i = 0; i < count; i++) {
        struct result *result = results[i];
        if (!result || !is_guarded(result->card.family))
            continue;
        card_guard(&result->card);
        for (size_t t = 0; t < result->table_count; t++)
            if (!table_guard(result, &result->tables[t], minimum))
                return false;
        if (result_failed(result))
            return false;
    }
    return true;
}
