/* SPDX-License-Identifier: GPL-3.0-or-later
 * Memory of events, and what their roles mean for ties.
 */
#include "event.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)1 << 20)

struct event_chunk {
    struct event_chunk *next;
    size_t used, size;
    uint64_t bytes[];
};

enum event_side event_side(uint8_t kind, int16_t role)
{
    switch (role) {
    case ROLE_COPY:
    case ROLE_OBSERVER:
    case ROLE_DECLINED:
        return SIDE_NONE;
    default:
        break;
    }
    if (kind == EVENT_MEETING)
        return SIDE_PRESENT;
    if (role == ROLE_SENDER)
        return SIDE_FROM;
    /* A recipient list without roles is a list of addressees; who chairs or takes part in a letter is not said. */
    return role == ROLE_ADDRESSEE || role == ROLE_NONE ? SIDE_TO : SIDE_NONE;
}

bool event_reply_end(int16_t reply_status, bool replied, bool received_or_due, enum reply_end *ret_end)
{
    switch (reply_status) {
    case EVENT_REPLY_ANSWERED:
    case EVENT_REPLY_NO_REMARK:
        *ret_end = REPLY_END_ANSWERED;
        return true;
    case EVENT_REPLY_WITHDRAWN:
    case EVENT_REPLY_SUPERSEDED:
    case EVENT_REPLY_NOTED:
        *ret_end = REPLY_END_COMPETING;
        return true;
    default:
        *ret_end = replied ? REPLY_END_ANSWERED : REPLY_END_PENDING;
        return replied || received_or_due || reply_status == EVENT_REPLY_PENDING;
    }
}

void event_list_init(struct event_list *list)
{
    *list = (struct event_list){0};
}

static void release_chunks(struct event_chunk *chunk)
{
    while (chunk) {
        struct event_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void event_list_release(struct event_list *list)
{
    free(list->events);
    release_chunks(list->chunks);
    event_list_init(list);
}

void event_list_clear(struct event_list *list)
{
    list->count = 0;
    if (list->chunks) {
        release_chunks(list->chunks->next);
        list->chunks->next = NULL;
        list->chunks->used = 0;
    }
}

struct event *event_list_add(struct event_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct event *events = realloc(list->events, capacity * sizeof *events);
        if (!events)
            return NULL;
        list->events = events;
        list->capacity = capacity;
    }
    struct event *event = &list->events[list->count++];
    memset(event, 0, sizeof *event);
    return event;
}

void *event_list_alloc(struct event_list *list, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    struct event_chunk *chunk = list->chunks;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        chunk = malloc(sizeof *chunk + room);
        if (!chunk)
            return NULL;
        *chunk = (struct event_chunk){.next = list->chunks, .size = room};
        list->chunks = chunk;
    }
    void *memory = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}
