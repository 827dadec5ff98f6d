/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames: a varint length, then that many bytes of one protobuf message. */
#include "frame.h"

#include "wire.h"

#include <stdlib.h>

enum frame_state frame_next(const uint8_t *data, size_t size, size_t cap, struct frame_view *ret_view)
{
    uint64_t length = 0;
    for (size_t i = 0; i < FRAME_HEADER_MAX; i++) {
        if (i == size) {
            *ret_view = (struct frame_view){0};
            return FRAME_INCOMPLETE;
        }
        length |= (uint64_t)(data[i] & 0x7F) << (7 * i);
        if (data[i] & 0x80)
            continue;
        /* A last byte of zero says nothing: the same length has a shorter form. */
        if (length > UINT32_MAX || (i > 0 && data[i] == 0))
            return FRAME_MALFORMED;
        if (length > cap)
            return FRAME_TOO_LARGE;
        size_t header = i + 1;
        *ret_view = (struct frame_view){.header_size = header, .body_size = length, .need = header + length};
        if (size < header + length) {
            ret_view->header_size = 0;
            ret_view->body_size = 0;
            return FRAME_INCOMPLETE;
        }
        return FRAME_COMPLETE;
    }
    return FRAME_MALFORMED;
}

size_t frame_write_header(uint8_t ret_header[FRAME_HEADER_MAX], uint32_t body_size)
{
    size_t i = 0;
    while (body_size >= 0x80) {
        ret_header[i++] = (uint8_t)(body_size | 0x80);
        body_size >>= 7;
    }
    ret_header[i++] = (uint8_t)body_size;
    return i;
}

ProtobufCMessage *frame_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size, struct arena *arena,
                               enum status *ret_status)
{
    static const uint8_t empty[1];
    if (size == 0)
        body = empty;
    arena->refused = ARENA_NOT_REFUSED;
    ProtobufCMessage *message = NULL;
    *ret_status = STATUS_MALFORMED;
    if (wire_is_too_deep(type, body, size))
        return NULL;
    if (wire_has_nul_in_string(type, body, size)) {
        uint8_t *marked = arena_copy(arena, body, size);
        if (marked != NULL) {
            wire_mark_nuls(type, marked, size);
            body = marked;
        }
    }
    if (arena->refused == ARENA_NOT_REFUSED)
        message = protobuf_c_message_unpack(type, &arena->allocator, size, body);
    if (message != NULL)
        *ret_status = STATUS_OK;
    else if (arena->refused == ARENA_OVER_BUDGET)
        *ret_status = STATUS_TOO_LARGE;
    else if (arena->refused == ARENA_OUT_OF_MEMORY)
        *ret_status = STATUS_NO_MEMORY;
    else
        *ret_status = STATUS_MALFORMED;
    return message;
}

enum status frame_pack(const ProtobufCMessage *message, uint8_t **ret_data, size_t *ret_size)
{
    size_t body = protobuf_c_message_get_packed_size(message);
    if (body > UINT32_MAX)
        return STATUS_TOO_LARGE;
    uint8_t header[FRAME_HEADER_MAX];
    size_t header_size = frame_write_header(header, (uint32_t)body);
    uint8_t *data = malloc(header_size + body);
    if (data == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < header_size; i++)
        data[i] = header[i];
    protobuf_c_message_pack(message, data + header_size);
    *ret_data = data;
    *ret_size = header_size + body;
    return STATUS_OK;
}
