/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chooses a format and renders.
 */
#include "api/api_format.h"

#include "api/api_internal.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct api_format formats[] = {
    {"json", "application/json"},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

const struct api_format *api_format_default(void)
{
    return &formats[0];
}

/* The media range of Accept that begins at *at, and its weight; moves behind it. */
static double next_range(const char **at, const char **ret_range, size_t *ret_size)
{
    *at += strspn(*at, " ,\t");
    size_t size = strcspn(*at, ","), name = strcspn(*at, ",; \t");
    double weight = 1;
    for (size_t i = name; i + 2 < size; i++)
        if ((*at)[i] == ';' && strncasecmp(*at + i + 1 + strspn(*at + i + 1, " "), "q=", 2) == 0)
            weight = strtod(*at + i + 3 + strspn(*at + i + 1, " "), NULL);
    *ret_range = *at;
    *ret_size = name;
    *at += size;
    return weight;
}

static bool range_is(const char *range, size_t size, const char *type)
{
    return strlen(type) == size && strncasecmp(range, type, size) == 0;
}

/* The format the client likes best; the earlier row where it likes two as much. */
static bool choose_by_accept(const char *accept, const struct api_format **ret_format)
{
    const char *range;
    size_t size;
    double best = 0;
    bool found = false;
    for (const char *at = accept; *at != '\0';) {
        double weight = next_range(&at, &range, &size);
        if (size == 0 || weight <= best)
            continue;
        if (range_is(range, size, "*/*") || range_is(range, size, "text/html") || range_is(range, size, "application/*")) {
            *ret_format = NULL;
            best = weight;
            found = true;
        }
        for (size_t i = 0; i < FORMAT_COUNT; i++) {
            if (!range_is(range, size, formats[i].type))
                continue;
            *ret_format = &formats[i];
            best = weight;
            found = true;
        }
    }
    return found;
}

bool api_format_choose(struct api_turn *turn, const struct api_format **ret_format)
{
    const char *name = api_parameter(turn, "format"), *accept = web_header_in(turn->exchange, "Accept");
    *ret_format = NULL;
    for (size_t i = 0; name != NULL && i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            *ret_format = &formats[i];
            return true;
        }
    }
    if (name == NULL && (accept == NULL || choose_by_accept(accept, ret_format)))
        return true;
    api_problem_code(turn, name != NULL ? 400 : 406, STATUS_INVALID, name != NULL ? "format" : "Accept",
                     "results are not to be had in this format");
    return false;
}

enum status api_format_render(const struct api_format *format, const uint8_t *result, size_t size, char **ret_text,
                              size_t *ret_size, struct errmsg *ret_errmsg)
{
    Samordning__V1__Result *message = samordning__v1__result__unpack(NULL, size, result);
    if (message == NULL) {
        errmsg_set(ret_errmsg, "", "the result could not be read");
        return STATUS_NO_MEMORY;
    }
    char *text = api_dump(json_from_message(&message->base), ret_size);
    samordning__v1__result__free_unpacked(message, NULL);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    *ret_text = text;
    return STATUS_OK;
}
