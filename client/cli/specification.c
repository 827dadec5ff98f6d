/* SPDX-License-Identifier: GPL-3.0-or-later
 * The options of a network specification put together as its text form. */
#include "specification.h"
#include "civil_time.h"
#include "say.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool append(char text[SPECIFICATION_MAX], const char *key, const char *value)
{
    if (!value)
        return true;
    for (const char *at = value; *at; at++) {
        if (isspace((unsigned char)*at)) {
            say_error(_("--%s: \"%s\" holds a blank, which a specification cannot"), key, value);
            return false;
        }
    }
    size_t used = strlen(text);
    int wrote = snprintf(text + used, SPECIFICATION_MAX - used, "%s%s=%s", used ? " " : "", key, value);
    if (wrote >= 0 && (size_t)wrote < SPECIFICATION_MAX - used)
        return true;
    say_error(_("the specification is longer than %d bytes"), SPECIFICATION_MAX - 1);
    return false;
}

const char *specification_value(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = text; (at = strstr(at, key)); at += length)
        if ((at == text || isspace((unsigned char)at[-1])) && at[length] == '=')
            return at + length + 1;
    return NULL;
}

bool specification_is(const char *text, const char *key, const char *value)
{
    const char *found = specification_value(text, key);
    size_t length = strlen(value);
    return found && strncmp(found, value, length) == 0 && (found[length] == '\0' || isspace((unsigned char)found[length]));
}

bool specification_add(char text[SPECIFICATION_MAX], const char *key, const char *value)
{
    return specification_value(text, key) || append(text, key, value);
}

static bool read_digits(const char *text, size_t count, int *ret_number)
{
    *ret_number = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        *ret_number = *ret_number * 10 + (text[i] - '0');
    }
    return true;
}

bool specification_period(const struct arguments *arguments, char from[SPECIFICATION_DAY_SIZE], char to[SPECIFICATION_DAY_SIZE])
{
    const char *year = arguments_text(arguments, "year", NULL), *month = arguments_text(arguments, "month", NULL);
    int y, m;
    if ((year != NULL) + (month != NULL) + (arguments_has(arguments, "from") || arguments_has(arguments, "to")) > 1) {
        say_error(_("give the period once: --year, or --month, or --from and --to"));
        return false;
    }
    if (year) {
        if (strlen(year) != 4 || !read_digits(year, 4, &y)) {
            say_error(_("--year: \"%s\" is not a year"), year);
            return false;
        }
        civil_day_format(civil_to_day(y, 1, 1), from);
        civil_day_format(civil_to_day(y + 1, 1, 1), to);
    }
    if (month) {
        if (strlen(month) != 7 || !read_digits(month, 4, &y) || month[4] != '-' || !read_digits(month + 5, 2, &m) || m < 1 ||
            m > 12) {
            say_error(_("--month: \"%s\" is not a month, as in 2025-03"), month);
            return false;
        }
        civil_day_format(civil_to_day(y, m, 1), from);
        civil_day_format(m == 12 ? civil_to_day(y + 1, 1, 1) : civil_to_day(y, m + 1, 1), to);
    }
    static const char *const ends[] = {"from", "to"};
    for (size_t i = 0; i < 2; i++) {
        const char *day = arguments_text(arguments, ends[i], NULL);
        int32_t number;
        if (!day)
            continue;
        if (civil_day_parse(day, &number) != STATUS_OK) {
            say_error(_("--%s: \"%s\" is not a day, as in 2025-03-01"), ends[i], day);
            return false;
        }
        civil_day_format(number, i ? to : from);
    }
    return true;
}

/* The days there are, for ends that are not given. */
static int ask_period(struct session *session, char from[SPECIFICATION_DAY_SIZE], char to[SPECIFICATION_DAY_SIZE])
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__StatusRequest status = SAMORDNING__V1__STATUS_REQUEST__INIT;
    const Samordning__V1__Response *response;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    int code = session_call(session, &request, &response);
    if (code != EXIT_CODE_OK)
        return code;
    int32_t first, last;
    if (response->body_case != SAMORDNING__V1__RESPONSE__BODY_SERVER ||
        civil_day_parse(response->server->first_day, &first) != STATUS_OK ||
        civil_day_parse(response->server->last_day, &last) != STATUS_OK) {
        say_error(_("there are no interactions yet: nothing to analyse"));
        return EXIT_CODE_FAILED;
    }
    if (!from[0])
        civil_day_format(first, from);
    if (!to[0])
        civil_day_format(last + 1, to);
    return EXIT_CODE_OK;
}

/* A network of a wave has the wave's day: of a layer survey:ITEM, or where only the wave is told of. */
static bool is_of_wave(const struct arguments *arguments, const char *more)
{
    const char *layer = arguments_text(arguments, "layer", ""), *action = arguments->action ? arguments->action : "";
    bool named = arguments_has(arguments, "wave") || (more && strstr(more, "wave="));
    bool survey_layer = strncmp(layer, "survey:", 7) == 0 || (more && strstr(more, "layer=survey:"));
    bool whole = strcmp(action, "survey") == 0 || strcmp(action, "shortfall") == 0;
    return named && (survey_layer || whole);
}

int specification_build(struct session *session, const struct arguments *arguments, char ret_text[SPECIFICATION_MAX])
{
    static const char *const keys[][2] = {
        {"layer", "layer"},  {"case", "case"},       {"case-type", "case-type"},       {"stage", "stage"},
        {"level", "level"},  {"view", "view"},       {"projection", "projection"},     {"direction", "direction"},
        {"tie-rule", "tie"}, {"weight", "weight"},   {"distance", "distance"},         {"missing", "missing"},
        {"seed", "seed"},    {"profile", "profile"}, {"minimum-cell", "minimum-cell"}, {"for", "for"},
        {"wave", "wave"},    {"item", "items"}};
    const char *more = arguments_text(arguments, "spec", NULL);
    char from[SPECIFICATION_DAY_SIZE] = "", to[SPECIFICATION_DAY_SIZE] = "";
    ret_text[0] = '\0';
    if (!specification_period(arguments, from, to))
        return EXIT_CODE_USAGE;
    bool has_from = more && (strncmp(more, "from=", 5) == 0 || strstr(more, " from=")),
         has_to = more && (strncmp(more, "to=", 3) == 0 || strstr(more, " to="));
    bool of_wave = is_of_wave(arguments, more);
    if (!of_wave && ((!from[0] && !has_from) || (!to[0] && !has_to))) {
        int code = ask_period(session, from, to);
        if (code != EXIT_CODE_OK)
            return code;
    }
    if ((!has_from && from[0] && !append(ret_text, "from", from)) || (!has_to && to[0] && !append(ret_text, "to", to)))
        return EXIT_CODE_USAGE;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!append(ret_text, keys[i][1], arguments_text(arguments, keys[i][0], NULL)))
            return EXIT_CODE_USAGE;
    if (more) {
        size_t used = strlen(ret_text);
        if (used + 1 + strlen(more) >= SPECIFICATION_MAX) {
            say_error(_("the specification is longer than %d bytes"), SPECIFICATION_MAX - 1);
            return EXIT_CODE_USAGE;
        }
        snprintf(ret_text + used, SPECIFICATION_MAX - used, "%s%s", used ? " " : "", more);
    }
    return EXIT_CODE_OK;
}
