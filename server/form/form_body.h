/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a browser posts (application/x-www-form-urlencoded) as names and values, and as answers of a section.
 *
 * Names of fields:
 *   v.ITEM.TARGET    a value: the number of a choice, or "nr" and "dk" for not relevant and don't know; a number, date or text
 * as typed s.ITEM.TARGET    "nr", "dk" or "nc" (no contact) beside a field that is typed into, or for a whole row r.ITEM.VALUE
 * ranking: the place of the choice with this value, from 1 n.ITEM           name generator: key of an actor that was named;
 * u.ITEM a name the register does not know TARGET is the key of an actor, the id of a row, or nothing (then without its point).
 * Everything else (token, revision, go) has names without a point.
 */
#ifndef SAMORDNING_FORM_BODY_H
#define SAMORDNING_FORM_BODY_H

#include "answers.h"
#include "arena.h"

#include <stddef.h>

#define FORM_BODY_MAX   (512 * 1024) /* bytes of one page */
#define FORM_FIELDS_MAX 20000

struct form_field {
    const char *name, *value; /* decoded, closed by NUL; a NUL inside was made U+FFFD */
};
struct form_body {
    size_t count;
    struct form_field *fields;
};

/* STATUS_TOO_LARGE: more fields than FORM_FIELDS_MAX. */
MUST_CHECK enum status form_body_read(const char *body, size_t size, struct arena *arena, struct form_body *ret_body);
const char *form_body_value(const struct form_body *body, const char *name); /* of the first; NULL: not there */

/* The answers of one section. What cannot be one (letters for a number, the same place twice) is left out and listed among the
 * problems, with reasons of survey.proto or not_a_number, rank_twice. What the section does not have is left out silently:
 * somebody wrote it by hand. Texts are trimmed; an empty one is no answer. */
MUST_CHECK enum status form_body_answers(const struct form_body *body, const Samordning__V1__Section *section,
                                         struct arena *arena, size_t *ret_count, Samordning__V1__Answer ***ret_answers,
                                         size_t *ret_problem_count, Samordning__V1__AnswerProblem ***ret_problems);

#endif
