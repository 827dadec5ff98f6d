/* SPDX-License-Identifier: GPL-3.0-or-later
 * Appending interactions to the simulated year (see record.h). */
#include "record.h"

#include "work_calendar.h"

#include <math.h>
#include <stdlib.h>

#define V1(name) SAMORDNING__V1__##name

#define REPLY_MEDIAN_SHARE 0.70 /* of the deadline */
#define REPLY_SIGMA        0.50
#define REPLY_NEVER        0.04
#define REPLY_NOTED_ONLY   0.01
#define LOOSE_SPELLING     0.004
#define OTHER_SPELLING     0.06
#define DAY_PRECISION      0.02
#define MONTH_PRECISION    0.005
#define NO_SOURCE_ID       0.05

static uint64_t bit(unsigned body)
{
    return UINT64_C(1) << body;
}

static bool grow(void **array, size_t *room, size_t need, size_t size)
{
    if (need <= *room)
        return true;
    size_t wanted = *room ? *room * 2 : 4096;
    while (wanted < need)
        wanted *= 2;
    void *bigger = reallocarray(*array, wanted, size);
    if (!bigger)
        return false;
    *array = bigger;
    *room = wanted;
    return true;
}

/* NULL: outside the year, the year is full, or no memory. The participations follow by add_participation(). */
static struct year_interaction *add_interaction(struct record_context *context, enum happening happening, int64_t minute)
{
    struct year *year = context->year;
    int64_t day = minute / DAY_MINUTES;
    if (day < year->first_day || day >= year->end_day || year->interaction_count >= year->plan.interactions ||
        year->out_of_memory)
        return NULL;
    if (!grow((void **)&year->interactions, &year->interaction_room, year->interaction_count + 1, sizeof *year->interactions)) {
        year->out_of_memory = true;
        return NULL;
    }
    struct year_interaction *interaction = &year->interactions[year->interaction_count++];
    *interaction = (struct year_interaction){
        .minute = minute,
        .serial = (uint32_t)year->interaction_count,
        .case_number = context->case_number,
        .first = (uint32_t)year->participation_count,
        .happening = (uint8_t)happening,
        .stage = (uint8_t)context->stage,
        .reporter = (uint8_t)context->owner,
        .witness = PUBLIC_BODY_NONE,
        .has_source_id = !draw_chance(&context->draw, NO_SOURCE_ID),
    };
    return interaction;
}

static unsigned choose_spelling(struct record_context *context, const struct year_interaction *interaction, unsigned body)
{
    static const uint8_t habit[] = {SPELLING_ABBREVIATION, SPELLING_BOKMAL, SPELLING_ORGNR, SPELLING_BOKMAL};
    unsigned spelling = habit[interaction->reporter % sizeof habit];
    double u = draw_unit(&context->draw);
    if (u < LOOSE_SPELLING)
        spelling = SPELLING_LOOSE;
    else if (u < LOOSE_SPELLING + OTHER_SPELLING)
        spelling = u < LOOSE_SPELLING + OTHER_SPELLING * 0.8 ? SPELLING_NYNORSK : SPELLING_ENGLISH;
    if ((spelling == SPELLING_ABBREVIATION && !public_bodies[body].abbreviation[0]) ||
        (spelling == SPELLING_LOOSE && !public_bodies[body].loose_spelling[0]))
        spelling = SPELLING_BOKMAL;
    return spelling;
}

static struct year_participation *add_participation(struct record_context *context, unsigned body, unsigned role)
{
    struct year *year = context->year;
    if (!grow((void **)&year->participations, &year->participation_room, year->participation_count + 1,
              sizeof *year->participations)) {
        year->out_of_memory = true;
        return NULL;
    }
    struct year_interaction *interaction = &year->interactions[year->interaction_count - 1];
    struct year_participation *participation = &year->participations[year->participation_count++];
    *participation = (struct year_participation){
        .received = -1,
        .replied = -1,
        .body = (uint8_t)body,
        .role = (uint8_t)role,
        .spelling = (uint8_t)choose_spelling(context, interaction, body),
    };
    interaction->count++;
    return participation;
}

/* A second ministry that took part tells of the same thing, under the same identifier. */
static void add_witness(struct record_context *context)
{
    struct year *year = context->year;
    struct year_interaction *interaction = &year->interactions[year->interaction_count - 1];
    double share = year->plan.witness_share;
    if (!interaction->has_source_id || !draw_chance(&context->draw, share))
        return;
    uint64_t others = 0;
    for (unsigned i = 0; i < interaction->count; i++)
        others |= bit(year->participations[interaction->first + i].body);
    others &= context->government->ministries & ~bit(interaction->reporter);
    if (others)
        interaction->witness = (uint8_t)draw_member(&context->draw, others, context->government->weights);
}

static int64_t office_minute(struct record_context *context, int32_t day)
{
    return (int64_t)day * DAY_MINUTES + 8 * 60 + draw_between(&context->draw, 0, 7 * 60 + 45);
}

/* ---------------------------------------------------------------------------------------- planted truths */

static bool spans_halves(const struct government *government, uint64_t set)
{
    return (set & government->half[0]) && (set & government->half[1]);
}

/* The two sectors of the gap keep apart: the side the owner is not in leaves, and others fill the seats. */
static uint64_t apply_gap(struct record_context *context, uint64_t set, uint64_t candidates)
{
    const struct government *government = context->government;
    if (!(set & government->gap[0]) || !(set & government->gap[1]) ||
        !draw_chance(&context->draw, context->year->plan.gap_strength))
        return set;
    unsigned leaving = (bit(context->owner) & government->gap[1]) ? 0 : 1;
    if (!(bit(context->owner) & (government->gap[0] | government->gap[1])))
        leaving = draw_below(&context->draw, 2);
    int seats = __builtin_popcountll(set);
    set &= ~government->gap[leaving];
    uint64_t rest = candidates & ~set & ~government->gap[leaving];
    while (__builtin_popcountll(set) < seats && rest) {
        uint64_t chosen = bit(draw_member(&context->draw, rest, government->weights));
        set |= chosen;
        rest &= ~chosen;
    }
    return set;
}

/* What spans the two halves passes through the broker; what concerns the broker's agencies reaches them through it. */
static uint64_t apply_broker(struct record_context *context, uint64_t set, uint64_t *ret_left_out)
{
    const struct government *government = context->government;
    *ret_left_out = 0;
    if (!government->broker)
        return set;
    double strength = context->year->plan.broker_strength;
    uint64_t agencies = set & government->broker_agencies;
    if (agencies && (set & ~agencies & ~government->broker) && draw_chance(&context->draw, strength)) {
        *ret_left_out = agencies;
        set &= ~agencies;
    }
    if ((spans_halves(government, set) || *ret_left_out) && draw_chance(&context->draw, strength))
        set |= government->broker;
    return set;
}

/* The broker takes it further to each agency that was left out of what concerned it. */
static void pass_on(struct record_context *context, int32_t day, uint64_t left_out)
{
    struct record_context inner = *context;
    inner.owner = (unsigned)__builtin_ctzll(context->government->broker | bit(63));
    for (uint64_t rest = left_out; rest; rest &= rest - 1) {
        uint64_t agency = rest & -rest;
        if (draw_chance(&inner.draw, 0.4))
            record_gathering(&inner, HAPPENING_MEETING, work_calendar_from(day + draw_between(&inner.draw, 1, 10)),
                             agency | context->government->broker, inner.owner, 0, 0);
    }
    context->draw = inner.draw;
}

/* ----------------------------------------------------------------------------------------------- meetings */

static void add_present(struct record_context *context, uint64_t present, unsigned chair)
{
    for (uint64_t rest = present; rest; rest &= rest - 1) {
        unsigned body = (unsigned)__builtin_ctzll(rest);
        unsigned role = body == chair ? V1(ROLE__ROLE_CHAIR) : V1(ROLE__ROLE_PARTICIPANT);
        if (body != chair && __builtin_popcountll(present) > 4 && draw_chance(&context->draw, 0.02))
            role = draw_chance(&context->draw, 0.5) ? V1(ROLE__ROLE_OBSERVER) : V1(ROLE__ROLE_DECLINED);
        if (!add_participation(context, body, role))
            return;
    }
}

void record_gathering(struct record_context *context, enum happening happening, int32_t day, uint64_t present, unsigned chair,
                      unsigned level, unsigned resolved_level)
{
    int duration = 30 * draw_between(&context->draw, 1, 6);
    int64_t minute = (int64_t)day * DAY_MINUTES;
    if (happening == HAPPENING_COUNCIL_OF_STATE)
        minute += 11 * 60; /* Fridays at 11.00 */
    else if (happening == HAPPENING_GOVERNMENT_CONFERENCE)
        minute += 9 * 60 + 15 * draw_between(&context->draw, 0, 12);
    else
        minute += 8 * 60 + 30 + 15 * draw_between(&context->draw, 0, (17 * 60 - 8 * 60 - 30 - duration) / 15);
    struct year_interaction *interaction = add_interaction(context, happening, minute);
    if (!interaction)
        return;
    interaction->duration_minutes = (uint16_t)duration;
    interaction->level = (uint8_t)level;
    interaction->resolved_level = (uint8_t)resolved_level;
    double precision = draw_unit(&context->draw);
    if (precision < MONTH_PRECISION)
        interaction->precision = V1(TIME_PRECISION__PRECISION_MONTH);
    else if (precision < MONTH_PRECISION + DAY_PRECISION)
        interaction->precision = V1(TIME_PRECISION__PRECISION_DAY);
    if (!(bit(interaction->reporter) & context->government->ministries))
        interaction->reporter = (uint8_t)public_body_ministry(interaction->reporter, context->year->plan.year);
    add_present(context, present, chair);
    add_witness(context);
}

void record_meeting(struct record_context *context, enum happening happening, int32_t day, uint64_t candidates, unsigned size)
{
    const struct government *government = context->government;
    uint64_t set = bit(context->owner);
    uint64_t rest = candidates & ~set;
    while ((unsigned)__builtin_popcountll(set) < size && rest) {
        uint64_t chosen = bit(draw_member(&context->draw, rest, government->weights));
        set |= chosen;
        rest &= ~chosen;
    }
    uint64_t left_out;
    set = apply_gap(context, set, candidates);
    set = apply_broker(context, set, &left_out);
    if (__builtin_popcountll(set) >= 2) {
        record_gathering(context, happening, day, set, context->owner, V1(LEVEL__LEVEL_CASE_OFFICER), 0);
        pass_on(context, day, left_out);
    }
}

/* ---------------------------------------------------------------------------------- requests and letters */

static unsigned choose_outcome(struct record_context *context, unsigned *ret_reply_status)
{
    static const struct {
        double up_to;
        unsigned outcome;
    } choices[] = {
        {0.36, V1(OUTCOME__OUTCOME_NO_REMARK)},
        {0.76, V1(OUTCOME__OUTCOME_REMARK)},
        {0.88, V1(OUTCOME__OUTCOME_SUPPORT)},
        {0.93, V1(OUTCOME__OUTCOME_CONDITIONAL_SUPPORT)},
        {0.97, V1(OUTCOME__OUTCOME_OBJECTION)},
        {0.985, V1(OUTCOME__OUTCOME_DISAGREEMENT)},
        {0.993, V1(OUTCOME__OUTCOME_POSTPONEMENT_DEMANDED)},
        {1.0, V1(OUTCOME__OUTCOME_NEW_STUDY_DEMANDED)},
    };
    double u = draw_unit(&context->draw);
    unsigned i = 0;
    while (u >= choices[i].up_to)
        i++;
    *ret_reply_status = choices[i].outcome == V1(OUTCOME__OUTCOME_NO_REMARK) ? V1(REPLY_STATUS__REPLY_NO_REMARK)
                                                                             : V1(REPLY_STATUS__REPLY_ANSWERED);
    return choices[i].outcome;
}

struct answer {
    int64_t minute; /* 0 = none */
    unsigned reply_status, outcome;
};

/* When and how a body answers. Everybody draws from one distribution, scaled by the deadline; the slow one's is stretched. */
static struct answer draw_answer(struct record_context *context, const struct record_request *request, unsigned body)
{
    const struct simulate_plan *plan = &context->year->plan;
    struct answer answer = {.reply_status = V1(REPLY_STATUS__REPLY_PENDING)};
    double days =
        draw_log_normal(&context->draw, REPLY_MEDIAN_SHARE * (request->deadline_day - request->sent_day), REPLY_SIGMA);
    if (body == plan->slow)
        days *= pow(PLAN_SLOW_FACTOR, plan->slow_strength);
    double fate = draw_unit(&context->draw);
    int32_t day = work_calendar_from(request->sent_day + 1 + (int32_t)fmin(days, 3650.0));
    int64_t minute = office_minute(context, day);
    unsigned reply_status;
    unsigned outcome = choose_outcome(context, &reply_status);
    if (request->closed_day && (day > request->closed_day || fate < REPLY_NEVER)) {
        answer.reply_status = V1(REPLY_STATUS__REPLY_WITHDRAWN);
        answer.outcome = V1(OUTCOME__OUTCOME_CASE_WITHDRAWN);
        minute = (int64_t)request->closed_day * DAY_MINUTES + 15 * 60;
    } else if (fate < REPLY_NEVER) {
        return answer;
    } else if (fate < REPLY_NEVER + REPLY_NOTED_ONLY) {
        answer.reply_status = V1(REPLY_STATUS__REPLY_NOTED);
    } else {
        answer.reply_status = reply_status;
        answer.outcome = outcome;
    }
    answer.minute = minute;
    return answer;
}

unsigned record_request(struct record_context *context, const struct record_request *request,
                        struct record_objection ret_objections[RECORD_OBJECTIONS_MAX])
{
    struct year *year = context->year;
    uint64_t left_out;
    uint64_t set = apply_gap(context, request->addressees | bit(context->owner), 0) & ~bit(context->owner);
    if (bit(context->owner) != context->government->broker)
        set = apply_broker(context, set | bit(context->owner), &left_out) & ~bit(context->owner);
    if (!set)
        return 0;
    int64_t sent = office_minute(context, request->sent_day);
    struct year_interaction *interaction = add_interaction(context, request->happening, sent);
    if (interaction)
        add_participation(context, context->owner, V1(ROLE__ROLE_SENDER));
    unsigned objections = 0;
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        unsigned body = (unsigned)__builtin_ctzll(rest);
        struct answer answer = draw_answer(context, request, body);
        if (answer.outcome >= V1(OUTCOME__OUTCOME_OBJECTION) && answer.outcome <= V1(OUTCOME__OUTCOME_DISAGREEMENT) &&
            objections < RECORD_OBJECTIONS_MAX)
            ret_objections[objections++] = (struct record_objection){
                .objector = body, .day = (int32_t)(answer.minute / DAY_MINUTES), .outcome = answer.outcome};
        struct year_participation *participation =
            interaction ? add_participation(context, body, V1(ROLE__ROLE_ADDRESSEE)) : NULL;
        if (!participation)
            continue;
        participation->received = draw_between(&context->draw, 1, 30);
        participation->deadline_day = request->deadline_day;
        participation->deadline_agreed = request->deadline_agreed;
        bool known = answer.minute && answer.minute < (int64_t)year->end_day * DAY_MINUTES;
        participation->reply_status = (uint8_t)(known ? answer.reply_status : V1(REPLY_STATUS__REPLY_PENDING));
        participation->outcome = (uint8_t)(known ? answer.outcome : V1(OUTCOME__OUTCOME_UNSPECIFIED));
        if (known)
            participation->replied = (int32_t)(answer.minute - sent);
    }
    if (!interaction)
        return objections;
    for (uint64_t rest = request->copies & ~set & ~bit(context->owner); rest; rest &= rest - 1)
        add_participation(context, (unsigned)__builtin_ctzll(rest), V1(ROLE__ROLE_COPY));
    add_witness(context);
    return objections;
}

void record_letter(struct record_context *context, enum happening happening, int32_t day, uint64_t addressees, uint64_t copies)
{
    uint64_t left_out = 0;
    uint64_t set = addressees & ~bit(context->owner);
    if (happening == HAPPENING_LETTER) {
        set = apply_gap(context, set | bit(context->owner), 0) & ~bit(context->owner);
        if (bit(context->owner) != context->government->broker)
            set = apply_broker(context, set | bit(context->owner), &left_out) & ~bit(context->owner);
    }
    if (!set || !add_interaction(context, happening, office_minute(context, day)))
        return;
    add_participation(context, context->owner, V1(ROLE__ROLE_SENDER));
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        struct year_participation *participation =
            add_participation(context, (unsigned)__builtin_ctzll(rest), V1(ROLE__ROLE_ADDRESSEE));
        if (participation)
            participation->received = draw_between(&context->draw, 1, 30);
    }
    for (uint64_t rest = copies & ~set & ~bit(context->owner); rest; rest &= rest - 1)
        add_participation(context, (unsigned)__builtin_ctzll(rest), V1(ROLE__ROLE_COPY));
    add_witness(context);
}

void record_objection(struct record_context *context, const struct record_objection *objection, bool case_stopped)
{
    struct year_interaction *interaction =
        add_interaction(context, HAPPENING_OBJECTION, office_minute(context, work_calendar_from(objection->day)));
    if (!interaction)
        return;
    interaction->reporter = (uint8_t)public_body_ministry(objection->objector, context->year->plan.year);
    struct year_participation *participation = add_participation(context, objection->objector, V1(ROLE__ROLE_SENDER));
    if (participation)
        participation->outcome = (uint8_t)objection->outcome;
    participation = add_participation(context, context->owner, V1(ROLE__ROLE_ADDRESSEE));
    if (participation && case_stopped)
        participation->outcome = V1(OUTCOME__OUTCOME_CASE_WITHDRAWN);
    add_witness(context);
}

void record_escalation(struct record_context *context, unsigned objector, int32_t day, unsigned level, unsigned resolved_level)
{
    struct year_interaction *interaction = add_interaction(context, HAPPENING_ESCALATION, office_minute(context, day));
    if (!interaction)
        return;
    interaction->reporter = (uint8_t)public_body_ministry(objector, context->year->plan.year);
    interaction->level = (uint8_t)level;
    interaction->resolved_level = (uint8_t)resolved_level;
    add_participation(context, objector, V1(ROLE__ROLE_SENDER));
    add_participation(context, context->owner, V1(ROLE__ROLE_ADDRESSEE));
    add_witness(context);
}
