/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interactions on their way into one SubmitRequest. */
#include "batch.h"

#include "frame.h"
#include "samordning.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Tags of the wire: field number << 3 | wire type. */
enum { TAG_INTERACTION = 0x0A, TAG_REQUEST_ID = 0x08, TAG_DEADLINE = 0x10, TAG_SUBMIT = 0x5A };

#define BUFFER_FIRST 4096

static size_t put_varint(uint8_t *out, uint64_t value)
{
    size_t i = 0;
    for (; value >= 0x80; value >>= 7)
        out[i++] = (uint8_t)(value | 0x80);
    out[i++] = (uint8_t)value;
    return i;
}

static size_t varint_size(uint64_t value)
{
    size_t size = 1;
    while (value >>= 7)
        size++;
    return size;
}

static int reserve(struct batch *b, size_t more)
{
    if (more <= b->capacity - b->used)
        return SAMORDNING_OK;
    size_t capacity = b->capacity * 2;
    while (capacity - b->used < more)
        capacity *= 2;
    uint8_t *buffer = realloc(b->buffer, capacity);
    if (buffer == NULL)
        return SAMORDNING_E_MEMORY;
    b->buffer = buffer;
    b->capacity = capacity;
    return SAMORDNING_OK;
}

static int reserve_tags(struct batch *b, size_t more)
{
    if (more <= b->tags_capacity - b->count)
        return SAMORDNING_OK;
    size_t capacity = b->tags_capacity * 2 > b->count + more ? b->tags_capacity * 2 : b->count + more;
    uint64_t *tags = realloc(b->tags, capacity * sizeof *tags);
    if (tags == NULL)
        return SAMORDNING_E_MEMORY;
    b->tags = tags;
    b->tags_capacity = capacity;
    return SAMORDNING_OK;
}

int batch_init(struct batch *batch)
{
    *batch = (struct batch){.buffer = malloc(BUFFER_FIRST), .capacity = BUFFER_FIRST};
    if (batch->buffer == NULL)
        return SAMORDNING_E_MEMORY;
    batch_clear(batch);
    return SAMORDNING_OK;
}

void batch_release(struct batch *batch)
{
    free(batch->buffer);
    free(batch->tags);
    *batch = (struct batch){0};
}

void batch_clear(struct batch *batch)
{
    batch->used = BATCH_PREFIX_MAX;
    batch->entries_end = BATCH_PREFIX_MAX;
    batch->count = 0;
}

size_t batch_size_with(const struct batch *batch, size_t packed_size)
{
    return batch_body_size(batch) + 1 + varint_size(packed_size) + packed_size;
}

int batch_add(struct batch *batch, const Samordning__V1__Interaction *interaction, size_t packed_size, uint64_t tag)
{
    if (reserve(batch, packed_size + 16) || reserve_tags(batch, 1))
        return SAMORDNING_E_MEMORY;
    uint8_t *out = batch->buffer + batch->used;
    *out++ = TAG_INTERACTION;
    out += put_varint(out, packed_size);
    out += protobuf_c_message_pack(&interaction->base, out);
    batch->used = (size_t)(out - batch->buffer);
    batch->entries_end = batch->used;
    batch->tags[batch->count++] = tag;
    return SAMORDNING_OK;
}

int batch_seal(struct batch *batch, const uint8_t *tail, size_t tail_size)
{
    if (reserve(batch, tail_size))
        return SAMORDNING_E_MEMORY;
    if (tail_size > 0)
        memcpy(batch->buffer + batch->used, tail, tail_size);
    batch->used += tail_size;
    return SAMORDNING_OK;
}

/* Steps over one interaction; false where there is none. */
static bool step(const uint8_t *body, size_t end, size_t *position)
{
    size_t at = *position;
    if (at >= end || body[at] != TAG_INTERACTION)
        return false;
    uint64_t length = 0;
    unsigned shift = 0;
    do {
        if (++at >= end || shift > 28)
            return false;
        length |= (uint64_t)(body[at] & 0x7F) << shift;
        shift += 7;
    } while (body[at] & 0x80);
    at++;
    if (length > end - at)
        return false;
    *position = at + (size_t)length;
    return true;
}

int batch_load(struct batch *batch, const uint8_t *body, size_t size, uint64_t first_tag)
{
    batch_clear(batch);
    if (reserve(batch, size))
        return SAMORDNING_E_MEMORY;
    memcpy(batch->buffer + batch->used, body, size);
    batch->used += size;
    for (size_t position = BATCH_PREFIX_MAX; step(batch->buffer, batch->used, &position);) {
        if (reserve_tags(batch, 1))
            return SAMORDNING_E_MEMORY;
        batch->tags[batch->count] = first_tag + batch->count;
        batch->count++;
        batch->entries_end = position;
    }
    return batch->count > 0 ? SAMORDNING_OK : SAMORDNING_E_SPOOL;
}

int batch_split(struct batch *batch, struct batch *other)
{
    const size_t kept = batch->count / 2;
    const size_t moved = batch->count - kept;
    const size_t tail_size = batch->used - batch->entries_end;
    size_t cut = BATCH_PREFIX_MAX;
    for (size_t i = 0; i < kept; i++)
        if (!step(batch->buffer, batch->entries_end, &cut))
            return SAMORDNING_E_SPOOL;
    batch_clear(other);
    if (reserve(other, batch->used - cut) || reserve_tags(other, moved))
        return SAMORDNING_E_MEMORY;
    memcpy(other->buffer + other->used, batch->buffer + cut, batch->used - cut);
    memcpy(other->tags, batch->tags + kept, moved * sizeof *other->tags);
    other->used += batch->used - cut;
    other->entries_end = other->used - tail_size;
    other->count = moved;
    memmove(batch->buffer + cut, batch->buffer + batch->entries_end, tail_size);
    batch->used = cut + tail_size;
    batch->entries_end = cut;
    batch->count = kept;
    return SAMORDNING_OK;
}

const uint8_t *batch_frame(struct batch *batch, uint64_t request_id, uint32_t deadline_ms, size_t *ret_size)
{
    uint8_t envelope[BATCH_PREFIX_MAX];
    const size_t body_size = batch_body_size(batch);
    size_t size = 0;
    envelope[size++] = TAG_REQUEST_ID;
    size += put_varint(envelope + size, request_id);
    envelope[size++] = TAG_DEADLINE;
    size += put_varint(envelope + size, deadline_ms);
    envelope[size++] = TAG_SUBMIT;
    size += put_varint(envelope + size, body_size);
    uint8_t header[FRAME_HEADER_MAX];
    size_t header_size = frame_write_header(header, (uint32_t)(size + body_size));
    uint8_t *start = batch->buffer + BATCH_PREFIX_MAX - size - header_size;
    memcpy(start, header, header_size);
    memcpy(start + header_size, envelope, size);
    *ret_size = header_size + size + body_size;
    return start;
}
