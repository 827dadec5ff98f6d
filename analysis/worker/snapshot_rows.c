/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which days, which interactions of them, and where they go.
 */
#include "snapshot_rows.h"

#include "chronicle_gather.h"
#include "day_builder.h"
#include "day_stamps.h"
#include "growing.h"
#include "report_reader.h"
#include "sql_text.h"

#include <stdlib.h>
#include <string.h>

enum status snapshot_merged(struct snapshot *snapshot, enum merge_status status, const char *error)
{
    if (status == MERGE_OK)
        return STATUS_OK;
    errmsg_set(&snapshot->database->error, "", "%s", error);
    return status == MERGE_NO_MEMORY ? STATUS_NO_MEMORY : status == MERGE_TOO_MUCH ? STATUS_TOO_LARGE : STATUS_INTERNAL;
}

static int compare_refs(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_among(const char *ref, char *const *refs, size_t count)
{
    return count && bsearch(&ref, refs, count, sizeof *refs, compare_refs);
}

static bool is_wanted(void *arg, const struct event *event)
{
    const struct snapshot_rows *rows = arg;
    const struct snapshot *snapshot = rows->snapshot;
    bool layer = false;
    for (size_t i = 0; i < snapshot->code_count && !layer; i++)
        layer = snapshot->codes[i] == event->layer;
    if (!layer || (*snapshot->spec.case_ref && (!event->case_ref || strcmp(event->case_ref, snapshot->spec.case_ref) != 0)))
        return false;
    if (snapshot->spec.stages && !(snapshot->spec.stages & UINT32_C(1) << event->stage))
        return false;
    if (snapshot->decided_refs && event->case_ref &&
        !is_among(event->case_ref, snapshot->decided_refs, snapshot->decided_ref_count))
        return false;
    if (!snapshot->case_refs)
        return true;
    return event->case_ref && is_among(event->case_ref, snapshot->case_refs, snapshot->case_ref_count);
}

static bool add_block(void *arg, const struct day_builder_block *block)
{
    struct snapshot_rows *rows = arg;
    char error[400];
    rows->status = snapshot_merged(rows->snapshot, merge_add(rows->snapshot->merge, block->bytes, block->size, error), error);
    return rows->status == STATUS_OK;
}

static bool waits(const struct snapshot *snapshot, const struct event *event)
{
    for (uint32_t i = 0; i < event->count; i++)
        if (merge_label_unresolved(snapshot->merge, event->labels[i], event->day))
            return true;
    return false;
}

static enum status take_day(void *arg, int32_t day, const struct event_list *reports)
{
    struct snapshot_rows *rows = arg;
    struct snapshot *snapshot = rows->snapshot;
    struct day_builder_options options = {.tie = snapshot->spec.tie,
                                          .reporter = snapshot->tie_reporter,
                                          .one_each = snapshot->spec.weight == WEIGHT_MAX,
                                          .wanted = is_wanted,
                                          .built = rows->gather || rows->chronicle ? NULL : add_block,
                                          .arg = rows};
    rows->status = STATUS_OK;
    if (!day_builder_run(rows->builder, day, reports, &options))
        return rows->status != STATUS_OK ? rows->status : database_no_memory(snapshot->database);
    const struct event_list *interactions = day_builder_interactions(rows->builder);
    for (size_t i = 0; i < interactions->count; i++) {
        const struct event *event = &interactions->events[i];
        if (!is_wanted(rows, event))
            continue;
        if (!rows->gather && !rows->chronicle)
            rows->unresolved += waits(snapshot, event);
        if ((rows->gather && !reply_gather_add(rows->gather, snapshot->merge, event)) ||
            (rows->chronicle && !chronicle_gather_add(rows->chronicle, snapshot->merge, event)))
            return database_no_memory(snapshot->database);
    }
    for (size_t i = 0; i < reports->count; i++) {
        const struct event *report = &reports->events[i];
        if (report->recorded_us > rows->recorded_us)
            rows->recorded_us = report->recorded_us;
        if (!rows->gather && !rows->chronicle && day_builder_heard(&options, report) &&
            !merge_add_reporter(snapshot->merge, report->reporter))
            return database_no_memory(snapshot->database);
    }
    rows->days_done++;
    return progress_tell(snapshot->progress, rows->phase, (unsigned)(1000 * rows->days_done / rows->days_total))
               ? STATUS_OK
               : database_cancelled(snapshot->database);
}

struct days {
    int32_t *days;
    size_t count, capacity;
    struct database *database;
};

static enum status take_day_number(void *arg, const PGresult *row)
{
    struct days *days = arg;
    if (!growing_room(&days->days, days->count, &days->capacity, sizeof *days->days))
        return database_no_memory(days->database);
    days->days[days->count++] = (int32_t)cell_int(row, 0, 0);
    return STATUS_OK;
}

enum status snapshot_rows_read(struct snapshot_rows *rows, const int16_t *codes, size_t code_count)
{
    struct snapshot *snapshot = rows->snapshot;
    struct days days = {.database = snapshot->database};
    const struct database_param params[] = {PARAM_INT4(snapshot->spec.from_day), PARAM_INT4(snapshot->spec.to_day),
                                            PARAM_INT2S(codes, code_count)};
    enum status status = database_stream(snapshot->database, sql_analysis_days_reported, params, 3, take_day_number, &days);
    struct report_reader reader;
    report_reader_init(&reader, snapshot->database, &snapshot->layers);
    rows->builder = day_builder_create();
    rows->days_total = days.count;
    uint64_t *digests = calloc(days.count + 1, sizeof *digests);
    if (status == STATUS_OK && (!rows->builder || !digests))
        status = database_no_memory(snapshot->database);
    if (status == STATUS_OK && snapshot->memory && (rows->gather || rows->chronicle)) {
        reader.memory = &snapshot->memory->reports;
        reader.digests = digests;
        status = day_stamps_read(snapshot->database, &snapshot->layers, days.days, days.count, digests);
    }
    if (status == STATUS_OK)
        status = report_reader_days(&reader, days.days, days.count, take_day, rows);
    day_builder_destroy(rows->builder);
    report_reader_release(&reader);
    free(digests);
    free(days.days);
    return status;
}
