/* SPDX-License-Identifier: GPL-3.0-or-later
 * A socket as OpenSSL sees it, but written with MSG_NOSIGNAL: a library must not let SIGPIPE end its caller.
 */
#ifndef SAMORDNING_TLS_SOCKET_H
#define SAMORDNING_TLS_SOCKET_H

#include <openssl/bio.h>

/* NULL: out of memory. Does not own the descriptor. */
BIO *tls_socket_create(int fd);

#endif
