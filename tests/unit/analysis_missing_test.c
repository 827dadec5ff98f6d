/* SPDX-License-Identifier: GPL-3.0-or-later
 * missing= of a specification: each treatment against its definition written out pair by pair, the three states in every view
 * of the network, and every family that reads ties under each of them.
 */
#include "accounts.h"
#include "computed_result.h"
#include "drawn_network.h"
#include "dyad.h"
#include "event.h"
#include "network_change.h"
#include "network_tables.h"
#include "random_stream.h"
#include "treatments.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS 7
#define EVENTS 14

/* Letters between two and meetings of two or three, each told of by some of the ends (and others). */
struct year {
    struct network *network;
    struct chronicle chronicle;
    int32_t present[EVENTS][3];
    size_t count[EVENTS];
    bool letter[EVENTS], told[EVENTS][ACTORS];
};

static void add_event(struct year *year, size_t e)
{
    struct chronicle_event event = {.id = e + 1,
                                    .time_day = (double)e,
                                    .end_day = NAN,
                                    .day = (int32_t)e,
                                    .case_file = -1,
                                    .kind = year->letter[e] ? EVENT_LETTER : EVENT_MEETING,
                                    .weight = 1};
    ck_assert_uint_ne(chronicle_add_event(&year->chronicle, &event), SIZE_MAX);
    for (size_t p = 0; p < year->count[e]; p++) {
        struct chronicle_part part = {.actor = year->present[e][p],
                                      .side = !year->letter[e] ? SIDE_PRESENT
                                              : p              ? SIDE_TO
                                                               : SIDE_FROM};
        ck_assert_uint_ne(chronicle_add_part(&year->chronicle, &part), SIZE_MAX);
    }
    bool any = false;
    for (int32_t i = 0; i < ACTORS; i++)
        if (year->told[e][i]) {
            any = true;
            ck_assert_uint_ne(chronicle_add_reporter(&year->chronicle, i), SIZE_MAX);
        }
    if (!any)
        ck_assert_uint_ne(chronicle_add_reporter(&year->chronicle, CHRONICLE_NO_ACTOR), SIZE_MAX);
}

static void year_init(struct year *year, uint64_t seed, bool directed)
{
    *year = (struct year){.network = network_drawn("a b c d e f g", directed)};
    year->network->spec.projection = PROJECTION_COUNT;
    struct random_stream stream;
    random_stream_init(&stream, seed, directed);
    for (size_t e = 0; e < EVENTS; e++) {
        int32_t order[ACTORS] = {0, 1, 2, 3, 4, 5, 6};
        random_stream_shuffle(&stream, order, ACTORS);
        year->letter[e] = random_stream_below(&stream, 2) == 0;
        year->count[e] = year->letter[e] ? 2 : 2 + random_stream_below(&stream, 2);
        memcpy(year->present[e], order, sizeof year->present[e]);
        for (size_t p = 0; p < year->count[e]; p++)
            year->told[e][order[p]] = random_stream_below(&stream, 2) == 0;
    }
    for (size_t i = 0; i < ACTORS; i++) { /* whoever told has reported, and some who told of nothing */
        bool told = random_stream_below(&stream, 5) == 0;
        for (size_t e = 0; e < EVENTS; e++)
            told = told || year->told[e][i];
        year->network->actors[i].reported = told && i != seed % ACTORS && random_stream_below(&stream, 5) > 0;
        for (size_t e = 0; e < EVENTS && !year->network->actors[i].reported; e++)
            year->told[e][i] = false;
    }
    for (size_t e = 0; e < EVENTS; e++)
        add_event(year, e);
    ck_assert(chronicle_order(&year->chronicle));
    /* The network's own ties: what anybody told. */
    struct accounts accounts;
    ck_assert(accounts_init(&accounts, year->network, &year->chronicle, -INFINITY, INFINITY));
    free(year->network->ties);
    year->network->ties = malloc((accounts.count + 1) * sizeof *year->network->ties);
    year->network->tie_count = accounts.count;
    for (size_t d = 0; d < accounts.count; d++)
        year->network->ties[d] = (struct network_tie){accounts.dyads[d].from, accounts.dyads[d].to, accounts.dyads[d].any.sum,
                                                      accounts.dyads[d].any.count};
    accounts_release(&accounts);
}

static void year_release(struct year *year)
{
    chronicle_release(&year->chronicle);
    network_destroy(year->network);
}

/* How many interactions tie i to j (directed: from i) that each of `tellers` told of; no tellers: all. */
static double told_by(const struct year *year, size_t i, size_t j, size_t teller, size_t other)
{
    double count = 0;
    for (size_t e = 0; e < EVENTS; e++) {
        int at = -1, to = -1;
        for (size_t p = 0; p < year->count[e]; p++) {
            at = (size_t)year->present[e][p] == i ? (int)p : at;
            to = (size_t)year->present[e][p] == j ? (int)p : to;
        }
        if (at < 0 || to < 0 || (year->letter[e] && year->network->spec.directed && at > to))
            continue;
        count += (teller == SIZE_MAX || year->told[e][teller]) && (other == SIZE_MAX || year->told[e][other]);
    }
    return count;
}

/* The definitions of docs/method.md 2.16, one cell at a time. */
static double defined(const struct year *year, enum spec_missing missing, size_t i, size_t j)
{
    bool mine = year->network->actors[i].reported, yours = year->network->actors[j].reported;
    double own = told_by(year, i, j, i, SIZE_MAX), other = told_by(year, i, j, j, SIZE_MAX), both = told_by(year, i, j, i, j),
           any = told_by(year, i, j, SIZE_MAX, SIZE_MAX);
    switch (missing) {
    case MISSING_AS_REPORTED:
        return mine ? own : NAN;
    case MISSING_RECONSTRUCTION:
        return mine ? own : yours ? other : NAN;
    case MISSING_INTERSECTION:
        if (both > 0 || (mine && yours))
            return both;
        return (mine && own == 0) || (yours && other == 0) ? 0 : NAN;
    case MISSING_UNKNOWN:
    case MISSING_UNION:
    case MISSING_TIED:
    case MISSING_DRAWN:
        break;
    }
    return any > 0 || mine || yours ? any : NAN;
}

static double defined_pair(const struct year *year, enum spec_missing missing, size_t i, size_t j)
{
    double there = defined(year, missing, i, j);
    return year->network->spec.directed ? there : (there + defined(year, missing, j, i)) / 2;
}

static struct network *treated(struct year *year, enum spec_missing missing)
{
    struct network *network;
    char error[400] = "";
    year->network->spec.missing = missing;
    ck_assert_msg(treatments_apply(year->network, &year->chronicle, &network, error) == METRICS_OK, "%s", error);
    ck_assert(network->treated && network->unknown_untreated == network_unknown_dyads(year->network));
    return network;
}

static void states_are_counted(const struct network *network)
{
    double unknown = 0;
    for (size_t i = 0; i < network->actor_count; i++)
        for (size_t j = network->spec.directed ? 0 : i + 1; j < network->actor_count; j++)
            unknown += i != j && dyad_state(network, i, j) == DYAD_UNKNOWN;
    ck_assert_double_eq(network_unknown_dyads(network), unknown);
}

START_TEST(treatments_are_their_definitions)
{
    for (int directed = 0; directed < 2; directed++) {
        struct year year;
        year_init(&year, (uint64_t)_i, directed);
        double differ = 0;
        for (size_t t = 0; t < TREATMENTS; t++) {
            enum spec_missing missing = treatment_at(t);
            struct network *network = treated(&year, missing);
            double *matrix = dyad_matrix(network, false);
            for (size_t i = 0; i < ACTORS; i++)
                for (size_t j = 0; j < ACTORS; j++) {
                    double wanted = i == j ? 0 : defined_pair(&year, missing, i, j), found = matrix[i * ACTORS + j];
                    ck_assert_msg(isnan(wanted) ? isnan(found) : wanted == found, "seed %d %s %zu %zu: %g is not %g", _i,
                                  spec_missing_name(missing), i, j, found, wanted);
                    enum dyad_state state = isnan(wanted) ? DYAD_UNKNOWN : wanted > 0 ? DYAD_YES : DYAD_NO;
                    ck_assert_int_eq(dyad_state(network, i, j), state);
                    differ += isnan(wanted);
                }
            states_are_counted(network);
            /* An undirected view is tied when an arc is, untied when both are known not to be. */
            struct network *view = network_undirected(network);
            states_are_counted(view);
            for (size_t i = 0; i < ACTORS; i++)
                for (size_t j = i + 1; j < ACTORS; j++) {
                    double there = matrix[i * ACTORS + j], back = matrix[j * ACTORS + i];
                    enum dyad_state wanted = there > 0 || back > 0         ? DYAD_YES
                                             : isnan(there) || isnan(back) ? DYAD_UNKNOWN
                                                                           : DYAD_NO;
                    if (missing == MISSING_AS_REPORTED || missing == MISSING_INTERSECTION || !directed)
                        ck_assert_int_eq(dyad_state(view, i, j), wanted);
                }
            network_destroy(view);
            free(matrix);
            network_destroy(network);
        }
        ck_assert_double_gt(differ, 0);
        year_release(&year);
    }
}
END_TEST

START_TEST(unknown_pairs_are_put_in)
{
    for (int directed = 0; directed < 2; directed++) {
        struct year year;
        year_init(&year, 5, directed);
        for (size_t i = 3; i < ACTORS; i++)
            year.network->actors[i].reported = false;
        double *before = dyad_matrix(year.network, false), unknown = network_unknown_dyads(year.network);
        ck_assert_double_gt(unknown, 2);
        struct network *tied = treated(&year, MISSING_TIED), *drawn = treated(&year, MISSING_DRAWN),
                       *again = treated(&year, MISSING_DRAWN);
        ck_assert_double_eq(network_unknown_dyads(tied), 0);
        ck_assert_double_eq(network_unknown_dyads(drawn), 0);
        ck_assert_uint_eq(tied->tie_count, year.network->tie_count + (size_t)unknown);
        ck_assert_uint_eq(drawn->tie_count, again->tie_count);
        ck_assert_mem_eq(drawn->ties, again->ties, drawn->tie_count * sizeof *drawn->ties);
        double weights[ACTORS * ACTORS], median;
        size_t n = year.network->tie_count;
        for (size_t t = 0; t < n; t++) { /* insertion keeps them sorted */
            size_t at = t;
            for (; at > 0 && weights[at - 1] > year.network->ties[t].weight; at--)
                weights[at] = weights[at - 1];
            weights[at] = year.network->ties[t].weight;
        }
        median = (weights[(n - 1) / 2] + weights[n / 2]) / 2;
        size_t put_in = 0;
        for (size_t t = 0; t < tied->tie_count; t++) {
            const struct network_tie *tie = &tied->ties[t];
            double was = before[(size_t)tie->from * ACTORS + (size_t)tie->to];
            ck_assert_double_eq(tie->weight, isnan(was) ? median : was);
            ck_assert_int_eq(tie->count > 0, !isnan(was));
            put_in += isnan(was);
        }
        ck_assert_double_eq((double)put_in, unknown);
        for (size_t t = 0; t < drawn->tie_count; t++) {
            const struct network_tie *tie = &drawn->ties[t];
            double was = before[(size_t)tie->from * ACTORS + (size_t)tie->to];
            bool known = false;
            for (size_t c = 0; c < ACTORS * ACTORS; c++)
                known = known || before[c] == tie->weight;
            ck_assert(isnan(was) ? known && tie->count == 0 : was == tie->weight);
        }
        /* Exported with what they are. */
        struct result *result = result_create("network");
        network_tables(tied, result);
        const struct table *edges = result_table(result, "edges");
        const struct column *state = table_column(edges, "state"), *count = table_column(edges, "count");
        for (size_t r = 0; r < edges->row_count; r++)
            ck_assert_str_eq(state->texts[r], count->numbers[r] > 0 ? "yes" : "put_in");
        ck_assert(computed_has_note(result, "are assumptions"));
        result_destroy(result);
        /* Everybody silent and nothing known: nothing to draw from. */
        for (size_t i = 0; i < ACTORS; i++)
            year.network->actors[i].reported = false;
        year.network->tie_count = 0;
        struct network *none = NULL;
        char error[400] = "";
        ck_assert_int_eq(treatments_apply(year.network, &year.chronicle, &none, error), METRICS_REFUSED);
        ck_assert_msg(strstr(error, "nothing to draw from") != NULL, "%s", error);
        struct network *all = treated(&year, MISSING_TIED); /* each of weight 1, there being no other */
        ck_assert_uint_eq(all->tie_count, ACTORS * (ACTORS - 1) / (directed ? 1 : 2));
        ck_assert_double_eq(all->ties[0].weight, 1);
        network_destroy(all);
        network_destroy(tied);
        network_destroy(drawn);
        network_destroy(again);
        free(before);
        year_release(&year);
    }
}
END_TEST

static const char *card_value(const struct result *result, const char *key)
{
    for (size_t e = 0; e < result->card.entry_count; e++)
        if (strcmp(result->card.entries[e].key, key) == 0)
            return result->card.entries[e].value;
    ck_abort_msg("no %s on the card", key);
    return NULL;
}

/* The number of an actor's measure, in family uncertainty. */
static double uncertain(const struct result *result, size_t row, const char *column)
{
    return table_column(result_table(result, "uncertainty"), column)->numbers[row];
}

START_TEST(every_family_under_every_treatment)
{
    static const char *const columns[] = {"as_reported", "union", "intersection", "reconstruction", "unknown_tied"};
    struct year year;
    year_init(&year, 3, _i);
    for (size_t i = 0; i < ACTORS; i++)
        year.network->actors[i].sector = strdup(i % 2 ? "x" : "y");
    year.network->actors[4].reported = year.network->actors[5].reported = false;
    struct result *side = computed_chronicle("uncertainty", year.network, &year.chronicle, "replicates=5");
    for (int missing = MISSING_AS_REPORTED; missing <= MISSING_DRAWN; missing++) {
        struct network *network = treated(&year, (enum spec_missing)missing);
        struct reply_set replies = {.observed_until = 100};
        struct need need = {.item_count = 0};
        struct metrics_input input = {.network = network,
                                      .untreated = year.network,
                                      .earlier = network,
                                      .replies = &replies,
                                      .need = &need,
                                      .chronicle = &year.chronicle};
        size_t count;
        const struct metrics_family *families = metrics_families(&count);
        for (size_t f = 0; f < count; f++) {
            if (!(families[f].needs & METRICS_NEED_TIES))
                continue;
            struct result *result =
                computed_from(families[f].name, &input, "permutations=19 replicates=5 with=sector,earlier split=1970-01-05");
            network_card(network, result);
            ck_assert_double_eq(strtod(card_value(result, "unknown pairs"), NULL), network_unknown_dyads(network));
            const char *how = card_value(result, "unknown ties treated"), *name = spec_missing_name((enum spec_missing)missing);
            ck_assert_msg(strncmp(how, name, strlen(name)) == 0 && how[strlen(name)] == ':', "%s", how);
            if (strcmp(families[f].name, "graph") == 0)
                ck_assert_double_eq(computed_number(result, "graph", "dyads_unknown", NULL, NULL),
                                    network_unknown_dyads(network));
            /* The number under a treatment is the one that stands beside the others. */
            if (strcmp(families[f].name, "uncertainty") == 0 && missing != MISSING_DRAWN)
                for (size_t r = 0; r < result_table(side, "uncertainty")->row_count; r++) {
                    double wanted = uncertain(side, r, columns[missing - MISSING_AS_REPORTED]),
                           found = uncertain(result, r, "value");
                    ck_assert_msg(isnan(wanted) ? isnan(found) : fabs(found - wanted) <= 1e-12 * fmax(1, fabs(wanted)),
                                  "%s row %zu: %.17g is not %.17g", name, r, found, wanted);
                    ck_assert_double_eq(isnan(uncertain(result, r, "union")) ? 0 : uncertain(result, r, "union"),
                                        isnan(uncertain(side, r, "union")) ? 0 : uncertain(side, r, "union"));
                }
            result_destroy(result);
        }
        network_destroy(network);
    }
    result_destroy(side);
    year_release(&year);
}
END_TEST

START_TEST(doubts_outlive_changes_and_are_exported)
{
    /* a and b tell of contact with s, who is silent; c tells of none. */
    struct network *network = network_drawn("a b c s", false);
    struct chronicle chronicle = {0};
    for (int32_t i = 0; i < 2; i++) {
        struct chronicle_event event = {
            .id = (uint64_t)i + 1, .end_day = NAN, .case_file = -1, .kind = EVENT_MEETING, .weight = 1};
        ck_assert_uint_ne(chronicle_add_event(&chronicle, &event), SIZE_MAX);
        ck_assert_uint_ne(chronicle_add_part(&chronicle, &(struct chronicle_part){.actor = i, .side = SIDE_PRESENT}), SIZE_MAX);
        ck_assert_uint_ne(chronicle_add_part(&chronicle, &(struct chronicle_part){.actor = 3, .side = SIDE_PRESENT}), SIZE_MAX);
        ck_assert_uint_ne(chronicle_add_reporter(&chronicle, i), SIZE_MAX);
    }
    ck_assert(chronicle_order(&chronicle));
    network->actors[3].reported = false;
    struct network *asked;
    char error[400] = "";
    network->spec.missing = MISSING_INTERSECTION;
    ck_assert_int_eq(treatments_apply(network, &chronicle, &asked, error), METRICS_OK);
    ck_assert_uint_eq(asked->tie_count, 0);
    ck_assert_uint_eq(asked->doubted_count, 2);
    ck_assert_int_eq(dyad_state(asked, 3, 0), DYAD_UNKNOWN);
    ck_assert_int_eq(dyad_state(asked, 3, 2), DYAD_NO);
    struct result *result = result_create("network");
    network_tables(asked, result);
    ck_assert_uint_eq(result_table(result, "doubted")->row_count, 2);
    ck_assert_str_eq(table_column(result_table(result, "doubted"), "from")->texts[0], "a");
    ck_assert_str_eq(card_value(result, "unknown pairs"), "2");
    ck_assert_str_eq(card_value(result, "unknown pairs before the treatment"), "0");
    result_destroy(result);
    /* One body of a and c: its pair with s is as unknown as that of a. Without b its pair is gone. */
    strcpy(asked->spec.choices.merge, "a+c");
    strcpy(asked->spec.choices.remove, "b");
    struct network *after;
    struct network_changes changes;
    ck_assert_int_eq(network_change(asked, &after, &changes, error), NETWORK_CHANGE_OK);
    ck_assert_uint_eq(after->doubted_count, 1);
    states_are_counted(after);
    ck_assert_double_eq(network_unknown_dyads(after), 1);
    network_changes_release(&changes);
    network_destroy(after);
    network_destroy(asked);
    chronicle_release(&chronicle);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("missing");
    TCase *tests = tcase_create("all");
    tcase_add_loop_test(tests, treatments_are_their_definitions, 0, 40);
    tcase_add_test(tests, unknown_pairs_are_put_in);
    tcase_add_loop_test(tests, every_family_under_every_treatment, 0, 2);
    tcase_add_test(tests, doubts_outlive_changes_and_are_exported);
    tcase_set_timeout(tests, 240);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
