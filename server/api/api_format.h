/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which format a client wants, and results into it, aside of the loop.
 */
#ifndef SAMORDNING_API_FORMAT_H
#define SAMORDNING_API_FORMAT_H

#include "format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct api_turn;

struct api_choice {
    bool document;               /* that of a report, as it is, where there is one */
    const struct format *format; /* else this; NULL: nothing else is acceptable */
};

/* By ?format=, else by Accept. False: none of ours, answered. */
bool api_format_choose(struct api_turn *turn, struct api_choice *ret_choice);
/* The same from the two texts, either NULL. False: none of ours. */
bool api_format_negotiate(const char *name, const char *accept, struct api_choice *ret_choice);
/* Answers that none of ours will do. */
void api_format_refuse(struct api_turn *turn);

/* The answer of a turn: a packed Result in this format and table, which is copied. `key` is what the cache knows it by. */
void api_format_answer(struct api_turn *turn, const struct format *format, const char *table, const char *id, const char *key,
                       const uint8_t *result, size_t size);

#endif
