/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lanczos with full orthogonalisation; when the basis is full, the best Ritz vectors are kept and it goes on from there.
 */
#include "principal.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BASIS_MAX 40
#define KEPT_MAX  12
#define SETTLED   1e-13 /* |Ax - lx| over l */

struct lanczos {
    const struct adjacency *both;
    const int32_t *members; /* the component's actors; vectors are by position among them */
    const int32_t *position;
    size_t count, size; /* of the component; of the basis at most */
    double scale;
    double *basis;     /* size + 1 vectors */
    double *projected; /* size x size, symmetric */
    double *room;      /* one vector, and size numbers */
};

static double *vector_at(const struct lanczos *lanczos, size_t at)
{
    return lanczos->basis + at * lanczos->count;
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void multiply(const struct lanczos *lanczos, const double *from, double *to)
{
    const struct adjacency *both = lanczos->both;
    for (size_t m = 0; m < lanczos->count; m++) {
        double sum = 0;
        size_t v = (size_t)lanczos->members[m];
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++)
            sum += both->weight[a] / lanczos->scale * from[lanczos->position[both->peer[a]]];
        to[m] = sum;
    }
}

/* Adds basis vector at + 1 from A times basis vector `at`, and column `at` of the projection; returns the length of what was
 * new. */
static double extend(const struct lanczos *lanczos, size_t at)
{
    double *next = vector_at(lanczos, at + 1);
    multiply(lanczos, vector_at(lanczos, at), next);
    double before = sqrt(dot(next, next, lanczos->count));
    for (int pass = 0; pass < 2; pass++) /* twice is enough (Kahan, Parlett) */
        for (size_t j = 0; j <= at; j++) {
            double along = dot(vector_at(lanczos, j), next, lanczos->count);
            for (size_t i = 0; i < lanczos->count; i++)
                next[i] -= along * vector_at(lanczos, j)[i];
            if (pass == 0)
                lanczos->projected[j * lanczos->size + at] = lanczos->projected[at * lanczos->size + j] = along;
        }
    double length = sqrt(dot(next, next, lanczos->count));
    if (length <= 1e-14 * before)
        return 0; /* nothing new: the basis spans an invariant space */
    for (size_t i = 0; i < lanczos->count; i++)
        next[i] /= length;
    return length;
}

/* Eigenvalues of the first `used` rows of the projection, largest first, eigenvectors as columns. */
static bool solve_projected(const struct lanczos *lanczos, size_t used, gsl_vector *values, gsl_matrix *vectors)
{
    gsl_matrix *copy = gsl_matrix_alloc(used, used);
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(used);
    bool done = copy && workspace;
    for (size_t i = 0; done && i < used; i++)
        for (size_t j = 0; j < used; j++)
            gsl_matrix_set(copy, i, j, lanczos->projected[i * lanczos->size + j]);
    done = done && gsl_eigen_symmv(copy, values, vectors, workspace) == GSL_SUCCESS &&
           gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_DESC) == GSL_SUCCESS;
    if (copy)
        gsl_matrix_free(copy);
    if (workspace)
        gsl_eigen_symmv_free(workspace);
    return done;
}

/* The first `kept` basis vectors become the best Ritz vectors, the one after them the direction to go on in. */
static void restart(const struct lanczos *lanczos, size_t used, size_t kept, const gsl_vector *values,
                    const gsl_matrix *vectors)
{
    for (size_t i = 0; i < lanczos->count; i++) {
        for (size_t k = 0; k < kept; k++) {
            double sum = 0;
            for (size_t j = 0; j < used; j++)
                sum += vector_at(lanczos, j)[i] * gsl_matrix_get(vectors, j, k);
            lanczos->room[k] = sum;
        }
        for (size_t k = 0; k < kept; k++)
            vector_at(lanczos, k)[i] = lanczos->room[k];
    }
    memmove(vector_at(lanczos, kept), vector_at(lanczos, used), lanczos->count * sizeof(double));
    /* Ritz vectors are orthogonal under A; what ties them to the next direction, extend() finds. */
    for (size_t i = 0; i < kept; i++)
        for (size_t j = 0; j < kept; j++)
            lanczos->projected[i * lanczos->size + j] = i == j ? gsl_vector_get(values, i) : 0;
}

/* The vector is left first in the basis. */
static enum principal_status iterate(struct lanczos *lanczos, double visits_max)
{
    size_t kept = 0;
    double visits = 0, visits_each = (double)lanczos->both->arc_count + 2.0 * (double)lanczos->size * (double)lanczos->count;
    for (;;) {
        size_t used = kept;
        double length = 1;
        while (used < lanczos->size && length > 0) {
            length = extend(lanczos, used++);
            visits += visits_each;
        }
        gsl_vector *values = gsl_vector_alloc(used);
        gsl_matrix *vectors = gsl_matrix_alloc(used, used);
        bool solved = values && vectors && solve_projected(lanczos, used, values, vectors);
        bool settled = false;
        if (solved) {
            double largest = gsl_vector_get(values, 0);
            settled = fabs(length * gsl_matrix_get(vectors, used - 1, 0)) <= SETTLED * largest;
            kept = settled ? 1 : used / 3 < KEPT_MAX ? used / 3 : KEPT_MAX;
            kept = kept > 0 ? kept : 1;
            restart(lanczos, used, kept, values, vectors);
        }
        if (values)
            gsl_vector_free(values);
        if (vectors)
            gsl_matrix_free(vectors);
        if (!solved)
            return PRINCIPAL_NO_MEMORY;
        if (settled)
            return PRINCIPAL_OK;
        if (visits > visits_max)
            return PRINCIPAL_UNSETTLED;
    }
}

static void start(struct lanczos *lanczos)
{
    double *first = vector_at(lanczos, 0), length = 0;
    for (size_t m = 0; m < lanczos->count; m++) {
        first[m] = adjacency_strength(lanczos->both, (size_t)lanczos->members[m]) / lanczos->scale;
        length += first[m] * first[m];
    }
    for (size_t m = 0; m < lanczos->count; m++)
        first[m] /= sqrt(length);
}

enum principal_status principal_vector(const struct adjacency *both, const struct cut *cut, double visits_max,
                                       double *ret_vector)
{
    size_t n = both->count, members = cut->component_count > 0 ? cut->component_size[cut->largest] : 0;
    for (size_t v = 0; v < n; v++)
        ret_vector[v] = NAN;
    if (members < 2)
        return PRINCIPAL_OK;
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    enum principal_status status = PRINCIPAL_NO_MEMORY;
    struct lanczos lanczos = {.both = both, .count = members, .size = members < BASIS_MAX ? members : BASIS_MAX};
    int32_t *indices = calloc(2 * n + 1, sizeof *indices), *position = indices + n;
    lanczos.basis = calloc((lanczos.size + 1) * members, sizeof(double));
    lanczos.projected = calloc(lanczos.size * lanczos.size, sizeof(double));
    lanczos.room = calloc(lanczos.size, sizeof(double));
    if (indices && lanczos.basis && lanczos.projected && lanczos.room) {
        size_t next = 0;
        for (size_t v = 0; v < n; v++) {
            if ((size_t)cut->component[v] != cut->largest)
                continue;
            position[v] = (int32_t)next;
            indices[next++] = (int32_t)v;
            for (size_t a = both->start[v]; a < both->start[v + 1]; a++)
                lanczos.scale = fmax(lanczos.scale, both->weight[a]);
        }
        lanczos.members = indices;
        lanczos.position = position;
        start(&lanczos);
        status = iterate(&lanczos, visits_max);
    }
    if (status == PRINCIPAL_OK) {
        /* One sign throughout (Perron-Frobenius); what is on the other side of 0 is rounding. */
        const double *vector = vector_at(&lanczos, 0);
        double sum = 0, largest = 0;
        for (size_t m = 0; m < members; m++)
            sum += vector[m];
        for (size_t m = 0; m < members; m++)
            largest = fmax(largest, sum < 0 ? -vector[m] : vector[m]);
        for (size_t m = 0; m < members; m++)
            ret_vector[indices[m]] = fmax(0, (sum < 0 ? -vector[m] : vector[m]) / largest);
    }
    free(indices);
    free(lanczos.basis);
    free(lanczos.projected);
    free(lanczos.room);
    gsl_set_error_handler(handler);
    return status;
}
