/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd: reads its arguments and runs the daemon or a subcommand.
 */
#include "command.h"
#include "config.h"
#include "log.h"
#include "server.h"

#include <getopt.h>
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

int main(int argc, char **argv)
{
    static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                                 {"state", required_argument, NULL, 's'},
                                                 {"check-config", no_argument, NULL, 'C'},
                                                 {"print-config", no_argument, NULL, 'p'},
                                                 {"print-config-man", no_argument, NULL, 'm'},
                                                 {"version", no_argument, NULL, 'V'},
                                                 {"help", no_argument, NULL, 'h'},
                                                 {NULL, 0, NULL, 0}};
    const char *file = NULL, *state = NULL;
    bool only_check = false;
    int option;
    log_set_output(2, log_stderr_is_journal());
    if (argc > 1 && strcmp(argv[1], "init") == 0)
        return init_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "enrol") == 0)
        return enrol_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "revoke") == 0)
        return revoke_main(argc - 1, argv + 1);
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (option) {
        case 'c':
            file = optarg;
            break;
        case 's':
            state = optarg;
            break;
        case 'C':
            only_check = true;
            break;
        case 'p':
            config_print_sample(stdout, NULL);
            return EXIT_OK;
        case 'm':
            config_print_man(stdout);
            return EXIT_OK;
        case 'V':
            puts(SAMORDNING_SOFTWARE);
            return EXIT_OK;
        case 'h':
            main_usage(stdout);
            return EXIT_OK;
        default:
            fprintf(stderr, "samordningd: %s: unknown option, or its value is missing (samordningd --help)\n",
                    argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "samordningd: %s: unknown subcommand (init, enrol, revoke; samordningd --help)\n", argv[optind]);
        return EXIT_USAGE;
    }
    struct config config;
    char config_file[PATH_MAX];
    int code = command_read_config(file, state, &config, config_file, sizeof config_file);
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
