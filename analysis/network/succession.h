/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of an actor: its successors after all reorganisations behind a day, with shares.
 */
#ifndef SAMORDNING_SUCCESSION_H
#define SAMORDNING_SUCCESSION_H

#include "structure.h"

#define SUCCESSION_MAX 256 /* successors of one actor; the smallest shares beyond that are given to the last kept */

struct successor {
    int32_t actor;
    double share;
};

/* Returns their number, at least 1. Shares of one event that sum to more than 1 are scaled down to 1; what an event does not
 * give away stays. */
size_t succession_of(const struct structure *structure, int32_t actor, int32_t day,
                     struct successor ret_successors[SUCCESSION_MAX]);

#endif
