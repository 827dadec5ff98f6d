/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking touched rows, rebuilding their days from rows, deleting what was covered.
 */
#include "condense.h"

#include "fresh.h"
#include "growing.h"
#include "report_reader.h"
#include "sql_text.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX           50000  /* touched rows taken at a time */
#define TRANSACTION_DAYS   128    /* rebuilt in one transaction */
#define TRANSACTION_EVENTS 500000 /* or fewer, when they are busy */
#define LOCK               "SELECT pg_advisory_lock(hashtextextended('samordning condense', 0))"
#define UNLOCK             "SELECT pg_advisory_unlock(hashtextextended('samordning condense', 0))"

struct touched {
    int64_t id;
    int32_t last_day;
};
struct condense {
    struct database *database;
    const struct progress *progress;
    struct report_reader reader;
    struct layers layers;
    struct day_writer writer;
    struct fresh *fresh;

    struct touched *rows;
    size_t row_count, row_capacity;
    int32_t *days;
    size_t day_count, day_capacity;

    size_t days_done, days_total;
    uint64_t events; /* of this transaction */
};

/* ---------------------------------------------------------------------------------------------------- what is touched */
static uint32_t load32(const char *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return be32toh(value);
}

static enum status take_touched(void *arg, const PGresult *row)
{
    struct condense *condense = arg;
    if (!growing_room(&condense->rows, condense->row_count, &condense->row_capacity, sizeof *condense->rows))
        return database_no_memory(condense->database);
    struct touched *touched = &condense->rows[condense->row_count++];
    *touched = (struct touched){.id = cell_int(row, 0, 0), .last_day = INT32_MIN};
    const char *value = PQgetvalue(row, 0, 1);
    int size = PQgetlength(row, 0, 1);
    if (size < 20) /* no days at all */
        return STATUS_OK;
    uint32_t count = load32(value + 12);
    for (uint32_t i = 0; i < count && 20 + 8 * (size_t)(i + 1) <= (size_t)size; i++) {
        int32_t day = (int32_t)load32(value + 20 + 8 * (size_t)i + 4);
        if (!growing_room(&condense->days, condense->day_count, &condense->day_capacity, sizeof *condense->days))
            return database_no_memory(condense->database);
        condense->days[condense->day_count++] = day;
        if (day > touched->last_day)
            touched->last_day = day;
    }
    return STATUS_OK;
}

static enum status take_stale(void *arg, const PGresult *row)
{
    struct condense *condense = arg;
    if (!growing_room(&condense->days, condense->day_count, &condense->day_capacity, sizeof *condense->days))
        return database_no_memory(condense->database);
    condense->days[condense->day_count++] = (int32_t)cell_int(row, 0, 0);
    return STATUS_OK;
}

static int compare_days(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static void sort_days(struct condense *condense)
{
    if (condense->day_count)
        qsort(condense->days, condense->day_count, sizeof *condense->days, compare_days);
    size_t kept = 0;
    for (size_t i = 0; i < condense->day_count; i++)
        if (!kept || condense->days[kept - 1] != condense->days[i])
            condense->days[kept++] = condense->days[i];
    condense->day_count = kept;
}

/* ------------------------------------------------------------------------------------------------------ building a day */
static enum status build_day(void *arg, int32_t day, const struct event_list *reports)
{
    struct condense *condense = arg;
    enum status status = day_writer_whole(&condense->writer, day, reports);
    if (status != STATUS_OK)
        return status;
    condense->events += reports->count;
    condense->days_done++;
    if (!progress_tell(condense->progress, "condensing", (unsigned)(1000 * condense->days_done / condense->days_total)))
        return database_cancelled(condense->database);
    return STATUS_OK;
}

/* Rows whose days are all behind `day`, deleted. */
static enum status delete_done(struct condense *condense, int32_t day)
{
    int64_t *ids = malloc((condense->row_count + 1) * sizeof *ids);
    if (!ids)
        return database_no_memory(condense->database);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < condense->row_count; i++) {
        if (condense->rows[i].last_day <= day)
            ids[count++] = condense->rows[i].id;
        else
            condense->rows[kept++] = condense->rows[i];
    }
    condense->row_count = kept;
    const struct database_param params[] = {PARAM_INT8S(ids, count)};
    enum status status = count ? database_run(condense->database, sql_analysis_touched_delete, params, 1) : STATUS_OK;
    free(ids);
    return status;
}

/* One transaction from day `first` on; *ret_next is the first day not done. In one snapshot, so that the gists it drops are
 * those whose reports it reads. */
static enum status run_transaction(struct condense *condense, size_t first, size_t *ret_next)
{
    enum status status = database_command(condense->database, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    condense->events = 0;
    size_t next = first;
    while (status == STATUS_OK && next < condense->day_count && next - first < TRANSACTION_DAYS &&
           condense->events < TRANSACTION_EVENTS) {
        size_t more = condense->day_count - next;
        size_t left = TRANSACTION_DAYS - (next - first);
        more = more < left ? more : left;
        if ((int32_t)more > condense->reader.span)
            more = (size_t)condense->reader.span;
        const struct database_param params[] = {PARAM_INT4S(condense->days + next, more)};
        status = database_run(condense->database, sql_analysis_gists_drop, params, 1);
        if (status == STATUS_OK)
            status = report_reader_days(&condense->reader, condense->days + next, more, build_day, condense);
        next += more;
    }
    if (status == STATUS_OK)
        status = delete_done(condense, next == condense->day_count ? INT32_MAX : condense->days[next - 1]);
    if (status == STATUS_OK)
        status = day_writer_finish(&condense->writer);
    if (status == STATUS_OK)
        status = database_command(condense->database, "COMMIT");
    if (status != STATUS_OK)
        database_rollback(condense->database);
    day_writer_forget(&condense->writer);
    *ret_next = next;
    return status;
}

static enum status run_pass(struct condense *condense, bool period, int32_t from_day, int32_t to_day, bool *ret_any)
{
    condense->row_count = condense->day_count = 0;
    const struct database_param params[] = {PARAM_INT4(from_day), PARAM_INT4(to_day), PARAM_BOOL(period), PARAM_INT8(ROWS_MAX)};
    enum status status = database_stream(condense->database, sql_analysis_touched, params, 4, take_touched, condense);
    const struct database_param stale[] = {PARAM_INT2(DAY_BLOCK_FORMAT), PARAM_BOOL(period), PARAM_INT4(from_day),
                                           PARAM_INT4(to_day)};
    if (status == STATUS_OK)
        status = database_stream(condense->database, sql_analysis_days_stale, stale, 4, take_stale, condense);
    if (status != STATUS_OK)
        return status;
    *ret_any = condense->row_count > 0 || condense->day_count > 0;
    sort_days(condense);
    condense->days_total = condense->day_count;
    condense->days_done = 0;
    if (!condense->day_count && condense->row_count) /* rows that touch nothing */
        return delete_done(condense, INT32_MAX);
    for (size_t next = 0; next < condense->day_count && status == STATUS_OK;)
        status = run_transaction(condense, next, &next);
    return status;
}

/* Rows first: they drop gists that there would be no use in taking. */
static enum status run_both(struct condense *condense, bool period, int32_t from_day, int32_t to_day, bool *ret_any)
{
    bool any_rows, any_gists;
    enum status status = run_pass(condense, period, from_day, to_day, &any_rows);
    if (status == STATUS_OK)
        status = fresh_run(condense->fresh, period, from_day, to_day, &any_gists);
    if (status == STATUS_OK)
        *ret_any = any_rows || any_gists;
    return status;
}

static enum status run(struct database *database, bool period, int32_t from_day, int32_t to_day,
                       const struct progress *progress, struct condense_count *ret_count)
{
    struct condense *condense = calloc(1, sizeof *condense);
    if (!condense)
        return database_no_memory(database);
    condense->database = database;
    condense->progress = progress;
    report_reader_init(&condense->reader, database, &condense->layers);
    condense->fresh = fresh_create(database, &condense->layers, progress, &condense->writer);
    enum status status = day_writer_init(&condense->writer, database);
    if (status == STATUS_OK)
        status = condense->fresh ? database_command(database, LOCK) : database_no_memory(database);
    bool locked = status == STATUS_OK;
    if (status == STATUS_OK)
        status = layers_read(database, &condense->layers);
    for (bool any = true; any && status == STATUS_OK;)
        status = run_both(condense, period, from_day, to_day, &any);
    /* A lost connection has lost its lock as well. */
    struct errmsg error = database->error;
    if (locked && PQstatus(database->conn) == CONNECTION_OK && database_command(database, UNLOCK) != STATUS_OK &&
        status == STATUS_OK)
        status = STATUS_UNAVAILABLE;
    if (status != STATUS_OK && error.text[0])
        database->error = error;
    *ret_count = condense->writer.count;
    fresh_destroy(condense->fresh);
    day_writer_release(&condense->writer);
    report_reader_release(&condense->reader);
    free(condense->rows);
    free(condense->days);
    free(condense);
    return status;
}

enum status condense_all(struct database *database, const struct progress *progress, struct condense_count *ret_count)
{
    return run(database, false, 0, 0, progress, ret_count);
}

/* Most often nothing waits, and one look tells so. What another one is condensing is still seen to wait, so that it is waited
 * for. */
enum status condense_period(struct database *database, int32_t from_day, int32_t to_day, const struct progress *progress,
                            struct condense_count *ret_count)
{
    const struct database_param params[] = {PARAM_INT2(DAY_BLOCK_FORMAT), PARAM_INT4(from_day), PARAM_INT4(to_day)};
    int64_t waits = 0;
    enum status status = database_number(database, sql_analysis_condense_waits, params, 3, &waits);
    *ret_count = (struct condense_count){0};
    return status == STATUS_OK && waits ? run(database, true, from_day, to_day, progress, ret_count) : status;
}
