/* SPDX-License-Identifier: GPL-3.0-or-later
 * One panel a predictor: what stays where it is (the response and the other predictors) and what is permuted over it.
 *
 * With everything else fixed, the coefficient of the permuted matrix needs only its products with each fixed one (Frisch &
 * Waugh 1933), so a permutation costs one reading of the matrix by index and a handful of multiplications a cell.
 */
#ifndef SAMORDNING_QAP_PANEL_H
#define SAMORDNING_QAP_PANEL_H

#include "logistic.h"
#include "qap.h"

#define QAP_COLUMNS_MAX (QAP_PREDICTORS_MAX + 2) /* the constant, the predictors, the response */

#define QAP_EACH_CELL(plan, i, j)                                                                                              \
    for (size_t i = 0; i < (plan)->actors; i++)                                                                                \
        for (size_t j = dyads_first(i, (plan)->directed); j < (plan)->actors; j++)                                             \
            if (i != j)

struct qap_cell {
    int32_t row, column;
};
/* A matrix in units of its own standard deviation around its mean, over the cells known everywhere; NaN = unknown. */
struct qap_scaled {
    double *values;
    double mean, sd; /* in the units given */
};
struct qap_panel {
    const struct qap *plan;
    size_t fixed_count;             /* the constant first, the response last */
    double *fixed[QAP_COLUMNS_MAX]; /* 0 where any of them is unknown */
    uint8_t *known;                 /* all fixed ones are */
    struct qap_cell *holes;         /* cells where they are not */
    size_t hole_count, cells;
    double cross[QAP_COLUMNS_MAX * QAP_COLUMNS_MAX]; /* products of the fixed ones, fixed_count a row */
    double *moving;                                  /* 0 where unknown */
    struct qap_cell *gaps;                           /* cells where it is unknown */
    size_t gap_count;
    double squares; /* of the moving one, over all of its known cells */
    double *design; /* logistic: the known cells in order, row-major, room for the moving one last */
    uint8_t *ties;
    struct logistic_fit without; /* logistic: the others alone */
};
/* What the coefficient of the moving matrix is in one order. */
struct qap_pivot {
    double estimate, se, statistic;
    double left, total; /* linear: sum of squares left, and that of the response without the moving one */
};
struct qap_bench { /* of a thread */
    int32_t *order, *place;
    double *row;
    double *design;
    const struct qap_panel *lined_up; /* whose others stand in the design */
};

/* A matrix in standard units over the cells that `known` has; to be freed. False: out of memory. sd 0: does not vary. */
bool qap_scale(const struct qap *plan, const double *matrix, const uint8_t *known, struct qap_scaled *ret_scaled);

/* Everything in standard units; `known` says where all predictors are. UNSOLVABLE: the predictor follows from the others, or
 * they from each other. Must be released all the same. */
enum qap_status qap_panel_init(struct qap_panel *panel, const struct qap *plan, size_t predictor,
                               const struct qap_scaled *response, const struct qap_scaled *predictors, const uint8_t *known);
void qap_panel_release(struct qap_panel *panel);

/* `fixed_count` is that of the panels of this plan. NULL: out of memory. */
struct qap_bench *qap_bench_create(const struct qap *plan, size_t fixed_count);
void qap_bench_destroy(struct qap_bench *bench);
/* The coefficient with the moving matrix in the bench's order, order[] and place[] being each other's inverse; all NaN where
 * there is none. */
struct qap_pivot qap_pivot_of(const struct qap_panel *panel, struct qap_bench *bench);

#endif
