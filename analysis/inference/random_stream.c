/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counter-based random numbers: a scrambled counter, so that a stream needs no warm-up and no shared state.
 */
#include "random_stream.h"

#define GOLDEN_GAMMA UINT64_C(0x9e3779b97f4a7c15)

static uint64_t scramble(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

void random_stream_init(struct random_stream *ret_stream, uint64_t seed, uint64_t stream)
{
    /* Two rounds, so that neighbouring seeds and neighbouring streams start far apart. */
    ret_stream->key = scramble(scramble(seed + GOLDEN_GAMMA) ^ (stream * GOLDEN_GAMMA + 1));
    ret_stream->counter = 0;
}

uint64_t random_stream_next(struct random_stream *stream)
{
    return scramble(stream->key + GOLDEN_GAMMA * ++stream->counter);
}

uint64_t random_stream_below(struct random_stream *stream, uint64_t bound)
{
    /* Values under 2^64 mod bound would make the low results more likely: drawn again. That is less than the bound, so hardly
     * any value has to be held against it. */
    uint64_t value = random_stream_next(stream);
    if (value < bound) {
        uint64_t unfair = -bound % bound;
        while (value < unfair)
            value = random_stream_next(stream);
    }
    return value % bound;
}

double random_stream_unit(struct random_stream *stream)
{
    return (double)(random_stream_next(stream) >> 11) * 0x1p-53;
}

void random_stream_shuffle(struct random_stream *stream, int32_t *values, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_stream_below(stream, i);
        int32_t swap = values[i - 1];
        values[i - 1] = values[j];
        values[j] = swap;
    }
}
