/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relations explained by relations: correlation and regression of matrices whose cells are not independent.
 *
 * The cells of a row share an actor, so the textbook standard errors are wrong. The coefficients are the ordinary ones; whether
 * they are more than chance is told by permuting rows and columns together. Correlation: the response is permuted (Hubert &
 * Schultz 1976; Krackhardt 1988). Regression: double semi-partialling (Dekker, Krackhardt & Snijders 2007): what is left of one
 * predictor after the others is permuted and takes its place, and the t (logistic: z) of its coefficient is compared, which
 * stays right when predictors are correlated. Cells unknown in any of the matrices are left out pairwise, anew in each
 * permutation.
 */
#ifndef SAMORDNING_QAP_H
#define SAMORDNING_QAP_H

#include "dyads.h"

#include <stdint.h>

#define QAP_PREDICTORS_MAX 12

enum qap_model { QAP_CORRELATION, QAP_LINEAR, QAP_LOGISTIC };

struct qap {
    enum qap_model model;
    size_t actors;
    bool directed;
    const double *response; /* logistic: 0 or 1 */
    size_t predictor_count; /* at most QAP_PREDICTORS_MAX */
    const double *predictors[QAP_PREDICTORS_MAX];
    size_t permutations; /* drawn when not all orders are walked */
    uint64_t seed;
    unsigned threads; /* 0 = one a core */
    bool (*proceed)(void *arg, unsigned permille);
    void *arg;
};
struct qap_effect {
    double estimate;         /* correlation: r */
    double se;               /* the textbook one, for the pivot only; correlation: NaN */
    double statistic;        /* t, z or r */
    double p_low, p_high, p; /* one-sided both ways; two-sided by absolute size. NaN: of the constant, or nothing counted */
    size_t counted;          /* permutations whose model had an answer */
};
struct qap_fit {
    size_t cells, unknown; /* cells known in all matrices; the rest. Correlation: of the response alone */
    struct qap_effect constant, effects[QAP_PREDICTORS_MAX];
    double r2, adjusted_r2;      /* linear */
    double pseudo_r2;            /* logistic: 1 - deviance / deviance of the constant alone (McFadden 1974) */
    double deviance, deviance_0; /* logistic */
    bool exact;
    size_t permutations;
};
/* UNSOLVABLE: a predictor does not vary or follows from the others, there are too few cells, or (logistic) no finite
 * coefficients: all effects are NaN. */
enum qap_status { QAP_OK, QAP_UNSOLVABLE, QAP_STOPPED, QAP_NO_MEMORY };

enum qap_status qap_run(const struct qap *plan, struct qap_fit *ret_fit);

#endif
