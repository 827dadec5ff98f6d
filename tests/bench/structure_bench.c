/* SPDX-License-Identifier: GPL-3.0-or-later
 * Times the sets of key players and the losses of single actors, and the same by plain igraph calls, and prints JSON.
 *
 *   structure_bench [--quick]
 *
 * igraph's way is the one anybody would write: copy the graph, delete the actors, ask for components and global efficiency. The
 * values must agree, or the program fails.
 */
#include "kpp.h"
#include "loss.h"
#include "random_stream.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "structure_bench: %s\n", what);
    exit(1);
}

/* n actors, each pair tied with this chance; weights 1 to 9. */
static struct network *draw(size_t n, double density, uint64_t seed)
{
    struct network *network = network_create();
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    if (!network)
        die("out of memory");
    spec_default(&network->spec);
    network->actors = calloc(n, sizeof *network->actors);
    network->ties = calloc(n * n / 2 + 1, sizeof *network->ties);
    if (!network->actors || !network->ties)
        die("out of memory");
    network->actor_count = n;
    for (size_t i = 0; i < n; i++) {
        char key[24];
        snprintf(key, sizeof key, "%04zu", i);
        network->actors[i] = (struct network_actor){.key = strdup(key), .label = strdup(key), .reported = true};
        for (size_t j = i + 1; j < n; j++)
            if (random_stream_unit(&stream) < density)
                network->ties[network->tie_count++] =
                    (struct network_tie){(int32_t)i, (int32_t)j, 1 + (double)random_stream_below(&stream, 9), 1};
    }
    return network;
}

static void igraph_of(const struct network *network, igraph_t *ret_graph, igraph_vector_t *ret_distances)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    igraph_vector_init(ret_distances, 0);
    for (size_t t = 0; t < network->tie_count; t++) {
        igraph_vector_int_push_back(&edges, network->ties[t].from);
        igraph_vector_int_push_back(&edges, network->ties[t].to);
        igraph_vector_push_back(ret_distances, 1 / network->ties[t].weight);
    }
    if (igraph_create(ret_graph, &edges, (igraph_integer_t)network->actor_count, IGRAPH_UNDIRECTED))
        die("igraph_create");
    igraph_vector_int_destroy(&edges);
}

/* F and D_F of the graph without a set. */
static void plain(const igraph_t *graph, const int32_t *set, size_t size, double *ret_fragmentation,
                  double *ret_distance_fragmentation)
{
    igraph_t rest;
    igraph_vector_int_t members, sizes;
    igraph_integer_t parts;
    igraph_real_t efficiency;
    igraph_copy(&rest, graph);
    igraph_vector_int_init(&members, 0);
    igraph_vector_int_init(&sizes, 0);
    for (size_t i = 0; i < size; i++)
        igraph_vector_int_push_back(&members, set[i]);
    igraph_delete_vertices(&rest, igraph_vss_vector(&members));
    igraph_connected_components(&rest, NULL, &sizes, &parts, IGRAPH_WEAK);
    igraph_global_efficiency(&rest, &efficiency, NULL, false);
    double pairs = 0, n = (double)igraph_vcount(&rest);
    for (igraph_integer_t p = 0; p < parts; p++)
        pairs += (double)VECTOR(sizes)[p] * ((double)VECTOR(sizes)[p] - 1);
    *ret_fragmentation = 1 - pairs / (n * (n - 1));
    *ret_distance_fragmentation = 1 - efficiency;
    igraph_vector_int_destroy(&members);
    igraph_vector_int_destroy(&sizes);
    igraph_destroy(&rest);
}

static bool next_set(int32_t *set, size_t size, size_t n)
{
    size_t at = size;
    while (at > 0 && (size_t)set[at - 1] == n - size + at - 1)
        at--;
    if (at == 0)
        return false;
    set[at - 1]++;
    for (size_t i = at; i < size; i++)
        set[i] = set[i - 1] + 1;
    return true;
}

static double plain_sets(const struct network *network, size_t size, const struct kpp_best *best)
{
    igraph_t graph;
    igraph_vector_t distances;
    igraph_of(network, &graph, &distances);
    double begin = now_s(), fragmentation, distance_fragmentation, most = 0, most_distance = 0;
    int32_t set[KPP_SET_MAX];
    for (size_t i = 0; i < size; i++)
        set[i] = (int32_t)i;
    do {
        plain(&graph, set, size, &fragmentation, &distance_fragmentation);
        most = fmax(most, fragmentation);
        most_distance = fmax(most_distance, distance_fragmentation);
    } while (next_set(set, size, network->actor_count));
    double seconds = now_s() - begin;
    if (fabs(most - best[KPP_FRAGMENTATION].value) > 1e-9 ||
        fabs(most_distance - best[KPP_DISTANCE_FRAGMENTATION].value) > 1e-9)
        die("igraph finds another best set");
    igraph_vector_destroy(&distances);
    igraph_destroy(&graph);
    return seconds;
}

static double own_sets(const struct topology *topology, size_t size, struct kpp_best *ret_best)
{
    double begin = now_s();
    struct kpp *kpp = kpp_create(&topology->both);
    if (!kpp || kpp_search(kpp, size, 1, ret_best, NULL, NULL) != KPP_OK)
        die("out of memory");
    kpp_destroy(kpp);
    return now_s() - begin;
}

static void bench_sets(size_t n, double density, size_t size, bool compare, const char *after)
{
    struct network *network = draw(n, density, n);
    struct topology topology;
    struct kpp_best best[KPP_MEASURES];
    char error[400];
    if (!topology_init(&topology, network, error))
        die(error);
    double fastest = INFINITY;
    for (int turn = 0; turn < (compare ? 5 : 1); turn++)
        fastest = fmin(fastest, own_sets(&topology, size, best));
    printf("  {\"actors\": %zu, \"ties\": %zu, \"size\": %zu, \"sets\": %.0f, \"exact\": %s, \"seconds\": %.6f", n,
           network->tie_count, size, kpp_set_count(n, size), best[0].exact ? "true" : "false", fastest);
    if (compare) {
        printf(", \"igraph_seconds\": %.6f, \"distance_fragmentation\": %.15f, \"edges\": [", plain_sets(network, size, best),
               best[KPP_DISTANCE_FRAGMENTATION].value);
        for (size_t t = 0; t < network->tie_count; t++)
            printf("%s[%d, %d]", t ? ", " : "", network->ties[t].from, network->ties[t].to);
        printf("]");
    }
    printf("}%s\n", after);
    fflush(stdout);
    topology_release(&topology);
    network_destroy(network);
}

static void bench_losses(size_t n, double density, bool unit, const char *after)
{
    struct network *network = draw(n, density, n);
    struct topology topology;
    char error[400];
    if (!topology_init(&topology, network, error))
        die(error);
    double *numbers = calloc(3 * n, sizeof *numbers);
    struct loss loss = {.inverse = numbers, .reached = numbers + n, .pairs = numbers + 2 * n};
    double begin = now_s();
    if (!numbers || loss_run(&topology.both, &topology.both, unit, &loss, NULL, NULL) != LOSS_OK)
        die("out of memory");
    double own = now_s() - begin;
    igraph_t graph;
    igraph_vector_t distances;
    igraph_of(network, &graph, &distances);
    begin = now_s();
    for (size_t v = 0; v < n; v++) {
        igraph_t rest;
        igraph_vector_t left;
        igraph_real_t efficiency;
        igraph_vector_init(&left, 0);
        igraph_copy(&rest, &graph);
        igraph_delete_vertices(&rest, igraph_vss_1((igraph_integer_t)v));
        for (size_t t = 0; t < network->tie_count; t++)
            if ((size_t)network->ties[t].from != v && (size_t)network->ties[t].to != v)
                igraph_vector_push_back(&left, VECTOR(distances)[t]);
        igraph_global_efficiency(&rest, &efficiency, unit ? NULL : &left, false);
        if (fabs(efficiency - loss.inverse[v] / ((double)(n - 1) * (double)(n - 2))) > 1e-9)
            die("igraph has another efficiency");
        igraph_vector_destroy(&left);
        igraph_destroy(&rest);
    }
    printf("  {\"actors\": %zu, \"ties\": %zu, \"unit\": %s, \"seconds\": %.6f, \"igraph_seconds\": %.6f}%s\n", n,
           network->tie_count, unit ? "true" : "false", own, now_s() - begin, after);
    fflush(stdout);
    igraph_vector_destroy(&distances);
    igraph_destroy(&graph);
    free(numbers);
    topology_release(&topology);
    network_destroy(network);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    printf("{\"sets\": [\n");
    bench_sets(20, 0.3, 4, true, ",");
    bench_sets(60, 0.15, 3, true, ",");
    bench_sets(60, 0.15, 4, false, quick ? "" : ",");
    if (!quick) {
        bench_sets(150, 0.1, 3, false, ",");
        bench_sets(300, 0.1, 2, false, "");
    }
    printf("], \"losses\": [\n");
    bench_losses(100, 0.1, true, ",");
    bench_losses(100, 0.1, false, quick ? "" : ",");
    if (!quick) {
        bench_losses(300, 0.05, true, ",");
        bench_losses(300, 0.05, false, "");
    }
    printf("]}\n");
    return 0;
}
