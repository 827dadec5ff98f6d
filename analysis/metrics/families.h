/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the families share: their compute functions, the opening of a table with its actor columns, and the card's common part.
 */
#ifndef SAMORDNING_FAMILIES_H
#define SAMORDNING_FAMILIES_H

#include "crew.h"
#include "cut.h"
#include "label_permutation.h"
#include "metrics.h"
#include "proportion.h"
#include "topology.h"

#include <stdio.h>

#define FAMILIES_EXACT_ACTORS_MAX 5000  /* all-pairs work beyond this size only when asked for */
#define FAMILIES_SWEEP_ACTORS_MAX 50000 /* the same, for distances in steps, which cost far less */

enum metrics_status graph_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status centrality_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status bottlenecks_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status survey_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status declared_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status shortfall_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status need_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status duty_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status gaps_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status brokerage_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status communities_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status projections_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status reach_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status signed_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status keyplayers_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status whatif_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status time_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status objections_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status righttime_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status relations_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status agreement_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status change_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status uncertainty_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status layout_family_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status between_compute(const struct metrics_input *input, struct result *result, char error[400]);
enum metrics_status case_compute(const struct metrics_input *input, struct result *result, char error[400]);

/* A share [from, to) of the whole computation, for the progress callback of one step. */
struct families_step {
    const struct metrics_input *input;
    unsigned from, to;
};
bool families_proceed(void *step, unsigned permille);
/* All cores for that step, and what came of it. */
struct crew families_crew(struct families_step *step);
enum metrics_status families_crewed(enum crew_status status, char error[400]);

/* What every family starts from. False: error is set. */
struct families_ground {
    const struct choices *choices; /* the network's specification's */
    struct topology topology;
    struct cut cut;
};
bool families_begin(const struct metrics_input *input, struct result *result, struct families_ground *ret_ground,
                    char error[400]);
void families_end(struct families_ground *ground);

/* Adds a table with one row per actor, sorted by key, and its columns actor, name and sector. */
size_t families_actor_table(const struct network *network, struct result *result, const char *name);
/* A cell that lists actors: their keys, or their names, with commas. */
void families_set_actors(const struct network *network, struct result *result, char **slot, const int32_t *actors, size_t count,
                         bool names);
/* The same of the first `most`, and how many more there are: "a, b, +7". */
void families_set_first_actors(const struct network *network, struct result *result, char **slot, const int32_t *actors,
                               size_t count, size_t most, bool names);
/* Adds columns of numbers and gives where each begins. False: out of memory, the result says so. */
bool families_numbers(struct result *result, size_t table, const struct column_definition *definitions, size_t count,
                      double **ret_columns);
/* Three neighbouring columns of one row: a share and its interval. */
void families_proportion(double *const *columns, size_t row, struct proportion proportion);
/* Card entries that hold for every family: weight, loops, direction, distance, missing. */
void families_card(const struct network *network, struct result *result);
/* Where the random numbers came from, and the seed on the card. */
void families_card_random(uint64_t seed, struct result *result);
/* Card entries of a comparison with sectors dealt out at random: how many labellings, and the seed. */
void families_card_labellings(bool exact, unsigned count, uint64_t seed, struct result *result);
/* Says so when so few labellings were drawn that no single one of these tests can reach a false discovery rate of .05; a
 * statistic that does not vary is no test. */
void families_note_resolution(bool exact, unsigned labellings, const struct label_null *nulls, size_t count,
                              struct result *result);
/* Names the actors that have no sector and are therefore left out; nothing when all have one. */
void families_note_unlabelled(const struct network *network, struct result *result);
/* METRICS_OK, or METRICS_FAILED with the reason when the result ran out of memory. */
enum metrics_status families_finish(const struct result *result, char error[400]);
static inline enum metrics_status families_out_of_memory(char error[400]) /* here, so that who reads one file sees it fail */
{
    snprintf(error, 400, "out of memory");
    return METRICS_FAILED;
}

#endif
