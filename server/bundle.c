/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes and reads client bundles.
 */
#include "bundle.h"

#include "key_file.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void bundle_path(char ret_path[PATH_MAX], const char *directory, const char *file)
{
    if (snprintf(ret_path, PATH_MAX, "%s/%s", directory, file) >= PATH_MAX)
        ret_path[0] = '\0'; /* opening it fails and says so */
}

void bundle_host_port(const struct config *config, char *ret_host, size_t host_size, char *ret_port, size_t port_size)
{
    char first[300];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(config->listen, ", "), config->listen);
    char *colon = strrchr(first, ':'), *host = first;
    snprintf(ret_port, port_size, "%s", colon != NULL ? colon + 1 : "7117");
    if (colon != NULL)
        *colon = '\0';
    size_t length = strlen(host);
    if (host[0] == '[' && length > 1 && host[length - 1] == ']') {
        host[length - 1] = '\0';
        host++;
    }
    if (strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0) {
        if (gethostname(ret_host, host_size) != 0)
            snprintf(ret_host, host_size, "localhost");
        ret_host[host_size - 1] = '\0';
    } else {
        snprintf(ret_host, host_size, "%s", host);
    }
}

static enum status bundle_read(const char *path, const char *orgnr, struct bundle *ret_bundle, struct errmsg *ret_errmsg)
{
    X509 *certificate;
    char found[10];
    enum status status = certificate_read(path, &certificate, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (!certificate_orgnr(certificate, found) || strcmp(found, orgnr) != 0) {
        errmsg_set(ret_errmsg, "", "%s is of another organisation", path);
        status = STATUS_CONFLICT;
    } else {
        certificate_fingerprint(certificate, ret_bundle->fingerprint);
        ret_bundle->expires_us = certificate_expires_us(certificate);
        ret_bundle->was_there = true;
    }
    X509_free(certificate);
    return status;
}

static enum status bundle_write_conf(const char *path, const struct config *config, const char *orgnr, const char *name,
                                     struct errmsg *ret_errmsg)
{
    char host[256], port[32], *text;
    bundle_host_port(config, host, sizeof host, port, sizeof port);
    if (asprintf(&text, "# Connection of %s (%s) to samordningd%s%s%s%s\nhost = %s\nport = %s\n", name, orgnr,
                 config->operator_name[0] != '\0' ? ", run by " : "", config->operator_name,
                 config->operator_url[0] != '\0' ? ", " : "", config->operator_url, host, port) < 0)
        return STATUS_NO_MEMORY;
    enum status status = key_file_write(path, text, 0644, true, ret_errmsg);
    free(text);
    return status;
}

enum status bundle_make(const char *directory, const struct config *config, const struct authority *authority,
                        const char *orgnr, const char *name, struct bundle *ret_bundle, struct errmsg *ret_errmsg)
{
    char key_path[PATH_MAX], certificate_path[PATH_MAX], authority_path[PATH_MAX], conf_path[PATH_MAX];
    struct bundle bundle = {0};
    bundle_path(key_path, directory, "client.key");
    bundle_path(certificate_path, directory, "client.crt");
    bundle_path(authority_path, directory, "ca.crt");
    bundle_path(conf_path, directory, "client.conf");
    enum status status = key_directory_make(directory, 0700, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (key_file_exists(certificate_path)) {
        status = bundle_read(certificate_path, orgnr, &bundle, ret_errmsg);
    } else {
        /* A key without certificate is left from a run that broke off: its certificate is made anew. */
        EVP_PKEY *key = NULL;
        struct certificate_wish wish = {
            .kind = CERTIFICATE_CLIENT, .name = name, .orgnr = orgnr, .days = config->client_certificate_days};
        struct authority_issue issue = {0};
        if (key_file_exists(key_path)) {
            status = certificate_read_key(key_path, &key, ret_errmsg);
        } else if ((status = certificate_make_key(&key)) == STATUS_OK) {
            char *text = certificate_key_pem(key);
            status = text != NULL ? key_file_write(key_path, text, 0600, false, ret_errmsg) : STATUS_NO_MEMORY;
            if (text != NULL)
                OPENSSL_cleanse(text, strlen(text));
            free(text);
        }
        if (status == STATUS_OK)
            status = authority_sign(authority, &wish, key, &issue, ret_errmsg);
        if (status == STATUS_OK)
            status = key_file_write(certificate_path, issue.pem, 0644, false, ret_errmsg);
        if (status == STATUS_OK) {
            memcpy(bundle.fingerprint, issue.fingerprint, sizeof bundle.fingerprint);
            bundle.expires_us = issue.expires_us;
        }
        authority_issue_release(&issue);
        EVP_PKEY_free(key);
    }
    if (status == STATUS_OK)
        status = key_file_write(authority_path, authority_pem(authority), 0644, true, ret_errmsg);
    if (status == STATUS_OK)
        status = bundle_write_conf(conf_path, config, orgnr, name, ret_errmsg);
    if (status == STATUS_OK)
        *ret_bundle = bundle;
    return status;
}
