/* SPDX-License-Identifier: GPL-3.0-or-later
 * What must not go wrong: igraph's traps, degenerate networks, input that breaks its promises, size limits, stopping.
 */
#include "computed_result.h"
#include "core.h"
#include "drawn_network.h"
#include "engine.h"
#include "families.h"
#include "principal.h"
#include "random_stream.h"

#define FEW "permutations=99 replicates=20" /* what is drawn at random */

#include <check.h>
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(igraph_errors_neither_abort_nor_print)
{
    /* With igraph's own handlers the first call ends the process and the second prints. */
    char *printed = NULL;
    size_t size = 0;
    FILE *real = stderr;
    stderr = open_memstream(&printed, &size);
    engine_begin();
    igraph_error("refused", __FILE__, __LINE__, IGRAPH_EINVAL);
    igraph_warning("doubtful", __FILE__, __LINE__);
    fclose(stderr);
    stderr = real;
    ck_assert_uint_eq(size, 0);
    free(printed);
}
END_TEST

START_TEST(igraph_sees_every_pair_once)
{
    /* Given both arcs of a mutual pair, igraph counts two ties: a circle of three would be a 4-core. */
    igraph_t graph;
    igraph_vector_int_t cores;
    igraph_vector_int_init(&cores, 0);
    ck_assert_int_eq(igraph_small(&graph, 3, IGRAPH_UNDIRECTED, 0, 1, 1, 0, 1, 2, 2, 1, 2, 0, 0, 2, -1), IGRAPH_SUCCESS);
    ck_assert_int_eq(igraph_coreness(&graph, &cores, IGRAPH_ALL), IGRAPH_SUCCESS);
    ck_assert_int_eq(VECTOR(cores)[0], 4);
    igraph_vector_int_destroy(&cores);
    igraph_destroy(&graph);

    struct network *network = network_drawn("a-b b-a b-c c-b c-a a-c", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq(computed_actor(result, "coreness", "a"), 2);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(eigenvector_on_an_acyclic_network)
{
    /* igraph 0.10.2 gives zero for everybody on a directed acyclic graph; ours is of the undirected view: 1, sqrt 2, 1. */
    struct network *network = network_drawn("a-b b-c", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "b"), 1, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "a"), sqrt(0.5), 1e-9);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(eigenvector_belongs_to_the_largest_component)
{
    /* On the whole network the heavy pair x-y would have it all and everybody else nothing. */
    struct network *network = network_drawn("a-b b-c c-a c-d x-y:1000 z", false);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "c"), 1, 1e-9);
    ck_assert_double_gt(computed_actor(result, "eigenvector", "d"), 0.3);
    ck_assert(isnan(computed_actor(result, "eigenvector", "x")));
    ck_assert(isnan(computed_actor(result, "eigenvector", "z")));
    ck_assert(computed_has_note(result, "3 components"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(objections_do_not_flow_into_pagerank)
{
    struct network *plain = network_drawn("a-b b-c c-a", true), *disputed = network_drawn("a-b b-c c-a b!a c!b", true);
    struct result *without = computed("centrality", plain, NULL, NULL), *with = computed("centrality", disputed, NULL, NULL);
    for (const char *key = "abc"; *key; key++) {
        char name[] = {*key, 0};
        ck_assert_double_eq(computed_actor(with, "pagerank", name), computed_actor(without, "pagerank", name));
        ck_assert_double_eq_tol(computed_actor(with, "pagerank", name), 1.0 / 3, 1e-12);
    }
    result_destroy(without);
    result_destroy(with);
    network_destroy(plain);
    network_destroy(disputed);
}
END_TEST

static const char *refusal(struct network *network)
{
    static char error[400];
    struct metrics_input input = {.network = network};
    struct result *result = result_create("centrality");
    *error = 0;
    ck_assert_int_eq(metrics_family("centrality")->compute(&input, result, error), METRICS_FAILED);
    result_destroy(result);
    return error;
}

START_TEST(coreness_matches_igraph)
{
    struct random_stream stream;
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_stream_init(&stream, 2003, seed);
        struct drawing *drawing = drawing_create(false);
        size_t n = 1 + (size_t)random_stream_below(&stream, 40);
        double density = random_stream_unit(&stream);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                char from[32], to[32];
                snprintf(from, sizeof from, "%03zu", i);
                snprintf(to, sizeof to, "%03zu", j);
                drawing_actor(drawing, from, NULL);
                if (random_stream_unit(&stream) < density * density)
                    drawing_tie(drawing, from, to, 1);
            }
        struct network *network = drawing_finish(drawing);
        struct topology topology;
        char error[400];
        double ours[64], theirs[64];
        ck_assert(topology_init(&topology, network, error));
        ck_assert(core_run(&topology.both, ours));
        ck_assert(engine_coreness(&topology.both, theirs, error));
        for (size_t v = 0; v < topology.count; v++)
            ck_assert_double_eq(ours[v], theirs[v]);
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(broken_promises_are_named)
{
    struct network *network = network_drawn("a-b b-c", false);
    struct network_tie *ties = network->ties;
    ties[1].weight = NAN;
    ck_assert_ptr_nonnull(strstr(refusal(network), "tie 1 (1 -> 2"));
    ties[1].weight = 0;
    ck_assert_ptr_nonnull(strstr(refusal(network), "positive"));
    ties[1].weight = -1;
    ck_assert_ptr_nonnull(strstr(refusal(network), "positive"));
    ties[1].weight = INFINITY;
    ck_assert_ptr_nonnull(strstr(refusal(network), "at most 1e300"));
    ties[1] = ties[0];
    ck_assert_ptr_nonnull(strstr(refusal(network), "stands twice"));
    ties[1] = (struct network_tie){2, 2, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "self-tie"));
    ties[1] = (struct network_tie){2, 1, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "undirected"));
    ties[1] = (struct network_tie){1, 3, 1, 1};
    ck_assert_ptr_nonnull(strstr(refusal(network), "outside the network"));
    network_destroy(network);
}
END_TEST

/* No infinity anywhere, texts for every actor, a definition for every number. */
static void check_whole(const struct result *result)
{
    ck_assert_uint_gt(result->table_count, 0);
    ck_assert_ptr_nonnull(result->card.engine);
    for (size_t t = 0; t < result->table_count; t++) {
        const struct table *table = &result->tables[t];
        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            ck_assert_msg(*column->definition != 0, "%s.%s has no definition", table->name, column->name);
            for (size_t r = 0; r < table->row_count && !column->is_text; r++)
                ck_assert_msg(!isinf(column->numbers[r]), "%s.%s is infinite in row %zu", table->name, column->name, r);
        }
    }
}

/* Two respondents of the first actor, who tell of the last. */
static struct wave small_wave(const struct network *network)
{
    struct wave wave = {.key = "w", .minimum_cell = 1};
    static char roster[] = "roster", needed[] = "contact_needed", actual[] = "contact_actual", scale[] = "s";
    ck_assert(wave_add_item(&wave, &(struct wave_item){.id = roster, .kind = WAVE_ROSTER, .whole = -1}));
    ck_assert(wave_add_item(
        &wave, &(struct wave_item){.id = needed, .kind = WAVE_LIKERT, .relation = needed, .scale = scale, .high = 4}));
    ck_assert(wave_add_item(
        &wave, &(struct wave_item){.id = actual, .kind = WAVE_LIKERT, .relation = actual, .scale = scale, .high = 4}));
    for (int32_t r = 0; r < 2 && network->actor_count > 0; r++) {
        ck_assert(wave_add_respondent(&wave, 0));
        for (int32_t item = 1; item < 3; item++)
            ck_assert(wave_add_answer(
                &wave,
                &(struct wave_answer){.respondent = r, .item = item, .target = (int32_t)network->actor_count - 1, .named = 1},
                &(double){r + item}, 1));
    }
    return wave;
}

/* The network is its own earlier period; there is a wave beside it for who reads one. */
static struct result *computed_either(const char *family, const struct network *network)
{
    struct wave wave = small_wave(network);
    bool reads = metrics_family(family)->needs & METRICS_NEED_WAVE;
    struct result *result = computed_from(
        family, &(struct metrics_input){.network = network, .earlier = network, .wave = reads ? &wave : NULL}, FEW);
    wave_release(&wave);
    return result;
}

START_TEST(degenerate_networks_have_answers)
{
    static const char *const drawings[] = {"",
                                           "a",
                                           "a b",
                                           "a-b",
                                           "a@x b@y a-b",
                                           "a@x b@x c@y a-b c",
                                           "a-b c-d",
                                           "a-b a-c a-d b-c b-d c-d",
                                           "a-b a-c a-d a-e",
                                           "a@x b@y c@y a-b:1e300 b-c:1e-300",
                                           "a-b:1e15 b-c:1 c-d:1e-15 d-a:1",
                                           "a!b",
                                           "a-b b-a c!a"};
    static const enum spec_distance distances[] = {DISTANCE_INVERSE, DISTANCE_UNIT, DISTANCE_COMPLEMENT, DISTANCE_LOG};
    size_t family_count;
    const struct metrics_family *families = metrics_families(&family_count);
    ck_assert_uint_gt(family_count, 0);
    for (size_t f = 0; f < family_count; f++)
        for (size_t i = 0; i < sizeof drawings / sizeof drawings[0]; i++)
            for (size_t variant = 0; variant < 8; variant++) {
                struct network *network = network_drawn(drawings[i], variant % 2);
                network->spec.distance = distances[variant / 2];
                struct result *result = computed_either(families[f].name, network);
                check_whole(result);
                result_destroy(result);
                network_destroy(network);
            }
}
END_TEST

START_TEST(nothing_is_null_not_nought)
{
    struct network *network = network_drawn("a-b c", true);
    struct result *result = computed("centrality", network, NULL, NULL);
    static const char *const missing[] = {"closeness",    "closeness_in", "clustering",
                                          "clustering_w", "constraint",   "effective_size"};
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        ck_assert_msg(isnan(computed_actor(result, missing[i], "c")), "%s of an isolate", missing[i]);
    ck_assert(isnan(computed_actor(result, "closeness", "b")));
    ck_assert_double_eq(computed_actor(result, "closeness_in", "b"), 1);
    ck_assert_double_eq(computed_actor(result, "harmonic", "c"), 0);
    ck_assert_double_eq(computed_actor(result, "betweenness", "c"), 0);
    result_destroy(result);
    network_destroy(network);

    network = network_drawn("a", false);
    result = computed("centrality", network, NULL, NULL);
    ck_assert(isnan(computed_actor(result, "harmonic", "a")));
    ck_assert(isnan(computed_actor(result, "betweenness_norm", "a")));
    ck_assert_double_eq(computed_actor(result, "pagerank", "a"), 1);
    result_destroy(result);
    result = computed("graph", network, NULL, NULL);
    ck_assert(isnan(computed_number(result, "graph", "density", NULL, NULL)));
    ck_assert(isnan(computed_number(result, "graph", "diameter", NULL, NULL)));
    ck_assert(isnan(computed_number(result, "graph", "reciprocity", NULL, NULL)));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

static struct network *chain(int length)
{
    struct drawing *drawing = drawing_create(false);
    for (int i = 0; i + 1 < length; i++) {
        char from[32], to[32];
        snprintf(from, sizeof from, "%05d", i);
        snprintf(to, sizeof to, "%05d", i + 1);
        drawing_tie(drawing, from, to, 1);
    }
    return drawing_finish(drawing);
}

static struct network *star(int actors)
{
    struct drawing *drawing = drawing_create(false);
    for (int i = 1; i < actors; i++) {
        char leaf[32];
        snprintf(leaf, sizeof leaf, "%05d", i);
        drawing_tie(drawing, "00000", leaf, 1);
    }
    return drawing_finish(drawing);
}

START_TEST(large_networks_leave_out_and_say_so)
{
    struct network *network = star(FAMILIES_EXACT_ACTORS_MAX + 2);
    struct result *result = computed("centrality", network, NULL, NULL);
    ck_assert(isnan(computed_actor(result, "betweenness", "00001")));
    ck_assert(computed_has_note(result, "betweenness=exact"));
    /* In steps closeness is exact at any size: a leaf of a star of n is one step from the centre and two from n - 2 leaves. */
    double n = FAMILIES_EXACT_ACTORS_MAX + 2;
    ck_assert_double_eq_tol(computed_actor(result, "closeness", "00001"), (n - 1) / (1 + 2 * (n - 2)), 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "eigenvector", "00001"), 1 / sqrt(n - 1), 1e-12);
    result_destroy(result);
    network->spec.distance = DISTANCE_INVERSE;
    result = computed("centrality", network, NULL, NULL);
    ck_assert(isnan(computed_actor(result, "closeness", "00000")));
    ck_assert(computed_has_note(result, "paths=exact"));
    result_destroy(result);
    result = computed("graph", network, NULL, NULL);
    ck_assert(computed_has_note(result, "betweenness=exact"));
    ck_assert(isnan(computed_number(result, "graph", "centralization_betweenness", NULL, NULL)));
    ck_assert_double_eq(computed_number(result, "graph", "diameter", NULL, NULL), 2);
    result_destroy(result);
    network_destroy(network);

    network = star(FAMILIES_SWEEP_ACTORS_MAX + 2);
    result = computed("graph", network, NULL, NULL);
    ck_assert(isnan(computed_number(result, "graph", "diameter", NULL, NULL)));
    ck_assert(computed_has_note(result, "paths=exact"));
    ck_assert_double_eq(computed_number(result, "graph", "transitivity", NULL, NULL), 0);
    result_destroy(result);
    network_destroy(network);

    network = chain(5);
    result = computed("centrality", network, NULL, "betweenness=none paths=none");
    ck_assert(isnan(computed_actor(result, "betweenness", "00002")));
    ck_assert(isnan(computed_actor(result, "closeness", "00002")));
    ck_assert(isnan(computed_actor(result, "harmonic", "00002")));
    ck_assert(computed_has_note(result, "on request"));
    result_destroy(result);
    result = computed("graph", network, NULL, "betweenness=none paths=none");
    ck_assert(isnan(computed_number(result, "graph", "diameter", NULL, NULL)));
    ck_assert(isnan(computed_number(result, "graph", "centralization_betweenness", NULL, NULL)));
    ck_assert(computed_has_note(result, "(paths=none)") && computed_has_note(result, "(betweenness=none)"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(a_long_chain_is_right_or_missing)
{
    /* The two largest eigenvalues of a long chain are nearly equal: the right values or none. */
    struct network *network = chain(1500);
    struct topology topology;
    struct cut cut;
    char error[400];
    ck_assert(topology_init(&topology, network, error));
    ck_assert(cut_init(&cut, &topology.both));
    double vector[1500], largest = 0;
    enum principal_status status = principal_vector(&topology.both, &cut, vector);
    if (status == PRINCIPAL_OK) {
        for (int i = 0; i < 1500; i++)
            largest = fmax(largest, fabs(vector[i] - sin(M_PI * (i + 1) / 1501)));
        ck_assert_double_lt(largest, 1e-5);
    } else {
        ck_assert_int_eq(status, PRINCIPAL_UNSETTLED);
        ck_assert(isnan(vector[0]) && isnan(vector[750]));
    }
    cut_release(&cut);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

static bool stop_late(void *arg, unsigned permille)
{
    unsigned *last = arg;
    ck_assert_uint_le(permille, 1000);
    ck_assert_uint_ge(permille, *last);
    *last = permille;
    return permille < 500;
}

/* Every actor owns an instrument that serves the one goal: too many permutations to walk. */
static struct need long_need(const struct network *network)
{
    struct need need = {.item_count = 0};
    ck_assert(need_add_item(&need, NEED_GOAL, "goal", "goal"));
    for (int32_t i = 0; i < 20 && (size_t)i < network->actor_count; i++)
        ck_assert(need_add_item(&need, NEED_INSTRUMENT, "instrument", "instrument") && need_add_owner(&need, i + 1, i, 1) &&
                  need_add_link(&need, i + 1, 0, 1));
    return need;
}

static struct chronicle long_chronicle(void)
{
    struct chronicle chronicle = {.event_count = 0};
    for (int i = 0; i < 1000; i++) {
        char ref[16];
        snprintf(ref, sizeof ref, "%d", i);
        ck_assert_uint_ne(chronicle_case_of(&chronicle, ref), SIZE_MAX);
    }
    return chronicle;
}

START_TEST(work_can_be_stopped)
{
    struct network *network = network_drawn("a@x b@x c@x d@x e@x f@x g@y h@y i@y j@y k@y l@z m@z n@z a-b b-c", false);
    struct network *long_chain = chain(400);
    struct need need = long_need(long_chain);
    struct chronicle chronicle = long_chronicle();
    struct wave wave = small_wave(network);
    size_t family_count;
    const struct metrics_family *families = metrics_families(&family_count);
    for (size_t f = 0; f < family_count; f++) {
        unsigned last = 0;
        static const char *const replicated[] = {"gaps", "keyplayers", "relations", "change",
                                                 "uncertainty"}; /* long by themselves */
        struct metrics_input input = {
            .network = long_chain, .need = &need, .chronicle = &chronicle, .progress = stop_late, .arg = &last};
        for (size_t r = 0; r < sizeof replicated / sizeof replicated[0]; r++)
            if (strcmp(families[f].name, replicated[r]) == 0)
                input.network = network;
        if (families[f].needs & METRICS_NEED_WAVE) {
            input.network = network;
            input.wave = &wave;
        }
        input.earlier = input.network;
        struct result *result = result_create(families[f].name);
        char error[400];
        ck_assert_msg(families[f].compute(&input, result, error) == METRICS_CANCELLED, "%s", families[f].name);
        result_destroy(result);
    }
    need_release(&need);
    wave_release(&wave);
    chronicle_release(&chronicle);
    network_destroy(network);
    network_destroy(long_chain);
}
END_TEST

START_TEST(the_same_twice)
{
    struct network *network = network_drawn("a@x b@x c@y d@y e@z f@z a-b:2 b-c:3 c-d d-e:0.5 e-f a-f b!e", true);
    size_t family_count;
    const struct metrics_family *families = metrics_families(&family_count);
    for (size_t f = 0; f < family_count; f++) {
        const char *family = families[f].name;
        struct result *one = computed_either(family, network), *two = computed_either(family, network);
        ck_assert_uint_eq(one->table_count, two->table_count);
        for (size_t t = 0; t < one->table_count; t++)
            for (size_t c = 0; c < one->tables[t].column_count; c++)
                if (!one->tables[t].columns[c].is_text && one->tables[t].row_count > 0)
                    ck_assert_mem_eq(one->tables[t].columns[c].numbers, two->tables[t].columns[c].numbers,
                                     one->tables[t].row_count * sizeof(double));
        result_destroy(one);
        result_destroy(two);
    }
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guards");
    TCase *tcase = tcase_create("guards");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, igraph_errors_neither_abort_nor_print);
    tcase_add_test(tcase, igraph_sees_every_pair_once);
    tcase_add_test(tcase, eigenvector_on_an_acyclic_network);
    tcase_add_test(tcase, eigenvector_belongs_to_the_largest_component);
    tcase_add_test(tcase, objections_do_not_flow_into_pagerank);
    tcase_add_test(tcase, coreness_matches_igraph);
    tcase_add_test(tcase, broken_promises_are_named);
    tcase_add_test(tcase, degenerate_networks_have_answers);
    tcase_add_test(tcase, nothing_is_null_not_nought);
    tcase_add_test(tcase, large_networks_leave_out_and_say_so);
    tcase_add_test(tcase, a_long_chain_is_right_or_missing);
    tcase_add_test(tcase, work_can_be_stopped);
    tcase_add_test(tcase, the_same_twice);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
