/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packing and unpacking gists.
 */
#include "gist.h"

#include "civil_time.h"
#include "digest.h"
#include "varint.h"

#include <stdlib.h>
#include <string.h>

#define RUN_COUNTS       (8 + 4 + 4)                      /* digest, interactions, bytes */
#define PARTICIPANT_SIZE (5 + 3 + 3)                      /* label, role, outcome at their longest */
#define RUN_SIZE         (3 * VARINT_MAX + RUN_COUNTS)    /* without its interactions */
#define ITEM_SIZE        (1 + 8 + 4 + 4 * VARINT_MAX + 3) /* without participants and case */

enum head {
    HEAD_DERIVED = 0x01,
    HEAD_WEIGHT = 0x02,
    HEAD_DURATION = 0x04,
    HEAD_CASE = 0x08,
    HEAD_ONE_ROLE = 0x10,
    HEAD_OUTCOMES = 0x20,
    HEAD_ALL = 0x3F
};

/* ------------------------------------------------------------------------------------------------------ writing */
void gist_begin(struct gist_writer *writer, uint8_t *bytes, int64_t recorded_at_us)
{
    bytes[0] = GIST_FORMAT;
    memcpy(bytes + 1, &recorded_at_us, 8);
    *writer = (struct gist_writer){.size = GIST_BEGIN_SIZE, .recorded_at_us = recorded_at_us};
}

size_t gist_put_max(const Samordning__V1__Interaction *message)
{
    return RUN_SIZE + ITEM_SIZE + message->n_participants * PARTICIPANT_SIZE +
           (message->case_ref ? strlen(message->case_ref) : 0);
}

static uint8_t *begin_run(struct gist_writer *writer, uint8_t *bytes, const struct gist_source *source, int32_t day)
{
    uint8_t *at = varint_put(bytes + writer->size, varint_zigzag(day - writer->day));
    at = varint_put(at, (uint16_t)source->layer);
    at = varint_put(at, (uint32_t)source->reporter);
    writer->run_at = (size_t)(at - bytes);
    writer->run_digest = writer->run_count = 0;
    writer->day = day;
    writer->layer = source->layer;
    writer->reporter = source->reporter;
    return at + RUN_COUNTS;
}

static uint8_t *put_participants(uint8_t *at, uint8_t *head, const struct gist_source *source)
{
    const Samordning__V1__Interaction *m = source->message;
    size_t count = m->n_participants;
    bool one_role = count > 0, outcomes = false;
    at = varint_put(at, count);
    for (size_t i = 0; i < count; i++) {
        const Samordning__V1__Participant *p = m->participants[i];
        one_role = one_role && p->role == m->participants[0]->role;
        outcomes = outcomes || p->outcome != 0;
        at = varint_put(at, (uint32_t)abs(source->labels[i]));
    }
    if (one_role)
        *head |= HEAD_ONE_ROLE;
    for (size_t i = 0; i < (one_role ? 1 : count); i++)
        at = varint_put(at, (uint16_t)m->participants[i]->role);
    if (outcomes)
        *head |= HEAD_OUTCOMES;
    for (size_t i = 0; i < count && outcomes; i++)
        at = varint_put(at, (uint16_t)m->participants[i]->outcome);
    return at;
}

void gist_put(struct gist_writer *writer, uint8_t *bytes, const struct gist_source *source)
{
    const Samordning__V1__Interaction *m = source->message;
    uint8_t *at = bytes + writer->size;
    /* The id's time decides the day, as it does for whoever reads the rows. */
    uint64_t ms = 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | source->id[i];
    int64_t time_us = (int64_t)ms * 1000;
    int32_t day = writer->day;
    if (time_us < writer->first_us || time_us >= writer->past_us) {
        day = civil_day_of(time_us);
        writer->first_us = civil_day_start_us(day);
        writer->past_us = civil_day_start_us(day + 1);
    }
    if (!writer->run_at || day != writer->day || source->layer != writer->layer || source->reporter != writer->reporter)
        at = begin_run(writer, bytes, source, day);
    writer->run_count++;
    writer->run_digest += digest_report(source->id, source->content_hash, source->reporter, -1, writer->recorded_at_us, 0);
    uint8_t *head = at++;
    *head = 0;
    if (source->id[6] >> 4 == 8) {
        *head |= HEAD_DERIVED;
        memcpy(at, source->id + 8, 8);
        at = varint_put(at + 8, (uint64_t)(m->time - writer->first_us));
    }
    float weight = m->weight == 0 ? 1.0f : (float)m->weight; /* as the row has it */
    if (weight != 1.0f) {
        *head |= HEAD_WEIGHT;
        memcpy(at, &weight, 4);
        at += 4;
    }
    if (m->end > m->time) {
        *head |= HEAD_DURATION;
        at = varint_put(at, (uint64_t)(m->end - m->time));
    }
    size_t size = m->case_ref ? strlen(m->case_ref) : 0;
    if (size > 0) {
        *head |= HEAD_CASE;
        at = varint_put(at, size);
        memcpy(at, m->case_ref, size); /* NOLINT(bugprone-not-null-terminated-result): its length stands before it */
        at += size;
    }
    at = put_participants(at, head, source);
    writer->size = (size_t)(at - bytes);
    uint32_t run_size = (uint32_t)(writer->size - writer->run_at - RUN_COUNTS);
    memcpy(bytes + writer->run_at, &writer->run_digest, 8);
    memcpy(bytes + writer->run_at + 8, &writer->run_count, 4);
    memcpy(bytes + writer->run_at + 12, &run_size, 4);
}

/* ------------------------------------------------------------------------------------------------------ reading */
bool gist_open(struct gist_reader *reader, const uint8_t *bytes, size_t size)
{
    *reader = (struct gist_reader){.end = bytes + size};
    if (size < GIST_BEGIN_SIZE || bytes[0] != GIST_FORMAT)
        return false;
    memcpy(&reader->recorded_at_us, bytes + 1, 8);
    reader->at = bytes + GIST_BEGIN_SIZE;
    return true;
}

static bool take(const uint8_t **at, const uint8_t *end, uint64_t max, uint64_t *ret_value)
{
    if (*at < end && **at < 0x80) { /* nearly all are one byte */
        *ret_value = *(*at)++;
        return *ret_value <= max;
    }
    return varint_get(at, end, ret_value) && *ret_value <= max;
}

static bool take_bytes(const uint8_t **at, const uint8_t *end, void *to, size_t size)
{
    if ((size_t)(end - *at) < size)
        return false;
    memcpy(to, *at, size);
    *at += size;
    return true;
}

enum gist_step gist_next_run(struct gist_reader *reader, struct gist_run *ret)
{
    if (reader->at == reader->end)
        return GIST_END;
    *ret = (struct gist_run){.recorded_at_us = reader->recorded_at_us};
    uint64_t step, layer, reporter;
    uint32_t size;
    if (!take(&reader->at, reader->end, UINT32_MAX, &step) || !take(&reader->at, reader->end, INT16_MAX, &layer) ||
        !take(&reader->at, reader->end, INT32_MAX, &reporter) || !take_bytes(&reader->at, reader->end, &ret->digest, 8) ||
        !take_bytes(&reader->at, reader->end, &ret->left, 4) || !take_bytes(&reader->at, reader->end, &size, 4) ||
        (size_t)(reader->end - reader->at) < size)
        return GIST_BROKEN;
    reader->day = (int32_t)((uint32_t)reader->day + (uint32_t)varint_unzigzag((uint32_t)step));
    ret->day = reader->day;
    ret->layer = (int16_t)layer;
    ret->reporter = (int32_t)reporter;
    ret->at = reader->at;
    ret->end = reader->at += size;
    return GIST_ITEM;
}

enum gist_step gist_next(struct gist_run *run, struct gist_interaction *ret)
{
    if (run->left == 0)
        return run->at == run->end ? GIST_END : GIST_BROKEN;
    run->left--;
    *ret = (struct gist_interaction){.weight = 1};
    uint64_t value = 0;
    if (!take_bytes(&run->at, run->end, &run->head, 1) || run->head & ~HEAD_ALL)
        return GIST_BROKEN;
    ret->derived = run->head & HEAD_DERIVED;
    ret->has_outcomes = run->head & HEAD_OUTCOMES;
    if (ret->derived && (!take_bytes(&run->at, run->end, ret->id_end, 8) || !take(&run->at, run->end, INT64_MAX, &value)))
        return GIST_BROKEN;
    ret->time_us = (int64_t)value;
    value = 0;
    if ((run->head & HEAD_WEIGHT && !take_bytes(&run->at, run->end, &ret->weight, 4)) ||
        (run->head & HEAD_DURATION && !take(&run->at, run->end, INT64_MAX, &value)))
        return GIST_BROKEN;
    ret->duration_us = (int64_t)value;
    if (run->head & HEAD_CASE) {
        if (!take(&run->at, run->end, UINT32_MAX, &value) || (size_t)(run->end - run->at) < value)
            return GIST_BROKEN;
        ret->case_ref = (const char *)run->at;
        ret->case_ref_size = value;
        run->at += value;
    }
    /* each participant takes a byte at least, so the count is as honest as the size */
    if (!take(&run->at, run->end, UINT32_MAX, &value) || (size_t)(run->end - run->at) < value)
        return GIST_BROKEN;
    ret->participants = run->participants = (uint32_t)value;
    return GIST_ITEM;
}

static bool take_codes(struct gist_run *run, int16_t *codes)
{
    uint64_t value;
    for (uint32_t i = 0; i < run->participants; i++) {
        if (!take(&run->at, run->end, INT16_MAX, &value))
            return false;
        codes[i] = (int16_t)value;
    }
    return true;
}

bool gist_participants(struct gist_run *run, int32_t *labels, int16_t *roles, int16_t *outcomes)
{
    uint64_t value;
    for (uint32_t i = 0; i < run->participants; i++) {
        if (!take(&run->at, run->end, INT32_MAX, &value))
            return false;
        labels[i] = (int32_t)value;
    }
    if (run->head & HEAD_ONE_ROLE) {
        if (!take(&run->at, run->end, INT16_MAX, &value))
            return false;
        for (uint32_t i = 0; i < run->participants; i++)
            roles[i] = (int16_t)value;
    } else if (!take_codes(run, roles)) {
        return false;
    }
    return !(run->head & HEAD_OUTCOMES) || take_codes(run, outcomes);
}
