/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows in a hash table, calls in a list.
 */
#include "fake_store.h"

#include "arena.h"
#include "store_letter.h"
#include "store_schedule.h"
#include "store_survey.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum fake_verb { FAKE_SUBMIT, FAKE_WITHDRAW, FAKE_MESSAGE, FAKE_ANALYSE, FAKE_NOTHING, FAKE_STRANGER };

struct fake_call {
    enum fake_verb verb;
    struct store_call *call;
    const ProtobufCMessageDescriptor *response;
    unsigned turns;
    bool is_cancelled;
    TAILQ_ENTRY(fake_call) entry;
};

struct store {
    uint64_t rng;
    struct fake_store_options options;
    struct fake_row *rows;
    size_t row_count, row_mask;
    size_t waiting;
    uint64_t classified;
    bool saw_graded_content;
    TAILQ_HEAD(, fake_call) calls;
};

static uint64_t fake_random(struct store *store)
{
    store->rng ^= store->rng << 13;
    store->rng ^= store->rng >> 7;
    store->rng ^= store->rng << 17;
    return store->rng;
}

struct store *fake_store_create(uint64_t seed, const struct fake_store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    store->rng = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    store->options = *options;
    store->row_mask = 1023;
    store->rows = calloc(store->row_mask + 1, sizeof *store->rows);
    TAILQ_INIT(&store->calls);
    return store;
}

static struct fake_row *fake_slot(const struct store *store, const uint8_t id[16])
{
    uint64_t hash;
    memcpy(&hash, id + 8, sizeof hash);
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    for (size_t slot = hash >> 40 & store->row_mask;; slot = (slot + 1) & store->row_mask)
        if (!store->rows[slot].is_used || memcmp(store->rows[slot].id, id, 16) == 0)
            return &store->rows[slot];
}

const struct fake_row *fake_store_find(const struct store *store, const uint8_t id[16])
{
    const struct fake_row *row = fake_slot(store, id);
    return row->is_used ? row : NULL;
}

static void fake_grow(struct store *store)
{
    struct fake_row *old = store->rows;
    size_t old_mask = store->row_mask;
    if (2 * store->row_count < store->row_mask)
        return;
    store->row_mask = 2 * old_mask + 1;
    store->rows = calloc(store->row_mask + 1, sizeof *store->rows);
    for (size_t i = 0; i <= old_mask; i++)
        if (old[i].is_used)
            *fake_slot(store, old[i].id) = old[i];
    free(old);
}

static void fake_submit_one(struct store *store, struct store_submission *submission, size_t i)
{
    Samordning__V1__Receipt *receipt = &submission->receipts[i];
    if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED) {
        if (receipt->status == SAMORDNING__V1__STATUS_CODE__STATUS_CLASSIFIED) {
            const Samordning__V1__Interaction *interaction = submission->interactions[i];
            store->classified++;
            store->saw_graded_content |= interaction->n_participants != 0 || interaction->case_ref[0] != '\0' ||
                                         interaction->source_id[0] != '\0' || interaction->type[0] != '\0';
        }
        return;
    }
    fake_grow(store);
    struct fake_row *row = fake_slot(store, submission->ids[i]);
    if (!row->is_used) {
        memcpy(row->id, submission->ids[i], 16);
        row->content_hash = submission->content_hashes[i];
        row->reporter = submission->call.principal.organisation;
        row->is_used = true;
        row->inserts = 1;
        store->row_count++;
        receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED;
    } else if (row->reporter != submission->call.principal.organisation) {
        receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITNESSED;
    } else if (row->content_hash == submission->content_hashes[i]) {
        receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
    } else {
        receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT;
    }
}

static void fake_commit(struct store *store, struct fake_call *fake)
{
    struct store_submission *submission = (struct store_submission *)fake->call;
    struct store_withdrawal *withdrawal = (struct store_withdrawal *)fake->call;
    struct store_message_call *message = (struct store_message_call *)fake->call;
    struct store_analysis *analysis = (struct store_analysis *)fake->call;
    switch (fake->verb) {
    case FAKE_SUBMIT:
        for (size_t i = 0; i < submission->count; i++)
            fake_submit_one(store, submission, i);
        break;
    case FAKE_WITHDRAW:
        for (size_t i = 0; i < withdrawal->count; i++) {
            struct fake_row *row = fake_slot(store, withdrawal->ids[i]);
            withdrawal->receipts[i].state = row->is_used ? SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN
                                                         : SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
            row->is_withdrawn = row->is_used;
        }
        break;
    case FAKE_MESSAGE:
        message->response = arena_alloc(fake->call->arena, fake->response->sizeof_message);
        protobuf_c_message_init(fake->response, message->response);
        break;
    case FAKE_ANALYSE:
        if (analysis->progress != NULL)
            analysis->progress(analysis, "counting", 500);
        analysis->message = arena_copy(fake->call->arena, "\x0a\x01r", 3);
        analysis->message_size = 3;
        analysis->media_type = "text/html";
        break;
    case FAKE_NOTHING:
    case FAKE_STRANGER:
        break;
    }
}

static void fake_answer(struct store *store, struct fake_call *fake, bool is_lost)
{
    static const enum status failures[] = {STATUS_BUSY, STATUS_UNAVAILABLE, STATUS_TIMEOUT};
    struct store_call *call = fake->call;
    call->status = is_lost ? STATUS_UNAVAILABLE : STATUS_OK;
    if (fake->is_cancelled) {
        call->status = STATUS_CANCELLED;
    } else if (!is_lost && fake_random(store) % 1000 < store->options.fail_permille) {
        call->status = failures[fake_random(store) % 3];
        call->retry_after_ms = 1;
    } else if (!is_lost || fake_random(store) % 2 == 0) {
        fake_commit(store, fake);
        if (fake_random(store) % 1000 < store->options.lost_permille)
            call->status = STATUS_UNAVAILABLE;
    }
    if (call->status == STATUS_OK && fake->verb == FAKE_STRANGER)
        call->status = STATUS_NOT_FOUND;
    TAILQ_REMOVE(&store->calls, fake, entry);
    store->waiting--;
    free(fake);
    call->internal = NULL;
    call->done(call);
}

void fake_store_turn(struct store *store)
{
    struct fake_call *fake, *next;
    if (store->options.never_answers)
        return;
    for (fake = TAILQ_FIRST(&store->calls); fake != NULL; fake = next) {
        next = TAILQ_NEXT(fake, entry);
        if (fake->turns == 0)
            fake_answer(store, fake, false);
        else
            fake->turns--;
    }
}

void fake_store_destroy(struct store *store)
{
    struct fake_call *fake, *next;
    for (fake = TAILQ_FIRST(&store->calls); fake != NULL; fake = next) {
        next = TAILQ_NEXT(fake, entry);
        fake_answer(store, fake, true);
    }
    free(store->rows);
    free(store);
}

size_t fake_store_waiting(const struct store *store)
{
    return store->waiting;
}

size_t fake_store_rows(const struct store *store)
{
    return store->row_count;
}

struct fake_store_options *fake_store_options(struct store *store)
{
    return &store->options;
}

uint64_t fake_store_classified(const struct store *store)
{
    return store->classified;
}

bool fake_store_saw_graded_content(const struct store *store)
{
    return store->saw_graded_content;
}

static void fake_take(struct store *store, enum fake_verb verb, struct store_call *call,
                      const ProtobufCMessageDescriptor *response)
{
    struct fake_call *fake = calloc(1, sizeof *fake);
    *fake = (struct fake_call){.verb = verb, .call = call, .response = response};
    fake->turns = (unsigned)(fake_random(store) % (store->options.delay_max + 1));
    call->internal = fake;
    store->waiting++;
    TAILQ_INSERT_TAIL(&store->calls, fake, entry);
    if (store->options.wake != NULL)
        store->options.wake(NULL);
}

void store_submit(struct store *store, struct store_submission *ask)
{
    fake_take(store, FAKE_SUBMIT, &ask->call, NULL);
}

void store_withdraw(struct store *store, struct store_withdrawal *withdrawal)
{
    fake_take(store, FAKE_WITHDRAW, &withdrawal->call, NULL);
}

void store_status(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__status_response__descriptor);
}

void store_actor_import(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__actor_import_response__descriptor);
}

void store_actor_list(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__actor_list_response__descriptor);
}

void store_actor_resolve(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__actor_resolve_response__descriptor);
}

void store_case_import(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__register_import_response__descriptor);
}

void store_case_list(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__case_list_response__descriptor);
}

void store_need_import(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__register_import_response__descriptor);
}

void store_need_list(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__need_list_response__descriptor);
}

void store_reorganisation_import(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__register_import_response__descriptor);
}

void store_reorganisation_list(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__reorganisation_list_response__descriptor);
}

void store_layer(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__layer_response__descriptor);
}

void store_result(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__result_response__descriptor);
}

void store_comment(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__comment_response__descriptor);
}

void store_enrol(struct store *store, struct store_message_call *c, const char *fingerprint, int64_t expires_us)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__enrol_response__descriptor);
}

void store_survey_design(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_design_response__descriptor);
}

void store_survey_list(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_list_response__descriptor);
}

void store_survey_fetch(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_fetch_response__descriptor);
}

void store_survey_wave(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_wave_response__descriptor);
}

void store_survey_remind(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_remind_response__descriptor);
}

void store_survey_export(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_export_response__descriptor);
}

void store_schedule(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__schedule_response__descriptor);
}

void store_schedule_history(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__schedule_history_response__descriptor);
}

void store_release(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__release_response__descriptor);
}

void store_supersede(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__supersede_response__descriptor);
}

void store_survey_person(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__survey_person_response__descriptor);
}

void store_survey_invite(struct store *store, struct store_survey_invitation *invitation)
{
    fake_take(store, FAKE_MESSAGE, &invitation->message.call, &samordning__v1__survey_invite_response__descriptor);
}

void store_survey_linked(struct store *store, struct store_survey_linking *linking)
{
    fake_take(store, FAKE_NOTHING, &linking->call, NULL);
}

/* There are no waves. */
void store_survey_hold(struct store *store, struct store_survey_hold *hold)
{
    fake_take(store, FAKE_STRANGER, &hold->call, NULL);
}

void store_survey_release(struct store *store, struct survey_wave *wave)
{
}

void store_survey_own(struct store *store, struct store_survey_own *own)
{
    fake_take(store, FAKE_STRANGER, &own->call, NULL);
}

void store_survey_answer(struct store *store, struct store_survey_answers *answers)
{
    fake_take(store, FAKE_MESSAGE, &answers->message.call, &samordning__v1__survey_answer_response__descriptor);
}

/* Nobody has a link here. */
void store_survey_visit(struct store *store, struct store_survey_visit *visit)
{
    fake_take(store, FAKE_STRANGER, &visit->call, NULL);
}

void store_survey_save(struct store *store, struct store_survey_save *save)
{
    fake_take(store, FAKE_STRANGER, &save->call, NULL);
}

void store_survey_decide(struct store *store, struct store_survey_decide *decide)
{
    fake_take(store, FAKE_STRANGER, &decide->call, NULL);
}

void store_survey_delegate(struct store *store, struct store_survey_delegate *delegate)
{
    fake_take(store, FAKE_STRANGER, &delegate->call, NULL);
}

void store_survey_passed_on(struct store *store, struct store_survey_passed_on *passed_on)
{
    fake_take(store, FAKE_STRANGER, &passed_on->call, NULL);
}

void store_survey_revoke(struct store *store, struct store_survey_revoke *revoke)
{
    fake_take(store, FAKE_STRANGER, &revoke->call, NULL);
}

void store_survey_names(struct store *store, struct store_survey_names *names)
{
    fake_take(store, FAKE_STRANGER, &names->call, NULL);
}

/* Nothing is planned. */
void store_schedule_due(struct store *store, struct store_plans *plans)
{
    plans->count = 0;
    fake_take(store, FAKE_NOTHING, &plans->call, NULL);
}

void store_schedule_claim(struct store *store, struct store_claim *claim)
{
    claim->claimed = false;
    fake_take(store, FAKE_NOTHING, &claim->call, NULL);
}

void store_schedule_take(struct store *store, struct store_runs *runs)
{
    runs->run = NULL;
    fake_take(store, FAKE_NOTHING, &runs->call, NULL);
}

void store_schedule_documents(struct store *store, struct store_documents *documents)
{
    documents->count = 0;
    fake_take(store, FAKE_NOTHING, &documents->call, NULL);
}

void store_schedule_hold(struct store *store, struct store_hold *hold)
{
    hold->was_it = false;
    fake_take(store, FAKE_NOTHING, &hold->call, NULL);
}

void store_schedule_settle(struct store *store, struct store_settlement *settlement)
{
    settlement->was_it = settlement->gave_up = false;
    fake_take(store, FAKE_NOTHING, &settlement->call, NULL);
}

/* There are no letters. */
void store_letters_take(struct store *store, struct store_letters *letters)
{
    letters->count = 0;
    fake_take(store, FAKE_NOTHING, &letters->call, NULL);
}

void store_letter_settle(struct store *store, struct store_letter_settlement *settlement)
{
    fake_take(store, FAKE_NOTHING, &settlement->call, NULL);
}

enum status store_survey_secret(const struct store *store, uint64_t seat, enum survey_link_kind kind, uint32_t number,
                                char ret_secret[44], uint8_t ret_hash[32])
{
    return STATUS_UNAVAILABLE;
}

enum status store_principal(const struct store *store, const char *orgnr, const char *subject, const char *fingerprint,
                            struct principal *ret_principal)
{
    if (store->options.refuses_everybody || orgnr[0] == '\0')
        return STATUS_UNAUTHENTICATED;
    ret_principal->organisation = (int32_t)strtol(orgnr, NULL, 10);
    memcpy(ret_principal->orgnr, orgnr, sizeof ret_principal->orgnr);
    ret_principal->roles = store->options.roles != 0 ? store->options.roles : 0xe;
    return STATUS_OK;
}

enum status store_token_principal(const struct store *store, const char *hash, struct principal *ret_principal)
{
    return STATUS_UNAUTHENTICATED;
}

void store_job(struct store *store, struct store_message_call *c)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__job_response__descriptor);
}

void store_token(struct store *store, struct store_message_call *c, const char *hash)
{
    fake_take(store, FAKE_MESSAGE, &c->call, &samordning__v1__token_response__descriptor);
}

void store_export(struct store *store, struct store_export *ask)
{
    fake_take(store, FAKE_NOTHING, &ask->call, NULL);
}

void store_export_resume(struct store *store, struct store_export *ask)
{
}

void store_export_cancel(struct store *store, struct store_export *ask)
{
}

void store_changed(struct store *store, struct store_change *ask)
{
    ask->changed = true;
    fake_take(store, FAKE_NOTHING, &ask->call, NULL);
}

int store_layer_code(const struct store *store, const char *name)
{
    return strcmp(name, "meeting") == 0 ? 1 : strcmp(name, "consultation") == 0 ? 2 : -1;
}

void store_analyse(struct store *store, struct store_analysis *ask)
{
    fake_take(store, FAKE_ANALYSE, &ask->call, NULL);
}

void store_analysis_cancel(struct store *store, struct store_analysis *ask)
{
    struct fake_call *fake = ask->call.internal;
    fake->is_cancelled = true;
    fake->turns = 0;
    if (store->options.wake != NULL)
        store->options.wake(NULL);
}
