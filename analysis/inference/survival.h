/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long until an answer, when some are still awaited and some will never come.
 *
 * Waiting still = censored; ended in another way (withdrawn, superseded) = a competing event. The curve is R(t) = the share
 * without an answer at t = 1 - the Aalen-Johansen cumulative incidence of answers (Aalen & Johansen 1978). Without competing
 * events that is exactly the Kaplan-Meier curve (Kaplan & Meier 1958) and its variance exactly Greenwood's (Greenwood 1926);
 * with them the variance is the delta-method one (Marubini & Valsecchi 1995). Intervals are on the log(-log) scale.
 */
#ifndef SAMORDNING_SURVIVAL_H
#define SAMORDNING_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

enum survival_end { SURVIVAL_CENSORED, SURVIVAL_ANSWERED, SURVIVAL_COMPETING };
struct survival_time {
    double time; /* >= 0, finite */
    enum survival_end end;
};
struct survival_step { /* one per distinct time with an answer or a competing event */
    double time;
    size_t at_risk, answered, competing;
    double unanswered; /* R just after the time */
    double se;         /* of R */
    double low, high;  /* 95 %, within [0, 1]; NaN where R is 0 or 1 or the variance is not defined */
};
struct survival {
    struct survival_step *steps;
    size_t step_count;
    size_t count, answered, competing, censored;
    double last_time; /* the longest anybody was followed; 0 when there is nobody */
};

/* Sorts `times`. False: out of memory (ret_survival is then empty and safe to release). */
bool survival_init(struct survival *ret_survival, struct survival_time *times, size_t count);
void survival_release(struct survival *survival);

double survival_unanswered(const struct survival *survival,
                           double time); /* R(time); NaN when nobody was followed or after the last
                                             follow-up of a curve that has not reached its end */
const struct survival_step *survival_step_at(const struct survival *survival,
                                             double time); /* the step in force; NULL before the first */
double survival_median(const struct survival *survival);   /* first time with R <= 1/2; NaN = not reached */
/* Times where the interval's lower and upper curves cross 1/2 (Brookmeyer & Crowley 1982); NaN = never. */
void survival_median_interval(const struct survival *survival, double *ret_low, double *ret_high);
/* Area under R from 0 to horizon; the last value is carried on when the follow-up is shorter. NaN when nobody was followed. */
double survival_restricted_mean(const struct survival *survival, double horizon);

#endif
