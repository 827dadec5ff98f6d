/* SPDX-License-Identifier: GPL-3.0-or-later
 * One walk over the triangles around each actor gives clustering, constraint and effective size together.
 */
#include "ego.h"

#include "square.h"

#include <math.h>
#include <stdlib.h>

#define SEARCH_COST 24 /* a search in a long list costs about as much as this many steps along it */

#define TASK_ACTORS 8   /* few enough that the last task of a thread does not keep the others waiting */
#define STEP_NS     0.8 /* of one neighbour's neighbour along lists, measured on a network of 300 that is nearly complete */
#define ROW_STEP_NS 0.1 /* the same along the rows of a square */

/* What all threads read. p(i, j) is the weight of the tie over strength[i], m(j, q) the weight over largest[j]: divided where a
 * sum begins or ends, so that a walk reads no more than the tie itself. */
struct shares {
    const struct adjacency *both;
    const struct ego *ego;
    double *strength, *largest; /* sum and largest of an actor's weights */
    bool dense;
    struct square square; /* of a dense network */
    enum vectors vectors;
};

/* Of one thread, by actor; all about the current i. */
struct scratch {
    unsigned char *near;        /* 1 = a neighbour */
    double *invested;           /* p(i, j) + sum over q of p(i, q) p(q, j); of no meaning where j is not a neighbour */
    double *redundant;          /* sum over q of p(i, q) m(j, q), times largest[j]; the same */
    struct square_blend *blend; /* of each contact q in turn: p(i, q) over strength[q], and p(i, q) */
};

static void put(double *array, size_t at, double value)
{
    if (array)
        array[at] = value;
}

/* j, at place b in the list of q, who is a contact of i, may be one as well; a network of ministries is so dense that a branch
 * would be guessed wrong half of the time. */
static inline void pass_on(const struct adjacency *both, const struct scratch *scratch, const struct square_blend *q, size_t b,
                           size_t *common)
{
    int32_t j = both->peer[b];
    double weight = both->weight[b];
    *common += scratch->near[j];
    scratch->invested[j] += q->first * weight;
    scratch->redundant[j] += q->second * weight;
}

/* The contacts that i has in common with its contact at place a, met along the shorter of two lists, or one hub would cost the
 * square of its degree. */
static size_t meet_contacts(const struct adjacency *both, const struct scratch *scratch, size_t first, size_t end, size_t a)
{
    size_t q = (size_t)both->peer[a], common = 0;
    const struct square_blend *blend = &scratch->blend[a - first];
    if (adjacency_degree(both, q) > SEARCH_COST * (end - first)) {
        for (size_t c = first; c < end; c++) {
            size_t b = adjacency_find(both, q, both->peer[c]);
            if (b != SIZE_MAX)
                pass_on(both, scratch, blend, b, &common);
        }
    } else {
        for (size_t b = both->start[q]; b < both->start[q + 1]; b++)
            pass_on(both, scratch, blend, b, &common);
    }
    return common;
}

/* Barrat's weight of a pair of contacts is the mean of what i gives to both, and a closed pair is met from both ends: so each
 * contact counts with its own share once for every contact in common. */
static void ego_of(const struct shares *shares, const struct scratch *scratch, size_t i)
{
    const struct adjacency *both = shares->both;
    const struct ego *ego = shares->ego;
    size_t first = both->start[i], end = both->start[i + 1], k = end - first;
    size_t closed = 0;
    double closed_weight = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        double share = both->weight[a] / shares->strength[i];
        scratch->blend[a - first] = (struct square_blend){share / shares->strength[j], share};
        scratch->invested[j] = share;
        scratch->redundant[j] = 0;
        scratch->near[j] = 1;
    }
    if (shares->dense)
        square_blend_rows(&shares->square, shares->vectors, both->peer + first, scratch->blend, k,
                          (vectors_doubles *)scratch->invested, (vectors_doubles *)scratch->redundant);
    for (size_t a = first; a < end; a++) {
        size_t common = shares->dense ? square_common(&shares->square, i, (size_t)both->peer[a])
                                      : meet_contacts(both, scratch, first, end, a);
        closed += common;
        closed_weight += scratch->blend[a - first].second * (double)common;
    }
    double constraint = 0, effective = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        constraint += scratch->invested[j] * scratch->invested[j];
        effective += 1 - scratch->redundant[j] / shares->largest[j];
        scratch->near[j] = 0;
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
    free(scratch->near);
    free(scratch->invested);
    free(scratch->redundant);
    free(scratch->blend);
    free(scratch);
}

static void *begin(void *arg)
{
    const struct shares *shares = arg;
    size_t n = shares->both->count;
    struct scratch *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return NULL;
    size_t lines = shares->dense ? shares->square.width : n / VECTORS_LANES + 1;
    scratch->near = calloc(n + 1, 1);
    scratch->invested = (double *)square_lines(1, lines);
    scratch->redundant = (double *)square_lines(1, lines);
    scratch->blend = malloc((n + 1) * sizeof *scratch->blend);
    if (scratch->near && scratch->invested && scratch->redundant && scratch->blend)
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

static bool make_square(struct shares *shares)
{
    const struct adjacency *both = shares->both;
    if (!square_init(&shares->square, both->count))
        return false;
    for (size_t i = 0; i < both->count; i++)
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++)
            square_put(&shares->square, i, (size_t)both->peer[a], both->weight[a]);
    return true;
}

static bool shares_init(struct shares *shares, const struct adjacency *both, enum vectors vectors, const struct ego *ego)
{
    size_t n = both->count;
    *shares = (struct shares){.both = both,
                              .ego = ego,
                              .strength = calloc(n + 1, sizeof(double)),
                              .largest = calloc(n + 1, sizeof(double)),
                              .dense = square_worth(n, both->arc_count),
                              .vectors = vectors};
    bool done = shares->strength && shares->largest && (!shares->dense || make_square(shares));
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
    if (shares_init(&shares, both, crew->vectors, ego)) {
        double step_ns = shares.dense ? ROW_STEP_NS : STEP_NS;
        struct crew_job job = {.last = tasks,
                               .task_ns = work_of(both) * step_ns / (double)(tasks ? tasks : 1),
                               .begin = begin,
                               .task = task,
                               .end = end,
                               .arg = &shares};
        status = crew_run(crew, &job);
    }
    free(shares.strength);
    free(shares.largest);
    square_release(&shares.square);
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
