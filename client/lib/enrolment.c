/* SPDX-License-Identifier: GPL-3.0-or-later
 * A new key and the request to have it certified. */
#include "samordning.h"

#include "validate.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES_MAX 64 /* X.520: upper bound of commonName */

/* A malloc'ed copy of what was written, for callers that know nothing of OpenSSL. */
static char *copy_of(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? strndup(data, (size_t)size) : NULL;
}

static bool add_entry(X509_NAME *name, const char *field, const char *value)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0) == 1;
}

static X509_REQ *make_request(EVP_PKEY *key, const char *orgnr, const char *name)
{
    char identifier[sizeof "NTRNO-" + 9];
    snprintf(identifier, sizeof identifier, "NTRNO-%.9s", orgnr);
    char common[NAME_BYTES_MAX + 1];
    size_t fits = validate_utf8_prefix(name, strnlen(name, NAME_BYTES_MAX));
    snprintf(common, sizeof common, "%.*s", (int)fits, name);
    X509_REQ *request = X509_REQ_new();
    X509_NAME *subject = request != NULL ? X509_REQ_get_subject_name(request) : NULL;
    if (subject != NULL && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 && add_entry(subject, "C", "NO") &&
        add_entry(subject, "O", common) && add_entry(subject, "organizationIdentifier", identifier) &&
        add_entry(subject, "CN", common) && X509_REQ_set_pubkey(request, key) == 1 &&
        X509_REQ_sign(request, key, EVP_sha256()) > 0)
        return request;
    X509_REQ_free(request);
    return NULL;
}

int samordning_enrol_key(const char *orgnr, const char *name, char **ret_key, char **ret_csr)
{
    if (orgnr == NULL || name == NULL || name[0] == '\0' || !validate_orgnr(orgnr) ||
        validate_utf8_prefix(name, strlen(name)) != strlen(name))
        return SAMORDNING_E_ARGUMENT;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509_REQ *request = key != NULL ? make_request(key, orgnr, name) : NULL;
    BIO *key_pem = BIO_new(BIO_s_secmem());
    BIO *csr_pem = BIO_new(BIO_s_mem());
    char *key_text = NULL;
    char *csr_text = NULL;
    if (request != NULL && key_pem != NULL && csr_pem != NULL &&
        PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        PEM_write_bio_X509_REQ(csr_pem, request) == 1) {
        key_text = copy_of(key_pem);
        csr_text = copy_of(csr_pem);
    }
    BIO_free(key_pem);
    BIO_free(csr_pem);
    X509_REQ_free(request);
    EVP_PKEY_free(key);
    ERR_clear_error();
    if (key_text == NULL || csr_text == NULL) {
        free(key_text);
        free(csr_text);
        return SAMORDNING_E_MEMORY;
    }
    *ret_key = key_text;
    *ret_csr = csr_text;
    return SAMORDNING_OK;
}
