/* SPDX-License-Identifier: GPL-3.0-or-later
 * The network object: its memory, its undirected view, distances, and how many of its pairs are unknown.
 */
#include "network.h"

#include "dyad.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A strongest tie has this distance under complement and log: zero would make its two ends one place. */
#define DISTANCE_MIN 1e-6

struct network *network_create(void)
{
    return calloc(1, sizeof(struct network));
}

void network_destroy(struct network *network)
{
    if (!network)
        return;
    for (size_t i = 0; i < network->actor_count; i++) {
        free(network->actors[i].key);
        free(network->actors[i].label);
        free(network->actors[i].abbreviation);
        free(network->actors[i].kind);
        free(network->actors[i].sector);
    }
    free(network->actors);
    free(network->ties);
    free(network->negative);
    free(network->doubted);
    for (size_t i = 0; i < network->layer_count; i++)
        free(network->layers[i]);
    free(network->layers);
    free(network->relations);
    free(network->spells);
    free(network->known);
    free(network);
}

/* Copies into *ret; false when out of memory. */
static bool copy_text(const char *text, char **ret)
{
    *ret = text ? strdup(text) : NULL;
    return !text || *ret;
}

bool network_actor_copy(const struct network_actor *actor, struct network_actor *ret_actor)
{
    *ret_actor =
        (struct network_actor){.id = actor->id, .parent = actor->parent, .voice = actor->voice, .reported = actor->reported};
    return copy_text(actor->key, &ret_actor->key) && copy_text(actor->label, &ret_actor->label) &&
           copy_text(actor->abbreviation, &ret_actor->abbreviation) && copy_text(actor->kind, &ret_actor->kind) &&
           copy_text(actor->sector, &ret_actor->sector);
}

static bool copy_actors(const struct network *from, struct network *to)
{
    to->actors = calloc(from->actor_count ? from->actor_count : 1, sizeof *to->actors);
    if (!to->actors)
        return false;
    to->actor_count = from->actor_count;
    for (size_t i = 0; i < from->actor_count; i++)
        if (!network_actor_copy(&from->actors[i], &to->actors[i]))
            return false;
    return true;
}

static bool copy_ties(const struct network_tie *ties, size_t count, struct network_tie **ret_ties, size_t *ret_count)
{
    struct network_tie *copy = malloc((count ? count : 1) * sizeof *copy);
    if (!copy)
        return false;
    if (count)
        memcpy(copy, ties, count * sizeof *copy);
    *ret_ties = copy;
    *ret_count = count;
    return true;
}

static int compare_ties(const void *a, const void *b)
{
    const struct network_tie *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

/* Turns arcs into pairs from < to, sorted, one a pair. Two summands at most, so their order does not matter. */
static size_t fold_arcs(struct network_tie *ties, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ties[i].from > ties[i].to) {
            int32_t from = ties[i].from;
            ties[i].from = ties[i].to;
            ties[i].to = from;
        }
    }
    if (count)
        qsort(ties, count, sizeof *ties, compare_ties);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_ties(&ties[kept - 1], &ties[i]) == 0) {
            ties[kept - 1].weight += ties[i].weight;
            ties[kept - 1].count += ties[i].count;
        } else {
            ties[kept++] = ties[i];
        }
    }
    return kept;
}

/* A pair is known when either direction is. */
static bool copy_known(const struct network *from, struct network *to)
{
    size_t n = from->actor_count;
    to->known = malloc(n * n + 1);
    for (size_t i = 0; to->known && i < n; i++)
        for (size_t j = 0; j < n; j++)
            to->known[i * n + j] = from->known[i * n + j] | from->known[j * n + i];
    return to->known != NULL;
}

struct network *network_retied(const struct network *network, struct network_tie *ties, size_t count)
{
    struct network *copy = network_create();
    if (!copy) {
        free(ties);
        return NULL;
    }
    *copy = *network;
    copy->actors = NULL;
    copy->actor_count = 0;
    copy->ties = ties;
    copy->tie_count = count;
    copy->negative = NULL;
    copy->layers = NULL;
    copy->relations = NULL;
    copy->spells = NULL;
    copy->doubted = NULL;
    copy->known = NULL;
    copy->negative_count = copy->layer_count = copy->relation_count = copy->spell_count = copy->doubted_count = 0;
    if (copy_actors(network, copy) &&
        copy_ties(network->negative, network->negative_count, &copy->negative, &copy->negative_count))
        return copy;
    network_destroy(copy);
    return NULL;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct network_pair *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

void network_doubt(struct network *network, struct network_pair *pairs, size_t count)
{
    size_t kept = 0;
    free(network->doubted);
    network->doubted = NULL;
    network->doubted_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!network->spec.directed && pairs[i].from > pairs[i].to)
            pairs[i] = (struct network_pair){pairs[i].to, pairs[i].from};
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++) {
        size_t from = (size_t)pairs[i].from, to = (size_t)pairs[i].to;
        bool again = kept && compare_pairs(&pairs[kept - 1], &pairs[i]) == 0;
        if (from != to && !again && dyad_state(network, from, to) == DYAD_NO)
            pairs[kept++] = pairs[i];
    }
    network->doubted = pairs;
    network->doubted_count = kept;
}

struct network *network_undirected(const struct network *network)
{
    struct network_tie *ties;
    struct network_pair *doubted = malloc((network->doubted_count + 1) * sizeof *doubted);
    size_t count;
    if (!doubted || !copy_ties(network->ties, network->tie_count, &ties, &count)) {
        free(doubted);
        return NULL;
    }
    if (network->spec.directed)
        count = fold_arcs(ties, count);
    struct network *copy = network_retied(network, ties, count);
    if (!copy || (network->known && !copy_known(network, copy))) {
        network_destroy(copy);
        free(doubted);
        return NULL;
    }
    copy->spec.directed = false;
    if (network->told_by == TOLD_BY_FROM) /* no to both arcs is what makes a pair untied */
        copy->told_by = TOLD_BY_BOTH;
    for (size_t i = 0; i < network->doubted_count; i++)
        doubted[i] = network->doubted[i];
    network_doubt(copy, doubted, network->doubted_count);
    return copy;
}

double network_distance(enum spec_distance distance, double weight, double max_weight)
{
    switch (distance) {
    case DISTANCE_INVERSE:
        return 1 / weight;
    case DISTANCE_UNIT:
        return 1;
    case DISTANCE_COMPLEMENT:
        return fmax(1 - weight / max_weight, DISTANCE_MIN);
    case DISTANCE_LOG:
        return fmax(-log(weight / max_weight), DISTANCE_MIN);
    }
    return NAN;
}

double network_unknown_dyads(const struct network *network)
{
    if (network->complete)
        return 0;
    double silent = 0, all = (double)network->actor_count;
    if (network->known) {
        for (size_t i = 0; i < network->actor_count; i++)
            for (size_t j = network->spec.directed ? 0 : i + 1; j < network->actor_count; j++)
                silent += i != j && !network->known[i * network->actor_count + j];
        return silent;
    }
    for (size_t i = 0; i < network->actor_count; i++)
        silent += !network->actors[i].reported;
    double arcs = silent * (silent - 1);
    if (network->told_by == TOLD_BY_BOTH)
        arcs = all * (all - 1) - (all - silent) * (all - silent - 1);
    else if (network->told_by == TOLD_BY_FROM)
        arcs = silent * (all - 1);
    double unknown = (network->spec.directed ? arcs : arcs / 2) + (double)network->doubted_count;
    for (size_t i = 0; i < network->tie_count; i++)
        unknown -= !dyad_told(network, (size_t)network->ties[i].from, (size_t)network->ties[i].to);
    return unknown;
}
