/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the subcommands have in common.
 */
#include "command.h"

#include "bundle.h"
#include "key_file.h"
#include "server.h"
#include "store.h"
#include "store_admin.h"
#include "validate.h"
#include "vocabulary.h"

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONFIG_USUAL "/etc/samordning/samordningd.conf"

#define OPTIONS_MAX  15
#define OPTION_FIRST 256 /* beyond what getopt_long says by itself */

bool command_options(const char *program, int argc, char **argv, const struct command_option *options, size_t count,
                     void (*usage)(FILE *out), int *ret_operands, int *ret_code)
{
    struct option known[OPTIONS_MAX + 2] = {{NULL, 0, NULL, 0}};
    int which, help = OPTION_FIRST + (int)count;
    assert(count <= OPTIONS_MAX);
    for (size_t i = 0; i < count; i++)
        known[i] = (struct option){.name = options[i].name,
                                   .has_arg = options[i].value != NULL ? required_argument : no_argument,
                                   .val = OPTION_FIRST + (int)i};
    known[count] = (struct option){.name = "help", .has_arg = no_argument, .val = help};
    opterr = 0;
    while ((which = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (which == help) {
            usage(stdout);
            *ret_code = EXIT_OK;
            return false;
        }
        if (which < OPTION_FIRST) {
            fprintf(stderr, "%s: %s: unknown option, or its value is missing (%s --help)\n", program, argv[optind - 1],
                    program);
            *ret_code = EXIT_USAGE;
            return false;
        }
        const struct command_option *option = &options[which - OPTION_FIRST];
        if (option->value != NULL)
            *option->value = optarg;
        if (option->given != NULL)
            *option->given = true;
    }
    *ret_operands = optind;
    return true;
}

bool command_orgnr(const char *program, const char *option, const char *orgnr)
{
    if (validate_orgnr(orgnr))
        return true;
    fprintf(stderr, "%s: %s: %s is not a Norwegian organisation number (nine digits with a check digit)\n", program, option,
            orgnr);
    return false;
}

int command_failed(const char *program, const struct errmsg *errmsg, enum status status)
{
    fprintf(stderr, "%s: %s%s%s\n", program, errmsg->field, errmsg->field[0] != '\0' ? ": " : "",
            errmsg->text[0] != '\0' ? errmsg->text : status_text(status));
    switch (status) {
    case STATUS_INVALID:
    case STATUS_CONFLICT:
    case STATUS_NOT_FOUND:
        return EXIT_CONFIG;
    case STATUS_UNAVAILABLE:
    case STATUS_TIMEOUT:
        return EXIT_UNAVAILABLE;
    default:
        return EXIT_INTERNAL;
    }
}

int command_read_config(const char *file, const char *state, struct config *ret_config, char *ret_file, size_t file_size)
{
    struct config_error error = {0};
    struct config config;
    if (file != NULL)
        snprintf(ret_file, file_size, "%s", file);
    else if (state != NULL)
        snprintf(ret_file, file_size, "%s/samordningd.conf", state);
    else
        snprintf(ret_file, file_size, "%s",
                 access(CONFIG_USUAL, F_OK) == 0 ? CONFIG_USUAL : "/var/lib/samordning/samordningd.conf");
    enum status status = config_init(&config);
    if (status != STATUS_OK)
        return EXIT_INTERNAL;
    status = config_read(&config, ret_file, &error);
    if (status == STATUS_OK)
        status = config_check(&config, &error);
    if (status != STATUS_OK) {
        fprintf(stderr, "samordningd: %s\n", error.text[0] != '\0' ? error.text : status_text(status));
        config_release(&config);
        return status == STATUS_NO_MEMORY ? EXIT_INTERNAL : EXIT_CONFIG;
    }
    *ret_config = config;
    return EXIT_OK;
}

enum status command_authority(const struct config *config, bool create, struct authority **ret_authority, bool *ret_created,
                              struct errmsg *ret_errmsg)
{
    char certificate[PATH_MAX], key[PATH_MAX], directory[PATH_MAX];
    struct authority *authority = NULL;
    enum status status = config_path(config, config->authority, "authority/ca.crt", certificate, sizeof certificate);
    if (status == STATUS_OK)
        status = config_path(config, config->authority_key, "authority/ca.key", key, sizeof key);
    if (status != STATUS_OK)
        return status;
    *ret_created = false;
    if (key_file_exists(certificate) || !create)
        return authority_load(certificate, key, ret_authority, ret_errmsg);
    if (key_file_exists(key)) {
        errmsg_set(ret_errmsg, "", "%s is there but %s is not: restore it, or move the key away for a new authority", key,
                   certificate);
        return STATUS_CONFLICT;
    }
    snprintf(directory, sizeof directory, "%s", key);
    *strrchr(directory, '/') = '\0';
    status = key_directory_make(directory, 0700, ret_errmsg);
    if (status == STATUS_OK)
        status = authority_create("samordning", &authority, ret_errmsg);
    if (status == STATUS_OK) {
        char *text = authority_key_pem(authority);
        status = text != NULL ? key_file_write(key, text, 0600, false, ret_errmsg) : STATUS_NO_MEMORY;
        if (text != NULL)
            OPENSSL_cleanse(text, strlen(text));
        free(text);
    }
    if (status == STATUS_OK)
        status = key_file_write(certificate, authority_pem(authority), 0644, false, ret_errmsg);
    if (status != STATUS_OK) {
        authority_destroy(authority);
        return status;
    }
    *ret_authority = authority;
    *ret_created = true;
    return STATUS_OK;
}

int command_enrol(const struct config *config, const struct authority *authority, const char *orgnr, const char *name,
                  uint32_t roles, const char *directory)
{
    struct errmsg errmsg = {0};
    struct bundle bundle;
    struct store_admin *admin = NULL;
    enum status status = bundle_make(directory, config, authority, orgnr, name, &bundle, &errmsg);
    if (status == STATUS_OK)
        status = store_admin_open(config, &admin, &errmsg);
    if (status == STATUS_OK)
        status = store_admin_enrol(admin, orgnr, name, roles, bundle.fingerprint, bundle.expires_us, &errmsg);
    store_admin_close(admin);
    if (status != STATUS_OK)
        return command_failed("samordningd", &errmsg, status);
    time_t expires = (time_t)(bundle.expires_us / 1000000);
    struct tm parts;
    gmtime_r(&expires, &parts);
    printf("%s (%s): bundle %s in %s, valid until %04d-%02d-%02d\n", name, orgnr, bundle.was_there ? "kept" : "made", directory,
           parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
    return EXIT_OK;
}

uint32_t command_roles(const char *text)
{
    uint32_t roles = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_ACCESS_ROLE, text, size);
        if (term == NULL || term->code == 0) {
            fprintf(stderr, "samordningd: --role: unknown role %.*s: use submitter, researcher, operator\n", (int)size, text);
            return 0;
        }
        roles |= PRINCIPAL_ROLE(term->code);
        text += size;
        text += *text == ',';
    }
    if (roles == 0)
        fprintf(stderr, "samordningd: --role must name at least one of submitter, researcher, operator\n");
    return roles;
}
