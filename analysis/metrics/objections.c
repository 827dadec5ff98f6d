/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family objections: of what kind, at which stage, how late, to whom, and at which level they were resolved.
 *
 * An *objection* is what one actor has against one case at one stage, however many letters say it; without a case, each
 * interaction is one. It comes from answers whose outcome is one of the kinds, and from interactions of kind objection. How
 * often somebody objects says nothing about how well things are coordinated; the card says so.
 */
#include "event.h"
#include "event_name.h"
#include "families.h"
#include "waiting.h"

#include <math.h>
#include <stdlib.h>

enum { KIND_OBJECTION, KIND_DISAGREEMENT, KIND_POSTPONEMENT, KIND_NEW_STUDY, KIND_SILENCE, KIND_WITHDRAWN, KINDS };

/* One statement of an objection. */
struct statement {
    int32_t objector, receiver; /* receiver: CHRONICLE_NO_ACTOR when nobody knows */
    int32_t case_file;          /* or -1 */
    int16_t stage;
    uint8_t kind;
    size_t event; /* of the chronicle, which is in the order of time */
};
/* When and at which stage an actor was first asked in a case, and when again because the proposal had changed. */
struct consulted {
    int32_t actor, case_file;
    int16_t stage;
    double renewed_day; /* NaN = never */
    size_t event;
};
struct escalation {
    int32_t objector, case_file;
    int16_t level, resolved;
    size_t event;
};

struct gathered {
    const struct chronicle *chronicle;
    struct statement *statements;
    struct consulted *consulted;
    struct escalation *escalations;
    size_t statement_count, consulted_count, escalation_count;
};

enum {
    REQUESTS,
    ANSWERED,
    OBJECTING,
    RATE,
    RATE_LOW,
    RATE_HIGH,
    RATE_ALL,
    RATE_ALL_LOW,
    RATE_ALL_HIGH,
    OBJECTIONS,
    FIRST_KIND,
    LAST_KIND = FIRST_KIND + KINDS - 1,
    RECEIVED,
    PLACED,
    LATE,
    LATE_SHARE,
    LATE_LOW,
    LATE_HIGH,
    LATE_RENEWED,
    CHAINS,
    RESOLVED,
    CONFERENCE,
    CONFERENCE_SHARE,
    CONFERENCE_LOW,
    CONFERENCE_HIGH,
    RUN_OUT,
    SILENT,
    SILENT_SHARE,
    SILENT_LOW,
    SILENT_HIGH,
    COLUMNS
};
static const struct column_definition numbers[COLUMNS] = {
    [REQUESTS] = {"requests", "", "requests that asked this actor for an answer", ""},
    [ANSWERED] = {"answered", "", "of these, answered", ""},
    [OBJECTING] = {"objecting_answers", "", "answers that are an objection or a disagreement", ""},
    [RATE] = {"objection_rate", "share", "objecting_answers / answered", ""},
    [RATE_LOW] = {"objection_rate_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [RATE_HIGH] = {"objection_rate_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [RATE_ALL] = {"objection_rate_all", "share", "objecting_answers / requests", ""},
    [RATE_ALL_LOW] = {"objection_rate_all_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [RATE_ALL_HIGH] = {"objection_rate_all_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [OBJECTIONS] = {"objections", "", "cases and stages at which this actor objected, in answers or otherwise", ""},
    [FIRST_KIND + KIND_OBJECTION] = {"kind_objection", "", "of the objections, stated as an objection", ""},
    [FIRST_KIND + KIND_DISAGREEMENT] = {"kind_disagreement", "", "of the objections, stated as a disagreement", ""},
    [FIRST_KIND + KIND_POSTPONEMENT] = {"kind_postponement", "", "of the objections, with a demand for postponement", ""},
    [FIRST_KIND + KIND_NEW_STUDY] = {"kind_new_study", "", "of the objections, with a demand for a new study", ""},
    [FIRST_KIND + KIND_SILENCE] = {"kind_silence", "", "of the objections, blocked by silence", ""},
    [FIRST_KIND + KIND_WITHDRAWN] = {"kind_withdrawn", "", "of the objections, after which the case was withdrawn", ""},
    [RECEIVED] = {"received", "", "objections of others against cases this actor puts forward", ""},
    [PLACED] = {"placed", "",
                "cases this actor objected in, where it is known when it was first consulted and when it objected", ""},
    [LATE] = {"late", "", "of these, first raised at a later stage than the first at which it was consulted", ""},
    [LATE_SHARE] = {"late_share", "share", "late / placed", ""},
    [LATE_LOW] = {"late_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [LATE_HIGH] = {"late_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [LATE_RENEWED] = {"late_renewed", "", "of the late ones, after it was consulted anew: the proposal may have changed", ""},
    [CHAINS] = {"escalated", "", "cases in which this actor's objection was lifted to a higher level", ""},
    [RESOLVED] = {"resolved", "", "of these, said to be resolved at some level", ""},
    [CONFERENCE] = {"to_conference", "", "of these, lifted as far as the government conference", ""},
    [CONFERENCE_SHARE] = {"to_conference_share", "share", "to_conference / escalated", ""},
    [CONFERENCE_LOW] = {"to_conference_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [CONFERENCE_HIGH] = {"to_conference_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [RUN_OUT] = {"deadlines_passed", "",
                 "requests whose deadline had passed when observation ended, and that did not end otherwise", ""},
    [SILENT] = {"silent", "", "of these, not answered at all", ""},
    [SILENT_SHARE] = {"silent_share", "share", "silent / deadlines_passed", ""},
    [SILENT_LOW] = {"silent_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [SILENT_HIGH] = {"silent_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};

/* ------------------------------------------------------------------------------------------------------ gathering */
static int kind_of(int16_t outcome)
{
    switch (outcome) {
    case EVENT_OUTCOME_OBJECTION:
        return KIND_OBJECTION;
    case EVENT_OUTCOME_DISAGREEMENT:
        return KIND_DISAGREEMENT;
    case EVENT_OUTCOME_POSTPONEMENT_DEMANDED:
        return KIND_POSTPONEMENT;
    case EVENT_OUTCOME_NEW_STUDY_DEMANDED:
        return KIND_NEW_STUDY;
    case EVENT_OUTCOME_BLOCKED_BY_SILENCE:
        return KIND_SILENCE;
    case EVENT_OUTCOME_CASE_WITHDRAWN:
        return KIND_WITHDRAWN;
    default:
        return -1;
    }
}

/* Who the case belongs to, else who asked. */
static int32_t owner_of(const struct chronicle *chronicle, const struct chronicle_event *event, uint8_t side)
{
    if (event->case_file >= 0 && chronicle->cases[event->case_file].owner != CHRONICLE_NO_ACTOR)
        return chronicle->cases[event->case_file].owner;
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    for (uint32_t p = 0; p < event->part_count; p++)
        if (parts[p].side == side && parts[p].actor != CHRONICLE_NO_ACTOR)
            return parts[p].actor;
    return CHRONICLE_NO_ACTOR;
}

static bool is_asked(const struct chronicle_part *part, int32_t owner)
{
    return part->side == SIDE_TO && part->actor != CHRONICLE_NO_ACTOR && part->actor != owner && !part->through_group;
}

static void count_answer(const struct chronicle *chronicle, const struct chronicle_part *part, double *const *columns)
{
    int32_t actor = part->actor;
    enum reply_end end;
    if (!event_reply_end(part->reply_status, !isnan(part->replied_day),
                         !isnan(part->received_day) || !isnan(part->deadline_day), &end))
        return;
    columns[REQUESTS][actor]++;
    columns[ANSWERED][actor] += end == REPLY_END_ANSWERED;
    columns[OBJECTING][actor] +=
        end == REPLY_END_ANSWERED && (part->outcome == EVENT_OUTCOME_OBJECTION || part->outcome == EVENT_OUTCOME_DISAGREEMENT);
    if (end == REPLY_END_COMPETING || isnan(part->deadline_day) ||
        chronicle->observed_until < waiting_deadline_end(part->deadline_day))
        return;
    columns[RUN_OUT][actor]++;
    columns[SILENT][actor] += end == REPLY_END_PENDING;
}

static void gather_request(struct gathered *gathered, size_t e, double *const *columns)
{
    const struct chronicle *chronicle = gathered->chronicle;
    const struct chronicle_event *event = &chronicle->events[e];
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    int32_t owner = owner_of(chronicle, event, SIDE_FROM);
    for (uint32_t p = 0; p < event->part_count; p++) {
        const struct chronicle_part *part = &parts[p];
        if (!is_asked(part, owner))
            continue;
        count_answer(chronicle, part, columns);
        if (event->case_file >= 0 && event->stage > 0)
            gathered->consulted[gathered->consulted_count++] =
                (struct consulted){part->actor, event->case_file, event->stage,
                                   event->stage == STAGE_RENEWED_CONSULTATION ? event->time_day : NAN, e};
        int kind = kind_of(part->outcome);
        /* A request that its sender took back is nobody's objection. */
        if (kind >= 0 && !(kind == KIND_WITHDRAWN && part->reply_status == EVENT_REPLY_WITHDRAWN))
            gathered->statements[gathered->statement_count++] =
                (struct statement){part->actor, owner, event->case_file, event->stage, (uint8_t)kind, e};
    }
}

static void gather_objection(struct gathered *gathered, size_t e)
{
    const struct chronicle *chronicle = gathered->chronicle;
    const struct chronicle_event *event = &chronicle->events[e];
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    int32_t receiver = owner_of(chronicle, event, SIDE_TO);
    bool withdrawn = false;
    for (uint32_t p = 0; p < event->part_count; p++)
        withdrawn = withdrawn || (parts[p].side == SIDE_TO && parts[p].outcome == EVENT_OUTCOME_CASE_WITHDRAWN);
    for (uint32_t p = 0; p < event->part_count; p++) {
        if (parts[p].side != SIDE_FROM || parts[p].actor == CHRONICLE_NO_ACTOR || parts[p].actor == receiver)
            continue;
        int kind = kind_of(parts[p].outcome);
        struct statement statement = {
            parts[p].actor, receiver, event->case_file, event->stage, (uint8_t)(kind >= 0 ? kind : KIND_OBJECTION), e};
        gathered->statements[gathered->statement_count++] = statement;
        statement.kind = KIND_WITHDRAWN;
        if (withdrawn && kind != KIND_WITHDRAWN)
            gathered->statements[gathered->statement_count++] = statement;
    }
}

/* What was lifted: interactions of the built-in layer, and objections that say at which level they were resolved. */
static void gather_escalation(struct gathered *gathered, size_t e)
{
    const struct chronicle *chronicle = gathered->chronicle;
    const struct chronicle_event *event = &chronicle->events[e];
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    if (event->layer != LAYER_ESCALATION && !(event->kind == EVENT_OBJECTION && event->resolved_level > 0))
        return;
    for (uint32_t p = 0; p < event->part_count; p++)
        if (parts[p].side == SIDE_FROM && parts[p].actor != CHRONICLE_NO_ACTOR)
            gathered->escalations[gathered->escalation_count++] =
                (struct escalation){parts[p].actor, event->case_file, event->level > 0 ? event->level : event->resolved_level,
                                    event->resolved_level, e};
}

static bool gather(struct gathered *gathered, double *const *columns)
{
    size_t parts = gathered->chronicle->part_count;
    gathered->statements = malloc((2 * parts + 1) * sizeof *gathered->statements);
    gathered->consulted = malloc((parts + 1) * sizeof *gathered->consulted);
    gathered->escalations = malloc((parts + 1) * sizeof *gathered->escalations);
    if (!gathered->statements || !gathered->consulted || !gathered->escalations)
        return false;
    for (size_t e = 0; e < gathered->chronicle->event_count; e++) {
        if (gathered->chronicle->events[e].kind == EVENT_REQUEST)
            gather_request(gathered, e, columns);
        else if (gathered->chronicle->events[e].kind == EVENT_OBJECTION)
            gather_objection(gathered, e);
        gather_escalation(gathered, e);
    }
    return true;
}

/* Orders of three lists: by actor and case, then by stage, then by time. Without a case every event is one of its own. */
static int compare_places(int32_t actor_a, int32_t case_a, size_t event_a, int32_t actor_b, int32_t case_b, size_t event_b)
{
    if (actor_a != actor_b)
        return actor_a < actor_b ? -1 : 1;
    if (case_a != case_b)
        return case_a < case_b ? -1 : 1;
    return case_a < 0 ? (event_a > event_b) - (event_a < event_b) : 0;
}

static int compare_statements(const void *left, const void *right)
{
    const struct statement *a = left, *b = right;
    int place = compare_places(a->objector, a->case_file, a->event, b->objector, b->case_file, b->event);
    if (place != 0)
        return place;
    if (a->stage != b->stage)
        return a->stage < b->stage ? -1 : 1;
    if (a->event != b->event)
        return a->event < b->event ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static int compare_consulted(const void *left, const void *right)
{
    const struct consulted *a = left, *b = right;
    if (a->actor != b->actor)
        return a->actor < b->actor ? -1 : 1;
    if (a->case_file != b->case_file)
        return a->case_file < b->case_file ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

static int compare_escalations(const void *left, const void *right)
{
    const struct escalation *a = left, *b = right;
    int place = compare_places(a->objector, a->case_file, a->event, b->objector, b->case_file, b->event);
    return place != 0 ? place : (a->event > b->event) - (a->event < b->event);
}

/* ---------------------------------------------------------------------------------------------------- objections */
static const struct column_definition stage_text = {"stage", "", "stage of the case", ""};
enum { STAGE_OBJECTIONS, STAGE_FIRST_KIND, STAGE_COLUMNS = STAGE_FIRST_KIND + KINDS };
static const struct column_definition stage_numbers[STAGE_COLUMNS] = {
    [STAGE_OBJECTIONS] = {"objections", "", "objections raised at the stage, each actor once in a case", ""},
    [STAGE_FIRST_KIND + KIND_OBJECTION] = {"kind_objection", "", "of the objections, stated as an objection", ""},
    [STAGE_FIRST_KIND + KIND_DISAGREEMENT] = {"kind_disagreement", "", "of the objections, stated as a disagreement", ""},
    [STAGE_FIRST_KIND + KIND_POSTPONEMENT] = {"kind_postponement", "", "of the objections, with a demand for postponement", ""},
    [STAGE_FIRST_KIND + KIND_NEW_STUDY] = {"kind_new_study", "", "of the objections, with a demand for a new study", ""},
    [STAGE_FIRST_KIND + KIND_SILENCE] = {"kind_silence", "", "of the objections, blocked by silence", ""},
    [STAGE_FIRST_KIND + KIND_WITHDRAWN] = {"kind_withdrawn", "", "of the objections, after which the case was withdrawn", ""},
};

/* Statements in order: each run of one actor, case and stage is an objection. */
static void count_objections(const struct gathered *gathered, double *const *columns, double stages[SPEC_STAGES][STAGE_COLUMNS])
{
    const struct statement *statements = gathered->statements;
    for (size_t s = 0, next; s < gathered->statement_count; s = next) {
        const struct statement *first = &statements[s];
        bool kinds[KINDS] = {false};
        for (next = s; next < gathered->statement_count && statements[next].stage == first->stage &&
                       compare_places(statements[next].objector, statements[next].case_file, statements[next].event,
                                      first->objector, first->case_file, first->event) == 0;
             next++)
            kinds[statements[next].kind] = true;
        size_t stage = first->stage >= 0 && first->stage < SPEC_STAGES ? (size_t)first->stage : 0;
        columns[OBJECTIONS][first->objector]++;
        stages[stage][STAGE_OBJECTIONS]++;
        if (first->receiver != CHRONICLE_NO_ACTOR)
            columns[RECEIVED][first->receiver]++;
        for (size_t k = 0; k < KINDS; k++) {
            columns[FIRST_KIND + k][first->objector] += kinds[k];
            stages[stage][STAGE_FIRST_KIND + k] += kinds[k];
        }
    }
}

/* The first that has a stage against the first request of the same actor in the same case. */
static void count_late(const struct gathered *gathered, double *const *columns)
{
    const struct chronicle *chronicle = gathered->chronicle;
    size_t c = 0;
    for (size_t s = 0, next; s < gathered->statement_count; s = next) {
        const struct statement *raised = NULL, *first = &gathered->statements[s];
        for (next = s; next < gathered->statement_count; next++) {
            const struct statement *other = &gathered->statements[next];
            if (other->objector != first->objector || other->case_file != first->case_file)
                break;
            if (other->stage > 0 && (!raised || other->event < raised->event))
                raised = other;
        }
        if (first->case_file < 0 || !raised)
            continue;
        while (c < gathered->consulted_count &&
               (gathered->consulted[c].actor < first->objector ||
                (gathered->consulted[c].actor == first->objector && gathered->consulted[c].case_file < first->case_file)))
            c++;
        const struct consulted *asked = c < gathered->consulted_count ? &gathered->consulted[c] : NULL;
        if (!asked || asked->actor != first->objector || asked->case_file != first->case_file)
            continue;
        columns[PLACED][first->objector]++;
        if (raised->stage <= asked->stage)
            continue;
        columns[LATE][first->objector]++;
        bool renewed = false;
        for (size_t r = c; r < gathered->consulted_count && gathered->consulted[r].actor == first->objector &&
                           gathered->consulted[r].case_file == first->case_file;
             r++)
            renewed = renewed || gathered->consulted[r].renewed_day <= chronicle->events[raised->event].time_day;
        columns[LATE_RENEWED][first->objector] += renewed;
    }
}

static void stage_table(double stages[SPEC_STAGES][STAGE_COLUMNS], struct result *result)
{
    size_t rows = 0, row = 0;
    for (size_t g = 0; g < SPEC_STAGES; g++)
        rows += stages[g][STAGE_OBJECTIONS] > 0;
    size_t table = result_add_table(result, "stages", rows);
    char **texts = result_add_texts(result, table, &stage_text);
    double *columns[STAGE_COLUMNS];
    if (!families_numbers(result, table, stage_numbers, STAGE_COLUMNS, columns))
        return;
    for (size_t g = 0; g < SPEC_STAGES; g++) {
        if (!(stages[g][STAGE_OBJECTIONS] > 0))
            continue;
        result_set_text(result, &texts[row], spec_stage_name((unsigned)g));
        for (size_t c = 0; c < STAGE_COLUMNS; c++)
            columns[c][row] = stages[g][c];
        row++;
    }
}

/* -------------------------------------------------------------------------------------------------------- levels */
static const struct column_definition level_text = {"level", "", "level of the ladder of escalation", ""};
enum { REACHED, ENDED_HERE, ENDED_SHARE, ENDED_LOW, ENDED_HIGH, LEFT, STAY, LEVEL_COLUMNS };
static const struct column_definition level_numbers[LEVEL_COLUMNS] = {
    [REACHED] = {"lifted_to", "", "times an objection was lifted to the level", ""},
    [ENDED_HERE] = {"resolved_at", "", "objections said to be resolved at the level", ""},
    [ENDED_SHARE] = {"resolved_share", "share", "resolved_at / all resolved", ""},
    [ENDED_LOW] = {"resolved_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [ENDED_HIGH] = {"resolved_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [LEFT] = {"lifted_on", "", "times it was lifted on from the level within the period", ""},
    [STAY] = {"days_until_lifted_on", "days", "mean days from being lifted to the level until being lifted on", ""},
};

static void count_levels(const struct gathered *gathered, double *const *columns, double levels[EVENT_LEVELS][LEVEL_COLUMNS])
{
    const struct escalation *all = gathered->escalations;
    double resolved_all = 0;
    for (size_t s = 0, next; s < gathered->escalation_count; s = next) {
        int16_t resolved = 0, highest = 0;
        for (next = s;
             next < gathered->escalation_count && compare_places(all[next].objector, all[next].case_file, all[next].event,
                                                                 all[s].objector, all[s].case_file, all[s].event) == 0;
             next++) {
            int16_t level = all[next].level >= 0 && all[next].level < EVENT_LEVELS ? all[next].level : 0;
            levels[level][REACHED]++;
            highest = level > highest ? level : highest;
            if (all[next].resolved > 0 && all[next].resolved < EVENT_LEVELS)
                resolved = all[next].resolved;
            if (next == s || all[next - 1].level < 0 || all[next - 1].level >= EVENT_LEVELS)
                continue;
            const struct chronicle_event *events = gathered->chronicle->events;
            levels[all[next - 1].level][LEFT]++;
            levels[all[next - 1].level][STAY] += events[all[next].event].time_day - events[all[next - 1].event].time_day;
        }
        columns[CHAINS][all[s].objector]++;
        columns[RESOLVED][all[s].objector] += resolved > 0;
        columns[CONFERENCE][all[s].objector] += highest == EVENT_LEVELS - 1 || resolved == EVENT_LEVELS - 1;
        levels[resolved][ENDED_HERE] += resolved > 0;
        resolved_all += resolved > 0;
    }
    for (size_t l = 0; l < EVENT_LEVELS; l++) {
        struct proportion share = proportion_wilson(levels[l][ENDED_HERE], resolved_all);
        levels[l][ENDED_SHARE] = share.share;
        levels[l][ENDED_LOW] = share.low;
        levels[l][ENDED_HIGH] = share.high;
        levels[l][STAY] = levels[l][LEFT] > 0 ? levels[l][STAY] / levels[l][LEFT] : NAN;
    }
}

static void level_table(double levels[EVENT_LEVELS][LEVEL_COLUMNS], struct result *result)
{
    size_t from = levels[0][REACHED] > 0 ? 0 : 1; /* an unstated level only where there is one */
    size_t table = result_add_table(result, "levels", EVENT_LEVELS - from);
    char **texts = result_add_texts(result, table, &level_text);
    double *columns[LEVEL_COLUMNS];
    if (!families_numbers(result, table, level_numbers, LEVEL_COLUMNS, columns))
        return;
    for (size_t l = from; l < EVENT_LEVELS; l++) {
        result_set_text(result, &texts[l - from], event_level_name((int)l));
        for (size_t c = 0; c < LEVEL_COLUMNS; c++)
            columns[c][l - from] = levels[l][c];
    }
}

/* ----------------------------------------------------------------------------------------------------- the family */
static void shares(double *const *columns, size_t actor_count)
{
    for (size_t i = 0; i < actor_count; i++) {
        families_proportion(&columns[RATE], i, proportion_wilson(columns[OBJECTING][i], columns[ANSWERED][i]));
        families_proportion(&columns[RATE_ALL], i, proportion_wilson(columns[OBJECTING][i], columns[REQUESTS][i]));
        families_proportion(&columns[LATE_SHARE], i, proportion_wilson(columns[LATE][i], columns[PLACED][i]));
        families_proportion(&columns[CONFERENCE_SHARE], i, proportion_wilson(columns[CONFERENCE][i], columns[CHAINS][i]));
        families_proportion(&columns[SILENT_SHARE], i, proportion_wilson(columns[SILENT][i], columns[RUN_OUT][i]));
    }
}

/* The sums over all actors, with their shares. */
static void all_table(double *const *columns, size_t actor_count, struct result *result)
{
    double *sums[COLUMNS];
    size_t table = result_add_table(result, "all", 1);
    if (!families_numbers(result, table, numbers, COLUMNS, sums))
        return;
    for (size_t c = 0; c < COLUMNS; c++) {
        sums[c][0] = 0;
        for (size_t i = 0; i < actor_count; i++)
            sums[c][0] += columns[c][i];
    }
    shares(sums, 1);
}

static void describe(const struct gathered *gathered, struct result *result)
{
    result_set_card(result, "objection",
                    "what one actor has against one case at one stage, however many statements say it; "
                    "without a case, each interaction is one");
    result_set_card(result, "kinds", "an objection stated in several ways counts in each of them");
    result_set_card(result, "against whom", "the owner of the case, else who asked or was addressed");
    result_set_card(result, "time in level", "from one step of an objection to its next; the last step has no end");
    result_note(result,
                "How often somebody objects is no measure of failed coordination: who complains may have lost a fair "
                "trade-off, and excellent coordination can end in a no. Read kind, stage and level, never the count alone.");
    if (gathered->statement_count == 0)
        result_note(result, "No objections in this period and these layers.");
}

enum metrics_status objections_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle nothing = {0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    struct gathered gathered = {.chronicle = input->chronicle ? input->chronicle : &nothing};
    struct families_step step = {input, 0, 1000};
    size_t n = input->network->actor_count;
    double stages[SPEC_STAGES][STAGE_COLUMNS] = {{0}}, levels[EVENT_LEVELS][LEVEL_COLUMNS] = {{0}}, *columns[COLUMNS];
    enum metrics_status status = METRICS_CANCELLED;
    size_t table = families_actor_table(input->network, result, "objections");
    if (!families_numbers(result, table, numbers, COLUMNS, columns)) {
        status = families_out_of_memory(error);
        goto out;
    }
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t i = 0; i < n; i++)
            columns[c][i] = 0;
    if (!families_proceed(&step, 0))
        goto out;
    if (!gather(&gathered, columns)) {
        status = families_out_of_memory(error);
        goto out;
    }
    if (!families_proceed(&step, 500))
        goto out;
    if (gathered.statement_count > 1)
        qsort(gathered.statements, gathered.statement_count, sizeof *gathered.statements, compare_statements);
    if (gathered.consulted_count > 1)
        qsort(gathered.consulted, gathered.consulted_count, sizeof *gathered.consulted, compare_consulted);
    if (gathered.escalation_count > 1)
        qsort(gathered.escalations, gathered.escalation_count, sizeof *gathered.escalations, compare_escalations);
    count_objections(&gathered, columns, stages);
    count_late(&gathered, columns);
    count_levels(&gathered, columns, levels);
    shares(columns, n);
    all_table(columns, n, result);
    stage_table(stages, result);
    level_table(levels, result);
    describe(&gathered, result);
    status = families_finish(result, error);
out:
    free(gathered.statements);
    free(gathered.consulted);
    free(gathered.escalations);
    families_end(&ground);
    return status;
}
