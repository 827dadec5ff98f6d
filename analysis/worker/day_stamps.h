/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands for the reports of each day: whoever has read them once can tell whether they are still the same.
 */
#ifndef SAMORDNING_DAY_STAMPS_H
#define SAMORDNING_DAY_STAMPS_H

#include "database.h"
#include "layers.h"

/* `days` are sorted and distinct. ret_stamps: `count`, of the digests of all layers' blocks; 0 while reports of the day wait to
 * be condensed, for then rows are ahead of its blocks. */
MUST_CHECK enum status day_stamps_read(struct database *database, const struct layers *layers, const int32_t *days,
                                       size_t count, uint64_t *ret_stamps);

#endif
