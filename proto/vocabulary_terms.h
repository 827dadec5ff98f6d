/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows behind vocabulary.h. */
#ifndef SAMORDNING_VOCABULARY_TERMS_H
#define SAMORDNING_VOCABULARY_TERMS_H

#include "vocabulary.h"

struct vocabulary_list {
    const char *name;
    const struct vocabulary_term *terms; /* codes without gaps, in order */
    size_t size;
};
extern const struct vocabulary_list vocabulary_lists[VOCABULARY_COUNT];

#endif
