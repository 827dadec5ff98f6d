/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd: reads its arguments and runs the daemon or a subcommand.
 */
#include "command.h"
#include "config.h"
#include "log.h"
#include "server.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void main_usage(FILE *out)
{
    fputs("usage: samordningd [--config FILE | --state DIR] [--check-config]\n"
          "       samordningd init --help\n"
          "       samordningd enrol --help\n"
          "       samordningd revoke --help\n"
          "       samordningd --print-config | --version | --help\n\n"
          "Takes in how ministries work together, over TLS, and answers questions about it. Without --config it reads\n"
          "DIR/samordningd.conf, /etc/samordning/samordningd.conf or /var/lib/samordning/samordningd.conf.\n\n"
          "  --check-config   read the configuration, say what is wrong with it, and end\n"
          "  --print-config   print a sample configuration with every key\n\n"
          "SIGHUP reads configuration and certificates again; SIGTERM stops after finishing what was taken.\n"
          "Exit codes: 0 stopped, 64 usage, 69 port or database unavailable, 70 internal error, 78 configuration.\n\n"
          "Keys of the configuration (default; values; (reload): taken over by SIGHUP):\n",
          out);
    config_print_help(out);
}

/* What is asked of the program itself, and answered at once. */
static bool main_tell(bool print_config, bool print_man, bool version)
{
    if (print_config)
        config_print_sample(stdout, NULL);
    else if (print_man)
        config_print_man(stdout);
    else if (version)
        puts(SAMORDNING_SOFTWARE);
    return print_config || print_man || version;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } subcommands[] = {{"init", init_main}, {"enrol", enrol_main}, {"revoke", revoke_main}};
    const char *file = NULL, *state = NULL;
    bool only_check = false, print_config = false, print_man = false, version = false;
    const struct command_option options[] = {{"config", &file, NULL},
                                             {"state", &state, NULL},
                                             {"check-config", NULL, &only_check},
                                             {"print-config", NULL, &print_config},
                                             {"print-config-man", NULL, &print_man},
                                             {"version", NULL, &version}};
    int code, operands;
    log_set_output(2, log_stderr_is_journal());
    for (size_t i = 0; argc > 1 && i < sizeof subcommands / sizeof subcommands[0]; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
    if (!command_options("samordningd", argc, argv, options, sizeof options / sizeof options[0], main_usage, &operands, &code))
        return code;
    if (operands < argc) {
        fprintf(stderr, "samordningd: %s: unknown subcommand (init, enrol, revoke; samordningd --help)\n", argv[operands]);
        return EXIT_USAGE;
    }
    if (main_tell(print_config, print_man, version))
        return EXIT_OK;
    struct config config;
    char config_file[PATH_MAX];
    code = command_read_config(file, state, &config, config_file, sizeof config_file);
    if (code != EXIT_OK)
        return code;
    if (only_check) {
        code = server_check(&config);
        if (code == EXIT_OK)
            printf("%s: nothing wrong\n", config_file);
    } else {
        code = server_run(&config, config_file);
    }
    config_release(&config);
    return code;
}
