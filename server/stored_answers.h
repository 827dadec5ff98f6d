/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers as the database keeps them: a JSON list of {"item", "target", "state", "values", "text"}, states as numbers, what is
 * at its default left out.
 */
#ifndef SAMORDNING_STORED_ANSWERS_H
#define SAMORDNING_STORED_ANSWERS_H

#include "arena.h"
#include "status.h"
#include "survey.pb-c.h"

#include <jansson.h>
#include <stddef.h>

/* The list as text, to be freed. STATUS_INVALID: a text that is not UTF-8, or a value that is not finite. */
MUST_CHECK enum status stored_answers_write(size_t count, Samordning__V1__Answer *const *answers, char **ret_text);
MUST_CHECK enum status stored_answers_read(const json_t *list, struct arena *arena, size_t *ret_count,
                                           Samordning__V1__Answer ***ret_answers);
/* The same from text. */
MUST_CHECK enum status stored_answers_parse(const char *text, size_t size, struct arena *arena, size_t *ret_count,
                                            Samordning__V1__Answer ***ret_answers);

#endif
