/* SPDX-License-Identifier: GPL-3.0-or-later
 * Digests of blocks added up by day.
 */
#include "day_stamps.h"

#include "digest.h"
#include "sql_text.h"

struct stamps {
    const int32_t *days;
    size_t count;
    uint64_t *stamps;
};

/* NULL: not one of the days. */
static uint64_t *stamp_of(const struct stamps *stamps, int32_t day)
{
    size_t low = 0, high = stamps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stamps->days[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < stamps->count && stamps->days[low] == day ? &stamps->stamps[low] : NULL;
}

static enum status add_block(void *arg, const PGresult *row)
{
    uint64_t *stamp = stamp_of(arg, (int32_t)cell_int(row, 0, 0));
    if (stamp)
        *stamp += digest_add((uint64_t)cell_int(row, 0, 2), (uint64_t)cell_int(row, 0, 1));
    return STATUS_OK;
}

static enum status clear_day(void *arg, const PGresult *row)
{
    uint64_t *stamp = stamp_of(arg, (int32_t)cell_int(row, 0, 0));
    if (stamp)
        *stamp = 0;
    return STATUS_OK;
}

enum status day_stamps_read(struct database *database, const struct layers *layers, const int32_t *days, size_t count,
                            uint64_t *ret_stamps)
{
    if (!count)
        return STATUS_OK;
    int16_t all[LAYERS_MAX];
    for (size_t i = 0; i < layers->count; i++)
        all[i] = layers->rows[i].code;
    for (size_t i = 0; i < count; i++)
        ret_stamps[i] = 0;
    struct stamps stamps = {days, count, ret_stamps};
    const struct database_param params[] = {PARAM_INT4(days[0]), PARAM_INT4(days[count - 1] + 1),
                                            PARAM_INT2S(all, layers->count)};
    enum status status = database_stream(database, sql_analysis_block_digests, params, 3, add_block, &stamps);
    return status == STATUS_OK ? database_stream(database, sql_analysis_touched_days, params, 2, clear_day, &stamps) : status;
}
