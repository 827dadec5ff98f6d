/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey check: what is wrong with a questionnaire, and where in its file; without the daemon. */
#include "render.h"
#include "say.h"
#include "survey.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void find(struct survey_reading *reading, const struct instrument_problem *problem, unsigned line, unsigned column)
{
    reading->findings[reading->count++] = (struct survey_finding){.problem = *problem, .line = line, .column = column};
}

int survey_read(const char *path, struct arena *arena, struct survey_reading *ret_reading)
{
    char *from_file = NULL;
    size_t size = instrument_builtin_json_size;
    *ret_reading = (struct survey_reading){.name = path != NULL ? path : "samordning"};
    if (path != NULL && !survey_read_text(path, arena, &from_file, &size))
        return EXIT_CODE_INPUT;
    const char *text = path != NULL ? from_file : instrument_builtin_json;
    struct instrument_problem *problems = arena_alloc(arena, INSTRUMENT_PROBLEMS_MAX * sizeof *problems);
    ret_reading->findings = arena_alloc(arena, INSTRUMENT_PROBLEMS_MAX * sizeof ret_reading->findings[0]);
    if (problems == NULL || ret_reading->findings == NULL) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    struct instrument_problem unreadable = {.only_opening = false};
    unsigned line = 0;
    unsigned column = 0;
    enum status status = instrument_read(text, size, arena, &ret_reading->instrument, &unreadable.errmsg, &line, &column);
    if (status == STATUS_NO_MEMORY) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    if (status != STATUS_OK) {
        find(ret_reading, &unreadable, line, column);
        return EXIT_CODE_REJECTED;
    }
    size_t count = 0;
    status = instrument_check(ret_reading->instrument, problems, &count);
    for (size_t i = 0; i < count; i++) {
        instrument_locate(text, size, problems[i].errmsg.field, &line, &column);
        find(ret_reading, &problems[i], line, column);
    }
    return status == STATUS_OK ? EXIT_CODE_OK : EXIT_CODE_REJECTED;
}

/* As compilers write it, so that editors can jump there. */
void survey_write_findings(const struct survey_reading *reading, FILE *file)
{
    for (size_t i = 0; i < reading->count; i++) {
        const struct survey_finding *finding = &reading->findings[i];
        const char *field = finding->problem.errmsg.field;
        fprintf(file, "%s:%u:%u: %s%s%s\n", reading->name, finding->line, finding->column, field, field[0] != '\0' ? ": " : "",
                finding->problem.errmsg.text);
    }
}

static void write_summary(const struct survey_reading *reading, bool can_be_stored)
{
    const Samordning__V1__Instrument *instrument = reading->instrument;
    if (instrument != NULL) {
        size_t items = 0;
        for (size_t s = 0; s < instrument->n_sections; s++)
            for (size_t i = 0; i < instrument->sections[s]->n_items; i++)
                items += 1 + instrument->sections[s]->items[i]->n_parts;
        printf(_("%s: %zu sections, %zu items\n"), instrument->key, instrument->n_sections, items);
        printf(_("texts without bokmål %zu, nynorsk %zu, English %zu, northern Sámi %zu\n"),
               instrument_missing(instrument, INSTRUMENT_NB), instrument_missing(instrument, INSTRUMENT_NN),
               instrument_missing(instrument, INSTRUMENT_EN), instrument_missing(instrument, INSTRUMENT_SE));
    }
    if (reading->count == INSTRUMENT_PROBLEMS_MAX)
        printf(_("problems: %d, and perhaps more\n"), INSTRUMENT_PROBLEMS_MAX);
    else
        printf(_("problems: %zu\n"), reading->count);
    if (can_be_stored && reading->count > 0)
        puts(_("it can be stored, but no wave can open with it"));
}

static int write_table(const struct survey_reading *reading, const struct arguments *arguments)
{
    static const char *const columns[] = {"file", "line", "column", "field", "severity", "reason"};
    struct grid grid;
    grid_init(&grid);
    grid_table(&grid, "problems");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        grid_column(&grid, columns[i], i != 1 && i != 2);
    for (size_t i = 0; i < reading->count; i++) {
        const struct survey_finding *finding = &reading->findings[i];
        grid_text(&grid, 0, reading->name);
        grid_number(&grid, 1, finding->line);
        grid_number(&grid, 2, finding->column);
        grid_text(&grid, 3, finding->problem.errmsg.field);
        grid_text(&grid, 4, finding->problem.only_opening ? "opening" : "error");
        grid_text(&grid, 5, finding->problem.errmsg.text);
    }
    return grid_show(&grid, arguments, EXIT_CODE_OK);
}

int survey_check(const struct arguments *arguments)
{
    static const char *const formats[] = {"table", "csv", "json", NULL};
    const int format = arguments_choice(arguments, "format", formats, 0);
    if (format < 0)
        return EXIT_CODE_USAGE;
    struct arena arena;
    struct survey_reading reading;
    arena_init(&arena, SURVEY_MEMORY_MAX);
    int code = survey_read(arguments->operands[0], &arena, &reading);
    if (code == EXIT_CODE_OK || code == EXIT_CODE_REJECTED) {
        const bool can_be_stored = code == EXIT_CODE_OK;
        int shown = EXIT_CODE_OK;
        if (format == 0) {
            survey_write_findings(&reading, stdout);
            write_summary(&reading, can_be_stored);
        } else {
            shown = write_table(&reading, arguments);
        }
        code = reading.count > 0 ? EXIT_CODE_REJECTED : EXIT_CODE_OK;
        if (shown != EXIT_CODE_OK)
            code = shown;
    }
    arena_release(&arena);
    return code;
}
