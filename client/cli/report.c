/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning report: one file to read and pass on. */
#include "analysis.h"
#include "language.h"
#include "output.h"
#include "say.h"
#include "specification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_public(const struct arguments *arguments)
{
    return strcmp(arguments_text(arguments, "profile", ""), "public") == 0 ||
           specification_is(arguments_text(arguments, "spec", ""), "profile", "public");
}

static int report_run(const struct arguments *arguments)
{
    static const char *const languages[] = {"nb", "nn", "en", NULL};
    int chosen = 0;
    for (int i = 0; languages[i]; i++)
        if (strcmp(languages[i], language_own()) == 0)
            chosen = i;
    chosen = arguments_choice(arguments, "language", languages, chosen);
    const char *path = arguments_text(arguments, "output", NULL);
    static const char *const formats[] = {"html", "pdf", "text", "csv", "xlsx", NULL};
    if (chosen < 0 || arguments_choice(arguments, "format", formats, 0) < 0)
        return EXIT_CODE_USAGE;
    if (!path) {
        say_error(_("report needs --output FILE (\"-\" is standard output)"));
        return EXIT_CODE_USAGE;
    }
    if (arguments_has(arguments, "minimum-cell") && !is_public(arguments)) {
        say_error(_("--minimum-cell goes with --profile public"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){.wait = SESSION_ANALYSIS}))
        return EXIT_CODE_USAGE;
    const Samordning__V1__AnalysisResponse *answer;
    int code = analysis_ask(&session, arguments, "report", languages[chosen], &answer);
    struct output output;
    if (code == EXIT_CODE_OK && answer->document.len == 0) {
        say_error(_("the daemon's answer makes no sense"));
        code = EXIT_CODE_FAILED;
    }
    if (code == EXIT_CODE_OK && !output_open(&output, path))
        code = EXIT_CODE_INPUT;
    else if (code == EXIT_CODE_OK) {
        fwrite(answer->document.data, 1, answer->document.len, output.file);
        code = output_commit(&output) ? EXIT_CODE_OK : EXIT_CODE_INPUT;
    }
    session_close(&session);
    return code;
}

static const struct option_row report_options[] = {
    {"language", 'l', N_("LANGUAGE"), N_("nb, nn or en (default: that of the locale)"), "nb nn en"},
    {"format", 'f', N_("FORMAT"),
     N_("html (default), pdf, text (the summary, for an e-mail), csv (every table, in a ZIP file) or xlsx (every table, in a "
        "workbook)"),
     "html pdf text csv xlsx"},
    {"profile", 0, N_("NAME"), N_("internal (default) or public: without cases that are not decided and without small numbers"),
     "internal public"},
    {"minimum-cell", 0, N_("N"), N_("public: numbers of fewer events than N are not shown (default 5)"), NULL},
    {"for", 0, N_("ACTOR"), N_("only the numbers of this actor, for it alone, before the report is finished"), NULL},
    {"output", 'o', N_("FILE"), N_("where to write it (required); the file appears whole or not at all"), "@file"},
    {NULL},
};

const struct command command_report = {
    .name = "report",
    .summary = N_("write a report of a period"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("One self-contained HTML file with the map of the network, the tables, and how every "
                "number was made; the same on pages as a tagged PDF, its summary as plain text, or its "
                "tables as CSV or as a workbook. All of them are made at once and stored with the result.\n\n"
                "A ministry that only delivers may ask for --for with its own organisation number.")},
            {N_("EXAMPLES"), N_("    samordning report --year 2025 --language nn --output 2025.html\n"
                                "    samordning report --year 2025 --profile public --format pdf --output 2025.pdf\n"
                                "    samordning report --year 2025 --for 972417807 --output own.html\n")},
            {NULL}},
    .tables = {report_options, option_specification, option_connection, option_common},
    .run = report_run,
};
