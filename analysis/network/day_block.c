/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading day blocks, believing nothing: a block may come from a damaged disk or a newer program.
 */
#include "day_block.h"

#include "digest.h"
#include "varint.h"

#include <stdio.h>

#define CHECKSUM_SEED UINT64_C(0x53414D4F52444E31)

uint64_t day_block_checksum(const uint8_t *bytes, size_t size)
{
    return digest_bytes(CHECKSUM_SEED, bytes, size);
}

static uint64_t load64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

/* A varint of at most `max`. */
static bool take(struct day_block *block, uint64_t max, uint64_t *ret_value)
{
    return varint_get(&block->at, block->end, ret_value) && *ret_value <= max;
}

static bool take32(struct day_block *block, uint32_t *ret_value)
{
    uint64_t value;
    if (!take(block, UINT32_MAX, &value))
        return false;
    *ret_value = (uint32_t)value;
    return true;
}

static bool fail(char *ret_error, const char *text)
{
    snprintf(ret_error, DAY_BLOCK_ERROR_SIZE, "%s", text);
    return false;
}

bool day_block_open(struct day_block *block, const uint8_t *bytes, size_t size, char ret_error[DAY_BLOCK_ERROR_SIZE])
{
    *block = (struct day_block){.label = -1, .reporter = -1, .a = -1, .b = -1};
    if (size < 10 + 8)
        return fail(ret_error, "shorter than a block's head");
    if (bytes[0] != DAY_BLOCK_FORMAT) {
        snprintf(ret_error, DAY_BLOCK_ERROR_SIZE, "format %u, this program reads format %d", bytes[0], DAY_BLOCK_FORMAT);
        return false;
    }
    if (day_block_checksum(bytes, size - 8) != load64(bytes + size - 8))
        return fail(ret_error, "the checksum does not match the content");
    block->kind = bytes[1];
    block->at = bytes + 2;
    block->end = bytes + size - 8;
    uint64_t day, layer;
    if (block->kind > EVENT_OBJECTION || !take(block, UINT32_MAX, &day) || !take(block, INT16_MAX, &layer) ||
        block->end - block->at < 8)
        return fail(ret_error, "a broken head");
    block->day = varint_unzigzag((uint32_t)day);
    block->layer = (int16_t)layer;
    block->digest = load64(block->at);
    block->at += 8;
    if (!take32(block, &block->interactions) || !take32(block, &block->united) || !take32(block, &block->untimed) ||
        !take32(block, &block->label_count) || !take32(block, &block->reporter_count) || !take32(block, &block->dyad_count))
        return fail(ret_error, "a broken head");
    for (int n = 1; n < DAY_BLOCK_INVERSES; n++)
        block->inverses[n] = amount_from(1.0 / n);
    block->labels_left = block->label_count;
    block->reporters_left = block->reporter_count;
    block->dyads_left = block->dyad_count;
    return true;
}

/* The next of a rising sequence of non-negative int32. */
static bool take_rising(struct day_block *block, int64_t *sequence)
{
    uint64_t step;
    if (!take(block, UINT32_MAX, &step) || step == 0)
        return false;
    *sequence += (int64_t)step;
    return *sequence <= INT32_MAX;
}

enum day_block_step day_block_label(struct day_block *block, int32_t *ret_label, uint32_t *ret_interactions)
{
    if (!block->labels_left)
        return DAY_BLOCK_END;
    block->labels_left--;
    if (!take_rising(block, &block->label) || !take32(block, ret_interactions))
        return DAY_BLOCK_BROKEN;
    *ret_label = (int32_t)block->label;
    return DAY_BLOCK_ITEM;
}

enum day_block_step day_block_reporter(struct day_block *block, int32_t *ret_reporter)
{
    if (block->labels_left)
        return DAY_BLOCK_BROKEN;
    if (!block->reporters_left)
        return DAY_BLOCK_END;
    block->reporters_left--;
    if (!take_rising(block, &block->reporter))
        return DAY_BLOCK_BROKEN;
    *ret_reporter = (int32_t)block->reporter;
    return DAY_BLOCK_ITEM;
}

static bool take_amount(struct day_block *block, amount_t *ret_amount)
{
    return varint_get_wide(&block->at, block->end, ret_amount);
}

static amount_t inverse(const struct day_block *block, uint32_t divisor)
{
    return divisor < DAY_BLOCK_INVERSES ? block->inverses[divisor] : amount_from(1.0 / divisor);
}

/* The k - 1 of a dyad's meetings, and the Newman sum that follows from them. */
static bool take_divisors(struct day_block *block, struct day_dyad *dyad)
{
    uint64_t first, step;
    if (!take(block, UINT64_C(2) * INT32_MAX + 1, &first) || first < 2)
        return false;
    dyad->divisor_count = first & 1 ? dyad->count : 1;
    dyad->divisors[0] = (uint32_t)(first >> 1);
    dyad->newman = inverse(block, dyad->divisors[0]);
    if (dyad->divisor_count == 1) {
        dyad->newman = amount_times(dyad->newman, dyad->count);
        return !(first & 1);
    }
    if (dyad->divisor_count > DAY_DYAD_DIVISORS)
        return false;
    for (uint32_t i = 1; i < dyad->divisor_count; i++) {
        if (!take(block, INT32_MAX - dyad->divisors[i - 1], &step))
            return false;
        dyad->divisors[i] = dyad->divisors[i - 1] + (uint32_t)step;
        dyad->newman = amount_add(dyad->newman, inverse(block, dyad->divisors[i]));
    }
    return dyad->divisors[dyad->divisor_count - 1] > dyad->divisors[0];
}

static bool take_dyad(struct day_block *block, struct day_dyad *dyad)
{
    if (block->at == block->end)
        return false;
    uint8_t head = *block->at++;
    if (head & 0x01) {
        uint64_t b;
        if (!take_rising(block, &block->a) || !take(block, INT32_MAX, &b))
            return false;
        block->b = (int64_t)b;
    } else if (block->a < 0 || !take_rising(block, &block->b)) {
        return false;
    }
    if (block->a == block->b || (block->kind == EVENT_MEETING && block->a > block->b))
        return false;
    *dyad = (struct day_dyad){.a = (int32_t)block->a, .b = (int32_t)block->b, .count = (head >> 1) & 3};
    if (dyad->count == 3 && (!take32(block, &dyad->count) || dyad->count < 3))
        return false;
    dyad->weight = amount_from_count(dyad->count);
    if (head & 0x08 && !take_amount(block, &dyad->weight))
        return false;
    dyad->newman = dyad->weight;
    if (head & 0x10) {
        if (!take_amount(block, &dyad->newman))
            return false;
    } else if (block->kind == EVENT_MEETING && dyad->count) {
        if (!take_divisors(block, dyad))
            return false;
    }
    if (head & 0x60) {
        uint64_t duration, unit = head & 0x20 ? 60000000 : 1;
        if ((head & 0x60) == 0x60 || !take(block, INT64_MAX / unit, &duration))
            return false;
        dyad->duration_us = (int64_t)(duration * unit);
    }
    if (head & 0x80 && (!take32(block, &dyad->negative_count) || !dyad->negative_count || !take_amount(block, &dyad->negative)))
        return false;
    return dyad->count || dyad->negative_count;
}

enum day_block_step day_block_dyad(struct day_block *block, struct day_dyad *ret_dyad)
{
    if (block->labels_left || block->reporters_left)
        return DAY_BLOCK_BROKEN;
    if (!block->dyads_left)
        return block->at == block->end ? DAY_BLOCK_END : DAY_BLOCK_BROKEN;
    block->dyads_left--;
    return take_dyad(block, ret_dyad) ? DAY_BLOCK_ITEM : DAY_BLOCK_BROKEN;
}
