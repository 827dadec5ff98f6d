/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of choices, and everything that reads it.
 */
#include "choices.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CHOICES_WORD_MAX 1024
#define SIZE(array)      (sizeof(array) / sizeof(array)[0])
#define FIELD(member)    offsetof(struct choices, member)

static const char *const stratas[] = {"none", "stage", "request"};
static const char *const efforts[] = {"auto", "exact", "none", "sampled"};
enum { EFFORTS_UNSAMPLED = 3 }; /* the first of them */
static const char *const models[] = {"linear", "logistic", "correlation"};
static const char *const responses[] = {"weight", "binary"};
static const char *const covariates[WITH_COUNT] = {"sector",     "parent",    "kind",   "distance",
                                                   "objections", "reporting", "earlier"};
static const char *const fills[] = {"random", "zero"};
static const char *const dependencies[] = {"aims", "sharing"};
static const char *const relations[] = {"one", "layers"};
static const char *const profiles[] = {"internal", "public"};
static const char *const spells[] = {"none", "day", "month"};

static const struct choice_key keys[] = {
    {.key = "betweenness",
     .kind = CHOICE_NAME,
     .offset = FIELD(betweenness),
     .names = efforts,
     .name_count = SIZE(efforts),
     .fallback = "auto"},
    {.key = "paths",
     .kind = CHOICE_NAME,
     .offset = FIELD(paths),
     .names = efforts,
     .name_count = EFFORTS_UNSAMPLED,
     .fallback = "auto"},
    {.key = "epsilon", .kind = CHOICE_REAL, .offset = FIELD(epsilon), .low = 0, .high = 0.5, .fallback = "0.01"},
    {.key = "delta", .kind = CHOICE_REAL, .offset = FIELD(delta), .low = 0, .high = 0.5, .fallback = "0.05"},
    {.key = "dependency",
     .kind = CHOICE_NAME,
     .offset = FIELD(dependency),
     .names = dependencies,
     .name_count = SIZE(dependencies),
     .fallback = "aims"},
    {.key = "enough", .kind = CHOICE_REAL, .offset = FIELD(enough), .low = 0, .high = 1000},
    {.key = "permutations",
     .kind = CHOICE_COUNT,
     .offset = FIELD(permutations),
     .low = 1,
     .high = CHOICES_PERMUTATIONS_MAX,
     .fallback = "999"},
    {.key = "swaps", .kind = CHOICE_COUNT, .offset = FIELD(swaps), .low = 0, .high = CHOICES_PERMUTATIONS_MAX, .fallback = "0"},
    {.key = "runs", .kind = CHOICE_COUNT, .offset = FIELD(runs), .low = 0, .high = 10000, .fallback = "0"},
    {.key = "negative-from", .kind = CHOICE_COUNT, .offset = FIELD(negative_from), .low = 1, .high = 1000000, .fallback = "2"},
    {.key = "alpha", .kind = CHOICE_REAL, .offset = FIELD(alpha), .low = 0, .high = 1, .fallback = "0.05"},
    {.key = "tau", .kind = CHOICE_REAL, .offset = FIELD(tau_days), .low = 0, .high = SPEC_PERIOD_DAYS_MAX, .fallback = "90"},
    {.key = "sets",
     .kind = CHOICE_NAME,
     .offset = FIELD(sets),
     .names = efforts,
     .name_count = EFFORTS_UNSAMPLED,
     .fallback = "auto"},
    {.key = "set-size",
     .kind = CHOICE_COUNT,
     .offset = FIELD(set_size),
     .low = 1,
     .high = CHOICES_SET_SIZE_MAX,
     .fallback = "3"},
    {.key = "remove", .kind = CHOICE_TEXT, .offset = FIELD(remove), .size = CHOICES_ACTORS_SIZE},
    {.key = "merge", .kind = CHOICE_TEXT, .offset = FIELD(merge), .size = CHOICES_ACTORS_SIZE},
    {.key = "liaison", .kind = CHOICE_TEXT, .offset = FIELD(liaison), .size = CHOICES_ACTORS_SIZE},
    {.key = "committee", .kind = CHOICE_TEXT, .offset = FIELD(committee), .size = CHOICES_ACTORS_SIZE},
    {.key = "liaison-weight", .kind = CHOICE_REAL, .offset = FIELD(liaison_weight), .low = 0, .high = 1e6, .fallback = "1"},
    {.key = "meetings", .kind = CHOICE_COUNT, .offset = FIELD(meetings), .low = 0, .high = 100000, .fallback = "0"},
    {.key = "minutes", .kind = CHOICE_REAL, .offset = FIELD(minutes), .low = 0, .high = 1440, .fallback = "60"},
    {.key = "strata",
     .kind = CHOICE_NAME,
     .offset = FIELD(strata),
     .names = stratas,
     .name_count = SIZE(stratas),
     .fallback = "request"},
    {.key = "within",
     .kind = CHOICE_REAL,
     .offset = FIELD(within_days),
     .low = 0,
     .high = SPEC_PERIOD_DAYS_MAX,
     .fallback = "21"},
    {.key = "model",
     .kind = CHOICE_NAME,
     .offset = FIELD(model),
     .names = models,
     .name_count = SIZE(models),
     .fallback = "linear"},
    {.key = "response",
     .kind = CHOICE_NAME,
     .offset = FIELD(response),
     .names = responses,
     .name_count = SIZE(responses),
     .fallback = "weight"},
    {.key = "with",
     .kind = CHOICE_SET,
     .offset = FIELD(with),
     .names = covariates,
     .name_count = SIZE(covariates),
     .fallback = "sector"},
    {.key = "split", .kind = CHOICE_DAY, .offset = FIELD(split_day)},
    {.key = "earlier-from", .kind = CHOICE_DAY, .offset = FIELD(earlier_from_day)},
    {.key = "earlier-to", .kind = CHOICE_DAY, .offset = FIELD(earlier_to_day)},
    {.key = "anchor-from", .kind = CHOICE_DAY, .offset = FIELD(anchor_from_day)},
    {.key = "anchor-to", .kind = CHOICE_DAY, .offset = FIELD(anchor_to_day)},
    {.key = "replicates",
     .kind = CHOICE_COUNT,
     .offset = FIELD(replicates),
     .low = 1,
     .high = CHOICES_REPLICATES_MAX,
     .fallback = "1000"},
    {.key = "fill",
     .kind = CHOICE_NAME,
     .offset = FIELD(fill),
     .names = fills,
     .name_count = SIZE(fills),
     .fallback = "random"},
    {.key = "relations",
     .kind = CHOICE_NAME,
     .offset = FIELD(relations),
     .names = relations,
     .name_count = SIZE(relations),
     .fallback = "one"},
    {.key = "spells",
     .kind = CHOICE_NAME,
     .offset = FIELD(spells),
     .names = spells,
     .name_count = SIZE(spells),
     .fallback = "none"},
    {.key = "profile",
     .kind = CHOICE_NAME,
     .offset = FIELD(profile),
     .names = profiles,
     .name_count = SIZE(profiles),
     .fallback = "internal"},
    {.key = "minimum-cell", .kind = CHOICE_COUNT, .offset = FIELD(minimum_cell), .low = 1, .high = 1000, .fallback = "5"},
    {.key = "for", .kind = CHOICE_TEXT, .offset = FIELD(for_actor), .size = CHOICES_ACTORS_SIZE},
    {.key = "one", .kind = CHOICE_TEXT, .offset = FIELD(one), .size = CHOICES_ACTORS_SIZE},
    {.key = "other", .kind = CHOICE_TEXT, .offset = FIELD(other), .size = CHOICES_ACTORS_SIZE},
    {.key = "skip", .kind = CHOICE_COUNT, .offset = FIELD(skip), .low = 0, .high = 1e9, .fallback = "0"},
    {.key = "wave", .kind = CHOICE_TEXT, .offset = FIELD(wave), .size = CHOICES_WAVE_SIZE},
    {.key = "items", .kind = CHOICE_TEXT, .offset = FIELD(items), .size = CHOICES_ITEMS_SIZE},
    {.key = "earlier-wave", .kind = CHOICE_TEXT, .offset = FIELD(earlier_wave), .size = CHOICES_WAVE_SIZE},
};

const struct choice_key *choices_keys(size_t *ret_count)
{
    *ret_count = SIZE(keys);
    return keys;
}

const struct choice_key *choices_key(const char *key)
{
    for (size_t i = 0; i < SIZE(keys); i++)
        if (strcmp(keys[i].key, key) == 0)
            return &keys[i];
    return NULL;
}

/* Names with commas, each once. */
static bool set_names(const struct choice_key *row, const char *value, uint32_t *ret_bits, char *ret_error)
{
    uint32_t bits = 0;
    for (const char *at = value;; at++) {
        size_t length = strcspn(at, ",");
        char name[CHOICES_WORD_MAX];
        int chosen;
        if (length >= sizeof name)
            return spec_fail(ret_error, "%s: a word longer than %zu bytes", row->key, sizeof name - 1);
        memcpy(name, at, length);
        name[length] = '\0';
        if (!spec_value_name(row->key, name, row->names, row->name_count, "", &chosen, ret_error))
            return false;
        if (bits & UINT32_C(1) << chosen)
            return spec_fail(ret_error, "%s: \"%s\" is named twice", row->key, name);
        bits |= UINT32_C(1) << chosen;
        at += length;
        if (!*at)
            break;
    }
    *ret_bits = bits;
    return true;
}

bool choices_set(struct choices *choices, const struct choice_key *row, const char *value, char *ret_error)
{
    void *field = (char *)choices + row->offset;
    int chosen;
    switch (row->kind) {
    case CHOICE_NAME:
        if (!spec_value_name(row->key, value, row->names, row->name_count, "", &chosen, ret_error))
            return false;
        memcpy(field, &chosen, sizeof chosen); /* an enum of ours is an int */
        return true;
    case CHOICE_SET:
        return set_names(row, value, field, ret_error);
    case CHOICE_COUNT:
        return spec_value_count(row->key, value, (uint64_t)row->low, (uint64_t)row->high, field, ret_error);
    case CHOICE_REAL:
        return spec_value_real(row->key, value, row->low, row->high, field, ret_error);
    case CHOICE_DAY:
        return spec_value_day(row->key, value, field, ret_error);
    case CHOICE_TEXT:
        return spec_value_text(row->key, value, field, row->size, ret_error);
    }
    return false;
}

void choices_default(struct choices *ret_choices)
{
    _Static_assert(sizeof(enum choice_effort) == sizeof(int) && sizeof(enum choice_relations) == sizeof(int) &&
                       sizeof(enum choice_spells) == sizeof(int) && sizeof(enum choice_profile) == sizeof(int),
                   "choices_set writes an int");
    char error[SPEC_ERROR_SIZE];
    memset(ret_choices, 0, sizeof *ret_choices);
    for (size_t i = 0; i < SIZE(keys); i++) {
        bool set = !keys[i].fallback || choices_set(ret_choices, &keys[i], keys[i].fallback, error);
        assert(set);
        (void)set;
    }
}

static void put_value(const struct choice_key *row, const void *field, struct spec_line *line)
{
    int number;
    switch (row->kind) {
    case CHOICE_NAME:
        memcpy(&number, field, sizeof number);
        spec_line_put(line, " %s=%s", row->key, row->names[number]);
        break;
    case CHOICE_SET:
        spec_line_put(line, " %s=", row->key);
        for (size_t i = 0, named = 0; i < row->name_count; i++)
            if (*(const uint32_t *)field & UINT32_C(1) << i)
                spec_line_put(line, "%s%s", named++ ? "," : "", row->names[i]);
        break;
    case CHOICE_COUNT:
        spec_line_put(line, " %s=%" PRIu64, row->key, *(const uint64_t *)field);
        break;
    case CHOICE_REAL:
        spec_line_put(line, " %s=%.10g", row->key, *(const double *)field);
        break;
    case CHOICE_DAY:
        spec_line_put_day(line, row->key, *(const int32_t *)field);
        break;
    case CHOICE_TEXT:
        spec_line_put_text(line, row->key, field);
        break;
    }
}

void choices_put(const struct choices *choices, struct spec_line *line)
{
    struct choices usual;
    choices_default(&usual);
    for (size_t i = 0; i < SIZE(keys); i++) {
        char text[2][CHOICES_WORD_MAX];
        for (int which = 0; which < 2; which++) {
            struct spec_line word = {text[which], 0, CHOICES_WORD_MAX};
            text[which][0] = '\0';
            put_value(&keys[i], (const char *)(which ? &usual : choices) + keys[i].offset, &word);
        }
        if (strcmp(text[0], text[1]) != 0)
            spec_line_put(line, "%s", text[0]);
    }
}

bool choices_parse(const char *text, struct choices *ret_choices, char *ret_error)
{
    struct choices choices;
    choices_default(&choices);
    while (text && *(text += strspn(text, " \t\r\n"))) {
        size_t length = strcspn(text, " \t\r\n");
        char pair[CHOICES_WORD_MAX];
        if (length >= sizeof pair)
            return spec_fail(ret_error, "a word longer than %zu bytes", sizeof pair - 1);
        memcpy(pair, text, length);
        pair[length] = '\0';
        text += length;
        char *value = strchr(pair, '=');
        if (!value)
            return spec_fail(ret_error, "\"%.80s\": expected key=value", pair);
        *value++ = '\0';
        const struct choice_key *row = choices_key(pair);
        if (!row)
            return spec_fail(ret_error, "%.80s: there is no such choice", pair);
        if (!choices_set(&choices, row, value, ret_error))
            return false;
    }
    *ret_choices = choices;
    return true;
}
