/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd revoke: takes access away, from one certificate or a whole organisation, whether the daemon runs or not.
 */
#include "certificate.h"
#include "command.h"
#include "server.h"
#include "store_admin.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char program[] = "samordningd revoke";

static void revoke_usage(FILE *out)
{
    fputs("usage: samordningd revoke [--config FILE | --state DIR] (--certificate FILE | --fingerprint SHA256 | --orgnr "
          "NUMBER)\n\n"
          "Revokes one certificate (client.crt of a bundle, or its SHA-256 in hexadecimal), or takes from an organisation all\n"
          "its roles and certificates. Holds at once, also for connections that are open. Enrolling again gives access back.\n",
          out);
}

/* Hexadecimal, with or without colons, in any case, as openssl prints it too. */
static bool revoke_fingerprint(const char *text, char ret_fingerprint[CERTIFICATE_FINGERPRINT_SIZE])
{
    size_t length = 0;
    for (; *text != '\0'; text++) {
        if (*text == ':')
            continue;
        char digit = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
        if (strchr("0123456789abcdef", digit) == NULL || length + 1 >= CERTIFICATE_FINGERPRINT_SIZE)
            return false;
        ret_fingerprint[length++] = digit;
    }
    ret_fingerprint[length] = '\0';
    return length + 1 == CERTIFICATE_FINGERPRINT_SIZE;
}

static enum status revoke_certificate_file(const char *path, char ret_fingerprint[CERTIFICATE_FINGERPRINT_SIZE],
                                           struct errmsg *ret_errmsg)
{
    X509 *certificate = NULL;
    enum status status = certificate_read(path, &certificate, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    certificate_fingerprint(certificate, ret_fingerprint);
    X509_free(certificate);
    return STATUS_OK;
}

static int revoke_run(const struct config *config, const char *orgnr, const char *fingerprint)
{
    struct errmsg errmsg = {0};
    struct store_admin *admin = NULL;
    struct store_admin_revoked revoked;
    enum status status = store_admin_open(config, &admin, &errmsg);
    if (status == STATUS_OK)
        status = store_admin_revoke(admin, orgnr, fingerprint, &revoked, &errmsg);
    store_admin_close(admin);
    if (status != STATUS_OK) {
        int code = command_failed(program, &errmsg, status);
        return status == STATUS_NOT_FOUND ? EXIT_USAGE : code;
    }
    if (orgnr != NULL)
        printf("%s (%s): %d roles taken away, %d certificates revoked\n", revoked.name, orgnr, revoked.roles,
               revoked.certificates);
    else
        printf("%s: certificate %s %s\n", revoked.name, fingerprint,
               revoked.certificates > 0 ? "revoked" : "was revoked before");
    return EXIT_OK;
}

int revoke_main(int argc, char **argv)
{
    const char *file = NULL, *state = NULL, *path = NULL, *given = NULL, *orgnr = NULL;
    const struct command_option options[] = {{"config", &file, NULL},
                                             {"state", &state, NULL},
                                             {"certificate", &path, NULL},
                                             {"fingerprint", &given, NULL},
                                             {"orgnr", &orgnr, NULL}};
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE], config_file[PATH_MAX];
    struct config config;
    struct errmsg errmsg = {0};
    int code, operands;
    if (!command_options(program, argc, argv, options, sizeof options / sizeof options[0], revoke_usage, &operands, &code))
        return code;
    if (operands < argc || (path != NULL) + (given != NULL) + (orgnr != NULL) != 1) {
        revoke_usage(stderr);
        return EXIT_USAGE;
    }
    if (orgnr != NULL && !command_orgnr(program, "--orgnr", orgnr))
        return EXIT_USAGE;
    if (given != NULL && !revoke_fingerprint(given, fingerprint)) {
        fprintf(stderr, "%s: --fingerprint: %s is not a SHA-256 in hexadecimal\n", program, given);
        return EXIT_USAGE;
    }
    if (path != NULL) {
        enum status status = revoke_certificate_file(path, fingerprint, &errmsg);
        if (status != STATUS_OK)
            return command_failed(program, &errmsg, status);
    }
    code = command_read_config(file, state, &config, config_file, sizeof config_file);
    if (code != EXIT_OK)
        return code;
    code = revoke_run(&config, orgnr, orgnr == NULL ? fingerprint : NULL);
    config_release(&config);
    return code;
}
