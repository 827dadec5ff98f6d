/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uniting what several organisations, and one organisation at several times, say about an interaction.
 */
#include "reconcile.h"

#include <stdlib.h>
#include <string.h>

/* Everything behind version and variant: the hash part that two reporters of one event share. Ids that are not derived have
 * none, and never share a part with those that are. */
static uint64_t hash_part(const uint8_t id[16])
{
    uint64_t part = 0;
    for (int i = 8; i < 16; i++)
        part = part << 8 | id[i];
    return (part & (UINT64_MAX >> 2)) | (event_is_derived(id) ? UINT64_C(1) << 63 : 0);
}

struct entry {
    uint64_t hash;
    const struct event *event;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    int order = memcmp(left->event->id, right->event->id, 16);
    if (order)
        return order;
    if (left->event->reporter != right->event->reporter)
        return left->event->reporter < right->event->reporter ? -1 : 1;
    return (left->event->revision > right->event->revision) - (left->event->revision < right->event->revision);
}

static int compare_recorded(const void *a, const void *b)
{
    const struct event *left = *(const struct event *const *)a, *right = *(const struct event *const *)b;
    if (left->recorded_us != right->recorded_us)
        return left->recorded_us < right->recorded_us ? -1 : 1;
    if (left->reporter != right->reporter)
        return left->reporter < right->reporter ? -1 : 1;
    return memcmp(left->id, right->id, 16);
}

/* One participation of one report. */
struct place {
    int32_t label;
    int16_t role;
    uint8_t side;
    uint32_t report, index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->label != right->label)
        return left->label < right->label ? -1 : 1;
    if (left->side != right->side)
        return left->side < right->side ? -1 : 1;
    if (left->role != right->role)
        return left->role < right->role ? -1 : 1;
    return (left->report > right->report) - (left->report < right->report);
}

static int64_t time_at(const int64_t *times, uint32_t index)
{
    return times ? times[index] : EVENT_NO_TIME;
}

/* Fills participant `to` of the united event with what the places of one (label, role) say, earliest report first. */
static void unite_place(const struct event *const *reports, const struct place *places, size_t count, struct event *united,
                        uint32_t to)
{
    united->labels[to] = places[0].label;
    united->roles[to] = places[0].role;
    united->received[to] = united->deadline[to] = united->replied[to] = EVENT_NO_TIME;
    united->reply_status[to] = united->outcome[to] = 0;
    united->deadline_agreed[to] = 0;
    for (size_t i = 0; i < count; i++) {
        const struct event *report = reports[places[i].report];
        uint32_t index = places[i].index;
        if (united->received[to] == EVENT_NO_TIME)
            united->received[to] = time_at(report->received, index);
        if (united->deadline[to] == EVENT_NO_TIME)
            united->deadline[to] = time_at(report->deadline, index);
        if (united->replied[to] == EVENT_NO_TIME)
            united->replied[to] = time_at(report->replied, index);
        int16_t status = report->reply_status ? report->reply_status[index] : 0;
        if (united->reply_status[to] == EVENT_REPLY_NONE || (united->reply_status[to] == EVENT_REPLY_PENDING && status != 0))
            united->reply_status[to] = status;
        if (report->deadline_agreed && report->deadline_agreed[index])
            united->deadline_agreed[to] = 1;
        if (!united->outcome[to] && report->outcome)
            united->outcome[to] = report->outcome[index];
    }
}

/* How many different reports stand in places of one (label, side); they are sorted by role first. */
static size_t count_reports(const struct place *places, size_t count, size_t report_count, bool *seen)
{
    memset(seen, 0, report_count * sizeof *seen);
    size_t reports = 0;
    for (size_t i = 0; i < count; i++) {
        reports += !seen[places[i].report];
        seen[places[i].report] = true;
    }
    return reports;
}

static bool unite_participants(struct event *const *reports, size_t count, bool intersect, struct event *united,
                               struct event_list *memory)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += reports[i]->count;
    struct place *places = malloc((total ? total : 1) * sizeof *places);
    bool *seen = malloc(count * sizeof *seen);
    united->labels = event_list_alloc(memory, total * sizeof *united->labels);
    united->roles = event_list_alloc(memory, total * sizeof *united->roles);
    united->received = event_list_alloc(memory, total * sizeof *united->received);
    united->deadline = event_list_alloc(memory, total * sizeof *united->deadline);
    united->replied = event_list_alloc(memory, total * sizeof *united->replied);
    united->reply_status = event_list_alloc(memory, total * sizeof *united->reply_status);
    united->outcome = event_list_alloc(memory, total * sizeof *united->outcome);
    united->deadline_agreed = event_list_alloc(memory, total * sizeof *united->deadline_agreed);
    bool ok = places && seen && united->labels && united->roles && united->received && united->deadline && united->replied &&
              united->reply_status && united->outcome && united->deadline_agreed;
    if (ok) {
        size_t at = 0;
        for (size_t r = 0; r < count; r++)
            for (uint32_t i = 0; i < reports[r]->count; i++)
                places[at++] = (struct place){.label = reports[r]->labels[i],
                                              .role = reports[r]->roles[i],
                                              .side = (uint8_t)event_side(united->kind, reports[r]->roles[i]),
                                              .report = (uint32_t)r,
                                              .index = i};
        if (total)
            qsort(places, total, sizeof *places, compare_places);
        united->count = 0;
        for (size_t i = 0, next; i < total; i = next) {
            for (next = i; next < total && places[next].label == places[i].label && places[next].side == places[i].side; next++)
                ;
            if (intersect && count_reports(&places[i], next - i, count, seen) < count)
                continue;
            for (size_t j = i, end; j < next; j = end) {
                for (end = j; end < next && places[end].role == places[j].role; end++)
                    ;
                unite_place((const struct event *const *)reports, &places[j], end - j, united, united->count++);
            }
        }
    }
    free(places);
    free(seen);
    return ok;
}

/* `reports` are in force and of one interaction. Sorts them. */
static bool unite(struct event **reports, size_t count, enum spec_tie tie, struct event_list *interactions)
{
    if (count == 0 || (tie == TIE_INTERSECTION && count < 2))
        return true;
    struct event *united = event_list_add(interactions);
    if (!united)
        return false;
    if (count > 1)
        qsort(reports, count, sizeof(struct event *), compare_recorded);
    *united = *reports[0];
    united->reports = (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
    united->reporters = &reports[0]->reporter;
    if (count == 1)
        return true;
    int32_t *reporters = event_list_alloc(interactions, united->reports * sizeof *reporters);
    if (!reporters)
        return false;
    for (size_t i = 0; i < united->reports; i++)
        reporters[i] = reports[i]->reporter;
    united->reporters = reporters;
    for (size_t i = 1; i < count; i++) {
        if (united->end_us == EVENT_NO_TIME)
            united->end_us = reports[i]->end_us;
        if (!united->case_ref)
            united->case_ref = reports[i]->case_ref;
        if (!united->stage)
            united->stage = reports[i]->stage;
        if (!united->level)
            united->level = reports[i]->level;
        if (!united->resolved_level)
            united->resolved_level = reports[i]->resolved_level;
    }
    return unite_participants(reports, count, tie == TIE_INTERSECTION, united, interactions);
}

/* All entries share a hash part and are sorted; `force` has room for them. */
static bool unite_hash(const struct entry *entries, size_t count, enum spec_tie tie, int32_t reporter, struct event **force,
                       struct event_list *interactions)
{
    /* What each reporter says now about each id. */
    size_t in_force = 0;
    bool together = true;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = entries[i].event;
        bool last = i + 1 == count || memcmp(entries[i + 1].event->id, event->id, 16) != 0 ||
                    entries[i + 1].event->reporter != event->reporter;
        if (last && event->report != EVENT_WITHDRAWAL && (tie != TIE_REPORTER || event->reporter == reporter))
            force[in_force++] = (struct event *)(uintptr_t)event;
    }
    for (size_t i = 0; i < in_force && together; i++) {
        for (size_t j = 0; j < i && together; j++)
            if (memcmp(force[i]->id, force[j]->id, 16) != 0)
                together = force[i]->reporter != force[j]->reporter && event_is_derived(force[i]->id) &&
                           event_is_derived(force[j]->id);
    }
    for (size_t i = 0, next; i < in_force; i = next) {
        for (next = i; next < in_force && (together || memcmp(force[next]->id, force[i]->id, 16) == 0); next++)
            ;
        if (!unite(force + i, next - i, tie, interactions))
            return false;
    }
    return true;
}

bool reconcile_day(const struct event_list *reports, enum spec_tie tie, int32_t reporter, struct event_list *interactions)
{
    bool plain = tie == TIE_UNION;
    for (size_t i = 0; i < reports->count && plain; i++)
        plain = reports->events[i].report == EVENT_FIRST && reports->events[i].reporter == reports->events[0].reporter;
    bool ok = true;
    if (plain) {
        for (size_t i = 0; i < reports->count && ok; i++) {
            struct event *event = event_list_add(interactions);
            ok = event != NULL;
            if (ok) {
                *event = reports->events[i];
                event->reports = 1;
                event->reporters = &reports->events[i].reporter;
            }
        }
    } else {
        struct entry *entries = malloc((reports->count + 1) * sizeof *entries);
        struct event **force = malloc((reports->count + 1) * sizeof(struct event *));
        ok = entries && force;
        for (size_t i = 0; i < reports->count && ok; i++)
            entries[i] = (struct entry){hash_part(reports->events[i].id), &reports->events[i]};
        if (ok)
            qsort(entries, reports->count, sizeof *entries, compare_entries);
        for (size_t i = 0, next; i < reports->count && ok; i = next) {
            for (next = i; next < reports->count && entries[next].hash == entries[i].hash; next++)
                ;
            ok = unite_hash(entries + i, next - i, tie, reporter, force, interactions);
        }
        free(entries);
        free(force);
    }
    return ok;
}
