/* SPDX-License-Identifier: GPL-3.0-or-later
 * Takes a document into a folder or to a web server, in a thread of its own: both may take their time.
 *
 * A file gets its name when it is whole and on disk. A PUT has no redirects, no proxy and no cookies; the server's certificate
 * is checked. Both may be done again: the same name, the same bytes.
 */
#ifndef SAMORDNING_CARRIER_H
#define SAMORDNING_CARRIER_H

#include "crew.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CARRIER_AT_ONCE            2
#define CARRIER_CONNECT_TIMEOUT_MS 30000
#define CARRIER_TIMEOUT_MS         300000 /* of one PUT */
#define CARRIER_WHY_SIZE           400    /* of an errmsg */

struct event_base;
struct carrier;

enum carrier_outcome {
    CARRIER_DONE,
    CARRIER_LATER,  /* no connection, no room, a server that is in trouble (5xx, 408, 425, 429) */
    CARRIER_REFUSED /* the server will not have it (another 4xx, 3xx) */
};

struct carriage {
    struct crew_job in_crew; /* first */
    /* borrowed until done */
    const char *folder, *file; /* a folder, which is made, and the file's name; or: */
    const char *url, *token, *authority, *media_type;
    const uint8_t *bytes;
    size_t size;
    void (*done)(struct carriage *carriage); /* from the loop, never from inside carrier_take */
    void *owner;

    enum carrier_outcome outcome;
    char why[CARRIER_WHY_SIZE];
    size_t sent; /* the thread's */
};

struct carrier *carrier_create(struct event_base *base);               /* NULL: out of memory */
bool carrier_take(struct carrier *carrier, struct carriage *carriage); /* false: out of threads, or it is being destroyed */
void carrier_destroy(struct carrier *carrier); /* breaks off what is under way; every carriage is done first. NULL is fine */

#endif
