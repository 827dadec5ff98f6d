/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session of a respondent, as a sealed cookie (web_seal.h).
 *
 * It holds the hash of the link the person came with, never the link, and whose answers they are: a draft is checked without
 * asking the store who sends it. Tokens against forged requests are made of it and masked anew for each page, so that
 * compressed pages do not give them away.
 */
#ifndef SAMORDNING_FORM_SEAL_H
#define SAMORDNING_FORM_SEAL_H

#include "instrument.h"
#include "web/web_seal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORM_WAVE_SIZE       49                              /* key of a wave, with the closing NUL */
#define FORM_ACTOR_SIZE      (INSTRUMENT_NAME_BYTES_MAX + 1) /* key of an actor, likewise */
#define FORM_TOKEN_SIZE      48
#define FORM_SESSION_S       INT64_C(1209600) /* 14 days; the browser forgets it earlier, when it is closed */
#define FORM_SESSION_RENEW_S INT64_C(86400)

struct form_session {
    struct web_session web;
    uint8_t link_hash[32];
    char wave[FORM_WAVE_SIZE];
    char actor[FORM_ACTOR_SIZE]; /* whose answers they are, the same for as long as there is a seat; "" = ask the store */
    enum instrument_language language;
};

/* actor: NULL = none; one that is too long is left to the store. */
void form_session_begin(struct form_session *session, const uint8_t link_hash[32], const char *wave, const char *actor,
                        enum instrument_language language, int64_t now_s);
void form_seal(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, char ret_cookie[WEB_COOKIE_MAX]);
/* False: not made with this key, changed, or too old. */
bool form_unseal(const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s, struct form_session *ret_session);

void form_token(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, char ret_token[FORM_TOKEN_SIZE]);
bool form_token_fits(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, const char *token);

#endif
