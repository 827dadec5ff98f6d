/* SPDX-License-Identifier: GPL-3.0-or-later
 * One family of numbers on what a snapshot has read, with the card that says how it was made.
 */
#ifndef SAMORDNING_FAMILY_H
#define SAMORDNING_FAMILY_H

#include "progress.h"
#include "result.h"
#include "snapshot.h"

#define ENGINE_OWN "samordning" /* on the card of a family that no library computed */

struct path_share;
/* A span of the whole job's progress for one family. */
struct family_span {
    const struct progress *progress;
    const char *phase;
    unsigned from, to; /* permille */
};

/* Several may run side by side, but of those that are `alone` one at a time: they have igraph and what families keep for one
 * another of the snapshot. Long path work with other workers (`share`, may be NULL). */
MUST_CHECK enum status family_run(const char *name, struct snapshot *snapshot, const struct path_share *share,
                                  struct family_span *span, struct errmsg *ret_errmsg, struct result **ret_result);
bool family_is_alone(const char *name);
/* The network whose ties are read: treated, where it was to be. */
const struct network *family_tied_network(const struct snapshot *snapshot);
/* What stands on every card, whoever computed. */
void family_fill_card(struct result *result, const struct snapshot *snapshot);

#endif
