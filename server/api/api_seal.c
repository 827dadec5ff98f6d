/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seals and opens the cookies of the pages' sessions.
 */
#include "api/api_seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define NONCE   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG     crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VERSION 1
#define BASE64  sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* What is sealed: version, id, issue (8, big end first), the token's hash. */
#define PLAIN (1 + 16 + 8 + 32)

static const unsigned char seal_context[] = "samordning explore session 1";
static const unsigned char csrf_context[] = "samordning explore csrf 1";

void api_seal(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, char ret_cookie[API_COOKIE_SIZE])
{
    unsigned char plain[PLAIN] = {VERSION}, sealed[NONCE + PLAIN + TAG];
    _Static_assert(sodium_base64_ENCODED_LEN(NONCE + PLAIN + TAG, BASE64) <= API_COOKIE_SIZE, "the cookie has room");
    memcpy(plain + 1, session->id, 16);
    for (int i = 0; i < 8; i++)
        plain[17 + i] = (unsigned char)((uint64_t)session->issued_s >> (56 - 8 * i));
    sodium_hex2bin(plain + 25, 32, session->token_hash, strlen(session->token_hash), NULL, NULL, NULL);
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain, sizeof plain, seal_context, sizeof seal_context,
                                               NULL, sealed, key);
    sodium_bin2base64(ret_cookie, API_COOKIE_SIZE, sealed, sizeof sealed, BASE64);
}

bool api_unseal(const uint8_t key[FORM_KEY_SIZE], const char *cookie, int64_t now_s, struct api_sealed *ret_session)
{
    unsigned char sealed[NONCE + PLAIN + TAG], plain[PLAIN];
    size_t size = 0;
    if (sodium_base642bin(sealed, sizeof sealed, cookie, strlen(cookie), NULL, &size, NULL, BASE64) != 0 ||
        size != sizeof sealed ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE, PLAIN + TAG, seal_context,
                                                   sizeof seal_context, sealed, key) != 0 ||
        plain[0] != VERSION)
        return false;
    uint64_t issued_s = 0;
    for (size_t i = 0; i < 8; i++)
        issued_s = issued_s << 8 | plain[17 + i];
    if ((int64_t)issued_s > now_s + 60 || now_s - (int64_t)issued_s > API_SESSION_S)
        return false;
    *ret_session = (struct api_sealed){.issued_s = (int64_t)issued_s};
    memcpy(ret_session->id, plain + 1, 16);
    sodium_bin2hex(ret_session->token_hash, sizeof ret_session->token_hash, plain + 25, 32);
    return true;
}

void api_csrf(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, char ret_text[API_CSRF_SIZE])
{
    unsigned char mac[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, FORM_KEY_SIZE, sizeof mac);
    crypto_generichash_update(&state, csrf_context, sizeof csrf_context);
    crypto_generichash_update(&state, session->id, sizeof session->id);
    crypto_generichash_final(&state, mac, sizeof mac);
    sodium_bin2hex(ret_text, API_CSRF_SIZE, mac, sizeof mac);
}

bool api_csrf_fits(const uint8_t key[FORM_KEY_SIZE], const struct api_sealed *session, const char *text)
{
    char right[API_CSRF_SIZE];
    api_csrf(key, session, right);
    return strlen(text) == sizeof right - 1 && sodium_memcmp(right, text, sizeof right - 1) == 0;
}
