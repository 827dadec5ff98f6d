/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copying reports into lists of their own, a list a day.
 */
#include "report_memory.h"

#include "growing.h"

#include <string.h>

void report_memory_release(struct report_memory *memory)
{
    for (size_t i = 0; i < memory->count; i++)
        free(memory->days[i].reports.events);
    free(memory->days);
    *memory = (struct report_memory){0};
}

/* Where the day is, or would be. */
static size_t place_of(const struct report_memory *memory, int32_t day)
{
    size_t low = 0, high = memory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memory->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct event_list *report_memory_find(const struct report_memory *memory, int32_t day, uint64_t digest)
{
    size_t at = place_of(memory, day);
    return at < memory->count && memory->days[at].day == day && memory->days[at].digest == digest ? &memory->days[at].reports
                                                                                                  : NULL;
}

/* The arrays of a report that has them, and the bytes of each. */
#define ARRAYS 9
struct arrays {
    const void *from[ARRAYS];
    size_t size[ARRAYS];
};

static struct arrays arrays_of(const struct event *event)
{
    size_t n = event->count;
    return (struct arrays){{event->case_ref, event->labels, event->roles, event->received, event->deadline, event->replied,
                            event->reply_status, event->outcome, event->deadline_agreed},
                           {event->case_ref ? strlen(event->case_ref) + 1 : 0, n * sizeof *event->labels,
                            n * sizeof *event->roles, n * sizeof *event->received, n * sizeof *event->deadline,
                            n * sizeof *event->replied, n * sizeof *event->reply_status, n * sizeof *event->outcome,
                            n * sizeof *event->deadline_agreed}};
}

static size_t aligned(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

static size_t bytes_of(const struct event_list *reports)
{
    size_t bytes = reports->count * sizeof *reports->events;
    for (size_t i = 0; i < reports->count; i++) {
        struct arrays arrays = arrays_of(&reports->events[i]);
        for (size_t a = 0; a < ARRAYS; a++)
            bytes += arrays.from[a] ? aligned(arrays.size[a]) : 0;
    }
    return bytes;
}

static char *copy_arrays(struct event *copy, char *at)
{
    struct arrays arrays = arrays_of(copy);
    char *to[ARRAYS] = {NULL};
    for (size_t a = 0; a < ARRAYS; a++) {
        if (!arrays.from[a])
            continue;
        to[a] = at;
        memcpy(at, arrays.from[a], arrays.size[a]);
        at += aligned(arrays.size[a]);
    }
    copy->case_ref = to[0];
    copy->labels = (void *)to[1];
    copy->roles = (void *)to[2];
    copy->received = (void *)to[3];
    copy->deadline = (void *)to[4];
    copy->replied = (void *)to[5];
    copy->reply_status = (void *)to[6];
    copy->outcome = (void *)to[7];
    copy->deadline_agreed = (void *)to[8];
    return at;
}

static void drop(struct report_memory *memory, size_t at)
{
    memory->reports -= memory->days[at].reports.count;
    free(memory->days[at].reports.events);
    memory->count--;
    memmove(&memory->days[at], &memory->days[at + 1], (memory->count - at) * sizeof *memory->days);
}

void report_memory_put(struct report_memory *memory, int32_t day, uint64_t digest, const struct event_list *reports)
{
    size_t at = place_of(memory, day);
    if (at < memory->count && memory->days[at].day == day)
        drop(memory, at);
    if (memory->reports + reports->count > REPORT_MEMORY_MAX ||
        !growing_room(&memory->days, memory->count, &memory->capacity, sizeof *memory->days))
        return;
    struct event *events = malloc(bytes_of(reports) + 1);
    if (!events)
        return;
    if (reports->count)
        memcpy(events, reports->events, reports->count * sizeof *events);
    char *behind = (char *)(events + reports->count);
    for (size_t i = 0; i < reports->count; i++)
        behind = copy_arrays(&events[i], behind);
    memmove(&memory->days[at + 1], &memory->days[at], (memory->count - at) * sizeof *memory->days);
    memory->days[at] = (struct report_memory_day){day, digest, {.events = events, .count = reports->count}};
    memory->count++;
    memory->reports += reports->count;
}
