/* SPDX-License-Identifier: GPL-3.0-or-later
 * From labels to nodes as of a day: whom a name means, a group's members, successors, level and view, with a cache that lasts
 * as long as nothing in the register changes; and the list of actors a network has.
 */
#ifndef SAMORDNING_RESOLVER_H
#define SAMORDNING_RESOLVER_H

#include "network.h"
#include "structure.h"
#include "succession.h"

#define RESOLVER_TARGETS_MAX SUCCESSION_MAX /* what one actor, not a group, can count as */

struct target {
    int32_t node;
    uint64_t share; /* of AMOUNT_WHOLE */
};
struct resolved {
    bool known; /* the label means an actor that day; its targets may still be none: outside level or view */
    bool group; /* it stands for members */
    uint32_t first, count;
};

struct resolver;
struct resolver *resolver_create(const struct spec *spec, const struct structure *structure);
/* Before anything is resolved: who took part in what another one, of an equal structure, has resolved, and what it could not.
 * False: out of memory. */
bool resolver_go_on(struct resolver *resolver, const struct resolver *from);
/* Nodes are numbered below this. */
size_t resolver_node_count(const struct resolver *resolver);
void resolver_destroy(struct resolver *resolver);
/* False: out of memory. Targets stay readable until the next resolve of another day. */
bool resolver_resolve(struct resolver *resolver, int32_t label, int32_t day, struct resolved *ret_resolved);
const struct target *resolver_target(const struct resolver *resolver, struct resolved resolved, size_t index);
/* What an actor of the register counts as on that day, for itself and not for its members: the largest share first. 0 = nobody
 * at this level or in this view, or out of memory. */
size_t resolver_actor(struct resolver *resolver, int32_t actor, int32_t day, struct target ret_targets[RESOLVER_TARGETS_MAX]);
/* The node of the actor that carries the organisation's number on that day, the one with the largest share if several; -1 =
 * none, or out of memory. */
int32_t resolver_organisation(struct resolver *resolver, int32_t organisation, int32_t day);
/* The label's nodes took part, so they are in the network whether tied or not. */
bool resolver_took_part(struct resolver *resolver, int32_t label, int32_t day);
/* The same for an actor of the register, itself and not its members. False: out of memory. */
bool resolver_actor_took_part(struct resolver *resolver, int32_t actor, int32_t day);
const int32_t *resolver_unresolved(struct resolver *resolver, size_t *ret_count);
/* The actors of the network sorted by key: those who took part and those the level demands; and where each node is among them
 * (-1 = not). `organisations` reported. */
bool resolver_actors(struct resolver *resolver, const int32_t *organisations, size_t organisation_count,
                     struct network_actor **ret_actors, size_t *ret_count, int32_t **ret_places);

#endif
