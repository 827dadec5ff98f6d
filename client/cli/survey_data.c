/* SPDX-License-Identifier: GPL-3.0-or-later
 * A wave's answers as one long table. */
#include "survey_data.h"
#include "render.h"
#include "survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RESPONDENT_MEMORY_MAX ((size_t)64 << 20)

void survey_data_begin(struct survey_data *data)
{
    arena_init(&data->arena, RESPONDENT_MEMORY_MAX);
    fputs("respondent,actor,level,item,target,state,value,label,position,text\n", data->answers);
    fputs("respondent,actor,level", data->respondents);
    for (size_t i = 0; i < SHEET_STATES; i++)
        fprintf(data->respondents, ",%s", sheet_states[i]);
    fputc('\n', data->respondents);
}

/* ------------------------------------------------------------------------------------------------------------ rows */
static void write_row(struct survey_data *data, const char *item, const char *target, int state, double value,
                      const char *label, size_t position, const char *text)
{
    char number[RENDER_NUMBER_SIZE];
    const char *const first[] = {data->respondent, data->actor, data->level, item, target, sheet_states[state]};
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        render_csv_text(data->answers, first[i]);
        fputc(',', data->answers);
    }
    render_number(value, number);
    fprintf(data->answers, "%s,", number);
    render_csv_text(data->answers, label);
    if (position > 0)
        fprintf(data->answers, ",%zu,", position);
    else
        fputs(",,", data->answers);
    render_csv_text(data->answers, text);
    fputc('\n', data->answers);
    data->row_count++;
}

static void count_state(struct survey_data *data, int state)
{
    data->states[state]++;
    data->own_states[state]++;
}

/* An answer as it is stored: a row for each value. */
static void write_given(struct survey_data *data, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer)
{
    int state = (unsigned)answer->state < SHEET_STATE_UNANSWERED ? (int)answer->state : 0;
    bool several = item && (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_MULTIPLE ||
                            item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_RANKING);
    count_state(data, state);
    for (size_t i = 0; i < answer->n_values; i++) {
        const Samordning__V1__Choice *choice = item ? instrument_choice(item, answer->values[i]) : NULL;
        write_row(data, answer->item, answer->target, state, answer->values[i],
                  choice ? instrument_text(choice->label, data->language) : "", several ? i + 1 : 0, answer->text);
    }
    if (answer->n_values == 0)
        write_row(data, answer->item, answer->target, state, (double)NAN, "", 0, answer->text);
}

static const Samordning__V1__Answer *take(struct survey_data *data, const char *item, const char *target)
{
    for (size_t i = 0; i < data->given_count; i++) {
        if (strcmp(data->given[i]->item, item) == 0 && strcmp(data->given[i]->target, target) == 0) {
            data->used[i] = true;
            return data->given[i];
        }
    }
    return NULL;
}

static void write_cell(struct survey_data *data, const struct answers_context *context, const Samordning__V1__Item *item,
                       const Samordning__V1__Item *whole, const char *target)
{
    const Samordning__V1__Answer *answer = take(data, item->id, target);
    const Samordning__V1__Answer *row = answer || !whole ? NULL : take(data, whole->id, target);
    int state;
    if (answer) {
        write_given(data, item, answer);
        return;
    }
    if (row && row->state == SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT)
        state = SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT;
    else if (answers_shows(context, data->given_count, data->given, item->id, target))
        state = SHEET_STATE_UNANSWERED;
    else
        state = SHEET_STATE_NOT_ASKED;
    count_state(data, state);
    write_row(data, item->id, target, state, (double)NAN, "", 0, "");
}

static void write_roster(struct survey_data *data, const struct answers_context *context, const Samordning__V1__Item *item)
{
    for (size_t i = 0; i < context->roster_count; i++) {
        const Samordning__V1__RosterActor *actor = context->roster[i];
        if (strcmp(actor->item, item->id) != 0 || strcmp(actor->key, data->actor) == 0)
            continue;
        for (size_t k = 0; k < item->n_parts; k++)
            write_cell(data, context, item->parts[k], item, actor->key);
    }
}

/* The actors a respondent named, in the order in which they come. */
static void write_names(struct survey_data *data, const struct answers_context *context, const Samordning__V1__Item *item)
{
    bool named = false;
    for (size_t i = 0; i < data->given_count; i++) {
        const char *target = data->given[i]->target;
        const Samordning__V1__Item *whole = NULL;
        const Samordning__V1__Item *own = instrument_item(context->instrument, data->given[i]->item, NULL, &whole);
        if (!own || (own != item && whole != item) || target[0] == '\0' || data->used[i])
            continue;
        named = true;
        const Samordning__V1__Answer *naming = take(data, item->id, target);
        if (naming)
            write_given(data, item, naming);
        for (size_t k = 0; k < item->n_parts; k++)
            write_cell(data, context, item->parts[k], item, target);
    }
    if (!named)
        write_cell(data, context, item, NULL, "");
}

static void write_item(struct survey_data *data, const struct answers_context *context, const Samordning__V1__Item *item)
{
    switch (item->kind) {
    case SAMORDNING__V1__ITEM_KIND__ITEM_INFORMATION:
    case SAMORDNING__V1__ITEM_KIND__ITEM_UNSPECIFIED:
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER:
        write_roster(data, context, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_NAMES:
        write_names(data, context, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX:
        for (size_t i = 0; i < item->n_rows; i++)
            write_cell(data, context, item, NULL, item->rows[i]->id);
        break;
    default:
        write_cell(data, context, item, NULL, "");
    }
}

static void write_respondent(struct survey_data *data)
{
    const Samordning__V1__SurveyFetchResponse *wave = data->wave;
    const struct answers_context context = {.instrument = wave->instrument,
                                            .roster_count = wave->n_roster,
                                            .roster = wave->roster,
                                            .own = data->actor,
                                            .free_text = wave->wave && wave->wave->free_text,
                                            .any_actor = true};
    for (size_t s = 0; s < wave->instrument->n_sections; s++)
        for (size_t i = 0; i < wave->instrument->sections[s]->n_items; i++)
            write_item(data, &context, wave->instrument->sections[s]->items[i]);
    /* About actors that are in no roster any more, say: nothing that was stored is left out. */
    for (size_t i = 0; i < data->given_count; i++)
        if (!data->used[i])
            write_given(data, instrument_item(wave->instrument, data->given[i]->item, NULL, NULL), data->given[i]);
    const char *const cells[] = {data->respondent, data->actor, data->level};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (i > 0)
            fputc(',', data->respondents);
        render_csv_text(data->respondents, cells[i]);
    }
    for (size_t i = 0; i < SHEET_STATES; i++)
        fprintf(data->respondents, ",%llu", (unsigned long long)data->own_states[i]);
    fputc('\n', data->respondents);
    data->respondent_count++;
}

void survey_data_end(struct survey_data *data)
{
    if (data->respondent)
        write_respondent(data);
    data->respondent = NULL;
}

static bool begin_respondent(struct survey_data *data, const Samordning__V1__ExportRow *row)
{
    survey_data_end(data);
    arena_reset(&data->arena);
    data->given_count = 0;
    memset(data->own_states, 0, sizeof data->own_states);
    data->actor = arena_strdup(&data->arena, row->actor);
    data->level = arena_strdup(&data->arena, row->level);
    char *respondent = arena_strdup(&data->arena, row->respondent);
    if (!data->actor || !data->level || !respondent)
        return false;
    data->respondent = respondent;
    return true;
}

bool survey_data_add(struct survey_data *data, const Samordning__V1__ExportRow *row)
{
    if ((!data->respondent || strcmp(data->respondent, row->respondent) != 0) && !begin_respondent(data, row))
        return false;
    if (data->given_count == data->given_room) {
        size_t room = data->given_room ? data->given_room * 2 : 256;
        Samordning__V1__Answer **given = realloc(data->given, room * sizeof(Samordning__V1__Answer *));
        data->given = given ? given : data->given;
        bool *used = realloc(data->used, room * sizeof *used);
        data->used = used ? used : data->used;
        if (!given || !used)
            return false;
        data->given_room = room;
    }
    Samordning__V1__Answer *copy = (Samordning__V1__Answer *)(void *)survey_copy(&row->answer->base, &data->arena);
    if (!copy)
        return false;
    data->used[data->given_count] = false;
    data->given[data->given_count++] = copy;
    return true;
}

void survey_data_release(struct survey_data *data)
{
    free(data->given);
    free(data->used);
    arena_release(&data->arena);
}
