/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ids of interactions: UUIDs whose first 48 bits are the interaction's time in ms since 1970 (RFC 9562 v7 or v8).
 *
 * A client with no id of its own gets the same one each time: v8 of the time and BLAKE2b over source and source_id, or over
 * the whole row where the source has no identifiers. docs/protocol.md gives the byte layout so that others can derive it.
 */
#ifndef SAMORDNING_INTERACTION_ID_H
#define SAMORDNING_INTERACTION_ID_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

#define INTERACTION_ID_SIZE      16
#define INTERACTION_ID_TEXT_SIZE 37 /* with the closing NUL */

/* Derives a v8 id from message->time, source and source_id (both non-empty), else from every field but id. */
void interaction_id_derive(const Samordning__V1__Interaction *message, uint8_t ret_id[INTERACTION_ID_SIZE]);

/* Makes a v7 id: time part from time_us, the rest random. */
void interaction_id_random(int64_t time_us, uint8_t ret_id[INTERACTION_ID_SIZE]);

/* True for a v7 or v8 UUID (RFC variant) whose time part is time_us in ms. */
bool interaction_id_matches_time(const uint8_t id[INTERACTION_ID_SIZE], int64_t time_us);

/* A 64-bit hash (XXH3) over everything the reporter says but the id; equal content has equal hashes. */
uint64_t interaction_content_hash(const Samordning__V1__Interaction *message);

void interaction_id_format(const uint8_t id[INTERACTION_ID_SIZE], char ret_text[INTERACTION_ID_TEXT_SIZE]);
MUST_CHECK enum status interaction_id_parse(const char *text, uint8_t ret_id[INTERACTION_ID_SIZE]);

#endif
