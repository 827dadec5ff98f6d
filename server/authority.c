/* SPDX-License-Identifier: GPL-3.0-or-later
 * Loads or makes the private CA, and signs with it.
 */
#include "authority.h"

#include "validate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define AUTHORITY_DAYS 3653

struct authority {
    X509 *certificate;
    EVP_PKEY *key; /* NULL: cannot sign */
    char *pem;
};

void authority_destroy(struct authority *authority)
{
    if (authority == NULL)
        return;
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority->pem);
    free(authority);
}

void authority_issue_release(struct authority_issue *issue)
{
    free(issue->pem);
    issue->pem = NULL;
}

enum status authority_load(const char *certificate_path, const char *key_path, struct authority **ret_authority,
                           struct errmsg *ret_errmsg)
{
    struct authority *authority = calloc(1, sizeof *authority);
    if (authority == NULL)
        return STATUS_NO_MEMORY;
    enum status status = certificate_read(certificate_path, &authority->certificate, ret_errmsg);
    if (status == STATUS_OK && key_path != NULL) {
        status = certificate_read_key(key_path, &authority->key, ret_errmsg);
        if (status == STATUS_NOT_FOUND) {
            errmsg_clear(ret_errmsg);
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK && authority->key != NULL && X509_check_private_key(authority->certificate, authority->key) != 1) {
        errmsg_set(ret_errmsg, "", "%s is not the key of %s", key_path, certificate_path);
        ERR_clear_error();
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && (authority->pem = certificate_pem(authority->certificate)) == NULL)
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        authority_destroy(authority);
        return status;
    }
    *ret_authority = authority;
    return STATUS_OK;
}

enum status authority_create(const char *name, struct authority **ret_authority, struct errmsg *ret_errmsg)
{
    struct authority *authority = calloc(1, sizeof *authority);
    if (authority == NULL)
        return STATUS_NO_MEMORY;
    struct certificate_wish wish = {.kind = CERTIFICATE_AUTHORITY, .name = name, .days = AUTHORITY_DAYS};
    enum status status = certificate_make_key(&authority->key);
    if (status == STATUS_OK)
        status = certificate_make(&wish, authority->key, NULL, authority->key, &authority->certificate, ret_errmsg);
    if (status == STATUS_OK && (authority->pem = certificate_pem(authority->certificate)) == NULL)
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        authority_destroy(authority);
        return status;
    }
    *ret_authority = authority;
    return STATUS_OK;
}

bool authority_can_sign(const struct authority *authority)
{
    return authority->key != NULL;
}

const char *authority_pem(const struct authority *authority)
{
    return authority->pem;
}

char *authority_key_pem(const struct authority *authority)
{
    return authority->key != NULL ? certificate_key_pem(authority->key) : NULL;
}

/* The name cut to X.520's 64 characters, between characters. */
static void cut_name(const char *name, char *ret_name, size_t size)
{
    size_t characters = 0, used = 0;
    while (name[used] != '\0' && used + 4 < size) {
        if (((unsigned char)name[used] & 0xc0) != 0x80 && characters++ == CERTIFICATE_NAME_MAX)
            break;
        used++;
    }
    used = validate_utf8_prefix(name, used);
    memcpy(ret_name, name, used);
    ret_name[used] = '\0';
}

enum status authority_sign(const struct authority *authority, const struct certificate_wish *wish, EVP_PKEY *key,
                           struct authority_issue *ret_issue, struct errmsg *ret_errmsg)
{
    char name[CERTIFICATE_NAME_MAX * 4 + 8];
    struct certificate_wish cut = *wish;
    X509 *certificate;
    if (authority->key == NULL) {
        errmsg_set(ret_errmsg, "", "the key of the certificate authority is not here");
        return STATUS_UNAVAILABLE;
    }
    cut_name(wish->name, name, sizeof name);
    cut.name = name;
    enum status status = certificate_make(&cut, key, authority->certificate, authority->key, &certificate, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct authority_issue issue = {.pem = certificate_pem(certificate), .expires_us = certificate_expires_us(certificate)};
    certificate_fingerprint(certificate, issue.fingerprint);
    X509_free(certificate);
    if (issue.pem == NULL)
        return STATUS_NO_MEMORY;
    *ret_issue = issue;
    return STATUS_OK;
}

/* A key worth certifying: EC on a NIST curve or Ed25519, or RSA of at least 2048 bits. */
static bool key_is_acceptable(EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
        return EVP_PKEY_get_bits(key) >= 256;
    case EVP_PKEY_ED25519:
        return true;
    case EVP_PKEY_RSA:
        return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 8192;
    default:
        return false;
    }
}

enum status authority_sign_request(const struct authority *authority, const uint8_t *csr, size_t csr_size, const char *orgnr,
                                   const char *name, uint64_t days, struct authority_issue *ret_issue,
                                   struct errmsg *ret_errmsg)
{
    if (csr_size > AUTHORITY_CSR_MAX) {
        errmsg_set(ret_errmsg, "csr", "larger than %d bytes", AUTHORITY_CSR_MAX);
        return STATUS_INVALID;
    }
    BIO *bio = BIO_new_mem_buf(csr, (int)csr_size);
    if (bio == NULL)
        return STATUS_NO_MEMORY;
    X509_REQ *request = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    BIO_free(bio);
    EVP_PKEY *key = request != NULL ? X509_REQ_get0_pubkey(request) : NULL;
    enum status status = STATUS_INVALID;
    if (request == NULL || key == NULL)
        errmsg_set(ret_errmsg, "csr", "not a certificate signing request in PEM form");
    else if (!key_is_acceptable(key))
        errmsg_set(ret_errmsg, "csr", "the key must be EC of at least 256 bits, Ed25519, or RSA of 2048 to 8192 bits");
    else if (X509_REQ_verify(request, key) != 1)
        errmsg_set(ret_errmsg, "csr", "its signature is wrong");
    else {
        struct certificate_wish wish = {.kind = CERTIFICATE_CLIENT, .name = name, .orgnr = orgnr, .days = days};
        status = authority_sign(authority, &wish, key, ret_issue, ret_errmsg);
    }
    X509_REQ_free(request);
    ERR_clear_error();
    return status;
}
