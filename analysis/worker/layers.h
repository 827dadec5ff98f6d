/* SPDX-License-Identifier: GPL-3.0-or-later
 * The layers there are, and those a specification chooses.
 */
#ifndef SAMORDNING_LAYERS_H
#define SAMORDNING_LAYERS_H

#include "database.h"
#include "spec.h"

#define LAYERS_MAX 1024

struct layers {
    size_t count;
    struct {
        int16_t code;
        uint8_t kind;
        char name[68];
    } rows[LAYERS_MAX]; /* by code */
};
MUST_CHECK enum status layers_read(struct database *database, struct layers *ret_layers);
int layers_kind(const struct layers *layers, int16_t code); /* -1 = unknown */
/* Codes of the specification's layers; INVALID names one that does not exist, and combinations that make no sense with them. */
MUST_CHECK enum status layers_choose(const struct layers *layers, const struct spec *spec, int16_t ret_codes[LAYERS_MAX],
                                     size_t *ret_count, struct errmsg *ret_errmsg);

#endif
