/* SPDX-License-Identifier: GPL-3.0-or-later
 * Analysis: asks for numbers, passes on how far they are, and then the result as the worker packed it.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#include <string.h>

#define ANALYSIS_TEXT_MAX 8192

static void analysis_progressed(struct store_analysis *analysis, const char *phase, unsigned permille)
{
    struct request *request = analysis->call.owner;
    char phase_copy[100];
    Samordning__V1__Progress progress = SAMORDNING__V1__PROGRESS__INIT;
    Samordning__V1__AnalysisResponse answer = SAMORDNING__V1__ANALYSIS_RESPONSE__INIT;
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    size_t size = strlen(phase) < sizeof phase_copy ? strlen(phase) : sizeof phase_copy - 1;
    size = validate_utf8_prefix(phase, size);
    memcpy(phase_copy, phase, size);
    phase_copy[size] = '\0';
    progress.phase = phase_copy;
    progress.permille = permille;
    answer.progress = &progress;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ANALYSIS;
    response.analysis = &answer;
    request_progress(request, &response);
}

static void analysis_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    const struct store_analysis *analysis = request->state;
    Samordning__V1__AnalysisResponse answer = SAMORDNING__V1__ANALYSIS_RESPONSE__INIT;
    char media_type[100], state[16] = "", result_id[sizeof analysis->result_id];
    if (call->status != STATUS_OK && analysis->message == NULL) {
        request_fail_call(request, call);
        return;
    }
    /* Packing only reads; the message type has no const. */
    answer.result = (ProtobufCBinaryData){.len = analysis->message_size, .data = (uint8_t *)(uintptr_t)analysis->message};
    answer.document = (ProtobufCBinaryData){.len = analysis->document_size, .data = (uint8_t *)(uintptr_t)analysis->document};
    if (analysis->media_type != NULL && strlen(analysis->media_type) < sizeof media_type)
        answer.media_type = memcpy(media_type, analysis->media_type, strlen(analysis->media_type) + 1);
    answer.reused = analysis->reused;
    if (request->message->analysis->background || request->message->analysis->job != 0) {
        answer.job = (uint64_t)analysis->job;
        answer.state = memcpy(state, analysis->state, strlen(analysis->state) + 1);
        answer.result_id = memcpy(result_id, analysis->result_id, sizeof result_id);
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ANALYSIS;
    response.analysis = &answer;
    if (call->status != STATUS_OK)
        request_fail_call_with(request, call, &response); /* computed again, and not the same */
    else
        request_answer(request, &response);
}

/* A ministry that only delivers sees its own numbers in a report, and no others: for= must be its own number, once. A job to
 * follow may be of anybody, whatever the specification beside it says. */
static enum status own_check(const struct principal *principal, const Samordning__V1__AnalysisRequest *message,
                             struct errmsg *ret_errmsg)
{
    const uint32_t all = PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER) |
                         PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR);
    size_t named = 0, own = 0, length;
    if (principal->roles & all)
        return STATUS_OK;
    for (const char *word = message->spec; *(word += strspn(word, " \t\r\n")); word += length) {
        length = strcspn(word, " \t\r\n");
        named += strncmp(word, "for=", 4) == 0;
        own += length == 4 + strlen(principal->orgnr) && strncmp(word, "for=", 4) == 0 &&
               strncmp(word + 4, principal->orgnr, length - 4) == 0;
    }
    if (strcmp(message->family, "report") == 0 && named == 1 && own == 1 && !message->recompute && message->job == 0)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "spec", "the role submitter allows a report on the organisation itself, with for=%s, and no more",
               principal->orgnr);
    return STATUS_FORBIDDEN;
}

enum status document_format_check(const char *format, struct errmsg *ret_errmsg)
{
    static const char *const formats[] = {"", "html", "pdf", "text", "csv", "xlsx"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(format, formats[i]) == 0)
            return STATUS_OK;
    errmsg_set(ret_errmsg, "format", "\"%.20s\" is not one of html, pdf, text, csv, xlsx", format);
    return STATUS_INVALID;
}

void analysis_handle(struct request *request)
{
    const Samordning__V1__AnalysisRequest *message = request->message->analysis;
    struct store_analysis *analysis = arena_alloc(&request->arena, sizeof *analysis);
    struct errmsg errmsg = {0};
    enum status status = analysis == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, ANALYSIS_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && message->family[0] == '\0' && message->job == 0) {
        errmsg_set(&errmsg, "family", "must be given: network, graph, centrality, bottlenecks, gaps or report");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK)
        status = own_check(&request->principal, message, &errmsg);
    if (status == STATUS_OK)
        status = document_format_check(message->format, &errmsg);
    if (status == STATUS_OK && message->language[0] != '\0' && !validate_report_language(message->language)) {
        errmsg_set(&errmsg, "language", "must be nb, nn or en");
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *analysis = (struct store_analysis){.family = message->family,
                                        .spec = message->spec,
                                        .language = message->language,
                                        .format = message->format,
                                        .recompute = message->recompute,
                                        .background = message->background,
                                        .brief = message->brief,
                                        .job = message->job < INT64_MAX ? (int64_t)message->job : INT64_MAX,
                                        .state = "waiting",
                                        .progress = analysis_progressed};
    request->state = analysis;
    struct store *store = request_store(request, &analysis->call, analysis_stored);
    if (store == NULL)
        return;
    request->analysis = analysis;
    store_analyse(store, analysis);
}
