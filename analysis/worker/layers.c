/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading and choosing layers.
 */
#include "layers.h"

#include "event.h"
#include "sql_text.h"

#include <stdio.h>
#include <string.h>

static enum status take_layer(void *arg, const PGresult *row)
{
    struct layers *layers = arg;
    if (layers->count < LAYERS_MAX) {
        layers->rows[layers->count].code = (int16_t)cell_int(row, 0, 0);
        layers->rows[layers->count].kind = (uint8_t)cell_int(row, 0, 2);
        snprintf(layers->rows[layers->count].name, sizeof layers->rows[0].name, "%s", cell_text(row, 0, 1));
        layers->count++;
    }
    return STATUS_OK;
}

enum status layers_read(struct database *database, struct layers *ret_layers)
{
    ret_layers->count = 0;
    return database_stream(database, sql_analysis_layers, NULL, 0, take_layer, ret_layers);
}

int layers_kind(const struct layers *layers, int16_t code)
{
    size_t low = 0, high = layers->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (layers->rows[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < layers->count && layers->rows[low].code == code ? layers->rows[low].kind : -1;
}

enum status layers_choose(const struct layers *layers, const struct spec *spec, int16_t ret_codes[LAYERS_MAX],
                          size_t *ret_count, struct errmsg *ret_errmsg)
{
    bool meeting = spec->layer_count == 0;
    *ret_count = 0;
    for (size_t i = 0; i < layers->count && spec->layer_count == 0; i++)
        ret_codes[(*ret_count)++] = layers->rows[i].code;
    for (unsigned l = 0; l < spec->layer_count; l++) {
        size_t i = 0;
        while (i < layers->count && strcmp(layers->rows[i].name, spec->layers[l]) != 0)
            i++;
        if (i == layers->count) {
            char known[300] = "";
            size_t length = 0;
            for (size_t k = 0; k < layers->count && length + 70 < sizeof known; k++)
                length += (size_t)snprintf(known + length, sizeof known - length, "%s%s", k ? ", " : "", layers->rows[k].name);
            errmsg_set(ret_errmsg, "spec", "layer: there is no layer \"%s\"; there are %s", spec->layers[l], known);
            return STATUS_INVALID;
        }
        ret_codes[(*ret_count)++] = layers->rows[i].code;
        meeting = meeting || layers->rows[i].kind == EVENT_MEETING;
    }
    if (spec->projection == PROJECTION_DURATION && !meeting) {
        errmsg_set(ret_errmsg, "spec",
                   "projection: only meetings have a duration, and none of the layers named is one of meetings");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}
