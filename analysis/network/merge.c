/* SPDX-License-Identifier: GPL-3.0-or-later
 * Adding up dyads under the label-to-actor map of each day.
 */
#include "merge.h"

#include "civil_time.h"
#include "day_block.h"
#include "digest.h"
#include "resolver.h"
#include "slices.h"
#include "tie_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_MINUTE 60000000
#define ERROR_SIZE    400

struct merge {
    struct spec spec;
    const struct structure *structure;
    struct resolver *resolver;
    struct tie_map ties, negative;
    struct tie_map layers, spells; /* the ties again by layer code and by day or month, when asked for */
    struct merge_layer {
        int16_t code;
        char *name;
    } * names;
    size_t name_count;
    amount_t self_weight, self_count, outside_weight, outside_count;
    double interactions, untimed, united;
    uint64_t digest;
    int32_t *organisations; /* that reported, distinct */
    size_t organisation_count, organisation_capacity;
    int32_t *places; /* node -> index in the finished network */
};

struct merge *merge_create(const struct spec *spec, const struct structure *structure)
{
    struct merge *merge = calloc(1, sizeof *merge);
    if (!merge)
        return NULL;
    merge->spec = *spec;
    merge->structure = structure;
    tie_map_init(&merge->ties);
    tie_map_init(&merge->negative);
    tie_map_init(&merge->layers);
    tie_map_init(&merge->spells);
    merge->resolver = resolver_create(spec, structure);
    if (!merge->resolver) {
        merge_destroy(merge);
        return NULL;
    }
    tie_map_expect(&merge->ties, resolver_node_count(merge->resolver));
    return merge;
}

void merge_destroy(struct merge *merge)
{
    if (!merge)
        return;
    resolver_destroy(merge->resolver);
    tie_map_release(&merge->ties);
    tie_map_release(&merge->negative);
    tie_map_release(&merge->layers);
    tie_map_release(&merge->spells);
    for (size_t i = 0; i < merge->name_count; i++)
        free(merge->names[i].name);
    free(merge->names);
    free(merge->organisations);
    free(merge->places);
    free(merge);
}

bool merge_name_layer(struct merge *merge, int16_t code, const char *name)
{
    struct merge_layer *larger = realloc(merge->names, (merge->name_count + 1) * sizeof *larger);
    char *copy = strdup(name);
    merge->names = larger ? larger : merge->names;
    if (!larger || !copy) {
        free(copy);
        return false;
    }
    merge->names[merge->name_count++] = (struct merge_layer){code, copy};
    return true;
}

bool merge_add_reporter(struct merge *merge, int32_t organisation)
{
    for (size_t i = 0; i < merge->organisation_count; i++)
        if (merge->organisations[i] == organisation)
            return true;
    if (merge->organisation_count == merge->organisation_capacity) {
        size_t capacity = merge->organisation_capacity ? 2 * merge->organisation_capacity : 16;
        int32_t *larger = realloc(merge->organisations, capacity * sizeof *larger);
        if (!larger)
            return false;
        merge->organisations = larger;
        merge->organisation_capacity = capacity;
    }
    merge->organisations[merge->organisation_count++] = organisation;
    return true;
}

bool merge_add_actor(struct merge *merge, int32_t register_actor, int32_t day)
{
    return resolver_actor_took_part(merge->resolver, register_actor, day);
}

bool merge_go_on(struct merge *merge, const struct merge *from)
{
    for (size_t i = 0; i < from->organisation_count; i++)
        if (!merge_add_reporter(merge, from->organisations[i]))
            return false;
    merge->self_weight = from->self_weight;
    merge->self_count = from->self_count;
    merge->outside_weight = from->outside_weight;
    merge->outside_count = from->outside_count;
    merge->interactions = from->interactions;
    merge->untimed = from->untimed;
    merge->united = from->united;
    merge->digest = from->digest;
    return tie_map_copy(&merge->ties, &from->ties) && tie_map_copy(&merge->negative, &from->negative) &&
           resolver_go_on(merge->resolver, from->resolver);
}

/* The projection's value of a dyad, before any transform. */
static amount_t dyad_value(enum spec_projection projection, const struct day_dyad *dyad)
{
    switch (projection) {
    case PROJECTION_NEWMAN:
        return dyad->newman;
    case PROJECTION_COUNT:
    case PROJECTION_BINARY:
        return dyad->weight;
    case PROJECTION_DURATION:
        return ((amount_t)(uint64_t)dyad->duration_us << 64) / US_PER_MINUTE;
    }
    return 0;
}

static bool add_sum(struct merge *merge, struct tie_map *map, int32_t from, int32_t to, int32_t slice, amount_t count,
                    amount_t value)
{
    struct tie_sum *sum = tie_map_at(map, from, to, slice);
    if (!sum)
        return false;
    sum->count = amount_add(sum->count, count);
    if (merge->spec.weight == WEIGHT_MAX && map != &merge->negative)
        sum->value = sum->value > value ? sum->value : value;
    else
        sum->value = amount_add(sum->value, value);
    return true;
}

static bool add_tie(struct merge *merge, const struct day_block *block, int32_t from, int32_t to, amount_t count,
                    amount_t value)
{
    const struct spec *spec = &merge->spec;
    return add_sum(merge, &merge->ties, from, to, 0, count, value) &&
           (spec->choices.relations == RELATIONS_ONE || add_sum(merge, &merge->layers, from, to, block->layer, count, value)) &&
           (spec->choices.spells == SPELLS_NONE ||
            add_sum(merge, &merge->spells, from, to, slices_of_day(spec->choices.spells, block->day), count, value));
}

/* A positive tie between two nodes, one direction at a time. */
static bool add_positive(struct merge *merge, const struct day_block *block, int32_t from, int32_t to, amount_t count,
                         amount_t value)
{
    if (from == to) {
        merge->self_weight = amount_add(merge->self_weight, value);
        merge->self_count = amount_add(merge->self_count, count);
        return true;
    }
    if (!merge->spec.directed && from > to)
        return add_tie(merge, block, to, from, count, value);
    return add_tie(merge, block, from, to, count, value) &&
           (!merge->spec.directed || block->kind != EVENT_MEETING || add_tie(merge, block, to, from, count, value));
}

static bool add_dyad(struct merge *merge, const struct day_block *block, const struct day_dyad *dyad)
{
    struct resolved a, b;
    if (!resolver_resolve(merge->resolver, dyad->a, block->day, &a) ||
        !resolver_resolve(merge->resolver, dyad->b, block->day, &b))
        return false;
    if (!a.known || !b.known)
        return true;
    amount_t value = dyad_value(merge->spec.projection, dyad);
    amount_t count = amount_from_count(dyad->count);
    if (!a.count || !b.count) {
        merge->outside_weight = amount_add(merge->outside_weight, value);
        merge->outside_count = amount_add(merge->outside_count, count);
        return true;
    }
    for (size_t i = 0; i < a.count; i++) {
        /* Fetched anew: resolving does not move while no label is resolved, and none is in here. */
        const struct target *from = resolver_target(merge->resolver, a, i);
        for (size_t j = 0; j < b.count; j++) {
            const struct target *to = resolver_target(merge->resolver, b, j);
            amount_t part_count = amount_share(amount_share(count, from->share), to->share);
            amount_t part = amount_share(amount_share(value, from->share), to->share);
            if (dyad->count && !add_positive(merge, block, from->node, to->node, part_count, part))
                return false;
            if (dyad->negative_count && from->node != to->node &&
                !add_sum(merge, &merge->negative, from->node, to->node, 0,
                         amount_share(amount_share(amount_from_count(dyad->negative_count), from->share), to->share),
                         amount_share(amount_share(dyad->negative, from->share), to->share)))
                return false;
        }
    }
    return true;
}

static enum merge_status broken(const struct day_block *block, const char *reason, char *ret_error)
{
    char day[16];
    civil_day_format(block->day, day);
    snprintf(ret_error, ERROR_SIZE, "the condensed block of %s, layer %d: %s", day, block->layer, reason);
    return MERGE_BROKEN;
}

static enum merge_status no_memory(char *ret_error)
{
    snprintf(ret_error, ERROR_SIZE, "out of memory");
    return MERGE_NO_MEMORY;
}

static enum merge_status check_slices(const struct merge *merge, char *ret_error)
{
    bool layers = merge->layers.used > SLICES_MAX;
    if (!layers && merge->spells.used <= SLICES_MAX)
        return MERGE_OK;
    snprintf(ret_error, ERROR_SIZE, "more than %zu %s; choose a shorter period, a higher level%s", SLICES_MAX,
             layers                                     ? "ties of single layers (relations=layers)"
             : merge->spec.choices.spells == SPELLS_DAY ? "days with contact of single ties (spells=day)"
                                                        : "months with contact of single ties (spells=month)",
             !layers && merge->spec.choices.spells == SPELLS_DAY ? ", or spells=month" : "");
    return MERGE_TOO_MUCH;
}

enum merge_status merge_add(struct merge *merge, const uint8_t *bytes, size_t size, char *ret_error)
{
    struct day_block block;
    char reason[DAY_BLOCK_ERROR_SIZE];
    if (!day_block_open(&block, bytes, size, reason)) {
        snprintf(ret_error, ERROR_SIZE, "a condensed block: %s", reason);
        return MERGE_BROKEN;
    }
    if (block.day < merge->spec.from_day || block.day >= merge->spec.to_day)
        return broken(&block, "outside the period", ret_error);
    enum day_block_step step;
    int32_t id;
    uint32_t interactions;
    while ((step = day_block_label(&block, &id, &interactions)) == DAY_BLOCK_ITEM)
        if (!resolver_took_part(merge->resolver, id, block.day))
            return no_memory(ret_error);
    if (step == DAY_BLOCK_END)
        while ((step = day_block_reporter(&block, &id)) == DAY_BLOCK_ITEM)
            if (!merge_add_reporter(merge, id))
                return no_memory(ret_error);
    struct day_dyad dyad;
    if (step == DAY_BLOCK_END)
        while ((step = day_block_dyad(&block, &dyad)) == DAY_BLOCK_ITEM)
            if (!add_dyad(merge, &block, &dyad))
                return no_memory(ret_error);
    if (step == DAY_BLOCK_BROKEN)
        return broken(&block, "broken content", ret_error);
    if (check_slices(merge, ret_error) != MERGE_OK)
        return MERGE_TOO_MUCH;
    merge->interactions += block.interactions;
    merge->untimed += block.untimed;
    merge->united += block.united;
    merge->digest += digest_add(digest_add(block.digest, (uint64_t)(uint32_t)block.day), (uint64_t)block.layer);
    return MERGE_OK;
}

const int32_t *merge_unresolved(struct merge *merge, size_t *ret_count)
{
    return resolver_unresolved(merge->resolver, ret_count);
}

bool merge_label_unresolved(const struct merge *merge, int32_t label, int32_t day)
{
    return structure_label_actor(merge->structure, label, day) == -1;
}

/* ------------------------------------------------------------------------------------------------------ finishing */
static int compare_ties(const void *a, const void *b)
{
    const struct network_tie *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

static bool take_ties(const struct merge *merge, const struct tie_map *map, bool directed, struct network_tie **ret_ties,
                      size_t *ret_count)
{
    struct network_tie *ties = malloc((map->used ? map->used : 1) * sizeof *ties);
    if (!ties)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < map->capacity; i++) {
        const struct tie_sum *sum = &map->slots[i];
        if (sum->key == UINT64_MAX || !sum->value)
            continue;
        int32_t from = merge->places[sum->key >> 32], to = merge->places[sum->key & UINT32_MAX];
        if (from < 0 || to < 0) /* a block that ties somebody it says did not take part */
            continue;
        bool swap = !directed && from > to;
        ties[count++] = (struct network_tie){
            .from = swap ? to : from,
            .to = swap ? from : to,
            .weight = map == &merge->ties ? slices_weight(&merge->spec, sum) : amount_to(sum->value),
            .count = amount_to(sum->count),
        };
    }
    if (count)
        qsort(ties, count, sizeof *ties, compare_ties);
    *ret_ties = ties;
    *ret_count = count;
    return true;
}

static int compare_deliveries(const void *a, const void *b)
{
    const struct structure_delivery *left = a, *right = b;
    return (left->from > right->from) - (left->from < right->from);
}

/* Under TIE_REPORTER nobody else has told of anything. */
static bool is_heard(const struct merge *merge, int32_t organisation)
{
    if (merge->spec.tie != TIE_REPORTER)
        return true;
    for (size_t i = 0; i < merge->structure->reporter_count; i++)
        if (merge->structure->reporters[i].organisation == organisation)
            return strcmp(merge->structure->reporters[i].orgnr, merge->spec.tie_reporter) == 0;
    return false;
}

/* Deliveries for all actors, end to end, cover the period. */
static bool is_complete(const struct merge *merge, bool *ret_complete)
{
    const struct structure *structure = merge->structure;
    struct structure_delivery *all = malloc((structure->delivery_count + 1) * sizeof *all);
    if (!all)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < structure->delivery_count; i++)
        if (structure->deliveries[i].all_actors && is_heard(merge, structure->deliveries[i].organisation))
            all[count++] = structure->deliveries[i];
    if (count)
        qsort(all, count, sizeof *all, compare_deliveries);
    int32_t covered = merge->spec.from_day;
    for (size_t i = 0; i < count && all[i].from <= covered; i++)
        covered = all[i].to > covered ? all[i].to : covered;
    free(all);
    *ret_complete = covered >= merge->spec.to_day;
    return true;
}

static bool add_delivering(struct merge *merge)
{
    for (size_t i = 0; i < merge->structure->delivery_count; i++) {
        const struct structure_delivery *delivery = &merge->structure->deliveries[i];
        bool overlaps = delivery->from < merge->spec.to_day && delivery->to > merge->spec.from_day;
        if (overlaps && is_heard(merge, delivery->organisation) && !merge_add_reporter(merge, delivery->organisation))
            return false;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct merge_layer *)a)->name, ((const struct merge_layer *)b)->name);
}

/* The names go over to the network. */
static bool take_slices(struct merge *merge, struct network *network)
{
    const struct spec *spec = &merge->spec;
    struct slices_layer *layers = malloc((merge->name_count + 1) * sizeof *layers);
    network->layers = calloc(merge->name_count + 1, sizeof *network->layers);
    bool good = layers && network->layers;
    if (good && merge->name_count)
        qsort(merge->names, merge->name_count, sizeof *merge->names, compare_names);
    for (size_t i = 0; good && i < merge->name_count; i++) {
        layers[i] = (struct slices_layer){merge->names[i].code, (int32_t)i};
        network->layers[network->layer_count++] = merge->names[i].name;
        merge->names[i].name = NULL;
    }
    if (good && spec->choices.relations == RELATIONS_LAYERS)
        good = slices_relations(&merge->layers, spec, merge->places, layers, network->layer_count, &network->relations,
                                &network->relation_count);
    if (good && spec->choices.spells != SPELLS_NONE)
        good = slices_spells(&merge->spells, spec, merge->places, &network->spells, &network->spell_count);
    free(layers);
    return good;
}

struct network *merge_finish(struct merge *merge)
{
    struct network *network = network_create();
    if (!network)
        return NULL;
    network->spec = merge->spec;
    network->interactions = merge->interactions;
    network->untimed = merge->untimed;
    network->united = merge->united;
    network->self_weight = amount_to(merge->self_weight);
    network->self_count = amount_to(merge->self_count);
    network->outside_weight = amount_to(merge->outside_weight);
    network->outside_count = amount_to(merge->outside_count);
    network->input_digest = merge->digest;
    if (!add_delivering(merge) || !is_complete(merge, &network->complete) ||
        !resolver_actors(merge->resolver, merge->organisations, merge->organisation_count, &network->actors,
                         &network->actor_count, &merge->places) ||
        !take_ties(merge, &merge->ties, merge->spec.directed, &network->ties, &network->tie_count) ||
        !take_ties(merge, &merge->negative, true, &network->negative, &network->negative_count) ||
        !take_slices(merge, network)) {
        network_destroy(network);
        return NULL;
    }
    return network;
}

static int32_t largest_share(const struct merge *merge, struct resolved resolved)
{
    const struct target *best = resolver_target(merge->resolver, resolved, 0);
    for (size_t i = 1; i < resolved.count; i++) {
        const struct target *target = resolver_target(merge->resolver, resolved, i);
        if (target->share > best->share ||
            (target->share == best->share && merge->places[target->node] < merge->places[best->node]))
            best = target;
    }
    return merge->places[best->node];
}

int32_t merge_actor_of(struct merge *merge, int32_t label, int32_t day)
{
    struct resolved resolved;
    if (!resolver_resolve(merge->resolver, label, day, &resolved) || !resolved.known || !resolved.count)
        return MERGE_NOBODY;
    return resolved.group ? MERGE_GROUP : largest_share(merge, resolved);
}

int32_t merge_member_of(struct merge *merge, int32_t label, int32_t day, size_t index)
{
    struct resolved resolved;
    if (!resolver_resolve(merge->resolver, label, day, &resolved) || index >= resolved.count)
        return MERGE_NO_MORE;
    int32_t node = resolver_target(merge->resolver, resolved, index)->node;
    for (size_t i = 0; i < index; i++)
        if (resolver_target(merge->resolver, resolved, i)->node == node)
            return MERGE_NOBODY;
    return merge->places[node];
}

int32_t merge_reporter_of(struct merge *merge, int32_t organisation, int32_t day)
{
    int32_t node = resolver_organisation(merge->resolver, organisation, day);
    return node < 0 || merge->places[node] < 0 ? MERGE_NOBODY : merge->places[node];
}

size_t merge_places_of(struct merge *merge, int32_t register_actor, int32_t day,
                       struct merge_place ret_places[MERGE_PLACES_MAX])
{
    _Static_assert(RESOLVER_TARGETS_MAX <= MERGE_PLACES_MAX, "every successor has a place");
    struct target targets[RESOLVER_TARGETS_MAX];
    size_t count = resolver_actor(merge->resolver, register_actor, day, targets), placed = 0;
    for (size_t i = 0; i < count; i++)
        if (merge->places[targets[i].node] >= 0)
            ret_places[placed++] =
                (struct merge_place){merge->places[targets[i].node], (double)targets[i].share / (double)AMOUNT_WHOLE};
    return placed;
}
