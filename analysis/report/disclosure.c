/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of what is guarded, and its suppression.
 */
#include "disclosure.h"

#include "suppression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 10

#define ONLY(...)      ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING_ELSE   ((const char *const[]){NULL})
#define INTERVAL(name) name, name "_low", name "_high"
#define KINDS          "kind_objection", "kind_disagreement", "kind_postponement", "kind_new_study", "kind_silence", "kind_withdrawn"

#define ANSWERS      "answered", "pending", "ended_otherwise"
#define FULFILMENTS  "in_time", "missing", "late", "short", "undated", "unknown"
#define OF_DEADLINES ONLY(INTERVAL("unanswered_at_deadline"), INTERVAL("answered_by_deadline"))
#define OF_LAST      ONLY("last_share", "marginal_delay_days", "marginal_delay_mean", "waiting_share", "waiting_share_only")
#define OF_TIMED     ONLY(INTERVAL("earliness"), INTERVAL("earliness_median"))

static const struct guarded {
    const char *family, *table;
    const char *total;            /* events behind the row */
    const char *parts[PARTS_MAX]; /* of them; NULL-ended */
    const char *const *dependent; /* columns computed from them; NULL = all that are numbers */
} guarded[] = {
    /* what is a part before what it is the total of */
    {"time", "time", "requests", {ANSWERS, NULL}, NULL},
    {"time", "stages", "requests", {ANSWERS, NULL}, NULL},
    {"time", "layers", "requests", {ANSWERS, NULL}, NULL},
    {"time", "all", "requests", {ANSWERS, NULL}, NULL},
    {"time", "time", "with_deadline", {NULL}, OF_DEADLINES},
    {"time", "stages", "with_deadline", {NULL}, OF_DEADLINES},
    {"time", "layers", "with_deadline", {NULL}, OF_DEADLINES},
    {"time", "all", "with_deadline", {NULL}, OF_DEADLINES},
    {"time", "time", "complete_requests", {"last", NULL}, OF_LAST},
    {"time", "time", "in_progress", {"overdue", NULL}, NOTHING_ELSE},
    {"time", "little", "arrivals", {"open", NULL}, NULL},
    {"time", "pairs", "requests_a", {"answered_a", NULL}, NULL},
    {"time", "pairs", "requests_b", {"answered_b", NULL}, NULL},
    {"bottlenecks",
     "bottlenecks",
     "requests",
     {ANSWERS, NULL},
     ONLY("competing", INTERVAL("median_days"), INTERVAL("rmst_days"), INTERVAL("answered_by_deadline"),
          INTERVAL("unanswered_at_deadline"), "with_deadline", "overdue", "complete_requests", "last", "last_share",
          "marginal_delay_days", "waiting_share", "waiting_share_only")},
    {"bottlenecks", "bottlenecks", "with_deadline", {NULL}, OF_DEADLINES},
    {"bottlenecks", "bottlenecks", "complete_requests", {"last", NULL}, OF_LAST},
    {"bottlenecks", "bottlenecks", "overdue", {NULL}, NOTHING_ELSE},
    {"duty", "duty", "due", {FULFILMENTS, NULL}, NULL},
    {"duty", "rules", "due", {FULFILMENTS, NULL}, NULL},
    {"duty", "actors", "due", {FULFILMENTS, NULL}, ONLY(INTERVAL("fulfilled"))},
    {"duty", "summary", "due", {FULFILMENTS, NULL}, ONLY(INTERVAL("fulfilled"))},
    {"duty", "actors", "consulted", {"consulted_beyond", NULL}, ONLY("strength_ratio_mandatory")},
    {"duty", "actors", "consulted_expected", {NULL}, ONLY("strength_ratio_mandatory")},
    {"objections", "stages", "objections", {KINDS, NULL}, NULL},
    {"objections", "objections", "objections", {NULL}, NULL},
    {"objections", "objections", "objections", {KINDS, NULL}, NOTHING_ELSE},
    {"objections", "objections", "requests", {"answered", NULL}, ONLY(INTERVAL("objection_rate_all"))},
    {"objections", "objections", "answered", {"objecting_answers", NULL}, ONLY(INTERVAL("objection_rate"))},
    {"objections", "objections", "received", {NULL}, NOTHING_ELSE},
    {"objections", "objections", "placed", {"late", NULL}, ONLY(INTERVAL("late_share"), "late_renewed")},
    {"objections", "objections", "escalated", {"resolved", NULL}, NOTHING_ELSE},
    {"objections", "objections", "escalated", {"to_conference", NULL}, ONLY(INTERVAL("to_conference_share"))},
    {"objections", "objections", "deadlines_passed", {"silent", NULL}, ONLY(INTERVAL("silent_share"))},
    {"objections", "levels", "lifted_to", {"resolved_at", NULL}, NULL},
    {"objections", "all", "objections", {"late", "escalated", NULL}, NULL},
    {"righttime", "righttime", "involvements", {NULL}, NULL},
    {"righttime", "stages", "involvements", {NULL}, NULL},
    {"righttime", "all", "involvements", {NULL}, NULL},
    {"righttime", "righttime", "placed", {"late", NULL}, NULL},
    {"righttime", "stages", "placed", {"late", NULL}, NULL},
    {"righttime", "all", "placed", {"late", NULL}, NULL},
    {"righttime", "righttime", "timed", {NULL}, OF_TIMED},
    {"righttime", "stages", "timed", {NULL}, OF_TIMED},
    {"righttime", "all", "timed", {NULL}, OF_TIMED},
    {"righttime", "deadlines", "with_deadline", {"long_enough", "agreed", "too_short", NULL}, NULL},
    {"righttime", "order", "cases", {"in_order", "out_of_order", NULL}, NULL},
    {"case", "cases", "requests", {"in_time", "late", "pending", "overdue", "ended", NULL}, ONLY("answered")},
    {"case", "cases", "objections", {NULL}, NOTHING_ELSE},
    {"case", "cases", "escalations", {NULL}, NOTHING_ELSE},
    {"case", "summary", "cases", {"decided", NULL}, NOTHING_ELSE},
    {"case", "summary", "due", {"kept", NULL}, ONLY(INTERVAL("kept_share"))},
    {"case", "summary", "cases", {"objected", NULL}, ONLY(INTERVAL("objected_share"))},
    {"case", "summary", "cases", {"lifted", NULL}, ONLY(INTERVAL("lifted_share"))},
};
#define GUARDED (sizeof guarded / sizeof guarded[0])

/* Tables of single cases, or of single events; and one whose rows are parts of rows of another. */
static const char *const left_out[][2] = {
    {"duty", "cases"}, {"time", "curves"}, {"righttime", "first"}, {"case", "timeline"}, {"case", "participants"}};

static double *numbers_of(const struct table *table, const char *name)
{
    const struct column *column = name ? table_column(table, name) : NULL;
    return column && !column->is_text ? column->numbers : NULL;
}

static bool is_small(double count, double minimum)
{
    return count > 0 && count < minimum;
}

/* What a row's hidden cell says something about. */
static void dependents_hide(const struct table *table, const struct guarded *row, size_t at)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        bool part = column->is_text || strcmp(column->name, row->total) == 0, depends = !row->dependent;
        for (size_t p = 0; row->parts[p] && !part; p++)
            part = strcmp(column->name, row->parts[p]) == 0;
        for (size_t d = 0; row->dependent && row->dependent[d] && !depends; d++)
            depends = strcmp(column->name, row->dependent[d]) == 0;
        if (!part && depends)
            column->numbers[at] = NAN;
    }
}

struct cells {
    double *counts;
    bool *hidden, *total_hidden;
};

static void cells_release(struct cells *cells)
{
    free(cells->counts);
    free(cells->hidden);
    free(cells->total_hidden);
}

/* Parts and what is left of the total, as a table of counts; what is not known is none. A total that is not known may be one
 * that was hidden before, which could be computed from its parts and what depends on it. */
static void cells_fill(struct cells *cells, const struct table *table, const double *total, double *const *parts, size_t count,
                       double minimum)
{
    for (size_t row = 0; row < table->row_count; row++) {
        double left = isfinite(total[row]) ? floor(total[row]) : 0;
        cells->total_hidden[row] = is_small(total[row], minimum) || isnan(total[row]);
        for (size_t p = 0; p < count; p++) {
            double number = isfinite(parts[p][row]) ? floor(fmin(parts[p][row], left)) : 0;
            cells->counts[row * (count + 1) + p] = number;
            left -= number;
        }
        cells->counts[row * (count + 1) + count] = left;
        for (size_t p = 0; p <= count; p++)
            cells->hidden[row * (count + 1) + p] = cells->total_hidden[row];
    }
}

static bool table_guard(struct result *result, const struct guarded *row, double minimum)
{
    const struct table *table = result_table(result, row->table);
    double *total = table ? numbers_of(table, row->total) : NULL, *parts[PARTS_MAX];
    size_t count = 0, hidden = 0;
    for (size_t p = 0; total && row->parts[p]; p++)
        if ((parts[count] = numbers_of(table, row->parts[p])) != NULL)
            count++;
    if (!total || table->row_count == 0)
        return true;
    size_t columns = count + 1;
    struct cells cells = {.counts = calloc(table->row_count * columns, sizeof *cells.counts),
                          .hidden = calloc(table->row_count * columns, sizeof *cells.hidden),
                          .total_hidden = calloc(table->row_count, sizeof *cells.total_hidden)};
    bool done = cells.counts && cells.hidden && cells.total_hidden;
    if (done) {
        cells_fill(&cells, table, total, parts, count, minimum);
        const struct suppression suppression = {.rows = table->row_count,
                                                .columns = columns,
                                                .counts = cells.counts,
                                                .minimum = minimum,
                                                .row_total_hidden = cells.total_hidden};
        bool whole = table->row_count * columns <= SUPPRESSION_CELLS_MAX;
        if (whole)
            done = suppression_run(&suppression, cells.hidden);
        for (size_t at = 0; done && at < table->row_count; at++) {
            bool any = cells.total_hidden[at], known = !isnan(total[at]);
            for (size_t p = 0; p < columns; p++) {
                any = any || cells.hidden[at * columns + p] || !whole;
                if (p < count && (cells.hidden[at * columns + p] || !whole))
                    parts[p][at] = NAN;
            }
            if (cells.total_hidden[at] || (!whole && total[at] > 0))
                total[at] = NAN;
            if (any)
                dependents_hide(table, row, at);
            hidden += any && known;
        }
    }
    cells_release(&cells);
    if (done && hidden)
        result_note(result,
                    "rows of %s (%s) behind which stand fewer than %.0f events, and those they could be computed from, do not "
                    "show their numbers: %zu",
                    row->table, row->total, minimum, hidden);
    return done;
}

static void rows_drop(struct table *table)
{
    for (size_t c = 0; c < table->column_count; c++)
        for (size_t row = 0; table->columns[c].is_text && row < table->row_count; row++)
            free(table->columns[c].texts[row]);
    table->row_count = 0;
}

bool disclosure_apply(struct result *const *results, size_t count, double minimum)
{
    for (size_t i = 0; i < count; i++) {
        struct result *result = results[i];
        if (!result)
            continue;
        for (size_t g = 0; g < GUARDED; g++)
            if (strcmp(guarded[g].family, result->card.family) == 0 && !table_guard(result, &guarded[g], minimum))
                return false;
        for (size_t t = 0; t < result->table_count; t++)
            for (size_t l = 0; l < sizeof left_out / sizeof left_out[0]; l++)
                if (strcmp(left_out[l][0], result->card.family) == 0 && strcmp(left_out[l][1], result->tables[t].name) == 0)
                    rows_drop(&result->tables[t]);
        if (result_failed(result))
            return false;
    }
    return true;
}
