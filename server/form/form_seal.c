/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seals and opens cookies, makes and checks tokens.
 */
#include "form/form_seal.h"

#include "key_file.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define NONCE   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG     crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VERSION 1
#define BASE64  sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* What is sealed, byte by byte: version, language, id, issue (8, big end first), link hash, wave. */
#define PLAIN (1 + 1 + 16 + 8 + 32 + FORM_WAVE_SIZE)

static const unsigned char seal_context[] = "samordning form session 1";
static const unsigned char token_context[] = "samordning form token 1";

enum status form_key_load(const char *state_dir, uint8_t ret_key[FORM_KEY_SIZE], struct errmsg *ret_errmsg)
{
    char path[PATH_MAX], text[2 * FORM_KEY_SIZE + 2] = "";
    size_t size = 0;
    if (snprintf(path, sizeof path, "%s/form.key", state_dir) >= (int)sizeof path) {
        errmsg_set(ret_errmsg, "state_dir", "the path is too long");
        return STATUS_INVALID;
    }
    if (!key_file_exists(path)) {
        uint8_t fresh[FORM_KEY_SIZE];
        randombytes_buf(fresh, sizeof fresh);
        sodium_bin2hex(text, sizeof text, fresh, sizeof fresh);
        enum status status = key_file_write(path, text, 0600, false, ret_errmsg);
        sodium_memzero(fresh, sizeof fresh);
        if (status != STATUS_OK && status != STATUS_CONFLICT)
            return status;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        errmsg_set(ret_errmsg, "state_dir", "could not read %s: %s", path, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    size_t read = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    int bad = sodium_hex2bin(ret_key, FORM_KEY_SIZE, text, read, "\n", &size, NULL);
    sodium_memzero(text, sizeof text);
    if (bad != 0 || size != FORM_KEY_SIZE) {
        errmsg_set(ret_errmsg, "state_dir", "%s does not hold 64 hexadecimal digits", path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void form_session_begin(struct form_session *session, const uint8_t link_hash[32], const char *wave,
                        enum instrument_language language, int64_t now_s)
{
    *session = (struct form_session){.language = language, .issued_s = now_s};
    memcpy(session->link_hash, link_hash, sizeof session->link_hash);
    snprintf(session->wave, sizeof session->wave, "%s", wave);
    randombytes_buf(session->id, sizeof session->id);
}

void form_seal(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, char ret_cookie[FORM_COOKIE_SIZE])
{
    unsigned char plain[PLAIN] = {0}, sealed[NONCE + PLAIN + TAG], *at = plain;
    _Static_assert(sodium_base64_ENCODED_LEN(NONCE + PLAIN + TAG, BASE64) <= FORM_COOKIE_SIZE, "the cookie has room");
    *at++ = VERSION;
    *at++ = (unsigned char)session->language;
    memcpy(at, session->id, 16);
    at += 16;
    for (int shift = 56; shift >= 0; shift -= 8)
        *at++ = (unsigned char)((uint64_t)session->issued_s >> shift);
    memcpy(at, session->link_hash, 32);
    at += 32;
    memcpy(at, session->wave, strnlen(session->wave, FORM_WAVE_SIZE - 1));
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain, sizeof plain, seal_context, sizeof seal_context,
                                               NULL, sealed, key);
    sodium_bin2base64(ret_cookie, FORM_COOKIE_SIZE, sealed, sizeof sealed, BASE64);
}

bool form_unseal(const uint8_t key[FORM_KEY_SIZE], const char *cookie, int64_t now_s, struct form_session *ret_session)
{
    unsigned char sealed[NONCE + PLAIN + TAG], plain[PLAIN];
    size_t size = 0;
    if (sodium_base642bin(sealed, sizeof sealed, cookie, strlen(cookie), NULL, &size, NULL, BASE64) != 0 ||
        size != sizeof sealed ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE, PLAIN + TAG, seal_context,
                                                   sizeof seal_context, sealed, key) != 0)
        return false;
    uint64_t issued_s = 0;
    for (size_t i = 0; i < 8; i++)
        issued_s = issued_s << 8 | plain[18 + i];
    if (plain[0] != VERSION || plain[1] >= INSTRUMENT_LANGUAGES || plain[PLAIN - 1] != 0 ||
        (int64_t)issued_s > now_s + FORM_SESSION_RENEW_S || now_s - (int64_t)issued_s > FORM_SESSION_S)
        return false;
    *ret_session = (struct form_session){.language = (enum instrument_language)plain[1], .issued_s = (int64_t)issued_s};
    memcpy(ret_session->id, plain + 2, 16);
    memcpy(ret_session->link_hash, plain + 26, 32);
    memcpy(ret_session->wave, plain + 58, FORM_WAVE_SIZE);
    return true;
}

static void token_of(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, uint8_t ret_mac[16])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, FORM_KEY_SIZE, 16);
    crypto_generichash_update(&state, token_context, sizeof token_context);
    crypto_generichash_update(&state, session->id, sizeof session->id);
    crypto_generichash_update(&state, session->link_hash, sizeof session->link_hash);
    crypto_generichash_final(&state, ret_mac, 16);
}

void form_token(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, char ret_token[FORM_TOKEN_SIZE])
{
    uint8_t mac[16], masked[32];
    _Static_assert(sodium_base64_ENCODED_LEN(32, BASE64) <= FORM_TOKEN_SIZE, "the token has room");
    token_of(key, session, mac);
    randombytes_buf(masked, 16);
    for (size_t i = 0; i < 16; i++)
        masked[16 + i] = masked[i] ^ mac[i];
    sodium_bin2base64(ret_token, FORM_TOKEN_SIZE, masked, sizeof masked, BASE64);
}

bool form_token_fits(const uint8_t key[FORM_KEY_SIZE], const struct form_session *session, const char *token)
{
    uint8_t mac[16], masked[32];
    size_t size = 0;
    if (sodium_base642bin(masked, sizeof masked, token, strlen(token), NULL, &size, NULL, BASE64) != 0 || size != 32)
        return false;
    token_of(key, session, mac);
    for (size_t i = 0; i < 16; i++)
        masked[16 + i] ^= masked[i];
    return sodium_memcmp(masked + 16, mac, 16) == 0;
}
