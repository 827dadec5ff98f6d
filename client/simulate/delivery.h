/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file of participation rows: what one reporter tells of the simulated year.
 */
#ifndef SAMORDNING_SIMULATE_DELIVERY_H
#define SAMORDNING_SIMULATE_DELIVERY_H

#include "year.h"

#include <stdio.h>

struct delivery_counts {
    uint64_t told, rows;
};

/* `reporter` PUBLIC_BODY_NONE: every interaction, told once. False: errno says why. */
MUST_CHECK bool delivery_write(FILE *file, const struct year *year, unsigned reporter, struct delivery_counts *ret_counts);
/* How the participation's body is written in that row. */
const char *delivery_spelling(const struct year_participation *participation);

#endif
