/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family bottlenecks: position and time side by side, because central and fast is not central and slow.
 */
#include "families.h"
#include "response.h"
#include "shortest.h"
#include "waiting.h"

#include <math.h>
#include <stdlib.h>

enum bottleneck_column {
    DEGREE,
    STRENGTH,
    BETWEENNESS,
    ARTICULATION,
    PIECES,
    CUT_OFF,
    BRIDGES,
    REQUESTS,
    ANSWERED,
    PENDING,
    ENDED,
    MEDIAN,
    MEDIAN_LOW,
    MEDIAN_HIGH,
    RMST,
    DEADLINES,
    UNANSWERED,
    UNANSWERED_LOW,
    UNANSWERED_HIGH,
    IN_TIME,
    ANSWERED_WITH_OTHERS,
    LAST,
    LAST_SHARE,
    MARGINAL,
    MARGINAL_MEAN,
    WAITING_ONLY,
    WAITING,
    IN_PROGRESS,
    OVERDUE,
    IN_PROGRESS_MEAN,
    BOTTLENECK_COLUMNS
};

static const struct column_definition definitions[BOTTLENECK_COLUMNS] = {
    [DEGREE] = {"degree", "actors", "number of distinct actors tied to this one, in either direction; binary", "Freeman 1978"},
    [STRENGTH] = {"strength", "weight", "sum of the weights of all ties", "Barrat et al. 2004"},
    [BETWEENNESS] =
        {"betweenness", "pairs",
         "for how many pairs of others this actor lies on the shortest path, shared between equally short ones; raw",
         "Freeman 1977; Brandes 2001"},
    [ARTICULATION] = {"articulation", "0/1", "1 when the others of its component would not all be connected without it",
                      "Hopcroft & Tarjan 1973"},
    [PIECES] = {"pieces", "", "parts the component falls into without this actor", "Hopcroft & Tarjan 1973"},
    [CUT_OFF] = {"cut_off", "actors", "actors outside the largest of these parts", "Hopcroft & Tarjan 1973"},
    [BRIDGES] = {"bridges", "", "ties of this actor that are the only connection between two parts", "Hopcroft & Tarjan 1973"},
    [REQUESTS] = {"requests", "", "requests that asked this actor for an answer", ""},
    [ANSWERED] = {"answered", "", "of these, answered", ""},
    [PENDING] = {"pending", "", "of these, still waiting when observation ended; they count as waiting, not as missing",
                 "Kaplan & Meier 1958"},
    [ENDED] = {"ended_otherwise", "", "of these, withdrawn, superseded or noted without an answer: competing events",
               "Aalen & Johansen 1978"},
    [MEDIAN] = {"median_days", "days",
                "days from received to answered within which half are answered; missing when half are not answered yet",
                "Kaplan & Meier 1958; Aalen & Johansen 1978"},
    [MEDIAN_LOW] = {"median_days_low", "days", "lower end of the 95 % interval of the median", "Brookmeyer & Crowley 1982"},
    [MEDIAN_HIGH] = {"median_days_high", "days", "upper end of the 95 % interval of the median; missing when not reached",
                     "Brookmeyer & Crowley 1982"},
    [RMST] = {"rmst_days", "days", "mean days without an answer, no request counting more than the stated horizon",
              "Irwin 1949; Royston & Parmar 2013"},
    [DEADLINES] = {"with_deadline", "", "requests to this actor that had a deadline", ""},
    [UNANSWERED] = {"unanswered_at_deadline", "share",
                    "share not answered by the deadline, time counted as a part of each deadline",
                    "Kaplan & Meier 1958; Aalen & Johansen 1978"},
    [UNANSWERED_LOW] = {"unanswered_at_deadline_low", "share", "lower end of its 95 % interval",
                        "Greenwood 1926; Kalbfleisch & Prentice 1980"},
    [UNANSWERED_HIGH] = {"unanswered_at_deadline_high", "share", "upper end of its 95 % interval",
                         "Greenwood 1926; Kalbfleisch & Prentice 1980"},
    [IN_TIME] = {"answered_by_deadline", "share", "answered by the deadline, of those answered or past it", ""},
    [ANSWERED_WITH_OTHERS] = {"complete_requests", "", "requests answered in full by this actor and at least one other", ""},
    [LAST] = {"last", "", "of these, this actor answered last; actors answering at the same moment share it", ""},
    [LAST_SHARE] = {"last_share", "share", "last / complete_requests", ""},
    [MARGINAL] = {"marginal_delay_days", "days",
                  "sum of latest minus second latest answer over the requests this actor answered last", ""},
    [MARGINAL_MEAN] = {"marginal_delay_mean", "days", "marginal_delay_days / last", ""},
    [WAITING_ONLY] = {"waiting_share_only", "share",
                      "days on which this actor was the only one not to have answered / all waiting days", ""},
    [WAITING] = {"waiting_share", "share",
                 "days on which this actor had not answered, alone or not / all waiting days; sums to over 1", ""},
    [IN_PROGRESS] = {"in_progress", "", "requests waiting for this actor now", ""},
    [OVERDUE] = {"overdue", "", "of these, past their deadline now", ""},
    [IN_PROGRESS_MEAN] = {"in_progress_mean", "",
                          "requests waiting for this actor on an average day of the period: arrivals x mean wait",
                          "Little 1961"},
};

struct columns {
    double *at[BOTTLENECK_COLUMNS];
};

static void position(const struct families_ground *ground, const struct columns *columns)
{
    const struct topology *topology = &ground->topology;
    const struct cut *cut = &ground->cut;
    for (size_t i = 0; i < topology->count; i++) {
        columns->at[DEGREE][i] = (double)adjacency_degree(&topology->both, i);
        columns->at[STRENGTH][i] = adjacency_strength(&topology->both, i);
        columns->at[ARTICULATION][i] = cut->cut_off[i] > 0;
        columns->at[PIECES][i] = (double)cut->pieces[i];
        columns->at[CUT_OFF][i] = (double)cut->cut_off[i];
        columns->at[BRIDGES][i] = 0;
    }
    for (size_t b = 0; b < cut->bridge_count; b++) {
        columns->at[BRIDGES][cut->bridges[b].from]++;
        columns->at[BRIDGES][cut->bridges[b].to]++;
    }
}

static const struct column_definition bridge_texts[] = {
    {"from", "", "key of one end of the tie", ""},
    {"from_name", "", "its name", ""},
    {"to", "", "key of the other end", ""},
    {"to_name", "", "its name", ""},
};
static const struct column_definition bridge_numbers[] = {
    {"from_side", "actors", "actors on the side of the first end when the tie is gone", "Hopcroft & Tarjan 1973"},
    {"to_side", "actors", "actors on the side of the other end", "Hopcroft & Tarjan 1973"},
    {"weight", "weight", "weight of the tie, both directions summed", ""},
};

static void bridges(const struct network *network, const struct families_ground *ground, struct result *result)
{
    const struct cut *cut = &ground->cut;
    size_t table = result_add_table(result, "bridges", cut->bridge_count);
    for (size_t c = 0; c < 4; c++) {
        char **texts = result_add_texts(result, table, &bridge_texts[c]);
        for (size_t b = 0; texts && b < cut->bridge_count; b++) {
            const struct network_actor *actor = &network->actors[c < 2 ? cut->bridges[b].from : cut->bridges[b].to];
            const char *text = c % 2 == 0 ? actor->key : actor->label;
            if (text)
                result_set_text(result, &texts[b], text);
        }
    }
    for (size_t c = 0; c < 3; c++) {
        double *numbers = result_add_numbers(result, table, &bridge_numbers[c]);
        for (size_t b = 0; numbers && b < cut->bridge_count; b++) {
            const struct cut_bridge *bridge = &cut->bridges[b];
            const struct adjacency *both = &ground->topology.both;
            numbers[b] = c == 0   ? (double)bridge->from_side
                         : c == 1 ? (double)bridge->to_side
                                  : both->weight[adjacency_find(both, (size_t)bridge->from, bridge->to)];
        }
    }
}

static void set(const struct columns *columns, enum bottleneck_column column, size_t at, double value)
{
    columns->at[column][at] = value;
}

static void response_row(const struct response *response, size_t at, const struct columns *columns)
{
    set(columns, REQUESTS, at, response->requests);
    set(columns, ANSWERED, at, response->answered);
    set(columns, PENDING, at, response->pending);
    set(columns, ENDED, at, response->competing);
    set(columns, MEDIAN, at, response->median);
    set(columns, MEDIAN_LOW, at, response->median_low);
    set(columns, MEDIAN_HIGH, at, response->median_high);
    set(columns, RMST, at, response->mean);
    set(columns, DEADLINES, at, response->deadlines);
    set(columns, IN_TIME, at, response->in_time);
    set(columns, UNANSWERED, at, response->unanswered);
    set(columns, UNANSWERED_LOW, at, response->unanswered_low);
    set(columns, UNANSWERED_HIGH, at, response->unanswered_high);
}

static void waits(const struct waiting_actor *waiting, const struct waiting_totals *totals, double period_days, size_t at,
                  const struct columns *columns)
{
    set(columns, ANSWERED_WITH_OTHERS, at, waiting->requests);
    set(columns, LAST, at, waiting->last);
    set(columns, LAST_SHARE, at, waiting->requests > 0 ? waiting->last / waiting->requests : NAN);
    set(columns, MARGINAL, at, waiting->marginal_days);
    set(columns, MARGINAL_MEAN, at, waiting->last > 0 ? waiting->marginal_days / waiting->last : NAN);
    set(columns, WAITING_ONLY, at, totals->days > 0 ? waiting->only_days / totals->days : NAN);
    set(columns, WAITING, at, totals->days > 0 ? waiting->days / totals->days : NAN);
    set(columns, IN_PROGRESS, at, waiting->in_progress);
    set(columns, OVERDUE, at, waiting->overdue);
    set(columns, IN_PROGRESS_MEAN, at, period_days > 0 ? waiting->days / period_days : NAN);
}

static bool time_side(const struct network *network, const struct reply_set *replies, const struct choices *choices,
                      const struct columns *columns, struct result *result)
{
    size_t n = network->actor_count, short_follow_up = 0;
    size_t *start = NULL, *order = NULL;
    struct response_horizons horizons = {choices->tau_days, choices->within_days, false};
    struct waiting_totals totals;
    struct waiting_actor *waiting = calloc(n + 1, sizeof *waiting);
    bool done =
        waiting && response_groups(replies, n, response_addressee, &start, &order) && waiting_run(replies, n, waiting, &totals);
    for (size_t i = 0; done && i < n; i++) {
        struct response response;
        done = response_of(replies, &order[start[i]], start[i + 1] - start[i], &horizons, &response, NULL);
        response_row(&response, i, columns);
        short_follow_up += response.short_follow_up;
        waits(&waiting[i], &totals, replies->observed_until - network->spec.from_day, i, columns);
    }
    if (done) {
        result_set_card(result, "requests", "%.0f requests, %.0f answered in full by at least two actors, %.0f still open",
                        totals.requests, totals.complete, totals.open);
        result_set_card(result, "horizon", "%g days (tau=%-g)", choices->tau_days, choices->tau_days);
        if (short_follow_up > 0)
            result_note(result,
                        "For %zu actors nobody was followed as long as the horizon of rmst_days: the last value of the curve "
                        "is carried on.",
                        short_follow_up);
    }
    free(waiting);
    free(start);
    free(order);
    return done;
}

static void describe(struct result *result)
{
    result_set_card(result, "position", "undirected view; betweenness along the direction of the ties and by distance");
    result_set_card(result, "response time",
                    "days from received, else sent, to answered; pending ones censored at the end of observation; withdrawn, "
                    "superseded and "
                    "noted ones are competing events, so the curve is 1 - cumulative incidence (Aalen-Johansen), Kaplan-Meier "
                    "without them");
    result_set_card(result, "intervals",
                    "95 %%, log(-log) scale, Greenwood variance; with competing events the delta-method variance");
    result_set_card(
        result, "deadline",
        "runs to the end of its day in Europe/Oslo; requests whose deadline had passed on receipt are left out of the curve");
    result_set_card(result, "last", "over requests nobody is pending on and at least two actors answered");
    result_set_card(result, "waiting days",
                    "a request waits for an actor from received until answered or ended; several parts of one actor are one");
    result_set_card(
        result, "missing",
        "median when half are not answered yet, shares without anything to divide by, times of actors nobody asked");
}

enum metrics_status bottlenecks_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    static const struct reply_set nothing = {0};
    const struct reply_set *replies = input->replies ? input->replies : &nothing;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count;
    enum metrics_status status = METRICS_FAILED;
    if (!response_check(replies, n, error))
        goto out;
    size_t table = families_actor_table(network, result, "bottlenecks");
    struct columns columns;
    if (!families_numbers(result, table, definitions, BOTTLENECK_COLUMNS, columns.at)) {
        status = families_out_of_memory(error);
        goto out;
    }

    position(&ground, &columns);
    if (!time_side(network, replies, ground.choices, &columns, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    struct shortest shortest = {.paths = {.betweenness = columns.at[BETWEENNESS]}};
    status = shortest_run(input, &ground, 200, 1000, &shortest, result, error);
    if (status != METRICS_OK)
        goto out;
    bridges(network, &ground, result);
    describe(result);
    if (replies->count == 0)
        result_note(result, "No requests for an answer in this period and these layers: the columns about time are empty.");
    status = families_finish(result, error);
out:
    families_end(&ground);
    return status;
}
