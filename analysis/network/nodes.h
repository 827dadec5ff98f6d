/* SPDX-License-Identifier: GPL-3.0-or-later
 * The nodes that interactions can be between, each an actor of the structure or a sector; who of them took part, and what they
 * are as actors of the network.
 */
#ifndef SAMORDNING_NODES_H
#define SAMORDNING_NODES_H

#include "network.h"
#include "structure.h"

#define NODES_DEPTH_MAX 8 /* groups of groups of ..., bodies of bodies of ...; deeper goes in circles */

/* An actor's node is its place in the structure; at level sector nodes are places in `sectors`. */
struct nodes {
    struct spec spec;
    const struct structure *structure; /* must outlive them */
    int32_t now;                       /* the day whose structure VIEW_AS_NOW uses */
    const char **sectors;              /* of the structure, sorted, each once */
    size_t sector_count;
    size_t count;
    size_t structure_actors; /* how many the structure has, which may be gone when others go on from these */
    bool *took_part;
    int32_t *sector_of; /* at level sector: node of each actor that was counted in, else -1 */
};

/* False: out of memory; they must be released all the same. */
bool nodes_init(struct nodes *nodes, const struct spec *spec, const struct structure *structure);
void nodes_release(struct nodes *nodes);
/* Before anybody took part: who took part in others, of an equal structure. */
void nodes_go_on(struct nodes *nodes, const struct nodes *from);
/* -1 = there is none. */
int32_t nodes_sector(const struct nodes *nodes, const char *sector);
int32_t nodes_actor(const struct nodes *nodes, int32_t actor);
/* The actors of the network sorted by key: those who took part and those the level demands; and where each node is among them
 * (-1 = not). `organisations` reported. False: out of memory; what is counted is to be released all the same. */
bool nodes_actors(struct nodes *nodes, const int32_t *organisations, size_t organisation_count,
                  struct network_actor **ret_actors, size_t *ret_count, int32_t **ret_places);

#endif
