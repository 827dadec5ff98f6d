/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fixed results.
 */
#include "report_fixture.h"

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
    result_note(result, "%.0f pairs are unknown, not absent: neither end reported for this period.", 4.0);
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

void report_fixture_init(struct report_fixture *fixture)
{
    static const char *const sectors[][2] = {{"economy", "Økonomi og næring"},
                                             {"environment", "Miljø og transport"},
                                             {"justice", "Justis og kommune"},
                                             {"knowledge", "Kunnskap"},
                                             {"welfare", "Velferd"}};
    memset(fixture, 0, sizeof *fixture);
    fixture->network = network();
    fixture->graph = graph();
    fixture->centrality = centrality();
    fixture->bottlenecks = bottlenecks();
    fixture->gaps = gaps();
    for (size_t i = 0; i < MINISTRIES; i++)
        names_nb[i] = (struct report_name){ministries[i].key, ministries[i].nb, ministries[i].abbreviation};
    for (size_t i = 0; i < 5; i++)
        sectors_nb[i] = (struct report_name){sectors[i][0], sectors[i][1], NULL};
    fixture->input = (struct report_input){.operator_name = "Direktoratet for forvaltning og IKT",
                                           .network = fixture->network,
                                           .graph = fixture->graph,
                                           .centrality = fixture->centrality,
                                           .bottlenecks = fixture->bottlenecks,
                                           .gaps = fixture->gaps,
                                           .actor_names = names_nb,
                                           .actor_name_count = MINISTRIES,
                                           .sector_names = sectors_nb,
                                           .sector_name_count = 5,
                                           .labels_waiting = 2};
}

void report_fixture_release(struct report_fixture *fixture)
{
    result_destroy(fixture->network);
    result_destroy(fixture->graph);
    result_destroy(fixture->centrality);
    result_destroy(fixture->bottlenecks);
    result_destroy(fixture->gaps);
}
