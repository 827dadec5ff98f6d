/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kaplan-Meier and Aalen-Johansen in one pass over the ordered times.
 */
#include "survival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NORMAL_975 1.959963984540054 /* 97.5 % quantile of the normal distribution */
/* R is a product and a sum of fractions: 1/2 within rounding is 1/2, or the median would depend on the order of multiplication.
 */
#define HALF_SLACK 1e-9

#define RUN 8 /* this many are put in order one by one, longer runs by merging */

static void sort_run(struct survival_time *times, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct survival_time time = times[i];
        size_t at = i;
        for (; at > 0 && time.time < times[at - 1].time; at--)
            times[at] = times[at - 1];
        times[at] = time;
    }
}

/* By time; written out because a call for each comparison took most of the time of all curves. False: out of memory. */
static bool sort_times(struct survival_time *times, size_t count)
{
    struct survival_time *room = malloc((count + 1) * sizeof *room), *from = times, *to = room;
    if (!room)
        return false;
    for (size_t first = 0; first < count; first += RUN)
        sort_run(times + first, count - first < RUN ? count - first : RUN);
    for (size_t width = RUN; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            size_t middle = first + width < count ? first + width : count;
            size_t end = first + 2 * width < count ? first + 2 * width : count, left = first, right = middle;
            for (size_t at = first; at < end; at++)
                to[at] = left < middle && (right == end || from[left].time <= from[right].time) ? from[left++] : from[right++];
        }
        struct survival_time *swap = from;
        from = to;
        to = swap;
    }
    if (from != times)
        memcpy(times, from, count * sizeof *times);
    free(room);
    return true;
}

/* Running sums from which the variance of the cumulative incidence F at any later time t follows without a second pass:
 * sum (F(t)-F_i)^2 a_i + sum b_i - 2 sum (F(t)-F_i) c_i. */
struct variance {
    double a, a_f, a_ff, b, c, c_f;
};

static double variance_at(const struct variance *sums, double f)
{
    double variance = f * f * sums->a - 2 * f * sums->a_f + sums->a_ff + sums->b - 2 * (f * sums->c - sums->c_f);
    return variance > 0 ? variance : 0;
}

static void interval(double r, double se, double *ret_low, double *ret_high)
{
    *ret_low = *ret_high = NAN;
    if (r <= 0 || r >= 1)
        return;
    /* log(-log R) is nearly normal and keeps the bounds inside 0..1 (Kalbfleisch & Prentice 1980). */
    double half = NORMAL_975 * se / (r * fabs(log(r)));
    *ret_low = pow(r, exp(half));
    *ret_high = pow(r, exp(-half));
}

bool survival_init(struct survival *ret_survival, struct survival_time *times, size_t count)
{
    *ret_survival = (struct survival){.count = count};
    ret_survival->steps = malloc((count + 1) * sizeof *ret_survival->steps);
    if (!ret_survival->steps || !sort_times(times, count)) {
        survival_release(ret_survival);
        return false;
    }

    struct variance sums = {0};
    double alive = 1, incidence = 0, greenwood = 0; /* all-cause survival just before; cumulative incidence of answers */
    bool competed = false;
    for (size_t i = 0; i < count;) {
        struct survival_step step = {.time = times[i].time, .at_risk = count - i};
        size_t j = i;
        for (; j < count && times[j].time <= times[i].time; j++) {
            step.answered += times[j].end == SURVIVAL_ANSWERED;
            step.competing += times[j].end == SURVIVAL_COMPETING;
        }
        ret_survival->answered += step.answered;
        ret_survival->competing += step.competing;
        ret_survival->censored += j - i - step.answered - step.competing;
        ret_survival->last_time = times[i].time;
        i = j;
        size_t ended = step.answered + step.competing;
        if (ended == 0)
            continue;
        double n = (double)step.at_risk, d = (double)ended, d1 = (double)step.answered;
        competed = competed || step.competing > 0;
        incidence += alive * d1 / n;
        if (step.at_risk > ended) { /* otherwise F stays as it is from here on and the term is 0 */
            double a = d / (n * (n - d));
            greenwood += a;
            sums.a += a;
            sums.a_f += a * incidence;
            sums.a_ff += a * incidence * incidence;
        }
        sums.b += alive * alive * (n - d1) * d1 / (n * n * n);
        sums.c += alive * d1 / (n * n);
        sums.c_f += alive * d1 / (n * n) * incidence;
        alive *= (n - d) / n;
        step.waiting = alive;
        step.unanswered = competed ? fmax(0, 1 - incidence) : alive;
        step.se = sqrt(competed ? variance_at(&sums, incidence) : alive * alive * greenwood);
        ret_survival->steps[ret_survival->step_count++] = step;
    }
    return true;
}

void survival_release(struct survival *survival)
{
    free(survival->steps);
    *survival = (struct survival){0};
}

/* Steps at or before `time`. */
static size_t steps_until(const struct survival *survival, double time)
{
    size_t low = 0, high = survival->step_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (survival->steps[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct survival_step *survival_step_at(const struct survival *survival, double time)
{
    size_t count = steps_until(survival, time);
    return count > 0 ? &survival->steps[count - 1] : NULL;
}

/* Nobody is left to follow after the last time when the last one ended rather than being censored. */
static bool followed_to_the_end(const struct survival *survival)
{
    if (survival->step_count == 0)
        return false;
    const struct survival_step *last = &survival->steps[survival->step_count - 1];
    return last->at_risk == last->answered + last->competing;
}

void survival_step_interval(const struct survival_step *step, double *ret_low, double *ret_high)
{
    interval(step->unanswered, step->se, ret_low, ret_high);
}

double survival_unanswered(const struct survival *survival, double time)
{
    if (survival->count == 0 || (time > survival->last_time && !followed_to_the_end(survival)))
        return NAN;
    const struct survival_step *step = survival_step_at(survival, time);
    return step ? step->unanswered : 1;
}

double survival_median(const struct survival *survival)
{
    for (size_t i = 0; i < survival->step_count; i++)
        if (survival->steps[i].unanswered <= 0.5 + HALF_SLACK)
            return survival->steps[i].time;
    return NAN;
}

void survival_median_interval(const struct survival *survival, double widen, double *ret_low, double *ret_high)
{
    *ret_low = *ret_high = NAN;
    for (size_t i = 0; i < survival->step_count; i++) {
        const struct survival_step *step = &survival->steps[i];
        double low, high;
        interval(step->unanswered, step->se * widen, &low, &high);
        /* A curve that has reached 0 has no interval there, but is certainly below one half. */
        bool low_below = step->unanswered <= 0 || low <= 0.5 + HALF_SLACK;
        bool high_below = step->unanswered <= 0 || high <= 0.5 + HALF_SLACK;
        if (low_below && isnan(*ret_low))
            *ret_low = step->time;
        if (high_below && isnan(*ret_high))
            *ret_high = step->time;
        if (!isnan(*ret_low) && !isnan(*ret_high))
            return;
    }
}

double survival_restricted_mean(const struct survival *survival, double horizon)
{
    if (survival->count == 0 || !(horizon > 0))
        return NAN;
    double area = 0, from = 0, height = 1;
    for (size_t i = 0; i < survival->step_count && survival->steps[i].time < horizon; i++) {
        area += height * (survival->steps[i].time - from);
        from = survival->steps[i].time;
        height = survival->steps[i].unanswered;
    }
    return area + height * (horizon - from);
}

/* ------------------------------------------------------------------------------------------------- what moves an estimate */
/* Derivatives of -estimate by the share answered and the share ended at a step, backwards through the steps. `tail` is what
 * follows the step: F(at) - F of the step for R(at), its integral up to the horizon for the restricted mean. */
struct slopes {
    const struct survival *survival;
    enum survival_estimate estimate;
    double at;
    double area, until; /* under F from the step after the current one to the horizon, and where that begins */
};

static void slopes_at(struct slopes *slopes, size_t i, double *ret_answered, double *ret_competing)
{
    const struct survival_step *step = &slopes->survival->steps[i];
    double before = i > 0 ? step[-1].waiting : 1, incidence = 1 - step->unanswered;
    double length = slopes->at - step->time, tail;
    slopes->area += incidence * (slopes->until - step->time);
    slopes->until = step->time;
    if (slopes->estimate == SURVIVAL_RESTRICTED_MEAN) {
        tail = slopes->area - incidence * length;
    } else {
        length = 1;
        tail = 1 - survival_step_at(slopes->survival, slopes->at)->unanswered - incidence;
    }
    size_t left = step->at_risk - step->answered - step->competing;
    double later = left > 0 ? tail * (double)step->at_risk / (double)left : 0; /* nobody is left: nothing follows */
    *ret_answered = before * length - later;
    *ret_competing = -later;
}

/* Steps that the estimate depends on: a step at the horizon itself has no area after it. */
static size_t steps_used(const struct survival *survival, enum survival_estimate estimate, double at)
{
    size_t used = steps_until(survival, at);
    while (estimate == SURVIVAL_RESTRICTED_MEAN && used > 0 && survival->steps[used - 1].time >= at)
        used--;
    return used;
}

double survival_restricted_mean_se(const struct survival *survival, double horizon)
{
    if (survival->count == 0 || !(horizon > 0))
        return NAN;
    struct slopes slopes = {survival, SURVIVAL_RESTRICTED_MEAN, horizon, 0, horizon};
    double variance = 0;
    for (size_t i = steps_used(survival, SURVIVAL_RESTRICTED_MEAN, horizon); i-- > 0;) {
        const struct survival_step *step = &survival->steps[i];
        double n = (double)step->at_risk, p = (double)step->answered / n, q = (double)step->competing / n, a, c;
        slopes_at(&slopes, i, &a, &c);
        variance += (a * a * p * (1 - p) + c * c * q * (1 - q) - 2 * a * c * p * q) / n;
    }
    return sqrt(fmax(0, variance));
}

bool survival_leverage_init(struct survival_leverage *ret_leverage, const struct survival *survival,
                            enum survival_estimate estimate, double at)
{
    size_t count = survival->step_count;
    double *room = calloc(3 * count + 1, sizeof *room);
    *ret_leverage = (struct survival_leverage){survival, room, room ? room + count : NULL, room ? room + 2 * count : NULL};
    if (!room)
        return false;
    size_t used = steps_used(survival, estimate, at);
    struct slopes slopes = {survival, estimate, at, 0, at};
    for (size_t i = used; i-- > 0;) {
        const struct survival_step *step = &survival->steps[i];
        double n = (double)step->at_risk, a, c;
        slopes_at(&slopes, i, &a, &c);
        ret_leverage->answered[i] = -a / n;
        ret_leverage->competing[i] = -c / n;
        ret_leverage->drift[i] = (a * (double)step->answered + c * (double)step->competing) / (n * n);
    }
    for (size_t i = 1; i < count; i++)
        ret_leverage->drift[i] += ret_leverage->drift[i - 1];
    return true;
}

void survival_leverage_release(struct survival_leverage *leverage)
{
    free(leverage->drift);
    *leverage = (struct survival_leverage){0};
}

double survival_leverage_of(const struct survival_leverage *leverage, const struct survival_time *time)
{
    size_t count = steps_until(leverage->survival, time->time);
    if (count == 0)
        return 0;
    double moved = leverage->drift[count - 1];
    if (time->end == SURVIVAL_ANSWERED)
        moved += leverage->answered[count - 1];
    if (time->end == SURVIVAL_COMPETING)
        moved += leverage->competing[count - 1];
    return moved;
}
