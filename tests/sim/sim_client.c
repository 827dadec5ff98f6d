/* SPDX-License-Identifier: GPL-3.0-or-later
 * Speaks the protocol with its own encoder of frames, badly on purpose now and then.
 */
#include "sim_client.h"

#include "dispatch.h"
#include "frame.h"
#include "interaction_id.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIM_TIME_US INT64_C(1767600000000000)

uint64_t sim_random(uint64_t *rng)
{
    *rng ^= *rng << 13;
    *rng ^= *rng >> 7;
    *rng ^= *rng << 17;
    return *rng;
}

void sim_client_init(struct sim_client *client, struct conn_set *conns, uint64_t *rng, unsigned number, size_t record_count)
{
    *client = (struct sim_client){.conns = conns, .rng = rng, .record_count = record_count};
    snprintf(client->identity.orgnr, sizeof client->identity.orgnr, "9%08u", number);
    snprintf(client->identity.address, sizeof client->identity.address, "sim:%u", number);
    for (size_t i = 0; i < record_count; i++) {
        interaction_id_random(SIM_TIME_US + (int64_t)i * 1000, client->records[i].id);
        uint64_t distinct = sim_random(rng);
        memcpy(client->records[i].id + 9, &distinct, 7);
    }
}

void sim_client_release(struct sim_client *client)
{
    if (client->bev != NULL)
        bufferevent_free(client->bev);
    free(client->unsent);
    client->bev = NULL;
    client->unsent = NULL;
}

bool sim_client_is_done(const struct sim_client *client)
{
    return client->acknowledged == client->record_count;
}

bool sim_client_is_forgotten(struct sim_client *client, size_t store_waiting)
{
    bool is_waiting = false;
    const struct dispatch *dispatch = client->conns->dispatch;
    for (size_t slot = 0; slot < 8; slot++)
        is_waiting |= client->in_flight[slot].count != 0;
    if (client->bev == NULL || bufferevent_pair_get_partner(client->bev) == NULL || !is_waiting || store_waiting != 0 ||
        client->unsent_size != 0 || client->was_garbled || !TAILQ_EMPTY(&dispatch->reading.waiting) ||
        !TAILQ_EMPTY(&dispatch->working.waiting))
        client->quiet = 0;
    return ++client->quiet > 100;
}

static void sim_disconnect(struct sim_client *client)
{
    if (client->bev != NULL) {
        /* Half of the time the daemon is told, half of the time it must find out by itself. */
        if (sim_random(client->rng) % 2 == 0)
            bufferevent_flush(client->bev, EV_READ | EV_WRITE, BEV_FINISHED);
        bufferevent_free(client->bev);
    }
    client->bev = NULL;
    client->is_greeted = false;
    client->was_garbled = false;
    client->unsent_size = 0;
    memset(client->in_flight, 0, sizeof client->in_flight);
}

static void sim_queue(struct sim_client *client, const uint8_t *bytes, size_t size)
{
    if (client->unsent_size + size > client->unsent_capacity) {
        client->unsent_capacity = 2 * (client->unsent_size + size);
        client->unsent = realloc(client->unsent, client->unsent_capacity);
    }
    memcpy(client->unsent + client->unsent_size, bytes, size);
    client->unsent_size += size;
}

static void sim_request(struct sim_client *client, Samordning__V1__Request *request)
{
    uint8_t *frame;
    size_t size;
    request->id = ++client->next_request;
    if (frame_pack(&request->base, &frame, &size) != STATUS_OK)
        abort();
    sim_queue(client, frame, size);
    free(frame);
}

static void sim_hello(struct sim_client *client)
{
    static char software[] = "sim";
    Samordning__V1__HelloRequest hello = SAMORDNING__V1__HELLO_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    hello.protocol = 1;
    hello.software = software;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_HELLO;
    request.hello = &hello;
    sim_request(client, &request);
}

static void sim_submit(struct sim_client *client, size_t slot, size_t first, size_t count)
{
    static char type[] = "meeting", a[] = "Finansdepartementet", b[] = "Nærings- og fiskeridepartementet";
    Samordning__V1__Participant left = SAMORDNING__V1__PARTICIPANT__INIT, right = SAMORDNING__V1__PARTICIPANT__INIT;
    Samordning__V1__Participant *participants[2] = {&left, &right};
    Samordning__V1__Interaction interactions[32], *pointers[32];
    Samordning__V1__SubmitRequest submit = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    left.actor = a;
    right.actor = b;
    left.role = right.role = SAMORDNING__V1__ROLE__ROLE_PARTICIPANT;
    for (size_t i = 0; i < count; i++) {
        samordning__v1__interaction__init(&interactions[i]);
        interactions[i].id = (ProtobufCBinaryData){.data = client->records[first + i].id, .len = 16};
        interactions[i].type = type;
        interactions[i].time = SIM_TIME_US + (int64_t)(first + i) * 1000;
        interactions[i].participants = participants;
        interactions[i].n_participants = 2;
        pointers[i] = &interactions[i];
    }
    /* Some frames are larger than what a connection decodes in a turn. */
    if (sim_random(client->rng) % 100 == 0) {
        static char trace[CONN_TURN_BYTES + 1000];
        memset(trace, 'x', sizeof trace - 1);
        request.trace = trace;
    }
    submit.interactions = pointers;
    submit.n_interactions = count;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    sim_request(client, &request);
    client->in_flight[slot].id = request.id;
    client->in_flight[slot].first = first;
    client->in_flight[slot].count = count;
}

static void sim_take_receipts(struct sim_client *client, size_t slot, const Samordning__V1__SubmitResponse *answer)
{
    size_t first = client->in_flight[slot].first, count = client->in_flight[slot].count;
    if (answer->n_receipts != count) {
        client->wrong++;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct sim_record *record = &client->records[first + i];
        const Samordning__V1__Receipt *receipt = answer->receipts[i];
        if ((receipt->state != SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED &&
             receipt->state != SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED) ||
            receipt->id.len != 16 || memcmp(receipt->id.data, record->id, 16) != 0) {
            client->wrong++;
        } else if (!record->is_acknowledged) {
            record->is_acknowledged = true;
            client->acknowledged++;
        }
    }
}

static void sim_take_response(struct sim_client *client, const Samordning__V1__Response *response)
{
    client->quiet = 0;
    if (response->body_case == SAMORDNING__V1__RESPONSE__BODY_HELLO) {
        client->is_greeted = true;
        return;
    }
    for (size_t slot = 0; slot < 8; slot++) {
        if (client->in_flight[slot].count == 0 || client->in_flight[slot].id != response->id)
            continue;
        if (response->status == SAMORDNING__V1__STATUS_CODE__STATUS_OK &&
            response->body_case == SAMORDNING__V1__RESPONSE__BODY_SUBMIT)
            sim_take_receipts(client, slot, response->submit);
        else if (!status_is_retryable((enum status)response->status) && !client->was_garbled)
            client->wrong++; /* garbage may happen to bear a number in flight */
        client->in_flight[slot].count = 0;
        return;
    }
}

static void sim_read_cb(struct bufferevent *bev, void *arg)
{
    struct sim_client *client = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    for (;;) {
        struct frame_view view;
        size_t have = evbuffer_get_length(input);
        const uint8_t *data = evbuffer_pullup(input, -1);
        if (have == 0 || frame_next(data, have, 1 << 24, &view) != FRAME_COMPLETE || have < view.header_size + view.body_size)
            return;
        Samordning__V1__Response *response = samordning__v1__response__unpack(NULL, view.body_size, data + view.header_size);
        if (response == NULL)
            client->wrong++;
        else
            sim_take_response(client, response);
        samordning__v1__response__free_unpacked(response, NULL);
        evbuffer_drain(input, view.header_size + view.body_size);
    }
}

static void sim_event_cb(struct bufferevent *bev, short what, void *arg)
{
    sim_disconnect(arg);
}

static void sim_connect(struct sim_client *client)
{
    struct bufferevent *pair[2];
    struct conn *conn;
    if (bufferevent_pair_new(client->conns->base, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS, pair) != 0)
        abort();
    client->bev = pair[0];
    bufferevent_setcb(pair[0], sim_read_cb, NULL, sim_event_cb, client);
    bufferevent_enable(pair[0], EV_READ | EV_WRITE);
    if (conn_create(client->conns, pair[1], &client->identity, &conn) != STATUS_OK)
        abort();
    sim_hello(client);
}

static void sim_fill(struct sim_client *client)
{
    for (size_t slot = 0; slot < 8; slot++) {
        if (client->in_flight[slot].count != 0)
            continue;
        /* Anywhere among what is not acknowledged, so that requests overlap and repeat each other. */
        size_t first = sim_random(client->rng) % client->record_count, count = 0;
        while (first < client->record_count && client->records[first].is_acknowledged)
            first++;
        while (first + count < client->record_count && count < 1 + sim_random(client->rng) % 32 && count < 32)
            count++;
        if (count != 0)
            sim_submit(client, slot, first, count);
    }
}

void sim_client_turn(struct sim_client *client)
{
    uint64_t *rng = client->rng;
    if (client->bev == NULL) {
        if (!sim_client_is_done(client) && sim_random(rng) % 4 == 0)
            sim_connect(client);
        return;
    }
    if (bufferevent_pair_get_partner(client->bev) == NULL || sim_random(rng) % 1000 < client->disconnect_permille) {
        sim_disconnect(client);
        return;
    }
    if (sim_random(rng) % 1000 < client->garbage_permille) {
        uint8_t garbage[64];
        for (size_t i = 0; i < sizeof garbage; i++)
            garbage[i] = (uint8_t)sim_random(rng);
        client->was_garbled = true;
        sim_queue(client, garbage, 1 + sim_random(rng) % sizeof garbage);
    }
    if (client->is_greeted && !sim_client_is_done(client) && client->unsent_size < 4096)
        sim_fill(client);
    if (client->unsent_size > 0) {
        size_t piece = 1 + sim_random(rng) % (sim_random(rng) % 4 == 0 ? 7 : client->unsent_size > 50000 ? 60000 : 3000);
        if (piece > client->unsent_size)
            piece = client->unsent_size;
        bufferevent_write(client->bev, client->unsent, piece);
        client->unsent_size -= piece;
        memmove(client->unsent, client->unsent + piece, client->unsent_size);
    }
}
