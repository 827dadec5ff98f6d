/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interactions on their way into one SubmitRequest, packed once, straight into the bytes that are sent.
 *
 * The body is a SubmitRequest: first the interactions as field 1, then what is the same for the whole submission. Room is left
 * in front of it for the frame's header and the envelope, whose sizes are known only when the body is.
 */
#ifndef SAMORDNING_BATCH_H
#define SAMORDNING_BATCH_H

#include "samordning.pb-c.h"

#include <stddef.h>
#include <stdint.h>

#define BATCH_PREFIX_MAX 32 /* header 5, id 11, deadline 6, tag and length of the body 6 */

struct batch {
    uint8_t *buffer;
    size_t capacity;
    size_t used;        /* of the buffer: BATCH_PREFIX_MAX and the body */
    size_t entries_end; /* where the interactions end and the tail begins */
    uint64_t *tags;
    size_t count, tags_capacity;
};

int batch_init(struct batch *batch);
void batch_release(struct batch *batch);
void batch_clear(struct batch *batch);

/* Bytes the body would have with the interaction added. */
size_t batch_size_with(const struct batch *batch, size_t packed_size);
static inline size_t batch_body_size(const struct batch *batch)
{
    return batch->used - BATCH_PREFIX_MAX;
}
static inline const uint8_t *batch_body(const struct batch *batch)
{
    return batch->buffer + BATCH_PREFIX_MAX;
}

/* All three: SAMORDNING_OK or SAMORDNING_E_MEMORY; batch_load also E_SPOOL when the body is not what a batch makes. */
int batch_add(struct batch *batch, const Samordning__V1__Interaction *interaction, size_t packed_size, uint64_t tag);
int batch_seal(struct batch *batch, const uint8_t *tail, size_t tail_size);
int batch_load(struct batch *batch, const uint8_t *body, size_t size, uint64_t first_tag);

/* Moves the second half of a sealed batch's interactions (at least two) to an empty one, which gets the same tail. */
int batch_split(struct batch *batch, struct batch *other);

/* The whole frame of a Request with the sealed body. */
const uint8_t *batch_frame(struct batch *batch, uint64_t request_id, uint32_t deadline_ms, size_t *ret_size);

#endif
