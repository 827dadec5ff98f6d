/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages' session to a cookie and back.
 */
#include "api/api_seal.h"

#include <sodium.h>
#include <string.h>

#define HASH 32 /* bytes of token_hash, which is hexadecimal */

static const struct web_seal seal = {"samordning explore session 2", API_SESSION_S, 60};

void api_seal(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, char ret_cookie[WEB_COOKIE_MAX])
{
    unsigned char hash[HASH] = {0};
    sodium_hex2bin(hash, sizeof hash, session->token_hash, strlen(session->token_hash), NULL, NULL, NULL);
    web_seal_close(&seal, key, &session->web, hash, sizeof hash, ret_cookie);
}

bool api_unseal(const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s, struct api_sealed *ret_session)
{
    unsigned char bytes[WEB_SEALED_MAX];
    struct api_sealed made = {0};
    size_t size = 0;
    if (!web_seal_open(&seal, key, cookie, now_s, &made.web, bytes, &size) || size != HASH)
        return false;
    sodium_bin2hex(made.token_hash, sizeof made.token_hash, bytes, HASH);
    *ret_session = made;
    return true;
}

void api_csrf(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, char ret_text[API_CSRF_SIZE])
{
    uint8_t mac[WEB_MAC_SIZE];
    web_session_mac(&session->web, key, "samordning explore csrf 1", NULL, 0, mac);
    sodium_bin2hex(ret_text, API_CSRF_SIZE, mac, sizeof mac);
}

bool api_csrf_fits(const uint8_t key[WEB_KEY_SIZE], const struct api_sealed *session, const char *text)
{
    char right[API_CSRF_SIZE];
    api_csrf(key, session, right);
    return strlen(text) == sizeof right - 1 && sodium_memcmp(right, text, sizeof right - 1) == 0;
}
