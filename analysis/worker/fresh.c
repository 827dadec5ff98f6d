/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking gists, sorting their runs by day, going on with the days' blocks one day after the other.
 */
#include "fresh.h"

#include "gist.h"
#include "growing.h"
#include "sql_text.h"

#include <stdlib.h>
#include <string.h>

struct day {
    int32_t day;
    bool read_rows; /* cannot go on from its blocks */
    struct gist_run *runs;
    size_t run_count, run_capacity;
    struct day_builder_before *before;
    size_t before_count;
};
struct fresh {
    struct database *database;
    const struct layers *layers;
    const struct progress *progress;
    struct day_writer *writer;

    struct event_list kept;    /* memory of gists and blocks */
    struct event_list reports; /* of the day being written */
    struct day *days;          /* sorted */
    size_t day_count, day_capacity;
    size_t last;           /* where the last run's day stands */
    int64_t *ids, *broken; /* rows taken, and those whose gist cannot be read */
    size_t id_count, id_capacity, broken_count, broken_capacity;
};

struct fresh *fresh_create(struct database *database, const struct layers *layers, const struct progress *progress,
                           struct day_writer *writer)
{
    struct fresh *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return NULL;
    *fresh = (struct fresh){.database = database, .layers = layers, .progress = progress, .writer = writer};
    event_list_init(&fresh->kept);
    event_list_init(&fresh->reports);
    return fresh;
}

static void clear(struct fresh *fresh)
{
    for (size_t i = 0; i < fresh->day_count; i++) {
        free(fresh->days[i].runs);
        free(fresh->days[i].before);
    }
    fresh->day_count = fresh->id_count = fresh->broken_count = 0;
    event_list_clear(&fresh->kept);
}

void fresh_destroy(struct fresh *fresh)
{
    if (!fresh)
        return;
    clear(fresh);
    event_list_release(&fresh->kept);
    event_list_release(&fresh->reports);
    free(fresh->days);
    free(fresh->ids);
    free(fresh->broken);
    free(fresh);
}

/* ------------------------------------------------------------------------------------------------------------- days */
static size_t place_of(const struct fresh *fresh, int32_t day)
{
    size_t low = 0, high = fresh->day_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fresh->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct day *find_day(struct fresh *fresh, int32_t day)
{
    size_t place = place_of(fresh, day);
    return place < fresh->day_count && fresh->days[place].day == day ? &fresh->days[place] : NULL;
}

/* Made when new; gatherings are sorted by time, so it mostly is the last one again. NULL: out of memory. */
static struct day *make_day(struct fresh *fresh, int32_t day)
{
    if (fresh->last < fresh->day_count && fresh->days[fresh->last].day == day)
        return &fresh->days[fresh->last];
    size_t place = place_of(fresh, day);
    if (place == fresh->day_count || fresh->days[place].day != day) {
        if (!growing_room(&fresh->days, fresh->day_count, &fresh->day_capacity, sizeof *fresh->days))
            return NULL;
        memmove(&fresh->days[place + 1], &fresh->days[place], (fresh->day_count - place) * sizeof *fresh->days);
        fresh->days[place] = (struct day){.day = day};
        fresh->day_count++;
    }
    fresh->last = place;
    return &fresh->days[place];
}

/* ------------------------------------------------------------------------------------------------------------ taking */
static enum status take_gist(void *arg, const PGresult *row)
{
    struct fresh *fresh = arg;
    size_t size = (size_t)PQgetlength(row, 0, 1);
    uint8_t *bytes = event_list_alloc(&fresh->kept, size);
    if (!bytes || !growing_room(&fresh->ids, fresh->id_count, &fresh->id_capacity, sizeof *fresh->ids))
        return database_no_memory(fresh->database);
    memcpy(bytes, PQgetvalue(row, 0, 1), size);
    fresh->ids[fresh->id_count++] = cell_int(row, 0, 0);
    struct gist_reader reader;
    struct gist_run run;
    enum gist_step step = gist_open(&reader, bytes, size) ? GIST_ITEM : GIST_BROKEN;
    while (step == GIST_ITEM && (step = gist_next_run(&reader, &run)) == GIST_ITEM) {
        struct day *day = make_day(fresh, run.day);
        if (!day || !growing_room(&day->runs, day->run_count, &day->run_capacity, sizeof *day->runs))
            return database_no_memory(fresh->database);
        day->runs[day->run_count++] = run;
    }
    if (step == GIST_BROKEN) {
        if (!growing_room(&fresh->broken, fresh->broken_count, &fresh->broken_capacity, sizeof *fresh->broken))
            return database_no_memory(fresh->database);
        fresh->broken[fresh->broken_count++] = cell_int(row, 0, 0);
    }
    return STATUS_OK;
}

static enum status take_block(void *arg, const PGresult *row)
{
    struct fresh *fresh = arg;
    struct day *day = find_day(fresh, (int32_t)cell_int(row, 0, 0));
    if (!day || day->read_rows)
        return STATUS_OK;
    struct day_builder_before *larger = realloc(day->before, (day->before_count + 1) * sizeof *larger);
    if (!larger)
        return database_no_memory(fresh->database);
    day->before = larger;
    size_t size = (size_t)PQgetlength(row, 0, 2);
    uint8_t *bytes = event_list_alloc(&fresh->kept, size);
    if (!bytes)
        return database_no_memory(fresh->database);
    memcpy(bytes, PQgetvalue(row, 0, 2), size);
    struct day_builder_before *before = &day->before[day->before_count++];
    char error[DAY_BLOCK_ERROR_SIZE];
    before->layer = (int16_t)cell_int(row, 0, 1);
    day->read_rows = !day_block_open(&before->block, bytes, size, error) || before->block.day != day->day ||
                     before->block.layer != before->layer;
    return STATUS_OK;
}

static enum status take_supplemented(void *arg, const PGresult *row)
{
    struct day *day = find_day(arg, (int32_t)cell_int(row, 0, 0));
    if (day)
        day->read_rows = true;
    return STATUS_OK;
}

static enum status take_what_is_there(struct fresh *fresh)
{
    int32_t *days = malloc((fresh->day_count + 1) * sizeof *days);
    if (!days)
        return database_no_memory(fresh->database);
    for (size_t i = 0; i < fresh->day_count; i++)
        days[i] = fresh->days[i].day;
    const struct database_param params[] = {PARAM_INT4S(days, fresh->day_count)};
    enum status status = database_stream(fresh->database, sql_analysis_days_supplemented, params, 1, take_supplemented, fresh);
    if (status == STATUS_OK)
        status = database_stream(fresh->database, sql_analysis_blocks_of_days, params, 1, take_block, fresh);
    free(days);
    return status;
}

/* ----------------------------------------------------------------------------------------------------------- reports */
/* Ids tell reports apart and say which may tell of the same interaction; the rest of it is any number. */
static void make_id(uint64_t number, const struct gist_interaction *said, uint8_t ret_id[16])
{
    for (int i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(number >> (40 - 8 * i));
    ret_id[6] = said->derived ? 0x80 : 0x70;
    if (said->derived)
        memcpy(ret_id + 8, said->id_end, 8);
    else
        memcpy(ret_id + 8, &number, 8);
}

enum made { MADE, MADE_BROKEN, MADE_NO_MEMORY };

static enum made make_report(struct fresh *fresh, struct gist_run *run, uint8_t kind, const struct gist_interaction *said)
{
    struct event_list *reports = &fresh->reports;
    size_t count = said->participants;
    int32_t *labels = event_list_alloc(reports, count * sizeof *labels);
    int16_t *roles = event_list_alloc(reports, (said->has_outcomes ? 2 : 1) * count * sizeof *roles);
    char *case_ref = said->case_ref ? event_list_alloc(reports, said->case_ref_size + 1) : NULL;
    struct event *event = event_list_add(reports);
    if (!labels || !roles || !event || (said->case_ref && !case_ref))
        return MADE_NO_MEMORY;
    int16_t *outcomes = said->has_outcomes ? roles + count : NULL;
    if (!gist_participants(run, labels, roles, outcomes))
        return MADE_BROKEN;
    if (case_ref) {
        memcpy(case_ref, said->case_ref, said->case_ref_size);
        case_ref[said->case_ref_size] = '\0';
    }
    make_id(reports->count, said, event->id);
    event->digested = true; /* the run's first one carries it for all */
    event->content_hash = run->digest;
    run->digest = 0;
    event->time_us = said->time_us; /* of the day: blocks know of differences only */
    event->end_us = said->duration_us ? said->time_us + said->duration_us : EVENT_NO_TIME;
    event->recorded_us = run->recorded_at_us;
    event->day = run->day;
    event->reporter = run->reporter;
    event->revision = -1;
    event->layer = run->layer;
    event->kind = kind;
    event->report = EVENT_FIRST;
    event->weight = said->weight;
    event->case_ref = case_ref;
    event->count = said->participants;
    event->labels = labels;
    event->roles = roles;
    event->outcome = outcomes;
    return MADE;
}

/* A run that breaks off, or of a layer that nobody knows, leaves the day to be read: that says what is wrong. */
static enum made make_reports(struct fresh *fresh, struct day *day)
{
    event_list_clear(&fresh->reports);
    for (size_t i = 0; i < day->run_count; i++) {
        struct gist_run *run = &day->runs[i];
        int kind = layers_kind(fresh->layers, run->layer);
        struct gist_interaction said;
        enum gist_step step = kind < 0 ? GIST_BROKEN : GIST_ITEM;
        while (step == GIST_ITEM && (step = gist_next(run, &said)) == GIST_ITEM) {
            enum made made = make_report(fresh, run, (uint8_t)kind, &said);
            if (made != MADE)
                return made;
        }
        if (step == GIST_BROKEN)
            return MADE_BROKEN;
    }
    return MADE;
}

/* ---------------------------------------------------------------------------------------------------------- one turn */
static enum status write_day(struct fresh *fresh, struct day *day)
{
    enum made made = day->read_rows ? MADE_BROKEN : make_reports(fresh, day);
    if (made == MADE_NO_MEMORY)
        return database_no_memory(fresh->database);
    day->read_rows = made == MADE_BROKEN || !day_builder_apart(&fresh->reports, day->before, day->before_count);
    return day->read_rows ? STATUS_OK
                          : day_writer_more(fresh->writer, day->day, &fresh->reports, day->before, day->before_count);
}

/* Rows that tell of a day that must be read stay, without their gists; so reading will count all they tell of once. */
static enum status settle_rows(struct fresh *fresh)
{
    int32_t *days = malloc((fresh->day_count + 1) * sizeof *days);
    if (!days)
        return database_no_memory(fresh->database);
    size_t count = 0;
    for (size_t i = 0; i < fresh->day_count; i++)
        if (fresh->days[i].read_rows)
            days[count++] = fresh->days[i].day;
    const struct database_param by_day[] = {PARAM_INT4S(days, count)};
    const struct database_param by_row[] = {PARAM_INT8S(fresh->broken, fresh->broken_count)};
    const struct database_param taken[] = {PARAM_INT8S(fresh->ids, fresh->id_count)};
    enum status status = count ? database_run(fresh->database, sql_analysis_gists_drop, by_day, 1) : STATUS_OK;
    if (status == STATUS_OK && fresh->broken_count)
        status = database_run(fresh->database, sql_analysis_gists_drop_rows, by_row, 1);
    if (status == STATUS_OK)
        status = database_run(fresh->database, sql_analysis_gists_taken, taken, 1);
    free(days);
    return status;
}

static enum status write_days(struct fresh *fresh)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < fresh->day_count && status == STATUS_OK; i++) {
        status = write_day(fresh, &fresh->days[i]);
        if (status == STATUS_OK && !progress_tell(fresh->progress, "condensing", (unsigned)(1000 * (i + 1) / fresh->day_count)))
            status = database_cancelled(fresh->database);
    }
    if (status == STATUS_OK)
        status = day_writer_finish(fresh->writer);
    return status == STATUS_OK ? settle_rows(fresh) : status;
}

/* One snapshot for all of it: blocks and supplements are those the gists came on top of. */
enum status fresh_run(struct fresh *fresh, bool period, int32_t from_day, int32_t to_day, bool *ret_any)
{
    const struct database_param params[] = {PARAM_INT4(from_day), PARAM_INT4(to_day), PARAM_BOOL(period),
                                            PARAM_INT8(FRESH_BYTES_MAX)};
    enum status status = database_command(fresh->database, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    if (status == STATUS_OK)
        status = database_stream(fresh->database, sql_analysis_gists, params, 4, take_gist, fresh);
    if (status == STATUS_OK && fresh->id_count)
        status = take_what_is_there(fresh);
    if (status == STATUS_OK && fresh->id_count)
        status = write_days(fresh);
    if (status == STATUS_OK)
        status = database_command(fresh->database, "COMMIT");
    if (status != STATUS_OK)
        database_rollback(fresh->database);
    *ret_any = fresh->id_count > 0;
    day_writer_forget(fresh->writer);
    clear(fresh);
    return status;
}
