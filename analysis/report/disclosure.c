/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of what is guarded, and its suppression.
 */
#include "disclosure.h"

#include "suppression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 10

static const struct guarded {
    const char *family, *table;
    const char *total;            /* events behind the row */
    const char *parts[PARTS_MAX]; /* of them; NULL-ended */
    const char *const *dependent; /* columns computed from them; NULL = all that are numbers */
} guarded[] = {
#define REPLIES                                                                                                                \
    {                                                                                                                          \
        "answered", "pending", "ended_otherwise", NULL                                                                         \
    }
    {"time", "time", "requests", REPLIES, NULL},
    {"time", "stages", "requests", REPLIES, NULL},
    {"time", "layers", "requests", REPLIES, NULL},
    {"time", "all", "requests", REPLIES, NULL},
    {"bottlenecks", "bottlenecks", "requests", REPLIES,
     (const char *const[]){"competing",
                           "median_days",
                           "median_days_low",
                           "median_days_high",
                           "rmst_days",
                           "rmst_days_low",
                           "rmst_days_high",
                           "with_deadline",
                           "answered_by_deadline",
                           "answered_by_deadline_low",
                           "answered_by_deadline_high",
                           "unanswered_at_deadline",
                           "unanswered_at_deadline_low",
                           "unanswered_at_deadline_high",
                           "overdue",
                           "complete_requests",
                           "last",
                           "last_share",
                           "marginal_delay_days",
                           "waiting_share",
                           "waiting_share_only",
                           NULL}},
#define DUTIES                                                                                                                 \
    {                                                                                                                          \
        "in_time", "missing", "late", "short", "undated", "unknown", NULL                                                      \
    }
    {"duty", "duty", "due", DUTIES, NULL},
    {"duty", "rules", "due", DUTIES, NULL},
    {"objections",
     "stages",
     "objections",
     {"kind_objection", "kind_disagreement", "kind_postponement", "kind_new_study", "kind_silence", "kind_withdrawn", NULL},
     NULL},
    {"objections", "objections", "objections", {NULL}, NULL},
    {"objections", "levels", "lifted_to", {"resolved_at", NULL}, NULL},
    {"objections", "all", "objections", {"late", "escalated", NULL}, NULL},
    {"righttime", "righttime", "placed", {"late", NULL}, NULL},
#define NOTHING_ELSE                                                                                                           \
    (const char *const[])                                                                                                      \
    {                                                                                                                          \
        NULL                                                                                                                   \
    }
    {"case",
     "cases",
     "requests",
     {"in_time", "late", "pending", "overdue", "ended", NULL},
     (const char *const[]){"answered", NULL}},
    {"case", "cases", "objections", {NULL}, NOTHING_ELSE},
    {"case", "cases", "escalations", {NULL}, NOTHING_ELSE},
    {"case", "summary", "cases", {"decided", NULL}, NOTHING_ELSE},
    {"case", "summary", "due", {"kept", NULL}, (const char *const[]){"kept_share", "kept_share_low", "kept_share_high", NULL}},
    {"case",
     "summary",
     "cases",
     {"objected", NULL},
     (const char *const[]){"objected_share", "objected_share_low", "objected_share_high", NULL}},
    {"case",
     "summary",
     "cases",
     {"lifted", NULL},
     (const char *const[]){"lifted_share", "lifted_share_low", "lifted_share_high", NULL}},
    {"righttime", "deadlines", "with_deadline", {"long_enough", "agreed", "too_short", NULL}, NULL},
};
#define GUARDED (sizeof guarded / sizeof guarded[0])

/* Tables of single cases, or of single events. */
static const char *const left_out[][2] = {
    {"duty", "cases"}, {"time", "curves"}, {"righttime", "cases"}, {"case", "timeline"}, {"case", "participants"}};

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

/* Parts and what is left of the total, as a table of counts; what is not known is none. */
static void cells_fill(struct cells *cells, const struct table *table, const double *total, double *const *parts, size_t count,
                       double minimum)
{
    for (size_t row = 0; row < table->row_count; row++) {
        double left = isfinite(total[row]) ? floor(total[row]) : 0;
        cells->total_hidden[row] = is_small(total[row], minimum);
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

/* What a row is about: its table, the total, the parts that are there. False: there is nothing. */
struct guarding {
    const struct table *table;
    double *total, *parts[PARTS_MAX];
    size_t count;
    bool whole; /* small enough to be made safe as a whole; else all of it is hidden */
};
static bool guarding_of(const struct result *result, const struct guarded *row, struct guarding *ret_guarding)
{
    struct guarding guarding = {.table = result_table(result, row->table)};
    guarding.total = guarding.table ? numbers_of(guarding.table, row->total) : NULL;
    for (size_t p = 0; guarding.total && row->parts[p]; p++)
        if ((guarding.parts[guarding.count] = numbers_of(guarding.table, row->parts[p])) != NULL)
            guarding.count++;
    guarding.whole = guarding.total && guarding.table->row_count * (guarding.count + 1) <= SUPPRESSION_CELLS_MAX;
    *ret_guarding = guarding;
    return guarding.total && guarding.table->row_count > 0;
}

/* Hides parts and dependents; totals stay, for other rows of the same. */
static bool table_guard(struct result *result, const struct guarded *row, double minimum)
{
    struct guarding guarding;
    if (!guarding_of(result, row, &guarding))
        return true;
    const struct table *table = guarding.table;
    size_t columns = guarding.count + 1, hidden = 0;
    struct cells cells = {.counts = calloc(table->row_count * columns, sizeof *cells.counts),
                          .hidden = calloc(table->row_count * columns, sizeof *cells.hidden),
                          .total_hidden = calloc(table->row_count, sizeof *cells.total_hidden)};
    bool done = cells.counts && cells.hidden && cells.total_hidden;
    if (done) {
        cells_fill(&cells, table, guarding.total, guarding.parts, guarding.count, minimum);
        const struct suppression suppression = {.rows = table->row_count,
                                                .columns = columns,
                                                .counts = cells.counts,
                                                .minimum = minimum,
                                                .row_total_hidden = cells.total_hidden};
        if (guarding.whole)
            done = suppression_run(&suppression, cells.hidden);
        for (size_t at = 0; done && at < table->row_count; at++) {
            bool any = cells.total_hidden[at];
            for (size_t p = 0; p < columns; p++) {
                bool hides = cells.hidden[at * columns + p] || !guarding.whole;
                any = any || hides;
                if (p < guarding.count && hides)
                    guarding.parts[p][at] = NAN;
            }
            if (any)
                dependents_hide(table, row, at);
            hidden += any;
        }
    }
    cells_release(&cells);
    if (done && hidden)
        result_note(result,
                    "rows of %s behind which stand fewer than %.0f events, and those they could be computed from, do not show "
                    "their numbers: %zu",
                    row->table, minimum, hidden);
    return done;
}

static void totals_guard(const struct result *result, const struct guarded *row, double minimum)
{
    struct guarding guarding;
    if (!guarding_of(result, row, &guarding))
        return;
    for (size_t at = 0; at < guarding.table->row_count; at++)
        if (is_small(guarding.total[at], minimum) || (!guarding.whole && guarding.total[at] > 0))
            guarding.total[at] = NAN;
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
        for (size_t g = 0; g < GUARDED; g++)
            if (strcmp(guarded[g].family, result->card.family) == 0)
                totals_guard(result, &guarded[g], minimum);
        for (size_t t = 0; t < result->table_count; t++)
            for (size_t l = 0; l < sizeof left_out / sizeof left_out[0]; l++)
                if (strcmp(left_out[l][0], result->card.family) == 0 && strcmp(left_out[l][1], result->tables[t].name) == 0)
                    rows_drop(&result->tables[t]);
        if (result_failed(result))
            return false;
    }
    return true;
}
