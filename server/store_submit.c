/* SPDX-License-Identifier: GPL-3.0-or-later
 * Submissions from the verb to the receipt: names to label ids, rejected rows to quarantine, the rest to the gatherer.
 *
 * A submission is answered when every interaction has its receipt and its side writes (rejected rows, delivery) are done, or
 * when its deadline passes: then the gatherer forgets what is not confirmed, and the client's retry finds out what was.
 */
#include "civil_time.h"
#include "clock.h"
#include "copy_row.h"
#include "gather.h"
#include "interaction_id.h"
#include "labels.h"
#include "log.h"
#include "side_write.h"
#include "store_internal.h"
#include "validate.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUND_NAMES_MAX   20000 /* names asked for at once */
#define ROUND_BYTES_MAX   (4u << 20)
#define ROUND_DEADLINE_US INT64_C(5000000)
#define UNRESOLVED        0
#define REFUSED           INT32_MIN /* the database does not take this name */

struct submissions {
    struct store *store;
    struct submission *first;
    size_t open, bytes;
    bool in_verb; /* answers wait until the verb has returned */
    struct labels *labels;
    struct event *sweep;
    int32_t *scratch; /* label ids of the submission being taken in */
    size_t scratch_capacity;

    /* the round of asking for names under way */
    struct submission *waiters, **waiters_tail;
    struct db_request round;
    bool round_busy;
    size_t round_max;             /* names; halved to find one the database refuses */
    struct pg_buffer round_texts; /* a text[] parameter */
    size_t *round_at;             /* offset of each name's length in round_texts */
    size_t round_count, round_capacity;
    uint32_t *round_slots; /* hash table of indices + 1 */
    size_t round_mask;
};

static void start_round(struct submissions *all);

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
    if (submission->waits_for_names) {
        struct submission **at = &all->waiters;
        while (*at != submission)
            at = &(*at)->next_waiter;
        *at = submission->next_waiter;
        if (all->waiters_tail == &submission->next_waiter)
            all->waiters_tail = at;
    }
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
        side_write_delivery(submission);
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
        side_write_rejected(submission, index, index + 1);
    submission_step(submission);
}

/* Hands every accepted interaction to the gatherer. labels: ids of all names in a row. */
static void hand_over(struct submission *submission, const int32_t *labels)
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

/* ------------------------------------------------------------------------------------------------ names */

static size_t round_text(const struct submissions *all, size_t index, const char **ret_text)
{
    const uint8_t *at = all->round_texts.data + all->round_at[index];
    *ret_text = (const char *)at + 4;
    return pg_load32(at);
}

/* The slot of a name in the round's table: its own, or an empty one. */
static size_t round_probe(const struct submissions *all, const char *text, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    size_t slot = (hash ^ hash >> 29) & all->round_mask;
    for (; all->round_slots[slot] != 0; slot = (slot + 1) & all->round_mask) {
        const char *other;
        if (round_text(all, all->round_slots[slot] - 1, &other) == size && memcmp(other, text, size) == 0)
            break;
    }
    return slot;
}

/* Looks up what is still unknown in the cache and puts the rest on this round's list; returns how many stay unknown. */
static size_t round_gather(struct submissions *all, struct submission *submission)
{
    const struct store_submission *ask = submission->ask;
    size_t unknown = 0, at = 0;
    for (size_t i = 0; i < ask->count; i++) {
        if (receipt_is_rejected(&ask->receipts[i]))
            continue;
        for (size_t p = 0; p < ask->interactions[i]->n_participants; p++, at++) {
            if (submission->labels[at] != UNRESOLVED)
                continue;
            const char *text = ask->interactions[i]->participants[p]->actor;
            size_t size = strlen(text);
            bool waiting = false;
            int32_t id = labels_find(all->labels, text, size, &waiting);
            if (id != 0) {
                submission->labels[at] = waiting ? -id : id;
                continue;
            }
            unknown++;
            size_t slot = round_probe(all, text, size);
            if (all->round_slots[slot] != 0 || all->round_count >= all->round_max || all->round_texts.size > ROUND_BYTES_MAX)
                continue;
            size_t offset = all->round_texts.size;
            pg_array_bytes(&all->round_texts, text, size);
            if (all->round_texts.failed)
                continue;
            all->round_at[all->round_count++] = offset;
            all->round_slots[slot] = (uint32_t)all->round_count;
        }
    }
    return unknown;
}

/* Takes a submission off the list of those that wait for names. */
static void no_longer_waits(struct submissions *all, struct submission **at)
{
    struct submission *submission = *at;
    *at = submission->next_waiter;
    if (all->waiters_tail == &submission->next_waiter)
        all->waiters_tail = at;
    submission->next_waiter = NULL;
    submission->waits_for_names = false;
}

static void round_apply(struct submissions *all, struct submission *submission, const PGresult *result)
{
    const struct store_submission *ask = submission->ask;
    size_t at = 0;
    for (size_t i = 0; i < ask->count; i++) {
        if (receipt_is_rejected(&ask->receipts[i]))
            continue;
        for (size_t p = 0; p < ask->interactions[i]->n_participants; p++, at++) {
            if (submission->labels[at] != UNRESOLVED)
                continue;
            const char *text = ask->interactions[i]->participants[p]->actor;
            uint32_t held = all->round_slots[round_probe(all, text, strlen(text))];
            if (held == 0)
                continue;
            if (result == NULL) {
                submission->labels[at] = REFUSED;
                continue;
            }
            int32_t id = pg_get_int32(result, (int)held - 1, 1);
            submission->labels[at] = pg_get_bool(result, (int)held - 1, 2) ? -id : id;
        }
    }
}

static void round_done(struct db_request *request)
{
    struct submissions *all = request->owner;
    all->round_busy = false;
    bool refuses =
        request->outcome == DB_ERROR && (strncmp(request->sqlstate, "22", 2) == 0 || strncmp(request->sqlstate, "54", 2) == 0);
    if (request->outcome == DB_OK && PQntuples(request->result) == (int)all->round_count) {
        for (size_t i = 0; i < all->round_count; i++) {
            const char *text;
            size_t size = round_text(all, i, &text);
            labels_put(all->labels, text, size, pg_get_int32(request->result, (int)i, 1),
                       pg_get_bool(request->result, (int)i, 2));
        }
        for (struct submission *s = all->waiters; s != NULL; s = s->next_waiter)
            round_apply(all, s, request->result);
        all->round_max = all->round_max * 2 < ROUND_NAMES_MAX ? all->round_max * 2 : ROUND_NAMES_MAX;
    } else if (refuses && all->round_count == 1) {
        log_warning(NULL, "the database refused a name", LOG_TEXT("sqlstate", request->sqlstate),
                    LOG_TEXT("reason", request->error));
        for (struct submission *s = all->waiters; s != NULL; s = s->next_waiter)
            round_apply(all, s, NULL);
        all->round_max = ROUND_NAMES_MAX;
    } else if (refuses) {
        all->round_max = all->round_count / 2;
    } else if (!db_error_is_transient(request)) {
        log_error(NULL, "could not look up names", LOG_TEXT("sqlstate", request->sqlstate), LOG_TEXT("reason", request->error));
        while (all->waiters != NULL)
            submission_failed(all->waiters, STATUS_INTERNAL,
                              "the database refused to look up names; the daemon's log says why");
        return;
    } else {
        return; /* the sweep starts the next round */
    }
    start_round(all);
}

/* Asks for the names that submissions wait for, then hands over those that have all of theirs. One round at a time. */
static void start_round(struct submissions *all)
{
    if (all->round_busy || all->waiters == NULL || !all->store->ready)
        return;
    all->round_count = 0;
    all->round_texts.size = 0;
    all->round_texts.failed = false;
    memset(all->round_slots, 0, (all->round_mask + 1) * sizeof all->round_slots[0]);
    pg_array_begin(&all->round_texts, PG_TEXT_OID, 1, false);
    struct submission *whole = NULL, **whole_tail = &whole;
    for (struct submission **at = &all->waiters; *at != NULL;) {
        struct submission *submission = *at;
        if (round_gather(all, submission) > 0) {
            at = &submission->next_waiter;
            continue;
        }
        no_longer_waits(all, at);
        *whole_tail = submission;
        whole_tail = &submission->next_waiter;
    }
    if (all->round_count > 0) {
        pg_store32(all->round_texts.data + 12, (uint32_t)all->round_count);
        all->round = (struct db_request){.sql = "SELECT text, id, waiting FROM register.intern_labels($1)",
                                         .binary = true,
                                         .done = round_done,
                                         .owner = all,
                                         .deadline_us = clock_monotonic_us() + ROUND_DEADLINE_US};
        db_request_binary(&all->round, PG_TEXTARRAY_OID, all->round_texts.data, all->round_texts.size);
        all->round_busy = db_pool_send(all->store->side, &all->round);
    }
    while (whole != NULL) {
        struct submission *submission = whole;
        whole = submission->next_waiter;
        submission->next_waiter = NULL;
        int32_t *labels = submission->labels;
        submission->labels = NULL;
        hand_over(submission, labels);
        free(labels);
    }
}

/* Ids of all names from the cache into scratch; returns how many are missing, or SIZE_MAX without memory. */
static size_t find_labels(struct submissions *all, const struct store_submission *ask, size_t *ret_count)
{
    size_t missing = 0, at = 0;
    for (size_t i = 0; i < ask->count; i++) {
        if (receipt_is_rejected(&ask->receipts[i]))
            continue;
        const Samordning__V1__Interaction *interaction = ask->interactions[i];
        if (at + interaction->n_participants > all->scratch_capacity) {
            size_t capacity = (at + interaction->n_participants) * 2;
            int32_t *scratch = realloc(all->scratch, capacity * sizeof all->scratch[0]);
            if (scratch == NULL)
                return SIZE_MAX;
            all->scratch = scratch;
            all->scratch_capacity = capacity;
        }
        for (size_t p = 0; p < interaction->n_participants; p++) {
            const char *text = interaction->participants[p]->actor;
            bool waiting = false;
            int32_t id = labels_find(all->labels, text, strlen(text), &waiting);
            missing += id == 0;
            all->scratch[at++] = waiting ? -id : id;
        }
    }
    *ret_count = at;
    return missing;
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
    size_t count = 0, missing = find_labels(all, ask, &count);
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
        side_write_rejected(submission, 0, ask->count);
    if (missing > 0) {
        submission->waits_for_names = true;
        *all->waiters_tail = submission;
        all->waiters_tail = &submission->next_waiter;
        start_round(all);
    } else if (accepted > 0) {
        hand_over(submission, all->scratch);
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
    start_round(all);
}

void submissions_register_changed(struct submissions *all)
{
    labels_forget_waiting(all->labels);
}

void submissions_up(struct submissions *all)
{
    start_round(all);
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
    event_add(all->sweep, &(struct timeval){.tv_usec = STORE_SWEEP_MS * 1000});
    return all;
}

void submissions_destroy(struct submissions *all)
{
    if (all == NULL)
        return;
    while (all->first != NULL)
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
