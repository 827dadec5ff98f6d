/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asks the daemon for one family of numbers, a network or a report. */
#include "analysis.h"
#include "render.h"
#include "say.h"
#include "specification.h"

#include <string.h>

int analysis_ask(struct session *session, const struct arguments *arguments, const char *family, const char *language,
                 const Samordning__V1__AnalysisResponse **ret_answer)
{
    char spec[SPECIFICATION_MAX];
    int code = specification_build(session, arguments, spec);
    if (code != EXIT_CODE_OK)
        return code;
    /* What a format holds is asked for with it; a treatment of unknown ties is about all layers and the whole period. */
    bool treated = specification_value(spec, "missing") && !specification_is(spec, "missing", "unknown");
    int format = strcmp(family, "network") == 0 ? render_format_of(arguments, true) : RENDER_TABLE;
    if (format < 0 || (format == RENDER_GEXF && !treated && !specification_add(spec, "spells", "month")) ||
        (format == RENDER_DL && !treated && !specification_add(spec, "relations", "layers")))
        return EXIT_CODE_USAGE;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__AnalysisRequest analysis = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
    analysis.family = (char *)(uintptr_t)family;
    analysis.spec = spec;
    if (language)
        analysis.language = (char *)(uintptr_t)language;
    if (strcmp(family, "report") == 0)
        analysis.format = (char *)(uintptr_t)arguments_text(arguments, "format", "html");
    analysis.recompute = arguments_has(arguments, "recompute");
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    request.analysis = &analysis;
    const Samordning__V1__Response *response;
    code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_ANALYSIS, &response);
    if (code == EXIT_CODE_OK)
        *ret_answer = response->analysis;
    return code;
}

int analysis_show(const struct arguments *arguments, const char *family, bool is_network, const char *csv_table)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){.wait = SESSION_ANALYSIS}))
        return EXIT_CODE_USAGE;
    const Samordning__V1__AnalysisResponse *answer;
    int code = analysis_ask(&session, arguments, family, NULL, &answer);
    if (code == EXIT_CODE_OK) {
        Samordning__V1__Result *result = samordning__v1__result__unpack(NULL, answer->result.len, answer->result.data);
        if (result)
            code = render_result(result, arguments, is_network, csv_table);
        else
            code = EXIT_CODE_FAILED;
        if (!result)
            say_error(_("the daemon's answer makes no sense"));
        samordning__v1__result__free_unpacked(result, NULL);
    }
    session_close(&session);
    return code;
}
