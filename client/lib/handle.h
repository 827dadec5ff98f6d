/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is behind struct samordning.
 */
#ifndef SAMORDNING_HANDLE_H
#define SAMORDNING_HANDLE_H

#include "link.h"
#include "settings.h"
#include "spool.h"
#include "status.h"

struct samordning {
    struct settings settings;
    struct link link;
    struct spool *spool; /* opened by the first verb that needs it, kept until the end */
    struct errmsg last_error;
    uint8_t *call_frame; /* of the latest samordning_call */
};

/* Opens the spool if one is configured and not open yet. */
MUST_CHECK int handle_open_spool(struct samordning *s);

#endif
