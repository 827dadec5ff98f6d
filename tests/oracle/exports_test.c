/* SPDX-License-Identifier: GPL-3.0-or-later
 * Networks written in every format of other programs and read back by these: GraphML, Pajek and DL by igraph here, GraphML,
 * Pajek and GEXF by NetworkX (read_exports.py, which takes the JSON export as the truth).
 */
#include "arguments.h"
#include "ascii.h"
#include "export_files.h"
#include "grid.h"
#include "run_python.h"

#include <check.h>
#include <igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODES_MAX 8
#define TIES_MAX  8

struct drawn_tie {
    int from, to;
    double weight;
};
struct drawn {
    const char *name;
    bool directed;
    int nodes;
    bool reported[NODES_MAX];
    struct drawn_tie ties[TIES_MAX];
    int tie_count;
    struct drawn_tie objections[TIES_MAX];
    int objection_count;
    bool layers, spells;
    const char *unknown; /* as the card has it */
    const char *missing; /* of the specification; NULL = not named */
    struct drawn_tie doubted[TIES_MAX];
    int doubted_count;
};

/* Keys with everything that formats choke on, a number that is none as a double among them; in the order of strcmp, as the
 * worker gives them. */
static const char *const keys[NODES_MAX] = {"'enkle'",        "9007199254740993",  "=SUM(A1)",   "Bufdir, sør",
                                            "Fylke \"nord\"", "Sámediggi\\Guovda", "mælkebøtte", "Åmli"};
static const char *const sectors[NODES_MAX] = {"",    "økonomi", "barn og \"unge\"", "barn og \"unge\"", "økonomi", "",
                                               "mat", "mat"};

static const struct drawn cases[] = {
    {.name = "empty"},
    {.name = "empty directed", .directed = true},
    {.name = "one node", .nodes = 1, .unknown = "0"},
    {.name = "isolates", .nodes = 3, .unknown = "3"},
    {.name = "isolates, complete", .nodes = 3, .unknown = "0"},
    {.name = "undirected",
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 1, 2}, {0, 7, 1.0 / 3}, {1, 2, 1e-7}, {3, 6, 12345.678901234}, {4, 5, 0.1}},
     .tie_count = 5,
     .unknown = "5"},
    {.name = "undirected, objections, layers, spells",
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 1, 2}, {0, 7, 1.0 / 3}, {1, 2, 1e-7}, {3, 6, 12345.678901234}, {4, 5, 0.1}},
     .tie_count = 5,
     .objections = {{1, 0, 1}, {6, 3, 2.5}},
     .objection_count = 2,
     .layers = true,
     .spells = true,
     .unknown = "5"},
    {.name = "directed, objections, layers, spells",
     .directed = true,
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 1, 2}, {1, 0, 3}, {1, 2, 1e-7}, {3, 6, 12345.678901234}, {7, 1, 0.1}},
     .tie_count = 5,
     .objections = {{1, 0, 1}, {6, 3, 2.5}},
     .objection_count = 2,
     .layers = true,
     .spells = true,
     .unknown = "10"},
    {.name = "directed, all have reported",
     .directed = true,
     .nodes = 3,
     .reported = {true, true, true},
     .ties = {{0, 1, 1}, {2, 0, 4}},
     .tie_count = 2,
     .unknown = "0"},
    {.name = "undirected, as reported: both ends must have",
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 3, 2}, {5, 6, 1.5}},
     .tie_count = 2,
     .missing = "as-reported",
     .unknown = "22"},
    {.name = "directed, as reported: the sender must have",
     .directed = true,
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 1, 2}, {3, 6, 1.5}},
     .tie_count = 2,
     .missing = "as-reported",
     .unknown = "28"},
    {.name = "undirected intersection: a silent end could have confirmed",
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 3, 2}},
     .tie_count = 1,
     .missing = "intersection",
     .doubted = {{0, 1}, {5, 7}},
     .doubted_count = 2,
     .unknown = "8"},
    {.name = "directed intersection",
     .directed = true,
     .nodes = 8,
     .reported = {true, false, false, true, false, true, true, false},
     .ties = {{0, 3, 2}},
     .tie_count = 1,
     .missing = "intersection",
     .doubted = {{0, 1}, {1, 0}},
     .doubted_count = 2,
     .unknown = "14"},
    {.name = "put in",
     .nodes = 3,
     .ties = {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}},
     .tie_count = 3,
     .missing = "tied",
     .unknown = "0"},
};
#define CASE_COUNT ((int)(sizeof cases / sizeof cases[0]))

static struct grid grid;
static Samordning__V1__Card card;
static Samordning__V1__CardEntry entry, *entries[1];
static char folder[] = "/tmp/samordning-export-XXXXXX";

static void unit(size_t table, size_t column, const char *text)
{
    grid.result.tables[table]->columns[column]->unit = (char *)(uintptr_t)text;
}

static void add_ties(const struct drawn_tie *ties, int count, size_t first_column)
{
    for (int i = 0; i < count; i++) {
        grid_text(&grid, first_column, keys[ties[i].from]);
        grid_text(&grid, first_column + 1, keys[ties[i].to]);
        grid_number(&grid, first_column + 2, ties[i].weight);
        grid_number(&grid, first_column + 3, i + 1);
    }
}

static void begin_ties(const char *name, const char *const before[])
{
    static const char *const columns[] = {"from", "to", "weight", "count"};
    grid_table(&grid, name);
    for (size_t i = 0; before && before[i]; i++)
        grid_column(&grid, before[i], true);
    for (size_t i = 0; i < 4; i++)
        grid_column(&grid, columns[i], i < 2);
}

/* The first tie in layer "høring" twice over, the others in layer "møte"; the first in two spells, the others in one. */
static void add_layers(const struct drawn *drawn)
{
    static const char *const layer[] = {"layer", NULL};
    begin_ties("relations", layer);
    for (int i = 0; i < drawn->tie_count; i++) {
        grid_text(&grid, 0, i ? "møte" : "høring");
        add_ties(&drawn->ties[i], 1, 1);
    }
}

static void add_spells(const struct drawn *drawn)
{
    static const char *const span[] = {"start", "end", NULL};
    begin_ties("spells", span);
    for (int i = 0; i < drawn->tie_count; i++) {
        for (int part = 0; part < (i ? 1 : 2); part++) {
            grid_text(&grid, 0, part ? "2014-05-01" : "2014-01-01");
            grid_text(&grid, 1, part ? "2014-06-01" : "2014-03-01");
            struct drawn_tie tie = drawn->ties[i];
            tie.weight = i ? tie.weight : tie.weight * (part ? 0.75 : 0.25);
            add_ties(&tie, 1, 2);
        }
    }
}

static void draw(const struct drawn *drawn)
{
    static const char *const columns[] = {"actor", "name", "sector", "reported"};
    grid_init(&grid);
    grid_table(&grid, "nodes");
    for (size_t i = 0; i < 4; i++)
        grid_column(&grid, columns[i], i < 3);
    unit(0, 3, "0 or 1");
    for (int i = 0; i < drawn->nodes; i++) {
        char name[64];
        snprintf(name, sizeof name, "Navn på <%s> & co", keys[i]);
        grid_text(&grid, 0, keys[i]);
        grid_text(&grid, 1, name);
        grid_text(&grid, 2, sectors[i]);
        grid_number(&grid, 3, drawn->reported[i]);
    }
    begin_ties("edges", NULL);
    grid_column(&grid, "state", true);
    add_ties(drawn->ties, drawn->tie_count, 0);
    for (int i = 0; i < drawn->tie_count; i++)
        grid_text(&grid, 4, drawn->missing && strcmp(drawn->missing, "tied") == 0 ? "put_in" : "yes");
    begin_ties("objections", NULL);
    add_ties(drawn->objections, drawn->objection_count, 0);
    if (drawn->missing && strcmp(drawn->missing, "intersection") == 0) {
        grid_table(&grid, "doubted");
        grid_column(&grid, "from", true);
        grid_column(&grid, "to", true);
        for (int i = 0; i < drawn->doubted_count; i++) {
            grid_text(&grid, 0, keys[drawn->doubted[i].from]);
            grid_text(&grid, 1, keys[drawn->doubted[i].to]);
        }
    }
    if (drawn->layers)
        add_layers(drawn);
    if (drawn->spells)
        add_spells(drawn);
    ck_assert(!grid.failed);
    samordning__v1__card__init(&card);
    samordning__v1__card_entry__init(&entry);
    static char spec[128];
    snprintf(spec, sizeof spec, "from=2014-01-01 to=2015-01-01 direction=%s%s%s", drawn->directed ? "directed" : "undirected",
             drawn->missing ? " missing=" : "", drawn->missing ? drawn->missing : "");
    card.spec = spec;
    card.computed_at = (char *)(uintptr_t) "2015-02-03T00:00:00Z";
    entry.key = (char *)(uintptr_t) "unknown pairs";
    entry.value = (char *)(uintptr_t)(drawn->unknown ? drawn->unknown : "0");
    entries[0] = &entry;
    card.entries = entries;
    card.n_entries = 1;
    grid.result.card = &card;
    grid.result.id = (char *)(uintptr_t) "00000000-0000-4000-8000-000000000001";
}

static void erase(void)
{
    grid.result.card = NULL;
    grid_release(&grid);
}

/* Writes folder/n.FORMAT and what belongs to it. */
static int export(const char *format, const char *option, const char *value)
{
    char path[128];
    snprintf(path, sizeof path, "%s/n.%s", folder, format);
    const char *words[] = {"network", "--format", format, "--output", path, option, value};
    struct arguments arguments;
    ck_assert(arguments_parse(&arguments, command_find("network"), option ? 7 : 5, (char **)(uintptr_t)words));
    return render_result(&grid.result, &arguments, true, "edges");
}

static char *slurp(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    char *text = calloc(1, 1 << 16);
    ck_assert_uint_lt(fread(text, 1, (1 << 16) - 1, file), (1 << 16) - 1);
    fclose(file);
    return text;
}

static bool exists(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static FILE *open_export(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    return file;
}

static void start(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void stop(void)
{
    char command[200];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a folder of the test's own */
    erase();
}

/* ---------------------------------------------------------------------------------------------------------- igraph */
/* Each tie with its weight is an edge of the graph; nothing else is. `both`: every undirected tie is there both ways. */
static void same_ties(const igraph_t *graph, const struct drawn_tie *ties, int count, bool both, const char *about)
{
    ck_assert_msg(igraph_ecount(graph) == count * (both ? 2 : 1), "%s: %d edges", about, (int)igraph_ecount(graph));
    for (int i = 0; i < count; i++) {
        for (int turned = 0; turned < (both ? 2 : 1); turned++) {
            igraph_integer_t edge = -1;
            igraph_get_eid(graph, &edge, turned ? ties[i].to : ties[i].from, turned ? ties[i].from : ties[i].to, true, false);
            ck_assert_msg(edge >= 0, "%s: no edge %s - %s", about, keys[ties[i].from], keys[ties[i].to]);
            ck_assert_double_eq(EAN(graph, "weight", edge), ties[i].weight);
        }
    }
}

/* The document without its first graph: igraph 0.10.2 reads no other, whatever index it is asked for. */
static FILE *without_first_graph(void)
{
    char *text = slurp("n.graphml"), *begin = strstr(text, "<graph "), *end = strstr(text, "</graph>");
    ck_assert(begin && end);
    memmove(begin, end + strlen("</graph>"), strlen(end + strlen("</graph>")) + 1);
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    rewind(file);
    free(text);
    return file;
}

static void graphml_by_igraph(const struct drawn *drawn)
{
    for (int index = 0; index < (drawn->objection_count ? 2 : 1); index++) {
        igraph_t graph;
        FILE *file = index ? without_first_graph() : open_export("n.graphml");
        ck_assert_int_eq(igraph_read_graph_graphml(&graph, file, 0), IGRAPH_SUCCESS);
        fclose(file);
        ck_assert_int_eq(igraph_vcount(&graph), drawn->nodes);
        ck_assert_int_eq(igraph_is_directed(&graph), index || drawn->directed);
        ck_assert_str_eq(GAS(&graph, "relation"), index ? "objections" : "ties");
        ck_assert_str_eq(GAS(&graph, "sign"), index ? "negative" : "positive");
        for (int i = 0; i < drawn->nodes; i++) {
            ck_assert_str_eq(VAS(&graph, "id", i), keys[i]);
            ck_assert_int_eq(VAB(&graph, "reported", i), drawn->reported[i]);
        }
        same_ties(&graph, index ? drawn->objections : drawn->ties, index ? drawn->objection_count : drawn->tie_count, false,
                  drawn->name);
        igraph_destroy(&graph);
    }
}

static void pajek_by_igraph(const struct drawn *drawn, const char *name, const struct drawn_tie *ties, int count, bool directed)
{
    igraph_t graph;
    FILE *file = open_export(name);
    ck_assert_msg(igraph_read_graph_pajek(&graph, file) == IGRAPH_SUCCESS, "%s: %s", drawn->name, name);
    fclose(file);
    ck_assert_int_eq(igraph_vcount(&graph), drawn->nodes);
    ck_assert_int_eq(igraph_is_directed(&graph), directed);
    for (int i = 0; i < drawn->nodes; i++) {
        char expected[64];
        snprintf(expected, sizeof expected, "%s", keys[i]);
        for (char *at = expected; *at; at++)
            *at = *at == '"' ? '\'' : *at == '\\' ? '/' : *at;
        ck_assert_str_eq(VAS(&graph, "id", i), expected);
    }
    same_ties(&graph, ties, count, false, drawn->name);
    igraph_destroy(&graph);
}

/* What becomes of the keys in UCINET: worked out by hand. */
static const char *const dl_labels[NODES_MAX] = {"_enkle_",      "9007199254740993",  "_SUM(A1)",     "Bufdir__soer",
                                                 "Fylke__nord_", "Samediggi\\Guovda", "maelkeboette", "AAmli"};

static void dl_list_by_igraph(const struct drawn *drawn)
{
    igraph_t graph;
    FILE *file = open_export("n.dl");
    ck_assert_msg(igraph_read_graph_dl(&graph, file, true) == IGRAPH_SUCCESS, "%s", drawn->name);
    fclose(file);
    ck_assert_int_eq(igraph_vcount(&graph), drawn->nodes);
    for (int i = 0; i < drawn->nodes; i++)
        ck_assert_str_eq(VAS(&graph, "name", i), dl_labels[i]);
    same_ties(&graph, drawn->ties, drawn->tie_count, !drawn->directed, drawn->name);
    igraph_destroy(&graph);
}

START_TEST(every_case_through_igraph)
{
    const struct drawn *drawn = &cases[_i];
    draw(drawn);
    ck_assert_int_eq(export("graphml", NULL, NULL), EXIT_CODE_OK);
    ck_assert_int_eq(export("pajek", NULL, NULL), EXIT_CODE_OK);
    ck_assert_int_eq(export("dl", "--table", "edges"), EXIT_CODE_OK);
    graphml_by_igraph(drawn);
    pajek_by_igraph(drawn, "n.pajek", drawn->ties, drawn->tie_count, drawn->directed);
    ck_assert_int_eq(exists("n.objections.net"), drawn->objection_count > 0);
    if (drawn->objection_count)
        pajek_by_igraph(drawn, "n.objections.net", drawn->objections, drawn->objection_count, true);
    dl_list_by_igraph(drawn);
}
END_TEST

START_TEST(every_case_through_networkx)
{
    const struct drawn *drawn = &cases[_i];
    draw(drawn);
    static const char *const formats[] = {"json", "graphml", "pajek", "gexf", "csv", "dl"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        ck_assert_int_eq(export(formats[i], NULL, NULL), EXIT_CODE_OK);
    ck_assert_msg(run_python("import sys; exec(compile(open(sys.argv[1]).read(), sys.argv[1], 'exec'))",
                             (const char *const[]){READ_EXPORTS, folder, NULL}) == 0,
                  "%s", drawn->name);
}
END_TEST

/* ------------------------------------------------------------------------------------------------------- what is said */
START_TEST(several_relations_are_matrices)
{
    draw(&cases[6]);
    ck_assert_int_eq(export("dl", NULL, NULL), EXIT_CODE_OK);
    char *text = slurp("n.dl");
    ck_assert_ptr_nonnull(strstr(text, "DL N=8 NM=4\nFORMAT=FULLMATRIX\nLABELS:\n_enkle_\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "MATRIX LABELS:\nobjections\nhoering\nmoete\nunknown\nDATA:\n0 0 0 0 0 0 0 0\n1 0 0 0 0 0 0 0\n"));
    free(text);
}
END_TEST

START_TEST(the_fidelity_note_says_what_is_lost)
{
    static const struct {
        const char *format, *option, *value, *file, *words;
    } said[] = {
        {"pajek", NULL, NULL, "n.fidelity.txt", "Unknown dyads: 5.\n"},
        {"pajek", NULL, NULL, "n.fidelity.txt", "\nUnknown dyads\n9007199254740993\tFylke \"nord\"\n"},
        {"pajek", NULL, NULL, "n.fidelity.txt", "FILE.objections.net"},
        {"pajek", NULL, NULL, "n.fidelity.txt", "\n1 barn og \"unge\"\n2 mat\n3 økonomi\n0 none stated\n"},
        {"pajek", NULL, NULL, "n.sector.clu", "*Vertices 8\n0\n3\n1\n1\n3\n0\n2\n2\n"},
        {"pajek", NULL, NULL, "n.reported.clu", "*Vertices 8\n1\n0\n0\n1\n0\n1\n1\n0\n"},
        {"pajek", "--labels", "ascii", "n.labels.csv", "8,AAmli,Åmli,Navn på <Åmli> & co\n"},
        {"gexf", NULL, NULL, "n.fidelity.txt", "direction=directed keeps them"},
        {"gexf", NULL, NULL, "n.fidelity.txt", "\nUnknown dyads\n9007199254740993\tFylke \"nord\"\n"},
        {"graphml", NULL, NULL, "n.fidelity.txt", "(the table \"spells\") is left out"},
        {"dl", NULL, NULL, "n.fidelity.txt", "The matrix \"unknown\" is 1"},
        {"dl", NULL, NULL, "n.fidelity.txt", "7 of 8 labels differ"},
        {"csv", NULL, NULL, "n.unknown.csv", "\n\"'=SUM(A1)\",\"Fylke \"\"nord\"\"\"\n"},
        {"csv", NULL, NULL, "n.card.csv", "spec,from=2014-01-01 to=2015-01-01 direction=undirected\n"},
        {"csv", NULL, NULL, "n.objections.csv", "from,to,weight,count\n"},
        {"json", NULL, NULL, "n.fidelity.txt", "\"unknown_dyads\" lists"},
    };
    draw(&cases[6]);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        ck_assert_int_eq(export(said[i].format, said[i].option, said[i].value), EXIT_CODE_OK);
        char *text = slurp(said[i].file);
        ck_assert_msg(strstr(text, said[i].words) != NULL, "%s: %s does not say \"%s\" but:\n%s", said[i].format, said[i].file,
                      said[i].words, text);
        free(text);
    }
}
END_TEST

START_TEST(labels_stay_apart)
{
    static const char *const alike[] = {
        "Ålesund kommune havn", "Aalesund kommune havn", "AALESUND_KOMMUNE_HAVNEVESEN", "漢", "字", ""};
    grid_init(&grid);
    grid_table(&grid, "nodes");
    grid_column(&grid, "actor", true);
    for (size_t i = 0; i < 6; i++)
        grid_text(&grid, 0, alike[i]);
    begin_ties("edges", NULL);
    struct export network;
    struct export_labels labels;
    ck_assert_int_eq(export_init(&network, &grid.result, NULL), STATUS_OK);
    ck_assert(export_labels_init(&labels, &network, EXPORT_LABELS_DL_ASCII));
    static const char *const expected[] = {"AAlesund_kommune_h", "Aalesund_kommune~2", "AALESUND_KOMMUNE~3", "_", "_~5", "_~6"};
    for (size_t i = 0; i < 6; i++)
        ck_assert_str_eq(labels.texts[i], expected[i]);
    export_labels_release(&labels);
    export_release(&network);
}
END_TEST

START_TEST(letters)
{
    static const char *const words[][2] = {{"ÆØÅæøå", "AEOEAAaeoeaa"},
                                           {"Sámi giellagáldu Čđŋšŧž", "Sami giellagaldu Cdngstz"},
                                           {"Zürich ßÿ Œ", "Zuerich ssy OE"},
                                           {"€\xff\xc3", "___"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[80] = "", ascii[4];
        for (const char *at = words[i][0]; *at;) {
            at += ascii_of(at, ascii);
            strcat(text, ascii);
        }
        ck_assert_str_eq(text, words[i][1]);
    }
}
END_TEST

START_TEST(what_is_no_network_is_refused)
{
    grid_init(&grid);
    grid_table(&grid, "nodes");
    grid_column(&grid, "actor", true);
    grid_text(&grid, 0, "a");
    ck_assert_int_eq(export("graphml", NULL, NULL), EXIT_CODE_FAILED);
    begin_ties("edges", NULL);
    static const struct drawn_tie nowhere = {0, 1, 1}; /* both ends are no nodes here */
    add_ties(&nowhere, 1, 0);
    ck_assert_int_eq(export("gexf", NULL, NULL), EXIT_CODE_FAILED);
    ck_assert(!exists("n.gexf") && !exists("n.fidelity.txt"));
}
END_TEST

int main(void)
{
    igraph_set_attribute_table(&igraph_cattribute_table);
    Suite *suite = suite_create("exports");
    TCase *tcase = tcase_create("export");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_add_loop_test(tcase, every_case_through_igraph, 0, CASE_COUNT);
    tcase_add_loop_test(tcase, every_case_through_networkx, 0, CASE_COUNT);
    tcase_add_test(tcase, several_relations_are_matrices);
    tcase_add_test(tcase, the_fidelity_note_says_what_is_lost);
    tcase_add_test(tcase, labels_stay_apart);
    tcase_add_test(tcase, letters);
    tcase_add_test(tcase, what_is_no_network_is_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
