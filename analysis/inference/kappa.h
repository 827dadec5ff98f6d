/* SPDX-License-Identifier: GPL-3.0-or-later
 * Agreement of two accounts of the same things, beyond what chance would give.
 */
#ifndef SAMORDNING_KAPPA_H
#define SAMORDNING_KAPPA_H

#include <stddef.h>

#define KAPPA_CATEGORIES_MAX 16

struct kappa {
    double share;     /* of equal accounts */
    double expected;  /* share that accounts with these margins would have by chance */
    double kappa, se; /* (share - expected) / (1 - expected); NaN when only one answer was ever given */
    double low, high; /* 95 %, within [-1, 1] */
};
/* Cohen 1960 with the large-sample standard error of Fleiss, Cohen & Everitt 1969. counts: row = first account, column =
 * second, row-major. All NaN when nothing was counted. */
struct kappa kappa_cohen(const double *counts, size_t categories);
/* Of yes and no by two accounts that cannot be told apart: intraclass kappa (Bloch & Kraemer 1989), Scott's pi. */
struct kappa kappa_intraclass(double both_yes, double one_yes, double both_no);

#endif
