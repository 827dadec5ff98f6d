/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making day blocks: project, sort, add up, pack.
 */
#include "day_block.h"

#include "digest.h"
#include "projection.h"
#include "varint.h"

#include <stdlib.h>
#include <string.h>

#define DYAD_BYTES_MAX (1 + 3 * 5 + 4 * VARINT_WIDE_MAX + VARINT_MAX)
#define RADIX_BITS     11
#define RADIX_SIZE     (1u << RADIX_BITS)
#define RADIX_FROM     96 /* below this insertion sort is faster than its passes */
#define US_PER_MINUTE  60000000

/* One tie of one interaction: who, and whose value. */
struct record {
    uint64_t key; /* a << 32 | b; once sorted a << bits | b. Or a label */
    uint32_t value;
};
/* What each tie of one interaction adds: weight, and weight / divisor under Newman's projection. */
struct value {
    double weight;
    int64_t duration_us;
    uint32_t divisor;
};
struct records {
    struct record *items, *spare;
    size_t count, capacity, spare_capacity;
};

struct day_condenser {
    int32_t day;
    int16_t layer;
    uint8_t kind;
    uint64_t digest;
    uint32_t interactions, united, untimed, dyads;
    struct projection projection;
    struct records positive, negative;
    struct value *values;
    size_t value_count, value_capacity;
    struct records labels, reporters;
    unsigned bits; /* of a label, in sorted keys */
    int32_t *scratch;
    size_t scratch_capacity;
    uint8_t *bytes;
    size_t size, capacity;
};

struct day_condenser *day_condenser_create(void)
{
    return calloc(1, sizeof(struct day_condenser));
}

void day_condenser_destroy(struct day_condenser *condenser)
{
    if (!condenser)
        return;
    projection_release(&condenser->projection);
    free(condenser->positive.items);
    free(condenser->positive.spare);
    free(condenser->negative.items);
    free(condenser->negative.spare);
    free(condenser->values);
    free(condenser->labels.items);
    free(condenser->labels.spare);
    free(condenser->reporters.items);
    free(condenser->reporters.spare);
    free(condenser->scratch);
    free(condenser->bytes);
    free(condenser);
}

void day_condenser_begin(struct day_condenser *condenser, int32_t day, int16_t layer, uint8_t kind)
{
    condenser->day = day;
    condenser->layer = layer;
    condenser->kind = kind;
    condenser->digest = 0;
    condenser->interactions = condenser->united = condenser->untimed = condenser->dyads = 0;
    condenser->positive.count = condenser->negative.count = 0;
    condenser->value_count = condenser->labels.count = condenser->reporters.count = 0;
    condenser->size = 0;
}

/* Makes room for `more` items; doubling keeps adding linear. */
static bool reserve(void *array, size_t count, size_t more, size_t *capacity, size_t size)
{
    if (more <= *capacity - count)
        return true;
    size_t larger = *capacity * 2 > count + more ? *capacity * 2 : count + more + 64;
    void *memory = realloc(*(void **)array, larger * size);
    if (!memory)
        return false;
    *(void **)array = memory;
    *capacity = larger;
    return true;
}

static bool reserve_records(struct records *records, size_t more)
{
    return reserve(&records->items, records->count, more, &records->capacity, sizeof *records->items);
}

static bool add_label(struct records *labels, int32_t label)
{
    if (!reserve_records(labels, 1))
        return false;
    labels->items[labels->count++] = (struct record){(uint32_t)label, 0};
    return true;
}

/* Everybody the interaction names but those who declined took part, tied or not. */
static bool add_labels(struct day_condenser *condenser, const struct event *event)
{
    if (!reserve(&condenser->scratch, 0, event->count, &condenser->scratch_capacity, sizeof *condenser->scratch))
        return false;
    size_t count = 0;
    for (uint32_t i = 0; i < event->count; i++)
        if (event->roles[i] != ROLE_DECLINED)
            condenser->scratch[count++] = event->labels[i];
    count = projection_distinct(condenser->scratch, count);
    if (!reserve_records(&condenser->labels, count))
        return false;
    for (size_t i = 0; i < count; i++)
        condenser->labels.items[condenser->labels.count++] = (struct record){(uint32_t)condenser->scratch[i], 0};
    return true;
}

static bool add_arcs(struct records *records, const int32_t *from, size_t from_count, const int32_t *to, size_t to_count,
                     uint32_t value)
{
    if (!reserve_records(records, from_count * to_count))
        return false;
    for (size_t i = 0; i < from_count; i++)
        for (size_t j = 0; j < to_count; j++)
            if (from[i] != to[j])
                records->items[records->count++] = (struct record){(uint64_t)from[i] << 32 | (uint32_t)to[j], value};
    return true;
}

static bool add_pairs(struct records *records, const int32_t *present, size_t count, uint32_t value)
{
    if (count < 2)
        return true;
    if (!reserve_records(records, count * (count - 1) / 2))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            records->items[records->count++] = (struct record){(uint64_t)present[i] << 32 | (uint32_t)present[j], value};
    return true;
}

bool day_condenser_add(struct day_condenser *condenser, const struct event *event)
{
    struct projection *projection = &condenser->projection;
    if (!projection_of(projection, event) || !add_labels(condenser, event) ||
        !reserve(&condenser->values, condenser->value_count, 1, &condenser->value_capacity, sizeof *condenser->values))
        return false;
    double weight = event->weight > 0 ? event->weight : 1;
    bool timed = event->end_us != EVENT_NO_TIME && event->end_us > event->time_us;
    uint32_t index = (uint32_t)condenser->value_count++;
    condenser->values[index] = (struct value){
        .weight = weight,
        .duration_us = projection->pairs && timed ? event->end_us - event->time_us : 0,
        .divisor = projection->divisor,
    };
    condenser->interactions++;
    condenser->united += event->reports > 1 ? event->reports - 1u : 0;
    condenser->untimed += projection->pairs && !timed;
    if (projection->pairs)
        return add_pairs(&condenser->positive, projection->from, projection->from_count, index);
    return add_arcs(projection->negative ? &condenser->negative : &condenser->positive, projection->from,
                    projection->from_count, projection->to, projection->to_count, index) &&
           add_arcs(&condenser->negative, projection->objecting, projection->objecting_count, projection->from,
                    projection->from_count, index);
}

bool day_condenser_report(struct day_condenser *condenser, const struct event *report, bool heard)
{
    uint64_t digest = digest_bytes(0, report->id, sizeof report->id);
    digest = digest_add(digest, report->content_hash);
    digest = digest_add(digest, (uint64_t)(uint32_t)report->reporter << 32 | (uint32_t)report->revision);
    digest = digest_add(digest, (uint64_t)report->recorded_us);
    condenser->digest += digest_add(digest, report->report);
    return !heard || add_label(&condenser->reporters, report->reporter);
}

/* ------------------------------------------------------------------------------------------------------ sorting */
static void insertion_sort(struct record *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct record item = items[i];
        size_t j = i;
        for (; j && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

/* The bits that labels of these keys need. */
static unsigned label_bits(const struct records *records)
{
    uint64_t all = 1;
    for (size_t i = 0; i < records->count; i++)
        all |= records->items[i].key >> 32 | (records->items[i].key & UINT32_MAX);
    return 64 - (unsigned)__builtin_clzll(all);
}

static void pack_keys(struct records *records, unsigned bits)
{
    for (size_t i = 0; i < records->count; i++)
        records->items[i].key = records->items[i].key >> 32 << bits | (records->items[i].key & UINT32_MAX);
}

/* Least significant digit first, over keys of so many bits. */
static bool sort_records(struct records *records, unsigned bits)
{
    if (records->count < RADIX_FROM) {
        insertion_sort(records->items, records->count);
        return true;
    }
    if (records->spare_capacity < records->count) {
        free(records->spare);
        records->spare = malloc(records->capacity * sizeof *records->spare);
        records->spare_capacity = records->spare ? records->capacity : 0;
        if (!records->spare)
            return false;
    }
    for (unsigned shift = 0; shift < bits; shift += RADIX_BITS) {
        struct record *from = records->items, *to = records->spare;
        size_t places[RADIX_SIZE] = {0};
        for (size_t i = 0; i < records->count; i++)
            places[from[i].key >> shift & (RADIX_SIZE - 1)]++;
        size_t place = 0;
        for (unsigned digit = 0; digit < RADIX_SIZE; digit++) {
            size_t count = places[digit];
            places[digit] = place;
            place += count;
        }
        for (size_t i = 0; i < records->count; i++)
            to[places[from[i].key >> shift & (RADIX_SIZE - 1)]++] = from[i];
        size_t capacity = records->capacity;
        records->items = to;
        records->capacity = records->spare_capacity;
        records->spare = from;
        records->spare_capacity = capacity;
    }
    return true;
}

static bool sort_all(struct day_condenser *condenser)
{
    unsigned positive = label_bits(&condenser->positive), negative = label_bits(&condenser->negative);
    condenser->bits = positive > negative ? positive : negative;
    pack_keys(&condenser->positive, condenser->bits);
    pack_keys(&condenser->negative, condenser->bits);
    return sort_records(&condenser->positive, 2 * condenser->bits) && sort_records(&condenser->negative, 2 * condenser->bits) &&
           sort_records(&condenser->labels, label_bits(&condenser->labels)) &&
           sort_records(&condenser->reporters, label_bits(&condenser->reporters));
}

static size_t count_distinct(const struct records *labels)
{
    size_t distinct = 0;
    for (size_t i = 0; i < labels->count; i++)
        distinct += i == 0 || labels->items[i].key != labels->items[i - 1].key;
    return distinct;
}

/* ------------------------------------------------------------------------------------------------------ packing */
/* The sums of all records of one key; moves *at past them. *common_divisor: all weigh 1 and share it, so that the Newman sum
 * follows from the count; else 0. */
static void sum_positive(const struct day_condenser *condenser, size_t *at, struct day_dyad *dyad, uint32_t *common_divisor)
{
    const struct records *records = &condenser->positive;
    size_t first = *at;
    uint64_t key = records->items[first].key;
    uint32_t divisor = condenser->values[records->items[first].value].divisor;
    bool common = true;
    for (; *at < records->count && records->items[*at].key == key; ++*at) {
        const struct value *value = &condenser->values[records->items[*at].value];
        dyad->duration_us += value->duration_us;
        common = common && value->weight == 1 && value->divisor == divisor;
    }
    dyad->count = (uint32_t)(*at - first);
    *common_divisor = common ? divisor : 0;
    if (common) {
        dyad->weight = amount_from_count(dyad->count);
        return;
    }
    for (size_t i = first; i < *at; i++) {
        const struct value *value = &condenser->values[records->items[i].value];
        dyad->weight = amount_add(dyad->weight, amount_from(value->weight));
        dyad->newman = amount_add(dyad->newman, amount_from(value->weight / value->divisor));
    }
}

static void sum_negative(const struct day_condenser *condenser, size_t *at, struct day_dyad *dyad)
{
    const struct records *records = &condenser->negative;
    uint64_t key = records->items[*at].key;
    for (; *at < records->count && records->items[*at].key == key; ++*at) {
        dyad->negative_count++;
        dyad->negative = amount_add(dyad->negative, amount_from(condenser->values[records->items[*at].value].weight));
    }
}

static uint8_t *put_dyad(uint8_t *at, const struct day_dyad *dyad, const struct day_dyad *before, bool meeting,
                         uint32_t common_divisor)
{
    uint8_t *head = at++;
    *head = 0;
    if (dyad->a != before->a) {
        *head |= 0x01;
        at = varint_put(at, (uint64_t)((int64_t)dyad->a - before->a));
        at = varint_put(at, (uint64_t)dyad->b);
    } else {
        at = varint_put(at, (uint64_t)(dyad->b - before->b));
    }
    *head |= (uint8_t)((dyad->count < 3 ? dyad->count : 3) << 1);
    if (dyad->count >= 3)
        at = varint_put(at, dyad->count);
    if (dyad->weight != amount_from_count(dyad->count)) {
        *head |= 0x08;
        at = varint_put_wide(at, dyad->weight);
    }
    if (meeting && dyad->count && common_divisor) {
        at = varint_put(at, common_divisor);
    } else if (meeting && dyad->count) {
        *head |= 0x10;
        at = varint_put_wide(at, dyad->newman);
    }
    if (dyad->duration_us) {
        bool minutes = dyad->duration_us % US_PER_MINUTE == 0;
        *head |= minutes ? 0x20 : 0x40;
        at = varint_put(at, (uint64_t)(minutes ? dyad->duration_us / US_PER_MINUTE : dyad->duration_us));
    }
    if (dyad->negative_count) {
        *head |= 0x80;
        at = varint_put(at, dyad->negative_count);
        at = varint_put_wide(at, dyad->negative);
    }
    return at;
}

/* Two passes over the same merge of positive and negative records: the first counts, the second packs. */
static bool walk_dyads(struct day_condenser *condenser, bool pack)
{
    const struct records *positive = &condenser->positive, *negative = &condenser->negative;
    struct day_dyad before = {.a = -1, .b = -1};
    size_t p = 0, n = 0;
    condenser->dyads = 0;
    while (p < positive->count || n < negative->count) {
        uint64_t key = p < positive->count ? positive->items[p].key : UINT64_MAX;
        if (n < negative->count && negative->items[n].key < key)
            key = negative->items[n].key;
        condenser->dyads++;
        if (!pack) {
            while (p < positive->count && positive->items[p].key == key)
                p++;
            while (n < negative->count && negative->items[n].key == key)
                n++;
            continue;
        }
        struct day_dyad dyad = {.a = (int32_t)(key >> condenser->bits),
                                .b = (int32_t)(key & (((uint64_t)1 << condenser->bits) - 1))};
        uint32_t divisor = 0;
        if (p < positive->count && positive->items[p].key == key)
            sum_positive(condenser, &p, &dyad, &divisor);
        if (n < negative->count && negative->items[n].key == key)
            sum_negative(condenser, &n, &dyad);
        if (!reserve(&condenser->bytes, condenser->size, DYAD_BYTES_MAX, &condenser->capacity, 1))
            return false;
        uint8_t *at = put_dyad(condenser->bytes + condenser->size, &dyad, &before, condenser->kind == EVENT_MEETING, divisor);
        condenser->size = (size_t)(at - condenser->bytes);
        before = dyad;
    }
    return true;
}

static uint8_t *put_labels(uint8_t *at, const struct records *labels, bool with_count)
{
    int64_t before = -1;
    for (size_t i = 0, next; i < labels->count; i = next) {
        for (next = i; next < labels->count && labels->items[next].key == labels->items[i].key; next++)
            ;
        at = varint_put(at, (uint64_t)((int64_t)labels->items[i].key - before));
        before = (int64_t)labels->items[i].key;
        if (with_count)
            at = varint_put(at, next - i);
    }
    return at;
}

const uint8_t *day_condenser_finish(struct day_condenser *condenser, size_t *ret_size)
{
    if (!sort_all(condenser) || !walk_dyads(condenser, false))
        return NULL;
    size_t labels = count_distinct(&condenser->labels), reporters = count_distinct(&condenser->reporters);
    condenser->size = 0;
    if (!reserve(&condenser->bytes, 0, 128 + (size_t)2 * VARINT_MAX * (labels + reporters), &condenser->capacity, 1))
        return NULL;
    uint8_t *at = condenser->bytes;
    *at++ = DAY_BLOCK_FORMAT;
    *at++ = condenser->kind;
    at = varint_put(at, varint_zigzag(condenser->day));
    at = varint_put(at, (uint16_t)condenser->layer);
    memcpy(at, &condenser->digest, 8);
    at += 8;
    at = varint_put(at, condenser->interactions);
    at = varint_put(at, condenser->united);
    at = varint_put(at, condenser->untimed);
    at = varint_put(at, labels);
    at = varint_put(at, reporters);
    at = varint_put(at, condenser->dyads);
    at = put_labels(at, &condenser->labels, true);
    at = put_labels(at, &condenser->reporters, false);
    condenser->size = (size_t)(at - condenser->bytes);
    if (!walk_dyads(condenser, true) || !reserve(&condenser->bytes, condenser->size, 8, &condenser->capacity, 1))
        return NULL;
    uint64_t checksum = day_block_checksum(condenser->bytes, condenser->size);
    memcpy(condenser->bytes + condenser->size, &checksum, 8);
    condenser->size += 8;
    *ret_size = condenser->size;
    return condenser->bytes;
}

uint64_t day_condenser_digest(const struct day_condenser *condenser)
{
    return condenser->digest;
}

uint32_t day_condenser_interactions(const struct day_condenser *condenser)
{
    return condenser->interactions;
}

uint32_t day_condenser_dyads(const struct day_condenser *condenser)
{
    return condenser->dyads;
}
