/* SPDX-License-Identifier: GPL-3.0-or-later
 * All stored answers of a wave, page by page. */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT_PAGE 5000 /* rows */

int samordning_survey_export(struct samordning *s, const char *wave, samordning_survey_row_cb row, void *arg)
{
    char *after = NULL;
    int error = SAMORDNING_OK;
    for (bool more = true; more && error == SAMORDNING_OK;) {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        Samordning__V1__SurveyExportRequest export = SAMORDNING__V1__SURVEY_EXPORT_REQUEST__INIT;
        const Samordning__V1__Response *response;
        export.wave = (char *)(uintptr_t)wave;
        export.limit = EXPORT_PAGE;
        if (after != NULL)
            export.after = after;
        request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_EXPORT;
        request.survey_export = &export;
        error = samordning_call(s, &request, NULL, NULL, &response);
        if (error != SAMORDNING_OK)
            break;
        if (response->body_case != SAMORDNING__V1__RESPONSE__BODY_SURVEY_EXPORT) {
            errmsg_set(&s->last_error, "", "the daemon's answer makes no sense");
            error = SAMORDNING_E_PROTOCOL;
            break;
        }
        const Samordning__V1__SurveyExportResponse *page = response->survey_export;
        for (size_t i = 0; i < page->n_rows && error == SAMORDNING_OK; i++)
            if (page->rows[i]->answer != NULL)
                error = row(arg, page->rows[i]);
        more = page->next[0] != '\0' && (after == NULL || strcmp(after, page->next) != 0);
        char *next = more ? strdup(page->next) : NULL;
        free(after);
        after = next;
        if (more && next == NULL)
            error = SAMORDNING_E_MEMORY;
    }
    free(after);
    return error;
}
