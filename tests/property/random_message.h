/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seeded random messages of any type, for properties that hold for all of them.
 */
#ifndef SAMORDNING_RANDOM_MESSAGE_H
#define SAMORDNING_RANDOM_MESSAGE_H

#include "arena.h"

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

struct random_source {
    uint64_t state;
};

uint64_t random_next(struct random_source *random);
uint64_t random_below(struct random_source *random, uint64_t bound);

/* Fills every field with some chance; strings are valid UTF-8 with Norwegian letters, enum values known ones, doubles finite
 * or, in lists, NaN. */
ProtobufCMessage *random_message(struct random_source *random, const ProtobufCMessageDescriptor *type, struct arena *arena);

#endif
