/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finds the row of a path.
 */
#include "web/web_route.h"

#include <stdbool.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t web_decode(const char *text, size_t size, int plus, char *ret_text)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        int high = text[i] == '%' && i + 2 < size ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            ret_text[used++] = (char)(high << 4 | low);
            i += 2;
        } else {
            ret_text[used++] = plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    return used;
}

static bool route_matches(const char *pattern, const char *path, struct web_match *match)
{
    match->count = 0;
    while (*pattern != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t size = strcspn(path, "/");
        char decoded[WEB_PARAMETER_SIZE_MAX * 3];
        if (size == 0 || size > sizeof decoded || match->count == WEB_PARAMETERS_MAX)
            return false;
        size_t used = web_decode(path, size, 0, decoded);
        if (used > WEB_PARAMETER_SIZE_MAX || memchr(decoded, '\0', used) != NULL)
            return false;
        memcpy(match->parameters[match->count], decoded, used);
        match->parameters[match->count++][used] = '\0';
        path += size;
        pattern += strcspn(pattern, "}") + 1;
    }
    return *path == '\0';
}

void web_route_find(const struct web_route *routes, size_t count, const char *path, enum web_method method,
                    struct web_match *ret_match)
{
    *ret_match = (struct web_match){0};
    for (size_t i = 0; i < count; i++) {
        if (!route_matches(routes[i].pattern, path, ret_match))
            continue;
        if (routes[i].methods & method) {
            ret_match->route = &routes[i];
            return;
        }
        ret_match->other_methods |= routes[i].methods;
    }
    ret_match->count = 0;
}
