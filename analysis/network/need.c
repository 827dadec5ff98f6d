/* SPDX-License-Identifier: GPL-3.0-or-later
 * Growing the lists of the register of needs.
 */
#include "need.h"

#include <stdlib.h>
#include <string.h>

void need_release(struct need *need)
{
    for (size_t i = 0; i < need->item_count; i++) {
        free(need->items[i].key);
        free(need->items[i].name);
    }
    free(need->items);
    free(need->owners);
    free(need->links);
    *need = (struct need){0};
}

/* Room for one more in an array that doubles at powers of two. */
static bool make_room(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return true;
    void *memory = realloc(*(void **)array, (count ? 2 * count : 1) * size);
    if (!memory)
        return false;
    *(void **)array = memory;
    return true;
}

static bool is_kind(const struct need *need, int32_t item, bool instrument)
{
    return item >= 0 && (size_t)item < need->item_count && (need->items[item].kind == NEED_INSTRUMENT) == instrument;
}

bool need_add_item(struct need *need, enum need_kind kind, const char *key, const char *name)
{
    if (need->item_count >= NEED_ITEMS_MAX || !make_room(&need->items, need->item_count, sizeof *need->items))
        return false;
    struct need_item fresh = {kind, strdup(key), strdup(name)};
    if (!fresh.key || !fresh.name) {
        free(fresh.key);
        free(fresh.name);
        return false;
    }
    need->items[need->item_count++] = fresh;
    return true;
}

bool need_add_owner(struct need *need, int32_t item, int32_t actor, double share)
{
    if (item < 0 || (size_t)item >= need->item_count || !make_room(&need->owners, need->owner_count, sizeof *need->owners))
        return false;
    need->owners[need->owner_count++] = (struct need_owner){item, actor, share};
    return true;
}

bool need_add_link(struct need *need, int32_t instrument, int32_t aim, double weight)
{
    if (!is_kind(need, instrument, true) || !is_kind(need, aim, false) ||
        !make_room(&need->links, need->link_count, sizeof *need->links))
        return false;
    need->links[need->link_count++] = (struct need_link){instrument, aim, weight};
    return true;
}
