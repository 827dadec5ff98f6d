/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two clocks: one that never goes back, for deadlines and latencies, and the wall clock, for certificates and logs.
 */
#ifndef SAMORDNING_CLOCK_H
#define SAMORDNING_CLOCK_H

#include <stdint.h>

int64_t clock_monotonic_us(void);
int64_t clock_wall_us(void); /* since 1970-01-01T00:00:00Z */

#endif
