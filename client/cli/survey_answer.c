/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey answer and withdraw: one's own organisation's answers, from a file. */
#include "answers.h"
#include "say.h"
#include "status.h"
#include "survey.h"
#include "survey_sheet.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *reason, *words; /* N_() */
} problems[] = {
    {"required", N_("must be answered")},
    {"out_of_range", N_("is outside the bounds")},
    {"not_a_choice", N_("is none of the choices")},
    {"not_whole", N_("must be a whole number")},
    {"too_many", N_("has too many values")},
    {"too_few", N_("has too few values")},
    {"too_long", N_("is too long")},
    {"bad_date", N_("is not a date (YYYY-MM-DD)")},
    {"unknown_item", N_("is no item of the questionnaire")},
    {"unknown_target", N_("is about nobody who is asked about")},
    {"not_shown", N_("is not asked, given the other answers")},
    {"not_offered", N_("is no answer that is offered")},
    {"exclusive", N_("excludes the other choices")},
    {"not_text", N_("is not plain text")},
    {"twice", N_("is there twice")},
};

static void say_problem(const char *path, const struct sheet *sheet, const Samordning__V1__AnswerProblem *problem)
{
    const char *words = problem->reason;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (strcmp(problems[i].reason, problem->reason) == 0)
            words = gettext(problems[i].words);
    const Samordning__V1__Answer *answer =
        answers_find(sheet->request.n_answers, sheet->request.answers, problem->item, problem->target);
    uint64_t line = answer ? sheet_line(answer) : 0;
    char where[32] = "";
    if (line > 0)
        snprintf(where, sizeof where, ":%llu", (unsigned long long)line);
    say_hint("%s%s: %s: %s%s%s: %s", path, where, sheet->request.seat, problem->item, problem->target[0] ? " " : "",
             problem->target, words);
}

static void begin_receipts(struct grid *grid)
{
    static const char *const names[] = {"seat", "state", "revision", "receipt"};
    grid_init(grid);
    grid_table(grid, "answers");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        grid_column(grid, names[i], i != 2);
}

static void add_receipt(struct grid *grid, const char *seat, const char *state,
                        const Samordning__V1__SurveyAnswerResponse *answer)
{
    grid_text(grid, 0, seat);
    grid_text(grid, 1, state);
    grid_number(grid, 2, answer ? answer->revision : 0);
    grid_text(grid, 3, answer ? answer->receipt : "");
}

/* Sends one seat's answers. REJECTED: this seat's are not taken, others may be. */
static int send_sheet(struct session *session, const char *path, struct sheet *sheet, struct grid *grid)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyAnswerRequest *body = &sheet->request;
    const Samordning__V1__Response *response = NULL;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_ANSWER;
    request.survey_answer = body;
    int error = session_ask(session, &request, &response);
    bool answered = response && response->body_case == SAMORDNING__V1__RESPONSE__BODY_SURVEY_ANSWER;
    if (error == SAMORDNING_OK && answered) {
        add_receipt(grid, body->seat,
                    body->withdraw ? "withdrawn"
                    : body->submit ? "submitted"
                                   : "draft",
                    response->survey_answer);
        return EXIT_CODE_OK;
    }
    if (error == (int)STATUS_INVALID && answered && response->survey_answer->n_problems > 0) {
        for (size_t i = 0; i < response->survey_answer->n_problems; i++)
            say_problem(path, sheet, response->survey_answer->problems[i]);
    } else if (error == (int)STATUS_INVALID || error == (int)STATUS_NOT_FOUND || error == (int)STATUS_CONFLICT) {
        say_hint("%s: %s: %s", path, body->seat, samordning_last_error(session->handle));
    } else if (error == SAMORDNING_OK) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    } else {
        return session_explain(session, error);
    }
    add_receipt(grid, body->seat, "refused", NULL);
    return EXIT_CODE_REJECTED;
}

static int send_all(struct session *session, const struct arguments *arguments, struct arena *arena)
{
    char *wave = arguments->operands[0];
    const char *path = arguments->operands[1];
    const Samordning__V1__SurveyFetchResponse *fetched;
    int code = survey_fetch(session, wave, arena, &fetched);
    if (code != EXIT_CODE_OK)
        return code;
    struct sheets sheets;
    struct grid grid;
    bool rejected = false;
    begin_receipts(&grid);
    code = sheets_read(&sheets, arguments, path, fetched->instrument);
    if (code == EXIT_CODE_REJECTED)
        say_error(_("%s: nothing was sent"), path);
    for (size_t i = 0; i < sheets.count && code == EXIT_CODE_OK; i++) {
        Samordning__V1__SurveyAnswerRequest *request = &sheets.sheet[i].request;
        request->wave = wave;
        if (request->version == 0)
            request->version = fetched->instrument->version;
        request->submit = !arguments_has(arguments, "draft");
        code = send_sheet(session, path, &sheets.sheet[i], &grid);
        rejected |= code == EXIT_CODE_REJECTED;
        code = code == EXIT_CODE_REJECTED ? EXIT_CODE_OK : code;
    }
    sheets_release(&sheets);
    code = grid_show(&grid, arguments, code);
    return code == EXIT_CODE_OK && rejected ? EXIT_CODE_REJECTED : code;
}

int survey_answer(const struct arguments *arguments)
{
    if (arguments_has(arguments, "map")) {
        say_error(_("--map is for survey invite; the columns of answers have fixed names"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct arena arena;
    arena_init(&arena, SURVEY_MEMORY_MAX);
    int code = send_all(&session, arguments, &arena);
    arena_release(&arena);
    session_close(&session);
    return code;
}

int survey_withdraw(const struct arguments *arguments)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct sheet sheet = {.room = 0};
    samordning__v1__survey_answer_request__init(&sheet.request);
    sheet.request.wave = arguments->operands[0];
    sheet.request.seat = arguments->operands[1];
    sheet.request.withdraw = true;
    struct grid grid;
    begin_receipts(&grid);
    int code = send_sheet(&session, arguments->operands[0], &sheet, &grid);
    code = grid_show(&grid, arguments, code);
    session_close(&session);
    return code;
}
