/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session of somebody at the pages, as a sealed cookie (web_seal.h).
 *
 * It holds the hash of the token the person logged in with, never the token, and is good as long as the token is, but no longer
 * than API_SESSION_S.
 */
#ifndef SAMORDNING_API_SEAL_H
#define SAMORDNING_API_SEAL_H

#include "token_secret.h"
#include "web/web_seal.h"

#include <stdbool.h>
#include <stdint.h>

#define API_SESSION_S INT64_C(43200) /* 12 hours */
#define API_CSRF_SIZE 33             /* hex, with the closing NUL */

struct api_sealed {
    struct web_session web;
    char token_hash[TOKEN_HASH_SIZE];
};

void api_seal(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, char ret_cookie[WEB_COOKIE_MAX]);
/* False: not made with this key, changed, or too old. */
bool api_unseal(const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s, struct api_sealed *ret_session);
/* What requests of this session that change something must show; another page cannot know it. */
void api_csrf(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, char ret_text[API_CSRF_SIZE]);
bool api_csrf_fits(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, const char *text);

#endif
