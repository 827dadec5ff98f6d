/* SPDX-License-Identifier: GPL-3.0-or-later
 * The file that lists what was not taken in. */
#include "rejects.h"
#include "command.h"
#include "render.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

void rejects_init(struct rejects *rejects, char *path)
{
    *rejects = (struct rejects){.path = path};
}

void rejects_begin_file(struct rejects *rejects, const char *file)
{
    rejects->file = file;
}

static void write_row(struct rejects *rejects, uint64_t line, const char *field, const char *reason, const char *text)
{
    if (!rejects->begun) {
        rejects->begun = true;
        rejects->failed = !output_open(&rejects->output, rejects->path);
        if (!rejects->failed)
            fputs("file,line,field,reason,text\n", rejects->output.file);
    }
    rejects->count++;
    if (rejects->failed)
        return;
    FILE *file = rejects->output.file;
    render_csv_text(file, rejects->file);
    fprintf(file, ",%llu,", (unsigned long long)line);
    render_csv_text(file, field);
    putc(',', file);
    render_csv_text(file, reason);
    putc(',', file);
    render_csv_text(file, text);
    putc('\n', file);
}

void rejects_add(struct rejects *rejects, const struct source_rejection *rejection)
{
    if (!rejection->text && !rejection->withheld) {
        rejects_add_late(rejects, rejection->line, rejection->field, rejection->reason);
        return;
    }
    char *text = rejection->withheld ? NULL : strndup(rejection->text, rejection->text_size);
    write_row(rejects, rejection->line, rejection->field, rejection->reason, text ? text : "");
    free(text);
}

void rejects_add_late(struct rejects *rejects, uint64_t line, const char *field, const char *reason)
{
    if (rejects->late_count == rejects->late_capacity && rejects->late_count < REJECTS_LATE_MAX) {
        size_t capacity = rejects->late_capacity ? rejects->late_capacity * 2 : 64;
        struct rejects_late *larger = realloc(rejects->late, capacity * sizeof *larger);
        if (larger) {
            rejects->late = larger;
            rejects->late_capacity = capacity;
        }
    }
    struct rejects_late late = {.line = line};
    if (rejects->late_count < rejects->late_capacity) {
        late.field = strdup(field);
        late.reason = strdup(reason);
    }
    if (late.field && late.reason) {
        rejects->late[rejects->late_count++] = late;
        return;
    }
    free(late.field);
    free(late.reason);
    write_row(rejects, line, field, reason, "");
}

static int by_line(const void *left, const void *right)
{
    const struct rejects_late *a = left, *b = right;
    return (a->line > b->line) - (a->line < b->line);
}

struct lookup {
    struct rejects *rejects;
    size_t next; /* the first late row that is not written yet */
};

static void write_late(struct lookup *lookup, size_t until, const char *text)
{
    for (; lookup->next < until; lookup->next++) {
        const struct rejects_late *late = &lookup->rejects->late[lookup->next];
        write_row(lookup->rejects, late->line, late->field, late->reason, lookup->next + 1 == until && text ? text : "");
    }
}

static void text_found(void *arg, size_t index, const char *text, size_t size)
{
    char *copy = strndup(text, size);
    write_late(arg, index + 1, copy);
    free(copy);
}

void rejects_end_file(struct rejects *rejects, const char *path, const struct source_options *options)
{
    if (rejects->late_count == 0)
        return;
    qsort(rejects->late, rejects->late_count, sizeof *rejects->late, by_line);
    struct lookup lookup = {rejects, 0};
    uint64_t *lines = strcmp(path, "-") == 0 ? NULL : calloc(rejects->late_count, sizeof *lines);
    for (size_t i = 0; lines && i < rejects->late_count; i++)
        lines[i] = rejects->late[i].line;
    struct errmsg errmsg = {0};
    if (lines && source_texts(path, options, lines, rejects->late_count, text_found, &lookup, &errmsg) != STATUS_OK)
        say_error("%s: %s", path, errmsg.text);
    write_late(&lookup, rejects->late_count, NULL);
    free(lines);
    for (size_t i = 0; i < rejects->late_count; i++) {
        free(rejects->late[i].field);
        free(rejects->late[i].reason);
    }
    rejects->late_count = 0;
}

bool rejects_finish(struct rejects *rejects)
{
    bool good = !rejects->failed;
    if (rejects->begun && !rejects->failed) {
        good = output_commit(&rejects->output);
        if (good && strcmp(rejects->path, "-") != 0)
            say_hint(ngettext("%llu record was not taken in; %s says which and why",
                              "%llu records were not taken in; %s says which and why", rejects->count),
                     (unsigned long long)rejects->count, rejects->path);
    }
    free(rejects->late);
    free(rejects->path);
    *rejects = (struct rejects){0};
    return good;
}
