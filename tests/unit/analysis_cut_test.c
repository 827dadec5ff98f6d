/* SPDX-License-Identifier: GPL-3.0-or-later
 * Components, articulation points and bridges against taking each actor and tie away.
 */
#include "cut.h"
#include "drawn_network.h"
#include "drawn_topology.h"

#include <check.h>

#define SMALL 8

/* Components among the actors of `alive`, without the tie a-b; returns how many, and the size of the one with `start`. */
static size_t parts(const struct topology *topology, unsigned alive, size_t a, size_t b, size_t start, size_t *ret_size,
                    size_t *ret_largest)
{
    size_t count = 0;
    unsigned left = alive;
    *ret_size = *ret_largest = 0;
    for (size_t root = 0; root < topology->count; root++) {
        if (!((left >> root) & 1))
            continue;
        unsigned part = 1U << root, grown = 0;
        while (part != grown) {
            grown = part;
            for (size_t i = 0; i < topology->count; i++)
                for (size_t j = 0; j < topology->count; j++)
                    if (((grown >> i) & 1) && ((alive >> j) & 1) && !((i == a && j == b) || (i == b && j == a)) &&
                        adjacency_find(&topology->both, i, (int32_t)j) != SIZE_MAX)
                        part |= 1U << j;
        }
        left &= ~part;
        count++;
        size_t size = (size_t)__builtin_popcount(part);
        *ret_largest = size > *ret_largest ? size : *ret_largest;
        if ((part >> start) & 1)
            *ret_size = size;
    }
    return count;
}

static void compare_cuts(const struct network *network)
{
    struct topology topology = topology_of(network);
    size_t n = topology.count, size, largest, bridge = 0;
    struct cut cut;
    ck_assert(cut_init(&cut, &topology.both));
    unsigned all = (1U << n) - 1;
    ck_assert_uint_eq(cut.component_count, parts(&topology, all, n, n, 0, &size, &largest));
    if (n > 0)
        ck_assert_uint_eq(cut.component_size[cut.largest], largest);
    for (size_t v = 0; v < n; v++) {
        unsigned own = 0;
        for (size_t u = 0; u < n; u++)
            own |= (unsigned)(cut.component[u] == cut.component[v] && u != v) << u;
        size_t pieces = parts(&topology, own, n, n, v, &size, &largest);
        ck_assert_uint_eq(cut.pieces[v], pieces);
        ck_assert_uint_eq(cut.cut_off[v], (size_t)__builtin_popcount(own) - largest);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (adjacency_find(&topology.both, i, (int32_t)j) == SIZE_MAX ||
                parts(&topology, all, i, j, i, &size, &largest) == cut.component_count)
                continue;
            ck_assert_uint_lt(bridge, cut.bridge_count);
            ck_assert_int_eq(cut.bridges[bridge].from, (int32_t)i);
            ck_assert_int_eq(cut.bridges[bridge].to, (int32_t)j);
            ck_assert_uint_eq(cut.bridges[bridge].from_side, size);
            parts(&topology, all, i, j, j, &size, &largest);
            ck_assert_uint_eq(cut.bridges[bridge].to_side, size);
            bridge++;
        }
    ck_assert_uint_eq(cut.bridge_count, bridge);
    cut_release(&cut);
    topology_release(&topology);
}

START_TEST(cuts_match_removing_each)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct network *network = network_random(seed, seed % (SMALL + 1), 0.1 + 0.08 * (double)(seed % 6), seed % 3 == 1);
        compare_cuts(network);
        network_destroy(network);
    }
}
END_TEST

START_TEST(a_long_chain_needs_no_deep_stack)
{
    enum { LENGTH = 20000 };
    struct network *network = network_chain(LENGTH);
    struct topology topology = topology_of(network);
    struct cut cut;
    ck_assert(cut_init(&cut, &topology.both));
    ck_assert_uint_eq(cut.bridge_count, LENGTH - 1);
    ck_assert_uint_eq(cut.cut_off[0], 0);
    ck_assert_uint_eq(cut.cut_off[1], 1);
    ck_assert_uint_eq(cut.cut_off[LENGTH / 2], LENGTH / 2 - 1);
    cut_release(&cut);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cut");
    TCase *tcase = tcase_create("cut");
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, cuts_match_removing_each);
    tcase_add_test(tcase, a_long_chain_needs_no_deep_stack);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
