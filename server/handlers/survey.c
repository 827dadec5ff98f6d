/* SPDX-License-Identifier: GPL-3.0-or-later
 * Surveys: storing questionnaires, the life of waves, what is read of them.
 */
#include "handlers.h"
#include "instrument.h"
#include "message_verb.h"
#include "store_survey.h"

#define WAVE_TEXT_MAX 8000 /* of an invitation */

static bool is_operator(const struct request *request)
{
    return (request->principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR)) != 0;
}

static enum status must_be_given(const char *text, const char *field, struct errmsg *ret_errmsg)
{
    if (text[0] != '\0')
        return STATUS_OK;
    errmsg_set(ret_errmsg, field, "must be given");
    return STATUS_INVALID;
}

static enum status design_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__SurveyDesignRequest *message = request->message->survey_design;
    if (message->instrument == NULL) {
        errmsg_set(ret_errmsg, "instrument", "must be given");
        return STATUS_INVALID;
    }
    struct instrument_problem *problems =
        arena_alloc((struct arena *)(uintptr_t)&request->arena, INSTRUMENT_PROBLEMS_MAX * sizeof *problems);
    size_t count = 0;
    if (problems == NULL)
        return STATUS_NO_MEMORY;
    enum status status = instrument_check(message->instrument, problems, &count);
    for (size_t i = 0; i < count && status != STATUS_OK; i++) {
        if (problems[i].only_opening)
            continue;
        *ret_errmsg = problems[i].errmsg;
        break;
    }
    return status;
}

void survey_design_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = INSTRUMENT_TEXT_BYTES_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_DESIGN,
                                             .call = store_survey_design,
                                             .check = design_check};
    message_verb_handle(request, &verb);
}

void survey_list_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = 100, .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_LIST, .call = store_survey_list};
    message_verb_handle(request, &verb);
}

static enum status fetch_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__SurveyFetchRequest *message = request->message->survey_fetch;
    if ((message->wave[0] != '\0') != (message->instrument[0] != '\0'))
        return STATUS_OK;
    errmsg_set(ret_errmsg, "wave", "exactly one of wave and instrument must be given");
    return STATUS_INVALID;
}

void survey_fetch_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 100,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_FETCH,
                                             .call = store_survey_fetch,
                                             .check = fetch_check};
    message_verb_handle(request, &verb);
}

static enum status wave_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__SurveyWaveRequest *message = request->message->survey_wave;
    if (message->wave == NULL)
        return must_be_given("", "wave", ret_errmsg);
    if ((unsigned)message->action > SAMORDNING__V1__WAVE_ACTION__WAVE_DO_CLOSE) {
        errmsg_set(ret_errmsg, "action", "%d is nothing that can be done with a wave", (int)message->action);
        return STATUS_INVALID;
    }
    return must_be_given(message->wave->key, "wave.key", ret_errmsg);
}

void survey_wave_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = WAVE_TEXT_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_WAVE,
                                             .call = store_survey_wave,
                                             .check = wave_check};
    message_verb_handle(request, &verb);
}

static enum status remind_check(const struct request *request, struct errmsg *ret_errmsg)
{
    return must_be_given(request->message->survey_remind->wave, "wave", ret_errmsg);
}

void survey_remind_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 300,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_REMIND,
                                             .call = store_survey_remind,
                                             .check = remind_check};
    message_verb_handle(request, &verb);
}

static enum status export_check(const struct request *request, struct errmsg *ret_errmsg)
{
    return must_be_given(request->message->survey_export->wave, "wave", ret_errmsg);
}

void survey_export_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 500,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_EXPORT,
                                             .call = store_survey_export,
                                             .check = export_check};
    message_verb_handle(request, &verb);
}

static enum status person_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__SurveyPersonRequest *message = request->message->survey_person;
    if (message->actor[0] != '\0' && !is_operator(request)) {
        errmsg_set(ret_errmsg, "actor", "only an operator asks for another organisation's seats");
        return STATUS_FORBIDDEN;
    }
    enum status status = must_be_given(message->wave, "wave", ret_errmsg);
    return status == STATUS_OK ? must_be_given(message->seat, "seat", ret_errmsg) : status;
}

void survey_person_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 400,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SURVEY_PERSON,
                                             .call = store_survey_person,
                                             .check = person_check};
    message_verb_handle(request, &verb);
}
