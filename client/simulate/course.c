/* SPDX-License-Identifier: GPL-3.0-or-later
 * How things happen in the simulated government (see course.h).
 *
 * The order of stages and the deadlines of consultation and hearing follow utredningsinstruksen (3-1 to 3-3); frequencies,
 * durations and the deadline of an r-note are the project's own inventions. */
#include "course.h"

#include "record.h"
#include "work_calendar.h"

#include <math.h>
#include <string.h>

#define V1(name) SAMORDNING__V1__##name

#define CASE_DAYS_BEFORE 330                 /* a case may have begun so long before the year */
#define LINE_STREAM      (UINT64_C(1) << 40) /* streams of draws above this belong to happenings outside cases */

static uint64_t bit(unsigned body)
{
    return UINT64_C(1) << body;
}

unsigned year_half(const struct simulate_plan *plan, unsigned body)
{
    static const char *const first_half[] = {"velferd", "kunnskap", "styring"};
    if (plan->broker == PUBLIC_BODY_NONE || public_body_ministry(body, plan->year) == plan->broker)
        return 2;
    const char *sector = public_body_sector(body, plan->year);
    for (unsigned i = 0; i < sizeof first_half / sizeof first_half[0]; i++) {
        if (strcmp(sector, first_half[i]) == 0)
            return 0;
    }
    return 1;
}

void government_init(struct government *government, const struct simulate_plan *plan)
{
    *government = (struct government){0};
    for (unsigned i = 0; i < public_body_count; i++) {
        if (!public_body_exists(i, plan->year))
            continue;
        government->weights[i] = public_bodies[i].activity;
        if (public_body_is_ministry(i))
            government->ministries |= bit(i);
        else
            government->agencies |= bit(i);
        if (plan->broker != PUBLIC_BODY_NONE) {
            unsigned half = year_half(plan, i);
            if (half < 2)
                government->half[half] |= bit(i);
            else if (i != plan->broker)
                government->broker_agencies |= bit(i);
        }
        for (unsigned side = 0; side < 2 && plan->gap[0][0]; side++) {
            if (strcmp(public_body_sector(i, plan->year), plan->gap[side]) == 0)
                government->gap[side] |= bit(i);
        }
    }
    if (plan->broker != PUBLIC_BODY_NONE)
        government->broker = bit(plan->broker);
    government->smk = bit(public_body_find("SMK"));
    government->fin = bit(public_body_find("FIN"));
    government->kdd = bit(public_body_find("KDD"));
    government->nfd = bit(public_body_find("NFD"));
    government->kld = bit(public_body_find("KLD"));
}

static uint64_t draw_some(struct draw *draw, uint64_t from, unsigned count, const double *weights)
{
    uint64_t set = 0;
    while ((unsigned)__builtin_popcountll(set) < count && (from & ~set))
        set |= bit(draw_member(draw, from & ~set, weights));
    return set;
}

static uint64_t thin(struct draw *draw, uint64_t set, double keep)
{
    uint64_t kept = 0;
    for (uint64_t rest = set; rest; rest &= rest - 1)
        kept |= draw_chance(draw, keep) ? rest & -rest : 0;
    return kept;
}

/* Two to thirty: most are small, a few are large. */
static unsigned meeting_size(struct draw *draw)
{
    double size = 1.0 + pow(1.0 - draw_unit(draw), -1.0 / 1.6);
    return size > 30.0 ? 30 : (unsigned)(size + 0.5);
}

/* ----------------------------------------------------------------------------------------------- a case */

struct course {
    struct record_context context;
    const struct government *government;
    uint64_t affected; /* ministries, without the owner */
    uint64_t agencies;
    uint64_t mandatory; /* those utredningsinstruksen demands are asked, by the case's effects */
    int32_t day;
    bool stopped;
    int32_t decided_day; /* 0 = not decided */
    unsigned effects;
};

/* Sectors of the gap need each other: a case that touches one touches the other as well. */
static uint64_t add_need(struct course *course, uint64_t affected)
{
    const struct government *government = course->government;
    struct draw *draw = &course->context.draw;
    double strength = course->context.year->plan.gap_strength;
    for (unsigned side = 0; side < 2; side++) {
        uint64_t here = government->gap[side] & government->ministries;
        uint64_t there = government->gap[1 - side] & government->ministries;
        if ((affected & here) && !(affected & there) && draw_chance(draw, strength))
            affected |= draw_some(draw, there, 1 + draw_below(draw, 2), government->weights);
    }
    return affected;
}

static void course_begin(struct course *course, struct year *year, const struct government *government, uint32_t number)
{
    *course = (struct course){
        .context = {.year = year, .government = government, .case_number = number},
        .government = government,
    };
    struct draw *draw = &course->context.draw;
    draw_init(draw, year->plan.seed, number);
    course->context.owner = draw_member(draw, government->ministries & ~government->smk, government->weights);
    course->day =
        year->first_day - CASE_DAYS_BEFORE + draw_between(draw, 0, CASE_DAYS_BEFORE + year->end_day - year->first_day - 1);
    uint64_t others = government->ministries & ~bit(course->context.owner);
    course->affected = draw_some(draw, others, 3 + (unsigned)draw_geometric(draw, 2.0), government->weights);
    course->affected = add_need(course, course->affected) & ~bit(course->context.owner);
    course->agencies = draw_some(draw, government->agencies, 1 + (unsigned)draw_geometric(draw, 2.0), government->weights);
    course->mandatory = government->fin; /* every case costs something */
    course->mandatory |= draw_chance(draw, 0.50) ? government->kdd : 0;
    course->mandatory |= draw_chance(draw, 0.40) ? government->nfd : 0;
    course->mandatory |= draw_chance(draw, 0.30) ? government->kld : 0;
    course->effects = YEAR_EFFECT_STATE_BUDGET | (course->mandatory & government->kdd ? YEAR_EFFECT_MUNICIPALITIES : 0) |
                      (course->mandatory & government->nfd ? YEAR_EFFECT_BUSINESS : 0) |
                      (course->mandatory & government->kld ? YEAR_EFFECT_CLIMATE : 0);
    course->mandatory &= ~bit(course->context.owner);
}

/* As early as possible, to those it is thought to affect (3-1); the deadline is a wish, not a rule. */
static void stage_early_involvement(struct course *course)
{
    struct draw *draw = &course->context.draw;
    course->context.stage = V1(STAGE__STAGE_EARLY_INVOLVEMENT);
    int32_t sent = work_calendar_from(course->day);
    struct record_request request = {
        .happening = HAPPENING_EARLY_INVOLVEMENT,
        .sent_day = sent,
        .deadline_day = work_calendar_from(sent + draw_between(draw, 14, 28)),
        .addressees = thin(draw, course->affected, 0.6),
    };
    struct record_objection objections[RECORD_OBJECTIONS_MAX];
    record_request(&course->context, &request, objections); /* what is objected to so early is part of the study that follows */
    course->day += 21;
}

static void stage_meetings(struct course *course, unsigned count, int days)
{
    struct draw *draw = &course->context.draw;
    for (unsigned i = 0; i < count; i++) {
        int32_t day = work_calendar_from(course->day + draw_between(draw, 0, days));
        enum happening happening = draw_chance(draw, 0.4) ? HAPPENING_WORKING_GROUP : HAPPENING_MEETING;
        record_meeting(&course->context, happening, day, course->affected | course->agencies, meeting_size(draw));
    }
}

static void stage_letters(struct course *course, unsigned count, int days)
{
    struct draw *draw = &course->context.draw;
    for (unsigned i = 0; i < count; i++) {
        int32_t day = work_calendar_from(course->day + draw_between(draw, 0, days));
        uint64_t to =
            draw_some(draw, course->affected | course->agencies, 1 + draw_below(draw, 2), course->government->weights);
        record_letter(&course->context, HAPPENING_LETTER, day, to, 0);
    }
}

/* Those who object are met; what is not solved there is lifted, level by level. Now and then the case is stopped instead. */
static void stage_objections(struct course *course, const struct record_objection *objections, unsigned count)
{
    struct record_context *context = &course->context;
    struct draw *draw = &context->draw;
    for (unsigned i = 0; i < count && !course->stopped; i++) {
        course->stopped = draw_chance(draw, 0.06);
        record_objection(context, &objections[i], course->stopped);
        int32_t day = work_calendar_from(objections[i].day + draw_between(draw, 2, 9));
        if (!course->stopped)
            record_meeting(context, HAPPENING_MEETING, day, bit(objections[i].objector), 2);
        bool solved = draw_chance(draw, 0.5);
        for (unsigned level = V1(LEVEL__LEVEL_DEPARTMENT_HEAD);
             !course->stopped && !solved && level <= V1(LEVEL__LEVEL_GOVERNMENT_CONFERENCE); level++) {
            solved = level == V1(LEVEL__LEVEL_GOVERNMENT_CONFERENCE) || draw_chance(draw, 0.55);
            day = work_calendar_from(day + draw_between(draw, 3, 10));
            record_escalation(context, objections[i].objector, day, level, solved ? level : 0);
        }
        if (course->day < day)
            course->day = day;
    }
}

static void stage_consultation(struct course *course, unsigned stage)
{
    struct record_context *context = &course->context;
    struct draw *draw = &context->draw;
    context->stage = stage;
    int32_t sent = work_calendar_from(course->day);
    bool agreed = draw_chance(draw, 0.12);
    int days = agreed ? draw_between(draw, 7, 18) : 21 + draw_between(draw, 0, 14);
    struct record_request request = {
        .happening = HAPPENING_CONSULTATION,
        .sent_day = sent,
        .deadline_day = work_calendar_from(sent + days),
        .deadline_agreed = agreed,
        .addressees = course->mandatory | thin(draw, course->affected, 0.85),
    };
    struct record_objection objections[RECORD_OBJECTIONS_MAX];
    unsigned count = record_request(context, &request, objections);
    course->day = request.deadline_day + draw_between(draw, 1, 10);
    stage_objections(course, objections, count);
}

static void stage_hearing(struct course *course)
{
    struct record_context *context = &course->context;
    struct draw *draw = &context->draw;
    context->stage = V1(STAGE__STAGE_HEARING);
    int32_t sent = work_calendar_from(course->day);
    /* Normally three months, never under six weeks. */
    int days = draw_chance(draw, 0.6) ? 92 : draw_between(draw, 42, 91);
    uint64_t heard =
        draw_some(draw, course->government->agencies, (unsigned)draw_between(draw, 8, 20), course->government->weights);
    struct record_request request = {
        .happening = HAPPENING_HEARING,
        .sent_day = sent,
        .deadline_day = work_calendar_from(sent + days),
        .addressees = heard | course->agencies | course->mandatory | thin(draw, course->affected, 0.85),
        /* One in fifty proposals is given up while it is out. */
        .closed_day = draw_chance(draw, 0.02) ? work_calendar_from(sent + draw_between(draw, 10, days)) : 0,
    };
    struct record_objection objections[RECORD_OBJECTIONS_MAX];
    unsigned count = record_request(context, &request, objections);
    course->stopped = request.closed_day != 0;
    course->day = request.deadline_day + draw_between(draw, 5, 30);
    if (!course->stopped)
        stage_objections(course, objections, count > 2 ? 2 : count);
}

static void stage_rnote(struct course *course)
{
    struct record_context *context = &course->context;
    struct draw *draw = &context->draw;
    context->stage = V1(STAGE__STAGE_RNOTE);
    int32_t sent = work_calendar_from(course->day);
    struct record_request request = {
        .happening = HAPPENING_RNOTE,
        .sent_day = sent,
        .deadline_day = work_calendar_from(sent + draw_between(draw, 7, 12)),
        .addressees = course->mandatory | thin(draw, course->affected, 0.9),
        .copies = course->government->smk,
    };
    request.addressees &= ~course->government->smk; /* the Office of the Prime Minister gets a copy of every draft */
    struct record_objection objections[RECORD_OBJECTIONS_MAX];
    unsigned count = record_request(context, &request, objections);
    course->day = request.deadline_day + draw_between(draw, 1, 5);
    stage_objections(course, objections, count);
}

static void stage_government(struct course *course)
{
    struct record_context context = course->context;
    const struct government *government = course->government;
    context.stage = V1(STAGE__STAGE_GOVERNMENT_CONFERENCE);
    context.owner = (unsigned)__builtin_ctzll(government->smk);
    uint64_t concerned = government->smk | government->fin | course->mandatory | course->affected | bit(course->context.owner);
    int32_t conference = work_calendar_weekday_from(course->day, WEEKDAY_THURSDAY);
    record_gathering(&context, HAPPENING_GOVERNMENT_CONFERENCE, conference, concerned, context.owner,
                     V1(LEVEL__LEVEL_GOVERNMENT_CONFERENCE), 0);
    context.stage = V1(STAGE__STAGE_COUNCIL_OF_STATE);
    int32_t council = work_calendar_weekday_from(conference + draw_between(&context.draw, 7, 30), WEEKDAY_FRIDAY);
    record_gathering(&context, HAPPENING_COUNCIL_OF_STATE, council, concerned, context.owner, V1(LEVEL__LEVEL_MINISTER), 0);
    course->context.draw = context.draw;
    course->decided_day = council;
}

void course_of_case(struct year *year, const struct government *government, uint32_t case_number)
{
    struct course course;
    course_begin(&course, year, government, case_number);
    struct draw *draw = &course.context.draw;
    int32_t started_day = course.day;

    stage_early_involvement(&course);

    course.context.stage = V1(STAGE__STAGE_STUDY);
    int days = draw_between(draw, 30, 120);
    stage_meetings(&course, 2 + (unsigned)draw_geometric(draw, 4.0), days);
    stage_letters(&course, (unsigned)draw_geometric(draw, 1.5), days);
    course.day += days;

    stage_consultation(&course, V1(STAGE__STAGE_CONSULTATION));
    if (!course.stopped && draw_chance(draw, 0.4))
        stage_hearing(&course);
    if (!course.stopped && draw_chance(draw, 0.25))
        stage_consultation(&course, V1(STAGE__STAGE_RENEWED_CONSULTATION));
    if (!course.stopped && draw_chance(draw, 0.7)) {
        stage_rnote(&course);
        if (!course.stopped)
            stage_government(&course);
    }
    year_add_case(year, &(struct year_case){.number = case_number,
                                            .started_day = started_day,
                                            .decided_day = course.decided_day,
                                            .owner = (uint8_t)course.context.owner,
                                            .effects = (uint8_t)course.effects});
}

/* -------------------------------------------------------------------------------------------- outside cases */

static unsigned draw_agency(struct draw *draw, const struct government *government, const struct year *year,
                            unsigned *ret_ministry)
{
    unsigned agency = draw_member(draw, government->agencies, government->weights);
    *ret_ministry = public_body_ministry(agency, year->plan.year);
    return agency;
}

void course_of_line(struct year *year, const struct government *government, uint32_t line_number)
{
    struct record_context context = {.year = year, .government = government};
    struct draw *draw = &context.draw;
    draw_init(draw, year->plan.seed, LINE_STREAM + line_number);
    int32_t day = work_calendar_from(year->first_day + draw_between(draw, 0, year->end_day - year->first_day - 1));
    double kind = draw_unit(draw);
    unsigned ministry;
    if (kind < 0.45) {
        unsigned agency = draw_agency(draw, government, year, &ministry);
        context.owner = ministry;
        record_letter(&context, HAPPENING_STEERING_DIALOGUE, day, bit(agency), 0);
        return;
    }
    context.owner = draw_member(draw, government->ministries, government->weights);
    uint64_t others = government->ministries & ~bit(context.owner);
    if (kind < 0.75)
        record_letter(&context, HAPPENING_LETTER, day, draw_some(draw, others, 1 + draw_below(draw, 3), government->weights),
                      0);
    else
        record_meeting(&context, HAPPENING_MEETING, day, others | government->agencies, meeting_size(draw));
}
