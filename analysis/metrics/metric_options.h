/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a caller may choose beyond the network specification: key=value pairs separated by blanks.
 */
#ifndef SAMORDNING_METRIC_OPTIONS_H
#define SAMORDNING_METRIC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define METRIC_EXACT_ACTORS_MAX 5000  /* all-pairs work beyond this size only when asked for */
#define METRIC_SWEEP_ACTORS_MAX 50000 /* the same, for distances in steps, which cost far less */
#define METRIC_PERMUTATIONS     999
#define METRIC_PERMUTATIONS_MAX 1000000
#define METRIC_TAU_DAYS         90

struct metric_options {
    /* betweenness=exact|none, paths=exact|none: unset = exact up to METRIC_EXACT_ACTORS_MAX actors, paths in steps up to
     * METRIC_SWEEP_ACTORS_MAX. */
    enum metric_choice { METRIC_BY_SIZE, METRIC_EXACT, METRIC_NONE } betweenness, paths;
    unsigned permutations; /* permutations=999 */
    double tau_days;       /* tau=90: horizon of the restricted mean */
};
/* Text may be NULL. False: ret_error (400 bytes) names the key and the reason. */
bool metric_options_parse(const char *text, struct metric_options *ret_options, char *ret_error);
static inline bool metric_wanted(enum metric_choice choice, size_t actor_count, size_t actors_max)
{
    return choice == METRIC_EXACT || (choice == METRIC_BY_SIZE && actor_count <= actors_max);
}

#endif
