/* SPDX-License-Identifier: GPL-3.0-or-later
 * Somebody who has every table of a public edition, of a second one with another minimum, and linear algebra: what can be
 * solved for?
 *
 * Events are drawn with all that tables classify them by. Every number told then is the sum of certain kinds of event, and a
 * number that is hidden is recovered when its sum is a combination of the sums told, kinds left out that a told 0 rules out. No
 * relation between tables is written down: all of them follow from what the numbers are sums of. Solved modulo a prime, which
 * finds whatever rational numbers find.
 */
#include "disclosure.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRIME       UINT64_C(2147483647)
#define ACTORS      6
#define STAGES      4
#define KINDS_MAX   324
#define NUMBERS_MAX 600
#define MINIMUM     5
#define LOWER       3

/* One number of a table: which kinds of event it counts. `of` the number it is told as a share of, in the same row. */
struct number {
    size_t table, row;
    const char *column, *of;
    bool counts[KINDS_MAX];
    double truth, told;
};
struct world {
    size_t kinds;
    double events[KINDS_MAX];
    struct result *result;
    struct number numbers[NUMBERS_MAX];
    size_t count;
};

typedef bool (*belongs_fn)(size_t kind, size_t row);

static double *slot(struct world *world, const struct number *number, const char *column)
{
    struct table *table = &world->result->tables[number->table];
    const struct column *found = table_column(table, column);
    if (found)
        return table->row_count > number->row ? &found->numbers[number->row] : NULL;
    return result_add_numbers(world->result, number->table, &(const struct column_definition){column, "", "", ""}) +
           number->row;
}

/* A column of a table: of each row the events that belong to it and are of the kind the column counts. */
static void add(struct world *world, size_t table, size_t rows, belongs_fn row_of, const char *column, belongs_fn part,
                size_t which, const char *share_of)
{
    for (size_t row = 0; row < rows; row++) {
        ck_assert_uint_lt(world->count, NUMBERS_MAX);
        struct number *number = &world->numbers[world->count++];
        *number = (struct number){.table = table, .row = row, .column = column, .of = share_of, .told = NAN};
        for (size_t k = 0; k < world->kinds; k++) {
            number->counts[k] = row_of(k, row) && part(k, which);
            number->truth += number->counts[k] ? world->events[k] : 0;
        }
        double *at = slot(world, number, column);
        *at = number->truth;
        if (share_of)
            *at = number->truth / *slot(world, number, share_of);
    }
}

/* What the edition adds to what is known. */
static void read_edition(struct world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        struct number *number = &world->numbers[i];
        const double *at = slot(world, number, number->column), *of = number->of ? slot(world, number, number->of) : NULL;
        double told = !at || (number->of && !of) ? NAN : number->of ? round(*at * *of) : *at;
        if (!isnan(told)) {
            ck_assert_double_eq(told, number->truth);
            number->told = told;
        }
    }
}

/* ------------------------------------------------------------------------------------------------------------ the attack */
static uint64_t inverse(uint64_t number)
{
    uint64_t power = PRIME - 2, result = 1;
    for (; power; power >>= 1, number = number * number % PRIME)
        result = power & 1 ? result * number % PRIME : result;
    return result;
}

struct equations {
    uint64_t rows[NUMBERS_MAX][KINDS_MAX];
    size_t pivots[NUMBERS_MAX], count, kinds;
};

static void reduce(const struct equations *equations, uint64_t *row)
{
    for (size_t e = 0; e < equations->count; e++) {
        uint64_t factor = row[equations->pivots[e]];
        for (size_t k = 0; factor && k < equations->kinds; k++)
            row[k] = (row[k] + (PRIME - factor) * equations->rows[e][k]) % PRIME;
    }
}

static bool is_nothing(const uint64_t *row, size_t kinds, size_t *ret_first)
{
    for (*ret_first = 0; *ret_first < kinds; (*ret_first)++)
        if (row[*ret_first])
            return false;
    return true;
}

static void row_of_number(const struct world *world, const struct number *number, const bool *ruled_out, uint64_t *ret_row)
{
    for (size_t k = 0; k < world->kinds; k++)
        ret_row[k] = number->counts[k] && !ruled_out[k];
}

static void attack(const struct world *world, size_t *ret_tried, size_t *ret_told)
{
    static struct equations equations;
    bool ruled_out[KINDS_MAX] = {false};
    uint64_t row[KINDS_MAX];
    size_t first;
    equations.count = 0;
    equations.kinds = world->kinds;
    for (size_t i = 0; i < world->count; i++)
        for (size_t k = 0; world->numbers[i].told == 0 && k < world->kinds; k++)
            ruled_out[k] = ruled_out[k] || world->numbers[i].counts[k];
    for (size_t i = 0; i < world->count; i++) {
        const struct number *number = &world->numbers[i];
        if (isnan(number->told))
            continue;
        (*ret_told)++;
        ck_assert_msg(!(number->told > 0 && number->told < LOWER), "%s of row %zu is %g", number->column, number->row,
                      number->told);
        row_of_number(world, number, ruled_out, row);
        reduce(&equations, row);
        if (is_nothing(row, world->kinds, &first))
            continue;
        uint64_t factor = inverse(row[first]);
        for (size_t k = 0; k < world->kinds; k++)
            row[k] = row[k] * factor % PRIME;
        memcpy(equations.rows[equations.count], row, sizeof row);
        equations.pivots[equations.count++] = first;
    }
    for (size_t i = 0; i < world->count; i++) {
        const struct number *number = &world->numbers[i];
        if (!isnan(number->told) || !(number->truth > 0 && number->truth < LOWER))
            continue;
        (*ret_tried)++;
        row_of_number(world, number, ruled_out, row);
        reduce(&equations, row);
        ck_assert_msg(!is_nothing(row, world->kinds, &first), "%s.%s: %s of row %zu is hidden, and follows from the rest: %g",
                      world->result->card.family, world->result->tables[number->table].name, number->column, number->row,
                      number->truth);
    }
}

/* -------------------------------------------------------------------------------------------- requests for an answer */
/* addressee, stage, state (answered, pending, ended), deadline (none, kept, missed) */
static bool any_row(size_t kind, size_t row)
{
    (void)kind;
    (void)row;
    return true;
}
static bool all_of(size_t kind, size_t which)
{
    (void)kind;
    (void)which;
    return true;
}
static bool addressee_is(size_t kind, size_t row)
{
    return kind % ACTORS == row;
}
static bool stage_is(size_t kind, size_t row)
{
    return kind / ACTORS % STAGES == row;
}
static bool state_is(size_t kind, size_t which)
{
    return kind / ACTORS / STAGES % 3 == which;
}
static bool deadline_is(size_t kind, size_t which)
{
    size_t deadline = kind / ACTORS / STAGES / 3;
    return which == 0 ? deadline > 0 : deadline == 2;
}

static void requests_table(struct world *world, const char *name, size_t rows, belongs_fn row_of)
{
    size_t table = result_add_table(world->result, name, rows);
    add(world, table, rows, row_of, "requests", all_of, 0, NULL);
    add(world, table, rows, row_of, "answered", state_is, 0, NULL);
    add(world, table, rows, row_of, "pending", state_is, 1, NULL);
    add(world, table, rows, row_of, "ended_otherwise", state_is, 2, NULL);
    add(world, table, rows, row_of, "with_deadline", deadline_is, 0, NULL);
    add(world, table, rows, row_of, "unanswered_at_deadline", deadline_is, 1, "with_deadline");
}

static void requests(struct world *world)
{
    requests_table(world, "time", ACTORS, addressee_is);
    requests_table(world, "stages", STAGES, stage_is);
    requests_table(world, "all", 1, any_row);
}

/* ------------------------------------------------------------------------------------------------------------- duties */
/* owner, rule (each with its addressee), state */
#define RULES 8
static const char *const states[] = {"missing", "late", "short", "undated", "in_time", "unknown"};
static bool rule_is(size_t kind, size_t row)
{
    return kind / ACTORS % RULES == row;
}
static bool pair_is(size_t kind, size_t row)
{
    return kind % ACTORS == row / ACTORS && kind / ACTORS % RULES % ACTORS == row % ACTORS;
}
static bool duty_is(size_t kind, size_t which)
{
    return kind / ACTORS / RULES == which;
}

static void duties_table(struct world *world, const char *name, size_t rows, belongs_fn row_of)
{
    size_t table = result_add_table(world->result, name, rows);
    add(world, table, rows, row_of, "due", all_of, 0, NULL);
    for (size_t s = 0; s < 6; s++)
        add(world, table, rows, row_of, states[s], duty_is, s, NULL);
}

static void duties(struct world *world)
{
    duties_table(world, "duty", ACTORS * ACTORS, pair_is);
    duties_table(world, "actors", ACTORS, addressee_is);
    duties_table(world, "rules", RULES, rule_is);
    duties_table(world, "summary", 1, any_row);
}

/* --------------------------------------------------------------------------------------------------------- involvements */
/* actor, stage, owner, whether late (not placed, in time, late) */
#define OWNERS 4
static bool owner_is(size_t kind, size_t row)
{
    return kind / ACTORS / STAGES % OWNERS == row;
}
static bool placed_is(size_t kind, size_t which)
{
    size_t placed = kind / ACTORS / STAGES / OWNERS;
    return which == 0 ? placed > 0 : placed == 2;
}
static bool first_is(size_t kind, size_t row)
{
    return kind % (ACTORS * STAGES) == row;
}

static void involvements_table(struct world *world, const char *name, size_t rows, belongs_fn row_of)
{
    size_t table = result_add_table(world->result, name, rows);
    add(world, table, rows, row_of, "involvements", all_of, 0, NULL);
    add(world, table, rows, row_of, "placed", placed_is, 0, NULL);
    add(world, table, rows, row_of, "late", placed_is, 1, NULL);
}

static void involvements(struct world *world)
{
    involvements_table(world, "righttime", ACTORS, addressee_is);
    involvements_table(world, "owners", OWNERS, owner_is);
    involvements_table(world, "stages", STAGES, stage_is);
    involvements_table(world, "all", 1, any_row);
    size_t table = result_add_table(world->result, "first", ACTORS * STAGES);
    add(world, table, ACTORS * STAGES, first_is, "involvements", all_of, 0, NULL);
}

static const struct {
    const char *family;
    size_t kinds;
    void (*tables)(struct world *world);
} worlds[] = {{"time", ACTORS *STAGES * 3 * 3, requests},
              {"duty", ACTORS *RULES * 6, duties},
              {"righttime", ACTORS *STAGES *OWNERS * 3, involvements}};

START_TEST(nothing_small_can_be_solved_for)
{
    static struct world world;
    size_t tried = 0, told = 0, all = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random_stream stream;
        random_stream_init(&stream, 91, seed * 3 + (uint64_t)_i);
        world = (struct world){.kinds = worlds[_i].kinds};
        /* few events in some worlds, so that sums are small, too; and some actors with next to nothing */
        for (size_t k = 0; k < world.kinds; k++)
            if (random_stream_below(&stream, 2 + seed % 7) == 0 && k % ACTORS >= seed % 3)
                world.events[k] = (double)random_stream_below(&stream, 1 + 2 * (seed % 4));
        world.events[random_stream_below(&stream, world.kinds)] += 1;
        for (int edition = 0; edition < 2; edition++) {
            size_t count = world.count;
            struct number *kept = calloc(NUMBERS_MAX, sizeof *kept);
            ck_assert_ptr_nonnull(kept);
            memcpy(kept, world.numbers, count * sizeof *kept);
            world.count = 0;
            world.result = result_create(worlds[_i].family);
            worlds[_i].tables(&world);
            ck_assert(disclosure_apply(&world.result, 1, edition ? LOWER : MINIMUM));
            for (size_t i = 0; i < count; i++)
                world.numbers[i].told = kept[i].told;
            free(kept);
            read_edition(&world);
            if (edition == 1)
                attack(&world, &tried, &told);
            all = edition == 1 ? all + world.count : all;
            result_destroy(world.result);
        }
    }
    ck_assert_uint_gt(tried, 300); /* there was something to find */
    ck_assert_msg(told > all / 20, "%zu of %zu numbers are told", told, all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disclosure_attack");
    TCase *tests = tcase_create("attack");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, nothing_small_can_be_solved_for, 0, sizeof worlds / sizeof worlds[0]);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
