/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning need: instruments, goals and target groups, and who owns them. */
#include "command.h"
#include "records.h"

#include <string.h>
#include <strings.h>

static bool complete(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem)
{
    (void)file;
    Samordning__V1__NeedRecord *item = (Samordning__V1__NeedRecord *)record;
    if (!item->source[0])
        item->source = (char *)(uintptr_t)arguments_text(arguments, "source", "");
    *ret_problem = (struct record_problem){"key", _("is empty")};
    return item->key[0] || item->name[0];
}

/* Instruments name the goals and target groups they serve. */
static bool refers(const ProtobufCMessage *record)
{
    return strcasecmp(((const Samordning__V1__NeedRecord *)record)->kind, "instrument") == 0;
}

static int need_run(const struct arguments *arguments)
{
    static const char *const any[] = {"key", "name", NULL};
    static const struct record_kind kind = {.command = "need",
                                            .noun = N_("instruments, goals and target groups"),
                                            .any = any,
                                            .record = &samordning__v1__need_record__descriptor,
                                            .import = &samordning__v1__need_import_request__descriptor,
                                            .list = &samordning__v1__need_list_request__descriptor,
                                            .import_body = SAMORDNING__V1__REQUEST__BODY_NEED_IMPORT,
                                            .list_body = SAMORDNING__V1__REQUEST__BODY_NEED_LIST,
                                            .complete = complete,
                                            .refers = refers};
    return strcmp(arguments->action, "import") == 0 ? records_import(arguments, &kind) : records_list(arguments, &kind);
}

static const struct option_row need_options[] = {
    {"source", 0, N_("TEXT"), N_("import: the document it is from, where a row names none"), NULL},
    {NULL},
};

extern const struct command command_need;
const struct command command_need = {
    .name = "need",
    .summary = N_("import and list who needs whom: instruments, goals, target groups"),
    .actions = "import list",
    .operands = N_("[FILE...]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("import reads a CSV file with a row for each instrument (tiltak), goal (mål) or target group (målgruppe) and "
                "the columns kind, key, name, owner, role, share, valid_from, valid_to, goals, target_groups, cases, "
                "budget_post, source; other columns are left alone. kind is instrument, goal or target_group. goals and "
                "target_groups are what an instrument serves, by key, separated by semicolons; KEY=WEIGHT gives one more or "
                "less weight than 1. An item with several owners has a row for each. role is responsible or contributing, "
                "share is the owner's part, over 0 to 1. Importing a file again changes nothing.\n\n"
                "Bodies that own instruments serving the same goals and target groups need each other; samordning metrics need "
                "compares that with who had contact.")},
            {N_("EXAMPLES"), N_("    samordning need import need.csv --source \"Prop. 1 S (2024-2025)\"\n"
                                "    samordning need list --format csv\n"
                                "    samordning metrics need --year 2025 --layer meeting,working_group\n")},
            {NULL}},
    .tables = {need_options, option_import, option_output, option_sorting, option_connection, option_common},
    .run = need_run,
};
