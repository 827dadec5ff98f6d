/* SPDX-License-Identifier: GPL-3.0-or-later
 * Strings with a NUL inside and messages nested too deep, found in packed bytes.
 *
 * The strings are looked for only in messages that hold a zero byte at all, which few do. All of this stops where the bytes
 * make no sense: unpacking refuses those anyway.
 */
#include "wire.h"

#include <string.h>

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_LENGTH = 2, WIRE_32 = 5 };

struct wire_field {
    uint32_t number;
    unsigned wire_type;
    size_t payload; /* offset of what follows the tag (and the length) */
    size_t size;    /* of the payload */
};

static bool read_varint(const uint8_t *data, size_t size, size_t *position, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (*position >= size)
            return false;
        uint8_t byte = data[(*position)++];
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

/* Reads the field at *position and moves past it; false at the end or where the bytes make no sense. */
static bool next_field(const uint8_t *data, size_t size, size_t *position, struct wire_field *ret_field)
{
    uint64_t tag = 0;
    uint64_t length = 0;
    if (*position >= size || !read_varint(data, size, position, &tag) || tag >> 3 > UINT32_MAX)
        return false;
    ret_field->number = (uint32_t)(tag >> 3);
    ret_field->wire_type = (unsigned)(tag & 7);
    switch (ret_field->wire_type) {
    case WIRE_VARINT:
        if (!read_varint(data, size, position, &length))
            return false;
        length = 0;
        break;
    case WIRE_64:
        length = 8;
        break;
    case WIRE_32:
        length = 4;
        break;
    case WIRE_LENGTH:
        if (!read_varint(data, size, position, &length))
            return false;
        break;
    default:
        return false;
    }
    if (length > size - *position)
        return false;
    ret_field->payload = *position;
    ret_field->size = (size_t)length;
    *position += (size_t)length;
    return true;
}

/* Can a message of this type hold one of its own type? Then its descriptors go on for ever. */
static bool recurs(const ProtobufCMessageDescriptor *type, unsigned depth)
{
    if (depth == 0)
        return true;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE && recurs(type->fields[i].descriptor, depth - 1))
            return true;
    return false;
}

static bool is_too_deep(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size, unsigned depth)
{
    size_t position = 0;
    struct wire_field field;
    while (next_field(data, size, &position, &field)) {
        if (field.wire_type != WIRE_LENGTH)
            continue;
        const ProtobufCFieldDescriptor *known = protobuf_c_message_descriptor_get_field(type, field.number);
        if (known == NULL || known->type != PROTOBUF_C_TYPE_MESSAGE || !recurs(known->descriptor, WIRE_DEPTH_MAX))
            continue;
        if (depth == WIRE_DEPTH_MAX || is_too_deep(known->descriptor, data + field.payload, field.size, depth + 1))
            return true;
    }
    return false;
}

bool wire_is_too_deep(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size)
{
    return is_too_deep(type, data, size, 1);
}

bool wire_has_nul_in_string(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size)
{
    if (memchr(data, 0, size) == NULL)
        return false;
    size_t position = 0;
    struct wire_field field;
    while (next_field(data, size, &position, &field)) {
        if (field.wire_type != WIRE_LENGTH)
            continue;
        const ProtobufCFieldDescriptor *known = protobuf_c_message_descriptor_get_field(type, field.number);
        if (known == NULL)
            continue;
        if (known->type == PROTOBUF_C_TYPE_STRING && memchr(data + field.payload, 0, field.size) != NULL)
            return true;
        if (known->type == PROTOBUF_C_TYPE_MESSAGE &&
            wire_has_nul_in_string(known->descriptor, data + field.payload, field.size))
            return true;
    }
    return false;
}

void wire_mark_nuls(const ProtobufCMessageDescriptor *type, uint8_t *data, size_t size)
{
    if (memchr(data, 0, size) == NULL)
        return;
    size_t position = 0;
    struct wire_field field;
    while (next_field(data, size, &position, &field)) {
        if (field.wire_type != WIRE_LENGTH)
            continue;
        const ProtobufCFieldDescriptor *known = protobuf_c_message_descriptor_get_field(type, field.number);
        if (known == NULL)
            continue;
        uint8_t *payload = data + field.payload;
        if (known->type == PROTOBUF_C_TYPE_MESSAGE) {
            wire_mark_nuls(known->descriptor, payload, field.size);
        } else if (known->type == PROTOBUF_C_TYPE_STRING) {
            for (uint8_t *nul = memchr(payload, 0, field.size); nul != NULL;
                 nul = memchr(nul, 0, field.size - (size_t)(nul - payload)))
                *nul = WIRE_NUL_MARK;
        }
    }
}
