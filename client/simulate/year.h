/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulated year in memory: interactions with their participations, in two growing arrays.
 *
 * Minutes are civil minutes of Europe/Oslo since 1970-01-01T00:00 (no offsets: nothing is dated at night, so the hours that
 * summer time repeats or skips never occur).
 */
#ifndef SAMORDNING_SIMULATE_YEAR_H
#define SAMORDNING_SIMULATE_YEAR_H

#include "plan.h"
#include "samordning.pb-c.h"

#include <stddef.h>
#include <stdint.h>

#define DAY_MINUTES 1440

enum happening {
    HAPPENING_MEETING,
    HAPPENING_WORKING_GROUP,
    HAPPENING_EARLY_INVOLVEMENT,
    HAPPENING_CONSULTATION,
    HAPPENING_HEARING,
    HAPPENING_RNOTE,
    HAPPENING_GOVERNMENT_CONFERENCE,
    HAPPENING_COUNCIL_OF_STATE,
    HAPPENING_LETTER,
    HAPPENING_STEERING_DIALOGUE,
    HAPPENING_OBJECTION,
    HAPPENING_ESCALATION,
    HAPPENING_COUNT
};
const char *happening_layer(enum happening happening); /* name of the built-in layer (proto/vocabulary.h) */

enum spelling { SPELLING_ABBREVIATION, SPELLING_BOKMAL, SPELLING_NYNORSK, SPELLING_ENGLISH, SPELLING_ORGNR, SPELLING_LOOSE };

struct year_interaction {
    int64_t minute;
    uint32_t serial;           /* order of making: part of the identifier */
    uint32_t case_number;      /* 0 = belongs to no case */
    uint32_t first;            /* of its participations */
    uint16_t duration_minutes; /* 0 = no end given */
    uint8_t count;
    uint8_t happening;
    uint8_t stage, level, resolved_level;
    uint8_t precision;
    uint8_t reporter; /* ministry that tells of it */
    uint8_t witness;  /* a second one, or PUBLIC_BODY_NONE */
    bool has_source_id;
};

struct year_participation {
    int32_t received;     /* minutes after the interaction; -1 = not given */
    int32_t replied;      /* likewise */
    int32_t deadline_day; /* day since 1970; 0 = none */
    uint8_t body, role, reply_status, outcome, spelling;
    bool deadline_agreed;
};

/* What a case touches, as bits in the order of year_effects. */
#define YEAR_EFFECT_STATE_BUDGET   1
#define YEAR_EFFECT_MUNICIPALITIES 2
#define YEAR_EFFECT_BUSINESS       4
#define YEAR_EFFECT_CLIMATE        8
#define YEAR_EFFECTS               4
extern const char *const year_effects[YEAR_EFFECTS]; /* terms of the register */

struct year_case {
    uint32_t number;
    int32_t started_day, decided_day; /* 0 = not decided */
    uint8_t owner, effects;
};

struct year {
    struct simulate_plan plan;
    int32_t first_day, end_day; /* the year is [first_day, end_day) */
    struct year_interaction *interactions;
    size_t interaction_count, interaction_room;
    struct year_participation *participations;
    size_t participation_count, participation_room;
    struct year_case *cases; /* by number, with and without an interaction in the year */
    size_t case_count, case_room;
    bool out_of_memory;
};

/* Makes plan->interactions interactions, sorted by time. The plan must have passed simulate_plan_check(). */
MUST_CHECK enum status year_create(const struct simulate_plan *plan, struct year **ret_year, struct errmsg *ret_errmsg);
void year_destroy(struct year *year);
void year_add_case(struct year *year, const struct year_case *file);

/* Bodies of the two halves of the government a broker stands between: which half a body is in (0, 1), or 2 for the broker
 * itself and its agencies. */
unsigned year_half(const struct simulate_plan *plan, unsigned body);

#endif
