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

#define ERROR_SIZE       400
#define PERIOD_MAX_DAYS  36525 /* 100 years: longer is a mistyped year */
#define PERMUTATIONS_MAX 1000000

static const char *const levels[] = {"actor", "unit", "agency", "ministry", "sector"};
static const char *const views[] = {"as-was", "as-now", "stable-core"};
static const char *const projections[] = {"newman", "count", "binary", "duration"};
static const char *const directions[] = {"undirected", "directed"};
static const char *const weights[] = {"sum", "mean", "max"};
static const char *const distances[] = {"inverse", "unit", "complement", "log"};
static const char *const ties[] = {"union", "intersection"};
static const char *const efforts[] = {"auto", "exact", "none"};
static const char *const relations[] = {"one", "layers"};
static const char *const spells[] = {"none", "day", "month"};
#define SIZE(array) (sizeof(array) / sizeof(array)[0])

enum key {
    KEY_FROM,
    KEY_TO,
    KEY_LAYER,
    KEY_CASE,
    KEY_CASE_TYPE,
    KEY_LEVEL,
    KEY_VIEW,
    KEY_PROJECTION,
    KEY_DIRECTION,
    KEY_TIE,
    KEY_WEIGHT,
    KEY_DISTANCE,
    KEY_SEED,
    KEY_BETWEENNESS,
    KEY_PATHS,
    KEY_PERMUTATIONS,
    KEY_TAU,
    KEY_RELATIONS,
    KEY_SPELLS,
    KEY_COUNT
};
static const char *const keys[KEY_COUNT] = {
    "from",   "to",       "layer", "case",        "case-type", "level",        "view", "projection", "direction", "tie",
    "weight", "distance", "seed",  "betweenness", "paths",     "permutations", "tau",  "relations",  "spells"};

static bool fail(char *ret_error, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(char *ret_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ret_error, ERROR_SIZE, format, arguments);
    va_end(arguments);
    /* Cut text may end within a character. */
    size_t length = strlen(ret_error);
    if (length == ERROR_SIZE - 1) {
        while (length && ((unsigned char)ret_error[length - 1] & 0xC0) == 0x80)
            length--;
        if (length && (unsigned char)ret_error[length - 1] >= 0xC0)
            length--;
        ret_error[length] = '\0';
    }
    return false;
}

void spec_default(struct spec *ret_spec)
{
    *ret_spec = (struct spec){.seed = 1};
}

/* A line that grows in a buffer and is cut where that ends. */
struct line {
    char *text;
    size_t length, size;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line->text + line->length, line->size - line->length, format, arguments);
    va_end(arguments);
    if (length > 0)
        line->length += (size_t)length < line->size - line->length ? (size_t)length : line->size - line->length - 1;
}

/* Fails with the choices there are. */
static bool choose(enum key key, const char *value, const char *const *names, size_t count, int *ret_choice, char *ret_error)
{
    char text[200] = "";
    struct line known = {text, 0, sizeof text};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, names[i]) == 0) {
            *ret_choice = (int)i;
            return true;
        }
        put(&known, "%s%s", i ? ", " : "", names[i]);
    }
    return fail(ret_error, "%s: \"%.80s\" is not one of %s%s", keys[key], value, text,
                key == KEY_TIE ? ", reporter:<organisation number>" : "");
}

static bool parse_day(enum key key, const char *value, int32_t *ret_day, char *ret_error)
{
    if (civil_day_parse(value, ret_day) != STATUS_OK)
        return fail(ret_error, "%s: \"%.80s\" is not a date YYYY-MM-DD", keys[key], value);
    return true;
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

static bool parse_layers(const char *value, struct spec *spec, char *ret_error)
{
    spec->layer_count = 0;
    if (strcmp(value, "all") == 0)
        return true;
    for (const char *at = value;; at++) {
        size_t size = strcspn(at, ",");
        if (size == 0)
            return fail(ret_error, "layer: an empty name in \"%.80s\"", value);
        if (size >= sizeof spec->layers[0])
            return fail(ret_error, "layer: \"%.63s...\" is longer than %zu bytes", at, sizeof spec->layers[0] - 1);
        if (spec->layer_count == SPEC_LAYERS_MAX)
            return fail(ret_error, "layer: more than %d layers; write all for every layer", SPEC_LAYERS_MAX);
        char *name = spec->layers[spec->layer_count];
        memcpy(name, at, size);
        memset(name + size, 0, sizeof spec->layers[0] - size);
        for (size_t i = 0, step; i < size; i += step) {
            step = layer_character(name + i, i == 0);
            if (!step)
                return fail(ret_error, "layer: \"%s\" is not a layer's name (a-z, 0-9, æ, ø, å, _ and -)", name);
        }
        if (strcmp(name, "all") == 0)
            return fail(ret_error, "layer: all stands alone, without other names");
        spec->layer_count++;
        at += size;
        if (!*at)
            break;
    }
    qsort(spec->layers, spec->layer_count, sizeof spec->layers[0], compare_layers);
    for (unsigned i = 1; i < spec->layer_count; i++)
        if (strcmp(spec->layers[i - 1], spec->layers[i]) == 0)
            return fail(ret_error, "layer: \"%s\" is named twice", spec->layers[i]);
    return true;
}

/* Well-formed UTF-8 without control characters: what ends up in a query and on a card. */
static bool text_is_clean(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        if (*at < 0x20 || *at == 0x7F)
            return false;
        int follow = *at < 0x80                  ? 0
                     : *at >= 0xC2 && *at < 0xE0 ? 1
                     : *at >= 0xE0 && *at < 0xF0 ? 2
                     : *at >= 0xF0 && *at < 0xF5 ? 3
                                                 : -1;
        if (follow < 0 || (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
            (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
            return false;
        for (at++; follow; follow--, at++)
            if ((*at & 0xC0) != 0x80)
                return false;
    }
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_text(enum key key, const char *value, char *ret_text, size_t size, char *ret_error)
{
    memset(ret_text, 0, size);
    if (strcmp(value, "all") == 0)
        return true;
    size_t length = 0;
    for (const char *at = value; *at; at++) {
        char byte = *at;
        if (byte == '%') {
            int high = hex_digit(at[1]), low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0)
                return fail(ret_error, "%s: a %% must be followed by two hexadecimal digits (%%25 stands for %% itself)",
                            keys[key]);
            byte = (char)(high * 16 + low);
            if (!byte)
                return fail(ret_error, "%s: %%00 is not allowed", keys[key]);
            at += 2;
        }
        if (length + 1 >= size)
            return fail(ret_error, "%s: longer than %zu bytes", keys[key], size - 1);
        ret_text[length++] = byte;
    }
    if (!length)
        return fail(ret_error, "%s: empty; write all, or leave it out", keys[key]);
    if (!text_is_clean(ret_text))
        return fail(ret_error, "%s: holds control characters or is not UTF-8", keys[key]);
    return true;
}

static bool parse_tie(const char *value, struct spec *spec, char *ret_error)
{
    if (strncmp(value, "reporter:", 9) == 0) {
        const char *orgnr = value + 9;
        if (strlen(orgnr) != 9 || strspn(orgnr, "0123456789") != 9)
            return fail(ret_error, "tie: \"%.80s\" does not name an organisation number of nine digits", value);
        spec->tie = TIE_REPORTER;
        memcpy(spec->tie_reporter, orgnr, 10);
        return true;
    }
    int choice = 0;
    if (!choose(KEY_TIE, value, ties, SIZE(ties), &choice, ret_error))
        return false;
    spec->tie = (enum spec_tie)choice;
    return true;
}

static bool parse_seed(const char *value, uint64_t *ret_seed, char *ret_error)
{
    errno = 0;
    char *end;
    uint64_t seed = strtoull(value, &end, 10);
    if (!isdigit((unsigned char)value[0]) || *end || errno || seed > INT64_MAX)
        return fail(ret_error, "seed: \"%.80s\" is not a number from 0 to %" PRId64, value, INT64_MAX);
    *ret_seed = seed;
    return true;
}

static bool parse_permutations(const char *value, uint64_t *ret_permutations, char *ret_error)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (!isdigit((unsigned char)value[0]) || *end || number < 1 || number > PERMUTATIONS_MAX)
        return fail(ret_error, "permutations: \"%.80s\" is not a number from 1 to %d", value, PERMUTATIONS_MAX);
    *ret_permutations = number;
    return true;
}

static bool parse_tau(const char *value, double *ret_days, char *ret_error)
{
    /* Digits and one point, so that no locale and no notation gives two texts for one number. */
    size_t whole = strspn(value, "0123456789"), point = value[whole] == '.', rest = strspn(value + whole + point, "0123456789");
    double days = whole && whole <= 5 && rest <= 3 && !value[whole + point + rest] ? 0 : -1;
    double unit = 1;
    for (const char *digit = value; days >= 0 && *digit; digit++) {
        if (*digit == '.')
            continue;
        days = days * 10 + (*digit - '0');
        unit *= digit > value + whole ? 10 : 1;
    }
    days /= unit;
    if (!(days > 0) || days > PERIOD_MAX_DAYS)
        return fail(ret_error, "tau: \"%.80s\" is not a number of days over 0, at most %d, with at most three decimals", value,
                    PERIOD_MAX_DAYS);
    *ret_days = days;
    return true;
}

static bool parse_value(enum key key, const char *value, struct spec *spec, char *ret_error)
{
    int choice = 0;
    bool chosen = true;
    switch (key) {
    case KEY_FROM:
        return parse_day(key, value, &spec->from_day, ret_error);
    case KEY_TO:
        return parse_day(key, value, &spec->to_day, ret_error);
    case KEY_LAYER:
        return parse_layers(value, spec, ret_error);
    case KEY_CASE:
        return parse_text(key, value, spec->case_ref, sizeof spec->case_ref, ret_error);
    case KEY_CASE_TYPE:
        return parse_text(key, value, spec->case_type, sizeof spec->case_type, ret_error);
    case KEY_TIE:
        return parse_tie(value, spec, ret_error);
    case KEY_SEED:
        return parse_seed(value, &spec->seed, ret_error);
    case KEY_LEVEL:
        chosen = choose(key, value, levels, SIZE(levels), &choice, ret_error);
        spec->level = (enum spec_level)choice;
        return chosen;
    case KEY_VIEW:
        chosen = choose(key, value, views, SIZE(views), &choice, ret_error);
        spec->view = (enum spec_view)choice;
        return chosen;
    case KEY_PROJECTION:
        chosen = choose(key, value, projections, SIZE(projections), &choice, ret_error);
        spec->projection = (enum spec_projection)choice;
        return chosen;
    case KEY_DIRECTION:
        chosen = choose(key, value, directions, SIZE(directions), &choice, ret_error);
        spec->directed = choice == 1;
        return chosen;
    case KEY_WEIGHT:
        chosen = choose(key, value, weights, SIZE(weights), &choice, ret_error);
        spec->weight = (enum spec_weight)choice;
        return chosen;
    case KEY_DISTANCE:
        chosen = choose(key, value, distances, SIZE(distances), &choice, ret_error);
        spec->distance = (enum spec_distance)choice;
        return chosen;
    case KEY_BETWEENNESS:
        chosen = choose(key, value, efforts, SIZE(efforts), &choice, ret_error);
        spec->betweenness = (enum spec_effort)choice;
        return chosen;
    case KEY_PATHS:
        chosen = choose(key, value, efforts, SIZE(efforts), &choice, ret_error);
        spec->paths = (enum spec_effort)choice;
        return chosen;
    case KEY_RELATIONS:
        chosen = choose(key, value, relations, SIZE(relations), &choice, ret_error);
        spec->by_layer = choice == 1;
        return chosen;
    case KEY_SPELLS:
        chosen = choose(key, value, spells, SIZE(spells), &choice, ret_error);
        spec->spells = (enum spec_spells)choice;
        return chosen;
    case KEY_PERMUTATIONS:
        return parse_permutations(value, &spec->permutations, ret_error);
    case KEY_TAU:
        return parse_tau(value, &spec->tau_days, ret_error);
    case KEY_COUNT:
        break;
    }
    return false;
}

static bool check_whole(const struct spec *spec, const bool *given, char *ret_error)
{
    if (!given[KEY_FROM] || !given[KEY_TO])
        return fail(ret_error, "%s: missing; a specification needs a period, from=YYYY-MM-DD and to=YYYY-MM-DD (not included)",
                    given[KEY_FROM] ? "to" : "from");
    if (spec->from_day >= spec->to_day)
        return fail(ret_error, "to: the period ends where it begins, or before (to is not included)");
    if (spec->to_day - spec->from_day > PERIOD_MAX_DAYS)
        return fail(ret_error, "from: the period is longer than 100 years");
    if (spec->projection == PROJECTION_BINARY && spec->weight != WEIGHT_SUM)
        return fail(ret_error, "weight: under projection=binary every tie weighs 1, so weight=%s has nothing to work on",
                    weights[spec->weight]);
    if (spec->projection == PROJECTION_BINARY && (spec->distance == DISTANCE_COMPLEMENT || spec->distance == DISTANCE_LOG))
        return fail(ret_error,
                    "distance: under projection=binary every tie weighs 1, so distance=%s makes every distance 0; use unit",
                    distances[spec->distance]);
    return true;
}

bool spec_parse(const char *text, struct spec *ret_spec, char *ret_error)
{
    struct spec spec;
    spec_default(&spec);
    bool given[KEY_COUNT] = {false};
    for (const char *at = text;;) {
        at += strspn(at, " \t\r\n");
        if (!*at)
            break;
        size_t size = strcspn(at, " \t\r\n");
        if (size >= SPEC_TEXT_MAX)
            return fail(ret_error, "specification: a word longer than %d bytes", SPEC_TEXT_MAX - 1);
        char word[SPEC_TEXT_MAX];
        memcpy(word, at, size);
        word[size] = '\0';
        at += size;
        char *value = strchr(word, '=');
        if (!value)
            return fail(ret_error, "\"%.80s\": expected key=value", word);
        *value++ = '\0';
        int key = 0;
        while (key < KEY_COUNT && strcmp(word, keys[key]) != 0)
            key++;
        if (key == KEY_COUNT)
            return fail(
                ret_error,
                "%.80s: not a key of a specification; there are from, to, layer, case, case-type, level, view, projection, "
                "direction, tie, weight, distance, seed, betweenness, paths, permutations, tau, relations, spells",
                *word ? word : "(nothing before =)");
        if (given[key])
            return fail(ret_error, "%s: given twice", keys[key]);
        given[key] = true;
        if (!parse_value((enum key)key, value, &spec, ret_error))
            return false;
    }
    if (!check_whole(&spec, given, ret_error))
        return false;
    *ret_spec = spec;
    return true;
}

static void put_text(struct line *line, const char *key, const char *text)
{
    put(line, " %s=%s", key, *text ? "" : "all");
    bool word_all = strcmp(text, "all") == 0;
    for (const char *c = text; *c; c++) {
        if (*c == ' ' || *c == '%' || (word_all && c == text))
            put(line, "%%%02X", (unsigned char)*c);
        else
            put(line, "%c", *c);
    }
}

void spec_format(const struct spec *spec, char ret_text[SPEC_TEXT_MAX])
{
    _Static_assert(SPEC_TEXT_MAX > SPEC_LAYERS_MAX * 64 + 3 * 300 + 3 * 64 + 400, "the longest specification fits");
    char from[16], to[16];
    civil_day_format(spec->from_day, from);
    civil_day_format(spec->to_day, to);
    struct line line = {ret_text, 0, SPEC_TEXT_MAX};
    put(&line, "from=%s to=%s layer=", from, to);
    for (unsigned i = 0; i < spec->layer_count; i++)
        put(&line, "%s%s", i ? "," : "", spec->layers[i]);
    if (!spec->layer_count)
        put(&line, "all");
    put_text(&line, "case", spec->case_ref);
    put_text(&line, "case-type", spec->case_type);
    put(&line, " level=%s view=%s projection=%s direction=%s", levels[spec->level], views[spec->view],
        projections[spec->projection], directions[spec->directed]);
    if (spec->tie == TIE_REPORTER)
        put(&line, " tie=reporter:%s", spec->tie_reporter);
    else
        put(&line, " tie=%s", ties[spec->tie]);
    put(&line, " weight=%s distance=%s seed=%" PRIu64, weights[spec->weight], distances[spec->distance], spec->seed);
    char options[SPEC_OPTIONS_MAX];
    spec_options(spec, options);
    if (*options)
        put(&line, " %s", options);
    if (spec->by_layer)
        put(&line, " relations=%s", relations[1]);
    if (spec->spells != SPELLS_NONE)
        put(&line, " spells=%s", spells[spec->spells]);
}

void spec_options(const struct spec *spec, char ret_text[SPEC_OPTIONS_MAX])
{
    struct line line = {ret_text, 0, SPEC_OPTIONS_MAX};
    ret_text[0] = '\0';
    if (spec->betweenness != EFFORT_AUTO)
        put(&line, " betweenness=%s", efforts[spec->betweenness]);
    if (spec->paths != EFFORT_AUTO)
        put(&line, " paths=%s", efforts[spec->paths]);
    if (spec->permutations > 0)
        put(&line, " permutations=%" PRIu64, spec->permutations);
    if (spec->tau_days > 0)
        put(&line, " tau=%.8g", spec->tau_days);
    if (line.length > 0)
        memmove(ret_text, ret_text + 1, strlen(ret_text));
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
