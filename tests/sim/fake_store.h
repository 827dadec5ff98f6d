/* SPDX-License-Identifier: GPL-3.0-or-later
 * A store in memory behind server/store.h, for tests of the network side: remembers what was committed, answers after a few
 * turns, and fails on purpose. The real store is tested against PostgreSQL.
 */
#ifndef SAMORDNING_FAKE_STORE_H
#define SAMORDNING_FAKE_STORE_H

#include "store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_row {
    uint8_t id[16];
    uint64_t content_hash;
    int32_t reporter;
    unsigned inserts; /* must be 1 */
    bool is_used, is_withdrawn;
};

struct fake_store_options {
    unsigned delay_max;     /* turns until a call is answered: 0..delay_max */
    unsigned fail_permille; /* calls that fail without effect: BUSY, UNAVAILABLE, TIMEOUT */
    unsigned lost_permille; /* calls that are committed and then answered UNAVAILABLE */
    uint32_t roles;         /* of every organisation; 0 = all three roles */
    bool refuses_everybody; /* store_principal: UNAUTHENTICATED */
    bool never_answers;
    void (*wake)(void *arg); /* a call waits: fake_store_turn should come; may be NULL */
};

struct store *fake_store_create(uint64_t seed, const struct fake_store_options *options);
void fake_store_destroy(struct store *store); /* answers what waits with UNAVAILABLE first */
void fake_store_turn(struct store *store);    /* one turn passes: answers what is due */
size_t fake_store_waiting(const struct store *store);
size_t fake_store_rows(const struct store *store);
const struct fake_row *fake_store_find(const struct store *store, const uint8_t id[16]); /* NULL = not there */
struct fake_store_options *fake_store_options(struct store *store);
uint64_t fake_store_classified(const struct store *store);
bool fake_store_saw_graded_content(const struct store *store); /* must stay false */

#endif
