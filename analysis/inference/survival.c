/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kaplan-Meier and Aalen-Johansen in one pass over the ordered times.
 */
#include "survival.h"

#include <math.h>
#include <stdlib.h>

#define NORMAL_975 1.959963984540054 /* 97.5 % quantile of the normal distribution */
/* R is a product and a sum of fractions: 1/2 within rounding is 1/2, or the median would depend on the order of multiplication.
 */
#define HALF_SLACK 1e-9

static int compare_times(const void *left, const void *right)
{
    const struct survival_time *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return 0;
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

static void set_interval(struct survival_step *step, double variance)
{
    step->se = sqrt(variance);
    step->low = step->high = NAN;
    double r = step->unanswered;
    if (r <= 0 || r >= 1)
        return;
    /* log(-log R) is nearly normal and keeps the bounds inside 0..1 (Kalbfleisch & Prentice 1980). */
    double half = NORMAL_975 * step->se / (r * fabs(log(r)));
    step->low = pow(r, exp(half));
    step->high = pow(r, exp(-half));
}

bool survival_init(struct survival *ret_survival, struct survival_time *times, size_t count)
{
    *ret_survival = (struct survival){.count = count};
    ret_survival->steps = malloc((count + 1) * sizeof *ret_survival->steps);
    if (!ret_survival->steps) {
        ret_survival->count = 0;
        return false;
    }
    if (count > 1)
        qsort(times, count, sizeof *times, compare_times);

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
        step.unanswered = competed ? fmax(0, 1 - incidence) : alive;
        set_interval(&step, competed ? variance_at(&sums, incidence) : alive * alive * greenwood);
        ret_survival->steps[ret_survival->step_count++] = step;
    }
    return true;
}

void survival_release(struct survival *survival)
{
    free(survival->steps);
    *survival = (struct survival){0};
}

const struct survival_step *survival_step_at(const struct survival *survival, double time)
{
    const struct survival_step *found = NULL;
    for (size_t i = 0; i < survival->step_count && survival->steps[i].time <= time; i++)
        found = &survival->steps[i];
    return found;
}

/* Nobody is left to follow after the last time when the last one ended rather than being censored. */
static bool followed_to_the_end(const struct survival *survival)
{
    if (survival->step_count == 0)
        return false;
    const struct survival_step *last = &survival->steps[survival->step_count - 1];
    return last->at_risk == last->answered + last->competing;
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

void survival_median_interval(const struct survival *survival, double *ret_low, double *ret_high)
{
    *ret_low = *ret_high = NAN;
    for (size_t i = 0; i < survival->step_count; i++) {
        const struct survival_step *step = &survival->steps[i];
        /* A curve that has reached 0 has no interval there, but is certainly below one half. */
        bool low_below = step->unanswered <= 0 || step->low <= 0.5 + HALF_SLACK;
        bool high_below = step->unanswered <= 0 || step->high <= 0.5 + HALF_SLACK;
        if (low_below && isnan(*ret_low))
            *ret_low = step->time;
        if (high_below && isnan(*ret_high))
            *ret_high = step->time;
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
