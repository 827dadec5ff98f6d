/* SPDX-License-Identifier: GPL-3.0-or-later
 * Digests: 64-bit mixing for checksums and for fingerprints of sets. A set's digest is the sum of its members' digests, so the
 * order of rows does not matter. Guards against accidents, not against an adversary.
 */
#ifndef SAMORDNING_DIGEST_H
#define SAMORDNING_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every input bit changes about half of the output bits. */
static inline uint64_t digest_mix(uint64_t value)
{
    value += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

static inline uint64_t digest_add(uint64_t digest, uint64_t value)
{
    return digest_mix(digest ^ digest_mix(value));
}

/* Little-endian hosts only, which every supported one is. */
static inline uint64_t digest_bytes(uint64_t digest, const void *data, size_t size)
{
    const unsigned char *at = data;
    uint64_t word;
    digest = digest_add(digest, size);
    for (; size >= 8; size -= 8, at += 8) {
        memcpy(&word, at, 8);
        digest = (digest ^ word) * UINT64_C(0xD6E8FEB86659FD93);
        digest ^= digest >> 32;
    }
    word = 0;
    memcpy(&word, at, size);
    return digest_add(digest, word);
}

/* What one report adds to the digest of its day's blocks. revision and kind: of report.supplement, or -1 and 0 for a first
 * report. */
static inline uint64_t digest_report(const uint8_t id[16], uint64_t content_hash, int32_t reporter, int32_t revision,
                                     int64_t recorded_us, uint8_t kind)
{
    uint64_t digest = digest_bytes(0, id, 16);
    digest = digest_add(digest, content_hash);
    digest = digest_add(digest, (uint64_t)(uint32_t)reporter << 32 | (uint32_t)revision);
    digest = digest_add(digest, (uint64_t)recorded_us);
    return digest_add(digest, kind);
}

#endif
