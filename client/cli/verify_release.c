/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is a release as it was signed, and does it come out again?
 */
#include "command.h"
#include "release.h"
#include "say.h"
#include "session.h"
#include "verify.h"
#include "whole_file.h"

#include <errno.h>
#include <fts.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1 << 30)

struct content {
    char *bytes; /* closed by NUL */
    size_t size;
};

/* False: it cannot be read (said). */
static bool read_file(const char *folder, const char *name, struct content *ret_content)
{
    char path[PATH_MAX];
    *ret_content = (struct content){0};
    int error = snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path
                    ? whole_file_read(path, FILE_BYTES_MAX, &ret_content->bytes, &ret_content->size)
                    : ENAMETOOLONG;
    if (error != 0)
        say_error(_("could not read %s: %s"), name, strerror(error));
    return error == 0;
}

/* ------------------------------------------------------------------------------------------- checksums and signature */
static bool is_below(const char *path)
{
    return path[0] && path[0] != '/' && !strstr(path, "..");
}

/* Of sums whose lines are shaped as they must be. The sums and their signature need none. */
static bool is_named(const struct content *sums, const char *path)
{
    size_t size = strlen(path);
    if (strcmp(path, "SHA256SUMS") == 0 || strcmp(path, "SHA256SUMS.p7s") == 0)
        return true;
    for (const char *line = sums->bytes, *end; (end = strchr(line, '\n')); line = end + 1)
        if ((size_t)(end - line) == 66 + size && memcmp(line + 66, path, size) == 0)
            return true;
    return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Whether nothing lies in the folder that no checksum names. */
static bool check_added(const char *folder, const struct content *sums)
{
    char *const roots[] = {(char *)(uintptr_t)folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    size_t added = 0;
    bool seen = walk != NULL;
    for (const FTSENT *entry; walk && (errno = 0, entry = fts_read(walk));) {
        const char *path = entry->fts_path + strlen(folder);
        path += strspn(path, "/");
        if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
            say_error(_("could not read %s: %s"), entry->fts_path, strerror(entry->fts_errno));
            seen = false;
        } else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP && !is_named(sums, path)) {
            printf(_("%s was added: no checksum names it\n"), path);
            added++;
        }
    }
    if (!walk || errno != 0) {
        say_error(_("could not read %s: %s"), folder, strerror(errno));
        seen = false;
    }
    if (walk)
        fts_close(walk);
    return seen && added == 0;
}

/* Each line is a sum, two blanks and a path. */
static bool check_sums(const char *folder, const struct content *sums)
{
    size_t count = 0, wrong = 0;
    for (char *line = sums->bytes, *next; *line; line = next) {
        char sum[65];
        struct content content;
        char *end = strchr(line, '\n');
        next = end ? end + 1 : line + strlen(line);
        bool shaped = end && end - line > 66 && line[64] == ' ' && line[65] == ' ';
        char *path = shaped ? strndup(line + 66, (size_t)(end - line) - 66) : NULL;
        if (!path || !is_below(path)) {
            say_error(_("SHA256SUMS is not a list of checksums"));
            free(path);
            return false;
        }
        bool same = false;
        if (read_file(folder, path, &content)) {
            release_hash(content.bytes, content.size, sum);
            same = memcmp(sum, line, 64) == 0;
            free(content.bytes);
            if (!same)
                printf(_("%s is not the file that was released\n"), path);
        }
        wrong += !same;
        count++;
        free(path);
    }
    bool complete = check_added(folder, sums);
    printf(_("files: %zu, of them not as they were: %zu\n"), count, wrong);
    return wrong == 0 && count > 0 && complete;
}

static bool check_signature(const struct session *session, const char *folder, const struct content *sums)
{
    struct content signature;
    char authority[PATH_MAX + 16], *signer = NULL;
    if (!read_file(folder, "SHA256SUMS.p7s", &signature))
        return false;
    snprintf(authority, sizeof authority, "%s/ca.crt", session->bundle);
    bool good = release_check(authority, sums->bytes, sums->size, (const uint8_t *)signature.bytes, signature.size, &signer);
    if (good)
        printf(_("signature: good, of %s\n"), signer ? signer : "?");
    free(signer);
    free(signature.bytes);
    return good;
}

/* ---------------------------------------------------------------------------------------------------- the results again */
/* Whether what was made now is what the file holds. */
static bool same_as_file(const char *folder, const char *name, char *made, size_t size)
{
    struct content kept;
    bool same = false;
    if (read_file(folder, name, &kept)) {
        same = kept.size == size && memcmp(kept.bytes, made, size) == 0;
        free(kept.bytes);
        if (!same)
            printf(_("%s comes out differently\n"), name);
    }
    free(made);
    return same;
}

static bool compare_files(const char *folder, const char *family, const Samordning__V1__Result *again)
{
    bool same = true;
    for (size_t t = 0; t <= again->n_tables; t++) {
        char name[RELEASE_PATH_SIZE], *made = NULL;
        size_t size = 0;
        bool last = t == again->n_tables;
        snprintf(name, sizeof name, last ? "data/%s.json" : "data/%s.%s.csv", family, last ? "" : again->tables[t]->name);
        FILE *file = open_memstream(&made, &size);
        bool good = file && release_data(file, again, last ? NULL : again->tables[t]->name);
        good = file && fclose(file) == 0 && good;
        if (!good) {
            free(made);
            say_error(_("out of memory"));
            return false;
        }
        same = same_as_file(folder, name, made, size) && same;
    }
    return same;
}

/* Who computed it, and when, is as it was; the rest must come out again. */
static bool take_over(char **field, const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        return false;
    if (*field != protobuf_c_empty_string)
        free(*field);
    *field = copy;
    return true;
}

static int verify_result(struct session *session, const char *folder, const json_t *entry)
{
    const char *family, *id, *spec, *watermark, *input_hash, *software, *computed_at;
    if (json_unpack((json_t *)(uintptr_t)entry, "{ss, ss, ss, ss, ss, ss, ss}", "family", &family, "id", &id, "spec", &spec,
                    "watermark", &watermark, "input_hash", &input_hash, "software", &software, "computed_at",
                    &computed_at) != 0) {
        say_error(_("release.json is not that of a release"));
        return EXIT_CODE_INPUT;
    }
    const Samordning__V1__AnalysisResponse *answer;
    Samordning__V1__Result *again;
    int code = verify_again(session, family, spec, "", &answer, &again);
    if (code != EXIT_CODE_OK)
        return code;
    bool inputs = verify_same_inputs(watermark, input_hash, again->card);
    bool taken = take_over(&again->id, id) && take_over(&again->card->watermark, watermark) &&
                 take_over(&again->card->input_hash, input_hash) && take_over(&again->card->software, software) &&
                 take_over(&again->card->computed_at, computed_at);
    bool same = taken && compare_files(folder, family, again);
    printf(inputs ? same ? _("%s: the same\n") : _("%s: different from the same inputs\n")
                  : _("%s: its inputs have changed since\n"),
           family);
    samordning__v1__result__free_unpacked(again, NULL);
    return !inputs ? EXIT_CODE_INPUTS : same ? EXIT_CODE_OK : EXIT_CODE_DIFFERENT;
}

/* Worse ones first: a difference counts more than changed inputs, an error more than both. */
static int worse(int a, int b)
{
    static const int order[] = {EXIT_CODE_OK, EXIT_CODE_INPUTS, EXIT_CODE_DIFFERENT};
    int rank[2] = {3, 3};
    for (int i = 0; i < 3; i++) {
        rank[0] = order[i] == a ? i : rank[0];
        rank[1] = order[i] == b ? i : rank[1];
    }
    return rank[0] >= rank[1] ? a : b;
}

int release_verify(struct session *session, const char *folder)
{
    struct content sums, manifest;
    if (!read_file(folder, "SHA256SUMS", &sums))
        return EXIT_CODE_INPUT;
    bool whole = check_sums(folder, &sums);
    whole = check_signature(session, folder, &sums) && whole;
    free(sums.bytes);
    int code = whole ? EXIT_CODE_OK : EXIT_CODE_DIFFERENT;
    if (!read_file(folder, "release.json", &manifest))
        return EXIT_CODE_INPUT;
    json_error_t error;
    json_t *document = json_loadb(manifest.bytes, manifest.size, 0, &error);
    free(manifest.bytes);
    const json_t *results = json_object_get(document, "results");
    if (!json_is_array(results)) {
        say_error(_("release.json is not that of a release"));
        code = EXIT_CODE_INPUT;
    }
    for (size_t i = 0; i < json_array_size(results); i++)
        code = worse(code, verify_result(session, folder, json_array_get(results, i)));
    json_decref(document);
    return code;
}
