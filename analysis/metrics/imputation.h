/* SPDX-License-Identifier: GPL-3.0-or-later
 * Something in the place of unknown pairs: ties of the median weight, or what stands between known pairs (hot deck, Huisman
 * 2009).
 */
#ifndef SAMORDNING_IMPUTATION_H
#define SAMORDNING_IMPUTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imputation {
    const double *observed; /* actors x actors, NaN = unknown, diagonal 0; borrowed */
    size_t actors;
    double *pool; /* pairs known in both directions: there, back */
    size_t pool_count;
    double median; /* weight of the known ties; 1 when there are none */
};
/* False: out of memory, nothing to release. */
bool imputation_init(struct imputation *ret_imputation, const double *observed, size_t actors, bool directed);
void imputation_release(struct imputation *imputation);
void imputation_tie(const struct imputation *imputation, double *ret_matrix);
/* Each unknown pair like one drawn from the pool, which must not be empty; of a pair known in one direction that stays. */
void imputation_draw(const struct imputation *imputation, uint64_t seed, uint64_t number, double *ret_matrix);

#endif
