/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random registers, interactions and specifications: merging blocks in any order and partition gives the same bits, and the
 * network that a plain, slow account of docs/method.md gives.
 *
 * SAMORDNING_SEED and SAMORDNING_ROUNDS choose where to begin and how long to go on; a failure names its seed.
 */
#include "day_builder.h"
#include "merge.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS  14
#define LABELS  18
#define EVENTS  60
#define DAYS    24
#define DAY0    16000 /* 2013-10-22 */
#define NOV1    16010
#define LAYERS  5
#define PLACES  8
#define LINKS   24
#define SECTORS 3

/* ------------------------------------------------------------------------------------------------------ random worlds */
static uint64_t state;

static uint64_t draw(uint64_t below)
{
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

struct span {
    int32_t subject, object, from, to;
};
struct change {
    int32_t day, from_actor, to_actor[2];
    double share[2];
};
struct world {
    const char *kind[ACTORS];
    struct span parents[LINKS], members[LINKS], labels[LABELS], sectors[LINKS];
    int parent_count, member_count, label_count, sector_count;
    struct change changes[2];
    int change_count;
    struct event events[EVENTS];
    int32_t people[EVENTS][PLACES];
    int16_t roles[EVENTS][PLACES], outcomes[EVENTS][PLACES];
};
static const char *const sector_names[SECTORS] = {"a", "b", "c"};

static struct span random_span(int32_t subject, int32_t object)
{
    int32_t from = DAY0 - 2 + (int32_t)draw(DAYS), to = from + 1 + (int32_t)draw(DAYS);
    return draw(2) ? (struct span){subject, object, DAY_ALWAYS, DAY_NEVER} : (struct span){subject, object, from, to};
}

static void random_world(struct world *world)
{
    static const char *const kinds[] = {"ministry", "ministry", "agency", "department", "group", "person", "municipality"};
    *world = (struct world){0};
    for (int a = 0; a < ACTORS; a++)
        world->kind[a] = a < 3 ? "ministry" : kinds[draw(7)];
    for (int a = 3; a < ACTORS; a++) {
        if (draw(3)) /* parents come before their children, so that chains end */
            world->parents[world->parent_count++] = random_span(a, (int32_t)draw((uint64_t)a));
        if (draw(3) == 0)
            world->sectors[world->sector_count++] = random_span(a, (int32_t)draw(SECTORS));
        for (int m = 0; strcmp(world->kind[a], "group") == 0 && m < 3 && world->member_count < LINKS; m++)
            if (draw(2))
                world->members[world->member_count++] =
                    random_span(a, (a + 1 + m) % ACTORS < a ? (a + 1 + m) % ACTORS : (int32_t)draw((uint64_t)a));
    }
    for (int a = 0; a < 3; a++)
        world->sectors[world->sector_count++] = random_span(a, (int32_t)draw(SECTORS));
    for (int l = 0; l < LABELS; l++)
        if (draw(8))
            world->labels[world->label_count++] = random_span(l, (int32_t)draw(ACTORS));
    world->change_count = (int)draw(3);
    for (int c = 0; c < world->change_count; c++) {
        int32_t from = (int32_t)draw(ACTORS), to = (int32_t)draw(ACTORS);
        static const double shares[][2] = {{1, 1}, {0.5, 0.5}, {0.25, 0.25}, {0.75, 0.25}};
        const double *share = shares[draw(4)];
        world->changes[c] = (struct change){DAY0 + (int32_t)draw(DAYS), from, {to, (to + 1) % ACTORS}, {share[0], share[1]}};
    }
    if (world->change_count == 2 && world->changes[1].day < world->changes[0].day) {
        struct change swap = world->changes[0];
        world->changes[0] = world->changes[1];
        world->changes[1] = swap;
    }
}

static void random_events(struct world *world)
{
    for (int e = 0; e < EVENTS; e++) {
        struct event *event = &world->events[e];
        int16_t layer = (int16_t)(1 + draw(5));
        *event = (struct event){.id = {[6] = 0x70, [15] = (uint8_t)e},
                                .content_hash = draw(UINT64_MAX),
                                .day = DAY0 + (int32_t)draw(DAYS),
                                .layer = layer,
                                .kind = (uint8_t)(layer == 5 ? EVENT_MEETING : layer - 1),
                                .reporter = (int32_t)draw(3),
                                .revision = -1,
                                .reports = 1,
                                .weight = draw(3) ? 1 : (double)draw(1000) / 37,
                                .end_us = EVENT_NO_TIME};
        event->time_us = (int64_t)event->day * INT64_C(86400000000);
        if (draw(2))
            event->end_us = event->time_us + (int64_t)draw(UINT64_C(20000000000));
        event->count = (uint32_t)draw(PLACES + 1);
        event->labels = world->people[e];
        event->roles = world->roles[e];
        event->outcome = world->outcomes[e];
        for (uint32_t i = 0; i < event->count; i++) {
            event->labels[i] = (int32_t)draw(LABELS);
            event->roles[i] = (int16_t)draw(8);
            event->outcome[i] = draw(4) ? 0 : (int16_t)(4 + draw(3));
        }
    }
}

static void random_spec(struct spec *spec)
{
    spec_default(spec);
    spec->from_day = DAY0;
    spec->to_day = DAY0 + DAYS;
    spec->level = (enum spec_level)draw(5);
    spec->view = (enum spec_view)draw(3);
    spec->projection = (enum spec_projection)draw(4);
    spec->directed = draw(2);
    spec->weight = spec->projection == PROJECTION_BINARY ? WEIGHT_SUM : (enum spec_weight)draw(2);
    spec->choices.relations = (enum choice_relations)draw(2);
    spec->choices.spells = (enum choice_spells)draw(3);
}

static struct structure *structure_of(const struct world *world)
{
    struct structure *structure = structure_create();
    for (int32_t a = 0; a < ACTORS; a++) {
        char key[8];
        snprintf(key, sizeof key, "%02d", a);
        structure_add_actor(structure, a, key, world->kind[a]);
    }
    for (int i = 0; i < world->parent_count; i++)
        structure_add_parent(structure, world->parents[i].subject, world->parents[i].object, world->parents[i].from,
                             world->parents[i].to);
    for (int i = 0; i < world->member_count; i++)
        structure_add_member(structure, world->members[i].subject, world->members[i].object, world->members[i].from,
                             world->members[i].to);
    for (int i = 0; i < world->label_count; i++)
        structure_add_label(structure, world->labels[i].subject, world->labels[i].object, world->labels[i].from,
                            world->labels[i].to);
    for (int i = 0; i < world->sector_count; i++)
        structure_add_sector(structure, world->sectors[i].subject, world->sectors[i].from, world->sectors[i].to,
                             sector_names[world->sectors[i].object]);
    for (int c = 0; c < world->change_count; c++)
        for (int t = 0; t < 2; t++)
            structure_add_relation(structure, c, world->changes[c].day, world->changes[c].from_actor,
                                   world->changes[c].to_actor[t], world->changes[c].share[t]);
    ck_assert(structure_prepare(structure));
    return structure;
}

/* ------------------------------------------------------------------------------------------------- the plain account */
#define NODES ACTORS
struct plain {
    double weight[NODES][NODES], count[NODES][NODES], negative[NODES][NODES];
    double self_count, outside_count;
    bool there[NODES];
};
struct share {
    double of[NODES];
}; /* of a label, over nodes */

static int32_t on(const struct span *spans, int count, int32_t subject, int32_t day)
{
    for (int i = 0; i < count; i++)
        if (spans[i].subject == subject && spans[i].from <= day && day < spans[i].to)
            return spans[i].object;
    return -1;
}

static bool changed(const struct world *world, const struct spec *spec, int32_t actor)
{
    for (int c = 0; c < world->change_count; c++) {
        const struct change *change = &world->changes[c];
        if (change->day > spec->from_day && change->day < spec->to_day &&
            (change->from_actor == actor || change->to_actor[0] == actor || change->to_actor[1] == actor))
            return true;
    }
    return false;
}

static void count_as(const struct world *world, const struct spec *spec, int32_t actor, int32_t day, double part,
                     struct share *share)
{
    int32_t node = actor;
    if (spec->level == LEVEL_SECTOR) {
        if (spec->view == VIEW_STABLE_CORE && changed(world, spec, actor))
            return;
        int32_t sector = -1;
        for (; node != -1 && sector == -1; node = on(world->parents, world->parent_count, node, day))
            sector = on(world->sectors, world->sector_count, node, day);
        node = sector;
    } else {
        for (;;) {
            const char *kind = world->kind[node];
            bool personal = strcmp(kind, "person") == 0;
            bool stops = spec->level == LEVEL_ACTOR || (spec->level == LEVEL_UNIT && !personal) ||
                         (spec->level == LEVEL_AGENCY && !personal && strcmp(kind, "department") != 0) ||
                         strcmp(kind, "ministry") == 0;
            if (stops && (spec->level != LEVEL_MINISTRY || strcmp(kind, "ministry") == 0))
                break;
            int32_t parent = on(world->parents, world->parent_count, node, day);
            if (parent == -1) {
                node = spec->level == LEVEL_MINISTRY ? -1 : node;
                break;
            }
            node = parent;
        }
        if (node != -1 && spec->view == VIEW_STABLE_CORE && changed(world, spec, node))
            return;
    }
    if (node != -1)
        share->of[node] += part;
}

static void follow(const struct world *world, const struct spec *spec, int32_t actor, int32_t day, int change, double part,
                   struct share *share)
{
    while (change < world->change_count && (world->changes[change].day <= day || world->changes[change].from_actor != actor))
        change++;
    if (change == world->change_count) {
        int32_t now = spec->to_day - 1;
        if (world->change_count && world->changes[world->change_count - 1].day > now)
            now = world->changes[world->change_count - 1].day;
        count_as(world, spec, actor, now, part, share);
        return;
    }
    const struct change *one = &world->changes[change];
    double given = one->share[0] + one->share[1], scale = given > 1 ? 1 / given : 1;
    for (int t = 0; t < 2; t++)
        follow(world, spec, one->to_actor[t], day, change + 1, part * one->share[t] * scale, share);
    if (given < 1)
        follow(world, spec, actor, day, change + 1, part * (1 - given), share);
}

static void stand_for(const struct world *world, const struct spec *spec, int32_t actor, int32_t day, int depth,
                      struct share *share)
{
    bool any = false;
    for (int i = 0; i < world->member_count && depth < 8; i++) {
        const struct span *member = &world->members[i];
        if (member->subject == actor && member->from <= day && day < member->to) {
            any = true;
            stand_for(world, spec, member->object, day, depth + 1, share);
        }
    }
    if (any)
        return;
    if (spec->view == VIEW_AS_NOW)
        follow(world, spec, actor, day, 0, 1, share);
    else
        count_as(world, spec, actor, day, 1, share);
}

/* False: the name waits. */
static bool share_of(const struct world *world, const struct spec *spec, int32_t label, int32_t day, struct share *share)
{
    *share = (struct share){{0}};
    int32_t actor = on(world->labels, world->label_count, label, day);
    if (actor != -1)
        stand_for(world, spec, actor, day, 0, share);
    return actor != -1;
}

static bool is_empty(const struct share *share)
{
    for (int n = 0; n < NODES; n++)
        if (share->of[n] > 0)
            return false;
    return true;
}

static void tie(const struct world *world, const struct spec *spec, const struct event *event, int32_t a, int32_t b,
                double value, bool negative, struct plain *plain)
{
    struct share from, to;
    if (!share_of(world, spec, a, event->day, &from) || !share_of(world, spec, b, event->day, &to))
        return;
    if (is_empty(&from) || is_empty(&to)) {
        plain->outside_count += !negative;
        return;
    }
    for (int x = 0; x < NODES; x++) {
        for (int y = 0; y < NODES; y++) {
            double part = from.of[x] * to.of[y];
            if (part == 0)
                continue;
            if (negative) {
                plain->negative[x][y] += x == y ? 0 : part * value;
                continue;
            }
            if (x == y) {
                plain->self_count += part;
                continue;
            }
            bool swap = !spec->directed && x > y;
            plain->weight[swap ? y : x][swap ? x : y] += part * value;
            plain->count[swap ? y : x][swap ? x : y] += part;
            if (spec->directed && event->kind == EVENT_MEETING) {
                plain->weight[y][x] += part * value;
                plain->count[y][x] += part;
            }
        }
    }
}

/* Each label once, with what its roles allow. */
static bool has(const struct event *event, int32_t label, enum event_side side, bool objecting)
{
    for (uint32_t i = 0; i < event->count; i++) {
        int16_t role = event->roles[i];
        bool mute = role == ROLE_COPY || role == ROLE_OBSERVER || role == ROLE_DECLINED;
        bool fits = side == SIDE_PRESENT ? !mute
                    : side == SIDE_FROM  ? role == ROLE_SENDER
                                         : role == ROLE_ADDRESSEE || role == ROLE_NONE;
        if (event->labels[i] == label && fits &&
            (!objecting || event->outcome[i] == EVENT_OUTCOME_OBJECTION || event->outcome[i] == EVENT_OUTCOME_DISAGREEMENT))
            return true;
    }
    return false;
}

static void account(const struct world *world, const struct spec *spec, const struct event *event, struct plain *plain)
{
    double weight = event->weight > 0 ? event->weight : 1;
    bool meeting = event->kind == EVENT_MEETING;
    int present = 0;
    for (int32_t l = 0; l < LABELS; l++)
        present += has(event, l, SIDE_PRESENT, false);
    double minutes = meeting && event->end_us != EVENT_NO_TIME ? (double)(event->end_us - event->time_us) / 60e6 : 0;
    double value = spec->projection == PROJECTION_DURATION            ? minutes
                   : spec->projection == PROJECTION_NEWMAN && meeting ? weight / (present - 1)
                                                                      : weight;
    for (int32_t a = 0; a < LABELS; a++) {
        for (int32_t b = 0; b < LABELS; b++) {
            if (a == b)
                continue;
            if (meeting) {
                if (a < b && has(event, a, SIDE_PRESENT, false) && has(event, b, SIDE_PRESENT, false))
                    tie(world, spec, event, a, b, value, false, plain);
                continue;
            }
            bool arc = has(event, a, SIDE_FROM, false) && has(event, b, SIDE_TO, false);
            if (arc)
                tie(world, spec, event, a, b, event->kind == EVENT_OBJECTION ? weight : value, event->kind == EVENT_OBJECTION,
                    plain);
            if (arc && event->kind != EVENT_OBJECTION && has(event, b, SIDE_TO, true))
                tie(world, spec, event, b, a, weight, true, plain);
        }
    }
    for (uint32_t i = 0; i < event->count; i++) {
        struct share share;
        if (event->roles[i] != ROLE_DECLINED && share_of(world, spec, event->labels[i], event->day, &share))
            for (int n = 0; n < NODES; n++)
                plain->there[n] = plain->there[n] || share.of[n] > 0;
    }
}

/* ---------------------------------------------------------------------------------------------------------- comparing */
struct parts {
    uint8_t *bytes[EVENTS * 6];
    size_t sizes[EVENTS * 6], count;
};

static bool take_part(void *arg, const struct day_builder_block *block)
{
    struct parts *parts = arg;
    parts->bytes[parts->count] = malloc(block->size);
    memcpy(parts->bytes[parts->count], block->bytes, block->size);
    parts->sizes[parts->count++] = block->size;
    return true;
}

/* The network of the events, dealt over `piles` piles a day whose blocks are merged in random order. */
static struct network *network_of(const struct world *world, const struct structure *structure, const struct spec *spec,
                                  uint64_t piles)
{
    struct parts parts = {.count = 0};
    struct day_builder *builder = day_builder_create();
    struct day_builder_options options = {.built = take_part, .arg = &parts};
    int pile_of[EVENTS];
    for (int e = 0; e < EVENTS; e++)
        pile_of[e] = (int)draw(piles);
    for (int32_t day = DAY0; day < DAY0 + DAYS; day++) {
        for (int pile = 0; pile < (int)piles; pile++) {
            struct event_list list;
            event_list_init(&list);
            int first = (int)draw(EVENTS);
            for (int i = 0; i < EVENTS; i++) {
                int e = (first + i) % EVENTS;
                if (world->events[e].day == day && pile_of[e] == pile)
                    *event_list_add(&list) = world->events[e];
            }
            ck_assert(day_builder_run(builder, day, &list, &options));
            event_list_release(&list);
        }
    }
    day_builder_destroy(builder);
    struct merge *merge = merge_create(spec, structure);
    for (int16_t layer = LAYERS; layer >= 1; layer--)
        ck_assert(merge_name_layer(merge, layer, (const char[]){(char)('k' + layer), '\0'}));
    char error[400];
    size_t change = draw(parts.count + 1); /* here another merge goes on from this one */
    bool sliced = spec->choices.relations != RELATIONS_ONE || spec->choices.spells != SPELLS_NONE;
    while (parts.count) {
        if (parts.count == change && !sliced) {
            struct merge *other = merge_create(spec, structure);
            ck_assert(merge_go_on(other, merge));
            merge_destroy(merge);
            merge = other;
        }
        size_t i = draw(parts.count);
        ck_assert_int_eq(merge_add(merge, parts.bytes[i], parts.sizes[i], error), MERGE_OK);
        free(parts.bytes[i]);
        parts.bytes[i] = parts.bytes[--parts.count];
        parts.sizes[i] = parts.sizes[parts.count];
    }
    struct network *network = merge_finish(merge);
    merge_destroy(merge);
    return network;
}

static int node_of(const struct network *network, int32_t index)
{
    const char *key = network->actors[index].key;
    return network->spec.level == LEVEL_SECTOR ? key[0] - 'a' : (int)strtol(key, NULL, 10);
}

/* Numbers that are over 0 are equal when their bits are. */
static bool same_tie(const struct network_tie *a, const struct network_tie *b)
{
    return a->from == b->from && a->to == b->to && a->weight == b->weight && a->count == b->count;
}

static void same_bits(const struct network *a, const struct network *b, uint64_t seed)
{
    bool same = a->actor_count == b->actor_count && a->tie_count == b->tie_count && a->negative_count == b->negative_count &&
                memcmp(a->ties, b->ties, a->tie_count * sizeof *a->ties) == 0 &&
                memcmp(a->negative, b->negative, a->negative_count * sizeof *a->negative) == 0 &&
                a->self_weight == b->self_weight && a->self_count == b->self_count && a->outside_weight == b->outside_weight &&
                a->interactions == b->interactions && a->relation_count == b->relation_count &&
                a->spell_count == b->spell_count;
    for (size_t i = 0; same && i < a->relation_count; i++)
        same = a->relations[i].layer == b->relations[i].layer && same_tie(&a->relations[i].tie, &b->relations[i].tie);
    for (size_t i = 0; same && i < a->spell_count; i++)
        same = a->spells[i].from_day == b->spells[i].from_day && a->spells[i].to_day == b->spells[i].to_day &&
               same_tie(&a->spells[i].tie, &b->spells[i].tie);
    ck_assert_msg(same, "seed %llu: another partition gives another network", (unsigned long long)seed);
    for (size_t i = 0; i < a->actor_count; i++)
        ck_assert_str_eq(a->actors[i].key, b->actors[i].key);
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= 1e-8 * (1 + fabs(b));
}

static void as_accounted(const struct network *network, const struct plain *plain, uint64_t seed)
{
    double weight[NODES][NODES] = {{0}}, count[NODES][NODES] = {{0}}, negative[NODES][NODES] = {{0}};
    bool there[NODES] = {false};
    for (size_t i = 0; i < network->actor_count; i++)
        there[node_of(network, (int32_t)i)] = true;
    for (size_t i = 0; i < network->tie_count; i++) {
        int from = node_of(network, network->ties[i].from), to = node_of(network, network->ties[i].to);
        weight[from][to] = network->ties[i].weight;
        count[from][to] = network->ties[i].count;
        ck_assert(from != to && network->ties[i].weight > 0 && isfinite(network->ties[i].weight));
        ck_assert(network->spec.directed || from < to);
    }
    for (size_t i = 0; i < network->negative_count; i++)
        negative[node_of(network, network->negative[i].from)][node_of(network, network->negative[i].to)] =
            network->negative[i].weight;
    for (int x = 0; x < NODES; x++) {
        if (plain->there[x])
            ck_assert_msg(there[x], "seed %llu: node %d took part and is missing", (unsigned long long)seed, x);
        for (int y = 0; y < NODES; y++) {
            double expected = plain->weight[x][y];
            if (network->spec.projection == PROJECTION_BINARY)
                expected = expected > 0;
            else if (network->spec.weight == WEIGHT_MEAN && plain->count[x][y] > 0)
                expected /= plain->count[x][y];
            ck_assert_msg(close_to(weight[x][y], expected), "seed %llu: tie %d-%d weighs %.12g, not %.12g",
                          (unsigned long long)seed, x, y, weight[x][y], expected);
            ck_assert_msg(expected == 0 || close_to(count[x][y], plain->count[x][y]),
                          "seed %llu: tie %d-%d counts %.12g, not %.12g", (unsigned long long)seed, x, y, count[x][y],
                          plain->count[x][y]);
            ck_assert_msg(close_to(negative[x][y], plain->negative[x][y]), "seed %llu: objection %d-%d is %.12g, not %.12g",
                          (unsigned long long)seed, x, y, negative[x][y], plain->negative[x][y]);
        }
    }
    ck_assert_msg(close_to(network->self_count, plain->self_count), "seed %llu: self-ties %g, not %g", (unsigned long long)seed,
                  network->self_count, plain->self_count);
    ck_assert_msg(close_to(network->outside_count, plain->outside_count), "seed %llu: outside %g, not %g",
                  (unsigned long long)seed, network->outside_count, plain->outside_count);
}

/* The weight the specification gives a pair of which only some interactions are looked at. */
static double expected_weight(const struct spec *spec, const struct plain *plain, int x, int y)
{
    double weight = plain->weight[x][y];
    if (spec->projection == PROJECTION_BINARY)
        return weight > 0;
    return spec->weight == WEIGHT_MEAN && plain->count[x][y] > 0 ? weight / plain->count[x][y] : weight;
}

/* Every layer's ties are those of a network of that layer's interactions alone. */
static void layers_as_accounted(const struct network *network, const struct world *world, uint64_t seed)
{
    ck_assert(network->spec.choices.relations == RELATIONS_LAYERS || network->relation_count == 0);
    for (int16_t layer = 1; layer <= LAYERS && network->spec.choices.relations == RELATIONS_LAYERS; layer++) {
        struct plain plain = {0};
        for (int e = 0; e < EVENTS; e++)
            if (world->events[e].layer == layer)
                account(world, &network->spec, &world->events[e], &plain);
        size_t expected = 0, found = 0;
        for (int x = 0; x < NODES; x++)
            for (int y = 0; y < NODES; y++)
                expected += plain.weight[x][y] > 0;
        for (size_t i = 0; i < network->relation_count; i++) {
            const struct network_relation *relation = &network->relations[i];
            if (network->layers[relation->layer][0] != 'k' + layer)
                continue;
            int x = node_of(network, relation->tie.from), y = node_of(network, relation->tie.to);
            found++;
            ck_assert_msg(close_to(relation->tie.weight, expected_weight(&network->spec, &plain, x, y)) &&
                              close_to(relation->tie.count, plain.count[x][y]),
                          "seed %llu: layer %d, tie %d-%d", (unsigned long long)seed, layer, x, y);
        }
        ck_assert_msg(found == expected, "seed %llu: layer %d has %zu ties, not %zu", (unsigned long long)seed, layer, found,
                      expected);
    }
}

/* Day by day (or month by month): a pair's runs of contact, found by looking at each day alone. */
static void spells_as_accounted(const struct network *network, const struct world *world, uint64_t seed)
{
    static struct plain slices[DAYS + 1], run;
    const struct spec *spec = &network->spec;
    ck_assert(spec->choices.spells != SPELLS_NONE || network->spell_count == 0);
    if (spec->choices.spells == SPELLS_NONE)
        return;
    bool months = spec->choices.spells == SPELLS_MONTH;
    int slice_count = months ? 2 : DAYS;
    memset(slices, 0, sizeof slices);
    for (int e = 0; e < EVENTS; e++) {
        int32_t day = world->events[e].day;
        account(world, spec, &world->events[e], &slices[months ? day >= NOV1 : day - DAY0]);
    }
    size_t found = 0;
    for (int x = 0; x < NODES; x++) {
        for (int y = 0; y < NODES; y++) {
            for (int slice = 0; slice < slice_count; slice++) {
                if (!(slices[slice].weight[x][y] > 0))
                    continue;
                int begin = slice;
                run.weight[x][y] = run.count[x][y] = 0;
                for (; slice < slice_count && slices[slice].weight[x][y] > 0; slice++) {
                    run.weight[x][y] += slices[slice].weight[x][y];
                    run.count[x][y] += slices[slice].count[x][y];
                }
                int32_t from = months ? (begin ? NOV1 : DAY0) : DAY0 + begin,
                        to = months ? (slice == 1 ? NOV1 : DAY0 + DAYS) : DAY0 + slice;
                bool there = false;
                for (size_t i = 0; i < network->spell_count && !there; i++) {
                    const struct network_spell *spell = &network->spells[i];
                    there = node_of(network, spell->tie.from) == x && node_of(network, spell->tie.to) == y &&
                            spell->from_day == from && spell->to_day == to &&
                            close_to(spell->tie.weight, expected_weight(spec, &run, x, y)) &&
                            close_to(spell->tie.count, run.count[x][y]);
                }
                ck_assert_msg(there, "seed %llu: no spell %d-%d from %d to %d", (unsigned long long)seed, x, y, from, to);
                found++;
            }
        }
    }
    ck_assert_msg(found == network->spell_count, "seed %llu: %zu spells, not %zu", (unsigned long long)seed,
                  network->spell_count, found);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

START_TEST(any_partition_and_the_plain_account)
{
    uint64_t first = setting("SAMORDNING_SEED", 1), rounds = setting("SAMORDNING_ROUNDS", 600);
    size_t ties = 0;
    for (uint64_t seed = first; seed < first + rounds; seed++) {
        state = seed * 1000003;
        static struct world world;
        struct spec spec;
        random_world(&world);
        random_events(&world);
        random_spec(&spec);
        struct structure *structure = structure_of(&world);
        struct network *whole = network_of(&world, structure, &spec, 1);
        struct network *pieces =
            network_of(&world, structure, &spec, spec.view == VIEW_AS_NOW ? 1 : 1 + draw(4)); /* shares are rounded a block */
        same_bits(whole, pieces, seed);
        struct plain plain = {0};
        for (int e = 0; e < EVENTS; e++)
            account(&world, &spec, &world.events[e], &plain);
        as_accounted(whole, &plain, seed);
        layers_as_accounted(whole, &world, seed);
        spells_as_accounted(whole, &world, seed);
        ties += whole->tie_count;
        network_destroy(whole);
        network_destroy(pieces);
        structure_destroy(structure);
    }
    ck_assert_uint_gt(ties, 5 * rounds); /* the worlds are not empty */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("network_merge");
    TCase *tcase = tcase_create("network_merge");
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, any_partition_and_the_plain_account);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
