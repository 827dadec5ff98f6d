/* SPDX-License-Identifier: GPL-3.0-or-later
 * Searches that leave the far ends of long lists alone, against distances and ways from the definitions.
 */
#include "drawn_network.h"
#include "drawn_topology.h"
#include "path_work.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Distances and how many shortest ways there are between each two, from the definitions; they are parts of 256, so that every
 * sum is exact. */
struct table_of_ways {
    size_t n;
    double *distance, *ways;
};

static struct table_of_ways ways_of(const struct adjacency *out)
{
    size_t n = out->count;
    struct table_of_ways table = {n, calloc(n * n, sizeof(double)), calloc(n * n, sizeof(double))};
    for (size_t c = 0; c < n * n; c++)
        table.distance[c] = c / n == c % n ? 0 : INFINITY;
    for (size_t v = 0; v < n; v++)
        for (size_t a = out->start[v]; a < out->start[v + 1]; a++)
            table.distance[v * n + (size_t)out->peer[a]] = out->distance[a];
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                table.distance[i * n + j] =
                    fmin(table.distance[i * n + j], table.distance[i * n + k] + table.distance[k * n + j]);
    for (size_t s = 0; s < n; s++) {
        double *ways = table.ways + s * n, *distance = table.distance + s * n;
        bool settled[256] = {false};
        ways[s] = 1;
        for (;;) {
            size_t u = n;
            for (size_t v = 0; v < n; v++)
                u = !settled[v] && isfinite(distance[v]) && (u == n || distance[v] < distance[u]) ? v : u;
            if (u == n)
                break;
            settled[u] = true;
            for (size_t a = out->start[u]; a < out->start[u + 1]; a++)
                if (distance[u] + out->distance[a] == distance[out->peer[a]])
                    ways[out->peer[a]] += ways[u];
        }
    }
    return table;
}

/* The parts of 256 that the weights were made for. */
static void make_exact(struct adjacency *lists)
{
    for (size_t a = 0; a < lists->arc_count; a++)
        lists->distance[a] = round(lists->distance[a] * 256) / 256;
}

/* Dense, with distances from 1 to 2^25 or all of one size, in two parts and with somebody alone: most of a long list is of no
 * use, and is not looked at. */
START_TEST(far_peers_are_not_missed)
{
    enum { N = 90 };
    bool directed = _i % 2;
    uint64_t range = _i < 3 ? 25 : 2;
    struct random_stream stream;
    random_stream_init(&stream, 77, (uint64_t)_i);
    struct drawing *drawing = drawing_create(directed);
    for (int i = 0; i < N; i++) {
        char from[8], to[8];
        snprintf(from, sizeof from, "%02d", i);
        drawing_actor(drawing, from, NULL);
        for (int j = directed ? 0 : i + 1; j < N - 1; j++) {
            bool within = (i < 60) == (j < 60) && i != j && i < N - 1;
            if (!within || random_stream_unit(&stream) > 0.95)
                continue;
            snprintf(to, sizeof to, "%02d", j);
            double parts = 256 + (double)random_stream_below(&stream, 256);
            drawing_tie(drawing, from, to, ldexp(256 / parts, -(int)random_stream_below(&stream, range)));
        }
    }
    struct network *network = drawing_finish(drawing);
    struct topology topology = topology_of(network);
    make_exact(&topology.out);
    if (directed)
        make_exact(&topology.in);
    ck_assert_uint_ge(topology.out.arc_count, 40 * topology.out.count); /* short lists are walked whole (paths.c) */
    struct table_of_ways table = ways_of(&topology.out);
    struct crew crew = {.threads = 3, .vectors = VECTORS_BEST};
    double betweenness[N], reached[N], sum[N], inverse[N];
    struct paths paths = {.betweenness = betweenness, .reached = reached, .sum = sum, .inverse = inverse};
    ck_assert_int_eq(paths_run(&topology.out, &topology.in, directed, &crew, &paths), CREW_OK);
    for (size_t v = 0; v < N; v++) {
        double others = 0, total = 0, between = 0;
        for (size_t s = 0; s < N; s++) {
            others += s != v && isfinite(table.distance[v * N + s]);
            total += isfinite(table.distance[v * N + s]) ? table.distance[v * N + s] : 0;
            for (size_t t = 0; t < N; t++)
                if (s != v && t != v && s != t && isfinite(table.distance[s * N + t]) &&
                    table.distance[s * N + v] + table.distance[v * N + t] == table.distance[s * N + t])
                    between += table.ways[s * N + v] * table.ways[v * N + t] / table.ways[s * N + t];
        }
        ck_assert_double_eq(reached[v], others);
        ck_assert_double_eq(sum[v], total);
        ck_assert_double_eq_tol(betweenness[v], directed ? between : between / 2, 1e-9);
    }
    free(table.distance);
    free(table.ways);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearby");
    TCase *tcase = tcase_create("nearby");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, far_peers_are_not_missed, 0, 6);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
