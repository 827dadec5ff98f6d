/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checks the interactions of a submission one by one.
 */
#include "submit_batch.h"

#include "interaction_id.h"
#include "validate.h"

#include <string.h>

#define DAY_US INT64_C(86400000000)

static char field_id[] = "id";
static char reason_repeated[] = "twice in one batch with different content; the first one counts";

enum status submit_batch_create(struct request *request, const Samordning__V1__SubmitRequest *submit,
                                struct submit_batch **ret_batch)
{
    struct arena *arena = &request->arena;
    size_t count = submit->n_interactions, slot_count = 16;
    while (slot_count < 2 * count)
        slot_count *= 2;
    struct submit_batch *batch = arena_alloc(arena, sizeof *batch);
    if (batch == NULL)
        return STATUS_NO_MEMORY;
    *batch = (struct submit_batch){.count = count, .interactions = submit->interactions, .slot_mask = slot_count - 1};
    struct store_submission *submission = &batch->submission;
    submission->interactions = arena_alloc(arena, count * sizeof(void *) + 1);
    submission->ids = arena_alloc(arena, count * sizeof *submission->ids + 1);
    submission->content_hashes = arena_alloc(arena, count * sizeof *submission->content_hashes + 1);
    batch->receipts = arena_alloc(arena, count * sizeof *batch->receipts + 1);
    batch->in_order = arena_alloc(arena, count * sizeof(void *) + 1);
    batch->original = arena_alloc(arena, count * sizeof *batch->original + 1);
    batch->slots = arena_alloc(arena, slot_count * sizeof *batch->slots);
    if (submission->interactions == NULL || submission->ids == NULL || submission->content_hashes == NULL ||
        batch->receipts == NULL || batch->in_order == NULL || batch->original == NULL || batch->slots == NULL)
        return STATUS_NO_MEMORY;
    memset(batch->slots, 0, slot_count * sizeof *batch->slots);
    submission->receipts = batch->receipts;
    submission->intent = submit->intent;
    submission->file = submit->file;
    submission->delivery = submit->delivery;
    submission->packed_bytes = request->frame_bytes;
    *ret_batch = batch;
    return STATUS_OK;
}

static void receipt_reject(Samordning__V1__Receipt *receipt, struct arena *arena, enum status status,
                           const struct errmsg *errmsg)
{
    receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
    receipt->status = (Samordning__V1__StatusCode)status;
    /* When even the words do not fit the budget, the status alone must do. */
    char *field = arena_strdup(arena, errmsg->field), *reason = arena_strdup(arena, errmsg->text);
    if (field != NULL)
        receipt->field = field;
    if (reason != NULL)
        receipt->reason = reason;
}

/* What may be kept of graded material: that it came, and its grade. */
static void interaction_scrub(Samordning__V1__Interaction *interaction)
{
    Samordning__V1__Classification grade = interaction->classification;
    samordning__v1__interaction__init(interaction);
    interaction->classification = grade;
}

/* The slot of an id: the submission index that holds it, or count when it is new (then entered as `index`). */
static size_t batch_find(struct submit_batch *batch, const uint8_t id[INTERACTION_ID_SIZE], size_t index)
{
    uint64_t hash;
    memcpy(&hash, id + 8, sizeof hash);
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    for (size_t slot = hash >> 32 & batch->slot_mask;; slot = (slot + 1) & batch->slot_mask) {
        uint32_t held = batch->slots[slot];
        if (held == 0) {
            batch->slots[slot] = (uint32_t)index + 1;
            return index;
        }
        if (memcmp(batch->submission.ids[held - 1], id, INTERACTION_ID_SIZE) == 0)
            return held - 1;
    }
}

static enum status interaction_check(const Samordning__V1__Interaction *interaction, const struct validate_limits *limits,
                                     const struct store *store, struct errmsg *ret_errmsg)
{
    enum status status = validate_interaction(interaction, limits, ret_errmsg);
    if (status == STATUS_OK && store_layer_code(store, interaction->type) < 0) {
        errmsg_set(ret_errmsg, "type", "no layer of the register is called %s", interaction->type);
        status = STATUS_INVALID;
    }
    return status;
}

void submit_batch_check(struct submit_batch *batch, const struct store *store, struct request *request)
{
    struct store_submission *submission = &batch->submission;
    struct arena *arena = &request->arena;
    struct metrics *metrics = request_metrics(request);
    struct validate_limits limits;
    int64_t now_us = request_wall_us(request);
    validate_limits_default(&limits, now_us);
    limits.time_max_us = now_us + (int64_t)request_config(request)->future_days * DAY_US;

    size_t repetition_at = batch->count; /* their receipts fill the array from its end */
    for (size_t i = 0; i < batch->count; i++) {
        Samordning__V1__Interaction *interaction = batch->interactions[i];
        struct errmsg errmsg;
        errmsg.field[0] = errmsg.text[0] = '\0';
        size_t index = submission->count;
        uint8_t *id = submission->ids[index];
        enum status status = interaction_check(interaction, &limits, store, &errmsg);
        if (interaction->id.len == INTERACTION_ID_SIZE)
            memcpy(id, interaction->id.data, INTERACTION_ID_SIZE);
        else if (status == STATUS_OK)
            interaction_id_derive(interaction, id);
        else
            memset(id, 0, INTERACTION_ID_SIZE);
        Samordning__V1__Receipt *receipt;
        if (status == STATUS_OK) {
            uint64_t hash = interaction_content_hash(interaction);
            size_t held = batch_find(batch, id, index);
            if (held != index) {
                receipt = &batch->receipts[--repetition_at];
                samordning__v1__receipt__init(receipt);
                batch->original[batch->repetitions++] = (uint32_t)held;
                receipt->id = (ProtobufCBinaryData){.data = submission->ids[held], .len = INTERACTION_ID_SIZE};
                if (hash != submission->content_hashes[held]) {
                    receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT;
                    receipt->status = SAMORDNING__V1__STATUS_CODE__STATUS_CONFLICT;
                    receipt->field = field_id;
                    receipt->reason = reason_repeated;
                }
                batch->in_order[i] = receipt;
                continue;
            }
            submission->content_hashes[index] = hash;
            submission->interactions[index] = interaction;
            receipt = &batch->receipts[index];
            samordning__v1__receipt__init(receipt);
            receipt->id = (ProtobufCBinaryData){.data = id, .len = INTERACTION_ID_SIZE};
        } else {
            receipt = &batch->receipts[index];
            samordning__v1__receipt__init(receipt);
            receipt_reject(receipt, arena, status, &errmsg);
            if (interaction->id.len == INTERACTION_ID_SIZE)
                receipt->id = (ProtobufCBinaryData){.data = id, .len = INTERACTION_ID_SIZE};
            submission->content_hashes[index] = 0;
            submission->interactions[index] = interaction;
            if (status == STATUS_CLASSIFIED) {
                interaction_scrub(interaction);
                memset(id, 0, INTERACTION_ID_SIZE);
                receipt->id = (ProtobufCBinaryData){0};
                metrics_add(metrics, METRIC_INTERACTIONS_CLASSIFIED, 1);
            } else {
                metrics_add(metrics, METRIC_INTERACTIONS_REJECTED, 1);
            }
        }
        batch->in_order[i] = receipt;
        submission->count++;
    }
    metrics_add(metrics, METRIC_INTERACTIONS_RECEIVED, (int64_t)batch->count);
}

void submit_batch_finish(struct submit_batch *batch, struct metrics *metrics)
{
    for (size_t i = 0; i < batch->repetitions; i++) {
        const Samordning__V1__Receipt *original = &batch->receipts[batch->original[i]];
        Samordning__V1__Receipt *receipt = &batch->receipts[batch->count - 1 - i];
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT) {
            metrics_add(metrics, METRIC_INTERACTIONS_CONFLICT, 1);
            continue;
        }
        *receipt = *original;
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED ||
            receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED)
            receipt->state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
        /* The store counts what reached it when it is committed, whether or not the client is still there. */
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED)
            metrics_add(metrics, METRIC_INTERACTIONS_ALREADY, 1);
    }
}
