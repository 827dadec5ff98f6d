/* SPDX-License-Identifier: GPL-3.0-or-later
 * The families of numbers, as one table: name, what it needs, what computes it. One file a family.
 *
 * A family reads a network (and replies) and writes tables into a result, with a definition and a source per column and its
 * choices on the card. It knows nothing of databases or rendering.
 */
#ifndef SAMORDNING_METRICS_H
#define SAMORDNING_METRICS_H

#include "chronicle.h"
#include "network.h"
#include "reply.h"
#include "result.h"

#include <stdbool.h>

/* What a family reads besides the network; the worker reads no more than is asked for. */
enum metrics_need {
    METRICS_NEED_REPLIES = 1,
    METRICS_NEED_CHRONICLE = 2,
};
struct metrics_input {
    const struct network *network;     /* its specification has the choices */
    const struct reply_set *replies;   /* NULL unless the family needs them */
    const struct chronicle *chronicle; /* the same */
    /* Called now and then with 0..1000; false = stop, the family then returns METRICS_CANCELLED. May be NULL. */
    bool (*progress)(void *arg, unsigned permille);
    void *arg;
};
enum metrics_status { METRICS_OK, METRICS_CANCELLED, METRICS_FAILED };

struct metrics_family {
    const char *name;  /* graph */
    const char *title; /* for help, English */
    unsigned needs;    /* enum metrics_need */
    enum metrics_status (*compute)(const struct metrics_input *input, struct result *result, char error[400]);
};
const struct metrics_family *metrics_families(size_t *ret_count);
const struct metrics_family *metrics_family(const char *name); /* NULL = unknown */

#endif
