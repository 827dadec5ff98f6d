/* SPDX-License-Identifier: GPL-3.0-or-later
 * A browser without scripts: follows links, fills in the forms a page really has, keeps the cookies of one person.
 *
 * One page at a time, blocking, over TLS verified against one authority. A field that the page does not offer cannot be filled
 * in: what it posts, a person could have posted.
 */
#ifndef SAMORDNING_SIMULATE_BROWSER_H
#define SAMORDNING_SIMULATE_BROWSER_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#define BROWSER_PAGE_MAX   ((size_t)8 << 20)
#define BROWSER_TIMEOUT_MS 30000

struct browser;
struct browser_field {
    const char *name, *value;
};

/* `authority`: PEM file; NULL = the system's authorities. NULL: out of memory. */
struct browser *browser_create(const char *authority);
void browser_destroy(struct browser *browser); /* NULL is fine */
void browser_forget(struct browser *browser);  /* another person: no cookies, no page */

/* Both end on the page they were sent on to. STATUS_UNAVAILABLE: no answer; otherwise see browser_code(). */
MUST_CHECK enum status browser_open(struct browser *browser, const char *url, struct errmsg *ret_errmsg);
/* Fills in the posting form whose action ends with `action` and sends it with its hidden fields. STATUS_NOT_FOUND: the page has
 * no such form, or the form has no such field or choice; errmsg names it. */
MUST_CHECK enum status browser_post(struct browser *browser, const char *action, size_t count,
                                    const struct browser_field *fields, struct errmsg *ret_errmsg);
long browser_code(const struct browser *browser);                    /* HTTP status of the page */
const char *browser_url(const struct browser *browser);              /* where it came to */
bool browser_is_at(const struct browser *browser, const char *path); /* it ends so, whatever its query */
/* Does the page offer this field (value NULL: whatever its value)? */
bool browser_offers(const struct browser *browser, const char *name, const char *value);

#endif
