/* SPDX-License-Identifier: GPL-3.0-or-later
 * One list of pairs of matrices to compute, spread over threads.
 */
#include "change_chance.h"

#include "dyads.h"
#include "families.h"
#include "random_stream.h"
#include "replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SWAP_SEED UINT64_C(0x73776170) /* apart from the streams of the bootstrap, which has the same seed */
#define WORD_BITS 64

/* A pair of actors with other values later. */
struct dyad {
    int32_t a, b;
};
struct plan {
    const struct period_pair *pair;
    struct chance *chance;
    struct dyad *differing;
    bool directed;
    enum bootstrap_fill fill;
    uint64_t seed;
};
struct workplace {
    double *matrices[2], *numbers[2];
    int32_t *actors, *sectors;
};

static void workplace_close(void *scratch)
{
    struct workplace *place = scratch;
    for (int p = 0; p < 2; p++) {
        free(place->matrices[p]);
        free(place->numbers[p]);
    }
    free(place->actors);
    free(place->sectors);
    free(place);
}

static void *workplace_open(const void *arg)
{
    const struct plan *plan = arg;
    size_t n = plan->pair->actors;
    struct workplace *place = calloc(1, sizeof *place);
    if (!place)
        return NULL;
    bool ok = true;
    for (int p = 0; p < 2; p++) {
        place->matrices[p] = malloc((n * n + 1) * sizeof *place->matrices[p]);
        place->numbers[p] = malloc((plan->chance->count + 1) * sizeof *place->numbers[p]);
        ok = ok && place->matrices[p] && place->numbers[p];
    }
    place->actors = malloc((n + 1) * sizeof *place->actors);
    place->sectors = malloc((n + 1) * sizeof *place->sectors);
    if (ok && place->actors && place->sectors)
        return place;
    workplace_close(place);
    return NULL;
}

/* (E - I) / (E + I) over tied pairs with sectors, direction ignored, Krackhardt & Stern 1988; NaN without such a pair. */
static double ei_index(const double *matrix, const int32_t *sectors, size_t n)
{
    double across = 0, within = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            bool tied = matrix[i * n + j] > 0 || matrix[j * n + i] > 0;
            if (!tied || sectors[i] < 0 || sectors[j] < 0)
                continue;
            across += sectors[i] != sectors[j];
            within += sectors[i] == sectors[j];
        }
    return across + within > 0 ? (across - within) / (across + within) : NAN;
}

static bool go_on(void *watch, unsigned permille)
{
    (void)permille;
    return replicates_going(watch);
}

static enum replicates_status compute(const struct plan *plan, const double *matrix, const int32_t *sectors,
                                      struct replicates_watch *watch, double *ret_numbers)
{
    const struct chance *chance = plan->chance;
    char error[400];
    enum metrics_status status =
        measures_compute(&chance->measures, matrix, plan->pair->actors, go_on, watch, ret_numbers, error);
    if (status != METRICS_OK)
        return status == METRICS_CANCELLED ? REPLICATES_STOPPED
                                           : REPLICATES_NO_MEMORY; /* the matrices keep every promise of a network */
    if (chance->count > chance->measures.count)
        ret_numbers[chance->measures.count] = ei_index(matrix, sectors, plan->pair->actors);
    return REPLICATES_OK;
}

/* Differences between the two matrices of the workplace. */
static enum replicates_status compare(const struct plan *plan, struct workplace *place, const int32_t *sectors,
                                      struct replicates_watch *watch, double *ret_differences)
{
    for (int p = 0; p < 2; p++) {
        enum replicates_status status = compute(plan, place->matrices[p], sectors, watch, place->numbers[p]);
        if (status != REPLICATES_OK)
            return status;
    }
    for (size_t c = 0; c < plan->chance->count; c++)
        ret_differences[c] = comparison_difference(place->numbers[0][c], place->numbers[1][c]);
    return REPLICATES_OK;
}

static void swap_cell(const struct plan *plan, struct workplace *place, size_t a, size_t b)
{
    size_t cell = a * plan->pair->actors + b;
    place->matrices[0][cell] = plan->pair->after[cell];
    place->matrices[1][cell] = plan->pair->before[cell];
}

/* Swap number `number`: all its bits when exact, else each pair with a chance of one half. Both directions go together. */
static void swap(const struct plan *plan, size_t number, struct workplace *place)
{
    const struct chance *chance = plan->chance;
    size_t n = plan->pair->actors;
    struct random_stream stream;
    uint64_t word = number;
    random_stream_init(&stream, plan->seed ^ SWAP_SEED, number);
    memcpy(place->matrices[0], plan->pair->before, n * n * sizeof(double));
    memcpy(place->matrices[1], plan->pair->after, n * n * sizeof(double));
    for (size_t d = 0; d < chance->differing; d++) {
        if (!chance->exact && d % WORD_BITS == 0)
            word = random_stream_next(&stream);
        if (word >> d % WORD_BITS & 1) {
            size_t a = (size_t)plan->differing[d].a, b = (size_t)plan->differing[d].b;
            swap_cell(plan, place, a, b);
            swap_cell(plan, place, b, a);
        }
    }
}

static enum replicates_status run_job(const void *arg, void *scratch, size_t job, struct replicates_watch *watch)
{
    const struct plan *plan = arg;
    const struct chance *chance = plan->chance;
    const struct period_pair *pair = plan->pair;
    struct workplace *place = scratch;
    if (job < 2)
        return compute(plan, job == 0 ? pair->before : pair->after, pair->sector, watch,
                       job == 0 ? chance->earlier : chance->later);
    job -= 2;
    if (job < chance->swap_count) {
        swap(plan, job, place);
        return compare(plan, place, pair->sector, watch, chance->swapped + job * chance->count);
    }
    job -= chance->swap_count;
    /* One seed and one number: the same actors, and the same pairs between copies, are drawn from both. */
    const double *sources[2] = {pair->before, pair->after};
    for (int p = 0; p < 2; p++)
        bootstrap_draw(sources[p], pair->actors, plan->directed, plan->fill, plan->seed, job, place->actors,
                       place->matrices[p]);
    for (size_t i = 0; i < pair->actors; i++)
        place->sectors[i] = pair->sector[place->actors[i]];
    return compare(plan, place, place->sectors, watch, chance->drawn + job * chance->count);
}

static bool same(double before, double after)
{
    return before == after || isnan(before); /* NaN stands in both */
}

/* The pairs that swapping changes. False: out of memory. */
static bool find_differing(struct plan *plan)
{
    const struct period_pair *pair = plan->pair;
    size_t n = pair->actors;
    plan->differing = malloc((dyads_cells(n, false) + 1) * sizeof *plan->differing);
    for (size_t i = 0; plan->differing && i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (!same(pair->before[i * n + j], pair->after[i * n + j]) ||
                !same(pair->before[j * n + i], pair->after[j * n + i]))
                plan->differing[plan->chance->differing++] = (struct dyad){(int32_t)i, (int32_t)j};
    return plan->differing != NULL;
}

/* At most (CHOICES_PERMUTATIONS_MAX + CHOICES_REPLICATES_MAX) numbers a measure, some 250 MB. */
static bool make_room(struct chance *chance, const struct choices *choices, size_t actors)
{
    chance->exact = chance->differing <= CHANCE_EXACT_DYADS;
    chance->swap_count = actors < 2 ? 0 : chance->exact ? (size_t)1 << chance->differing : choices->permutations;
    chance->replicate_count = actors < 2 ? 0 : choices->replicates;
    chance->numbers = malloc(((2 + chance->swap_count + chance->replicate_count) * chance->count + 1) * sizeof(double));
    if (!chance->numbers)
        return false;
    chance->earlier = chance->numbers;
    chance->later = chance->earlier + chance->count;
    chance->swapped = chance->later + chance->count;
    chance->drawn = chance->swapped + chance->swap_count * chance->count;
    return true;
}

enum metrics_status chance_take(const struct metrics_input *input, const struct period_pair *pair, struct chance *ret_chance,
                                char *ret_error)
{
    const struct spec *spec = &input->network->spec;
    struct chance chance = {0};
    struct plan plan = {.pair = pair,
                        .chance = &chance,
                        .directed = spec->directed,
                        .fill = spec->choices.fill == FILL_ZERO ? BOOTSTRAP_ZERO : BOOTSTRAP_RANDOM_DYAD,
                        .seed = spec->seed};
    enum metrics_status status = measures_init(&chance.measures, input->network, false, ret_error);
    if (status != METRICS_OK)
        return status;
    chance.count = chance.measures.count + (pair->sector_count > 0);
    if (!find_differing(&plan) || !make_room(&chance, &spec->choices, pair->actors)) {
        status = families_out_of_memory(ret_error);
    } else {
        struct families_step step = {input, 0, 900};
        struct replicates replicates = {.count = 2 + chance.swap_count + chance.replicate_count,
                                        .threads = input->threads,
                                        .open = workplace_open,
                                        .close = workplace_close,
                                        .run = run_job,
                                        .arg = &plan,
                                        .proceed = families_proceed,
                                        .proceed_arg = &step};
        enum replicates_status ran = replicates_run(&replicates);
        status = ran == REPLICATES_OK        ? METRICS_OK
                 : ran == REPLICATES_STOPPED ? METRICS_CANCELLED
                                             : families_out_of_memory(ret_error);
    }
    free(plan.differing);
    if (status == METRICS_OK)
        *ret_chance = chance;
    else
        chance_release(&chance);
    return status;
}

void chance_release(struct chance *chance)
{
    measures_release(&chance->measures);
    free(chance->numbers);
    *chance = (struct chance){0};
}

const char *chance_name(const struct chance *chance, size_t number)
{
    return number < chance->measures.count ? chance->measures.list[number].name : "ei";
}

struct chance_row chance_row(const struct chance *chance, size_t number, double *room)
{
    struct chance_row row = {.difference = comparison_difference(chance->earlier[number], chance->later[number]), .p = NAN};
    double as_far = 0, observed = fabs(row.difference);
    for (size_t s = 0; s < chance->swap_count; s++) {
        double swapped = fabs(chance->swapped[s * chance->count + number]);
        row.swaps += !isnan(swapped);
        as_far += swapped >= observed * (1 - 1e-9); /* NaN is not */
    }
    if (!isnan(observed) && row.swaps > 0)
        row.p = chance->exact ? as_far / (double)row.swaps : (as_far + 1) / ((double)row.swaps + 1);
    for (size_t r = 0; r < chance->replicate_count; r++)
        room[r] = chance->drawn[r * chance->count + number];
    row.interval = interval_of(room, chance->replicate_count);
    return row;
}
