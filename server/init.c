/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordningd init: state directory, configuration, private CA, the daemon's certificate, and the operator's bundle.
 *
 * May be run again: what is there is kept, what is missing is made, and a daemon certificate that is about to expire (or whose
 * hosts are given anew) is issued again for the same key.
 */
#include "bundle.h"
#include "clock.h"
#include "command.h"
#include "key_file.h"
#include "server.h"
#include "store.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVER_CERTIFICATE_DAYS 1826
#define SERVER_RENEW_US         (INT64_C(90) * 86400 * 1000000)
#define HOSTS_MAX               2000

#define OPERATOR_ROLES                                                                                                         \
    (PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER) |                                                           \
     PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER) |                                                          \
     PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR))

static const char program[] = "samordningd init";

struct init_options {
    const char *state, *orgnr, *name, *hosts, *listen, *http_listen, *database;
};

static void init_usage(FILE *out)
{
    fputs("usage: samordningd init [--state DIR] [--operator-orgnr NUMBER --operator-name NAME] [--host NAMES]\n"
          "                        [--listen ADDRESSES] [--http-listen ADDRESS] [--database CONNECTION]\n\n"
          "Makes DIR (default /var/lib/samordning) with samordningd.conf, a private certificate authority and the daemon's\n"
          "certificate, for localhost, this host's name and NAMES (separated by commas). With an operator it also makes\n"
          "DIR/bundles/NUMBER, the certificate and key the operator connects with (in every role). Run again, it keeps what\n"
          "is there; a daemon certificate near its end, or with --host, is issued again for the same key.\n",
          out);
}

static enum status init_config_set(struct config *config, const char *name, const char *value, struct errmsg *ret_errmsg)
{
    struct config_error error = {0};
    if (value == NULL)
        return STATUS_OK;
    enum status status = config_set(config, name, value, NULL, 0, &error);
    if (status != STATUS_OK)
        errmsg_set(ret_errmsg, "", "%s", error.text);
    return status;
}

/* The configuration that is there. One that was moved here names the directory it came from: its keys and data are not meant.
 */
static enum status init_config_kept(struct config *config, const char *path, struct errmsg *ret_errmsg)
{
    struct config_error error = {0};
    char *wanted = strdup(config->state_dir);
    if (wanted == NULL)
        return STATUS_NO_MEMORY;
    enum status status = config_read(config, path, &error);
    if (status == STATUS_OK)
        status = config_check(config, &error);
    if (status != STATUS_OK) {
        errmsg_set(ret_errmsg, "", "%s", error.text);
    } else if (strcmp(config->state_dir, wanted) != 0) {
        errmsg_set(ret_errmsg, "state_dir", "%s says %s, and %s is asked for: change it there first", path, config->state_dir,
                   wanted);
        status = STATUS_INVALID;
    } else {
        printf("configuration kept: %s\n", path);
    }
    free(wanted);
    return status;
}

/* The configuration that is there, or a new file with the options' values. */
static enum status init_config(const struct init_options *options, struct config *config, struct errmsg *ret_errmsg)
{
    char path[PATH_MAX], *text = NULL;
    size_t size;
    struct config_error error = {0};
    enum status status = init_config_set(config, "state_dir", options->state, ret_errmsg);
    if (status == STATUS_OK && (status = config_check(config, &error)) != STATUS_OK)
        errmsg_set(ret_errmsg, "", "%s", error.text);
    if (status == STATUS_OK)
        status = key_directory_make(config->state_dir, 0755, ret_errmsg);
    if (status == STATUS_OK)
        status = config_path(config, "samordningd.conf", "", path, sizeof path);
    if (status != STATUS_OK)
        return status;
    if (key_file_exists(path))
        return init_config_kept(config, path, ret_errmsg);
    if ((status = init_config_set(config, "listen", options->listen, ret_errmsg)) != STATUS_OK ||
        (status = init_config_set(config, "http_listen", options->http_listen, ret_errmsg)) != STATUS_OK ||
        (status = init_config_set(config, "database", options->database, ret_errmsg)) != STATUS_OK ||
        (status = init_config_set(config, "operator_name", options->name, ret_errmsg)) != STATUS_OK)
        return status;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return STATUS_NO_MEMORY;
    config_print_sample(out, config);
    status = fclose(out) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
    /* A connection string may hold a password. */
    if (status == STATUS_OK)
        status = key_file_write(path, text, config->database[0] != '\0' ? 0600 : 0644, false, ret_errmsg);
    free(text);
    if (status == STATUS_OK)
        printf("configuration made: %s\n", path);
    return status;
}

static void init_hosts(const struct init_options *options, const struct config *config, char ret_hosts[HOSTS_MAX])
{
    char own[256] = "", listening[256], port[32];
    if (gethostname(own, sizeof own - 1) != 0)
        own[0] = '\0';
    bundle_host_port(config, listening, sizeof listening, port, sizeof port);
    bool is_usual = strcmp(listening, own) == 0 || strcmp(listening, "127.0.0.1") == 0 || strcmp(listening, "localhost") == 0 ||
                    strcmp(listening, "::1") == 0;
    snprintf(ret_hosts, HOSTS_MAX, "localhost,127.0.0.1,::1,%s,%s,%s", own, is_usual ? "" : listening,
             options->hosts != NULL ? options->hosts : "");
}

static enum status init_server_certificate(const struct init_options *options, const struct config *config,
                                           const struct authority *authority, struct errmsg *ret_errmsg)
{
    char certificate_path[PATH_MAX], key_path[PATH_MAX], hosts[HOSTS_MAX];
    EVP_PKEY *key = NULL;
    X509 *old = NULL;
    if (config->certificate[0] != '\0') {
        printf("certificate of your own: %s\n", config->certificate);
        return STATUS_OK;
    }
    enum status status = config_path(config, "server.crt", "", certificate_path, sizeof certificate_path);
    if (status == STATUS_OK)
        status = config_path(config, "server.key", "", key_path, sizeof key_path);
    if (status != STATUS_OK)
        return status;
    if (key_file_exists(certificate_path)) {
        status = certificate_read(certificate_path, &old, ret_errmsg);
        if (status != STATUS_OK)
            return status;
        bool is_fresh = certificate_expires_us(old) - clock_wall_us() > SERVER_RENEW_US;
        X509_free(old);
        if (is_fresh && options->hosts == NULL) {
            printf("certificate kept: %s\n", certificate_path);
            return STATUS_OK;
        }
    }
    if (key_file_exists(key_path)) {
        status = certificate_read_key(key_path, &key, ret_errmsg);
    } else if ((status = certificate_make_key(&key)) == STATUS_OK) {
        char *text = certificate_key_pem(key);
        status = text != NULL ? key_file_write(key_path, text, 0600, false, ret_errmsg) : STATUS_NO_MEMORY;
        if (text != NULL)
            OPENSSL_cleanse(text, strlen(text));
        free(text);
    }
    init_hosts(options, config, hosts);
    struct certificate_wish wish = {
        .kind = CERTIFICATE_SERVER, .name = "samordningd", .hosts = hosts, .days = SERVER_CERTIFICATE_DAYS};
    struct authority_issue issue = {0};
    if (status == STATUS_OK)
        status = authority_sign(authority, &wish, key, &issue, ret_errmsg);
    if (status == STATUS_OK)
        status = key_file_write(certificate_path, issue.pem, 0644, true, ret_errmsg);
    authority_issue_release(&issue);
    EVP_PKEY_free(key);
    if (status == STATUS_OK)
        printf("certificate made: %s\n", certificate_path);
    return status;
}

static int init_run(const struct init_options *options, struct config *config)
{
    struct errmsg errmsg = {0};
    struct authority *authority = NULL;
    bool created = false;
    enum status status = init_config(options, config, &errmsg);
    if (status == STATUS_OK)
        status = command_authority(config, true, &authority, &created, &errmsg);
    if (status == STATUS_OK) {
        printf("certificate authority %s: %s\n", created ? "made" : "kept", config->state_dir);
        status = init_server_certificate(options, config, authority, &errmsg);
    }
    int code = status == STATUS_OK ? EXIT_OK : command_failed(program, &errmsg, status);
    if (code == EXIT_OK && options->orgnr != NULL) {
        char directory[PATH_MAX];
        if (snprintf(directory, sizeof directory, "%s/bundles/%s", config->state_dir, options->orgnr) >= (int)sizeof directory)
            code = EXIT_CONFIG;
        else
            code = command_enrol(config, authority, options->orgnr, options->name, OPERATOR_ROLES, directory);
    }
    authority_destroy(authority);
    return code;
}

int init_main(int argc, char **argv)
{
    struct init_options given = {0};
    const struct command_option options[] = {{"state", &given.state, NULL},        {"operator-orgnr", &given.orgnr, NULL},
                                             {"operator-name", &given.name, NULL}, {"host", &given.hosts, NULL},
                                             {"listen", &given.listen, NULL},      {"http-listen", &given.http_listen, NULL},
                                             {"database", &given.database, NULL}};
    int code, operands;
    if (!command_options(program, argc, argv, options, sizeof options / sizeof options[0], init_usage, &operands, &code))
        return code;
    if (operands < argc || (given.orgnr == NULL) != (given.name == NULL)) {
        fprintf(stderr, "%s: %s\n", program,
                operands < argc ? "takes no arguments but options" : "--operator-orgnr and --operator-name belong together");
        return EXIT_USAGE;
    }
    if (given.orgnr != NULL && !command_orgnr(program, "--operator-orgnr", given.orgnr))
        return EXIT_USAGE;
    struct config config;
    if (config_init(&config) != STATUS_OK)
        return EXIT_INTERNAL;
    code = init_run(&given, &config);
    config_release(&config);
    return code;
}
