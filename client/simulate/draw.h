/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seeded random draws: the same seed and stream give the same numbers on every machine.
 *
 * Counter-based (splitmix64): the n-th number of a stream is a mix of the stream's key and n, so each case has a stream of its
 * own and a change in one case leaves the others as they were. Not for secrets.
 */
#ifndef SAMORDNING_DRAW_H
#define SAMORDNING_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct draw {
    uint64_t key;
    uint64_t count;
};

void draw_init(struct draw *draw, uint64_t seed, uint64_t stream);
uint64_t draw_bits(struct draw *draw);
double draw_unit(struct draw *draw); /* [0, 1) */
bool draw_chance(struct draw *draw, double probability);
unsigned draw_below(struct draw *draw, unsigned limit); /* 0 .. limit-1; limit > 0 */
int draw_between(struct draw *draw, int low, int high); /* low .. high, both included */
double draw_normal(struct draw *draw);                  /* mean 0, standard deviation 1 */
double draw_log_normal(struct draw *draw, double median, double sigma);
int draw_geometric(struct draw *draw, double mean); /* 0, 1, 2, ... */
/* Index of one set bit of `set`, with probability proportional to weights[index]. `set` must have a bit with a positive weight.
 */
unsigned draw_member(struct draw *draw, uint64_t set, const double *weights);

#endif
