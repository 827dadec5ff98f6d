/* SPDX-License-Identifier: GPL-3.0-or-later
 * Manual pages in man(7) form, made from the command table (at build time, in English). */
#include "command.h"
#include "say.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Text with everything escaped that troff would take for its own. */
static void print_escaped(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\\')
            fputs("\\e", stdout);
        else if (text[i] == '-')
            fputs("\\-", stdout);
        else if ((text[i] == '.' || text[i] == '\'') && (i == 0 || text[i - 1] == '\n'))
            printf("\\&%c", text[i]);
        else
            putchar(text[i]);
    }
}

static void print_paragraphs(const char *text)
{
    bool verbatim = false;
    while (*text) {
        size_t size = strcspn(text, "\n");
        bool indented = strncmp(text, "    ", 4) == 0;
        if (indented != verbatim && size > 0) {
            fputs(indented ? ".PP\n.nf\n.RS 4\n" : ".RE\n.fi\n.PP\n", stdout);
            verbatim = indented;
        }
        if (size == 0 && !verbatim) {
            puts(".PP");
        } else {
            print_escaped(text + (indented ? 4 : 0), size - (indented ? 4 : 0));
            putchar('\n');
        }
        text += size + (text[size] == '\n');
    }
    if (verbatim)
        puts(".RE\n.fi");
}

static void print_heading(const char *name, const char *summary)
{
    printf(".TH \"");
    for (const char *at = name; *at; at++)
        putchar(toupper((unsigned char)*at));
    printf("\" \"1\" \"\" \"%s\" \"samordning\"\n.SH NAME\n%s \\- ", SAMORDNING_SOFTWARE, name);
    print_escaped(summary, strlen(summary));
    printf("\n.SH SYNOPSIS\n");
}

static void print_options(const struct command *command)
{
    puts(".SH OPTIONS");
    for (size_t table = 0; table < OPTION_TABLES_MAX && command->tables[table]; table++) {
        for (const struct option_row *row = command->tables[table]; row->name; row++) {
            puts(".TP");
            if (row->letter)
                printf("\\fB\\-%c\\fR, ", row->letter);
            printf("\\fB\\-\\-");
            print_escaped(row->name, strlen(row->name));
            printf("\\fR");
            if (row->argument)
                printf(" \\fI%s\\fR", row->argument);
            putchar('\n');
            print_escaped(row->help, strlen(row->help));
            putchar('\n');
        }
    }
}

static const char exit_status[] =
    "0: everything was done; every record is stored or was already there.\n\n"
    "1: the command line is wrong.\n\n"
    "2: the daemon, or this machine, could not do it; a line on standard error says why.\n\n"
    "3: some records were rejected and listed; the others are stored.\n\n"
    "4: some records have the id of a stored one and other content (and none, or some, were rejected).\n\n"
    "5: the daemon cannot be reached; records that were read wait in the spool, if there is one.\n\n"
    "6: the certificate or its role does not allow it.\n\n"
    "7: a file could not be read or written.\n\n"
    "8: verify: from the same inputs another result came out.\n\n"
    "9: verify: the inputs have changed since.\n";

static const char environment[] = "SAMORDNING_BUNDLE: the bundle to use when --bundle is not given.\n\n"
                                  "SAMORDNING_LOCALEDIR: where message catalogues are, when not where they were installed.\n\n"
                                  "XDG_CONFIG_HOME, XDG_STATE_HOME: the bundle is looked for in samordning under the first "
                                  "(~/.config), the spool is kept in samordning/spool under the second (~/.local/state).\n\n"
                                  "LANG, LC_MESSAGES, LANGUAGE: bokmål (nb), nynorsk (nn) or English.\n";

static void manual_program(void)
{
    size_t count;
    const struct command *const *table = commands(&count);
    print_heading("samordning", "submit interaction logs and ask for networks and numbers");
    puts("\\fBsamordning\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n.SH DESCRIPTION\n"
         "The command line of samordning, for ministries that submit their interaction logs, for researchers who ask for "
         "networks,\n"
         "numbers and reports, and for operators who keep the register of actors. It talks to\n.BR samordningd (8)\n"
         "over TLS with the certificate in a bundle.\n.SH COMMANDS");
    for (size_t i = 0; i < count; i++) {
        printf(".TP\n.BR samordning\\-%s (1)\n", table[i]->name);
        print_escaped(table[i]->summary, strlen(table[i]->summary));
        putchar('\n');
    }
    puts(".SH \"EXIT STATUS\"");
    print_paragraphs(exit_status);
    puts(".SH ENVIRONMENT");
    print_paragraphs(environment);
}

int manual_command(const struct command *command)
{
    if (!command) {
        manual_program();
        return EXIT_CODE_OK;
    }
    char name[64];
    snprintf(name, sizeof name, "samordning-%s", command->name);
    print_heading(name, command->summary);
    puts(".ad l"); /* a line broken within the list of actions has no blanks to widen */
    printf("\\fBsamordning %s\\fR", command->name);
    if (command->actions) {
        fputs(" \\fB", stdout);
        for (const char *at = command->actions; *at; at++) {
            putchar(*at == ' ' ? '|' : *at);
            if (*at == ' ') /* a long list of actions breaks after any of them */
                fputs("\\:", stdout);
        }
        fputs("\\fR", stdout);
    }
    if (command->tables[0])
        fputs(" [\\fIOPTION\\fR...]", stdout);
    if (command->operands) {
        fputs(" \\fI", stdout);
        print_escaped(command->operands, strlen(command->operands));
        fputs("\\fR", stdout);
    }
    puts("\n.ad b");
    for (const struct section *section = command->sections; section && section->title; section++) {
        printf(".SH \"%s\"\n", section->title);
        print_paragraphs(section->text);
    }
    if (command->tables[0])
        print_options(command);
    puts(".SH \"EXIT STATUS\"\nSee\n.BR samordning (1).\n.SH \"SEE ALSO\"\n.BR samordning (1),\n.BR samordningd (8)");
    return EXIT_CODE_OK;
}
