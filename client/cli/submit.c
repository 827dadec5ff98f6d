/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning submit: from a file to receipts. */
#include "civil_time.h"
#include "interaction_id.h"
#include "output.h"
#include "progress.h"
#include "rejects.h"
#include "render.h"
#include "say.h"
#include "session.h"
#include "source.h"
#include "submit_options.h"
#include "summary.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SHOW_EVERY 512 /* interactions between two looks at the clock */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = 1;
    signal(number, SIG_DFL); /* the second time it ends at once */
}

struct submitting {
    const struct arguments *arguments;
    const struct submit_options *options;
    struct session session;
    struct rejects rejects;
    struct summary file, total;
    struct progress progress;
    struct output ids;
    FILE *summary_to; /* standard output, unless the ids go there */
};

static void receive(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    struct submitting *s = arg;
    summary_count(&s->file, receipt);
    if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED)
        rejects_add_line(&s->rejects, tag, receipt->field, receipt->reason);
    else if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT)
        rejects_add_line(&s->rejects, tag, receipt->field,
                         receipt->reason[0] ? receipt->reason
                                            : "same id as a stored report, other content (submit with --correct?)");
    else if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN)
        rejects_add_line(&s->rejects, tag, "", "was withdrawn before");
}

static void write_id(FILE *file, const struct source_item *item)
{
    char text[INTERACTION_ID_TEXT_SIZE];
    interaction_id_format(item->interaction->id.data, text);
    fprintf(file, "%s,%llu,", text, (unsigned long long)item->line);
    render_csv_text(file, item->interaction->source_id);
    putc('\n', file);
}

/* Reads one file to its end; adds to the submission unless this is a dry run. */
static int read_source(struct submitting *s, struct source *source, const char *path, struct samordning_submission *submission)
{
    struct source_item item;
    struct errmsg errmsg = {0};
    while (!interrupted) {
        switch (source_next(source, &item, &errmsg)) {
        case SOURCE_INTERACTION:
            if (s->ids.file)
                write_id(s->ids.file, &item);
            if (submission) {
                int error = samordning_submission_add(submission, item.interaction, item.line);
                if (error != SAMORDNING_OK)
                    return session_explain(&s->session, error);
            }
            if (++s->file.read % SHOW_EVERY == 0)
                progress_show(&s->progress, source_position(source), source_total(source), s->file.read);
            break;
        case SOURCE_REJECTED:
            s->file.rejected_rows++;
            rejects_add(&s->rejects, &item.rejection);
            break;
        case SOURCE_FAILED:
            say_error("%s: %s", path, errmsg.text);
            return EXIT_CODE_INPUT;
        case SOURCE_END:
            return EXIT_CODE_OK;
        }
    }
    return EXIT_CODE_OK;
}

static int begin_submission(struct submitting *s, const char *name, struct samordning_submission **ret_submission)
{
    const struct samordning_submission_options options = {
        .file = name,
        .correction = s->options->correct,
        .delivery_from = s->options->delivery_from[0] ? s->options->delivery_from : NULL,
        .delivery_to = s->options->delivery_to[0] ? s->options->delivery_to : NULL,
        .delivery_all_actors = s->options->delivery_all_actors,
        .receipt = receive,
        .arg = s,
    };
    int error = samordning_submission_begin(s->session.handle, &options, ret_submission);
    return error == SAMORDNING_OK ? EXIT_CODE_OK : session_explain(&s->session, error);
}

static int submit_file(struct submitting *s, const char *path, bool *ret_opened)
{
    *ret_opened = false;
    const char *slash = strrchr(path, '/'), *name = strcmp(path, "-") == 0 ? "stdin" : slash ? slash + 1 : path;
    struct source *source;
    struct errmsg errmsg = {0};
    s->file = (struct summary){.dry_run = s->options->dry_run};
    if (source_open(path, &s->options->source, &source, &errmsg) != STATUS_OK) {
        if (errmsg.field[0])
            say_error("%s: %s: %s", path, errmsg.field, errmsg.text);
        else
            say_error("%s: %s", path, errmsg.text);
        return EXIT_CODE_INPUT;
    }
    *ret_opened = true;
    double started = progress_now();
    progress_begin(&s->progress, s->options->progress, name);
    rejects_begin_file(&s->rejects, name);
    struct samordning_submission *submission = NULL;
    int code = s->options->dry_run ? EXIT_CODE_OK : begin_submission(s, name, &submission);
    if (code == EXIT_CODE_OK)
        code = read_source(s, source, path, submission);
    if (submission) {
        int error = samordning_submission_finish(submission);
        if (error != SAMORDNING_OK && code == EXIT_CODE_OK)
            code = session_explain(&s->session, error);
    }
    s->file.rows = source_rows(source);
    s->file.seconds = progress_now() - started;
    progress_end(&s->progress, source_position(source), source_total(source), s->file.read);
    const char *unused = source_unused_columns(source);
    if (unused[0] && s->options->progress != PROGRESS_JSON)
        say_hint(_("%s: columns not used: %s"), name, unused);
    source_close(source);
    rejects_end_file(&s->rejects, path, &s->options->source);
    summary_add(&s->total, &s->file);
    return code;
}

static void count_receipt(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    (void)tag;
    summary_count(arg, receipt);
}

/* What an earlier run left goes first. */
static int send_spool(struct submitting *s)
{
    uint64_t waiting = 0, sent = 0;
    if (!s->options->spool || samordning_spool_count(s->options->spool, &waiting) != SAMORDNING_OK || waiting == 0)
        return EXIT_CODE_OK;
    struct summary spooled = {0};
    int error = samordning_spool_resume(s->session.handle, count_receipt, &spooled, &sent);
    spooled.read = sent;
    if (error != SAMORDNING_OK)
        return session_explain(&s->session, error);
    if (!s->options->json)
        summary_print_text(s->summary_to, &spooled, _("from the spool"));
    return summary_exit_code(&spooled);
}

static int worse(int code, int other)
{
    /* What stopped the work counts before what happened to single records. */
    static const int order[] = {EXIT_CODE_OK,   EXIT_CODE_CONFLICT,  EXIT_CODE_REJECTED, EXIT_CODE_INPUT,
                                EXIT_CODE_AWAY, EXIT_CODE_FORBIDDEN, EXIT_CODE_FAILED,   EXIT_CODE_USAGE};
    size_t a = 0, b = 0;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        a = order[i] == code ? i : a;
        b = order[i] == other ? i : b;
    }
    return a >= b ? code : other;
}

static int submit_files(struct submitting *s)
{
    int code = s->options->dry_run ? EXIT_CODE_OK : send_spool(s);
    json_t *files = json_array();
    for (size_t i = 0; i < s->arguments->operand_count && !interrupted; i++) {
        if (code == EXIT_CODE_AWAY || code == EXIT_CODE_FORBIDDEN || code == EXIT_CODE_FAILED)
            break;
        const char *path = s->arguments->operands[i];
        bool opened;
        code = worse(code, submit_file(s, path, &opened));
        if (s->options->json)
            json_array_append_new(files, summary_json(&s->file, path));
        else if (opened)
            summary_print_text(s->summary_to, &s->file, path);
    }
    if (s->options->json) {
        json_t *document = json_pack("{so, so}", "files", files, "total", summary_json(&s->total, NULL));
        json_dumpf(document, s->summary_to, JSON_INDENT(1));
        fputc('\n', s->summary_to);
        json_decref(document);
    } else {
        if (s->arguments->operand_count > 1)
            summary_print_text(s->summary_to, &s->total, NULL);
        json_decref(files);
    }
    uint64_t unanswered = summary_unanswered(&s->total);
    session_hint_refused(code, s->options->spool);
    if (unanswered > 0 && s->options->spool && code != EXIT_CODE_FORBIDDEN)
        say_hint(_("what is not acknowledged waits in %s; samordning spool send, or the next submit, sends it"),
                 s->options->spool);
    if (interrupted) {
        say_error(_("interrupted: the rest was not read; submit the same file again to go on"));
        code = worse(code, EXIT_CODE_FAILED);
    }
    return worse(code, summary_exit_code(&s->total));
}

/* Beside the first file; in the current folder when that one is not meant to be written to (by anybody, so root asks too). */
static char *rejects_path(const struct arguments *arguments)
{
    const char *given = arguments_text(arguments, "rejects", NULL), *first = arguments->operands[0];
    if (given)
        return strdup(given);
    const char *slash = strrchr(first, '/'), *name = strcmp(first, "-") == 0 ? "stdin" : first;
    char *folder = slash ? strndup(first, (size_t)(slash - first) + 1) : NULL, *path;
    struct stat about;
    if (folder && (access(folder, W_OK) != 0 || (stat(folder, &about) == 0 && (about.st_mode & 0222) == 0)))
        name = slash + 1;
    free(folder);
    char *current =
        slash && name == slash + 1 ? get_current_dir_name() : NULL; /* said in full: it is not where one would look */
    int wrote = asprintf(&path, "%s%s%s.rejected.csv", current ? current : "", current ? "/" : "", name);
    free(current);
    return wrote < 0 ? NULL : path;
}

static int submit_run(const struct arguments *arguments)
{
    struct submit_options options;
    if (!submit_options_read(&options, arguments))
        return EXIT_CODE_USAGE;
    struct submitting s = {.arguments = arguments, .options = &options};
    char *rejects = rejects_path(arguments);
    if (!rejects) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    rejects_init(&s.rejects, rejects);
    s.total.dry_run = options.dry_run;
    s.summary_to = options.ids && strcmp(options.ids, "-") == 0 ? stderr : stdout;
    const struct session_choices choices = {
        .spool = options.spool, .batch = options.batch, .in_flight = options.in_flight, .retry_for_s = options.retry_for_s};
    int code = EXIT_CODE_USAGE;
    if (options.spool && !options.dry_run && !session_make_folder(options.spool)) {
        say_error(_("could not make the spool %s: %s; choose another with --spool, or --no-spool"), options.spool,
                  strerror(errno));
        rejects_finish(&s.rejects);
        return EXIT_CODE_INPUT;
    }
    if (options.ids && !output_open(&s.ids, options.ids)) {
        rejects_finish(&s.rejects);
        return EXIT_CODE_INPUT;
    }
    if (s.ids.file)
        fputs("id,line,source_id\n", s.ids.file);
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    if (options.dry_run || session_open(&s.session, arguments, &choices))
        code = submit_files(&s);
    if (!options.dry_run)
        session_close(&s.session);
    if (s.ids.file && !output_commit(&s.ids))
        code = worse(code, EXIT_CODE_INPUT);
    if (!rejects_finish(&s.rejects))
        code = worse(code, EXIT_CODE_INPUT);
    return code;
}

const struct command command_submit = {
    .name = "submit",
    .summary = N_("submit interaction logs"),
    .operands = N_("FILE...|-"),
    .sections = submit_sections,
    .tables = {submit_option_rows, option_connection, option_common},
    .run = submit_run,
};
