/* SPDX-License-Identifier: GPL-3.0-or-later
 * The signature of a release: CMS (RFC 5652), detached, made with the operator's own certificate, so that openssl alone checks
 * it.
 */
#include "command.h"
#include "release.h"
#include "say.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#define REASON_SIZE 256

static const char *openssl_reason(char text[REASON_SIZE])
{
    ERR_error_string_n(ERR_peek_last_error(), text, REASON_SIZE);
    ERR_clear_error();
    return text;
}

static BIO *open_part(const char *bundle, const char *name)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", bundle, name) >= (int)sizeof path)
        return NULL;
    return BIO_new_file(path, "r");
}

char *release_signer_name(const char *bundle)
{
    BIO *file = open_part(bundle, "client.crt");
    X509 *certificate = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    X509_NAME *subject = certificate ? X509_get_subject_name(certificate) : NULL;
    int place = subject ? X509_NAME_get_index_by_NID(subject, NID_organizationName, -1) : -1;
    unsigned char *text = NULL;
    int size = place >= 0 ? ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place))) : -1;
    char *name = size > 0 ? strndup((const char *)text, (size_t)size) : NULL;
    OPENSSL_free(text);
    X509_free(certificate);
    BIO_free(file);
    return name;
}

bool release_sign(const char *bundle, const char *text, size_t size, uint8_t **ret_signature, size_t *ret_size)
{
    BIO *certificate_file = open_part(bundle, "client.crt"), *key_file = open_part(bundle, "client.key");
    BIO *data = BIO_new_mem_buf(text, (int)size);
    X509 *certificate = certificate_file ? PEM_read_bio_X509(certificate_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = key_file ? PEM_read_bio_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
    CMS_ContentInfo *cms =
        certificate && key && data ? CMS_sign(certificate, key, NULL, data, CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP) : NULL;
    unsigned char *signature = NULL;
    int length = cms ? i2d_CMS_ContentInfo(cms, &signature) : -1;
    if (length > 0) {
        *ret_signature = signature;
        *ret_size = (size_t)length;
    } else {
        char reason[REASON_SIZE];
        say_error(_("could not sign: %s"), openssl_reason(reason));
    }
    CMS_ContentInfo_free(cms);
    EVP_PKEY_free(key);
    X509_free(certificate);
    BIO_free(data);
    BIO_free(key_file);
    BIO_free(certificate_file);
    return length > 0;
}

static char *signer_of(CMS_ContentInfo *cms)
{
    STACK_OF(X509) *signers = CMS_get0_signers(cms);
    char *subject = NULL;
    BIO *out = BIO_new(BIO_s_mem());
    if (out && signers && sk_X509_num(signers) > 0) {
        char *text;
        X509_NAME_print_ex(out, X509_get_subject_name(sk_X509_value(signers, 0)), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
        long size = BIO_get_mem_data(out, &text);
        subject = strndup(text, (size_t)size);
    }
    sk_X509_free(signers);
    BIO_free(out);
    return subject;
}

bool release_check(const char *authority, const char *text, size_t size, const uint8_t *signature, size_t signature_size,
                   char **ret_signer)
{
    BIO *data = BIO_new_mem_buf(text, (int)size);
    const unsigned char *at = signature;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)signature_size);
    X509_STORE *store = X509_STORE_new();
    X509_VERIFY_PARAM *parameters = store ? X509_STORE_get0_param(store) : NULL;
    bool ready = data && cms && parameters && X509_STORE_load_file(store, authority) == 1 &&
                 X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY) == 1 &&
                 X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME) == 1; /* a release outlives certificates */
    bool good = ready && CMS_verify(cms, NULL, store, data, NULL, CMS_BINARY) == 1;
    char reason[REASON_SIZE];
    if (good)
        *ret_signer = signer_of(cms);
    else
        say_error(_("the signature is not good: %s"), openssl_reason(reason));
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
    BIO_free(data);
    return good;
}
