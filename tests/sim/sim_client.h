/* SPDX-License-Identifier: GPL-3.0-or-later
 * A client on the other end of a bufferevent_pair, that submits until everything is acknowledged, whatever happens to it.
 */
#ifndef SAMORDNING_SIM_CLIENT_H
#define SAMORDNING_SIM_CLIENT_H

#include "conn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_RECORDS_MAX 400

struct sim_record {
    uint8_t id[16];
    bool is_acknowledged;
};

struct sim_client {
    struct conn_set *conns;
    uint64_t *rng;
    struct bufferevent *bev; /* NULL: not connected */
    struct conn_identity identity;
    struct sim_record records[SIM_RECORDS_MAX];
    size_t record_count, acknowledged;
    bool is_greeted;
    bool was_garbled;
    uint64_t next_request;
    struct {
        uint64_t id;
        size_t first, count; /* count 0: free */
    } in_flight[8];
    uint8_t *unsent; /* the rest of what is being written in pieces */
    size_t unsent_size, unsent_capacity;
    unsigned disconnect_permille, garbage_permille;
    unsigned wrong; /* answers that make no sense */
    unsigned quiet; /* turns since something moved */
};

void sim_client_init(struct sim_client *client, struct conn_set *conns, uint64_t *rng, unsigned number, size_t record_count);
void sim_client_release(struct sim_client *client);
void sim_client_turn(struct sim_client *client); /* connects, writes a piece, or breaks off */
/* A request was sent whole and well, and many turns have passed in which nobody had a reason to wait and no
 * answer came. Reasons: the store is at work, or memory is held by a peer that went silent (until frame_timeout_ms). */
bool sim_client_is_forgotten(struct sim_client *client, size_t store_waiting);
bool sim_client_is_done(const struct sim_client *client);
uint64_t sim_random(uint64_t *rng);

#endif
