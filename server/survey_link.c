/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes the secrets of links, and keeps the key they are made with.
 */
#include "survey_link.h"

#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEY_FILE      "survey-link.key"
#define KEY_TEXT_SIZE (2 * SURVEY_LINK_KEY_SIZE + 1) /* hex and a newline */
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

static enum status read_key(const char *path, struct survey_link_key *ret_key, struct errmsg *ret_errmsg)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        errmsg_set(ret_errmsg, "", "could not read %s: %s", path, strerror(errno));
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
    }
    char text[KEY_TEXT_SIZE + 1];
    ssize_t size;
    do
        size = read(fd, text, sizeof text);
    while (size < 0 && errno == EINTR);
    close(fd);
    size_t used = 0;
    bool good = size == KEY_TEXT_SIZE && text[KEY_TEXT_SIZE - 1] == '\n' &&
                sodium_hex2bin(ret_key->bytes, sizeof ret_key->bytes, text, KEY_TEXT_SIZE - 1, NULL, &used, NULL) == 0 &&
                used == sizeof ret_key->bytes;
    sodium_memzero(text, sizeof text);
    if (!good) {
        errmsg_set(ret_errmsg, "", "%s is not a key of links", path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status survey_link_key_load(const char *state_dir, struct survey_link_key *ret_key, struct errmsg *ret_errmsg)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/" KEY_FILE, state_dir) >= (int)sizeof path) {
        errmsg_set(ret_errmsg, "", "the name of the state directory is too long");
        return STATUS_INVALID;
    }
    if (sodium_init() < 0) {
        errmsg_set(ret_errmsg, "", "no source of randomness");
        return STATUS_UNAVAILABLE;
    }
    enum status status = read_key(path, ret_key, ret_errmsg);
    if (status != STATUS_NOT_FOUND)
        return status;
    struct survey_link_key fresh;
    char text[KEY_TEXT_SIZE + 1];
    randombytes_buf(fresh.bytes, sizeof fresh.bytes);
    sodium_bin2hex(text, sizeof text, fresh.bytes, sizeof fresh.bytes);
    text[KEY_TEXT_SIZE - 1] = '\n';
    text[KEY_TEXT_SIZE] = '\0';
    status = key_directory_make(state_dir, 0711, ret_errmsg);
    if (status == STATUS_OK)
        status = key_file_write(path, text, 0600, false, ret_errmsg);
    sodium_memzero(text, sizeof text);
    sodium_memzero(&fresh, sizeof fresh);
    /* CONFLICT: another daemon of this directory was quicker */
    return status == STATUS_OK || status == STATUS_CONFLICT ? read_key(path, ret_key, ret_errmsg) : status;
}

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(number >> shift);
    return at;
}

static void hash_of(const char *secret, uint8_t ret_hash[SURVEY_LINK_HASH_SIZE])
{
    (void)crypto_hash_sha256(ret_hash, (const unsigned char *)secret, SURVEY_LINK_SECRET_SIZE - 1);
}

void survey_link_make(const struct survey_link_key *key, uint64_t seat, unsigned kind, uint32_t number,
                      char ret_secret[SURVEY_LINK_SECRET_SIZE], uint8_t ret_hash[SURVEY_LINK_HASH_SIZE])
{
    uint8_t message[24], mac[crypto_auth_hmacsha256_BYTES];
    char secret[SURVEY_LINK_SECRET_SIZE];
    put_number(put_number(put_number(message, seat), kind), number);
    (void)crypto_auth_hmacsha256(mac, message, sizeof message, key->bytes);
    sodium_bin2base64(secret, sizeof secret, mac, sizeof mac, VARIANT);
    if (ret_secret != NULL)
        memcpy(ret_secret, secret, sizeof secret);
    if (ret_hash != NULL)
        hash_of(secret, ret_hash);
    sodium_memzero(secret, sizeof secret);
}

bool survey_link_hash(const char *secret, uint8_t ret_hash[SURVEY_LINK_HASH_SIZE])
{
    for (size_t i = 0; i < SURVEY_LINK_SECRET_SIZE - 1; i++) {
        char c = secret[i]; /* a NUL is none of these */
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    if (secret[SURVEY_LINK_SECRET_SIZE - 1] != '\0')
        return false;
    hash_of(secret, ret_hash);
    return true;
}
