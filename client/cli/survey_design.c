/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey design: stores a questionnaire as its next version. */
#include "say.h"
#include "survey.h"

#include <stdint.h>
#include <stdio.h>

static int store(struct session *session, const struct arguments *arguments, const Samordning__V1__Instrument *instrument)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyDesignRequest design = SAMORDNING__V1__SURVEY_DESIGN_REQUEST__INIT;
    const Samordning__V1__Response *response;
    design.instrument = (Samordning__V1__Instrument *)(uintptr_t)instrument;
    design.check_only = arguments_has(arguments, "check-only");
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_DESIGN;
    request.survey_design = &design;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_DESIGN, &response);
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
    struct survey_reading reading;
    arena_init(&arena, SURVEY_MEMORY_MAX);
    int code = survey_read(built_in ? NULL : arguments->operands[0], &arena, &reading);
    if (code == EXIT_CODE_OK || code == EXIT_CODE_REJECTED)
        survey_write_findings(&reading, stderr);
    if (code == EXIT_CODE_OK) {
        code = EXIT_CODE_USAGE;
        if (session_open(&session, arguments, &(struct session_choices){0})) {
            code = store(&session, arguments, reading.instrument);
            session_close(&session);
        }
    }
    arena_release(&arena);
    return code;
}
