/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes beside the gathering: what was rejected, and what a file is a complete account of.
 */
#include "interaction_id.h"
#include "log.h"
#include "submission.h"
#include "validate.h"

#include <stdio.h>
#include <stdlib.h>

static void side_write_destroy(struct side_write *write)
{
    for (size_t i = 0; i < sizeof write->buffers / sizeof write->buffers[0]; i++)
        pg_buffer_release(&write->buffers[i]);
    free(write->file);
    free(write);
}

static void side_write_done(struct db_request *request)
{
    struct side_write *write = request->owner;
    struct submission *submission = write->submission;
    if (request->outcome == DB_ERROR)
        log_error(NULL, "could not keep what was rejected or delivered", LOG_TEXT("sqlstate", request->sqlstate),
                  LOG_TEXT("reason", request->error));
    write->store->writes++;
    if (submission != NULL) {
        submission->writes[write->place] = NULL;
        if (request->outcome == DB_LOST) {
            submission_failed(submission, STATUS_UNAVAILABLE, request->error);
        } else {
            submission->pending--;
            submission_step(submission);
        }
    }
    side_write_destroy(write);
}

static struct side_write *side_write_create(struct submission *submission, const char *sql)
{
    struct side_write *write = calloc(1, sizeof *write);
    if (write == NULL)
        return NULL;
    write->store = submission->store;
    write->submission = submission;
    write->request =
        (struct db_request){.sql = sql, .done = side_write_done, .owner = write, .deadline_us = submission->deadline_us};
    return write;
}

/* Takes the write. A full queue or no memory loses a note about rejected rows, never an answer: the client has the reasons. */
static void side_write_send(struct submission *submission, struct side_write *write)
{
    bool whole = true;
    for (size_t i = 0; i < sizeof write->buffers / sizeof write->buffers[0]; i++)
        whole = whole && !write->buffers[i].failed;
    unsigned place = 0;
    while (place < SIDE_WRITES && submission->writes[place] != NULL)
        place++;
    write->place = place;
    if (!whole || place == SIDE_WRITES || !db_pool_send(submission->store->side, &write->request)) {
        side_write_destroy(write);
        return;
    }
    submission->writes[place] = write;
    submission->pending++;
}

static void put_clean_text(struct pg_buffer *buffer, const char *text)
{
    text = text != NULL ? text : "";
    pg_array_bytes(buffer, text, validate_utf8_prefix(text, strlen(text)));
}

static void put_content(struct pg_buffer *buffer, const Samordning__V1__Interaction *message)
{
    size_t size = message != NULL ? protobuf_c_message_get_packed_size(&message->base) : 0;
    if (message == NULL || size > STORE_QUARANTINE_BYTES) {
        pg_array_bytes(buffer, NULL, SIZE_MAX);
    } else if (pg_reserve(buffer, 4 + size)) {
        pg_store32(buffer->data + buffer->size, (uint32_t)size);
        protobuf_c_message_pack(&message->base, buffer->data + buffer->size + 4);
        buffer->size += 4 + size;
    }
}

void side_keep_rejected(struct submission *submission, size_t first, size_t past)
{
    const struct store_submission *ask = submission->ask;
    size_t kept = 0, graded = 0;
    for (size_t i = first; i < past; i++) {
        bool is_graded = ask->receipts[i].status == (int)STATUS_CLASSIFIED;
        graded += receipt_is_rejected(&ask->receipts[i]) && is_graded;
        kept += receipt_is_rejected(&ask->receipts[i]) && !is_graded;
    }
    if (graded > 0) {
        struct side_write *write = side_write_create(submission, "SELECT report.count_refused($1, $2)");
        if (write != NULL) {
            pg_array_begin(&write->buffers[0], PG_INT4_OID, graded, false);
            pg_array_begin(&write->buffers[1], PG_INT2_OID, graded, false);
            for (size_t i = first; i < past; i++) {
                if (!receipt_is_rejected(&ask->receipts[i]) || ask->receipts[i].status != (int)STATUS_CLASSIFIED)
                    continue;
                pg_array_int32(&write->buffers[0], ask->call.principal.organisation);
                pg_array_int16(&write->buffers[1],
                               (int16_t)(ask->interactions[i] != NULL ? ask->interactions[i]->classification : 0));
            }
            db_request_binary(&write->request, PG_INT4ARRAY_OID, write->buffers[0].data, write->buffers[0].size);
            db_request_binary(&write->request, PG_INT2ARRAY_OID, write->buffers[1].data, write->buffers[1].size);
            side_write_send(submission, write);
        }
    }
    struct side_write *write =
        kept > 0 ? side_write_create(submission, "SELECT report.keep_rejected($1, $2, $3, $4, $5, $6, $7)") : NULL;
    if (write == NULL)
        return;
    static const Oid elements[6] = {PG_INT4_OID, PG_UUID_OID, PG_INT2_OID, PG_TEXT_OID, PG_TEXT_OID, PG_BYTEA_OID};
    static const Oid arrays[6] = {PG_INT4ARRAY_OID, PG_UUIDARRAY_OID, PG_INT2ARRAY_OID,
                                  PG_TEXTARRAY_OID, PG_TEXTARRAY_OID, PG_BYTEAARRAY_OID};
    for (size_t i = 0; i < 6; i++)
        pg_array_begin(&write->buffers[i], elements[i], kept, elements[i] == PG_BYTEA_OID || elements[i] == PG_UUID_OID);
    for (size_t i = first; i < past; i++) {
        const Samordning__V1__Receipt *receipt = &ask->receipts[i];
        if (!receipt_is_rejected(receipt) || receipt->status == (int)STATUS_CLASSIFIED)
            continue;
        pg_array_int32(&write->buffers[0], ask->call.principal.organisation);
        pg_array_bytes(&write->buffers[1], receipt->id.data,
                       receipt->id.len == INTERACTION_ID_SIZE ? INTERACTION_ID_SIZE : SIZE_MAX);
        pg_array_int16(&write->buffers[2], (int16_t)receipt->status);
        put_clean_text(&write->buffers[3], receipt->field);
        put_clean_text(&write->buffers[4], receipt->reason);
        put_content(&write->buffers[5], ask->interactions[i]);
    }
    for (size_t i = 0; i < 6; i++)
        db_request_binary(&write->request, arrays[i], write->buffers[i].data, write->buffers[i].size);
    snprintf(write->numbers[0], sizeof write->numbers[0], "%d", STORE_QUARANTINE_KEEP);
    db_request_text(&write->request, write->numbers[0]);
    side_write_send(submission, write);
}

void side_note_delivery(struct submission *submission)
{
    const struct store_submission *ask = submission->ask;
    struct side_write *write =
        side_write_create(submission, "SELECT report.note_delivery($1::int4, $2::date, $3::date, $4::bool, $5::text)");
    const char *file = ask->file != NULL ? ask->file : "";
    if (write == NULL || (write->file = strndup(file, validate_utf8_prefix(file, strlen(file)))) == NULL) {
        free(write);
        return;
    }
    snprintf(write->numbers[0], sizeof write->numbers[0], "%d", (int)ask->call.principal.organisation);
    snprintf(write->days[0], sizeof write->days[0], "%.10s", ask->delivery->from);
    snprintf(write->days[1], sizeof write->days[1], "%.10s", ask->delivery->to);
    db_request_text(&write->request, write->numbers[0]);
    db_request_text(&write->request, write->days[0]);
    db_request_text(&write->request, write->days[1]);
    db_request_text(&write->request, ask->delivery->all_actors ? "true" : "false");
    db_request_text(&write->request, write->file);
    side_write_send(submission, write);
}
