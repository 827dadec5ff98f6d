/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family keyplayers and its algorithms: published values, closed forms, and brute force over every subset of small networks.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "kpp.h"
#include "loss.h"
#include "mincut.h"
#include "random_stream.h"
#include "separator.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 8

/* Krackhardt's kite: Andre Beverly Carol Diane Ed Fernando Garth Heather Ike Jane. */
#define KITE                                                                                                                   \
    "andre-beverly andre-carol andre-diane andre-fernando beverly-diane beverly-ed beverly-garth carol-diane carol-fernando "  \
    "diane-ed diane-fernando diane-garth ed-garth fernando-garth fernando-heather garth-heather heather-ike ike-jane"

static double whole(const struct result *result, const char *column)
{
    return computed_number(result, "whole", column, NULL, NULL);
}

/* The listed set of a measure and size, as its key column says. */
static size_t set_row(const struct result *result, const char *measure, double size, double place)
{
    const struct table *table = result_table(result, "sets");
    const struct column *measures = table_column(table, "measure"), *sizes = table_column(table, "size");
    const struct column *places = table_column(table, "place");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(measures->texts[r], measure) == 0 && sizes->numbers[r] == size && places->numbers[r] == place)
            return r;
    ck_abort_msg("no set of %g for %s", size, measure);
    return 0;
}

static void expect_set(const struct result *result, const char *measure, double size, double value, double equal_sets,
                       const char *first)
{
    const struct table *table = result_table(result, "sets");
    size_t row = set_row(result, measure, size, 1);
    ck_assert_double_eq_tol(table_column(table, "value")->numbers[row], value, 1e-12);
    ck_assert_double_eq(table_column(table, "equal_sets")->numbers[row], equal_sets);
    ck_assert_str_eq(table_column(table, "actors")->texts[row], first);
    ck_assert_str_eq(table_column(table, "method")->texts[row], "exact");
}

START_TEST(the_kite)
{
    struct network *network = network_drawn(KITE, false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert_double_eq(whole(result, "fragmentation"), 0);
    ck_assert_double_eq_tol(whole(result, "distance_fragmentation"), .3537, 5e-5);
    ck_assert_double_eq_tol(computed_actor(result, "fragmentation", "heather"), .3889, 5e-5);
    ck_assert_double_eq_tol(computed_actor(result, "distance_fragmentation", "heather"), .4861, 5e-5);
    expect_set(result, "fragmentation", 1, 14.0 / 36, 1, "heather");
    expect_set(result, "distance_fragmentation", 1, .48611111111111116, 1, "heather");
    /* The best pair does not hold the best single actor: starting from Heather would miss it. */
    expect_set(result, "fragmentation", 2, .5357142857142857, 1, "fernando, garth");
    expect_set(result, "distance_fragmentation", 2, .6071428571428572, 1, "fernando, garth");
    expect_set(result, "fragmentation", 3, .5714285714285714, 5, "andre, fernando, garth");
    expect_set(result, "reach", 1, .8083333333333332, 1, "diane");
    expect_set(result, "reach", 2, 1, 1, "diane, ike");
    expect_set(result, "reach", 3, 1, 25, "andre, beverly, ike");
    /* Without Heather seven and two are left in parts: 14 of 36 pairs. */
    ck_assert_double_eq(computed_actor(result, "pairs_cut", "heather"), 14);
    ck_assert_double_eq(computed_actor(result, "pairs_cut", "diane"), 0);
    ck_assert_double_eq_tol(computed_actor(result, "efficiency_loss", "heather"), .48611111111111116 - .35370370370370374,
                            1e-12);
    /* Jane hangs on one tie and one actor. */
    ck_assert_double_eq(whole(result, "tie_connectivity"), 1);
    ck_assert_double_eq(whole(result, "actor_connectivity"), 1);
    ck_assert_double_eq(whole(result, "blocks"), 3);
    ck_assert_double_eq(computed_actor(result, "blocks", "ike"), 2);
    ck_assert_double_eq(computed_actor(result, "largest_block", "heather"), 8);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(closed_forms)
{
    /* A star of five: without the centre nobody reaches anybody; two leaves are joined by the centre alone. */
    struct network *network = network_drawn("hub-a hub-b hub-c hub-d", false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "fragmentation", "hub"), 1);
    ck_assert_double_eq(computed_actor(result, "distance_fragmentation", "hub"), 1);
    ck_assert_double_eq(computed_actor(result, "pairs_cut", "hub"), 6);
    ck_assert_double_eq(computed_actor(result, "reach", "hub"), 1);
    ck_assert_double_eq(computed_actor(result, "fragmentation", "a"), 0);
    ck_assert_double_eq(whole(result, "actor_connectivity"), 1);
    ck_assert_double_eq(computed_number(result, "actor_separators", "paths", "from", "a"), 1);
    ck_assert_str_eq(table_column(result_table(result, "actor_cut"), "actor")->texts[0], "hub");
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(complete_and_circle)
{
    struct network *network = network_drawn("a-b a-c a-d b-c b-d c-d", false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert_double_eq(whole(result, "actor_connectivity"), 3); /* nothing parts it */
    ck_assert_uint_eq(result_table(result, "actor_cut")->row_count, 0);
    ck_assert_uint_eq(result_table(result, "actor_separators")->row_count, 0);
    ck_assert_double_eq(whole(result, "tie_connectivity"), 3);
    ck_assert_double_eq(whole(result, "blocks"), 1);
    expect_set(result, "fragmentation", 2, 0, 6, "a, b"); /* every pair is as good: six of them */
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a-b:5 b-c:2 c-d:7 d-e:3 e-a:9", false);
    result = computed("keyplayers", network, NULL, NULL);
    ck_assert_double_eq(whole(result, "actor_connectivity"), 2);
    ck_assert_double_eq(whole(result, "tie_connectivity"), 2);
    ck_assert_double_eq(whole(result, "least_cut_weight"), 5); /* b-c and d-e */
    const struct table *cuts = result_table(result, "minimum_cuts");
    ck_assert_str_eq(table_column(cuts, "actors")->texts[1], "c, d");
    ck_assert_double_eq(table_column(cuts, "side_actors")->numbers[1], 2);
    ck_assert_double_eq(table_column(cuts, "other_actors")->numbers[1], 3);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(sectors_that_few_hold_together)
{
    /* Health and education meet through a and the go-between m, who has no sector: two ways, and no actor of either is all. */
    struct network *network = network_drawn("a@health b@health c@health x@school y@school z@school m a-b b-c a-x x-y y-z "
                                            "c-m m-z",
                                            false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    const struct table *table = result_table(result, "separators");
    ck_assert_uint_eq(table->row_count, 1);
    ck_assert_double_eq(table_column(table, "paths")->numbers[0], 2);
    ck_assert_double_eq(table_column(table, "whole_sector")->numbers[0], 0);
    ck_assert_double_eq(table_column(table, "only")->numbers[0], 0); /* x and m do it too */
    ck_assert_str_eq(table_column(table, "actors")->texts[0], "a, c");
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a@health b@health c@health x@school y@school a-m b-m c-m m-x m-y", false);
    result = computed("keyplayers", network, NULL, NULL);
    table = result_table(result, "separators");
    ck_assert_double_eq(table_column(table, "paths")->numbers[0], 1);
    ck_assert_double_eq(table_column(table, "only")->numbers[0], 1);
    ck_assert_str_eq(table_column(table, "actors")->texts[0], "m");
    result_destroy(result);
    network_destroy(network);
}
END_TEST

static const char *cut_of(const struct result *result, size_t row)
{
    return table_column(result_table(result, "minimum_cuts"), "actors")->texts[row];
}

START_TEST(parts_are_cut_already)
{
    struct network *network = network_drawn("a-b c d-e e-f", false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    for (size_t row = 0; row < 2; row++)
        ck_assert_str_eq(cut_of(result, row), "c"); /* the smallest, not the one that is cut off first */
    ck_assert_double_eq(whole(result, "tie_connectivity"), 0);
    ck_assert_double_eq(whole(result, "least_cut_weight"), 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(rounding_finds_no_lighter_cut)
{
    /* e hangs on 0.1 + 0.2 and is found first, c on 0.3, which as doubles is less. */
    struct network *network = network_drawn("a-b:10 a-c:0.3 a-d:0.25 a-e:0.1 d-e:0.2", false);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert_str_eq(cut_of(result, 1), "e");
    ck_assert_double_eq_tol(whole(result, "least_cut_weight"), 0.3, 1e-15);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

static bool refuse_second(void *arg, unsigned permille)
{
    unsigned *asked = arg;
    ck_assert_uint_lt(permille, 1000);
    return ++*asked < 2;
}

START_TEST(a_cut_asks_between_phases)
{
    struct network *network = network_drawn(KITE, false);
    struct topology topology;
    bool side[16];
    double weight;
    unsigned asked = 0;
    char error[400];
    ck_assert(topology_init(&topology, network, error));
    ck_assert_int_eq(mincut_run(&topology.both, true, &weight, side, refuse_second, &asked), MINCUT_STOPPED);
    ck_assert_uint_eq(asked, 2);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

START_TEST(the_loosest_actor_holds_two_groups)
{
    /* Two groups of six, all tied within, and a and b, each tied to two of either. a has the fewest ties and is in the one
     * smallest set. */
    struct drawing *drawing = drawing_create(false);
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < 6; i++) {
            char from[] = {(char)('m' + group), (char)('0' + i), 0};
            for (int j = 0; j < i; j++) {
                char to[] = {(char)('m' + group), (char)('0' + j), 0};
                drawing_tie(drawing, from, to, 1);
            }
            if (i < 4)
                drawing_tie(drawing, from, i < 2 ? "a" : "b", 1);
        }
    struct network *network = drawing_finish(drawing);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    const struct table *table = result_table(result, "actor_cut");
    ck_assert_double_eq(whole(result, "actor_connectivity"), 2);
    ck_assert_uint_eq(table->row_count, 2);
    ck_assert_str_eq(table_column(table, "actor")->texts[0], "a");
    ck_assert_str_eq(table_column(table, "actor")->texts[1], "b");
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(direction_and_weight)
{
    /* Along the arcs b is on the only way from a to c, though a and c have d on both sides. */
    struct network *network = network_drawn("a-b b-c c-d d-a", true);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "pairs_cut", "b"), 3); /* left: c to d, d to a, c to a */
    ck_assert_double_eq(computed_actor(result, "fragmentation", "b"), 0);
    result_destroy(result);
    network_destroy(network);

    /* By weight the strong way over b is nearer than the weak direct tie: 1/2 + 1/2 against 1/0.5. */
    network = network_drawn("a-b:2 b-c:2 a-c:0.5", false);
    network->spec.distance = DISTANCE_INVERSE;
    result = computed("keyplayers", network, NULL, NULL);
    double before = 2 * (2 + 2 + 1) / 6.0, after = 2 * 0.5 / 2;
    ck_assert_double_eq_tol(whole(result, "global_efficiency_w"), before, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "efficiency_loss_w", "b"), before - after, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "efficiency_loss", "b"), 0, 1e-12);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* ---------------------------------------------------------------------------------------------------------- brute force */
struct small {
    size_t n;
    double weight[SMALL][SMALL]; /* 0 = no tie */
};

static struct small draw(struct random_stream *stream, bool directed)
{
    struct small small = {.n = 2 + random_stream_below(stream, SMALL - 1)};
    double density = random_stream_unit(stream);
    for (size_t i = 0; i < small.n; i++)
        for (size_t j = directed ? 0 : i + 1; j < small.n; j++)
            if (i != j && random_stream_unit(stream) < density) {
                small.weight[i][j] = 1 + (double)random_stream_below(stream, 9);
                if (!directed)
                    small.weight[j][i] = small.weight[i][j];
            }
    return small;
}

static struct network *network_of(const struct small *small, bool directed)
{
    struct drawing *drawing = drawing_create(directed);
    for (size_t i = 0; i < small->n; i++) {
        char from[2] = {(char)('a' + i), 0};
        drawing_actor(drawing, from, NULL);
        for (size_t j = directed ? 0 : i + 1; j < small->n; j++) {
            char to[2] = {(char)('a' + j), 0};
            if (small->weight[i][j] > 0)
                drawing_tie(drawing, from, to, small->weight[i][j]);
        }
    }
    return drawing_finish(drawing);
}

/* All distances among those not in `gone`, by Floyd and Warshall. */
static void distances(const struct small *small, unsigned gone, bool unit, double d[SMALL][SMALL])
{
    for (size_t i = 0; i < small->n; i++)
        for (size_t j = 0; j < small->n; j++) {
            bool tied = small->weight[i][j] > 0 && !(gone >> i & 1) && !(gone >> j & 1);
            d[i][j] = i == j ? 0 : !tied ? INFINITY : unit ? 1 : 1 / small->weight[i][j];
        }
    for (size_t k = 0; k < small->n; k++)
        for (size_t i = 0; i < small->n; i++)
            for (size_t j = 0; j < small->n; j++)
                d[i][j] = fmin(d[i][j], d[i][k] + d[k][j]);
}

static void sums(const struct small *small, unsigned gone, bool unit, double *ret_inverse, double *ret_reached)
{
    double d[SMALL][SMALL];
    distances(small, gone, unit, d);
    *ret_inverse = *ret_reached = 0;
    for (size_t i = 0; i < small->n; i++)
        for (size_t j = 0; j < small->n; j++) {
            if (i == j || gone >> i & 1 || gone >> j & 1 || isinf(d[i][j]))
                continue;
            *ret_inverse += 1 / d[i][j];
            ++*ret_reached;
        }
}

static double value_of(const struct small *small, enum kpp_measure measure, unsigned set)
{
    double left = (double)small->n - __builtin_popcount(set), inverse, reached;
    if (measure != KPP_REACH) {
        sums(small, set, true, &inverse, &reached);
        return left < 2 ? NAN : 1 - (measure == KPP_FRAGMENTATION ? reached : inverse) / (left * (left - 1));
    }
    double d[SMALL][SMALL], sum = 0;
    distances(small, 0, true, d);
    for (size_t v = 0; v < small->n; v++) {
        double nearest = 0;
        for (size_t m = 0; m < small->n; m++)
            if (set >> m & 1)
                nearest = fmax(nearest, m == v ? 1 : 1 / d[m][v]);
        sum += nearest;
    }
    return sum / (double)small->n;
}

static unsigned bits(const int32_t *set, size_t size)
{
    unsigned all = 0;
    for (size_t i = 0; i < size; i++)
        all |= 1u << set[i];
    return all;
}

static void check_sets(const struct small *small, const struct topology *topology)
{
    struct kpp *kpp = kpp_create(&topology->both);
    ck_assert_ptr_nonnull(kpp);
    for (size_t size = 1; size <= small->n && size <= KPP_SET_MAX; size++) {
        struct kpp_best best[KPP_MEASURES];
        ck_assert_int_eq(kpp_search(kpp, size, 1, best, NULL, NULL), KPP_OK);
        for (size_t m = 0; m < KPP_MEASURES; m++) {
            double most = NAN, equal = 0;
            for (unsigned set = 0; set < 1u << small->n; set++) {
                if ((size_t)__builtin_popcount(set) != size)
                    continue;
                double value = value_of(small, (enum kpp_measure)m, set);
                if (isnan(most) || value > most + 1e-12) {
                    most = value;
                    equal = 0;
                }
                equal += fabs(value - most) <= 1e-12;
            }
            ck_assert(isnan(most) ? isnan(best[m].value) : fabs(best[m].value - most) < 1e-12);
            ck_assert_double_eq(best[m].found, equal);
            ck_assert_uint_eq(best[m].kept, equal < KPP_KEPT ? (size_t)equal : KPP_KEPT);
            for (size_t k = 0; k < best[m].kept; k++)
                ck_assert_double_eq_tol(value_of(small, (enum kpp_measure)m, bits(best[m].sets[k], size)), most, 1e-12);
        }
    }
    kpp_destroy(kpp);
}

static void check_losses(const struct small *small, const struct topology *topology, bool unit)
{
    double inverse[SMALL], reached[SMALL], pairs[SMALL], expected, left, now;
    struct loss loss = {.inverse = inverse, .reached = reached, .pairs = pairs};
    ck_assert_int_eq(loss_run(&topology->out, &topology->in, unit, &loss, NULL, NULL), LOSS_OK);
    sums(small, 0, unit, &expected, &now);
    ck_assert_double_eq_tol(loss.inverse_whole, expected, 1e-9);
    double d[SMALL][SMALL];
    distances(small, 0, unit, d);
    for (size_t v = 0; v < small->n; v++) {
        sums(small, 1u << v, unit, &expected, &left);
        ck_assert_double_eq_tol(inverse[v], expected, 1e-9);
        ck_assert_double_eq(reached[v], left);
        double others = now;
        for (size_t u = 0; u < small->n; u++)
            others -= u != v ? (double)!isinf(d[u][v]) + (double)!isinf(d[v][u]) : 0;
        ck_assert_double_eq(pairs[v], others);
    }
}

/* Whether everybody not in `gone` reaches everybody not in it, of the actors in `who`. */
static bool joined(const struct small *small, unsigned gone, unsigned from, unsigned to)
{
    double d[SMALL][SMALL];
    distances(small, gone, true, d);
    for (size_t i = 0; i < small->n; i++)
        for (size_t j = 0; j < small->n; j++)
            if (from >> i & 1 && to >> j & 1 && !(gone >> i & 1) && !(gone >> j & 1) && !isinf(d[i][j]))
                return true;
    return false;
}

static bool in_parts(const struct small *small, unsigned gone)
{
    double d[SMALL][SMALL];
    distances(small, gone, true, d);
    for (size_t i = 0; i < small->n; i++)
        for (size_t j = 0; j < small->n; j++)
            if (!(gone >> i & 1) && !(gone >> j & 1) && isinf(d[i][j]))
                return true;
    return false;
}

static void check_cuts(const struct small *small, const struct topology *topology)
{
    size_t n = small->n;
    for (int unit = 0; unit < 2; unit++) {
        double least = INFINITY, weight;
        bool side[SMALL];
        for (unsigned set = 1; set + 1 < 1u << n; set++) {
            double across = 0;
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    if (set >> i & 1 && !(set >> j & 1) && small->weight[i][j] > 0)
                        across += unit ? 1 : small->weight[i][j];
            least = fmin(least, across);
        }
        ck_assert_int_eq(mincut_run(&topology->both, unit, &weight, side, NULL, NULL), MINCUT_OK);
        ck_assert_double_eq(weight, least);
        double across = 0;
        size_t on_side = 0;
        for (size_t i = 0; i < n; i++) {
            on_side += side[i];
            for (size_t j = 0; j < n; j++)
                if (side[i] && !side[j] && small->weight[i][j] > 0)
                    across += unit ? 1 : small->weight[i][j];
        }
        ck_assert_double_eq(across, least);
        ck_assert(on_side > 0 && 2 * on_side <= n);
    }
}

static void check_separators(const struct small *small, const struct topology *topology, struct random_stream *stream)
{
    size_t n = small->n;
    struct separator_search *search = separator_search_create(&topology->both);
    struct separator separator;
    ck_assert_ptr_nonnull(search);
    unsigned fewest = (unsigned)n - 1;
    for (unsigned set = 0; set < 1u << n; set++)
        if ((unsigned)__builtin_popcount(set) < fewest && in_parts(small, set))
            fewest = (unsigned)__builtin_popcount(set);
    ck_assert(separator_of_network(search, &separator, NULL, NULL));
    ck_assert_uint_eq(separator.size, fewest);
    if (separator.members)
        ck_assert(in_parts(small, bits(separator.members, separator.size)));

    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            if (a == b || small->weight[a][b] > 0)
                continue;
            unsigned ends = 1u << a | 1u << b, sets = 0;
            fewest = (unsigned)n;
            for (unsigned set = 0; set < 1u << n; set++) {
                unsigned size = (unsigned)__builtin_popcount(set);
                if (set & ends || size > fewest || joined(small, set, 1u << a, 1u << b))
                    continue;
                sets = size < fewest ? 1 : sets + 1;
                fewest = size;
            }
            separator_between_actors(search, (int32_t)a, (int32_t)b, n, &separator);
            ck_assert_uint_eq(separator.size, fewest);
            ck_assert_int_eq(separator.only, sets == 1);
            ck_assert(!joined(small, bits(separator.members, separator.size), 1u << a, 1u << b));
        }

    int32_t group[SMALL];
    unsigned groups[2] = {0, 0}, sets = 0;
    for (size_t v = 0; v < n; v++) {
        group[v] = (int32_t)random_stream_below(stream, 3) - 1;
        if (group[v] >= 0)
            groups[group[v]] |= 1u << v;
    }
    fewest = (unsigned)n;
    for (unsigned set = 0; set < 1u << n; set++) {
        unsigned size = (unsigned)__builtin_popcount(set);
        if (size > fewest || joined(small, set, groups[0], groups[1]))
            continue;
        sets = size < fewest ? 1 : sets + 1;
        fewest = size;
    }
    separator_between_groups(search, group, 0, 1, &separator);
    ck_assert_uint_eq(separator.size, fewest);
    ck_assert_int_eq(separator.only, sets == 1);
    ck_assert(!joined(small, bits(separator.members, separator.size), groups[0], groups[1]));
    separator_search_destroy(search);
}

START_TEST(brute_force)
{
    for (uint64_t round = 0; round < 150; round++) {
        struct random_stream stream;
        random_stream_init(&stream, 20061, round);
        bool directed = round % 3 == 2;
        struct small small = draw(&stream, directed);
        struct network *network = network_of(&small, directed);
        network->spec.distance = DISTANCE_INVERSE;
        struct topology topology;
        char error[400];
        ck_assert_msg(topology_init(&topology, network, error), "%s", error);
        check_losses(&small, &topology, true);
        check_losses(&small, &topology, false);
        if (!directed) {
            check_sets(&small, &topology);
            check_cuts(&small, &topology);
            check_separators(&small, &topology, &stream);
        }
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

static struct network *random_network(size_t n, double degree, uint64_t seed)
{
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    struct drawing *drawing = drawing_create(false);
    for (size_t i = 0; i < n; i++) {
        char from[24], to[24];
        snprintf(from, sizeof from, "%04zu", i);
        drawing_actor(drawing, from, NULL);
        for (size_t j = i + 1; j < n; j++) {
            snprintf(to, sizeof to, "%04zu", j);
            if (random_stream_unit(&stream) < degree / (double)n)
                drawing_tie(drawing, from, to, 1);
        }
    }
    return drawing_finish(drawing);
}

/* Rows of several words: the bits against the single losses, which search by lists. */
START_TEST(wide_rows)
{
    static const struct {
        size_t n;
        double degree;
    } shapes[] = {{63, 3}, {64, 2}, {65, 6}, {130, 2}, {200, 1.2}, {300, 2}, {330, 1.5}};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        struct network *network = random_network(shapes[s].n, shapes[s].degree, s);
        size_t n = network->actor_count;
        struct topology topology;
        char error[400];
        ck_assert(topology_init(&topology, network, error));
        double *numbers = calloc(3 * n, sizeof *numbers);
        struct loss loss = {.inverse = numbers, .reached = numbers + n, .pairs = numbers + 2 * n};
        ck_assert_int_eq(loss_run(&topology.both, &topology.both, true, &loss, NULL, NULL), LOSS_OK);
        struct kpp *kpp = kpp_create(&topology.both);
        double others = (double)(n - 1) * (double)(n - 2);
        for (size_t v = 0; v < n; v++) {
            int32_t set[] = {(int32_t)v};
            ck_assert_double_eq_tol(kpp_value(kpp, KPP_FRAGMENTATION, set, 1), 1 - loss.reached[v] / others, 1e-12);
            ck_assert_double_eq_tol(kpp_value(kpp, KPP_DISTANCE_FRAGMENTATION, set, 1), 1 - loss.inverse[v] / others, 1e-12);
        }
        kpp_destroy(kpp);
        free(numbers);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(exchange_beyond_the_limit)
{
    /* C(85, 5) is 33 million. A ring of five hubs with sixteen leaves each: without the hubs nobody reaches anybody, and from
     * them everybody is one step away. */
    struct drawing *drawing = drawing_create(false);
    for (int leaf = 0; leaf < 80; leaf++) {
        char from[16], to[16];
        snprintf(from, sizeof from, "leaf%02d", leaf);
        snprintf(to, sizeof to, "hub%d", leaf % 5);
        drawing_tie(drawing, from, to, 1);
    }
    for (int hub = 0; hub < 5; hub++) {
        char from[16], to[16];
        snprintf(from, sizeof from, "hub%d", hub);
        snprintf(to, sizeof to, "hub%d", (hub + 1) % 5);
        drawing_tie(drawing, from, to, 1);
    }
    struct network *network = drawing_finish(drawing);
    struct topology topology;
    char error[400];
    ck_assert(topology_init(&topology, network, error));
    struct kpp *kpp = kpp_create(&topology.both);
    struct kpp_best best[KPP_MEASURES], again[KPP_MEASURES];
    ck_assert_double_gt(kpp_set_count(network->actor_count, 5), KPP_EXACT_MAX);
    ck_assert_int_eq(kpp_search(kpp, 5, 7, best, NULL, NULL), KPP_OK);
    ck_assert_int_eq(kpp_search(kpp, 5, 7, again, NULL, NULL), KPP_OK);
    for (size_t m = 0; m < KPP_MEASURES; m++) {
        ck_assert(!best[m].exact);
        ck_assert_double_eq(best[m].value, 1);
        ck_assert_uint_eq(best[m].kept, 1);
        for (int32_t hub = 0; hub < 5; hub++)
            ck_assert_int_eq(best[m].sets[0][hub], hub);
        ck_assert_double_eq(best[m].tried, again[m].tried);
        ck_assert_mem_eq(&best[m].value, &again[m].value, sizeof best[m].value);
    }
    kpp_destroy(kpp);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

START_TEST(what_is_left_out_is_said)
{
    struct network *network = random_network(320, 3, 5);
    struct result *result = computed("keyplayers", network, NULL, NULL);
    ck_assert(computed_has_note(result, "sets=exact"));
    ck_assert(computed_has_note(result, "pairs of actors was left out"));
    ck_assert_uint_eq(result_table(result, "sets")->row_count, 0);
    ck_assert(!isnan(computed_actor(result, "fragmentation", "0000")));
    result_destroy(result);
    network_destroy(network);

    network = random_network(30, 3, 5);
    result = computed("keyplayers", network, NULL, "sets=none paths=none");
    ck_assert(computed_has_note(result, "(sets=none)") && computed_has_note(result, "(paths=none)"));
    ck_assert(isnan(computed_actor(result, "fragmentation", "0000")));
    result_destroy(result);
    result = computed("keyplayers", network, NULL, "set-size=1");
    const struct column *sizes = table_column(result_table(result, "sets"), "size");
    for (size_t r = 0; r < result_table(result, "sets")->row_count; r++)
        ck_assert_double_eq(sizes->numbers[r], 1);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

static bool stop_at_once(void *arg, unsigned permille)
{
    unsigned *asked = arg;
    ++*asked;
    return permille < 320;
}

START_TEST(the_search_can_be_stopped)
{
    struct network *network = random_network(150, 6, 3);
    unsigned asked = 0;
    struct metrics_input input = {.network = network, .progress = stop_at_once, .arg = &asked};
    struct result *result = result_create("keyplayers");
    char error[400];
    ck_assert_int_eq(metrics_family("keyplayers")->compute(&input, result, error), METRICS_CANCELLED);
    ck_assert_uint_gt(asked, 100);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keyplayers");
    TCase *tcase = tcase_create("keyplayers");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_kite);
    tcase_add_test(tcase, closed_forms);
    tcase_add_test(tcase, complete_and_circle);
    tcase_add_test(tcase, sectors_that_few_hold_together);
    tcase_add_test(tcase, parts_are_cut_already);
    tcase_add_test(tcase, rounding_finds_no_lighter_cut);
    tcase_add_test(tcase, a_cut_asks_between_phases);
    tcase_add_test(tcase, the_loosest_actor_holds_two_groups);
    tcase_add_test(tcase, direction_and_weight);
    tcase_add_test(tcase, brute_force);
    tcase_add_test(tcase, wide_rows);
    tcase_add_test(tcase, exchange_beyond_the_limit);
    tcase_add_test(tcase, what_is_left_out_is_said);
    tcase_add_test(tcase, the_search_can_be_stopped);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
