/* SPDX-License-Identifier: GPL-3.0-or-later
 * What --help prints, and the subcommands help and version. */
#include "arguments.h"
#include "say.h"
#include "width.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELP_COLUMNS 100
#define HELP_INDENT  34

/* Text wrapped at words, each line but the first behind `indent` blanks; `used` columns of the first are taken. */
static void print_wrapped(const char *text, size_t used, size_t indent)
{
    while (*text) {
        size_t word = strcspn(text, " ");
        size_t wide = width_of(text, word);
        if (used > indent && used + 1 + wide > HELP_COLUMNS) {
            printf("\n%*s", (int)indent, "");
            used = indent;
        } else if (used > indent) {
            putchar(' ');
            used++;
        }
        fwrite(text, 1, word, stdout);
        used += wide;
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void print_option(const struct option_row *row)
{
    char left[128];
    const char *argument = row->argument ? gettext(row->argument) : NULL;
    if (row->letter)
        snprintf(left, sizeof left, "  -%c, --%s%s%s", row->letter, row->name, argument ? " " : "", argument ? argument : "");
    else
        snprintf(left, sizeof left, "      --%s%s%s", row->name, argument ? " " : "", argument ? argument : "");
    size_t wide = width_of(left, strlen(left));
    fputs(left, stdout);
    if (wide + 2 > HELP_INDENT)
        printf("\n%*s", HELP_INDENT, "");
    else
        printf("%*s", (int)(HELP_INDENT - wide), "");
    print_wrapped(gettext(row->help), HELP_INDENT, HELP_INDENT);
}

void help_program(void)
{
    size_t count;
    const struct command *const *table = commands(&count);
    puts(_("usage: samordning COMMAND [OPTION...] [ARGUMENT...]"));
    puts("");
    puts(_("Submits interaction logs to a samordning daemon and asks for networks and numbers."));
    puts("");
    for (size_t i = 0; i < count; i++)
        printf("  %-12s %s\n", table[i]->name, gettext(table[i]->summary));
    puts("");
    puts(_("samordning COMMAND --help tells more; so do the manual pages, as in: man samordning-submit"));
}

static void print_text(const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n");
        size_t size = end ? (size_t)(end - text) : strlen(text);
        char *line = strndup(text, size);
        if (!line)
            return;
        if (size == 0 || strncmp(line, "    ", 4) == 0)
            puts(line);
        else
            print_wrapped(line, 0, 0);
        free(line);
        text += size + (end != NULL);
    }
}

void help_command(const struct command *command)
{
    printf(_("usage: samordning %s"), command->name);
    if (command->actions) {
        putchar(' ');
        for (const char *at = command->actions; *at; at++)
            putchar(*at == ' ' ? '|' : *at);
    }
    if (command->tables[0])
        printf(" [%s...]", _("OPTION"));
    if (command->operands)
        printf(" %s", gettext(command->operands));
    puts("\n");
    print_wrapped(gettext(command->summary), 0, 0);
    if (command->sections && command->sections[0].title) {
        puts("");
        print_text(gettext(command->sections[0].text));
    }
    if (command->tables[0])
        puts("");
    for (size_t table = 0; table < OPTION_TABLES_MAX && command->tables[table]; table++)
        for (const struct option_row *row = command->tables[table]; row->name; row++)
            print_option(row);
}

static int help_run(const struct arguments *arguments)
{
    const char *manual = arguments_text(arguments, "man", NULL);
    const char *name = manual ? manual : arguments->operand_count > 0 ? arguments->operands[0] : NULL;
    if (!name || (manual && strcmp(manual, "samordning") == 0)) {
        if (manual)
            return manual_command(NULL);
        help_program();
        return EXIT_CODE_OK;
    }
    const struct command *command = command_find(name);
    if (!command) {
        say_error(_("there is no command \"%s\""), name);
        return EXIT_CODE_USAGE;
    }
    if (manual)
        return manual_command(command);
    if (command->run_raw) {
        char program[] = "samordning", option[] = "--help";
        char *words[] = {program, option, NULL};
        return command->run_raw(2, words);
    }
    help_command(command);
    return EXIT_CODE_OK;
}

static const struct option_row help_options[] = {
    {"man", 0, N_("COMMAND"), N_("print the manual page of COMMAND, or of samordning itself"), NULL},
    {NULL},
};

const struct command command_help = {
    .name = "help",
    .summary = N_("tell about a command"),
    .operands = N_("[COMMAND]"),
    .tables = {help_options, option_common},
    .run = help_run,
};

static int version_run(const struct arguments *arguments)
{
    (void)arguments;
    puts(SAMORDNING_SOFTWARE);
    return EXIT_CODE_OK;
}

const struct command command_version = {
    .name = "version",
    .summary = N_("print the version"),
    .tables = {option_common},
    .run = version_run,
};
