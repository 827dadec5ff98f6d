/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bipartite degree model: its constraints, degrees that leave no choice, exact tails, and p values under the model itself.
 */
#include "degree_model.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX    40
#define COLUMNS_MAX 200

struct graph {
    size_t rows, columns;
    bool at[ROWS_MAX][COLUMNS_MAX];
    double degrees[ROWS_MAX], sizes[COLUMNS_MAX];
};

static void count(struct graph *graph)
{
    memset(graph->degrees, 0, sizeof graph->degrees);
    memset(graph->sizes, 0, sizeof graph->sizes);
    for (size_t r = 0; r < graph->rows; r++)
        for (size_t c = 0; c < graph->columns; c++) {
            graph->degrees[r] += graph->at[r][c];
            graph->sizes[c] += graph->at[r][c];
        }
}

static void fit(const struct graph *graph, struct degree_model *ret_model)
{
    ck_assert_int_eq(degree_model_init(ret_model, graph->degrees, graph->rows, graph->sizes, graph->columns, NULL, NULL),
                     DEGREE_OK);
    ck_assert(ret_model->settled);
}

static double chance(const struct degree_model *model, size_t r, size_t c)
{
    return model->p[model->row_class[r] * model->column_class_count + model->column_class[c]];
}

static void check_constraints(const struct graph *graph, const struct degree_model *model)
{
    for (size_t r = 0; r < graph->rows; r++) {
        double degree = 0;
        bool within = true;
        for (size_t c = 0; c < graph->columns; c++) {
            within = within && chance(model, r, c) >= 0 && chance(model, r, c) <= 1;
            degree += chance(model, r, c);
        }
        ck_assert(within);
        ck_assert_double_eq_tol(degree, graph->degrees[r], 1e-6);
    }
    for (size_t c = 0; c < graph->columns; c++) {
        double size = 0;
        for (size_t r = 0; r < graph->rows; r++)
            size += chance(model, r, c);
        ck_assert_double_eq_tol(size, graph->sizes[c], 1e-6);
    }
}

/* Uneven: each row and each column has an inclination of its own. */
static void draw_uneven(struct graph *graph, uint64_t seed)
{
    struct random_stream stream;
    random_stream_init(&stream, seed, 7);
    *graph = (struct graph){.rows = 1 + (size_t)random_stream_below(&stream, ROWS_MAX),
                            .columns = 1 + (size_t)random_stream_below(&stream, COLUMNS_MAX)};
    double row[ROWS_MAX], column[COLUMNS_MAX];
    for (size_t r = 0; r < graph->rows; r++)
        row[r] = random_stream_unit(&stream);
    for (size_t c = 0; c < graph->columns; c++)
        column[c] = random_stream_unit(&stream);
    for (size_t r = 0; r < graph->rows; r++)
        for (size_t c = 0; c < graph->columns; c++)
            graph->at[r][c] = random_stream_unit(&stream) < row[r] * column[c];
    count(graph);
}

START_TEST(constraints_hold)
{
    static struct graph graph;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct degree_model model;
        draw_uneven(&graph, seed);
        fit(&graph, &model);
        check_constraints(&graph, &model);
        degree_model_release(&model);
    }
}
END_TEST

static void draw(struct graph *graph, size_t rows, const char *columns)
{
    *graph = (struct graph){.rows = rows};
    for (const char *at = columns; *at; at++) {
        if (*at == ' ')
            graph->columns++;
        else if (*at != '-')
            graph->at[*at - 'a'][graph->columns] = true;
    }
    graph->columns++;
    count(graph);
}

START_TEST(no_choice)
{
    /* Columns are meetings; - is one nobody came to. Each of these has its degrees in one way only: chances are 0 and 1. */
    static const struct {
        size_t rows;
        const char *columns;
    } forced[] = {
        {3, "abc abc"},       /* everybody everywhere */
        {3, "- -"},           /* nobody anywhere */
        {1, "a -"},           /* one actor */
        {3, "ab a"},          /* a always, c never */
        {4, "a ab abc abcd"}, /* nested */
        {4, "abc ab abc ab abcd"},
    };
    static struct graph graph;
    for (size_t i = 0; i < sizeof forced / sizeof forced[0]; i++) {
        struct degree_model model;
        draw(&graph, forced[i].rows, forced[i].columns);
        fit(&graph, &model);
        for (size_t r = 0; r < graph.rows; r++)
            for (size_t c = 0; c < graph.columns; c++)
                ck_assert_double_eq(chance(&model, r, c), graph.at[r][c]);
        degree_model_release(&model);
    }

    /* Nobody is everywhere or nowhere, and no meeting has everybody or nobody; still a and b must be at both large ones, and
     * nobody else can be at a small one. What is left is even. */
    struct degree_model model;
    draw(&graph, 4, "a b abc abd");
    fit(&graph, &model);
    static const double both[4][4] = {{.5, .5, 1, 1}, {.5, .5, 1, 1}, {0, 0, .5, .5}, {0, 0, .5, .5}};
    for (size_t r = 0; r < 4; r++)
        for (size_t c = 0; c < 4; c++)
            ck_assert_double_eq_tol(chance(&model, r, c), both[r][c], 1e-9);
    degree_model_release(&model);

    /* One always there, one never, one meeting of all, among others that have a choice. */
    draw(&graph, 5, "abcd ab ac ad abc");
    fit(&graph, &model);
    check_constraints(&graph, &model);
    ck_assert_double_eq(chance(&model, 0, 3), 1);
    ck_assert_double_eq(chance(&model, 3, 0), 1);
    ck_assert_double_eq(chance(&model, 4, 0), 0);
    ck_assert(chance(&model, 1, 1) > 0 && chance(&model, 1, 1) < 1);
    degree_model_release(&model);

    ck_assert_int_eq(degree_model_init(&model, NULL, 0, NULL, 0, NULL, NULL), DEGREE_OK);
    ck_assert(model.settled && model.row_class_count == 0);
    degree_model_release(&model);
}
END_TEST

/* Chances of 0, 1, ... times both, meeting by meeting (Poisson-binomial). */
static void add_meetings(const struct degree_model *model, const struct graph *graph, size_t a, size_t b, double *ret_chances)
{
    memset(ret_chances, 0, (COLUMNS_MAX + 1) * sizeof *ret_chances);
    ret_chances[0] = 1;
    for (size_t c = 0; c < graph->columns; c++) {
        double both = chance(model, a, c) * chance(model, b, c);
        for (size_t k = c + 1; k > 0; k--)
            ret_chances[k] = ret_chances[k] * (1 - both) + ret_chances[k - 1] * both;
        ret_chances[0] *= 1 - both;
    }
}

START_TEST(tails_are_exact)
{
    static struct graph graph;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct degree_model model;
        draw_uneven(&graph, seed);
        fit(&graph, &model);
        for (size_t b = 1; b < graph.rows; b++) {
            double chances[COLUMNS_MAX + 1], mean = 0, tail = 0;
            struct degree_together together;
            add_meetings(&model, &graph, 0, b, chances);
            ck_assert(degree_model_together(&model, model.row_class[0], model.row_class[b], &together));
            for (size_t k = graph.columns + 1; k-- > 0;) {
                mean += (double)k * chances[k];
                tail += chances[k];
                if (!(fabs(degree_together_at_least(&together, (double)k) - tail) <= 1e-10))
                    ck_abort_msg("at least %zu of pair %zu", k, b);
            }
            ck_assert_double_eq_tol(together.mean, mean, 1e-10 * (1 + mean));
            ck_assert_double_eq(degree_together_at_least(&together, (double)graph.columns + 1), 0);
            degree_together_release(&together);
        }
        degree_model_release(&model);
    }
}
END_TEST

/* For each pair the fewest meetings at which p <= 0.05, and that p: what the share of drawn graphs that reach it should be. */
static double find_limits(const struct graph *graph, const struct degree_model *model, double limits[ROWS_MAX][ROWS_MAX])
{
    double promised = 0;
    for (size_t a = 0; a < graph->rows; a++)
        for (size_t b = a + 1; b < graph->rows; b++) {
            struct degree_together together;
            ck_assert(degree_model_together(model, model->row_class[a], model->row_class[b], &together));
            for (limits[a][b] = 0; degree_together_at_least(&together, limits[a][b]) > 0.05;)
                limits[a][b]++;
            promised += degree_together_at_least(&together, limits[a][b]);
            degree_together_release(&together);
        }
    return promised;
}

static double call_pairs(const struct graph *graph, double limits[ROWS_MAX][ROWS_MAX])
{
    double called = 0;
    for (size_t a = 0; a < graph->rows; a++)
        for (size_t b = a + 1; b < graph->rows; b++) {
            double met = 0;
            for (size_t c = 0; c < graph->columns; c++)
                met += graph->at[a][c] && graph->at[b][c];
            called += met >= limits[a][b];
        }
    return called;
}

START_TEST(null_is_kept)
{
    /* Degrees of one graph give the model, and graphs are drawn from it. Under that model p is what it says: a pair is called
     * as often as its largest p <= 0.05. Under the model of their own degrees, as in use, it is called less often: how often
     * two met varies less once their own numbers of meetings are known. */
    enum { DRAWN = 20 };
    static struct graph first, drawn;
    double called = 0, called_own = 0, pairs = 0, promised = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        double limits[ROWS_MAX][ROWS_MAX];
        struct degree_model model, own;
        draw_uneven(&first, seed);
        if (first.rows < 10 || first.columns < 50)
            continue;
        fit(&first, &model);
        promised += DRAWN * find_limits(&first, &model, limits);
        for (uint64_t replicate = 0; replicate < DRAWN; replicate++) {
            struct random_stream stream;
            random_stream_init(&stream, seed, 100 + replicate);
            drawn = (struct graph){.rows = first.rows, .columns = first.columns};
            for (size_t r = 0; r < drawn.rows; r++)
                for (size_t c = 0; c < drawn.columns; c++)
                    drawn.at[r][c] = random_stream_unit(&stream) < chance(&model, r, c);
            called += call_pairs(&drawn, limits);
        }
        count(&drawn);
        fit(&drawn, &own);
        find_limits(&drawn, &own, limits);
        called_own += call_pairs(&drawn, limits);
        pairs += 0.5 * (double)(drawn.rows * (drawn.rows - 1));
        degree_model_release(&model);
        degree_model_release(&own);
    }
    ck_assert_double_gt(pairs, 4000);
    ck_assert_double_le(called, promised * 1.1);
    ck_assert_double_ge(called, promised * 0.9);
    ck_assert_double_le(called_own / pairs, 0.05);
}
END_TEST

static bool refuse(void *arg, unsigned permille)
{
    (void)permille;
    ++*(int *)arg;
    return false;
}

START_TEST(can_be_stopped)
{
    /* 700 degrees and 700 sizes, all different: one sweep is half a million terms. */
    enum { MANY = 700 };
    static double degrees[2 * MANY], sizes[2 * MANY];
    for (size_t i = 0; i < 2 * MANY; i++)
        for (size_t j = 0; j < 2 * MANY; j++) {
            bool there = (i * j + (i ^ j)) % 5 == 0 || (i + j > 2 * MANY && (i * 7 + j * 3) % 3 == 0);
            degrees[i] += there;
            sizes[j] += there;
        }
    struct degree_model model;
    int asked = 0;
    ck_assert_int_eq(degree_model_init(&model, degrees, 2 * MANY, sizes, 2 * MANY, refuse, &asked), DEGREE_STOPPED);
    ck_assert_int_eq(asked, 1);
    ck_assert_ptr_null(model.p);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("degree_model");
    TCase *tcase = tcase_create("degree_model");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, constraints_hold);
    tcase_add_test(tcase, no_choice);
    tcase_add_test(tcase, tails_are_exact);
    tcase_add_test(tcase, null_is_kept);
    tcase_add_test(tcase, can_be_stopped);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
