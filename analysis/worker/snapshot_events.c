/* SPDX-License-Identifier: GPL-3.0-or-later
 * The interactions themselves: replies, and the chronicle with what was said of its cases.
 */
#include "chronicle_gather.h"
#include "merge.h"
#include "reply_gather.h"
#include "snapshot.h"
#include "snapshot_rows.h"
#include "sql_text.h"

#include <string.h>

/* What somebody has said of a case. Its owner is who that actor was when the case began. */
static enum status take_case(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    struct chronicle_case *file = chronicle_find_case(&snapshot->chronicle, cell_text(row, 0, 0));
    if (!file)
        return STATUS_OK;
    file->started_day = cell_day(row, 0, 3);
    file->decided_day = cell_day(row, 0, 4);
    file->effects = (uint32_t)cell_int(row, 0, 5);
    struct merge_place places[MERGE_PLACES_MAX];
    if (!cell_null(row, 0, 1) && merge_places_of(snapshot->merge, (int32_t)cell_int(row, 0, 1),
                                                 snapshot_day_within(&snapshot->spec, file->started_day), places))
        file->owner = places[0].actor;
    const char *type = cell_text(row, 0, 2), *title = cell_text(row, 0, 6);
    file->type = type ? strdup(type) : NULL;
    file->title = title ? strdup(title) : NULL;
    return (type && !file->type) || (title && !file->title) ? database_no_memory(snapshot->database) : STATUS_OK;
}

/* When observation ends depends on what is read, so half of an earlier reading does not do. */
enum status snapshot_build_events(struct snapshot *snapshot, bool replies, bool chronicle)
{
    if (snapshot->has_replies == replies && snapshot->has_chronicle == chronicle)
        return STATUS_OK;
    snapshot_forget_events(snapshot);
    int16_t codes[LAYERS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < snapshot->code_count; i++)
        if (chronicle || layers_kind(&snapshot->layers, snapshot->codes[i]) == EVENT_REQUEST)
            codes[count++] = snapshot->codes[i];
    struct reply_gather gather;
    reply_gather_init(&gather);
    struct snapshot_rows rows = {.snapshot = snapshot,
                                 .gather = replies ? &gather : NULL,
                                 .chronicle = chronicle ? &snapshot->chronicle : NULL,
                                 .recorded_us = INT64_MIN,
                                 .phase = "reading reports"};
    enum status status = count ? snapshot_rows_read(&rows, codes, count) : STATUS_OK;
    if (status != STATUS_OK || !replies)
        reply_gather_release(&gather);
    else if (!reply_gather_finish(&gather, snapshot->spec.to_day, rows.recorded_us, &snapshot->replies))
        status = database_no_memory(snapshot->database);
    if (status == STATUS_OK && chronicle &&
        !chronicle_gather_finish(&snapshot->chronicle, snapshot->spec.to_day, rows.recorded_us))
        status = database_no_memory(snapshot->database);
    if (status == STATUS_OK && chronicle && snapshot->chronicle.case_count)
        status = database_stream(snapshot->database, sql_analysis_cases, NULL, 0, take_case, snapshot);
    snapshot->has_replies = status == STATUS_OK && replies;
    snapshot->has_chronicle = status == STATUS_OK && chronicle;
    return status;
}
