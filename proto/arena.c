/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bump allocator with a budget: the memory of one request, released whole. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN       alignof(max_align_t)
#define ARENA_CHUNK_FIRST 8192

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;     /* bytes of the whole block, this header included */
    size_t position; /* offset of the first free byte */
};

#define ARENA_HEADER ((sizeof(struct arena_chunk) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN)

static void *allocator_alloc_cb(void *arg, size_t size)
{
    return arena_alloc(arg, size);
}

static void allocator_free_cb(void *arg, void *pointer)
{
    (void)arg;
    (void)pointer;
}

void arena_init(struct arena *arena, size_t budget)
{
    *arena = (struct arena){
        .budget = budget,
        .allocator = {.alloc = allocator_alloc_cb, .free = allocator_free_cb, .allocator_data = arena},
    };
}

static void free_chunks(struct arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
}

void arena_release(struct arena *arena)
{
    if (arena == NULL)
        return;
    free_chunks(arena->chunks);
    arena->chunks = NULL;
    arena->used = 0;
    arena->refused = ARENA_NOT_REFUSED;
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *kept = NULL;
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        if (chunk->size <= ARENA_KEEP_MAX && (kept == NULL || chunk->size > kept->size)) {
            free(kept);
            kept = chunk;
        } else {
            free(chunk);
        }
        chunk = older;
    }
    if (kept != NULL) {
        kept->older = NULL;
        kept->position = ARENA_HEADER;
    }
    arena->chunks = kept;
    arena->used = kept != NULL ? kept->size : 0;
    arena->refused = ARENA_NOT_REFUSED;
}

/* Chunks double so that a large message costs few of them; the last one takes what the budget still allows. */
static struct arena_chunk *add_chunk(struct arena *arena, size_t size)
{
    size_t left = arena->budget > arena->used ? arena->budget - arena->used : 0;
    if (left < ARENA_HEADER || size > left - ARENA_HEADER) {
        arena->refused = ARENA_OVER_BUDGET;
        return NULL;
    }
    size_t need = ARENA_HEADER + size;
    size_t wanted = arena->chunks != NULL ? arena->chunks->size * 2 : ARENA_CHUNK_FIRST;
    if (wanted > ARENA_KEEP_MAX)
        wanted = ARENA_KEEP_MAX;
    if (wanted > left)
        wanted = left;
    if (wanted < need)
        wanted = need;
    struct arena_chunk *chunk = malloc(wanted);
    if (chunk == NULL) {
        arena->refused = ARENA_OUT_OF_MEMORY;
        return NULL;
    }
    *chunk = (struct arena_chunk){.older = arena->chunks, .size = wanted, .position = ARENA_HEADER};
    arena->chunks = chunk;
    arena->used += wanted;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGN - ARENA_HEADER) {
        arena->refused = ARENA_OVER_BUDGET;
        return NULL;
    }
    size_t rounded = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size < chunk->position || chunk->size - chunk->position < rounded) {
        chunk = add_chunk(arena, rounded);
        if (chunk == NULL)
            return NULL;
    }
    void *pointer = (char *)chunk + chunk->position;
    chunk->position += rounded;
    return pointer;
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (copy != NULL && size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}
