/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sends the letters of surveys: takes what is due from the store, composes it, hands it to the mail server (or writes it into a
 * folder where none is configured), and notes what became of it.
 *
 * A letter that is refused for good marks its seat undelivered; one that is refused for now is tried again, later each time. A
 * mail server that cannot be used at all costs no letter an attempt: everything waits, with a back-off, until it can.
 */
#ifndef SAMORDNING_MAIL_H
#define SAMORDNING_MAIL_H

#include "config.h"
#include "metrics.h"

#include <stdbool.h>

#define MAIL_LOOK_MS     1000
#define MAIL_AWAY_MAX_MS 900000
#define MAIL_BATCH_BYTES (8U << 20)
#define MAIL_LINK_MAX    600 /* bytes of a whole link */

struct event_base;
struct mail;
struct store;

/* Everything outlives it but the store, which is destroyed first: its last calls come back to a mail that still stands. NULL:
 * out of memory. */
struct mail *mail_create(struct event_base *base, const struct config *config, struct metrics *metrics, struct store *store);
/* The configuration has changed: the wait for a mail server begins anew. NULL is fine. */
void mail_configured(struct mail *mail);
void mail_stop(struct mail *mail); /* takes no more letters; those under way go on */
bool mail_is_idle(const struct mail *mail);
/* What is still under way stays "being sent" in the database and is taken up again when its lease is over. NULL is fine. */
void mail_destroy(struct mail *mail);

#endif
