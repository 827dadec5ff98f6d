/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every family on networks with nothing or little in them and on very large ones, stopped in the middle, and twice.
 */
#include "computed_result.h"
#include "drawn_chronicle.h"
#include "drawn_network.h"
#include "families.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW "permutations=99 replicates=20" /* what is drawn at random */

/* No infinity anywhere, texts for every actor, a definition for every number. */
static void check_whole(const struct result *result)
{
    ck_assert_uint_gt(result->table_count, 0);
    ck_assert_ptr_nonnull(result->card.engine);
    for (size_t t = 0; t < result->table_count; t++) {
        const struct table *table = &result->tables[t];
        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            if (*column->definition == 0) /* Check writes each assertion down: dearer than computing the number */
                ck_abort_msg("%s.%s has no definition", table->name, column->name);
            for (size_t r = 0; r < table->row_count && !column->is_text; r++)
                if (isinf(column->numbers[r]))
                    ck_abort_msg("%s.%s is infinite in row %zu", table->name, column->name, r);
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
    for (size_t i = 0; i < sizeof drawings / sizeof drawings[0]; i++)
        for (size_t variant = 0; variant < 8; variant++) {
            struct network *network = network_drawn(drawings[i], variant % 2);
            network->spec.distance = distances[variant / 2];
            struct result *result = computed_either(families[_i].name, network);
            check_whole(result);
            result_destroy(result);
            network_destroy(network);
        }
}
END_TEST

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

/* What happened among the first actors: a meeting, a request that waits, one that was answered late, an objection lifted twice;
 * with names that wait for their actor, and in the same moment. */
static struct chronicle eventful(const struct network *network)
{
    struct chronicle chronicle = {.observed_until = 300};
    int32_t n = (int32_t)network->actor_count;
    for (int e = 0; e < 8; e++) {
        static const enum event_kind kinds[] = {EVENT_MEETING, EVENT_REQUEST, EVENT_REQUEST, EVENT_LETTER, EVENT_OBJECTION};
        enum event_kind kind = kinds[e % 5];
        int day = 10 + 30 * (e / 2);
        struct chronicle_event *event = chronicle_draw(&chronicle, kind, (int16_t)(2 * (e % 6)), day, e % 3 ? "c" : NULL);
        event->level = (int16_t)(e % 7);
        event->resolved_level = (int16_t)(e % 2 ? 6 : 0);
        event->layer = (int16_t)(e % 4 == 0 ? LAYER_ESCALATION : event->layer);
        for (int32_t p = 0; p < 3; p++) {
            struct chronicle_part *part = chronicle_draw_part(&chronicle, p < n ? p : CHRONICLE_NO_ACTOR,
                                                              kind == EVENT_MEETING ? ROLE_PARTICIPANT
                                                              : p == 0              ? ROLE_SENDER
                                                                                    : ROLE_ADDRESSEE);
            part->outcome = kind == EVENT_OBJECTION ? EVENT_OUTCOME_OBJECTION : 0;
            if (kind == EVENT_REQUEST && p > 0) {
                part->deadline_day = event->time_day + 5;
                part->reply_status = e % 2 ? EVENT_REPLY_ANSWERED : EVENT_REPLY_PENDING;
                part->replied_day = e % 2 ? event->time_day + 40 : NAN;
            }
        }
        ck_assert_uint_ne(chronicle_add_reporter(&chronicle, n > 0 && e % 2 ? 0 : CHRONICLE_NO_ACTOR), SIZE_MAX);
    }
    ck_assert(chronicle_order(&chronicle));
    if (chronicle.case_count > 0) {
        chronicle.cases[0].started_day = 5;
        chronicle.cases[0].decided_day = 200;
    }
    return chronicle;
}

static struct reply_set answers(const struct network *network, struct reply replies[4])
{
    struct reply_set set = {.replies = replies, .observed_until = 300};
    for (int32_t a = 0; a < 2 && (size_t)a < network->actor_count; a++)
        for (int r = 0; r < 2; r++)
            replies[2 * a + r] = (struct reply){.request = (uint64_t)(2 * a + r),
                                                .cluster = 1,
                                                .sender = -1,
                                                .addressee = a,
                                                .received_day = 10,
                                                .deadline_day = r ? 12 : NAN,
                                                .end_day = r ? 300 : 10, /* at once, or not yet */
                                                .end = r ? REPLY_END_PENDING : REPLY_END_ANSWERED};
    set.count = network->actor_count > 1 ? 4 : 2 * network->actor_count;
    return set;
}

/* The same networks when things happened in them, and when only some or none of the actors have reported. */
START_TEST(degenerate_networks_with_events_have_answers)
{
    static const char *const drawings[] = {"",
                                           "a",
                                           "a b",
                                           "a-b",
                                           "a@x b@x c@y d",
                                           "a@x b@x c@y a-b c",
                                           "a@x b@y c@x d@y a-b c-d",
                                           "a-b a-c a-d b-c b-d c-d",
                                           "a@x b@y c@z d e a-b a-c a-d a-e",
                                           "a@x b@y c@y a-b:1e300 b-c:1e-300",
                                           "a!b a!b b!a",
                                           "a-b b-a c!a c!a"};
    size_t family_count;
    const struct metrics_family *families = metrics_families(&family_count);
    for (size_t i = 0; i < sizeof drawings / sizeof drawings[0]; i++)
        for (size_t variant = 0; variant < 6; variant++) {
            struct network *network = network_drawn(drawings[i], variant % 2);
            for (size_t a = 0; a < network->actor_count; a++)
                network->actors[a].reported = variant / 2 == 0 || (variant / 2 == 1 && a % 2 == 0);
            struct chronicle chronicle = eventful(network);
            struct reply replies[4];
            struct reply_set set = answers(network, replies);
            struct need need = long_need(network);
            struct wave wave = small_wave(network);
            struct metrics_input input = {.network = network,
                                          .earlier = network,
                                          .chronicle = &chronicle,
                                          .replies = &set,
                                          .need = &need,
                                          .wave = families[_i].needs & METRICS_NEED_WAVE ? &wave : NULL};
            struct result *result = computed_from(families[_i].name, &input, FEW);
            check_whole(result);
            result_destroy(result);
            wave_release(&wave);
            need_release(&need);
            chronicle_release(&chronicle);
            network_destroy(network);
        }
}
END_TEST

/* docs/method.md 2.21, "Networks with little in them", row by row. */
START_TEST(little_networks_have_the_documented_answers)
{
    static const struct {
        const char *drawing;
        bool silent; /* nobody has reported */
        const char *family, *table, *column, *actor;
        double value;
    } rows[] = {
        {"", false, "graph", "graph", "actors", NULL, 0},
        {"", false, "graph", "graph", "components", NULL, 0},
        {"", false, "graph", "graph", "dyads", NULL, 0},
        {"", false, "graph", "graph", "density", NULL, NAN},
        {"", false, "graph", "graph", "global_efficiency", NULL, NAN},
        {"", false, "communities", "partition", "communities", NULL, 0},
        {"", false, "keyplayers", "whole", "fragmentation", NULL, NAN},
        {"", false, "agreement", "agreement_network", "kappa", NULL, NAN},
        {"a", false, "graph", "graph", "components", NULL, 1},
        {"a", false, "graph", "graph", "density", NULL, NAN},
        {"a", false, "centrality", "centrality", "pagerank", "a", 1},
        {"a", false, "centrality", "centrality", "harmonic", "a", NAN},
        {"a", false, "keyplayers", "whole", "fragmentation", NULL, NAN},
        {"a b", false, "graph", "graph", "density", NULL, 0},
        {"a b", false, "graph", "graph", "mean_distance", NULL, NAN},
        {"a b", false, "graph", "graph", "reachable", NULL, 0},
        {"a b", false, "centrality", "centrality", "closeness", "a", NAN},
        {"a b", false, "centrality", "centrality", "eigenvector", "a", NAN},
        {"a b", false, "centrality", "centrality", "pagerank", "a", 0.5},
        {"a b", false, "keyplayers", "whole", "fragmentation", NULL, 1},
        {"a b", false, "agreement", "agreement_network", "agreement", NULL, 1},
        {"a b", false, "agreement", "agreement_network", "kappa", NULL, NAN},
        {"a-b", false, "graph", "graph", "density", NULL, 1},
        {"a-b", false, "graph", "graph", "centralization_degree", NULL, NAN},
        {"a-b", false, "centrality", "centrality", "betweenness_norm", "a", NAN},
        {"a-b", false, "centrality", "centrality", "closeness", "a", 1},
        {"a-b", false, "centrality", "centrality", "constraint", "a", 1},
        {"a-b c-d", false, "graph", "graph", "components", NULL, 2},
        {"a-b c-d", false, "graph", "graph", "mean_distance", NULL, 1},
        {"a-b c-d", false, "graph", "graph", "centralization_closeness", NULL, NAN},
        {"a-b c-d", false, "centrality", "centrality", "closeness", "c", 1},
        {"a-b c-d", false, "centrality", "centrality", "eigenvector", "a", 1},
        {"a-b c-d", false, "centrality", "centrality", "eigenvector", "c", NAN},
        {"a-b c-d", false, "keyplayers", "whole", "fragmentation", NULL, 2.0 / 3},
        {"a-b a-c a-d b-c b-d c-d", false, "graph", "graph", "density", NULL, 1},
        {"a-b a-c a-d b-c b-d c-d", false, "graph", "graph", "transitivity", NULL, 1},
        {"a-b a-c a-d b-c b-d c-d", false, "graph", "graph", "centralization_degree", NULL, 0},
        {"a-b a-c a-d b-c b-d c-d", false, "centrality", "centrality", "betweenness", "a", 0},
        {"a-b a-c a-d b-c b-d c-d", false, "centrality", "centrality", "eigenvector", "d", 1},
        {"a-b a-c a-d b-c b-d c-d", false, "centrality", "centrality", "coreness", "d", 3},
        {"a-b a-c a-d b-c b-d c-d", false, "keyplayers", "keyplayers", "fragmentation", "a", 0},
        {"a-b a-c a-d b-c b-d c-d", false, "communities", "partition", "communities", NULL, 1},
        {"a-b a-c a-d a-e", false, "graph", "graph", "centralization_degree", NULL, 1},
        {"a-b a-c a-d a-e", false, "graph", "graph", "centralization_betweenness", NULL, 1},
        {"a-b a-c a-d a-e", false, "graph", "graph", "transitivity", NULL, 0},
        {"a-b a-c a-d a-e", false, "centrality", "centrality", "betweenness_norm", "a", 1},
        {"a-b a-c a-d a-e", false, "centrality", "centrality", "clustering", "b", NAN},
        {"a-b a-c a-d a-e", false, "centrality", "centrality", "eigenvector", "b", 0.5},
        {"a-b a-c a-d a-e", false, "keyplayers", "keyplayers", "fragmentation", "a", 1},
        {"a!b a!b", false, "graph", "graph", "ties", NULL, 0},
        {"a!b a!b", false, "graph", "graph", "negative_ties", NULL, 1},
        {"a!b a!b", false, "signed", "signed", "negative_pairs", "a", 1},
        {"a!b a!b", false, "centrality", "centrality", "pn", "a", NAN},
        {"a!b a!b c", false, "centrality", "centrality", "pn", "a", 2.0 / 3},
        {"a!b a!b c", false, "centrality", "centrality", "pn", "c", 1},
        {"a-b:1e300 b-c:1e-300", false, "centrality", "centrality", "strength", "b", 1e300},
        {"a-b:1e300 b-c:1e-300", false, "centrality", "centrality", "betweenness", "b", 1},
        {"a b c", true, "graph", "graph", "density", NULL, 0},
        {"a b c", true, "graph", "graph", "density_known", NULL, NAN},
        {"a b c", true, "graph", "graph", "dyads_unknown", NULL, 3},
        {"a b c", true, "agreement", "agreement_network", "pairs", NULL, 0},
        {"a b c", true, "agreement", "agreement_network", "agreement", NULL, NAN},
        {"a-b c", true, "graph", "graph", "density", NULL, 1.0 / 3},
        {"a-b c", true, "graph", "graph", "density_known", NULL, 1},
        {"a-b c", true, "graph", "graph", "dyads_unknown", NULL, 2},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct network *network = network_drawn(rows[r].drawing, false);
        for (size_t a = 0; a < network->actor_count; a++)
            network->actors[a].reported = !rows[r].silent;
        struct result *result = computed_either(rows[r].family, network);
        double got = computed_number(result, rows[r].table, rows[r].column, "actor", rows[r].actor);
        ck_assert_msg(isnan(rows[r].value) ? isnan(got) : fabs(got - rows[r].value) <= 1e-9 * fmax(1, fabs(rows[r].value)),
                      "'%s'%s: %s.%s of %s is %g, not %g", rows[r].drawing, rows[r].silent ? ", silent" : "", rows[r].table,
                      rows[r].column, rows[r].actor ? rows[r].actor : "all", got, rows[r].value);
        ck_assert(!rows[r].silent || strcmp(rows[r].family, "graph") != 0 || computed_has_note(result, "unknown, not absent"));
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

    network = network_chain(5);
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

static bool stop_late(void *arg, unsigned permille)
{
    unsigned *last = arg;
    if (permille > 1000 || permille < *last)
        ck_abort_msg("%u after %u", permille, *last);
    *last = permille;
    return permille < 500;
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
    struct network *long_chain = network_chain(400);
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
    Suite *suite = suite_create("extremes");
    TCase *tcase = tcase_create("extremes");
    tcase_set_timeout(tcase, 120);
    size_t family_count;
    metrics_families(&family_count);
    tcase_add_loop_test(tcase, degenerate_networks_have_answers, 0, (int)family_count);
    tcase_add_loop_test(tcase, degenerate_networks_with_events_have_answers, 0, (int)family_count);
    tcase_add_test(tcase, little_networks_have_the_documented_answers);
    tcase_add_test(tcase, nothing_is_null_not_nought);
    tcase_add_test(tcase, large_networks_leave_out_and_say_so);
    tcase_add_test(tcase, work_can_be_stopped);
    tcase_add_test(tcase, the_same_twice);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
