/* SPDX-License-Identifier: GPL-3.0-or-later
 * One fixed network in every output format, against files under tests/golden/cli (SAMORDNING_GOLDEN_WRITE=1 writes them anew),
 * and its GraphML read back by NetworkX. */
#include "arguments.h"
#include "export_files.h"
#include "grid.h"
#include "output.h"
#include "render.h"
#include "run_python.h"
#include "width.h"

#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct grid grid;
static Samordning__V1__Card card;
static Samordning__V1__CardEntry entry;
static Samordning__V1__CardEntry *entries[1];
static char *notes[1];

static void make_network(void)
{
    static const struct {
        const char *actor, *name, *sector;
        double strength, closeness;
    } nodes[] = {{"972417777", "Statsministerens kontor", "styring", 3.5, 0.75},
                 {"972417858", "Kommunal- og <distrikts>departementet & \"co\"", "styring", 12345.678901234, NAN},
                 {"=SUM(A1)", "Sámediggi – æøå, 漢字", "", 0.1, 1e-7}};
    static const struct {
        const char *source, *target;
        double weight;
    } edges[] = {{"972417777", "972417858", 2}, {"972417858", "=SUM(A1)", 1.0 / 3}};
    grid_init(&grid);
    grid_table(&grid, "nodes");
    static const char *const columns[] = {"actor", "name", "sector", "strength", "closeness"};
    for (size_t i = 0; i < 5; i++)
        grid_column(&grid, columns[i], i < 3);
    for (size_t i = 0; i < 3; i++) {
        grid_text(&grid, 0, nodes[i].actor);
        grid_text(&grid, 1, nodes[i].name);
        grid_text(&grid, 2, nodes[i].sector);
        grid_number(&grid, 3, nodes[i].strength);
        grid_number(&grid, 4, nodes[i].closeness);
    }
    grid_table(&grid, "edges");
    grid_column(&grid, "source", true);
    grid_column(&grid, "target", true);
    grid_column(&grid, "weight", false);
    for (size_t i = 0; i < 2; i++) {
        grid_text(&grid, 0, edges[i].source);
        grid_text(&grid, 1, edges[i].target);
        grid_number(&grid, 2, edges[i].weight);
    }
    samordning__v1__card__init(&card);
    samordning__v1__card_entry__init(&entry);
    card.family = (char *)(uintptr_t) "network";
    card.spec = (char *)(uintptr_t) "from=2025-01-01 to=2026-01-01 layer=all direction=directed";
    card.computed_at = (char *)(uintptr_t) "2026-01-01T00:00:00Z";
    entry.key = (char *)(uintptr_t) "loops";
    entry.value = (char *)(uintptr_t) "dropped";
    entries[0] = &entry;
    card.entries = entries;
    card.n_entries = 1;
    notes[0] = (char *)(uintptr_t) "1 tie is unknown & left out";
    card.notes = notes;
    card.n_notes = 1;
    grid.result.card = &card;
    ck_assert(!grid.failed);
}

static void free_network(void)
{
    grid.result.card = NULL;
    grid_release(&grid);
}

static void compare(const char *name, const char *text, size_t size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", SAMORDNING_GOLDEN, name);
    if (getenv("SAMORDNING_GOLDEN_WRITE")) {
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fwrite(text, 1, size, file);
        fclose(file);
        return;
    }
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    char *expected = calloc(1, 1 << 16);
    size_t expected_size = fread(expected, 1, (1 << 16) - 1, file);
    fclose(file);
    ck_assert_msg(expected_size == size && memcmp(expected, text, size) == 0, "%s differs; this is:\n%.*s", name, (int)size,
                  text);
    free(expected);
}

/* Words as after "samordning network". */
static void parse(struct arguments *arguments, int count, char **words)
{
    const struct command *command = command_find("network");
    ck_assert_ptr_nonnull(command);
    ck_assert(arguments_parse(arguments, command, count, words));
}

static void render_graphml(FILE *file)
{
    struct export network;
    ck_assert_int_eq(export_init(&network, &grid.result, NULL), STATUS_OK);
    ck_assert(export_graphml(file, &network));
    export_release(&network);
}

static void render_as(const char *name, int count, char **words)
{
    char *text = NULL;
    size_t size = 0;
    struct arguments arguments;
    struct view view;
    parse(&arguments, count, words);
    ck_assert(view_init(&view, &grid.result, &arguments));
    FILE *file = open_memstream(&text, &size);
    const char *format = arguments_text(&arguments, "format", "table");
    if (strcmp(format, "csv") == 0)
        render_csv(file, &view.tables[0]);
    else if (strcmp(format, "json") == 0)
        ck_assert(render_json(file, &view, NULL));
    else if (strcmp(format, "graphml") == 0)
        render_graphml(file);
    else
        render_table(file, &view);
    fclose(file);
    view_release(&view);
    compare(name, text, size);
    free(text);
}

#define RENDER(name, ...)                                                                                                      \
    do {                                                                                                                       \
        const char *words[] = {"network", __VA_ARGS__};                                                                        \
        render_as(name, (int)(sizeof words / sizeof words[0]), (char **)(uintptr_t)words);                                     \
    } while (0)

START_TEST(every_format)
{
    RENDER("network.txt", "--format", "table");
    RENDER("network.nodes.csv", "-f", "csv", "--table", "nodes");
    RENDER("network.edges.csv", "-fcsv", "-t", "edges");
    RENDER("network.json", "--format=json");
    RENDER("network.graphml", "--format", "graphml");
}
END_TEST

START_TEST(selections)
{
    RENDER("network-top.txt", "--sort", "strength", "--top", "2", "--table", "nodes", "--columns", "name,strength");
    RENDER("network-sorted.csv", "-fcsv", "--sort", "closeness", "--table", "nodes", "--columns", "closeness,actor");
    RENDER("network-by-name.csv", "-fcsv", "--sort", "sector", "--table", "nodes", "--columns", "sector,actor");
}
END_TEST

START_TEST(wrong_selections_are_refused)
{
    static const char *const wrong[][3] = {{"network", "--columns", "nmae"},
                                           {"network", "--sort", "x"},
                                           {"network", "--table", "node"},
                                           {"network", "--top", "0"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arguments arguments;
        struct view view;
        parse(&arguments, 3, (char **)(uintptr_t)wrong[i]);
        ck_assert_msg(!view_init(&view, &grid.result, &arguments), "%s %s", wrong[i][1], wrong[i][2]);
    }
}
END_TEST

START_TEST(graphml_comes_back_through_networkx)
{
    char folder[] = "/tmp/samordning-graphml-XXXXXX", path[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/n.graphml", folder);
    const char *words[] = {"network", "--format", "graphml", "--output", path};
    struct arguments arguments;
    parse(&arguments, 5, (char **)(uintptr_t)words);
    ck_assert_int_eq(render_result(&grid.result, &arguments, true, NULL), EXIT_CODE_OK);
    static const char script[] =
        "import networkx, sys\n"
        "g = networkx.read_graphml(sys.argv[1])\n"
        "assert g.is_directed() and len(g) == 3 and g.number_of_edges() == 2, g\n"
        "assert g.nodes['=SUM(A1)'] == {'name': 'Sámediggi – æøå, 漢字', 'strength': 0.1, 'closeness': 1e-7}, g.nodes.data()\n"
        "assert g.nodes['972417858']['strength'] == 12345.678901234 and 'closeness' not in g.nodes['972417858']\n"
        "assert g.nodes['972417858']['name'] == 'Kommunal- og <distrikts>departementet & \"co\"'\n"
        "assert g.edges['972417858', '=SUM(A1)']['weight'] == 1 / 3\n"
        "assert g.graph['spec'].startswith('from=2025-01-01') and g.graph['loops'] == 'dropped', g.graph\n";
    ck_assert_int_eq(run_python(script, (const char *const[]){path, NULL}), 0);
    unlink(path);
    snprintf(path, sizeof path, "%s/n.fidelity.txt", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(numbers_read_back)
{
    const double numbers[] = {
        0, -0.0, 1, -17, 0.1, 1.0 / 3, 1e300, 5e-324, 123456789012345678.0, 2.5, 1e15, 0.30000000000000004};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[RENDER_NUMBER_SIZE];
        render_number(numbers[i], text);
        ck_assert_msg(strtod(text, NULL) == numbers[i], "%s", text);
    }
    char text[RENDER_NUMBER_SIZE];
    render_number(NAN, text);
    ck_assert_str_eq(text, "");
    render_number(-INFINITY, text);
    ck_assert_str_eq(text, "-inf");
    render_number(-17, text);
    ck_assert_str_eq(text, "-17");
    render_number(0.1, text);
    ck_assert_str_eq(text, "0.1");
}
END_TEST

START_TEST(csv_texts_are_harmless)
{
    static const struct {
        const char *text, *csv;
    } texts[] = {{"Finansdepartementet", "Finansdepartementet"},
                 {"a,b", "\"a,b\""},
                 {"a \"b\"", "\"a \"\"b\"\"\""},
                 {"=1+2", "\"'=1+2\""},
                 {"+47", "\"'+47\""},
                 {"-", "\"'-\""},
                 {"@x", "\"'@x\""},
                 {"a\nb", "\"a\nb\""},
                 {"", ""}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *out = NULL;
        size_t size;
        FILE *file = open_memstream(&out, &size);
        render_csv_text(file, texts[i].text);
        fclose(file);
        ck_assert_str_eq(out, texts[i].csv);
        free(out);
    }
}
END_TEST

START_TEST(widths)
{
    ck_assert_uint_eq(width_of("æøå", 6), 3);
    ck_assert_uint_eq(width_of("漢字", 6), 4);
    ck_assert_uint_eq(width_of("e\xcc\x81", 3), 1);
    ck_assert_uint_eq(width_of("", 0), 0);
}
END_TEST

START_TEST(a_full_disk_leaves_no_half_file)
{
    char folder[] = "/tmp/samordning-output-XXXXXX", path[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/o", folder);
    struct output output;
    struct rlimit unlimited;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    ck_assert(output_open(&output, path));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 10000, .rlim_max = unlimited.rlim_max}), 0);
    for (int i = 0; i < 20000; i++)
        fputc('x', output.file);
    bool written = output_commit(&output);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    ck_assert(!written);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing temporary is left */
    /* what is no file stays what it is */
    ck_assert(output_open(&output, "/dev/full"));
    fputs("text", output.file);
    ck_assert(!output_commit(&output));
    struct stat about;
    ck_assert_int_eq(stat("/dev/full", &about), 0);
    ck_assert(S_ISCHR(about.st_mode));
}
END_TEST

START_TEST(files_appear_whole_or_not_at_all)
{
    char folder[] = "/tmp/samordning-output-XXXXXX", path[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/o", folder);
    struct output output;
    ck_assert(output_open(&output, path));
    fputs("half", output.file);
    ck_assert_int_ne(access(path, F_OK), 0);
    output_abandon(&output);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(output_open(&output, path));
    fputs("whole\n", output.file);
    ck_assert(output_commit(&output));
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_int_eq(about.st_size, 6);
    ck_assert(output_open(&output, "/dev/full/x") == false);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing temporary is left */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client_render");
    TCase *tcase = tcase_create("render");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_network, free_network);
    tcase_add_test(tcase, every_format);
    tcase_add_test(tcase, selections);
    tcase_add_test(tcase, wrong_selections_are_refused);
    tcase_add_test(tcase, graphml_comes_back_through_networkx);
    tcase_add_test(tcase, numbers_read_back);
    tcase_add_test(tcase, csv_texts_are_harmless);
    tcase_add_test(tcase, widths);
    tcase_add_test(tcase, files_appear_whole_or_not_at_all);
    tcase_add_test(tcase, a_full_disk_leaves_no_half_file);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
