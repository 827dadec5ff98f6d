/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pipelined submission: batches gathered, spooled, sent, answered; several of them in flight. */
#include "submission.h"
#include "batch.h"
#include "handle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SUBMISSION_HOLD_MS 2 /* the longest a small request waits for company, as far as the caller comes back */

/* A spool record whose batch had to be cut in parts is acknowledged with the last of them. */
struct ticket {
    struct spool_record record;
    unsigned parts;
};

struct parcel {
    struct exchange exchange; /* first: the callbacks get it */
    struct samordning_submission *submission;
    struct batch batch;
    struct ticket *ticket; /* NULL: not spooled */
    SLIST_ENTRY(parcel) entry;
};
SLIST_HEAD(parcel_list, parcel);

struct samordning_submission {
    struct samordning *handle;
    samordning_receipt_cb receipt;
    void *arg;
    uint8_t *tail; /* what each SubmitRequest of this submission says beside its interactions */
    size_t tail_size;
    struct parcel *open;      /* being filled; NULL = none yet */
    struct parcel_list spare; /* emptied ones, kept for their buffers */
    unsigned in_flight;
    size_t held_bytes; /* put on the link since it was last stepped */
    int64_t held_since_ms;
    int error; /* the submission cannot send any more */
    struct errmsg errmsg;
    uint64_t spooled_only; /* interactions that will have to wait in the spool */
    uint64_t answered;     /* interactions with a receipt */
};

static void parcel_answered(struct exchange *exchange, const Samordning__V1__Response *response);

/* ---------------------------------------------------------------------------------------------------------- parcels */

static struct parcel *take_parcel(struct samordning_submission *sub)
{
    struct parcel *parcel = SLIST_FIRST(&sub->spare);
    if (parcel != NULL) {
        SLIST_REMOVE_HEAD(&sub->spare, entry);
        batch_clear(&parcel->batch);
        return parcel;
    }
    parcel = calloc(1, sizeof *parcel);
    if (parcel == NULL || batch_init(&parcel->batch) != SAMORDNING_OK) {
        free(parcel);
        return NULL;
    }
    parcel->submission = sub;
    parcel->exchange.answered = parcel_answered;
    return parcel;
}

static void give_back(struct parcel *parcel)
{
    parcel->ticket = NULL;
    parcel->exchange.not_before_ms = 0;
    SLIST_INSERT_HEAD(&parcel->submission->spare, parcel, entry);
}

static void free_parcel(struct parcel *parcel)
{
    if (parcel == NULL)
        return;
    batch_release(&parcel->batch);
    free(parcel);
}

/* One part of the record is dealt with; the receiver is done with the record when all are. */
static void settle(struct parcel *parcel, bool is_acknowledged)
{
    struct ticket *ticket = parcel->ticket;
    parcel->ticket = NULL;
    if (ticket == NULL)
        return;
    if (!is_acknowledged)
        ticket->record.segment = NULL; /* stays in the spool, whatever becomes of the other parts */
    if (--ticket->parts > 0)
        return;
    if (ticket->record.segment != NULL)
        spool_acknowledge(parcel->submission->handle->spool, &ticket->record);
    free(ticket);
}

static void leave_in_spool(struct parcel *parcel)
{
    if (parcel->ticket != NULL)
        parcel->submission->spooled_only += parcel->batch.count;
    settle(parcel, false);
}

static int fail_with(struct samordning_submission *sub, int error, const struct errmsg *errmsg)
{
    if (sub->error == SAMORDNING_OK) {
        sub->error = error;
        sub->errmsg = *errmsg;
    }
    sub->handle->last_error = *errmsg;
    return error;
}

static int out_of_memory(struct samordning_submission *sub)
{
    struct errmsg errmsg;
    errmsg_set(&errmsg, "", "out of memory");
    return fail_with(sub, SAMORDNING_E_MEMORY, &errmsg);
}

/* --------------------------------------------------------------------------------------------------------- receipts */

static void reject_all(struct parcel *parcel, enum status status, const char *field, const char *reason)
{
    struct samordning_submission *sub = parcel->submission;
    char kept_field[sizeof(struct errmsg)];
    char kept_reason[sizeof(struct errmsg)];
    strncpy(kept_field, field, sizeof kept_field - 1);
    kept_field[sizeof kept_field - 1] = '\0';
    strncpy(kept_reason, reason, sizeof kept_reason - 1);
    kept_reason[sizeof kept_reason - 1] = '\0';
    Samordning__V1__Receipt receipt = SAMORDNING__V1__RECEIPT__INIT;
    receipt.state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
    receipt.status = (Samordning__V1__StatusCode)status;
    receipt.field = kept_field;
    receipt.reason = kept_reason;
    for (size_t i = 0; i < parcel->batch.count; i++) {
        sub->answered++;
        if (sub->receipt != NULL)
            sub->receipt(sub->arg, parcel->batch.tags[i], &receipt);
    }
}

static void hand_out(struct parcel *parcel, const Samordning__V1__SubmitResponse *submit)
{
    struct samordning_submission *sub = parcel->submission;
    for (size_t i = 0; i < parcel->batch.count; i++) {
        sub->answered++;
        if (sub->receipt != NULL)
            sub->receipt(sub->arg, parcel->batch.tags[i], submit->receipts[i]);
    }
}

static int send_parcel(struct samordning_submission *sub, struct parcel *parcel);

/* What lies in the content of the batch; anything else would hit every batch and must leave it in the spool. */
static bool is_about_content(enum status status)
{
    return status == STATUS_MALFORMED || status == STATUS_TOO_LARGE || status == STATUS_INVALID ||
           status == STATUS_CLASSIFIED || status == STATUS_CONFLICT || status == STATUS_GONE || status == STATUS_NOT_FOUND;
}

/* The parcel with the second half, or NULL with the reason in sub->error. */
static struct parcel *split_parcel(struct samordning_submission *sub, struct parcel *parcel)
{
    struct parcel *other = take_parcel(sub);
    if (other == NULL || batch_split(&parcel->batch, &other->batch) != SAMORDNING_OK) {
        if (other != NULL)
            give_back(other);
        (void)out_of_memory(sub);
        return NULL;
    }
    other->ticket = parcel->ticket;
    if (other->ticket != NULL)
        other->ticket->parts++;
    return other;
}

static void parcel_answered(struct exchange *exchange, const Samordning__V1__Response *response)
{
    struct parcel *parcel = (struct parcel *)exchange;
    struct samordning_submission *sub = parcel->submission;
    enum status status = (enum status)response->status;
    const char *words = response->message[0] != '\0' ? response->message : status_text(status);
    sub->in_flight--;
    if (status == STATUS_OK) {
        if (response->body_case == SAMORDNING__V1__RESPONSE__BODY_SUBMIT &&
            response->submit->n_receipts == parcel->batch.count) {
            hand_out(parcel, response->submit);
            settle(parcel, true);
        } else {
            struct errmsg errmsg;
            errmsg_set(&errmsg, "", "the daemon did not send a receipt for each interaction");
            (void)fail_with(sub, SAMORDNING_E_PROTOCOL, &errmsg);
            leave_in_spool(parcel);
        }
    } else if (status == STATUS_TOO_LARGE && parcel->batch.count > 1) {
        struct parcel *other = split_parcel(sub, parcel);
        if (other != NULL) {
            (void)send_parcel(sub, parcel); /* what fails is noted in sub->error, which the next step sees */
            (void)send_parcel(sub, other);
            return;
        }
        leave_in_spool(parcel);
    } else if (is_about_content(status)) {
        reject_all(parcel, status, response->field, words);
        settle(parcel, true);
    } else {
        struct errmsg errmsg;
        errmsg_set(&errmsg, response->field, "%s", words);
        (void)fail_with(sub, (int)status, &errmsg);
        leave_in_spool(parcel);
    }
    give_back(parcel);
}

/* ---------------------------------------------------------------------------------------------------------- sending */

static bool is_too_large(const struct parcel *parcel, const struct link *link)
{
    return parcel->batch.count > link->batch_max || batch_body_size(&parcel->batch) + BATCH_PREFIX_MAX > link->frame_max;
}

/* Cuts what the daemon would not take, and puts the rest on the link. The parcel is taken over in any case. */
static int send_parcel(struct samordning_submission *sub, struct parcel *parcel)
{
    struct link *link = &sub->handle->link;
    while (parcel->batch.count > 1 && is_too_large(parcel, link)) {
        struct parcel *other = split_parcel(sub, parcel);
        if (other == NULL) {
            leave_in_spool(parcel);
            give_back(parcel);
            return sub->error;
        }
        (void)send_parcel(sub, parcel);
        parcel = other;
    }
    if (is_too_large(parcel, link)) {
        reject_all(parcel, STATUS_TOO_LARGE, "", "is larger than the daemon takes in one frame");
        settle(parcel, true);
        give_back(parcel);
        return sub->error;
    }
    struct exchange *e = &parcel->exchange;
    e->id = link_next_id(link);
    e->not_before_ms = 0;
    e->timeout_ms = sub->handle->settings.timeout_ms;
    e->data = batch_frame(&parcel->batch, e->id, sub->handle->settings.timeout_ms, &e->size);
    link_add(link, e);
    sub->in_flight++;
    if (sub->held_bytes == 0)
        sub->held_since_ms = connection_clock_ms();
    sub->held_bytes += e->size;
    return sub->error;
}

static bool is_ours(const struct samordning_submission *sub, const struct exchange *exchange)
{
    return exchange->answered == parcel_answered && ((const struct parcel *)exchange)->submission == sub;
}

/* What is still on the link stays in the spool, if there is one. */
static void take_off_link(struct samordning_submission *sub)
{
    struct link *link = &sub->handle->link;
    struct exchange *next = NULL;
    for (struct exchange *e = TAILQ_FIRST(&link->exchanges); e != NULL; e = next) {
        next = TAILQ_NEXT(e, entry);
        if (!is_ours(sub, e))
            continue;
        struct parcel *parcel = (struct parcel *)e;
        link_remove(link, e);
        sub->in_flight--;
        leave_in_spool(parcel);
        give_back(parcel);
    }
}

static int give_up(struct samordning_submission *sub, int error, const struct errmsg *errmsg)
{
    struct errmsg kept = *errmsg;
    (void)fail_with(sub, error, &kept);
    take_off_link(sub);
    return sub->error;
}

static int step(struct samordning_submission *sub, int64_t until_ms)
{
    struct errmsg errmsg = {"", ""};
    sub->held_bytes = 0;
    int result = link_step(&sub->handle->link, until_ms, &errmsg);
    if (result != SAMORDNING_OK)
        return give_up(sub, result, &errmsg);
    if (sub->error != SAMORDNING_OK)
        return give_up(sub, sub->error, &sub->errmsg);
    return SAMORDNING_OK;
}

/* Small requests go together while others are on their way, as far as the caller does not keep them waiting: alone, each would
 * cost a record and a call here and at the daemon. */
static bool is_worth_holding(const struct samordning_submission *sub)
{
    return sub->in_flight < sub->handle->settings.in_flight && sub->handle->link.on_way > 0 && sub->held_bytes < LINK_RECORD &&
           connection_clock_ms() - sub->held_since_ms < SUBMISSION_HOLD_MS;
}

/* Sends a sealed parcel and waits for room for the next one. */
static int dispatch(struct samordning_submission *sub, struct parcel *parcel)
{
    if (sub->error == SAMORDNING_OK && !sub->handle->link.is_ready) {
        struct errmsg errmsg = {"", ""};
        int result = link_connect(&sub->handle->link, &errmsg);
        if (result != SAMORDNING_OK)
            (void)give_up(sub, result, &errmsg);
    }
    if (sub->error != SAMORDNING_OK) {
        leave_in_spool(parcel);
        give_back(parcel);
        return sub->error;
    }
    int result = send_parcel(sub, parcel);
    if (result == SAMORDNING_OK && !is_worth_holding(sub))
        result = step(sub, 0);
    while (result == SAMORDNING_OK && sub->in_flight >= sub->handle->settings.in_flight)
        result = step(sub, INT64_MAX);
    return result;
}

static int seal(struct samordning_submission *sub)
{
    struct parcel *parcel = sub->open;
    if (parcel == NULL || parcel->batch.count == 0)
        return SAMORDNING_OK;
    sub->open = NULL;
    struct spool *spool = sub->handle->spool;
    if (batch_seal(&parcel->batch, sub->tail, sub->tail_size) != SAMORDNING_OK) {
        give_back(parcel);
        return out_of_memory(sub);
    }
    if (spool != NULL) {
        struct errmsg errmsg = {"", ""};
        struct ticket *ticket = malloc(sizeof *ticket);
        int result = SAMORDNING_E_MEMORY;
        if (ticket != NULL) {
            *ticket = (struct ticket){.parts = 1};
            result = spool_append(spool, batch_body(&parcel->batch), batch_body_size(&parcel->batch),
                                  (uint32_t)parcel->batch.count, &ticket->record, &errmsg);
        }
        if (result != SAMORDNING_OK) {
            free(ticket);
            give_back(parcel);
            return ticket == NULL ? out_of_memory(sub) : fail_with(sub, result, &errmsg);
        }
        parcel->ticket = ticket;
    }
    return dispatch(sub, parcel);
}

/* With a spool, a daemon that cannot be reached is no reason to stop taking interactions. */
static bool can_wait_in_spool(const struct samordning_submission *sub)
{
    return sub->handle->spool != NULL && sub->error != SAMORDNING_E_SPOOL && sub->error != SAMORDNING_E_MEMORY;
}

static int result_of_add(struct samordning_submission *sub, int result)
{
    if (result == SAMORDNING_OK || can_wait_in_spool(sub))
        return SAMORDNING_OK;
    sub->handle->last_error = sub->errmsg;
    return result;
}

/* ------------------------------------------------------------------------------------------------------------- verbs */

static int make_tail(struct samordning_submission *sub, const struct samordning_submission_options *o)
{
    static char empty[] = "";
    Samordning__V1__Delivery delivery = SAMORDNING__V1__DELIVERY__INIT;
    Samordning__V1__SubmitRequest submit = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    submit.intent =
        o->correction ? SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION : SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_NEW;
    submit.file = o->file != NULL ? (char *)(uintptr_t)o->file : empty;
    if (o->delivery_from != NULL && o->delivery_to != NULL) {
        delivery.from = (char *)(uintptr_t)o->delivery_from;
        delivery.to = (char *)(uintptr_t)o->delivery_to;
        delivery.all_actors = o->delivery_all_actors;
        submit.delivery = &delivery;
    }
    sub->tail_size = protobuf_c_message_get_packed_size(&submit.base);
    sub->tail = malloc(sub->tail_size + 1);
    if (sub->tail == NULL)
        return SAMORDNING_E_MEMORY;
    protobuf_c_message_pack(&submit.base, sub->tail);
    return SAMORDNING_OK;
}

int samordning_submission_begin(struct samordning *s, const struct samordning_submission_options *options,
                                struct samordning_submission **ret_submission)
{
    static const struct samordning_submission_options none;
    const struct samordning_submission_options *o = options != NULL ? options : &none;
    errmsg_clear(&s->last_error);
    link_start_over(&s->link);
    if ((o->delivery_from != NULL) != (o->delivery_to != NULL)) {
        errmsg_set(&s->last_error, "", "a delivery needs both its first day and the day behind its last");
        return SAMORDNING_E_ARGUMENT;
    }
    int result = handle_open_spool(s);
    if (result != SAMORDNING_OK)
        return result;
    struct samordning_submission *sub = calloc(1, sizeof *sub);
    if (sub != NULL) {
        *sub = (struct samordning_submission){.handle = s, .receipt = o->receipt, .arg = o->arg};
        SLIST_INIT(&sub->spare);
    }
    if (sub == NULL || make_tail(sub, o) != SAMORDNING_OK) {
        free(sub);
        errmsg_set(&s->last_error, "", "out of memory");
        return SAMORDNING_E_MEMORY;
    }
    *ret_submission = sub;
    return SAMORDNING_OK;
}

int samordning_submission_add(struct samordning_submission *sub, const struct Samordning__V1__Interaction *interaction,
                              uint64_t tag)
{
    const struct link *link = &sub->handle->link;
    int result = SAMORDNING_OK;
    if (sub->error != SAMORDNING_OK && !can_wait_in_spool(sub))
        return result_of_add(sub, sub->error);
    const size_t size = protobuf_c_message_get_packed_size(&interaction->base);
    const size_t batch_max = sub->handle->settings.batch < link->batch_max ? sub->handle->settings.batch : link->batch_max;
    const size_t overhead = BATCH_PREFIX_MAX + sub->tail_size;
    const size_t body_max = link->frame_max > overhead ? link->frame_max - overhead : 0;
    if (sub->open != NULL && (sub->open->batch.count >= batch_max || batch_size_with(&sub->open->batch, size) > body_max))
        result = seal(sub);
    if (result_of_add(sub, result) != SAMORDNING_OK)
        return sub->error;
    if (sub->open == NULL && (sub->open = take_parcel(sub)) == NULL)
        return out_of_memory(sub);
    if (batch_add(&sub->open->batch, interaction, size, tag) != SAMORDNING_OK)
        return out_of_memory(sub);
    if (sub->open->batch.count >= batch_max)
        result = seal(sub);
    return result_of_add(sub, result);
}

int samordning_submission_flush(struct samordning_submission *sub)
{
    int result = seal(sub);
    while (result == SAMORDNING_OK && sub->in_flight > 0)
        result = step(sub, INT64_MAX);
    if (result == SAMORDNING_OK)
        result = sub->error;
    if (result != SAMORDNING_OK) {
        sub->handle->last_error = sub->errmsg;
        if (sub->spooled_only > 0)
            errmsg_set(&sub->handle->last_error, "", "%.250s; %" PRIu64 " interactions wait in the spool %.80s",
                       sub->errmsg.text, sub->spooled_only, sub->handle->spool->directory);
    }
    return result;
}

int samordning_submission_finish(struct samordning_submission *sub)
{
    int result = samordning_submission_flush(sub);
    take_off_link(sub);
    if (sub->handle->spool != NULL)
        spool_end_segment(sub->handle->spool);
    free_parcel(sub->open);
    struct parcel *parcel;
    while ((parcel = SLIST_FIRST(&sub->spare)) != NULL) {
        SLIST_REMOVE_HEAD(&sub->spare, entry);
        free_parcel(parcel);
    }
    free(sub->tail);
    free(sub);
    return result;
}

int submission_replay(struct samordning_submission *sub, const struct spool_record *record, const uint8_t *body, size_t size,
                      uint64_t first_tag)
{
    struct parcel *parcel = take_parcel(sub);
    struct ticket *ticket = malloc(sizeof *ticket);
    int result = parcel == NULL || ticket == NULL ? SAMORDNING_E_MEMORY : batch_load(&parcel->batch, body, size, first_tag);
    if (result != SAMORDNING_OK) {
        free(ticket);
        if (parcel != NULL)
            give_back(parcel);
        struct errmsg errmsg;
        errmsg_set(&errmsg, "", "%s", result == SAMORDNING_E_MEMORY ? "out of memory" : "a spooled batch cannot be read");
        return fail_with(sub, result, &errmsg);
    }
    *ticket = (struct ticket){.record = *record, .parts = 1};
    parcel->ticket = ticket;
    return dispatch(sub, parcel);
}

uint64_t submission_answered(const struct samordning_submission *sub)
{
    return sub->answered;
}
