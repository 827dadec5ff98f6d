/* SPDX-License-Identifier: GPL-3.0-or-later
 * The one list of outcomes, from handler to wire to exit code.
 *
 * The numbers are the wire's StatusCode and never change. "Retryable" means: the same request may succeed later without
 * anybody changing it.
 */
#ifndef SAMORDNING_STATUS_H
#define SAMORDNING_STATUS_H

#include <stdbool.h>

/* clang-format off */
/*        name                 number  text                                     retryable */
#define STATUS_LIST(X)                                                                      \
    X(STATUS_OK,                   0, "ok",                                         false)  \
    X(STATUS_MALFORMED,            1, "malformed message",                          false)  \
    X(STATUS_TOO_LARGE,            2, "too large",                                  false)  \
    X(STATUS_UNSUPPORTED_VERSION,  3, "unsupported protocol version",               false)  \
    X(STATUS_UNAUTHENTICATED,      4, "not authenticated",                          false)  \
    X(STATUS_FORBIDDEN,            5, "not allowed for this role",                  false)  \
    X(STATUS_INVALID,              6, "invalid value",                              false)  \
    X(STATUS_NOT_FOUND,            7, "not found",                                  false)  \
    X(STATUS_CONFLICT,             8, "conflict with what is stored",               false)  \
    X(STATUS_BUSY,                 9, "busy, try again later",                      true)   \
    X(STATUS_UNAVAILABLE,         10, "database unavailable, try again later",      true)   \
    X(STATUS_TIMEOUT,             11, "deadline passed",                            true)   \
    X(STATUS_CANCELLED,           12, "cancelled",                                  false)  \
    X(STATUS_INTERNAL,            13, "internal error",                             false)  \
    X(STATUS_NO_MEMORY,           14, "out of memory",                              true)   \
    X(STATUS_GONE,                15, "withdrawn",                                  false)  \
    X(STATUS_CLASSIFIED,          16, "graded material is not taken in",            false)
/* clang-format on */

#define STATUS_ENUM(name, number, text, retryable) name = number,
enum status { STATUS_LIST(STATUS_ENUM) STATUS_COUNT };
#undef STATUS_ENUM

#define MUST_CHECK __attribute__((warn_unused_result))

/* Human words about one failure; the last, optional argument of functions that fail for more than one reason.
 * Never holds secrets. `field` is a path such as participants[2].deadline, or empty. */
struct errmsg {
    char field[96];
    char text[400];
};

const char *status_name(enum status status); /* "INVALID"; "UNKNOWN" for a number outside the list */
const char *status_text(enum status status);
bool status_is_retryable(enum status status);

/* Both accept a NULL errmsg. Text that does not fit is cut at a UTF-8 boundary. */
void errmsg_set(struct errmsg *errmsg, const char *field, const char *format, ...) __attribute__((format(printf, 3, 4)));
void errmsg_clear(struct errmsg *errmsg);

#endif
