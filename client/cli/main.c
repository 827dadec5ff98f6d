/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning: finds the subcommand and runs it. */
#include "arguments.h"
#include "say.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Messages in the language that the environment asks for, also where that locale was never generated: the catalogues are ours
 * and need nothing of it. The language is also found under Norwegian's old name. */
static void use_messages(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *wanted = NULL;
    for (size_t i = 0; i < 3 && !(wanted && wanted[0]); i++)
        wanted = getenv(variables[i]);
    bool known = setlocale(LC_MESSAGES, "") != NULL;
    if (!known)
        setlocale(LC_MESSAGES, "C.UTF-8");
    if (getenv("LANGUAGE") || !wanted || strlen(wanted) < 2)
        return;
    char language[3] = {wanted[0], wanted[1], '\0'};
    if (strcmp(language, "no") == 0)
        setenv("LANGUAGE", "nb", 1);
    else if (!known)
        setenv("LANGUAGE", language, 1);
}

static void use_language(void)
{
    /* Only the words and the letters: numbers are written the same everywhere. */
    if (!setlocale(LC_CTYPE, ""))
        setlocale(LC_CTYPE, "C.UTF-8");
    use_messages();
    const char *folder = getenv("SAMORDNING_LOCALEDIR");
    bindtextdomain("samordning", folder && folder[0] ? folder : SAMORDNING_LOCALE_FOLDER);
    bind_textdomain_codeset("samordning", "UTF-8");
    textdomain("samordning");
}

int main(int argc, char **argv)
{
    use_language();
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        help_program();
        return EXIT_CODE_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *command = command_find(name);
    if (!command) {
        say_error(_("there is no command \"%s\""), name);
        say_hint(_("see samordning --help"));
        return EXIT_CODE_USAGE;
    }
    if (command->run_raw)
        return command->run_raw(argc - 1, argv + 1);
    struct arguments arguments;
    if (!arguments_parse(&arguments, command, argc - 1, argv + 1))
        return EXIT_CODE_USAGE;
    int code = EXIT_CODE_OK;
    if (arguments_has(&arguments, "help"))
        help_command(command);
    else
        code = command->run(&arguments);
    if (fflush(stdout) != 0 && code == EXIT_CODE_OK) {
        say_error(_("could not write"));
        code = EXIT_CODE_INPUT;
    }
    return code;
}
