/* SPDX-License-Identifier: GPL-3.0-or-later
 * One query a table, one call a row.
 */
#include "register_read.h"

#include "sql_text.h"

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

enum status register_read(struct database *database, int32_t from_day, int32_t to_day, struct structure **ret_structure)
{
    const struct {
        const char *sql;
        database_row_cb *row;
        size_t params;
    } tables[] = {
        {sql_analysis_actors, take_actor, 0},        {sql_analysis_names, take_name, 0},
        {sql_analysis_sectors, take_sector, 0},      {sql_analysis_parents, take_parent, 0},
        {sql_analysis_members, take_member, 0},      {sql_analysis_label_actors, take_label, 0},
        {sql_analysis_relations, take_relation, 0},  {sql_analysis_reporters, take_reporter, 0},
        {sql_analysis_deliveries, take_delivery, 2},
    };
    struct structure *structure = structure_create();
    if (!structure)
        return database_no_memory(database);
    const struct database_param period[] = {PARAM_INT4(from_day), PARAM_INT4(to_day)};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && status == STATUS_OK; i++)
        status = database_stream(database, tables[i].sql, period, tables[i].params, tables[i].row, structure);
    if (status == STATUS_OK && !structure_prepare(structure))
        status = database_no_memory(database);
    if (status != STATUS_OK) {
        structure_destroy(structure);
        return status;
    }
    *ret_structure = structure;
    return STATUS_OK;
}
