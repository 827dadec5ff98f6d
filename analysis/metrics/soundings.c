/* SPDX-License-Identifier: GPL-3.0-or-later
 * One list of matrices to compute, spread over threads.
 */
#include "soundings.h"

#include "bootstrap.h"
#include "dyad.h"
#include "dyads.h"
#include "families.h"
#include "imputation.h"
#include "replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool soundings_two_accounts(const struct wave_item *item)
{
    return item->relation && (strcmp(item->relation, "contact_actual") == 0 || strcmp(item->relation, "contact") == 0);
}

/* Jobs in the order in which they are numbered. */
struct survey {
    const struct metrics_input *input;
    struct soundings *soundings;
    double *observed, *treated[TREATMENTS], *tied; /* matrices; NULL = not wanted */
    struct imputation imputation;                  /* when a pair is unknown */
    size_t fixed;                                  /* jobs before the draws: as it is, treatments, tied */
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
        imputation_draw(&survey->imputation, survey->seed, job, place->matrix);
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
/* The pairs that are known in both directions, and the matrix in which unknown cells are ties of the median weight of ties. */
static bool replace_unknown(struct survey *survey)
{
    size_t n = survey->soundings->actors;
    survey->tied = malloc((n * n + 1) * sizeof *survey->tied);
    if (!survey->tied || !imputation_init(&survey->imputation, survey->observed, n, survey->directed))
        return false;
    imputation_tie(&survey->imputation, survey->tied);
    return true;
}

/* Contact is one thing that both ends can tell of; trust in somebody, or the need of contact, is not. */
static bool treat_answers(struct survey *survey)
{
    const struct metrics_input *input = survey->input;
    const struct spec *spec = &input->network->spec;
    struct soundings *soundings = survey->soundings;
    size_t n = soundings->actors;
    const char *id = spec_survey_item(spec);
    int32_t item = id && input->wave ? wave_item(input->wave, id) : -1;
    if (item < 0 || !soundings_two_accounts(&input->wave->items[item]))
        return true;
    struct wave_ties told;
    if (!wave_ties_init(&told, input->wave, item, n, wave_weight(spec)))
        return false;
    bool ok = true;
    for (int t = 0; t < TREATMENTS && ok; t++) {
        double *matrix = survey->treated[t] = malloc((n * n + 1) * sizeof *matrix);
        ok = matrix != NULL;
        if (!ok)
            break;
        treatment_of_answers(told.weights, n, survey->directed, treatment_at((size_t)t), matrix);
        for (size_t i = 0; i < n; i++)
            for (size_t j = dyads_first(i, survey->directed); j < n; j++) {
                soundings->known[t] += i != j && !isnan(matrix[i * n + j]);
                soundings->tied_pairs[t] += matrix[i * n + j] > 0;
            }
    }
    wave_ties_release(&told);
    return ok;
}

static bool treat(struct survey *survey)
{
    const struct metrics_input *input = survey->input;
    struct soundings *soundings = survey->soundings;
    size_t n = soundings->actors;
    struct accounts accounts;
    if (input->network->spec.of_wave)
        return treat_answers(survey);
    if (!input->chronicle)
        return true;
    const struct network *told = metrics_untreated(input);
    if (!accounts_init(&accounts, told, input->chronicle, -INFINITY, INFINITY))
        return false;
    bool ok = true;
    for (int t = 0; t < TREATMENTS && accounts.count > 0; t++) {
        struct network *treated = treatment_network(told, &accounts, treatment_at((size_t)t));
        survey->treated[t] = treated ? dyad_matrix(treated, false) : NULL;
        ok = ok && survey->treated[t];
        if (ok) {
            soundings->known[t] = (double)dyads_cells(n, survey->directed) - network_unknown_dyads(treated);
            soundings->tied_pairs[t] = (double)treated->tie_count;
        }
        network_destroy(treated);
    }
    accounts_release(&accounts);
    return ok;
}

/* Room for all vectors; replicates that would not fit are not drawn. */
static bool make_room(struct survey *survey)
{
    struct soundings *soundings = survey->soundings;
    size_t size = soundings->measures.size, n = soundings->actors;
    soundings->drawn_count = soundings->unknown > 0 && survey->imputation.pool_count > 0 ? SOUNDINGS_DRAWS : 0;
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
    imputation_release(&survey.imputation);
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
