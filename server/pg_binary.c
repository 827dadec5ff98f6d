/* SPDX-License-Identifier: GPL-3.0-or-later
 * Arrays and integers in PostgreSQL's binary form.
 */
#include "pg_binary.h"

#include <stdlib.h>

void pg_buffer_release(struct pg_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct pg_buffer){0};
}

bool pg_reserve(struct pg_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->size >= more)
        return true;
    size_t capacity = buffer->capacity * 2 > buffer->size + more ? buffer->capacity * 2 : buffer->size + more;
    capacity = capacity < 4096 ? 4096 : capacity;
    uint8_t *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void pg_array_begin(struct pg_buffer *buffer, Oid element, size_t count, bool has_null)
{
    if (!pg_reserve(buffer, 20))
        return;
    uint8_t *at = buffer->data + buffer->size;
    at = pg_store32(at, count > 0 ? 1 : 0);
    at = pg_store32(at, has_null);
    at = pg_store32(at, element);
    if (count > 0) {
        at = pg_store32(at, (uint32_t)count);
        at = pg_store32(at, 1);
    }
    buffer->size = (size_t)(at - buffer->data);
}

void pg_array_bytes(struct pg_buffer *buffer, const void *data, size_t size)
{
    if (!pg_reserve(buffer, 4 + (size == SIZE_MAX ? 0 : size)))
        return;
    uint8_t *at = pg_store32(buffer->data + buffer->size, (uint32_t)size);
    buffer->size += 4;
    if (size == SIZE_MAX)
        return;
    memcpy(at, data, size);
    buffer->size += size;
}

void pg_array_int16(struct pg_buffer *buffer, int16_t value)
{
    uint8_t bytes[2];
    pg_store16(bytes, (uint16_t)value);
    pg_array_bytes(buffer, bytes, 2);
}

void pg_array_int32(struct pg_buffer *buffer, int32_t value)
{
    uint8_t bytes[4];
    pg_store32(bytes, (uint32_t)value);
    pg_array_bytes(buffer, bytes, 4);
}

void pg_array_int64(struct pg_buffer *buffer, int64_t value)
{
    uint8_t bytes[8];
    pg_store64(bytes, (uint64_t)value);
    pg_array_bytes(buffer, bytes, 8);
}

int32_t pg_get_int32(const PGresult *result, int row, int column)
{
    if (PQgetlength(result, row, column) == 2) {
        uint16_t value;
        memcpy(&value, PQgetvalue(result, row, column), 2);
        return (int16_t)__builtin_bswap16(value);
    }
    return PQgetlength(result, row, column) == 4 ? (int32_t)pg_load32(PQgetvalue(result, row, column)) : 0;
}

int64_t pg_get_int64(const PGresult *result, int row, int column)
{
    return PQgetlength(result, row, column) == 8 ? (int64_t)pg_load64(PQgetvalue(result, row, column)) : 0;
}

bool pg_get_bool(const PGresult *result, int row, int column)
{
    return PQgetlength(result, row, column) == 1 && PQgetvalue(result, row, column)[0] != 0;
}
