/* SPDX-License-Identifier: GPL-3.0-or-later
 * Submissions from the verb to the receipt: names to label ids, rejected rows to quarantine, the rest to the gatherer.
 *
 * A submission is answered when every interaction has its receipt and its side writes (rejected rows, delivery) are done, or
 * when its deadline passes: then the gatherer forgets what is not confirmed, and the client's retry finds out what was.
 */
#include "clock.h"
#include "submission.h"

#include <stdio.h>
#include <stdlib.h>

struct store_submission *submission_ask(const struct submission *submission)
{
    return submission->ask;
}

int16_t submission_layer(const struct submission *submission, size_t index)
{
    return submission->layers[index];
}

/* ----------------------------------------------------------------------------------------------- ending */

static void submission_end(struct submission *submission, enum status status)
{
    struct submissions *all = submission->store->submissions;
    struct store *store = submission->store;
    struct store_call *call = &submission->ask->call;
    for (size_t i = 0; i < SIDE_WRITES; i++)
        if (submission->writes[i] != NULL)
            submission->writes[i]->submission = NULL;
    names_forget(all, submission);
    if (submission->prev != NULL)
        submission->prev->next = submission->next;
    else
        all->first = submission->next;
    if (submission->next != NULL)
        submission->next->prev = submission->prev;
    all->open--;
    all->bytes -= submission->bytes;
    metrics_set(store->metrics, METRIC_STORE_QUEUE_BYTES, (int64_t)all->bytes);
    free(submission->labels);
    free(submission);
    if (all->in_verb)
        store_answer_later(store, call, status);
    else
        store_answer(store, call, status);
}

void submission_failed(struct submission *submission, enum status status, const char *reason)
{
    gather_forget(submission->store->gather, submission);
    errmsg_set(&submission->ask->call.errmsg, "", "%s", reason);
    submission_end(submission, status);
}

static void count_receipt(struct metrics *metrics, Samordning__V1__ReceiptState state)
{
    switch (state) {
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED:
        metrics_add(metrics, METRIC_INTERACTIONS_STORED, 1);
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED:
        metrics_add(metrics, METRIC_INTERACTIONS_ALREADY, 1);
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITNESSED:
        metrics_add(metrics, METRIC_INTERACTIONS_WITNESSED, 1);
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED:
        metrics_add(metrics, METRIC_INTERACTIONS_CORRECTED, 1);
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT:
        metrics_add(metrics, METRIC_INTERACTIONS_CONFLICT, 1);
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED:
        metrics_add(metrics, METRIC_INTERACTIONS_REJECTED, 1);
        break;
    default:
        break;
    }
}

/* ---------------------------------------------------------------------------------------------- progress */

void submission_step(struct submission *submission)
{
    if (submission->pending > 0)
        return;
    if (submission->ask->delivery != NULL && !submission->delivery_noted) {
        submission->delivery_noted = true;
        side_note_delivery(submission);
        if (submission->pending > 0)
            return;
    }
    submission_end(submission, STATUS_OK);
}

void submission_settled(struct submission *submission, size_t index, Samordning__V1__ReceiptState state, enum status status,
                        const char *field, const char *reason)
{
    struct store_submission *ask = submission->ask;
    Samordning__V1__Receipt *receipt = &ask->receipts[index];
    receipt->state = state;
    receipt->status = (Samordning__V1__StatusCode)status;
    if (reason[0] != '\0') {
        char *kept = ask->call.arena != NULL ? arena_strdup(ask->call.arena, reason) : NULL;
        receipt->reason = kept != NULL ? kept : (char *)(uintptr_t)status_text(status);
        kept = ask->call.arena != NULL ? arena_strdup(ask->call.arena, field) : NULL;
        receipt->field = kept != NULL ? kept : (char *)(uintptr_t)protobuf_c_empty_string;
    }
    count_receipt(submission->store->metrics, state);
    submission->pending--;
    if (state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED)
        side_keep_rejected(submission, index, index + 1);
    submission_step(submission);
}

void submission_hand_over(struct submission *submission, const int32_t *labels)
{
    struct store_submission *ask = submission->ask;
    struct gather *gather = submission->store->gather;
    submission->pending++; /* keeps it while its parts are handed over */
    for (size_t i = 0, at = 0; i < ask->count; i++) {
        if (receipt_is_rejected(&ask->receipts[i]))
            continue;
        size_t names = ask->interactions[i]->n_participants;
        uint32_t waiting = 0;
        size_t refused = names;
        for (size_t p = 0; p < names; p++) {
            waiting += labels[at + p] < 0;
            if (labels[at + p] == REFUSED)
                refused = p;
        }
        ask->receipts[i].waiting_actors = waiting;
        if (refused < names) {
            char field[64];
            snprintf(field, sizeof field, "participants[%zu].actor", refused);
            submission_settled(submission, i, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED, STATUS_INVALID, field,
                               "the database does not take this name");
        } else if (gather_add(gather, submission, i, labels + at) != STATUS_OK) {
            submission_failed(submission, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
            return;
        }
        at += names;
    }
    submission->pending--;
    submission_step(submission);
}

/* ------------------------------------------------------------------------------------------------- verb */

static bool take_layers(struct submission *submission)
{
    struct store_submission *ask = submission->ask;
    const char *last = NULL;
    int code = -1;
    bool all_known = true;
    for (size_t i = 0; i < ask->count; i++) {
        if (receipt_is_rejected(&ask->receipts[i]))
            continue;
        const char *type = ask->interactions[i]->type;
        if (last == NULL || strcmp(type, last) != 0)
            code = store_layer_code(submission->store, type);
        last = type;
        submission->layers[i] = (int16_t)code;
        all_known = all_known && code >= 0;
    }
    return all_known;
}

static void reject_unknown_layers(struct submission *submission)
{
    struct store_submission *ask = submission->ask;
    for (size_t i = 0; i < ask->count; i++) {
        Samordning__V1__Receipt *receipt = &ask->receipts[i];
        if (receipt_is_rejected(receipt) || submission->layers[i] >= 0)
            continue;
        receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
        receipt->status = (Samordning__V1__StatusCode)STATUS_INVALID;
        receipt->field = (char *)(uintptr_t) "type";
        receipt->reason = (char *)(uintptr_t) "no layer of the register has this name";
        metrics_add(submission->store->metrics, METRIC_INTERACTIONS_REJECTED, 1);
    }
}

void store_submit(struct store *store, struct store_submission *ask)
{
    struct submissions *all = store->submissions;
    size_t bytes = ask->packed_bytes + ask->count * 64 + 256;
    if (store->stopping || (all->open > 0 && all->bytes + bytes > store->config->max_queue_bytes)) {
        metrics_add(store->metrics, METRIC_STORE_BUSY, 1);
        store_answer_later(store, &ask->call, store->stopping ? STATUS_UNAVAILABLE : STATUS_BUSY);
        return;
    }
    struct submission *submission = calloc(1, sizeof *submission + ask->count * sizeof submission->layers[0]);
    if (submission == NULL) {
        store_answer_later(store, &ask->call, STATUS_NO_MEMORY);
        return;
    }
    submission->store = store;
    submission->ask = ask;
    submission->bytes = bytes;
    submission->deadline_us = store_deadline(store, &ask->call);
    if (!take_layers(submission))
        reject_unknown_layers(submission);
    size_t count = 0, missing = names_find(all, ask, &count);
    if (missing > 0 && missing != SIZE_MAX) {
        submission->labels = malloc(count * sizeof submission->labels[0]);
        if (submission->labels != NULL)
            memcpy(submission->labels, all->scratch, count * sizeof submission->labels[0]);
    }
    if (missing == SIZE_MAX || (missing > 0 && submission->labels == NULL)) {
        free(submission);
        store_answer_later(store, &ask->call, STATUS_NO_MEMORY);
        return;
    }
    submission->next = all->first;
    if (all->first != NULL)
        all->first->prev = submission;
    all->first = submission;
    all->open++;
    all->bytes += bytes;
    metrics_set(store->metrics, METRIC_STORE_QUEUE_BYTES, (int64_t)all->bytes);

    all->in_verb = true;
    size_t accepted = 0;
    for (size_t i = 0; i < ask->count; i++)
        accepted += !receipt_is_rejected(&ask->receipts[i]);
    submission->pending = accepted;
    if (accepted < ask->count)
        side_keep_rejected(submission, 0, ask->count);
    if (missing > 0) {
        names_wait(all, submission);
    } else if (accepted > 0) {
        submission_hand_over(submission, all->scratch);
    } else {
        submission_step(submission);
    }
    all->in_verb = false;
}

/* ------------------------------------------------------------------------------------------------- life */

static void sweep_cb(evutil_socket_t fd, short what, void *arg)
{
    struct submissions *all = arg;
    int64_t now_us = clock_monotonic_us();
    bool up = gather_is_up(all->store->gather);
    for (struct submission *s = all->first, *next; s != NULL; s = next) {
        next = s->next;
        if (s->deadline_us != 0 && now_us > s->deadline_us) {
            submission_failed(s, up ? STATUS_TIMEOUT : STATUS_UNAVAILABLE,
                              up ? "not confirmed in time; sending it again is safe"
                                 : "the database is away; sending it again is safe");
        }
    }
    names_start_round(all);
}

void submissions_register_changed(struct submissions *all)
{
    labels_forget_waiting(all->labels);
}

void submissions_up(struct submissions *all)
{
    names_start_round(all);
}

size_t submissions_open(const struct submissions *all)
{
    return all->open;
}

struct submissions *submissions_create(struct store *store)
{
    struct submissions *all = calloc(1, sizeof *all);
    if (all == NULL)
        return NULL;
    all->store = store;
    all->waiters_tail = &all->waiters;
    all->round_max = ROUND_NAMES_MAX;
    all->round_mask = 65536 - 1;
    all->round_slots = calloc(all->round_mask + 1, sizeof all->round_slots[0]);
    all->round_at = calloc(ROUND_NAMES_MAX, sizeof all->round_at[0]);
    all->labels = labels_create(LABELS_MAX);
    all->sweep = event_new(store->base, -1, EV_PERSIST, sweep_cb, all);
    if (all->round_slots == NULL || all->round_at == NULL || all->labels == NULL || all->sweep == NULL) {
        submissions_destroy(all);
        return NULL;
    }
    event_add(all->sweep, &(struct timeval){.tv_usec = STORE_SWEEP_MS * 1000L});
    return all;
}

void submissions_destroy(struct submissions *all)
{
    if (all == NULL)
        return;
    while (all->first != NULL) /* each turn takes the first one off the list */
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        submission_failed(all->first, STATUS_UNAVAILABLE, "the daemon is stopping; sending it again is safe");
    labels_destroy(all->labels);
    if (all->sweep != NULL)
        event_free(all->sweep);
    pg_buffer_release(&all->round_texts);
    free(all->round_at);
    free(all->round_slots);
    free(all->scratch);
    free(all);
}
