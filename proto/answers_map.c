/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers to an earlier version of an instrument as answers to this one. */
#include "answers.h"

#include "answers_view.h"

#include <string.h>

struct mapper {
    struct answers_view view; /* of no answers: the instrument and its rosters */
    uint32_t version;
    struct arena *arena;
    Samordning__V1__Answer **mapped;
    size_t count;
};

/* Its values as this version has them. Those that have no counterpart are left out; `ret_lost` says so. */
static bool map_values(const struct mapper *mapper, const Samordning__V1__ItemMapping *mapping,
                       const Samordning__V1__Answer *from, Samordning__V1__Answer *to, bool *ret_lost)
{
    *ret_lost = false;
    if (mapping == NULL || mapping->n_from_values == 0 || from->n_values == 0)
        return true;
    to->values = arena_alloc(mapper->arena, from->n_values * sizeof to->values[0]);
    if (to->values == NULL)
        return false;
    to->n_values = 0;
    for (size_t i = 0; i < from->n_values; i++) {
        size_t at = 0;
        bool is_there = false;
        while (at < mapping->n_from_values && at < mapping->n_to_values && mapping->from_values[at] != from->values[i])
            at++;
        if (at == mapping->n_from_values || at == mapping->n_to_values) {
            *ret_lost = true;
            continue;
        }
        for (size_t k = 0; k < to->n_values && !is_there; k++) /* several old choices may have become one */
            is_there = to->values[k] == mapping->to_values[at];
        if (!is_there)
            to->values[to->n_values++] = mapping->to_values[at];
    }
    return true;
}

/* One answer by one mapping; NULL: the item is the same in both versions. */
static enum status map_one(struct mapper *mapper, const Samordning__V1__ItemMapping *mapping,
                           const Samordning__V1__Answer *from, bool *ret_lost)
{
    Samordning__V1__Answer *to = arena_copy(mapper->arena, from, sizeof *from);
    if (to == NULL)
        return STATUS_NO_MEMORY;
    if (mapping != NULL)
        to->item = mapping->to;
    if (!map_values(mapper, mapping, from, to, ret_lost))
        return STATUS_NO_MEMORY;
    const struct instrument_place *place = instrument_index_find(&mapper->view.index, to->item);
    if (place == NULL || answers_view_fault(&mapper->view, place, to, false) != NULL)
        *ret_lost = true;
    else
        mapper->mapped[mapper->count++] = to;
    return STATUS_OK;
}

/* An id may have been given to another question: then the item of that id is none of the earlier version's. */
static bool is_led_to(const struct mapper *mapper, const char *id)
{
    const Samordning__V1__Instrument *instrument = mapper->view.context->instrument;
    for (size_t i = 0; i < instrument->n_mappings; i++)
        if (instrument->mappings[i]->version == mapper->version && strcmp(instrument->mappings[i]->to, id) == 0)
            return true;
    return false;
}

/* How many answers one to this item may become. */
static size_t ways(const Samordning__V1__Instrument *instrument, uint32_t version, const char *from)
{
    size_t found = 0;
    for (size_t i = 0; i < instrument->n_mappings; i++)
        found += instrument->mappings[i]->version == version && strcmp(instrument->mappings[i]->from, from) == 0;
    return found > 0 ? found : 1;
}

static enum status map_answer(struct mapper *mapper, const Samordning__V1__Answer *from, bool *ret_lost)
{
    const Samordning__V1__Instrument *instrument = mapper->view.context->instrument;
    bool is_mapped = false;
    *ret_lost = false;
    for (size_t i = 0; i < instrument->n_mappings; i++) {
        const Samordning__V1__ItemMapping *mapping = instrument->mappings[i];
        bool lost = false;
        if (mapping->version != mapper->version || strcmp(mapping->from, from->item) != 0)
            continue;
        is_mapped = true;
        enum status status = map_one(mapper, mapping, from, &lost);
        if (status != STATUS_OK)
            return status;
        *ret_lost |= lost;
    }
    if (is_mapped)
        return STATUS_OK;
    if (is_led_to(mapper, from->item)) {
        *ret_lost = true;
        return STATUS_OK;
    }
    return map_one(mapper, NULL, from, ret_lost);
}

enum status answers_map(const struct answers_context *context, uint32_t version, size_t count,
                        Samordning__V1__Answer *const *answers, struct arena *arena, size_t *ret_count,
                        Samordning__V1__Answer ***ret_answers, size_t *ret_lost)
{
    struct mapper mapper = {.version = version, .arena = arena};
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += ways(context->instrument, version, answers[i]->item);
    mapper.mapped = arena_alloc(arena, (room + 1) * sizeof(void *));
    if (mapper.mapped == NULL || !answers_view_build(&mapper.view, context, 0, NULL, arena))
        return STATUS_NO_MEMORY;
    size_t lost = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_lost = false;
        enum status status = map_answer(&mapper, answers[i], &is_lost);
        if (status != STATUS_OK)
            return status;
        lost += is_lost;
    }
    *ret_count = mapper.count;
    *ret_answers = mapper.mapped;
    *ret_lost = lost;
    return STATUS_OK;
}
