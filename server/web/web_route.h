/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of what the public port serves: method, path, handler, largest body.
 *
 * The rows are in server/routes.c. A pattern is a path whose {segments} match anything but a slash and become parameters, in
 * their order; earlier rows win. HEAD is answered by GET rows. What no row takes is 404, a path whose rows have other methods
 * 405.
 */
#ifndef SAMORDNING_WEB_ROUTE_H
#define SAMORDNING_WEB_ROUTE_H

#include <stddef.h>

#define WEB_PARAMETERS_MAX     4
#define WEB_PARAMETER_SIZE_MAX 128 /* bytes, decoded */

struct web_exchange;

enum web_method { WEB_GET = 1, WEB_POST = 2, WEB_PUT = 4, WEB_DELETE = 8 };

struct web_route {
    unsigned methods; /* of enum web_method */
    const char *pattern;
    void (*handle)(struct web_exchange *exchange); /* answers now or later, once */
    size_t body_max;                               /* bytes; more is answered with 413 */
};

struct web_match {
    const struct web_route *route; /* NULL: see other_method */
    unsigned other_methods;        /* that the path has */
    size_t count;
    char parameters[WEB_PARAMETERS_MAX][WEB_PARAMETER_SIZE_MAX + 1];
};

/* `path` is as it came, without the query. Parameters are percent-decoded; one that is too long, or holds a NUL, matches
 * nothing. */
void web_route_find(const struct web_route *routes, size_t count, const char *path, enum web_method method,
                    struct web_match *ret_match);

/* %xx, and + for a blank where `plus`. Returns the decoded size; ret_text has room for `size` bytes and is not closed by NUL.
 * Bad escapes stay as they are. */
size_t web_decode(const char *text, size_t size, int plus, char *ret_text);

#endif
