/* SPDX-License-Identifier: GPL-3.0-or-later
 * Do groups answer at the same rate? The log-rank test (Mantel 1966; Peto & Peto 1972), also stratified.
 *
 * What it compares are hazards: answers among those still waiting, so what ended otherwise counts as no longer waiting.
 * Observed minus expected answers of a group are a sum of scores over its members (1 if answered, less the pooled cumulative
 * hazard at the end of its follow-up), so that relabelling members within their strata gives the null distribution without any
 * large-sample argument. It assumes that groups do not differ in how they are censored.
 */
#ifndef SAMORDNING_LOGRANK_H
#define SAMORDNING_LOGRANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A group that expects fewer answers than this gets its p by permutation, not from the chi-squared distribution. */
#define LOGRANK_EXPECTED_MIN 10.0
#define LOGRANK_GROUPS_MAX   500 /* beyond it no test of all groups together, only of each against the others */

struct logrank_time {
    double time; /* >= 0, finite */
    bool answered;
    int32_t group, stratum; /* group: 0 .. group_count - 1 */
};
enum logrank_method { LOGRANK_NONE, LOGRANK_ASYMPTOTIC, LOGRANK_PERMUTATION, LOGRANK_EXACT };
struct logrank_group {
    double count, observed, expected, variance; /* answers, and the variance of observed - expected */
    double p;                                   /* of the group against all others together; NaN without variance */
    enum logrank_method method;                 /* of p */
};
struct logrank_test {
    double chi_squared, degrees; /* NaN and 0 when nothing can be told apart */
    double p_asymptotic, p;      /* p is by `method` */
    enum logrank_method method;
};
struct logrank_plan {
    struct logrank_time *times; /* sorted by the test: by stratum, then time */
    size_t count;
    size_t group_count;
    unsigned permutations;
    uint64_t seed;
    unsigned threads;                              /* 0 = one a core; the same bits */
    bool (*proceed)(void *arg, unsigned permille); /* false = stop; may be NULL */
    void *arg;
};
enum logrank_status { LOGRANK_OK, LOGRANK_STOPPED, LOGRANK_NO_MEMORY };

/* ret_groups: group_count. The test of all is by permutation when any group expects few answers. */
enum logrank_status logrank_run(const struct logrank_plan *plan, struct logrank_group *ret_groups,
                                struct logrank_test *ret_test);

#endif
