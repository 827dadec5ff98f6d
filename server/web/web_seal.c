/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seals and opens cookies.
 */
#include "web/web_seal.h"

#include "key_file.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define NONCE  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG    crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* What is sealed before a use's own bytes: id, issue (8, big end first). */
#define HEAD (16 + 8)

enum status web_key_load(const char *state_dir, uint8_t ret_key[WEB_KEY_SIZE], struct errmsg *ret_errmsg)
{
    char path[PATH_MAX], text[2 * WEB_KEY_SIZE + 2] = "";
    size_t size = 0;
    if (snprintf(path, sizeof path, "%s/form.key", state_dir) >= (int)sizeof path) {
        errmsg_set(ret_errmsg, "state_dir", "the path is too long");
        return STATUS_INVALID;
    }
    if (!key_file_exists(path)) {
        uint8_t fresh[WEB_KEY_SIZE];
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
    int bad = sodium_hex2bin(ret_key, WEB_KEY_SIZE, text, read, "\n", &size, NULL);
    sodium_memzero(text, sizeof text);
    if (bad != 0 || size != WEB_KEY_SIZE) {
        errmsg_set(ret_errmsg, "state_dir", "%s does not hold 64 hexadecimal digits", path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void web_session_begin(struct web_session *session, int64_t now_s)
{
    session->issued_s = now_s;
    randombytes_buf(session->id, sizeof session->id);
}

void web_seal_close(const struct web_seal *seal, const uint8_t key[WEB_KEY_SIZE], const struct web_session *session,
                    const void *bytes, size_t size, char ret_cookie[WEB_COOKIE_MAX])
{
    unsigned char plain[HEAD + WEB_SEALED_MAX], sealed[NONCE + sizeof plain + TAG];
    _Static_assert(sodium_base64_ENCODED_LEN(sizeof sealed, BASE64) <= WEB_COOKIE_MAX, "the cookie has room");
    memcpy(plain, session->id, 16);
    for (int i = 0; i < 8; i++)
        plain[16 + i] = (unsigned char)((uint64_t)session->issued_s >> (56 - 8 * i));
    memcpy(plain + HEAD, bytes, size);
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain, HEAD + size, (const unsigned char *)seal->use,
                                               strlen(seal->use), NULL, sealed, key);
    sodium_bin2base64(ret_cookie, WEB_COOKIE_MAX, sealed, NONCE + HEAD + size + TAG, BASE64);
}

bool web_seal_open(const struct web_seal *seal, const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s,
                   struct web_session *ret_session, uint8_t ret_bytes[WEB_SEALED_MAX], size_t *ret_size)
{
    unsigned char plain[HEAD + WEB_SEALED_MAX], sealed[NONCE + sizeof plain + TAG];
    size_t size = 0;
    if (sodium_base642bin(sealed, sizeof sealed, cookie, strlen(cookie), NULL, &size, NULL, BASE64) != 0 ||
        size < NONCE + HEAD + TAG ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE, size - NONCE,
                                                   (const unsigned char *)seal->use, strlen(seal->use), sealed, key) != 0)
        return false;
    uint64_t issued_s = 0;
    for (size_t i = 0; i < 8; i++)
        issued_s = issued_s << 8 | plain[16 + i];
    if ((int64_t)issued_s > now_s + seal->ahead_s || now_s - (int64_t)issued_s > seal->life_s)
        return false;
    memcpy(ret_session->id, plain, 16);
    ret_session->issued_s = (int64_t)issued_s;
    *ret_size = size - NONCE - HEAD - TAG;
    memcpy(ret_bytes, plain + HEAD, *ret_size);
    return true;
}

void web_session_mac(const struct web_session *session, const uint8_t key[WEB_KEY_SIZE], const char *use, const void *more,
                     size_t more_size, uint8_t ret_mac[WEB_MAC_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, WEB_KEY_SIZE, WEB_MAC_SIZE);
    crypto_generichash_update(&state, (const unsigned char *)use, strlen(use) + 1);
    crypto_generichash_update(&state, session->id, sizeof session->id);
    crypto_generichash_update(&state, more, more_size);
    crypto_generichash_final(&state, ret_mac, WEB_MAC_SIZE);
}
