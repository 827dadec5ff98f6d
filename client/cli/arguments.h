/* SPDX-License-Identifier: GPL-3.0-or-later
 * A command line read against a command's option tables.
 */
#ifndef SAMORDNING_ARGUMENTS_H
#define SAMORDNING_ARGUMENTS_H

#include "command.h"

#include <stdint.h>

#define ARGUMENT_VALUES_MAX 256

struct argument_value {
    const struct option_row *option;
    const char *text;
};

struct arguments {
    const struct command *command;
    const char *action; /* NULL when the command has none */
    struct argument_value values[ARGUMENT_VALUES_MAX];
    size_t value_count;
    char **operands;
    size_t operand_count;
};

/* False: what is wrong has been said. */
bool arguments_parse(struct arguments *arguments, const struct command *command, int argc, char **argv);
bool arguments_has(const struct arguments *arguments, const char *name);
const char *arguments_text(const struct arguments *arguments, const char *name, const char *otherwise); /* the last one given */
/* The i-th value of an option that may be repeated; NULL behind the last. */
const char *arguments_nth(const struct arguments *arguments, const char *name, size_t index);
/* False: not a whole number in [min, max]; it has been said. */
bool arguments_number(const struct arguments *arguments, const char *name, uint64_t otherwise, uint64_t min, uint64_t max,
                      uint64_t *ret_number);
/* The index of the option's value in a NULL-terminated list of words; `otherwise` if not given; -1 if none of them (said). */
int arguments_choice(const struct arguments *arguments, const char *name, const char *const words[], int otherwise);

#endif
