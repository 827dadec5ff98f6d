/* SPDX-License-Identifier: GPL-3.0-or-later
 * A handful of merges, the least recently used one given up for a new one.
 */
#include "prefix.h"

#include <string.h>

static void clear(struct prefix *prefix)
{
    merge_destroy(prefix->merge);
    *prefix = (struct prefix){0};
}

void prefix_store_release(struct prefix_store *store)
{
    for (size_t i = 0; i < PREFIXES_MAX; i++)
        clear(&store->prefixes[i]);
}

bool prefix_spec(const struct spec *spec, char ret_text[SPEC_TEXT_MAX])
{
    struct spec read = *spec, plain;
    spec_default(&plain);
    read.choices = plain.choices;
    read.seed = plain.seed;
    read.missing = plain.missing;
    spec_format(&read, ret_text);
    return spec->choices.relations == RELATIONS_ONE && spec->choices.spells == SPELLS_NONE;
}

static uint64_t digest_before(const struct prefix_block *blocks, size_t count, int32_t day)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < count; i++)
        if (blocks[i].day < day)
            digest += blocks[i].digest;
    return digest;
}

static struct prefix *of_spec(struct prefix_store *store, const char *text)
{
    for (size_t i = 0; i < PREFIXES_MAX; i++)
        if (strcmp(store->prefixes[i].spec, text) == 0)
            return &store->prefixes[i];
    return NULL;
}

const struct prefix *prefix_find(struct prefix_store *store, const struct spec *spec, int64_t register_version,
                                 const struct prefix_block *blocks, size_t count)
{
    char text[SPEC_TEXT_MAX];
    struct prefix *found = prefix_spec(spec, text) ? of_spec(store, text) : NULL;
    if (!found || found->register_version != register_version || digest_before(blocks, count, found->to_day) != found->digest)
        return NULL;
    found->used = ++store->uses;
    return found;
}

void prefix_keep(struct prefix_store *store, const struct spec *spec, const struct structure *structure,
                 int64_t register_version, const struct prefix_block *blocks, size_t count, int32_t to_day,
                 const struct merge *merge, double unresolved)
{
    char text[SPEC_TEXT_MAX];
    if (!prefix_spec(spec, text))
        return;
    struct prefix *place = of_spec(store, text);
    for (size_t i = 0; i < PREFIXES_MAX && (!place || strcmp(place->spec, text) != 0); i++)
        if (!place || store->prefixes[i].used < place->used)
            place = &store->prefixes[i];
    clear(place);
    struct merge *copy = merge_create(spec, structure);
    if (!copy || !merge_go_on(copy, merge)) {
        merge_destroy(copy);
        return;
    }
    *place = (struct prefix){.register_version = register_version,
                             .to_day = to_day,
                             .digest = digest_before(blocks, count, to_day),
                             .unresolved = unresolved,
                             .merge = copy,
                             .used = ++store->uses};
    memcpy(place->spec, text, sizeof text);
}
