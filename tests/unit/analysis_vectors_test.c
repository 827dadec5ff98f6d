/* SPDX-License-Identifier: GPL-3.0-or-later
 * The versions of the kernels that this build should have are there, the best one for this processor is taken, and all give the
 * same bits.
 */
#include "betweenness.h"
#include "drawn_network.h"
#include "square.h"
#include "sweep.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
#define VERSIONS 3 /* every compiler the project is built with has them on this architecture */
#else
#define VERSIONS 1
#endif

START_TEST(the_build_has_every_version)
{
    ck_assert_uint_eq(sweep_versions(), VERSIONS);
    ck_assert_uint_eq(betweenness_versions(), VERSIONS);
    ck_assert_uint_eq(square_versions(), VERSIONS);
}
END_TEST

/* Whether the kernel says that the processor has all of these, " avx2 popcnt " ... False where it says nothing. */
static bool processor_has(const char *const *features)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char *line = NULL;
    size_t size = 0;
    bool all = false;
    while (file && !all && getline(&line, &size, file) > 0) {
        if (strncmp(line, "flags", 5) != 0)
            continue;
        line[strcspn(line, "\n")] = ' ';
        all = true;
        for (size_t f = 0; features[f]; f++)
            all = all && strstr(line, features[f]);
        break;
    }
    free(line);
    if (file)
        fclose(file);
    return all;
}

START_TEST(the_best_for_this_processor_is_taken)
{
    static const char *const avx2[] = {" avx2 ", " popcnt ", " bmi1 ", " bmi2 ", NULL};
    static const char *const avx512[] = {" avx2 ",     " popcnt ",   " bmi1 ",     " bmi2 ", " avx512f ",
                                         " avx512dq ", " avx512bw ", " avx512vl ", NULL};
    enum vectors expected = VERSIONS == 1           ? VECTORS_PLAIN
                            : processor_has(avx512) ? VECTORS_AVX512
                            : processor_has(avx2)   ? VECTORS_AVX2
                                                    : VECTORS_PLAIN;
    ck_assert_int_eq(vectors_resolve(VECTORS_BEST), expected);
    for (enum vectors wanted = VECTORS_PLAIN; wanted < VECTORS_COUNT; wanted++)
        ck_assert_int_eq(vectors_resolve(wanted), wanted < expected ? wanted : expected);
}
END_TEST

/* Every version that runs here, on networks that fill a block of sources, overfill it, and leave most of it empty. */
START_TEST(every_version_gives_the_same_bits)
{
    static const size_t sizes[] = {1, 2, 7, 9, 64, 511, 513, 700};
    size_t n = sizes[_i];
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_random(31 + n, n, n < 100 ? 0.2 : 0.01, directed);
        struct topology topology;
        char error[400];
        ck_assert(topology_init(&topology, network, error));
        struct sweep_sum *swept = calloc(2 * n, sizeof *swept);
        struct dependency *between = calloc(2 * n, sizeof *between);
        for (enum vectors version = VECTORS_PLAIN; version <= vectors_resolve(VECTORS_BEST); version++) {
            struct crew crew = {.threads = 1, .vectors = version};
            size_t at = version == VECTORS_PLAIN ? 0 : n;
            memset(swept + at, 0, n * sizeof *swept);
            memset(between + at, 0, n * sizeof *between);
            ck_assert_int_eq(sweep_part(&topology.out, &topology.in, 0, SIZE_MAX, &crew, swept + at), CREW_OK);
            ck_assert_int_eq(betweenness_part(&topology.out, &topology.in, NULL, 0, 0, SIZE_MAX, &crew, between + at), CREW_OK);
            ck_assert_mem_eq(swept, swept + at, n * sizeof *swept);
            ck_assert_mem_eq(between, between + at, n * sizeof *between);
        }
        free(swept);
        free(between);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vectors");
    TCase *tcase = tcase_create("vectors");
    tcase_add_test(tcase, the_build_has_every_version);
    tcase_add_test(tcase, the_best_for_this_processor_is_taken);
    tcase_add_loop_test(tcase, every_version_gives_the_same_bits, 0, 8);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
