/* SPDX-License-Identifier: GPL-3.0-or-later
 * One set of replies: its curve in days, its curve in parts of the deadline, and what the cases it came in do to both.
 */
#include "response.h"

#include "waiting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NORMAL_975 1.959963984540054 /* 97.5 % quantile of the normal distribution */

static struct survival_time time_of(const struct reply *reply, double days)
{
    return (struct survival_time){days, reply->end == REPLY_END_ANSWERED  ? SURVIVAL_ANSWERED
                                        : reply->end == REPLY_END_PENDING ? SURVIVAL_CENSORED
                                                                          : SURVIVAL_COMPETING};
}

struct survival_time response_time(const struct reply *reply)
{
    return time_of(reply, fmax(0, reply->end_day - reply->received_day));
}

/* ------------------------------------------------------------------------------------------------------ by case */
struct moved {
    uint64_t cluster;
    double by;
};

static int compare_moved(const void *left, const void *right)
{
    const struct moved *a = left, *b = right;
    if (a->cluster != b->cluster)
        return a->cluster < b->cluster ? -1 : 1;
    return (a->by > b->by) - (a->by < b->by); /* so that sums do not depend on the order of rows */
}

/* Variance of an estimate when only cases are independent; NaN with fewer than two. The factor is that of the jackknife. */
static double variance_by_case(const struct reply_set *replies, const size_t *order, size_t count,
                               const struct survival_leverage *leverage, struct moved *room, double *ret_cases)
{
    for (size_t r = 0; r < count; r++) {
        const struct reply *reply = &replies->replies[order[r]];
        struct survival_time time = response_time(reply);
        room[r] = (struct moved){reply->cluster, survival_leverage_of(leverage, &time)};
    }
    if (count > 1)
        qsort(room, count, sizeof *room, compare_moved);
    double cases = 0, squares = 0;
    for (size_t r = 0; r < count;) {
        double sum = 0;
        uint64_t cluster = room[r].cluster;
        for (; r < count && room[r].cluster == cluster; r++)
            sum += room[r].by;
        squares += sum * sum;
        cases++;
    }
    *ret_cases = cases;
    return cases > 1 ? squares * cases / (cases - 1) : NAN;
}

static void set_mean(double mean, double se, double tau, double *ret_low, double *ret_high)
{
    *ret_low = fmax(0, mean - NORMAL_975 * se);
    *ret_high = fmin(tau, mean + NORMAL_975 * se);
    if (isnan(se))
        *ret_low = *ret_high = NAN; /* fmax and fmin would take the bound instead */
}

static bool by_case(const struct reply_set *replies, const size_t *order, size_t count, const struct survival *curve,
                    double tau, struct response *response)
{
    struct moved *room = malloc((count + 1) * sizeof *room);
    struct survival_leverage leverage;
    if (!room || !survival_leverage_init(&leverage, curve, SURVIVAL_RESTRICTED_MEAN, tau)) {
        free(room);
        return false;
    }
    response->mean_case_se = sqrt(variance_by_case(replies, order, count, &leverage, room, &response->cases));
    set_mean(response->mean, response->mean_case_se, tau, &response->mean_case_low, &response->mean_case_high);
    survival_leverage_release(&leverage);
    response->median_case_low = response->median_case_high = NAN;
    bool done = true;
    const struct survival_step *step = survival_step_at(curve, response->median);
    if (!isnan(response->median) && step && step->se > 0) {
        done = survival_leverage_init(&leverage, curve, SURVIVAL_UNANSWERED, response->median);
        if (done) {
            /* The design effect at the median widens the whole band. */
            double cases, se = sqrt(variance_by_case(replies, order, count, &leverage, room, &cases));
            if (!isnan(se))
                survival_median_interval(curve, se / step->se, &response->median_case_low, &response->median_case_high);
            survival_leverage_release(&leverage);
        }
    }
    free(room);
    return done;
}

/* ---------------------------------------------------------------------------------------------------- the curves */
static bool against_deadline(const struct reply_set *replies, const size_t *order, size_t count, struct survival_time *times,
                             struct response *response)
{
    size_t usable = 0;
    double decided = 0, in_time = 0;
    for (size_t r = 0; r < count; r++) {
        const struct reply *reply = &replies->replies[order[r]];
        if (isnan(reply->deadline_day))
            continue;
        response->deadlines++;
        double ends = waiting_deadline_end(reply->deadline_day), allowed = ends - reply->received_day;
        bool answered_in_time = reply->end == REPLY_END_ANSWERED && reply->end_day < ends;
        in_time += answered_in_time;
        decided += answered_in_time || (reply->end != REPLY_END_COMPETING && reply->end_day >= ends);
        if (allowed > 0)
            times[usable++] = time_of(reply, fmax(0, reply->end_day - reply->received_day) / allowed);
    }
    response->in_time = decided > 0 ? in_time / decided : NAN;
    struct survival survival;
    if (!survival_init(&survival, times, usable))
        return false;
    double just_before = nextafter(1, 0); /* an answer at the very end of the deadline's day is late by a day */
    response->unanswered = survival_unanswered(&survival, just_before);
    const struct survival_step *step = survival_step_at(&survival, just_before);
    response->unanswered_low = response->unanswered_high = NAN;
    if (step && !isnan(response->unanswered))
        survival_step_interval(step, &response->unanswered_low, &response->unanswered_high);
    survival_release(&survival);
    return true;
}

static void read_curve(const struct survival *curve, const struct response_horizons *horizons, struct response *response)
{
    double tau = horizons->tau_days;
    response->answered = (double)curve->answered;
    response->pending = (double)curve->censored;
    response->competing = (double)curve->competing;
    response->median = survival_median(curve);
    survival_median_interval(curve, 1, &response->median_low, &response->median_high);
    response->mean = survival_restricted_mean(curve, tau);
    response->mean_se = survival_restricted_mean_se(curve, tau);
    set_mean(response->mean, response->mean_se, tau, &response->mean_low, &response->mean_high);
    response->within = survival_unanswered(curve, horizons->within_days);
    const struct survival_step *step = survival_step_at(curve, horizons->within_days);
    response->within_low = response->within_high = NAN;
    if (step && !isnan(response->within))
        survival_step_interval(step, &response->within_low, &response->within_high);
    response->short_follow_up = curve->count > 0 && isnan(survival_unanswered(curve, tau));
}

bool response_of(const struct reply_set *replies, const size_t *order, size_t count, const struct response_horizons *horizons,
                 struct response *ret_response, struct survival *ret_curve)
{
    *ret_response = (struct response){.requests = (double)count,
                                      .cases = NAN,
                                      .mean_case_se = NAN,
                                      .mean_case_low = NAN,
                                      .mean_case_high = NAN,
                                      .median_case_low = NAN,
                                      .median_case_high = NAN};
    struct survival_time *times = malloc((count + 1) * sizeof *times);
    struct survival curve = {0};
    double no_remark = 0;
    bool done = times != NULL;
    for (size_t r = 0; done && r < count; r++) {
        times[r] = response_time(&replies->replies[order[r]]);
        no_remark += replies->replies[order[r]].no_remark;
    }
    done = done && survival_init(&curve, times, count);
    if (done) {
        read_curve(&curve, horizons, ret_response);
        ret_response->no_remark = proportion_wilson(no_remark, ret_response->answered);
        done = (!horizons->by_case || by_case(replies, order, count, &curve, horizons->tau_days, ret_response)) &&
               against_deadline(replies, order, count, times, ret_response);
    }
    free(times);
    if (done && ret_curve)
        *ret_curve = curve;
    else
        survival_release(&curve);
    return done;
}

/* ------------------------------------------------------------------------------------------------------- groups */
int32_t response_addressee(const struct reply *reply)
{
    return reply->addressee;
}

bool response_groups(const struct reply_set *replies, size_t group_count, int32_t (*group_of)(const struct reply *reply),
                     size_t **ret_start, size_t **ret_order)
{
    size_t *start = calloc(group_count + 2, sizeof *start), *order = malloc((replies->count + 1) * sizeof *order);
    if (!start || !order) {
        free(start);
        free(order);
        return false;
    }
    for (size_t r = 0; r < replies->count; r++) {
        int32_t group = group_of(&replies->replies[r]);
        if (group >= 0)
            start[group + 2]++;
    }
    for (size_t i = 2; i <= group_count + 1; i++)
        start[i] += start[i - 1];
    for (size_t r = 0; r < replies->count; r++) {
        int32_t group = group_of(&replies->replies[r]);
        if (group >= 0)
            order[start[group + 1]++] = r;
    }
    *ret_start = start;
    *ret_order = order;
    return true;
}

bool response_check(const struct reply_set *replies, size_t actor_count, char error[400])
{
    for (size_t r = 0; r < replies->count; r++) {
        const struct reply *reply = &replies->replies[r], *before = reply - 1;
        const char *reason = NULL;
        if (reply->addressee < 0 || (size_t)reply->addressee >= actor_count)
            reason = "names an addressee outside the network";
        else if (!isfinite(reply->received_day) || !isfinite(reply->end_day))
            reason = "has no time of receipt or end";
        else if (r > 0 && (reply->request < before->request ||
                           (reply->request == before->request && reply->addressee < before->addressee)))
            reason = "is out of order";
        if (reason) {
            snprintf(error, 400, "reply %zu %s", r, reason);
            return false;
        }
    }
    return true;
}
