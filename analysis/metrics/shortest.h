/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closeness and betweenness as the specification asks for them: in steps or along distances, exact, sampled or left out, and
 * whatever was not done exactly is said in the result.
 */
#ifndef SAMORDNING_SHORTEST_H
#define SAMORDNING_SHORTEST_H

#include "families.h"
#include "paths.h"

/* Exact betweenness of one network, for the next family that asks for it. It belongs to whoever has the network, and goes
 * before it does. Bits do not depend on what else was asked for in the same searches, so no number tells whether it was used.
 */
struct shortest_memory {
    const struct network *of; /* NULL = empty */
    double *betweenness;
};
void shortest_memory_release(struct shortest_memory *memory); /* it is empty then */

struct shortest {
    struct paths paths;          /* arrays to fill; without `sum` closeness is not a question. in_ only in directed networks */
    bool betweenness, closeness; /* out: filled */
};
enum metrics_status shortest_run(const struct metrics_input *input, const struct families_ground *ground, unsigned from,
                                 unsigned to, struct shortest *shortest, struct result *result, char error[400]);

#endif
