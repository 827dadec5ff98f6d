/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd enrol: an organisation's bundle and access rows, made on the daemon's host, whether the daemon runs or not.
 */
#include "command.h"
#include "server.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char program[] = "samordningd enrol";

static void enrol_usage(FILE *out)
{
    fputs("usage: samordningd enrol [--config FILE | --state DIR] --orgnr NUMBER --name NAME --role ROLES --out DIR\n\n"
          "Gives the organisation the ROLES (submitter, researcher, operator, separated by commas) and makes DIR with\n"
          "client.key, client.crt, ca.crt and client.conf. A bundle of the same organisation that is there is kept.\n",
          out);
}

int enrol_main(int argc, char **argv)
{
    const char *file = NULL, *state = NULL, *orgnr = NULL, *name = NULL, *role = NULL, *directory = NULL;
    const struct command_option options[] = {{"config", &file, NULL}, {"state", &state, NULL}, {"orgnr", &orgnr, NULL},
                                             {"name", &name, NULL},   {"role", &role, NULL},   {"out", &directory, NULL}};
    int code, operands;
    if (!command_options(program, argc, argv, options, sizeof options / sizeof options[0], enrol_usage, &operands, &code))
        return code;
    if (operands < argc || orgnr == NULL || name == NULL || name[0] == '\0' || role == NULL || directory == NULL) {
        enrol_usage(stderr);
        return EXIT_USAGE;
    }
    if (!command_orgnr(program, "--orgnr", orgnr))
        return EXIT_USAGE;
    uint32_t roles = command_roles(role);
    if (roles == 0)
        return EXIT_USAGE;
    struct config config;
    struct authority *authority = NULL;
    struct errmsg errmsg = {0};
    char config_file[PATH_MAX];
    bool created;
    code = command_read_config(file, state, &config, config_file, sizeof config_file);
    if (code != EXIT_OK)
        return code;
    enum status status = command_authority(&config, false, &authority, &created, &errmsg);
    if (status == STATUS_OK && !authority_can_sign(authority)) {
        errmsg_set(&errmsg, "", "the key of the certificate authority is not here");
        status = STATUS_UNAVAILABLE;
    }
    code = status == STATUS_OK ? command_enrol(&config, authority, orgnr, name, roles, directory)
                               : command_failed(program, &errmsg, status);
    authority_destroy(authority);
    config_release(&config);
    return code;
}
