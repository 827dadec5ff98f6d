/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may connect and which layers exist, in memory: filled from the database, kept fresh by notification.
 */
#ifndef SAMORDNING_ACCESS_H
#define SAMORDNING_ACCESS_H

#include "store_internal.h"

struct access *access_create(struct store *store, void (*loaded)(struct store *store));
void access_destroy(struct access *access);

void access_load(struct access *access); /* organisations, subjects, revoked certificates, layers */
bool access_is_loaded(const struct access *access);

/* What this daemon just changed itself: known before the caller is answered. */
void access_enrolled(struct access *access, const char *orgnr, int32_t organisation, uint32_t roles, const char *subject);
/* expires_us: wall clock; 0 = revoked. */
void access_token(struct access *access, const char *hash, const struct principal *principal, int64_t expires_us);
void access_layers(struct access *access, const PGresult *result, int name_column, int code_column);

enum status access_principal(const struct access *access, const char *orgnr, const char *subject, const char *fingerprint,
                             struct principal *ret_principal);
enum status access_token_principal(const struct access *access, const char *hash, struct principal *ret_principal);
int access_layer_code(const struct access *access, const char *name);

#endif
