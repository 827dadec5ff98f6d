/* SPDX-License-Identifier: GPL-3.0-or-later
 * One TLS connection to the daemon, on a non-blocking socket, so that every wait has a limit.
 */
#ifndef SAMORDNING_CONNECTION_H
#define SAMORDNING_CONNECTION_H

#include "settings.h"
#include "status.h"
#include "tls_socket.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CONNECTION_OPEN_MAX_MS 10000 /* for one attempt: connect and handshake */

/* A peer that is gone without a word is noticed after about a minute. */
#define CONNECTION_KEEP_IDLE_S     30
#define CONNECTION_KEEP_INTERVAL_S 10
#define CONNECTION_KEEP_COUNT      3

#define CONNECTION_READ_AHEAD ((size_t)64 * 1024) /* so that one call brings many small answers */

/* Stays where connection_open found it: the SSL points to its socket. */
struct connection {
    SSL *ssl; /* NULL: not open */
    struct tls_socket socket;
    bool may_have_more; /* the last read brought something, and there may be more that no wait would show */
    bool read_wants_write, write_wants_read;
};

int64_t connection_clock_ms(void); /* monotonic */

/* SAMORDNING_OK, E_CONNECT, E_TLS, E_ARGUMENT or E_MEMORY. */
MUST_CHECK int connection_open(struct connection *connection, const struct settings *settings, struct errmsg *ret_errmsg);
void connection_close(struct connection *connection);

/* Bytes moved; 0 = would block; -1 = lost, with an error in ret_error and words in ret_errmsg. */
ssize_t connection_read(struct connection *c, void *data, size_t size, int *ret_error, struct errmsg *ret_errmsg);
ssize_t connection_write(struct connection *c, const void *data, size_t size, int *ret_error, struct errmsg *ret_errmsg);

/* Until something can be read, or written if so wanted, or the time is up. True: reading is worth a try. */
bool connection_wait(struct connection *c, bool wants_write, int64_t until_ms);

#endif
