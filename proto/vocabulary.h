/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fixed terms of the field: stages, levels, roles, replies, outcomes, classifications, precisions, access roles and
 * built-in layers, with their number, their name in files and their label in bokmål, nynorsk and English.
 *
 * sql/migrations seeds vocabulary.term and vocabulary.layer with the same rows; a test compares the two.
 */
#ifndef SAMORDNING_VOCABULARY_H
#define SAMORDNING_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

struct vocabulary_term {
    int code;
    const char *name; /* sender: what files and command lines use */
    const char *label_nb;
    const char *label_nn;
    const char *label_en;
    const char *aliases; /* further spellings accepted on input, space separated: "avsender avsendar fra" */
};

enum vocabulary {
    VOCABULARY_STAGE,
    VOCABULARY_LEVEL,
    VOCABULARY_ROLE,
    VOCABULARY_REPLY_STATUS,
    VOCABULARY_OUTCOME,
    VOCABULARY_CLASSIFICATION,
    VOCABULARY_TIME_PRECISION,
    VOCABULARY_ACCESS_ROLE,
    VOCABULARY_LAYER, /* code = vocabulary.layer.code, 1..99 */
    VOCABULARY_COUNT
};

const char *vocabulary_name(enum vocabulary vocabulary); /* "stage" */
size_t vocabulary_size(enum vocabulary vocabulary);
const struct vocabulary_term *vocabulary_terms(enum vocabulary vocabulary);             /* in order of code */
const struct vocabulary_term *vocabulary_by_code(enum vocabulary vocabulary, int code); /* NULL = unknown */
/* Matches name, labels and aliases, ignoring case (Norwegian letters too); NULL = unknown. */
const struct vocabulary_term *vocabulary_by_name(enum vocabulary vocabulary, const char *name, size_t size);

/* Kind of a built-in layer (LayerKind). */
int vocabulary_layer_kind(int code);

#endif
