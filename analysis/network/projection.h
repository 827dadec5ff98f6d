/* SPDX-License-Identifier: GPL-3.0-or-later
 * From one interaction to dyads: the only place that knows (docs/method.md 1).
 *
 * Meeting: k distinct participants that were present (not observers, copies, those who declined); each unordered pair once.
 * Request, letter: an arc from each sender to each addressee; copies carry no tie. Objection: a negative arc from each sender
 * to each addressee. An objection or disagreement among the replies of a request or letter: a negative arc from that addressee
 * to each sender.
 */
#ifndef SAMORDNING_PROJECTION_H
#define SAMORDNING_PROJECTION_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Buffers that grow with the largest interaction seen. */
struct projection {
    int32_t *from;
    size_t from_count; /* distinct and sorted: those present at a meeting, or senders */
    int32_t *to;
    size_t to_count; /* addressees */
    int32_t *objecting;
    size_t objecting_count; /* addressees whose reply objects */
    size_t capacity;
    uint32_t divisor; /* k - 1 of a meeting, else 1 */
    bool pairs;       /* every pair of `from`; else every arc from -> to, but self-ties */
    bool negative;    /* the arcs are objections */
};
void projection_init(struct projection *projection);
void projection_release(struct projection *projection);
/* False: out of memory. */
bool projection_of(struct projection *projection, const struct event *event);
/* Sorts and drops repeats; returns how many are left. */
size_t projection_distinct(int32_t *labels, size_t count);

#endif
