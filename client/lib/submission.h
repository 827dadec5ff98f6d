/* SPDX-License-Identifier: GPL-3.0-or-later
 * The part of a submission that the rest of the library uses.
 */
#ifndef SAMORDNING_SUBMISSION_H
#define SAMORDNING_SUBMISSION_H

#include "samordning.h"
#include "spool.h"
#include "status.h"

/* Sends a body that an earlier process spooled; tags count from first_tag. */
MUST_CHECK int submission_replay(struct samordning_submission *sub, const struct spool_record *record, const uint8_t *body,
                                 size_t size, uint64_t first_tag);
uint64_t submission_answered(const struct samordning_submission *sub);

#endif
