/* SPDX-License-Identifier: GPL-3.0-or-later
 * A wave of a survey as the analysis reads it: its items, who answered, and what they said, with actors as the network has
 * them.
 *
 * Respondents are pseudonyms; answers are grouped by respondent and carry no text. What is not there was not answered, or not
 * asked. The four kinds of missing stay apart: no answer, "not relevant", "don't know", and nobody of the actor answered.
 */
#ifndef SAMORDNING_WAVE_H
#define SAMORDNING_WAVE_H

#include "spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WAVE_ACTORS_MAX 2000 /* relations are matrices */
#define WAVE_NOBODY     (-1)

enum wave_kind {
    WAVE_SINGLE,
    WAVE_MULTIPLE,
    WAVE_LIKERT,
    WAVE_NUMBER,
    WAVE_LADDER,
    WAVE_RANKING,
    WAVE_MATRIX, /* its rows are items of their own, ID.ROW, of kind WAVE_SINGLE */
    WAVE_ROSTER,
    WAVE_NAMES,
    WAVE_OTHER /* date, text: nothing to count */
};
enum wave_language { WAVE_NB, WAVE_NN, WAVE_EN, WAVE_LANGUAGES };
enum wave_state { WAVE_GIVEN, WAVE_NOT_RELEVANT, WAVE_DONT_KNOW, WAVE_NO_CONTACT };

struct wave_choice {
    double value;
    char *code; /* of a codebook; NULL = none */
    char *labels[WAVE_LANGUAGES];
};
struct wave_item {
    char *id;
    enum wave_kind kind;
    int32_t whole;      /* of a part: its roster or name generator; of a matrix row: the matrix; -1 = none */
    char *relation;     /* what a part measures; NULL = not said */
    bool to_respondent; /* the tie goes from the named actor to the respondent's */
    char *scale;        /* NULL = of none */
    bool reversed;
    char *ladder;
    char *texts[WAVE_LANGUAGES];
    double low, high; /* NaN = no bound */
    struct wave_choice *choices;
    size_t choice_count;
};
struct wave_respondent {
    int32_t actor; /* of the network; WAVE_NOBODY = not at this level or in this view */
};
struct wave_answer {
    int32_t respondent, item;
    int32_t target; /* the actor named; WAVE_NOBODY = none, or not here */
    int32_t named;  /* whom it is about, here or not: a number of the register, below 0 = one it does not know; 0 = nobody */
    enum wave_state state;
    size_t value, value_count; /* values[value] .. */
};
struct wave_turnout {
    int32_t actor; /* as of a respondent */
    double invited, started, submitted;
};
struct wave {
    char key[64];
    char *titles[WAVE_LANGUAGES];
    int32_t day;         /* whose register it is */
    double minimum_cell; /* respondents below which nothing is shown */
    bool personal;
    struct wave_item *items;
    size_t item_count;
    struct wave_respondent *respondents; /* those whose answers count */
    size_t respondent_count;
    struct wave_answer *answers; /* by respondent */
    size_t answer_count;
    double *values;
    size_t value_count, value_capacity, answer_capacity, item_capacity, respondent_capacity, turnout_capacity;
    struct wave_turnout *turnout; /* one an actor that was invited */
    size_t turnout_count;
};

void wave_release(struct wave *wave);

/* Builders; they copy texts (NULL = none). False: out of memory, or an index that does not fit. */
bool wave_add_item(struct wave *wave, const struct wave_item *item);
bool wave_add_choice(struct wave *wave, int32_t item, const struct wave_choice *choice);
bool wave_add_respondent(struct wave *wave, int32_t actor);
/* Of the last respondent or a later one. */
bool wave_add_answer(struct wave *wave, const struct wave_answer *answer, const double *values, size_t count);
bool wave_add_turnout(struct wave *wave, const struct wave_turnout *turnout);

int32_t wave_item(const struct wave *wave, const char *id);                /* -1 = none */
int32_t wave_relation_item(const struct wave *wave, const char *relation); /* the first that measures it; -1 = none */
/* Whether an item can be a relation between actors: a part of a roster or name generator with one value, none below 0. False:
 * ret_error (400 bytes) says why. */
bool wave_is_tie(const struct wave *wave, int32_t item, char *ret_error);
/* "no contact" is a 0 on its scale: relation contact or contact_...; in others it is no tie and no value. */
bool wave_is_contact(const struct wave_item *item);

/* The relation of an item: actors x actors, row-major, directed; weight of the tie, 0 = no, NaN = unknown. The diagonal is 0.
 */
struct wave_ties {
    double *weights;
    double *respondents; /* who answered, of the same shape */
    double *tied;        /* of these, who said that there is a tie */
    double *valued;      /* answers with a value of the scale; "no contact" has one in items of contact alone */
    double self_count, self_weight, outside, unresolved, answers;
};
/* WEIGHT_SUM stands for whether any respondent says yes: 1. False: out of memory. */
bool wave_ties_init(struct wave_ties *ret_ties, const struct wave *wave, int32_t item, size_t actors, enum spec_weight weight);
void wave_ties_release(struct wave_ties *ties);
/* Brings both directions of each pair together: the mean of what is known (WEIGHT_MAX and WEIGHT_SUM: the larger). */
void wave_ties_undirect(struct wave_ties *ties, size_t actors, enum spec_weight weight);

/* Leaves only pairs with a value of the scale: where all say "no contact" an item of trust or quality tells nothing. */
void wave_ties_only_valued(struct wave_ties *ties, size_t actors);
/* Turns every arc round. */
void wave_ties_turn(struct wave_ties *ties, size_t actors);

struct network;
/* Which weight of the relation's ties a specification asks for. */
enum spec_weight wave_weight(const struct spec *spec);
/* Makes a network without ties, with the wave's actors, the one that its specification asks for. False: refused or out of
 * memory, ret_error (400 bytes) says which. */
bool wave_network(const struct wave *wave, struct network *network, char *ret_error);

#endif
