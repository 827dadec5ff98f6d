/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys and certificates as files and structures: making, reading, writing. EC P-256 throughout.
 */
#ifndef SAMORDNING_CERTIFICATE_H
#define SAMORDNING_CERTIFICATE_H

#include "status.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CERTIFICATE_NAME_MAX         64 /* characters X.520 allows in organizationName */
#define CERTIFICATE_FINGERPRINT_SIZE 65 /* SHA-256 in hex, with the closing NUL */

enum certificate_kind { CERTIFICATE_AUTHORITY, CERTIFICATE_SERVER, CERTIFICATE_CLIENT };

struct certificate_wish {
    enum certificate_kind kind;
    const char *name;  /* organizationName, and commonName of authorities and servers */
    const char *orgnr; /* for organizationIdentifier NTRNO-<orgnr>; NULL = none */
    const char *hosts; /* servers: subjectAltName, names and addresses separated by commas */
    uint64_t days;
};

/* Signs `public_key` as wished. issuer NULL = self-signed with issuer_key. */
MUST_CHECK enum status certificate_make(const struct certificate_wish *wish, EVP_PKEY *public_key, X509 *issuer,
                                        EVP_PKEY *issuer_key, X509 **ret_certificate, struct errmsg *ret_errmsg);
MUST_CHECK enum status certificate_make_key(EVP_PKEY **ret_key);

MUST_CHECK enum status certificate_read(const char *path, X509 **ret_certificate, struct errmsg *ret_errmsg);
MUST_CHECK enum status certificate_read_key(const char *path, EVP_PKEY **ret_key, struct errmsg *ret_errmsg);
/* PEM in a malloc'ed text the caller frees; NULL: out of memory. A key's text must be cleansed before free. */
char *certificate_pem(const X509 *certificate);
char *certificate_key_pem(const EVP_PKEY *key);

void certificate_fingerprint(const X509 *certificate, char ret_fingerprint[CERTIFICATE_FINGERPRINT_SIZE]);
int64_t certificate_expires_us(const X509 *certificate); /* since 1970 */
/* The nine digits of organizationIdentifier NTRNO-nnnnnnnnn with a right check digit; false: none. */
bool certificate_orgnr(const X509 *certificate, char ret_orgnr[10]);
void certificate_subject(const X509 *certificate, char *ret_text, size_t size); /* as openssl -nameopt RFC2253,-esc_msb,utf8 */
/* The reason OpenSSL has, without its codes; clears its queue. */
void certificate_why(char *ret_text, size_t size);

#endif
