/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tables of family survey share: the wave, what is shown of it, and each respondent's answers to an item.
 */
#ifndef SAMORDNING_SURVEY_STUDY_H
#define SAMORDNING_SURVEY_STUDY_H

#include "families.h"
#include "wave.h"

/* These families use no engine but ours. */
void survey_begin_card(struct result *result);
/* Whether the choice items= names the item, or names none. */
bool survey_item_wanted(const struct choices *choices, const char *id);
/* Every item that items= names is asked in the wave. False: error names the one that is not. */
bool survey_items_known(const struct wave *wave, const struct choices *choices, char error[400]);
/* "green" from 80 % on, "amber" from 65 % on, else "red"; NULL without anybody asked. */
const char *survey_light(double submitted, double invited);
/* Into the card of whatever is made of a wave: how many of those who were asked have answered, with a note on what that does
 * where they are few. */
void survey_response_card(const struct wave *wave, struct result *result);
/* Share of the ordered pairs of n actors with at least one end among the r that answered (metrics.md, domain 4.4). */
double survey_pairs_seen(double actors, double answering);

/* Distributions, factors and ladders; scales and, with another wave, their change. False: out of memory. */
bool survey_answer_tables(const struct wave *wave, const struct choices *choices, struct result *result);
bool survey_scale_tables(const struct metrics_input *input, struct result *result);

/* The relation of an item with who tells of it in the row: of each pair the mean over respondents. The item is the index-th
 * that items= names, else the first that measures `relation`. Refused: error says why; FAILED: out of memory. */
enum metrics_status survey_told_ties(const struct metrics_input *input, size_t index, const char *relation, int32_t *ret_item,
                                     struct wave_ties *ret_ties, char error[400]);
/* Actors whose answers about others may not be shown: a pair they tell of rests on fewer respondents than the minimum cell, or
 * such an actor could be computed from the others and the total. False: out of memory. */
bool survey_hidden_actors(const struct wave *wave, const struct wave_ties *ties, size_t actors, bool *ret_hidden);
/* How many are hidden; a note says so when any is. */
size_t survey_note_hidden(const struct wave *wave, const bool *hidden, size_t actors, struct result *result);

/* A row of a list of pairs: who says it about whom, and how far the pair stands out. */
struct survey_pair {
    int32_t from, to;
    double by;
};
/* Sorts them, the largest `by` first, and adds a table with a row each: keys and names of both. Its index. */
size_t survey_pair_table(const struct network *network, struct survey_pair *pairs, size_t count, const char *name,
                         struct result *result);

/* One case of a scale: the answers of one respondent, about one actor where its items are asked of actors. */
struct survey_cases {
    int32_t *items; /* of the scale, in the order of the questionnaire */
    size_t item_count;
    double *values; /* cases x items; NaN = not answered, not relevant, don't know */
    int32_t *respondents;
    size_t case_count;
};
/* Reversed items are turned round on their own range. False: out of memory. */
bool survey_cases_init(struct survey_cases *ret_cases, const struct wave *wave, const char *scale);
void survey_cases_release(struct survey_cases *cases);

#endif
