/* SPDX-License-Identifier: GPL-3.0-or-later
 * PN centrality where ties and objections have a direction, by conjugate gradients.
 *
 * I - c^2 A A' is symmetric, and positive definite unless an eigenvalue of A A' reaches 4(n-1)^2: only when everybody objects
 * to everybody. So it is solved in memory of the arcs, without the matrix.
 */
#include "signed_pairs.h"

#include <math.h>
#include <stdlib.h>

#define SETTLED  1e-12 /* relative residual */
#define DEFINITE 1e-12 /* curvature below this share: no single answer */

struct operator
{
    const struct adjacency *out;
    const struct network_tie *negative;
    size_t negative_count;
    double scale;
};

/* y = c A x, or c A' x. */
static void apply(const struct operator* operator, bool transposed, const double *x, double *y)
{
    const struct adjacency *out = operator->out;
    for (size_t v = 0; v < out->count; v++)
        y[v] = 0;
    for (size_t v = 0; v < out->count; v++)
        for (size_t at = out->start[v]; at < out->start[v + 1]; at++) {
            size_t u = (size_t)out->peer[at];
            y[transposed ? u : v] += operator->scale * x[transposed ? v : u];
        }
    for (size_t t = 0; t < operator->negative_count; t++) {
        int32_t from = operator->negative[t].from, to = operator->negative[t].to;
        if (from != to)
            y[transposed ? to : from] -= 2 * operator->scale * x[transposed ? from : to];
    }
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* (I - B B') x = 1 + B 1 with B = c A, or c A' when transposed. */
static bool solve(const struct operator* operator, bool transposed, double *x, double *room)
{
    size_t n = operator->out->count;
    double *residual = room, *direction = room + n, *half = room + 2 * n, *image = room + 3 * n;
    for (size_t v = 0; v < n; v++)
        direction[v] = 1;
    apply(operator, transposed, direction, residual);
    for (size_t v = 0; v < n; v++) {
        residual[v] += 1;
        direction[v] = residual[v];
        x[v] = 0;
    }
    double error = dot(residual, residual, n), settled = SETTLED * SETTLED * error;
    for (size_t iteration = 0; iteration < 10 * n + 100 && error > settled; iteration++) {
        apply(operator, !transposed, direction, half);
        apply(operator, transposed, half, image);
        for (size_t v = 0; v < n; v++)
            image[v] = direction[v] - image[v];
        double curvature = dot(direction, image, n);
        if (!(curvature > DEFINITE * dot(direction, direction, n)))
            return false;
        double step = error / curvature;
        for (size_t v = 0; v < n; v++) {
            x[v] += step * direction[v];
            residual[v] -= step * image[v];
        }
        double next = dot(residual, residual, n);
        for (size_t v = 0; v < n; v++)
            direction[v] = residual[v] + next / error * direction[v];
        error = next;
    }
    return error <= settled || n == 0;
}

bool signed_standing(const struct adjacency *out, const struct network_tie *negative, size_t negative_count, double *ret_out,
                     double *ret_in)
{
    size_t n = out->count;
    double *room = calloc(4 * n + 1, sizeof *room), *results[] = {ret_out, ret_in};
    struct operator operator= {out, negative, negative_count, n > 1 ? 1 / (2 * ((double)n - 1)) : 0};
    for (int transposed = 0; room && transposed < 2; transposed++)
        if (!solve(&operator, transposed, results[transposed], room))
            for (size_t v = 0; v < n; v++)
                results[transposed][v] = NAN;
    free(room);
    return room != NULL;
}
