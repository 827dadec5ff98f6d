/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long to wait before the next attempt: exponential, with full jitter, so that many clients do not come back at once.
 */
#ifndef SAMORDNING_BACKOFF_H
#define SAMORDNING_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS   10000

struct backoff {
    uint64_t random; /* state; 0 = not seeded yet */
    unsigned attempts;
};

/* Between 1 ms and FIRST * 2^attempts (at most MAX), never less than at_least_ms. Counts the attempt. */
int64_t backoff_next_ms(struct backoff *backoff, int64_t at_least_ms);

#endif
