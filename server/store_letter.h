/* SPDX-License-Identifier: GPL-3.0-or-later
 * Letters of surveys: which are due, and what became of them. Verbs beside those of store.h and with the same rules.
 *
 *      waiting --take--> sending --settle--> sent
 *         ^                 |  \-----------> failed (refused for good, or given up, or not wanted any more)
 *         +---- settle -----+
 *         +-- lease over ---+
 *
 * Taking is committed before a letter leaves, so no two daemons send the same one. Only when a daemon dies between the mail
 * server's word and its own note does a letter go out again, with the same Message-ID.
 */
#ifndef SAMORDNING_STORE_LETTER_H
#define SAMORDNING_STORE_LETTER_H

#include "store.h"

#define LETTER_LEASE_S    600 /* longer than any attempt lasts */
#define LETTER_WAIT_MAX_S 21600

enum letter_language { LETTER_NB, LETTER_NN, LETTER_EN, LETTER_LANGUAGES };

/* One letter, and all that its text needs. */
struct store_letter {
    uint64_t id;
    int32_t attempt; /* counts from 1; tells this taking from a later one */
    uint64_t seat;
    int link_kind; /* enum survey_link_kind */
    uint32_t link_number;
    const char *kind; /* invitation, reminder, delegation, signing, returned, receipt */
    const char *address, *language;
    const char *wave; /* key */
    const char *title[LETTER_LANGUAGES];
    const char *text[LETTER_LANGUAGES]; /* the wave's own, for this kind; "" = the built-in one */
    const char *organisation[LETTER_LANGUAGES];
    const char *sender;
    const char *receipt;
    int64_t closes_us, created_us;
};
struct store_letters {
    struct store_call call;
    uint32_t max, attempts_max;
    size_t count; /* out, in the arena */
    struct store_letter *letters;
};
void store_letters_take(struct store *store, struct store_letters *letters);

enum letter_outcome {
    LETTER_SENT,
    LETTER_LATER,    /* an attempt that failed for now: again after a while, attempts_max times in all */
    LETTER_REFUSED,  /* nobody will ever take it: the seat is marked undelivered */
    LETTER_UNTOUCHED /* was not tried after all: as if it had not been taken */
};
struct store_letter_settlement {
    struct store_call call;
    uint64_t letter;
    int32_t attempt;
    enum letter_outcome outcome;
    uint32_t attempts_max;
    uint64_t wait_ms;  /* LATER, UNTOUCHED: doubled with each attempt up to LETTER_WAIT_MAX_S, and spread by half of it */
    const char *error; /* without the address */
    bool was_it;       /* out: the letter was still this taking's */
};
void store_letter_settle(struct store *store, struct store_letter_settlement *settlement);

#endif
