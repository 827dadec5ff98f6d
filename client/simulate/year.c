/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulated year in memory (see year.h). */
#include "year.h"

#include "civil_time.h"
#include "course.h"

#include <stdlib.h>

#define LINES_PER_CASE 3 /* happenings outside cases for each case */

const char *happening_layer(enum happening happening)
{
    static const char *const layers[HAPPENING_COUNT] = {
        [HAPPENING_MEETING] = "meeting",
        [HAPPENING_WORKING_GROUP] = "working_group",
        [HAPPENING_EARLY_INVOLVEMENT] = "early_involvement",
        [HAPPENING_CONSULTATION] = "consultation",
        [HAPPENING_HEARING] = "hearing",
        [HAPPENING_RNOTE] = "rnote_round",
        [HAPPENING_GOVERNMENT_CONFERENCE] = "government_conference",
        [HAPPENING_COUNCIL_OF_STATE] = "council_of_state",
        [HAPPENING_LETTER] = "letter",
        [HAPPENING_STEERING_DIALOGUE] = "steering_dialogue",
        [HAPPENING_OBJECTION] = "objection",
        [HAPPENING_ESCALATION] = "escalation",
    };
    return layers[happening];
}

const char *const year_effects[YEAR_EFFECTS] = {"state_budget", "municipalities", "business", "climate"};

void year_add_case(struct year *year, const struct year_case *file)
{
    if (year->case_count == year->case_room) {
        size_t room = year->case_room ? 2 * year->case_room : 256;
        struct year_case *larger = reallocarray(year->cases, room, sizeof *larger);
        if (!larger) {
            year->out_of_memory = true;
            return;
        }
        year->cases = larger;
        year->case_room = room;
    }
    year->cases[year->case_count++] = *file;
}

static int by_time(const void *left, const void *right)
{
    const struct year_interaction *a = left, *b = right;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return a->serial < b->serial ? -1 : 1;
}

enum status year_create(const struct simulate_plan *plan, struct year **ret_year, struct errmsg *ret_errmsg)
{
    struct year *year = calloc(1, sizeof *year);
    if (!year)
        return STATUS_NO_MEMORY;
    year->plan = *plan;
    year->first_day = civil_to_day(plan->year, 1, 1);
    year->end_day = civil_to_day(plan->year + 1, 1, 1);
    struct government government;
    government_init(&government, plan);
    uint32_t lines = 0;
    for (uint32_t number = 1; year->interaction_count < plan->interactions && !year->out_of_memory; number++) {
        course_of_case(year, &government, number);
        for (unsigned i = 0; i < LINES_PER_CASE; i++)
            course_of_line(year, &government, ++lines);
    }
    if (year->out_of_memory) {
        errmsg_set(ret_errmsg, "interactions", "out of memory after %zu interactions", year->interaction_count);
        year_destroy(year);
        return STATUS_NO_MEMORY;
    }
    qsort(year->interactions, year->interaction_count, sizeof *year->interactions, by_time);
    *ret_year = year;
    return STATUS_OK;
}

void year_destroy(struct year *year)
{
    if (!year)
        return;
    free(year->interactions);
    free(year->participations);
    free(year->cases);
    free(year);
}
