/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a job's words to a stored result.
 */
#include "answer.h"

#include "compute.h"
#include "condense.h"
#include "metrics.h"
#include "result_message.h"
#include "snapshot.h"
#include "sql_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define CONDENSE_TRIES 3 /* before the snapshot; reports that keep coming in are left for the next analysis */

size_t answer_families(struct answer_family *ret_families, size_t size)
{
    size_t count = 0, metric_count;
    const struct metrics_family *metrics = metrics_families(&metric_count);
    const struct answer_family own[] = {{"condense", "rebuild the day blocks of reports that came in"},
                                        {"network", "actors, ties, objections"},
                                        {"report", "all families on one page, as HTML"}};
    for (size_t i = 0; i < 3 && count < size; i++)
        ret_families[count++] = own[i];
    for (size_t i = 0; i < metric_count && count < size; i++)
        ret_families[count++] = (struct answer_family){metrics[i].name, metrics[i].title};
    return count;
}

/* ------------------------------------------------------------------------------------------------------------ ending */
static enum status end_job(struct database *database, const char *worker, const struct job *job, const uint8_t *result_id,
                           bool reused)
{
    const struct database_param params[] = {
        PARAM_INT8(job->id), PARAM_TEXT(worker),
        (struct database_param){.type = DATABASE_UUID, .data = result_id, .null = !result_id}, PARAM_BOOL(reused)};
    PGresult *row;
    enum status status = database_query(database, sql_analysis_job_done, params, 4, &row);
    if (status != STATUS_OK)
        return status;
    bool mine = PQntuples(row) == 1;
    PQclear(row);
    if (!mine) {
        errmsg_set(&database->error, "", "the job was cancelled, or given to another worker");
        return STATUS_CANCELLED;
    }
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)job->id);
    const struct database_param notice[] = {PARAM_TEXT("samordning_job_done"), PARAM_TEXT(id)};
    return database_run(database, sql_analysis_notify, notice, 2);
}

static enum status end_alone(struct database *database, const char *worker, const struct job *job, const uint8_t *result_id,
                             bool reused)
{
    enum status status = database_command(database, "BEGIN");
    if (status == STATUS_OK)
        status = end_job(database, worker, job, result_id, reused);
    if (status == STATUS_OK)
        status = database_command(database, "COMMIT");
    if (status != STATUS_OK)
        database_rollback(database);
    return status;
}

/* --------------------------------------------------------------------------------------------------- stored results */
struct stored {
    bool found;
    uint8_t id[16];
    uint8_t *message;
    size_t size;
    uint8_t *document;
    size_t document_size;
    char computed_at[40];
};

static void stored_release(struct stored *stored)
{
    free(stored->message);
    free(stored->document);
}

static enum status find_stored(struct database *database, const struct computation *computation, bool content,
                               struct stored *ret_stored)
{
    *ret_stored = (struct stored){0};
    const struct database_param params[] = {PARAM_TEXT(computation->family), PARAM_TEXT(computation->spec_hash),
                                            PARAM_TEXT(computation->language), PARAM_TEXT(computation->watermark)};
    PGresult *row;
    enum status status = database_query(database, sql_analysis_result_find, params, 4, &row);
    if (status != STATUS_OK)
        return status;
    if (PQntuples(row) == 1 && PQgetlength(row, 0, 0) == 16) {
        ret_stored->found = true;
        memcpy(ret_stored->id, PQgetvalue(row, 0, 0), 16);
        snprintf(ret_stored->computed_at, sizeof ret_stored->computed_at, "%s", cell_text(row, 0, 3));
        if (content) {
            ret_stored->size = (size_t)PQgetlength(row, 0, 1);
            ret_stored->message = malloc(ret_stored->size + 1);
            ret_stored->document_size = (size_t)PQgetlength(row, 0, 2);
            ret_stored->document = malloc(ret_stored->document_size + 1);
            if (ret_stored->message && ret_stored->document) {
                memcpy(ret_stored->message, PQgetvalue(row, 0, 1), ret_stored->size);
                memcpy(ret_stored->document, PQgetvalue(row, 0, 2), ret_stored->document_size);
            } else {
                status = database_no_memory(database);
            }
        }
    }
    PQclear(row);
    return status;
}

static void id_format(const uint8_t id[16], char ret_text[37])
{
    static const char digits[] = "0123456789abcdef";
    char *at = ret_text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[id[i] >> 4];
        *at++ = digits[id[i] & 15];
    }
    *at = '\0';
}

static bool new_id(uint8_t ret_id[16])
{
    if (getrandom(ret_id, 16, 0) != 16)
        return false;
    ret_id[6] = (uint8_t)((ret_id[6] & 0x0F) | 0x40);
    ret_id[8] = (uint8_t)((ret_id[8] & 0x3F) | 0x80);
    return true;
}

static void now_format(char ret_text[40])
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(ret_text, 40, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* Writes the row; when another worker was faster its result is the result. */
static enum status write_result(struct database *database, const struct computation *computation, const uint8_t id[16],
                                double seconds, const uint8_t *message, size_t size, const char *json, bool *ret_written)
{
    const struct result *result = computation->result;
    char id_text[37], seed[24];
    id_format(id, id_text);
    snprintf(seed, sizeof seed, "%lld", (long long)result->card.seed);
    struct database_param document = PARAM_BYTEA(computation->document, computation->document_size);
    document.null = !computation->document;
    const struct database_param params[] = {PARAM_UUID(id),
                                            PARAM_TEXT(computation->family),
                                            PARAM_TEXT(result->card.spec),
                                            PARAM_TEXT(computation->spec_hash),
                                            PARAM_TEXT(computation->language),
                                            PARAM_TEXT(computation->watermark),
                                            PARAM_TEXT(result->card.input_hash),
                                            PARAM_INT8((int64_t)result->card.seed),
                                            PARAM_TEXT(result->card.software),
                                            PARAM_TEXT(result->card.engine),
                                            PARAM_TEXT(result->card.computed_at),
                                            PARAM_FLOAT8(seconds),
                                            PARAM_BYTEA(message, size),
                                            PARAM_TEXT(json),
                                            document,
                                            PARAM_TEXT(computation->media_type)};
    PGresult *row;
    enum status status = database_query(database, sql_analysis_result_write, params, 16, &row);
    if (status != STATUS_OK)
        return status;
    *ret_written = PQntuples(row) == 1;
    PQclear(row);
    return STATUS_OK;
}

/* The other forms of its document. */
static enum status write_forms(struct database *database, const struct computation *computation, const uint8_t id[16])
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < computation->form_count && status == STATUS_OK; i++) {
        const struct computation_form *form = &computation->forms[i];
        const struct database_param params[] = {PARAM_UUID(id), PARAM_TEXT(form->format), PARAM_TEXT(form->media_type),
                                                PARAM_BYTEA(form->content, form->size)};
        status = database_run(database, sql_analysis_document_write, params, 4);
    }
    return status;
}

/* What came out goes with the job, so that whoever asked can see where it differs. */
static enum status keep_recomputed(struct database *database, const char *worker, const struct job *job, const uint8_t *message,
                                   size_t size)
{
    const struct database_param params[] = {PARAM_INT8(job->id), PARAM_TEXT(worker), PARAM_BYTEA(message, size)};
    return database_run(database, sql_analysis_job_recomputed, params, 3);
}

/* Computed again with the same input: the stored bytes must come out. */
static enum status compare_stored(struct database *database, const char *worker, const struct job *job,
                                  const struct computation *computation, const struct stored *stored, const uint8_t *message,
                                  size_t size)
{
    if (size == stored->size && memcmp(message, stored->message, size) == 0 &&
        computation->document_size == stored->document_size &&
        (!computation->document_size || memcmp(computation->document, stored->document, stored->document_size) == 0))
        return STATUS_OK;
    enum status status = keep_recomputed(database, worker, job, message, size);
    if (status != STATUS_OK)
        return status;
    char id[37];
    id_format(stored->id, id);
    errmsg_set(&database->error, "",
               "computed again from the same input, %s is not what result %s says; the stored one is kept. One of the two is "
               "wrong: please "
               "report it with the specification and watermark",
               computation->family, id);
    return STATUS_INTERNAL;
}

static enum status store(struct database *database, const char *worker, const struct job *job, struct computation *computation,
                         const struct stored *stored, double seconds)
{
    struct result *result = computation->result;
    uint8_t id[16];
    char computed_at[40];
    if (stored->found)
        memcpy(id, stored->id, 16);
    else if (!new_id(id)) {
        errmsg_set(&database->error, "", "no random numbers from the system");
        return STATUS_INTERNAL;
    }
    id_format(id, result->id);
    now_format(computed_at);
    result_set_text(result, &result->card.computed_at, stored->found ? stored->computed_at : computed_at);
    uint8_t *message;
    size_t size;
    char *json;
    if (result_message_pack(result, &message, &size, &json) != STATUS_OK)
        return database_no_memory(database);
    enum status status = STATUS_OK;
    bool written = false;
    if (stored->found) {
        status = compare_stored(database, worker, job, computation, stored, message, size);
        if (status == STATUS_OK)
            status = end_alone(database, worker, job, id, false);
    } else {
        status = database_command(database, "BEGIN");
        if (status == STATUS_OK)
            status = write_result(database, computation, id, seconds, message, size, json, &written);
        if (status == STATUS_OK && written)
            status = write_forms(database, computation, id);
        struct stored faster = {0};
        if (status == STATUS_OK && !written)
            status = find_stored(database, computation, false, &faster);
        if (status == STATUS_OK)
            status = end_job(database, worker, job, written ? id : faster.id, !written);
        if (status == STATUS_OK)
            status = database_command(database, "COMMIT");
        if (status != STATUS_OK)
            database_rollback(database);
    }
    free(message);
    free(json);
    return status;
}

/* --------------------------------------------------------------------------------------------------------- answering */
static enum status parse_spec(struct database *database, const struct job *job, struct spec *ret_spec)
{
    char error[400];
    if (spec_parse(job->spec, ret_spec, error))
        return STATUS_OK;
    errmsg_set(&database->error, "spec", "%s", error);
    return STATUS_INVALID;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What has passed since *from, which moves on to now. */
static double lap_ms(double *from)
{
    double before = *from;
    *from = now_ms();
    return *from - before;
}

/* A snapshot with as few touched days left in the period as a busy day allows. */
static enum status condense_first(struct database *database, const struct spec *spec, const struct progress *progress)
{
    enum status status = STATUS_OK;
    struct condense_count count = {.days = 1};
    for (int i = 0; i < CONDENSE_TRIES && status == STATUS_OK && count.days && !spec->of_wave; i++)
        status = condense_period(database, spec->from_day, spec->to_day, progress, &count);
    return status;
}

void answerer_forget(struct answerer *answerer)
{
    if (answerer->kept)
        snapshot_release(&answerer->snapshot);
    answerer->kept = false;
    snapshot_memory_release(&answerer->memory);
    parts_forget(&answerer->parts);
}

static void keep(struct answerer *answerer, struct snapshot *snapshot)
{
    if (answerer->kept)
        snapshot_release(&answerer->snapshot);
    answerer->snapshot = *snapshot;
    answerer->kept = true;
}

static enum status compute_job(struct answerer *answerer, const char *worker, const struct job *job,
                               const struct path_share *share, const struct progress *progress, struct answer_spent *spent)
{
    struct database *database = answerer->database;
    double begin = now_ms(), lap = begin;
    struct computation computation;
    struct spec spec, earlier;
    bool compares = false;
    enum status status = parse_spec(database, job, &spec);
    if (status == STATUS_OK)
        status = computation_init(&computation, job->family, job->language, &database->error);
    if (status == STATUS_OK)
        status = computation_accepts(&computation, &spec, &database->error);
    if (status == STATUS_OK)
        status = computation_earlier(&computation, &spec, &compares, &earlier, &database->error);
    if (status == STATUS_OK)
        status = condense_first(database, &spec, progress);
    if (status == STATUS_OK && compares)
        status = condense_first(database, &earlier, progress);
    spent->condense = lap_ms(&lap);
    if (status != STATUS_OK)
        return status;
    struct snapshot snapshot;
    struct stored stored = {0};
    /* Computed again to show what comes out without anything kept. */
    status = snapshot_open(&snapshot, database, &spec, progress, job->recompute ? NULL : &answerer->memory);
    if (status == STATUS_OK && compares)
        status = snapshot_open_earlier(&snapshot, &earlier);
    if (status == STATUS_OK) {
        computation_identify(&computation, &snapshot);
        status = find_stored(database, &computation, job->recompute, &stored);
    }
    spent->look = lap_ms(&lap);
    bool reuse = status == STATUS_OK && stored.found && !job->recompute;
    spent->goes_on = status == STATUS_OK && !reuse && !job->recompute && answerer->kept &&
                     snapshot_reads_same(&answerer->snapshot, &snapshot);
    if (spent->goes_on)
        snapshot_take_over(&snapshot, &answerer->snapshot);
    if (status == STATUS_OK && !reuse)
        status = computation_read(&computation, &snapshot);
    spent->read = lap_ms(&lap);
    if (status == STATUS_OK && !reuse)
        status = computation_run(&computation, &snapshot, share, progress, job->recompute ? NULL : &answerer->parts);
    spent->compute = lap_ms(&lap);
    if (status == STATUS_OK)
        status = snapshot_close(&snapshot);
    if (status == STATUS_OK)
        status = reuse ? end_alone(database, worker, job, stored.id, true)
                       : store(database, worker, job, &computation, &stored, (now_ms() - begin) / 1e3);
    if (status == STATUS_OK && !reuse)
        keep(answerer, &snapshot);
    else
        snapshot_release(&snapshot);
    spent->store = lap_ms(&lap);
    stored_release(&stored);
    computation_release(&computation);
    return status;
}

enum status answer_job(struct answerer *answerer, const char *worker, const struct job *job, const struct path_share *share,
                       const struct progress *progress, struct answer_spent *ret_spent)
{
    struct database *database = answerer->database;
    errmsg_clear(&database->error);
    *ret_spent = (struct answer_spent){0};
    if (strcmp(job->family, "condense") != 0)
        return compute_job(answerer, worker, job, share, progress, ret_spent);
    struct condense_count count;
    double lap = now_ms();
    enum status status = condense_all(database, progress, &count);
    ret_spent->condense = lap_ms(&lap);
    return status == STATUS_OK ? end_alone(database, worker, job, NULL, false) : status;
}
