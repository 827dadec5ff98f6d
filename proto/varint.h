/* SPDX-License-Identifier: GPL-3.0-or-later
 * Base-128 varints of 64 and 128 bits, for day blocks and gists.
 */
#ifndef SAMORDNING_VARINT_H
#define SAMORDNING_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VARINT_MAX      10
#define VARINT_WIDE_MAX 19

static inline uint8_t *varint_put(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline uint8_t *varint_put_wide(uint8_t *at, unsigned __int128 value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)((uint8_t)value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline bool varint_get(const uint8_t **at, const uint8_t *end, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;
        if (shift == 63 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static inline bool varint_get_wide(const uint8_t **at, const uint8_t *end, unsigned __int128 *ret_value)
{
    unsigned __int128 value = 0;
    for (unsigned shift = 0; *at < end && shift < 128; shift += 7) {
        uint8_t byte = *(*at)++;
        if (shift == 126 && byte > 3)
            return false;
        value |= (unsigned __int128)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static inline uint32_t varint_zigzag(int32_t value)
{
    return (uint32_t)value << 1 ^ (uint32_t)(value >> 31);
}

static inline int32_t varint_unzigzag(uint32_t value)
{
    return (int32_t)(value >> 1) ^ -(int32_t)(value & 1);
}

#endif
