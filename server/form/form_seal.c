/* SPDX-License-Identifier: GPL-3.0-or-later
 * A respondent's session to a cookie and back, and its tokens.
 */
#include "form/form_seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const struct web_seal seal = {"samordning form session 2", FORM_SESSION_S, FORM_SESSION_RENEW_S};
static const char token_use[] = "samordning form token 1";

void form_session_begin(struct form_session *session, const uint8_t link_hash[32], const char *wave, const char *actor,
                        enum instrument_language language, int64_t now_s)
{
    *session = (struct form_session){.language = language};
    web_session_begin(&session->web, now_s);
    memcpy(session->link_hash, link_hash, sizeof session->link_hash);
    snprintf(session->wave, sizeof session->wave, "%s", wave);
    if (actor != NULL && strlen(actor) < sizeof session->actor)
        memcpy(session->actor, actor, strlen(actor) + 1);
}

/* What is sealed: language, link hash, wave, actor, both closed by NUL. */
void form_seal(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, char ret_cookie[WEB_COOKIE_MAX])
{
    unsigned char bytes[WEB_SEALED_MAX] = {(unsigned char)session->language};
    _Static_assert(1 + 32 + FORM_WAVE_SIZE + FORM_ACTOR_SIZE <= WEB_SEALED_MAX, "a session fits");
    size_t wave_size = strlen(session->wave) + 1, actor_size = strlen(session->actor) + 1;
    memcpy(bytes + 1, session->link_hash, 32);
    memcpy(bytes + 33, session->wave, wave_size);
    memcpy(bytes + 33 + wave_size, session->actor, actor_size);
    web_seal_close(&seal, key, &session->web, bytes, 33 + wave_size + actor_size, ret_cookie);
}

bool form_unseal(const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s, struct form_session *ret_session)
{
    unsigned char bytes[WEB_SEALED_MAX];
    struct form_session made = {0};
    size_t size = 0;
    if (!web_seal_open(&seal, key, cookie, now_s, &made.web, bytes, &size) || size < 33 || bytes[0] >= INSTRUMENT_LANGUAGES)
        return false;
    size_t wave_size = strnlen((const char *)bytes + 33, size - 33) + 1;
    size_t actor_size = size - 33 - wave_size; /* both with their NUL, as they were sealed */
    if (33 + wave_size >= size || wave_size > sizeof made.wave || actor_size > sizeof made.actor || bytes[size - 1] != 0)
        return false;
    made.language = (enum instrument_language)bytes[0];
    memcpy(made.link_hash, bytes + 1, 32);
    memcpy(made.wave, bytes + 33, wave_size);
    memcpy(made.actor, bytes + 33 + wave_size, actor_size);
    *ret_session = made;
    return true;
}

void form_token(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, char ret_token[FORM_TOKEN_SIZE])
{
    uint8_t mac[WEB_MAC_SIZE], masked[2 * WEB_MAC_SIZE];
    _Static_assert(sodium_base64_ENCODED_LEN(sizeof masked, BASE64) <= FORM_TOKEN_SIZE, "the token has room");
    web_session_mac(&session->web, key, token_use, session->link_hash, sizeof session->link_hash, mac);
    randombytes_buf(masked, sizeof mac);
    for (size_t i = 0; i < sizeof mac; i++)
        masked[sizeof mac + i] = masked[i] ^ mac[i];
    sodium_bin2base64(ret_token, FORM_TOKEN_SIZE, masked, sizeof masked, BASE64);
}

bool form_token_fits(const uint8_t key[WEB_KEY_SIZE], const struct form_session *session, const char *token)
{
    uint8_t mac[WEB_MAC_SIZE], masked[2 * WEB_MAC_SIZE];
    size_t size = 0;
    if (sodium_base642bin(masked, sizeof masked, token, strlen(token), NULL, &size, NULL, BASE64) != 0 || size != sizeof masked)
        return false;
    web_session_mac(&session->web, key, token_use, session->link_hash, sizeof session->link_hash, mac);
    for (size_t i = 0; i < sizeof mac; i++)
        masked[sizeof mac + i] ^= masked[i];
    return sodium_memcmp(masked + sizeof mac, mac, sizeof mac) == 0;
}
