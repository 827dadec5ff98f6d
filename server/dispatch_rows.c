/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of messages: a row for each member of Request.body (a test compares).
 */
#include "dispatch.h"
#include "handlers/handlers.h"

#define SUBMITTER  PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER)
#define RESEARCHER PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER)
#define OPERATOR   PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR)
#define KIB        ((size_t)1024)
#define MIB        (1024 * KIB)

/* clang-format off */
#define ROW(case_, name_, roles_, hello_, long_, store_, bytes_, answer_)                                                              \
    {.body = SAMORDNING__V1__REQUEST__BODY_##case_, .name = #name_, .roles = roles_, .before_hello = hello_, .is_long = long_, \
     .needs_store = store_,                                                                                                   \
     .max_bytes = bytes_, .answer_bytes = answer_, .handle = name_##_handle}

const struct dispatch_row dispatch_rows[] = {
    /*  body           name           who                              before hello  long   store  bytes, answer */
    ROW(HELLO,         hello,         0,                               true,         false, false, 4 * KIB,  4 * KIB),
    ROW(SUBMIT,        submit,        SUBMITTER,                       false,        false, true,  0,  64 * KIB),
    ROW(WITHDRAW,      withdraw,      SUBMITTER,                       false,        false, true,  0,  64 * KIB),
    ROW(STATUS,        status,        SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  64 * KIB),
    ROW(ACTOR_IMPORT,  actor_import,  OPERATOR,                        false,        false, true,  0,  1 * MIB),
    ROW(ACTOR_LIST,    actor_list,    SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  16 * MIB),
    ROW(ACTOR_RESOLVE, actor_resolve, OPERATOR,                        false,        false, true,  0,  64 * KIB),
    ROW(CASE_IMPORT,   case_import,   OPERATOR,                        false,        false, true,  0,  1 * MIB),
    ROW(CASE_LIST,     case_list,     SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  16 * MIB),
    ROW(NEED_IMPORT,   need_import,   OPERATOR,                        false,        false, true,  0,  1 * MIB),
    ROW(NEED_LIST,     need_list,     SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  16 * MIB),
    ROW(REORGANISATION_IMPORT, reorganisation_import, OPERATOR,        false,        false, true,  0,  1 * MIB),
    ROW(REORGANISATION_LIST, reorganisation_list, SUBMITTER|RESEARCHER|OPERATOR, false, false, true,  4 * KIB,  16 * MIB),
    ROW(LAYER,         layer,         SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  64 * KIB,  1 * MIB),
    ROW(ANALYSIS,      analysis,      SUBMITTER|RESEARCHER|OPERATOR,   false,        true,  true,  16 * KIB,  256 * MIB),
    ROW(RESULT,        result,        RESEARCHER|OPERATOR,             false,        false, true,  16 * KIB,  256 * MIB),
    ROW(JOB,           job,           RESEARCHER|OPERATOR,             false,        false, true,  4 * KIB,  64 * KIB),
    ROW(TOKEN,         token,         OPERATOR,                        false,        false, true,  4 * KIB,  1 * MIB),
    ROW(CANCEL,        cancel,        SUBMITTER|RESEARCHER|OPERATOR,   false,        false, false, 4 * KIB,  4 * KIB),
    ROW(COMMENT,       comment,       SUBMITTER|OPERATOR,              false,        false, true,  32 * KIB,  4 * MIB),
    ROW(SURVEY_DESIGN, survey_design, OPERATOR,                        false,        false, true,  4 * MIB,  1 * MIB),
    ROW(SURVEY_LIST,   survey_list,   SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  16 * MIB),
    ROW(SURVEY_FETCH,  survey_fetch,  SUBMITTER|RESEARCHER|OPERATOR,   false,        false, true,  4 * KIB,  64 * MIB),
    ROW(SURVEY_WAVE,   survey_wave,   OPERATOR,                        false,        false, true,  64 * KIB,  1 * MIB),
    ROW(SURVEY_INVITE, survey_invite, OPERATOR,                        false,        false, true,  0,  16 * MIB),
    ROW(SURVEY_REMIND, survey_remind, OPERATOR,                        false,        false, true,  64 * KIB,  64 * KIB),
    ROW(SURVEY_ANSWER, survey_answer, SUBMITTER,                       false,        false, true,  0,  64 * MIB),
    ROW(SURVEY_EXPORT, survey_export, RESEARCHER|OPERATOR,             false,        false, true,  4 * KIB,  64 * MIB),
    ROW(SURVEY_PERSON, survey_person, SUBMITTER|OPERATOR,              false,        false, true,  4 * KIB,  64 * MIB),
    ROW(SCHEDULE,      schedule,      OPERATOR,                        false,        false, true,  16 * KIB,  4 * MIB),
    ROW(SCHEDULE_HISTORY, schedule_history, OPERATOR|RESEARCHER,       false,        false, true,  4 * KIB,  4 * MIB),
    ROW(SUPERSEDE,     supersede,     OPERATOR,                        false,        false, true,  4 * KIB,  4 * KIB),
    ROW(RELEASE,       release,       RESEARCHER|OPERATOR,             false,        false, true,  8 * KIB,  4 * KIB),
    ROW(ENROL,         enrol,         OPERATOR,                        false,        false, true,  64 * KIB,  64 * KIB),
};
/* clang-format on */
const size_t dispatch_row_count = sizeof dispatch_rows / sizeof dispatch_rows[0];

const struct dispatch_row *dispatch_find(Samordning__V1__Request__BodyCase body)
{
    for (size_t i = 0; i < dispatch_row_count; i++)
        if (dispatch_rows[i].body == body)
            return &dispatch_rows[i];
    return NULL;
}

enum status dispatch_permit(const struct dispatch_row *row, const struct principal *principal)
{
    if (principal->organisation == 0)
        return STATUS_UNAUTHENTICATED;
    return row->roles == 0 || (row->roles & principal->roles) != 0 ? STATUS_OK : STATUS_FORBIDDEN;
}
