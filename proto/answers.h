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

/* Actors of rosters, as SurveyFetchResponse.roster has them; own = key of the respondent's actor. */
struct answers_context {
    const Samordning__V1__Instrument *instrument;
    size_t roster_count;
    Samordning__V1__RosterActor *const *roster;
    const char *own;
    bool free_text; /* the wave shows items of kind text */
};

/* Is this item (a part: for this target) shown, given the answers so far? Hidden sections hide their items, hidden items count
 * as unanswered for what depends on them. */
bool answers_shows(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                   const char *item, const char *target);
bool answers_shows_section(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                           const Samordning__V1__Section *section);
const Samordning__V1__Answer *answers_find(size_t count, Samordning__V1__Answer *const *answers, const char *item,
                                           const char *target);

/* Checks the answers of one section (NULL: of all). For a draft (`complete` false) required items may be missing. Problems live
 * in the arena. STATUS_OK, STATUS_INVALID with problems, STATUS_NO_MEMORY. */
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

#endif
