/* SPDX-License-Identifier: GPL-3.0-or-later
 * One run of a schedule: its report is asked for and waited for, its documents are fetched and delivered, and the outcome
 * noted.
 */
#include "civil_time.h"
#include "clock.h"
#include "key_file.h"
#include "log.h"
#include "mail/parcel.h"
#include "period.h"
#include "schedule_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FROM_FALLBACK   "samordning@localhost" /* of mail in a folder */
#define SENDER_FALLBACK "Samordning"
#define HOLD_EVERY_US   (SCHEDULE_LEASE_S * INT64_C(1000000) / 4)
#define HOLD_BYTES      4096

void run_free(struct run *run)
{
    free(run->letter);
    free(run->where);
    free(run->authority);
    arena_release(&run->hold_arena);
    arena_release(&run->arena);
    free(run);
}

/* Out of the list; freed now or when its last call is back. */
static void drop(struct run *run)
{
    if (!run->is_settled) {
        LIST_REMOVE(run, in_schedule);
        run->schedule->run_count--;
        run->is_settled = true;
    }
    if (!run->is_holding)
        run_free(run);
}

/* ---------------------------------------------------------------------------------------------- what became of it */
static void run_settled(struct store_call *call)
{
    struct run *run = call->owner;
    struct schedule *schedule = run->schedule;
    const struct store_settlement *settlement = &run->settlement;
    if (call->status != STATUS_OK && !schedule->stopping)
        log_warning(NULL, "could not note what became of a run; it is made again", LOG_TEXT("schedule", run->row->key),
                    LOG_TEXT("reason", call->errmsg.text));
    else if (call->status == STATUS_OK && settlement->outcome == SCHEDULE_DONE)
        metrics_add(schedule->metrics, METRIC_SCHEDULE_DONE, 1);
    else if (call->status == STATUS_OK && settlement->gave_up)
        metrics_add(schedule->metrics, METRIC_SCHEDULE_FAILED, 1);
    if (call->status == STATUS_OK && settlement->gave_up)
        log_error(NULL, "a run of a schedule has failed", LOG_TEXT("schedule", run->row->key), LOG_UINT("run", run->row->id));
    drop(run);
    schedule_look(schedule);
}

static void settle(struct run *run, enum schedule_outcome outcome, const char *why)
{
    struct schedule *schedule = run->schedule;
    if (schedule->store == NULL) { /* the end: nobody is left to tell, the lease ends */
        drop(run);
        return;
    }
    uint64_t bytes = 0;
    for (size_t i = 0; i < run->file_count; i++)
        bytes += run->files[i].size;
    if (outcome == SCHEDULE_DONE)
        log_info(NULL, "a report was delivered", LOG_TEXT("schedule", run->row->key), LOG_UINT("run", run->row->id),
                 LOG_TEXT("to", run->row->deliver), LOG_TEXT("file", run->files[0].name), LOG_UINT("files", run->file_count));
    else if (outcome != SCHEDULE_UNTOUCHED)
        log_warning(NULL, outcome == SCHEDULE_LATER ? "a run was put off" : "a run was refused",
                    LOG_TEXT("schedule", run->row->key), LOG_UINT("run", run->row->id), LOG_INT("attempt", run->row->attempt),
                    LOG_TEXT("reason", why));
    char *error = arena_strdup(&run->arena, outcome == SCHEDULE_DONE ? "" : why);
    run->settlement =
        (struct store_settlement){.call = {.arena = &run->arena, .done = run_settled, .owner = run},
                                  .run = run->row->id,
                                  .taking = run->row->taking,
                                  .outcome = outcome,
                                  .attempts_max = (uint32_t)schedule->config->delivery_attempts,
                                  .wait_ms = outcome == SCHEDULE_UNTOUCHED ? 0 : schedule->config->delivery_retry_ms,
                                  .bytes = bytes,
                                  .error = error != NULL ? error : "",
                                  .spec = run->spec,
                                  .result = run->result,
                                  .delivered = run->where != NULL ? run->where : ""};
    store_schedule_settle(schedule->store, &run->settlement);
}

/* ------------------------------------------------------------------------------------------------------- delivering */
static void deliver_next(struct run *run);

static void carried(struct carriage *carriage)
{
    static const enum schedule_outcome outcomes[] = {
        [CARRIER_DONE] = SCHEDULE_DONE, [CARRIER_LATER] = SCHEDULE_LATER, [CARRIER_REFUSED] = SCHEDULE_REFUSED};
    struct run *run = carriage->owner;
    if (carriage->outcome == CARRIER_DONE && ++run->at < run->file_count)
        deliver_next(run);
    else
        settle(run, outcomes[carriage->outcome], carriage->why);
}

static void mailed(struct smtp_job *job)
{
    static const enum schedule_outcome outcomes[] = {[SMTP_SENT] = SCHEDULE_DONE,
                                                     [SMTP_LATER] = SCHEDULE_LATER,
                                                     [SMTP_REFUSED] = SCHEDULE_REFUSED,
                                                     [SMTP_AWAY] = SCHEDULE_LATER};
    settle(job->owner, outcomes[job->outcome], job->why);
}

/* A whole path of the configuration, with a part below it; NULL: it cannot be made. */
static char *below(const struct config *config, const char *value, const char *fallback, const char *place)
{
    char path[PATH_MAX];
    char *whole = NULL;
    if (config_path(config, value, fallback, path, sizeof path) != STATUS_OK ||
        asprintf(&whole, "%s%s%s", path, place[0] != '\0' ? "/" : "", place) < 0)
        return NULL;
    return whole;
}

/* One more place where something of this run went. False: out of memory. */
static bool add_where(struct run *run, const char *before, const char *between, const char *name)
{
    char *longer = NULL;
    const char *so_far = run->where != NULL ? run->where : "";
    if (asprintf(&longer, "%s%s%s%s%s", so_far, so_far[0] != '\0' ? ", " : "", before, between, name) < 0)
        return false;
    free(run->where);
    run->where = longer;
    return true;
}

static void into_folder(struct run *run, const char *folder_value, const char *fallback, const char *place)
{
    struct schedule *schedule = run->schedule;
    const struct run_file *file = &run->files[run->at];
    char *folder = below(schedule->config, folder_value, fallback, place);
    run->carriage = (struct carriage){.folder = arena_strdup(&run->arena, folder != NULL ? folder : ""),
                                      .file = file->name,
                                      .bytes = file->bytes,
                                      .size = file->size,
                                      .done = carried,
                                      .owner = run};
    bool good = folder != NULL && run->carriage.folder != NULL && add_where(run, folder, "/", file->name);
    free(folder);
    if (!good || !carrier_take(schedule->carrier, &run->carriage))
        settle(run, SCHEDULE_LATER, "out of memory or of threads");
}

static void by_put(struct run *run, const char *place)
{
    struct schedule *schedule = run->schedule;
    const struct config *config = schedule->config;
    const struct run_file *file = &run->files[run->at];
    if (config->delivery_url[0] == '\0') {
        settle(run, SCHEDULE_LATER, "the daemon's configuration has no delivery_url to put reports to");
        return;
    }
    const char *base = config->delivery_url;
    int size = (int)strlen(base);
    while (size > 0 && base[size - 1] == '/')
        size--;
    size_t end = strlen(place);
    bool slash = end > 0 && place[end - 1] != '/';
    if (run->authority == NULL)
        run->authority = below(config, config->delivery_authority, "", "");
    const char *token = arena_strdup(&run->arena, config->delivery_token);
    char *made = NULL, *url = NULL;
    if (asprintf(&made, "%.*s/%s%s%s", size, base, place, slash ? "/" : "", file->name) >= 0)
        url = arena_strdup(&run->arena, made);
    bool good = url != NULL && add_where(run, url, "", "");
    free(made);
    run->carriage = (struct carriage){.url = url,
                                      .token = token,
                                      .authority = config->delivery_authority[0] != '\0' ? run->authority : "",
                                      .media_type = file->media_type,
                                      .bytes = file->bytes,
                                      .size = file->size,
                                      .done = carried,
                                      .owner = run};
    if (!good || token == NULL || run->carriage.authority == NULL || !carrier_take(schedule->carrier, &run->carriage))
        settle(run, SCHEDULE_LATER, "out of memory or of threads");
}

/* The form `text`, which was fetched last, is what the mail says; the others are attached. */
static void by_mail(struct run *run, const char *addresses)
{
    struct schedule *schedule = run->schedule;
    const struct config *config = schedule->config;
    const struct store_run *row = run->row;
    const struct store_document *summary = &run->documents.documents[run->documents.count - 1];
    int64_t now_us = clock_wall_us();
    size_t size = 0;
    struct parcel parcel = {.run = row->id,
                            .to = addresses,
                            .from = config->mail_from[0] != '\0' ? config->mail_from : FROM_FALLBACK,
                            .sender = config->operator_name[0] != '\0' ? config->operator_name : SENDER_FALLBACK,
                            .schedule = row->key,
                            .language = row->language,
                            .result = run->result,
                            .occurrence_us = row->occurrence_us,
                            .now_us = now_us,
                            .late = !row->by_hand &&
                                    (row->missed > 0 || now_us - row->occurrence_us > SCHEDULE_LATE_S * INT64_C(1000000)),
                            .summary = (const char *)summary->content,
                            .summary_size = summary->size};
    for (size_t i = 0; i < run->file_count; i++)
        if (run->files[i].bytes != summary->content && strncmp(run->files[i].media_type, "text/plain", 10) != 0)
            parcel.files[parcel.file_count++] =
                (struct parcel_file){run->files[i].name, run->files[i].media_type, run->files[i].bytes, run->files[i].size};
    run->letter = parcel_compose(&parcel, &size);
    if (run->letter == NULL) {
        settle(run, SCHEDULE_LATER, "out of memory");
        return;
    }
    if (config->smtp_url[0] == '\0') { /* as letters of surveys */
        run->file_count = 1;
        run->files[0] = (struct run_file){.media_type = "message/rfc822", .bytes = (const uint8_t *)run->letter, .size = size};
        snprintf(run->files[0].name, sizeof run->files[0].name, "run-%llu.eml", (unsigned long long)row->id);
        into_folder(run, config->mail_directory, "mail", "");
        return;
    }
    run->mail = (struct smtp_job){.recipient = addresses, .letter = run->letter, .size = size, .done = mailed, .owner = run};
    if (!add_where(run, addresses, "", "") || !smtp_send(schedule->smtp, &run->mail))
        settle(run, SCHEDULE_LATER, "out of memory or of threads");
}

static void deliver_next(struct run *run)
{
    if (run->kind == DELIVERY_FOLDER)
        into_folder(run, run->schedule->config->delivery_directory, "delivered", run->place);
    else if (run->kind == DELIVERY_PUT)
        by_put(run, run->place);
    else
        by_mail(run, run->place);
}

/* ------------------------------------------------------------------------------------------------------- the report */
/* KEY-20260101T0900-nb.html: the same in every attempt. */
static void name_file(const struct run *run, const char *format, char ret_name[RUN_FILE_SIZE])
{
    static const char *const endings[][2] = {{"text", "txt"}, {"csv", "zip"}}; /* the others are what they are called */
    char when[CIVIL_TIME_TEXT_SIZE];
    const char *ending = format;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (strcmp(format, endings[i][0]) == 0)
            ending = endings[i][1];
    civil_time_format(run->row->occurrence_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, when);
    char by_hand[24] = "";
    if (run->row->by_hand) /* of which there may be several a minute */
        snprintf(by_hand, sizeof by_hand, "-r%llu", (unsigned long long)run->row->id);
    snprintf(ret_name, RUN_FILE_SIZE, "%s-%.4s%.2s%.2sT%.2s%.2s%s-%s.%s", run->row->key, when, when + 5, when + 8, when + 11,
             when + 14, by_hand, run->row->language, ending);
}

static void documents_fetched(struct store_call *call)
{
    struct run *run = call->owner;
    const struct store_documents *documents = &run->documents;
    if (call->status != STATUS_OK) {
        bool again = status_is_retryable(call->status) || call->status == STATUS_INTERNAL;
        settle(run,
               run->schedule->stopping ? SCHEDULE_UNTOUCHED
               : again                 ? SCHEDULE_LATER
                                       : SCHEDULE_REFUSED,
               call->errmsg.text);
        return;
    }
    if (documents->count == 0) {
        settle(run, SCHEDULE_REFUSED, "the report is not in the knowledge base any more");
        return;
    }
    for (size_t i = 0; i < documents->count; i++) {
        char why[100];
        if (documents->documents[i].content != NULL)
            continue;
        snprintf(why, sizeof why, "the report has no document of the form %.20s", documents->documents[i].format);
        settle(run, SCHEDULE_REFUSED, why);
        return;
    }
    /* of a mail the last one is its summary, asked for beside them */
    size_t wanted = documents->count - (run->kind == DELIVERY_MAIL);
    for (size_t i = 0; i < wanted && run->file_count < RUN_FORMS_MAX; i++) {
        const struct store_document *document = &documents->documents[i];
        struct run_file *file = &run->files[run->file_count++];
        *file = (struct run_file){.media_type = document->media_type, .bytes = document->content, .size = document->size};
        name_file(run, document->format, file->name);
    }
    deliver_next(run);
}

static void reported(struct store_call *call)
{
    struct run *run = call->owner;
    struct errmsg errmsg = {0};
    /* what the configuration says now is looked at when it is used */
    const struct config any = {.delivery_url = (char *)(uintptr_t) "any"};
    run->is_computing = false;
    if (call->status == STATUS_CANCELLED && !run->schedule->stopping) {
        settle(run, SCHEDULE_LATER, "somebody cancelled the job");
    } else if (call->status == STATUS_CANCELLED || (call->status == STATUS_UNAVAILABLE && run->schedule->stopping)) {
        settle(run, SCHEDULE_UNTOUCHED, "");
    } else if (call->status != STATUS_OK) {
        settle(run, status_is_retryable(call->status) || call->status == STATUS_INTERNAL ? SCHEDULE_LATER : SCHEDULE_REFUSED,
               call->errmsg.text);
    } else if (delivery_read(run->row->deliver, &any, &run->kind, &run->place, &errmsg) != STATUS_OK) {
        settle(run, SCHEDULE_REFUSED, errmsg.text);
    } else {
        snprintf(run->result, sizeof run->result, "%s", run->report.result_id);
        snprintf(run->formats, sizeof run->formats, "%s%s", run->row->formats, run->kind == DELIVERY_MAIL ? ",text" : "");
        run->documents = (struct store_documents){.call = {.arena = &run->arena, .done = documents_fetched, .owner = run},
                                                  .result = run->result,
                                                  .formats = run->formats};
        store_schedule_documents(run->schedule->store, &run->documents);
    }
}

static enum status make_spec(struct run *run)
{
    const struct store_run *row = run->row;
    const char *blank = row->spec[0] != '\0' ? " " : "";
    int32_t from, to;
    char from_text[16], to_text[16];
    if (row->period[0] == '\0') {
        snprintf(run->spec, sizeof run->spec, "%s", row->spec);
        return STATUS_OK;
    }
    enum status status = period_of(row->period, civil_day_of(row->occurrence_us), &from, &to);
    if (status != STATUS_OK)
        return status;
    civil_day_format(from, from_text);
    civil_day_format(to, to_text);
    snprintf(run->spec, sizeof run->spec, "from=%s to=%s%s%s", from_text, to_text, blank, row->spec);
    return STATUS_OK;
}

void run_begin(struct run *run)
{
    struct schedule *schedule = run->schedule;
    arena_init(&run->hold_arena, HOLD_BYTES);
    if (schedule->stopping) {
        settle(run, SCHEDULE_UNTOUCHED, "");
        return;
    }
    if (make_spec(run) != STATUS_OK) {
        settle(run, SCHEDULE_REFUSED, "the period has no days yet");
        return;
    }
    run->report = (struct store_analysis){.call = {.arena = &run->arena, .done = reported, .owner = run},
                                          .family = "report",
                                          .spec = run->spec,
                                          .language = run->row->language,
                                          .brief = true};
    run->is_computing = true;
    store_analyse(schedule->store, &run->report);
}

void run_stop(struct run *run)
{
    if (run->is_computing)
        store_analysis_cancel(run->schedule->store, &run->report);
}

/* --------------------------------------------------------------------------------------------------------- the lease */
static void run_held(struct store_call *call)
{
    struct run *run = call->owner;
    run->is_holding = false;
    if (run->is_settled) {
        run_free(run);
        return;
    }
    if (call->status == STATUS_OK && !run->hold.was_it) {
        log_warning(NULL, "a run is somebody else's now", LOG_TEXT("schedule", run->row->key), LOG_UINT("run", run->row->id));
        run_stop(run);
    } else if (call->status == STATUS_OK) {
        run->held_us = clock_monotonic_us();
    }
}

void run_hold(struct run *run)
{
    struct schedule *schedule = run->schedule;
    if (run->is_holding || clock_monotonic_us() - run->held_us < HOLD_EVERY_US)
        return;
    arena_reset(&run->hold_arena);
    run->hold = (struct store_hold){
        .call = {.arena = &run->hold_arena, .done = run_held, .owner = run}, .run = run->row->id, .taking = run->row->taking};
    run->is_holding = true;
    store_schedule_hold(schedule->store, &run->hold);
}
