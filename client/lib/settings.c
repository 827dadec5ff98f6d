/* SPDX-License-Identifier: GPL-3.0-or-later
 * Options with every default filled in and the bundle's files found. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* An option given by the caller wins over the bundle's. */
static int set_once(char **value, const char *text)
{
    if (*value != NULL || text == NULL || text[0] == '\0')
        return SAMORDNING_OK;
    *value = strdup(text);
    return *value != NULL ? SAMORDNING_OK : SAMORDNING_E_MEMORY;
}

static int set_line(struct settings *s, char *line, const char *path, int number)
{
    char *key = trim(line);
    if (key[0] == '\0' || key[0] == '#')
        return SAMORDNING_OK;
    char *equals = strchr(key, '=');
    char *value = equals != NULL ? trim(equals + 1) : NULL;
    if (equals != NULL)
        *equals = '\0';
    key = trim(key);
    if (value != NULL && strcmp(key, "host") == 0)
        return set_once(&s->host, value);
    if (value != NULL && strcmp(key, "port") == 0)
        return set_once(&s->port, value);
    if (value != NULL && strcmp(key, "server_name") == 0)
        return set_once(&s->server_name, value);
    errmsg_set(&s->bundle_error, "", "%s:%d: \"%.60s\" is not host=, port= or server_name=", path, number, key);
    return SAMORDNING_OK;
}

static int read_conf(struct settings *s, const char *bundle)
{
    char *path = NULL;
    if (asprintf(&path, "%s/client.conf", bundle) < 0)
        return SAMORDNING_E_MEMORY;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        errmsg_set(&s->bundle_error, "", "cannot read %s: %s", path, strerror(errno));
        free(path);
        return SAMORDNING_OK;
    }
    char line[SETTINGS_LINE_MAX];
    int result = SAMORDNING_OK;
    for (int number = 1; result == SAMORDNING_OK && fgets(line, sizeof line, file) != NULL; number++)
        result = set_line(s, line, path, number);
    fclose(file);
    free(path);
    return result;
}

static int set_bundle_file(char **value, const char *bundle, const char *name)
{
    if (*value != NULL)
        return SAMORDNING_OK;
    if (asprintf(value, "%s/%s", bundle, name) < 0) {
        *value = NULL;
        return SAMORDNING_E_MEMORY;
    }
    return SAMORDNING_OK;
}

static int fill(struct settings *s, const struct samordning_options *o)
{
    if (set_once(&s->host, o->host) || set_once(&s->port, o->port) || set_once(&s->server_name, o->server_name) ||
        set_once(&s->certificate, o->certificate) || set_once(&s->key, o->key) || set_once(&s->authority, o->authority) ||
        set_once(&s->spool, o->spool) || set_once(&s->software, o->software))
        return SAMORDNING_E_MEMORY;
    if (o->bundle != NULL && o->bundle[0] != '\0' &&
        (read_conf(s, o->bundle) || set_bundle_file(&s->certificate, o->bundle, "client.crt") ||
         set_bundle_file(&s->key, o->bundle, "client.key") || set_bundle_file(&s->authority, o->bundle, "ca.crt")))
        return SAMORDNING_E_MEMORY;
    if (set_once(&s->host, SETTINGS_HOST_DEFAULT) || set_once(&s->port, SETTINGS_PORT_DEFAULT) ||
        set_once(&s->server_name, s->host) || set_once(&s->software, "libsamordning " SAMORDNING_VERSION))
        return SAMORDNING_E_MEMORY;
    return SAMORDNING_OK;
}

int settings_init(struct settings *settings, const struct samordning_options *options)
{
    static const struct samordning_options none;
    const struct samordning_options *o = options != NULL ? options : &none;
    *settings = (struct settings){
        .batch = o->batch != 0 ? o->batch : SETTINGS_BATCH_DEFAULT,
        .in_flight = o->in_flight != 0 ? o->in_flight : SETTINGS_IN_FLIGHT_DEFAULT,
        .timeout_ms = o->timeout_ms != 0 ? o->timeout_ms : SETTINGS_TIMEOUT_MS,
        .retry_for_ms = o->retry_for_ms,
    };
    int result = fill(settings, o);
    if (result != SAMORDNING_OK)
        settings_release(settings);
    return result;
}

void settings_release(struct settings *settings)
{
    char **const owned[] = {&settings->host, &settings->port,      &settings->server_name, &settings->certificate,
                            &settings->key,  &settings->authority, &settings->spool,       &settings->software};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(*owned[i]);
        *owned[i] = NULL;
    }
}
