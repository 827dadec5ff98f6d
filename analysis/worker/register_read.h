/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register, as rows of the database become a struct structure.
 */
#ifndef SAMORDNING_REGISTER_READ_H
#define SAMORDNING_REGISTER_READ_H

#include "database.h"
#include "structure.h"

/* With the deliveries that overlap [from_day, to_day). */
MUST_CHECK enum status register_read(struct database *database, int32_t from_day, int32_t to_day,
                                     struct structure **ret_structure);

#endif
