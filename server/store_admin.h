/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store for samordningd's subcommands, which run without an event loop: every function blocks.
 *
 * Works beside a running daemon (it connects to the same database) and without one (it starts the private cluster, runs the
 * migrations, and stops the cluster again when closed if it was the one that started it).
 */
#ifndef SAMORDNING_STORE_ADMIN_H
#define SAMORDNING_STORE_ADMIN_H

#include "config.h"
#include "status.h"

#include <stdint.h>

struct store_admin;

MUST_CHECK enum status store_admin_open(const struct config *config, struct store_admin **ret_admin, struct errmsg *ret_errmsg);
/* Adds the organisation or changes its name, adds the roles (PRINCIPAL_ROLE(...) | ...), and records the certificate unless
 * fingerprint is NULL. */
MUST_CHECK enum status store_admin_enrol(struct store_admin *admin, const char *orgnr, const char *name, uint32_t roles,
                                         const char *fingerprint, int64_t expires_us, struct errmsg *ret_errmsg);
/* Takes access away, at once: of one certificate (orgnr NULL), or an organisation's roles and certificates (fingerprint NULL).
 * STATUS_NOT_FOUND: there is no such certificate or organisation. */
struct store_admin_revoked {
    char name[200]; /* of the organisation */
    int roles, certificates;
};
MUST_CHECK enum status store_admin_revoke(struct store_admin *admin, const char *orgnr, const char *fingerprint,
                                          struct store_admin_revoked *ret_revoked, struct errmsg *ret_errmsg);
void store_admin_close(struct store_admin *admin); /* NULL is fine */

#endif
