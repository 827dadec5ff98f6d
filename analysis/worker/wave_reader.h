/* SPDX-License-Identifier: GPL-3.0-or-later
 * A wave of a survey out of the database, within the transaction of a snapshot.
 */
#ifndef SAMORDNING_WAVE_READER_H
#define SAMORDNING_WAVE_READER_H

#include "database.h"
#include "merge.h"
#include "wave.h"

struct wave_source {
    int32_t id, version, day;
    char key[64], instrument[64];
    uint64_t digest; /* of all that counts in it */
};

/* STATUS_INVALID: there is no such wave. `choice` is the key of a specification that named it. */
MUST_CHECK enum status wave_source_find(struct database *database, const char *choice, const char *key,
                                        struct wave_source *ret_source);
/* Before the merge is finished: who was asked, answered or was named is in the network. */
MUST_CHECK enum status wave_source_add_actors(struct database *database, const struct wave_source *source, struct merge *merge);
/* After it: everything, with actors as the network has them. `later`, NULL = none: a wave of the same questionnaire in a later
 * version, whose mapping gives items and values the names they have there. */
MUST_CHECK enum status wave_source_read(struct database *database, const struct wave_source *source,
                                        const struct wave_source *later, struct merge *merge, struct wave *ret_wave);

#endif
