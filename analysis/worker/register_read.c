/* SPDX-License-Identifier: GPL-3.0-or-later
 * One query a table, one call a row.
 */
#include "register_read.h"

#include "digest.h"
#include "sql_text.h"

#include <string.h>

static int32_t int_at(const PGresult *row, int column)
{
    return (int32_t)cell_int(row, 0, column);
}

static enum status take_actor(void *arg, const PGresult *row)
{
    structure_add_actor(arg, int_at(row, 0), cell_text(row, 0, 1), cell_text(row, 0, 2));
    return STATUS_OK;
}

static enum status take_name(void *arg, const PGresult *row)
{
    structure_add_name(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), cell_text(row, 0, 3), cell_text(row, 0, 4),
                       cell_text(row, 0, 5));
    return STATUS_OK;
}

static enum status take_sector(void *arg, const PGresult *row)
{
    structure_add_sector(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), cell_text(row, 0, 3));
    return STATUS_OK;
}

static enum status take_parent(void *arg, const PGresult *row)
{
    structure_add_parent(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), int_at(row, 3));
    return STATUS_OK;
}

static enum status take_member(void *arg, const PGresult *row)
{
    structure_add_member(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), int_at(row, 3));
    return STATUS_OK;
}

static enum status take_label(void *arg, const PGresult *row)
{
    structure_add_label(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), int_at(row, 3));
    return STATUS_OK;
}

static enum status take_relation(void *arg, const PGresult *row)
{
    structure_add_relation(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), int_at(row, 3), cell_float8(row, 0, 4));
    return STATUS_OK;
}

static enum status take_reporter(void *arg, const PGresult *row)
{
    structure_add_reporter(arg, int_at(row, 0), cell_text(row, 0, 1));
    return STATUS_OK;
}

static enum status take_delivery(void *arg, const PGresult *row)
{
    structure_add_delivery(arg, int_at(row, 0), int_at(row, 1), int_at(row, 2), cell_int(row, 0, 3) != 0);
    return STATUS_OK;
}

struct query {
    const char *sql;
    database_row_cb *row;
};

static enum status read_each(struct database *database, const struct query *queries, size_t count,
                             const struct database_param *params, size_t param_count, struct structure *structure)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = database_stream(database, queries[i].sql, params, param_count, queries[i].row, structure);
    return status;
}

/* Of what has no version of its own, whatever order it came in. */
static uint64_t digest_of_rest(const struct structure *structure)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < structure->reporter_count; i++)
        digest += digest_bytes((uint64_t)structure->reporters[i].organisation, structure->reporters[i].orgnr,
                               strlen(structure->reporters[i].orgnr));
    for (size_t i = 0; i < structure->delivery_count; i++) {
        const struct structure_delivery *delivery = &structure->deliveries[i];
        uint64_t one = digest_add(3, (uint64_t)(uint32_t)delivery->organisation << 1 | delivery->all_actors);
        digest += digest_add(one, (uint64_t)(uint32_t)delivery->from << 32 | (uint32_t)delivery->to);
    }
    return digest;
}

void register_memory_release(struct register_memory *memory)
{
    structure_destroy(memory->structure);
    *memory = (struct register_memory){0};
}

enum status register_read(struct database *database, int64_t version, int32_t from_day, int32_t to_day,
                          struct register_memory *memory, struct structure **ret_structure)
{
    static const struct query reporters[] = {{sql_analysis_reporters, take_reporter}};
    static const struct query deliveries[] = {{sql_analysis_deliveries, take_delivery}};
    static const struct query versioned[] = {
        {sql_analysis_actors, take_actor},       {sql_analysis_names, take_name},     {sql_analysis_sectors, take_sector},
        {sql_analysis_parents, take_parent},     {sql_analysis_members, take_member}, {sql_analysis_label_actors, take_label},
        {sql_analysis_relations, take_relation},
    };
    struct structure *structure = structure_create();
    if (!structure)
        return database_no_memory(database);
    const struct database_param period[] = {PARAM_INT4(from_day), PARAM_INT4(to_day)};
    enum status status = read_each(database, reporters, 1, NULL, 0, structure);
    if (status == STATUS_OK)
        status = read_each(database, deliveries, 1, period, 2, structure);
    uint64_t rest = digest_of_rest(structure);
    if (status == STATUS_OK && !structure->failed && memory && memory->structure && memory->version == version &&
        memory->rest == rest) {
        structure_destroy(structure);
        *ret_structure = structure_share(memory->structure);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = read_each(database, versioned, sizeof versioned / sizeof versioned[0], NULL, 0, structure);
    if (status == STATUS_OK && !structure_prepare(structure))
        status = database_no_memory(database);
    if (status != STATUS_OK) {
        structure_destroy(structure);
        return status;
    }
    if (memory) {
        register_memory_release(memory);
        *memory = (struct register_memory){structure_share(structure), version, rest};
    }
    *ret_structure = structure;
    return STATUS_OK;
}
