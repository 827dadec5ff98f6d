/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps between bodies in the chart of the organisation.
 */
#include "formal_distance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS_MAX 8 /* from a body to the government; what lies deeper, or in a circle, is not followed */
#define GOVERNMENT 0 /* no body of the register has this id */

/* Ids of a body and of what it is under, upwards. */
struct line {
    size_t length;
    int32_t bodies[LEVELS_MAX];
};

struct body {
    int32_t id;
    size_t actor;
};

static int by_id(const void *a, const void *b)
{
    const struct body *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static struct line line_of(const struct network *network, const struct body *bodies, size_t actor)
{
    struct line line = {0};
    line.bodies[line.length++] = network->actors[actor].id;
    for (const struct network_actor *at = &network->actors[actor]; line.length < LEVELS_MAX;) {
        if (at->parent == 0) {
            if (at->kind && strcmp(at->kind, "ministry") == 0)
                line.bodies[line.length++] = GOVERNMENT;
            break;
        }
        line.bodies[line.length++] = at->parent;
        const struct body *above =
            bsearch(&(struct body){.id = at->parent}, bodies, network->actor_count, sizeof *bodies, by_id);
        if (!above)
            break;
        at = &network->actors[above->actor];
    }
    return line;
}

static double steps(const struct line *a, const struct line *b)
{
    for (size_t i = 0; i < a->length; i++)
        for (size_t j = 0; j < b->length; j++)
            if (a->bodies[i] == b->bodies[j])
                return (double)(i + j);
    return NAN;
}

double *formal_distance_matrix(const struct network *network)
{
    size_t n = network->actor_count;
    double *matrix = malloc((n * n + 1) * sizeof *matrix);
    struct body *bodies = malloc((n + 1) * sizeof *bodies);
    struct line *lines = malloc((n + 1) * sizeof *lines);
    bool made = matrix && bodies && lines;
    for (size_t i = 0; made && i < n; i++)
        bodies[i] = (struct body){network->actors[i].id, i};
    if (made)
        qsort(bodies, n, sizeof *bodies, by_id);
    for (size_t i = 0; made && i < n; i++)
        lines[i] = line_of(network, bodies, i);
    for (size_t i = 0; made && i < n; i++)
        for (size_t j = 0; j <= i; j++)
            matrix[i * n + j] = matrix[j * n + i] = i == j ? 0 : steps(&lines[i], &lines[j]);
    free(bodies);
    free(lines);
    if (made)
        return matrix;
    free(matrix);
    return NULL;
}
