/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family righttime: how early each was involved, who turned up late, whether stages came in order and deadlines were long
 * enough.
 *
 * A case begins when it is said to have begun, else with its first interaction here. An actor is involved from the first
 * interaction that asks it, that it sends, or at which it is present; its owner does not count. Cases that began before the
 * period may have involved somebody unseen and are left out where that would matter.
 */
#include "deadline_rule.h"
#include "event.h"
#include "families.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* A case and an actor, and their first interaction. */
struct involvement {
    int32_t case_file, actor;
    size_t event; /* of the chronicle, which is in the order of time */
    double tau;   /* NaN where it is not defined */
    bool placed, late;
};
struct course {
    double start, decided;
    int32_t owner;
    bool cut;                  /* began before the period */
    double begun[SPEC_STAGES]; /* first request (or conference) of the stage; infinity = none */
    size_t consultation;       /* the event that begins consultation, SIZE_MAX = none */
};
struct gathered {
    const struct chronicle *chronicle;
    struct course *courses; /* by case */
    struct involvement *involvements;
    size_t count;
    double undecided, cut, outside;
};

enum {
    INVOLVED,
    TIMED,
    EARLINESS,
    EARLINESS_LOW,
    EARLINESS_HIGH,
    MEDIAN,
    MEDIAN_LOW,
    MEDIAN_HIGH,
    PLACED,
    LATE,
    LATE_SHARE,
    LATE_LOW,
    LATE_HIGH,
    COLUMNS
};
static const struct column_definition numbers[COLUMNS] = {
    [INVOLVED] = {"involvements", "", "cases and actors that took part in them, the owner left out", ""},
    [TIMED] = {"timed", "", "of these, in cases whose beginning and decision are known: the earliness is of them", ""},
    [EARLINESS] = {"earliness", "share",
                   "mean of (first involvement - beginning) / (decision - beginning): 0 at once, 1 when it was decided", ""},
    [EARLINESS_LOW] = {"earliness_low", "share", "lower end of the 95 % interval", "Student 1908"},
    [EARLINESS_HIGH] = {"earliness_high", "share", "upper end of the 95 % interval", "Student 1908"},
    [MEDIAN] = {"earliness_median", "share", "median of the same", ""},
    [MEDIAN_LOW] = {"earliness_median_low", "share", "lower end of the 95 % interval", "Thompson 1936"},
    [MEDIAN_HIGH] = {"earliness_median_high", "share", "upper end of the 95 % interval", "Thompson 1936"},
    [PLACED] = {"placed", "", "of the involvements, in cases whose consultation is seen to begin", ""},
    [LATE] = {"late", "", "of these, first involved after the consultation had begun: affected, and missed", ""},
    [LATE_SHARE] = {"late_share", "share", "late / placed", ""},
    [LATE_LOW] = {"late_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [LATE_HIGH] = {"late_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};

/* ------------------------------------------------------------------------------------------------------ gathering */
static int compare_involvements(const void *left, const void *right)
{
    const struct involvement *a = left, *b = right;
    if (a->case_file != b->case_file)
        return a->case_file < b->case_file ? -1 : 1;
    if (a->actor != b->actor)
        return a->actor < b->actor ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

static int stage_of(const struct chronicle_event *event)
{
    return event->stage >= 0 && event->stage < SPEC_STAGES ? event->stage : 0;
}

static void begin_courses(struct gathered *gathered, int32_t from_day)
{
    const struct chronicle *chronicle = gathered->chronicle;
    for (size_t c = 0; c < chronicle->case_count; c++) {
        struct course *course = &gathered->courses[c];
        *course = (struct course){.start = chronicle->cases[c].started_day,
                                  .decided = chronicle->cases[c].decided_day,
                                  .owner = chronicle->cases[c].owner,
                                  .consultation = SIZE_MAX};
        course->cut = course->start < from_day;
        for (size_t s = 0; s < SPEC_STAGES; s++)
            course->begun[s] = INFINITY;
    }
    for (size_t e = 0; e < chronicle->event_count; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        if (event->case_file < 0)
            continue;
        struct course *course = &gathered->courses[event->case_file];
        const struct chronicle_part *parts = chronicle_parts(chronicle, event);
        int stage = stage_of(event);
        if (isnan(course->start))
            course->start = event->time_day;
        /* A meeting about what was asked is no new beginning; conferences and councils are not asked for. */
        if (event->kind == EVENT_REQUEST || stage >= STAGE_GOVERNMENT_CONFERENCE)
            course->begun[stage] = fmin(course->begun[stage], event->time_day);
        if (stage == STAGE_CONSULTATION && event->kind == EVENT_REQUEST && course->consultation == SIZE_MAX)
            course->consultation = e;
        for (uint32_t p = 0; p < event->part_count && event->kind == EVENT_REQUEST; p++)
            if (course->owner == CHRONICLE_NO_ACTOR && parts[p].side == SIDE_FROM)
                course->owner = parts[p].actor;
    }
}

static void place(struct gathered *gathered, struct involvement *involvement)
{
    const struct course *course = &gathered->courses[involvement->case_file];
    double first = gathered->chronicle->events[involvement->event].time_day;
    involvement->tau = NAN;
    if (course->cut) {
        gathered->cut++;
        return;
    }
    involvement->placed = course->consultation != SIZE_MAX;
    involvement->late = involvement->placed && involvement->event > course->consultation &&
                        first > gathered->chronicle->events[course->consultation].time_day;
    if (!(course->decided > course->start)) {
        gathered->undecided++; /* or decided on the day it began: nothing to be early in */
        return;
    }
    double tau = (first - course->start) / (course->decided - course->start);
    gathered->outside += tau > 1;
    if (tau <= 1)
        involvement->tau = fmax(0, tau);
}

static bool gather(struct gathered *gathered, int32_t from_day)
{
    const struct chronicle *chronicle = gathered->chronicle;
    gathered->courses = calloc(chronicle->case_count + 1, sizeof *gathered->courses);
    gathered->involvements = malloc((chronicle->part_count + 1) * sizeof *gathered->involvements);
    if (!gathered->courses || !gathered->involvements)
        return false;
    begin_courses(gathered, from_day);
    size_t count = 0, kept = 0;
    for (size_t e = 0; e < chronicle->event_count; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        const struct chronicle_part *parts = chronicle_parts(chronicle, event);
        for (uint32_t p = 0; p < event->part_count && event->case_file >= 0; p++)
            if (parts[p].side != SIDE_NONE && parts[p].actor != CHRONICLE_NO_ACTOR &&
                parts[p].actor != gathered->courses[event->case_file].owner)
                gathered->involvements[count++] =
                    (struct involvement){.case_file = event->case_file, .actor = parts[p].actor, .event = e};
    }
    if (count > 1)
        qsort(gathered->involvements, count, sizeof *gathered->involvements, compare_involvements);
    for (size_t i = 0; i < count; i++) {
        const struct involvement *one = &gathered->involvements[i];
        if (kept > 0 && gathered->involvements[kept - 1].case_file == one->case_file &&
            gathered->involvements[kept - 1].actor == one->actor)
            continue;
        gathered->involvements[kept] = *one;
        place(gathered, &gathered->involvements[kept++]);
    }
    gathered->count = kept;
    return true;
}

/* ------------------------------------------------------------------------------------------------------- summary */
static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Mean with Student's interval, median with the one between order statistics whose binomial coverage is at least 95 %; both
 * missing where there are too few. */
static void summarise(double *values, size_t count, double *const *columns, size_t row)
{
    columns[TIMED][row] = (double)count;
    if (count == 0)
        return;
    double sum = 0, squares = 0, n = (double)count;
    qsort(values, count, sizeof *values, compare_numbers);
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - sum / n) * (values[i] - sum / n);
    columns[EARLINESS][row] = sum / n;
    columns[MEDIAN][row] = (values[(count - 1) / 2] + values[count / 2]) / 2;
    if (count > 1) {
        double half = gsl_cdf_tdist_Pinv(0.975, n - 1) * sqrt(squares / (n - 1) / n);
        columns[EARLINESS_LOW][row] = fmax(0, sum / n - half);
        columns[EARLINESS_HIGH][row] = fmin(1, sum / n + half);
    }
    size_t below = 0; /* order statistics that can be given up at each end */
    while (below < count && gsl_cdf_binomial_P((unsigned)below, 0.5, (unsigned)count) <= 0.025)
        below++;
    if (below > 0) {
        columns[MEDIAN_LOW][row] = values[below - 1];
        columns[MEDIAN_HIGH][row] = values[count - below];
    }
}

enum grouping { BY_ACTOR, BY_STAGE, BY_OWNER, BY_NOTHING };

static int32_t group_of(const struct gathered *gathered, const struct involvement *involvement, enum grouping grouping)
{
    switch (grouping) {
    case BY_ACTOR:
        return involvement->actor;
    case BY_STAGE:
        return stage_of(&gathered->chronicle->events[involvement->event]);
    case BY_OWNER:
        return gathered->courses[involvement->case_file].owner;
    case BY_NOTHING:
        return 0;
    }
    return 0;
}

/* Rows 0 .. group_count - 1 of the columns. False: out of memory. */
static bool fill(const struct gathered *gathered, enum grouping grouping, size_t group_count, double *const *columns)
{
    size_t *start = calloc(group_count + 2, sizeof *start);
    double *values = malloc((gathered->count + 1) * sizeof *values);
    if (!start || !values) {
        free(start);
        free(values);
        return false;
    }
    for (size_t g = 0; g < group_count; g++)
        columns[INVOLVED][g] = columns[PLACED][g] = columns[LATE][g] = 0;
    for (size_t i = 0; i < gathered->count; i++) {
        const struct involvement *involvement = &gathered->involvements[i];
        int32_t g = group_of(gathered, involvement, grouping);
        if (g < 0)
            continue;
        columns[INVOLVED][g]++;
        columns[PLACED][g] += involvement->placed;
        columns[LATE][g] += involvement->late;
        start[g + 2] += !isnan(involvement->tau);
    }
    for (size_t g = 2; g <= group_count + 1; g++)
        start[g] += start[g - 1];
    for (size_t i = 0; i < gathered->count; i++) {
        int32_t g = group_of(gathered, &gathered->involvements[i], grouping);
        if (g >= 0 && !isnan(gathered->involvements[i].tau))
            values[start[g + 1]++] = gathered->involvements[i].tau;
    }
    for (size_t g = 0; g < group_count; g++) {
        summarise(&values[start[g]], start[g + 1] - start[g], columns, g);
        families_proportion(&columns[LATE_SHARE], g, proportion_wilson(columns[LATE][g], columns[PLACED][g]));
    }
    free(start);
    free(values);
    return true;
}

/* -------------------------------------------------------------------------------------------------------- tables */
static const struct column_definition stage_text = {"stage", "", "stage of the case", ""};
static const struct column_definition stage_share[] = {
    {"first_share", "share", "share of all involvements that were first at this stage", ""},
    {"first_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    {"first_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};
static const struct column_definition actor_text = {"actor", "", "stable key of the actor", ""};
static const struct column_definition name_text = {"name", "", "name of the actor", ""};
static const struct column_definition count_number = {"involvements", "",
                                                      "cases in which the actor was first involved at this stage", ""};

static bool stage_table(const struct gathered *gathered, struct result *result)
{
    size_t table = result_add_table(result, "stages", SPEC_STAGES);
    char **texts = result_add_texts(result, table, &stage_text);
    double *columns[COLUMNS], *shares[3];
    if (!families_numbers(result, table, numbers, COLUMNS, columns) ||
        !families_numbers(result, table, stage_share, 3, shares) || !fill(gathered, BY_STAGE, SPEC_STAGES, columns))
        return false;
    for (size_t s = 0; s < SPEC_STAGES; s++) {
        result_set_text(result, &texts[s], spec_stage_name((unsigned)s));
        families_proportion(shares, s, proportion_wilson(columns[INVOLVED][s], (double)gathered->count));
    }
    return true;
}

/* At which stage each actor was first involved; rows that would be 0 are left out. */
static bool first_table(const struct gathered *gathered, const struct network *network, struct result *result)
{
    size_t n = network->actor_count, rows = 0, row = 0;
    double *counts = calloc(n * SPEC_STAGES + 1, sizeof *counts), *totals = calloc(n + 1, sizeof *totals);
    bool done = counts && totals;
    for (size_t i = 0; done && i < gathered->count; i++) {
        const struct involvement *one = &gathered->involvements[i];
        double *count = &counts[(size_t)one->actor * SPEC_STAGES + (size_t)group_of(gathered, one, BY_STAGE)];
        rows += !(*count > 0);
        (*count)++;
        totals[one->actor]++;
    }
    if (done) {
        size_t table = result_add_table(result, "first", rows);
        char **keys = result_add_texts(result, table, &actor_text), **names = result_add_texts(result, table, &name_text);
        char **stages = result_add_texts(result, table, &stage_text);
        double *count = result_add_numbers(result, table, &count_number), *shares[3];
        done = families_numbers(result, table, stage_share, 3, shares);
        for (size_t i = 0; done && i < n * SPEC_STAGES; i++) {
            if (!(counts[i] > 0))
                continue;
            const struct network_actor *actor = &network->actors[i / SPEC_STAGES];
            result_set_text(result, &keys[row], actor->key);
            result_set_text(result, &names[row], actor->label);
            result_set_text(result, &stages[row], spec_stage_name(i % SPEC_STAGES));
            count[row] = counts[i];
            families_proportion(shares, row, proportion_wilson(counts[i], totals[i / SPEC_STAGES]));
            row++;
        }
    }
    free(counts);
    free(totals);
    return done;
}

static const struct column_definition rule_text = {"rule", "", "name of the rule", ""};
static const struct column_definition source_text = {"source", "", "where the rule stands", ""};
enum { BOTH, IN_ORDER, REVERSED, ORDER_SHARE, ORDER_LOW, ORDER_HIGH, ONLY_LATER, ORDER_COLUMNS };
static const struct column_definition order_numbers[ORDER_COLUMNS] = {
    [BOTH] = {"cases", "", "cases that began in the period and in which both stages are seen", ""},
    [IN_ORDER] = {"in_order", "", "of these, with the first stage beginning before the other", ""},
    [REVERSED] = {"out_of_order", "", "of these, with the other stage beginning first or at the same moment", ""},
    [ORDER_SHARE] = {"in_order_share", "share", "in_order / cases", ""},
    [ORDER_LOW] = {"in_order_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [ORDER_HIGH] = {"in_order_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [ONLY_LATER] = {"without_the_first", "",
                    "cases with the other stage of which the first is not seen: it was skipped, or not reported", ""},
};

static bool order_table(const struct gathered *gathered, struct result *result)
{
    size_t rows;
    const struct stage_order *orders = stage_orders(&rows);
    size_t table = result_add_table(result, "order", rows);
    char **names = result_add_texts(result, table, &rule_text), **sources = result_add_texts(result, table, &source_text);
    double *columns[ORDER_COLUMNS];
    if (!families_numbers(result, table, order_numbers, ORDER_COLUMNS, columns))
        return false;
    for (size_t r = 0; r < rows; r++) {
        result_set_text(result, &names[r], orders[r].name);
        result_set_text(result, &sources[r], orders[r].source);
        columns[BOTH][r] = columns[IN_ORDER][r] = columns[REVERSED][r] = columns[ONLY_LATER][r] = 0;
        for (size_t c = 0; c < gathered->chronicle->case_count; c++) {
            const struct course *course = &gathered->courses[c];
            double first = course->begun[orders[r].first], then = course->begun[orders[r].then];
            if (course->cut || isinf(then))
                continue;
            columns[ONLY_LATER][r] += isinf(first);
            columns[BOTH][r] += !isinf(first);
            columns[IN_ORDER][r] += first < then;
            columns[REVERSED][r] += !isinf(first) && first >= then;
        }
        families_proportion(&columns[ORDER_SHARE], r, proportion_wilson(columns[IN_ORDER][r], columns[BOTH][r]));
    }
    return true;
}

enum { ASKED, WITH_DEADLINE, LONG_ENOUGH, AGREED, SHORT, KEPT, KEPT_LOW, KEPT_HIGH, RULE_COLUMNS };
static const struct column_definition rule_numbers[RULE_COLUMNS] = {
    [ASKED] = {"requests", "", "requests at the stage on a day the rule was in force, one for each addressee", ""},
    [WITH_DEADLINE] = {"with_deadline", "", "of these, with a deadline", ""},
    [LONG_ENOUGH] = {"long_enough", "",
                     "of these, with at least the time the rule demands, from the day of receipt (else sending)", ""},
    [AGREED] = {"agreed", "", "of the shorter ones, agreed where the rule allows that", ""},
    [SHORT] = {"too_short", "", "shorter, and not agreed", ""},
    [KEPT] = {"compliant_share", "share", "(long_enough + agreed) / with_deadline", ""},
    [KEPT_LOW] = {"compliant_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [KEPT_HIGH] = {"compliant_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};
static const struct column_definition asking_text = {"actor", "", "stable key of the actor that asks; empty: all together", ""};

/* Adds one request to the sums of its rule: of all and of the actor that asks. */
static void judge(const struct deadline_rule *rule, const struct chronicle_event *event, const struct chronicle_part *part,
                  double all[RULE_COLUMNS], double *asking)
{
    bool due = !isnan(part->deadline_day), agreed = rule->agreement_counts && part->deadline_agreed;
    double received = isnan(part->received_day) ? event->time_day : part->received_day;
    bool enough = due && floor(part->deadline_day) >= deadline_rule_earliest(rule, (int32_t)floor(received));
    double *sums[] = {all, asking};
    for (size_t s = 0; s < 2 && sums[s]; s++) {
        sums[s][ASKED]++;
        sums[s][WITH_DEADLINE] += due;
        sums[s][LONG_ENOUGH] += enough;
        sums[s][AGREED] += due && !enough && agreed;
        sums[s][SHORT] += due && !enough && !agreed;
    }
}

/* One row for each rule, and for each rule and actor that asked under it. */
static bool rule_table(const struct gathered *gathered, const struct network *network, double *ret_before,
                       struct result *result)
{
    const struct chronicle *chronicle = gathered->chronicle;
    size_t rule_count, n = network->actor_count, rows, row = 0;
    const struct deadline_rule *rules = deadline_rules(&rule_count);
    double(*sums)[RULE_COLUMNS] = calloc(rule_count * (n + 1), sizeof *sums);
    if (!sums)
        return false;
    for (size_t e = 0; e < chronicle->event_count; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        const struct chronicle_part *parts = chronicle_parts(chronicle, event);
        if (event->kind != EVENT_REQUEST)
            continue;
        int32_t asking = CHRONICLE_NO_ACTOR;
        for (uint32_t p = 0; p < event->part_count && asking == CHRONICLE_NO_ACTOR; p++)
            asking = parts[p].side == SIDE_FROM ? parts[p].actor : CHRONICLE_NO_ACTOR;
        for (size_t r = 0; r < rule_count; r++) {
            if (rules[r].stage != event->stage)
                continue;
            bool in_force = deadline_rule_in_force(&rules[r], event->day);
            for (uint32_t p = 0; p < event->part_count; p++) {
                if (parts[p].side != SIDE_TO || (asking != CHRONICLE_NO_ACTOR && parts[p].actor == asking))
                    continue;
                if (!in_force)
                    (*ret_before)++;
                else
                    judge(&rules[r], event, &parts[p], sums[r * (n + 1)],
                          asking != CHRONICLE_NO_ACTOR ? sums[r * (n + 1) + 1 + (size_t)asking] : NULL);
            }
        }
    }
    rows = rule_count;
    for (size_t i = 0; i < rule_count * (n + 1); i++)
        rows += i % (n + 1) > 0 && sums[i][ASKED] > 0;
    size_t table = result_add_table(result, "deadlines", rows);
    char **names = result_add_texts(result, table, &rule_text), **sources = result_add_texts(result, table, &source_text);
    char **stages = result_add_texts(result, table, &stage_text), **keys = result_add_texts(result, table, &asking_text);
    char **labels = result_add_texts(result, table, &name_text);
    double *columns[RULE_COLUMNS];
    bool done = families_numbers(result, table, rule_numbers, RULE_COLUMNS, columns);
    for (size_t i = 0; done && i < rule_count * (n + 1); i++) {
        const struct deadline_rule *rule = &rules[i / (n + 1)];
        size_t actor = i % (n + 1);
        if (actor > 0 && !(sums[i][ASKED] > 0))
            continue;
        result_set_text(result, &names[row], rule->name);
        result_set_text(result, &sources[row], rule->source);
        result_set_text(result, &stages[row], spec_stage_name((unsigned)rule->stage));
        if (actor > 0) {
            result_set_text(result, &keys[row], network->actors[actor - 1].key);
            result_set_text(result, &labels[row], network->actors[actor - 1].label);
        }
        for (size_t c = 0; c < KEPT; c++)
            columns[c][row] = sums[i][c];
        families_proportion(&columns[KEPT], row,
                            proportion_wilson(sums[i][LONG_ENOUGH] + sums[i][AGREED], sums[i][WITH_DEADLINE]));
        row++;
    }
    free(sums);
    return done;
}

/* ----------------------------------------------------------------------------------------------------- the family */
static void describe(const struct gathered *gathered, double before, struct result *result)
{
    result_set_card(result, "involved", "asked, sending or present; copies, observers and those who declined are not");
    result_set_card(result, "owner", "of the case, else who sent its first request; not counted among those involved");
    result_set_card(result, "beginning", "of the case as registered, else its first interaction in the period");
    result_set_card(result, "missed", "first involved after the consultation had begun, among those who took part in the end");
    result_set_card(result, "deadlines",
                    "by the calendar, from the day of receipt, else of sending; no rule counts working days");
    if (gathered->undecided > 0)
        result_note(result, "%.0f involvements are in cases without a decision after their beginning: they have no earliness.",
                    gathered->undecided);
    if (gathered->cut > 0)
        result_note(result,
                    "%.0f involvements are in cases that began before the period: who was involved then is not seen, so "
                    "they are left out of earliness, lateness and order.",
                    gathered->cut);
    if (gathered->outside > 0)
        result_note(result, "%.0f involvements came after the decision: they have no earliness.", gathered->outside);
    if (before > 0)
        result_note(result, "%.0f requests were sent when no rule on record was in force: they are not judged.", before);
    if (gathered->chronicle->case_count == 0)
        result_note(result, "No interaction here names a case: only the deadlines can be judged.");
}

static bool actor_table(const struct gathered *gathered, const struct network *network, const char *name,
                        enum grouping grouping, struct result *result)
{
    double *columns[COLUMNS];
    size_t table = families_actor_table(network, result, name);
    return families_numbers(result, table, numbers, COLUMNS, columns) &&
           fill(gathered, grouping, network->actor_count, columns);
}

static bool all_table(const struct gathered *gathered, struct result *result)
{
    double *columns[COLUMNS];
    size_t table = result_add_table(result, "all", 1);
    return families_numbers(result, table, numbers, COLUMNS, columns) && fill(gathered, BY_NOTHING, 1, columns);
}

enum metrics_status righttime_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle nothing = {0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    struct gathered gathered = {.chronicle = input->chronicle ? input->chronicle : &nothing};
    struct families_step step = {input, 0, 1000};
    double before = 0;
    enum metrics_status status = METRICS_CANCELLED;
    if (!families_proceed(&step, 0))
        goto out;
    status = families_out_of_memory(error);
    if (!gather(&gathered, network->spec.from_day))
        goto out;
    if (!families_proceed(&step, 500)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    if (actor_table(&gathered, network, "righttime", BY_ACTOR, result) &&
        actor_table(&gathered, network, "owners", BY_OWNER, result) && stage_table(&gathered, result) &&
        all_table(&gathered, result) && first_table(&gathered, network, result) && order_table(&gathered, result) &&
        rule_table(&gathered, network, &before, result)) {
        describe(&gathered, before, result);
        status = families_finish(result, error);
    }
out:
    free(gathered.courses);
    free(gathered.involvements);
    families_end(&ground);
    return status;
}
