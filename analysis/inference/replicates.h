/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many replicates of one computation over the cores of the machine, with the same result whatever their number.
 *
 * A replicate is a function of its number alone (random_stream takes the number as its stream) and writes where nobody else
 * does. The calling thread takes part, and it alone asks whether to go on.
 */
#ifndef SAMORDNING_REPLICATES_H
#define SAMORDNING_REPLICATES_H

#include <stdbool.h>
#include <stddef.h>

#define REPLICATES_THREADS_MAX 64

enum replicates_status { REPLICATES_OK, REPLICATES_STOPPED, REPLICATES_NO_MEMORY };
struct replicates_watch; /* of one thread */

struct replicates {
    size_t count;
    unsigned threads; /* 0 = one a core */
    /* The memory one thread works in; NULL: out of memory. `close` releases it, and is never given NULL. */
    void *(*open)(const void *arg);
    void (*close)(void *scratch);
    enum replicates_status (*run)(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch);
    const void *arg;
    bool (*proceed)(void *proceed_arg, unsigned permille); /* false = stop; may be NULL */
    void *proceed_arg;
};
enum replicates_status replicates_run(const struct replicates *plan);
/* For replicates that take longer than a blink: false = leave off and return REPLICATES_STOPPED. */
bool replicates_going(struct replicates_watch *watch);

#endif
