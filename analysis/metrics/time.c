/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family time: how long answers take, by actor, stage and layer, with curves, comparisons and the balance of work in hand.
 */
#include "families.h"
#include "response.h"
#include "time_compare.h"
#include "waiting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    REQUESTS,
    ANSWERED,
    PENDING,
    ENDED,
    CASES,
    MEDIAN,
    MEDIAN_LOW,
    MEDIAN_HIGH,
    MEDIAN_CASE_LOW,
    MEDIAN_CASE_HIGH,
    RMST,
    RMST_SE,
    RMST_LOW,
    RMST_HIGH,
    RMST_CASE_SE,
    RMST_CASE_LOW,
    RMST_CASE_HIGH,
    WITHIN,
    WITHIN_LOW,
    WITHIN_HIGH,
    DEADLINES,
    UNANSWERED,
    UNANSWERED_LOW,
    UNANSWERED_HIGH,
    IN_TIME,
    NO_REMARK,
    NO_REMARK_LOW,
    NO_REMARK_HIGH,
    RESPONSE_COLUMNS
};

static const struct column_definition response_numbers[RESPONSE_COLUMNS] = {
    [REQUESTS] = {"requests", "", "requests for an answer, one for each addressee", ""},
    [ANSWERED] = {"answered", "", "of these, answered", ""},
    [PENDING] = {"pending", "", "of these, still waiting when observation ended; they count as waiting, not as missing",
                 "Kaplan & Meier 1958"},
    [ENDED] = {"ended_otherwise", "", "of these, withdrawn, superseded or noted without an answer: competing events",
               "Aalen & Johansen 1978"},
    [CASES] = {"cases", "", "cases they belong to; a request without a case is one of its own", ""},
    [MEDIAN] = {"median_days", "days",
                "days from received to answered within which half are answered; missing when half are not answered yet",
                "Kaplan & Meier 1958; Aalen & Johansen 1978"},
    [MEDIAN_LOW] = {"median_days_low", "days", "lower end of the 95 % interval", "Brookmeyer & Crowley 1982"},
    [MEDIAN_HIGH] = {"median_days_high", "days", "upper end of the 95 % interval", "Brookmeyer & Crowley 1982"},
    [MEDIAN_CASE_LOW] = {"median_days_case_low", "days", "lower end of the 95 % interval, taking only cases as independent",
                         "Lin & Wei 1989"},
    [MEDIAN_CASE_HIGH] = {"median_days_case_high", "days", "upper end of the 95 % interval, taking only cases as independent",
                          "Lin & Wei 1989"},
    [RMST] = {"rmst_days", "days", "mean days without an answer, nobody counting more than the horizon tau",
              "Royston & Parmar 2013"},
    [RMST_SE] = {"rmst_days_se", "days", "standard error of rmst_days", "Klein & Moeschberger 2003"},
    [RMST_LOW] = {"rmst_days_low", "days", "lower end of the 95 % interval", "Klein & Moeschberger 2003"},
    [RMST_HIGH] = {"rmst_days_high", "days", "upper end of the 95 % interval", "Klein & Moeschberger 2003"},
    [RMST_CASE_SE] = {"rmst_days_case_se", "days", "standard error of rmst_days, taking only cases as independent",
                      "Lin & Wei 1989"},
    [RMST_CASE_LOW] = {"rmst_days_case_low", "days", "lower end of the 95 % interval, taking only cases as independent",
                       "Lin & Wei 1989"},
    [RMST_CASE_HIGH] = {"rmst_days_case_high", "days", "upper end of the 95 % interval, taking only cases as independent",
                        "Lin & Wei 1989"},
    [WITHIN] = {"unanswered_within", "share", "share not answered after the number of days chosen (within)",
                "Aalen & Johansen 1978"},
    [WITHIN_LOW] = {"unanswered_within_low", "share", "lower end of the 95 % interval", "Marubini & Valsecchi 1995"},
    [WITHIN_HIGH] = {"unanswered_within_high", "share", "upper end of the 95 % interval", "Marubini & Valsecchi 1995"},
    [DEADLINES] = {"with_deadline", "", "requests with a deadline", ""},
    [UNANSWERED] = {"unanswered_at_deadline", "share",
                    "share not answered when the deadline runs out; time counts as a part of each deadline",
                    "Aalen & Johansen 1978"},
    [UNANSWERED_LOW] = {"unanswered_at_deadline_low", "share", "lower end of the 95 % interval", "Marubini & Valsecchi 1995"},
    [UNANSWERED_HIGH] = {"unanswered_at_deadline_high", "share", "upper end of the 95 % interval", "Marubini & Valsecchi 1995"},
    [IN_TIME] = {"answered_by_deadline", "share", "answered in time / answered, or overdue when observation ended", ""},
    [NO_REMARK] = {"no_remark_share", "share", "answers that there is no remark / answers", ""},
    [NO_REMARK_LOW] = {"no_remark_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [NO_REMARK_HIGH] = {"no_remark_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};

enum { COMPLETE, LAST, LAST_SHARE, MARGINAL, MARGINAL_MEAN, WAITING_ONLY, WAITING, IN_PROGRESS, OVERDUE, WAIT_COLUMNS };
static const struct column_definition wait_numbers[WAIT_COLUMNS] = {
    [COMPLETE] = {"complete_requests", "", "requests this actor answered that nobody is pending on and at least two answered",
                  ""},
    [LAST] = {"last", "", "of these, answered last; shared when several answered at the same moment", ""},
    [LAST_SHARE] = {"last_share", "share", "last / complete_requests", ""},
    [MARGINAL] = {"marginal_delay_days", "days",
                  "days between the second last answer and this actor's, summed over requests it answered last alone", ""},
    [MARGINAL_MEAN] = {"marginal_delay_mean", "days", "marginal_delay_days / last", ""},
    [WAITING_ONLY] = {"waiting_share_only", "share",
                      "days on which this actor was the only one not to have answered / all waiting days", ""},
    [WAITING] = {"waiting_share", "share",
                 "days on which this actor had not answered, alone or not / all waiting days; sums to over 1", ""},
    [IN_PROGRESS] = {"in_progress", "", "requests waiting for this actor now", ""},
    [OVERDUE] = {"overdue", "", "of these, past their deadline now", ""},
};

enum { ARRIVALS, RATE, STAY, PRODUCT, MEAN_PROGRESS, DISCREPANCY, OPEN, OPEN_DAYS, LITTLE_COLUMNS };
static const struct column_definition little_numbers[LITTLE_COLUMNS] = {
    [ARRIVALS] = {"arrivals", "", "requests that came in while observed; parts of one actor in one request are one", ""},
    [RATE] = {"arrivals_per_day", "1/day", "arrivals / days observed: lambda", "Little 1961"},
    [STAY] = {"mean_stay_days", "days", "mean days from received to answered or ended, of those that were: W", "Little 1961"},
    [PRODUCT] = {"expected_in_progress", "", "arrivals_per_day x mean_stay_days: lambda W", "Little 1961"},
    [MEAN_PROGRESS] = {"in_progress_mean", "", "requests waiting for this actor on an average day: L", "Little 1961"},
    [DISCREPANCY] = {"discrepancy", "",
                     "L - lambda W: what those still open have waited beyond or below the mean stay; 0 when none is open",
                     "Little 2011"},
    [OPEN] = {"open", "", "of the arrivals, waiting still when observation ended", ""},
    [OPEN_DAYS] = {"open_days", "days", "days these have waited so far", ""},
};

/* ------------------------------------------------------------------------------------------------------- curves */
struct point {
    const char *of, *key; /* borrowed */
    struct survival_step step;
    double day, answered, ended;
};
struct points {
    struct point *points;
    size_t count, capacity;
};

/* One point for each day on which something ended, as the curve stood at the end of that day. */
static bool add_points(struct points *points, const char *of, const char *key, const struct survival *curve, double tau)
{
    for (size_t i = 0; i < curve->step_count && curve->steps[i].time < tau + 1;) {
        struct point point = {.of = of, .key = key, .day = floor(curve->steps[i].time)};
        size_t at_risk = curve->steps[i].at_risk;
        for (; i < curve->step_count && curve->steps[i].time < point.day + 1; i++) {
            point.step = curve->steps[i];
            point.answered += (double)curve->steps[i].answered;
            point.ended += (double)curve->steps[i].competing;
        }
        point.step.at_risk = at_risk;
        if (points->count == points->capacity) {
            size_t capacity = points->capacity ? 2 * points->capacity : 256;
            struct point *larger = realloc(points->points, capacity * sizeof *larger);
            if (!larger)
                return false;
            points->points = larger;
            points->capacity = capacity;
        }
        points->points[points->count++] = point;
    }
    return true;
}

enum {
    DAY,
    AT_RISK,
    STEP_ANSWERED,
    STEP_ENDED,
    CURVE,
    CURVE_SE,
    CURVE_LOW,
    CURVE_HIGH,
    INCIDENCE,
    OTHERWISE,
    STILL,
    POINT_COLUMNS
};
static const struct column_definition point_texts[] = {
    {"of", "", "what the curve is of: all, actor, stage, layer", ""},
    {"key", "", "which one: key of the actor, name of the stage or layer", ""},
};
static const struct column_definition point_numbers[POINT_COLUMNS] = {
    [DAY] = {"day", "days", "whole days since the request was received; the row is how it stood at the end of that day", ""},
    [AT_RISK] = {"at_risk", "", "requests still waiting when the day began", "Kaplan & Meier 1958"},
    [STEP_ANSWERED] = {"answered", "", "answered on that day", ""},
    [STEP_ENDED] = {"ended_otherwise", "", "withdrawn, superseded or noted on that day", ""},
    [CURVE] = {"unanswered", "share", "share not answered: 1 - incidence_answered", "Aalen & Johansen 1978"},
    [CURVE_SE] = {"unanswered_se", "share", "standard error of unanswered", "Greenwood 1926; Marubini & Valsecchi 1995"},
    [CURVE_LOW] = {"unanswered_low", "share", "lower end of the 95 % interval", "Kalbfleisch & Prentice 1980"},
    [CURVE_HIGH] = {"unanswered_high", "share", "upper end of the 95 % interval", "Kalbfleisch & Prentice 1980"},
    [INCIDENCE] = {"incidence_answered", "share", "cumulative incidence of answers", "Aalen & Johansen 1978"},
    [OTHERWISE] = {"incidence_otherwise", "share", "cumulative incidence of other ends", "Aalen & Johansen 1978"},
    [STILL] = {"waiting", "share", "neither answered nor ended otherwise", "Kaplan & Meier 1958"},
};

static void curve_table(const struct points *points, struct result *result)
{
    size_t table = result_add_table(result, "curves", points->count);
    char **of = result_add_texts(result, table, &point_texts[0]), **key = result_add_texts(result, table, &point_texts[1]);
    double *columns[POINT_COLUMNS];
    if (!families_numbers(result, table, point_numbers, POINT_COLUMNS, columns))
        return;
    for (size_t p = 0; p < points->count; p++) {
        const struct point *point = &points->points[p];
        result_set_text(result, &of[p], point->of);
        if (point->key)
            result_set_text(result, &key[p], point->key);
        columns[DAY][p] = point->day;
        columns[AT_RISK][p] = (double)point->step.at_risk;
        columns[STEP_ANSWERED][p] = point->answered;
        columns[STEP_ENDED][p] = point->ended;
        columns[CURVE][p] = point->step.unanswered;
        columns[CURVE_SE][p] = point->step.se;
        survival_step_interval(&point->step, &columns[CURVE_LOW][p], &columns[CURVE_HIGH][p]);
        columns[INCIDENCE][p] = 1 - point->step.unanswered;
        columns[OTHERWISE][p] = fmax(0, point->step.unanswered - point->step.waiting);
        columns[STILL][p] = point->step.waiting;
    }
}

/* ------------------------------------------------------------------------------------------------------- groups */
static void put_response(const struct response *response, double *const *columns, size_t row)
{
    const double values[RESPONSE_COLUMNS] = {
        [REQUESTS] = response->requests,
        [ANSWERED] = response->answered,
        [PENDING] = response->pending,
        [ENDED] = response->competing,
        [CASES] = response->cases,
        [MEDIAN] = response->median,
        [MEDIAN_LOW] = response->median_low,
        [MEDIAN_HIGH] = response->median_high,
        [MEDIAN_CASE_LOW] = response->median_case_low,
        [MEDIAN_CASE_HIGH] = response->median_case_high,
        [RMST] = response->mean,
        [RMST_SE] = response->mean_se,
        [RMST_LOW] = response->mean_low,
        [RMST_HIGH] = response->mean_high,
        [RMST_CASE_SE] = response->mean_case_se,
        [RMST_CASE_LOW] = response->mean_case_low,
        [RMST_CASE_HIGH] = response->mean_case_high,
        [WITHIN] = response->within,
        [WITHIN_LOW] = response->within_low,
        [WITHIN_HIGH] = response->within_high,
        [DEADLINES] = response->deadlines,
        [UNANSWERED] = response->unanswered,
        [UNANSWERED_LOW] = response->unanswered_low,
        [UNANSWERED_HIGH] = response->unanswered_high,
        [IN_TIME] = response->in_time,
        [NO_REMARK] = response->no_remark.share,
        [NO_REMARK_LOW] = response->no_remark.low,
        [NO_REMARK_HIGH] = response->no_remark.high,
    };
    for (size_t c = 0; c < RESPONSE_COLUMNS; c++)
        columns[c][row] = values[c];
}

struct timing {
    const struct metrics_input *input;
    const struct reply_set *replies;
    struct response_horizons horizons;
    struct points points;
    size_t short_follow_up; /* actors */
    struct result *result;
};

/* One row from a run of replies, and its points. False: out of memory. */
static bool add_row(struct timing *timing, const char *of, const char *key, const size_t *order, size_t count,
                    double *const *columns, size_t row, bool *ret_short)
{
    struct response response;
    struct survival curve;
    if (!response_of(timing->replies, order, count, &timing->horizons, &response, &curve))
        return false;
    put_response(&response, columns, row);
    if (ret_short)
        *ret_short = response.short_follow_up;
    bool added = add_points(&timing->points, of, key, &curve, timing->horizons.tau_days);
    survival_release(&curve);
    return added;
}

static int32_t stage_of(const struct reply *reply)
{
    return reply->stage >= 0 && reply->stage < SPEC_STAGES ? reply->stage : 0;
}

static int32_t layer_of(const struct reply *reply)
{
    return reply->layer >= 0 && reply->layer <= INT16_MAX ? reply->layer : -1;
}

static const char *layer_name(const struct metrics_input *input, size_t code, char room[32])
{
    for (size_t l = 0; l < input->layer_count; l++)
        if (input->layers[l].code == (int16_t)code)
            return input->layers[l].name;
    snprintf(room, 32, "%zu", code);
    return room;
}

static const struct column_definition stage_text = {"stage", "", "stage of the case at which the answer was asked for", ""};
static const struct column_definition layer_text = {"layer", "", "kind of interaction by which the answer was asked for", ""};

/* A table with a row for every stage, or layer, that something was asked at. */
static bool group_table(struct timing *timing, const char *name, const struct column_definition *text, bool stages)
{
    struct result *result = timing->result;
    size_t groups = stages ? SPEC_STAGES : (size_t)INT16_MAX + 1, rows = 0, row = 0, *start, *order;
    if (!response_groups(timing->replies, groups, stages ? stage_of : layer_of, &start, &order))
        return false;
    for (size_t g = 0; g < groups; g++)
        rows += start[g + 1] > start[g];
    size_t table = result_add_table(result, name, rows);
    char **texts = result_add_texts(result, table, text);
    double *columns[RESPONSE_COLUMNS];
    bool done = true;
    if (families_numbers(result, table, response_numbers, RESPONSE_COLUMNS, columns)) {
        for (size_t g = 0; g < groups && done; g++) {
            if (start[g + 1] == start[g])
                continue;
            char room[32];
            result_set_text(result, &texts[row], stages ? spec_stage_name((unsigned)g) : layer_name(timing->input, g, room));
            done = add_row(timing, text->name, texts[row], &order[start[g]], start[g + 1] - start[g], columns, row, NULL);
            row++;
        }
    }
    free(start);
    free(order);
    return done;
}

static bool all_table(struct timing *timing)
{
    size_t count = timing->replies->count, table = result_add_table(timing->result, "all", 1);
    double *columns[RESPONSE_COLUMNS];
    size_t *order = malloc((count + 1) * sizeof *order);
    bool done = order != NULL;
    for (size_t r = 0; done && r < count; r++)
        order[r] = r;
    if (done && families_numbers(timing->result, table, response_numbers, RESPONSE_COLUMNS, columns))
        done = add_row(timing, "all", NULL, order, count, columns, 0, NULL);
    free(order);
    return done;
}

/* ------------------------------------------------------------------------------------------------------- actors */
static void put_waits(const struct waiting_actor *waiting, const struct waiting_totals *totals, double *const *columns,
                      size_t row)
{
    columns[COMPLETE][row] = waiting->requests;
    columns[LAST][row] = waiting->last;
    columns[LAST_SHARE][row] = waiting->requests > 0 ? waiting->last / waiting->requests : NAN;
    columns[MARGINAL][row] = waiting->marginal_days;
    columns[MARGINAL_MEAN][row] = waiting->last > 0 ? waiting->marginal_days / waiting->last : NAN;
    columns[WAITING_ONLY][row] = totals->days > 0 ? waiting->only_days / totals->days : NAN;
    columns[WAITING][row] = totals->days > 0 ? waiting->days / totals->days : NAN;
    columns[IN_PROGRESS][row] = waiting->in_progress;
    columns[OVERDUE][row] = waiting->overdue;
}

static void little_table(const struct timing *timing, const struct waiting_actor *waiting)
{
    const struct network *network = timing->input->network;
    size_t table = families_actor_table(network, timing->result, "little");
    double *columns[LITTLE_COLUMNS], days = timing->replies->observed_until - network->spec.from_day;
    if (!families_numbers(timing->result, table, little_numbers, LITTLE_COLUMNS, columns))
        return;
    for (size_t i = 0; i < network->actor_count; i++) {
        const struct waiting_actor *actor = &waiting[i];
        double left = actor->arrivals - actor->open;
        double rate = days > 0 ? actor->arrivals / days : NAN;
        double stay = left > 0 ? (actor->days - actor->open_days) / left : NAN;
        columns[ARRIVALS][i] = actor->arrivals;
        columns[RATE][i] = rate;
        columns[STAY][i] = stay;
        columns[PRODUCT][i] = rate * stay;
        columns[MEAN_PROGRESS][i] = days > 0 ? actor->days / days : NAN;
        columns[DISCREPANCY][i] = days > 0 ? (actor->open_days - actor->open * stay) / days : NAN;
        columns[OPEN][i] = actor->open;
        columns[OPEN_DAYS][i] = actor->open_days;
    }
}

static enum metrics_status actor_tables(struct timing *timing, char error[400])
{
    const struct network *network = timing->input->network;
    struct result *result = timing->result;
    size_t n = network->actor_count, *start = NULL, *order = NULL;
    struct families_step step = {timing->input, 0, 400};
    struct waiting_totals totals;
    struct waiting_actor *waiting = calloc(n + 1, sizeof *waiting);
    size_t table = families_actor_table(network, result, "time");
    double *columns[RESPONSE_COLUMNS], *waits[WAIT_COLUMNS];
    enum metrics_status status = families_out_of_memory(error);
    if (!waiting || !response_groups(timing->replies, n, response_addressee, &start, &order) ||
        !waiting_run(timing->replies, n, waiting, &totals) ||
        !families_numbers(result, table, response_numbers, RESPONSE_COLUMNS, columns) ||
        !families_numbers(result, table, wait_numbers, WAIT_COLUMNS, waits))
        goto out;
    for (size_t i = 0; i < n; i++) {
        bool is_short;
        if (!families_proceed(&step, (unsigned)(1000 * i / n))) {
            status = METRICS_CANCELLED;
            goto out;
        }
        if (!add_row(timing, "actor", network->actors[i].key, &order[start[i]], start[i + 1] - start[i], columns, i, &is_short))
            goto out;
        timing->short_follow_up += is_short;
        put_waits(&waiting[i], &totals, waits, i);
    }
    status = time_compare(timing->input, start, order, table, result, error);
    if (status == METRICS_OK)
        little_table(timing, waiting);
out:
    free(waiting);
    free(start);
    free(order);
    return status;
}

static void describe(const struct timing *timing)
{
    struct result *result = timing->result;
    result_set_card(result, "response time",
                    "days from received, else sent, to answered; pending ones censored at the end of observation; withdrawn, "
                    "superseded and "
                    "noted ones are competing events, so the curve is 1 - cumulative incidence (Aalen-Johansen), Kaplan-Meier "
                    "without them");
    result_set_card(result, "intervals",
                    "95 %%, log(-log) scale, Greenwood variance; with competing events the delta-method variance");
    result_set_card(result, "intervals by case",
                    "infinitesimal jackknife summed over cases, times cases / (cases - 1); for the median its design effect on "
                    "the curve widens the band");
    result_set_card(result, "horizon", "%g days (tau=%-g)", timing->horizons.tau_days, timing->horizons.tau_days);
    result_set_card(result, "read after", "%g days (within=%-g)", timing->horizons.within_days, timing->horizons.within_days);
    result_set_card(result, "comparison",
                    "log-rank test of the rate of answering, other ends counting as no longer waiting; by relabelling where a "
                    "side expects fewer than 10 answers");
    result_set_card(
        result, "deadline",
        "runs to the end of its day in Europe/Oslo; requests whose deadline had passed on receipt are left out of the curve");
    result_set_card(result, "waiting days",
                    "a request waits for an actor from received until answered or ended; several parts of one actor are one");
    result_set_card(
        result, "before the period",
        "requests sent before the period are not in it, so work in hand when it began is not seen (left truncation)");
    if (timing->short_follow_up > 0)
        result_note(result,
                    "For %zu actors nobody was followed as long as the horizon of rmst_days: the last value of the curve "
                    "is carried on.",
                    timing->short_follow_up);
    if (timing->replies->count == 0)
        result_note(result, "No requests for an answer in this period and these layers: the columns about time are empty.");
}

enum metrics_status time_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct reply_set nothing = {0};
    struct metrics_input filled = *input;
    if (!filled.replies)
        filled.replies = &nothing;
    struct families_ground ground;
    if (!families_begin(&filled, result, &ground, error))
        return METRICS_FAILED;
    struct timing timing = {.input = &filled,
                            .replies = filled.replies,
                            .horizons = {ground.choices->tau_days, ground.choices->within_days, true},
                            .result = result};
    struct families_step step = {&filled, 400, 1000};
    enum metrics_status status = METRICS_FAILED;
    if (!response_check(timing.replies, filled.network->actor_count, error))
        goto out;
    status = actor_tables(&timing, error);
    if (status != METRICS_OK)
        goto out;
    if (!group_table(&timing, "stages", &stage_text, true) || !group_table(&timing, "layers", &layer_text, false) ||
        !all_table(&timing)) {
        status = families_out_of_memory(error);
        goto out;
    }
    curve_table(&timing.points, result);
    describe(&timing);
    status = families_proceed(&step, 1000) ? families_finish(result, error) : METRICS_CANCELLED;
out:
    free(timing.points.points);
    families_end(&ground);
    return status;
}
