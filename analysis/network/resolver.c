/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resolving labels, and deciding who is in the network.
 */
#include "resolver.h"

#include "amount.h"
#include "digest.h"
#include "succession.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_DEPTH_MAX 8 /* groups of groups of ...; deeper goes in circles */
#define TARGETS_MAX     65536
#define NAMED_MAX       256 /* organisations whose name is remembered */

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
    struct spec spec;
    const struct structure *structure;
    int32_t now; /* the day whose structure VIEW_AS_NOW uses */

    int32_t *breaks; /* days within the period on which the register changes, sorted */
    size_t break_count;
    uint32_t epoch;      /* between which breaks the cache is valid */
    uint32_t generation; /* counts changes of epoch: going back to one starts its targets anew */
    struct cached *cache;
    size_t cache_used, cache_capacity;
    struct target *targets;
    size_t target_count, target_capacity;

    /* Nodes: an actor of the structure each, by its place there; or a sector, by its place in `sectors`. */
    const char **sectors;
    size_t sector_count;
    size_t node_count;
    size_t structure_actors; /* how many the structure has, which may be gone when another one goes on from this */
    bool *took_part;
    int32_t *sector_of; /* at level sector: node of each actor that was counted in, else -1 */

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

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_break(struct resolver *resolver, int32_t day)
{
    if (day > resolver->spec.from_day && day < resolver->spec.to_day)
        resolver->breaks[resolver->break_count++] = day;
}

static bool find_breaks(struct resolver *resolver)
{
    const struct structure *structure = resolver->structure;
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

static bool find_sectors(struct resolver *resolver)
{
    const struct structure *structure = resolver->structure;
    resolver->sectors = malloc((structure->sector_count + 1) * sizeof *resolver->sectors);
    if (!resolver->sectors)
        return false;
    for (size_t i = 0; i < structure->sector_count; i++)
        resolver->sectors[i] = structure->sectors[i].sector;
    if (structure->sector_count)
        qsort(resolver->sectors, structure->sector_count, sizeof *resolver->sectors, compare_names);
    for (size_t i = 0; i < structure->sector_count; i++)
        if (!resolver->sector_count || strcmp(resolver->sectors[resolver->sector_count - 1], resolver->sectors[i]) != 0)
            resolver->sectors[resolver->sector_count++] = resolver->sectors[i];
    return true;
}

struct resolver *resolver_create(const struct spec *spec, const struct structure *structure)
{
    struct resolver *resolver = calloc(1, sizeof *resolver);
    if (!resolver)
        return NULL;
    resolver->spec = *spec;
    resolver->structure = structure;
    resolver->now = spec->to_day - 1;
    if (structure->last_event_day > resolver->now)
        resolver->now = structure->last_event_day;
    bool ok = find_breaks(resolver) && find_sectors(resolver);
    resolver->node_count = spec->level == LEVEL_SECTOR ? resolver->sector_count : structure->actor_count;
    resolver->structure_actors = structure->actor_count;
    resolver->took_part = calloc(resolver->node_count + 1, sizeof *resolver->took_part);
    resolver->sector_of = malloc((structure->actor_count + 1) * sizeof *resolver->sector_of);
    if (!ok || !resolver->took_part || !resolver->sector_of) {
        resolver_destroy(resolver);
        return NULL;
    }
    for (size_t i = 0; i < structure->actor_count; i++)
        resolver->sector_of[i] = -1;
    return resolver;
}

void resolver_destroy(struct resolver *resolver)
{
    if (!resolver)
        return;
    free(resolver->breaks);
    free(resolver->cache);
    free(resolver->targets);
    free(resolver->sectors);
    free(resolver->took_part);
    free(resolver->sector_of);
    free(resolver->unresolved);
    free(resolver);
}

bool resolver_go_on(struct resolver *resolver, const struct resolver *from)
{
    assert(resolver->node_count == from->node_count && !resolver->unresolved);
    for (size_t i = 0; i < resolver->node_count; i++)
        assert(!resolver->took_part[i]);
    resolver->unresolved = malloc((from->unresolved_count + 1) * sizeof *resolver->unresolved);
    if (!resolver->unresolved)
        return false;
    resolver->unresolved_count = from->unresolved_count;
    resolver->unresolved_capacity = from->unresolved_count + 1;
    if (from->unresolved_count)
        memcpy(resolver->unresolved, from->unresolved, from->unresolved_count * sizeof *resolver->unresolved);
    memcpy(resolver->took_part, from->took_part, from->node_count * sizeof *resolver->took_part);
    memcpy(resolver->sector_of, from->sector_of, from->structure_actors * sizeof *resolver->sector_of);
    return true;
}

size_t resolver_node_count(const struct resolver *resolver)
{
    return resolver->node_count;
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

static int32_t sector_node(const struct resolver *resolver, const char *sector)
{
    const char **found = bsearch(&sector, resolver->sectors, resolver->sector_count, sizeof *resolver->sectors, compare_names);
    return found ? (int32_t)(found - resolver->sectors) : -1;
}

static int32_t actor_node(const struct resolver *resolver, int32_t actor)
{
    const struct structure_actor *found = structure_actor(resolver->structure, actor);
    return found ? (int32_t)(found - resolver->structure->actors) : -1;
}

/* What one actor counts as, with the structure of `day`. */
static bool add_actor(struct resolver *resolver, int32_t actor, int32_t day, double share)
{
    const struct structure *structure = resolver->structure;
    int32_t node;
    if (resolver->spec.level == LEVEL_SECTOR) {
        if (resolver->spec.view == VIEW_STABLE_CORE &&
            structure_reorganised(structure, actor, resolver->spec.from_day, resolver->spec.to_day))
            return true;
        const char *sector = structure_sector_on(structure, actor, day);
        node = sector ? sector_node(resolver, sector) : -1;
        int32_t own = actor_node(resolver, actor);
        if (node >= 0 && own >= 0)
            resolver->sector_of[own] = node;
    } else {
        int32_t counted = structure_at_level(structure, actor, resolver->spec.level, day);
        if (counted == -1)
            return true;
        if (resolver->spec.view == VIEW_STABLE_CORE &&
            structure_reorganised(structure, counted, resolver->spec.from_day, resolver->spec.to_day))
            return true;
        node = actor_node(resolver, counted);
    }
    return node < 0 || add_target(resolver, node, share);
}

static bool expand(struct resolver *resolver, int32_t actor, int32_t day, int depth, bool *group)
{
    size_t first = resolver->target_count;
    if (depth < GROUP_DEPTH_MAX) {
        size_t at = 0;
        bool members = false;
        for (int32_t member; (member = structure_next_member(resolver->structure, actor, day, &at)) != -1;) {
            members = true;
            if (resolver->target_count - first < TARGETS_MAX && !expand(resolver, member, day, depth + 1, group))
                return false;
        }
        if (members) {
            *group = true;
            return true;
        }
    }
    if (resolver->spec.view != VIEW_AS_NOW)
        return add_actor(resolver, actor, day, 1);
    struct successor successors[SUCCESSION_MAX];
    size_t count = succession_of(resolver->structure, actor, day, successors);
    for (size_t i = 0; i < count; i++)
        if (!add_actor(resolver, successors[i].actor, resolver->now, successors[i].share))
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
        int32_t actor = structure_label_actor(resolver->structure, label, day);
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
    if (expand(resolver, actor, day, GROUP_DEPTH_MAX, &group))
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
    const struct structure *structure = resolver->structure;
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
        resolver->took_part[resolver->targets[resolved.first + i].node] = true;
    return true;
}

bool resolver_actor_took_part(struct resolver *resolver, int32_t actor, int32_t day)
{
    size_t first = resolver->target_count;
    bool group = false, done = expand(resolver, actor, day, GROUP_DEPTH_MAX, &group);
    for (size_t i = first; done && i < resolver->target_count; i++)
        resolver->took_part[resolver->targets[i].node] = true;
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

/* ----------------------------------------------------------------------------------------------- who is in the network */
/* Ministries are there even if silent: an isolate is a finding. */
static void add_ministries(struct resolver *resolver)
{
    const struct structure *structure = resolver->structure;
    const struct spec *spec = &resolver->spec;
    bool as_now = spec->view == VIEW_AS_NOW;
    for (size_t i = 0; i < structure->actor_count; i++) {
        int32_t actor = structure->actors[i].id;
        if (!structure_is_ministry(structure, actor))
            continue;
        bool named = structure_name(structure, actor, DAY_ALWAYS, DAY_NEVER) != NULL;
        bool valid = !named || (as_now ? structure_name(structure, actor, resolver->now, resolver->now + 1)
                                       : structure_name(structure, actor, spec->from_day, spec->to_day)) != NULL;
        if (valid && !(spec->view == VIEW_STABLE_CORE && structure_reorganised(structure, actor, spec->from_day, spec->to_day)))
            resolver->took_part[i] = true;
    }
}

/* Sectors somebody has in the period. */
static void add_sectors(struct resolver *resolver)
{
    const struct structure *structure = resolver->structure;
    bool as_now = resolver->spec.view == VIEW_AS_NOW;
    int32_t from = as_now ? resolver->now : resolver->spec.from_day;
    int32_t to = as_now ? resolver->now + 1 : resolver->spec.to_day;
    for (size_t i = 0; i < structure->sector_count; i++) {
        const struct structure_sector *sector = &structure->sectors[i];
        if (sector->from < to && sector->to > from)
            resolver->took_part[sector_node(resolver, sector->sector)] = true;
    }
}

static void mark_reporting(const struct resolver *resolver, int32_t actor, bool *reporting)
{
    struct successor successors[SUCCESSION_MAX];
    size_t count = 1;
    successors[0] = (struct successor){actor, 1};
    if (resolver->spec.view == VIEW_AS_NOW)
        count = succession_of(resolver->structure, actor, resolver->spec.from_day, successors);
    for (size_t i = 0; i < count; i++) {
        int32_t node = actor_node(resolver, successors[i].actor);
        if (node >= 0)
            reporting[node] = true;
    }
}

/* The actors, by place in the structure, that carry the number of an organisation that reported. */
static bool *find_reporting(const struct resolver *resolver, const int32_t *organisations, size_t count)
{
    const struct structure *structure = resolver->structure;
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
            if (name->orgnr && strcmp(name->orgnr, orgnr) == 0 && name->from < resolver->spec.to_day &&
                name->to > resolver->spec.from_day)
                mark_reporting(resolver, name->actor, reporting);
        }
    }
    return reporting;
}

/* The day whose structure says who is above whom. */
static int32_t structure_day(const struct resolver *resolver)
{
    return resolver->spec.view == VIEW_AS_NOW ? resolver->now : resolver->spec.to_day - 1;
}

static bool speaks_for_itself(const char *kind)
{
    return strcmp(kind, "department") != 0 && strcmp(kind, "minister") != 0 && strcmp(kind, "person") != 0;
}

/* A department's, minister's or person's own body reports for it; an agency answers for itself. */
static bool is_reported(const struct resolver *resolver, const bool *reporting, int32_t actor)
{
    const struct structure *structure = resolver->structure;
    for (int depth = 0; depth < GROUP_DEPTH_MAX && actor != -1; depth++) {
        int32_t node = actor_node(resolver, actor);
        if (node < 0)
            return false;
        if (reporting[node])
            return true;
        if (speaks_for_itself(structure->actors[node].kind))
            return false;
        actor = structure_parent(structure, actor, structure_day(resolver));
    }
    return false;
}

/* The id of the body that reports for the actor; 0 = itself, or nobody is found. */
static int32_t voice_of(const struct resolver *resolver, int32_t actor)
{
    int32_t voice = actor;
    for (int depth = 0; depth < GROUP_DEPTH_MAX && voice != -1; depth++) {
        int32_t node = actor_node(resolver, voice);
        if (node < 0)
            return 0;
        if (speaks_for_itself(resolver->structure->actors[node].kind))
            return voice == actor ? 0 : voice;
        voice = structure_parent(resolver->structure, voice, structure_day(resolver));
    }
    return 0;
}

/* A sector has reported when everybody counted in it has; one that nobody was counted in has not. */
static bool sector_reported(const struct resolver *resolver, const bool *reporting, int32_t sector)
{
    bool any = false;
    for (size_t i = 0; i < resolver->structure->actor_count; i++) {
        if (resolver->sector_of[i] != sector)
            continue;
        if (!is_reported(resolver, reporting, resolver->structure->actors[i].id))
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

static bool describe_sector(const struct resolver *resolver, const bool *reporting, int32_t node,
                            struct network_actor *ret_actor)
{
    bool ok = true;
    ret_actor->id = node;
    ret_actor->key = copy_text(resolver->sectors[node], &ok);
    ret_actor->label = copy_text(resolver->sectors[node], &ok);
    ret_actor->kind = copy_text("sector", &ok);
    ret_actor->sector = copy_text(resolver->sectors[node], &ok);
    ret_actor->reported = sector_reported(resolver, reporting, node);
    return ok;
}

static bool describe_actor(const struct resolver *resolver, const bool *reporting, int32_t node,
                           struct network_actor *ret_actor)
{
    const struct structure *structure = resolver->structure;
    const struct structure_actor *actor = &structure->actors[node];
    bool as_now = resolver->spec.view == VIEW_AS_NOW;
    int32_t from = as_now ? resolver->now : resolver->spec.from_day;
    int32_t to = as_now ? resolver->now + 1 : resolver->spec.to_day;
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
    ret_actor->reported = is_reported(resolver, reporting, actor->id);
    int32_t parent = structure_parent(structure, actor->id, structure_day(resolver));
    ret_actor->parent = parent == -1 ? 0 : parent;
    ret_actor->voice = voice_of(resolver, actor->id);
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

bool resolver_actors(struct resolver *resolver, const int32_t *organisations, size_t organisation_count,
                     struct network_actor **ret_actors, size_t *ret_count, int32_t **ret_places)
{
    bool at_sector = resolver->spec.level == LEVEL_SECTOR;
    if (resolver->spec.level == LEVEL_MINISTRY)
        add_ministries(resolver);
    if (at_sector)
        add_sectors(resolver);
    bool *reporting = find_reporting(resolver, organisations, organisation_count);
    struct keyed *keyed = malloc((resolver->node_count + 1) * sizeof *keyed);
    int32_t *places = malloc((resolver->node_count + 1) * sizeof *places);
    struct network_actor *actors = NULL;
    size_t count = 0, described = 0;
    bool ok = reporting && keyed && places;
    if (ok) {
        for (size_t i = 0; i < resolver->node_count; i++) {
            places[i] = -1;
            if (resolver->took_part[i])
                keyed[count++] =
                    (struct keyed){at_sector ? resolver->sectors[i] : resolver->structure->actors[i].key, (int32_t)i};
        }
        if (count)
            qsort(keyed, count, sizeof *keyed, compare_keyed);
        actors = calloc(count + 1, sizeof *actors);
        ok = actors != NULL;
    }
    for (; ok && described < count; described++) {
        places[keyed[described].node] = (int32_t)described;
        ok = at_sector ? describe_sector(resolver, reporting, keyed[described].node, &actors[described])
                       : describe_actor(resolver, reporting, keyed[described].node, &actors[described]);
    }
    free(reporting);
    free(keyed);
    /* What was described is the caller's to release even when the rest failed: it is counted. */
    *ret_actors = actors;
    *ret_count = described;
    *ret_places = places;
    return ok;
}
