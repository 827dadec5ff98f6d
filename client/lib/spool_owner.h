/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose interactions wait in a spool: sent with another organisation's certificate they would become its reports.
 */
#ifndef SAMORDNING_SPOOL_OWNER_H
#define SAMORDNING_SPOOL_OWNER_H

#include "status.h"

#include <stdbool.h>

/* Compares `owner` with the one noted in the directory while anything waits there, and notes it otherwise. SAMORDNING_OK or
 * SAMORDNING_E_SPOOL. */
MUST_CHECK int spool_owner_check(int directory_fd, const char *directory, const char *owner, bool is_waiting,
                                 struct errmsg *ret_errmsg);

/* Nothing waits any more. */
void spool_owner_forget(int directory_fd);

#endif
