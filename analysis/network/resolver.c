/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resolving labels as of a day, and remembering what came out.
 */
#include "resolver.h"

#include "amount.h"
#include "digest.h"
#include "nodes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS_MAX 65536
#define NAMED_MAX   256 /* organisations whose name is remembered */

struct cached {
    int32_t label;       /* -1 = free */
    uint32_t generation; /* of the targets it points at */
    struct resolved resolved;
};

/* Which name carries the number of an organisation. */
struct named {
    bool known;
    int32_t organisation, day, name;
};

struct resolver {
    struct nodes nodes;

    int32_t *breaks; /* days within the period on which the register changes, sorted */
    size_t break_count;
    uint32_t epoch;      /* between which breaks the cache is valid */
    uint32_t generation; /* counts changes of epoch: going back to one starts its targets anew */
    struct cached *cache;
    size_t cache_used, cache_capacity;
    struct target *targets;
    size_t target_count, target_capacity;

    int32_t *unresolved;
    size_t unresolved_count, unresolved_capacity;

    struct named named[NAMED_MAX];
};

/* --------------------------------------------------------------------------------------------------------- creating */
static int compare_days(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static void add_break(struct resolver *resolver, int32_t day)
{
    if (day > resolver->nodes.spec.from_day && day < resolver->nodes.spec.to_day)
        resolver->breaks[resolver->break_count++] = day;
}

static bool find_breaks(struct resolver *resolver)
{
    const struct structure *structure = resolver->nodes.structure;
    size_t most = 2 * (structure->sector_count + structure->parent_count + structure->member_count + structure->label_count) +
                  structure->relation_count;
    resolver->breaks = malloc((most + 1) * sizeof *resolver->breaks);
    if (!resolver->breaks)
        return false;
    const struct structure_link *links[] = {structure->parents, structure->members, structure->labels};
    size_t counts[] = {structure->parent_count, structure->member_count, structure->label_count};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < counts[k]; i++) {
            add_break(resolver, links[k][i].from);
            add_break(resolver, links[k][i].to);
        }
    }
    for (size_t i = 0; i < structure->sector_count; i++) {
        add_break(resolver, structure->sectors[i].from);
        add_break(resolver, structure->sectors[i].to);
    }
    for (size_t i = 0; i < structure->relation_count; i++)
        add_break(resolver, structure->relations[i].day);
    if (resolver->break_count)
        qsort(resolver->breaks, resolver->break_count, sizeof *resolver->breaks, compare_days);
    size_t kept = 0;
    for (size_t i = 0; i < resolver->break_count; i++)
        if (!kept || resolver->breaks[kept - 1] != resolver->breaks[i])
            resolver->breaks[kept++] = resolver->breaks[i];
    resolver->break_count = kept;
    return true;
}

struct resolver *resolver_create(const struct spec *spec, const struct structure *structure)
{
    struct resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver && nodes_init(&resolver->nodes, spec, structure) && find_breaks(resolver))
        return resolver;
    resolver_destroy(resolver);
    return NULL;
}

void resolver_destroy(struct resolver *resolver)
{
    if (!resolver)
        return;
    nodes_release(&resolver->nodes);
    free(resolver->breaks);
    free(resolver->cache);
    free(resolver->targets);
    free(resolver->unresolved);
    free(resolver);
}

bool resolver_go_on(struct resolver *resolver, const struct resolver *from)
{
    assert(!resolver->unresolved);
    resolver->unresolved = malloc((from->unresolved_count + 1) * sizeof *resolver->unresolved);
    if (!resolver->unresolved)
        return false;
    resolver->unresolved_count = from->unresolved_count;
    resolver->unresolved_capacity = from->unresolved_count + 1;
    if (from->unresolved_count)
        memcpy(resolver->unresolved, from->unresolved, from->unresolved_count * sizeof *resolver->unresolved);
    nodes_go_on(&resolver->nodes, &from->nodes);
    return true;
}

size_t resolver_node_count(const struct resolver *resolver)
{
    return resolver->nodes.count;
}

/* -------------------------------------------------------------------------------------------------------- resolving */
static bool add_target(struct resolver *resolver, int32_t node, double share)
{
    if (resolver->target_count == resolver->target_capacity) {
        size_t capacity = resolver->target_capacity ? 2 * resolver->target_capacity : 256;
        struct target *larger = realloc(resolver->targets, capacity * sizeof *larger);
        if (!larger)
            return false;
        resolver->targets = larger;
        resolver->target_capacity = capacity;
    }
    uint64_t whole = (uint64_t)llround(share * (double)AMOUNT_WHOLE);
    resolver->targets[resolver->target_count++] = (struct target){node, whole ? whole : 1};
    return true;
}

/* What one actor counts as, with the structure of `day`. */
static bool add_actor(struct resolver *resolver, int32_t actor, int32_t day, double share)
{
    const struct structure *structure = resolver->nodes.structure;
    int32_t node;
    if (resolver->nodes.spec.level == LEVEL_SECTOR) {
        if (resolver->nodes.spec.view == VIEW_STABLE_CORE &&
            structure_reorganised(structure, actor, resolver->nodes.spec.from_day, resolver->nodes.spec.to_day))
            return true;
        const char *sector = structure_sector_on(structure, actor, day);
        node = sector ? nodes_sector(&resolver->nodes, sector) : -1;
        int32_t own = nodes_actor(&resolver->nodes, actor);
        if (node >= 0 && own >= 0)
            resolver->nodes.sector_of[own] = node;
    } else {
        int32_t counted = structure_at_level(structure, actor, resolver->nodes.spec.level, day);
        if (counted == -1)
            return true;
        if (resolver->nodes.spec.view == VIEW_STABLE_CORE &&
            structure_reorganised(structure, counted, resolver->nodes.spec.from_day, resolver->nodes.spec.to_day))
            return true;
        node = nodes_actor(&resolver->nodes, counted);
    }
    return node < 0 || add_target(resolver, node, share);
}

static bool expand(struct resolver *resolver, int32_t actor, int32_t day, int depth, bool *group)
{
    size_t first = resolver->target_count;
    if (depth < NODES_DEPTH_MAX) {
        size_t at = 0;
        bool members = false;
        for (int32_t member; (member = structure_next_member(resolver->nodes.structure, actor, day, &at)) != -1;) {
            members = true;
            if (resolver->target_count - first < TARGETS_MAX && !expand(resolver, member, day, depth + 1, group))
                return false;
        }
        if (members) {
            *group = true;
            return true;
        }
    }
    if (resolver->nodes.spec.view != VIEW_AS_NOW)
        return add_actor(resolver, actor, day, 1);
    struct successor successors[SUCCESSION_MAX];
    size_t count = succession_of(resolver->nodes.structure, actor, day, successors);
    for (size_t i = 0; i < count; i++)
        if (!add_actor(resolver, successors[i].actor, resolver->nodes.now, successors[i].share))
            return false;
    return true;
}

static bool note_unresolved(struct resolver *resolver, int32_t label)
{
    if (resolver->unresolved_count == resolver->unresolved_capacity) {
        size_t capacity = resolver->unresolved_capacity ? 2 * resolver->unresolved_capacity : 64;
        int32_t *larger = realloc(resolver->unresolved, capacity * sizeof *larger);
        if (!larger)
            return false;
        resolver->unresolved = larger;
        resolver->unresolved_capacity = capacity;
    }
    resolver->unresolved[resolver->unresolved_count++] = label;
    return true;
}

static struct cached *find_cached(struct cached *cache, size_t capacity, int32_t label)
{
    size_t at = digest_mix((uint32_t)label) & (capacity - 1);
    while (cache[at].label != label && cache[at].label != -1)
        at = (at + 1) & (capacity - 1);
    return &cache[at];
}

static bool widen_cache(struct resolver *resolver)
{
    size_t capacity = resolver->cache_capacity ? 2 * resolver->cache_capacity : 256;
    struct cached *cache = malloc(capacity * sizeof *cache);
    if (!cache)
        return false;
    memset(cache, 0xFF, capacity * sizeof *cache); /* label -1 */
    for (size_t i = 0; i < resolver->cache_capacity; i++)
        if (resolver->cache[i].label != -1)
            *find_cached(cache, capacity, resolver->cache[i].label) = resolver->cache[i];
    free(resolver->cache);
    resolver->cache = cache;
    resolver->cache_capacity = capacity;
    return true;
}

/* 1 for days before the first break, 2 from it on ... */
static uint32_t epoch_of(const struct resolver *resolver, int32_t day)
{
    size_t low = 0, high = resolver->break_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (resolver->breaks[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low + 1;
}

bool resolver_resolve(struct resolver *resolver, int32_t label, int32_t day, struct resolved *ret_resolved)
{
    uint32_t epoch = epoch_of(resolver, day);
    if (epoch != resolver->epoch) {
        resolver->epoch = epoch;
        resolver->generation++;
        resolver->target_count = 0;
    }
    if (2 * resolver->cache_used >= resolver->cache_capacity && !widen_cache(resolver))
        return false;
    struct cached *cached = find_cached(resolver->cache, resolver->cache_capacity, label);
    if (cached->label == -1) {
        resolver->cache_used++;
        *cached = (struct cached){.label = label};
    }
    if (cached->generation != resolver->generation) {
        struct resolved resolved = {.first = (uint32_t)resolver->target_count};
        int32_t actor = structure_label_actor(resolver->nodes.structure, label, day);
        resolved.known = actor != -1;
        if (resolved.known ? !expand(resolver, actor, day, 0, &resolved.group) : !note_unresolved(resolver, label))
            return false;
        resolved.count = (uint32_t)(resolver->target_count - resolved.first);
        cached->resolved = resolved;
        cached->generation = resolver->generation;
    }
    *ret_resolved = cached->resolved;
    return true;
}

static int compare_targets(const void *a, const void *b)
{
    const struct target *left = a, *right = b;
    if (left->share != right->share)
        return left->share > right->share ? -1 : 1;
    return (left->node > right->node) - (left->node < right->node);
}

size_t resolver_actor(struct resolver *resolver, int32_t actor, int32_t day, struct target ret_targets[RESOLVER_TARGETS_MAX])
{
    size_t first = resolver->target_count, count = 0;
    bool group = false;
    /* As deep as groups go: an organisation answers for itself, not for its members. */
    if (expand(resolver, actor, day, NODES_DEPTH_MAX, &group))
        count = resolver->target_count - first;
    if (count)
        memcpy(ret_targets, resolver->targets + first, count * sizeof *ret_targets);
    resolver->target_count = first;
    if (count > 1)
        qsort(ret_targets, count, sizeof *ret_targets, compare_targets);
    return count;
}

/* The name that carries an organisation's number on a day, by place in the structure; -1 = none. */
static int32_t organisation_name(const struct structure *structure, int32_t organisation, int32_t day)
{
    const char *orgnr = NULL;
    for (size_t i = 0; i < structure->reporter_count; i++)
        if (structure->reporters[i].organisation == organisation)
            orgnr = structure->reporters[i].orgnr;
    for (size_t i = 0; orgnr && i < structure->name_count; i++) {
        const struct structure_name *name = &structure->names[i];
        if (name->orgnr && name->from <= day && name->to > day && strcmp(name->orgnr, orgnr) == 0)
            return (int32_t)i;
    }
    return -1;
}

int32_t resolver_organisation(struct resolver *resolver, int32_t organisation, int32_t day)
{
    const struct structure *structure = resolver->nodes.structure;
    struct named *named = &resolver->named[(uint32_t)organisation % NAMED_MAX];
    bool valid = named->known && named->organisation == organisation &&
                 (named->name < 0 ? named->day == day
                                  : structure->names[named->name].from <= day && structure->names[named->name].to > day);
    if (!valid)
        *named = (struct named){true, organisation, day, organisation_name(structure, organisation, day)};
    struct target targets[RESOLVER_TARGETS_MAX];
    return named->name >= 0 && resolver_actor(resolver, structure->names[named->name].actor, day, targets) ? targets[0].node
                                                                                                           : -1;
}

const struct target *resolver_target(const struct resolver *resolver, struct resolved resolved, size_t index)
{
    return &resolver->targets[resolved.first + index];
}

bool resolver_took_part(struct resolver *resolver, int32_t label, int32_t day)
{
    struct resolved resolved;
    if (!resolver_resolve(resolver, label, day, &resolved))
        return false;
    for (uint32_t i = 0; i < resolved.count; i++)
        resolver->nodes.took_part[resolver->targets[resolved.first + i].node] = true;
    return true;
}

bool resolver_actor_took_part(struct resolver *resolver, int32_t actor, int32_t day)
{
    size_t first = resolver->target_count;
    bool group = false, done = expand(resolver, actor, day, NODES_DEPTH_MAX, &group);
    for (size_t i = first; done && i < resolver->target_count; i++)
        resolver->nodes.took_part[resolver->targets[i].node] = true;
    resolver->target_count = first;
    return done;
}

const int32_t *resolver_unresolved(struct resolver *resolver, size_t *ret_count)
{
    if (resolver->unresolved_count)
        qsort(resolver->unresolved, resolver->unresolved_count, sizeof *resolver->unresolved, compare_days);
    size_t kept = 0;
    for (size_t i = 0; i < resolver->unresolved_count; i++)
        if (!kept || resolver->unresolved[kept - 1] != resolver->unresolved[i])
            resolver->unresolved[kept++] = resolver->unresolved[i];
    resolver->unresolved_count = kept;
    *ret_count = kept;
    return resolver->unresolved;
}

bool resolver_actors(struct resolver *resolver, const int32_t *organisations, size_t organisation_count,
                     struct network_actor **ret_actors, size_t *ret_count, int32_t **ret_places)
{
    return nodes_actors(&resolver->nodes, organisations, organisation_count, ret_actors, ret_count, ret_places);
}
