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

static int by_line(const void *left, const void *right)
{
    const struct reject *a = left, *b = right;
    return (a->line > b->line) - (a->line < b->line);
}

static void write_kept(struct rejects *rejects)
{
    qsort(rejects->kept, rejects->kept_count, sizeof *rejects->kept, by_line);
    for (size_t i = 0; i < rejects->kept_count; i++) {
        struct reject *reject = &rejects->kept[i];
        write_row(rejects, reject->line, reject->field, reject->reason, reject->text ? reject->text : "");
        free(reject->field);
        free(reject->reason);
        free(reject->text);
    }
    rejects->kept_count = rejects->kept_bytes = 0;
}

static bool reserve(struct rejects *rejects)
{
    if (rejects->kept_count < rejects->kept_capacity)
        return true;
    size_t capacity = rejects->kept_capacity ? rejects->kept_capacity * 2 : 64;
    struct reject *larger = realloc(rejects->kept, capacity * sizeof *larger);
    if (!larger)
        return false;
    rejects->kept = larger;
    rejects->kept_capacity = capacity;
    return true;
}

/* Takes `text` over. */
static void keep(struct rejects *rejects, uint64_t line, const char *field, const char *reason, char *text)
{
    struct reject reject = {line, strdup(field), strdup(reason), text};
    if (!reject.field || !reject.reason || !reserve(rejects)) {
        write_row(rejects, line, field, reason, text ? text : "");
        free(reject.field);
        free(reject.reason);
        free(text);
        return;
    }
    rejects->kept[rejects->kept_count++] = reject;
    rejects->kept_bytes += sizeof reject + strlen(field) + strlen(reason) + (text ? strlen(text) : 0);
    if (rejects->kept_bytes > REJECTS_BYTES_MAX)
        write_kept(rejects);
}

void rejects_add(struct rejects *rejects, const struct source_rejection *rejection)
{
    char *text = NULL;
    if (rejection->withheld)
        text = strdup("");
    else if (rejection->text)
        text = strndup(rejection->text, rejection->text_size);
    keep(rejects, rejection->line, rejection->field, rejection->reason, text);
}

void rejects_add_line(struct rejects *rejects, uint64_t line, const char *field, const char *reason)
{
    keep(rejects, line, field, reason, NULL);
}

struct lookup {
    struct rejects *rejects;
    size_t *places; /* of the rows that are looked up */
};

static void text_found(void *arg, size_t index, const char *text, size_t size)
{
    struct lookup *lookup = arg;
    lookup->rejects->kept[lookup->places[index]].text = strndup(text, size);
}

static void look_up(struct rejects *rejects, const char *path, const struct source_options *options)
{
    uint64_t *lines = calloc(rejects->kept_count, sizeof *lines);
    struct lookup lookup = {rejects, calloc(rejects->kept_count, sizeof *lookup.places)};
    size_t count = 0;
    for (size_t i = 0; lines && lookup.places && i < rejects->kept_count; i++) {
        if (rejects->kept[i].text)
            continue;
        lookup.places[count] = i;
        lines[count++] = rejects->kept[i].line;
    }
    struct errmsg errmsg = {0};
    if (count > 0 && source_texts(path, options, lines, count, text_found, &lookup, &errmsg) != STATUS_OK)
        say_error("%s: %s", path, errmsg.text);
    free(lines);
    free(lookup.places);
}

void rejects_end_file(struct rejects *rejects, const char *path, const struct source_options *options)
{
    if (rejects->kept_count == 0)
        return;
    qsort(rejects->kept, rejects->kept_count, sizeof *rejects->kept, by_line);
    if (strcmp(path, "-") != 0)
        look_up(rejects, path, options);
    write_kept(rejects);
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
    free(rejects->kept);
    free(rejects->path);
    *rejects = (struct rejects){0};
    return good;
}
