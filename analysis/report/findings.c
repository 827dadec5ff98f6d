/* SPDX-License-Identifier: GPL-3.0-or-later
 * Findings. A claim is made only when its interval or its q carries it.
 */
#include "findings.h"

#include "tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX       1200
#define BETWEEN_MANY    0.10 /* share of the pairs of others, from which on somebody "lies between" */
#define UNRESOLVED_MANY 0.05
#define UNKNOWN_MANY    0.10

static const struct table *table_of(const struct report_input *input, const char *family, const char *name)
{
    const struct result *result = report_result(input, family);
    return result ? result_table(result, name) : NULL;
}

static const char *name_of(const struct findings *findings, const struct table *table, size_t row)
{
    const char *key = table_text(table, "actor", row);
    return key ? roster_name(findings->roster, key) : "?";
}

/* Adds "A", "A and B", "A, B and C" one by one. */
static void names_add(const struct findings *findings, char names[NAMES_MAX], const char *name, size_t index, size_t count)
{
    size_t used = strlen(names);
    snprintf(names + used, NAMES_MAX - used, "%s%s",
             index == 0           ? ""
             : index + 1 == count ? tr(findings->language, " and ")
                                  : ", ",
             name);
}

/* Rows by a column, largest first, those without the number left out. */
struct ranking {
    size_t *rows;
    size_t count;
};

static int ranking_order(const void *a, const void *b, void *numbers)
{
    const double *all = numbers;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    if (all[x] != all[y])
        return all[x] > all[y] ? -1 : 1;
    return x < y ? -1 : x > y;
}

static struct ranking ranking_of(struct findings *findings, const struct table *table, const char *name)
{
    struct ranking ranking = {0};
    const struct column *column = table ? table_column(table, name) : NULL;
    if (!column || column->is_text || table->row_count == 0)
        return ranking;
    ranking.rows = calloc(table->row_count, sizeof *ranking.rows);
    if (!ranking.rows) {
        findings->page->failed = true;
        return ranking;
    }
    for (size_t i = 0; i < table->row_count; i++)
        if (isfinite(column->numbers[i]))
            ranking.rows[ranking.count++] = i;
    qsort_r(ranking.rows, ranking.count, sizeof *ranking.rows, ranking_order, column->numbers);
    return ranking;
}

static void about_size(struct findings *findings)
{
    const struct language *language = findings->language;
    double interactions = table_number(findings->graph, "interactions", 0), actors = table_number(findings->graph, "actors", 0);
    double ties = table_number(findings->graph, "ties", 0), isolates = table_number(findings->graph, "isolates", 0);
    char a[LANGUAGE_NUMBER_SIZE], b[LANGUAGE_NUMBER_SIZE], c[LANGUAGE_NUMBER_SIZE];
    if (isnan(interactions) || isnan(actors) || isnan(ties))
        return;
    if (interactions == 0 && actors == 0) {
        page_item(findings->page, "%s",
                  tr(language, "No interactions are counted for this period and these layers: the report can only tell what is "
                               "missing."));
        return;
    }
    language_number(language, interactions, 0, a);
    language_number(language, actors, 0, b);
    language_number(language, ties, 0, c);
    page_item(findings->page, tr(language, "%s interactions between %s actors gave %s ties."), a, b, c);
    if (isolates > 0) {
        language_number(language, isolates, 0, a);
        page_item(findings->page,
                  tr_plural(language, "%s actor had no tie to anybody.", "%s actors had no tie to anybody.", isolates), a);
    }
}

static void about_centre(struct findings *findings)
{
    const struct language *language = findings->language;
    const struct table *table = findings->centrality ? findings->centrality : findings->bottlenecks;
    struct ranking ranking = ranking_of(findings, table, "strength");
    double all = 0, top = 0;
    char names[NAMES_MAX] = "", share[LANGUAGE_NUMBER_SIZE];
    size_t count = ranking.count < FINDINGS_NAMED_MAX ? ranking.count : FINDINGS_NAMED_MAX;
    for (size_t i = 0; i < ranking.count; i++)
        all += table_number(table, "strength", ranking.rows[i]);
    for (size_t i = 0; i < count; i++) {
        names_add(findings, names, name_of(findings, table, ranking.rows[i]), i, count);
        top += table_number(table, "strength", ranking.rows[i]);
    }
    if (count == 0 || all <= 0) {
        page_item(findings->page, "%s",
                  tr(language, "Who is central cannot be said: the numbers for it were not delivered, or there are no ties."));
    } else {
        language_percent(language, top / all, 0, share);
        page_item(findings->page,
                  tr(language, "Most central, by the sum of their ties: %s. Together they account for %s of the sum over all "
                               "actors. Rules explain some of "
                               "it; this is a description, not a verdict."),
                  names, share);
    }
    free(ranking.rows);
}

static void about_between(struct findings *findings)
{
    const struct language *language = findings->language;
    struct ranking ranking = ranking_of(findings, findings->centrality, "betweenness_norm");
    char share[LANGUAGE_NUMBER_SIZE];
    if (ranking.count == 0) {
        free(ranking.rows);
        return;
    }
    double largest = table_number(findings->centrality, "betweenness_norm", ranking.rows[0]);
    if (largest < BETWEEN_MANY) {
        language_percent(language, BETWEEN_MANY, 0, share);
        page_item(findings->page,
                  tr(language,
                     "No actor lies on the shortest path of more than %s of the pairs of others: contact has many ways to go."),
                  share);
    } else {
        language_percent(language, largest, 0, share);
        page_item(findings->page,
                  tr(language, "Much passes through %s: it lies on the shortest path between %s of all pairs of others."),
                  name_of(findings, findings->centrality, ranking.rows[0]), share);
    }
    free(ranking.rows);
}

static void about_articulation(struct findings *findings)
{
    const struct language *language = findings->language;
    const struct table *table = findings->bottlenecks;
    if (!table || !table_column(table, "articulation") || !table_column(table, "cut_off"))
        return;
    struct ranking ranking = ranking_of(findings, table, "cut_off");
    size_t named = 0;
    for (size_t i = 0; i < ranking.count && named < FINDINGS_NAMED_MAX; i++) {
        double cut_off = table_number(table, "cut_off", ranking.rows[i]);
        if (table_number(table, "articulation", ranking.rows[i]) != 1 || cut_off <= 0)
            continue;
        char number[LANGUAGE_NUMBER_SIZE];
        language_number(language, cut_off, 0, number);
        page_item(findings->page,
                  tr_plural(language,
                            "Everything to and from %2$s other actor passes through %1$s: without it, that actor would be cut "
                            "off from the rest.",
                            "Everything to and from %2$s other actors passes through %1$s: without it, they would be cut off "
                            "from the rest.",
                            cut_off),
                  name_of(findings, table, ranking.rows[i]), number);
        named++;
    }
    if (named == 0 && table->row_count > 2)
        page_item(findings->page, "%s",
                  tr(language, "No single actor holds the network together: it stays in one piece without any one of them."));
    free(ranking.rows);
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* A number per actor with its interval: what "late" is measured by. */
struct lateness {
    const char *value, *low, *requests;
};
/* Against each request's own deadline, so that short and long requests compare; in days only where there are no deadlines. */
static const struct lateness by_deadline = {"unanswered_at_deadline", "unanswered_at_deadline_low", "with_deadline"};
static const struct lateness by_days = {"median_days", "median_days_low", "requests"};

/* The middle one of the actors' numbers, over those asked often enough, and how many they are; NaN = fewer than three. */
static double typical(struct findings *findings, const struct lateness *lateness, size_t *ret_count)
{
    const struct table *table = findings->bottlenecks;
    size_t count = 0;
    double middle = NAN, *values = calloc(table->row_count + 1, sizeof *values);
    *ret_count = 0;
    if (!values) {
        findings->page->failed = true;
        return NAN;
    }
    for (size_t i = 0; i < table->row_count; i++)
        if (table_number(table, lateness->requests, i) >= FINDINGS_REQUESTS_MIN &&
            isfinite(table_number(table, lateness->value, i)))
            values[count++] = table_number(table, lateness->value, i);
    qsort(values, count, sizeof *values, double_order);
    if (count >= 3)
        middle = count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
    *ret_count = count;
    free(values);
    return middle;
}

/* By how much an interval of 95 % for one actor must grow to hold for the largest of `count` (Bonferroni), by bisection on
 * erfc. */
static double interval_growth(size_t count)
{
    double wanted = (1 - FINDINGS_CONFIDENCE) / (double)(count ? count : 1), low = 0, high = 40;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (erfc(middle / M_SQRT2) > wanted)
            low = middle;
        else
            high = middle;
    }
    return high / FINDINGS_Z;
}

static void say_late(struct findings *findings, const struct lateness *lateness, size_t row, double middle)
{
    const struct language *language = findings->language;
    const struct table *table = findings->bottlenecks;
    char median[LANGUAGE_NUMBER_SIZE], lower[LANGUAGE_NUMBER_SIZE], upper[LANGUAGE_NUMBER_SIZE], asked[LANGUAGE_NUMBER_SIZE],
        others[LANGUAGE_NUMBER_SIZE], share[LANGUAGE_NUMBER_SIZE], share_low[LANGUAGE_NUMBER_SIZE],
        share_high[LANGUAGE_NUMBER_SIZE];
    const char *name = name_of(findings, table, row);
    double high = table_number(table, "median_days_high", row);
    language_number(language, table_number(table, lateness->requests, row), 0, asked);
    language_number(language, table_number(table, "median_days", row), 1, median);
    language_number(language, table_number(table, "median_days_low", row), 1, lower);
    language_number(language, high, 1, upper);
    if (lateness == &by_deadline) {
        language_percent(language, table_number(table, "unanswered_at_deadline", row), 0, share);
        language_percent(language, table_number(table, "unanswered_at_deadline_low", row), 0, share_low);
        language_percent(language, table_number(table, "unanswered_at_deadline_high", row), 0, share_high);
        language_percent(language, middle, 0, others);
        page_item(
            findings->page,
            tr(language,
               "%1$s answers late: %2$s of the requests to it are unanswered at their deadline (95%% interval %3$s to %4$s, "
               "%5$s "
               "requests); for the actor in the middle it is %6$s. The median time to its answer is %7$s days (95%% interval "
               "%8$s to %9$s)."),
            name, share, share_low, share_high, asked, others, median, lower, upper);
        return;
    }
    language_number(language, middle, 1, others);
    if (isfinite(high))
        page_item(
            findings->page,
            tr(language,
               "%1$s answers late: half of the requests to it are answered within %2$s days (95%% interval %3$s to %4$s, %5$s "
               "requests). The actor in the middle needs %6$s days."),
            name, median, lower, upper, asked, others);
    else
        page_item(findings->page,
                  tr(language, "%1$s answers late: half of the requests to it are answered within %2$s days (95%% interval "
                               "from %3$s days, no upper "
                               "bound yet, %4$s requests). The actor in the middle needs %5$s days."),
                  name, median, lower, asked, others);
}

/* Whether what is compared is not told of somebody, in an edition for everybody. */
static bool some_hidden(const struct table *table, const struct lateness *lateness)
{
    for (size_t row = 0; row < table->row_count; row++) {
        double requests = table_number(table, lateness->requests, row);
        if (isnan(requests) ||
            (lateness == &by_deadline && requests >= FINDINGS_REQUESTS_MIN && isnan(table_number(table, lateness->value, row))))
            return true;
    }
    return false;
}

static void about_late(struct findings *findings)
{
    const struct language *language = findings->language;
    const struct table *table = findings->bottlenecks;
    if (!table || !table_column(table, "median_days")) {
        page_item(findings->page, "%s",
                  tr(language, "Who answers late cannot be said: the numbers for it were not delivered."));
        return;
    }
    size_t compared;
    const struct lateness *lateness = &by_deadline;
    double middle = typical(findings, lateness, &compared);
    if (isnan(middle)) {
        lateness = &by_days;
        middle = typical(findings, lateness, &compared);
    }
    struct ranking ranking = ranking_of(findings, table, lateness->value);
    double growth = interval_growth(compared);
    size_t named = 0;
    for (size_t i = 0; i < ranking.count && named < FINDINGS_NAMED_MAX && isfinite(middle); i++) {
        size_t row = ranking.rows[i];
        double value = table_number(table, lateness->value, row), low = table_number(table, lateness->low, row);
        if (table_number(table, lateness->requests, row) < FINDINGS_REQUESTS_MIN || !(value - growth * (value - low) > middle))
            continue;
        say_late(findings, lateness, row, middle);
        named++;
    }
    if (named == 0)
        page_item(findings->page, "%s",
                  isfinite(middle) && some_hidden(table, lateness)
                      ? tr(language,
                           "Of those whose numbers are shown here, nobody answers clearly later than the others, when "
                           "it is taken into account how many are compared.")
                  : isfinite(middle)
                      ? tr(language,
                           "Nobody answers clearly later than the others, when it is taken into account how many are compared.")
                      : tr(language, "Too few requests were answered to say who answers late."));
    free(ranking.rows);
}

static void about_last(struct findings *findings)
{
    const struct language *language = findings->language;
    const struct table *table = findings->bottlenecks;
    struct ranking ranking = ranking_of(findings, table, "marginal_delay_days");
    if (ranking.count > 0) {
        size_t row = ranking.rows[0];
        double last = table_number(table, "last", row), complete = table_number(table, "complete_requests", row);
        double delay = table_number(table, "marginal_delay_days", row);
        if (complete >= FINDINGS_REQUESTS_MIN && delay > 0) {
            char a[LANGUAGE_NUMBER_SIZE], b[LANGUAGE_NUMBER_SIZE], c[LANGUAGE_NUMBER_SIZE];
            language_number(language, last, last == floor(last) ? 0 : 1, a);
            language_number(language, complete, 0, b);
            language_number(language, delay, 0, c);
            page_item(findings->page,
                      tr(language, "Others waited longest for %1$s: it was the last to answer %2$s of %3$s requests, %4$s days "
                                   "in all after the last but one."),
                      name_of(findings, table, row), a, b, c);
        }
    }
    free(ranking.rows);
}

/* Pairs of different sectors with less contact than the activity of their members suggests and q below the level, least first.
 */
static void about_sectors(struct findings *findings)
{
    const struct language *language = findings->language;
    const struct table *table = findings->gaps;
    struct ranking ranking = ranking_of(findings, table, "ratio_configuration");
    if (!table || !table_column(table, "q_configuration") || !table_column(table, "ratio_configuration")) {
        page_item(findings->page, "%s",
                  tr(language, "Which sectors meet less than expected cannot be said: the numbers for it were not delivered."));
        free(ranking.rows);
        return;
    }
    size_t named = 0;
    for (size_t i = ranking.count; i-- > 0 && named < FINDINGS_NAMED_MAX;) {
        size_t row = ranking.rows[i];
        const char *a = table_text(table, "sector_a", row), *b = table_text(table, "sector_b", row);
        double ratio = table_number(table, "ratio_configuration", row), q = table_number(table, "q_configuration", row);
        if (!a || !b || strcmp(a, b) == 0 || !(ratio < 1) || !(q < FINDINGS_LEVEL))
            continue;
        char share[LANGUAGE_NUMBER_SIZE], probability[LANGUAGE_NUMBER_SIZE];
        language_percent(language, ratio, 0, share);
        language_probability_after(language, q, probability);
        page_item(findings->page,
                  tr(language, "The sectors \xe2\x80\x9c%1$s\xe2\x80\x9d and \xe2\x80\x9c%2$s\xe2\x80\x9d have less contact "
                               "than expected: %3$s of "
                               "what the activity of their members suggests (q %4$s)."),
                  roster_sector_name(findings->roster, a), roster_sector_name(findings->roster, b), share, probability);
        named++;
    }
    if (named == 0)
        page_item(findings->page, "%s",
                  table->row_count > 1
                      ? tr(language, "No two sectors have clearly less contact than expected: no such pair has a q below 0.05.")
                      : tr(language, "There is nothing to say about contact between sectors: the network has fewer than two."));
    free(ranking.rows);
}

static void about_silos(struct findings *findings)
{
    const struct language *language = findings->language;
    double ei = table_number(findings->ei, "ei", 0), expected = table_number(findings->ei, "ei_expected", 0),
           p = table_number(findings->ei, "ei_p", 0);
    char a[LANGUAGE_NUMBER_SIZE], b[LANGUAGE_NUMBER_SIZE], c[LANGUAGE_NUMBER_SIZE];
    if (isnan(ei) || isnan(expected) || isnan(p))
        return;
    language_number(language, ei, 2, a);
    language_number(language, expected, 2, b);
    language_probability_after(language, p, c);
    if (p >= FINDINGS_LEVEL)
        page_item(findings->page,
                  tr(language, "Whether contact keeps within sectors cannot be told from chance: the E-I index is %s, %s would "
                               "be expected (p %s)."),
                  a, b, c);
    else if (ei < expected)
        page_item(
            findings->page,
            tr(language, "Contact keeps within sectors more than by chance: the E-I index is %s, %s would be expected (p %s)."),
            a, b, c);
    else
        page_item(
            findings->page,
            tr(language, "Contact crosses sectors more than by chance: the E-I index is %s, %s would be expected (p %s)."), a,
            b, c);
}

static void about_single_links(struct findings *findings)
{
    const struct table *table = findings->singles;
    size_t named = 0;
    for (size_t row = 0; table && row < table->row_count && named < FINDINGS_NAMED_MAX; row++) {
        const char *a = table_text(table, "sector_a", row), *b = table_text(table, "sector_b", row);
        if (!a || !b || table_number(table, "only_member", row) != 0 || !(table_number(table, "ties", row) > 1))
            continue;
        page_item(
            findings->page,
            tr(findings->language,
               "All contact between the sectors \xe2\x80\x9c%1$s\xe2\x80\x9d and \xe2\x80\x9c%2$s\xe2\x80\x9d goes through one "
               "actor: %3$s."),
            roster_sector_name(findings->roster, a), roster_sector_name(findings->roster, b), name_of(findings, table, row));
        named++;
    }
}

static void about_trust(struct findings *findings)
{
    const struct language *language = findings->language;
    double unresolved =
        table_number(findings->graph, "interactions_unresolved", 0) / table_number(findings->graph, "interactions", 0);
    double unknown = table_number(findings->graph, "dyads_unknown", 0) / table_number(findings->graph, "dyads", 0);
    char share[LANGUAGE_NUMBER_SIZE];
    if (unresolved >= UNRESOLVED_MANY) {
        language_percent(language, unresolved, 0, share);
        page_item(
            findings->page,
            tr(language, "Be careful: %s of the interactions have participants whose names are not yet linked to an actor."),
            share);
    }
    if (unknown >= UNKNOWN_MANY) {
        language_percent(language, unknown, 0, share);
        page_item(findings->page,
                  tr(language, "Be careful: for %s of the pairs nobody who would have told has delivered, so it is not known "
                               "whether they had contact."),
                  share);
    }
}

void findings_figures(struct findings *findings)
{
    static const struct {
        const char *column, *label;
        int decimals;
    } figures[] = {{"interactions", N_("Interactions"), 0},
                   {"actors", N_("Actors"), 0},
                   {"ties", N_("Ties"), 0},
                   {"density", N_("Density"), 3},
                   {"components", N_("Components"), 0},
                   {"mean_distance", N_("Mean distance"), 2}};
    struct page *page = findings->page;
    if (!findings->graph || findings->graph->row_count == 0)
        return;
    page_open(page, "dl", "class", "figures", NULL);
    page_newline(page);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        char number[LANGUAGE_NUMBER_SIZE];
        double value = table_number(findings->graph, figures[i].column, 0);
        if (isnan(value))
            continue;
        language_number(findings->language, value, figures[i].decimals, number);
        page_figure(page, tr(findings->language, figures[i].label), number);
    }
    page_close(page);
    page_newline(page);
}

struct findings findings_of(struct page *page, const struct roster *roster, const struct report_input *input)
{
    return (struct findings){.page = page,
                             .language = page->language,
                             .roster = roster,
                             .graph = table_of(input, "graph", "graph"),
                             .centrality = table_of(input, "centrality", "centrality"),
                             .bottlenecks = table_of(input, "bottlenecks", "bottlenecks"),
                             .gaps = table_of(input, "gaps", "gaps"),
                             .ei = table_of(input, "gaps", "ei"),
                             .singles = table_of(input, "gaps", "single_links")};
}

void findings_bottlenecks(struct findings *findings)
{
    about_late(findings);
    about_last(findings);
    about_between(findings);
    about_articulation(findings);
}

void findings_gaps(struct findings *findings)
{
    about_sectors(findings);
    about_silos(findings);
    about_single_links(findings);
}

void findings_network(struct findings *findings)
{
    about_size(findings);
    about_centre(findings);
    about_trust(findings);
}
