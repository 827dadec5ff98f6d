/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the HTTP API: 256 random bits behind a prefix that scanners for leaked secrets can look for; what is stored is a
 * hash.
 */
#ifndef SAMORDNING_TOKEN_SECRET_H
#define SAMORDNING_TOKEN_SECRET_H

#include <stdbool.h>

#define TOKEN_SECRET_PREFIX "samordning_"
#define TOKEN_SECRET_SIZE   (sizeof TOKEN_SECRET_PREFIX + 43) /* text, with the closing NUL */
#define TOKEN_HASH_SIZE     65                                /* BLAKE2b-256 in hex, with the closing NUL */

void token_secret_make(char ret_secret[TOKEN_SECRET_SIZE], char ret_hash[TOKEN_HASH_SIZE]);
/* False: not the form of a token. */
bool token_secret_hash(const char *secret, char ret_hash[TOKEN_HASH_SIZE]);

#endif
