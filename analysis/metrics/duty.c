/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family duty: who had to be asked about each case under the rules in force, against who was asked, when and with how much
 * time.
 *
 * The rules are rows of the register (utredningsinstruksen 3-2, Om r-konferanser 4.1 ...), so that they can change. A duty is
 * one rule that applies to one case that has come so far that the addressee must have been asked; the owner of the case is
 * never asked by itself. What the reports cannot show - a case that began before the period, requests that name no stage - is
 * unknown and neither fulfilled nor missing.
 */
#include "civil_time.h"
#include "event.h"
#include "families.h"
#include "proportion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAGES            13 /* of the wire, from 1; 0 = none stated */
#define STAGE_CONSULTED   4
#define STAGE_ASKED_ANEW  6
#define CASES_ASK_EVERY   256
#define DUTIES_LISTED_MAX 200000

enum duty_state { MISSING, LATE, SHORT, UNDATED, IN_TIME, UNKNOWN, STATES };
static const char *const state_names[STATES] = {"missing", "late", "short", "undated", "in_time", "unknown"};

struct course {                      /* of one case */
    size_t first_event, event_count; /* in the list of events by case */
    double first_day[STAGES];        /* of an event at this stage or a later one; NaN = none */
};
struct duty {
    size_t case_file, rule;
    int32_t owner, addressee;
    enum duty_state state;
    double asked_day, days; /* first asked, and days given to answer; NaN = not asked, no deadline */
};
struct study {
    const struct network *network;
    const struct chronicle *chronicle;
    const struct duty_rules *rules;
    size_t *events; /* those with a case, by case and time */
    struct course *courses;
    struct duty *duties; /* by case and rule */
    size_t duty_count, duty_room;
    size_t unstated, ownerless, assessable; /* cases */
    uint16_t *asked, *demanded;             /* of each actor in the case at hand: stages, as bits */
    double *consulted, *expected, *beyond;  /* of each actor: consultations, a case and stage each */
    struct families_step step;
};

/* ------------------------------------------------------------------------------------------------------- preparing */
static bool order_events(struct study *study)
{
    const struct chronicle *chronicle = study->chronicle;
    study->events = malloc((chronicle->event_count + 1) * sizeof *study->events);
    study->courses = calloc(chronicle->case_count + 1, sizeof *study->courses);
    if (!study->events || !study->courses)
        return false;
    for (size_t e = 0; e < chronicle->event_count; e++)
        if (chronicle->events[e].case_file >= 0)
            study->courses[chronicle->events[e].case_file].event_count++;
    size_t at = 0;
    for (size_t c = 0; c < chronicle->case_count; c++) {
        study->courses[c].first_event = at;
        at += study->courses[c].event_count;
        study->courses[c].event_count = 0;
    }
    for (size_t e = 0; e < chronicle->event_count; e++) { /* in the order of time, so each case's are, too */
        if (chronicle->events[e].case_file < 0)
            continue;
        struct course *course = &study->courses[chronicle->events[e].case_file];
        study->events[course->first_event + course->event_count++] = e;
    }
    return true;
}

static const struct chronicle_event *event_of(const struct study *study, const struct course *course, size_t index)
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

static void find_course(const struct study *study, struct course *course)
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
static const struct chronicle_part *asked_in(const struct study *study, const struct chronicle_event *event,
                                             const struct duty_rule *rule)
{
    const struct chronicle_part *parts = chronicle_parts(study->chronicle, event);
    for (uint32_t i = 0; event->kind == EVENT_REQUEST && i < event->part_count; i++)
        if (is_asked(&parts[i], rule))
            return &parts[i];
    return NULL;
}

/* The day on which the duty was due, which decides what rules hold; NaN: the case has not come so far. */
static double due_day(const struct study *study, const struct chronicle_case *file, const struct course *course,
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
        return IN_TIME;
    return isnan(*ret_days) ? UNDATED : *ret_days >= rule->minimum_days ? IN_TIME : SHORT;
}

static void judge(const struct study *study, const struct course *course, bool whole, struct duty *duty)
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
            duty->state = whole && !unstaged ? LATE : UNKNOWN; /* an earlier request may not have been seen, or not be told */
        return;
    }
    duty->state = whole && !unstaged ? MISSING : UNKNOWN;
}

static bool add_duty(struct study *study, const struct duty *duty)
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
static void collect_asked(struct study *study, const struct course *course, uint16_t stages)
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
static void settle(struct study *study, int32_t actor)
{
    uint16_t asked = study->asked[actor], demanded = study->demanded[actor];
    study->consulted[actor] += __builtin_popcount(asked);
    study->expected[actor] += __builtin_popcount(demanded);
    study->beyond[actor] += __builtin_popcount(asked & (uint16_t)~demanded);
    study->asked[actor] = study->demanded[actor] = 0;
}

static void settle_case(struct study *study, const struct course *course, size_t first_duty)
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

static bool assess(struct study *study, size_t c)
{
    const struct chronicle_case *file = &study->chronicle->cases[c];
    struct course *course = &study->courses[c];
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
            .case_file = c, .rule = r, .owner = file->owner, .addressee = rule->actor, .asked_day = NAN, .days = NAN};
        judge(study, course, whole, &duty);
        if (!add_duty(study, &duty))
            return false;
        if (duty.state != UNKNOWN && file->effects)
            study->demanded[rule->actor] |= (uint16_t)(1U << rule->stage);
    }
    if (file->effects)
        collect_asked(study, course, stages);
    settle_case(study, course, first_duty);
    return true;
}

/* ---------------------------------------------------------------------------------------------------- counting */
#define INSTRUKS "Utredningsinstruksen 3-2"
#define WILSON   "Wilson 1927"
enum count_column {
    DUE,
    COUNT_MISSING,
    COUNT_LATE,
    COUNT_SHORT,
    COUNT_UNDATED,
    COUNT_IN_TIME,
    COUNT_UNKNOWN,
    FULFILLED,
    LOW,
    HIGH,
    COUNT_COLUMNS
};
static const struct column_definition count_definitions[COUNT_COLUMNS] = {
    [DUE] = {"due", "", "duties to consult: a rule, and a case that has come so far", INSTRUKS},
    [COUNT_MISSING] = {"missing", "", "of these, never asked at that stage or later", INSTRUKS},
    [COUNT_LATE] = {"late", "", "asked only when the case had already gone to the next step (to hearing, to the conference)",
                    INSTRUKS},
    [COUNT_SHORT] = {"short", "",
                     "asked in time, but with fewer days to answer than the rule demands, and no agreement on that", INSTRUKS},
    [COUNT_UNDATED] = {"undated", "", "asked in time, but no deadline is given", INSTRUKS},
    [COUNT_IN_TIME] = {"in_time", "", "asked in time, with the full deadline or an agreed one", INSTRUKS},
    [COUNT_UNKNOWN] = {"unknown", "",
                       "cannot be told: the case began before the period, or nobody says when, or a request names no stage",
                       ""},
    [FULFILLED] = {"fulfilled", "0..1", "in_time / (missing + late + short + in_time)", INSTRUKS},
    [LOW] = {"fulfilled_low", "0..1", "lower end of its 95 % interval", WILSON},
    [HIGH] = {"fulfilled_high", "0..1", "upper end of its 95 % interval", WILSON},
};

struct counts {
    double states[STATES];
};

static void count_row(const struct counts *counts, double row[COUNT_COLUMNS])
{
    const double *states = counts->states;
    double judged = states[MISSING] + states[LATE] + states[SHORT] + states[IN_TIME];
    struct proportion fulfilled = proportion_wilson(states[IN_TIME], judged);
    row[DUE] = judged + states[UNDATED] + states[UNKNOWN];
    for (int s = 0; s < STATES; s++)
        row[COUNT_MISSING + s] = states[s];
    row[FULFILLED] = fulfilled.share;
    row[LOW] = fulfilled.low;
    row[HIGH] = fulfilled.high;
}

static void count_columns(const struct counts *counts, size_t count, size_t table, struct result *result)
{
    for (size_t c = 0; c < COUNT_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &count_definitions[c]);
        for (size_t r = 0; numbers && r < count; r++) {
            double row[COUNT_COLUMNS];
            count_row(&counts[r], row);
            numbers[r] = row[c];
        }
    }
}

static void summary_table(const struct study *study, struct result *result)
{
    static const struct column_definition definitions[] = {
        {"cases", "", "cases with an interaction in the period", ""},
        {"assessable", "", "of these, cases whose owner and effects are stated", ""},
        {"effects_unstated", "", "cases of which nobody has stated the effects: only rules for every case are applied to them",
         ""},
        {"owner_unstated", "",
         "cases of which nobody has stated the owner, or whose owner is not in this network: no rule is applied to them", ""},
    };
    struct counts all = {{0}};
    for (size_t d = 0; d < study->duty_count; d++)
        all.states[study->duties[d].state]++;
    double row[] = {(double)study->chronicle->case_count, (double)study->assessable, (double)study->unstated,
                    (double)study->ownerless};
    size_t table = result_add_table(result, "summary", 1);
    for (size_t c = 0; c < sizeof definitions / sizeof definitions[0]; c++) {
        double *numbers = result_add_numbers(result, table, &definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
    count_columns(&all, 1, table, result);
}

/* ------------------------------------------------------------------------------------------------------- the pairs */
struct pair {
    int32_t owner, addressee;
    struct counts counts;
};

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    if (left->owner != right->owner)
        return left->owner < right->owner ? -1 : 1;
    return (left->addressee > right->addressee) - (left->addressee < right->addressee);
}

static size_t unite_pairs(struct pair *pairs, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++) {
        if (!kept || compare_pairs(&pairs[kept - 1], &pairs[i]) != 0) {
            pairs[kept++] = pairs[i];
            continue;
        }
        for (int s = 0; s < STATES; s++)
            pairs[kept - 1].counts.states[s] += pairs[i].counts.states[s];
    }
    return kept;
}

static bool pair_table(const struct study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"owner", "", "stable key of the actor in charge of the cases", ""},
        {"owner_name", "", "its name", ""},
        {"addressee", "", "stable key of the actor it had to ask", ""},
        {"addressee_name", "", "its name", ""},
    };
    struct pair *pairs = calloc(study->duty_count + 1, sizeof *pairs);
    struct counts *counts = calloc(study->duty_count + 1, sizeof *counts);
    bool done = pairs && counts;
    for (size_t d = 0; done && d < study->duty_count; d++) {
        pairs[d].owner = study->duties[d].owner;
        pairs[d].addressee = study->duties[d].addressee;
        pairs[d].counts.states[study->duties[d].state] = 1;
    }
    size_t count = done ? unite_pairs(pairs, study->duty_count) : 0, table = done ? result_add_table(result, "duty", count) : 0;
    for (size_t c = 0; done && c < 4; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct network_actor *actor = &study->network->actors[c < 2 ? pairs[r].owner : pairs[r].addressee];
            result_set_text(result, &texts[r], c % 2 ? actor->label : actor->key);
        }
    }
    for (size_t r = 0; r < count; r++)
        counts[r] = pairs[r].counts;
    if (done)
        count_columns(counts, count, table, result);
    free(pairs);
    free(counts);
    return done;
}

/* ------------------------------------------------------------------------------------------------- actors and rules */
static const struct column_definition consulted_definitions[] = {
    {"consulted", "",
     "consultations it was asked in at stages the rules are about, a case and stage each; assessable cases only", ""},
    {"consulted_expected", "", "consultations in which the rules in force demand that it is asked", INSTRUKS},
    {"strength_ratio_mandatory", "observed / expected",
     "consulted / consulted_expected: over 1 = asked beyond what the rules demand; missing where no rule demands anything",
     "Utredningsinstruksen 3-2; own definition"},
    {"consulted_beyond", "", "consultations in which it was asked though no rule demands it", "own definition"},
};

static bool actor_table(const struct study *study, struct result *result)
{
    size_t n = study->network->actor_count;
    struct counts *counts = calloc(n + 1, sizeof *counts);
    if (!counts)
        return false;
    for (size_t d = 0; d < study->duty_count; d++)
        counts[study->duties[d].owner].states[study->duties[d].state]++;
    size_t table = families_actor_table(study->network, result, "actors");
    count_columns(counts, n, table, result);
    for (size_t c = 0; c < sizeof consulted_definitions / sizeof consulted_definitions[0]; c++) {
        double *numbers = result_add_numbers(result, table, &consulted_definitions[c]);
        for (size_t i = 0; numbers && i < n; i++) {
            double expected = study->expected[i];
            double row[] = {study->consulted[i], expected, expected > 0 ? study->consulted[i] / expected : NAN,
                            study->beyond[i]};
            numbers[i] = row[c];
        }
    }
    free(counts);
    return true;
}

static bool rule_table(const struct study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"rule", "", "name of the rule", ""},
        {"addressee", "", "who must be asked, as the rule names it", ""},
        {"source", "", "where the rule stands", ""},
    };
    static const struct column_definition days = {"minimum_days", "days", "days to answer that the rule demands", ""};
    size_t count = study->rules->count;
    struct counts *counts = calloc(count + 1, sizeof *counts);
    if (!counts)
        return false;
    for (size_t d = 0; d < study->duty_count; d++)
        counts[study->duties[d].rule].states[study->duties[d].state]++;
    size_t table = result_add_table(result, "rules", count);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct duty_rule *rule = &study->rules->rules[r];
            result_set_text(result, &texts[r], c == 0 ? rule->name : c == 1 ? rule->addressee : rule->source);
        }
    }
    double *minimum = result_add_numbers(result, table, &days);
    for (size_t r = 0; minimum && r < count; r++)
        minimum[r] = study->rules->rules[r].minimum_days;
    count_columns(counts, count, table, result);
    free(counts);
    return true;
}

/* ------------------------------------------------------------------------------------------------------- the cases */
static void case_text(const struct study *study, const struct duty *duty, size_t column, struct result *result, char **slot)
{
    const struct network_actor *actors = study->network->actors;
    char day[16] = "";
    if (column == 6 && !isnan(duty->asked_day))
        civil_day_format((int32_t)floor(duty->asked_day), day);
    const char *texts[] = {study->chronicle->cases[duty->case_file].ref,
                           study->rules->rules[duty->rule].name,
                           actors[duty->owner].key,
                           actors[duty->addressee].key,
                           actors[duty->addressee].label,
                           state_names[duty->state],
                           *day ? day : NULL};
    if (texts[column])
        result_set_text(result, slot, texts[column]);
}

static void case_table(const struct study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"case", "", "reference of the case", ""},
        {"rule", "", "name of the rule", ""},
        {"owner", "", "stable key of the actor in charge", ""},
        {"addressee", "", "stable key of the actor that must be asked", ""},
        {"addressee_name", "", "its name", ""},
        {"state", "", "missing, late, short, undated, in_time or unknown", INSTRUKS},
        {"asked_on", "", "day of the first request that counts", ""},
    };
    static const struct column_definition days = {
        "days", "days", "from receiving the request (else from sending it) to the deadline", INSTRUKS};
    size_t count = study->duty_count;
    if (count > DUTIES_LISTED_MAX) {
        result_note(result, "%zu duties are counted but not listed case by case; choose a shorter period to see them.", count);
        count = 0;
    }
    size_t table = result_add_table(result, "cases", count);
    for (size_t c = 0; c < sizeof texts_of / sizeof texts_of[0]; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++)
            case_text(study, &study->duties[r], c, result, &texts[r]);
    }
    double *given = result_add_numbers(result, table, &days);
    for (size_t r = 0; given && r < count; r++)
        given[r] = study->duties[r].days;
}

static void describe(const struct study *study, struct result *result)
{
    const struct spec *spec = &study->network->spec;
    result_set_card(
        result, "duty",
        "a rule in force on the day the case came to its stage, for a case with that effect; never of an owner towards itself");
    result_set_card(result, "deadline",
                    "whole days from receiving the request, else from sending it; an agreed shorter one is kept");
    result_set_card(result, "strength_ratio_mandatory",
                    "consultations observed / demanded by the rules; a case and stage count once");
    result_set_card(result, "intervals",
                    "95 %%, Wilson; duties of one case are not independent, so they are rather too narrow");
    if (!study->rules->count)
        result_note(result, "No rule of consultation holds in this period.");
    for (size_t r = 0; r < study->rules->count; r++)
        if (study->rules->rules[r].actor < 0)
            result_note(result, "The rule \"%s\" is left out: its addressee %s is not in this network.",
                        study->rules->rules[r].name, study->rules->rules[r].addressee);
    if (study->unstated)
        result_note(result, "%zu cases cannot be assessed: nobody has stated what they touch.", study->unstated);
    if (study->ownerless)
        result_note(result, "%zu cases have no owner in this network, and no rule is applied to them.", study->ownerless);
    if (spec->layer_count)
        result_note(result, "Only some types of interaction are read: what was asked in others counts as not asked.");
}

/* ------------------------------------------------------------------------------------------------------ all of it */
static bool prepare(struct study *study)
{
    size_t n = study->network->actor_count + 1;
    study->asked = calloc(n, sizeof *study->asked);
    study->demanded = calloc(n, sizeof *study->demanded);
    study->consulted = calloc(n, sizeof *study->consulted);
    study->expected = calloc(n, sizeof *study->expected);
    study->beyond = calloc(n, sizeof *study->beyond);
    return study->asked && study->demanded && study->consulted && study->expected && study->beyond && order_events(study);
}

static void release(struct study *study)
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

static enum metrics_status compute(struct study *study, struct result *result, char error[400])
{
    if (!prepare(study))
        return families_out_of_memory(error);
    size_t cases = study->chronicle->case_count;
    for (size_t c = 0; c < cases; c++) {
        if (c % CASES_ASK_EVERY == 0 && !families_proceed(&study->step, (unsigned)(1000 * c / cases)))
            return METRICS_CANCELLED;
        if (!assess(study, c))
            return families_out_of_memory(error);
    }
    summary_table(study, result);
    if (!pair_table(study, result) || !actor_table(study, result) || !rule_table(study, result))
        return families_out_of_memory(error);
    case_table(study, result);
    describe(study, result);
    return families_finish(result, error);
}

enum metrics_status duty_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle quiet = {.event_count = 0};
    static const struct duty_rules none = {.count = 0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    struct study study = {.network = input->network,
                          .chronicle = input->chronicle ? input->chronicle : &quiet,
                          .rules = input->rules ? input->rules : &none,
                          .step = {input, 0, 900}};
    enum metrics_status status = METRICS_FAILED;
    if (input->network->spec.stages)
        snprintf(error, 400, "stage: the duty to consult is judged over all stages of a case; leave it out");
    else
        status = compute(&study, result, error);
    release(&study);
    families_end(&ground);
    return status;
}
