/* SPDX-License-Identifier: GPL-3.0-or-later
 * Betweenness in steps: Brandes' accumulation (2001), level by level, for eight sources in the lanes of a cache line.
 *
 * Exact in double precision. What a source contributes is added up in amounts (64.64 fixed point), so the parts of any division
 * of the blocks over threads or workers add up to the same bits; a contribution to an actor is cut to 2^-64 of a pair.
 * A thread needs about 210 bytes an actor.
 */
#ifndef SAMORDNING_BETWEENNESS_H
#define SAMORDNING_BETWEENNESS_H

#include "crew.h"
#include "dependency.h"
#include "topology.h"

#define BETWEENNESS_BLOCK VECTORS_LANES /* sources */

/* Adds to sums[adjacency count], zero at first, the dependencies of the sources of blocks [first, last) on each actor.
 * `sources` names actors, each once, or is NULL for everybody; they are put into blocks of eight by their place in the network,
 * because eight that are close to each other share most of their walk. Unchanged unless CREW_OK. */
enum crew_status betweenness_part(const struct adjacency *out, const struct adjacency *in, const int32_t *sources,
                                  size_t source_count, size_t first, size_t last, const struct crew *crew,
                                  struct dependency *sums);
static inline size_t betweenness_blocks(size_t source_count)
{
    return (source_count + BETWEENNESS_BLOCK - 1) / BETWEENNESS_BLOCK;
}
unsigned betweenness_versions(void); /* of its loops in this build, each for other vectors; 1 = plain C only */
double betweenness_block_ns(const struct adjacency *out); /* rough cost of one */

#endif
