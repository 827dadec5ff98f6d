/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session of a respondent: a cookie that only this daemon can make and read, so nothing is kept here.
 *
 * Sealed with XChaCha20-Poly1305 (libsodium) under a key in state_dir/form.key, made on the first start. It holds the hash of
 * the link the person came with, never the link. Tokens against forged requests are made of it and masked anew for each page,
 * so that compressed pages do not give them away.
 */
#ifndef SAMORDNING_FORM_SEAL_H
#define SAMORDNING_FORM_SEAL_H

#include "instrument.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORM_KEY_SIZE        32
#define FORM_WAVE_SIZE       49  /* key of a wave, with the closing NUL */
#define FORM_COOKIE_SIZE     256 /* text, with the closing NUL */
#define FORM_TOKEN_SIZE      48
#define FORM_SESSION_S       INT64_C(1209600) /* 14 days; the browser forgets it earlier, when it is closed */
#define FORM_SESSION_RENEW_S INT64_C(86400)

struct form_session {
    uint8_t link_hash[32];
    uint8_t id[16]; /* drawn when the link was opened */
    char wave[FORM_WAVE_SIZE];
    enum instrument_language language;
    int64_t issued_s; /* since 1970 */
};

/* Reads state_dir/form.key, or makes it. */
MUST_CHECK enum status form_key_load(const char *state_dir, uint8_t ret_key[FORM_KEY_SIZE], struct errmsg *ret_errmsg);

void form_session_begin(struct form_session *session, const uint8_t link_hash[32], const char *wave,
                        enum instrument_language language, int64_t now_s);
void form_seal(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, char ret_cookie[FORM_COOKIE_SIZE]);
/* False: not made with this key, changed, or too old. */
bool form_unseal(const uint8_t key[FORM_KEY_SIZE], const char *cookie, int64_t now_s, struct form_session *ret_session);

void form_token(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, char ret_token[FORM_TOKEN_SIZE]);
bool form_token_fits(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, const char *token);

#endif
