/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long to wait before the next attempt. */
#include "backoff.h"

#include <sys/random.h>

int64_t backoff_next_ms(struct backoff *backoff, int64_t at_least_ms)
{
    if (backoff->random == 0 &&
        getrandom(&backoff->random, sizeof backoff->random, GRND_NONBLOCK) != (ssize_t)sizeof backoff->random)
        backoff->random = (uint64_t)(uintptr_t)backoff;
    backoff->random |= backoff->random == 0;
    /* xorshift64 */
    backoff->random ^= backoff->random << 13;
    backoff->random ^= backoff->random >> 7;
    backoff->random ^= backoff->random << 17;
    uint64_t span = BACKOFF_MAX_MS;
    if (backoff->attempts < 16 && (uint64_t)BACKOFF_FIRST_MS << backoff->attempts < span)
        span = (uint64_t)BACKOFF_FIRST_MS << backoff->attempts;
    backoff->attempts++;
    int64_t wait_ms = 1 + (int64_t)(backoff->random % span);
    return wait_ms > at_least_ms ? wait_ms : at_least_ms + wait_ms / 4; /* even a told delay is spread a little */
}
