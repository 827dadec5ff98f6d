/* SPDX-License-Identifier: GPL-3.0-or-later
 * The families of numbers, as one table: name, what it needs, what computes it. One file a family.
 *
 * A family reads a network (and replies) and writes tables into a result, with a definition and a source per column and its
 * choices on the card. It knows nothing of databases or rendering.
 */
#ifndef SAMORDNING_METRICS_H
#define SAMORDNING_METRICS_H

#include "network.h"
#include "reply.h"
#include "result.h"

#include <stdbool.h>

struct metrics_input {
    const struct network *network;
    const struct reply_set *replies; /* NULL unless the family needs them */
    /* Called now and then with 0..1000; false = stop, the family then returns METRICS_CANCELLED. May be NULL. */
    bool (*progress)(void *arg, unsigned permille);
    void *arg;
    const char *options; /* key=value pairs beyond the specification: permutations=999 ... */
};
enum metrics_status { METRICS_OK, METRICS_CANCELLED, METRICS_FAILED };

struct metrics_family {
    const char *name;  /* graph */
    const char *title; /* for help, English */
    bool needs_replies;
    enum metrics_status (*compute)(const struct metrics_input *input, struct result *result, char error[400]);
};
const struct metrics_family *metrics_families(size_t *ret_count);
const struct metrics_family *metrics_family(const char *name); /* NULL = unknown */

#endif
