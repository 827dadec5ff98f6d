/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning publish: results as open data. */
#include "civil_time.h"
#include "release.h"
#include "say.h"
#include "session.h"
#include "specification.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MINIMUM_CELL_DEFAULT 5

static const char *const families_default[] = {"graph", "centrality", "gaps", "bottlenecks", "duty", "objections", "righttime"};

/* ------------------------------------------------------------------------------------------------------ reading options */
/* An address with nothing in it that Turtle or a shell could take for something else. */
static bool is_address(const char *text)
{
    bool scheme = strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
    for (const char *at = text; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("-._~:/@!&'()*+,;=%", *at))
            return false;
    return scheme && text[strlen(text) - 1] != '/';
}

/* The record has one publisher, with its name and number: whoever signs, unless another name is given. */
static bool read_about(const struct arguments *arguments, struct session *session, const char *signer,
                       struct release_about *about)
{
    static const char *const needed[] = {"base", "contact"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (!arguments_has(arguments, needed[i])) {
            say_error(_("publish needs --base ADDRESS and --contact ADDRESS"));
            return false;
        }
    }
    about->base = arguments_text(arguments, "base", "");
    about->contact = arguments_text(arguments, "contact", "");
    about->publisher = arguments_text(arguments, "publisher", signer ? signer : samordning_operator(session->handle));
    about->orgnr = samordning_organisation(session->handle);
    about->title_nb = arguments_text(arguments, "title", "Samordning i staten");
    about->title_nn = arguments_has(arguments, "title") ? about->title_nb : "Samordning i staten";
    about->title_en = arguments_has(arguments, "title") ? about->title_nb : "Coordination in central government";
    if (!is_address(about->base)) {
        say_error(_("--base: \"%s\" is not an address such as https://data.example.no/samordning/2025"), about->base);
        return false;
    }
    if (!strchr(about->contact, '@') || strpbrk(about->contact, " <>\"\\\n")) {
        say_error(_("--contact: \"%s\" is not an address of e-mail"), about->contact);
        return false;
    }
    if (!about->publisher || !about->publisher[0]) {
        say_error(_("the daemon does not say who runs it: give --publisher NAME"));
        return false;
    }
    return true;
}

/* The value of a key up to the next blank. */
static void value_of(const char *spec, const char *key, char *ret_value, size_t size)
{
    const char *value = specification_value(spec, key);
    snprintf(ret_value, size, "%.*s", value ? (int)strcspn(value, " ") : 0, value ? value : "");
}

static bool build_spec(struct session *session, const struct arguments *arguments, unsigned minimum,
                       char spec[SPECIFICATION_MAX], int *ret_code)
{
    char cell[16], level[16];
    *ret_code = specification_build(session, arguments, spec);
    if (*ret_code != EXIT_CODE_OK)
        return false;
    *ret_code = EXIT_CODE_USAGE;
    value_of(spec, "level", level, sizeof level);
    if (strcmp(level, "unit") == 0) {
        say_error(_("units are too small to be published: choose another --level"));
        return false;
    }
    bool given = arguments_has(arguments, "minimum-cell"); /* in the specification as the option is */
    if (specification_value(spec, "profile") || (specification_value(spec, "minimum-cell") && !given)) {
        say_error(_("a release is public: profile and minimum-cell are publish's own"));
        return false;
    }
    snprintf(cell, sizeof cell, "%u", minimum);
    return specification_add(spec, "profile", "public") && (given || specification_add(spec, "minimum-cell", cell));
}

/* ------------------------------------------------------------------------------------------------------------ the results */
static int fetch(struct session *session, struct release_about *about, const char *family)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__AnalysisRequest analysis = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
    const Samordning__V1__Response *response;
    analysis.family = (char *)(uintptr_t)family;
    analysis.spec = (char *)(uintptr_t)about->spec;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    request.analysis = &analysis;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_ANALYSIS, &response);
    if (code != EXIT_CODE_OK)
        return code;
    Samordning__V1__Result *result =
        samordning__v1__result__unpack(NULL, response->analysis->result.len, response->analysis->result.data);
    if (!result || !result->card) {
        samordning__v1__result__free_unpacked(result, NULL);
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    about->parts[about->part_count++] = (struct release_part){family, result};
    return EXIT_CODE_OK;
}

/* Families whose tables hold no counts of single events, or whose small ones a public result hides. */
#define PUBLISHABLE "graph centrality gaps bottlenecks duty objections righttime time brokerage communities need"

static bool is_publishable(const char *family)
{
    size_t size = strlen(family), length;
    for (const char *name = PUBLISHABLE; *name; name += length + strspn(name + length, " ")) {
        length = strcspn(name, " ");
        if (length == size && memcmp(name, family, size) == 0)
            return true;
    }
    say_error(_("--family: \"%s\" is not one that may be published: %s"), family, PUBLISHABLE);
    return false;
}

static int fetch_all(struct session *session, const struct arguments *arguments, struct release_about *about)
{
    bool chosen = arguments_has(arguments, "family");
    size_t count = sizeof families_default / sizeof families_default[0];
    int code = EXIT_CODE_OK;
    const char *family;
    for (size_t i = 0; code == EXIT_CODE_OK; i++) {
        family = chosen ? arguments_nth(arguments, "family", i) : i < count ? families_default[i] : NULL;
        if (!family)
            break;
        if (!is_publishable(family))
            return EXIT_CODE_USAGE;
        for (size_t k = 0; k < about->part_count; k++) {
            if (strcmp(about->parts[k].family, family) == 0) {
                say_error(_("--family %s is given twice"), family);
                return EXIT_CODE_USAGE;
            }
        }
        if (about->part_count == RELEASE_PARTS_MAX) {
            say_error(_("a release has at most %d families"), RELEASE_PARTS_MAX);
            return EXIT_CODE_USAGE;
        }
        code = fetch(session, about, family);
    }
    return code;
}

/* --------------------------------------------------------------------------------------------------------------- the files */
static bool write_data(struct release *release, const struct release_part *part)
{
    const Samordning__V1__Result *result = part->result;
    for (size_t t = 0; t < result->n_tables; t++) {
        FILE *file = release_begin(release);
        bool made = file && release_data(file, result, result->tables[t]->name);
        if (!release_end(release, made, "text/csv", "data/%s.%s.csv", part->family, result->tables[t]->name))
            return false;
    }
    FILE *file = release_begin(release);
    bool made = file && release_data(file, result, NULL);
    return release_end(release, made, "application/json", "data/%s.json", part->family);
}

static bool write_descriptions(struct release *release, const struct release_about *about)
{
    static const struct {
        const char *name;
        bool (*write)(FILE *file, const struct release_about *about);
    } files[] = {{"codebook.csv", release_codebook},
                 {"csv-metadata.json", release_csvw},
                 {"release.json", release_manifest},
                 {"README.md", release_readme}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        FILE *file = release_begin(release);
        bool made = file && files[i].write(file, about);
        if (!release_end(release, made, NULL, "%s", files[i].name))
            return false;
    }
    FILE *file = release_begin(release);
    bool made = file && release_dcat(file, about, release);
    return release_end(release, made, NULL, "dcat.ttl");
}

/* Of the sums as they were written just now. */
static bool write_signature(struct release *release, const char *bundle)
{
    char *sums = NULL;
    size_t size = 0, signature_size = 0;
    uint8_t *signature = NULL;
    FILE *text = open_memstream(&sums, &size);
    if (!text) {
        say_error(_("out of memory"));
        return false;
    }
    for (size_t i = 0; i + 1 < release->file_count; i++) /* all but the sums' own */
        fprintf(text, "%s  %s\n", release->files[i].sha256, release->files[i].path);
    bool good = fclose(text) == 0 && release_sign(bundle, sums, size, &signature, &signature_size);
    FILE *file = good ? release_begin(release) : NULL;
    if (file)
        fwrite(signature, 1, signature_size, file);
    good = file && release_end(release, true, NULL, "SHA256SUMS.p7s");
    OPENSSL_free(signature);
    free(sums);
    return good;
}

/* The digest of its sums stands for the whole of it. */
static int write_release(const struct release_about *about, const char *bundle, const char *final, char ret_digest[65])
{
    struct release release;
    if (!release_open(&release, final))
        return EXIT_CODE_INPUT;
    bool good = true;
    for (size_t p = 0; p < about->part_count && good; p++)
        good = write_data(&release, &about->parts[p]);
    good = good && write_descriptions(&release, about) && release_sums(&release) && write_signature(&release, bundle) &&
           release_commit(&release);
    if (!good) {
        release_abandon(&release);
        return EXIT_CODE_INPUT;
    }
    for (size_t i = 0; i < release.file_count; i++)
        if (strcmp(release.files[i].path, "SHA256SUMS") == 0)
            memcpy(ret_digest, release.files[i].sha256, 65);
    printf(_("%s: %zu files of %zu families, signed\n"), final, release.file_count, about->part_count);
    return EXIT_CODE_OK;
}

/* The knowledge base counts it in the languages of its README.md. */
static int note_release(struct session *session, const struct release_about *about, char digest[65])
{
    static const char *const languages[] = {"nb", "nn", "en"};
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__ReleaseRequest note = SAMORDNING__V1__RELEASE_REQUEST__INIT;
    const Samordning__V1__Response *response;
    char *results[RELEASE_PARTS_MAX];
    for (size_t p = 0; p < about->part_count; p++)
        results[p] = about->parts[p].result->id;
    note.digest = digest;
    note.address = (char *)(uintptr_t)about->base;
    note.languages = (char **)(uintptr_t)languages;
    note.n_languages = sizeof languages / sizeof languages[0];
    note.results = results;
    note.n_results = about->part_count;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_RELEASE;
    request.release = &note;
    return session_call(session, &request, &response);
}

static int publish(struct session *session, const struct arguments *arguments, const char *signer)
{
    uint64_t minimum;
    char spec[SPECIFICATION_MAX], from[SPECIFICATION_DAY_SIZE], to[SPECIFICATION_DAY_SIZE], issued[SPECIFICATION_DAY_SIZE],
        digest[65] = "";
    struct release_about about = {.spec = spec, .from = from, .to = to, .issued = issued};
    if (!arguments_number(arguments, "minimum-cell", MINIMUM_CELL_DEFAULT, 3, 50, &minimum))
        return EXIT_CODE_USAGE;
    about.minimum_cell = (unsigned)minimum;
    int code = samordning_connect(session->handle);
    if (code != SAMORDNING_OK)
        return session_explain(session, code);
    if (!read_about(arguments, session, signer, &about))
        return EXIT_CODE_USAGE;
    if (!build_spec(session, arguments, about.minimum_cell, spec, &code))
        return code;
    value_of(spec, "from", from, sizeof from);
    value_of(spec, "to", to, sizeof to);
    civil_day_format(civil_day_of((int64_t)time(NULL) * 1000000), issued);
    code = fetch_all(session, arguments, &about);
    if (code == EXIT_CODE_OK)
        code = write_release(&about, session->bundle, arguments->operands[0], digest);
    if (code == EXIT_CODE_OK)
        code = note_release(session, &about, digest);
    for (size_t p = 0; p < about.part_count; p++)
        samordning__v1__result__free_unpacked((Samordning__V1__Result *)(uintptr_t)about.parts[p].result, NULL);
    return code;
}

static int publish_run(const struct arguments *arguments)
{
    if (arguments->operand_count != 1) {
        say_error(_("publish needs one FOLDER, a new one"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){.wait = SESSION_ANALYSIS}))
        return EXIT_CODE_USAGE;
    char *signer = release_signer_name(session.bundle);
    int code = publish(&session, arguments, signer);
    free(signer);
    session_close(&session);
    return code;
}

static const struct option_row publish_options[] = {
    {"base", 0, N_("ADDRESS"), N_("where the release will be found, as https://data.example.no/samordning/2025 (required)"),
     NULL},
    {"contact", 0, N_("ADDRESS"), N_("whom to ask about it, an address of e-mail (required)"), NULL},
    {"publisher", 0, N_("NAME"), N_("who publishes it (default: whom the bundle's certificate names)"), NULL},
    {"title", 0, N_("TEXT"), N_("its title (default: Samordning i staten)"), NULL},
    {"family", 0, N_("NAME"), N_("a family of numbers, may be repeated (default: seven of them)"), PUBLISHABLE},
    {"minimum-cell", 0, N_("N"), N_("no number stands on fewer events than this (default 5, at least 3)"), NULL},
    {NULL},
};

extern const struct command command_publish;
const struct command command_publish = {
    .name = "publish",
    .summary = N_("make an open-data release of results"),
    .operands = N_("FOLDER"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("A new folder with the tables of each family as CSV and JSON-stat, a codebook, CSVW metadata, a README, a "
                "record for "
                "the national data catalogue (DCAT-AP-NO, Turtle), checksums, and their signature, made with the key of the "
                "bundle.\n\n"
                "Everything is computed with profile=public: cases that are not decided are left out, and numbers that stand "
                "on "
                "few events are not shown. Units are never published. The folder appears whole or not at all; put it where "
                "--base says, and never change it: a correction is a new release.\n\n"
                "samordning verify FOLDER checks and computes it again.")},
            {N_("EXAMPLES"), N_("    samordning publish samordning-2025 --year 2025 --contact data@example.no \\\n"
                                "        --base https://data.example.no/samordning/2025\n"
                                "    samordning verify samordning-2025\n")},
            {NULL}},
    .tables = {publish_options, option_specification, option_connection, option_common},
    .run = publish_run,
};
