/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd enrol: an organisation's bundle and access rows, made on the daemon's host, whether the daemon runs or not.
 */
#include "command.h"
#include "server.h"
#include "validate.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static void enrol_usage(FILE *out)
{
    fputs("usage: samordningd enrol [--config FILE | --state DIR] --orgnr NUMBER --name NAME --role ROLES --out DIR\n\n"
          "Gives the organisation the ROLES (submitter, researcher, operator, separated by commas) and makes DIR with\n"
          "client.key, client.crt, ca.crt and client.conf. A bundle of the same organisation that is there is kept.\n",
          out);
}

int enrol_main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'}, {"state", required_argument, NULL, 's'},
        {"orgnr", required_argument, NULL, 'o'},  {"name", required_argument, NULL, 'n'},
        {"role", required_argument, NULL, 'r'},   {"out", required_argument, NULL, 'd'},
        {"help", no_argument, NULL, '?'},         {NULL, 0, NULL, 0}};
    const char *file = NULL, *state = NULL, *orgnr = NULL, *name = NULL, *role = NULL, *directory = NULL;
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (option) {
        case 'c':
            file = optarg;
            break;
        case 's':
            state = optarg;
            break;
        case 'o':
            orgnr = optarg;
            break;
        case 'n':
            name = optarg;
            break;
        case 'r':
            role = optarg;
            break;
        case 'd':
            directory = optarg;
            break;
        default:
            if (strcmp(argv[optind - 1], "--help") == 0) {
                enrol_usage(stdout);
                return EXIT_OK;
            }
            fprintf(stderr, "samordningd enrol: %s: unknown option, or its value is missing\n", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    if (optind < argc || orgnr == NULL || name == NULL || name[0] == '\0' || role == NULL || directory == NULL) {
        enrol_usage(stderr);
        return EXIT_USAGE;
    }
    if (!validate_orgnr(orgnr)) {
        fprintf(stderr,
                "samordningd enrol: --orgnr: %s is not a Norwegian organisation number (nine digits with a check digit)\n",
                orgnr);
        return EXIT_USAGE;
    }
    uint32_t roles = command_roles(role);
    if (roles == 0)
        return EXIT_USAGE;
    struct config config;
    struct authority *authority = NULL;
    struct errmsg errmsg = {0};
    char config_file[PATH_MAX];
    bool created;
    int code = command_read_config(file, state, &config, config_file, sizeof config_file);
    if (code != EXIT_OK)
        return code;
    enum status status = command_authority(&config, false, &authority, &created, &errmsg);
    if (status == STATUS_OK && !authority_can_sign(authority)) {
        errmsg_set(&errmsg, "", "the key of the certificate authority is not here");
        status = STATUS_UNAVAILABLE;
    }
    code = status == STATUS_OK ? command_enrol(&config, authority, orgnr, name, roles, directory)
                               : command_failed("samordningd enrol", &errmsg, status);
    authority_destroy(authority);
    config_release(&config);
    return code;
}
