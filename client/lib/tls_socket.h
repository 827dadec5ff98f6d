/* SPDX-License-Identifier: GPL-3.0-or-later
 * A socket as OpenSSL sees it, but written with MSG_NOSIGNAL: a library must not let SIGPIPE end its caller. And one that gave
 * less than was asked for is empty: it is not asked again before somebody has waited for more.
 */
#ifndef SAMORDNING_TLS_SOCKET_H
#define SAMORDNING_TLS_SOCKET_H

#include <openssl/bio.h>

#include <stdbool.h>

struct tls_socket {
    int fd;
    bool is_empty; /* reading would block; whoever has waited sets it back */
};

/* NULL: out of memory. Borrows the socket and does not own its descriptor. */
BIO *tls_socket_create(struct tls_socket *socket);

#endif
