/* SPDX-License-Identifier: GPL-3.0-or-later
 * A result that was kept: in the daemon's database, under its id, or in a file that --format json wrote.
 */
#ifndef SAMORDNING_STORED_H
#define SAMORDNING_STORED_H

#include "arena.h"
#include "grid.h"
#include "session.h"

struct stored {
    const Samordning__V1__Result *result;
    const char *language, *media_type;             /* "" but for reports */
    ProtobufCBinaryData document;                  /* of a report */
    const char *superseded_by, *superseded_reason; /* "" when nothing took its place */
    bool is_file;                                  /* numbers as JSON holds them: without infinities and the sign of zero */

    /* what owns it */
    Samordning__V1__Result *unpacked;
    struct arena arena;
    struct grid grid;
    char *texts[4];
};

bool stored_is_id(const char *text);
/* Asks the daemon. Returns the exit code; what is wrong has been said. */
int stored_fetch(struct stored *stored, struct session *session, const char *id, const char *format);
int stored_read(struct stored *stored, const char *path);
void stored_release(struct stored *stored);

#endif
