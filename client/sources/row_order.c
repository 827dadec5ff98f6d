/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the rows of each interaction of a file lie together. */
#include "row_order.h"
#include "csv_reader.h"
#include "tally.h"

#include <xxhash.h>

bool row_order_is_together(const char *path, bool latin1, char delimiter, size_t column, size_t columns)
{
    struct input *input;
    struct csv_reader *csv;
    if (column >= columns || input_open(path, latin1, &input, NULL) != STATUS_OK ||
        csv_reader_create(input, delimiter, &csv) != STATUS_OK)
        return false;
    struct csv_row row;
    struct tally seen = {0};
    uint64_t last = 0;
    bool together = csv_reader_next(csv, &row, NULL) == CSV_ROW; /* the header */
    for (enum csv_state state; together && (state = csv_reader_next(csv, &row, NULL)) != CSV_END;) {
        if (state == CSV_FAILED)
            together = false;
        if (state != CSV_ROW || row.count != columns)
            continue;
        uint64_t hash = XXH3_64bits(row.fields[column].text, row.fields[column].size);
        uint32_t before = 0;
        if (hash != last && (tally_add(&seen, hash, &before) != STATUS_OK || before > 0))
            together = false;
        last = hash;
    }
    tally_release(&seen);
    csv_reader_destroy(csv);
    return together;
}
