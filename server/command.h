/* SPDX-License-Identifier: GPL-3.0-or-later
 * The subcommands of samordningd that run and end: init, enrol and revoke.
 */
#ifndef SAMORDNING_COMMAND_H
#define SAMORDNING_COMMAND_H

#include "authority.h"
#include "config.h"

#include <stdint.h>
#include <stdio.h>

/* All parse their own arguments (argv[0] is the subcommand), print for people and return an exit code. */
int init_main(int argc, char **argv);
int enrol_main(int argc, char **argv);
int revoke_main(int argc, char **argv);

struct command_option {
    const char *name;
    const char **value; /* where its value goes; NULL = takes none */
    bool *given;        /* NULL = nobody asks */
};
/* Shared: reads --NAME [VALUE] of `argv` (of `program`, for words) and --help, which prints `usage`. False: *ret_code is what
 * to end with. What is no option stands behind the options, from argv[*ret_operands] on. */
MUST_CHECK bool command_options(const char *program, int argc, char **argv, const struct command_option *options, size_t count,
                                void (*usage)(FILE *out), int *ret_operands, int *ret_code);
/* Is it an organisation number? Says so of the option when it is not. */
MUST_CHECK bool command_orgnr(const char *program, const char *option, const char *orgnr);
/* Reads the configuration of --config FILE, or DIR/samordningd.conf of --state DIR, or the usual place. Prints what is
 * wrong and returns an exit code. */
int command_read_config(const char *file, const char *state, struct config *ret_config, char *ret_file, size_t file_size);
/* The private CA of a configuration; created when it is not there and `create` is true. */
MUST_CHECK enum status command_authority(const struct config *config, bool create, struct authority **ret_authority,
                                         bool *ret_created, struct errmsg *ret_errmsg);
/* Bundle and access rows of an organisation. Prints, returns an exit code. */
int command_enrol(const struct config *config, const struct authority *authority, const char *orgnr, const char *name,
                  uint32_t roles, const char *directory);
/* "submitter,researcher" to PRINCIPAL_ROLE bits; 0: prints what is wrong. */
uint32_t command_roles(const char *text);
int command_failed(const char *program, const struct errmsg *errmsg, enum status status);

#endif
