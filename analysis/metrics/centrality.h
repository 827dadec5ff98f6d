/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of family centrality, each by itself: whoever needs some of them does not pay for the others.
 */
#ifndef SAMORDNING_CENTRALITY_H
#define SAMORDNING_CENTRALITY_H

#include "families.h"

enum centrality_column {
    DEGREE_IN,
    DEGREE_OUT,
    DEGREE,
    STRENGTH_IN,
    STRENGTH_OUT,
    STRENGTH,
    STRENGTH_RATIO,
    BETWEENNESS,
    BETWEENNESS_NORM,
    CLOSENESS,
    CLOSENESS_IN,
    HARMONIC,
    EIGENVECTOR,
    PAGERANK,
    HUB,
    AUTHORITY,
    CORENESS,
    CLUSTERING,
    CLUSTERING_W,
    CONSTRAINT,
    EFFECTIVE_SIZE,
    PN,
    CENTRALITY_COLUMNS
};
struct centrality {
    double *at[CENTRALITY_COLUMNS]; /* a number an actor; NULL = not wanted */
};

/* Fills what is wanted, betweenness and harmonic always. Closeness of those in and the like are of directed networks only.
 * What was not computed is left as it is, and the result's notes say why. */
enum metrics_status centrality_fill(const struct metrics_input *input, const struct families_ground *ground,
                                    const struct centrality *centrality, struct result *result, char error[400]);

#endif
