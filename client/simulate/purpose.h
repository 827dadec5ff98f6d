/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the simulated government is for, as files to import: its cases, and the instruments, goals and target groups its
 * ministries own.
 *
 * Every sector has goals and target groups of its own, and every ministry (but the Office of the Prime Minister, which owns
 * none) instruments that serve them; one in four also serves another sector's goal. Where a gap is planted, the two sectors
 * have a goal and a target group in common that all of their instruments serve: they need each other, and do not meet.
 */
#ifndef SAMORDNING_SIMULATE_PURPOSE_H
#define SAMORDNING_SIMULATE_PURPOSE_H

#include "year.h"

#include <stdio.h>

/* Cases with an interaction in the year. False: errno says why it could not be written. */
bool purpose_write_cases(FILE *file, const struct year *year);
bool purpose_write_need(FILE *file, const struct year *year);

#endif
