/* SPDX-License-Identifier: GPL-3.0-or-later
 * Merging the day blocks of a period into one network: labels become actors as of each day, groups their members, actors what
 * they count as at the level and in the view asked for; then everything about a pair is added up.
 *
 * Sums are exact (amount.h), so blocks may come in any order and any partition of the interactions over blocks gives the same
 * bits; only the shares of successors (VIEW_AS_NOW) are rounded, to 2^-64 a block and dyad.
 */
#ifndef SAMORDNING_MERGE_H
#define SAMORDNING_MERGE_H

#include "network.h"
#include "structure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERGE_NOBODY  (-1)
#define MERGE_GROUP   (-2)
#define MERGE_NO_MORE (-3)

enum merge_status { MERGE_OK, MERGE_NO_MEMORY, MERGE_BROKEN, MERGE_TOO_MUCH };

struct merge;
/* Borrows the prepared structure until destroyed. */
struct merge *merge_create(const struct spec *spec, const struct structure *structure);
void merge_destroy(struct merge *merge);
/* Before anything is added: all that another merge, of the same specification and an equal structure, has added so far. Without
 * slices. False: out of memory. */
bool merge_go_on(struct merge *merge, const struct merge *from);
/* with relations=layers: a layer that was asked for, and what its ties are named by. False: out of memory. */
bool merge_name_layer(struct merge *merge, int16_t code, const char *name);
/* The caller chooses the layers. MERGE_BROKEN and MERGE_TOO_MUCH (more relations or spells than SLICES_MAX): ret_error (400
 * bytes) says what is wrong. */
enum merge_status merge_add(struct merge *merge, const uint8_t *bytes, size_t size, char *ret_error);
/* The organisation told of something in the period, whatever came of it. False: out of memory. */
bool merge_add_reporter(struct merge *merge, int32_t organisation);
/* An actor of the register that belongs in the network whether tied or not. False: out of memory. */
bool merge_add_actor(struct merge *merge, int32_t register_actor, int32_t day);
/* Labels met so far that had no actor on some day; sorted. */
const int32_t *merge_unresolved(struct merge *merge, size_t *ret_count);
bool merge_label_unresolved(const struct merge *merge, int32_t label, int32_t day);
/* The network, once; NULL: out of memory. */
struct network *merge_finish(struct merge *merge);
/* Index of the label's actor in the finished network; the one with the largest share if several. MERGE_NOBODY: none. */
int32_t merge_actor_of(struct merge *merge, int32_t label, int32_t day);
/* The index-th member of a group's label, each once; MERGE_NOBODY: that one has no actor here. MERGE_NO_MORE: past the last. */
int32_t merge_member_of(struct merge *merge, int32_t label, int32_t day, size_t index);
/* The actor that an organisation which reports is, at the level and in the view of the network. */
int32_t merge_reporter_of(struct merge *merge, int32_t organisation, int32_t day);

#define MERGE_PLACES_MAX 256 /* successors of one actor */
struct merge_place {
    int32_t actor; /* index in the finished network */
    double share;
};
/* Where an actor of the register is in the finished network on that day, for itself and not for its members; the largest share
 * first. 0 = nowhere. */
size_t merge_places_of(struct merge *merge, int32_t register_actor, int32_t day,
                       struct merge_place ret_places[MERGE_PLACES_MAX]);

#endif
