/* SPDX-License-Identifier: GPL-3.0-or-later
 * One walk over the triangles around each actor gives clustering, constraint and effective size together.
 */
#include "ego.h"

#include <math.h>
#include <stdlib.h>

#define SEARCH_COST 24 /* a search in a long list costs about as much as this many steps along it */

#define TASK_ACTORS 8   /* few enough that the last task of a thread does not keep the others waiting */
#define STEP_NS     0.8 /* of one neighbour's neighbour, measured on a network of 300 that is nearly complete */

/* What all threads read. p(i, j) is the weight of the tie over strength[i], m(j, q) the weight over largest[j]: divided where a
 * sum begins or ends, so that a walk reads no more than the tie itself. */
struct shares {
    const struct adjacency *both;
    const struct ego *ego;
    double *strength, *largest; /* sum and largest of an actor's weights */
};

/* Of one thread, by actor; all about the current i. */
struct scratch {
    double *share;     /* p(i, j); 0 = not a neighbour */
    double *invested;  /* p(i, j) + sum over q of p(i, q) p(q, j); of no meaning where j is not a neighbour */
    double *redundant; /* sum over q of p(i, q) m(j, q), times largest[j]; the same */
};

static void put(double *array, size_t at, double value)
{
    if (array)
        array[at] = value;
}

/* q of i's contacts, on the way from i. */
struct contact {
    double share, passed; /* p(i, q), and over strength[q] */
};

/* j, at place b in the list of q, who is a contact of i, may be one as well; a network of ministries is so dense that a branch
 * would be guessed wrong half of the time. Returns Barrat's weight of the pair. */
static inline double close_triangle(const struct adjacency *both, const struct scratch *scratch, struct contact q, size_t b,
                                    size_t *closed)
{
    int32_t j = both->peer[b];
    double share_j = scratch->share[j], weight = both->weight[b];
    bool closes = share_j > 0;
    *closed += closes;
    scratch->invested[j] += q.passed * weight;
    scratch->redundant[j] += q.share * weight;
    return (double)closes * ((q.share + share_j) / 2);
}

static void ego_of(const struct shares *shares, const struct scratch *scratch, size_t i)
{
    const struct adjacency *both = shares->both;
    const struct ego *ego = shares->ego;
    size_t first = both->start[i], end = both->start[i + 1], k = end - first;
    size_t closed = 0;
    double closed_weight = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        scratch->share[j] = scratch->invested[j] = both->weight[a] / shares->strength[i];
        scratch->redundant[j] = 0;
    }
    for (size_t a = first; a < end; a++) {
        size_t q = (size_t)both->peer[a];
        struct contact contact = {scratch->share[q], scratch->share[q] / shares->strength[q]};
        /* What i and q have in common: from the shorter side, or one hub would cost the square of its degree. */
        if (adjacency_degree(both, q) > SEARCH_COST * k) {
            for (size_t c = first; c < end; c++) {
                size_t b = adjacency_find(both, q, both->peer[c]);
                if (b != SIZE_MAX)
                    closed_weight += close_triangle(both, scratch, contact, b, &closed);
            }
        } else {
            for (size_t b = both->start[q]; b < both->start[q + 1]; b++)
                closed_weight += close_triangle(both, scratch, contact, b, &closed);
        }
    }
    double constraint = 0, effective = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        constraint += scratch->invested[j] * scratch->invested[j];
        effective += 1 - scratch->redundant[j] / shares->largest[j];
        scratch->share[j] = 0;
    }
    double pairs = (double)k * ((double)k - 1);
    put(ego->constraint, i, k > 0 ? constraint : NAN);
    put(ego->effective_size, i, k > 0 ? effective : NAN);
    put(ego->clustering, i, k > 1 ? (double)closed / pairs : NAN);
    put(ego->clustering_w, i, k > 1 ? closed_weight / ((double)k - 1) : NAN);
}

static void scratch_destroy(struct scratch *scratch)
{
    if (!scratch)
        return;
    free(scratch->share);
    free(scratch->invested);
    free(scratch->redundant);
    free(scratch);
}

static void *begin(void *arg)
{
    const struct shares *shares = arg;
    size_t n = shares->both->count;
    struct scratch *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return NULL;
    scratch->share = calloc(n + 1, sizeof(double));
    scratch->invested = calloc(n + 1, sizeof(double));
    scratch->redundant = calloc(n + 1, sizeof(double));
    if (scratch->share && scratch->invested && scratch->redundant)
        return scratch;
    scratch_destroy(scratch);
    return NULL;
}

static void task(void *arg, void *state, size_t number, struct crew_watch *watch)
{
    const struct shares *shares = arg;
    size_t first = number * TASK_ACTORS, last = first + TASK_ACTORS;
    for (size_t i = first; i < last && i < shares->both->count && !crew_stopping(watch); i++)
        ego_of(shares, state, i);
}

static void end(void *arg, void *state, bool done)
{
    (void)arg;
    (void)done; /* every actor has places of its own in the arrays */
    scratch_destroy(state);
}

/* Steps along lists that the whole takes. */
static double work_of(const struct adjacency *both)
{
    double steps = 0;
    for (size_t i = 0; i < both->count; i++) {
        double own = (double)adjacency_degree(both, i);
        steps += own * own; /* each of its neighbours walks along its list */
    }
    return steps;
}

static bool shares_init(struct shares *shares, const struct adjacency *both, const struct ego *ego)
{
    size_t n = both->count;
    *shares = (struct shares){
        .both = both, .ego = ego, .strength = calloc(n + 1, sizeof(double)), .largest = calloc(n + 1, sizeof(double))};
    bool done = shares->strength && shares->largest;
    for (size_t i = 0; done && i < n; i++) {
        shares->strength[i] = adjacency_strength(both, i);
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++)
            shares->largest[i] = fmax(shares->largest[i], both->weight[a]);
    }
    return done;
}

enum crew_status ego_run(const struct adjacency *both, const struct crew *crew, const struct ego *ego)
{
    struct shares shares;
    enum crew_status status = CREW_NO_MEMORY;
    size_t tasks = (both->count + TASK_ACTORS - 1) / TASK_ACTORS;
    if (shares_init(&shares, both, ego)) {
        struct crew_job job = {.last = tasks,
                               .task_ns = work_of(both) * STEP_NS / (double)(tasks ? tasks : 1),
                               .begin = begin,
                               .task = task,
                               .end = end,
                               .arg = &shares};
        status = crew_run(crew, &job);
    }
    free(shares.strength);
    free(shares.largest);
    return status;
}

/* Arcs towards whoever has more ties (as many: the later), so that no list is longer than the root of twice the ties. */
static size_t *climb(const struct adjacency *both, int32_t *ret_peer)
{
    size_t n = both->count, count = 0, *start = malloc((n + 1) * sizeof *start);
    for (size_t i = 0; start && i < n; i++) {
        size_t own = adjacency_degree(both, i);
        start[i] = count;
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++) {
            size_t j = (size_t)both->peer[a], other = adjacency_degree(both, j);
            ret_peer[count] = (int32_t)j;
            count += other > own || (other == own && j > i);
        }
    }
    if (start)
        start[n] = count;
    return start;
}

bool ego_count(const struct adjacency *both, double *ret_closed, double *ret_triples)
{
    size_t n = both->count, triangles = 0;
    int32_t *peer = malloc((both->arc_count + 1) * sizeof *peer);
    unsigned char *near = calloc(n + 1, sizeof *near);
    size_t *start = peer ? climb(both, peer) : NULL;
    bool done = peer && near && start;
    *ret_closed = *ret_triples = 0;
    for (size_t i = 0; done && i < n; i++) {
        double k = (double)adjacency_degree(both, i);
        *ret_triples += k * (k - 1);
        for (size_t a = start[i]; a < start[i + 1]; a++)
            near[peer[a]] = 1;
        for (size_t a = start[i]; a < start[i + 1]; a++)
            for (size_t b = start[peer[a]]; b < start[peer[a] + 1]; b++)
                triangles += near[peer[b]];
        for (size_t a = start[i]; a < start[i + 1]; a++)
            near[peer[a]] = 0;
    }
    *ret_closed = 6 * (double)triangles;
    free(peer);
    free(near);
    free(start);
    return done;
}
