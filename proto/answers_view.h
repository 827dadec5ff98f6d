/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers of one respondent beside their instrument, arranged for looking up: what the functions of answers.h work on.
 *
 * Sorted rather than hashed, so that no set of keys makes looking up slow. Points into context and answers.
 */
#ifndef SAMORDNING_ANSWERS_VIEW_H
#define SAMORDNING_ANSWERS_VIEW_H

#include "answers.h"
#include "instrument_index.h"

struct answers_view {
    const struct answers_context *context;
    size_t count;
    Samordning__V1__Answer *const *answers;
    struct instrument_index index;
    const Samordning__V1__Answer **sorted;      /* by item, then target; NULL: looked for one by one */
    const Samordning__V1__RosterActor **roster; /* by item, then key; the same */
    bool shown[INSTRUMENT_ITEMS_MAX];           /* of items that are no parts */
    bool answered[INSTRUMENT_ITEMS_MAX];        /* with a value; a matrix: in some row; not of rosters and name generators */
};

/* With an arena the view is sorted: worth it for more than a few questions. False: out of memory. */
bool answers_view_build(struct answers_view *view, const struct answers_context *context, size_t count,
                        Samordning__V1__Answer *const *answers, struct arena *arena);
const Samordning__V1__Answer *answers_view_find(const struct answers_view *view, const char *item, const char *target);
bool answers_view_shows(const struct answers_view *view, const struct instrument_place *place, const char *target);
bool answers_view_shows_section(const struct answers_view *view, const Samordning__V1__Section *section);
/* For all parts of a roster or name generator at once. */
void answers_view_parts(const struct answers_view *view, const struct instrument_place *whole, const char *target,
                        bool ret_shown[INSTRUMENT_ITEMS_MAX]);
/* Is the actor one of this roster's (of those this name generator finds), and not the respondent's own? */
bool answers_view_knows(const struct answers_view *view, const Samordning__V1__Item *whole, const char *key);

/* Why the answer does not fit its item, whatever else is answered: a reason, or NULL. `is_complete`: too few chosen is one. */
const char *answers_view_fault(const struct answers_view *view, const struct instrument_place *place,
                               const Samordning__V1__Answer *answer, bool is_complete);

#endif
