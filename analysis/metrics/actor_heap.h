/* SPDX-License-Identifier: GPL-3.0-or-later
 * A binary heap of actors, the one with the smallest distance first; equal distances by index, so that the same network gives
 * the same bits.
 *
 * The distances are the caller's: it lowers one and then calls actor_heap_lower. All arrays hold one entry per actor of the
 * network, and slot is -1 for everybody who is not in the heap.
 */
#ifndef SAMORDNING_ACTOR_HEAP_H
#define SAMORDNING_ACTOR_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct actor_heap {
    const double *distance;
    int32_t *actors, *slot;
    size_t count;
};

static inline bool actor_heap_sooner(const struct actor_heap *heap, int32_t a, int32_t b)
{
    return heap->distance[a] != heap->distance[b] ? heap->distance[a] < heap->distance[b] : a < b;
}

static inline void actor_heap_place(struct actor_heap *heap, size_t at, int32_t actor)
{
    heap->actors[at] = actor;
    heap->slot[actor] = (int32_t)at;
}

/* Puts the actor in, or moves it up, after its distance became smaller. */
static inline void actor_heap_lower(struct actor_heap *heap, int32_t actor)
{
    size_t at = heap->slot[actor] < 0 ? heap->count++ : (size_t)heap->slot[actor];
    for (; at > 0 && actor_heap_sooner(heap, actor, heap->actors[(at - 1) / 2]); at = (at - 1) / 2)
        actor_heap_place(heap, at, heap->actors[(at - 1) / 2]);
    actor_heap_place(heap, at, actor);
}

/* Takes the first; the heap is not empty. */
static inline int32_t actor_heap_pop(struct actor_heap *heap)
{
    int32_t top = heap->actors[0], last = heap->actors[--heap->count];
    heap->slot[top] = -1;
    if (heap->count == 0)
        return top;
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && actor_heap_sooner(heap, heap->actors[child + 1], heap->actors[child]))
            child++;
        if (!actor_heap_sooner(heap, heap->actors[child], last))
            break;
        actor_heap_place(heap, at, heap->actors[child]);
        at = child;
    }
    actor_heap_place(heap, at, last);
    return top;
}

#endif
