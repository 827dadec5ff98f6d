/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is computed along the rows of a square is what following lists gives. The same ties beside enough actors without any are
 * a sparse network, so both ways can be taken with the same numbers to expect.
 */
#include "drawn_network.h"
#include "ego.h"
#include "mixing.h"
#include "random_stream.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTORS 7

/* n actors of whom each pair is tied with a chance of 0.6, each in a sector of its own choice, and `alone` more. Weights are
 * powers of two, so that a sum is the same in any order. */
static struct network *drawn(size_t n, size_t alone, bool directed)
{
    struct drawing *drawing = drawing_create(directed);
    struct random_stream stream;
    random_stream_init(&stream, 71, n);
    char from[32], to[32], sector[8];
    for (size_t i = 0; i < n + alone; i++) {
        snprintf(from, sizeof from, "v%04zu", i);
        snprintf(sector, sizeof sector, "s%zu", (size_t)(i < SECTORS ? i : random_stream_below(&stream, SECTORS)));
        drawing_actor(drawing, from, sector);
        for (size_t j = directed ? 0 : i + 1; i < n && j < n; j++) {
            if (i == j || random_stream_unit(&stream) >= 0.6)
                continue;
            snprintf(to, sizeof to, "v%04zu", j);
            drawing_tie(drawing, from, to, (double)(1 << random_stream_below(&stream, 3)));
        }
    }
    return drawing_finish(drawing);
}

static const size_t sizes[] = {8, 9, 64, 65, 130};
#define SIZES (int)(sizeof sizes / sizeof sizes[0])

START_TEST(surroundings_along_rows_are_those_along_lists)
{
    size_t n = sizes[_i];
    struct network *dense = drawn(n, 0, false), *sparse = drawn(n, 3 * n, false);
    struct topology rows, lists;
    char error[400];
    ck_assert(topology_init(&rows, dense, error) && topology_init(&lists, sparse, error));
    ck_assert(square_worth(n, rows.both.arc_count) && !square_worth(4 * n, lists.both.arc_count));
    double *expected = calloc(4 * 4 * n, sizeof *expected), *got = calloc(4 * n, sizeof *got);
    struct ego ego = {expected, expected + 4 * n, expected + 8 * n, expected + 12 * n};
    ck_assert_int_eq(ego_run(&lists.both, &(struct crew){.threads = 1}, &ego), CREW_OK);
    for (enum vectors version = VECTORS_PLAIN; version <= vectors_resolve(VECTORS_BEST); version++) {
        ego = (struct ego){got, got + n, got + 2 * n, got + 3 * n};
        ck_assert_int_eq(ego_run(&rows.both, &(struct crew){.threads = 1, .vectors = version}, &ego), CREW_OK);
        for (size_t measure = 0; measure < 4; measure++)
            ck_assert_mem_eq(got + measure * n, expected + measure * 4 * n, n * sizeof *got);
    }
    free(expected);
    free(got);
    topology_release(&rows);
    topology_release(&lists);
    network_destroy(dense);
    network_destroy(sparse);
}
END_TEST

static void compare_tallies(size_t n, bool directed)
{
    struct network *dense = drawn(n, 0, directed), *sparse = drawn(n, 3 * n, directed);
    struct topology rows, lists;
    struct mixing by_rows, by_lists, shared;
    char error[400];
    ck_assert(topology_init(&rows, dense, error) && topology_init(&lists, sparse, error));
    ck_assert(mixing_init(&by_rows, dense, &rows) && mixing_init(&by_lists, sparse, &lists));
    ck_assert(by_rows.dense && !by_lists.dense && mixing_share(&by_rows, &shared));
    size_t cells = mixing_cell_count(&by_rows);
    ck_assert_uint_eq(mixing_cell_count(&by_lists), cells);
    double *expected = calloc(cells, sizeof *expected), *got = calloc(cells, sizeof *got);
    int32_t *labels = malloc(4 * n * sizeof *labels);
    memcpy(labels, by_lists.label, 4 * n * sizeof *labels);
    struct random_stream stream;
    random_stream_init(&stream, 5, n);
    for (int turn = 0; turn < 5; turn++) {
        double across = mixing_tally(&by_lists, labels, expected);
        ck_assert_double_eq(mixing_tally(turn % 2 ? &shared : &by_rows, labels, got), across);
        ck_assert_mem_eq(got, expected, cells * sizeof *got);
        random_stream_shuffle(&stream, labels, 4 * n);
    }
    free(expected);
    free(got);
    free(labels);
    mixing_unshare(&shared);
    mixing_release(&by_rows);
    mixing_release(&by_lists);
    topology_release(&rows);
    topology_release(&lists);
    network_destroy(dense);
    network_destroy(sparse);
}

START_TEST(mixing_along_rows_is_that_along_lists)
{
    compare_tallies(sizes[_i], false);
    compare_tallies(sizes[_i], true);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("square");
    TCase *tcase = tcase_create("square");
    tcase_add_loop_test(tcase, surroundings_along_rows_are_those_along_lists, 0, SIZES);
    tcase_add_loop_test(tcase, mixing_along_rows_is_that_along_lists, 0, SIZES);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
