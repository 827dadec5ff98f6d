/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reach: by hand, and against telling a piece of news from every actor at every moment and following it.
 */
#include "computed_result.h"
#include "contact_sequence.h"
#include "drawn_network.h"
#include "event.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 6

/* "ab>c" a and b send to c; "abc" they meet. */
static void happens(struct chronicle *chronicle, double day, const char *what)
{
    const char *arrow = strchr(what, '>');
    struct chronicle_event event = {.time_day = day,
                                    .end_day = NAN,
                                    .day = (int32_t)day,
                                    .case_file = -1,
                                    .kind = arrow ? EVENT_REQUEST : EVENT_MEETING,
                                    .id = chronicle->event_count,
                                    .weight = 1};
    ck_assert_uint_ne(chronicle_add_event(chronicle, &event), SIZE_MAX);
    for (const char *at = what; *at; at++) {
        if (at == arrow)
            continue;
        struct chronicle_part part = {.actor = *at - 'a', .received_day = NAN, .deadline_day = NAN, .replied_day = NAN};
        part.role = arrow ? (at < arrow ? ROLE_SENDER : ROLE_ADDRESSEE) : ROLE_PARTICIPANT;
        part.side = (uint8_t)event_side(event.kind, part.role);
        ck_assert_uint_ne(chronicle_add_part(chronicle, &part), SIZE_MAX);
    }
}

static struct result *reach_of(const struct network *network, const struct chronicle *chronicle, const char *options)
{
    char error[400] = "";
    struct network chosen = *network;
    ck_assert(choices_parse(options, &chosen.spec.choices, error));
    struct metrics_input input = {.network = &chosen, .chronicle = chronicle};
    struct result *result = result_create("reach");
    ck_assert_msg(metrics_family("reach")->compute(&input, result, error) == METRICS_OK, "%s", error);
    return result;
}

static double pair(const struct result *result, const char *from, const char *to, const char *column)
{
    const struct table *table = result_table(result, "pairs");
    for (size_t r = 0; r < table->row_count; r++)
        if (strcmp(table_column(table, "from")->texts[r], from) == 0 && strcmp(table_column(table, "to")->texts[r], to) == 0)
            return table_column(table, column)->numbers[r];
    ck_abort_msg("no pair %s %s", from, to);
    return 0;
}

START_TEST(order_decides)
{
    struct network *network = network_drawn("a b c d", false);
    struct chronicle chronicle = {.observed_until = 365};
    happens(&chronicle, 1, "ab");
    happens(&chronicle, 5, "bc");
    happens(&chronicle, 5, "cd"); /* the same instant: what c hears then, d hears later or never */
    happens(&chronicle, 9, "ab");
    ck_assert(chronicle_order(&chronicle));
    struct result *result = reach_of(network, &chronicle, "permutations=50");
    ck_assert_double_eq(pair(result, "a", "b", "arrival_days"), 1);
    ck_assert_double_eq(pair(result, "a", "c", "arrival_days"), 5); /* by b */
    ck_assert_double_eq(pair(result, "a", "c", "fastest_days"), 4);
    ck_assert(isnan(pair(result, "a", "d", "arrival_days")));
    ck_assert_double_eq(pair(result, "c", "a", "arrival_days"), 9);
    ck_assert_double_eq(pair(result, "c", "a", "fastest_days"), 4);
    ck_assert(isnan(pair(result, "d", "a", "arrival_days"))); /* d to c on day 5, and c meets nobody after */
    ck_assert_double_eq(pair(result, "d", "c", "fastest_days"), 0);
    ck_assert_double_eq_tol(computed_actor(result, "reach_out", "a"), 2.0 / 3, 1e-12);
    ck_assert_double_eq_tol(computed_actor(result, "reach_in", "d"), 1.0 / 3, 1e-12);
    ck_assert_double_eq(computed_actor(result, "contacts", "b"), 3);
    ck_assert_double_eq(computed_number(result, "whole", "pairs_reached", NULL, NULL), 8);
    ck_assert_double_eq(computed_number(result, "whole", "indirect", NULL, NULL), 0.25);
    ck_assert_double_gt(computed_number(result, "whole", "pairs_reached_sd", NULL, NULL), 0);
    result_destroy(result);
    chronicle_release(&chronicle);
    network_destroy(network);
}
END_TEST

START_TEST(requests_and_answers)
{
    struct network *network = network_drawn("a b c", false);
    struct chronicle chronicle = {.observed_until = 20};
    happens(&chronicle, 2, "a>bc");
    chronicle.parts[chronicle.events[0].first_part + 1].replied_day = 10; /* b answers */
    chronicle.parts[chronicle.events[0].first_part + 2].replied_day = 30; /* after what is observed */
    ck_assert(chronicle_order(&chronicle));
    struct result *result = reach_of(network, &chronicle, "permutations=50");
    ck_assert_double_eq(pair(result, "a", "c", "arrival_days"), 2);
    ck_assert_double_eq(pair(result, "b", "a", "arrival_days"), 10);
    ck_assert(isnan(pair(result, "c", "a", "arrival_days")));
    ck_assert(isnan(pair(result, "b", "c", "arrival_days")));
    result_destroy(result);
    chronicle_release(&chronicle);

    chronicle = (struct chronicle){.observed_until = 20};
    result = reach_of(network, &chronicle, NULL);
    ck_assert(computed_has_note(result, "No contacts"));
    ck_assert_double_eq(computed_actor(result, "reach_out", "a"), 0);
    ck_assert(isnan(computed_actor(result, "fastest_out_days", "a")));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

/* When each actor first hears what `source` says from `leaving` on; contacts at the very moment count as the first ones. */
static void follow(const struct contact_sequence *sequence, int32_t source, double leaving, double *ret_heard)
{
    for (size_t v = 0; v < sequence->actor_count; v++)
        ret_heard[v] = INFINITY;
    for (size_t c = 0; c < sequence->contact_count; c++) {
        const struct contact *contact = &sequence->contacts[c];
        bool carries = false;
        if (contact->time_day < leaving)
            continue;
        for (uint32_t i = 0; i < contact->from_count; i++) {
            int32_t from = sequence->actors[contact->from + i];
            carries = carries || from == source || ret_heard[from] < contact->time_day;
        }
        for (uint32_t i = 0; carries && i < contact->to_count; i++) {
            int32_t to = sequence->actors[contact->to + i];
            if (contact->time_day < ret_heard[to])
                ret_heard[to] = contact->time_day;
        }
    }
}

START_TEST(every_piece_of_news)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, 1);
        size_t n = 2 + (size_t)random_stream_below(&stream, MOST - 1);
        struct chronicle chronicle = {.observed_until = 40};
        for (size_t e = 0; e < 12; e++) {
            char what[2 * MOST + 2] = "";
            size_t length = 0;
            bool request = random_stream_below(&stream, 2);
            for (size_t v = 0; v < n; v++)
                if (random_stream_below(&stream, 3) == 0)
                    what[length++] = (char)('a' + v);
            if (request) {
                what[length++] = '>';
                for (size_t v = 0; v < n; v++)
                    if (random_stream_below(&stream, 3) == 0)
                        what[length++] = (char)('a' + v);
            }
            what[length] = 0;
            happens(&chronicle, (double)random_stream_below(&stream, 15), what); /* many at one instant */
            for (uint32_t p = 0; request && p < chronicle.events[chronicle.event_count - 1].part_count; p++)
                if (random_stream_below(&stream, 2))
                    chronicle.parts[chronicle.part_count - 1 - p].replied_day = (double)random_stream_below(&stream, 20);
        }
        ck_assert(chronicle_order(&chronicle));
        struct contact_sequence sequence;
        struct contact_reach reach;
        ck_assert(contact_sequence_init(&sequence, &chronicle, n));
        ck_assert_int_eq(contact_reach_init(&reach, &sequence, 0, NULL, NULL), CONTACT_OK);
        double pairs = 0, counted;
        int32_t *order = malloc((sequence.contact_count + 1) * sizeof *order);
        for (size_t c = 0; c < sequence.contact_count; c++)
            order[c] = (int32_t)c;
        for (size_t s = 0; s < n; s++) {
            double heard[MOST], fastest[MOST];
            for (size_t v = 0; v < n; v++)
                fastest[v] = INFINITY;
            for (int leaving = 0; leaving < 20; leaving++) {
                follow(&sequence, (int32_t)s, leaving, heard);
                for (size_t v = 0; v < n; v++)
                    fastest[v] = fmin(fastest[v], heard[v] - leaving);
            }
            follow(&sequence, (int32_t)s, 0, heard);
            for (size_t v = 0; v < n; v++) {
                if (v == s)
                    continue;
                ck_assert_double_eq(reach.arrival[s * n + v], heard[v]);
                ck_assert_double_eq(reach.fastest[s * n + v], fastest[v]);
                pairs += isfinite(heard[v]);
            }
        }
        ck_assert(contact_pairs_in_order(&sequence, order, &counted));
        ck_assert_double_eq(counted, pairs); /* in their own order the contacts reach what they reach */
        free(order);
        contact_reach_release(&reach);
        contact_sequence_release(&sequence);
        chronicle_release(&chronicle);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reach");
    TCase *tcase = tcase_create("reach");
    tcase_add_test(tcase, order_decides);
    tcase_add_test(tcase, requests_and_answers);
    tcase_add_test(tcase, every_piece_of_news);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
