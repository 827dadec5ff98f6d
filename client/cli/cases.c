/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning cases: what is known of cases besides what happened in them. */
#include "command.h"
#include "records.h"

#include <string.h>

static bool complete(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem)
{
    (void)arguments;
    (void)file;
    *ret_problem = (struct record_problem){"ref", _("is empty")};
    return ((Samordning__V1__CaseRecord *)record)->ref[0] != '\0';
}

static int cases_run(const struct arguments *arguments)
{
    static const char *const any[] = {"ref", NULL};
    static const struct record_kind kind = {.command = "cases",
                                            .noun = N_("cases"),
                                            .any = any,
                                            .record = &samordning__v1__case_record__descriptor,
                                            .import = &samordning__v1__case_import_request__descriptor,
                                            .list = &samordning__v1__case_list_request__descriptor,
                                            .import_body = SAMORDNING__V1__REQUEST__BODY_CASE_IMPORT,
                                            .list_body = SAMORDNING__V1__REQUEST__BODY_CASE_LIST,
                                            .complete = complete};
    return strcmp(arguments->action, "import") == 0 ? records_import(arguments, &kind) : records_list(arguments, &kind);
}

extern const struct command command_cases;
const struct command command_cases = {
    .name = "cases",
    .summary = N_("import and list what is known of cases"),
    .actions = "import list",
    .operands = N_("[FILE...]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("import reads a CSV file with a row for each case and the columns ref, title, owner, type, started_on, "
                "decided_on, effects; other columns are left alone. ref is the reference that interactions carry. owner is the "
                "ministry in charge, by key, number, abbreviation or name. effects, separated by semicolons, say what the case "
                "touches: state_budget, municipalities, business, climate, districts, international, equality, legislation, or "
                "none. They decide who must be consulted, and where nobody has stated them, that cannot be said. Empty fields "
                "change nothing, and importing a file again changes nothing.\n\n"
                "list shows them, with the first and last day on which something was reported.")},
            {N_("EXAMPLES"), N_("    samordning cases import cases.csv\n"
                                "    samordning cases import journal.csv --map ref=saksnummer,owner=ansvarlig\n"
                                "    samordning cases list --search klima --format csv\n")},
            {NULL}},
    .tables = {option_import, option_output, option_sorting, option_connection, option_common},
    .run = cases_run,
};
