/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers against their instrument: which items are shown, what is wrong, and texts with earlier answers in them.
 *
 * The same code checks what a form posts, what a ministry's system sends and what the command line reads. Answers of one
 * respondent are an array, at most one per (item, target); they need not be sorted.
 */
#ifndef SAMORDNING_ANSWERS_H
#define SAMORDNING_ANSWERS_H

#include "arena.h"
#include "instrument.h"

#define ANSWERS_MAX          50000 /* of one respondent */
#define ANSWERS_PROBLEMS_MAX 500

/* roster: the actors of each roster (item = its id, key), and those a name generator can find (item = its id; or item empty:
 * actors that every name generator finds whose `actors` is empty). Of a name generator for which there are none at all, it is
 * not known here whom it finds: any key is taken, and the store tells whether the register has it. own: key of the respondent's
 * actor, NULL = none. */
struct answers_context {
    const Samordning__V1__Instrument *instrument;
    size_t roster_count;
    Samordning__V1__RosterActor *const *roster;
    const char *own;
    bool free_text; /* the wave shows items of kind text */
    bool any_actor; /* every key is known: for reading stored answers, whose actors were checked when they came */
};

/* Is this item (a part: for this target) shown, given the answers so far? Hidden sections hide their items, hidden items count
 * as unanswered for what depends on them, "no contact" hides the parts of its row, and free text that the wave does not have is
 * hidden. Each call looks at all answers: a page of many fields asks faster through answers_view.h. */
bool answers_shows(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                   const char *item, const char *target);
bool answers_shows_section(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                           const Samordning__V1__Section *section);
const Samordning__V1__Answer *answers_find(size_t count, Samordning__V1__Answer *const *answers, const char *item,
                                           const char *target);

/* Checks the answers of one section (NULL: of all); answers to items of no section are told in any case. Problems live in the
 * arena, in the order of the form, the rows of a roster one after the other. STATUS_OK, STATUS_INVALID with problems,
 * STATUS_NO_MEMORY.
 *
 * A draft (`complete` false) may lack what is required, have chosen too few, and hold answers to what is hidden by now (an
 * answer above was changed, and may be changed back). To submit, take answers_shown() and check that with `complete`.
 *
 * Required: of a part, in every row where it is shown; of a matrix, every row; of a roster itself, something in every row ("no
 * contact" will do); of a name generator itself, at least one name. A name is whoever an answer to a part, or to the generator
 * itself (given, without a value), is about; one that the register does not know stands as text too, in the answer to the
 * generator itself or in each.
 *
 * Reasons: required; unknown_item; unknown_target (no such actor or row, the respondent's own, or a name where none may be
 * new); not_shown; not_offered (a state or a kind of answer the item does not have); not_a_choice; out_of_range; not_whole;
 * too_many, too_few (values, names; too_few also: given, but empty); twice (a value, or the same answer); exclusive (with other
 * choices, or "not relevant" together with a value); bad_date; too_long (in characters); not_text (no UTF-8, NUL or control
 * characters, a name of blanks). */
MUST_CHECK enum status answers_check(const struct answers_context *context, size_t count,
                                     Samordning__V1__Answer *const *answers, const char *section, bool complete,
                                     struct arena *arena, size_t *ret_count, Samordning__V1__AnswerProblem ***ret_problems);

/* The answers without those to items that are not shown (a changed answer above hid them): what is stored at submission. */
MUST_CHECK enum status answers_shown(const struct answers_context *context, size_t count,
                                     Samordning__V1__Answer *const *answers, struct arena *arena, size_t *ret_count,
                                     Samordning__V1__Answer ***ret_answers);

/* A text of the instrument with {actor}, {organisation} and {answer:ID} filled in; what cannot be filled becomes "…". NULL: out
 * of memory. actor and organisation are names in the reader's language, NULL where there is none. Nothing is escaped. */
char *answers_pipe(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                   enum instrument_language language, const char *text, const char *target, const char *actor,
                   const char *organisation, struct arena *arena);

/* Answers given to an earlier version of the instrument, as answers to this one: for prefill and for comparing waves. An item
 * the mappings do not mention is taken to be the item of the same id. What has no counterpart, or does not fit it, is left out;
 * ret_lost = how many answers lost something. A new array in the arena; texts are shared with `answers`. STATUS_OK or
 * STATUS_NO_MEMORY. */
MUST_CHECK enum status answers_map(const struct answers_context *context, uint32_t version, size_t count,
                                   Samordning__V1__Answer *const *answers, struct arena *arena, size_t *ret_count,
                                   Samordning__V1__Answer ***ret_answers, size_t *ret_lost);

#endif
