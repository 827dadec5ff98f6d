/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far numbers of a network would vary had other actors been in it: the vertex bootstrap and the jackknife.
 *
 * Actors are drawn with replacement and bring their ties with them (Snijders & Borgatti 1999). Two copies of one actor have no
 * tie to bring; what stands between them names the variant: a pair drawn at random from the whole network, or nothing. Under
 * the second the expected density falls to (1 - 1/n) of the observed.
 */
#ifndef SAMORDNING_BOOTSTRAP_H
#define SAMORDNING_BOOTSTRAP_H

#include "dyads.h"

#include <stdint.h>

enum bootstrap_fill { BOOTSTRAP_RANDOM_DYAD, BOOTSTRAP_ZERO };

/* Replicate number `replicate`: position i is a copy of ret_actors[i], and ret_sample is the matrix of the positions. Both
 * directions of a random pair are taken together, turned round or not. Unknown cells are drawn as they are. */
void bootstrap_draw(const double *matrix, size_t actors, bool directed, enum bootstrap_fill fill, uint64_t seed,
                    uint64_t replicate, int32_t *ret_actors, double *ret_sample);
/* The matrix without one actor, (actors - 1) a row. */
void bootstrap_without(const double *matrix, size_t actors, size_t left_out, double *ret_rest);

struct interval {
    double mean, se, low, high; /* se: standard deviation of the replicates; NaN with fewer than two */
    size_t count;               /* replicates that had a value */
};
/* The middle 95 % of the values (percentile interval, Efron & Tibshirani 1993; quantiles interpolated, type 7 of Hyndman & Fan
 * 1996). Moves NaN to the end and sorts the rest. */
struct interval interval_of(double *values, size_t count);
/* Of a number computed without each actor in turn: sqrt((n-2)/(2n) sum (Z(-i) - mean)^2), Snijders & Borgatti 1999, where n is
 * how many have a value; NaN below 3. */
double jackknife_se(const double *values, size_t count);

#endif
