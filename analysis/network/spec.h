/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network specification: every choice that turns events into one network (docs/method.md 1), parsed here and nowhere else.
 *
 * Text form: blank-separated key=value in any order; the canonical form names every key, in the order below, and is hashed.
 *   from=2014-01-01 to=2015-01-01 layer=meeting,consultation|all case=REF|all case-type=T|all
 * stage=consultation,hearing|all level=actor|unit|agency|ministry|sector view=as-was|as-now|stable-core
 * projection=newman|count|binary|duration direction=directed|undirected tie=union|intersection|reporter:ORGNR
 * weight=sum|mean|max|share distance=inverse|unit|complement|log seed=N and, named in the canonical form only where they differ
 * from the default, missing=unknown|as-reported|union|intersection|reconstruction|tied|drawn and the choices of choices.h.
 * Defaults: everything, level=actor view=as-was projection=newman direction=undirected tie=union weight=sum distance=inverse
 * seed=1 missing=unknown; the period has none. In case, case-type and the choices that are texts a byte may be written %XX; the
 * canonical form does so for blanks, % and the word "all".
 *
 * layer=survey:ITEM wave=KEY: the network is what the respondents of that wave said in that item. It has the wave's day, so no
 * from and to; no case, stage or tie rule; it is directed and weighs by the mean over respondents unless said otherwise. The
 * canonical form leaves out what such a network does not have. wave=KEY without layer, from and to is the wave alone: its
 * actors, no ties. With a period, the wave stands beside the interactions.
 */
#ifndef SAMORDNING_SPEC_H
#define SAMORDNING_SPEC_H

#include "choices.h"

#include <stdbool.h>
#include <stdint.h>

enum spec_level { LEVEL_ACTOR, LEVEL_UNIT, LEVEL_AGENCY, LEVEL_MINISTRY, LEVEL_SECTOR };
enum spec_view { VIEW_AS_WAS, VIEW_AS_NOW, VIEW_STABLE_CORE };
enum spec_projection { PROJECTION_NEWMAN, PROJECTION_COUNT, PROJECTION_BINARY, PROJECTION_DURATION };
enum spec_tie { TIE_UNION, TIE_INTERSECTION, TIE_REPORTER };
enum spec_weight { WEIGHT_SUM, WEIGHT_MEAN, WEIGHT_MAX, WEIGHT_SHARE /* of respondents; of a wave only */ };
/* What becomes of silence and contradiction between the two ends of a tie (analysis/metrics/treatments.h). */
enum spec_missing {
    MISSING_UNKNOWN, /* ties told of by anybody; what nobody would have told stays unknown */
    MISSING_AS_REPORTED,
    MISSING_UNION,
    MISSING_INTERSECTION,
    MISSING_RECONSTRUCTION,
    MISSING_TIED,
    MISSING_DRAWN
};
enum spec_distance { DISTANCE_INVERSE, DISTANCE_UNIT, DISTANCE_COMPLEMENT, DISTANCE_LOG };

#define SPEC_LAYERS_MAX  64
#define SPEC_STAGES      13 /* stages of a case, 0 = not given */
#define SPEC_CHOICES_MAX 64
#define SPEC_TEXT_MAX    10240

struct spec {
    int32_t from_day, to_day;         /* [from, to), days since 1970-01-01 in Europe/Oslo; required, but not for a wave */
    bool of_wave;                     /* the network is of a wave, not of interactions */
    unsigned layer_count;             /* 0 = all */
    char layers[SPEC_LAYERS_MAX][64]; /* sorted */
    char case_ref[300];               /* empty = all */
    char case_type[64];
    uint32_t stages; /* bit s: stage s of the wire's Stage; 0 = all */
    enum spec_level level;
    enum spec_view view;
    enum spec_projection projection;
    bool directed;
    enum spec_tie tie;
    char tie_reporter[10];
    enum spec_weight weight;
    enum spec_distance distance;
    enum spec_missing missing;
    uint64_t seed;
    struct choices choices;
};

/* As written in a specification; "unspecified" for 0. */
const char *spec_stage_name(unsigned stage); /* under SPEC_STAGES */
const char *spec_missing_name(enum spec_missing missing);
/* The treatment compares what the two ends told, so it needs the interactions with their reporters. */
bool spec_missing_by_accounts(enum spec_missing missing);

/* The item of the wave that is the network's only layer; NULL = the network is of interactions. */
const char *spec_survey_item(const struct spec *spec);
/* A key of a wave, or an item's id, as registered. */
bool spec_is_wave_key(const char *text);
bool spec_is_item_id(const char *text);

void spec_default(struct spec *ret_spec); /* metrics.md 1; no period */
/* False: ret_error (at least 400 bytes) names the key and the reason, also for combinations that make no sense. */
bool spec_parse(const char *text, struct spec *ret_spec, char *ret_error);
void spec_format(const struct spec *spec, char ret_text[SPEC_TEXT_MAX]); /* canonical */
void spec_hash(const struct spec *spec, char ret_hash[33]);              /* 128-bit, hex */
/* The same choices for the period to compare with, earlier-from and earlier-to: without either the days just before `from`,
 * with one of them the other is so far off that both periods are of one length. False: it reaches into the period, is none at
 * all or too long; ret_error (at least 400 bytes) says which. Of a wave: earlier-wave instead of wave, which must be given. */
bool spec_earlier(const struct spec *spec, struct spec *ret_earlier, char *ret_error);
/* The same choices for the period whose map holds actors in place, anchor-from and anchor-to; it may hold the period, or be
 * another. False: only one of them is given, or it is no period; ret_error (at least 400 bytes) says which. */
bool spec_anchor(const struct spec *spec, struct spec *ret_anchor, char *ret_error);
/* Whether there is such a period at all. */
static inline bool spec_is_anchored(const struct spec *spec)
{
    return spec->choices.anchor_from_day || spec->choices.anchor_to_day;
}

#endif
