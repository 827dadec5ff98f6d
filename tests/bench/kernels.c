/* SPDX-License-Identifier: GPL-3.0-or-later
 * Path measures of one random network by our kernels and by plain igraph calls, timed in the same run; one JSON object on
 * standard output. Run by tests/bench/run.py.
 * --read takes a network from standard input instead and times what is ours alone.
 *
 * igraph is called as anybody would, with its own functions on its own graph. --sources N asks both sides of the weighted
 * measures for N sources only (igraph through closeness of N actors and betweenness from N sources), which takes N / n of the
 * time.
 */
#include "ego.h"
#include "path_work.h"
#include "random_stream.h"
#include "sampled.h"

#include <getopt.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define NODES_MAX 10000000

struct edge {
    int32_t from, to;
    double weight;
};
struct drawn {
    size_t nodes, edge_count;
    struct edge *edges;
};

static void check(bool held, const char *what)
{
    if (held)
        return;
    fprintf(stderr, "kernels: %s failed\n", what);
    exit(1);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_ends(const void *left, const void *right)
{
    const struct edge *a = left, *b = right;
    return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

/* Preferential attachment: each new actor ties to `ties` ends of ties drawn at random (or, `uniform`, to earlier actors), twice
 * the same pair kept once. Weights 1 to 20. */
static struct drawn draw(size_t nodes, size_t ties, bool uniform, uint64_t seed)
{
    struct drawn drawn = {.nodes = nodes, .edges = malloc(nodes * ties * sizeof *drawn.edges)};
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    check(drawn.edges, "memory");
    for (size_t v = 1; v < nodes; v++) {
        size_t before = drawn.edge_count;
        for (size_t t = 0; t < ties && t < v; t++) {
            int32_t to = (int32_t)random_stream_below(&stream, v);
            if (!uniform && before > 0) {
                const struct edge *edge = &drawn.edges[random_stream_below(&stream, before)];
                to = random_stream_below(&stream, 2) ? edge->from : edge->to;
            }
            double weight = (double)(1 + random_stream_below(&stream, 20));
            drawn.edges[drawn.edge_count++] = (struct edge){to, (int32_t)v, weight};
        }
    }
    return drawn;
}

/* Rows "source,target" after a heading, on standard input; who is tied to whom, direction and repetitions left out, all
 * weights 1. */
static struct drawn read_edges(void)
{
    struct drawn drawn = {0};
    size_t room = 0;
    int from, to;
    check(scanf("%*[^\n]") == 0, "reading the heading");
    while (scanf("%d,%d", &from, &to) == 2) {
        check(from >= 0 && to >= 0 && from < NODES_MAX && to < NODES_MAX, "reading an edge");
        if (drawn.edge_count == room) {
            room = room ? 2 * room : 1024;
            drawn.edges = realloc(drawn.edges, room * sizeof *drawn.edges);
            check(drawn.edges, "memory");
        }
        drawn.nodes = (size_t)from >= drawn.nodes ? (size_t)from + 1 : drawn.nodes;
        drawn.nodes = (size_t)to >= drawn.nodes ? (size_t)to + 1 : drawn.nodes;
        if (from != to)
            drawn.edges[drawn.edge_count++] = (struct edge){from < to ? from : to, from < to ? to : from, 1};
    }
    return drawn;
}

/* Each pair once. */
static void simplify(struct drawn *drawn)
{
    qsort(drawn->edges, drawn->edge_count, sizeof *drawn->edges, by_ends);
    size_t kept = 0;
    for (size_t e = 0; e < drawn->edge_count; e++)
        if (kept == 0 || by_ends(&drawn->edges[kept - 1], &drawn->edges[e]) != 0)
            drawn->edges[kept++] = drawn->edges[e];
    drawn->edge_count = kept;
}

static struct adjacency lists_of(const struct drawn *drawn)
{
    struct adjacency lists = {.count = drawn->nodes, .arc_count = 2 * drawn->edge_count};
    lists.start = calloc(lists.count + 2, sizeof *lists.start);
    lists.peer = malloc((lists.arc_count + 1) * sizeof *lists.peer);
    lists.weight = malloc((lists.arc_count + 1) * sizeof *lists.weight);
    lists.distance = malloc((lists.arc_count + 1) * sizeof *lists.distance);
    check(lists.start && lists.peer && lists.weight && lists.distance, "memory");
    size_t *next = lists.start + 1;
    for (size_t e = 0; e < drawn->edge_count; e++) {
        next[drawn->edges[e].from + 1]++;
        next[drawn->edges[e].to + 1]++;
    }
    for (size_t v = 1; v <= lists.count; v++)
        next[v] += next[v - 1];
    for (int pass = 0; pass < 2; pass++) /* earlier peers first, so that lists ascend */
        for (size_t e = 0; e < drawn->edge_count; e++) {
            const struct edge *edge = &drawn->edges[e];
            size_t at = next[pass == 0 ? edge->to : edge->from]++;
            lists.peer[at] = pass == 0 ? edge->from : edge->to;
            lists.weight[at] = edge->weight;
            lists.distance[at] = 1 / edge->weight;
        }
    return lists;
}

struct theirs {
    igraph_t graph;
    igraph_vector_t distances, found;
    igraph_vs_t some; /* the sources of the weighted measures */
};

static void theirs_init(struct theirs *theirs, const struct drawn *drawn, size_t sources)
{
    igraph_vector_int_t ends;
    igraph_vector_int_init(&ends, 0);
    igraph_vector_init(&theirs->distances, 0);
    igraph_vector_init(&theirs->found, 0);
    for (size_t e = 0; e < drawn->edge_count; e++) {
        igraph_vector_int_push_back(&ends, drawn->edges[e].from);
        igraph_vector_int_push_back(&ends, drawn->edges[e].to);
        igraph_vector_push_back(&theirs->distances, 1 / drawn->edges[e].weight);
    }
    check(igraph_create(&theirs->graph, &ends, (igraph_integer_t)drawn->nodes, IGRAPH_UNDIRECTED) == IGRAPH_SUCCESS,
          "igraph_create");
    igraph_vector_int_destroy(&ends);
    igraph_vs_range(&theirs->some, 0, (igraph_integer_t)sources);
}

/* Largest difference over the first `count`, relative to the size of the numbers. */
static double difference(const double *ours, const igraph_vector_t *found, size_t count)
{
    double worst = 0;
    for (size_t v = 0; v < count; v++)
        worst = fmax(worst, fabs(ours[v] - VECTOR(*found)[v]) / fmax(1e-9, fabs(VECTOR(*found)[v])));
    return worst;
}

static const char *separator = "{";
static void put(const char *name, double value)
{
    printf("%s\"%s\": %.9g", separator, name, value);
    separator = ", ";
    fflush(stdout);
}

static void steps(const struct adjacency *lists, struct theirs *theirs, const struct crew *crew, size_t turns, bool alone)
{
    size_t n = lists->count;
    double *values = malloc(3 * (n + 1) * sizeof *values), best = INFINITY, from;
    check(values, "memory");
    struct sweep sweep = {.reached = values, .steps = values + n, .inverse = values + 2 * n};
    for (size_t turn = 0; turn < turns; turn++) {
        from = now_s();
        check(sweep_run(lists, lists, crew, &sweep) == CREW_OK, "sweep");
        best = fmin(best, now_s() - from);
    }
    put("own_sweep_s", best);
    if (!alone) {
        igraph_bool_t connected;
        from = now_s();
        check(igraph_closeness(&theirs->graph, &theirs->found, NULL, &connected, igraph_vss_all(), IGRAPH_ALL, NULL, true) ==
                  IGRAPH_SUCCESS,
              "igraph_closeness");
        put("igraph_closeness_s", now_s() - from);
        for (size_t v = 0; v < n; v++)
            values[v] /= values[n + v];
        put("closeness_difference", difference(values, &theirs->found, n));
        from = now_s();
        check(igraph_harmonic_centrality(&theirs->graph, &theirs->found, igraph_vss_all(), IGRAPH_ALL, NULL, false) ==
                  IGRAPH_SUCCESS,
              "igraph_harmonic_centrality");
        put("igraph_harmonic_s", now_s() - from);
        put("harmonic_difference", difference(values + 2 * n, &theirs->found, n));
    }
    best = INFINITY;
    for (size_t turn = 0; turn < turns; turn++) {
        from = now_s();
        check(betweenness_run(lists, lists, false, crew, values) == CREW_OK, "betweenness");
        best = fmin(best, now_s() - from);
    }
    put("own_betweenness_s", best);
    if (!alone) {
        from = now_s();
        check(igraph_betweenness(&theirs->graph, &theirs->found, igraph_vss_all(), false, NULL) == IGRAPH_SUCCESS,
              "igraph_betweenness");
        put("igraph_betweenness_s", now_s() - from);
        put("betweenness_difference", difference(values, &theirs->found, n));
    }
    free(values);
}

static void weighted(const struct adjacency *lists, struct theirs *theirs, const struct crew *crew, size_t sources, bool alone)
{
    size_t n = lists->count;
    double *values = malloc(3 * (n + 1) * sizeof *values);
    struct paths_sum *sums = calloc(n + 1, sizeof *sums);
    int32_t *list = malloc((n + 1) * sizeof *list);
    check(values && sums && list, "memory");
    for (size_t s = 0; s < sources; s++)
        list[s] = (int32_t)s;
    double from = now_s();
    check(paths_part(lists, lists, list, sources, 0, SIZE_MAX, (struct paths_wanted){.betweenness = true}, crew, sums) ==
              CREW_OK,
          "paths");
    put("own_weighted_s", now_s() - from);
    struct paths paths = {.betweenness = values, .sum = values + n, .inverse = values + 2 * n};
    paths_finish(sums, lists, false, &paths);
    if (!alone) {
        igraph_bool_t connected;
        from = now_s();
        check(igraph_closeness(&theirs->graph, &theirs->found, NULL, &connected, theirs->some, IGRAPH_ALL, &theirs->distances,
                               false) == IGRAPH_SUCCESS,
              "igraph_closeness");
        put("igraph_weighted_closeness_s", now_s() - from);
        for (size_t v = 0; v < sources; v++)
            values[n + v] = 1 / values[n + v];
        put("weighted_closeness_difference", difference(values + n, &theirs->found, sources));
        from = now_s();
        check(igraph_harmonic_centrality(&theirs->graph, &theirs->found, theirs->some, IGRAPH_ALL, &theirs->distances, false) ==
                  IGRAPH_SUCCESS,
              "igraph_harmonic_centrality");
        put("igraph_weighted_harmonic_s", now_s() - from);
        put("weighted_harmonic_difference", difference(values + 2 * n, &theirs->found, sources));
        from = now_s();
        check(igraph_betweenness_subset(&theirs->graph, &theirs->found, igraph_vss_all(), false, theirs->some, igraph_vss_all(),
                                        &theirs->distances) == IGRAPH_SUCCESS,
              "igraph_betweenness_subset");
        put("igraph_weighted_betweenness_s", now_s() - from);
        put("weighted_betweenness_difference", difference(values, &theirs->found, n));
    }
    free(values);
    free(sums);
    free(list);
}

static void constraint(const struct adjacency *lists, struct theirs *theirs, const struct drawn *drawn, const struct crew *crew)
{
    double *values = malloc((lists->count + 1) * sizeof *values);
    check(values, "memory");
    struct ego ego = {.constraint = values};
    double from = now_s();
    check(ego_run(lists, crew, &ego) == CREW_OK, "ego");
    put("own_constraint_s", now_s() - from);
    for (size_t e = 0; e < drawn->edge_count; e++)
        VECTOR(theirs->distances)[e] = drawn->edges[e].weight;
    from = now_s();
    check(igraph_constraint(&theirs->graph, &theirs->found, igraph_vss_all(), &theirs->distances) == IGRAPH_SUCCESS,
          "igraph_constraint");
    put("igraph_constraint_s", now_s() - from);
    put("constraint_difference", difference(values, &theirs->found, lists->count));
    free(values);
}

/* What can be had of a network too large for exact betweenness, and the memory it takes. */
static void large(const struct adjacency *lists, const struct crew *crew, double epsilon)
{
    double *values = malloc(4 * (lists->count + 1) * sizeof *values), from = now_s();
    check(values, "memory");
    struct sweep sweep = {values, values + lists->count, values + 2 * lists->count, values + 3 * lists->count, {.pairs = 0}};
    check(sweep_run(lists, lists, crew, &sweep) == CREW_OK, "sweep");
    put("own_sweep_s", now_s() - from);
    put("diameter", (double)sweep.totals.diameter);
    put("mean_distance", sweep.totals.distance_sum / sweep.totals.pairs);
    struct sampled_report report;
    struct sampled_request request = {.unit = true, .epsilon = epsilon, .delta = 0.05, .seed = 1};
    from = now_s();
    check(betweenness_sampled(lists, lists, &request, crew, values, &report) == CREW_OK, "sampling");
    put("own_sampled_s", now_s() - from);
    put("sampled_sources", (double)report.sources);
    put("sampled_epsilon", report.epsilon);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    put("peak_mib", (double)usage.ru_maxrss / 1024);
    free(values);
}

int main(int argc, char **argv)
{
    size_t nodes = 10000, ties = 10, sources = 0, turns = 3;
    bool reads = false, uniform = false, alone = false, by_steps = true, by_weight = true;
    uint64_t seed = 1;
    double epsilon = 0.01;
    struct crew crew = {0};
    static const struct option options[] = {{"nodes", required_argument, NULL, 'n'},   {"ties", required_argument, NULL, 't'},
                                            {"sources", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'r'},
                                            {"threads", required_argument, NULL, 'j'}, {"turns", required_argument, NULL, 'u'},
                                            {"vectors", required_argument, NULL, 'v'}, {"uniform", no_argument, NULL, 'e'},
                                            {"alone", no_argument, NULL, 'a'},         {"steps", no_argument, NULL, 'S'},
                                            {"weighted", no_argument, NULL, 'W'},      {"read", no_argument, NULL, 'R'},
                                            {"epsilon", required_argument, NULL, 'E'}, {0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        size_t value = optarg ? strtoull(optarg, NULL, 10) : 0;
        switch (option) {
        case 'n':
            nodes = value;
            break;
        case 't':
            ties = value;
            break;
        case 's':
            sources = value;
            break;
        case 'r':
            seed = value;
            break;
        case 'j':
            crew.threads = (unsigned)value;
            break;
        case 'u':
            turns = value;
            break;
        case 'R':
            reads = true;
            break;
        case 'E':
            epsilon = strtod(optarg, NULL);
            break;
        case 'v':
            crew.vectors = (enum vectors)value;
            break;
        case 'e':
            uniform = true;
            break;
        case 'a':
            alone = true;
            break;
        case 'S':
            by_weight = false;
            break;
        case 'W':
            by_steps = false;
            break;
        default:
            return 64;
        }
    }
    if (nodes < 2 || nodes > NODES_MAX || ties < 1 || sources > nodes || crew.vectors >= VECTORS_COUNT) {
        fprintf(stderr, "kernels: a number is out of range\n");
        return 64;
    }
    struct drawn drawn = reads ? read_edges() : draw(nodes, ties, uniform, seed);
    simplify(&drawn);
    check(drawn.nodes > 1, "a network of two actors or more");
    nodes = drawn.nodes;
    alone = alone || reads;
    struct adjacency lists = lists_of(&drawn);
    struct theirs theirs = {0};
    if (!alone)
        theirs_init(&theirs, &drawn, sources ? sources : nodes);
    put("nodes", (double)nodes);
    put("edges", (double)drawn.edge_count);
    put("sources", (double)(sources ? sources : nodes));
    if (reads)
        large(&lists, &crew, epsilon);
    else if (by_steps)
        steps(&lists, &theirs, &crew, turns, alone);
    if (by_weight && !reads) {
        weighted(&lists, &theirs, &crew, sources ? sources : nodes, alone);
        if (!alone)
            constraint(&lists, &theirs, &drawn, &crew);
    }
    printf("}\n");
    return 0;
}
