/* SPDX-License-Identifier: GPL-3.0-or-later
 * The private certificate authority of one installation: signs enrolled clients and the daemon's own certificate.
 *
 * Its certificate is public; its key is one file that may be kept elsewhere, and then the daemon runs but cannot enrol.
 */
#ifndef SAMORDNING_AUTHORITY_H
#define SAMORDNING_AUTHORITY_H

#include "certificate.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTHORITY_CSR_MAX 16384 /* bytes */

struct authority;

struct authority_issue {
    char *pem;
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    int64_t expires_us;
};
void authority_issue_release(struct authority_issue *issue);

/* key_path NULL or without a file: an authority that cannot sign. STATUS_NOT_FOUND: no certificate there. */
MUST_CHECK enum status authority_load(const char *certificate_path, const char *key_path, struct authority **ret_authority,
                                      struct errmsg *ret_errmsg);
/* A new one, valid ten years. */
MUST_CHECK enum status authority_create(const char *name, struct authority **ret_authority, struct errmsg *ret_errmsg);
void authority_destroy(struct authority *authority);

bool authority_can_sign(const struct authority *authority);
const char *authority_pem(const struct authority *authority);
char *authority_key_pem(const struct authority *authority); /* malloc'ed; NULL: none, or out of memory */

/* Signs `key` as wished. The name is cut to what X.520 allows. */
MUST_CHECK enum status authority_sign(const struct authority *authority, const struct certificate_wish *wish, EVP_PKEY *key,
                                      struct authority_issue *ret_issue, struct errmsg *ret_errmsg);
/* Signs the key of a PEM signing request, whose own signature must be right. The subject is made of orgnr and name; nothing of
 * what the request wishes is taken. STATUS_INVALID with the reason. */
MUST_CHECK enum status authority_sign_request(const struct authority *authority, const uint8_t *csr, size_t csr_size,
                                              const char *orgnr, const char *name, uint64_t days,
                                              struct authority_issue *ret_issue, struct errmsg *ret_errmsg);

#endif
