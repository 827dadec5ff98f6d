/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names to label ids: from the cache, else asked for in rounds that many submissions share.
 */
#include "clock.h"
#include "log.h"
#include "submission.h"

#include <stdlib.h>

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
    names_start_round(all);
}

void names_start_round(struct submissions *all)
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
        submission_hand_over(submission, labels);
        free(labels);
    }
}

size_t names_find(struct submissions *all, const struct store_submission *ask, size_t *ret_count)
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

void names_wait(struct submissions *all, struct submission *submission)
{
    submission->waits_for_names = true;
    *all->waiters_tail = submission;
    all->waiters_tail = &submission->next_waiter;
    names_start_round(all);
}

void names_forget(struct submissions *all, struct submission *submission)
{
    if (!submission->waits_for_names)
        return;
    struct submission **at = &all->waiters;
    while (*at != submission)
        at = &(*at)->next_waiter;
    no_longer_waits(all, at);
}
