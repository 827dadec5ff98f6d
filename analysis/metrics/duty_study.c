/* SPDX-License-Identifier: GPL-3.0-or-later
 * One case after the other: its course, the rules that were due in it, who was asked.
 */
#include "duty_study.h"

#include "event.h"

#include <math.h>
#include <stdlib.h>

#define STAGES           13 /* of the wire, from 1; 0 = none stated */
#define STAGE_CONSULTED  4
#define STAGE_ASKED_ANEW 6

struct duty_course {                 /* of one case */
    size_t first_event, event_count; /* in the list of events by case */
    double first_day[STAGES];        /* of an event at this stage or a later one; NaN = none */
};

/* ------------------------------------------------------------------------------------------------------- preparing */
static bool order_events(struct duty_study *study)
{
    size_t *start = NULL, cases = study->chronicle->case_count;
    study->courses = calloc(cases + 1, sizeof *study->courses);
    bool done = chronicle_by_case(study->chronicle, &study->events, &start) && study->courses;
    for (size_t c = 0; done && c < cases; c++)
        study->courses[c] = (struct duty_course){.first_event = start[c], .event_count = start[c + 1] - start[c]};
    free(start);
    return done;
}

static const struct chronicle_event *event_of(const struct duty_study *study, const struct duty_course *course, size_t index)
{
    return &study->chronicle->events[study->events[course->first_event + index]];
}

/* Consulting anew is consulting: it does not say that a hearing has been. */
static int stage_of(const struct chronicle_event *event)
{
    if (event->stage <= 0 || event->stage >= STAGES)
        return 0;
    return event->stage == STAGE_ASKED_ANEW ? STAGE_CONSULTED : event->stage;
}

static void find_course(const struct duty_study *study, struct duty_course *course)
{
    for (int s = 0; s < STAGES; s++)
        course->first_day[s] = NAN;
    for (size_t i = 0; i < course->event_count; i++) {
        const struct chronicle_event *event = event_of(study, course, i);
        for (int s = stage_of(event); s > 0; s--)
            if (!(course->first_day[s] <= event->time_day))
                course->first_day[s] = event->time_day;
    }
}

/* ---------------------------------------------------------------------------------------------------- one duty */
static bool is_asked(const struct chronicle_part *part, const struct duty_rule *rule)
{
    return part->actor == rule->actor && (part->role == ROLE_ADDRESSEE || (rule->copy_enough && part->role == ROLE_COPY));
}

/* The addressee's part in the request, or NULL. */
static const struct chronicle_part *asked_in(const struct duty_study *study, const struct chronicle_event *event,
                                             const struct duty_rule *rule)
{
    const struct chronicle_part *parts = chronicle_parts(study->chronicle, event);
    for (uint32_t i = 0; event->kind == EVENT_REQUEST && i < event->part_count; i++)
        if (is_asked(&parts[i], rule))
            return &parts[i];
    return NULL;
}

/* The day on which the duty was due, which decides what rules hold; NaN: the case has not come so far. */
static double due_day(const struct duty_study *study, const struct chronicle_case *file, const struct duty_course *course,
                      const struct duty_rule *rule)
{
    double day = course->first_day[rule->stage];
    bool decided = rule->when_decided && file->decided_day >= study->network->spec.from_day &&
                   file->decided_day < study->chronicle->observed_until;
    return isnan(day) && decided ? file->decided_day : day;
}

static enum duty_state time_given(const struct chronicle_event *event, const struct chronicle_part *part,
                                  const struct duty_rule *rule, double *ret_days)
{
    double from = isnan(part->received_day) ? event->time_day : part->received_day;
    *ret_days = floor(part->deadline_day) - floor(from);
    if (isnan(rule->minimum_days) || part->deadline_agreed)
        return DUTY_IN_TIME;
    return isnan(*ret_days) ? DUTY_UNDATED : *ret_days >= rule->minimum_days ? DUTY_IN_TIME : DUTY_SHORT;
}

static void judge(const struct duty_study *study, const struct duty_course *course, bool whole, struct duty *duty)
{
    const struct duty_rule *rule = &study->rules->rules[duty->rule];
    bool unstaged = false;
    for (size_t i = 0; i < course->event_count; i++) {
        const struct chronicle_event *event = event_of(study, course, i);
        int stage = stage_of(event);
        if (stage != 0 && stage < rule->stage)
            continue;
        const struct chronicle_part *part = asked_in(study, event, rule);
        if (!part)
            continue;
        if (stage == 0) {
            unstaged = true;
            continue;
        }
        duty->asked_day = event->time_day;
        duty->state = time_given(event, part, rule, &duty->days);
        if (stage >= rule->by_stage || course->first_day[rule->by_stage] < event->time_day)
            duty->state =
                whole && !unstaged ? DUTY_LATE : DUTY_UNKNOWN; /* an earlier request may not have been seen, or not be told */
        return;
    }
    duty->state = whole && !unstaged ? DUTY_MISSING : DUTY_UNKNOWN;
}

static bool add_duty(struct duty_study *study, const struct duty *duty)
{
    if (study->duty_count == study->duty_room) {
        size_t room = study->duty_room ? 2 * study->duty_room : 256;
        struct duty *larger = realloc(study->duties, room * sizeof *larger);
        if (!larger)
            return false;
        study->duties = larger;
        study->duty_room = room;
    }
    study->duties[study->duty_count++] = *duty;
    return true;
}

/* -------------------------------------------------------------------------------------------------- one case */
/* Who was asked at the stages the rules are about. */
static void collect_asked(struct duty_study *study, const struct duty_course *course, uint16_t stages)
{
    for (size_t i = 0; i < course->event_count; i++) {
        const struct chronicle_event *event = event_of(study, course, i);
        const struct chronicle_part *parts = chronicle_parts(study->chronicle, event);
        uint16_t stage = (uint16_t)(1U << stage_of(event));
        for (uint32_t p = 0; event->kind == EVENT_REQUEST && (stage & stages) && p < event->part_count; p++)
            if (parts[p].actor >= 0 && parts[p].role == ROLE_ADDRESSEE)
                study->asked[parts[p].actor] |= stage;
    }
}

/* Adds the case to what each actor was asked and had to be asked, and forgets it: only actors the case touches are looked at.
 */
static void settle(struct duty_study *study, int32_t actor)
{
    uint16_t asked = study->asked[actor], demanded = study->demanded[actor];
    study->consulted[actor] += __builtin_popcount(asked);
    study->expected[actor] += __builtin_popcount(demanded);
    study->beyond[actor] += __builtin_popcount(asked & (uint16_t)~demanded);
    study->asked[actor] = study->demanded[actor] = 0;
}

static void settle_case(struct duty_study *study, const struct duty_course *course, size_t first_duty)
{
    for (size_t d = first_duty; d < study->duty_count; d++)
        settle(study, study->duties[d].addressee);
    for (size_t i = 0; i < course->event_count; i++) {
        const struct chronicle_event *event = event_of(study, course, i);
        const struct chronicle_part *parts = chronicle_parts(study->chronicle, event);
        for (uint32_t p = 0; p < event->part_count; p++)
            if (parts[p].actor >= 0)
                settle(study, parts[p].actor);
    }
}

bool duty_study_assess(struct duty_study *study, size_t case_file)
{
    const struct chronicle_case *file = &study->chronicle->cases[case_file];
    struct duty_course *course = &study->courses[case_file];
    if (!file->effects)
        study->unstated++;
    if (file->owner < 0)
        study->ownerless++;
    if (file->owner < 0) /* nobody whose duty it is */
        return true;
    study->assessable += file->effects != 0;
    find_course(study, course);
    bool whole = file->started_day >= study->network->spec.from_day;
    size_t first_duty = study->duty_count;
    uint16_t stages = 0;
    for (size_t r = 0; r < study->rules->count; r++) {
        const struct duty_rule *rule = &study->rules->rules[r];
        double due = due_day(study, file, course, rule);
        if (!(due >= rule->from_day && due < rule->to_day))
            continue;
        stages |= (uint16_t)(1U << rule->stage);
        if (rule->actor < 0 || rule->actor == file->owner || (rule->effect && !(file->effects & rule->effect)))
            continue;
        struct duty duty = {
            .case_file = case_file, .rule = r, .owner = file->owner, .addressee = rule->actor, .asked_day = NAN, .days = NAN};
        judge(study, course, whole, &duty);
        if (!add_duty(study, &duty))
            return false;
        if (duty.state != DUTY_UNKNOWN && file->effects)
            study->demanded[rule->actor] |= (uint16_t)(1U << rule->stage);
    }
    if (file->effects)
        collect_asked(study, course, stages);
    settle_case(study, course, first_duty);
    return true;
}

bool duty_study_init(struct duty_study *study, const struct network *network, const struct chronicle *chronicle,
                     const struct duty_rules *rules)
{
    size_t n = network->actor_count + 1;
    *study = (struct duty_study){.network = network,
                                 .chronicle = chronicle,
                                 .rules = rules,
                                 .consulted = calloc(n, sizeof(double)),
                                 .expected = calloc(n, sizeof(double)),
                                 .beyond = calloc(n, sizeof(double)),
                                 .asked = calloc(n, sizeof(uint16_t)),
                                 .demanded = calloc(n, sizeof(uint16_t))};
    return study->asked && study->demanded && study->consulted && study->expected && study->beyond && order_events(study);
}

void duty_study_release(struct duty_study *study)
{
    free(study->events);
    free(study->courses);
    free(study->duties);
    free(study->asked);
    free(study->demanded);
    free(study->consulted);
    free(study->expected);
    free(study->beyond);
}
