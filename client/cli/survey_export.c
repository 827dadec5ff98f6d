/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey export: a folder with a wave's answers, its codebook, and programs that read them.
 *
 * The folder is written under another name and gets its own when it is whole, so that there is never half an export.
 */
#include "new_folder.h"
#include "output.h"
#include "say.h"
#include "survey.h"
#include "survey_data.h"
#include "survey_scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"answers.csv", "respondents.csv", "codebook.csv", "codebook.json",
                                    "read.R",      "read.py",         "README.txt"};

struct folder {
    char path[PATH_MAX]; /* temporary */
    const char *final;
    FILE *files[sizeof names / sizeof names[0]];
};
enum { FILE_ANSWERS, FILE_RESPONDENTS, FILE_CODEBOOK_CSV, FILE_CODEBOOK_JSON, FILE_R, FILE_PYTHON, FILE_README, FILES };

/* --------------------------------------------------------------------------------------------------------- the folder */
static void abandon(struct folder *folder)
{
    for (size_t i = 0; i < FILES; i++) {
        char path[PATH_MAX + 32];
        if (folder->files[i])
            fclose(folder->files[i]);
        snprintf(path, sizeof path, "%s/%s", folder->path, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder->path);
}

static bool open_folder(struct folder *folder, const char *final)
{
    *folder = (struct folder){.final = final};
    if (!new_folder_open(final, folder->path)) /* for nobody else to read: pseudonymous answers are personal data */
        return false;
    for (size_t i = 0; i < FILES; i++) {
        char path[PATH_MAX + 32];
        snprintf(path, sizeof path, "%s/%s", folder->path, names[i]);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        folder->files[i] = fd >= 0 ? fdopen(fd, "w") : NULL;
        if (!folder->files[i]) {
            say_error(_("could not write %s: %s"), path, strerror(errno));
            if (fd >= 0)
                close(fd);
            abandon(folder);
            return false;
        }
    }
    return true;
}

static bool commit(struct folder *folder)
{
    bool good = true;
    int reason = 0;
    for (size_t i = 0; i < FILES; i++) {
        FILE *file = folder->files[i];
        folder->files[i] = NULL;
        bool written = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
        reason = written ? reason : errno;
        good = fclose(file) == 0 && written && good;
    }
    if (!good)
        say_error(_("could not write %s: %s"), folder->final, strerror(reason));
    else if (new_folder_commit(folder->path, folder->final, 0700))
        return true;
    abandon(folder);
    return false;
}

/* -------------------------------------------------------------------------------------------------------- the content */
static void write_readme(FILE *file, const struct survey_data *data)
{
    const Samordning__V1__SurveyFetchResponse *wave = data->wave;
    fprintf(file, _("Wave %s: %s\nQuestionnaire %s, version %u. %llu respondents, %llu rows.\n\n"),
            wave->wave ? wave->wave->key : "", wave->wave ? survey_own_text(wave->wave->title) : "", wave->instrument->key,
            wave->instrument->version, (unsigned long long)data->respondent_count, (unsigned long long)data->row_count);
    fputs(
        _("answers.csv has a row for each value of an answer: respondent (a pseudonym of this wave only), actor (whom they "
          "answer for), level, item, target (the actor or row it is about), state, value, its label, position (among the "
          "choices of one answer; for a ranking the rank) and text.\n\n"
          "state tells apart what is often thrown together:\n"
          "given - there is a value or a text;\n"
          "not_relevant, dont_know - said so by the respondent;\n"
          "no_contact - an answer as well: the tie is no, not unknown;\n"
          "unanswered - was shown and left open by somebody who submitted;\n"
          "not_asked - was not shown, given the other answers.\n"
          "Of actors without a respondent there is no row at all: their ties are unknown, not absent.\n\n"
          "respondents.csv counts the states of each respondent. codebook.csv and codebook.json hold variables, values, rows, "
          "actors and states with their labels in all languages. read.R and read.py read all of it with labels.\n\n"),
        file);
    fputs(
        _("What these files do not hold: who was invited and did not answer (samordning survey status counts them), drafts "
          "that "
          "were not submitted, answers that were withdrawn, times, and any link to a person. In an anonymous wave nobody can "
          "make that link again. The answers of few people can still give them away: nothing computed from fewer than the "
          "wave's minimum cell may be published, and the differences of published numbers must not give such cells either.\n\n"
          "A text that a spreadsheet would take for a formula has an apostrophe before it; read.R and read.py take it off.\n"),
        file);
}

static bool write_rest(struct folder *folder, const struct survey_data *data)
{
    survey_codebook_csv(folder->files[FILE_CODEBOOK_CSV], data->wave);
    fputs(survey_script_r, folder->files[FILE_R]);
    fputs(survey_script_python, folder->files[FILE_PYTHON]);
    write_readme(folder->files[FILE_README], data);
    if (survey_codebook_json(folder->files[FILE_CODEBOOK_JSON], data))
        return true;
    say_error(_("out of memory"));
    return false;
}

static int take_row(void *arg, const struct Samordning__V1__ExportRow *row)
{
    return survey_data_add(arg, row) ? SAMORDNING_OK : SAMORDNING_E_MEMORY;
}

static int export(struct session *session, const struct arguments *arguments, enum instrument_language language,
                  struct folder *folder, struct arena *arena)
{
    struct survey_data data = {
        .language = language, .answers = folder->files[FILE_ANSWERS], .respondents = folder->files[FILE_RESPONDENTS]};
    int code = survey_fetch(session, arguments->operands[0], arena, &data.wave);
    if (code != EXIT_CODE_OK)
        return code;
    survey_data_begin(&data);
    int error = samordning_survey_export(session->handle, arguments->operands[0], take_row, &data);
    if (error != SAMORDNING_OK) {
        code = session_explain(session, error);
    } else {
        survey_data_end(&data);
        code = write_rest(folder, &data) ? EXIT_CODE_OK : EXIT_CODE_FAILED;
    }
    if (code == EXIT_CODE_OK)
        printf(_("%s: %llu respondents, %llu rows\n"), folder->final, (unsigned long long)data.respondent_count,
               (unsigned long long)data.row_count);
    survey_data_release(&data);
    return code;
}

int survey_export(const struct arguments *arguments)
{
    static const char *const languages[] = {"nb", "nn", "en", "se", NULL}; /* as enum instrument_language */
    int language = arguments_choice(arguments, "language", languages, INSTRUMENT_NB);
    const char *directory = arguments_text(arguments, "directory", NULL);
    if (language < 0)
        return EXIT_CODE_USAGE;
    if (!directory || !directory[0]) {
        say_error(_("survey export needs --directory DIR"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct folder folder;
    int code = EXIT_CODE_INPUT;
    if (open_folder(&folder, directory)) {
        struct arena arena;
        arena_init(&arena, SURVEY_MEMORY_MAX);
        code = export(&session, arguments, (enum instrument_language)language, &folder, &arena);
        arena_release(&arena);
        if (code != EXIT_CODE_OK)
            abandon(&folder);
        else if (!commit(&folder))
            code = EXIT_CODE_INPUT;
    }
    session_close(&session);
    return code;
}
