/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cell by cell, then the two rows of an undirected pair brought together.
 */
#include "treatments.h"

#include "dyad.h"

#include <math.h>
#include <stdlib.h>

const char *const treatment_names[TREATMENTS] = {[TREATMENT_AS_REPORTED] = "as_reported",
                                                 [TREATMENT_UNION] = "union",
                                                 [TREATMENT_INTERSECTION] = "intersection",
                                                 [TREATMENT_RECONSTRUCTION] = "reconstruction"};

/* A pair as seen from the actor whose row it is in. */
struct seen {
    bool own_reported, other_reported, told; /* told: had there been a tie, somebody would have said so */
    double own, other, both, any;
};

static double cell_of(enum treatment treatment, const struct seen *seen)
{
    switch (treatment) {
    case TREATMENT_AS_REPORTED:
        return seen->own_reported ? seen->own : NAN;
    case TREATMENT_RECONSTRUCTION:
        return seen->own_reported ? seen->own : seen->other_reported ? seen->other : NAN;
    case TREATMENT_UNION:
        return seen->any > 0 || seen->told ? seen->any : NAN;
    case TREATMENT_INTERSECTION:
        if (seen->both > 0 || (seen->own_reported && seen->other_reported))
            return seen->both;
        return (seen->own_reported && !(seen->own > 0)) || (seen->other_reported && !(seen->other > 0)) ? 0 : NAN;
    case TREATMENTS:
        break;
    }
    return NAN;
}

static struct seen look(const struct network *network, const struct accounts_dyad *dyad, size_t row, size_t column, bool turned)
{
    const struct spec *spec = &network->spec;
    struct seen seen = {.own_reported = network->actors[row].reported,
                        .other_reported = network->actors[column].reported,
                        .told = dyad_told(network, row, column)};
    if (dyad) {
        seen.own = account_weight(spec, turned ? &dyad->by_to : &dyad->by_from);
        seen.other = account_weight(spec, turned ? &dyad->by_from : &dyad->by_to);
        seen.both = account_weight(spec, &dyad->by_both);
        seen.any = account_weight(spec, &dyad->any);
    }
    return seen;
}

double *treatment_matrix(const struct network *network, const struct accounts *accounts, enum treatment treatment)
{
    size_t n = network->actor_count;
    bool directed = network->spec.directed;
    double *matrix = malloc((n * n + 1) * sizeof *matrix);
    if (!matrix)
        return NULL;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            struct seen seen = look(network, NULL, i, j, false);
            matrix[i * n + j] = i == j ? 0 : cell_of(treatment, &seen);
        }
    for (size_t d = 0; d < accounts->count; d++) {
        const struct accounts_dyad *dyad = &accounts->dyads[d];
        size_t from = (size_t)dyad->from, to = (size_t)dyad->to;
        struct seen seen = look(network, dyad, from, to, false);
        matrix[from * n + to] = cell_of(treatment, &seen);
        if (directed)
            continue;
        seen = look(network, dyad, to, from, true);
        matrix[to * n + from] = cell_of(treatment, &seen);
    }
    for (size_t i = 0; i < n && !directed; i++)
        for (size_t j = i + 1; j < n; j++) {
            double mean = (matrix[i * n + j] + matrix[j * n + i]) / 2;
            matrix[i * n + j] = matrix[j * n + i] = mean;
        }
    return matrix;
}
