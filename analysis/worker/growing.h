/* SPDX-License-Identifier: GPL-3.0-or-later
 * Arrays that double when they are full, so that adding stays linear.
 */
#ifndef SAMORDNING_GROWING_H
#define SAMORDNING_GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Makes room for one more element of `size` bytes; `array` is the address of the pointer. False: out of memory, and nothing
 * changed. */
static inline bool growing_room(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t larger = *capacity ? 2 * *capacity : 16;
    void *memory = realloc(*(void **)array, larger * size);
    if (!memory)
        return false;
    *(void **)array = memory;
    *capacity = larger;
    return true;
}

#endif
