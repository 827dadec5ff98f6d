/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register, as rows of the database become a struct structure.
 */
#ifndef SAMORDNING_REGISTER_READ_H
#define SAMORDNING_REGISTER_READ_H

#include "database.h"
#include "structure.h"

/* The register of a version, as a process has read it last. Reporters and what they deliver have no version: they are read each
 * time, and a digest of them says whether they still are what they were. */
struct register_memory {
    struct structure *structure; /* NULL = empty */
    int64_t version;
    uint64_t rest;
};
void register_memory_release(struct register_memory *memory); /* it is empty then */

/* `version` is the register's in this transaction; the period says which deliveries there are. `memory` may be NULL. The caller
 * destroys the structure. */
MUST_CHECK enum status register_read(struct database *database, int64_t version, int32_t from_day, int32_t to_day,
                                     struct register_memory *memory, struct structure **ret_structure);

#endif
