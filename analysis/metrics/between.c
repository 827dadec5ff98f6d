/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family between: the interactions between two sides, one by one, and the cases both were in.
 *
 * What other families count of a pair of actors or sectors (ties, gaps, needs, duties) can be looked up here, down to what was
 * reported; of a pair without contact, that there is nothing, and where they might have met.
 */
#include "actor_name.h"
#include "event.h"
#include "event_table.h"
#include "families.h"
#include "projection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_LISTED_MAX 1000 /* of one result; skip= goes on */
#define CASES_LISTED_MAX  1000
#define ACTORS_LISTED_MAX 20 /* of each side of one interaction */
#define PROCEED_EVENTS    1024
#define SECTOR_PREFIX     "sector:"

struct between {
    const struct metrics_input *input;
    const struct chronicle *chronicle;
    bool *in[2];       /* of each actor of the network, by side */
    size_t members[2]; /* actors of a side */
    size_t *events;    /* of the chronicle, those between the sides */
    size_t event_count;
    struct case_counts *cases; /* in the order of the chronicle's */
    int32_t *actors;           /* room for the participants of one interaction, twice */
};
struct case_counts {
    size_t with[2], between; /* interactions that a side took part in; those that tie the sides */
};

/* ---------------------------------------------------------------------------------------------------------- the sides */
static bool read_sector(const struct network *network, const char *choice, const char *sector, bool *in, char *error)
{
    bool any = false;
    for (size_t i = 0; i < network->actor_count; i++) {
        in[i] = network->actors[i].sector && strcmp(network->actors[i].sector, sector) == 0;
        any = any || in[i];
    }
    return any || spec_fail(error, "%s: no actor of this network is in the sector \"%.80s\"", choice, sector);
}

/* One actor whose name may have commas in it, else one for each part. */
static bool read_side(const struct network *network, const char *choice, const char *text, bool *in, char *error)
{
    char list[CHOICES_ACTORS_SIZE];
    int32_t actor;
    if (!*text)
        memset(in, true, network->actor_count * sizeof *in);
    else if (strncmp(text, SECTOR_PREFIX, strlen(SECTOR_PREFIX)) == 0)
        return read_sector(network, choice, text + strlen(SECTOR_PREFIX), in, error);
    else if (strchr(text, ',') && actor_name_find(network, choice, text, &actor, error))
        in[actor] = true;
    else {
        memcpy(list, text, sizeof list);
        for (char *rest = list, *name; (name = strsep(&rest, ","));) {
            if (!actor_name_find(network, choice, name, &actor, error))
                return false;
            in[actor] = true;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------- who is tied by what */
/* As the projection does it (projection.h): those present at a meeting, senders with addressees; a group is one name, which
 * does not tie its members to one another. */
static bool are_tied(const struct chronicle_part *from, const struct chronicle_part *to)
{
    bool sides = (from->side == SIDE_PRESENT && to->side == SIDE_PRESENT) || (from->side == SIDE_FROM && to->side == SIDE_TO);
    return sides && from->label != to->label && from->actor != to->actor;
}

static bool is_of(const struct between *between, int side, const struct chronicle_part *part)
{
    return part->actor != CHRONICLE_NO_ACTOR && between->in[side][part->actor];
}

/* A tie from the one side to the other. */
static bool leads(const struct between *between, const struct chronicle_event *event, int side)
{
    const struct chronicle_part *parts = chronicle_parts(between->chronicle, event);
    for (uint32_t p = 0; p < event->part_count; p++)
        for (uint32_t q = 0; is_of(between, side, &parts[p]) && q < event->part_count; q++)
            if (is_of(between, !side, &parts[q]) && are_tied(&parts[p], &parts[q]))
                return true;
    return false;
}

/* The actors of a side that the interaction ties to the other, each once. */
static size_t tied_actors(const struct between *between, const struct chronicle_event *event, int side, int32_t *ret_actors)
{
    const struct chronicle_part *parts = chronicle_parts(between->chronicle, event);
    size_t count = 0;
    for (uint32_t p = 0; p < event->part_count; p++)
        for (uint32_t q = 0; is_of(between, side, &parts[p]) && q < event->part_count; q++)
            if (is_of(between, !side, &parts[q]) && (are_tied(&parts[p], &parts[q]) || are_tied(&parts[q], &parts[p]))) {
                ret_actors[count++] = parts[p].actor;
                break;
            }
    return projection_distinct(ret_actors, count);
}

static bool took_part(const struct between *between, const struct chronicle_event *event, int side)
{
    const struct chronicle_part *parts = chronicle_parts(between->chronicle, event);
    for (uint32_t p = 0; p < event->part_count; p++)
        if (parts[p].role != ROLE_DECLINED && is_of(between, side, &parts[p]))
            return true;
    return false;
}

static bool walk(struct between *between, struct families_step *step)
{
    const struct chronicle *chronicle = between->chronicle;
    for (size_t e = 0; e < chronicle->event_count; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        if (e % PROCEED_EVENTS == 0 && !families_proceed(step, (unsigned)(1000 * e / chronicle->event_count)))
            return false;
        bool one = took_part(between, event, 0), other = took_part(between, event, 1);
        bool tied = one && other && (leads(between, event, 0) || leads(between, event, 1));
        if (tied)
            between->events[between->event_count++] = e;
        if (event->case_file < 0)
            continue;
        struct case_counts *counts = &between->cases[event->case_file];
        counts->with[0] += one;
        counts->with[1] += other;
        counts->between += tied;
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------- the interactions */
enum { CASE_REF, CASE_TITLE, ONE, ONE_NAMES, OTHER, OTHER_NAMES, WAY, EVENT_TEXTS };
static const struct column_definition event_texts[EVENT_TEXTS] = {
    [CASE_REF] = {"case", "", "reference of the case; empty: none stated", ""},
    [CASE_TITLE] = {"title", "", "title of the case, where one is registered that anybody may read", ""},
    [ONE] = {"one", "", "stable keys of the actors of the one side that it ties to the other; the first 20, then how many more",
             ""},
    [ONE_NAMES] = {"one_names", "", "their names", ""},
    [OTHER] = {"other", "", "stable keys of the actors of the other side that it ties to the one; likewise", ""},
    [OTHER_NAMES] = {"other_names", "", "their names", ""},
    [WAY] = {"way", "",
             "one_to_other: only the one side sent; other_to_one: only the other; mutual: a meeting, or both did, or the sides "
             "are the same",
             ""},
};

static void set_case(const struct chronicle_case *file, struct result *result, char **ref, char **title)
{
    result_set_text(result, ref, file->ref);
    if (file->title)
        result_set_text(result, title, file->title);
}

static void fill_event(const struct between *between, const struct chronicle_event *event, struct result *result,
                       char **const *texts, size_t row)
{
    const struct network *network = between->input->network;
    bool there = leads(between, event, 0), back = leads(between, event, 1);
    if (event->case_file >= 0)
        set_case(&between->chronicle->cases[event->case_file], result, &texts[CASE_REF][row], &texts[CASE_TITLE][row]);
    for (int side = 0; side < 2; side++) {
        size_t count = tied_actors(between, event, side, between->actors);
        for (int names = 0; names < 2; names++)
            families_set_first_actors(network, result, &texts[(side ? OTHER : ONE) + names][row], between->actors, count,
                                      ACTORS_LISTED_MAX, names);
    }
    result_set_text(result, &texts[WAY][row], there && back ? "mutual" : there ? "one_to_other" : "other_to_one");
}

static enum metrics_status event_rows(const struct between *between, size_t skip, struct families_step *step,
                                      struct result *result, char error[400])
{
    size_t left = between->event_count > skip ? between->event_count - skip : 0, table;
    size_t count = left < EVENTS_LISTED_MAX ? left : EVENTS_LISTED_MAX;
    const size_t *events = between->events + (count ? skip : 0);
    char **texts[EVENT_TEXTS];
    if (!event_table_add(between->input, "interactions", events, count, skip, result, &table))
        return families_out_of_memory(error);
    for (size_t t = 0; t < EVENT_TEXTS; t++)
        texts[t] = result_add_texts(result, table, &event_texts[t]);
    for (size_t row = 0; row < count && !result_failed(result); row++) {
        if (row % 16 == 0 && !families_proceed(step, (unsigned)(1000 * row / count)))
            return METRICS_CANCELLED;
        fill_event(between, &between->chronicle->events[events[row]], result, texts, row);
    }
    if (between->event_count == 0)
        result_note(result, "No interaction of the period is between the two sides.");
    else if (count < between->event_count)
        result_note(result, "Interactions %zu to %zu of %zu are listed; skip=%-zu lists those that come after.", skip + 1,
                    skip + count, between->event_count, skip + count);
    return METRICS_OK;
}

/* ----------------------------------------------------------------------------------------------------------- the cases */
enum { REF, TITLE, TYPE, OWNER, OWNER_NAME, CASE_TEXTS };
static const struct column_definition case_texts[CASE_TEXTS] = {
    [REF] = {"case", "", "reference of a case in which both sides took part, in whatever role", ""},
    [TITLE] = {"title", "", "title of the case, where one is registered that anybody may read", ""},
    [TYPE] = {"type", "", "type of the case; empty: none stated", ""},
    [OWNER] = {"owner", "", "stable key of the actor that owns the case; empty: nobody has said", ""},
    [OWNER_NAME] = {"owner_name", "", "its name", ""},
};
enum { BETWEEN, WITH_ONE, WITH_OTHER, CASE_NUMBERS };
static const struct column_definition case_numbers[CASE_NUMBERS] = {
    [BETWEEN] = {"between", "", "interactions of the case between the two sides; 0: both were in it, but never with each other",
                 ""},
    [WITH_ONE] = {"with_one", "", "interactions of the case that the one side took part in", ""},
    [WITH_OTHER] = {"with_other", "", "interactions of the case that the other side took part in", ""},
};

struct ranked_case {
    const struct case_counts *counts;
    size_t number;
};

/* Those with most between the sides first, then those with most of either. */
static int compare_cases(const void *a, const void *b)
{
    const struct ranked_case *left = a, *right = b;
    if (left->counts->between != right->counts->between)
        return left->counts->between > right->counts->between ? -1 : 1;
    size_t one = left->counts->with[0] + left->counts->with[1], two = right->counts->with[0] + right->counts->with[1];
    if (one != two)
        return one > two ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

static void fill_case(const struct between *between, const struct ranked_case *ranked, struct result *result,
                      char **const *texts, double *const *columns, size_t row)
{
    const struct chronicle_case *file = &between->chronicle->cases[ranked->number];
    set_case(file, result, &texts[REF][row], &texts[TITLE][row]);
    if (file->type)
        result_set_text(result, &texts[TYPE][row], file->type);
    if (file->owner != CHRONICLE_NO_ACTOR) {
        result_set_text(result, &texts[OWNER][row], between->input->network->actors[file->owner].key);
        result_set_text(result, &texts[OWNER_NAME][row], between->input->network->actors[file->owner].label);
    }
    columns[BETWEEN][row] = (double)ranked->counts->between;
    columns[WITH_ONE][row] = (double)ranked->counts->with[0];
    columns[WITH_OTHER][row] = (double)ranked->counts->with[1];
}

static bool case_rows(const struct between *between, size_t *ret_shared, size_t *ret_tied, struct result *result)
{
    size_t case_count = between->chronicle->case_count, shared = 0, tied = 0;
    struct ranked_case *ranked = malloc((case_count + 1) * sizeof *ranked);
    if (!ranked)
        return false;
    for (size_t c = 0; c < case_count; c++)
        if (between->cases[c].with[0] && between->cases[c].with[1]) {
            tied += between->cases[c].between > 0;
            ranked[shared++] = (struct ranked_case){&between->cases[c], c};
        }
    if (shared > 1)
        qsort(ranked, shared, sizeof *ranked, compare_cases);
    size_t count = shared < CASES_LISTED_MAX ? shared : CASES_LISTED_MAX, table = result_add_table(result, "cases", count);
    char **texts[CASE_TEXTS];
    double *columns[CASE_NUMBERS];
    bool done = families_numbers(result, table, case_numbers, CASE_NUMBERS, columns);
    for (size_t t = 0; t < CASE_TEXTS; t++)
        texts[t] = result_add_texts(result, table, &case_texts[t]);
    for (size_t row = 0; done && row < count && !result_failed(result); row++)
        fill_case(between, &ranked[row], result, texts, columns, row);
    if (count < shared)
        result_note(result, "The %zu cases with most between the two sides are listed, of %zu that both were in.", count,
                    shared);
    free(ranked);
    *ret_shared = shared;
    *ret_tied = tied;
    return done && !result_failed(result);
}

/* ------------------------------------------------------------------------------------------------------ all of it */
static bool summary_table(const struct between *between, size_t shared, size_t tied, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"first", "", "day of the first interaction between the sides", ""},
        {"last", "", "day of the last", ""},
    };
    static const struct column_definition numbers_of[] = {
        {"actors_one", "", "actors of the one side", ""},
        {"actors_other", "", "actors of the other side", ""},
        {"interactions", "", "interactions that tie an actor of the one side to one of the other", ""},
        {"objections", "", "of these, objections by themselves, which are no contact", ""},
        {"cases", "", "cases in which both sides took part", ""},
        {"cases_between", "", "of these, cases with an interaction between them", ""},
    };
    enum { NUMBERS = sizeof numbers_of / sizeof numbers_of[0] };
    const struct chronicle_event *events = between->chronicle->events;
    double objections = 0, *columns[NUMBERS];
    for (size_t e = 0; e < between->event_count; e++)
        objections += events[between->events[e]].kind == EVENT_OBJECTION;
    const double row[NUMBERS] = {(double)between->members[0],
                                 (double)between->members[1],
                                 (double)between->event_count,
                                 objections,
                                 (double)shared,
                                 (double)tied};
    size_t table = result_add_table(result, "summary", 1);
    if (!families_numbers(result, table, numbers_of, NUMBERS, columns))
        return false;
    for (size_t c = 0; c < NUMBERS; c++)
        columns[c][0] = row[c];
    for (size_t t = 0; t < 2; t++) {
        char **texts = result_add_texts(result, table, &texts_of[t]);
        if (texts && between->event_count)
            event_table_day(result, &texts[0], events[between->events[t ? between->event_count - 1 : 0]].time_day);
    }
    return !result_failed(result);
}

static bool between_init(struct between *between)
{
    size_t actors = between->input->network->actor_count, most = 0;
    for (size_t e = 0; e < between->chronicle->event_count; e++)
        most = between->chronicle->events[e].part_count > most ? between->chronicle->events[e].part_count : most;
    between->in[0] = calloc(actors + 1, sizeof(bool));
    between->in[1] = calloc(actors + 1, sizeof(bool));
    between->events = calloc(between->chronicle->event_count + 1, sizeof *between->events);
    between->cases = calloc(between->chronicle->case_count + 1, sizeof *between->cases);
    between->actors = calloc(most + 1, sizeof *between->actors);
    return between->in[0] && between->in[1] && between->events && between->cases && between->actors;
}

static void between_release(struct between *between)
{
    free(between->in[0]);
    free(between->in[1]);
    free(between->events);
    free(between->cases);
    free(between->actors);
}

static enum metrics_status compute(struct between *between, const struct choices *choices, struct result *result,
                                   char error[400])
{
    static const char *const names[] = {"one", "other"};
    const struct network *network = between->input->network;
    struct families_step walking = {between->input, 0, 600}, listing = {between->input, 600, 900};
    size_t shared, tied;
    for (int side = 0; side < 2; side++) {
        const char *text = side ? choices->other : choices->one;
        if (!read_side(network, names[side], text, between->in[side], error))
            return METRICS_REFUSED;
        for (size_t i = 0; i < network->actor_count; i++)
            between->members[side] += between->in[side][i];
        if (*text)
            result_set_card(result, side ? "the other side" : "the one side", "%s", text);
        else
            result_set_card(result, side ? "the other side" : "the one side", "everybody");
    }
    result_set_card(result, "between", "present at one meeting, or sender and addressee, as ties are made; copies are not");
    if (!walk(between, &walking))
        return METRICS_CANCELLED;
    enum metrics_status status = event_rows(between, (size_t)choices->skip, &listing, result, error);
    if (status != METRICS_OK)
        return status;
    if (!families_proceed(&listing, 1000))
        return METRICS_CANCELLED;
    if (!case_rows(between, &shared, &tied, result) || !summary_table(between, shared, tied, result))
        return families_out_of_memory(error);
    return families_finish(result, error);
}

enum metrics_status between_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle quiet = {.event_count = 0};
    struct metrics_input told = *input;
    told.chronicle = input->chronicle ? input->chronicle : &quiet;
    struct between between = {.input = &told, .chronicle = told.chronicle};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    enum metrics_status status =
        between_init(&between) ? compute(&between, ground.choices, result, error) : families_out_of_memory(error);
    between_release(&between);
    families_end(&ground);
    return status;
}
