/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many tests at once: the false discovery rate of Benjamini & Hochberg 1995.
 */
#ifndef SAMORDNING_MULTIPLE_H
#define SAMORDNING_MULTIPLE_H

#include <stdbool.h>
#include <stddef.h>

/* q[i] = the smallest false discovery rate at which test i would be called. NaN p values are no tests: their q is NaN and they
 * do not count. False: out of memory. ret_q may be p. */
bool multiple_benjamini_hochberg(const double *p, size_t count, double *ret_q);

#endif
