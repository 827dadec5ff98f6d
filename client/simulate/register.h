/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who the simulated government is, as files to import: its bodies, the reorganisations that made them, and who submits.
 */
#ifndef SAMORDNING_SIMULATE_REGISTER_H
#define SAMORDNING_SIMULATE_REGISTER_H

#include "year.h"

#include <stdio.h>

/* The bodies of the year, and those that ended in a reorganisation it knows of. False: errno says why it could not be written.
 */
bool register_write_actors(FILE *file, const struct year *year);
bool register_write_reorganisations(FILE *file, const struct year *year);
bool register_write_submitters(FILE *file, const struct year *year); /* as `samordning enrol --list` reads it */

#endif
