/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comparing two divisions of the same items into groups, and how far many divisions agree.
 */
#ifndef SAMORDNING_PARTITION_H
#define SAMORDNING_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct partition_agreement {
    double ari; /* adjusted Rand index (Hubert & Arabie 1985): 1 = the same, 0 = as much as chance gives, may be negative */
    double nmi; /* normalised mutual information, 2 I / (H1 + H2) (Danon et al. 2005): 1 = the same, 0 = independent */
};
/* Labels are 0 .. count - 1. Two divisions that do not divide at all, or leave everybody alone, agree fully: both are 1 then.
 * No items: NaN. False: out of memory. */
bool partition_agree(const int32_t *left, const int32_t *right, size_t count, struct partition_agreement *ret_agreement);

/* Renumbers groups by size, the largest 0; equal sizes by their first item. Returns the number of groups, SIZE_MAX: out of
 * memory. */
size_t partition_canonical(int32_t *labels, size_t count);

/* For each item the mean share of `runs` divisions (run by run, count labels each) that keep it together with each other member
 * of its group in `labels`; NaN when it is alone there. False: out of memory. */
bool partition_stability(const int32_t *labels, const int32_t *divisions, size_t runs, size_t count, double *ret_together);

#endif
