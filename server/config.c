/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads, checks and takes over configurations; the keys are in config_keys.c.
 */
#include "config.h"

#include "validate.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_LINE_MAX 4096

static char **config_text(struct config *config, const struct config_key *key)
{
    return (char **)(void *)((char *)config + key->offset);
}

static uint64_t *config_number(struct config *config, const struct config_key *key)
{
    return (uint64_t *)(void *)((char *)config + key->offset);
}

static bool *config_switch(struct config *config, const struct config_key *key)
{
    return (bool *)(void *)((char *)config + key->offset);
}

static bool key_is_text(const struct config_key *key)
{
    return key->type == CONFIG_TEXT || key->type == CONFIG_PATH;
}

static enum status fail_with(struct config_error *error, const char *file, unsigned line, const char *key, const char *reason)
{
    char where[32] = "";
    if (file != NULL && line != 0)
        snprintf(where, sizeof where, ":%u", line);
    snprintf(error->text, sizeof error->text, "%.400s%s%s%.40s%s%.400s", file != NULL ? file : "", where,
             file != NULL ? ": " : "", key != NULL ? key : "", key != NULL ? ": " : "", reason);
    return STATUS_INVALID;
}
#define fail(error, file, line, key, ...)                                                                                      \
    ({                                                                                                                         \
        struct errmsg reason_;                                                                                                 \
        errmsg_set(&reason_, "", __VA_ARGS__);                                                                                 \
        fail_with((error), (file), (line), (key), reason_.text);                                                               \
    })

/* A number with an optional unit (KiB, MiB, GiB for bytes). Returns a reason, or NULL when well. */
static const char *number_parse(const char *text, bool is_bytes, uint64_t *ret_number)
{
    if (!isdigit((unsigned char)text[0]))
        return is_bytes ? "not a number of bytes (like 65536, 64 KiB or 4 MiB)" : "not a whole number";
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (errno != 0)
        return "too large a number";
    while (*end == ' ')
        end++;
    if (*end != '\0') {
        static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
        size_t power = 0;
        while (power < 4 && strcmp(end, units[power]) != 0)
            power++;
        if (!is_bytes || power == 4)
            return is_bytes ? "unknown unit: use B, KiB, MiB or GiB" : "not a whole number";
        if (number > (UINT64_MAX >> (10 * power)))
            return "too large a number";
        number <<= 10 * power;
    }
    *ret_number = number;
    return NULL;
}

static const char *choice_parse(const char *choices, const char *value, uint64_t *ret_index)
{
    size_t size = strlen(value);
    uint64_t index = 0;
    for (const char *at = choices; *at != '\0'; index++) {
        size_t length = strcspn(at, " ");
        if (length == size && strncmp(at, value, size) == 0) {
            *ret_index = index;
            return NULL;
        }
        at += length;
        at += *at == ' ';
    }
    return "not one of: ";
}

static const char *switch_parse(const char *value, bool *ret_on)
{
    static const char *const on[] = {"yes", "true", "on", "1"}, *const off[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(value, on[i]) == 0 || strcmp(value, off[i]) == 0) {
            *ret_on = strcmp(value, on[i]) == 0;
            return NULL;
        }
    }
    return "neither yes nor no";
}

enum status config_set(struct config *config, const char *name, const char *value, const char *file, unsigned line,
                       struct config_error *ret_error)
{
    const struct config_key *key = config_key_find(name);
    if (key == NULL)
        return fail(ret_error, file, line, name, "unknown key (samordningd --print-config lists them)");
    size_t size = strlen(value);
    if (validate_utf8_prefix(value, size) != size)
        return fail(ret_error, file, line, name, "not valid UTF-8");
    const char *reason = NULL;
    uint64_t number = 0;
    switch (key->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH: {
        if (size > key->max)
            return fail(ret_error, file, line, name, "longer than %" PRIu64 " bytes", key->max);
        char *copy = strdup(value);
        if (copy == NULL)
            return STATUS_NO_MEMORY;
        char **field = config_text(config, key);
        free(*field);
        *field = copy;
        return STATUS_OK;
    }
    case CONFIG_NUMBER:
    case CONFIG_BYTES:
        reason = number_parse(value, key->type == CONFIG_BYTES, &number);
        if (reason != NULL)
            return fail(ret_error, file, line, name, "%s", reason);
        if (number < key->min || number > key->max)
            return fail(ret_error, file, line, name, "%s is outside %" PRIu64 " to %" PRIu64 "%s%s", value, key->min, key->max,
                        key->unit != NULL ? " " : "", key->unit != NULL ? key->unit : "");
        *config_number(config, key) = number;
        return STATUS_OK;
    case CONFIG_SWITCH: {
        bool on = false;
        reason = switch_parse(value, &on);
        if (reason != NULL)
            return fail(ret_error, file, line, name, "%s", reason);
        *config_switch(config, key) = on;
        return STATUS_OK;
    }
    case CONFIG_CHOICE:
        reason = choice_parse(key->choices, value, &number);
        if (reason != NULL)
            return fail(ret_error, file, line, name, "%s%s", reason, key->choices);
        *config_number(config, key) = number;
        return STATUS_OK;
    }
    return STATUS_INTERNAL;
}

enum status config_init(struct config *ret_config)
{
    struct config config = {0};
    struct config_error error;
    for (size_t i = 0; i < config_key_count; i++) {
        enum status status = config_set(&config, config_keys[i].name, config_keys[i].fallback, NULL, 0, &error);
        if (status != STATUS_OK) {
            config_release(&config);
            return status;
        }
    }
    *ret_config = config;
    return STATUS_OK;
}

void config_release(struct config *config)
{
    for (size_t i = 0; i < config_key_count; i++) {
        if (key_is_text(&config_keys[i])) {
            char **field = config_text(config, &config_keys[i]);
            free(*field);
            *field = NULL;
        }
    }
    free(config->source.path);
    config->source.path = NULL;
}

void config_fault(const struct config *config, const char *key, const char *reason, struct config_error *ret_error)
{
    const struct config_key *known = key != NULL ? config_key_find(key) : NULL;
    fail_with(ret_error, known != NULL || key == NULL || key[0] == '\0' ? config->source.path : NULL,
              known != NULL ? config->source.lines[known - config_keys] : 0, key != NULL && key[0] != '\0' ? key : NULL,
              reason);
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r\n", text[size - 1]) != NULL)
        size--;
    text[size] = '\0';
    return text;
}

static enum status config_read_lines(struct config *config, FILE *in, const char *file, struct config_error *ret_error)
{
    char line[CONFIG_LINE_MAX];
    for (unsigned number = 1; fgets(line, sizeof line, in) != NULL; number++) {
        if (strchr(line, '\n') == NULL && strlen(line) == sizeof line - 1)
            return fail(ret_error, file, number, NULL, "line longer than %d bytes", CONFIG_LINE_MAX - 2);
        char *text = line;
        if (number == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
            text += 3;
        text = trim(text);
        if (text[0] == '\0' || text[0] == '#')
            continue;
        char *equals = strchr(text, '=');
        if (equals == NULL)
            return fail(ret_error, file, number, NULL, "not of the form key = value");
        *equals = '\0';
        char *name = trim(text), *value = trim(equals + 1);
        const struct config_key *key = config_key_find(name);
        if (key != NULL) {
            unsigned *seen = &config->source.lines[key - config_keys];
            if (*seen != 0)
                return fail(ret_error, file, number, name, "given before, on line %u", *seen);
            *seen = number;
        }
        enum status status = config_set(config, name, value, file, number, ret_error);
        if (status != STATUS_OK)
            return status;
    }
    if (ferror(in))
        return fail(ret_error, file, 0, NULL, "could not read: %s", strerror(errno));
    return STATUS_OK;
}

enum status config_read(struct config *config, const char *file, struct config_error *ret_error)
{
    FILE *in = fopen(file, "re");
    if (in == NULL) {
        fail(ret_error, file, 0, NULL, "could not open: %s", strerror(errno));
        return STATUS_NOT_FOUND;
    }
    free(config->source.path);
    config->source.path = strdup(file);
    memset(config->source.lines, 0, sizeof config->source.lines);
    enum status status = config_read_lines(config, in, file, ret_error);
    fclose(in);
    return status;
}

#define fault(config, error, key, ...)                                                                                         \
    ({                                                                                                                         \
        struct errmsg found_;                                                                                                  \
        errmsg_set(&found_, "", __VA_ARGS__);                                                                                  \
        config_fault((config), (key), found_.text, (error));                                                                   \
        STATUS_INVALID;                                                                                                        \
    })

static enum status check_mail(const struct config *config, struct config_error *ret_error)
{
    const char *url = config->smtp_url, *from = config->mail_from, *at = strchr(from, '@');
    bool is_tls = strncmp(url, "smtps://", 8) == 0;
    if (url[0] != '\0' && !is_tls && strncmp(url, "smtp://", 7) != 0)
        return fault(config, ret_error, "smtp_url", "begins with neither smtp:// nor smtps://");
    if (url[0] != '\0' && from[0] == '\0')
        return fault(config, ret_error, "mail_from", "must be set where smtp_url is");
    if (from[0] != '\0' && (at == NULL || at == from || at[1] == '\0' || strpbrk(from, " <>\"(),;:\t") != NULL))
        return fault(config, ret_error, "mail_from", "is not an address, without a name");
    if (config->smtp_password[0] != '\0' && !config->smtp_require_tls && !is_tls)
        return fault(config, ret_error, "smtp_require_tls", "must be yes where there is an smtp_password");
    return STATUS_OK;
}

enum status config_check(struct config *config, struct config_error *ret_error)
{
    if (config->state_dir[0] == '\0')
        return fault(config, ret_error, "state_dir", "must not be empty");
    if (config->state_dir[0] != '/') {
        char here[PATH_MAX], *whole;
        if (getcwd(here, sizeof here) == NULL)
            return fault(config, ret_error, "state_dir", "could not find the working directory: %s", strerror(errno));
        if (asprintf(&whole, "%s/%s", here, config->state_dir) < 0)
            return STATUS_NO_MEMORY;
        free(config->state_dir);
        config->state_dir = whole;
    }
    size_t length = strlen(config->state_dir);
    while (length > 1 && config->state_dir[length - 1] == '/')
        config->state_dir[--length] = '\0';
    if (config->listen[0] == '\0')
        return fault(config, ret_error, "listen", "must name at least one address");
    if (config->max_connections_per_organisation > config->max_connections)
        return fault(config, ret_error, "max_connections_per_organisation", "larger than max_connections");
    if (config->max_request_bytes < 4 * config->max_frame_bytes)
        return fault(config, ret_error, "max_request_bytes", "less than four times max_frame_bytes");
    if (config->condense_max_wait_ms < config->condense_quiet_ms)
        return fault(config, ret_error, "condense_max_wait_ms", "less than condense_quiet_ms");
    return check_mail(config, ret_error);
}

static bool values_differ(struct config *a, struct config *b, const struct config_key *key)
{
    if (key_is_text(key))
        return strcmp(*config_text(a, key), *config_text(b, key)) != 0;
    if (key->type == CONFIG_SWITCH)
        return *config_switch(a, key) != *config_switch(b, key);
    return *config_number(a, key) != *config_number(b, key);
}

size_t config_take(struct config *config, struct config *fresh, const char **ret_kept, size_t kept_max)
{
    size_t kept = 0;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (!values_differ(config, fresh, key))
            continue;
        if (!key->reloadable) {
            if (kept < kept_max)
                ret_kept[kept] = key->name;
            kept++;
        } else if (key_is_text(key)) {
            char **mine = config_text(config, key), **theirs = config_text(fresh, key), *old = *mine;
            *mine = *theirs;
            *theirs = old;
        } else if (key->type == CONFIG_SWITCH) {
            *config_switch(config, key) = *config_switch(fresh, key);
        } else {
            *config_number(config, key) = *config_number(fresh, key);
        }
    }
    return kept;
}

enum status config_path(const struct config *config, const char *value, const char *fallback, char *ret_path, size_t path_size)
{
    const char *name = value[0] != '\0' ? value : fallback;
    char path[PATH_MAX];
    int size = name[0] == '/' ? snprintf(path, sizeof path, "%s", name)
                              : snprintf(path, sizeof path, "%s/%s", config->state_dir, name);
    if (size < 0 || (size_t)size >= sizeof path || (size_t)size >= path_size)
        return STATUS_TOO_LARGE;
    memcpy(ret_path, path, (size_t)size + 1);
    return STATUS_OK;
}
