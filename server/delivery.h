/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a schedule's report goes, as operators write it: folder:NAME, put:PATH, mail:ADDRESS[,ADDRESS...].
 *
 * Folders and paths lie below what the daemon's configuration names, so that whoever may plan schedules over the network can
 * neither write elsewhere on the daemon's machine nor make it talk to other servers.
 */
#ifndef SAMORDNING_DELIVERY_H
#define SAMORDNING_DELIVERY_H

#include "config.h"
#include "status.h"

#define DELIVERY_MAX           1000 /* bytes */
#define DELIVERY_ADDRESSES_MAX 20

enum delivery_kind { DELIVERY_FOLDER, DELIVERY_PUT, DELIVERY_MAIL };

/* `place` is what stands behind the colon, in `text`. STATUS_INVALID: errmsg says why; a put: needs delivery_url. */
MUST_CHECK enum status delivery_read(const char *text, const struct config *config, enum delivery_kind *ret_kind,
                                     const char **ret_place, struct errmsg *ret_errmsg);

#endif
