/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family change: by hand, against the other families, where nothing changes, where nothing but chance does, and where much
 * does.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "spec.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROUNDING 1e-9

static struct result *changed(const struct network *earlier, const struct network *later, const char *options, unsigned threads)
{
    return computed_from("change", &(struct metrics_input){.network = later, .earlier = earlier, .threads = threads}, options);
}

static double whole(const struct result *result, const char *column, const char *measure)
{
    return computed_number(result, "change", column, "measure", measure);
}

/* The value in the row of two texts. */
static double cell(const struct result *result, const char *table, const char *column, const char *const keys[2],
                   const char *const values[2])
{
    const struct table *found = result_table(result, table);
    ck_assert_ptr_nonnull(found);
    for (size_t r = 0; r < found->row_count; r++)
        if (strcmp(table_column(found, keys[0])->texts[r], values[0]) == 0 &&
            strcmp(table_column(found, keys[1])->texts[r], values[1]) == 0)
            return table_column(found, column)->numbers[r];
    ck_abort_msg("no row %s, %s in %s", values[0], values[1], table);
    return 0;
}

static double position(const struct result *result, const char *column, const char *measure, const char *actor)
{
    return cell(result, "positions", column, (const char *const[]){"measure", "actor"}, (const char *const[]){measure, actor});
}

static double sectors(const struct result *result, const char *column, const char *a, const char *b)
{
    return cell(result, "turnover_sectors", column, (const char *const[]){"sector_a", "sector_b"}, (const char *const[]){a, b});
}

/* e leaves with its ties, f comes with its own. Of a, b, c, d: a-b is kept, c-d too, b-c lost, a-d new. */
START_TEST(by_hand)
{
    struct network *earlier = network_drawn("a@x b@x c@y d@y e@y a-b:2 b-c:1 c-d:1 a-e:9 e-d:9", false);
    struct network *later = network_drawn("a@x b@x c@y d@y f@x a-b:5 c-d:1 a-d:1 f-b:7", false);
    struct result *result = changed(earlier, later, "replicates=50", 1);
    static const struct {
        const char *column;
        double all, a, within_x, between;
    } turnover[] = {{"kept", 2, 1, 1, 0},         {"new", 1, 1, 0, 1},           {"lost", 1, 0, 0, 1},
                    {"jaccard", 0.5, 0.5, 1, 0},  {"dyads_unknown", 0, 0, 0, 0}, {"weight_earlier", 4, 2, 2, 1},
                    {"weight_later", 7, 6, 5, 1}, {"weight_change", 3, 4, 3, 0}};
    for (size_t t = 0; t < sizeof turnover / sizeof turnover[0]; t++) {
        const char *column = turnover[t].column;
        ck_assert_double_eq(computed_number(result, "turnover", column, NULL, NULL), turnover[t].all);
        ck_assert_double_eq(computed_number(result, "turnover_actors", column, "actor", "a"), turnover[t].a);
        ck_assert_double_eq(sectors(result, column, "x", "x"), turnover[t].within_x);
        ck_assert_double_eq(sectors(result, column, "x", "y"), turnover[t].between);
    }
    ck_assert_uint_eq(result_table(result, "presence")->row_count, 6);
    ck_assert_double_eq(computed_number(result, "presence", "later", "actor", "e"), 0);
    ck_assert_double_eq(computed_number(result, "presence", "earlier", "actor", "f"), 0);
    ck_assert_double_eq(computed_number(result, "presence", "earlier", "actor", "a"), 1);

    /* Three pairs differ, a-b by 3, b-c by -1, a-d by 1. Of the sums of +-3 +-1 +-1 six in eight are 3 or more either way. */
    ck_assert_double_eq(whole(result, "swaps", "weight"), 8);
    ck_assert_double_eq(whole(result, "difference", "weight"), 3);
    ck_assert_double_eq(whole(result, "p", "weight"), 0.75);
    ck_assert_double_eq(whole(result, "difference", "density"), 0);
    ck_assert_double_eq(whole(result, "p", "density"), 1);
    ck_assert_double_eq_tol(whole(result, "earlier", "ei"), -1.0 / 3, 1e-15);
    ck_assert_double_eq_tol(whole(result, "later", "ei"), -1.0 / 3, 1e-15);

    /* Degrees 1 2 2 1 become 2 1 1 2. */
    ck_assert_double_eq(position(result, "change", "degree", "a"), 1);
    ck_assert_double_eq(position(result, "rank_before", "degree", "a"), 3);
    ck_assert_double_eq(position(result, "rank_after", "degree", "a"), 1);
    ck_assert_double_eq(position(result, "rank_change", "degree", "c"), -2);
    ck_assert_double_eq(position(result, "change", "strength", "b"), 2);
    result_destroy(result);
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

/* Each arc is a tie of its own, but the two of a pair are swapped together. */
START_TEST(arcs)
{
    struct network *earlier = network_drawn("a b c a-b b-a b-c", true), *later = network_drawn("a b c a-b c-b", true);
    struct result *result = changed(earlier, later, "replicates=50", 1);
    ck_assert_double_eq(computed_number(result, "turnover", "kept", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "turnover", "new", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "turnover", "lost", NULL, NULL), 2);
    ck_assert_double_eq(whole(result, "swaps", "density"), 4);
    ck_assert_double_eq_tol(whole(result, "difference", "density"), -1.0 / 6, 1e-15);
    ck_assert_double_eq_tol(whole(result, "earlier", "reciprocity"), 2.0 / 3, 1e-15);
    ck_assert_double_eq(whole(result, "later", "reciprocity"), 0);
    ck_assert_double_eq(position(result, "change", "strength_in", "b"), 1);
    ck_assert_double_eq(position(result, "change", "degree_out", "b"), -2);
    ck_assert_uint_eq(result_table(result, "turnover_sectors")->row_count, 0);
    result_destroy(result);
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

/* What is compared is what the families say of the networks cut to the actors in both. */
START_TEST(the_numbers_of_the_families)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *earlier = network_drawn("a b c d e a-b:2 b-c c-d d-a a-c q-a q-b", directed);
        struct network *later = network_drawn("a b c d e a-b:4 b-c:2 d-e e-a a-r r-c", directed);
        struct network *cut[2] = {network_drawn("a b c d e a-b:2 b-c c-d d-a a-c", directed),
                                  network_drawn("a b c d e a-b:4 b-c:2 d-e e-a", directed)};
        struct result *result = changed(earlier, later, "replicates=2", 1);
        for (int p = 0; p < 2; p++) {
            struct result *graph = computed("graph", cut[p], NULL, NULL),
                          *centrality = computed("centrality", cut[p], NULL, NULL);
            const struct table *rows = result_table(result, "change"), *places = result_table(result, "positions");
            for (size_t r = 0; r < rows->row_count; r++) {
                double got = table_column(rows, p ? "later" : "earlier")->numbers[r];
                double wanted = computed_number(graph, "graph", rows->columns[0].texts[r], NULL, NULL);
                ck_assert_msg(isnan(wanted) ? isnan(got) : fabs(got - wanted) <= ROUNDING, "%s: %g, not %g",
                              rows->columns[0].texts[r], got, wanted);
            }
            ck_assert_uint_eq(places->row_count, (directed ? 10U : 6U) * 5);
            for (size_t r = 0; r < places->row_count; r++) {
                double got = table_column(places, p ? "after" : "before")->numbers[r];
                double wanted = computed_number(centrality, "centrality", places->columns[0].texts[r], "actor",
                                                places->columns[1].texts[r]);
                ck_assert_msg(isnan(wanted) ? isnan(got) : fabs(got - wanted) <= ROUNDING, "%s of %s: %g, not %g",
                              places->columns[0].texts[r], places->columns[1].texts[r], got, wanted);
            }
            result_destroy(graph);
            result_destroy(centrality);
            network_destroy(cut[p]);
        }
        result_destroy(result);
        network_destroy(earlier);
        network_destroy(later);
    }
}
END_TEST

START_TEST(nothing_changes)
{
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_random(5, 9, 0.4, directed);
        struct result *result = changed(network, network, "replicates=100", 0);
        ck_assert_double_eq(computed_number(result, "turnover", "jaccard", NULL, NULL), 1);
        const struct table *rows = result_table(result, "change"), *places = result_table(result, "positions");
        for (size_t r = 0; r < rows->row_count; r++) {
            if (isnan(table_column(rows, "earlier")->numbers[r]))
                continue;
            ck_assert_double_eq(table_column(rows, "difference")->numbers[r], 0);
            ck_assert_double_eq(table_column(rows, "p")->numbers[r], 1);
            ck_assert_double_eq(table_column(rows, "bootstrap_low")->numbers[r], 0);
            ck_assert_double_eq(table_column(rows, "bootstrap_high")->numbers[r], 0);
        }
        for (size_t r = 0; r < places->row_count; r++) {
            ck_assert_double_eq(table_column(places, "change")->numbers[r], 0);
            ck_assert_double_eq(table_column(places, "rank_change")->numbers[r], 0);
        }
        result_destroy(result);
        network_destroy(network);
    }
}
END_TEST

/* Two networks of one model: p is as small as it says no more often than it says. */
START_TEST(chance_alone)
{
    enum { TRIALS = 200 };
    int low = 0, half = 0;
    for (int t = 0; t < TRIALS; t++) {
        struct network *earlier = network_random(1000 + 2 * (uint64_t)t, 10, 0.4, false);
        struct network *later = network_random(1001 + 2 * (uint64_t)t, 10, 0.4, false);
        later->spec.seed = (uint64_t)t;
        struct result *result = changed(earlier, later, "permutations=99 replicates=1", 0);
        double p = whole(result, "p", "weight");
        low += p <= 0.05;
        half += p <= 0.5;
        result_destroy(result);
        network_destroy(earlier);
        network_destroy(later);
    }
    /* Binomial with 200 trials: 10 +- 3.1 and 100 +- 7.1 */
    ck_assert_msg(low >= 2 && low <= 20, "p <= .05 in %d of %d", low, TRIALS);
    ck_assert_msg(half >= 78 && half <= 122, "p <= .5 in %d of %d", half, TRIALS);
}
END_TEST

START_TEST(a_planted_change)
{
    struct network *earlier = network_random(1, 14, 0.2, false), *later = network_random(2, 14, 0.6, false);
    static const char *const fills[] = {"replicates=200 fill=random", "replicates=200 fill=zero"};
    for (size_t f = 0; f < 2; f++) {
        struct result *result = changed(earlier, later, fills[f], 0);
        ck_assert_double_eq(whole(result, "swaps", "density"), 999);
        ck_assert_double_le(whole(result, "p", "density"), 0.005);
        double low = whole(result, "bootstrap_low", "density"), high = whole(result, "bootstrap_high", "density");
        double difference = whole(result, "difference", "density");
        ck_assert_double_gt(low, 0);
        ck_assert(low < difference && difference < high);
        ck_assert_double_eq(whole(result, "bootstrap_count", "density"), 200);
        result_destroy(result);
    }
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

START_TEST(unknown_is_not_lost)
{
    struct network *earlier = network_drawn("a b c d a-b c-d", false), *later = network_drawn("a b c d a-b a-c b-c", false);
    later->complete = false; /* only a tells: c-d is not known to be gone */
    for (size_t i = 0; i < 4; i++)
        later->actors[i].reported = i == 0;
    struct result *result = changed(earlier, later, "replicates=20", 1);
    ck_assert_double_eq(computed_number(result, "turnover", "kept", NULL, NULL), 1);
    ck_assert_double_eq(computed_number(result, "turnover", "new", NULL, NULL), 2);
    ck_assert_double_eq(computed_number(result, "turnover", "lost", NULL, NULL), 0);
    ck_assert_double_eq(computed_number(result, "turnover", "dyads_unknown", NULL, NULL), 2);
    ck_assert_double_eq(computed_number(result, "turnover_actors", "dyads_unknown", "actor", "d"), 2);
    ck_assert_double_eq(whole(result, "earlier", "ties"), 1);
    ck_assert(computed_has_note(result, "2 pairs are unknown"));
    result_destroy(result);
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

START_TEST(nobody_in_both)
{
    struct network *earlier = network_drawn("a-b", false), *later = network_drawn("c-d", false);
    struct result *result = changed(earlier, later, NULL, 1);
    ck_assert(isnan(computed_number(result, "turnover", "jaccard", NULL, NULL)));
    ck_assert(isnan(whole(result, "p", "ties")));
    ck_assert_uint_eq(result_table(result, "presence")->row_count, 4);
    ck_assert_uint_eq(result_table(result, "positions")->row_count, 0);
    ck_assert(computed_has_note(result, "Fewer than two"));
    result_destroy(result);
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

START_TEST(threads_change_nothing)
{
    struct network *earlier = network_random(7, 12, 0.3, true), *later = network_random(8, 12, 0.3, true);
    struct result *one = changed(earlier, later, "replicates=60 permutations=60", 1);
    struct result *three = changed(earlier, later, "replicates=60 permutations=60", 3);
    for (size_t t = 0; t < one->table_count; t++)
        for (size_t c = 0; c < one->tables[t].column_count; c++)
            if (!one->tables[t].columns[c].is_text && one->tables[t].row_count > 0)
                ck_assert_mem_eq(one->tables[t].columns[c].numbers, three->tables[t].columns[c].numbers,
                                 one->tables[t].row_count * sizeof(double));
    result_destroy(one);
    result_destroy(three);
    network_destroy(earlier);
    network_destroy(later);
}
END_TEST

static void expect_earlier(const char *choices, const char *from, const char *to)
{
    char text[300], error[400] = "", wanted[400];
    struct spec spec, earlier;
    snprintf(text, sizeof text, "from=2014-01-01 to=2015-01-01 %s", choices);
    ck_assert_msg(spec_parse(text, &spec, error) && spec_earlier(&spec, &earlier, error), "%s: %s", text, error);
    snprintf(wanted, sizeof wanted, "from=%s to=%s ", from, to);
    char format[SPEC_TEXT_MAX];
    spec_format(&earlier, format);
    ck_assert_msg(strncmp(format, wanted, strlen(wanted)) == 0, "%s is not %s", format, wanted);
}

static void expect_refused(const char *choices, const char *words)
{
    char text[300], error[400] = "";
    struct spec spec;
    snprintf(text, sizeof text, "from=2014-01-01 to=2015-01-01 %s", choices);
    ck_assert_msg(!spec_parse(text, &spec, error), "%s is taken", text);
    ck_assert_msg(strstr(error, words) != NULL, "%s", error);
}

START_TEST(the_earlier_period)
{
    expect_earlier("", "2013-01-01", "2014-01-01");
    expect_earlier("earlier-from=2010-01-01", "2010-01-01", "2011-01-01");
    expect_earlier("earlier-to=2013-01-01", "2012-01-02", "2013-01-01"); /* 2012 is a leap year */
    expect_earlier("earlier-from=2010-03-01 earlier-to=2010-06-01", "2010-03-01", "2010-06-01");
    expect_refused("earlier-from=2013-06-01", "reaches into");
    expect_refused("earlier-to=2014-01-02", "reaches into");
    expect_refused("earlier-from=2010-01-01 earlier-to=2010-01-01", "ends where it begins");
    expect_refused("earlier-from=1900-01-01 earlier-to=2010-01-01", "longer than 100 years");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("change");
    TCase *tcase = tcase_create("change");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, by_hand);
    tcase_add_test(tcase, arcs);
    tcase_add_test(tcase, the_numbers_of_the_families);
    tcase_add_test(tcase, nothing_changes);
    tcase_add_test(tcase, chance_alone);
    tcase_add_test(tcase, a_planted_change);
    tcase_add_test(tcase, unknown_is_not_lost);
    tcase_add_test(tcase, nobody_in_both);
    tcase_add_test(tcase, threads_change_nothing);
    tcase_add_test(tcase, the_earlier_period);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
