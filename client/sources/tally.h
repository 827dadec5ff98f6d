/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often each of very many 64-bit hashes was seen, in 12 to 24 bytes each.
 */
#ifndef SAMORDNING_TALLY_H
#define SAMORDNING_TALLY_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

struct tally {
    uint64_t *keys; /* 0 = free; a hash of 0 is kept as 1 */
    uint32_t *counts;
    size_t slots, used;
};

void tally_release(struct tally *tally);
/* Adds one; ret_before is how often it was there already. */
MUST_CHECK enum status tally_add(struct tally *tally, uint64_t key, uint32_t *ret_before);
uint32_t tally_count(const struct tally *tally, uint64_t key);

#endif
