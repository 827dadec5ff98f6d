/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coordination requirements: CR = TA·TD·TA' (Cataldo, Herbsleb & Carley 2006, 2008), from the register of needs.
 *
 * TA is actors by items (instruments, goals, target groups): the share an actor owns. TD is items by items: 1 with itself, and
 * between two items the sum over goals and target groups of the products of what each gives to them; an instrument gives an aim
 * the weight of their link, an aim gives itself 1. With `sharing_only` TD is the identity: only owning the same item counts.
 * Only pairs of different owners are kept; CR is symmetric.
 */
#ifndef SAMORDNING_REQUIREMENT_H
#define SAMORDNING_REQUIREMENT_H

#include "need.h"

#define REQUIREMENT_OWNERS_MAX   1000
#define REQUIREMENT_EVIDENCE_MAX 4 /* items named per pair and kind */

enum requirement_status { REQUIREMENT_OK, REQUIREMENT_STOPPED, REQUIREMENT_TOO_MANY, REQUIREMENT_NO_MEMORY };

struct requirement_evidence {
    uint32_t count[NEED_KINDS]; /* goals and target groups both serve or own, instruments both own */
    int32_t items[NEED_KINDS][REQUIREMENT_EVIDENCE_MAX];
};
struct requirement {
    int32_t *actors; /* who owns something, ascending */
    size_t count;
    size_t pair_count;                     /* count (count - 1) / 2 */
    double *weights;                       /* CR of each pair, >= 0 */
    struct requirement_evidence *evidence; /* of each pair */
    double *owned;                         /* items of each owner */
};

/* The pair of the a-th and b-th owner, a < b. */
static inline size_t requirement_pair(const struct requirement *requirement, size_t a, size_t b)
{
    return a * (2 * requirement->count - a - 1) / 2 + (b - a - 1);
}
/* `proceed` may be NULL; false stops. Nothing to release unless OK. */
enum requirement_status requirement_init(struct requirement *ret_requirement, const struct need *need, bool sharing_only,
                                         bool (*proceed)(void *arg, unsigned permille), void *arg);
void requirement_release(struct requirement *requirement);

#endif
