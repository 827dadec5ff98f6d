/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is tied to whom by one interaction.
 */
#include "projection.h"

#include <stdlib.h>
#include <string.h>

void projection_init(struct projection *projection)
{
    *projection = (struct projection){0};
}

void projection_release(struct projection *projection)
{
    free(projection->from);
    free(projection->to);
    free(projection->objecting);
    projection_init(projection);
}

static bool reserve(struct projection *projection, size_t count)
{
    if (count <= projection->capacity)
        return true;
    int32_t **arrays[] = {&projection->from, &projection->to, &projection->objecting};
    for (size_t i = 0; i < 3; i++) {
        int32_t *larger = realloc(*arrays[i], count * sizeof *larger);
        if (!larger)
            return false;
        *arrays[i] = larger;
    }
    projection->capacity = count;
    return true;
}

static int compare_labels(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* Sorts and drops repeats; most interactions have a handful of participants. */
size_t projection_distinct(int32_t *labels, size_t count)
{
    if (count <= 32) {
        for (size_t i = 1; i < count; i++) {
            int32_t label = labels[i];
            size_t j = i;
            for (; j && labels[j - 1] > label; j--)
                labels[j] = labels[j - 1];
            labels[j] = label;
        }
    } else {
        qsort(labels, count, sizeof *labels, compare_labels);
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!kept || labels[kept - 1] != labels[i])
            labels[kept++] = labels[i];
    return kept;
}

bool projection_of(struct projection *projection, const struct event *event)
{
    if (!reserve(projection, event->count))
        return false;
    projection->from_count = projection->to_count = projection->objecting_count = 0;
    projection->pairs = event->kind == EVENT_MEETING;
    projection->negative = event->kind == EVENT_OBJECTION;
    for (uint32_t i = 0; i < event->count; i++) {
        switch (event_side(event->kind, event->roles[i])) {
        case SIDE_PRESENT:
        case SIDE_FROM:
            projection->from[projection->from_count++] = event->labels[i];
            break;
        case SIDE_TO:
            projection->to[projection->to_count++] = event->labels[i];
            if (!projection->negative && event->outcome &&
                (event->outcome[i] == EVENT_OUTCOME_OBJECTION || event->outcome[i] == EVENT_OUTCOME_DISAGREEMENT))
                projection->objecting[projection->objecting_count++] = event->labels[i];
            break;
        case SIDE_NONE:
            break;
        }
    }
    projection->from_count = projection_distinct(projection->from, projection->from_count);
    projection->to_count = projection_distinct(projection->to, projection->to_count);
    projection->objecting_count = projection_distinct(projection->objecting, projection->objecting_count);
    projection->divisor = projection->pairs && projection->from_count > 1 ? (uint32_t)(projection->from_count - 1) : 1;
    return true;
}
