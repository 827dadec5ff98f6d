/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading everything one analysis needs inside one transaction.
 */
#include "snapshot.h"

#include "chronicle_gather.h"
#include "civil_time.h"
#include "day_builder.h"
#include "day_stamps.h"
#include "digest.h"
#include "growing.h"
#include "merge.h"
#include "register_read.h"
#include "reply_gather.h"
#include "report_reader.h"
#include "sql_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------- opening */
static enum status read_number(struct database *database, const char *sql, const struct database_param *params, size_t count,
                               int64_t *ret_number)
{
    PGresult *result;
    enum status status = database_query(database, sql, params, count, &result);
    if (status != STATUS_OK)
        return status;
    *ret_number = PQntuples(result) ? cell_int(result, 0, 0) : 0;
    PQclear(result);
    return STATUS_OK;
}

static enum status add_digest(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    if (!growing_room(&snapshot->blocks, snapshot->block_count, &snapshot->block_capacity, sizeof *snapshot->blocks))
        return database_no_memory(snapshot->database);
    uint64_t digest =
        digest_add(digest_add((uint64_t)cell_int(row, 0, 2), (uint64_t)cell_int(row, 0, 0)), (uint64_t)cell_int(row, 0, 1));
    snapshot->blocks[snapshot->block_count++] = (struct prefix_block){(int32_t)cell_int(row, 0, 0), digest};
    snapshot->digest += digest;
    return STATUS_OK;
}

static enum status read_case_refs(struct snapshot *snapshot)
{
    PGresult *result;
    const struct database_param params[] = {PARAM_TEXT(snapshot->spec.case_type)};
    enum status status = database_query(snapshot->database, sql_analysis_case_refs, params, 1, &result);
    if (status != STATUS_OK)
        return status;
    size_t count = (size_t)PQntuples(result);
    snapshot->case_refs = calloc(count + 1, sizeof *snapshot->case_refs);
    for (size_t i = 0; i < count && snapshot->case_refs && status == STATUS_OK; i++) {
        snapshot->case_refs[i] = strdup(cell_text(result, (int)i, 0));
        if (!snapshot->case_refs[i])
            status = database_no_memory(snapshot->database);
        snapshot->case_ref_count++;
    }
    PQclear(result);
    return snapshot->case_refs ? status : database_no_memory(snapshot->database);
}

static enum status find_reporter(struct snapshot *snapshot)
{
    const struct structure *structure = snapshot->structure;
    for (size_t i = 0; i < structure->reporter_count; i++) {
        if (strcmp(structure->reporters[i].orgnr, snapshot->spec.tie_reporter) == 0) {
            snapshot->tie_reporter = structure->reporters[i].organisation;
            return STATUS_OK;
        }
    }
    errmsg_set(&snapshot->database->error, "spec", "tie: no organisation %s has access here, so none has reported",
               snapshot->spec.tie_reporter);
    return STATUS_INVALID;
}

/* What a result depends on besides its specification. */
static enum status find_digest(struct snapshot *snapshot)
{
    struct database *database = snapshot->database;
    const struct spec *spec = &snapshot->spec;
    const struct database_param blocks[] = {PARAM_INT4(spec->from_day), PARAM_INT4(spec->to_day),
                                            PARAM_INT2S(snapshot->codes, snapshot->code_count)};
    enum status status = read_number(database, sql_analysis_register_version, NULL, 0, &snapshot->register_version);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_block_digests, blocks, 3, add_digest, snapshot);
    if (status == STATUS_OK && snapshot->by_rows)
        status = read_number(database, sql_analysis_touched_within, blocks, 2, &snapshot->touched);
    if (status != STATUS_OK)
        return status;
    uint64_t digest = snapshot->digest;
    for (size_t i = 0; i < snapshot->structure->delivery_count; i++) {
        const struct structure_delivery *delivery = &snapshot->structure->deliveries[i];
        uint64_t one = digest_add(1, (uint64_t)(uint32_t)delivery->organisation << 1 | delivery->all_actors);
        one = digest_add(one, (uint64_t)(uint32_t)delivery->from << 32 | (uint32_t)delivery->to);
        digest = digest_add(digest, one);
    }
    if (*snapshot->source.key)
        digest = digest_add(digest, snapshot->source.digest);
    if (*snapshot->earlier_source.key)
        digest = digest_add(digest_add(digest, 2), snapshot->earlier_source.digest);
    for (size_t i = 0; i < snapshot->case_ref_count; i++)
        digest = digest_bytes(digest, snapshot->case_refs[i], strlen(snapshot->case_refs[i]));
    snapshot->digest = digest;
    return STATUS_OK;
}

/* The program is part of it: a corrected computation, or corrected words, must not be answered by an old result. */
static void put_watermark(struct snapshot *snapshot)
{
    snprintf(snapshot->input_hash, sizeof snapshot->input_hash, "%016" PRIx64, snapshot->digest);
    int length = snprintf(snapshot->watermark, sizeof snapshot->watermark, "%s register %" PRId64 " reports %s", worker_build,
                          snapshot->register_version, snapshot->input_hash);
    /* Rows are ahead of the blocks while days wait to be condensed. */
    if (snapshot->touched)
        snprintf(snapshot->watermark + length, sizeof snapshot->watermark - (size_t)length, " touched %" PRId64,
                 snapshot->touched);
}

/* The wave the network is of, or that stands beside it; and the one to compare its answers with. */
static enum status find_waves(struct snapshot *snapshot)
{
    const struct choices *choices = &snapshot->spec.choices;
    enum status status = STATUS_OK;
    if (*choices->wave)
        status = wave_source_find(snapshot->database, "wave", choices->wave, &snapshot->source);
    if (status == STATUS_OK && *choices->earlier_wave && strcmp(choices->wave, choices->earlier_wave) != 0)
        status = wave_source_find(snapshot->database, "earlier-wave", choices->earlier_wave, &snapshot->earlier_source);
    if (status == STATUS_OK && snapshot->spec.of_wave) {
        snapshot->spec.from_day = snapshot->source.day;
        snapshot->spec.to_day = snapshot->source.day + 1;
    }
    return status;
}

/* Within the transaction that is open. */
static enum status look(struct snapshot *snapshot, struct database *database, const struct spec *spec,
                        const struct progress *progress)
{
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->database = database;
    snapshot->progress = progress;
    snapshot->spec = *spec;
    enum status status = find_waves(snapshot);
    if (status != STATUS_OK)
        return status;
    spec = &snapshot->spec;
    snapshot->by_rows = !spec->of_wave && (*spec->case_ref || *spec->case_type || spec->stages || spec->tie != TIE_UNION ||
                                           spec->weight == WEIGHT_MAX);
    status = layers_read(database, &snapshot->layers);
    if (status == STATUS_OK && !spec->of_wave)
        status = layers_choose(&snapshot->layers, spec, snapshot->codes, &snapshot->code_count, &database->error);
    if (status == STATUS_OK)
        status = register_read(database, spec->from_day, spec->to_day, &snapshot->structure);
    if (status == STATUS_OK && spec->tie == TIE_REPORTER)
        status = find_reporter(snapshot);
    if (status == STATUS_OK && *spec->case_type)
        status = read_case_refs(snapshot);
    if (status == STATUS_OK)
        status = find_digest(snapshot);
    return status;
}

enum status snapshot_open(struct snapshot *snapshot, struct database *database, const struct spec *spec,
                          const struct progress *progress)
{
    int64_t waiting = 0;
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->database = database; /* for the release, whatever happens now */
    enum status status = database_command(database, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (status == STATUS_OK)
        status = look(snapshot, database, spec, progress);
    if (status == STATUS_OK)
        status = read_number(database, sql_analysis_labels_waiting, NULL, 0, &waiting);
    snapshot->labels_waiting = (double)waiting;
    put_watermark(snapshot);
    return status;
}

enum status snapshot_open_earlier(struct snapshot *snapshot, const struct spec *spec)
{
    snapshot->earlier = calloc(1, sizeof *snapshot->earlier);
    if (!snapshot->earlier)
        return database_no_memory(snapshot->database);
    enum status status = look(snapshot->earlier, snapshot->database, spec, snapshot->progress);
    snapshot->earlier->later_source = *snapshot->source.key ? &snapshot->source : NULL;
    if (status != STATUS_OK)
        return status;
    snapshot->digest =
        digest_add(digest_add(snapshot->digest, snapshot->earlier->digest), (uint64_t)snapshot->earlier->touched);
    put_watermark(snapshot);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------------------ the network */
static enum status cancelled(struct snapshot *snapshot)
{
    errmsg_set(&snapshot->database->error, "", "cancelled");
    return STATUS_CANCELLED;
}

static enum status merge_failure(struct snapshot *snapshot, enum merge_status status, const char *error)
{
    if (status == MERGE_OK)
        return STATUS_OK;
    errmsg_set(&snapshot->database->error, "", "%s", error);
    return status == MERGE_NO_MEMORY ? STATUS_NO_MEMORY : status == MERGE_TOO_MUCH ? STATUS_TOO_LARGE : STATUS_INTERNAL;
}

static bool name_layers(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->layers.count; i++) {
        bool wanted = false;
        for (size_t k = 0; k < snapshot->code_count; k++)
            wanted |= snapshot->codes[k] == snapshot->layers.rows[i].code;
        if (wanted && !merge_name_layer(snapshot->merge, snapshot->layers.rows[i].code, snapshot->layers.rows[i].name))
            return false;
    }
    return true;
}

static enum status take_block(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    char error[400], day[16];
    enum merge_status status =
        merge_add(snapshot->merge, (const uint8_t *)PQgetvalue(row, 0, 0), (size_t)PQgetlength(row, 0, 0), error);
    if (status != MERGE_BROKEN)
        return merge_failure(snapshot, status, error);
    civil_day_format((int32_t)cell_int(row, 0, 1), day);
    errmsg_set(&snapshot->database->error, "",
               "%s. It is stored for %s, layer %d; UPDATE knowledge.day_block SET format = 0 WHERE day = '%s' has that day "
               "condensed again",
               error, day, (int)cell_int(row, 0, 2), day);
    return STATUS_INTERNAL;
}

/* Reading the rows themselves: what each reconciled day is given to. */
struct rows {
    struct snapshot *snapshot;
    struct day_builder *builder;
    struct reply_gather *gather; /* into this, */
    struct chronicle *chronicle; /* and this; both NULL: into the merge */
    int64_t recorded_us;         /* the latest recording seen */
    enum status status;
    double unresolved;
    size_t days_done, days_total;
    const char *phase;
};

static int compare_refs(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_wanted(void *arg, const struct event *event)
{
    const struct rows *rows = arg;
    const struct snapshot *snapshot = rows->snapshot;
    bool layer = false;
    for (size_t i = 0; i < snapshot->code_count && !layer; i++)
        layer = snapshot->codes[i] == event->layer;
    if (!layer || (*snapshot->spec.case_ref && (!event->case_ref || strcmp(event->case_ref, snapshot->spec.case_ref) != 0)))
        return false;
    if (snapshot->spec.stages && !(snapshot->spec.stages & UINT32_C(1) << event->stage))
        return false;
    if (!snapshot->case_refs)
        return true;
    return event->case_ref && snapshot->case_ref_count &&
           bsearch(&event->case_ref, snapshot->case_refs, snapshot->case_ref_count, sizeof *snapshot->case_refs, compare_refs);
}

static bool add_block(void *arg, const struct day_builder_block *block)
{
    struct rows *rows = arg;
    char error[400];
    rows->status = merge_failure(rows->snapshot, merge_add(rows->snapshot->merge, block->bytes, block->size, error), error);
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
    struct rows *rows = arg;
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
               : cancelled(snapshot);
}

struct days {
    int32_t *days;
    size_t count, capacity;
    struct database *database;
};

static enum status take_day_number(void *arg, const PGresult *row)
{
    struct days *days = arg;
    if (days->count == days->capacity) {
        size_t capacity = days->capacity ? 2 * days->capacity : 512;
        int32_t *larger = realloc(days->days, capacity * sizeof *larger);
        if (!larger)
            return database_no_memory(days->database);
        days->days = larger;
        days->capacity = capacity;
    }
    days->days[days->count++] = (int32_t)cell_int(row, 0, 0);
    return STATUS_OK;
}

/* Every day on which one of `codes` has a block, read as rows. */
static enum status read_rows(struct rows *rows, const int16_t *codes, size_t code_count)
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
        reader.memory = snapshot->memory;
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

static void id_of_day(int32_t day, uint8_t ret_id[16])
{
    int64_t ms = day > 0 ? civil_day_start_us(day) / 1000 : 0;
    memset(ret_id, 0, 16);
    for (int i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(ms >> (40 - 8 * i));
}

static enum status count_unresolved(struct snapshot *snapshot, int32_t from_day, int32_t to_day, double *unresolved)
{
    size_t count;
    const int32_t *labels = merge_unresolved(snapshot->merge, &count);
    if (!count)
        return STATUS_OK;
    uint8_t from[16], to[16];
    id_of_day(from_day, from);
    id_of_day(to_day, to);
    const struct database_param params[] = {PARAM_UUID(from), PARAM_UUID(to),
                                            PARAM_INT2S(snapshot->codes, snapshot->code_count), PARAM_INT4S(labels, count)};
    int64_t found = 0;
    enum status status = read_number(snapshot->database, sql_analysis_unresolved, params, 4, &found);
    *unresolved += (double)found;
    return status;
}

static enum status read_waves(struct snapshot *snapshot)
{
    struct database *database = snapshot->database;
    const struct wave_source *later = snapshot->later_source;
    enum status status = STATUS_OK;
    char error[400];
    if (*snapshot->source.key)
        status = wave_source_read(database, &snapshot->source, later, snapshot->merge, &snapshot->wave);
    if (status == STATUS_OK && *snapshot->earlier_source.key)
        status =
            wave_source_read(database, &snapshot->earlier_source, &snapshot->source, snapshot->merge, &snapshot->earlier_wave);
    if (status != STATUS_OK || !snapshot->spec.of_wave || wave_network(&snapshot->wave, snapshot->network, error))
        return status;
    if (strcmp(error, "out of memory") == 0)
        return database_no_memory(database);
    errmsg_set(&database->error, "spec", "%s", error);
    return STATUS_INVALID;
}

static enum status add_days(struct snapshot *snapshot, int32_t from_day, int32_t to_day, double *unresolved)
{
    const struct database_param params[] = {PARAM_INT4(from_day), PARAM_INT4(to_day),
                                            PARAM_INT2S(snapshot->codes, snapshot->code_count)};
    enum status status = database_stream(snapshot->database, sql_analysis_blocks, params, 3, take_block, snapshot);
    return status == STATUS_OK ? count_unresolved(snapshot, from_day, to_day, unresolved) : status;
}

/* Goes on from a prefix where one holds, and leaves one where it would spare the next job much. */
static enum status add_blocks(struct snapshot *snapshot, double *unresolved)
{
    int32_t at = snapshot->spec.from_day, recent = at;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < snapshot->block_count; i++)
        if (snapshot->blocks[i].day - PREFIX_RECENT_DAYS > recent)
            recent = snapshot->blocks[i].day - PREFIX_RECENT_DAYS;
    const struct prefix *prefix = snapshot->prefixes
                                      ? prefix_find(snapshot->prefixes, &snapshot->spec, snapshot->register_version,
                                                    snapshot->blocks, snapshot->block_count)
                                      : NULL;
    if (prefix) {
        if (!merge_go_on(snapshot->merge, prefix->merge))
            return database_no_memory(snapshot->database);
        at = prefix->to_day;
        *unresolved = prefix->unresolved;
    }
    if (snapshot->prefixes && recent - at >= PREFIX_RECENT_DAYS) {
        status = add_days(snapshot, at, recent, unresolved);
        if (status == STATUS_OK)
            prefix_keep(snapshot->prefixes, &snapshot->spec, snapshot->structure, snapshot->register_version, snapshot->blocks,
                        snapshot->block_count, recent, snapshot->merge, *unresolved);
        at = recent;
    }
    return status == STATUS_OK ? add_days(snapshot, at, snapshot->spec.to_day, unresolved) : status;
}

static enum status build_network(struct snapshot *snapshot)
{
    struct database *database = snapshot->database;
    snapshot->merge = merge_create(&snapshot->spec, snapshot->structure);
    if (!snapshot->merge || (snapshot->spec.choices.relations == RELATIONS_LAYERS && !name_layers(snapshot)))
        return database_no_memory(database);
    double unresolved = 0;
    enum status status = STATUS_OK;
    if (snapshot->spec.of_wave) {
        /* Answers are read once the actors have their places. */
    } else if (snapshot->by_rows) {
        int16_t all[LAYERS_MAX]; /* reports may disagree about the layer, so days of any layer are looked at */
        for (size_t i = 0; i < snapshot->layers.count; i++)
            all[i] = snapshot->layers.rows[i].code;
        struct rows rows = {.snapshot = snapshot, .phase = "reading reports"};
        status = read_rows(&rows, all, snapshot->layers.count);
        unresolved = rows.unresolved;
    } else {
        status = add_blocks(snapshot, &unresolved);
    }
    /* After the blocks: a prefix is of interactions alone, whatever wave stands beside them. */
    if (status == STATUS_OK && *snapshot->source.key)
        status = wave_source_add_actors(database, &snapshot->source, snapshot->merge);
    if (status == STATUS_OK && *snapshot->earlier_source.key)
        status = wave_source_add_actors(database, &snapshot->earlier_source, snapshot->merge);
    if (status != STATUS_OK)
        return status;
    if (!progress_tell(snapshot->progress, "merging", 0))
        return cancelled(snapshot);
    snapshot->network = merge_finish(snapshot->merge);
    if (!snapshot->network)
        return database_no_memory(database);
    snapshot->network->interactions_unresolved = unresolved;
    return read_waves(snapshot);
}

enum status snapshot_build_network(struct snapshot *snapshot)
{
    enum status status = snapshot->network ? STATUS_OK : build_network(snapshot);
    return status == STATUS_OK && snapshot->earlier && !snapshot->earlier->network ? build_network(snapshot->earlier) : status;
}

/* ------------------------------------------------------------------------------------------------------- the cases */
int32_t snapshot_day_within(const struct spec *spec, double day)
{
    if (!(day > spec->from_day)) /* not given, too */
        return spec->from_day;
    return day < spec->to_day ? (int32_t)day : spec->to_day - 1;
}

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
    const char *type = cell_text(row, 0, 2);
    file->type = type ? strdup(type) : NULL;
    return type && !file->type ? database_no_memory(snapshot->database) : STATUS_OK;
}

static void forget_events(struct snapshot *snapshot)
{
    reply_set_release(&snapshot->replies);
    chronicle_release(&snapshot->chronicle);
    snapshot->has_replies = snapshot->has_chronicle = false;
}

/* When observation ends depends on what is read, so half of an earlier reading does not do. */
enum status snapshot_build_events(struct snapshot *snapshot, bool replies, bool chronicle)
{
    if (snapshot->has_replies == replies && snapshot->has_chronicle == chronicle)
        return STATUS_OK;
    forget_events(snapshot);
    int16_t codes[LAYERS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < snapshot->code_count; i++)
        if (chronicle || layers_kind(&snapshot->layers, snapshot->codes[i]) == EVENT_REQUEST)
            codes[count++] = snapshot->codes[i];
    struct reply_gather gather;
    reply_gather_init(&gather);
    struct rows rows = {.snapshot = snapshot,
                        .gather = replies ? &gather : NULL,
                        .chronicle = chronicle ? &snapshot->chronicle : NULL,
                        .recorded_us = INT64_MIN,
                        .phase = "reading reports"};
    enum status status = count ? read_rows(&rows, codes, count) : STATUS_OK;
    if (status == STATUS_OK && replies)
        snapshot->replies = reply_gather_finish(&gather, snapshot->spec.to_day, rows.recorded_us);
    else
        reply_gather_release(&gather);
    if (status == STATUS_OK && chronicle &&
        !chronicle_gather_finish(&snapshot->chronicle, snapshot->spec.to_day, rows.recorded_us))
        status = database_no_memory(snapshot->database);
    if (status == STATUS_OK && chronicle && snapshot->chronicle.case_count)
        status = database_stream(snapshot->database, sql_analysis_cases, NULL, 0, take_case, snapshot);
    snapshot->has_replies = status == STATUS_OK && replies;
    snapshot->has_chronicle = status == STATUS_OK && chronicle;
    return status;
}

enum status snapshot_close(struct snapshot *snapshot)
{
    return database_command(snapshot->database, "COMMIT");
}

static void forget(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->case_ref_count; i++)
        free(snapshot->case_refs[i]);
    free(snapshot->case_refs);
    free(snapshot->blocks);
    shortest_memory_release(&snapshot->shortest);
    merge_destroy(snapshot->merge);
    network_destroy(snapshot->network);
    network_destroy(snapshot->treated);
    forget_events(snapshot);
    need_release(&snapshot->need);
    wave_release(&snapshot->wave);
    wave_release(&snapshot->earlier_wave);
    duty_rules_release(&snapshot->rules);
    structure_destroy(snapshot->structure);
}

void snapshot_take_over(struct snapshot *snapshot, struct snapshot *from)
{
    struct snapshot mine = *snapshot;
    *snapshot = *from;
    *from = mine;
    snapshot->database = mine.database;
    snapshot->progress = mine.progress;
    snapshot->labels_waiting = mine.labels_waiting;
    snapshot->prefixes = mine.prefixes;
    snapshot->memory = mine.memory;
    snapshot->spec = mine.spec;
    if (snapshot->network)
        snapshot->network->spec = mine.spec; /* whose seed and choices may be others */
    if (snapshot->treated)                   /* under a seed that may be another */
        shortest_memory_release(&snapshot->shortest);
    network_destroy(snapshot->treated);
    snapshot->treated = NULL;
}

void snapshot_release(struct snapshot *snapshot)
{
    database_rollback(snapshot->database);
    if (snapshot->earlier)
        forget(snapshot->earlier);
    free(snapshot->earlier);
    forget(snapshot);
}
