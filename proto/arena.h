/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bump allocator with a budget: the memory of one request, released whole.
 *
 * Grows by chunks up to `budget` bytes in all, then allocation returns NULL (never aborts). As a ProtobufCAllocator it makes
 * unpacking fail cleanly when a message would need more than its budget. Not thread-safe.
 */
#ifndef SAMORDNING_ARENA_H
#define SAMORDNING_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/* The largest chunk made for small allocations, and the largest one arena_reset keeps. */
#define ARENA_KEEP_MAX (1U << 20)

enum arena_refusal { ARENA_NOT_REFUSED, ARENA_OVER_BUDGET, ARENA_OUT_OF_MEMORY };

/* Stays where arena_init found it: the allocator points back to it. */
struct arena_chunk;
struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t used;                /* bytes of all chunks, headers included */
    size_t budget;
    enum arena_refusal refused;   /* why the latest allocation that failed did, since init or reset */
    ProtobufCAllocator allocator; /* free is a no-op */
};

void arena_init(struct arena *arena, size_t budget);
void arena_release(struct arena *arena); /* frees everything; NULL and twice are fine */
void arena_reset(struct arena *arena); /* forgets everything but keeps one chunk (of at most ARENA_KEEP_MAX) for the next use */
void *arena_alloc(struct arena *arena, size_t size); /* aligned for any type; NULL when the budget is spent */
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_strdup(struct arena *arena, const char *text);

#endif
