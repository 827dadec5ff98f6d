/* SPDX-License-Identifier: GPL-3.0-or-later
 * What to simulate: year, size, seed and the truths planted in it.
 *
 * A strength of 0 plants nothing, 1 is the strongest. Planted truths (docs in `samordning simulate --help`):
 *   slow    the ministry's reply times are multiplied by 4^strength
 *   broker  what spans the two halves of the government takes the broker in with probability `strength`, and its agencies meet
 *           others only through it with the same probability
 *   gap     two sectors sit in the same cases more often than chance and share a goal and a target group, but with probability
 *           `strength` they neither meet nor write to each other
 *   silent  few of the ministry's officials answer a survey (officials.h); nothing in the year itself shows it
 */
#ifndef SAMORDNING_SIMULATE_PLAN_H
#define SAMORDNING_SIMULATE_PLAN_H

#include "public_bodies.h"
#include "status.h"

#include <stdint.h>

#define PLAN_YEAR_MIN         2014
#define PLAN_YEAR_MAX         2100
#define PLAN_INTERACTIONS_MAX 50000000u
#define PLAN_SLOW_FACTOR      4.0

struct simulate_plan {
    int year;              /* default 2025 */
    uint64_t seed;         /* default 1 */
    uint32_t interactions; /* default 12000; exactly so many are made */
    double witness_share;  /* default 0.08: told by a second ministry as well */
    bool single_file;      /* one participation.csv instead of one file per ministry */

    unsigned slow; /* PUBLIC_BODY_NONE = not planted */
    double slow_strength;
    unsigned broker;
    double broker_strength;
    char gap[2][32]; /* sectors; empty = not planted */
    double gap_strength;
    unsigned silent;
    double silent_strength;
};

/* The default plants all four: slow=SD, broker=KDD, gap=velferd-kunnskap, silent=LMD, each at `strength`. */
void simulate_plan_default(double strength, struct simulate_plan *ret_plan);

/* Replaces what is planted: `none`, or a comma-separated list of slow=MINISTRY[:STRENGTH], broker=MINISTRY[:STRENGTH],
 * gap=SECTOR-SECTOR[:STRENGTH], silent=MINISTRY[:STRENGTH]. What the list does not name is not planted. */
MUST_CHECK enum status simulate_plan_plant(struct simulate_plan *plan, const char *text, double default_strength,
                                           struct errmsg *ret_errmsg);

/* Ranges, and that everybody named exists in that year. */
MUST_CHECK enum status simulate_plan_check(const struct simulate_plan *plan, struct errmsg *ret_errmsg);

#endif
