/* SPDX-License-Identifier: GPL-3.0-or-later
 * One reservation per row, then plain stores.
 */
#include "copy_row.h"

#include <stdlib.h>

static const uint8_t copy_signature[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

void copy_begin(struct pg_buffer *buffer)
{
    buffer->size = 0;
    if (!pg_reserve(buffer, sizeof copy_signature))
        return;
    memcpy(buffer->data, copy_signature, sizeof copy_signature);
    buffer->size = sizeof copy_signature;
}

void copy_end(struct pg_buffer *buffer)
{
    if (pg_reserve(buffer, 2)) {
        pg_store16(buffer->data + buffer->size, UINT16_MAX);
        buffer->size += 2;
    }
}

static uint8_t *put16(uint8_t *at, int16_t value)
{
    return pg_store16(pg_store32(at, 2), (uint16_t)value);
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    return pg_store32(pg_store32(at, 4), value);
}

static uint8_t *put64(uint8_t *at, int64_t value)
{
    return pg_store64(pg_store32(at, 8), (uint64_t)value);
}

static uint8_t *put_null(uint8_t *at)
{
    return pg_store32(at, UINT32_MAX);
}

static uint8_t *put_text(uint8_t *at, const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;
    if (size == 0)
        return put_null(at);
    at = pg_store32(at, (uint32_t)size);
    memcpy(at, text, size); /* NOLINT(bugprone-not-null-terminated-result): its length stands before it */
    return at + size;
}

static uint8_t *put_array(uint8_t *at, Oid element, size_t count, size_t element_size, bool has_null)
{
    at = pg_store32(at, (uint32_t)(20 + count * (4 + element_size)));
    at = pg_store32(at, 1);
    at = pg_store32(at, has_null);
    at = pg_store32(at, element);
    at = pg_store32(at, (uint32_t)count);
    return pg_store32(at, 1);
}

/* What any participant has, gathered in one pass over them. */
struct present {
    bool received, deadline, agreed, replied, reply_status, outcome;
};

static struct present look(const Samordning__V1__Interaction *m)
{
    struct present p = {0};
    for (size_t i = 0; i < m->n_participants; i++) {
        const Samordning__V1__Participant *one = m->participants[i];
        p.received |= one->received != 0;
        p.deadline |= one->deadline != 0;
        p.agreed |= one->deadline_agreed != 0;
        p.replied |= one->replied != 0;
        p.reply_status |= one->reply_status != 0;
        p.outcome |= one->outcome != 0;
    }
    return p;
}

/* Times, where 0 is NULL: the length is known only afterwards. */
static uint8_t *put_times(uint8_t *at, const Samordning__V1__Interaction *m, size_t offset, bool any)
{
    if (!any)
        return put_null(at);
    uint8_t *length_at = at, *nulls_at = at + 8;
    bool has_null = false;
    at = put_array(at, PG_TIMESTAMPTZ_OID, m->n_participants, 8, false);
    for (size_t i = 0; i < m->n_participants; i++) {
        int64_t time_us;
        memcpy(&time_us, (const char *)m->participants[i] + offset, sizeof time_us);
        if (time_us == 0) {
            has_null = true;
            at = put_null(at);
        } else {
            at = put64(at, time_us - PG_EPOCH_US);
        }
    }
    pg_store32(length_at, (uint32_t)(at - length_at - 4));
    pg_store32(nulls_at, has_null);
    return at;
}

static uint8_t *put_codes(uint8_t *at, const Samordning__V1__Interaction *m, size_t offset, bool any)
{
    if (!any)
        return put_null(at);
    at = put_array(at, PG_INT2_OID, m->n_participants, 2, false);
    for (size_t i = 0; i < m->n_participants; i++) {
        int code;
        memcpy(&code, (const char *)m->participants[i] + offset, sizeof code);
        at = put16(at, (int16_t)code);
    }
    return at;
}

void copy_row(struct pg_buffer *buffer, const struct copy_row *row)
{
    const Samordning__V1__Interaction *m = row->message;
    size_t n = m->n_participants;
    size_t most = 400 + n * (8 + 6 + 12 + 12 + 5 + 12 + 6 + 6) + (m->case_ref != NULL ? strlen(m->case_ref) : 0) +
                  (m->source != NULL ? strlen(m->source) : 0) + (m->source_id != NULL ? strlen(m->source_id) : 0);
    if (!pg_reserve(buffer, most))
        return;
    struct present present = look(m);
    float weight = m->weight == 0 ? 1.0f : (float)m->weight;
    uint32_t weight_bits;
    memcpy(&weight_bits, &weight, sizeof weight_bits);

    uint8_t *at = buffer->data + buffer->size;
    at = pg_store16(at, row->kind == SUPPLEMENT_NONE ? INTERACTION_COLUMN_COUNT : INTERACTION_COLUMN_COUNT + 2);
    at = pg_store32(at, 16);
    memcpy(at, row->id, 16);
    at += 16;
    at = put64(at, m->time - PG_EPOCH_US);
    at = put64(at, row->recorded_at_us - PG_EPOCH_US);
    at = put64(at, (int64_t)row->content_hash);
    at = put32(at, (uint32_t)row->reporter);
    at = put32(at, weight_bits);
    at = put16(at, row->layer);
    at = put16(at, (int16_t)m->stage);
    at = put16(at, (int16_t)m->time_precision);
    at = put16(at, (int16_t)m->level);
    at = put16(at, (int16_t)m->resolved_level);
    at = put_array(at, PG_INT4_OID, n, 4, false);
    for (size_t i = 0; i < n; i++)
        at = put32(at, (uint32_t)abs(row->labels[i]));
    at = put_codes(at, m, offsetof(Samordning__V1__Participant, role), true);
    at = m->end != 0 ? put64(at, m->end - PG_EPOCH_US) : put_null(at);
    at = put_text(at, m->case_ref);
    at = put_text(at, m->source);
    at = put_text(at, m->source_id);
    at = put_times(at, m, offsetof(Samordning__V1__Participant, received), present.received);
    at = put_times(at, m, offsetof(Samordning__V1__Participant, deadline), present.deadline);
    if (present.agreed) {
        at = put_array(at, PG_BOOL_OID, n, 1, false);
        for (size_t i = 0; i < n; i++) {
            at = pg_store32(at, 1);
            *at++ = m->participants[i]->deadline_agreed != 0;
        }
    } else {
        at = put_null(at);
    }
    at = put_times(at, m, offsetof(Samordning__V1__Participant, replied), present.replied);
    at = put_codes(at, m, offsetof(Samordning__V1__Participant, reply_status), present.reply_status);
    at = put_codes(at, m, offsetof(Samordning__V1__Participant, outcome), present.outcome);
    if (row->kind != SUPPLEMENT_NONE) {
        at = put32(at, (uint32_t)row->revision);
        at = put16(at, (int16_t)row->kind);
    }
    buffer->size = (size_t)(at - buffer->data);
}

void copy_fields(const struct pg_buffer *buffer, size_t rows, const char **ret_values, int *ret_lengths)
{
    const uint8_t *at = buffer->data + sizeof copy_signature;
    for (size_t row = 0; row < rows; row++) {
        at += 2;
        for (size_t i = 0; i < INTERACTION_COLUMN_COUNT; i++) {
            int32_t length = (int32_t)pg_load32(at);
            at += 4;
            *ret_values++ = length < 0 ? NULL : (const char *)at;
            *ret_lengths++ = length < 0 ? 0 : length;
            at += length < 0 ? 0 : length;
        }
    }
}
