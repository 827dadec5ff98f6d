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
    double waiting;    /* neither answered nor ended otherwise: what R would be if ending otherwise were an answer */
    double se;         /* of R */
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

/* 95 %, within [0, 1]; NaN where R is 0 or 1 or the variance is not defined. */
void survival_step_interval(const struct survival_step *step, double *ret_low, double *ret_high);
double survival_unanswered(const struct survival *survival,
                           double time); /* R(time); NaN when nobody was followed or after the last
                                             follow-up of a curve that has not reached its end */
const struct survival_step *survival_step_at(const struct survival *survival,
                                             double time); /* the step in force; NULL before the first */
double survival_median(const struct survival *survival);   /* first time with R <= 1/2; NaN = not reached */
/* Times where the interval's lower and upper curves cross 1/2 (Brookmeyer & Crowley 1982); NaN = never. The standard errors of
 * the curve are multiplied by `widen`: 1, or the root of a design effect. */
void survival_median_interval(const struct survival *survival, double widen, double *ret_low, double *ret_high);
/* Area under R from 0 to horizon; the last value is carried on when the follow-up is shorter. NaN when nobody was followed. */
double survival_restricted_mean(const struct survival *survival, double horizon);

/* Standard error of that mean, by the delta method over the independent steps; without competing events it is the usual sum of
 * squared remaining areas times Greenwood's terms (Klein & Moeschberger 2003, 4.5). */
double survival_restricted_mean_se(const struct survival *survival, double horizon);

/* How much one follow-up moved an estimate: its infinitesimal jackknife value (Efron 1982; Lin & Wei 1989). They sum to 0. The
 * sum of squares of the sums over clusters is a variance that holds when the follow-ups of one cluster depend on each other. */
enum survival_estimate { SURVIVAL_RESTRICTED_MEAN, SURVIVAL_UNANSWERED };
struct survival_leverage {
    const struct survival *survival; /* borrowed */
    double *drift, *answered, *competing;
};
/* Of the restricted mean up to `at`, or of R(at). False: out of memory. */
bool survival_leverage_init(struct survival_leverage *ret_leverage, const struct survival *survival,
                            enum survival_estimate estimate, double at);
void survival_leverage_release(struct survival_leverage *leverage);
double survival_leverage_of(const struct survival_leverage *leverage, const struct survival_time *time);

#endif
