/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths of fields in errors, such as participants[2].deadline, built on the way back up.
 */
#ifndef SAMORDNING_FIELD_PATH_H
#define SAMORDNING_FIELD_PATH_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define FIELD_PATH_SINGLE SIZE_MAX /* as index: the field is not repeated */

/* Puts one more step before errmsg->field. NULL is fine. */
void field_path_prepend(struct errmsg *errmsg, const char *name, size_t index);

#endif
