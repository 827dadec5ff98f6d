/* SPDX-License-Identifier: GPL-3.0-or-later
 * One list of matrices to compute, spread over threads.
 */
#include "soundings.h"

#include "bootstrap.h"
#include "dyad.h"
#include "families.h"
#include "random_stream.h"
#include "replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAW_SEED UINT64_C(0x756e6b6e6f776e) /* apart from the streams of the bootstrap, which has the same seed */

/* Jobs in the order in which they are numbered. */
struct survey {
    const struct metrics_input *input;
    struct soundings *soundings;
    double *observed, *treated[TREATMENTS], *tied; /* matrices; NULL = not wanted */
    double *pool;                                  /* known cells, for drawing: pairs, both directions together */
    size_t pool_count;
    size_t fixed; /* jobs before the draws: as it is, treatments, tied */
    bool directed;
    enum bootstrap_fill fill;
    uint64_t seed;
};
struct workplace {
    double *matrix, *numbers;
    int32_t *actors;
    size_t *copies;
};

static void workplace_close(void *scratch)
{
    struct workplace *place = scratch;
    free(place->matrix);
    free(place->numbers);
    free(place->actors);
    free(place->copies);
    free(place);
}

static void *workplace_open(const void *arg)
{
    const struct survey *survey = arg;
    size_t n = survey->soundings->actors;
    struct workplace *place = calloc(1, sizeof *place);
    if (!place)
        return NULL;
    place->matrix = malloc((n * n + 1) * sizeof *place->matrix);
    place->numbers = malloc((survey->soundings->measures.size + 1) * sizeof *place->numbers);
    place->actors = malloc((n + 1) * sizeof *place->actors);
    place->copies = malloc((n + 1) * sizeof *place->copies);
    if (place->matrix && place->numbers && place->actors && place->copies)
        return place;
    workplace_close(place);
    return NULL;
}

/* Unknown pairs replaced by pairs drawn from the known ones. */
static void draw_unknown(const struct survey *survey, size_t number, double *ret_matrix)
{
    size_t n = survey->soundings->actors;
    struct random_stream stream;
    random_stream_init(&stream, survey->seed ^ DRAW_SEED, number);
    memcpy(ret_matrix, survey->observed, n * n * sizeof *ret_matrix);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double *there = &ret_matrix[i * n + j], *back = &ret_matrix[j * n + i];
            if (!isnan(*there) && !isnan(*back))
                continue;
            const double *pair = survey->pool + 2 * random_stream_below(&stream, survey->pool_count);
            /* An arc that is known stays: of a pair one direction may be. */
            *there = isnan(*there) ? pair[0] : *there;
            *back = isnan(*back) ? pair[1] : *back;
        }
}

/* Means over the copies of each actor. */
static void fold(const struct survey *survey, struct workplace *place, double *ret_vector)
{
    const struct measures *measures = &survey->soundings->measures;
    size_t n = survey->soundings->actors;
    for (size_t m = 0; m < measures->count; m++) {
        const struct measure *measure = &measures->list[m];
        if (measure->of_network) {
            ret_vector[measure->at] = place->numbers[measure->at];
            continue;
        }
        double *vector = ret_vector + measure->at;
        memset(vector, 0, n * sizeof *vector);
        memset(place->copies, 0, n * sizeof *place->copies);
        for (size_t i = 0; i < n; i++) {
            double value = place->numbers[measure->at + i];
            if (isnan(value))
                continue;
            vector[place->actors[i]] += value;
            place->copies[place->actors[i]]++;
        }
        for (size_t a = 0; a < n; a++)
            vector[a] = place->copies[a] ? vector[a] / (double)place->copies[a] : NAN;
    }
}

static bool go_on(void *watch, unsigned permille)
{
    (void)permille;
    return replicates_going(watch);
}

static enum replicates_status compute(const struct survey *survey, const double *matrix, size_t actors, double *ret_numbers,
                                      struct replicates_watch *watch)
{
    char error[400];
    switch (measures_compute(&survey->soundings->measures, matrix, actors, go_on, watch, ret_numbers, error)) {
    case METRICS_OK:
        return REPLICATES_OK;
    case METRICS_CANCELLED:
        return REPLICATES_STOPPED;
    case METRICS_FAILED:
    case METRICS_REFUSED:
        break;
    }
    return REPLICATES_NO_MEMORY; /* the matrices keep every promise of a network */
}

static enum replicates_status fixed_job(const struct survey *survey, size_t job, struct replicates_watch *watch)
{
    const struct soundings *soundings = survey->soundings;
    const double *matrix = job == 0 ? survey->observed : job <= TREATMENTS ? survey->treated[job - 1] : survey->tied;
    double *vector = job == 0 ? soundings->observed : job <= TREATMENTS ? soundings->treated[job - 1] : soundings->tied;
    return matrix ? compute(survey, matrix, soundings->actors, vector, watch) : REPLICATES_OK;
}

static enum replicates_status run_job(const void *arg, void *scratch, size_t job, struct replicates_watch *watch)
{
    const struct survey *survey = arg;
    const struct soundings *soundings = survey->soundings;
    struct workplace *place = scratch;
    size_t n = soundings->actors, size = soundings->measures.size, of_network = soundings->measures.network_count;
    if (job < survey->fixed)
        return fixed_job(survey, job, watch);
    job -= survey->fixed;
    if (job < soundings->drawn_count) {
        draw_unknown(survey, job, place->matrix);
        return compute(survey, place->matrix, n, soundings->drawn + job * size, watch);
    }
    job -= soundings->drawn_count;
    if (job < n) {
        bootstrap_without(survey->observed, n, job, place->matrix);
        enum replicates_status status = compute(survey, place->matrix, n - 1, place->numbers, watch);
        if (status == REPLICATES_OK)
            memcpy(soundings->without + job * of_network, place->numbers, of_network * sizeof *place->numbers);
        return status;
    }
    job -= n;
    bootstrap_draw(survey->observed, n, survey->directed, survey->fill, survey->seed, job, place->actors, place->matrix);
    enum replicates_status status = compute(survey, place->matrix, n, place->numbers, watch);
    if (status == REPLICATES_OK)
        fold(survey, place, soundings->replicates + job * size);
    return status;
}

/* --------------------------------------------------------------------------------------------------------- the survey */
static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The pairs that are known in both directions, and the matrix in which unknown cells are ties of the median weight of ties. */
static bool replace_unknown(struct survey *survey)
{
    size_t n = survey->soundings->actors, ties = 0;
    double *weights = malloc((n * n + 1) * sizeof *weights);
    survey->pool = malloc((n * n + 1) * sizeof *survey->pool);
    survey->tied = malloc((n * n + 1) * sizeof *survey->tied);
    if (!weights || !survey->pool || !survey->tied) {
        free(weights);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double there = survey->observed[i * n + j], back = survey->observed[j * n + i];
            if (there > 0)
                weights[ties++] = there;
            if (survey->directed && back > 0)
                weights[ties++] = back;
            if (isnan(there) || isnan(back))
                continue;
            survey->pool[2 * survey->pool_count] = there;
            survey->pool[2 * survey->pool_count++ + 1] = back;
        }
    if (ties > 1)
        qsort(weights, ties, sizeof *weights, compare_numbers);
    double median = ties ? (weights[(ties - 1) / 2] + weights[ties / 2]) / 2 : 1;
    for (size_t c = 0; c < n * n; c++)
        survey->tied[c] = isnan(survey->observed[c]) ? median : survey->observed[c];
    free(weights);
    return true;
}

static bool treat(struct survey *survey)
{
    const struct metrics_input *input = survey->input;
    struct soundings *soundings = survey->soundings;
    size_t n = soundings->actors;
    struct accounts accounts;
    if (!input->chronicle)
        return true;
    if (!accounts_init(&accounts, input->network, input->chronicle, -INFINITY, INFINITY))
        return false;
    bool ok = true;
    for (int t = 0; t < TREATMENTS && accounts.count > 0; t++) {
        survey->treated[t] = treatment_matrix(input->network, &accounts, (enum treatment)t);
        ok = ok && survey->treated[t];
        for (size_t i = 0; ok && i < n; i++)
            for (size_t j = dyads_first(i, survey->directed); j < n; j++) {
                double value = survey->treated[t][i * n + j];
                soundings->known[t] += i != j && !isnan(value);
                soundings->tied_pairs[t] += value > 0;
            }
    }
    accounts_release(&accounts);
    return ok;
}

/* Room for all vectors; replicates that would not fit are not drawn. */
static bool make_room(struct survey *survey)
{
    struct soundings *soundings = survey->soundings;
    size_t size = soundings->measures.size, n = soundings->actors;
    soundings->drawn_count = soundings->unknown > 0 && survey->pool_count > 0 ? SOUNDINGS_DRAWS : 0;
    size_t others = (1 + TREATMENTS + 1 + soundings->drawn_count) * size + n * soundings->measures.network_count;
    size_t vectors_max = SOUNDINGS_BYTES_MAX / sizeof(double) / (size ? size : 1);
    soundings->replicate_count = n > 1 ? survey->input->network->spec.choices.replicates : 0;
    if (soundings->replicate_count > vectors_max)
        soundings->replicate_count = vectors_max;
    soundings->numbers = malloc((others + soundings->replicate_count * size + 1) * sizeof(double));
    if (!soundings->numbers)
        return false;
    double *at = soundings->numbers;
    soundings->observed = at;
    for (int t = 0; t < TREATMENTS; t++) {
        at += size;
        soundings->treated[t] = survey->treated[t] ? at : NULL;
    }
    at += size;
    soundings->tied = survey->tied ? at : NULL;
    at += size;
    soundings->drawn = soundings->drawn_count ? at : NULL;
    at += soundings->drawn_count * size;
    soundings->without = at;
    soundings->replicates = at + n * soundings->measures.network_count;
    return true;
}

static enum metrics_status run_survey(struct survey *survey, char *ret_error)
{
    struct soundings *soundings = survey->soundings;
    const struct network *network = survey->input->network;
    enum metrics_status status = measures_init(&soundings->measures, network, true, ret_error);
    if (status != METRICS_OK)
        return status;
    soundings->unknown = network_unknown_dyads(network);
    survey->observed = dyad_matrix(network, false);
    if (!survey->observed || !treat(survey) || (soundings->unknown > 0 && !replace_unknown(survey)) || !make_room(survey))
        return families_out_of_memory(ret_error);
    struct families_step step = {survey->input, 10, 950};
    struct replicates plan = {.count = survey->fixed + soundings->drawn_count + soundings->actors + soundings->replicate_count,
                              .open = workplace_open,
                              .close = workplace_close,
                              .run = run_job,
                              .arg = survey,
                              .proceed = families_proceed,
                              .proceed_arg = &step};
    switch (replicates_run(&plan)) {
    case REPLICATES_OK:
        return METRICS_OK;
    case REPLICATES_STOPPED:
        return METRICS_CANCELLED;
    case REPLICATES_NO_MEMORY:
        break;
    }
    return families_out_of_memory(ret_error);
}

enum metrics_status soundings_take(const struct metrics_input *input, struct soundings *ret_soundings, char *ret_error)
{
    const struct spec *spec = &input->network->spec;
    struct soundings soundings = {.actors = input->network->actor_count};
    struct survey survey = {
        .input = input,
        .soundings = &soundings,
        .fixed = 1 + TREATMENTS + 1,
        .directed = spec->directed,
        .fill = spec->choices.fill == FILL_ZERO ? BOOTSTRAP_ZERO : BOOTSTRAP_RANDOM_DYAD,
        .seed = spec->seed,
    };
    enum metrics_status status = run_survey(&survey, ret_error);
    free(survey.observed);
    for (int t = 0; t < TREATMENTS; t++)
        free(survey.treated[t]);
    free(survey.tied);
    free(survey.pool);
    if (status == METRICS_OK)
        *ret_soundings = soundings;
    else
        soundings_release(&soundings);
    return status;
}

void soundings_release(struct soundings *soundings)
{
    measures_release(&soundings->measures);
    free(soundings->numbers);
    *soundings = (struct soundings){0};
}
