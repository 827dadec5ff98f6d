/* SPDX-License-Identifier: GPL-3.0-or-later
 * PostgreSQL's binary forms, written into a buffer that only grows, and read from results.
 *
 * Writers are sticky: after running out of memory they write nothing more and `failed` stays set.
 */
#ifndef SAMORDNING_PG_BINARY_H
#define SAMORDNING_PG_BINARY_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PG_BOOL_OID        16
#define PG_BYTEA_OID       17
#define PG_INT8_OID        20
#define PG_INT2_OID        21
#define PG_INT4_OID        23
#define PG_TEXT_OID        25
#define PG_BYTEAARRAY_OID  1001
#define PG_INT2ARRAY_OID   1005
#define PG_INT4ARRAY_OID   1007
#define PG_TEXTARRAY_OID   1009
#define PG_INT8ARRAY_OID   1016
#define PG_DATEARRAY_OID   1182
#define PG_TIMESTAMPTZ_OID 1184
#define PG_DATE_OID        1082
#define PG_UUID_OID        2950
#define PG_UUIDARRAY_OID   2951

#define PG_EPOCH_US   INT64_C(946684800000000) /* 2000-01-01 in microseconds since 1970 */
#define PG_EPOCH_DAYS 10957

struct pg_buffer {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
};

void pg_buffer_release(struct pg_buffer *buffer);
bool pg_reserve(struct pg_buffer *buffer, size_t more); /* room for `more` bytes after size */

static inline uint8_t *pg_store16(uint8_t *at, uint16_t value)
{
    value = __builtin_bswap16(value);
    memcpy(at, &value, 2);
    return at + 2;
}
static inline uint8_t *pg_store32(uint8_t *at, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(at, &value, 4);
    return at + 4;
}
static inline uint8_t *pg_store64(uint8_t *at, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(at, &value, 8);
    return at + 8;
}
static inline uint32_t pg_load32(const void *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return __builtin_bswap32(value);
}
static inline uint64_t pg_load64(const void *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return __builtin_bswap64(value);
}

/* One-dimensional arrays. Begin, then exactly `count` elements; an element of size SIZE_MAX is NULL. */
void pg_array_begin(struct pg_buffer *buffer, Oid element, size_t count, bool has_null);
void pg_array_bytes(struct pg_buffer *buffer, const void *data, size_t size);
void pg_array_int16(struct pg_buffer *buffer, int16_t value);
void pg_array_int32(struct pg_buffer *buffer, int32_t value);
void pg_array_int64(struct pg_buffer *buffer, int64_t value);

/* Fields of a binary result; NULL reads as 0. */
int32_t pg_get_int32(const PGresult *result, int row, int column);
int64_t pg_get_int64(const PGresult *result, int row, int column);
bool pg_get_bool(const PGresult *result, int row, int column);

#endif
