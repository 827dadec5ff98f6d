/* SPDX-License-Identifier: GPL-3.0-or-later
 * Following actors forward through reorganisations.
 */
#include "succession.h"

#define SHARE_ROUNDING 1e-9

static size_t give(struct successor *successors, size_t count, int32_t actor, double share)
{
    for (size_t i = 0; i < count; i++) {
        if (successors[i].actor == actor) {
            successors[i].share += share;
            return count;
        }
    }
    if (count == SUCCESSION_MAX) {
        successors[count - 1].share += share;
        return count;
    }
    successors[count] = (struct successor){actor, share};
    return count + 1;
}

/* One event: relations [first, end). */
static size_t apply(const struct structure_relation *relations, size_t count, struct successor *successors, size_t held)
{
    struct successor after[SUCCESSION_MAX];
    size_t after_count = 0;
    for (size_t i = 0; i < held; i++) {
        double given = 0;
        for (size_t r = 0; r < count; r++)
            if (relations[r].from_actor == successors[i].actor)
                given += relations[r].share;
        double scale = given > 1 ? 1 / given : 1;
        for (size_t r = 0; r < count; r++)
            if (relations[r].from_actor == successors[i].actor)
                after_count = give(after, after_count, relations[r].to_actor, successors[i].share * relations[r].share * scale);
        if (given < 1 - SHARE_ROUNDING)
            after_count = give(after, after_count, successors[i].actor, successors[i].share * (1 - given));
    }
    for (size_t i = 0; i < after_count; i++)
        successors[i] = after[i];
    return after_count;
}

size_t succession_of(const struct structure *structure, int32_t actor, int32_t day,
                     struct successor ret_successors[SUCCESSION_MAX])
{
    size_t held = 1;
    ret_successors[0] = (struct successor){actor, 1};
    const struct structure_relation *relations = structure->relations;
    for (size_t i = 0, next; i < structure->relation_count; i = next) {
        for (next = i; next < structure->relation_count && relations[next].event == relations[i].event; next++)
            ;
        if (relations[i].day > day)
            held = apply(relations + i, next - i, ret_successors, held);
    }
    return held;
}
