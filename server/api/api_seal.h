/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session of somebody at the pages: a cookie that only this daemon can make and read, so nothing is kept here.
 *
 * It holds the hash of the token the person logged in with, never the token, and is good as long as the token is, but no longer
 * than API_SESSION_S. Sealed with XChaCha20-Poly1305 (libsodium) under the key of the form's cookies, for another purpose.
 */
#ifndef SAMORDNING_API_SEAL_H
#define SAMORDNING_API_SEAL_H

#include "form/form_seal.h"
#include "token_secret.h"

#include <stdbool.h>
#include <stdint.h>

#define API_SESSION_S   INT64_C(43200) /* 12 hours */
#define API_COOKIE_SIZE 192            /* text, with the closing NUL */
#define API_CSRF_SIZE   33             /* hex, with the closing NUL */

struct api_sealed {
    char token_hash[TOKEN_HASH_SIZE];
    uint8_t id[16]; /* drawn at login */
    int64_t issued_s;
};

void api_seal(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, char ret_cookie[API_COOKIE_SIZE]);
/* False: not made with this key, changed, or too old. */
bool api_unseal(const uint8_t key[FORM_KEY_SIZE], const char *cookie, int64_t now_s, struct api_sealed *ret_session);
/* What requests of this session that change something must show; another page cannot know it. */
void api_csrf(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, char ret_text[API_CSRF_SIZE]);
bool api_csrf_fits(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, const char *text);

#endif
