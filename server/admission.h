/* SPDX-License-Identifier: GPL-3.0-or-later
 * A pool of bytes that connections draw from before they read or decode something large, in the order they asked.
 *
 * What does not fit waits; a single demand larger than the pool is let through when nothing else is out, so nobody waits for
 * ever. Grants to waiters come from the event loop, never from inside admission_return.
 */
#ifndef SAMORDNING_ADMISSION_H
#define SAMORDNING_ADMISSION_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct event;
struct event_base;

struct admission_wait { /* embedded in the waiter */
    size_t bytes;
    bool is_waiting;
    void (*granted)(struct admission_wait *wait); /* bytes were taken for it */
    TAILQ_ENTRY(admission_wait) entry;
};

struct admission {
    size_t limit, used;
    TAILQ_HEAD(, admission_wait) waiting;
    struct event *grant;
};

MUST_CHECK enum status admission_init(struct admission *admission, struct event_base *base, size_t limit);
void admission_release(struct admission *admission);
/* True: taken. False: `wait` is in line, granted follows. */
bool admission_take(struct admission *admission, size_t bytes, struct admission_wait *wait);
void admission_add(struct admission *admission, size_t bytes); /* taken without asking: what turned out larger than thought */
void admission_return(struct admission *admission, size_t bytes);
void admission_leave(struct admission *admission, struct admission_wait *wait); /* no longer wants it */

#endif
