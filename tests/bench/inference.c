/* SPDX-License-Identifier: GPL-3.0-or-later
 * What inference costs: permutations and bootstrap replicates of a network of 200 actors, beside plain references in the same
 * run.
 *
 *   bench_inference [--actors N] [--permutations N] [--replicates N]
 *
 * Prints a JSON object of seconds. References: the correlation of two matrices by permuting one into a copy and going through
 * both; igraph's calls for the centralities it has, one network after another.
 */
#include "drawn_network.h"
#include "engine.h"
#include "metrics.h"
#include "random_stream.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAMPLE 20 /* networks igraph is timed on */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Twelve sectors, a third of the pairs tied, more within a sector; weights 1 to 20. */
static struct network *draw(size_t actors)
{
    struct drawing *drawing = drawing_create(false);
    struct random_stream stream;
    random_stream_init(&stream, 200, 0);
    char key[2][32], sector[32];
    for (size_t i = 0; i < actors; i++) {
        snprintf(key[0], sizeof key[0], "%05zu", i);
        snprintf(sector, sizeof sector, "%zu", i % 12);
        drawing_actor(drawing, key[0], sector);
    }
    for (size_t i = 0; i < actors; i++)
        for (size_t j = i + 1; j < actors; j++) {
            if (random_stream_unit(&stream) > (i % 12 == j % 12 ? 0.6 : 0.3))
                continue;
            snprintf(key[0], sizeof key[0], "%05zu", i);
            snprintf(key[1], sizeof key[1], "%05zu", j);
            drawing_tie(drawing, key[0], key[1], 1 + (double)random_stream_below(&stream, 20));
        }
    struct network *network = drawing_finish(drawing);
    network->spec.distance = DISTANCE_INVERSE;
    return network;
}

static double family_seconds(const char *name, struct network *network, const char *choices)
{
    char error[400] = "";
    if (!choices_parse(choices, &network->spec.choices, error)) {
        fprintf(stderr, "bench_inference: %s\n", error);
        exit(2);
    }
    struct metrics_input input = {.network = network};
    struct result *result = result_create(name);
    double begin = now();
    if (metrics_family(name)->compute(&input, result, error) != METRICS_OK) {
        fprintf(stderr, "bench_inference: %s: %s\n", name, error);
        exit(2);
    }
    double seconds = now() - begin;
    result_destroy(result);
    return seconds;
}

/* Correlations of the tie matrix with same sector, one permuted copy after another. */
static double plain_qap_seconds(const struct network *network, size_t permutations)
{
    size_t n = network->actor_count, pairs = n * (n - 1) / 2;
    double *y = calloc(n * n, sizeof *y), *x = calloc(n * n, sizeof *x), *copy = calloc(n * n, sizeof *copy), sum = 0;
    int32_t *order = malloc(n * sizeof *order);
    if (!y || !x || !copy || !order)
        abort();
    for (size_t t = 0; t < network->tie_count; t++) {
        size_t from = (size_t)network->ties[t].from, to = (size_t)network->ties[t].to;
        y[from * n + to] = y[to * n + from] = network->ties[t].weight;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            x[i * n + j] = strcmp(network->actors[i].sector, network->actors[j].sector) == 0;
    double begin = now();
    for (size_t p = 0; p < permutations; p++) {
        struct random_stream stream;
        random_stream_init(&stream, 1, p);
        for (size_t i = 0; i < n; i++)
            order[i] = (int32_t)i;
        random_stream_shuffle(&stream, order, n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                copy[i * n + j] = x[(size_t)order[i] * n + (size_t)order[j]];
        double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) {
                mx += copy[i * n + j] / (double)pairs;
                my += y[i * n + j] / (double)pairs;
            }
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) {
                double a = copy[i * n + j] - mx, b = y[i * n + j] - my;
                xx += a * a;
                yy += b * b;
                xy += a * b;
            }
        sum += xy / sqrt(xx * yy);
    }
    double seconds = now() - begin;
    if (isnan(sum))
        abort();
    free(y);
    free(x);
    free(copy);
    free(order);
    return seconds;
}

/* What igraph 0.10.2 has of the centralities, on one network. */
static void igraph_centralities(const igraph_t *graph, const igraph_vector_t *weights, const igraph_vector_t *distances)
{
    igraph_vector_t values;
    igraph_vector_int_t cores;
    igraph_real_t principal;
    igraph_arpack_options_t options;
    igraph_vector_init(&values, 0);
    igraph_vector_int_init(&cores, 0);
    igraph_arpack_options_init(&options);
    igraph_betweenness(graph, &values, igraph_vss_all(), false, distances);
    igraph_betweenness(graph, &values, igraph_vss_all(), false, NULL);
    igraph_closeness(graph, &values, NULL, NULL, igraph_vss_all(), IGRAPH_ALL, distances, true);
    igraph_harmonic_centrality(graph, &values, igraph_vss_all(), IGRAPH_ALL, distances, true);
    igraph_eigenvector_centrality(graph, &values, &principal, false, true, weights, &options);
    igraph_pagerank(graph, IGRAPH_PAGERANK_ALGO_PRPACK, &values, &principal, igraph_vss_all(), false, 0.85, weights, NULL);
    igraph_constraint(graph, &values, igraph_vss_all(), weights);
    igraph_transitivity_barrat(graph, &values, igraph_vss_all(), weights, IGRAPH_TRANSITIVITY_NAN);
    igraph_transitivity_local_undirected(graph, &values, igraph_vss_all(), IGRAPH_TRANSITIVITY_NAN);
    igraph_coreness(graph, &cores, IGRAPH_ALL);
    igraph_vector_destroy(&values);
    igraph_vector_int_destroy(&cores);
}

static double igraph_seconds(const struct network *network)
{
    engine_begin();
    igraph_t graph;
    igraph_vector_int_t edges;
    igraph_vector_t weights, distances;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_init(&weights, 0);
    igraph_vector_init(&distances, 0);
    for (size_t t = 0; t < network->tie_count; t++) {
        igraph_vector_int_push_back(&edges, network->ties[t].from);
        igraph_vector_int_push_back(&edges, network->ties[t].to);
        igraph_vector_push_back(&weights, network->ties[t].weight);
        igraph_vector_push_back(&distances, 1 / network->ties[t].weight);
    }
    igraph_create(&graph, &edges, (igraph_integer_t)network->actor_count, IGRAPH_UNDIRECTED);
    double begin = now();
    for (int s = 0; s < SAMPLE; s++)
        igraph_centralities(&graph, &weights, &distances);
    double seconds = (now() - begin) / SAMPLE;
    igraph_destroy(&graph);
    igraph_vector_int_destroy(&edges);
    igraph_vector_destroy(&weights);
    igraph_vector_destroy(&distances);
    return seconds;
}

int main(int argc, char **argv)
{
    size_t actors = 200, permutations = 10000, replicates = 1000;
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t number = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--actors") == 0)
            actors = number;
        else if (strcmp(argv[i], "--permutations") == 0)
            permutations = number;
        else if (strcmp(argv[i], "--replicates") == 0)
            replicates = number;
    }
    struct network *network = draw(actors);
    char choices[200];
    printf("{\"actors\": %zu, \"ties\": %zu, \"permutations\": %zu, \"replicates\": %zu", network->actor_count,
           network->tie_count, permutations, replicates);
    printf(", \"plain_qap\": %.4f", plain_qap_seconds(network, permutations));
    snprintf(choices, sizeof choices, "permutations=%zu model=correlation", permutations);
    printf(", \"qap\": %.4f", family_seconds("relations", network, choices));
    snprintf(choices, sizeof choices, "permutations=%zu with=sector", permutations);
    printf(", \"mrqap_1\": %.4f", family_seconds("relations", network, choices));
    snprintf(choices, sizeof choices, "permutations=%zu model=logistic", permutations / 10);
    printf(", \"logistic_tenth\": %.4f", family_seconds("relations", network, choices));
    fflush(stdout);
    snprintf(choices, sizeof choices, "replicates=%zu", replicates);
    printf(", \"bootstrap\": %.4f", family_seconds("uncertainty", network, choices));
    printf(", \"igraph_one\": %.6f}\n", igraph_seconds(network));
    network_destroy(network);
    return 0;
}
