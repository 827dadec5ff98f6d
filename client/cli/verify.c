/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning verify: does a result that was kept come out again? */
#include "verify.h"
#include "compare.h"
#include "release.h"
#include "say.h"
#include "status.h"
#include "stored.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SHOWN_DEFAULT 20

/* A watermark is the program, then what it read; only the second says whether the inputs are the same. */
static const char *inputs_of(const char *watermark)
{
    const char *inputs = strstr(watermark, " register ");
    return inputs ? inputs + 1 : watermark;
}

bool verify_same_inputs(const char *watermark, const char *input_hash, const Samordning__V1__Card *again)
{
    return strcmp(inputs_of(watermark), inputs_of(again->watermark)) == 0 && strcmp(input_hash, again->input_hash) == 0;
}

static bool inputs_are_same(const Samordning__V1__Card *kept, const Samordning__V1__Card *again)
{
    bool same = verify_same_inputs(kept->watermark, kept->input_hash, again);
    if (same)
        printf(_("inputs: the same (%s)\n"), inputs_of(kept->watermark));
    else
        printf(_("inputs: changed, from \"%s\" to \"%s\"\n"), inputs_of(kept->watermark), inputs_of(again->watermark));
    return same;
}

static void show_programs(const Samordning__V1__Card *kept, const Samordning__V1__Card *again)
{
    const char *const pairs[][2] = {{kept->software, again->software}, {kept->engine, again->engine}};
    for (size_t i = 0; i < 2; i++)
        if (strcmp(pairs[i][0], pairs[i][1]) != 0)
            printf(_("program: was %s, is %s\n"), pairs[i][0], pairs[i][1]);
}

static int judge(const struct stored *stored, const Samordning__V1__AnalysisResponse *answer,
                 const Samordning__V1__Result *again, size_t shown)
{
    const Samordning__V1__Card *kept = stored->result->card;
    printf(_("result: %s, computed %s\nspecification: %s\n"), kept->family, kept->computed_at, kept->spec);
    bool inputs = inputs_are_same(kept, again->card);
    show_programs(kept, again->card);
    struct comparison comparison;
    compare_results(stored->result, again, stored->is_file, stored->is_file, shown, stdout, &comparison);
    /* Of a recompute that failed only the tables come, because they or the document differ. */
    bool document =
        stored->document.len == answer->document.len &&
        (answer->document.len == 0 || memcmp(stored->document.data, answer->document.data, answer->document.len) == 0);
    if (comparison.differences > shown)
        printf(_("... and %zu more; --show %zu shows them all\n"), comparison.differences - shown, comparison.differences);
    if (comparison.lacking > 0)
        printf(_("not compared: %zu tables or columns that the file does not have\n"), comparison.lacking);
    if (!document)
        puts(_("the document of the report differs"));
    if (comparison.differences == 0 && document)
        printf(_("same: %zu values in %zu tables and the card\n"), comparison.values, comparison.tables);
    else
        printf(_("different: %zu of %zu values\n"), comparison.differences, comparison.values);
    if (!inputs)
        return EXIT_CODE_INPUTS;
    return comparison.differences == 0 && document ? EXIT_CODE_OK : EXIT_CODE_DIFFERENT;
}

int verify_again(struct session *session, const char *family, const char *spec, const char *language,
                 const Samordning__V1__AnalysisResponse **ret_answer, Samordning__V1__Result **ret_result)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__AnalysisRequest analysis = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
    analysis.family = (char *)(uintptr_t)family;
    analysis.spec = (char *)(uintptr_t)spec;
    analysis.language = (char *)(uintptr_t)language;
    analysis.recompute = true;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    request.analysis = &analysis;
    const Samordning__V1__Response *response = NULL;
    int error = session_ask(session, &request, &response);
    /* What came out although it is not what is stored comes beside the error that says so. */
    bool differs = error == STATUS_INTERNAL && response && response->body_case == SAMORDNING__V1__RESPONSE__BODY_ANALYSIS;
    if (error != SAMORDNING_OK && !differs)
        return session_explain(session, error);
    Samordning__V1__Result *again = NULL;
    if (response && response->body_case == SAMORDNING__V1__RESPONSE__BODY_ANALYSIS)
        again = samordning__v1__result__unpack(NULL, response->analysis->result.len, response->analysis->result.data);
    if (!again || !again->card) {
        samordning__v1__result__free_unpacked(again, NULL);
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    *ret_answer = response->analysis;
    *ret_result = again;
    return EXIT_CODE_OK;
}

static int recompute(struct session *session, const struct stored *stored, size_t shown)
{
    const Samordning__V1__Card *card = stored->result->card;
    const Samordning__V1__AnalysisResponse *answer = NULL;
    Samordning__V1__Result *again = NULL;
    int code = verify_again(session, card->family, card->spec, stored->language, &answer, &again);
    if (code != EXIT_CODE_OK)
        return code;
    assert(answer && again);
    code = judge(stored, answer, again, shown);
    samordning__v1__result__free_unpacked(again, NULL);
    return code;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static int verify_run(const struct arguments *arguments)
{
    uint64_t shown;
    if (!arguments_number(arguments, "show", SHOWN_DEFAULT, 0, SIZE_MAX, &shown))
        return EXIT_CODE_USAGE;
    if (arguments->operand_count != 1) {
        say_error(
            _("verify needs one RESULT: the id of a stored one, a file that --format json wrote, or the folder of a release"));
        return EXIT_CODE_USAGE;
    }
    const char *wanted = arguments->operands[0];
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){.wait = SESSION_ANALYSIS}))
        return EXIT_CODE_USAGE;
    if (is_folder(wanted)) {
        int code = release_verify(&session, wanted);
        session_close(&session);
        return code;
    }
    struct stored stored;
    int code = stored_is_id(wanted) ? stored_fetch(&stored, &session, wanted, "") : stored_read(&stored, wanted);
    if (code == EXIT_CODE_OK && !stored.result->card) {
        say_error(_("the daemon's answer makes no sense"));
        code = EXIT_CODE_FAILED;
    }
    if (code == EXIT_CODE_OK)
        code = recompute(&session, &stored, (size_t)shown);
    stored_release(&stored);
    session_close(&session);
    return code;
}

static const struct option_row verify_options[] = {
    {"show", 0, N_("N"), N_("name the first N differences (default 20)"), NULL},
    {NULL},
};

const struct command command_verify = {
    .name = "verify",
    .summary = N_("compute a result again and compare"),
    .operands = N_("RESULT"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("RESULT is the id of a stored result (samordning results lists them) or a file that --format json wrote. It is "
                "computed "
                "again with the same family, specification, seed and language, and compared table by table and value by value: "
                "numbers "
                "by their bits, those of a file as JSON holds them. It says as well whether the inputs are still the same: the "
                "register's "
                "version and the hash of the reports that the watermark names.\n\n"
                "A file that was saved with --table or --columns is compared in what it has; --sort and --top change rows, and "
                "differ.\n\n"
                "Of the folder of a release (samordning publish) the checksums and the signature are checked, each result is "
                "computed again, and the files of data are compared byte by byte. A file that no checksum names is told of.")},
            {N_("EXIT STATUS"),
             N_("0: the same. 8: the inputs are the same and the result differs. 9: the inputs have changed since (the "
                "differences are shown all the same). Of a release: 8 also when a file or the signature is not as it was, or a "
                "file was "
                "added.")},
            {N_("EXAMPLES"), N_("    samordning verify 0b7e1c5e-7a52-4c39-9c79-3d1a3f0a5d11\n"
                                "    samordning metrics centrality --year 2025 --format json --output c.json\n"
                                "    samordning verify c.json\n"
                                "    samordning verify samordning-2025\n")},
            {NULL}},
    .tables = {verify_options, option_connection, option_common},
    .run = verify_run,
};
