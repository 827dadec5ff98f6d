/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a set of replies came in: the numbers about response times that hold for an actor, a stage, a layer or everybody alike.
 *
 * Times are days from received (else sent) to answered; waiting still = censored, ended otherwise = a competing event
 * (survival.h). Requests of one case share their urgency and their sender's patience, so there are two intervals: as if
 * requests were independent, and one by case, which only takes cases to be independent.
 */
#ifndef SAMORDNING_RESPONSE_H
#define SAMORDNING_RESPONSE_H

#include "proportion.h"
#include "reply.h"
#include "survival.h"

#include <stdbool.h>
#include <stddef.h>

struct response_horizons {
    double tau_days;    /* of the restricted mean */
    double within_days; /* at which the curve is read */
    bool by_case;       /* also what the cases do to mean and median; NaN without */
};
struct response {
    double requests, answered, pending, competing;
    double cases; /* requests without a case are cases of their own */
    struct proportion no_remark;
    /* Days; NaN where missing. `case_` by case: missing with fewer than two cases. */
    double median, median_low, median_high, median_case_low, median_case_high;
    double mean, mean_se, mean_low, mean_high, mean_case_se, mean_case_low, mean_case_high; /* restricted to tau_days */
    double within, within_low, within_high; /* share not answered after within_days */
    /* Deadlines differ, so time is counted as a part of each; those that had passed on receipt are not in the curve. */
    double deadlines, in_time; /* in_time: share, of those answered or overdue */
    double unanswered, unanswered_low, unanswered_high;
    bool short_follow_up; /* nobody was followed as long as tau_days: the last value of the curve is carried on */
};

/* Of the replies named by order[0..count). ret_curve: the curve in days, to be released by the caller, or NULL. False: out of
 * memory. */
bool response_of(const struct reply_set *replies, const size_t *order, size_t count, const struct response_horizons *horizons,
                 struct response *ret_response, struct survival *ret_curve);
struct survival_time response_time(const struct reply *reply);

/* Replies by group, each group's in one run: ret_start[group] .. ret_start[group + 1] of ret_order; both on the heap. group_of
 * gives -1 for none. False: out of memory, or a broken promise of group_of. */
bool response_groups(const struct reply_set *replies, size_t group_count, int32_t (*group_of)(const struct reply *reply),
                     size_t **ret_start, size_t **ret_order);
int32_t response_addressee(const struct reply *reply);
/* Names what is wrong with replies that break reply.h's promises. */
bool response_check(const struct reply_set *replies, size_t actor_count, char error[400]);

#endif
