/* SPDX-License-Identifier: GPL-3.0-or-later
 * Batches of interactions for tests of the store (see submitted.h).
 */
#include "submitted.h"

#include "clock.h"
#include "interaction_id.h"

#include <stdlib.h>

int32_t first_org, second_org;
static unsigned serial;

bool submitted_start(void)
{
    static const char *const settings[] = {"condense_quiet_ms", "10", NULL};
    struct running_organisation both[] = {{.orgnr = "972417858", .roles = PRINCIPAL_ROLE(1)},
                                          {.orgnr = "972417807", .roles = PRINCIPAL_ROLE(1)}};
    if (!running_store_start(settings, both, 2))
        return false;
    first_org = both[0].ret_principal.organisation;
    second_org = both[1].ret_principal.organisation;
    return true;
}

static void batch_done(struct store_call *call)
{
    ((struct batch *)call->owner)->done = true;
}

struct batch *batch_new(int32_t organisation)
{
    struct batch *batch = calloc(1, sizeof *batch);
    ck_assert_ptr_nonnull(batch);
    arena_init(&batch->arena, 64 << 20);
    batch->ask = (struct store_submission){
        .interactions = batch->messages, .ids = batch->ids, .content_hashes = batch->hashes, .receipts = batch->receipts};
    batch->ask.call = (struct store_call){.arena = &batch->arena,
                                          .principal = {.organisation = organisation},
                                          .deadline_us = clock_monotonic_us() + DEADLINE_US,
                                          .done = batch_done,
                                          .owner = batch};
    return batch;
}

Samordning__V1__Interaction *batch_add(struct batch *batch, const char *source_id, int64_t time_us, const char *const *actors,
                                       size_t count)
{
    size_t n = batch->ask.count++;
    ck_assert_uint_lt(n, BATCH_MAX);
    Samordning__V1__Interaction *m = arena_alloc(&batch->arena, sizeof *m);
    samordning__v1__interaction__init(m);
    m->type = arena_strdup(&batch->arena, "consultation");
    m->time = time_us;
    m->source = arena_strdup(&batch->arena, "prøve");
    m->source_id = arena_strdup(&batch->arena, source_id);
    m->participants = arena_alloc(&batch->arena, count * sizeof m->participants[0]);
    m->n_participants = count;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__Participant *p = arena_alloc(&batch->arena, sizeof *p);
        samordning__v1__participant__init(p);
        p->actor = arena_strdup(&batch->arena, actors[i]);
        p->role = i == 0 ? SAMORDNING__V1__ROLE__ROLE_SENDER : SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
        p->deadline = i == 1 ? time_us + 1000000 : 0;
        m->participants[i] = p;
    }
    batch->messages[n] = m;
    interaction_id_derive(m, batch->ids[n]);
    batch->hashes[n] = interaction_content_hash(m);
    samordning__v1__receipt__init(&batch->receipts[n]);
    batch->receipts[n].id = (ProtobufCBinaryData){.len = 16, .data = batch->ids[n]};
    batch->ask.packed_bytes += 200;
    return m;
}

Samordning__V1__Interaction *batch_add_pair(struct batch *batch, const char *source_id, int64_t time_us)
{
    static const char *const pair[] = {"Finansdepartementet", "Ærlighetstilsynet"};
    return batch_add(batch, source_id, time_us, pair, 2);
}

void batch_rehash(struct batch *batch)
{
    for (size_t i = 0; i < batch->ask.count; i++)
        batch->hashes[i] = interaction_content_hash(batch->messages[i]);
}

void batch_send(struct batch *batch)
{
    batch->done = false;
    store_submit(store, &batch->ask);
    ck_assert_msg(!batch->done, "called back before the verb returned");
}

void batch_run(struct batch *batch)
{
    batch_send(batch);
    wait_for(&batch->done);
}

void batch_free(struct batch *batch)
{
    arena_release(&batch->arena);
    free(batch);
}

int send_one(int32_t organisation, const char *source_id, int64_t time_us, const char *case_ref, bool correction)
{
    struct batch *batch = batch_new(organisation);
    Samordning__V1__Interaction *m = batch_add_pair(batch, source_id, time_us);
    m->case_ref = arena_strdup(&batch->arena, case_ref);
    batch_rehash(batch);
    if (correction)
        batch->ask.intent = SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION;
    batch_run(batch);
    ck_assert_msg(batch->ask.call.status == STATUS_OK, "%s", batch->ask.call.errmsg.text);
    int state = (int)batch->receipts[0].state;
    if (state == REJECTED)
        ck_assert_int_eq(batch->receipts[0].status, STATUS_NOT_FOUND);
    batch_free(batch);
    return state;
}

struct take_back {
    struct store_withdrawal ask;
    bool done;
};

static void take_back_done(struct store_call *call)
{
    ((struct take_back *)call->owner)->done = true;
}

int withdraw_one(int32_t organisation, const char *source_id, int64_t time_us, int *ret_status)
{
    struct batch *batch = batch_new(organisation);
    batch_add_pair(batch, source_id, time_us);
    struct take_back back = {.ask = {.count = 1, .ids = batch->ids, .reason = "feil", .receipts = batch->receipts}};
    back.ask.call = batch->ask.call;
    back.ask.call.done = take_back_done;
    back.ask.call.owner = &back;
    store_withdraw(store, &back.ask);
    wait_for(&back.done);
    ck_assert_int_eq(back.ask.call.status, STATUS_OK);
    int state = (int)batch->receipts[0].state;
    *ret_status = (int)batch->receipts[0].status;
    batch_free(batch);
    return state;
}

int64_t some_time(void)
{
    return INT64_C(1393663200000000) + (int64_t)serial++ * 1000000;
}
