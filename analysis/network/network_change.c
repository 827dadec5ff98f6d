/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names become actors, actors become places in a new network, ties move there and are combined.
 */
#include "network_change.h"

#include "actor_name.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define GONE         (-1)
#define DAYS_A_MONTH 30.436875
#define LIAISON_KEY  "liaison"

struct moved_tie {
    struct network_tie tie;
    size_t serial; /* so that sums have one order */
};
struct changer {
    const struct network *before;
    const struct choices *choices;
    struct network *after;
    struct network_changes *changes;
    char *error;
    size_t count;   /* actors before, and the liaison after them */
    int32_t *owner; /* what each of them is part of: the first part of a merger, itself, or GONE */
    int32_t *place; /* of an owner in the new network */
    char **key;     /* of an owner that is not an actor of before: a merged actor, the liaison; else NULL */
    bool has_liaison;
    struct moved_tie *ties;
    size_t tie_count, tie_capacity;
    bool no_memory;
};

static bool no_memory(struct changer *changer)
{
    changer->no_memory = true;
    return spec_fail(changer->error, "out of memory");
}

/* Also the liaison, by its key, and not who is removed. */
static bool find(struct changer *changer, const char *choice, const char *name, int32_t *ret_actor)
{
    if (changer->has_liaison && strcasecmp(name, changer->key[changer->before->actor_count]) == 0) {
        *ret_actor = (int32_t)changer->before->actor_count;
        return true;
    }
    if (!actor_name_find(changer->before, choice, name, ret_actor, changer->error))
        return false;
    if (changer->owner[*ret_actor] == GONE)
        return spec_fail(changer->error, "%s: \"%.80s\" is removed by remove=", choice, name);
    return true;
}

/* ------------------------------------------------------------------------------------------------------------- steps */
static const char *key_of(const struct changer *changer, int32_t owner)
{
    return changer->key[owner] ? changer->key[owner] : changer->before->actors[owner].key;
}

static struct network_change *begin_step(struct changer *changer, enum network_change_kind kind)
{
    if (changer->changes->count == NETWORK_CHANGE_STEPS_MAX) {
        spec_fail(changer->error, "more than %d changes", NETWORK_CHANGE_STEPS_MAX);
        return NULL;
    }
    struct network_change *step = &changer->changes->steps[changer->changes->count++];
    *step = (struct network_change){.kind = kind};
    return step;
}

/* "a, b" of keys, "a+b" of the parts of a merger. */
static char *join(const char *left, const char *between, const char *right)
{
    char *joined = NULL;
    return asprintf(&joined, "%s%s%s", left ? left : "", left ? between : "", right) < 0 ? NULL : joined;
}

static bool name_in_step(struct changer *changer, struct network_change *step, const char *key)
{
    char *joined = join(step->actors, ", ", key);
    if (!joined)
        return no_memory(changer);
    free(step->actors);
    step->actors = joined;
    return true;
}

/* The actors of a list, each once and as what it is part of, in the order of the network; writes the step's names. */
static bool read_list(struct changer *changer, const char *choice, char *list, struct network_change *step, bool *ret_in)
{
    for (char *rest = list, *name; (name = strsep(&rest, ","));) {
        int32_t actor = GONE;
        if (!find(changer, choice, name, &actor) || actor < 0)
            return false;
        ret_in[changer->owner[actor]] = true;
    }
    for (size_t i = 0; i < changer->count; i++)
        if (ret_in[i] && !name_in_step(changer, step, key_of(changer, (int32_t)i)))
            return false;
    return true;
}

static bool remove_actors(struct changer *changer, char *list, bool *in)
{
    struct network_change *step = begin_step(changer, CHANGE_REMOVE);
    if (!step || !read_list(changer, "remove", list, step, in))
        return false;
    for (size_t i = 0; i < changer->count; i++)
        if (in[i])
            changer->owner[i] = GONE;
    const struct network *before = changer->before;
    for (size_t t = 0; t < before->tie_count; t++)
        if (changer->owner[before->ties[t].from] == GONE || changer->owner[before->ties[t].to] == GONE)
            step->weight_dropped += before->ties[t].weight;
    return true;
}

/* One group a+b+...: the first part stands for all. */
static bool merge_group(struct changer *changer, char *group)
{
    struct network_change *step = begin_step(changer, CHANGE_MERGE);
    int32_t first = GONE;
    size_t parts = 0;
    if (!step)
        return false;
    for (char *rest = group, *name; (name = strsep(&rest, "+")); parts++) {
        int32_t part = GONE;
        if (!find(changer, "merge", name, &part) || part < 0)
            return false;
        if (changer->owner[part] != part || changer->key[part] || part == first)
            return spec_fail(changer->error, "merge: %s is named twice", changer->before->actors[part].key);
        if (first == GONE)
            first = part;
        changer->owner[part] = first;
        if (!name_in_step(changer, step, changer->before->actors[part].key))
            return false;
        char *joined = join(changer->key[first], "+", changer->before->actors[part].key);
        if (!joined)
            return no_memory(changer);
        free(changer->key[first]);
        changer->key[first] = joined;
    }
    if (parts < 2)
        return spec_fail(changer->error, "merge: \"%s\" is one actor; write the parts as KEY+KEY", step->actors);
    step->result = strdup(changer->key[first]);
    const struct network *before = changer->before;
    for (size_t t = 0; t < before->tie_count; t++)
        if (changer->owner[before->ties[t].from] == first && changer->owner[before->ties[t].to] == first)
            step->self_weight += before->ties[t].weight;
    return step->result || no_memory(changer);
}

static bool merge_actors(struct changer *changer, char *list)
{
    for (char *rest = list, *group; (group = strsep(&rest, ","));)
        if (!merge_group(changer, group))
            return false;
    return true;
}

static bool put_tie(struct changer *changer, int32_t from, int32_t to, double weight, double count)
{
    if (changer->tie_count == changer->tie_capacity) {
        size_t capacity = changer->tie_capacity ? 2 * changer->tie_capacity : 64;
        struct moved_tie *larger = realloc(changer->ties, capacity * sizeof *larger);
        if (!larger)
            return no_memory(changer);
        changer->ties = larger;
        changer->tie_capacity = capacity;
    }
    changer->ties[changer->tie_count] = (struct moved_tie){{from, to, weight, count}, changer->tie_count};
    changer->tie_count++;
    return true;
}

/* A tie that is added: as a pair, or as both arcs. Ends are owners. */
static bool add_tie(struct changer *changer, struct network_change *step, int32_t from, int32_t to, double weight, double count)
{
    bool directed = changer->before->spec.directed;
    step->weight_added += directed ? 2 * weight : weight;
    return put_tie(changer, from, to, weight, count) && (!directed || put_tie(changer, to, from, weight, count));
}

static bool add_liaison(struct changer *changer, char *list, bool *in)
{
    struct network_change *step = begin_step(changer, CHANGE_LIAISON);
    int32_t liaison = (int32_t)changer->before->actor_count;
    if (!step || !read_list(changer, "liaison", list, step, in))
        return false;
    char key[32] = LIAISON_KEY;
    for (unsigned number = 2, taken = 1; taken; number++) {
        taken = 0;
        for (size_t i = 0; i < changer->before->actor_count; i++)
            taken |= strcmp(changer->before->actors[i].key, key) == 0;
        if (taken)
            snprintf(key, sizeof key, "%s-%u", LIAISON_KEY, number);
    }
    changer->has_liaison = true;
    changer->owner[liaison] = liaison;
    changer->key[liaison] = strdup(key);
    step->result = strdup(key);
    if (!changer->key[liaison] || !step->result)
        return no_memory(changer);
    for (size_t i = 0; i < changer->before->actor_count; i++)
        if (in[i] && !add_tie(changer, step, (int32_t)i, liaison, changer->choices->liaison_weight, 1))
            return false;
    return true;
}

static bool add_committee(struct changer *changer, char *list, bool *in)
{
    const struct spec *spec = &changer->before->spec;
    struct network_change *step = begin_step(changer, CHANGE_COMMITTEE);
    if (!step || !read_list(changer, "committee", list, step, in))
        return false;
    double months = fmax(1, round((spec->to_day - spec->from_day) / DAYS_A_MONTH));
    step->meetings = changer->choices->meetings ? (double)changer->choices->meetings : months;
    size_t members = 0;
    for (size_t i = 0; i < changer->count; i++)
        members += in[i];
    if (members < 2)
        return spec_fail(changer->error, "committee: %s alone is no committee", step->actors);
    double each = spec->projection == PROJECTION_NEWMAN     ? 1 / (double)(members - 1)
                  : spec->projection == PROJECTION_DURATION ? changer->choices->minutes
                                                            : 1;
    bool adds = spec->weight == WEIGHT_SUM && spec->projection != PROJECTION_BINARY;
    for (size_t i = 0; i < changer->count; i++)
        for (size_t j = i + 1; j < changer->count; j++)
            if (in[i] && in[j] &&
                !add_tie(changer, step, (int32_t)i, (int32_t)j, adds ? step->meetings * each : each, step->meetings))
                return false;
    return true;
}

/* --------------------------------------------------------------------------------------------------------- the new network */
static int compare_keys(const void *left, const void *right)
{
    return strcmp(((const struct network_actor *)left)->key, ((const struct network_actor *)right)->key);
}

/* Another text of the same part of a merger: "one + two", or nothing when one of them has none. */
static bool extend(char **text, const char *between, const char *more)
{
    char *joined = *text && more ? join(*text, between, more) : NULL;
    bool done = joined || !*text || !more;
    free(*text);
    *text = joined;
    return done;
}

static bool make_actors(struct changer *changer)
{
    const struct network *before = changer->before;
    struct network *after = changer->after;
    after->actors = calloc(changer->count + 1, sizeof *after->actors);
    if (!after->actors)
        return no_memory(changer);
    int32_t largest_id = 0;
    for (size_t i = 0; i < before->actor_count; i++)
        largest_id = before->actors[i].id > largest_id ? before->actors[i].id : largest_id;
    for (size_t i = 0; i < changer->count; i++) {
        if (changer->owner[i] != (int32_t)i)
            continue;
        bool liaison = i == before->actor_count;
        struct network_actor made = {.id = largest_id + 1,
                                     .key = changer->key[i],
                                     .label = changer->key[i],
                                     .kind = (char[]){LIAISON_KEY},
                                     .reported = true};
        struct network_actor *actor = &after->actors[after->actor_count++];
        if (!network_actor_copy(liaison ? &made : &before->actors[i], actor))
            return no_memory(changer);
        if (liaison || !changer->key[i])
            continue;
        for (size_t part = 0; part < before->actor_count; part++) {
            const struct network_actor *other = &before->actors[part];
            if (changer->owner[part] != (int32_t)i || part == i)
                continue;
            actor->reported = actor->reported && other->reported;
            if (!extend(&actor->label, " + ", other->label) || !extend(&actor->abbreviation, "+", other->abbreviation))
                return no_memory(changer);
        }
        free(actor->key);
        actor->key = strdup(changer->key[i]);
        if (!actor->key)
            return no_memory(changer);
    }
    if (after->actor_count > 1)
        qsort(after->actors, after->actor_count, sizeof *after->actors, compare_keys);
    for (size_t i = 0; i < changer->count; i++) {
        changer->place[i] = GONE;
        if (changer->owner[i] != (int32_t)i)
            continue;
        struct network_actor wanted = {.key = changer->key[i] ? changer->key[i] : before->actors[i].key};
        const struct network_actor *found = bsearch(&wanted, after->actors, after->actor_count, sizeof wanted, compare_keys);
        changer->place[i] = (int32_t)(found - after->actors);
    }
    for (size_t i = 1; i < after->actor_count; i++)
        if (strcmp(after->actors[i - 1].key, after->actors[i].key) == 0)
            return spec_fail(changer->error, "merge: there is an actor called %s already", after->actors[i].key);
    return true;
}

static int compare_moved(const void *left, const void *right)
{
    const struct moved_tie *a = left, *b = right;
    if (a->tie.from != b->tie.from)
        return a->tie.from < b->tie.from ? -1 : 1;
    if (a->tie.to != b->tie.to)
        return a->tie.to < b->tie.to ? -1 : 1;
    return (a->serial > b->serial) - (a->serial < b->serial);
}

/* What two ties of one pair weigh together. Objections always add up. */
static double combined(const struct spec *spec, bool negative, const struct network_tie *one, const struct network_tie *two)
{
    if (negative)
        return one->weight + two->weight;
    if (spec->projection == PROJECTION_BINARY)
        return 1;
    switch (spec->weight) {
    case WEIGHT_MAX:
        return fmax(one->weight, two->weight);
    case WEIGHT_MEAN:
    case WEIGHT_SHARE:
        if (!(one->count + two->count > 0)) /* both were put in */
            return (one->weight + two->weight) / 2;
        return (one->weight * one->count + two->weight * two->count) / (one->count + two->count);
    case WEIGHT_SUM:
        break;
    }
    return one->weight + two->weight;
}

/* The list of moved ties to their places, one a pair, and out. */
static bool take_ties(struct changer *changer, bool negative, struct network_tie **ret_ties, size_t *ret_count)
{
    const struct spec *spec = &changer->before->spec;
    size_t kept = 0;
    struct network_tie *ties = malloc((changer->tie_count + 1) * sizeof *ties);
    if (!ties)
        return no_memory(changer);
    for (size_t t = 0; t < changer->tie_count; t++) {
        struct network_tie *tie = &changer->ties[t].tie;
        int32_t from = changer->place[tie->from], to = changer->place[tie->to];
        bool swap = !negative && !spec->directed && from > to;
        tie->from = swap ? to : from;
        tie->to = swap ? from : to;
    }
    if (changer->tie_count > 1)
        qsort(changer->ties, changer->tie_count, sizeof *changer->ties, compare_moved);
    for (size_t t = 0; t < changer->tie_count; t++) {
        const struct network_tie *tie = &changer->ties[t].tie;
        struct network_tie *last = kept > 0 ? &ties[kept - 1] : NULL;
        if (!last || last->from != tie->from || last->to != tie->to) {
            ties[kept++] = *tie;
            continue;
        }
        last->weight = combined(spec, negative, last, tie);
        last->count += tie->count;
    }
    changer->tie_count = 0;
    *ret_ties = ties;
    *ret_count = kept;
    return true;
}

/* Ties of before go first, as what their ends are part of now; those within one actor are dropped. */
static bool move_ties(struct changer *changer, const struct network_tie *ties, size_t count, bool negative)
{
    for (size_t t = 0; t < count; t++) {
        int32_t from = changer->owner[ties[t].from], to = changer->owner[ties[t].to];
        if (from == GONE || to == GONE)
            continue;
        if (from != to) {
            if (!put_tie(changer, from, to, ties[t].weight, ties[t].count))
                return false;
        } else if (!negative) {
            changer->after->self_weight += ties[t].weight;
            changer->after->self_count += ties[t].count;
        }
    }
    return true;
}

/* After the ties: of a merger a pair is unknown when it was with one of the parts and no part is tied; of the liaison
 * everything is known. */
static bool move_known(struct changer *changer)
{
    const struct network *before = changer->before;
    struct network *after = changer->after;
    size_t n = after->actor_count;
    if (!before->known)
        return true;
    after->known = malloc(n * n + 1);
    if (!after->known)
        return no_memory(changer);
    memset(after->known, 1, n * n + 1);
    for (size_t i = 0; i < before->actor_count; i++)
        for (size_t j = 0; j < before->actor_count; j++) {
            int32_t from = changer->owner[i], to = changer->owner[j];
            if (from != GONE && to != GONE && from != to && !before->known[i * before->actor_count + j])
                after->known[(size_t)changer->place[from] * n + (size_t)changer->place[to]] = 0;
        }
    for (size_t t = 0; t < after->tie_count; t++) { /* of a part, or of a committee */
        size_t from = (size_t)after->ties[t].from, to = (size_t)after->ties[t].to;
        after->known[from * n + to] = 1;
        if (!after->spec.directed)
            after->known[to * n + from] = 1;
    }
    return true;
}

/* After the ties, as above. */
static bool move_doubts(struct changer *changer)
{
    const struct network *before = changer->before;
    struct network_pair *pairs = malloc((before->doubted_count + 1) * sizeof *pairs);
    size_t count = 0;
    if (!pairs)
        return no_memory(changer);
    for (size_t d = 0; d < before->doubted_count; d++) {
        int32_t from = changer->owner[before->doubted[d].from], to = changer->owner[before->doubted[d].to];
        if (from != GONE && to != GONE && from != to)
            pairs[count++] = (struct network_pair){changer->place[from], changer->place[to]};
    }
    network_doubt(changer->after, pairs, count);
    return true;
}

static bool change(struct changer *changer, char lists[4][CHOICES_ACTORS_SIZE], bool *in)
{
    const struct network *before = changer->before;
    struct network *after = changer->after;
    size_t size = changer->count * sizeof *in;
    if (*lists[0] && !remove_actors(changer, lists[0], in))
        return false;
    if (*lists[1] && !merge_actors(changer, lists[1]))
        return false;
    if (!move_ties(changer, before->ties, before->tie_count, false))
        return false;
    memset(in, 0, size);
    if (*lists[2] && !add_liaison(changer, lists[2], in))
        return false;
    memset(in, 0, size);
    if (*lists[3] && !add_committee(changer, lists[3], in))
        return false;
    if (!make_actors(changer) || !take_ties(changer, false, &after->ties, &after->tie_count) ||
        !move_ties(changer, before->negative, before->negative_count, true) ||
        !take_ties(changer, true, &after->negative, &after->negative_count) || !move_known(changer) || !move_doubts(changer))
        return false;
    for (size_t s = 0; s < changer->changes->count; s++)
        after->interactions += changer->changes->steps[s].meetings;
    return true;
}

enum network_change_status network_change(const struct network *network, struct network **ret_network,
                                          struct network_changes *ret_changes, char *ret_error)
{
    const struct choices *choices = &network->spec.choices;
    size_t count = network->actor_count + 1;
    struct changer changer = {
        .before = network, .choices = choices, .error = ret_error, .count = count, .changes = ret_changes};
    changer.after = network_create();
    changer.owner = malloc(count * sizeof *changer.owner);
    changer.place = malloc(count * sizeof *changer.place);
    changer.key = calloc(count, sizeof *changer.key);
    bool *in = calloc(count, sizeof *in), done = false;
    ret_changes->count = 0;
    if (changer.after && changer.owner && changer.place && changer.key && in) {
        char lists[4][CHOICES_ACTORS_SIZE];
        const char *texts[4] = {choices->remove, choices->merge, choices->liaison, choices->committee};
        for (size_t l = 0; l < 4; l++)
            memcpy(lists[l], texts[l], CHOICES_ACTORS_SIZE);
        *changer.after = *network;
        changer.after->actors = NULL;
        changer.after->known = NULL;
        changer.after->ties = changer.after->negative = NULL;
        changer.after->doubted = NULL;
        changer.after->doubted_count = 0;
        changer.after->actor_count = changer.after->tie_count = changer.after->negative_count = 0;
        for (size_t i = 0; i < count; i++)
            changer.owner[i] = i < network->actor_count ? (int32_t)i : GONE;
        done = change(&changer, lists, in);
    } else {
        no_memory(&changer);
    }
    for (size_t i = 0; changer.key && i < count; i++)
        free(changer.key[i]);
    free(changer.owner);
    free(changer.place);
    free(changer.key);
    free(changer.ties);
    free(in);
    if (!done) {
        network_destroy(changer.after);
        network_changes_release(ret_changes);
        return changer.no_memory ? NETWORK_CHANGE_NO_MEMORY : NETWORK_CHANGE_REFUSED;
    }
    *ret_network = changer.after;
    return NETWORK_CHANGE_OK;
}

void network_changes_release(struct network_changes *changes)
{
    for (size_t s = 0; s < changes->count; s++) {
        free(changes->steps[s].actors);
        free(changes->steps[s].result);
    }
    changes->count = 0;
}
