/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes and hashes tokens. A fast hash is right for what nobody can guess.
 */
#include "token_secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static void hash_of(const char *secret, char ret_hash[TOKEN_HASH_SIZE])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)secret, strlen(secret), NULL, 0);
    sodium_bin2hex(ret_hash, TOKEN_HASH_SIZE, hash, sizeof hash);
}

void token_secret_make(char ret_secret[TOKEN_SECRET_SIZE], char ret_hash[TOKEN_HASH_SIZE])
{
    unsigned char random[32];
    char text[44];
    _Static_assert(sodium_base64_ENCODED_LEN(sizeof random, BASE64) == sizeof text, "the secret has room");
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(text, sizeof text, random, sizeof random, BASE64);
    snprintf(ret_secret, TOKEN_SECRET_SIZE, TOKEN_SECRET_PREFIX "%s", text);
    sodium_memzero(random, sizeof random);
    sodium_memzero(text, sizeof text);
    hash_of(ret_secret, ret_hash);
}

bool token_secret_hash(const char *secret, char ret_hash[TOKEN_HASH_SIZE])
{
    size_t prefix = sizeof TOKEN_SECRET_PREFIX - 1;
    if (strlen(secret) != TOKEN_SECRET_SIZE - 1 || strncmp(secret, TOKEN_SECRET_PREFIX, prefix) != 0)
        return false;
    hash_of(secret, ret_hash);
    return true;
}
