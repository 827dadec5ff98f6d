/* SPDX-License-Identifier: GPL-3.0-or-later
 * The subcommands as one table: name, summary, options, what runs it. Parsing, --help, man pages and shell completion are all
 * made from it.
 */
#ifndef SAMORDNING_COMMAND_H
#define SAMORDNING_COMMAND_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(text)  gettext(text)
#define N_(text) text

/* Documented in samordning(1); scripts rely on the numbers. */
enum exit_code {
    EXIT_CODE_OK = 0,
    EXIT_CODE_USAGE = 1,
    EXIT_CODE_FAILED = 2,    /* the daemon, or this machine, could not do it */
    EXIT_CODE_REJECTED = 3,  /* some records were rejected, the rest is stored */
    EXIT_CODE_CONFLICT = 4,  /* some records have the id of another one */
    EXIT_CODE_AWAY = 5,      /* the daemon cannot be reached; what was read waits in the spool if there is one */
    EXIT_CODE_FORBIDDEN = 6, /* certificate or role */
    EXIT_CODE_INPUT = 7,     /* a file could not be read, or a file could not be written */
    EXIT_CODE_DIFFERENT = 8, /* verify: from the same inputs another result came out */
    EXIT_CODE_INPUTS = 9     /* verify: the inputs have changed since */
};

#define OPTION_TABLES_MAX 6

struct option_row {
    const char *name;     /* long name, without dashes; NULL ends a table */
    char letter;          /* 0 = none */
    const char *argument; /* what it takes, for help: "DATE"; NULL = takes none */
    const char *help;     /* N_() */
    const char *values;   /* for completion: "table csv json", or "@file", "@directory"; NULL = nothing to offer */
};

struct section {
    const char *title, *text; /* N_(); a NULL title ends the list; paragraphs are separated by empty lines, a line that begins
                                 with four blanks is shown as it is */
};

struct arguments;

struct command {
    const char *name;
    const char *summary;  /* N_(): one line */
    const char *operands; /* as in the synopsis: "FILE...|-"; NULL = none */
    const char *actions;  /* "import list resolve": the first operand must be one of these; NULL = none */
    const struct section *sections;
    const struct option_row *tables[OPTION_TABLES_MAX];
    int (*run)(const struct arguments *arguments);
    int (*run_raw)(int argc, char **argv); /* instead: parses for itself */
};

const struct command *const *commands(size_t *ret_count);
const struct command *command_find(const char *name); /* NULL = unknown */

/* Tables that several commands share. */
extern const struct option_row option_connection[], option_specification[], option_output[], option_sorting[], option_common[];

void help_program(void);
void help_command(const struct command *command);
int manual_command(const struct command *command); /* NULL = the program's own page */
int completion_bash(void);

#endif
