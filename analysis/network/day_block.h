/* SPDX-License-Identifier: GPL-3.0-or-later
 * Day blocks: the dyads of one day and layer, sorted and packed; and the condenser that makes them from interactions.
 *
 * A block is a pure function of the interactions: the same set gives the same bytes in whatever order it came. Format 2,
 * numbers as base-128 varints unless said otherwise:
 *
 *   byte format, byte kind of layer, zigzag day, layer, digest (8 bytes), interactions, united, untimed,
 *   count of labels, of reporters, of dyads,
 *   labels:    difference to the one before (the first to -1), number of interactions it took part in
 *   reporters: difference to the one before (the first to -1)
 *   dyads, sorted by (a, b): a head byte, then what its bits announce
 *     bit 0 a differs: its difference to the a before (the first to -1), then b as it is; else b's difference to the b before
 *     bits 1-2 interactions: 0, 1, 2, or 3 = a number follows
 *     bit 3 weights do not sum to the count: the sum, 128 bits of 64.64 fixed point
 *     bit 4 Newman sum: a 128-bit sum follows; unset and a meeting: all weigh 1, and the k - 1 of its interactions follow:
 *       2 x k - 1 where it is the same of all; else, of no more than 8, 2 x the least + 1, and the difference of each to the
 * one before bit 5 duration follows, in minutes; bit 6 instead in microseconds bit 7 objections: their number follows, and the
 * sum of their weights, 128 bits checksum (8 bytes) over everything before it
 *
 * In layers of kind meeting a < b, elsewhere a dyad is the arc a -> b. Objections are arcs a -> b in any layer but meetings.
 */
#ifndef SAMORDNING_DAY_BLOCK_H
#define SAMORDNING_DAY_BLOCK_H

#include "amount.h"
#include "event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_BLOCK_FORMAT     2
#define DAY_BLOCK_ERROR_SIZE 200
#define DAY_DYAD_DIVISORS    8  /* that a dyad spells out */
#define DAY_BLOCK_INVERSES   64 /* amounts kept while reading */

struct day_dyad {
    int32_t a, b;
    uint32_t count;  /* interactions with a tie between the two */
    amount_t weight; /* sum of their weights */
    amount_t newman; /* sum of weight / (k - 1) */
    int64_t duration_us;
    uint32_t negative_count; /* objections a -> b */
    amount_t negative;
    /* Meetings that all weigh 1: their k - 1, from which the Newman sum follows; one if it is the same of all, else one each,
     * rising, if they are that few. None: the sum stands alone. */
    uint32_t divisor_count, divisors[DAY_DYAD_DIVISORS];
};

/* ------------------------------------------------------------------------------------------------- making them */
struct day_block;
struct day_condenser;
struct day_condenser *day_condenser_create(void);
void day_condenser_destroy(struct day_condenser *condenser);
/* Starts a new block; keeps memory from the one before. */
void day_condenser_begin(struct day_condenser *condenser, int32_t day, int16_t layer, uint8_t kind);
/* Projects one reconciled interaction. False: out of memory. */
bool day_condenser_add(struct day_condenser *condenser, const struct event *event);
/* One report of the day, in force or not: its content counts for the digest. With `heard` its reporter is one of those who told
 * of this day. */
bool day_condenser_report(struct day_condenser *condenser, const struct event *report, bool heard);
/* What a block of this day and layer says already, at most one between begin and finish. The result is the block of both its
 * interactions and those added, which must therefore be others, and never one interaction told by several. `block` is fresh
 * from day_block_open, and its bytes stay until finish. False: out of memory, or it breaks off. */
bool day_condenser_resume(struct day_condenser *condenser, const struct day_block *block);
/* The block, valid until the next begin or destroy. NULL: out of memory, or the resumed block breaks off. */
const uint8_t *day_condenser_finish(struct day_condenser *condenser, size_t *ret_size);
/* After finish. */
uint64_t day_condenser_digest(const struct day_condenser *condenser);
uint32_t day_condenser_interactions(const struct day_condenser *condenser);
uint32_t day_condenser_dyads(const struct day_condenser *condenser);

/* ------------------------------------------------------------------------------------------------ reading them */
struct day_block {
    int32_t day;
    int16_t layer;
    uint8_t kind;
    uint64_t digest;
    uint32_t interactions, united, untimed;
    uint32_t label_count, reporter_count, dyad_count;

    /* the reader's own */
    const uint8_t *at, *end;
    uint32_t labels_left, reporters_left, dyads_left;
    int64_t label, reporter, a, b;
    amount_t inverses[DAY_BLOCK_INVERSES]; /* 1 / n */
};
uint64_t day_block_checksum(const uint8_t *bytes, size_t size);

enum day_block_step { DAY_BLOCK_ITEM, DAY_BLOCK_END, DAY_BLOCK_BROKEN };

/* Checks the checksum and reads the head. False: ret_error says what is wrong. The bytes must stay. */
bool day_block_open(struct day_block *block, const uint8_t *bytes, size_t size, char ret_error[DAY_BLOCK_ERROR_SIZE]);
/* In this order: all labels, then all reporters, then all dyads; each to its END. */
enum day_block_step day_block_label(struct day_block *block, int32_t *ret_label, uint32_t *ret_interactions);
enum day_block_step day_block_reporter(struct day_block *block, int32_t *ret_reporter);
enum day_block_step day_block_dyad(struct day_block *block, struct day_dyad *ret_dyad);

#endif
