/* SPDX-License-Identifier: GPL-3.0-or-later
 * The product TA·TD·TA' without its middle: everybody who gives to an aim needs everybody else who does.
 *
 * With W = items by aims (the link's weight, or 1 for the aim itself) and V = TA·W, TA·W·W'·TA' is the sum over aims of V's
 * outer products; TD is W·W' with 1 on its diagonal, so for every item with several owners the diagonal is put right.
 */
#include "requirement.h"

#include <stdlib.h>
#include <string.h>

#define TERMS_ASK_EVERY 64 /* aims or items between two questions whether to go on */

struct term {
    int32_t item, owner; /* aim and place among the owners */
    double value;
};
struct terms {
    struct term *list;
    size_t count;
};

static int compare_terms(const void *a, const void *b)
{
    const struct term *left = a, *right = b;
    if (left->item != right->item)
        return left->item < right->item ? -1 : 1;
    return (left->owner > right->owner) - (left->owner < right->owner);
}

static int compare_numbers(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static int compare_links(const void *a, const void *b)
{
    const struct need_link *left = a, *right = b;
    if (left->instrument != right->instrument)
        return left->instrument < right->instrument ? -1 : 1;
    return (left->aim > right->aim) - (left->aim < right->aim);
}

/* Sorts, and adds up what stands twice. */
static void unite(struct terms *terms)
{
    if (terms->count > 1)
        qsort(terms->list, terms->count, sizeof *terms->list, compare_terms);
    size_t kept = 0;
    for (size_t i = 0; i < terms->count; i++) {
        if (kept && compare_terms(&terms->list[kept - 1], &terms->list[i]) == 0)
            terms->list[kept - 1].value += terms->list[i].value;
        else
            terms->list[kept++] = terms->list[i];
    }
    terms->count = kept;
}

static bool find_owners(struct requirement *requirement, const struct need *need)
{
    requirement->actors = malloc((need->owner_count + 1) * sizeof *requirement->actors);
    if (!requirement->actors)
        return false;
    for (size_t i = 0; i < need->owner_count; i++)
        requirement->actors[i] = need->owners[i].actor;
    if (need->owner_count)
        qsort(requirement->actors, need->owner_count, sizeof *requirement->actors, compare_numbers);
    for (size_t i = 0; i < need->owner_count; i++)
        if (!requirement->count || requirement->actors[requirement->count - 1] != requirement->actors[i])
            requirement->actors[requirement->count++] = requirement->actors[i];
    return true;
}

/* TA as a list by item. */
static bool own_terms(const struct requirement *requirement, const struct need *need, struct terms *ret_owned)
{
    ret_owned->list = malloc((need->owner_count + 1) * sizeof *ret_owned->list);
    if (!ret_owned->list)
        return false;
    for (size_t i = 0; i < need->owner_count; i++) {
        const int32_t *place = bsearch(&need->owners[i].actor, requirement->actors, requirement->count,
                                       sizeof *requirement->actors, compare_numbers);
        ret_owned->list[ret_owned->count++] =
            (struct term){need->owners[i].item, (int32_t)(place - requirement->actors), need->owners[i].share};
    }
    unite(ret_owned);
    return true;
}

/* Where each instrument's links begin in the sorted list. */
static size_t *link_starts(const struct need *need, const struct need_link *links)
{
    size_t *starts = calloc(need->item_count + 1, sizeof *starts);
    for (size_t i = 0; starts && i < need->link_count; i++)
        starts[links[i].instrument + 1]++;
    for (size_t i = 0; starts && i < need->item_count; i++)
        starts[i + 1] += starts[i];
    return starts;
}

/* V as a list by aim. */
static bool served_terms(const struct need *need, const struct terms *owned, const struct need_link *links,
                         const size_t *starts, struct terms *ret_served)
{
    size_t most = 1;
    for (size_t i = 0; i < owned->count; i++)
        most += 1 + starts[owned->list[i].item + 1] - starts[owned->list[i].item];
    ret_served->list = malloc(most * sizeof *ret_served->list);
    if (!ret_served->list)
        return false;
    for (size_t i = 0; i < owned->count; i++) {
        const struct term *own = &owned->list[i];
        if (need->items[own->item].kind != NEED_INSTRUMENT)
            ret_served->list[ret_served->count++] = *own;
        for (size_t l = starts[own->item]; l < starts[own->item + 1]; l++)
            ret_served->list[ret_served->count++] = (struct term){links[l].aim, own->owner, own->value * links[l].weight};
    }
    unite(ret_served);
    return true;
}

static void note_evidence(struct requirement_evidence *evidence, enum need_kind kind, int32_t item)
{
    if (evidence->count[kind] < REQUIREMENT_EVIDENCE_MAX)
        evidence->items[kind][evidence->count[kind]] = item;
    evidence->count[kind]++;
}

static size_t block_end(const struct terms *terms, size_t at)
{
    size_t end = at;
    while (end < terms->count && terms->list[end].item == terms->list[at].item)
        end++;
    return end;
}

/* Adds `scale` times the product of each two owners of every item; items of these kinds (bits) are evidence. False: stopped. */
static bool add_products(struct requirement *requirement, const struct need *need, const struct terms *terms,
                         const double *scales, unsigned kinds, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t asked = 0;
    for (size_t at = 0; at < terms->count;) {
        size_t end = block_end(terms, at);
        int32_t item = terms->list[at].item;
        bool evident = kinds & 1U << need->items[item].kind;
        for (size_t i = at; i < end; i++) {
            for (size_t j = i + 1; j < end; j++) {
                size_t pair = requirement_pair(requirement, (size_t)terms->list[i].owner, (size_t)terms->list[j].owner);
                requirement->weights[pair] += terms->list[i].value * terms->list[j].value * (scales ? scales[item] : 1);
                if (evident)
                    note_evidence(&requirement->evidence[pair], need->items[item].kind, item);
            }
        }
        at = end;
        if (proceed && ++asked % TERMS_ASK_EVERY == 0 && !proceed(arg, (unsigned)(1000 * at / terms->count)))
            return false;
    }
    return true;
}

static enum requirement_status fill(struct requirement *requirement, const struct need *need, bool sharing_only,
                                    bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    struct terms owned = {NULL, 0}, served = {NULL, 0};
    struct need_link *links = calloc(need->link_count + 1, sizeof *links);
    double *scales = malloc((need->item_count + 1) * sizeof *scales);
    size_t *starts = NULL;
    enum requirement_status status = REQUIREMENT_NO_MEMORY;
    if (!links || !scales || !own_terms(requirement, need, &owned))
        goto out;
    if (need->link_count) {
        memcpy(links, need->links, need->link_count * sizeof *links);
        qsort(links, need->link_count, sizeof *links, compare_links);
    }
    starts = link_starts(need, links);
    if (!starts)
        goto out;
    /* What TD's diagonal has too little of: 1 less than what an item gives to its aims. */
    for (size_t i = 0; i < need->item_count; i++) {
        scales[i] = sharing_only || need->items[i].kind == NEED_INSTRUMENT;
        for (size_t l = starts[i]; l < starts[i + 1] && !sharing_only; l++)
            scales[i] -= links[l].weight * links[l].weight;
    }
    for (size_t i = 0; i < owned.count; i++)
        requirement->owned[owned.list[i].owner]++;
    if (!sharing_only && !served_terms(need, &owned, links, starts, &served))
        goto out;
    status = REQUIREMENT_STOPPED;
    unsigned aims = 1U << NEED_GOAL | 1U << NEED_TARGET_GROUP, instruments = 1U << NEED_INSTRUMENT;
    if ((sharing_only || add_products(requirement, need, &served, NULL, aims, proceed, arg)) &&
        add_products(requirement, need, &owned, scales, sharing_only ? aims | instruments : instruments, proceed, arg))
        status = REQUIREMENT_OK;
    for (size_t p = 0; p < requirement->pair_count; p++)
        if (requirement->weights[p] < 0) /* the correction takes away what was added: less than nothing is rounding */
            requirement->weights[p] = 0;
out:
    free(owned.list);
    free(served.list);
    free(links);
    free(scales);
    free(starts);
    return status;
}

enum requirement_status requirement_init(struct requirement *ret_requirement, const struct need *need, bool sharing_only,
                                         bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    struct requirement requirement = {.count = 0};
    enum requirement_status status = REQUIREMENT_NO_MEMORY;
    if (!find_owners(&requirement, need))
        return status;
    if (requirement.count > REQUIREMENT_OWNERS_MAX) {
        status = REQUIREMENT_TOO_MANY;
    } else {
        requirement.pair_count = requirement.count ? requirement.count * (requirement.count - 1) / 2 : 0;
        requirement.weights = calloc(requirement.pair_count + 1, sizeof *requirement.weights);
        requirement.evidence = calloc(requirement.pair_count + 1, sizeof *requirement.evidence);
        requirement.owned = calloc(requirement.count + 1, sizeof *requirement.owned);
        if (requirement.weights && requirement.evidence && requirement.owned)
            status = fill(&requirement, need, sharing_only, proceed, arg);
    }
    if (status == REQUIREMENT_OK)
        *ret_requirement = requirement;
    else
        requirement_release(&requirement);
    return status;
}

void requirement_release(struct requirement *requirement)
{
    free(requirement->actors);
    free(requirement->weights);
    free(requirement->evidence);
    free(requirement->owned);
    *requirement = (struct requirement){.count = 0};
}
