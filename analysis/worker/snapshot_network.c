/* SPDX-License-Identifier: GPL-3.0-or-later
 * A snapshot's network: from blocks where they can answer, from the reports themselves where not, from the answers of a wave.
 */
#include "civil_time.h"
#include "merge.h"
#include "snapshot.h"
#include "snapshot_rows.h"
#include "sql_text.h"

#include <stdio.h>
#include <string.h>

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
        return snapshot_merged(snapshot, status, error);
    civil_day_format((int32_t)cell_int(row, 0, 1), day);
    errmsg_set(&snapshot->database->error, "",
               "%s. It is stored for %s, layer %d; UPDATE knowledge.day_block SET format = 0 WHERE day = '%s' has that day "
               "condensed again",
               error, day, (int)cell_int(row, 0, 2), day);
    return STATUS_INTERNAL;
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
    enum status status = database_number(snapshot->database, sql_analysis_unresolved, params, 4, &found);
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
    const struct prefix *prefix = snapshot->memory
                                      ? prefix_find(&snapshot->memory->prefixes, &snapshot->spec, snapshot->register_version,
                                                    snapshot->blocks, snapshot->block_count)
                                      : NULL;
    if (prefix) {
        if (!merge_go_on(snapshot->merge, prefix->merge))
            return database_no_memory(snapshot->database);
        at = prefix->to_day;
        *unresolved = prefix->unresolved;
    }
    if (snapshot->memory && recent - at >= PREFIX_RECENT_DAYS) {
        status = add_days(snapshot, at, recent, unresolved);
        if (status == STATUS_OK)
            prefix_keep(&snapshot->memory->prefixes, &snapshot->spec, snapshot->structure, snapshot->register_version,
                        snapshot->blocks, snapshot->block_count, recent, snapshot->merge, *unresolved);
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
        struct snapshot_rows rows = {.snapshot = snapshot, .phase = "reading reports"};
        status = snapshot_rows_read(&rows, all, snapshot->layers.count);
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
        return database_cancelled(snapshot->database);
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
