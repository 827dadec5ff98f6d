/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sending by SMTP with libcurl, beside the event loop: a few threads, each with a connection that it keeps.
 *
 * Threads, because libcurl (7.88, lib/smtp.c) waits for the word after a letter's last line without giving control back, in its
 * multi interface too: a mail server that takes its time would hold the whole daemon. The threads touch nothing of the
 * daemon's; they get copies of the settings, and what became of a letter is told on the loop.
 *
 * What a failure means is told by how far the conversation had come, which curl's trace of the commands says.
 */
#ifndef SAMORDNING_SMTP_H
#define SAMORDNING_SMTP_H

#include "config.h"

#include <stddef.h>

#define SMTP_AT_ONCE            4
#define SMTP_CONNECT_TIMEOUT_MS 30000
#define SMTP_TIMEOUT_MS         300000 /* of one letter, connecting included; within LETTER_LEASE_S */
#define SMTP_WHY_SIZE           120

struct event_base;
struct smtp;

enum smtp_outcome {
    SMTP_SENT,
    SMTP_LATER,   /* this letter was refused for now (greylisting), or the connection broke while it was on its way */
    SMTP_REFUSED, /* this letter was refused for good */
    SMTP_AWAY     /* before any letter came into it: no connection, no TLS, no login, the sender is refused */
};

struct smtp_job {
    const char *recipient; /* borrowed, as is the letter, until done; several with commas between: all get it, or none */
    const char *letter;
    size_t size;
    void (*done)(struct smtp_job *job); /* from the loop, never from inside smtp_send */
    void *owner;

    enum smtp_outcome outcome;
    char why[SMTP_WHY_SIZE]; /* without addresses */
};

/* config outlives it; smtp_url and its kin are read for each letter. NULL: out of memory. */
struct smtp *smtp_create(struct event_base *base, const struct config *config);
/* False: out of memory or of threads, the job was not taken. */
bool smtp_send(struct smtp *smtp, struct smtp_job *job);
/* Breaks off what is under way, which takes a second or two with a server that is silent; every job is done first. NULL is
 * fine.
 */
void smtp_destroy(struct smtp *smtp);

#endif
