/* SPDX-License-Identifier: GPL-3.0-or-later
 * Progressive sampling of sources and the bounds that end it.
 */
#include "sampled.h"

#include "betweenness.h"
#include "paths.h"
#include "random_stream.h"

#include <math.h>
#include <stdlib.h>

#define GROWTH 1.5                     /* of the sample from look to look; most_looks counts no faster */
#define KAPPA  (7.0 / 3 + 3 / M_SQRT2) /* Bardenet & Maillard 2015, theorem 4.3 */
#define STREAM 0

struct sampling {
    const struct adjacency *out, *in;
    const struct sampled_request *request;
    const struct crew *crew;
    int32_t *order; /* actors in the order drawn */
    struct dependency *steps;
    struct paths_sum *along; /* one of the two */
    double level;            /* log(1 / the chance that one bound of one actor, look and side fails) */
    size_t from, to;         /* sources of the running part, for progress */
};

static bool proceed(void *arg, unsigned permille)
{
    const struct sampling *sampling = arg;
    double sources = (double)sampling->from + (double)(sampling->to - sampling->from) * permille / 1000;
    return sampling->crew->proceed(sampling->crew->arg, (unsigned)(sources * 1000 / (double)sampling->out->count));
}

static size_t most_looks(size_t n)
{
    size_t looks = 1;
    for (size_t sources = BETWEENNESS_BLOCK; sources < n; sources += sources / 2)
        looks++;
    return looks;
}

/* Whole blocks, or everybody. */
static size_t sample_size(double sources, size_t n)
{
    if (!(sources < (double)n))
        return n;
    size_t blocks = (size_t)ceil(sources / BETWEENNESS_BLOCK);
    return blocks * BETWEENNESS_BLOCK < n ? blocks * BETWEENNESS_BLOCK : n;
}

static enum crew_status take(struct sampling *sampling, size_t from, size_t to)
{
    struct crew crew = *sampling->crew;
    sampling->from = from;
    sampling->to = to;
    if (crew.proceed) {
        crew.proceed = proceed;
        crew.arg = sampling;
    }
    const int32_t *sources = sampling->order + from;
    if (sampling->steps)
        return betweenness_part(sampling->out, sampling->in, sources, to - from, 0, SIZE_MAX, &crew, sampling->steps);
    struct paths_wanted wanted = {.betweenness = true, .squares = true};
    return paths_part(sampling->out, sampling->in, sources, to - from, 0, SIZE_MAX, wanted, &crew, sampling->along);
}

static const struct dependency *dependency_of(const struct sampling *sampling, size_t v)
{
    return sampling->steps ? &sampling->steps[v] : &sampling->along[v].dependency;
}

/* How far the mean over k of n sources may be from the mean over all, for values in [0, 1]. */
static double bound(double mean, double mean_square, double k, double n, double level)
{
    double left = k <= n / 2 ? 1 - (k - 1) / n : (1 - k / n) * (1 + 1 / k);
    double variance = fmax(0, mean_square - mean * mean);
    double hoeffding = sqrt(left * level / (2 * k));
    /* log 5 more: the bound is put together from five events. */
    double bernstein = sqrt(2 * variance * left * (level + log(5)) / k) + KAPPA * (level + log(5)) / k;
    return fmin(hoeffding, bernstein);
}

/* The widest bound over all actors, for normalised betweenness. */
static double widest(const struct sampling *sampling, size_t sources)
{
    double n = (double)sampling->out->count, k = (double)sources, most = 0;
    for (size_t v = 0; v < sampling->out->count; v++) {
        const struct dependency *dependency = dependency_of(sampling, v);
        double mean = amount_to(dependency->sum) / (n - 2) / k, mean_square = amount_to(dependency->square) / k;
        most = fmax(most, bound(mean, mean_square, k, n, sampling->level));
    }
    return most * n / (n - 1); /* a source is not its own between: means are over n, betweenness over n - 1 */
}

/* False = no memory. */
static bool prepare(struct sampling *sampling)
{
    size_t n = sampling->out->count;
    const struct sampled_request *request = sampling->request;
    sampling->order = malloc((n + 1) * sizeof *sampling->order);
    if (request->unit)
        sampling->steps = calloc(n + 1, sizeof *sampling->steps);
    else
        sampling->along = calloc(n + 1, sizeof *sampling->along);
    if (!sampling->order || !(sampling->steps || sampling->along))
        return false;
    struct random_stream stream;
    random_stream_init(&stream, request->seed, STREAM);
    for (size_t v = 0; v < n; v++)
        sampling->order[v] = (int32_t)v;
    random_stream_shuffle(&stream, sampling->order, n);
    sampling->level = log(4 * (double)n * (double)most_looks(n) / request->delta); /* two bounds, two sides */
    return true;
}

enum crew_status betweenness_sampled(const struct adjacency *out, const struct adjacency *in,
                                     const struct sampled_request *request, const struct crew *crew, double *ret_betweenness,
                                     struct sampled_report *ret_report)
{
    size_t n = out->count;
    struct sampling sampling = {.out = out, .in = in, .request = request, .crew = crew};
    struct sampled_report report = {0};
    enum crew_status status = CREW_OK;
    if (!prepare(&sampling)) {
        status = CREW_NO_MEMORY;
        goto out;
    }
    /* Before this many neither bound can be narrow enough. */
    double least = fmin(KAPPA * sampling.level / request->epsilon,
                        sampling.level / (2 * request->epsilon * request->epsilon + sampling.level / (double)(n + 1)));
    for (double wanted = least; report.sources < n; wanted *= GROWTH) {
        size_t grown = sample_size(wanted, n);
        if (grown <= report.sources)
            continue;
        status = take(&sampling, report.sources, grown);
        if (status != CREW_OK)
            goto out;
        report.sources = grown;
        report.looks++;
        report.epsilon = grown < n ? widest(&sampling, grown) : 0;
        if (report.epsilon <= request->epsilon)
            break;
    }
    for (size_t v = 0; v < n; v++)
        ret_betweenness[v] =
            amount_to(dependency_of(&sampling, v)->sum) * ((double)n / (double)report.sources) / (request->directed ? 1 : 2);
    *ret_report = report;
out:
    free(sampling.order);
    free(sampling.steps);
    free(sampling.along);
    return status;
}
