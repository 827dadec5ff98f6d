/* SPDX-License-Identifier: GPL-3.0-or-later
 * What to compute on a network, and how hard to try: the part of a specification that is not about which network it is.
 *
 * One table (choices.c) has every key with its kind, range and default; reading, the canonical form and the list of keys come
 * from it. A key is named in the canonical form only where it differs from the default.
 */
#ifndef SAMORDNING_CHOICES_H
#define SAMORDNING_CHOICES_H

#include "spec_value.h"

#define CHOICES_PERMUTATIONS_MAX 1000000
#define CHOICES_SET_SIZE_MAX     6
#define CHOICES_ACTORS_SIZE      200
#define CHOICES_WAVE_SIZE        64
#define CHOICES_ITEMS_SIZE       512

enum choice_strata { STRATA_NONE, STRATA_STAGE, STRATA_REQUEST };
enum choice_effort { EFFORT_AUTO, EFFORT_EXACT, EFFORT_NONE, EFFORT_SAMPLED };
#define CHOICES_REPLICATES_MAX 100000

/* Family relations. */
enum choice_model { MODEL_LINEAR, MODEL_LOGISTIC, MODEL_CORRELATION };
enum choice_response { RESPONSE_WEIGHT, RESPONSE_BINARY };
enum choice_covariate {
    WITH_SECTOR,
    WITH_PARENT,
    WITH_KIND,
    WITH_DISTANCE,
    WITH_OBJECTIONS,
    WITH_REPORTING,
    WITH_EARLIER,
    WITH_COUNT
};
/* Family uncertainty: what becomes of the cells between two copies of one actor. */
enum choice_fill { FILL_RANDOM, FILL_ZERO };

enum choice_dependency { DEPENDENCY_AIMS, DEPENDENCY_SHARING };
enum choice_relations { RELATIONS_ONE, RELATIONS_LAYERS };
enum choice_profile { PROFILE_INTERNAL, PROFILE_PUBLIC };
enum choice_spells { SPELLS_NONE, SPELLS_DAY, SPELLS_MONTH };

struct choices {
    enum choice_effort betweenness, paths; /* what costs much: by size, whatever it takes, or not at all */
    double epsilon, delta;                 /* of betweenness=sampled: how far off, but for this chance */
    uint64_t permutations;                 /* relabellings drawn where not all can be walked */
    uint64_t swaps;                        /* family graph: graphs with the same degrees to compare with; 0 = none */
    uint64_t runs;                         /* of community detection; 0 = by size */
    uint64_t negative_from;                /* objections from which on a pair counts as negative */
    double alpha;                          /* false discovery rate up to which a pair is in the backbone */
    double tau_days;                       /* horizon of the mean response time */
    enum choice_effort sets;               /* sets of key players */
    uint64_t set_size;                     /* up to how many actors are in one */
    /* What if: actors by key, abbreviation or name, with commas; merge has a + between the parts. Empty = not this. */
    char remove[CHOICES_ACTORS_SIZE], merge[CHOICES_ACTORS_SIZE], liaison[CHOICES_ACTORS_SIZE], committee[CHOICES_ACTORS_SIZE];
    double liaison_weight;     /* of each tie of the new actor */
    uint64_t meetings;         /* of the committee; 0 = once a month of the period */
    double minutes;            /* a meeting of the committee lasts */
    double within_days;        /* after so many days the share not answered is read */
    enum choice_strata strata; /* within which response times are compared */
    enum choice_model model;
    enum choice_response response;            /* what the model explains */
    uint32_t with;                            /* bit c: enum choice_covariate c */
    int32_t split_day;                        /* what came before explains what came after; 0 = none */
    int32_t earlier_from_day, earlier_to_day; /* family change: [from, to) to compare with; 0 = see spec_earlier */
    int32_t anchor_from_day, anchor_to_day;   /* family layout: [from, to) whose map holds actors in place; 0 = none */
    uint64_t replicates;                      /* of the bootstrap */
    enum choice_fill fill;
    enum choice_dependency dependency;   /* what makes two owners need each other */
    double enough;                       /* contact, as a share of what activity suggests, that counts as contact; 0 = any */
    enum choice_relations relations;     /* family network: the ties of each layer by themselves, too */
    enum choice_spells spells;           /* family network: when each tie had contact, too */
    enum choice_profile profile;         /* public: without interactions of cases that are not decided */
    uint64_t minimum_cell;               /* public: numbers of fewer events than this are not shown */
    char for_actor[CHOICES_ACTORS_SIZE]; /* family report: only this actor's numbers, for it alone; empty = all */
    /* Family between: the two sides, each actors by key, abbreviation or name with commas, or sector:NAME; empty = everybody.
     */
    char one[CHOICES_ACTORS_SIZE], other[CHOICES_ACTORS_SIZE];
    uint64_t skip; /* so many of its interactions come before the first that is listed */
    /* A wave of a survey: the one layer=survey:ITEM is of, or that is read beside the interactions; which of its items, with
     * commas; and the wave to compare with. */
    char wave[CHOICES_WAVE_SIZE], items[CHOICES_ITEMS_SIZE], earlier_wave[CHOICES_WAVE_SIZE];
};

enum choice_kind { CHOICE_NAME, CHOICE_SET, CHOICE_COUNT, CHOICE_REAL, CHOICE_DAY, CHOICE_TEXT };
struct choice_key {
    const char *key;
    enum choice_kind kind;
    size_t offset;            /* of an enum, uint32_t of bits, uint64_t, double, int32_t or char array */
    size_t size;              /* of a text */
    double low, high;         /* of a number; a real is over `low` */
    const char *const *names; /* of a name or a set of them, in the order of the enum */
    size_t name_count;
    const char *fallback; /* the default, as it would be written; NULL = empty text, no day (0) */
};
const struct choice_key *choices_keys(size_t *ret_count);

void choices_default(struct choices *ret_choices);
/* The table's row of a key; NULL = no such key. */
const struct choice_key *choices_key(const char *key);
bool choices_set(struct choices *choices, const struct choice_key *row, const char *value, char *ret_error);
/* " key=value" for everything that differs from the default, in the order of the table. */
void choices_put(const struct choices *choices, struct spec_line *line);
/* Blank-separated key=value pairs over the defaults; NULL = none. For callers without a whole specification. */
bool choices_parse(const char *text, struct choices *ret_choices, char *ret_error);

/* Whether to do what costs much on so many actors. */
static inline bool choice_wanted(enum choice_effort effort, size_t actor_count, size_t actors_max)
{
    return effort == EFFORT_EXACT || (effort == EFFORT_AUTO && actor_count <= actors_max);
}

#endif
