/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network in which a good share of all pairs is tied, as a square of weights: walking along whole rows is several times
 * faster there than following lists. A network of ministries and agencies is such a one.
 *
 * Every number comes out with the same bits as from lists read in ascending order, whatever the width of vectors: a sum has one
 * lane of its own, and pairs without a tie add 0.
 */
#ifndef SAMORDNING_SQUARE_H
#define SAMORDNING_SQUARE_H

#include "vectors.h"

#include <stdbool.h>
#include <stddef.h>

#define SQUARE_ACTORS_MAX 1024 /* 8 MiB */
#define SQUARE_SHARE      8    /* of all ordered pairs at least one in this many is tied, or lists are faster */

struct square {
    size_t count;
    size_t width;          /* lines of VECTORS_LANES columns a row */
    vectors_doubles *rows; /* weights, 0 = no tie */
    uint64_t *bits;        /* and which of them are ties */
    size_t words;          /* of 64 columns a row */
};
static inline bool square_worth(size_t actors, size_t arcs)
{
    return actors <= SQUARE_ACTORS_MAX && arcs >= actors * actors / SQUARE_SHARE && arcs > 0;
}
/* Without ties. False: out of memory, nothing to release. */
bool square_init(struct square *ret_square, size_t actors);
void square_release(struct square *square);
void square_put(struct square *square, size_t row, size_t column, double weight);
/* Columns that are ties in row a and in row b. */
size_t square_common(const struct square *square, size_t a, size_t b);
/* `rows` rows of `width` lines, all 0; to be freed. NULL: out of memory. */
vectors_doubles *square_lines(size_t rows, size_t width);

/* sums[label[v]] += row v, for all rows in turn, of which the first `filled[v]` lines are other than 0. `sums` has a row of the
 * square for each label. */
void square_add_by_label(const struct square *square, const int32_t *labels, const size_t *filled, vectors_doubles *sums);

struct square_blend {
    double first, second;
};
/* firsts += by[k].first * row who[k], seconds += by[k].second * row who[k], for all k in turn. */
void square_blend_rows(const struct square *square, enum vectors vectors, const int32_t *who, const struct square_blend *by,
                       size_t count, vectors_doubles *firsts, vectors_doubles *seconds);

unsigned square_versions(void); /* of its loops in this build, each for other vectors; 1 = plain C only */

#endif
