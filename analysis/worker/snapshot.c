/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading everything one analysis needs inside one transaction.
 */
#include "snapshot.h"

#include "digest.h"
#include "growing.h"
#include "merge.h"
#include "register_read.h"
#include "sql_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------- opening */
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

/* References of cases, sorted; what was read must be released even if it failed. */
static enum status read_refs(struct snapshot *snapshot, const char *sql, const struct database_param *params,
                             size_t param_count, char ***ret_refs, size_t *ret_count)
{
    PGresult *result;
    enum status status = database_query(snapshot->database, sql, params, param_count, &result);
    if (status != STATUS_OK)
        return status;
    size_t count = (size_t)PQntuples(result);
    char **refs = calloc(count + 1, sizeof *refs);
    *ret_refs = refs;
    for (size_t i = 0; i < count && refs && status == STATUS_OK; i++) {
        refs[i] = strdup(cell_text(result, (int)i, 0));
        if (!refs[i])
            status = database_no_memory(snapshot->database);
        *ret_count = i + 1;
    }
    PQclear(result);
    return refs ? status : database_no_memory(snapshot->database);
}

static enum status read_case_refs(struct snapshot *snapshot)
{
    const struct database_param params[] = {PARAM_TEXT(snapshot->spec.case_type)};
    return read_refs(snapshot, sql_analysis_case_refs, params, 1, &snapshot->case_refs, &snapshot->case_ref_count);
}

static enum status read_decided_refs(struct snapshot *snapshot)
{
    return read_refs(snapshot, sql_analysis_cases_decided, NULL, 0, &snapshot->decided_refs, &snapshot->decided_ref_count);
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
    enum status status = database_stream(database, sql_analysis_block_digests, blocks, 3, add_digest, snapshot);
    if (status == STATUS_OK && snapshot->by_rows)
        status = database_number(database, sql_analysis_touched_within, blocks, 2, &snapshot->touched);
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
    if (snapshot->decided_refs) {
        digest = digest_add(digest, 3);
        for (size_t i = 0; i < snapshot->decided_ref_count; i++)
            digest = digest_bytes(digest, snapshot->decided_refs[i], strlen(snapshot->decided_refs[i]));
    }
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
                        const struct progress *progress, struct snapshot_memory *memory)
{
    *snapshot = (struct snapshot){.database = database, .progress = progress, .spec = *spec, .memory = memory};
    enum status status = find_waves(snapshot);
    if (status != STATUS_OK)
        return status;
    spec = &snapshot->spec;
    snapshot->by_rows = !spec->of_wave && (*spec->case_ref || *spec->case_type || spec->stages || spec->tie != TIE_UNION ||
                                           spec->weight == WEIGHT_MAX || spec->choices.profile == PROFILE_PUBLIC);
    status = layers_read(database, &snapshot->layers);
    if (status == STATUS_OK && !spec->of_wave)
        status = layers_choose(&snapshot->layers, spec, snapshot->codes, &snapshot->code_count, &database->error);
    if (status == STATUS_OK)
        status = database_number(database, sql_analysis_register_version, NULL, 0, &snapshot->register_version);
    if (status == STATUS_OK)
        status = register_read(database, snapshot->register_version, spec->from_day, spec->to_day,
                               snapshot->memory ? &snapshot->memory->registers : NULL, &snapshot->structure);
    if (status == STATUS_OK && spec->tie == TIE_REPORTER)
        status = find_reporter(snapshot);
    if (status == STATUS_OK && *spec->case_type)
        status = read_case_refs(snapshot);
    if (status == STATUS_OK && !spec->of_wave && spec->choices.profile == PROFILE_PUBLIC)
        status = read_decided_refs(snapshot);
    if (status == STATUS_OK)
        status = find_digest(snapshot);
    return status;
}

enum status snapshot_open(struct snapshot *snapshot, struct database *database, const struct spec *spec,
                          const struct progress *progress, struct snapshot_memory *memory)
{
    int64_t waiting = 0;
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->database = database; /* for the release, whatever happens now */
    enum status status = database_command(database, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (status == STATUS_OK)
        status = look(snapshot, database, spec, progress, memory);
    if (status == STATUS_OK)
        status = database_number(database, sql_analysis_labels_waiting, NULL, 0, &waiting);
    snapshot->labels_waiting = (double)waiting;
    put_watermark(snapshot);
    return status;
}

enum status snapshot_open_earlier(struct snapshot *snapshot, const struct spec *spec)
{
    snapshot->earlier = calloc(1, sizeof *snapshot->earlier);
    if (!snapshot->earlier)
        return database_no_memory(snapshot->database);
    enum status status = look(snapshot->earlier, snapshot->database, spec, snapshot->progress, snapshot->memory);
    snapshot->earlier->later_source = *snapshot->source.key ? &snapshot->source : NULL;
    if (status != STATUS_OK)
        return status;
    snapshot->digest =
        digest_add(digest_add(snapshot->digest, snapshot->earlier->digest), (uint64_t)snapshot->earlier->touched);
    put_watermark(snapshot);
    return STATUS_OK;
}

int32_t snapshot_day_within(const struct spec *spec, double day)
{
    if (!(day > spec->from_day)) /* not given, too */
        return spec->from_day;
    return day < spec->to_day ? (int32_t)day : spec->to_day - 1;
}

/* ------------------------------------------------------------------------------------------------------- closing */
enum status snapshot_close(struct snapshot *snapshot)
{
    return database_command(snapshot->database, "COMMIT");
}

void snapshot_forget_events(struct snapshot *snapshot)
{
    reply_set_release(&snapshot->replies);
    chronicle_release(&snapshot->chronicle);
    snapshot->has_replies = snapshot->has_chronicle = false;
}

static void forget(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->case_ref_count; i++)
        free(snapshot->case_refs[i]);
    free(snapshot->case_refs);
    for (size_t i = 0; i < snapshot->decided_ref_count; i++)
        free(snapshot->decided_refs[i]);
    free(snapshot->decided_refs);
    free(snapshot->blocks);
    shortest_memory_release(&snapshot->shortest);
    merge_destroy(snapshot->merge);
    network_destroy(snapshot->network);
    network_destroy(snapshot->treated);
    snapshot_forget_events(snapshot);
    need_release(&snapshot->need);
    wave_release(&snapshot->wave);
    wave_release(&snapshot->earlier_wave);
    duty_rules_release(&snapshot->rules);
    structure_destroy(snapshot->structure);
}

bool snapshot_reads_same(const struct snapshot *a, const struct snapshot *b)
{
    char text[SPEC_TEXT_MAX], other[SPEC_TEXT_MAX];
    if (!prefix_spec(&a->spec, text) || !prefix_spec(&b->spec, other) || strcmp(text, other) != 0 ||
        strcmp(a->source.key, b->source.key) != 0 || strcmp(a->earlier_source.key, b->earlier_source.key) != 0 ||
        strcmp(a->watermark, b->watermark) != 0)
        return false;
    return a->earlier && b->earlier ? snapshot_reads_same(a->earlier, b->earlier) : !a->earlier && !b->earlier;
}

/* What the job at hand has of its own. */
static void adopt(struct snapshot *snapshot, const struct snapshot *mine)
{
    snapshot->database = mine->database;
    snapshot->progress = mine->progress;
    snapshot->labels_waiting = mine->labels_waiting;
    snapshot->memory = mine->memory;
    snapshot->spec = mine->spec;
    if (snapshot->network)
        snapshot->network->spec = mine->spec; /* whose seed, choices and treatment may be others */
    if (snapshot->treated)                    /* under another treatment, or another seed */
        shortest_memory_release(&snapshot->shortest);
    network_destroy(snapshot->treated);
    snapshot->treated = NULL;
}

void snapshot_take_over(struct snapshot *snapshot, struct snapshot *from)
{
    struct snapshot mine = *snapshot;
    *snapshot = *from;
    *from = mine;
    adopt(snapshot, &mine);
    if (snapshot->earlier) {
        adopt(snapshot->earlier, mine.earlier);
        snapshot->earlier->later_source = *snapshot->source.key ? &snapshot->source : NULL;
    }
}

void snapshot_memory_release(struct snapshot_memory *memory)
{
    prefix_store_release(&memory->prefixes);
    report_memory_release(&memory->reports);
    register_memory_release(&memory->registers);
}

void snapshot_release(struct snapshot *snapshot)
{
    database_rollback(snapshot->database);
    if (snapshot->earlier)
        forget(snapshot->earlier);
    free(snapshot->earlier);
    forget(snapshot);
}
