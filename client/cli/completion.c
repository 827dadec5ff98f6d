/* SPDX-License-Identifier: GPL-3.0-or-later
 * Completion for bash, made from the command table. */
#include "arguments.h"
#include "say.h"

#include <stdio.h>
#include <string.h>

static void print_words(const struct command *command)
{
    bool first = true;
    for (size_t table = 0; table < OPTION_TABLES_MAX && command->tables[table]; table++)
        for (const struct option_row *row = command->tables[table]; row->name; row++) {
            printf("%s--%s", first ? "" : " ", row->name);
            first = false;
        }
}

int completion_bash(void)
{
    size_t count;
    const struct command *const *table = commands(&count);
    fputs("# bash completion of samordning; made by: samordning completion bash\n"
          "_samordning()\n"
          "{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
          "    local words= actions=\n"
          "    COMPREPLY=()\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        COMPREPLY=($(compgen -W \"",
          stdout);
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i ? " " : "", table[i]->name);
    puts("\" -- \"$current\"))\n        return\n    fi\n    case $command:$before in");
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < OPTION_TABLES_MAX && table[i]->tables[k]; k++) {
            for (const struct option_row *row = table[i]->tables[k]; row->name; row++) {
                if (!row->argument)
                    continue;
                printf("    %s:--%s", table[i]->name, row->name);
                if (row->letter)
                    printf("|%s:-%c", table[i]->name, row->letter);
                if (!row->values)
                    puts(") return ;;");
                else if (strcmp(row->values, "@file") == 0)
                    puts(") COMPREPLY=($(compgen -f -- \"$current\")); return ;;");
                else if (strcmp(row->values, "@directory") == 0)
                    puts(") COMPREPLY=($(compgen -d -- \"$current\")); return ;;");
                else
                    printf(") COMPREPLY=($(compgen -W \"%s\" -- \"$current\")); return ;;\n", row->values);
            }
        }
    }
    puts("    esac\n    case $command in");
    for (size_t i = 0; i < count; i++) {
        printf("    %s) words=\"", table[i]->name);
        print_words(table[i]);
        printf("\"");
        if (table[i]->actions)
            printf(" actions=\"%s\"", table[i]->actions);
        if (table[i] == command_find("help")) {
            printf(" actions=\"");
            for (size_t k = 0; k < count; k++)
                printf("%s%s", k ? " " : "", table[k]->name);
            printf("\"");
        }
        puts(" ;;");
    }
    puts("    esac\n"
         "    if [[ $current == -* ]]; then\n"
         "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "    elif [[ -n $actions ]] && ((COMP_CWORD == 2)); then\n"
         "        COMPREPLY=($(compgen -W \"$actions\" -- \"$current\"))\n"
         "    else\n"
         "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "    fi\n"
         "}\n"
         "complete -o filenames -F _samordning samordning");
    return EXIT_CODE_OK;
}

static int completion_run(const struct arguments *arguments)
{
    (void)arguments;
    return completion_bash();
}

const struct command command_completion = {
    .name = "completion",
    .summary = N_("print the completion script for a shell"),
    .actions = "bash",
    .sections = (const struct section[]){{N_("DESCRIPTION"), N_("Packages install the script; for one's own shell:\n"
                                                                "    source <(samordning completion bash)\n")},
                                         {NULL}},
    .tables = {option_common},
    .run = completion_run,
};
