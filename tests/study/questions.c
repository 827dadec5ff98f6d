/* SPDX-License-Identifier: GPL-3.0-or-later
 * The questions, as one table; the planted ones are those of simulate_plan_default: SD is slow, everything passes through KDD,
 * velferd and kunnskap need each other and do not meet.
 */
#include "questions.h"

#include "public_bodies.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP_A "kunnskap" /* in the order of the tables */
#define GAP_B "velferd"

static const struct column *column_of(const struct result *result, const char *table, const char *name)
{
    const struct table *found = result_table(result, table);
    const struct column *column = found ? table_column(found, name) : NULL;
    if (column)
        return column;
    fprintf(stderr, "study: %s has no %s in %s\n", result->card.family, name, table);
    exit(2);
}

static size_t rows_of(const struct result *result, const char *table)
{
    return result_table(result, table)->row_count;
}

/* The row in which these text columns have these values; SIZE_MAX = none. */
static size_t row_of(const struct result *result, const char *table, const char *first, const char *first_value,
                     const char *second, const char *second_value)
{
    const struct column *a = column_of(result, table, first), *b = second ? column_of(result, table, second) : NULL;
    for (size_t r = 0; r < rows_of(result, table); r++)
        if (a->texts[r] && strcmp(a->texts[r], first_value) == 0 &&
            (!b || (b->texts[r] && strcmp(b->texts[r], second_value) == 0)))
            return r;
    return SIZE_MAX;
}

static double cell(const struct result *result, const char *table, const char *name, size_t row)
{
    return row == SIZE_MAX ? NAN : column_of(result, table, name)->numbers[row];
}

static const char *key_of(const char *abbreviation)
{
    return public_bodies[public_body_find(abbreviation)].orgnr;
}

static enum question_answer under_level(double p)
{
    return isnan(p) ? ANSWER_NONE : p < QUESTION_LEVEL ? ANSWER_YES : ANSWER_NO;
}

static enum question_answer any_under_level(const struct result *result, const char *table, const char *name)
{
    const struct column *column = column_of(result, table, name);
    enum question_answer answer = ANSWER_NONE;
    for (size_t r = 0; r < rows_of(result, table); r++)
        if (under_level(column->numbers[r]) > answer)
            answer = under_level(column->numbers[r]);
    return answer;
}

/* ---------------------------------------------------------------------------------------------------------------- time */
static enum question_answer slow_is_called(const struct result *result)
{
    size_t row = row_of(result, "time", "actor", key_of("SD"), NULL, NULL);
    enum question_answer answer = under_level(cell(result, "time", "q", row));
    return answer == ANSWER_YES && cell(result, "time", "answer_rate_ratio", row) >= 1 ? ANSWER_NO : answer;
}

static enum question_answer one_actor(const struct result *result)
{
    return under_level(cell(result, "time", "p", row_of(result, "time", "actor", key_of("SD"), NULL, NULL)));
}

static enum question_answer any_actor(const struct result *result)
{
    return any_under_level(result, "time", "q");
}

static enum question_answer all_actors(const struct result *result)
{
    return any_under_level(result, "logrank", "p");
}

/* ------------------------------------------------------------------------------------------------------------- the hub */
/* KDD alone has the largest value. */
static enum question_answer is_first(const struct result *result, const char *table, const char *name)
{
    const struct column *column = column_of(result, table, name);
    size_t row = row_of(result, table, "actor", key_of("KDD"), NULL, NULL);
    if (row == SIZE_MAX || isnan(column->numbers[row]))
        return ANSWER_NONE;
    for (size_t r = 0; r < rows_of(result, table); r++)
        if (r != row && column->numbers[r] >= column->numbers[row])
            return ANSWER_NO;
    return ANSWER_YES;
}

static enum question_answer first_in_betweenness(const struct result *result)
{
    return is_first(result, "centrality", "betweenness");
}

static enum question_answer first_in_fragmentation(const struct result *result)
{
    return is_first(result, "keyplayers", "distance_fragmentation");
}

static enum question_answer first_in_weighted_loss(const struct result *result)
{
    return is_first(result, "keyplayers", "efficiency_loss_w");
}

/* ------------------------------------------------------------------------------------------------------------- the gap */
static size_t gap_row(const struct result *result, const char *table)
{
    return row_of(result, table, "sector_a", GAP_A, "sector_b", GAP_B);
}

static enum question_answer gap_is_called(const struct result *result)
{
    size_t row = gap_row(result, "gaps");
    enum question_answer answer = under_level(cell(result, "gaps", "q_configuration", row));
    return answer == ANSWER_YES && cell(result, "gaps", "z_configuration", row) >= 0 ? ANSWER_NO : answer;
}

static enum question_answer gap_is_lowest(const struct result *result)
{
    size_t row = gap_row(result, "gaps");
    return row == SIZE_MAX ? ANSWER_NONE : row == 0 ? ANSWER_YES : ANSWER_NO; /* rows are sorted, the least connected first */
}

static enum question_answer need_gap_is_called(const struct result *result)
{
    return under_level(cell(result, "sectors", "q_low", gap_row(result, "sectors")));
}

/* The pair of actors at the head of what is needed and missing is of the two sectors. */
static enum question_answer need_gap_is_first(const struct result *result)
{
    const struct column *rank = column_of(result, "need", "rank");
    const struct column *a = column_of(result, "need", "sector_a"), *b = column_of(result, "need", "sector_b");
    for (size_t r = 0; r < rows_of(result, "need"); r++)
        if (rank->numbers[r] == 1 && a->texts[r] && b->texts[r])
            return (strcmp(a->texts[r], GAP_A) == 0 && strcmp(b->texts[r], GAP_B) == 0) ||
                           (strcmp(a->texts[r], GAP_B) == 0 && strcmp(b->texts[r], GAP_A) == 0)
                       ? ANSWER_YES
                       : ANSWER_NO;
    return ANSWER_NO; /* nothing is missing */
}

/* ------------------------------------------------------------------------------------------------------ nothing to find */
static enum question_answer one_pair_of_sectors(const struct result *result)
{
    return under_level(cell(result, "gaps", "p_configuration", gap_row(result, "gaps")));
}

static enum question_answer one_pair_by_weight(const struct result *result)
{
    return under_level(cell(result, "gaps", "p", gap_row(result, "gaps")));
}

static enum question_answer any_pair_of_sectors(const struct result *result)
{
    return any_under_level(result, "gaps", "q_configuration");
}

/* Two sectors are said to have too little contact. */
static enum question_answer any_gap(const struct result *result)
{
    const double *q = column_of(result, "gaps", "q_configuration")->numbers;
    const double *z = column_of(result, "gaps", "z_configuration")->numbers;
    const double *within = column_of(result, "gaps", "within")->numbers;
    enum question_answer answer = ANSWER_NONE;
    for (size_t r = 0; r < rows_of(result, "gaps"); r++) {
        enum question_answer called = under_level(q[r]);
        if (called == ANSWER_YES && (within[r] || z[r] >= 0))
            called = ANSWER_NO;
        answer = called > answer ? called : answer;
    }
    return answer;
}

static enum question_answer ei(const struct result *result)
{
    return any_under_level(result, "ei", "ei_p");
}

static enum question_answer one_broker(const struct result *result)
{
    return under_level(cell(result, "roles", "p", row_of(result, "roles", "actor", key_of("KDD"), "role", "liaison")));
}

static enum question_answer any_broker(const struct result *result)
{
    return any_under_level(result, "roles", "q");
}

static enum question_answer sector_relation(const struct result *result)
{
    return under_level(cell(result, "relations", "p", row_of(result, "relations", "term", "sector", NULL, NULL)));
}

/* --------------------------------------------------------------------------------------------------------------- the table */
#define TRUTH(text, held, f, l, c, a)                                                                                          \
    {                                                                                                                          \
        .name = text, .kind = ASKED_OF_TRUTH, .promise = {held}, .family = f, .period = l, .choices = c, .ask = a              \
    }
#define CHANCE(text, held, f, l, c, a)                                                                                         \
    {                                                                                                                          \
        .name = text, .kind = ASKED_OF_CHANCE, .promise = {held}, .family = f, .period = l, .choices = c, .ask = a             \
    }
#define SECTORS(text, f, l, c, a)                                                                                              \
    {                                                                                                                          \
        .name = text, .kind = ASKED_OF_CHANCE, .promise = {PROMISE_NOTHING, PROMISE_NOMINAL}, .of_sectors = true, .family = f, \
        .period = l, .choices = c, .ask = a                                                                                    \
    }

#define STRATA_ALL    "strata=none"
#define STRATA_STAGES "strata=stage"
#define STRATA_WITHIN "strata=request"

static const struct question table[] = {
    TRUTH("time.slow", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_ALL, slow_is_called),
    CHANCE("time.one", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_ALL, one_actor),
    CHANCE("time.any", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_ALL, any_actor),
    CHANCE("time.all", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_ALL, all_actors),
    TRUTH("time.slow.stage", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_STAGES, slow_is_called),
    CHANCE("time.one.stage", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_STAGES, one_actor),
    CHANCE("time.any.stage", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_STAGES, any_actor),
    CHANCE("time.all.stage", PROMISE_NOTHING, "time", PERIOD_YEAR, STRATA_STAGES, all_actors),
    TRUTH("time.slow.request", PROMISE_FOUND, "time", PERIOD_YEAR, STRATA_WITHIN, slow_is_called),
    CHANCE("time.one.request", PROMISE_NOMINAL, "time", PERIOD_YEAR, STRATA_WITHIN, one_actor),
    CHANCE("time.any.request", PROMISE_NOMINAL, "time", PERIOD_YEAR, STRATA_WITHIN, any_actor),
    CHANCE("time.all.request", PROMISE_NOMINAL, "time", PERIOD_YEAR, STRATA_WITHIN, all_actors),
    TRUTH("centrality.first", PROMISE_FOUND, "centrality", PERIOD_YEAR, "", first_in_betweenness),
    TRUTH("centrality.first.meeting", PROMISE_FOUND, "centrality", PERIOD_MEETINGS, "", first_in_betweenness),
    TRUTH("keyplayers.first.distance", PROMISE_NOTHING, "keyplayers", PERIOD_YEAR, "sets=none", first_in_fragmentation),
    TRUTH("keyplayers.first.weighted", PROMISE_FOUND, "keyplayers", PERIOD_YEAR, "sets=none", first_in_weighted_loss),
    TRUTH("keyplayers.first.distance.meeting", PROMISE_FOUND, "keyplayers", PERIOD_MEETINGS, "sets=none",
          first_in_fragmentation),
    TRUTH("keyplayers.first.weighted.meeting", PROMISE_FOUND, "keyplayers", PERIOD_MEETINGS, "sets=none",
          first_in_weighted_loss),
    TRUTH("gaps.pair", PROMISE_FOUND, "gaps", PERIOD_YEAR, "", gap_is_called),
    TRUTH("gaps.lowest", PROMISE_FOUND, "gaps", PERIOD_YEAR, "", gap_is_lowest),
    SECTORS("gaps.one", "gaps", PERIOD_YEAR, "", one_pair_of_sectors),
    SECTORS("gaps.one.weight", "gaps", PERIOD_YEAR, "", one_pair_by_weight),
    SECTORS("gaps.any", "gaps", PERIOD_YEAR, "", any_pair_of_sectors),
    SECTORS("gaps.any.gap", "gaps", PERIOD_YEAR, "", any_gap),
    TRUTH("gaps.pair.meeting", PROMISE_FOUND, "gaps", PERIOD_MEETINGS, "", gap_is_called),
    SECTORS("gaps.one.meeting", "gaps", PERIOD_MEETINGS, "", one_pair_of_sectors),
    SECTORS("gaps.any.meeting", "gaps", PERIOD_MEETINGS, "", any_pair_of_sectors),
    TRUTH("need.pair", PROMISE_FOUND, "need", PERIOD_YEAR, "", need_gap_is_called),
    TRUTH("need.pair.meeting", PROMISE_FOUND, "need", PERIOD_MEETINGS, "", need_gap_is_called),
    TRUTH("need.first.meeting", PROMISE_FOUND, "need", PERIOD_MEETINGS, "", need_gap_is_first),
    SECTORS("relations.sector.meeting", "relations", PERIOD_MEETINGS, "with=sector", sector_relation),
    SECTORS("relations.sector", "relations", PERIOD_YEAR, "with=sector", sector_relation),
    TRUTH("gaps.pair.month", PROMISE_NOTHING, "gaps", PERIOD_MONTH_MEETINGS, "", gap_is_called),
    SECTORS("gaps.one.month", "gaps", PERIOD_MONTH_MEETINGS, "", one_pair_of_sectors),
    SECTORS("gaps.any.month", "gaps", PERIOD_MONTH_MEETINGS, "", any_pair_of_sectors),
    SECTORS("gaps.ei.month", "gaps", PERIOD_MONTH_MEETINGS, "", ei),
    TRUTH("centrality.first.month", PROMISE_NOTHING, "centrality", PERIOD_MONTH_MEETINGS, "", first_in_betweenness),
    TRUTH("need.pair.month", PROMISE_NOTHING, "need", PERIOD_MONTH_MEETINGS, "", need_gap_is_called),
    SECTORS("brokerage.one.month", "brokerage", PERIOD_MONTH_MEETINGS, "", one_broker),
    SECTORS("brokerage.any.month", "brokerage", PERIOD_MONTH_MEETINGS, "", any_broker),
    SECTORS("relations.sector.month", "relations", PERIOD_MONTH_MEETINGS, "with=sector", sector_relation),
    SECTORS("relations.sector.kind.month", "relations", PERIOD_MONTH_MEETINGS, "with=sector,kind", sector_relation),
};

const struct question *questions(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof table[0];
    return table;
}
