/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey design: stores a questionnaire as its next version. */
#include "instrument.h"
#include "json.h"
#include "say.h"
#include "survey.h"

#include <stdio.h>
#include <string.h>

/* Everything that is wrong, with its place in the file; of texts that only an opening needs, too. True: it can be stored. */
static bool check(const char *path, const char *text, size_t size, const Samordning__V1__Instrument *instrument,
                  struct arena *arena)
{
    struct instrument_problem *problems = arena_alloc(arena, INSTRUMENT_PROBLEMS_MAX * sizeof *problems);
    size_t count = 0;
    if (!problems) {
        say_error(_("out of memory"));
        return false;
    }
    enum status status = instrument_check(instrument, problems, &count);
    for (size_t i = 0; i < count; i++) {
        unsigned line, column;
        instrument_locate(text, size, problems[i].errmsg.field, &line, &column);
        say_hint("%s:%u:%u: %s: %s", path, line, column, problems[i].errmsg.field, problems[i].errmsg.text);
    }
    return status == STATUS_OK;
}

static int read_instrument(const char *path, struct arena *arena, Samordning__V1__Instrument **ret_instrument)
{
    const char *text = instrument_builtin_json;
    char *from_file;
    size_t size = instrument_builtin_json_size;
    if (path && !survey_read_text(path, arena, &from_file, &size))
        return EXIT_CODE_INPUT;
    if (path)
        text = from_file;
    else
        path = "samordning";
    json_error_t error;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        say_hint("%s:%d:%d: %s", path, error.line, error.column, error.text);
        return EXIT_CODE_REJECTED;
    }
    struct errmsg errmsg = {0};
    ProtobufCMessage *message;
    enum status status = json_to_message(json, &samordning__v1__instrument__descriptor, arena, &message, &errmsg);
    json_decref(json);
    if (status != STATUS_OK) {
        unsigned line, column;
        instrument_locate(text, size, errmsg.field, &line, &column);
        say_hint("%s:%u:%u: %s%s%s", path, line, column, errmsg.field, errmsg.field[0] ? ": " : "", errmsg.text);
        return EXIT_CODE_REJECTED;
    }
    *ret_instrument = (Samordning__V1__Instrument *)(void *)message;
    return check(path, text, size, *ret_instrument, arena) ? EXIT_CODE_OK : EXIT_CODE_REJECTED;
}

static int store(struct session *session, const struct arguments *arguments, Samordning__V1__Instrument *instrument)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyDesignRequest design = SAMORDNING__V1__SURVEY_DESIGN_REQUEST__INIT;
    const Samordning__V1__Response *response;
    design.instrument = instrument;
    design.check_only = arguments_has(arguments, "check-only");
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_DESIGN;
    request.survey_design = &design;
    int code = survey_call(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_DESIGN, &response);
    if (code != EXIT_CODE_OK)
        return code;
    const Samordning__V1__SurveyDesignResponse *stored = response->survey_design;
    printf(design.check_only        ? _("%s: would be version %u\n")
           : stored->already_stored ? _("%s: version %u says the same\n")
                                    : _("%s: stored as version %u\n"),
           stored->key, stored->version);
    return EXIT_CODE_OK;
}

int survey_design(const struct arguments *arguments)
{
    bool built_in = arguments_has(arguments, "builtin");
    if (built_in == (arguments->operand_count > 0)) {
        say_error(_("survey design needs either a file or --builtin"));
        return EXIT_CODE_USAGE;
    }
    struct arena arena;
    struct session session;
    Samordning__V1__Instrument *instrument;
    arena_init(&arena, SURVEY_MEMORY_MAX);
    int code = read_instrument(built_in ? NULL : arguments->operands[0], &arena, &instrument);
    if (code == EXIT_CODE_OK) {
        code = EXIT_CODE_USAGE;
        if (session_open(&session, arguments, &(struct session_choices){0})) {
            code = store(&session, arguments, instrument);
            session_close(&session);
        }
    }
    arena_release(&arena);
    return code;
}
