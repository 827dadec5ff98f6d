/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning results: what is stored, and one of it again. */
#include "analysis.h"
#include "output.h"
#include "render.h"
#include "say.h"
#include "stored.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define PAGE_MAX      500

static void add_row(struct grid *grid, const Samordning__V1__StoredResult *found)
{
    const char *const texts[] = {found->id, found->family, found->computed_at, found->language, found->spec};
    for (size_t c = 0; c < 5; c++)
        grid_text(grid, c, texts[c]);
    grid_number(grid, 5, found->seconds);
    grid_text(grid, 6, found->software);
    grid_text(grid, 7, found->watermark);
    grid_text(grid, 8, found->superseded_by);
}

static int list(struct session *session, const struct arguments *arguments, uint64_t limit, struct grid *grid)
{
    static const char *const columns[] = {"id",      "family",   "computed_at", "language",     "spec",
                                          "seconds", "software", "watermark",   "superseded_by"};
    grid_table(grid, "results");
    for (size_t c = 0; c < 9; c++)
        grid_column(grid, columns[c], c != 5);
    char *after = NULL;
    int code = EXIT_CODE_OK;
    for (bool more = true; more && code == EXIT_CODE_OK && limit > 0;) {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        Samordning__V1__ResultRequest page = SAMORDNING__V1__RESULT_REQUEST__INIT;
        const Samordning__V1__Response *response;
        page.family = (char *)(uintptr_t)arguments_text(arguments, "family", "");
        page.spec = (char *)(uintptr_t)arguments_text(arguments, "containing", "");
        page.limit = (uint32_t)(limit < PAGE_MAX ? limit : PAGE_MAX);
        page.after = after ? after : (char *)(uintptr_t) "";
        request.body_case = SAMORDNING__V1__REQUEST__BODY_RESULT;
        request.result = &page;
        code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_RESULT, &response);
        free(after);
        after = NULL;
        if (code != EXIT_CODE_OK)
            break;
        for (size_t i = 0; i < response->result->n_results && limit > 0; i++, limit--)
            add_row(grid, response->result->results[i]);
        after = strdup(response->result->next);
        more = after && after[0];
        grid->failed |= !after;
    }
    free(after);
    return code;
}

static int write_document(const struct stored *stored, const char *path)
{
    struct output output;
    if (!output_open(&output, path))
        return EXIT_CODE_INPUT;
    fwrite(stored->document.data, 1, stored->document.len, output.file);
    return output_commit(&output) ? EXIT_CODE_OK : EXIT_CODE_INPUT;
}

static int show(struct session *session, const struct arguments *arguments, const char *id)
{
    struct stored stored;
    if (!stored_is_id(id)) {
        say_error(_("\"%s\" is not the id of a result"), id);
        return EXIT_CODE_USAGE;
    }
    bool document = arguments_has(arguments, "document");
    int code = stored_fetch(&stored, session, id, document ? arguments_text(arguments, "format", "html") : "");
    if (code == EXIT_CODE_OK && stored.superseded_by[0])
        say_hint(_("superseded by %s: %s"), stored.superseded_by, stored.superseded_reason);
    if (code == EXIT_CODE_OK && document && stored.document.len == 0) {
        say_error(_("only reports have a document"));
        code = EXIT_CODE_USAGE;
    } else if (code == EXIT_CODE_OK && document) {
        code = write_document(&stored, arguments_text(arguments, "output", NULL));
    } else if (code == EXIT_CODE_OK) {
        bool is_network = stored.result->card && strcmp(stored.result->card->family, "network") == 0;
        code = render_result(stored.result, arguments, is_network, NULL);
    }
    stored_release(&stored);
    return code;
}

static int supersede(struct session *session, const struct arguments *arguments, const char *id)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SupersedeRequest supersede = SAMORDNING__V1__SUPERSEDE_REQUEST__INIT;
    const Samordning__V1__Response *response;
    supersede.id = (char *)(uintptr_t)id;
    supersede.by = (char *)(uintptr_t)arguments_text(arguments, "superseded-by", "");
    supersede.reason = (char *)(uintptr_t)arguments_text(arguments, "reason", "");
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUPERSEDE;
    request.supersede = &supersede;
    return session_call(session, &request, &response);
}

static int results_run(const struct arguments *arguments)
{
    uint64_t limit;
    if (!arguments_number(arguments, "limit", LIMIT_DEFAULT, 1, 1000000, &limit))
        return EXIT_CODE_USAGE;
    if (arguments->operand_count > 1) {
        say_error(_("results takes one ID at most"));
        return EXIT_CODE_USAGE;
    }
    bool supersedes = arguments_has(arguments, "superseded-by");
    if (supersedes && arguments->operand_count == 0) {
        say_error(_("--superseded-by needs the ID of the result that it takes the place of"));
        return EXIT_CODE_USAGE;
    }
    if (supersedes != arguments_has(arguments, "reason")) {
        say_error(_("--superseded-by and --reason go together"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    int code;
    if (supersedes) {
        code = supersede(&session, arguments, arguments->operands[0]);
    } else if (arguments->operand_count == 1) {
        code = show(&session, arguments, arguments->operands[0]);
    } else {
        struct grid grid;
        grid_init(&grid);
        code = list(&session, arguments, limit, &grid);
        if (code == EXIT_CODE_OK && grid.failed) {
            say_error(_("out of memory"));
            code = EXIT_CODE_FAILED;
        }
        if (code == EXIT_CODE_OK)
            code = render_result(&grid.result, arguments, false, NULL);
        grid_release(&grid);
    }
    session_close(&session);
    return code;
}

static const struct option_row results_options[] = {
    {"family", 0, N_("NAME"), N_("list: only this family"), "network report " ANALYSIS_METRICS},
    {"containing", 0, N_("TEXT"), N_("list: only whose specification holds TEXT, as in \"from=2025-01-01 \""), NULL},
    {"limit", 0, N_("N"), N_("list: the newest N (default 50)"), NULL},
    {"document", 0, NULL,
     N_("with the ID of a report: its document, in the form --format html (default), pdf, text, csv or xlsx"), NULL},
    {"superseded-by", 0, N_("ID"), N_("with the ID of a result: from now on it says that this one takes its place"), NULL},
    {"reason", 0, N_("TEXT"), N_("with --superseded-by: why"), NULL},
    {"format", 'f', N_("FORMAT"), N_("table (default), csv or json; of a network also graphml, gexf, pajek and dl"),
     "table csv json graphml gexf pajek dl html pdf text xlsx"},
    {"labels", 0, N_("LETTERS"), N_("labels of pajek (default utf8) and dl (default ascii): utf8 or ascii"), "utf8 ascii"},
    {"output", 'o', N_("FILE"), N_("write to FILE, which appears whole or not at all"), "@file"},
    {NULL},
};

const struct command command_results = {
    .name = "results",
    .summary = N_("list stored results, or show one again"),
    .operands = N_("[ID]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("Every result is kept with its specification, the data's watermark and the seed. Without an ID they are "
                "listed, the newest first; with one that result is shown as it was when it was computed. A stored result never "
                "changes. When a better one has taken its place, --superseded-by says so, with the reason; both keep their "
                "ids.")},
            {N_("EXAMPLES"),
             N_("    samordning results --family centrality --limit 5\n"
                "    samordning results 0b7e1c5e-7a52-4c39-9c79-3d1a3f0a5d11 --format json\n"
                "    samordning results 0b7e1c5e-7a52-4c39-9c79-3d1a3f0a5d11 \\\n"
                "        --superseded-by 5d0b2f6e-0f0d-4a55-8f34-6d1f6c1b9f10 --reason \"two ministries were merged\"\n")},
            {NULL}},
    .tables = {results_options, option_sorting, option_connection, option_common},
    .run = results_run,
};
