/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the chronicle has of an interaction, in words and days.
 */
#include "event_table.h"

#include "civil_time.h"
#include "event_name.h"
#include "families.h"

#include <math.h>
#include <stdio.h>

#define NAME_TEXT_SIZE 24

enum { DATE, END_DATE, LAYER, STAGE, KIND, LEVEL, RESOLVED, REPORTERS, EVENT_TEXTS };
static const struct column_definition texts_of[EVENT_TEXTS] = {
    [DATE] = {"date", "", "day of the interaction", ""},
    [END_DATE] = {"end", "", "day on which it ended, where that is stated", ""},
    [LAYER] = {"layer", "", "type of interaction", ""},
    [STAGE] = {"stage", "", "stage of the case", ""},
    [KIND] = {"kind", "", "what the type does to a tie: meeting, request, letter or objection", ""},
    [LEVEL] = {"level", "", "level at which it took place", ""},
    [RESOLVED] = {"resolved_level", "", "level at which it was resolved", ""},
    [REPORTERS] = {"reporters", "", "names of the actors that reported it", ""},
};
enum { EVENT, DAY, PARTS, EVENT_NUMBERS };
static const struct column_definition numbers_of[EVENT_NUMBERS] = {
    [EVENT] = {"event", "", "number of the interaction, in the order of time, from 1", ""},
    [DAY] = {"day", "days", "days since 1970-01-01 of Europe/Oslo, with the part of the day that has passed", ""},
    [PARTS] = {"participants", "", "participations, those of unknown names counted too", ""},
};

void event_table_day(struct result *result, char **slot, double day)
{
    char text[16];
    if (isnan(day))
        return;
    civil_day_format((int32_t)floor(day), text);
    result_set_text(result, slot, text);
}

void event_table_level(struct result *result, char **slot, int level)
{
    if (level > 0 && event_level_name(level))
        result_set_text(result, slot, event_level_name(level));
}

static const char *layer_of(const struct metrics_input *input, int16_t code, char number[NAME_TEXT_SIZE])
{
    for (size_t l = 0; l < input->layer_count; l++)
        if (input->layers[l].code == code)
            return input->layers[l].name;
    snprintf(number, NAME_TEXT_SIZE, "%d", code);
    return number;
}

static void fill_row(const struct metrics_input *input, const struct chronicle_event *event, struct result *result,
                     char **const *texts, size_t row)
{
    char number[NAME_TEXT_SIZE];
    event_table_day(result, &texts[DATE][row], event->time_day);
    event_table_day(result, &texts[END_DATE][row], event->end_day);
    result_set_text(result, &texts[LAYER][row], layer_of(input, event->layer, number));
    if (event->stage > 0 && event->stage < SPEC_STAGES)
        result_set_text(result, &texts[STAGE][row], spec_stage_name((unsigned)event->stage));
    if (event_kind_name(event->kind))
        result_set_text(result, &texts[KIND][row], event_kind_name(event->kind));
    event_table_level(result, &texts[LEVEL][row], event->level);
    event_table_level(result, &texts[RESOLVED][row], event->resolved_level);
    const int32_t *reporters = input->chronicle->reporters + event->first_reporter;
    size_t known = 0; /* sorted: those without an actor come first */
    while (known < event->reporter_count && reporters[known] == CHRONICLE_NO_ACTOR)
        known++;
    if (known < event->reporter_count)
        families_set_actors(input->network, result, &texts[REPORTERS][row], reporters + known, event->reporter_count - known,
                            true);
}

bool event_table_add(const struct metrics_input *input, const char *name, const size_t *events, size_t count, size_t before,
                     struct result *result, size_t *ret_table)
{
    size_t table = result_add_table(result, name, count);
    char **texts[EVENT_TEXTS];
    double *columns[EVENT_NUMBERS];
    if (!families_numbers(result, table, numbers_of, EVENT_NUMBERS, columns))
        return false;
    for (size_t t = 0; t < EVENT_TEXTS; t++)
        texts[t] = result_add_texts(result, table, &texts_of[t]);
    for (size_t row = 0; row < count && !result_failed(result); row++) {
        const struct chronicle_event *event = &input->chronicle->events[events[row]];
        columns[EVENT][row] = (double)(before + row + 1);
        columns[DAY][row] = event->time_day;
        columns[PARTS][row] = event->part_count;
        fill_row(input, event, result, texts, row);
    }
    *ret_table = table;
    return !result_failed(result);
}
