/* SPDX-License-Identifier: GPL-3.0-or-later
 * Permutation of group labels over actors: how surprising is a statistic if the same groups had been dealt out at random?
 *
 * The statistics of one labelling are computed by a callback, so that everything that is a function of (network, labels) shares
 * the same permutations. All distinct labellings are walked when there are few enough; then p is exact (b/m, the observed
 * labelling being one of the m). Otherwise m labellings are drawn and p = (b+1)/(m+1) (Phipson & Smyth 2010).
 */
#ifndef SAMORDNING_LABEL_PERMUTATION_H
#define SAMORDNING_LABEL_PERMUTATION_H

#include "null_tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LABEL_PERMUTATION_EXACT_MAX 100000.0 /* distinct labellings up to which all are walked */

struct label_permutation {
    const int32_t *labels; /* label_count values */
    size_t label_count;
    const int32_t *strata; /* label_count values, equal ones together: labels stay within their stratum; NULL = one stratum */
    size_t statistic_count;
    unsigned permutations; /* drawn when not exact */
    uint64_t seed;
    void (*statistics)(void *arg, const int32_t *labels, double *ret_statistics);
    bool (*proceed)(void *arg, unsigned permille); /* false = stop; may be NULL */
    void *arg;
    /* For labellings drawn over several threads, with the same bits: what a thread has in place of `arg` for `statistics`;
     * NULL: out of memory. Without `open` there is one thread. */
    void *(*open)(const void *arg);
    void (*close)(void *own);
    unsigned threads; /* 0 = one a core */
};
enum label_permutation_status { LABEL_PERMUTATION_OK, LABEL_PERMUTATION_STOPPED, LABEL_PERMUTATION_NO_MEMORY };

/* Distinct labellings, infinity when beyond doubles. */
double label_permutation_space(const int32_t *labels, const int32_t *strata, size_t count);
/* ret_nulls: statistic_count. ret_exact: every labelling was walked; ret_count: how many labellings were looked at. */
enum label_permutation_status label_permutation_run(const struct label_permutation *plan, struct label_null *ret_nulls,
                                                    bool *ret_exact, unsigned *ret_count);

#endif
