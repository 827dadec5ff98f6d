/* SPDX-License-Identifier: GPL-3.0-or-later
 * A command line read against a command's option tables. */
#include "arguments.h"
#include "say.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 96

static bool is_action(const char *actions, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = actions; (at = strstr(at, word)); at += size)
        if ((at == actions || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return size > 0;
    return false;
}

bool arguments_parse(struct arguments *arguments, const struct command *command, int argc, char **argv)
{
    struct option longs[OPTIONS_MAX + 1];
    const struct option_row *rows[OPTIONS_MAX];
    char shorts[2 * OPTIONS_MAX + 2];
    size_t count = 0, short_count = 0;
    shorts[short_count++] = ':';
    for (size_t table = 0; table < OPTION_TABLES_MAX && command->tables[table]; table++) {
        for (const struct option_row *row = command->tables[table]; row->name && count < OPTIONS_MAX; row++) {
            longs[count] =
                (struct option){row->name, row->argument ? required_argument : no_argument, NULL, (int)(256 + count)};
            rows[count++] = row;
            if (row->letter) {
                shorts[short_count++] = row->letter;
                if (row->argument)
                    shorts[short_count++] = ':';
            }
        }
    }
    longs[count] = (struct option){0};
    shorts[short_count] = '\0';
    *arguments = (struct arguments){.command = command};
    optind = 0;
    opterr = 0;
    for (int got; (got = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (got == '?' || got == ':') {
            const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            say_error(got == ':' ? _("%s needs a value") : _("unknown option %s"), word);
            say_hint(_("see samordning %s --help"), command->name);
            return false;
        }
        const struct option_row *row = NULL;
        for (size_t i = 0; i < count && !row; i++)
            if (got == (int)(256 + i) || (got < 256 && rows[i]->letter == got))
                row = rows[i];
        if (!row || arguments->value_count == ARGUMENT_VALUES_MAX) {
            say_error(_("too many options"));
            return false;
        }
        arguments->values[arguments->value_count++] = (struct argument_value){row, row->argument ? optarg : ""};
    }
    arguments->operands = argv + optind;
    arguments->operand_count = (size_t)(argc - optind);
    if (arguments_has(arguments, "help") || !command->actions)
        return true;
    if (arguments->operand_count == 0 || !is_action(command->actions, arguments->operands[0])) {
        if (arguments->operand_count == 0)
            say_error(_("samordning %s needs one of: %s"), command->name, command->actions);
        else
            say_error(_("samordning %s knows no \"%s\"; it has: %s"), command->name, arguments->operands[0], command->actions);
        return false;
    }
    arguments->action = arguments->operands[0];
    arguments->operands++;
    arguments->operand_count--;
    return true;
}

const char *arguments_nth(const struct arguments *arguments, const char *name, size_t index)
{
    for (size_t i = 0; i < arguments->value_count; i++)
        if (strcmp(arguments->values[i].option->name, name) == 0 && index-- == 0)
            return arguments->values[i].text;
    return NULL;
}

bool arguments_has(const struct arguments *arguments, const char *name)
{
    return arguments_nth(arguments, name, 0) != NULL;
}

const char *arguments_text(const struct arguments *arguments, const char *name, const char *otherwise)
{
    for (size_t i = arguments->value_count; i > 0; i--)
        if (strcmp(arguments->values[i - 1].option->name, name) == 0)
            return arguments->values[i - 1].text;
    return otherwise;
}

bool arguments_number(const struct arguments *arguments, const char *name, uint64_t otherwise, uint64_t min, uint64_t max,
                      uint64_t *ret_number)
{
    const char *text = arguments_text(arguments, name, NULL);
    *ret_number = otherwise;
    if (!text)
        return true;
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || errno || number < min || number > max) {
        say_error(_("--%s: \"%s\" is not a whole number from %llu to %llu"), name, text, (unsigned long long)min,
                  (unsigned long long)max);
        return false;
    }
    *ret_number = number;
    return true;
}

int arguments_choice(const struct arguments *arguments, const char *name, const char *const words[], int otherwise)
{
    const char *text = arguments_text(arguments, name, NULL);
    if (!text)
        return otherwise;
    char known[200] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", words[i]);
    }
    say_error(_("--%s: \"%s\" is none of: %s"), name, text, known);
    return -1;
}
