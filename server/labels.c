/* SPDX-License-Identifier: GPL-3.0-or-later
 * Open addressing with linear probing; deletion moves later entries of the run back, so that there are no tombstones.
 */
#include "labels.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct slot {
    uint64_t hash;
    char *text; /* NULL = empty */
    int32_t id;
    uint32_t size : 30;
    uint32_t waiting : 1;
    uint32_t used : 1; /* since the hand last came by */
};

struct labels {
    size_t max, count, mask, hand;
    uint64_t seed;
    struct slot *slots;
};

struct labels *labels_create(size_t max)
{
    struct labels *labels = calloc(1, sizeof *labels);
    if (labels == NULL)
        return NULL;
    size_t size = 16;
    while (size < max * 2)
        size *= 2;
    labels->max = max;
    labels->mask = size - 1;
    randombytes_buf(&labels->seed, sizeof labels->seed);
    labels->slots = calloc(size, sizeof labels->slots[0]);
    if (labels->slots == NULL) {
        free(labels);
        return NULL;
    }
    return labels;
}

void labels_forget_all(struct labels *labels)
{
    for (size_t i = 0; i <= labels->mask; i++)
        free(labels->slots[i].text);
    memset(labels->slots, 0, (labels->mask + 1) * sizeof labels->slots[0]);
    labels->count = 0;
}

void labels_destroy(struct labels *labels)
{
    if (labels == NULL)
        return;
    labels_forget_all(labels);
    free(labels->slots);
    free(labels);
}

static size_t probe(const struct labels *labels, uint64_t hash, const char *text, size_t size)
{
    size_t i = hash & labels->mask;
    while (labels->slots[i].text != NULL) {
        const struct slot *slot = &labels->slots[i];
        if (slot->hash == hash && slot->size == size && memcmp(slot->text, text, size) == 0)
            break;
        i = (i + 1) & labels->mask;
    }
    return i;
}

int32_t labels_find(struct labels *labels, const char *text, size_t size, bool *ret_waiting)
{
    struct slot *slot = &labels->slots[probe(labels, XXH3_64bits_withSeed(text, size, labels->seed), text, size)];
    if (slot->text == NULL)
        return 0;
    slot->used = 1;
    *ret_waiting = slot->waiting;
    return slot->id;
}

static void remove_at(struct labels *labels, size_t hole)
{
    free(labels->slots[hole].text); /* NOLINT(clang-analyzer-unix.Malloc): moving an entry empties where it was */
    labels->slots[hole].text = NULL;
    labels->count--;
    for (size_t i = (hole + 1) & labels->mask; labels->slots[i].text != NULL; i = (i + 1) & labels->mask) {
        size_t home = labels->slots[i].hash & labels->mask;
        if (((i - home) & labels->mask) >= ((i - hole) & labels->mask)) {
            labels->slots[hole] = labels->slots[i];
            hole = i;
        }
    }
    labels->slots[hole] = (struct slot){0};
}

static void evict_one(struct labels *labels)
{
    for (;;) {
        struct slot *slot = &labels->slots[labels->hand];
        if (slot->text != NULL && !slot->used) {
            remove_at(labels, labels->hand);
            return;
        }
        slot->used = 0;
        labels->hand = (labels->hand + 1) & labels->mask;
    }
}

void labels_put(struct labels *labels, const char *text, size_t size, int32_t id, bool waiting)
{
    uint64_t hash = XXH3_64bits_withSeed(text, size, labels->seed);
    struct slot *slot = &labels->slots[probe(labels, hash, text, size)];
    if (slot->text == NULL) {
        if (labels->count >= labels->max) {
            evict_one(labels);
            slot = &labels->slots[probe(labels, hash, text, size)];
        }
        char *copy = malloc(size > 0 ? size : 1);
        if (copy == NULL)
            return;
        memcpy(copy, text, size);
        *slot = (struct slot){.hash = hash, .text = copy, .size = (uint32_t)size};
        labels->count++;
    }
    slot->id = id;
    slot->waiting = waiting;
    slot->used = 1;
}

void labels_forget_waiting(struct labels *labels)
{
    for (size_t i = 0; i <= labels->mask;) {
        if (labels->slots[i].text != NULL && labels->slots[i].waiting)
            remove_at(labels, i); /* another one may have moved here */
        else
            i++;
    }
}

size_t labels_count(const struct labels *labels)
{
    return labels->count;
}
