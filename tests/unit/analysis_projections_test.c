/* SPDX-License-Identifier: GPL-3.0-or-later
 * Projections of meetings: by hand, against the network's own projections, and a planted pair in the backbone.
 */
#include "chronicle_gather.h"
#include "computed_result.h"
#include "day_block.h"
#include "drawn_network.h"
#include "meetings.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR   INT64_C(3600000000)
#define MINUTE (1.0 / 1440)

static void meet(struct chronicle *chronicle, double minutes)
{
    double day = (double)chronicle->event_count;
    struct chronicle_event event = {.time_day = day,
                                    .end_day = minutes > 0 ? day + minutes * MINUTE : NAN,
                                    .case_file = -1,
                                    .kind = EVENT_MEETING,
                                    .id = chronicle->event_count,
                                    .weight = 1};
    ck_assert_uint_ne(chronicle_add_event(chronicle, &event), SIZE_MAX);
}

static void attend(struct chronicle *chronicle, int32_t actor, int32_t label, enum event_role role)
{
    struct chronicle_part part = {.actor = actor,
                                  .label = label,
                                  .role = (int16_t)role,
                                  .side = (uint8_t)event_side(EVENT_MEETING, (int16_t)role),
                                  .received_day = NAN,
                                  .deadline_day = NAN,
                                  .replied_day = NAN};
    ck_assert_uint_ne(chronicle_add_part(chronicle, &part), SIZE_MAX);
}

/* a, b, ... are actors under one name each, A, B, ... the same under another name, ? waits for an actor, + makes the one before
 * it the chair too, - makes it an observer. */
static void happens(struct chronicle *chronicle, double minutes, const char *who)
{
    meet(chronicle, minutes);
    for (const char *at = who; *at; at++) {
        enum event_role role = at[1] == '-' ? ROLE_OBSERVER : ROLE_PARTICIPANT;
        bool upper = *at >= 'A' && *at <= 'Z';
        int32_t actor = *at == '?' ? CHRONICLE_NO_ACTOR : *at - (upper ? 'A' : 'a');
        if (*at == '+')
            attend(chronicle, at[-1] - 'a', at[-1], ROLE_CHAIR);
        else if (*at != '-')
            attend(chronicle, actor, *at, role);
    }
}

static struct result *projections_of(const struct network *network, const struct chronicle *chronicle, const char *options)
{
    char error[400] = "";
    struct network chosen = *network;
    ck_assert(choices_parse(options, &chosen.spec.choices, error));
    struct metrics_input input = {.network = &chosen, .chronicle = chronicle};
    struct result *result = result_create("projections");
    ck_assert_msg(metrics_family("projections")->compute(&input, result, error) == METRICS_OK, "%s", error);
    return result;
}

/* In the row where these text columns have these values; b may be NULL. */
static double cell(const struct result *result, const char *table_name, const char *column, const char *key_a, const char *a,
                   const char *key_b, const char *b)
{
    const struct table *table = result_table(result, table_name);
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(table_column(table, key_a)->texts[r], a) == 0 &&
            (!b || strcmp(table_column(table, key_b)->texts[r], b) == 0))
            return table_column(table, column)->numbers[r];
    ck_abort_msg("no row %s %s in %s", a, b ? b : "", table_name);
    return 0;
}

static double of(const struct result *result, const char *actor, const char *measure, const char *column)
{
    return cell(result, "projections", column, "actor", actor, "measure", measure);
}

/* Tau-b from the list of pairs: (agreeing - opposed) / sqrt(pairs apart in x * pairs apart in y). */
static double tau_of(const double *x, const double *y, size_t n)
{
    double agree = 0, opposed = 0, apart_x = 0, apart_y = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            agree += (x[i] - x[j]) * (y[i] - y[j]) > 0;
            opposed += (x[i] - x[j]) * (y[i] - y[j]) < 0;
            apart_x += x[i] != x[j];
            apart_y += y[i] != y[j];
        }
    return (agree - opposed) / sqrt(apart_x * apart_y);
}

START_TEST(three_meetings)
{
    struct network *network = network_drawn("a b c d", false);
    struct chronicle chronicle = {0};
    happens(&chronicle, 120, "ab");
    happens(&chronicle, 30, "abc");
    happens(&chronicle, 60, "abcd");
    struct result *result = projections_of(network, &chronicle, NULL);
    /* Newman: each meeting adds 1. Count: k - 1. Duration: (k - 1) minutes. Nobody is in the backbone. */
    static const double expected[4][4] = {
        {3, 6, 120 + 60 + 180, 3}, {3, 6, 120 + 60 + 180, 3}, {2, 5, 60 + 180, 3}, {1, 3, 180, 3}};
    static const char *const columns[] = {"newman", "count", "duration", "binary"};
    static const char *const ranks[] = {"rank_newman", "rank_count", "rank_duration", "rank_binary"};
    for (size_t p = 0; p < 4; p++)
        for (size_t i = 0; i < 4; i++) {
            char actor[] = {(char)('a' + i), 0};
            double rank = 1;
            for (size_t j = 0; j < 4; j++)
                rank += expected[j][p] > expected[i][p];
            ck_assert_double_eq_tol(of(result, actor, "strength", columns[p]), expected[i][p], 1e-6);
            ck_assert_double_eq(of(result, actor, "strength", ranks[p]), rank);
        }
    ck_assert(isnan(of(result, "a", "strength", "backbone")));
    ck_assert(isnan(of(result, "a", "strength", "rank_backbone")));
    ck_assert_double_eq(of(result, "d", "strength", "rank_best"), 1); /* under binary all are equal */
    ck_assert_double_eq(of(result, "d", "strength", "rank_worst"), 4);
    ck_assert_double_eq(of(result, "a", "strength", "rank_worst"), 1);
    /* Of six pairs only a-b stands alike under all four. */
    ck_assert_double_eq(cell(result, "survival", "projections", "measure", "strength", NULL, NULL), 4);
    ck_assert_double_eq(cell(result, "survival", "pairs", "measure", "strength", NULL, NULL), 6);
    ck_assert_double_eq(cell(result, "survival", "pairs_same", "measure", "strength", NULL, NULL), 1);
    ck_assert_double_eq_tol(cell(result, "survival", "share_same", "measure", "strength", NULL, NULL), 1.0 / 6, 1e-12);
    ck_assert_double_eq(cell(result, "survival", "top_same", "measure", "strength", NULL, NULL), 0);
    ck_assert_double_eq_tol(cell(result, "survival", "tau_least", "measure", "strength", NULL, NULL), 1, 1e-12);
    /* a-b met three times, c-d once; a and b are at every meeting, so that is what the model expects. */
    ck_assert_double_eq(cell(result, "backbone", "together", "actor_a", "a", "actor_b", "b"), 3);
    ck_assert_double_eq_tol(cell(result, "backbone", "expected", "actor_a", "a", "actor_b", "b"), 3, 1e-9);
    ck_assert_double_eq(cell(result, "backbone", "p", "actor_a", "a", "actor_b", "b"), 1);
    ck_assert_double_eq(cell(result, "backbone", "in_backbone", "actor_a", "a", "actor_b", "b"), 0);
    result_destroy(result);

    /* With alpha = 1 every pair that met is in the backbone. */
    result = projections_of(network, &chronicle, "alpha=1");
    for (size_t i = 0; i < 4; i++) {
        char actor[] = {(char)('a' + i), 0};
        ck_assert_double_eq(of(result, actor, "strength", "backbone"), 3);
    }
    result_destroy(result);
    chronicle_release(&chronicle);
    network_destroy(network);
}
END_TEST

START_TEST(orders_that_disagree)
{
    /* a, b: long meetings of two; c, d, e: many short ones. */
    struct network *network = network_drawn("a b c d e f", false);
    struct chronicle chronicle = {0};
    happens(&chronicle, 600, "ab");
    for (int i = 0; i < 3; i++)
        happens(&chronicle, 10, "cdef");
    happens(&chronicle, 10, "bf");
    struct result *result = projections_of(network, &chronicle, NULL);
    double values[4][6];
    static const char *const columns[] = {"newman", "count", "duration", "binary"};
    for (size_t p = 0; p < 4; p++)
        for (size_t i = 0; i < 6; i++) {
            char actor[] = {(char)('a' + i), 0};
            values[p][i] = round(1e6 * of(result, actor, "strength", columns[p]));
        }
    double least = 1;
    for (size_t p = 0; p < 4; p++)
        for (size_t q = p + 1; q < 4; q++) {
            const struct table *table = result_table(result, "rank_agreement");
            double tau = NAN, expected = tau_of(values[p], values[q], 6);
            for (size_t r = 0; r < table->row_count; r++)
                if (strcmp(table_column(table, "measure")->texts[r], "strength") == 0 &&
                    strcmp(table_column(table, "projection_a")->texts[r], columns[p]) == 0 &&
                    strcmp(table_column(table, "projection_b")->texts[r], columns[q]) == 0)
                    tau = table_column(table, "tau")->numbers[r];
            ck_assert_double_eq_tol(tau, expected, 1e-12);
            least = fmin(least, expected);
        }
    ck_assert_double_lt(least, 0);
    ck_assert_double_eq_tol(cell(result, "survival", "tau_least", "measure", "strength", NULL, NULL), least, 1e-12);
    ck_assert_double_eq(of(result, "a", "strength", "rank_duration"), 2);
    ck_assert_double_eq(of(result, "a", "strength", "rank_count"), 6);
    ck_assert_double_eq(of(result, "f", "strength", "rank_count"), 1);
    result_destroy(result);
    chronicle_release(&chronicle);
    network_destroy(network);
}
END_TEST

START_TEST(who_counts)
{
    struct network *network = network_drawn("a b c", false);
    struct chronicle chronicle = {0};
    struct meetings meetings;
    happens(&chronicle, 0, "ab??");  /* one name waits, told twice: k = 3 */
    happens(&chronicle, 0, "a+bc-"); /* a in two roles is one name; c only looks on: k = 2 */
    happens(&chronicle, 0, "aAb");   /* two names of a: k = 3, two pairs with b */
    happens(&chronicle, 0, "aA");    /* nobody else */
    happens(&chronicle, 0, "c?");
    ck_assert_int_eq(meetings_init(&meetings, &chronicle, 3, NULL, NULL), MEETINGS_OK);
    ck_assert_double_eq(meetings.count, 3);
    ck_assert_double_eq(meetings.untimed, 3);
    ck_assert_double_eq_tol(meetings.weights[MEETINGS_NEWMAN][1], 0.5 + 1 + 2 * 0.5, 1e-12);
    ck_assert_double_eq(meetings.weights[MEETINGS_COUNT][1], 4);
    ck_assert_double_eq(meetings.weights[MEETINGS_COUNT][3], 4);
    ck_assert_double_eq(meetings.together[1], 3);
    ck_assert_double_eq(meetings.attended[0], 3);
    ck_assert_double_eq(meetings.attended[2], 0);
    for (size_t m = 0; m < 3; m++)
        ck_assert_double_eq(meetings.sizes[m], 2);
    meetings_release(&meetings);

    struct result *result = projections_of(network, &chronicle, NULL);
    ck_assert(computed_has_note(result, "No meeting has an end"));
    ck_assert(isnan(of(result, "a", "strength", "duration")));
    ck_assert_double_eq(cell(result, "survival", "projections", "measure", "strength", NULL, NULL), 3);
    ck_assert_double_eq(of(result, "c", "strength", "rank_newman"), 3);
    result_destroy(result);
    chronicle_release(&chronicle);

    result = projections_of(network, &chronicle, NULL);
    ck_assert(computed_has_note(result, "No meetings"));
    ck_assert(isnan(of(result, "a", "strength", "newman")) && isnan(of(result, "a", "strength", "rank_best")));
    ck_assert_double_eq(cell(result, "survival", "projections", "measure", "strength", NULL, NULL), 0);
    ck_assert(isnan(cell(result, "survival", "share_same", "measure", "strength", NULL, NULL)));
    ck_assert(isnan(cell(result, "survival", "top_same", "measure", "strength", NULL, NULL)));
    ck_assert_uint_eq(result_table(result, "backbone")->row_count, 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* ----------------------------------------------------------------------------- the network's own projections as a witness */
/* Ministries 1 to 4, department 5 of 1, group 9 of 2 and 3, group 10 of a municipality that is not at this level; 7 waits. */
static struct structure *ministries(void)
{
    static const int32_t members[][2] = {{9, 2}, {9, 3}, {10, 6}};
    struct structure *structure = structure_create();
    for (int32_t id = 1; id <= 10; id++) {
        char key[] = {(char)('a' + id), 0};
        if (id == 7 || id == 8)
            continue;
        structure_add_actor(structure, id, key,
                            id >= 9   ? "group"
                            : id == 6 ? "municipality"
                            : id == 5 ? "department"
                                      : "ministry");
        structure_add_label(structure, id, id, DAY_ALWAYS, DAY_NEVER);
    }
    structure_add_parent(structure, 5, 1, DAY_ALWAYS, DAY_NEVER);
    for (size_t m = 0; m < 3; m++)
        structure_add_member(structure, members[m][0], members[m][1], DAY_ALWAYS, DAY_NEVER);
    ck_assert(structure_prepare(structure));
    return structure;
}

static void draw_event(struct random_stream *stream, const struct spec *spec, uint8_t number, int32_t *labels, int16_t *roles,
                       struct event *ret_event)
{
    static const int16_t some_roles[] = {ROLE_PARTICIPANT, ROLE_PARTICIPANT, ROLE_CHAIR,
                                         ROLE_NONE,        ROLE_OBSERVER,    ROLE_DECLINED};
    int64_t start = (int64_t)spec->from_day * 24 * HOUR + 12 * HOUR, length = (int64_t)random_stream_below(stream, 4) - 1;
    *ret_event = (struct event){.id = {[15] = number},
                                .time_us = start,
                                .end_us = length < 0 ? EVENT_NO_TIME : start + length * HOUR / 2,
                                .day = spec->from_day,
                                .layer = 1,
                                .kind = EVENT_MEETING,
                                .reports = 0,
                                .weight = (double)random_stream_below(stream, 3), /* 0: none stated */
                                .count = 1 + (uint32_t)random_stream_below(stream, 9),
                                .labels = labels,
                                .roles = roles};
    for (uint32_t i = 0; i < ret_event->count; i++) { /* names come twice now and then */
        labels[i] = 1 + (int32_t)random_stream_below(stream, 10);
        roles[i] = some_roles[random_stream_below(stream, 6)];
    }
}

START_TEST(as_in_the_network)
{
    static const char *const projections[] = {"newman", "count", "duration", "binary"};
    size_t compared = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        int32_t labels[10];
        int16_t roles[10];
        struct structure *structure = ministries();
        size_t projection = seed % 4;
        char text[200], error[SPEC_ERROR_SIZE];
        struct spec spec;
        snprintf(text, sizeof text, "from=2014-01-01 to=2014-02-01 level=ministry layer=meeting projection=%s",
                 projections[projection]);
        ck_assert_msg(spec_parse(text, &spec, error), "%s", error);
        struct merge *merge = merge_create(&spec, structure);
        struct day_condenser *condenser = day_condenser_create();
        day_condenser_begin(condenser, spec.from_day, 1, EVENT_MEETING);
        for (int pass = 0; pass < 2; pass++) {
            struct random_stream stream;
            struct event event;
            struct chronicle chronicle = {0};
            struct network *network = NULL;
            random_stream_init(&stream, seed, 3);
            if (pass == 1) {
                size_t size;
                const uint8_t *bytes = day_condenser_finish(condenser, &size);
                ck_assert_int_eq(merge_add(merge, bytes, size, error), MERGE_OK);
                network = merge_finish(merge);
            }
            for (uint8_t number = 0; number < 6; number++) {
                draw_event(&stream, &spec, number, labels, roles, &event);
                ck_assert(pass == 0 ? day_condenser_add(condenser, &event) : chronicle_gather_add(&chronicle, merge, &event));
            }
            if (pass == 0)
                continue;
            ck_assert(chronicle_gather_finish(&chronicle, spec.to_day, INT64_MIN));
            size_t n = network->actor_count, ties = 0;
            struct meetings meetings;
            ck_assert_int_eq(meetings_init(&meetings, &chronicle, n, NULL, NULL), MEETINGS_OK);
            const double *weights = meetings.weights[projection];
            for (size_t i = 0; i < n; i++)
                for (size_t j = i + 1; j < n; j++) {
                    ties += weights[i * n + j] > 0;
                    ck_assert_double_eq(weights[i * n + j], weights[j * n + i]);
                }
            ck_assert_msg(ties == network->tie_count, "seed %llu: %zu ties, %zu in the network", (unsigned long long)seed, ties,
                          network->tie_count);
            for (size_t t = 0; t < network->tie_count; t++, compared++) {
                const struct network_tie *tie = &network->ties[t];
                ck_assert_double_eq_tol(weights[(size_t)tie->from * n + (size_t)tie->to], tie->weight, 1e-6 * tie->weight);
            }
            meetings_release(&meetings);
            chronicle_release(&chronicle);
            network_destroy(network);
        }
        day_condenser_destroy(condenser);
        merge_destroy(merge);
        structure_destroy(structure);
    }
    ck_assert_uint_gt(compared, 500);
}
END_TEST

START_TEST(planted_pair)
{
    /* Twelve actors each at a third of 60 meetings; a and b always come together. */
    struct network *network = network_drawn("a b c d e f g h i j k l", false);
    struct chronicle chronicle = {0};
    struct random_stream stream;
    random_stream_init(&stream, 1, 1);
    for (int m = 0; m < 60; m++) {
        char who[13] = "";
        size_t length = 0;
        bool pair = random_stream_below(&stream, 3) == 0;
        for (int actor = 'a'; actor <= 'l'; actor++)
            if (actor <= 'b' ? pair : random_stream_below(&stream, 3) == 0)
                who[length++] = (char)actor;
        happens(&chronicle, 30, who);
    }
    struct result *result = projections_of(network, &chronicle, NULL);
    const struct table *table = result_table(result, "backbone");
    ck_assert_str_eq(table_column(table, "actor_a")->texts[0], "a"); /* sorted by p */
    ck_assert_str_eq(table_column(table, "actor_b")->texts[0], "b");
    ck_assert_double_eq(cell(result, "backbone", "in_backbone", "actor_a", "a", "actor_b", "b"), 1);
    ck_assert_double_gt(cell(result, "backbone", "ratio", "actor_a", "a", "actor_b", "b"), 1.5);
    ck_assert_double_lt(cell(result, "backbone", "q", "actor_a", "a", "actor_b", "b"), 0.01);
    double others = 0;
    for (size_t r = 1; r < table->row_count; r++)
        others += table_column(table, "in_backbone")->numbers[r];
    ck_assert_double_eq(others, 0);
    ck_assert_double_eq(of(result, "a", "strength", "backbone"), 1);
    ck_assert_double_eq(of(result, "c", "strength", "backbone"), 0);
    result_destroy(result);
    chronicle_release(&chronicle);
    network_destroy(network);
}
END_TEST

static bool stop_at_once(void *arg, unsigned permille)
{
    (void)permille;
    ++*(int *)arg;
    return false;
}

START_TEST(a_huge_meeting)
{
    /* 10,000 names of 1,000 actors, ten each. */
    enum { ACTORS = 1000, EACH = 10 };
    struct chronicle chronicle = {0};
    struct meetings meetings;
    meet(&chronicle, 60);
    for (int32_t i = 0; i < ACTORS * EACH; i++)
        attend(&chronicle, i % ACTORS, i, ROLE_PARTICIPANT);
    ck_assert_int_eq(meetings_init(&meetings, &chronicle, ACTORS, NULL, NULL), MEETINGS_OK);
    ck_assert_double_eq(meetings.sizes[0], ACTORS);
    ck_assert_double_eq(meetings.weights[MEETINGS_COUNT][1], EACH * EACH);
    ck_assert_double_eq_tol(meetings.weights[MEETINGS_NEWMAN][ACTORS], (double)EACH * EACH / (ACTORS * EACH - 1), 1e-12);
    meetings_release(&meetings);
    int asked = 0;
    ck_assert_int_eq(meetings_init(&meetings, &chronicle, ACTORS, stop_at_once, &asked), MEETINGS_STOPPED);
    ck_assert_int_eq(asked, 1);
    ck_assert_ptr_null(meetings.together);
    chronicle_release(&chronicle);
}
END_TEST

START_TEST(too_many_actors)
{
    struct drawing *drawing = drawing_create(false);
    for (int i = 0; i <= MEETINGS_ACTORS_MAX; i++) {
        char key[32];
        snprintf(key, sizeof key, "%05d", i);
        drawing_actor(drawing, key, NULL);
    }
    struct network *network = drawing_finish(drawing);
    struct chronicle chronicle = {0};
    struct result *result = projections_of(network, &chronicle, NULL);
    ck_assert(computed_has_note(result, "left out"));
    ck_assert_uint_eq(result->table_count, 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("projections");
    TCase *tcase = tcase_create("projections");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, three_meetings);
    tcase_add_test(tcase, orders_that_disagree);
    tcase_add_test(tcase, who_counts);
    tcase_add_test(tcase, as_in_the_network);
    tcase_add_test(tcase, planted_pair);
    tcase_add_test(tcase, a_huge_meeting);
    tcase_add_test(tcase, too_many_actors);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
