/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register of needs and the rules of the duty to consult, with actors as the network has them.
 */
#include "merge.h"
#include "snapshot.h"
#include "sql_text.h"

#include <stdlib.h>
#include <string.h>

static enum status take_need_item(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    return need_add_item(&snapshot->need, (enum need_kind)cell_int(row, 0, 0), cell_text(row, 0, 1), cell_text(row, 0, 2))
               ? STATUS_OK
               : database_no_memory(snapshot->database);
}

/* Successors share what their predecessor owned. */
static enum status take_need_owner(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    struct merge_place places[MERGE_PLACES_MAX];
    size_t count = merge_places_of(snapshot->merge, (int32_t)cell_int(row, 0, 1),
                                   snapshot_day_within(&snapshot->spec, (double)cell_int(row, 0, 3)), places);
    snapshot->need.unplaced += count == 0;
    for (size_t i = 0; i < count; i++)
        if (!need_add_owner(&snapshot->need, (int32_t)cell_int(row, 0, 0), places[i].actor,
                            cell_float8(row, 0, 2) * places[i].share))
            return database_no_memory(snapshot->database);
    return STATUS_OK;
}

static enum status take_need_link(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    return need_add_link(&snapshot->need, (int32_t)cell_int(row, 0, 0), (int32_t)cell_int(row, 0, 1), cell_float8(row, 0, 2))
               ? STATUS_OK
               : database_no_memory(snapshot->database);
}

enum status snapshot_read_need(struct snapshot *snapshot)
{
    if (snapshot->has_need)
        return STATUS_OK;
    const struct database_param period[] = {PARAM_INT4(snapshot->spec.from_day), PARAM_INT4(snapshot->spec.to_day)};
    enum status status = database_stream(snapshot->database, sql_analysis_need_items, NULL, 0, take_need_item, snapshot);
    if (status == STATUS_OK)
        status = database_stream(snapshot->database, sql_analysis_need_owners, period, 2, take_need_owner, snapshot);
    if (status == STATUS_OK)
        status = database_stream(snapshot->database, sql_analysis_need_links, NULL, 0, take_need_link, snapshot);
    snapshot->has_need = status == STATUS_OK;
    return status;
}

static enum status take_rule(void *arg, const PGresult *row)
{
    struct snapshot *snapshot = arg;
    struct duty_rule rule = {
        .name = (char *)(uintptr_t)cell_text(row, 0, 0),
        .effect = cell_null(row, 0, 1) ? 0 : UINT32_C(1) << cell_int(row, 0, 1),
        .actor = -1,
        .stage = (int16_t)cell_int(row, 0, 3),
        .by_stage = (int16_t)cell_int(row, 0, 4),
        .minimum_days = cell_day(row, 0, 5),
        .copy_enough = cell_int(row, 0, 6) != 0,
        .when_decided = cell_int(row, 0, 7) != 0,
        .from_day = (int32_t)cell_int(row, 0, 8),
        .to_day = (int32_t)cell_int(row, 0, 9),
        .source = (char *)(uintptr_t)cell_text(row, 0, 10),
        .addressee = (char *)(uintptr_t)cell_text(row, 0, 11),
    };
    struct merge_place places[MERGE_PLACES_MAX];
    if (!cell_null(row, 0, 2) && merge_places_of(snapshot->merge, (int32_t)cell_int(row, 0, 2),
                                                 snapshot_day_within(&snapshot->spec, rule.from_day), places))
        rule.actor = places[0].actor;
    if (duty_rules_add(&snapshot->rules, &rule))
        return STATUS_OK;
    if (snapshot->rules.count < DUTY_RULES_MAX)
        return database_no_memory(snapshot->database);
    errmsg_set(&snapshot->database->error, "", "more than %d rules of consultation hold in this period", DUTY_RULES_MAX);
    return STATUS_TOO_LARGE;
}

enum status snapshot_read_rules(struct snapshot *snapshot)
{
    if (snapshot->has_rules)
        return STATUS_OK;
    const struct database_param period[] = {PARAM_INT4(snapshot->spec.from_day), PARAM_INT4(snapshot->spec.to_day)};
    enum status status = database_stream(snapshot->database, sql_analysis_consultation_rules, period, 2, take_rule, snapshot);
    snapshot->has_rules = status == STATUS_OK;
    return status;
}
