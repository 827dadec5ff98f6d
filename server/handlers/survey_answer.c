/* SPDX-License-Identifier: GPL-3.0-or-later
 * Survey answers of a ministry's own system: checked against the wave's questionnaire, then stored.
 */
#include "answers.h"
#include "handlers.h"
#include "request.h"
#include "store_survey.h"
#include "validate.h"

#include <string.h>

#define SEAT_BYTES_MAX  200
#define ANSWER_TEXT_MAX ((size_t)4 * INSTRUMENT_ANSWER_CHARACTERS_MAX)

struct answer_state {
    struct store_survey_hold hold;
    struct store_survey_own own;
    struct store_survey_answers answers;
    Samordning__V1__SurveyAnswerRequest shown; /* the request without answers to what is not shown */
};

static void answers_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct answer_state *state = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SURVEY_ANSWER;
    response.survey_answer = (Samordning__V1__SurveyAnswerResponse *)(void *)state->answers.message.response;
    request_answer(request, &response);
}

static void store_answers(struct request *request, struct answer_state *state)
{
    struct store *store = request_store(request, &state->answers.message.call, answers_stored);
    if (store != NULL)
        store_survey_answer(store, &state->answers);
}

/* All problems at once, each with its item and target. */
static void refuse_answers(struct request *request, size_t count, Samordning__V1__AnswerProblem **problems)
{
    struct store_call call = {.status = STATUS_INVALID};
    Samordning__V1__SurveyAnswerResponse answer = SAMORDNING__V1__SURVEY_ANSWER_RESPONSE__INIT;
    answer.n_problems = count;
    answer.problems = problems;
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SURVEY_ANSWER;
    response.survey_answer = &answer;
    errmsg_set(&call.errmsg, "answers", "%zu answers do not fit the questionnaire; the first: %s%s%s: %s", count,
               count > 0 ? problems[0]->item : "", count > 0 && problems[0]->target[0] != '\0' ? " of " : "",
               count > 0 ? problems[0]->target : "", count > 0 ? problems[0]->reason : "");
    request_fail_call_with(request, &call, &response);
}

/* Sends on what fits the wave, or answers. Only `shown` goes to the store: the wave may be given back afterwards. */
static void check_answers(struct request *request, struct answer_state *state)
{
    const Samordning__V1__SurveyAnswerRequest *message = request->message->survey_answer;
    const Samordning__V1__SurveyFetchResponse *wave = state->hold.wave->fetched;
    struct errmsg errmsg = {0};
    if (state->own.actor == NULL) {
        errmsg_set(&errmsg, "", "the register has no actor with the number %s", request->principal.orgnr);
        request_fail(request, STATUS_NOT_FOUND, &errmsg, 0);
        return;
    }
    if (message->version != wave->instrument->version) {
        errmsg_set(&errmsg, "version", "the wave asks version %u of its questionnaire", (unsigned)wave->instrument->version);
        request_fail(request, STATUS_CONFLICT, &errmsg, 0);
        return;
    }
    struct answers_context context = {.instrument = wave->instrument,
                                      .roster_count = wave->n_roster,
                                      .roster = wave->roster,
                                      .own = state->own.actor,
                                      .free_text = wave->wave->free_text};
    size_t count = 0;
    Samordning__V1__AnswerProblem **problems = NULL;
    enum status status = answers_check(&context, message->n_answers, message->answers, NULL, message->submit, &request->arena,
                                       &count, &problems);
    if (status == STATUS_INVALID) {
        refuse_answers(request, count, problems);
        return;
    }
    state->shown = *message;
    if (status == STATUS_OK && message->submit)
        status = answers_shown(&context, message->n_answers, message->answers, &request->arena, &state->shown.n_answers,
                               &state->shown.answers);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    state->answers.message.request = &state->shown.base;
    store_answers(request, state);
}

static void own_found(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct answer_state *state = request->state;
    struct store *store = request_running_store(request);
    struct survey_wave *wave = state->hold.wave;
    if (call->status != STATUS_OK)
        request_fail_call(request, call);
    else
        check_answers(request, state);
    store_survey_release(store, wave);
}

static void wave_held(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct answer_state *state = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    state->own.wave = state->hold.key;
    struct store *store = request_store(request, &state->own.call, own_found);
    if (store != NULL)
        store_survey_own(store, &state->own);
}

void survey_answer_handle(struct request *request)
{
    const Samordning__V1__SurveyAnswerRequest *message = request->message->survey_answer;
    struct answer_state *state = arena_alloc(&request->arena, sizeof *state);
    struct errmsg errmsg = {0};
    enum status status = state == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, ANSWER_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && message->n_answers > ANSWERS_MAX) {
        errmsg_set(&errmsg, "answers", "%zu answers, at most %d are taken", message->n_answers, ANSWERS_MAX);
        status = STATUS_TOO_LARGE;
    } else if (status == STATUS_OK && message->withdraw && (message->submit || message->n_answers > 0)) {
        errmsg_set(&errmsg, "withdraw", "answers are either withdrawn or given");
        status = STATUS_INVALID;
    } else if (status == STATUS_OK && (message->wave[0] == '\0' || strlen(message->seat) > SEAT_BYTES_MAX)) {
        errmsg_set(&errmsg, message->wave[0] == '\0' ? "wave" : "seat", "missing, or longer than %d bytes", SEAT_BYTES_MAX);
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *state = (struct answer_state){.answers.message.request = &message->base};
    request->state = state;
    if (message->withdraw) {
        store_answers(request, state);
        return;
    }
    state->hold.key = message->wave;
    struct store *store = request_store(request, &state->hold.call, wave_held);
    if (store != NULL)
        store_survey_hold(store, &state->hold);
}
