/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making day blocks: project, sort, add up, pack.
 */
#include "day_block.h"

#include "digest.h"
#include "projection.h"
#include "varint.h"

#include <stdlib.h>
#include <string.h>

#define DYAD_BYTES_MAX (1 + 3 * 5 + 4 * VARINT_WIDE_MAX + (1 + DAY_DYAD_DIVISORS) * VARINT_MAX)
#define RADIX_BITS     11
#define RADIX_SIZE     (1u << RADIX_BITS)
#define RADIX_FROM     96 /* below this insertion sort is faster than its passes */
#define US_PER_MINUTE  60000000
#define PLAIN_MAX      64 /* divisors whose plain value is kept once: interactions of weight 1 without duration */

/* One tie of one interaction: who, and whose value. */
struct record {
    uint64_t key;   /* a << 32 | b; once sorted a << bits | b. Or a label */
    uint32_t value; /* index of the interaction's struct value. Of a label: interactions it took part in */
};
/* What each tie of one interaction adds: weight, and weight / divisor under Newman's projection. */
struct value {
    amount_t weight, newman;
    int64_t duration_us;
    uint32_t divisor;
    bool weighs_one;
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
    uint32_t plain[PLAIN_MAX]; /* index of the plain value of each divisor, from 1 on; 0 = none yet */
    struct records labels, reporters;
    unsigned bits;           /* of a label, in sorted keys */
    struct day_block before; /* dyads of the block that goes on; none unless day_condenser_resume */
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
    memset(condenser->plain, 0, sizeof condenser->plain);
    condenser->before = (struct day_block){0};
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

static bool add_label(struct records *labels, int32_t label, uint32_t interactions)
{
    if (!reserve_records(labels, 1))
        return false;
    labels->items[labels->count++] = (struct record){(uint32_t)label, interactions};
    return true;
}

/* The same one again says nothing new, and many reports in a row are of one reporter. */
static bool add_reporter(struct records *reporters, int32_t reporter)
{
    return (reporters->count && reporters->items[reporters->count - 1].key == (uint32_t)reporter) ||
           add_label(reporters, reporter, 0);
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
        condenser->labels.items[condenser->labels.count++] = (struct record){(uint32_t)condenser->scratch[i], 1};
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

/* Most interactions are plain, so that few values serve many and stay in the cache. False: out of memory. */
static bool find_value(struct day_condenser *condenser, double weight, int64_t duration_us, uint32_t divisor,
                       uint32_t *ret_index)
{
    bool plain = weight == 1 && !duration_us && divisor < PLAIN_MAX;
    if (!plain || !condenser->plain[divisor]) {
        if (!reserve(&condenser->values, condenser->value_count, 1, &condenser->value_capacity, sizeof *condenser->values))
            return false;
        condenser->values[condenser->value_count++] = (struct value){.weight = amount_from(weight),
                                                                     .newman = amount_from(weight / divisor),
                                                                     .duration_us = duration_us,
                                                                     .divisor = divisor,
                                                                     .weighs_one = weight == 1};
        *ret_index = (uint32_t)condenser->value_count - 1;
        if (plain)
            condenser->plain[divisor] = (uint32_t)condenser->value_count;
    } else {
        *ret_index = condenser->plain[divisor] - 1;
    }
    return true;
}

bool day_condenser_add(struct day_condenser *condenser, const struct event *event)
{
    struct projection *projection = &condenser->projection;
    bool timed = event->end_us != EVENT_NO_TIME && event->end_us > event->time_us;
    uint32_t index;
    if (!projection_of(projection, event) || !add_labels(condenser, event) ||
        !find_value(condenser, event->weight > 0 ? event->weight : 1,
                    projection->pairs && timed ? event->end_us - event->time_us : 0, projection->divisor, &index))
        return false;
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
    condenser->digest += report->digested ? report->content_hash
                                          : digest_report(report->id, report->content_hash, report->reporter, report->revision,
                                                          report->recorded_us, report->report);
    return !heard || add_reporter(&condenser->reporters, report->reporter);
}

bool day_condenser_resume(struct day_condenser *condenser, const struct day_block *block)
{
    struct day_block before = *block;
    condenser->digest += before.digest;
    condenser->interactions += before.interactions;
    condenser->united += before.united;
    condenser->untimed += before.untimed;
    int32_t label, reporter;
    uint32_t interactions;
    enum day_block_step step;
    while ((step = day_block_label(&before, &label, &interactions)) == DAY_BLOCK_ITEM)
        if (!add_label(&condenser->labels, label, interactions))
            return false;
    if (step == DAY_BLOCK_BROKEN)
        return false;
    while ((step = day_block_reporter(&before, &reporter)) == DAY_BLOCK_ITEM)
        if (!add_reporter(&condenser->reporters, reporter))
            return false;
    condenser->before = before; /* at its dyads */
    return step == DAY_BLOCK_END;
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

/* The bits that these labels need. */
static unsigned label_bits(const struct records *labels)
{
    uint64_t all = 1;
    for (size_t i = 0; i < labels->count; i++)
        all |= labels->items[i].key;
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
    condenser->bits = label_bits(&condenser->labels); /* whoever is in a dyad took part */
    pack_keys(&condenser->positive, condenser->bits);
    pack_keys(&condenser->negative, condenser->bits);
    return sort_records(&condenser->positive, 2 * condenser->bits) && sort_records(&condenser->negative, 2 * condenser->bits) &&
           sort_records(&condenser->labels, condenser->bits) &&
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
/* The k - 1 of more meetings that weigh 1 each, to those a dyad has; `count` is that of both together. */
static void add_divisors(struct day_dyad *dyad, const uint32_t *more, uint32_t more_count, uint32_t count)
{
    uint32_t all[DAY_DYAD_DIVISORS], n = 0;
    for (uint32_t i = 0; i < dyad->count; i++)
        all[n++] = dyad->divisors[dyad->divisor_count == 1 ? 0 : i];
    for (uint32_t i = 0; i < more_count; i++) {
        uint32_t at = n++;
        for (; at && all[at - 1] > more[i]; at--)
            all[at] = all[at - 1];
        all[at] = more[i];
    }
    dyad->divisor_count = all[0] == all[n - 1] ? 1 : count;
    memcpy(dyad->divisors, all, dyad->divisor_count * sizeof *all);
}

static void add_sums(const struct day_condenser *condenser, size_t first, size_t end, struct day_dyad *dyad)
{
    for (size_t i = first; i < end; i++) {
        const struct value *value = &condenser->values[condenser->positive.items[i].value];
        dyad->weight = amount_add(dyad->weight, value->weight);
        dyad->newman = amount_add(dyad->newman, value->newman);
    }
}

/* Adds all records of one key; moves *at past them. The Newman sum is made only where it is written: where the k - 1 are not.
 */
static void sum_positive(const struct day_condenser *condenser, size_t *at, struct day_dyad *dyad)
{
    const struct records *records = &condenser->positive;
    size_t first = *at;
    uint64_t key = records->items[first].key;
    uint32_t divisors[DAY_DYAD_DIVISORS], divisor = condenser->values[records->items[first].value].divisor;
    bool ones = !dyad->count || dyad->divisor_count;
    bool common = !dyad->count || (dyad->divisor_count == 1 && dyad->divisors[0] == divisor);
    for (; *at < records->count && records->items[*at].key == key; ++*at) {
        const struct value *value = &condenser->values[records->items[*at].value];
        dyad->duration_us += value->duration_us;
        ones = ones && value->weighs_one;
        common = common && value->divisor == divisor;
        if (*at - first < DAY_DYAD_DIVISORS)
            divisors[*at - first] = value->divisor;
    }
    uint32_t more = (uint32_t)(*at - first), count = dyad->count + more;
    if (ones && common) {
        dyad->divisor_count = 1;
        dyad->divisors[0] = divisor;
        dyad->weight = amount_from_count(count);
    } else if (ones && count <= DAY_DYAD_DIVISORS) {
        add_divisors(dyad, divisors, more, count);
        dyad->weight = amount_from_count(count);
    } else {
        dyad->divisor_count = 0;
        add_sums(condenser, first, *at, dyad);
    }
    dyad->count = count;
}

static void sum_negative(const struct day_condenser *condenser, size_t *at, struct day_dyad *dyad)
{
    const struct records *records = &condenser->negative;
    uint64_t key = records->items[*at].key;
    for (; *at < records->count && records->items[*at].key == key; ++*at) {
        dyad->negative_count++;
        dyad->negative = amount_add(dyad->negative, condenser->values[records->items[*at].value].weight);
    }
}

static uint8_t *put_dyad(uint8_t *at, const struct day_dyad *dyad, const struct day_dyad *before, bool meeting)
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
    if (meeting && dyad->count && dyad->divisor_count) {
        at = varint_put(at, (uint64_t)dyad->divisors[0] << 1 | (dyad->divisor_count > 1));
        for (uint32_t i = 1; i < dyad->divisor_count; i++)
            at = varint_put(at, dyad->divisors[i] - dyad->divisors[i - 1]);
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

/* The next dyad of the block that goes on, and its key; the highest key when there is none left. False: it breaks off. */
static bool next_before(struct day_condenser *condenser, struct day_dyad *ret_dyad, uint64_t *ret_key)
{
    enum day_block_step step = day_block_dyad(&condenser->before, ret_dyad);
    *ret_key = step == DAY_BLOCK_ITEM ? (uint64_t)(uint32_t)ret_dyad->a << condenser->bits | (uint32_t)ret_dyad->b : UINT64_MAX;
    return step != DAY_BLOCK_BROKEN;
}

/* Merges the block that goes on, positive and negative records; packs behind condenser->size. */
static bool pack_dyads(struct day_condenser *condenser)
{
    const struct records *positive = &condenser->positive, *negative = &condenser->negative;
    struct day_dyad last = {.a = -1, .b = -1}, before;
    uint64_t before_key;
    size_t p = 0, n = 0;
    if (!next_before(condenser, &before, &before_key))
        return false;
    while (p < positive->count || n < negative->count || before_key != UINT64_MAX) {
        uint64_t key = before_key;
        if (p < positive->count && positive->items[p].key < key)
            key = positive->items[p].key;
        if (n < negative->count && negative->items[n].key < key)
            key = negative->items[n].key;
        struct day_dyad dyad = {.a = (int32_t)(key >> condenser->bits),
                                .b = (int32_t)(key & (((uint64_t)1 << condenser->bits) - 1))};
        if (before_key == key) {
            dyad = before;
            if (!next_before(condenser, &before, &before_key))
                return false;
        }
        if (p < positive->count && positive->items[p].key == key)
            sum_positive(condenser, &p, &dyad);
        if (n < negative->count && negative->items[n].key == key)
            sum_negative(condenser, &n, &dyad);
        if (!reserve(&condenser->bytes, condenser->size, DYAD_BYTES_MAX, &condenser->capacity, 1))
            return false;
        uint8_t *at = put_dyad(condenser->bytes + condenser->size, &dyad, &last, condenser->kind == EVENT_MEETING);
        condenser->size = (size_t)(at - condenser->bytes);
        condenser->dyads++;
        last = dyad;
    }
    return true;
}

static uint8_t *put_labels(uint8_t *at, const struct records *labels, bool with_count)
{
    int64_t before = -1;
    for (size_t i = 0, next; i < labels->count; i = next) {
        uint64_t interactions = 0;
        for (next = i; next < labels->count && labels->items[next].key == labels->items[i].key; next++)
            interactions += labels->items[next].value;
        at = varint_put(at, (uint64_t)((int64_t)labels->items[i].key - before));
        before = (int64_t)labels->items[i].key;
        if (with_count)
            at = varint_put(at, interactions);
    }
    return at;
}

/* The head, which counts the dyads, is written when they are packed: they leave room for the longest one before them. */
const uint8_t *day_condenser_finish(struct day_condenser *condenser, size_t *ret_size)
{
    if (!sort_all(condenser))
        return NULL;
    size_t labels = count_distinct(&condenser->labels), reporters = count_distinct(&condenser->reporters);
    size_t room = 128 + (size_t)2 * VARINT_MAX * (labels + reporters);
    condenser->dyads = 0;
    condenser->size = 0;
    if (!reserve(&condenser->bytes, 0, room, &condenser->capacity, 1))
        return NULL;
    condenser->size = room;
    if (!pack_dyads(condenser) || !reserve(&condenser->bytes, condenser->size, 8, &condenser->capacity, 1))
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
    size_t head = (size_t)(at - condenser->bytes), size = head + condenser->size - room;
    uint8_t *block = condenser->bytes + room - head;
    memmove(block, condenser->bytes, head);
    uint64_t checksum = day_block_checksum(block, size);
    memcpy(block + size, &checksum, 8);
    *ret_size = size + 8;
    return block;
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
