/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of knowledge.share and knowledge.share_part, from both sides.
 */
#include "sharing.h"

#include "sql_text.h"
#include "worker_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* -------------------------------------------------------------------------------------------------------- the owner */
static void drop_held(struct sharing *sharing)
{
    PQclear(sharing->held);
    sharing->held = NULL;
}

static bool connect_own(struct sharing *sharing)
{
    if (!sharing->connected)
        sharing->connected = database_open(&sharing->database, sharing->conninfo, "samordning-analyse share") == STATUS_OK;
    return sharing->connected;
}

static enum status offer(struct sharing *sharing, const uint8_t *bytes, size_t size, const int64_t *first, const int64_t *last,
                         size_t parts)
{
    const struct database_param params[] = {PARAM_INT8(sharing->job), PARAM_TEXT(sharing->worker), PARAM_TEXT(worker_build),
                                            PARAM_BYTEA(bytes, size), PARAM_INT8S(first, parts),   PARAM_INT8S(last, parts)};
    PGresult *row;
    enum status status = database_query(&sharing->database, sql_analysis_share_offer, params, 6, &row);
    if (status != STATUS_OK)
        return status;
    sharing->id = PQntuples(row) ? cell_int(row, 0, 0) : 0;
    PQclear(row);
    char job[24];
    snprintf(job, sizeof job, "%lld", (long long)sharing->job);
    const struct database_param notice[] = {PARAM_TEXT("samordning_job"), PARAM_TEXT(job)};
    return database_run(&sharing->database, sql_analysis_notify, notice, 2);
}

static void end_share(void *arg)
{
    struct sharing *sharing = arg;
    drop_held(sharing);
    const struct database_param params[] = {PARAM_INT8(sharing->id)};
    /* What stays because the database is away goes when the job ends. */
    if (sharing->id && database_run(&sharing->database, sql_analysis_share_drop, params, 1) != STATUS_OK)
        errmsg_clear(&sharing->database.error);
    sharing->id = 0;
}

static bool begin_share(void *arg, const uint8_t *bytes, size_t size, size_t blocks, size_t parts)
{
    struct sharing *sharing = arg;
    if (size > SHARING_BYTES_MAX || !connect_own(sharing))
        return false;
    int64_t first[PATH_PARTS_MAX], last[PATH_PARTS_MAX];
    for (size_t part = 0; part < parts; part++) {
        first[part] = (int64_t)path_part(blocks, parts, part);
        last[part] = (int64_t)path_part(blocks, parts, part + 1);
    }
    bool offered = offer(sharing, bytes, size, first, last, parts) == STATUS_OK && sharing->id;
    if (!offered)
        end_share(sharing);
    return offered;
}

static enum path_turn take_turn(void *arg, size_t *ret_part, const void **ret_sums, size_t *ret_size)
{
    struct sharing *sharing = arg;
    drop_held(sharing);
    const struct database_param params[] = {PARAM_INT8(sharing->id), PARAM_TEXT(sharing->worker), PARAM_INT8(SHARING_DEAD_MS)};
    PGresult *row;
    if (database_query(&sharing->database, sql_analysis_share_collect, params, 1, &row) != STATUS_OK)
        return PATH_TURN_ALONE;
    if (PQntuples(row) == 1) {
        sharing->held = row;
        *ret_part = (size_t)cell_int(row, 0, 0);
        *ret_sums = PQgetvalue(row, 0, 1);
        *ret_size = (size_t)PQgetlength(row, 0, 1);
        return PATH_TURN_ADD;
    }
    PQclear(row);
    if (database_query(&sharing->database, sql_analysis_share_take, params, 3, &row) != STATUS_OK)
        return PATH_TURN_ALONE;
    bool taken = PQntuples(row) == 1;
    if (taken)
        *ret_part = (size_t)cell_int(row, 0, 0);
    PQclear(row);
    if (taken)
        return PATH_TURN_COMPUTE;
    if (database_query(&sharing->database, sql_analysis_share_left, params, 2, &row) != STATUS_OK)
        return PATH_TURN_ALONE;
    bool left = cell_int(row, 0, 0) != 0;
    PQclear(row);
    return left ? PATH_TURN_WAIT : PATH_TURN_ALONE; /* the rows may be gone, which nobody should do */
}

static void done_part(void *arg, size_t part)
{
    struct sharing *sharing = arg;
    const struct database_param params[] = {PARAM_INT8(sharing->id), PARAM_INT4((int64_t)part)};
    /* A row that stays is this worker's, and nobody takes it; the next turn finds out that the database is away. */
    if (database_run(&sharing->database, sql_analysis_share_part_drop, params, 2) != STATUS_OK)
        errmsg_clear(&sharing->database.error);
}

void sharing_init(struct sharing *sharing, const char *conninfo, const char *worker, int64_t job, uint64_t above_ms)
{
    *sharing = (struct sharing){.share = {.above_ms = (double)above_ms,
                                          .begin = begin_share,
                                          .turn = take_turn,
                                          .done = done_part,
                                          .end = end_share,
                                          .arg = sharing},
                                .conninfo = conninfo,
                                .worker = worker,
                                .job = job};
}

void sharing_release(struct sharing *sharing)
{
    drop_held(sharing);
    if (sharing->connected)
        database_close(&sharing->database);
    sharing->connected = false;
}

/* -------------------------------------------------------------------------------------------------------- the helper */
struct helper {
    struct database *database;
    const char *worker;
    const struct progress *progress;
    int64_t share, part;
    double beat_ms;
    bool wanted;        /* the part is still this helper's */
    enum status status; /* of the last heartbeat */
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Whether the statement, which names the part and this worker, still found a row. */
static void tell(struct helper *helper, const char *sql, const void *sums, size_t size)
{
    const struct database_param params[] = {PARAM_INT8(helper->share), PARAM_INT4(helper->part), PARAM_TEXT(helper->worker),
                                            PARAM_BYTEA(sums, size)};
    PGresult *row;
    helper->beat_ms = now_ms();
    helper->status = database_query(helper->database, sql, params, sums ? 4 : 3, &row);
    helper->wanted = helper->status == STATUS_OK && PQntuples(row) == 1;
    if (helper->status == STATUS_OK)
        PQclear(row);
}

static bool beat(void *arg, unsigned permille)
{
    struct helper *helper = arg;
    if (now_ms() - helper->beat_ms >= SHARING_BEAT_MS)
        tell(helper, sql_analysis_share_beat, NULL, 0);
    return progress_tell(helper->progress, "helping", permille) && helper->wanted;
}

static enum status read_work(struct helper *helper, struct path_work *ret_work, bool *ret_there)
{
    const struct database_param params[] = {PARAM_INT8(helper->share)};
    PGresult *row;
    enum status status = database_query(helper->database, sql_analysis_share_input, params, 1, &row);
    if (status != STATUS_OK)
        return status;
    *ret_there = PQntuples(row) == 1;
    enum crew_status unpacked = CREW_OK;
    if (*ret_there)
        unpacked = path_work_unpack((const uint8_t *)PQgetvalue(row, 0, 0), (size_t)PQgetlength(row, 0, 0), ret_work);
    PQclear(row);
    if (unpacked == CREW_NO_MEMORY)
        return database_no_memory(helper->database);
    if (unpacked != CREW_OK) {
        errmsg_set(&helper->database->error, "", "the network of share %lld cannot be read", (long long)helper->share);
        return STATUS_INTERNAL;
    }
    return STATUS_OK;
}

/* One part, from taking it to handing in its sums. `wanted` false: there is none, or it is not wanted any more. */
static enum status help_once(struct helper *helper, const struct path_work *work, void *sums)
{
    const struct database_param params[] = {PARAM_INT8(helper->share), PARAM_TEXT(helper->worker)};
    PGresult *row;
    enum status status = database_query(helper->database, sql_analysis_share_help, params, 2, &row);
    if (status != STATUS_OK)
        return status;
    helper->wanted = PQntuples(row) == 1;
    int64_t first = 0, last = 0;
    if (helper->wanted) {
        helper->part = cell_int(row, 0, 0);
        first = cell_int(row, 0, 1);
        last = cell_int(row, 0, 2);
    }
    PQclear(row);
    if (!helper->wanted)
        return STATUS_OK;
    helper->beat_ms = now_ms();
    memset(sums, 0, path_work_sum_bytes(work));
    struct crew crew = {.proceed = beat, .arg = helper};
    enum crew_status computed = path_work_part(work, (size_t)first, (size_t)last, &crew, sums);
    if (computed == CREW_NO_MEMORY)
        return database_no_memory(helper->database);
    if (computed == CREW_OK)
        tell(helper, sql_analysis_share_done, sums, path_work_sum_bytes(work));
    else
        helper->wanted = false;
    return helper->status;
}

enum status sharing_help(struct database *database, const char *worker, int64_t share, const struct progress *progress,
                         size_t *ret_parts)
{
    struct helper helper = {.database = database, .worker = worker, .progress = progress, .share = share, .status = STATUS_OK};
    struct path_work work = {0};
    *ret_parts = 0;
    enum status status = read_work(&helper, &work, &helper.wanted);
    void *sums = status == STATUS_OK && helper.wanted ? malloc(path_work_sum_bytes(&work) + 1) : NULL;
    if (status == STATUS_OK && helper.wanted && !sums)
        status = database_no_memory(database);
    while (sums && status == STATUS_OK && helper.wanted) {
        status = help_once(&helper, &work, sums);
        if (status == STATUS_OK && helper.wanted)
            ++*ret_parts;
    }
    free(sums);
    path_work_release(&work);
    return status;
}
