/* SPDX-License-Identifier: GPL-3.0-or-later
 * Differences between two periods in the numbers of the network as a whole, and what chance makes of them.
 *
 * Permutation: were the two periods alike, each pair of actors could as well have had its two values the other way round (the
 * paired permutation test, Good 2005); all 2^D ways are walked when no more than CHANCE_EXACT_DYADS pairs differ. Bootstrap:
 * the same actors are drawn in both networks (paired vertex bootstrap, Snijders & Borgatti 1999), so that what an actor brings
 * to both cancels.
 */
#ifndef SAMORDNING_CHANGE_CHANCE_H
#define SAMORDNING_CHANGE_CHANCE_H

#include "bootstrap.h"
#include "measures.h"
#include "period_pair.h"

#define CHANCE_EXACT_DYADS 12

struct chance {
    struct measures measures; /* of the network only */
    size_t count;             /* numbers: measures.count, and the E-I index when there are sectors */
    double *earlier, *later;  /* the numbers of each period */
    size_t differing;         /* pairs of actors whose values differ between the periods */
    bool exact;
    size_t swap_count, replicate_count;
    double *swapped; /* swap_count x count differences with pairs swapped */
    double *drawn;   /* replicate_count x count differences in bootstrap replicates */
    double *numbers; /* the memory of all of these */
};
struct chance_row {
    double difference, p;
    size_t swaps; /* that gave a difference */
    struct interval interval;
};

/* METRICS_FAILED: ret_error. Fewer than two actors have neither swaps nor replicates. */
enum metrics_status chance_take(const struct metrics_input *input, const struct period_pair *pair, struct chance *ret_chance,
                                char *ret_error);
void chance_release(struct chance *chance);
/* "ei" is the last when count is more than measures.count. */
const char *chance_name(const struct chance *chance, size_t number);
/* `room` takes a number a replicate. p is two-sided: b/m over all swaps when exact, else (b+1)/(m+1) (Phipson & Smyth 2010);
 * NaN where there is no difference to judge. */
struct chance_row chance_row(const struct chance *chance, size_t number, double *room);

#endif
