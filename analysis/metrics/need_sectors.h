/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of pairs of sectors of family need, the least connected beside their needs first.
 */
#ifndef SAMORDNING_NEED_SECTORS_H
#define SAMORDNING_NEED_SECTORS_H

#include "need_study.h"

/* Nulls as need_study_permute gives them; the pairs must still be in their order. False: out of memory. */
bool need_sectors_table(const struct need_study *study, const struct label_null *nulls, struct result *result);

#endif
