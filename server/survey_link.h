/* SPDX-License-Identifier: GPL-3.0-or-later
 * The secret in a respondent's link: HMAC-SHA256 of the seat, the kind and the number of the link under a key that only the
 * daemon has, as 43 characters of base64url. So it is made anew when a letter is written and stored nowhere; the database has
 * its SHA-256, which does not lead back to it.
 *
 * Daemons that share a database must share the key file: survey-link.key in the state directory.
 */
#ifndef SAMORDNING_SURVEY_LINK_H
#define SAMORDNING_SURVEY_LINK_H

#include "status.h"

#include <stdbool.h>
#include <stdint.h>

#define SURVEY_LINK_SECRET_SIZE 44 /* with its NUL */
#define SURVEY_LINK_HASH_SIZE   32
#define SURVEY_LINK_KEY_SIZE    32
#define SURVEY_LINK_PATH        "/s/" /* what stands before the secret in an address */

struct survey_link_key {
    uint8_t bytes[SURVEY_LINK_KEY_SIZE];
};

/* Reads the key, or makes it where there is none. errmsg names the file. STATUS_UNAVAILABLE: it cannot be read or written;
 * STATUS_INVALID: it is not such a key. */
MUST_CHECK enum status survey_link_key_load(const char *state_dir, struct survey_link_key *ret_key, struct errmsg *ret_errmsg);

/* kind: enum survey_link_kind (store_survey.h). ret_secret or ret_hash may be NULL. */
void survey_link_make(const struct survey_link_key *key, uint64_t seat, unsigned kind, uint32_t number,
                      char ret_secret[SURVEY_LINK_SECRET_SIZE], uint8_t ret_hash[SURVEY_LINK_HASH_SIZE]);

/* Of the secret in an address. False: it has not the form of one. */
MUST_CHECK bool survey_link_hash(const char *secret, uint8_t ret_hash[SURVEY_LINK_HASH_SIZE]);

#endif
