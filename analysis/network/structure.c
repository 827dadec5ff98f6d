/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register in memory: collecting, sorting and looking up.
 */
#include "structure.h"

#include <stdlib.h>
#include <string.h>

#define PARENTS_MAX 16 /* a chain longer than this goes in circles */

struct structure_text {
    struct structure_text *next;
    char text[];
};

struct structure *structure_create(void)
{
    return calloc(1, sizeof(struct structure));
}

struct structure *structure_share(struct structure *structure)
{
    structure->sharers++;
    return structure;
}

void structure_destroy(struct structure *structure)
{
    if (!structure || structure->sharers-- > 0)
        return;
    free(structure->actors);
    free(structure->names);
    free(structure->sectors);
    free(structure->parents);
    free(structure->members);
    free(structure->labels);
    free(structure->relations);
    free(structure->reporters);
    free(structure->deliveries);
    for (struct structure_text *text = structure->texts; text;) {
        struct structure_text *next = text->next;
        free(text);
        text = next;
    }
    free(structure);
}

/* ----------------------------------------------------------------------------------------------------- collecting */
static const char *keep(struct structure *structure, const char *text)
{
    if (!text || structure->failed)
        return NULL;
    size_t size = strlen(text) + 1;
    struct structure_text *copy = malloc(sizeof *copy + size);
    if (!copy) {
        structure->failed = true;
        return NULL;
    }
    memcpy(copy->text, text, size);
    copy->next = structure->texts;
    structure->texts = copy;
    return copy->text;
}

static bool grow(struct structure *structure, void *array, size_t count, size_t *capacity, size_t size)
{
    if (structure->failed)
        return false;
    if (count < *capacity)
        return true;
    size_t larger = *capacity ? 2 * *capacity : 64;
    void *memory = realloc(*(void **)array, larger * size);
    if (!memory) {
        structure->failed = true;
        return false;
    }
    *(void **)array = memory;
    *capacity = larger;
    return true;
}

#define ADD(array, number, ...)                                                                                                \
    do {                                                                                                                       \
        if (grow(structure, &structure->array, structure->number##_count, &structure->number##_capacity,                       \
                 sizeof *structure->array))                                                                                    \
            structure->array[structure->number##_count++] = __VA_ARGS__;                                                       \
    } while (0)

void structure_add_actor(struct structure *structure, int32_t id, const char *key, const char *kind)
{
    ADD(actors, actor, (struct structure_actor){id, keep(structure, key), keep(structure, kind)});
}

void structure_add_name(struct structure *structure, int32_t actor, int32_t from, int32_t to, const char *name,
                        const char *abbreviation, const char *orgnr)
{
    ADD(names, name,
        (struct structure_name){actor, from, to, keep(structure, name), keep(structure, abbreviation), keep(structure, orgnr)});
}

void structure_add_sector(struct structure *structure, int32_t actor, int32_t from, int32_t to, const char *sector)
{
    ADD(sectors, sector, (struct structure_sector){actor, from, to, keep(structure, sector)});
}

void structure_add_parent(struct structure *structure, int32_t actor, int32_t parent, int32_t from, int32_t to)
{
    ADD(parents, parent, (struct structure_link){actor, parent, from, to});
}

void structure_add_member(struct structure *structure, int32_t group, int32_t member, int32_t from, int32_t to)
{
    ADD(members, member, (struct structure_link){group, member, from, to});
}

void structure_add_label(struct structure *structure, int32_t label, int32_t actor, int32_t from, int32_t to)
{
    ADD(labels, label, (struct structure_link){label, actor, from, to});
}

void structure_add_relation(struct structure *structure, int32_t event, int32_t day, int32_t from_actor, int32_t to_actor,
                            double share)
{
    ADD(relations, relation, (struct structure_relation){event, day, from_actor, to_actor, share});
}

void structure_add_reporter(struct structure *structure, int32_t organisation, const char *orgnr)
{
    ADD(reporters, reporter, (struct structure_reporter){organisation, keep(structure, orgnr)});
}

void structure_add_delivery(struct structure *structure, int32_t organisation, int32_t from, int32_t to, bool all_actors)
{
    ADD(deliveries, delivery, (struct structure_delivery){organisation, from, to, all_actors});
}

/* -------------------------------------------------------------------------------------------------------- sorting */
#define ORDER(a, b)                                                                                                            \
    if ((a) != (b))                                                                                                            \
    return (a) < (b) ? -1 : 1

static int compare_actors(const void *a, const void *b)
{
    const struct structure_actor *left = a, *right = b;
    ORDER(left->id, right->id);
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    const struct structure_name *left = a, *right = b;
    ORDER(left->actor, right->actor);
    ORDER(left->from, right->from);
    return 0;
}

static int compare_sectors(const void *a, const void *b)
{
    const struct structure_sector *left = a, *right = b;
    ORDER(left->actor, right->actor);
    ORDER(left->from, right->from);
    return 0;
}

static int compare_links(const void *a, const void *b)
{
    const struct structure_link *left = a, *right = b;
    ORDER(left->subject, right->subject);
    ORDER(left->from, right->from);
    ORDER(left->object, right->object);
    return 0;
}

static int compare_relations(const void *a, const void *b)
{
    const struct structure_relation *left = a, *right = b;
    ORDER(left->day, right->day);
    ORDER(left->event, right->event);
    ORDER(left->from_actor, right->from_actor);
    ORDER(left->to_actor, right->to_actor);
    return 0;
}

static int compare_reporters(const void *a, const void *b)
{
    const struct structure_reporter *left = a, *right = b;
    ORDER(left->organisation, right->organisation);
    return 0;
}

static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(array, count, size, compare);
}

bool structure_prepare(struct structure *structure)
{
    if (structure->failed)
        return false;
    sort(structure->actors, structure->actor_count, sizeof *structure->actors, compare_actors);
    sort(structure->names, structure->name_count, sizeof *structure->names, compare_names);
    sort(structure->sectors, structure->sector_count, sizeof *structure->sectors, compare_sectors);
    sort(structure->parents, structure->parent_count, sizeof *structure->parents, compare_links);
    sort(structure->members, structure->member_count, sizeof *structure->members, compare_links);
    sort(structure->labels, structure->label_count, sizeof *structure->labels, compare_links);
    sort(structure->relations, structure->relation_count, sizeof *structure->relations, compare_relations);
    sort(structure->reporters, structure->reporter_count, sizeof *structure->reporters, compare_reporters);
    structure->last_event_day =
        structure->relation_count ? structure->relations[structure->relation_count - 1].day : DAY_ALWAYS;
    return true;
}

/* -------------------------------------------------------------------------------------------------------- looking up */
/* Index of the first element whose leading int32 (id, actor, subject) is at least `key`. */
static size_t lower_bound(const void *array, size_t count, size_t size, int32_t key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int32_t value;
        memcpy(&value, (const char *)array + middle * size, sizeof value);
        if (value < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct structure_actor *structure_actor(const struct structure *structure, int32_t id)
{
    size_t at = lower_bound(structure->actors, structure->actor_count, sizeof *structure->actors, id);
    return at < structure->actor_count && structure->actors[at].id == id ? &structure->actors[at] : NULL;
}

const struct structure_name *structure_name(const struct structure *structure, int32_t actor, int32_t from, int32_t to)
{
    const struct structure_name *latest = NULL;
    size_t at = lower_bound(structure->names, structure->name_count, sizeof *structure->names, actor);
    for (; at < structure->name_count && structure->names[at].actor == actor; at++)
        if (structure->names[at].from < to && structure->names[at].to > from)
            latest = &structure->names[at];
    return latest;
}

static int32_t link_on(const struct structure_link *links, size_t count, int32_t subject, int32_t day)
{
    for (size_t at = lower_bound(links, count, sizeof *links, subject); at < count && links[at].subject == subject; at++)
        if (links[at].from <= day && day < links[at].to)
            return links[at].object;
    return -1;
}

int32_t structure_parent(const struct structure *structure, int32_t actor, int32_t day)
{
    return link_on(structure->parents, structure->parent_count, actor, day);
}

int32_t structure_label_actor(const struct structure *structure, int32_t label, int32_t day)
{
    return link_on(structure->labels, structure->label_count, label, day);
}

static const char *own_sector(const struct structure *structure, int32_t actor, int32_t from, int32_t to)
{
    const char *latest = NULL;
    size_t at = lower_bound(structure->sectors, structure->sector_count, sizeof *structure->sectors, actor);
    for (; at < structure->sector_count && structure->sectors[at].actor == actor; at++)
        if (structure->sectors[at].from < to && structure->sectors[at].to > from)
            latest = structure->sectors[at].sector;
    return latest;
}

const char *structure_sector_on(const struct structure *structure, int32_t actor, int32_t day)
{
    for (int i = 0; i < PARENTS_MAX && actor != -1; i++) {
        const char *sector = own_sector(structure, actor, day, day + 1);
        if (sector)
            return sector;
        actor = structure_parent(structure, actor, day);
    }
    return NULL;
}

/* The latest parent within a span of days. */
static int32_t parent_within(const struct structure *structure, int32_t actor, int32_t from, int32_t to)
{
    int32_t latest = -1;
    size_t at = lower_bound(structure->parents, structure->parent_count, sizeof *structure->parents, actor);
    for (; at < structure->parent_count && structure->parents[at].subject == actor; at++)
        if (structure->parents[at].from < to && structure->parents[at].to > from)
            latest = structure->parents[at].object;
    return latest;
}

const char *structure_sector_within(const struct structure *structure, int32_t actor, int32_t from, int32_t to)
{
    for (int i = 0; i < PARENTS_MAX && actor != -1; i++) {
        const char *sector = own_sector(structure, actor, from, to);
        if (sector)
            return sector;
        actor = parent_within(structure, actor, from, to);
    }
    return NULL;
}

int32_t structure_next_member(const struct structure *structure, int32_t group, int32_t day, size_t *at)
{
    size_t first = lower_bound(structure->members, structure->member_count, sizeof *structure->members, group);
    for (size_t i = first + *at; i < structure->member_count && structure->members[i].subject == group; i++) {
        ++*at;
        if (structure->members[i].from <= day && day < structure->members[i].to)
            return structure->members[i].object;
    }
    return -1;
}

static bool kind_is(const struct structure *structure, int32_t id, const char *kind)
{
    const struct structure_actor *actor = structure_actor(structure, id);
    return actor && strcmp(actor->kind, kind) == 0;
}

bool structure_is_ministry(const struct structure *structure, int32_t actor)
{
    return kind_is(structure, actor, "ministry");
}

/* Levels above which an actor of some kind stands only as part of its parent. */
static bool is_part(const struct structure *structure, int32_t actor, enum spec_level level)
{
    if (kind_is(structure, actor, "person") || kind_is(structure, actor, "minister"))
        return true;
    return level == LEVEL_AGENCY && kind_is(structure, actor, "department");
}

int32_t structure_at_level(const struct structure *structure, int32_t actor, enum spec_level level, int32_t day)
{
    if (level == LEVEL_ACTOR)
        return actor;
    for (int i = 0; i < PARENTS_MAX; i++) {
        if (level == LEVEL_MINISTRY ? structure_is_ministry(structure, actor) : !is_part(structure, actor, level))
            return actor;
        int32_t parent = structure_parent(structure, actor, day);
        if (parent == -1)
            return level == LEVEL_MINISTRY ? -1 : actor;
        actor = parent;
    }
    return -1;
}

bool structure_reorganised(const struct structure *structure, int32_t actor, int32_t from, int32_t to)
{
    for (size_t i = 0; i < structure->relation_count; i++) {
        const struct structure_relation *relation = &structure->relations[i];
        if (relation->day > from && relation->day < to && (relation->from_actor == actor || relation->to_actor == actor))
            return true;
    }
    return false;
}
