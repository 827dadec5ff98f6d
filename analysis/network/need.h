/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who needs whom, as the register says it: instruments, the goals and target groups they serve, and who owns them; owners as
 * actors of the network.
 */
#ifndef SAMORDNING_NEED_H
#define SAMORDNING_NEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEED_ITEMS_MAX 1000000

enum need_kind { NEED_GOAL, NEED_INSTRUMENT, NEED_TARGET_GROUP };
#define NEED_KINDS 3

struct need_item {
    enum need_kind kind;
    char *key, *name;
};
struct need_owner {
    int32_t item, actor; /* index of items; of the network's actors */
    double share;        /* > 0: of the register, times that of a successor */
};
struct need_link {
    int32_t instrument, aim; /* indices of items: aim is a goal or a target group */
    double weight;           /* > 0 */
};
struct need {
    struct need_item *items;
    size_t item_count; /* in the order of adding: by kind and key */
    struct need_owner *owners;
    size_t owner_count;
    struct need_link *links;
    size_t link_count;
    double unplaced; /* ownerships whose owner has no place in the network: another level, or outside the view */
};
void need_release(struct need *need);

/* Builders; they copy texts. False: out of memory, or an index or kind that does not fit. */
bool need_add_item(struct need *need, enum need_kind kind, const char *key, const char *name);
bool need_add_owner(struct need *need, int32_t item, int32_t actor, double share);
bool need_add_link(struct need *need, int32_t instrument, int32_t aim, double weight);

#endif
