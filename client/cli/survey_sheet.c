/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading sheets. */
#include "survey_sheet.h"
#include "answers.h"
#include "csv_table.h"
#include "json.h"
#include "say.h"
#include "survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const sheet_states[SHEET_STATES] = {"given", "not_relevant", "dont_know", "no_contact", "unanswered", "not_asked"};

enum { COLUMN_SEAT, COLUMN_LEVEL, COLUMN_ITEM, COLUMN_TARGET, COLUMN_STATE, COLUMN_VALUE, COLUMN_TEXT, COLUMNS };
static const struct csv_table_column columns[COLUMNS] = {
    {"seat", true}, {"level", false}, {"item", true}, {"target", false}, {"state", false}, {"value", true}, {"text", false},
};

void sheets_release(struct sheets *sheets)
{
    for (size_t i = 0; i < sheets->count; i++)
        free(sheets->sheet[i].request.answers);
    free(sheets->sheet);
    arena_release(&sheets->arena);
}

/* The seat's sheet, a new one at its first row; NULL: out of memory, or too many (said). */
static struct sheet *sheet_of(struct sheets *sheets, const char *seat)
{
    /* Files have a seat's rows together, nearly always. */
    for (size_t i = sheets->count; i > 0; i--)
        if (strcmp(sheets->sheet[i - 1].request.seat, seat) == 0)
            return &sheets->sheet[i - 1];
    if (sheets->count == SHEETS_MAX) {
        say_error(_("more than %d seats in one file"), SHEETS_MAX);
        return NULL;
    }
    if (sheets->count == sheets->room) {
        size_t room = sheets->room ? sheets->room * 2 : 64;
        struct sheet *larger = realloc(sheets->sheet, room * sizeof *larger);
        if (!larger) {
            say_error(_("out of memory"));
            return NULL;
        }
        sheets->sheet = larger;
        sheets->room = room;
    }
    struct sheet *sheet = &sheets->sheet[sheets->count++];
    *sheet = (struct sheet){.room = 0};
    samordning__v1__survey_answer_request__init(&sheet->request);
    sheet->request.seat = (char *)(uintptr_t)seat;
    return sheet;
}

/* An answer of a file, with where it began: pointers to the answer are pointers to this. */
struct sheet_answer {
    Samordning__V1__Answer answer;
    uint64_t line;
};

uint64_t sheet_line(const Samordning__V1__Answer *answer)
{
    return ((const struct sheet_answer *)answer)->line;
}

static Samordning__V1__Answer *add_answer(struct sheets *sheets, struct sheet *sheet, uint64_t line)
{
    Samordning__V1__SurveyAnswerRequest *request = &sheet->request;
    if (request->n_answers == sheet->room) {
        size_t room = sheet->room ? sheet->room * 2 : 64;
        Samordning__V1__Answer **answers = realloc(request->answers, room * sizeof(Samordning__V1__Answer *));
        if (!answers)
            return NULL;
        request->answers = answers;
        sheet->room = room;
    }
    struct sheet_answer *answer = arena_alloc(&sheets->arena, sizeof *answer);
    if (!answer)
        return NULL;
    samordning__v1__answer__init(&answer->answer);
    answer->line = line;
    return request->answers[request->n_answers++] = &answer->answer;
}

/* ------------------------------------------------------------------------------------------------------------ CSV */
/* Appends "1;3" to the answer's values. NULL: all are; else what is wrong. */
static const char *add_values(struct sheets *sheets, Samordning__V1__Answer *answer, const char *text)
{
    size_t more = 1;
    for (const char *at = text; *at; at++)
        more += *at == ';';
    if (answer->n_values + more > INSTRUMENT_CHOICES_MAX)
        return _("has too many values");
    double *values = arena_alloc(&sheets->arena, (answer->n_values + more) * sizeof *values);
    if (!values)
        return _("out of memory");
    if (answer->n_values > 0)
        memcpy(values, answer->values, answer->n_values * sizeof *values);
    answer->values = values;
    while (*text) {
        char *end;
        double value = strtod(text, &end);
        if (end == text || (*end && *end != ';') || !isfinite(value))
            return _("is not a number");
        values[answer->n_values++] = value;
        text = *end ? end + 1 : end;
    }
    return NULL;
}

static int state_of(const char *word)
{
    for (int i = 0; i < SHEET_STATES; i++)
        if (strcmp(word, sheet_states[i]) == 0)
            return i;
    return word[0] ? -1 : SAMORDNING__V1__ANSWER_STATE__ANSWER_GIVEN;
}

/* One row. NULL: taken; else what is wrong with `*ret_field`. */
static const char *take_row(struct sheets *sheets, const char **cells, uint64_t line,
                            const Samordning__V1__Instrument *instrument, const char **ret_field)
{
    *ret_field = "seat";
    if (!cells[COLUMN_SEAT][0])
        return _("is empty");
    *ret_field = "item";
    if (!cells[COLUMN_ITEM][0])
        return _("is empty");
    *ret_field = "state";
    int state = state_of(cells[COLUMN_STATE]);
    if (state < 0)
        return _("is none of given, not_relevant, dont_know, no_contact");
    if (state >= SHEET_STATE_UNANSWERED)
        return NULL;
    const Samordning__V1__Item *whole = NULL;
    if (state == SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT &&
        instrument_item(instrument, cells[COLUMN_ITEM], NULL, &whole) && whole)
        cells[COLUMN_ITEM] = whole->id;
    struct sheet *sheet = sheet_of(sheets, cells[COLUMN_SEAT]);
    if (!sheet)
        return _("cannot be taken");
    if (cells[COLUMN_LEVEL][0])
        sheet->request.level = (char *)(uintptr_t)cells[COLUMN_LEVEL];
    Samordning__V1__Answer *answer = (Samordning__V1__Answer *)(uintptr_t)answers_find(
        sheet->request.n_answers, sheet->request.answers, cells[COLUMN_ITEM], cells[COLUMN_TARGET]);
    if (!answer && !(answer = add_answer(sheets, sheet, line)))
        return _("out of memory");
    answer->item = (char *)(uintptr_t)cells[COLUMN_ITEM];
    answer->target = (char *)(uintptr_t)cells[COLUMN_TARGET];
    answer->state = (Samordning__V1__AnswerState)state;
    if (cells[COLUMN_TEXT][0])
        answer->text = (char *)(uintptr_t)cells[COLUMN_TEXT];
    *ret_field = "value";
    return cells[COLUMN_VALUE][0] ? add_values(sheets, answer, cells[COLUMN_VALUE]) : NULL;
}

static int read_csv(struct sheets *sheets, const struct arguments *arguments, const char *path,
                    const Samordning__V1__Instrument *instrument)
{
    struct csv_table table;
    const char *delimiter = arguments_text(arguments, "delimiter", NULL), *cells[COLUMNS], *reason;
    uint64_t line;
    enum csv_state state;
    int code = EXIT_CODE_OK;
    if (!csv_table_open(&table, path, arguments_text(arguments, "encoding", NULL) != NULL,
                        delimiter ? (strcmp(delimiter, "tab") == 0 ? '\t' : delimiter[0]) : 0, &sheets->arena, COLUMNS,
                        columns)) {
        csv_table_close(&table);
        return EXIT_CODE_INPUT;
    }
    /* All that is wrong with the file is said before anything of it is sent: half a sheet must not be submitted. */
    while ((state = csv_table_next(&table, cells, &line, &reason)) == CSV_ROW || state == CSV_BAD) {
        const char *field = "";
        if (state == CSV_ROW)
            reason = take_row(sheets, cells, line, instrument, &field);
        if (reason) {
            say_hint("%s:%llu: %s%s%s", path, (unsigned long long)line, field, field[0] ? ": " : "", reason);
            code = EXIT_CODE_REJECTED;
        }
    }
    csv_table_close(&table);
    return state == CSV_END ? code : EXIT_CODE_INPUT;
}

/* ----------------------------------------------------------------------------------------------------------- JSON */
static int take_json(struct sheets *sheets, const char *path, size_t number, const json_t *json)
{
    struct errmsg errmsg = {0};
    ProtobufCMessage *message = NULL;
    if (json_to_message(json, &samordning__v1__survey_answer_request__descriptor, &sheets->arena, &message, &errmsg) !=
        STATUS_OK) {
        say_hint("%s: [%zu]: %s%s%s", path, number, errmsg.field, errmsg.field[0] ? ": " : "", errmsg.text);
        return EXIT_CODE_REJECTED;
    }
    Samordning__V1__SurveyAnswerRequest *request = (Samordning__V1__SurveyAnswerRequest *)(void *)message;
    if (!request->seat[0]) {
        say_hint("%s: [%zu]: seat: %s", path, number, _("is empty"));
        return EXIT_CODE_REJECTED;
    }
    struct sheet *sheet = sheet_of(sheets, request->seat);
    if (!sheet)
        return EXIT_CODE_FAILED;
    sheet->request.level = request->level;
    sheet->request.version = request->version;
    for (size_t i = 0; i < request->n_answers; i++) {
        Samordning__V1__Answer *answer = add_answer(sheets, sheet, 0);
        if (!answer) {
            say_error(_("out of memory"));
            return EXIT_CODE_FAILED;
        }
        *answer = *request->answers[i];
    }
    return EXIT_CODE_OK;
}

static int read_json(struct sheets *sheets, const char *path)
{
    json_error_t error;
    char *text;
    size_t size, i;
    if (!survey_read_text(path, &sheets->arena, &text, &size))
        return EXIT_CODE_INPUT;
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error), *entry;
    if (!document) {
        say_error("%s:%d:%d: %s", path, error.line, error.column, error.text);
        return EXIT_CODE_INPUT;
    }
    int code = EXIT_CODE_OK;
    if (json_is_object(document)) {
        code = take_json(sheets, path, 0, document);
    } else if (json_is_array(document)) {
        json_array_foreach(document, i, entry)
        {
            int got = take_json(sheets, path, i, entry);
            code = got != EXIT_CODE_OK && code != EXIT_CODE_FAILED ? got : code;
        }
    } else {
        say_error(_("%s: neither an object nor a list of objects"), path);
        code = EXIT_CODE_INPUT;
    }
    json_decref(document);
    return code;
}

int sheets_read(struct sheets *sheets, const struct arguments *arguments, const char *path,
                const Samordning__V1__Instrument *instrument)
{
    *sheets = (struct sheets){.count = 0};
    arena_init(&sheets->arena, SURVEY_MEMORY_MAX);
    size_t size = strlen(path);
    return size > 5 && strcasecmp(path + size - 5, ".json") == 0 ? read_json(sheets, path)
                                                                 : read_csv(sheets, arguments, path, instrument);
}
