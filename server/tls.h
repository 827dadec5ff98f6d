/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon's side of TLS: one context per configuration, certificates on both sides, and what a certificate says of its
 * owner.
 */
#ifndef SAMORDNING_TLS_H
#define SAMORDNING_TLS_H

#include "config.h"
#include "conn.h"
#include "status.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bufferevent;

/* Reads certificate, key and authorities named by config. errmsg says which file is wrong and why. */
MUST_CHECK enum status tls_context_create(const struct config *config, SSL_CTX **ret_context, int64_t *ret_expires_us,
                                          struct errmsg *ret_errmsg);

/* For browsers: web_certificate and web_key, or else the daemon's own pair; nobody is asked for a certificate. */
MUST_CHECK enum status tls_public_context_create(const struct config *config, SSL_CTX **ret_context, struct errmsg *ret_errmsg);

/* From the peer's certificate: fingerprint, subject and organisation number. STATUS_UNAUTHENTICATED: none. */
MUST_CHECK enum status tls_identity(SSL *ssl, struct conn_identity *ret_identity);

/* Where the verification of a peer's certificate leaves why it failed: set on the SSL before the handshake. */
struct tls_refusal {
    char reason[200];
    char subject[300];
};
void tls_watch_refusal(SSL *ssl, struct tls_refusal *refusal);

/* For any bufferevent, with TLS or without. */
void tls_close_notify(struct bufferevent *bev);
/* Writes at most one record's worth at once, past the bufferevent, whose output must be empty. False: nothing was written; the
 * same bytes, in one piece, must come first in its output. */
#define TLS_RECORD_MAX ((size_t)16 * 1024)
bool tls_write_now(struct bufferevent *bev, const uint8_t *data, size_t size);
const char *tls_version(struct bufferevent *bev); /* NULL: no TLS */
/* Words for a bufferevent's EOF, error or time-out. */
void tls_describe_error(struct bufferevent *bev, short what, char *ret_text, size_t size);

#endif
