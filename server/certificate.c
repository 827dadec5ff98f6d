/* SPDX-License-Identifier: GPL-3.0-or-later
 * X.509 by way of OpenSSL.
 */
#include "certificate.h"

#include "validate.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SUBJECT_FORM (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) /* Norwegian letters as they are */
#define CLOCK_SKEW_S 300 /* a client whose clock is a little behind must not find the certificate not valid yet */

void certificate_why(char *ret_text, size_t size)
{
    unsigned long code = ERR_peek_error(); /* the oldest: what went wrong first */
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    snprintf(ret_text, size, "%s", reason != NULL ? reason : "unknown reason");
    ERR_clear_error();
}

static enum status openssl_failed(struct errmsg *errmsg, const char *what)
{
    char reason[160];
    certificate_why(reason, sizeof reason);
    errmsg_set(errmsg, "", "%s: %s", what, reason);
    return STATUS_INTERNAL;
}

enum status certificate_make_key(EVP_PKEY **ret_key)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (key == NULL)
        return STATUS_INTERNAL;
    *ret_key = key;
    return STATUS_OK;
}

static bool name_add(X509_NAME *name, int nid, const char *text)
{
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool set_subject(X509 *certificate, const struct certificate_wish *wish)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    char identifier[16];
    bool well = name_add(name, NID_countryName, "NO") && name_add(name, NID_organizationName, wish->name);
    if (wish->orgnr != NULL) {
        snprintf(identifier, sizeof identifier, "NTRNO-%s", wish->orgnr);
        well = well && name_add(name, NID_organizationIdentifier, identifier);
    }
    if (wish->kind != CERTIFICATE_CLIENT)
        well = well && name_add(name, NID_commonName, wish->name);
    return well;
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, &context, nid, value);
    if (extension == NULL)
        return false;
    bool well = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return well;
}

/* Hosts one by one through the API rather than through OpenSSL's text form, where a comma or colon would mean something. */
static bool add_hosts(X509 *certificate, const char *hosts)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    char *copy = strdup(hosts), *rest = copy, *host;
    bool well = names != NULL && copy != NULL;
    while (well && (host = strsep(&rest, ", ")) != NULL) {
        if (host[0] == '\0')
            continue;
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);
        if (name != NULL && address != NULL) {
            GENERAL_NAME_set0_value(name, GEN_IPADD, address);
        } else if (name != NULL) {
            ASN1_IA5STRING *text = ASN1_IA5STRING_new();
            well = text != NULL && ASN1_STRING_set(text, host, -1) == 1;
            if (text != NULL)
                GENERAL_NAME_set0_value(name, GEN_DNS, text);
        }
        well = well && name != NULL && sk_GENERAL_NAME_push(names, name) > 0;
        ERR_clear_error(); /* a2i_IPADDRESS complains about names */
    }
    well = well && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    free(copy);
    return well;
}

static bool add_extensions(X509 *certificate, X509 *issuer, const struct certificate_wish *wish)
{
    if (!add_extension(certificate, issuer, NID_subject_key_identifier, "hash") ||
        !add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always"))
        return false;
    switch (wish->kind) {
    case CERTIFICATE_AUTHORITY:
        return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
               add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    case CERTIFICATE_SERVER:
        return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
               add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
               add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth") && add_hosts(certificate, wish->hosts);
    case CERTIFICATE_CLIENT:
        return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
               add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
               add_extension(certificate, issuer, NID_ext_key_usage, "clientAuth");
    }
    return false;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f; /* positive */
    bytes[0] |= 0x40; /* never short */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool well = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return well;
}

enum status certificate_make(const struct certificate_wish *wish, EVP_PKEY *public_key, X509 *issuer, EVP_PKEY *issuer_key,
                             X509 **ret_certificate, struct errmsg *ret_errmsg)
{
    X509 *certificate = X509_new();
    if (certificate == NULL)
        return STATUS_NO_MEMORY;
    X509 *signer = issuer != NULL ? issuer : certificate;
    time_t now = time(NULL);
    bool well = X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
                set_subject(certificate, wish) && X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1 &&
                X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -CLOCK_SKEW_S, &now) != NULL &&
                X509_time_adj_ex(X509_getm_notAfter(certificate), (int)wish->days, 0, &now) != NULL &&
                X509_set_pubkey(certificate, public_key) == 1 && add_extensions(certificate, signer, wish) &&
                X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
    if (!well) {
        X509_free(certificate);
        return openssl_failed(ret_errmsg, "could not make a certificate");
    }
    *ret_certificate = certificate;
    return STATUS_OK;
}

static enum status open_failed(const char *path, struct errmsg *errmsg)
{
    int error = errno;
    errmsg_set(errmsg, "", "could not open %s: %s", path, strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
}

enum status certificate_read(const char *path, X509 **ret_certificate, struct errmsg *ret_errmsg)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return open_failed(path, ret_errmsg);
    X509 *certificate = PEM_read_X509(in, NULL, NULL, NULL);
    fclose(in);
    if (certificate == NULL) {
        errmsg_set(ret_errmsg, "", "%s holds no certificate in PEM form", path);
        ERR_clear_error();
        return STATUS_INVALID;
    }
    *ret_certificate = certificate;
    return STATUS_OK;
}

/* A daemon has nobody to ask for a pass phrase. */
static int no_pass_phrase(char *buffer, int size, int writing, void *arg)
{
    return -1;
}

enum status certificate_read_key(const char *path, EVP_PKEY **ret_key, struct errmsg *ret_errmsg)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return open_failed(path, ret_errmsg);
    EVP_PKEY *key = PEM_read_PrivateKey(in, NULL, no_pass_phrase, NULL);
    fclose(in);
    if (key == NULL) {
        errmsg_set(ret_errmsg, "", "%s holds no private key in PEM form without pass phrase", path);
        ERR_clear_error();
        return STATUS_INVALID;
    }
    *ret_key = key;
    return STATUS_OK;
}

static char *bio_text(BIO *bio, bool written)
{
    char *data, *text = NULL;
    long size = written ? BIO_get_mem_data(bio, &data) : -1;
    if (size >= 0 && (text = malloc((size_t)size + 1)) != NULL) {
        memcpy(text, data, (size_t)size);
        text[size] = '\0';
    }
    BIO_free(bio);
    return text;
}

char *certificate_pem(const X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return bio != NULL ? bio_text(bio, PEM_write_bio_X509(bio, certificate) == 1) : NULL;
}

char *certificate_key_pem(const EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    return bio != NULL ? bio_text(bio, PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) : NULL;
}

void certificate_fingerprint(const X509 *certificate, char ret_fingerprint[CERTIFICATE_FINGERPRINT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ret_fingerprint[0] = '\0';
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return;
    for (unsigned i = 0; i < size && i < 32; i++)
        snprintf(ret_fingerprint + (size_t)2 * i, 3, "%02x", digest[i]);
}

int64_t certificate_expires_us(const X509 *certificate)
{
    struct tm parts;
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
        return 0;
    return (int64_t)timegm(&parts) * 1000000;
}

bool certificate_orgnr(const X509 *certificate, char ret_orgnr[10])
{
    char text[32];
    int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_organizationIdentifier, text, sizeof text);
    if (size != 15 || strncmp(text, "NTRNO-", 6) != 0 || !validate_orgnr(text + 6))
        return false;
    memcpy(ret_orgnr, text + 6, 10);
    return true;
}

void certificate_subject(const X509 *certificate, char *ret_text, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text =
        bio != NULL ? bio_text(bio, X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, SUBJECT_FORM) >= 0) : NULL;
    snprintf(ret_text, size, "%s", text != NULL ? text : "");
    free(text);
}
