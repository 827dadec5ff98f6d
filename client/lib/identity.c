/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom a client certificate speaks for. */
#include "identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static void read_subject(const X509_NAME *subject, char ret_identity[IDENTITY_SIZE])
{
    int at = X509_NAME_get_index_by_NID(subject, NID_organizationIdentifier, -1);
    unsigned char *text = NULL;
    int size = at >= 0 ? ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))) : -1;
    if (size > 0 && size < IDENTITY_SIZE && memchr(text, 0, (size_t)size) == NULL) {
        memcpy(ret_identity, text, (size_t)size);
        ret_identity[size] = '\0';
    } else if (X509_NAME_oneline(subject, ret_identity, IDENTITY_SIZE) == NULL) {
        ret_identity[0] = '\0';
    }
    OPENSSL_free(text);
}

void identity_of_certificate(const char *path, char ret_identity[IDENTITY_SIZE])
{
    ret_identity[0] = '\0';
    BIO *file = path != NULL ? BIO_new_file(path, "r") : NULL;
    X509 *certificate = file != NULL ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    if (certificate != NULL)
        read_subject(X509_get_subject_name(certificate), ret_identity);
    X509_free(certificate);
    BIO_free(file);
    ERR_clear_error(); /* a certificate that cannot be read is for connecting to report */
}
