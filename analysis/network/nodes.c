/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbering nodes, and deciding who is in the network.
 */
#include "nodes.h"

#include "succession.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool find_sectors(struct nodes *nodes)
{
    const struct structure *structure = nodes->structure;
    nodes->sectors = malloc((structure->sector_count + 1) * sizeof *nodes->sectors);
    if (!nodes->sectors)
        return false;
    for (size_t i = 0; i < structure->sector_count; i++)
        nodes->sectors[i] = structure->sectors[i].sector;
    if (structure->sector_count)
        qsort(nodes->sectors, structure->sector_count, sizeof *nodes->sectors, compare_names);
    for (size_t i = 0; i < structure->sector_count; i++)
        if (!nodes->sector_count || strcmp(nodes->sectors[nodes->sector_count - 1], nodes->sectors[i]) != 0)
            nodes->sectors[nodes->sector_count++] = nodes->sectors[i];
    return true;
}

bool nodes_init(struct nodes *nodes, const struct spec *spec, const struct structure *structure)
{
    *nodes = (struct nodes){.spec = *spec, .structure = structure, .now = spec->to_day - 1};
    if (structure->last_event_day > nodes->now)
        nodes->now = structure->last_event_day;
    bool found = find_sectors(nodes);
    nodes->count = spec->level == LEVEL_SECTOR ? nodes->sector_count : structure->actor_count;
    nodes->structure_actors = structure->actor_count;
    nodes->took_part = calloc(nodes->count + 1, sizeof *nodes->took_part);
    nodes->sector_of = malloc((structure->actor_count + 1) * sizeof *nodes->sector_of);
    for (size_t i = 0; nodes->sector_of && i < structure->actor_count; i++)
        nodes->sector_of[i] = -1;
    return found && nodes->took_part && nodes->sector_of;
}

void nodes_release(struct nodes *nodes)
{
    free(nodes->sectors);
    free(nodes->took_part);
    free(nodes->sector_of);
}

void nodes_go_on(struct nodes *nodes, const struct nodes *from)
{
    assert(nodes->count == from->count && nodes->structure_actors == from->structure_actors);
    for (size_t i = 0; i < nodes->count; i++)
        assert(!nodes->took_part[i]);
    memcpy(nodes->took_part, from->took_part, from->count * sizeof *nodes->took_part);
    memcpy(nodes->sector_of, from->sector_of, from->structure_actors * sizeof *nodes->sector_of);
}

int32_t nodes_sector(const struct nodes *nodes, const char *sector)
{
    const char **found = bsearch(&sector, nodes->sectors, nodes->sector_count, sizeof *nodes->sectors, compare_names);
    return found ? (int32_t)(found - nodes->sectors) : -1;
}

int32_t nodes_actor(const struct nodes *nodes, int32_t actor)
{
    const struct structure_actor *found = structure_actor(nodes->structure, actor);
    return found ? (int32_t)(found - nodes->structure->actors) : -1;
}

/* -------------------------------------------------------------------------------------------------- who is in the network */
/* Ministries are there even if silent: an isolate is a finding. */
static void add_ministries(struct nodes *nodes)
{
    const struct structure *structure = nodes->structure;
    const struct spec *spec = &nodes->spec;
    bool as_now = spec->view == VIEW_AS_NOW;
    for (size_t i = 0; i < structure->actor_count; i++) {
        int32_t actor = structure->actors[i].id;
        if (!structure_is_ministry(structure, actor))
            continue;
        bool named = structure_name(structure, actor, DAY_ALWAYS, DAY_NEVER) != NULL;
        bool valid = !named || (as_now ? structure_name(structure, actor, nodes->now, nodes->now + 1)
                                       : structure_name(structure, actor, spec->from_day, spec->to_day)) != NULL;
        if (valid && !(spec->view == VIEW_STABLE_CORE && structure_reorganised(structure, actor, spec->from_day, spec->to_day)))
            nodes->took_part[i] = true;
    }
}

/* Sectors somebody has in the period. */
static void add_sectors(struct nodes *nodes)
{
    const struct structure *structure = nodes->structure;
    bool as_now = nodes->spec.view == VIEW_AS_NOW;
    int32_t from = as_now ? nodes->now : nodes->spec.from_day;
    int32_t to = as_now ? nodes->now + 1 : nodes->spec.to_day;
    for (size_t i = 0; i < structure->sector_count; i++) {
        const struct structure_sector *sector = &structure->sectors[i];
        if (sector->from < to && sector->to > from)
            nodes->took_part[nodes_sector(nodes, sector->sector)] = true;
    }
}

static void mark_reporting(const struct nodes *nodes, int32_t actor, bool *reporting)
{
    struct successor successors[SUCCESSION_MAX];
    size_t count = 1;
    successors[0] = (struct successor){actor, 1};
    if (nodes->spec.view == VIEW_AS_NOW)
        count = succession_of(nodes->structure, actor, nodes->spec.from_day, successors);
    for (size_t i = 0; i < count; i++) {
        int32_t node = nodes_actor(nodes, successors[i].actor);
        if (node >= 0)
            reporting[node] = true;
    }
}

/* The actors, by place in the structure, that carry the number of an organisation that reported. */
static bool *find_reporting(const struct nodes *nodes, const int32_t *organisations, size_t count)
{
    const struct structure *structure = nodes->structure;
    bool *reporting = calloc(structure->actor_count + 1, sizeof *reporting);
    if (!reporting)
        return NULL;
    for (size_t o = 0; o < count; o++) {
        const char *orgnr = NULL;
        for (size_t i = 0; i < structure->reporter_count; i++)
            if (structure->reporters[i].organisation == organisations[o])
                orgnr = structure->reporters[i].orgnr;
        if (!orgnr)
            continue;
        for (size_t i = 0; i < structure->name_count; i++) {
            const struct structure_name *name = &structure->names[i];
            if (name->orgnr && strcmp(name->orgnr, orgnr) == 0 && name->from < nodes->spec.to_day &&
                name->to > nodes->spec.from_day)
                mark_reporting(nodes, name->actor, reporting);
        }
    }
    return reporting;
}

/* The day whose structure says who is above whom. */
static int32_t structure_day(const struct nodes *nodes)
{
    return nodes->spec.view == VIEW_AS_NOW ? nodes->now : nodes->spec.to_day - 1;
}

static bool speaks_for_itself(const char *kind)
{
    return strcmp(kind, "department") != 0 && strcmp(kind, "minister") != 0 && strcmp(kind, "person") != 0;
}

/* A department's, minister's or person's own body reports for it; an agency answers for itself. */
static bool is_reported(const struct nodes *nodes, const bool *reporting, int32_t actor)
{
    const struct structure *structure = nodes->structure;
    for (int depth = 0; depth < NODES_DEPTH_MAX && actor != -1; depth++) {
        int32_t node = nodes_actor(nodes, actor);
        if (node < 0)
            return false;
        if (reporting[node])
            return true;
        if (speaks_for_itself(structure->actors[node].kind))
            return false;
        actor = structure_parent(structure, actor, structure_day(nodes));
    }
    return false;
}

/* The id of the body that reports for the actor; 0 = itself, or nobody is found. */
static int32_t voice_of(const struct nodes *nodes, int32_t actor)
{
    int32_t voice = actor;
    for (int depth = 0; depth < NODES_DEPTH_MAX && voice != -1; depth++) {
        int32_t node = nodes_actor(nodes, voice);
        if (node < 0)
            return 0;
        if (speaks_for_itself(nodes->structure->actors[node].kind))
            return voice == actor ? 0 : voice;
        voice = structure_parent(nodes->structure, voice, structure_day(nodes));
    }
    return 0;
}

/* A sector has reported when everybody counted in it has; one that nobody was counted in has not. */
static bool sector_reported(const struct nodes *nodes, const bool *reporting, int32_t sector)
{
    bool any = false;
    for (size_t i = 0; i < nodes->structure->actor_count; i++) {
        if (nodes->sector_of[i] != sector)
            continue;
        if (!is_reported(nodes, reporting, nodes->structure->actors[i].id))
            return false;
        any = true;
    }
    return any;
}

static char *copy_text(const char *text, bool *ok)
{
    char *copy = text ? strdup(text) : NULL;
    *ok = *ok && (copy || !text);
    return copy;
}

static bool describe_sector(const struct nodes *nodes, const bool *reporting, int32_t node, struct network_actor *ret_actor)
{
    bool ok = true;
    ret_actor->id = node;
    ret_actor->key = copy_text(nodes->sectors[node], &ok);
    ret_actor->label = copy_text(nodes->sectors[node], &ok);
    ret_actor->kind = copy_text("sector", &ok);
    ret_actor->sector = copy_text(nodes->sectors[node], &ok);
    ret_actor->reported = sector_reported(nodes, reporting, node);
    return ok;
}

static bool describe_actor(const struct nodes *nodes, const bool *reporting, int32_t node, struct network_actor *ret_actor)
{
    const struct structure *structure = nodes->structure;
    const struct structure_actor *actor = &structure->actors[node];
    bool as_now = nodes->spec.view == VIEW_AS_NOW;
    int32_t from = as_now ? nodes->now : nodes->spec.from_day;
    int32_t to = as_now ? nodes->now + 1 : nodes->spec.to_day;
    const struct structure_name *name = structure_name(structure, actor->id, from, to);
    if (!name)
        name = structure_name(structure, actor->id, DAY_ALWAYS, DAY_NEVER);
    bool ok = true;
    ret_actor->id = actor->id;
    ret_actor->key = copy_text(actor->key, &ok);
    ret_actor->label = copy_text(name && name->name ? name->name : actor->key, &ok);
    ret_actor->abbreviation = copy_text(name ? name->abbreviation : NULL, &ok);
    ret_actor->kind = copy_text(actor->kind, &ok);
    ret_actor->sector = copy_text(structure_sector_within(structure, actor->id, from, to), &ok);
    ret_actor->reported = is_reported(nodes, reporting, actor->id);
    int32_t parent = structure_parent(structure, actor->id, structure_day(nodes));
    ret_actor->parent = parent == -1 ? 0 : parent;
    ret_actor->voice = voice_of(nodes, actor->id);
    return ok;
}

struct keyed {
    const char *key;
    int32_t node;
};

static int compare_keyed(const void *a, const void *b)
{
    return strcmp(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

bool nodes_actors(struct nodes *nodes, const int32_t *organisations, size_t organisation_count,
                  struct network_actor **ret_actors, size_t *ret_count, int32_t **ret_places)
{
    bool at_sector = nodes->spec.level == LEVEL_SECTOR;
    if (nodes->spec.level == LEVEL_MINISTRY)
        add_ministries(nodes);
    if (at_sector)
        add_sectors(nodes);
    bool *reporting = find_reporting(nodes, organisations, organisation_count);
    struct keyed *keyed = malloc((nodes->count + 1) * sizeof *keyed);
    int32_t *places = malloc((nodes->count + 1) * sizeof *places);
    struct network_actor *actors = NULL;
    size_t count = 0, described = 0;
    bool ok = reporting && keyed && places;
    if (ok) {
        for (size_t i = 0; i < nodes->count; i++) {
            places[i] = -1;
            if (nodes->took_part[i])
                keyed[count++] = (struct keyed){at_sector ? nodes->sectors[i] : nodes->structure->actors[i].key, (int32_t)i};
        }
        if (count)
            qsort(keyed, count, sizeof *keyed, compare_keyed);
        actors = calloc(count + 1, sizeof *actors);
        ok = actors != NULL;
    }
    for (; ok && described < count; described++) {
        places[keyed[described].node] = (int32_t)described;
        ok = at_sector ? describe_sector(nodes, reporting, keyed[described].node, &actors[described])
                       : describe_actor(nodes, reporting, keyed[described].node, &actors[described]);
    }
    free(reporting);
    free(keyed);
    /* What was described is the caller's to release even when the rest failed: it is counted. */
    *ret_actors = actors;
    *ret_count = described;
    *ret_places = places;
    return ok;
}
