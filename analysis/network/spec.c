/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading, writing and hashing specifications.
 */
#include "spec.h"

#include "civil_time.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const levels[] = {"actor", "unit", "agency", "ministry", "sector"};
static const char *const views[] = {"as-was", "as-now", "stable-core"};
static const char *const projections[] = {"newman", "count", "binary", "duration"};
static const char *const directions[] = {"undirected", "directed"};
static const char *const weights[] = {"sum", "mean", "max", "share"};
static const char *const distances[] = {"inverse", "unit", "complement", "log"};
static const char *const missings[] = {[MISSING_UNKNOWN] = "unknown",
                                       [MISSING_AS_REPORTED] = "as-reported",
                                       [MISSING_UNION] = "union",
                                       [MISSING_INTERSECTION] = "intersection",
                                       [MISSING_RECONSTRUCTION] = "reconstruction",
                                       [MISSING_TIED] = "tied",
                                       [MISSING_DRAWN] = "drawn"};
static const char *const ties[] = {"union", "intersection"};
/* The wire's Stage in its order; 0, not given, is no choice. */
static const char *const stages[SPEC_STAGES] = {"unspecified",           "idea",
                                                "early_involvement",     "study",
                                                "consultation",          "hearing",
                                                "renewed_consultation",  "rnote",
                                                "government_conference", "preparatory_council",
                                                "council_of_state",      "storting",
                                                "implementation"};
#define SIZE(array) (sizeof(array) / sizeof(array)[0])

const char *spec_stage_name(unsigned stage)
{
    return stages[stage];
}

const char *spec_missing_name(enum spec_missing missing)
{
    return missings[missing];
}

bool spec_missing_by_accounts(enum spec_missing missing)
{
    return missing == MISSING_AS_REPORTED || missing == MISSING_UNION || missing == MISSING_INTERSECTION ||
           missing == MISSING_RECONSTRUCTION;
}

enum key {
    KEY_FROM,
    KEY_TO,
    KEY_LAYER,
    KEY_CASE,
    KEY_CASE_TYPE,
    KEY_STAGE,
    KEY_LEVEL,
    KEY_VIEW,
    KEY_PROJECTION,
    KEY_DIRECTION,
    KEY_TIE,
    KEY_WEIGHT,
    KEY_DISTANCE,
    KEY_SEED,
    KEY_MISSING,
    KEY_COUNT
};
static const char *const keys[KEY_COUNT] = {"from",  "to",     "layer",    "case",       "case-type",
                                            "stage", "level",  "view",     "projection", "direction",
                                            "tie",   "weight", "distance", "seed",       "missing"};

void spec_default(struct spec *ret_spec)
{
    *ret_spec = (struct spec){.seed = 1};
    choices_default(&ret_spec->choices);
}

/* Length of the UTF-8 character at text that a layer's name may hold: a-z 0-9 æ ø å, and _ - unless it is the first; else 0. */
static size_t layer_character(const char *text, bool first)
{
    unsigned char byte = (unsigned char)text[0];
    if (islower(byte) || isdigit(byte) || (!first && (byte == '_' || byte == '-')))
        return byte < 0x80 ? 1 : 0;
    if (byte == 0xC3 && (text[1] == '\xA6' || text[1] == '\xB8' || text[1] == '\xA5'))
        return 2;
    return 0;
}

static int compare_layers(const void *a, const void *b)
{
    return strcmp(a, b);
}

#define SURVEY_PREFIX "survey:"

static bool is_word(const char *text, size_t size_max, bool digit_first, const char *more)
{
    size_t size = 0;
    for (const char *at = text; *at; at++, size++) {
        unsigned char byte = (unsigned char)*at;
        bool letter = byte >= 'a' && byte <= 'z', digit = byte >= '0' && byte <= '9';
        if (!letter && !(digit && (size || digit_first)) && !(size && strchr(more, byte)))
            return false;
    }
    return size > 0 && size <= size_max;
}

bool spec_is_wave_key(const char *text)
{
    return is_word(text, 48, true, "_-");
}

bool spec_is_item_id(const char *text)
{
    return is_word(text, 48, false, "_");
}

const char *spec_survey_item(const struct spec *spec)
{
    size_t prefix = strlen(SURVEY_PREFIX);
    return spec->layer_count == 1 && strncmp(spec->layers[0], SURVEY_PREFIX, prefix) == 0 ? spec->layers[0] + prefix : NULL;
}

static bool parse_layers(const char *value, struct spec *spec, char *ret_error)
{
    spec->layer_count = 0;
    if (strcmp(value, "all") == 0)
        return true;
    for (const char *at = value;; at++) {
        size_t size = strcspn(at, ",");
        if (size == 0)
            return spec_fail(ret_error, "layer: an empty name in \"%.80s\"", value);
        if (size >= sizeof spec->layers[0])
            return spec_fail(ret_error, "layer: \"%.63s...\" is longer than %zu bytes", at, sizeof spec->layers[0] - 1);
        if (spec->layer_count == SPEC_LAYERS_MAX)
            return spec_fail(ret_error, "layer: more than %d layers; write all for every layer", SPEC_LAYERS_MAX);
        char *name = spec->layers[spec->layer_count];
        memcpy(name, at, size);
        memset(name + size, 0, sizeof spec->layers[0] - size);
        bool survey = strncmp(name, SURVEY_PREFIX, strlen(SURVEY_PREFIX)) == 0;
        if (survey && !spec_is_item_id(name + strlen(SURVEY_PREFIX)))
            return spec_fail(ret_error, "layer: \"%s\" does not name an item of a questionnaire (survey:ITEM; a-z, 0-9 and _)",
                             name);
        if (survey && (spec->layer_count || at[size]))
            return spec_fail(ret_error,
                             "layer: \"%s\" stands alone: answers on a scale and counts of interactions do not add up", name);
        for (size_t i = 0, step; i < size && !survey; i += step) {
            step = layer_character(name + i, i == 0);
            if (!step)
                return spec_fail(ret_error, "layer: \"%s\" is not a layer's name (a-z, 0-9, æ, ø, å, _ and -)", name);
        }
        if (strcmp(name, "all") == 0)
            return spec_fail(ret_error, "layer: all stands alone, without other names");
        if (!survey && spec->layer_count && strncmp(spec->layers[0], SURVEY_PREFIX, strlen(SURVEY_PREFIX)) == 0)
            return spec_fail(ret_error, "layer: \"%s\" stands alone", spec->layers[0]);
        spec->layer_count++;
        at += size;
        if (!*at)
            break;
    }
    qsort(spec->layers, spec->layer_count, sizeof spec->layers[0], compare_layers);
    for (unsigned i = 1; i < spec->layer_count; i++)
        if (strcmp(spec->layers[i - 1], spec->layers[i]) == 0)
            return spec_fail(ret_error, "layer: \"%s\" is named twice", spec->layers[i]);
    return true;
}

static bool parse_tie(const char *value, struct spec *spec, char *ret_error)
{
    if (strncmp(value, "reporter:", 9) == 0) {
        const char *orgnr = value + 9;
        if (strlen(orgnr) != 9 || strspn(orgnr, "0123456789") != 9)
            return spec_fail(ret_error, "tie: \"%.80s\" does not name an organisation number of nine digits", value);
        spec->tie = TIE_REPORTER;
        memcpy(spec->tie_reporter, orgnr, 10);
        return true;
    }
    int choice = 0;
    if (!spec_value_name(keys[KEY_TIE], value, ties, SIZE(ties), ", reporter:<organisation number>", &choice, ret_error))
        return false;
    spec->tie = (enum spec_tie)choice;
    return true;
}

/* Names with commas, each once; all = every one. */
static bool parse_stages(const char *value, uint32_t *ret_stages, char *ret_error)
{
    *ret_stages = 0;
    if (strcmp(value, "all") == 0)
        return true;
    for (const char *at = value;; at++) {
        char name[64];
        int stage;
        size_t size = strcspn(at, ",");
        if (size >= sizeof name)
            return spec_fail(ret_error, "stage: \"%.63s...\" is not a stage", at);
        memcpy(name, at, size);
        name[size] = '\0';
        if (!spec_value_name(keys[KEY_STAGE], name, stages + 1, SIZE(stages) - 1, ", all", &stage, ret_error))
            return false;
        if (*ret_stages & UINT32_C(1) << (stage + 1))
            return spec_fail(ret_error, "stage: \"%s\" is named twice", name);
        *ret_stages |= UINT32_C(1) << (stage + 1);
        at += size;
        if (!*at)
            return true;
    }
}

static bool parse_value(enum key key, const char *value, struct spec *spec, char *ret_error)
{
    static const struct {
        const char *const *names;
        size_t count;
    } named[KEY_COUNT] = {
        [KEY_LEVEL] = {levels, SIZE(levels)},
        [KEY_VIEW] = {views, SIZE(views)},
        [KEY_PROJECTION] = {projections, SIZE(projections)},
        [KEY_DIRECTION] = {directions, SIZE(directions)},
        [KEY_WEIGHT] = {weights, SIZE(weights)},
        [KEY_DISTANCE] = {distances, SIZE(distances)},
        [KEY_MISSING] = {missings, SIZE(missings)},
    };
    int choice = 0;
    if (named[key].names && !spec_value_name(keys[key], value, named[key].names, named[key].count, "", &choice, ret_error))
        return false;
    switch (key) {
    case KEY_FROM:
        return spec_value_day(keys[key], value, &spec->from_day, ret_error);
    case KEY_TO:
        return spec_value_day(keys[key], value, &spec->to_day, ret_error);
    case KEY_LAYER:
        return parse_layers(value, spec, ret_error);
    case KEY_CASE:
        return spec_value_text(keys[key], value, spec->case_ref, sizeof spec->case_ref, ret_error);
    case KEY_CASE_TYPE:
        return spec_value_text(keys[key], value, spec->case_type, sizeof spec->case_type, ret_error);
    case KEY_STAGE:
        return parse_stages(value, &spec->stages, ret_error);
    case KEY_TIE:
        return parse_tie(value, spec, ret_error);
    case KEY_SEED:
        return spec_value_count(keys[key], value, 0, INT64_MAX, &spec->seed, ret_error);
    case KEY_LEVEL:
        spec->level = (enum spec_level)choice;
        break;
    case KEY_VIEW:
        spec->view = (enum spec_view)choice;
        break;
    case KEY_PROJECTION:
        spec->projection = (enum spec_projection)choice;
        break;
    case KEY_DIRECTION:
        spec->directed = choice == 1;
        break;
    case KEY_WEIGHT:
        spec->weight = (enum spec_weight)choice;
        break;
    case KEY_DISTANCE:
        spec->distance = (enum spec_distance)choice;
        break;
    case KEY_MISSING:
        spec->missing = (enum spec_missing)choice;
        break;
    case KEY_COUNT:
        return false;
    }
    return true;
}

bool spec_earlier(const struct spec *spec, struct spec *ret_earlier, char *ret_error)
{
    if (spec->of_wave) {
        if (!*spec->choices.earlier_wave)
            return spec_fail(ret_error, "earlier-wave: missing; it names the wave to compare wave=%s with", spec->choices.wave);
        *ret_earlier = *spec;
        memcpy(ret_earlier->choices.wave, spec->choices.earlier_wave, sizeof ret_earlier->choices.wave);
        return true;
    }
    int32_t length = spec->to_day - spec->from_day, from = spec->choices.earlier_from_day, to = spec->choices.earlier_to_day;
    if (!to)
        to = from ? from + length : spec->from_day;
    if (!from)
        from = to - length;
    if (from >= to)
        return spec_fail(ret_error,
                         "earlier-to: the earlier period ends where it begins, or before (earlier-to is not included)");
    if (to > spec->from_day)
        return spec_fail(ret_error, "earlier-to: the earlier period reaches into the later one, which begins with from");
    if (to - from > SPEC_PERIOD_DAYS_MAX)
        return spec_fail(ret_error, "earlier-from: the earlier period is longer than 100 years");
    *ret_earlier = *spec;
    ret_earlier->from_day = from;
    ret_earlier->to_day = to;
    return true;
}

bool spec_anchor(const struct spec *spec, struct spec *ret_anchor, char *ret_error)
{
    int32_t from = spec->choices.anchor_from_day, to = spec->choices.anchor_to_day;
    if (!from || !to)
        return spec_fail(ret_error, "anchor-%s: missing; the period that holds actors in place needs both its ends",
                         from ? "to" : "from");
    if (from >= to)
        return spec_fail(ret_error, "anchor-to: that period ends where it begins, or before (anchor-to is not included)");
    if (to - from > SPEC_PERIOD_DAYS_MAX)
        return spec_fail(ret_error, "anchor-from: that period is longer than 100 years");
    *ret_anchor = *spec;
    ret_anchor->from_day = from;
    ret_anchor->to_day = to;
    return true;
}

/* What the answers of a wave do not have. */
static bool check_survey(const struct spec *spec, const bool *given, char *ret_error)
{
    static const enum key without[] = {KEY_CASE, KEY_CASE_TYPE, KEY_STAGE, KEY_TIE};
    const char *layer = spec->layer_count ? spec->layers[0] : "(none)";
    if (!*spec->choices.wave)
        return spec_fail(ret_error, "wave: missing; layer=%s needs wave=KEY, the wave it was answered in", layer);
    if (given[KEY_FROM] || given[KEY_TO])
        return spec_fail(ret_error, "%s: a wave has a day of its own, so layer=%s takes no period",
                         given[KEY_FROM] ? "from" : "to", layer);
    for (size_t i = 0; i < SIZE(without); i++)
        if (given[without[i]])
            return spec_fail(ret_error, "%s: an answer belongs to no case and has one teller, so layer=%s takes none",
                             keys[without[i]], layer);
    if (spec->projection == PROJECTION_COUNT || spec->projection == PROJECTION_DURATION)
        return spec_fail(ret_error, "projection: layer=%s has answers, no meetings; leave it out, or binary", layer);
    if (given[KEY_WEIGHT] && spec->weight == WEIGHT_SUM)
        return spec_fail(ret_error, "weight: a sum of answers grows with how many answered; use mean, max or share");
    if (spec->choices.relations != RELATIONS_ONE || spec->choices.spells != SPELLS_NONE)
        return spec_fail(ret_error, "%s: layer=%s has one layer and one day",
                         spec->choices.spells != SPELLS_NONE ? "spells" : "relations", layer);
    if (spec->choices.earlier_from_day || spec->choices.earlier_to_day)
        return spec_fail(ret_error, "earlier-from: layer=%s is compared with another wave, earlier-wave=KEY", layer);
    if (spec->choices.split_day)
        return spec_fail(ret_error, "split: layer=%s has one day", layer);
    if (spec_is_anchored(spec))
        return spec_fail(ret_error, "anchor-from: layer=%s has one day, and no other period to be held by", layer);
    if (spec->layer_count && spec->choices.profile == PROFILE_PUBLIC)
        return spec_fail(ret_error, "profile: layer=%s shows of each pair what few have said, which is not for everybody",
                         layer);
    return true;
}

static bool check_wave(const struct spec *spec, char *ret_error)
{
    const struct choices *choices = &spec->choices;
    const char *waves[] = {choices->wave, choices->earlier_wave};
    for (size_t i = 0; i < SIZE(waves); i++)
        if (*waves[i] && !spec_is_wave_key(waves[i]))
            return spec_fail(ret_error, "%s: \"%.60s\" is not the key of a wave (a-z, 0-9, _ and -)",
                             i ? "earlier-wave" : "wave", waves[i]);
    for (const char *at = choices->items; *at;) {
        char id[64];
        size_t size = strcspn(at, ",");
        snprintf(id, sizeof id, "%.*s", (int)(size < sizeof id ? size : sizeof id - 1), at);
        if (!spec_is_item_id(id))
            return spec_fail(ret_error, "items: \"%s\" is not the id of an item (a-z, 0-9 and _)", id);
        at += size + (at[size] == ',');
    }
    if (!*choices->wave && (*choices->items || *choices->earlier_wave))
        return spec_fail(ret_error, "wave: missing; %s needs it", *choices->items ? "items" : "earlier-wave");
    if (*choices->earlier_wave && strcmp(choices->wave, choices->earlier_wave) == 0)
        return spec_fail(ret_error, "earlier-wave: it is wave=%s itself", choices->wave);
    if (spec->weight == WEIGHT_SHARE && !spec->of_wave)
        return spec_fail(ret_error, "weight: share is of respondents; interactions have sum, mean and max");
    return true;
}

static bool check_missing(const struct spec *spec, char *ret_error)
{
    const char *missing = missings[spec->missing];
    if (spec->missing != MISSING_UNKNOWN && spec->of_wave)
        return spec_fail(
            ret_error, "missing: %s is about who has reported interactions; a wave knows of each pair whether it was answered",
            missing);
    if (spec_missing_by_accounts(spec->missing) && spec->tie != TIE_UNION)
        return spec_fail(
            ret_error,
            "missing: %s compares what the two ends told, and tie=%s has left accounts out before that; use tie=union", missing,
            spec->tie == TIE_INTERSECTION ? "intersection" : "reporter");
    if (spec->missing != MISSING_UNKNOWN && (spec->choices.relations != RELATIONS_ONE || spec->choices.spells != SPELLS_NONE))
        return spec_fail(ret_error,
                         "missing: %s is about the ties of the whole period, and %s tells them apart; ask for one of the two",
                         missing, spec->choices.relations != RELATIONS_ONE ? "relations=layers" : "spells");
    return true;
}

static bool check_whole(const struct spec *spec, const bool *given, char *ret_error)
{
    if (!check_wave(spec, ret_error))
        return false;
    if (spec->of_wave && !check_survey(spec, given, ret_error))
        return false;
    if (!spec->of_wave && (!given[KEY_FROM] || !given[KEY_TO]))
        return spec_fail(ret_error,
                         "%s: missing; a specification needs a period, from=YYYY-MM-DD and to=YYYY-MM-DD (not included)",
                         given[KEY_FROM] ? "to" : "from");
    if (!spec->of_wave && spec->from_day >= spec->to_day)
        return spec_fail(ret_error, "to: the period ends where it begins, or before (to is not included)");
    if (spec->to_day - spec->from_day > SPEC_PERIOD_DAYS_MAX)
        return spec_fail(ret_error, "from: the period is longer than 100 years");
    if (spec->projection == PROJECTION_BINARY && spec->weight != WEIGHT_SUM)
        return spec_fail(ret_error, "weight: under projection=binary every tie weighs 1, so weight=%s has nothing to work on",
                         weights[spec->weight]);
    if (spec->projection == PROJECTION_BINARY && (spec->distance == DISTANCE_COMPLEMENT || spec->distance == DISTANCE_LOG))
        return spec_fail(
            ret_error, "distance: under projection=binary every tie weighs 1, so distance=%s makes every distance 0; use unit",
            distances[spec->distance]);
    struct spec other;
    return check_missing(spec, ret_error) &&
           ((!spec->choices.earlier_from_day && !spec->choices.earlier_to_day) || spec_earlier(spec, &other, ret_error)) &&
           (!spec_is_anchored(spec) || spec_anchor(spec, &other, ret_error));
}

#define KNOWN_KEYS_MAX 280 /* bytes of keys that an error names, besides its other words */

static bool unknown_key(const char *word, char *ret_error)
{
    char text[SPEC_ERROR_SIZE] = "";
    bool is_cut = false;
    struct spec_line known = {text, 0, sizeof text};
    size_t count;
    const struct choice_key *rows = choices_keys(&count);
    for (int key = 0; key < KEY_COUNT; key++)
        spec_line_put(&known, "%s%s", key ? ", " : "", keys[key]);
    for (size_t i = 0; i < count; i++)
        if (strlen(rows[i].key) + 2 + known.length <= KNOWN_KEYS_MAX)
            spec_line_put(&known, ", %s", rows[i].key);
        else
            is_cut = true;
    return spec_fail(ret_error, "%.40s: not a key of a specification; there are %s%s", *word ? word : "(nothing before =)",
                     text, is_cut ? " and others" : "");
}

bool spec_parse(const char *text, struct spec *ret_spec, char *ret_error)
{
    struct spec spec;
    spec_default(&spec);
    bool given[KEY_COUNT] = {false}, chosen[SPEC_CHOICES_MAX] = {false};
    size_t choice_count;
    const struct choice_key *first = choices_keys(&choice_count);
    for (const char *at = text;;) {
        at += strspn(at, " \t\r\n");
        if (!*at)
            break;
        size_t size = strcspn(at, " \t\r\n");
        if (size >= SPEC_TEXT_MAX)
            return spec_fail(ret_error, "specification: a word longer than %d bytes", SPEC_TEXT_MAX - 1);
        char word[SPEC_TEXT_MAX];
        memcpy(word, at, size);
        word[size] = '\0';
        at += size;
        char *value = strchr(word, '=');
        if (!value)
            return spec_fail(ret_error, "\"%.80s\": expected key=value", word);
        *value++ = '\0';
        int key = 0;
        while (key < KEY_COUNT && strcmp(word, keys[key]) != 0)
            key++;
        const struct choice_key *row = key == KEY_COUNT ? choices_key(word) : NULL;
        if (key == KEY_COUNT && !row)
            return unknown_key(word, ret_error);
        bool *seen = row ? &chosen[row - first] : &given[key];
        if (*seen)
            return spec_fail(ret_error, "%s: given twice", word);
        *seen = true;
        if (row ? !choices_set(&spec.choices, row, value, ret_error) : !parse_value((enum key)key, value, &spec, ret_error))
            return false;
    }
    spec.of_wave = spec_survey_item(&spec) || (*spec.choices.wave && !given[KEY_LAYER] && !given[KEY_FROM] && !given[KEY_TO]);
    if (spec.of_wave && !given[KEY_DIRECTION])
        spec.directed = true;
    if (spec.of_wave && !given[KEY_WEIGHT] && spec.projection != PROJECTION_BINARY)
        spec.weight = WEIGHT_MEAN;
    if (!check_whole(&spec, given, ret_error))
        return false;
    *ret_spec = spec;
    return true;
}

static void put_cases(const struct spec *spec, struct spec_line *line)
{
    spec_line_put_text(line, "case", spec->case_ref);
    spec_line_put_text(line, "case-type", spec->case_type);
    spec_line_put(line, " stage=%s", spec->stages ? "" : "all");
    for (size_t i = 1, named = 0; i < SIZE(stages); i++)
        if (spec->stages & UINT32_C(1) << i)
            spec_line_put(line, "%s%s", named++ ? "," : "", stages[i]);
}

void spec_format(const struct spec *spec, char ret_text[SPEC_TEXT_MAX])
{
    _Static_assert(SPEC_TEXT_MAX >
                       SPEC_LAYERS_MAX * 64 + 3 * 300 + 3 * 64 + 4 * 3 * CHOICES_ACTORS_SIZE + CHOICES_ITEMS_SIZE + 800,
                   "the longest specification fits");
    char from[16], to[16];
    civil_day_format(spec->from_day, from);
    civil_day_format(spec->to_day, to);
    struct spec_line line = {ret_text, 0, SPEC_TEXT_MAX};
    bool survey = spec->of_wave;
    if (!survey)
        spec_line_put(&line, "from=%s to=%s ", from, to);
    if (!survey || spec->layer_count)
        spec_line_put(&line, "layer=");
    for (unsigned i = 0; i < spec->layer_count; i++)
        spec_line_put(&line, "%s%s", i ? "," : "", spec->layers[i]);
    if (!survey && !spec->layer_count)
        spec_line_put(&line, "all");
    if (!survey)
        put_cases(spec, &line);
    spec_line_put(&line, "%slevel=%s view=%s projection=%s direction=%s", survey && !spec->layer_count ? "" : " ",
                  levels[spec->level], views[spec->view], projections[spec->projection], directions[spec->directed]);
    if (!survey && spec->tie == TIE_REPORTER)
        spec_line_put(&line, " tie=reporter:%s", spec->tie_reporter);
    else if (!survey)
        spec_line_put(&line, " tie=%s", ties[spec->tie]);
    spec_line_put(&line, " weight=%s distance=%s seed=%" PRIu64, weights[spec->weight], distances[spec->distance], spec->seed);
    if (spec->missing != MISSING_UNKNOWN)
        spec_line_put(&line, " missing=%s", missings[spec->missing]);
    choices_put(&spec->choices, &line);
}

void spec_hash(const struct spec *spec, char ret_hash[33])
{
    char text[SPEC_TEXT_MAX];
    spec_format(spec, text);
    /* FNV-1a, 128 bits. */
    unsigned __int128 prime = ((unsigned __int128)1 << 88) + 0x13B;
    unsigned __int128 hash = ((unsigned __int128)UINT64_C(0x6C62272E07BB0142) << 64) + UINT64_C(0x62B821756295C58D);
    for (const char *at = text; *at; at++) {
        hash ^= (unsigned char)*at;
        hash *= prime;
    }
    snprintf(ret_hash, 33, "%016" PRIx64 "%016" PRIx64, (uint64_t)(hash >> 64), (uint64_t)hash);
}
