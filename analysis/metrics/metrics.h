/* SPDX-License-Identifier: GPL-3.0-or-later
 * The families of numbers, as one table: name, what it needs, what computes it. One file a family.
 *
 * A family reads a network (and replies) and writes tables into a result, with a definition and a source per column and its
 * choices on the card. It knows nothing of databases or rendering.
 */
#ifndef SAMORDNING_METRICS_H
#define SAMORDNING_METRICS_H

#include "chronicle.h"
#include "duty_rule.h"
#include "need.h"
#include "network.h"
#include "reply.h"
#include "result.h"
#include "wave.h"

#include <stdbool.h>

/* What a family reads besides the network; the worker reads no more than is asked for. */
enum metrics_need {
    METRICS_NEED_REPLIES = 1,
    METRICS_NEED_CHRONICLE = 2,
    METRICS_NEED_NEED = 4,
    METRICS_NEED_DUTY_RULES = 8,
    METRICS_NEED_EARLIER = 16,
    METRICS_NEED_WAVE = 32,       /* a wave of a survey: alone, or beside interactions */
    METRICS_OF_INTERACTIONS = 64, /* not of the answers of a wave: it reads more than ties */
    METRICS_NEED_TIES = 128,      /* the ties of the network: what missing= is about */
    METRICS_NEED_ANCHOR = 256,    /* `earlier` is the network of anchor-from and anchor-to; NULL without them */
    METRICS_ALONE = 512, /* no two such at once in one process: it calls igraph, or reads or fills `memory` or `share` */
};
/* What the codes of layers in replies and chronicle stand for. */
struct metrics_layer {
    int16_t code;
    const char *name;
};
struct path_share;
struct shortest_memory;
struct metrics_input {
    const struct network *network;     /* its specification has the choices, and its missing= has been applied */
    const struct network *untreated;   /* before that was done (treatments.h); NULL = nothing was to be done */
    const struct reply_set *replies;   /* NULL unless the family needs them */
    const struct chronicle *chronicle; /* the same */
    const struct need *need;           /* the same */
    const struct duty_rules *rules;    /* the same */
    const struct network *earlier; /* the same: of the period that spec_earlier gives (NEED_ANCHOR: spec_anchor), else under the
                                      same specification */
    const struct wave *wave;       /* that the specification names, else NULL */
    const struct wave *earlier_wave;    /* the same, by earlier-wave */
    const struct metrics_layer *layers; /* those there are; a code that is not among them is shown as a number */
    size_t layer_count;
    /* Called now and then with 0..1000; false = stop, the family then returns METRICS_CANCELLED. May be NULL. */
    bool (*progress)(void *arg, unsigned permille);
    void *arg;
    unsigned threads;               /* for what can use several; 0 = all cores. Replicates that run side by side take 1 each */
    const struct path_share *share; /* other workers for long path sweeps (path_work.h); NULL = alone */
    struct shortest_memory
        *memory; /* what families before this one found of the network (shortest.h); NULL = nothing is kept */
};
static inline const struct network *metrics_untreated(const struct metrics_input *input)
{
    return input->untreated ? input->untreated : input->network;
}
enum metrics_status {
    METRICS_OK,
    METRICS_CANCELLED,
    METRICS_REFUSED, /* a choice does not fit this network: the error names it and says why */
    METRICS_FAILED
};

struct metrics_family {
    const char *name;  /* graph */
    const char *title; /* for help, English */
    unsigned needs;    /* enum metrics_need */
    enum metrics_status (*compute)(const struct metrics_input *input, struct result *result, char error[400]);
};
const struct metrics_family *metrics_families(size_t *ret_count);
const struct metrics_family *metrics_family(const char *name); /* NULL = unknown */

#endif
