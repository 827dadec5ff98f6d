/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seeded random numbers whose sequence is a pure function of (seed, stream): the same on every machine and in any order of
 * work.
 *
 * A 64-bit counter is scrambled with the finalizer of SplitMix64 (Steele, Lea & Flood 2014). Each permutation or replicate
 * takes a stream of its own, so that replicate 17 is the same whether computed alone, first, or by another worker.
 */
#ifndef SAMORDNING_RANDOM_STREAM_H
#define SAMORDNING_RANDOM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#define RANDOM_STREAM_NAME "SplitMix64"

struct random_stream {
    uint64_t key, counter;
};

void random_stream_init(struct random_stream *ret_stream, uint64_t seed, uint64_t stream);
uint64_t random_stream_next(struct random_stream *stream);
uint64_t random_stream_below(struct random_stream *stream,
                             uint64_t bound);            /* uniform in [0, bound), no modulo bias; bound > 0 */
double random_stream_unit(struct random_stream *stream); /* uniform in [0, 1) */
void random_stream_shuffle(struct random_stream *stream, int32_t *values, size_t count); /* Fisher-Yates */

#endif
