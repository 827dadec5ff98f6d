/* SPDX-License-Identifier: GPL-3.0-or-later
 * The other end of a TLS connection for tests of libsamordning: speaks the protocol in a thread of its own and does what a
 * test scripts, so that failures come at chosen moments. It keeps what it stored, as the daemon would.
 */
#ifndef SAMORDNING_CLIENT_PEER_H
#define SAMORDNING_CLIENT_PEER_H

#include "samordning.pb-c.h"
#include "status.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define PEER_STORED_MAX 200000

enum peer_action {
    PEER_ANSWER,
    PEER_CLOSE,           /* before doing anything */
    PEER_STORE_AND_CLOSE, /* the acknowledgement is lost */
    PEER_CUT,             /* half an answer, then the end */
    PEER_SILENCE,
    PEER_REFUSE, /* with the script's status */
    PEER_STRANGE_ID,
    PEER_FEW_RECEIPTS,
    PEER_NONSENSE
};

struct peer {
    char directory[64]; /* bundle of the client, and the server's own files */
    char port[8];
    int listener, stop[2];
    pthread_t thread;
    SSL_CTX *context;
    pthread_mutex_t lock;

    /* The script: called for each request after hello, counted from 0 over all connections. */
    enum peer_action (*script)(struct peer *peer, unsigned request, const Samordning__V1__Request *message);
    enum status status; /* of PEER_REFUSE */
    uint32_t retry_after_ms, max_frame_bytes, max_batch, max_in_flight;
    enum status hello_status;
    unsigned progress; /* messages before the answer to an analysis */

    /* What happened. */
    unsigned requests, connections;
    unsigned in_company; /* requests that came in one record with the one before */
    uint64_t arrived;    /* interactions, also those that came twice */
    uint64_t numbers[PEER_STORED_MAX];
    uint64_t stored; /* different ones */
    unsigned largest_batch, corrections;
    char software[64];
};

/* Makes keys, listens on a free port of loopback, starts the thread. */
void peer_start(struct peer *peer);
void peer_stop(struct peer *peer);
/* The interaction's number was stored exactly once. */
bool peer_has(const struct peer *peer, uint64_t number);

/* Another certificate for the client: of another authority, or one that expired yesterday. */
void peer_spoil_client(struct peer *peer, bool is_foreign);

#endif
