/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family case: what was asked, answered and objected to in each case, and in all; with case=REF also what happened when, and
 * who was in it.
 *
 * It is the chronicle in words and days, so that what other families count can be looked up.
 */
#include "event.h"
#include "event_name.h"
#include "event_table.h"
#include "families.h"
#include "proportion.h"
#include "waiting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a request stands at an addressee. */
enum standing { NOT_ASKED, ANSWERED, IN_TIME, LATE, PENDING, OVERDUE, ENDED };
static const char *const standings[] = {[ANSWERED] = "answered", [IN_TIME] = "in_time", [LATE] = "late",
                                        [PENDING] = "pending",   [OVERDUE] = "overdue", [ENDED] = "ended"};

static enum standing standing_of(const struct chronicle *chronicle, const struct chronicle_event *event,
                                 const struct chronicle_part *part)
{
    enum reply_end end;
    if (event->kind != EVENT_REQUEST || part->side != SIDE_TO || part->through_group ||
        !event_reply_end(part->reply_status, !isnan(part->replied_day),
                         !isnan(part->received_day) || !isnan(part->deadline_day), &end))
        return NOT_ASKED;
    bool due = !isnan(part->deadline_day);
    switch (end) {
    case REPLY_END_COMPETING:
        return ENDED;
    case REPLY_END_ANSWERED:
        if (!due || isnan(part->replied_day))
            return ANSWERED;
        return part->replied_day <= waiting_deadline_end(part->deadline_day) ? IN_TIME : LATE;
    case REPLY_END_PENDING:
        return due && chronicle->observed_until >= waiting_deadline_end(part->deadline_day) ? OVERDUE : PENDING;
    }
    return NOT_ASKED;
}

static bool is_objecting(const struct chronicle_event *event, const struct chronicle_part *part)
{
    return (event->kind == EVENT_OBJECTION && part->side == SIDE_FROM) || part->outcome == EVENT_OUTCOME_OBJECTION ||
           part->outcome == EVENT_OUTCOME_DISAGREEMENT;
}

/* ---------------------------------------------------------------------------------------------------------- all cases */
enum {
    CASE_REF,
    CASE_TITLE,
    CASE_TYPE,
    OWNER,
    OWNER_NAME,
    STARTED,
    DECIDED,
    FIRST,
    LAST,
    COURSE,
    HIGHEST,
    ENDED_AT,
    CASE_TEXTS
};
static const struct column_definition case_texts[CASE_TEXTS] = {
    [CASE_REF] = {"case", "", "reference of the case", ""},
    [CASE_TITLE] = {"title", "", "title of the case, where one is registered that anybody may read", ""},
    [CASE_TYPE] = {"type", "", "type of the case; empty: none stated", ""},
    [OWNER] = {"owner", "", "stable key of the actor that owns the case; empty: nobody has said", ""},
    [OWNER_NAME] = {"owner_name", "", "its name", ""},
    [STARTED] = {"started", "", "day on which the case is registered to have begun", ""},
    [DECIDED] = {"decided", "", "day on which the case is registered to have been decided", ""},
    [FIRST] = {"first", "", "day of the first interaction in the period", ""},
    [LAST] = {"last", "", "day of the last interaction in the period", ""},
    [COURSE] = {"stages", "", "stages of the interactions, each once, in the order in which they came", ""},
    [HIGHEST] = {"highest_level", "", "highest level at which an interaction of the case took place or was resolved", ""},
    [ENDED_AT] = {"resolved_level", "",
                  "highest level at which an interaction of the case was resolved; empty: none was said to be", ""},
};
enum {
    DAYS,
    INTERACTIONS,
    ACTORS,
    REQUESTS,
    ANSWERS,
    TIMELY,
    TARDY,
    WAITING,
    OUT,
    ENDINGS,
    OBJECTIONS,
    ESCALATIONS,
    CASE_NUMBERS
};
static const struct column_definition case_numbers[CASE_NUMBERS] = {
    [DAYS] = {"days", "days", "from beginning to decision; missing when either is", ""},
    [INTERACTIONS] = {"interactions", "", "interactions of the case in the period", ""},
    [ACTORS] = {"actors", "", "actors that took part in any of them", ""},
    [REQUESTS] = {"requests", "", "answers that were asked for, one for each addressee", ""},
    [ANSWERS] = {"answered", "", "of these, answered", ""},
    [TIMELY] = {"in_time", "", "of the answered, by the end of the deadline's day", ""},
    [TARDY] = {"late", "", "of the answered, after it", ""},
    [WAITING] = {"pending", "", "of the requests, not answered, deadline not passed or none given", ""},
    [OUT] = {"overdue", "", "of the requests, not answered, and the deadline had passed when observation ended", ""},
    [ENDINGS] = {"ended", "", "of the requests, withdrawn, superseded or taken for information", ""},
    [OBJECTIONS] = {"objections", "", "statements of objection or disagreement, in answers or by themselves", ""},
    [ESCALATIONS] = {"escalations", "", "interactions that lifted the case to a higher level", ""},
};

/* What one participation adds to the numbers of its case. */
static void count_part(const struct chronicle *chronicle, const struct chronicle_event *event,
                       const struct chronicle_part *part, double *const *columns, size_t row)
{
    enum standing standing = standing_of(chronicle, event, part);
    columns[REQUESTS][row] += standing != NOT_ASKED;
    columns[ANSWERS][row] += standing == ANSWERED || standing == IN_TIME || standing == LATE;
    columns[TIMELY][row] += standing == IN_TIME;
    columns[TARDY][row] += standing == LATE;
    columns[WAITING][row] += standing == PENDING;
    columns[OUT][row] += standing == OVERDUE;
    columns[ENDINGS][row] += standing == ENDED;
    columns[OBJECTIONS][row] += is_objecting(event, part);
}

struct span {
    size_t first, last;    /* events; SIZE_MAX = none */
    int highest, resolved; /* levels */
    int16_t stages[SPEC_STAGES];
    size_t stage_count;
};

static void span_add(struct span *span, const struct chronicle_event *event, size_t number)
{
    span->first = span->first == SIZE_MAX ? number : span->first;
    span->last = number;
    span->highest = event->level > span->highest ? event->level : span->highest;
    span->highest = event->resolved_level > span->highest ? event->resolved_level : span->highest;
    span->resolved = event->resolved_level > span->resolved ? event->resolved_level : span->resolved;
    if (event->stage <= 0 || event->stage >= SPEC_STAGES)
        return;
    for (size_t s = 0; s < span->stage_count; s++)
        if (span->stages[s] == event->stage)
            return;
    span->stages[span->stage_count++] = event->stage;
}

/* The last case an actor was counted in, so that each counts once: events come by case through `order`. */
static void count_case(const struct chronicle *chronicle, const size_t *order, size_t from, size_t to, int32_t *counted_in,
                       double *const *columns, struct span *span, size_t row)
{
    for (size_t c = INTERACTIONS; c < CASE_NUMBERS; c++)
        columns[c][row] = 0;
    *span = (struct span){.first = SIZE_MAX, .last = SIZE_MAX};
    for (size_t o = from; o < to; o++) {
        const struct chronicle_event *event = &chronicle->events[order[o]];
        const struct chronicle_part *parts = chronicle_parts(chronicle, event);
        columns[INTERACTIONS][row]++;
        columns[ESCALATIONS][row] += event->layer == LAYER_ESCALATION;
        span_add(span, event, order[o]);
        for (uint32_t p = 0; p < event->part_count; p++) {
            int32_t actor = parts[p].actor;
            if (actor != CHRONICLE_NO_ACTOR && counted_in[actor] != (int32_t)row) {
                counted_in[actor] = (int32_t)row;
                columns[ACTORS][row]++;
            }
            count_part(chronicle, event, &parts[p], columns, row);
        }
    }
}

static void set_stages(struct result *result, char **slot, const struct span *span)
{
    char text[SPEC_STAGES * 32] = "";
    size_t used = 0;
    for (size_t s = 0; s < span->stage_count; s++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", s ? ", " : "",
                                 spec_stage_name((unsigned)span->stages[s]));
    if (used)
        result_set_text(result, slot, text);
}

/* Of all cases together. */
enum {
    ALL_CASES,
    ALL_DECIDED,
    ALL_DUE,
    ALL_KEPT,
    ALL_KEPT_SHARE,
    ALL_KEPT_LOW,
    ALL_KEPT_HIGH,
    ALL_OBJECTED,
    ALL_OBJECTED_SHARE,
    ALL_OBJECTED_LOW,
    ALL_OBJECTED_HIGH,
    ALL_LIFTED,
    ALL_LIFTED_SHARE,
    ALL_LIFTED_LOW,
    ALL_LIFTED_HIGH,
    ALL_NUMBERS
};
static const struct column_definition all_numbers[ALL_NUMBERS] = {
    [ALL_CASES] = {"cases", "", "cases with an interaction in the period", ""},
    [ALL_DECIDED] = {"decided", "", "of these, registered to have been decided", ""},
    [ALL_DUE] = {"due", "", "answers whose deadline has passed: in time, late or overdue", ""},
    [ALL_KEPT] = {"kept", "", "of these, in time", ""},
    [ALL_KEPT_SHARE] = {"kept_share", "share", "kept / due", ""},
    [ALL_KEPT_LOW] = {"kept_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [ALL_KEPT_HIGH] = {"kept_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [ALL_OBJECTED] = {"objected", "", "cases with at least one objection or disagreement", ""},
    [ALL_OBJECTED_SHARE] = {"objected_share", "share", "objected / cases", ""},
    [ALL_OBJECTED_LOW] = {"objected_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [ALL_OBJECTED_HIGH] = {"objected_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
    [ALL_LIFTED] = {"lifted", "", "cases that were lifted to a higher level", ""},
    [ALL_LIFTED_SHARE] = {"lifted_share", "share", "lifted / cases", ""},
    [ALL_LIFTED_LOW] = {"lifted_share_low", "share", "lower end of the 95 % interval", "Wilson 1927"},
    [ALL_LIFTED_HIGH] = {"lifted_share_high", "share", "upper end of the 95 % interval", "Wilson 1927"},
};

static bool summary_table(const struct chronicle *chronicle, struct result *result, double *const *cases)
{
    size_t table = result_add_table(result, "summary", 1);
    double *columns[ALL_NUMBERS];
    if (!families_numbers(result, table, all_numbers, ALL_NUMBERS, columns))
        return false;
    for (size_t c = 0; c < ALL_NUMBERS; c++)
        columns[c][0] = 0;
    for (size_t row = 0; row < chronicle->case_count; row++) {
        columns[ALL_CASES][0]++;
        columns[ALL_DECIDED][0] += !isnan(chronicle->cases[row].decided_day);
        columns[ALL_DUE][0] += cases[TIMELY][row] + cases[TARDY][row] + cases[OUT][row];
        columns[ALL_KEPT][0] += cases[TIMELY][row];
        columns[ALL_OBJECTED][0] += cases[OBJECTIONS][row] > 0;
        columns[ALL_LIFTED][0] += cases[ESCALATIONS][row] > 0;
    }
    families_proportion(&columns[ALL_KEPT_SHARE], 0, proportion_wilson(columns[ALL_KEPT][0], columns[ALL_DUE][0]));
    families_proportion(&columns[ALL_OBJECTED_SHARE], 0, proportion_wilson(columns[ALL_OBJECTED][0], columns[ALL_CASES][0]));
    families_proportion(&columns[ALL_LIFTED_SHARE], 0, proportion_wilson(columns[ALL_LIFTED][0], columns[ALL_CASES][0]));
    return true;
}

static bool case_table(const struct metrics_input *input, const struct chronicle *chronicle, const size_t *order,
                       const size_t *start, struct result *result)
{
    const struct network *network = input->network;
    size_t count = chronicle->case_count, table = result_add_table(result, "cases", count);
    char **texts[CASE_TEXTS];
    double *columns[CASE_NUMBERS];
    for (size_t t = 0; t < CASE_TEXTS; t++)
        texts[t] = result_add_texts(result, table, &case_texts[t]);
    int32_t *counted_in = malloc((network->actor_count + 1) * sizeof *counted_in);
    bool done = families_numbers(result, table, case_numbers, CASE_NUMBERS, columns) && counted_in;
    for (size_t i = 0; done && i < network->actor_count; i++)
        counted_in[i] = -1;
    for (size_t row = 0; done && row < count; row++) {
        const struct chronicle_case *one = &chronicle->cases[row];
        struct span span;
        count_case(chronicle, order, start[row], start[row + 1], counted_in, columns, &span, row);
        columns[DAYS][row] = one->decided_day - one->started_day;
        result_set_text(result, &texts[CASE_REF][row], one->ref);
        if (one->title)
            result_set_text(result, &texts[CASE_TITLE][row], one->title);
        if (one->type)
            result_set_text(result, &texts[CASE_TYPE][row], one->type);
        if (one->owner != CHRONICLE_NO_ACTOR) {
            result_set_text(result, &texts[OWNER][row], network->actors[one->owner].key);
            result_set_text(result, &texts[OWNER_NAME][row], network->actors[one->owner].label);
        }
        event_table_day(result, &texts[STARTED][row], one->started_day);
        event_table_day(result, &texts[DECIDED][row], one->decided_day);
        if (span.first != SIZE_MAX) {
            event_table_day(result, &texts[FIRST][row], chronicle->events[span.first].time_day);
            event_table_day(result, &texts[LAST][row], chronicle->events[span.last].time_day);
        }
        set_stages(result, &texts[COURSE][row], &span);
        event_table_level(result, &texts[HIGHEST][row], span.highest);
        event_table_level(result, &texts[ENDED_AT][row], span.resolved);
    }
    free(counted_in);
    return done && summary_table(chronicle, result, columns);
}

/* ----------------------------------------------------------------------------------------------------------- one case */
enum { ACTOR, NAME, ROLE, RECEIVED, DEADLINE, REPLIED, STANDING, REPLY, OUTCOME, PART_TEXTS };
static const struct column_definition part_texts[PART_TEXTS] = {
    [ACTOR] = {"actor", "", "stable key of the actor; empty: the name it stands under waits for an actor", ""},
    [NAME] = {"name", "", "name of the actor", ""},
    [ROLE] = {"role", "", "what it was in the interaction", ""},
    [RECEIVED] = {"received", "", "day on which the request was received", ""},
    [DEADLINE] = {"deadline", "", "last day for an answer", ""},
    [REPLIED] = {"replied", "", "day of the answer", ""},
    [STANDING] = {"standing", "",
                  "in_time or late (answered, with a deadline), answered (without), pending, overdue (the deadline had passed "
                  "when observation ended) or ended (withdrawn, superseded, taken for information)",
                  ""},
    [REPLY] = {"reply", "", "what became of the request, as reported", ""},
    [OUTCOME] = {"outcome", "", "what the answer says", ""},
};
enum { PART_EVENT, REPLY_DAYS, DEADLINE_DAY, REPLIED_DAY, PART_NUMBERS };
static const struct column_definition part_numbers[PART_NUMBERS] = {
    [PART_EVENT] = {"event", "", "number of the interaction in table timeline", ""},
    [REPLY_DAYS] = {"reply_days", "days", "from received (else sent) to answered", ""},
    [DEADLINE_DAY] = {"deadline_day", "days", "the deadline, as column day of table timeline", ""},
    [REPLIED_DAY] = {"replied_day", "days", "the answer, as column day of table timeline", ""},
};

static void fill_part(const struct metrics_input *input, const struct chronicle *chronicle, const struct chronicle_event *event,
                      const struct chronicle_part *part, struct result *result, char **const *texts, double *const *columns,
                      size_t row)
{
    enum standing standing = standing_of(chronicle, event, part);
    if (part->actor != CHRONICLE_NO_ACTOR) {
        result_set_text(result, &texts[ACTOR][row], input->network->actors[part->actor].key);
        result_set_text(result, &texts[NAME][row], input->network->actors[part->actor].label);
    }
    if (part->role > 0 && event_role_name(part->role))
        result_set_text(result, &texts[ROLE][row], event_role_name(part->role));
    event_table_day(result, &texts[RECEIVED][row], part->received_day);
    event_table_day(result, &texts[DEADLINE][row], part->deadline_day);
    event_table_day(result, &texts[REPLIED][row], part->replied_day);
    if (standing != NOT_ASKED)
        result_set_text(result, &texts[STANDING][row], standings[standing]);
    if (part->reply_status > 0 && event_reply_name(part->reply_status))
        result_set_text(result, &texts[REPLY][row], event_reply_name(part->reply_status));
    if (part->outcome > 0 && event_outcome_name(part->outcome))
        result_set_text(result, &texts[OUTCOME][row], event_outcome_name(part->outcome));
    columns[REPLY_DAYS][row] = part->replied_day - (isnan(part->received_day) ? event->time_day : part->received_day);
    columns[DEADLINE_DAY][row] = part->deadline_day;
    columns[REPLIED_DAY][row] = part->replied_day;
}

static bool part_table(const struct metrics_input *input, const struct chronicle *chronicle, const size_t *order, size_t count,
                       struct result *result)
{
    size_t rows = 0, row = 0;
    for (size_t o = 0; o < count; o++)
        rows += chronicle->events[order[o]].part_count;
    size_t table = result_add_table(result, "participants", rows);
    char **texts[PART_TEXTS];
    double *columns[PART_NUMBERS];
    if (!families_numbers(result, table, part_numbers, PART_NUMBERS, columns))
        return false;
    for (size_t t = 0; t < PART_TEXTS; t++)
        texts[t] = result_add_texts(result, table, &part_texts[t]);
    for (size_t o = 0; o < count && !result_failed(result); o++) {
        const struct chronicle_event *event = &chronicle->events[order[o]];
        for (uint32_t p = 0; p < event->part_count; p++, row++) {
            columns[PART_EVENT][row] = (double)(o + 1);
            fill_part(input, chronicle, event, chronicle_parts(chronicle, event) + p, result, texts, columns, row);
        }
    }
    return !result_failed(result);
}

/* ----------------------------------------------------------------------------------------------------- the family */
enum metrics_status case_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle nothing = {0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct chronicle *chronicle = input->chronicle ? input->chronicle : &nothing;
    struct families_step step = {input, 0, 1000};
    size_t *order = NULL, *start = NULL;
    enum metrics_status status = METRICS_CANCELLED;
    if (!families_proceed(&step, 0))
        goto out;
    status = families_out_of_memory(error);
    if (!chronicle_by_case(chronicle, &order, &start) || !case_table(input, chronicle, order, start, result))
        goto out;
    if (!families_proceed(&step, 500)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    bool one = *input->network->spec.case_ref != '\0' && chronicle->case_count == 1;
    size_t timeline;
    if (one && (!event_table_add(input, "timeline", order, start[1], 0, result, &timeline) ||
                !part_table(input, chronicle, order, start[1], result)))
        goto out;
    result_set_card(result, "answered in time", "by the end of the deadline's day");
    if (chronicle->case_count == 0)
        result_note(result, "No interaction here names a case.");
    else if (!one)
        result_note(result, "The interactions of one case are told with case=REFERENCE.");
    status = families_finish(result, error);
out:
    free(order);
    free(start);
    families_end(&ground);
    return status;
}
