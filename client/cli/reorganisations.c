/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning reorganisations: mergers, splits and other changes that make actors of actors. */
#include "command.h"
#include "records.h"

#include <string.h>

static bool complete(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem)
{
    (void)file;
    Samordning__V1__ReorganisationRecord *one = (Samordning__V1__ReorganisationRecord *)record;
    if (!one->source[0])
        one->source = (char *)(uintptr_t)arguments_text(arguments, "source", "");
    *ret_problem = (struct record_problem){"date", _("is empty")};
    return one->date[0] != '\0';
}

static int reorganisations_run(const struct arguments *arguments)
{
    static const char *const any[] = {"date", NULL};
    static const struct record_kind kind = {.command = "reorganisations",
                                            .noun = N_("reorganisations"),
                                            .any = any,
                                            .record = &samordning__v1__reorganisation_record__descriptor,
                                            .import = &samordning__v1__reorganisation_import_request__descriptor,
                                            .list = &samordning__v1__reorganisation_list_request__descriptor,
                                            .import_body = SAMORDNING__V1__REQUEST__BODY_REORGANISATION_IMPORT,
                                            .list_body = SAMORDNING__V1__REQUEST__BODY_REORGANISATION_LIST,
                                            .complete = complete};
    return strcmp(arguments->action, "import") == 0 ? records_import(arguments, &kind) : records_list(arguments, &kind);
}

static const struct option_row reorganisations_options[] = {
    {"source", 0, N_("TEXT"), N_("import: the document it is from, where a row names none"), NULL},
    {NULL},
};

extern const struct command command_reorganisations;
const struct command command_reorganisations = {
    .name = "reorganisations",
    .summary = N_("import and list mergers, splits and other reorganisations of actors"),
    .actions = "import list",
    .operands = N_("[FILE...]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("import reads a CSV file with a row for each reorganisation and the columns date, change, before, after, "
                "source; "
                "other columns are left alone. date is the first day it holds. change is merger, incorporation (into one that "
                "goes on), split, separation (from one that goes on) or reorganisation, or one of the change codes of "
                "Forvaltningsdatabasen that mean these. before and after are the actors, by key, number, abbreviation or name, "
                "separated by semicolons; KEY=SHARE in after gives it that share of each of those before, and without shares "
                "all get equal parts. Of a separation shares must be stated, and the one that goes on is both before and "
                "after. "
                "The actors must be in the register, with the days they began and ended: a founding, an end without a "
                "successor "
                "and a change of name are not reorganisations, but rows of samordning actors. Importing a file again changes "
                "nothing; the same actors on the same day with another change or other shares correct what was there.\n\n"
                "Analyses with --view as-now follow actors through reorganisations; the pages draw them.")},
            {N_("EXAMPLES"), N_("    samordning reorganisations import mergers.csv --source \"Prop. 1 S (2023-2024)\"\n"
                                "    samordning reorganisations list --format csv\n")},
            {NULL}},
    .tables = {reorganisations_options, option_import, option_output, option_sorting, option_connection, option_common},
    .run = reorganisations_run,
};
