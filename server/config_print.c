/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of keys as sample file, help text and manual page.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_WIDTH 96

static void print_wrapped(FILE *out, const char *lead, const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (column != 0 && column + 1 + word > TEXT_WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0)
            fputs(lead, out);
        else
            fputc(' ', out);
        fprintf(out, "%.*s", (int)word, text);
        column += word + (column != 0);
        text += word;
        text += *text == ' ';
    }
    fputc('\n', out);
}

static void print_range(FILE *out, const struct config_key *key)
{
    const char *unit = key->unit != NULL ? key->unit : "";
    const char *blank = key->unit != NULL ? " " : "";
    if (key->type == CONFIG_NUMBER || key->type == CONFIG_BYTES)
        fprintf(out, "%" PRIu64 " to %" PRIu64 "%s%s", key->min, key->max, blank, unit);
    else if (key->choices != NULL)
        for (const char *at = key->choices; *at != '\0'; at++) {
            if (*at == ' ')
                fputs(", ", out);
            else
                fputc(*at, out);
        }
    else
        fputs(key->type == CONFIG_PATH ? "path" : "text", out);
}

static void print_value(FILE *out, const struct config *config, const struct config_key *key)
{
    const char *field = (const char *)config + key->offset;
    uint64_t number;
    switch (key->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH: {
        char *text;
        memcpy(&text, field, sizeof text);
        fputs(text, out);
        break;
    }
    case CONFIG_NUMBER:
    case CONFIG_BYTES:
        memcpy(&number, field, sizeof number);
        fprintf(out, "%" PRIu64, number);
        break;
    case CONFIG_SWITCH:
        fputs(*(const bool *)(const void *)field ? "yes" : "no", out);
        break;
    case CONFIG_CHOICE: {
        memcpy(&number, field, sizeof number);
        const char *at = key->choices;
        while (number-- > 0)
            at += strcspn(at, " ") + 1;
        fprintf(out, "%.*s", (int)strcspn(at, " "), at);
        break;
    }
    }
}

static bool value_is_fallback(const struct config *config, const struct config *defaults, const struct config_key *key)
{
    const char *mine = (const char *)config + key->offset, *theirs = (const char *)defaults + key->offset;
    if (key->type == CONFIG_TEXT || key->type == CONFIG_PATH) {
        char *a, *b;
        memcpy(&a, mine, sizeof a);
        memcpy(&b, theirs, sizeof b);
        return strcmp(a, b) == 0;
    }
    return memcmp(mine, theirs, key->type == CONFIG_SWITCH ? sizeof(bool) : sizeof(uint64_t)) == 0;
}

/* What whoever reads the file wants to see, and scripts look for. */
static bool key_is_basic(const struct config_key *key)
{
    return strcmp(key->name, "state_dir") == 0 || strcmp(key->name, "listen") == 0 || strcmp(key->name, "http_listen") == 0;
}

void config_print_sample(FILE *out, const struct config *values)
{
    struct config defaults;
    if (config_init(&defaults) != STATUS_OK)
        return;
    fputs("# Configuration of samordningd: key = value, one a line; samordningd.conf(5) explains each.\n"
          "# A line that begins with # is a comment; the values shown commented are the defaults.\n"
          "# Keys marked (reload) are taken over by SIGHUP; the others when the daemon starts.\n",
          out);
    const char *section = "";
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (strcmp(section, key->section) != 0)
            fprintf(out, "\n# ---- %s\n", section = key->section);
        fputc('\n', out);
        print_wrapped(out, "# ", key->help);
        fputs("# (", out);
        print_range(out, key);
        fputs(key->reloadable ? "; reload)\n" : ")\n", out);
        if (values != NULL && (key_is_basic(key) || !value_is_fallback(values, &defaults, key))) {
            fprintf(out, "%s = ", key->name);
            print_value(out, values, key);
            fputc('\n', out);
        } else {
            fprintf(out, "#%s =%s%s\n", key->name, key->fallback[0] != '\0' ? " " : "", key->fallback);
        }
    }
    config_release(&defaults);
}

void config_print_help(FILE *out)
{
    const char *section = "";
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (strcmp(section, key->section) != 0)
            fprintf(out, "\n  %s:\n", section = key->section);
        fprintf(out, "    %s (%s%s", key->name, key->fallback[0] != '\0' ? key->fallback : "empty", "; ");
        print_range(out, key);
        fputs(key->reloadable ? "; reload)\n" : ")\n", out);
        print_wrapped(out, "        ", key->help);
    }
}

void config_print_man(FILE *out)
{
    const char *section = "";
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (strcmp(section, key->section) != 0) {
            if (section[0] != '\0')
                fputs(".El\n", out);
            fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", section = key->section);
        }
        fprintf(out, ".It Ic %s\n", key->name);
        /* A sentence a line, as mdoc wants it; a leading dot or quote cannot occur in our own help texts. */
        for (const char *at = key->help; *at != '\0';) {
            const char *end = strstr(at, ". ");
            size_t size = end != NULL ? (size_t)(end - at) + 1 : strlen(at);
            fprintf(out, "%.*s\n", (int)size, at);
            at += size;
            at += *at == ' ';
        }
        if (key->fallback[0] != '\0')
            fprintf(out, "Default: %s.\n", key->fallback);
        fputs("Values: ", out);
        print_range(out, key);
        fputs(".\n", out);
        fputs(key->reloadable ? "Taken over by a reload.\n" : "Needs a restart.\n", out);
    }
    fputs(".El\n", out);
}
