/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fixed results.
 */
#include "report_fixture.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SPEC                                                                                                                   \
    "from=2014-01-01 to=2015-01-01 layer=consultation,meeting case=all case-type=all level=ministry view=as-was "              \
    "projection=newman "                                                                                                       \
    "direction=undirected tie=union weight=sum distance=inverse seed=7"

static const struct ministry {
    const char *key, *abbreviation, *nb, *nn, *en, *sector;
    double reported;
} ministries[] = {
    {"872417842", "KD", "Kunnskapsdepartementet", "Kunnskapsdepartementet", "Ministry of Education and Research", "knowledge",
     1},
    {"912660680", "NFD", "Nærings- og fiskeridepartementet", "Nærings- og fiskeridepartementet",
     "Ministry of Trade, Industry and Fisheries", "economy", 1},
    {"972417777", "SMK", "Statsministerens kontor", "Statsministerens kontor", "Office of the Prime Minister", NULL, 1},
    {"972417793", "BLD", "Barne-, likestillings- og inkluderingsdepartementet",
     "Barne-, likestillings- og inkluderingsdepartementet", "Ministry of Children, Equality and Social Inclusion", "welfare",
     1},
    {"972417807", "FIN", "Finansdepartementet", "Finansdepartementet", "Ministry of Finance", "economy", 1},
    {"972417831", "JD", "Justis- og beredskapsdepartementet", "Justis- og beredskapsdepartementet",
     "Ministry of Justice and Public Security", "justice", 1},
    {"972417858", "KMD", "Kommunal- og moderniseringsdepartementet", "Kommunal- og moderniseringsdepartementet",
     "Ministry of Local Government and Modernisation", "justice", 1},
    {"972417874", "LMD", "Landbruks- og matdepartementet", "Landbruks- og matdepartementet", "Ministry of Agriculture and Food",
     "environment", 0},
    {"972417882", "KLD", "Klima- og miljødepartementet", "Klima- og miljødepartementet", "Ministry of Climate and Environment",
     "environment", 1},
    {"972417904", "SD", "Samferdselsdepartementet", "Samferdselsdepartementet", "Ministry of Transport and Communications",
     "environment", 1},
    {"983887406", "HOD", "Helse- og omsorgsdepartementet", "Helse- og omsorgsdepartementet",
     "Ministry of Health and Care Services", "welfare", 1},
    {"983887457", "ASD", "Arbeids- og sosialdepartementet", "Arbeids- og sosialdepartementet",
     "Ministry of Labour and Social Affairs", "welfare", 1},
};
enum { MINISTRIES = sizeof ministries / sizeof ministries[0] };

static const struct {
    int from, to;
    double weight, count;
} ties[] = {
    {0, 3, 9.5, 14},
    {0, 4, 12.25, 20},
    {0, 10, 6.5, 9},
    {0, 11, 11, 16},
    {1, 4, 15.75, 24},
    {1, 8, 4.2, 7},
    {1, 9, 3.3333333333333335, 5},
    {2, 4, 18, 31},
    {3, 4, 7, 11},
    {3, 10, 13.5, 18},
    {3, 11, 16.25, 22},
    {4, 5, 8, 12},
    {4, 6, 10.5, 15},
    {4, 8, 6, 10},
    {4, 9, 9, 12},
    {4, 10, 14, 19},
    {4, 11, 12, 17},
    {5, 6, 11.75, 16},
    {6, 8, 2.5, 4},
    {7, 8, 5, 8},
    {8, 9, 7.75, 10},
    {10, 11, 17.5, 25},
};
enum { TIES = sizeof ties / sizeof ties[0] };

static struct report_name names_nb[MINISTRIES], sectors_nb[5];

static void card(struct result *result)
{
    result_set_text(result, &result->card.spec, SPEC);
    result_set_text(result, &result->card.spec_hash, "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    result_set_text(result, &result->card.watermark, "3:5d41402abc4b2a76");
    result_set_text(result, &result->card.input_hash, "7d793037a0760186");
    result_set_text(result, &result->card.software, "samordning 0.1.0");
    result_set_text(result, &result->card.engine, "igraph 0.10.2");
    result_set_text(result, &result->card.computed_at, "2014-11-26T09:30:00Z");
    result->card.seed = 7;
}

static struct result *begin(const char *family)
{
    struct result *result = result_create(family);
    if (result)
        card(result);
    return result;
}

static void text_column(struct result *result, size_t table, const char *name, const char *definition,
                        const char *const *values, size_t count)
{
    char **texts = result_add_texts(result, table, &(struct column_definition){name, "", definition, ""});
    for (size_t i = 0; texts && i < count; i++)
        if (values[i])
            result_set_text(result, &texts[i], values[i]);
}

static void number_column(struct result *result, size_t table, const char *name, const char *unit, const char *definition,
                          const char *source, const double *values, size_t count)
{
    double *numbers = result_add_numbers(result, table, &(struct column_definition){name, unit, definition, source});
    if (numbers)
        memcpy(numbers, values, count * sizeof *numbers);
}

static size_t actor_table(struct result *result, const char *name)
{
    const char *keys[MINISTRIES], *labels[MINISTRIES], *sectors[MINISTRIES];
    size_t table = result_add_table(result, name, MINISTRIES);
    for (size_t i = 0; i < MINISTRIES; i++) {
        keys[i] = ministries[i].key;
        labels[i] = ministries[i].nb;
        sectors[i] = ministries[i].sector;
    }
    text_column(result, table, "actor", "stable key of the actor", keys, MINISTRIES);
    text_column(result, table, "name", "name of the actor", labels, MINISTRIES);
    text_column(result, table, "sector", "sector the actor belongs to", sectors, MINISTRIES);
    return table;
}

static struct result *network(void)
{
    struct result *result = begin("network");
    size_t table = actor_table(result, "nodes");
    const char *abbreviations[MINISTRIES], *from[TIES], *to[TIES];
    double reported[MINISTRIES], weight[TIES], count[TIES];
    for (size_t i = 0; i < MINISTRIES; i++) {
        abbreviations[i] = ministries[i].abbreviation;
        reported[i] = ministries[i].reported;
    }
    text_column(result, table, "abbreviation", "usual abbreviation", abbreviations, MINISTRIES);
    number_column(result, table, "reported", "", "1 = delivered for the period", "", reported, MINISTRIES);
    for (size_t i = 0; i < TIES; i++) {
        from[i] = ministries[ties[i].from].key;
        to[i] = ministries[ties[i].to].key;
        weight[i] = ties[i].weight;
        count[i] = ties[i].count;
    }
    table = result_add_table(result, "edges", TIES);
    text_column(result, table, "from", "one end of the tie", from, TIES);
    text_column(result, table, "to", "the other end", to, TIES);
    number_column(result, table, "weight", "", "weight of the tie", "", weight, TIES);
    number_column(result, table, "count", "", "interactions behind the tie", "", count, TIES);
    return result;
}

static struct result *centrality(void)
{
    struct result *result = begin("centrality");
    double degree[MINISTRIES] = {0}, strength[MINISTRIES] = {0}, ratio[MINISTRIES] = {0};
    static const double betweenness[MINISTRIES] = {0, 0.0182, 0, 0, 0.6455, 0, 0, 0, 0.2, 0.0091, 0, 0};
    double total = 0, ends = 0;
    for (size_t i = 0; i < TIES; i++) {
        degree[ties[i].from]++;
        degree[ties[i].to]++;
        strength[ties[i].from] += ties[i].weight;
        strength[ties[i].to] += ties[i].weight;
        total += 2 * ties[i].weight;
        ends += 2;
    }
    for (size_t i = 0; i < MINISTRIES; i++)
        ratio[i] = strength[i] / (degree[i] * total / ends);
    size_t table = actor_table(result, "centrality");
    number_column(result, table, "degree", "actors", "number of distinct actors tied to this one, in either direction; binary",
                  "Freeman 1978", degree, MINISTRIES);
    number_column(result, table, "strength", "weight", "sum of the weights of all ties", "Barrat et al. 2004", strength,
                  MINISTRIES);
    number_column(result, table, "strength_ratio", "observed / expected", "a definition no catalogue knows",
                  "Newman 2010, configuration model", ratio, MINISTRIES);
    number_column(result, table, "betweenness_norm", "0..1", "betweenness over the number of pairs of others", "Freeman 1977",
                  betweenness, MINISTRIES);
    result_set_card(result, "distance", "1 / weight");
    result_set_card(result, "interactions", "%.0f", 1234.0);
    result_set_card(result, "random numbers", "%s, one stream per replicate, seed %-llu", "splitmix64", 20140301ULL);
    result_note(result,
                "%zu of %zu actors have not delivered for this period; what only they could have told is unknown, not no",
                (size_t)1000, (size_t)12345);
    return result;
}

static struct result *graph(void)
{
    static const struct {
        const char *name;
        double value;
    } values[] = {{"actors", MINISTRIES},          {"isolates", 0},   {"ties", TIES},        {"interactions", 1234},
                  {"interactions_unresolved", 12}, {"self_ties", 3},  {"dyads", 66},         {"dyads_unknown", 0},
                  {"density", 22 / 66.0},          {"components", 1}, {"mean_distance", NAN}};
    struct result *result = begin("graph");
    size_t table = result_add_table(result, "graph", 1);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        number_column(result, table, values[i].name, "", "as in the analysis", "", &values[i].value, 1);
    result_note(result, "%.0f pairs are unknown, not absent: nobody who reported for this period would have told of a tie.",
                4.0);
    return result;
}

static struct result *bottlenecks(void)
{
    struct result *result = begin("bottlenecks");
    double strength[MINISTRIES] = {0}, articulation[MINISTRIES] = {0}, cut_off[MINISTRIES] = {0}, requests[MINISTRIES],
           answered[MINISTRIES], median[MINISTRIES], low[MINISTRIES], high[MINISTRIES], complete[MINISTRIES], last[MINISTRIES],
           delay[MINISTRIES], alone[MINISTRIES];
    for (size_t i = 0; i < TIES; i++) {
        strength[ties[i].from] += ties[i].weight;
        strength[ties[i].to] += ties[i].weight;
    }
    articulation[8] = cut_off[8] = articulation[4] = cut_off[4] = 1;
    for (size_t i = 0; i < MINISTRIES; i++) {
        bool slow = i == 5;
        requests[i] = 20 + (double)i;
        answered[i] = 18 + (double)i;
        median[i] = slow ? 31.5 : 12 + 0.5 * (double)i;
        low[i] = median[i] - 3;
        high[i] = slow ? 38 : median[i] + 4;
        complete[i] = 15;
        last[i] = slow ? 9 : 1;
        delay[i] = slow ? 84.5 : 2;
        alone[i] = slow ? 0.41 : 0.02;
    }
    requests[7] = answered[7] = complete[7] = 0;
    median[7] = low[7] = high[7] = last[7] = delay[7] = alone[7] = NAN;
    high[11] = NAN;
    size_t table = actor_table(result, "bottlenecks");
    number_column(result, table, "strength", "weight", "sum of the weights of all ties", "Barrat et al. 2004", strength,
                  MINISTRIES);
    number_column(result, table, "articulation", "0/1",
                  "1 when the others of its component would not all be connected without it", "Hopcroft & Tarjan 1973",
                  articulation, MINISTRIES);
    number_column(result, table, "cut_off", "actors", "actors outside the largest of these parts", "Hopcroft & Tarjan 1973",
                  cut_off, MINISTRIES);
    number_column(result, table, "requests", "", "requests that asked this actor for an answer", "", requests, MINISTRIES);
    number_column(result, table, "answered", "", "of these, answered", "", answered, MINISTRIES);
    number_column(result, table, "median_days", "days", "median", "Kaplan & Meier 1958", median, MINISTRIES);
    number_column(result, table, "median_days_low", "days", "lower end of the 95 % interval of the median",
                  "Brookmeyer & Crowley 1982", low, MINISTRIES);
    number_column(result, table, "median_days_high", "days",
                  "upper end of the 95 % interval of the median; missing when not reached", "Brookmeyer & Crowley 1982", high,
                  MINISTRIES);
    number_column(result, table, "complete_requests", "", "requests answered in full by this actor and at least one other", "",
                  complete, MINISTRIES);
    number_column(result, table, "last", "", "of these, this actor answered last; actors answering at the same moment share it",
                  "", last, MINISTRIES);
    number_column(result, table, "marginal_delay_days", "days",
                  "sum of latest minus second latest answer over the requests this actor answered last", "", delay, MINISTRIES);
    number_column(result, table, "waiting_share_only", "share",
                  "days on which this actor was the only one not to have answered / all waiting days", "", alone, MINISTRIES);
    const char *ends[] = {ministries[7].key, ministries[8].key};
    const double sides[] = {1, 11};
    table = result_add_table(result, "bridges", 1);
    text_column(result, table, "from", "key of one end of the tie", &ends[0], 1);
    text_column(result, table, "to", "key of the other end", &ends[1], 1);
    number_column(result, table, "from_side", "actors", "actors on the side of the first end when the tie is gone",
                  "Hopcroft & Tarjan 1973", &sides[0], 1);
    number_column(result, table, "to_side", "actors", "actors on the side of the other end", "Hopcroft & Tarjan 1973",
                  &sides[1], 1);
    return result;
}

static struct result *gaps(void)
{
    static const char *const a[] = {"justice", "environment", "economy", "welfare"}, *const b[] = {"welfare", "welfare",
                                                                                                   "knowledge", "welfare"};
    static const double observed[] = {0, 0, 12.25, 47.25}, expected[] = {24.5, 30.25, 14, 16.5};
    static const double p[] = {0.002, 0.0004, 0.61, 0.004}, q[] = {0.012, 0.0008, 0.72, 0.02};
    static const double ei[] = {0.2727272727, 0.5, 0.03};
    static const char *const ei_names[] = {"ei", "ei_expected", "ei_p"};
    double ratio[4];
    struct result *result = begin("gaps");
    for (size_t i = 0; i < 4; i++)
        ratio[i] = observed[i] / expected[i];
    ratio[0] = 0.08;
    size_t table = result_add_table(result, "gaps", 4);
    text_column(result, table, "sector_a", "one sector; in a directed network the one ties come from", a, 4);
    text_column(result, table, "sector_b", "the other sector; in a directed network the one ties go to", b, 4);
    number_column(result, table, "observed", "weight", "sum of the weights of the ties between the two sectors", "Newman 2003",
                  observed, 4);
    number_column(result, table, "expected_configuration", "weight",
                  "weight expected when every actor keeps its strength and meets others in proportion to theirs",
                  "Newman 2010, configuration model", expected, 4);
    number_column(result, table, "ratio_configuration", "observed / expected",
                  "observed / expected_configuration; under 1 = less than activity suggests",
                  "Newman 2010, configuration model", ratio, 4);
    number_column(result, table, "p_configuration", "", "two-sided permutation p value of ratio_configuration",
                  "Phipson & Smyth 2010", p, 4);
    number_column(result, table, "q_configuration", "", "false discovery rate at which this pair would be called",
                  "Benjamini & Hochberg 1995", q, 4);
    table = result_add_table(result, "ei", 1);
    for (size_t i = 0; i < 3; i++)
        number_column(result, table, ei_names[i], "", "E-I", "Krackhardt & Stern 1988", &ei[i], 1);
    result_note(result, "%zu actors have no sector and are left out, with their ties: %s.", (size_t)1,
                "Statsministerens kontor");
    return result;
}

/* A table written down row by row: the first `text_count` columns are texts. */
struct written {
    const char *table, *columns[12], *units[12];
    size_t text_count, column_count, row_count;
    const char *texts[4][4]; /* by row */
    double numbers[4][12];   /* by row, after the texts */
};

static void write_table(struct result *result, const struct written *written)
{
    size_t table = result_add_table(result, written->table, written->row_count);
    for (size_t c = 0; c < written->column_count; c++) {
        const char *texts[4];
        double numbers[4];
        for (size_t r = 0; r < written->row_count; r++) {
            texts[r] = c < written->text_count ? written->texts[r][c] : NULL;
            numbers[r] = c < written->text_count ? NAN : written->numbers[r][c - written->text_count];
        }
        if (c < written->text_count)
            text_column(result, table, written->columns[c], "as in the analysis", texts, written->row_count);
        else
            number_column(result, table, written->columns[c], written->units[c - written->text_count], "as in the analysis", "",
                          numbers, written->row_count);
    }
}

#define FIN "972417807"
#define JD  "972417831"
#define KD  "872417842"
#define HOD "983887406"

static struct result *duty(void)
{
    struct result *result = begin("duty");
    write_table(result, &(struct written){.table = "summary",
                                          .columns = {"due", "missing", "late", "short", "in_time", "fulfilled",
                                                      "fulfilled_low", "fulfilled_high"},
                                          .units = {"", "", "", "", "", "share", "share", "share"},
                                          .column_count = 8,
                                          .row_count = 1,
                                          .numbers = {{44, 5, 3, 2, 30, 0.75, 0.6, 0.86}}});
    write_table(result, &(struct written){.table = "rules",
                                          .columns = {"rule", "due", "in_time", "missing", "late", "short", "fulfilled"},
                                          .units = {"", "", "", "", "", "share"},
                                          .text_count = 1,
                                          .column_count = 7,
                                          .row_count = 2,
                                          .texts = {{"3-2 state budget"}, {"3-2 climate"}},
                                          .numbers = {{40, 30, 1, 3, 2, 0.833}, {4, 0, 4, 0, 0, 0}}});
    write_table(result, &(struct written){.table = "duty",
                                          .columns = {"owner", "addressee", "due", "missing", "late", "short", "in_time",
                                                      "fulfilled", "fulfilled_low", "fulfilled_high"},
                                          .units = {"", "", "", "", "", "share", "share", "share"},
                                          .text_count = 2,
                                          .column_count = 10,
                                          .row_count = 2,
                                          .texts = {{KD, "972417882"}, {JD, FIN}},
                                          .numbers = {{4, 4, 0, 0, 0, 0, 0, 0.49}, {30, 0, 3, 2, 25, 0.83, 0.66, 0.93}}});
    return result;
}

static struct result *righttime(void)
{
    struct result *result = begin("righttime");
    write_table(result, &(struct written){.table = "all",
                                          .columns = {"involvements", "timed", "earliness", "earliness_low", "earliness_high",
                                                      "placed", "late", "late_share", "late_share_low", "late_share_high"},
                                          .units = {"", "", "share", "share", "share", "", "", "share", "share", "share"},
                                          .column_count = 10,
                                          .row_count = 1,
                                          .numbers = {{90, 70, 0.31, 0.25, 0.37, 80, 16, 0.2, 0.127, 0.3}}});
    write_table(result,
                &(struct written){.table = "righttime",
                                  .columns = {"actor", "placed", "late", "late_share", "late_share_low", "late_share_high"},
                                  .units = {"", "", "share", "share", "share"},
                                  .text_count = 1,
                                  .column_count = 6,
                                  .row_count = 2,
                                  .texts = {{HOD}, {FIN}},
                                  .numbers = {{20, 16, 0.8, 0.58, 0.92}, {60, 0, 0, 0, 0.06}}});
    write_table(result, &(struct written){.table = "deadlines",
                                          .columns = {"rule", "actor", "with_deadline", "long_enough", "agreed", "too_short",
                                                      "compliant_share", "compliant_share_low", "compliant_share_high"},
                                          .units = {"", "", "", "", "share", "share", "share"},
                                          .text_count = 2,
                                          .column_count = 9,
                                          .row_count = 2,
                                          .texts = {{"consultation_3_weeks", NULL}, {"consultation_3_weeks", JD}},
                                          .numbers = {{50, 40, 5, 5, 0.9, 0.79, 0.96}, {9, 9, 0, 0, 1, 0.7, 1}}});
    write_table(result, &(struct written){.table = "order",
                                          .columns = {"rule", "cases", "in_order_share", "in_order_share_low",
                                                      "in_order_share_high", "without_the_first"},
                                          .units = {"", "share", "share", "share", ""},
                                          .text_count = 1,
                                          .column_count = 6,
                                          .row_count = 1,
                                          .texts = {{"consultation_before_hearing"}},
                                          .numbers = {{12, 0.75, 0.47, 0.91, 3}}});
    return result;
}

static struct result *response_times(void)
{
    static const char *const columns[] = {"requests",
                                          "median_days",
                                          "median_days_low",
                                          "median_days_high",
                                          "with_deadline",
                                          "unanswered_at_deadline",
                                          "unanswered_at_deadline_low",
                                          "unanswered_at_deadline_high"};
    struct result *result = begin("time");
    struct written all = {.table = "all",
                          .units = {"", "days", "days", "days", "", "share", "share", "share"},
                          .column_count = 8,
                          .row_count = 1,
                          .numbers = {{300, 15.5, 14, 17.5, 280, 0.22, 0.17, 0.27}}};
    struct written stages = all;
    memcpy(all.columns, columns, sizeof columns);
    memcpy(&stages.columns[1], columns, sizeof columns);
    stages.table = "stages";
    stages.columns[0] = "stage";
    stages.texts[0][0] = "consultation";
    stages.text_count = 1;
    stages.column_count = 9;
    write_table(result, &all);
    write_table(result, &stages);
    write_table(result, &(struct written){.table = "logrank",
                                          .columns = {"actors", "p"},
                                          .units = {"", ""},
                                          .column_count = 2,
                                          .row_count = 1,
                                          .numbers = {{11, 0.0004}}});
    write_table(result,
                &(struct written){.table = "time",
                                  .columns = {"actor", "requests", "unanswered_at_deadline", "unanswered_at_deadline_low",
                                              "unanswered_at_deadline_high", "answer_rate_ratio", "p", "q"},
                                  .units = {"", "share", "share", "share", "ratio", "", ""},
                                  .text_count = 1,
                                  .column_count = 8,
                                  .row_count = 3,
                                  .texts = {{JD}, {FIN}, {KD}},
                                  .numbers = {{25, 0.7, 0.5, 0.85, 0.4, 0.0005, 0.004},
                                              {24, 0.2, 0.08, 0.4, 0.9, 0.5, 0.6},
                                              {20, 0.1, 0.02, 0.3, 1.6, 0.001, 0.005}}});
    return result;
}

static struct result *keyplayers(void)
{
    struct result *result = begin("keyplayers");
    write_table(result, &(struct written){.table = "whole",
                                          .columns = {"distance_fragmentation", "tie_connectivity", "actor_connectivity"},
                                          .units = {"0..1", "ties", "actors"},
                                          .column_count = 3,
                                          .row_count = 1,
                                          .numbers = {{0.35, 1, 1}}});
    write_table(result, &(struct written){.table = "sets",
                                          .columns = {"measure", "actors", "size", "value", "place", "equal_sets"},
                                          .units = {"actors", "0..1", "", "sets"},
                                          .text_count = 2,
                                          .column_count = 6,
                                          .row_count = 3,
                                          .texts = {{"fragmentation", FIN},
                                                    {"distance_fragmentation", FIN},
                                                    {"distance_fragmentation", FIN ", 972417882"}},
                                          .numbers = {{1, 0.2, 1, 1}, {1, 0.55, 1, 1}, {2, 0.71, 1, 1}}});
    return result;
}

static struct result *brokerage(void)
{
    struct result *result = begin("brokerage");
    write_table(result, &(struct written){.table = "brokerage",
                                          .columns = {"actor", "sector", "coordinator", "liaison", "brokerage"},
                                          .units = {"", "", ""},
                                          .text_count = 2,
                                          .column_count = 5,
                                          .row_count = 2,
                                          .texts = {{FIN, "economy"}, {KD, "knowledge"}},
                                          .numbers = {{0, 42, 50}, {0, 1, 2}}});
    write_table(result, &(struct written){.table = "roles",
                                          .columns = {"actor", "role", "count", "expected_permutation", "q"},
                                          .units = {"", "", ""},
                                          .text_count = 2,
                                          .column_count = 5,
                                          .row_count = 2,
                                          .texts = {{FIN, "liaison"}, {KD, "liaison"}},
                                          .numbers = {{42, 30.5, 0.01}, {1, 0.5, 0.8}}});
    return result;
}

static struct result *need(void)
{
    struct result *result = begin("need");
    write_table(result, &(struct written){.table = "congruence",
                                          .columns = {"needed", "needed_done", "needed_missing", "needed_unknown", "congruence",
                                                      "congruence_low", "congruence_high", "congruence_expected",
                                                      "congruence_percentile", "congruence_p"},
                                          .units = {"", "", "", "", "0..1", "0..1", "0..1", "0..1", "0..100", ""},
                                          .column_count = 10,
                                          .row_count = 1,
                                          .numbers = {{20, 14, 5, 1, 14 / 19.0, 0.7, 0.75, 0.6, 93, 0.14}}});
    write_table(result, &(struct written){
                            .table = "sectors",
                            .columns = {"sector_a", "sector_b", "needed", "contact", "contact_expected", "p_low", "q_low"},
                            .units = {"", "observed / expected", "observed / expected", "", ""},
                            .text_count = 2,
                            .column_count = 7,
                            .row_count = 2,
                            .texts = {{"knowledge", "welfare"}, {"economy", "justice"}},
                            .numbers = {{3, 0.25, 0.95, 0.001, 0.006}, {2, 0.8, 0.9, 0.3, 0.6}}});
    write_table(result,
                &(struct written){.table = "need",
                                  .columns = {"actor_a", "actor_b", "list", "goals", "rank", "requirement", "weight"},
                                  .units = {"", "weight", "weight"},
                                  .text_count = 4,
                                  .column_count = 7,
                                  .row_count = 2,
                                  .texts = {{KD, HOD, "needed_missing", "Psykisk helse"}, {FIN, JD, "needed_done", NULL}},
                                  .numbers = {{1, 2.5, 0}, {NAN, 1, 8}}});
    return result;
}

static struct result *communities(void)
{
    struct result *result = begin("communities");
    write_table(result, &(struct written){.table = "partition",
                                          .columns = {"communities", "modularity", "runs", "runs_best", "ari", "ari_p"},
                                          .units = {"", "", "", "0..1", "", ""},
                                          .column_count = 6,
                                          .row_count = 1,
                                          .numbers = {{2, 0.21, 100, 0.98, 0.33, 0.03}}});
    write_table(result, &(struct written){.table = "matching",
                                          .columns = {"sector", "community", "actors"},
                                          .units = {"", ""},
                                          .text_count = 1,
                                          .column_count = 3,
                                          .row_count = 2,
                                          .texts = {{"welfare"}, {"economy"}},
                                          .numbers = {{1, 4}, {2, 2}}});
    return result;
}

static struct result *objections(void)
{
    struct result *result = begin("objections");
    write_table(result, &(struct written){.table = "all",
                                          .columns = {"objections", "placed", "late_share", "late_share_low", "late_share_high",
                                                      "late_renewed", "escalated", "to_conference_share",
                                                      "to_conference_share_low", "to_conference_share_high"},
                                          .units = {"", "", "share", "share", "share", "", "", "share", "share", "share"},
                                          .column_count = 10,
                                          .row_count = 1,
                                          .numbers = {{31, 20, 0.25, 0.11, 0.47, 2, 8, 0.375, 0.14, 0.69}}});
    write_table(result, &(struct written){.table = "stages",
                                          .columns = {"stage", "objections", "kind_objection", "kind_disagreement"},
                                          .units = {"", "", ""},
                                          .text_count = 1,
                                          .column_count = 4,
                                          .row_count = 2,
                                          .texts = {{"consultation"}, {"rnote"}},
                                          .numbers = {{25, 20, 6}, {6, 2, 4}}});
    write_table(result, &(struct written){.table = "levels",
                                          .columns = {"level", "lifted_to", "resolved_at", "resolved_share"},
                                          .units = {"", "", "share"},
                                          .text_count = 1,
                                          .column_count = 4,
                                          .row_count = 2,
                                          .texts = {{"department_head"}, {"government_conference"}},
                                          .numbers = {{8, 4, 0.571}, {3, 3, 0.429}}});
    return result;
}

static struct result *cases(void)
{
    struct result *result = begin("case");
    write_table(result, &(struct written){.table = "summary",
                                          .columns = {"cases", "decided", "due", "kept", "kept_share", "kept_share_low",
                                                      "kept_share_high", "objected", "objected_share", "lifted"},
                                          .units = {"", "", "", "", "share", "share", "share", "", "share", ""},
                                          .column_count = 10,
                                          .row_count = 1,
                                          .numbers = {{40, 25, 120, 90, 0.75, 0.666, 0.819, 12, 0.3, NAN}}});
    write_table(result, &(struct written){
                            .table = "cases",
                            .columns = {"case", "owner", "decided", "stages", "days", "requests", "in_time", "late", "overdue",
                                        "objections"},
                            .units = {"days", "", "", "", "", ""},
                            .text_count = 4,
                            .column_count = 10,
                            .row_count = 2,
                            .texts = {{"2014/17", KD, "2014-06-27", "consultation, hearing"}, {"2014/18", FIN, NULL, NULL}},
                            .numbers = {{120, 4, 3, 1, 0, 2}, {NAN, 9, 8, 0, 1, 0}}});
    return result;
}

struct result *report_fixture_result(struct report_fixture *fixture, const char *family)
{
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++)
        if (strcmp(fixture->results[i]->card.family, family) == 0)
            return fixture->results[i];
    return NULL;
}

double *report_fixture_numbers(struct report_fixture *fixture, const char *family, const char *table, const char *column)
{
    return table_column(result_table(report_fixture_result(fixture, family), table), column)->numbers;
}

void report_fixture_leave_out(struct report_fixture *fixture, const char *family)
{
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++)
        if (strcmp(fixture->results[i]->card.family, family) == 0)
            fixture->shown[i] = NULL;
}

void report_fixture_init(struct report_fixture *fixture)
{
    static const char *const sectors[][2] = {{"economy", "Økonomi og næring"},
                                             {"environment", "Miljø og transport"},
                                             {"justice", "Justis og kommune"},
                                             {"knowledge", "Kunnskap"},
                                             {"welfare", "Velferd"}};
    memset(fixture, 0, sizeof *fixture);
    static struct result *(*const makers[REPORT_FIXTURE_RESULTS])(void) = {
        network,        graph,      centrality, bottlenecks, gaps,        duty,       righttime,
        response_times, keyplayers, brokerage,  need,        communities, objections, cases};
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++)
        fixture->shown[i] = fixture->results[i] = makers[i]();
    for (size_t i = 0; i < MINISTRIES; i++)
        names_nb[i] = (struct report_name){ministries[i].key, ministries[i].nb, ministries[i].abbreviation};
    for (size_t i = 0; i < 5; i++)
        sectors_nb[i] = (struct report_name){sectors[i][0], sectors[i][1], NULL};
    fixture->input = (struct report_input){.operator_name = "Direktoratet for forvaltning og IKT",
                                           .results = fixture->shown,
                                           .result_count = REPORT_FIXTURE_RESULTS,
                                           .actor_names = names_nb,
                                           .actor_name_count = MINISTRIES,
                                           .sector_names = sectors_nb,
                                           .sector_name_count = 5,
                                           .labels_waiting = 2};
}

void report_fixture_release(struct report_fixture *fixture)
{
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++)
        result_destroy(fixture->results[i]);
}

char *report_fixture_render(const struct report_input *input, const char *language)
{
    char *html = NULL, error[400] = "";
    size_t size;
    ck_assert_msg(report_render(input, language, &html, &size, error), "%s", error);
    ck_assert_uint_eq(strlen(html), size);
    return html;
}

void report_fixture_says(const char *html, const char *const *said, const char *const *not_said)
{
    for (; *said; said++)
        ck_assert_msg(strstr(html, *said) != NULL, "the report does not say: %s", *said);
    for (; *not_said; not_said++)
        ck_assert_msg(strstr(html, *not_said) == NULL, "the report says: %s", *not_said);
}
