/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything that can be wrong with an instrument, in the order of the instrument. */
#include "instrument_check.h"
#include "instrument.h"
#include "instrument_index.h"
#include "text.h"
#include "validate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX 48

void checker_complain(struct checker *checker, const char *path, const char *field, const char *format, ...)
{
    checker->is_broken = true;
    if (checker->count == checker->room)
        return;
    struct instrument_problem *problem = &checker->problems[checker->count++];
    char whole[sizeof problem->errmsg.field];
    char text[sizeof problem->errmsg.text];
    snprintf(whole, sizeof whole, "%s%s%s", path, path[0] != '\0' && field[0] != '\0' ? "." : "", field);
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    errmsg_set(&problem->errmsg, whole, "%s", text);
    problem->only_opening = false;
}

/* The same for what only keeps a wave from opening. */
static void complain_opening(struct checker *checker, const char *path, const char *field, const char *text)
{
    bool was_broken = checker->is_broken;
    size_t before = checker->count;
    checker_complain(checker, path, field, "%s", text);
    checker->is_broken = was_broken;
    if (checker->count > before)
        checker->problems[before].only_opening = true;
}

/* ------------------------------------------------------------------------------------------------------------ words */

/* [a-z][a-z0-9_]{0,47}, with `also` allowed behind the first letter. */
static bool is_id(const char *id, const char *also)
{
    size_t size = strlen(id);
    if (size == 0 || size > ID_MAX || id[0] < 'a' || id[0] > 'z')
        return false;
    for (const char *c = id; *c != '\0'; c++)
        if ((*c < 'a' || *c > 'z') && (*c < '0' || *c > '9') && *c != '_' && strchr(also, *c) == NULL)
            return false;
    return true;
}

bool checker_id(struct checker *checker, const char *path, const char *field, const char *id)
{
    if (is_id(id, ""))
        return true;
    if (id[0] == '\0')
        checker_complain(checker, path, field, "is missing");
    else
        checker_complain(checker, path, field,
                         "is not an id: a small letter a-z, then small letters, digits and _, at most %d in all", ID_MAX);
    return false;
}

/* A word of a codebook or the like: may be missing. */
static void check_word(struct checker *checker, const char *path, const char *field, const char *word)
{
    if (word[0] != '\0' && !is_id(word, ""))
        checker_complain(checker, path, field, "is not a small letter a-z, then small letters, digits and _, at most %d in all",
                         ID_MAX);
}

static void check_string(struct checker *checker, const char *path, const char *field, const char *text, size_t max,
                         bool is_free)
{
    struct text_finding finding;
    if (text_check(text, max, is_free, &finding))
        return;
    struct errmsg errmsg;
    text_describe(&finding, max, "", &errmsg);
    checker_complain(checker, path, field, "%s", errmsg.text);
}

/* ------------------------------------------------------------------------------------------------------------ texts */

/* What a text is filled in with, where it stands. */
struct filling {
    bool is_filled;                    /* the text is piped at all */
    bool has_actor;                    /* {actor} */
    size_t order;                      /* {answer:ID} of items before this one */
    const Samordning__V1__Item *whole; /* in whose rows it stands */
};

static const struct filling not_filled = {.is_filled = false};

static void check_answer_piece(struct checker *checker, const char *path, const char *field, const struct filling *filling,
                               const char *id)
{
    const struct instrument_place *place = instrument_index_find(&checker->index, id);
    if (place == NULL) {
        checker_complain(checker, path, field, "{answer:%s}: there is no such item", id);
        return;
    }
    const Samordning__V1__ItemKind kind = place->item->kind;
    if (place->order >= filling->order)
        checker_complain(checker, path, field, "{answer:%s}: is not above this text", id);
    else if (place->whole != NULL && place->whole != filling->whole)
        checker_complain(checker, path, field, "{answer:%s}: is answered for each actor of %s", id, place->whole->id);
    else if (kind == INSTRUMENT_KIND(INFORMATION) || kind == INSTRUMENT_KIND(MATRIX) || instrument_kind_has_parts(kind))
        checker_complain(checker, path, field, "{answer:%s}: has no single answer that could stand in a text", id);
}

static void check_pieces(struct checker *checker, const char *path, const char *field, const struct filling *filling,
                         const char *text)
{
    struct instrument_pipe pipe = {.at = text};
    enum instrument_piece piece = INSTRUMENT_LITERAL;
    while (instrument_pipe_next(&pipe, &piece)) {
        const int size = (int)validate_utf8_prefix(pipe.begin, pipe.size < ID_MAX ? pipe.size : ID_MAX);
        if (piece == INSTRUMENT_LITERAL)
            continue;
        if (!filling->is_filled)
            checker_complain(checker, path, field, "%.*s: nothing is filled in here, and braces have no other use", size,
                             pipe.begin);
        else if (piece == INSTRUMENT_UNKNOWN)
            checker_complain(checker, path, field, "%.*s: can only be {actor}, {organisation} or {answer:ID}", size,
                             pipe.begin);
        else if (piece == INSTRUMENT_ACTOR && !filling->has_actor)
            checker_complain(checker, path, field, "{actor}: only the parts of a roster or name generator are about one");
        else if (piece == INSTRUMENT_ANSWER)
            check_answer_piece(checker, path, field, filling, pipe.answer);
    }
}

/* Missing only matters where the text is shown: `is_needed`, or given in some language. */
static void check_text(struct checker *checker, const char *path, const char *name, const Samordning__V1__LocalText *text,
                       bool is_needed, const struct filling *filling)
{
    const bool is_given = instrument_text(text, INSTRUMENT_NB)[0] != '\0';
    for (int i = 0; i < INSTRUMENT_LANGUAGES && is_given; i++) {
        const enum instrument_language language = (enum instrument_language)i;
        const char *said = instrument_text_in(text, language);
        char field[ID_MAX + 8];
        snprintf(field, sizeof field, "%s.%s", name, instrument_language_code(language));
        struct text_finding finding;
        if (text_check(said, INSTRUMENT_TEXT_BYTES_MAX, true, &finding))
            check_pieces(checker, path, field, filling, said);
        else
            check_string(checker, path, field, said, INSTRUMENT_TEXT_BYTES_MAX, true);
    }
    for (int i = 0; i < INSTRUMENT_LANGUAGES && (is_given || is_needed); i++) {
        const char *said = instrument_text_in(text, (enum instrument_language)i);
        if (said[strspn(said, " \t\r\n")] != '\0')
            continue;
        checker->missing[i]++;
        char field[ID_MAX + 8];
        snprintf(field, sizeof field, "%s.%s", name, instrument_language_code((enum instrument_language)i));
        if (i == INSTRUMENT_NB || i == INSTRUMENT_NN)
            complain_opening(checker, path, field, "is missing: a wave opens in bokmål and nynorsk at the same time");
    }
}

/* ---------------------------------------------------------------------------------------------------------- choices */

static void check_choices(struct checker *checker, const char *path, const Samordning__V1__Item *item)
{
    const bool is_multiple = item->kind == INSTRUMENT_KIND(MULTIPLE);
    if (!instrument_kind_has_choices(item->kind)) {
        if (item->n_choices > 0)
            checker_complain(checker, path, "choices", "are not for this kind of item");
        return;
    }
    if (item->n_choices < (is_multiple ? 1 : 2))
        checker_complain(checker, path, "choices", "there must be at least %d", is_multiple ? 1 : 2);
    if (item->n_choices > INSTRUMENT_CHOICES_MAX)
        checker_complain(checker, path, "choices", "are %zu, at most %d are allowed", item->n_choices, INSTRUMENT_CHOICES_MAX);
    size_t rises = 0;
    for (size_t i = 0; i < item->n_choices && i < INSTRUMENT_CHOICES_MAX; i++) {
        const Samordning__V1__Choice *choice = item->choices[i];
        char at[INSTRUMENT_PATH_SIZE];
        snprintf(at, sizeof at, "%s.choices[%zu]", path, i);
        if (!isfinite(choice->value))
            checker_complain(checker, at, "value", "is not a number");
        for (size_t k = 0; k < i; k++) {
            if (item->choices[k]->value == choice->value) {
                checker_complain(checker, at, "value", "is that of choices[%zu] too", k);
                break;
            }
        }
        if (i > 0 && choice->value > item->choices[i - 1]->value)
            rises++;
        check_text(checker, at, "label", choice->label, true, &not_filled);
        if (choice->exclusive && !is_multiple)
            checker_complain(checker, at, "exclusive", "is for multiple choices");
        check_word(checker, at, "code", choice->code);
    }
    if (item->n_choices < 2 || item->n_choices > INSTRUMENT_CHOICES_MAX)
        return;
    if (item->kind == INSTRUMENT_KIND(LADDER) && rises != item->n_choices - 1)
        checker_complain(checker, path, "choices", "the values of a ladder must rise from step to step");
    if (item->kind == INSTRUMENT_KIND(LIKERT) && rises != 0 && rises != item->n_choices - 1)
        checker_complain(checker, path, "choices", "the values of an ordered scale must rise or fall from one to the next");
}

static void check_rows(struct checker *checker, const char *path, const Samordning__V1__Item *item)
{
    if (item->kind != INSTRUMENT_KIND(MATRIX)) {
        if (item->n_rows > 0)
            checker_complain(checker, path, "rows", "are for a matrix");
        return;
    }
    if (item->n_rows == 0)
        checker_complain(checker, path, "rows", "there must be at least 1");
    if (item->n_rows > INSTRUMENT_CHOICES_MAX)
        checker_complain(checker, path, "rows", "are %zu, at most %d are allowed", item->n_rows, INSTRUMENT_CHOICES_MAX);
    for (size_t i = 0; i < item->n_rows && i < INSTRUMENT_CHOICES_MAX; i++) {
        char at[INSTRUMENT_PATH_SIZE];
        snprintf(at, sizeof at, "%s.rows[%zu]", path, i);
        checker_id(checker, at, "id", item->rows[i]->id);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(item->rows[k]->id, item->rows[i]->id) == 0) {
                checker_complain(checker, at, "id", "is that of rows[%zu] too", k);
                break;
            }
        }
        check_text(checker, at, "text", item->rows[i]->text, true, &not_filled);
    }
}

/* ---------------------------------------------------------------------------------------------- what a kind can have */

/* The fields that only some kinds have use for, and which those are. */
struct use {
    const char *field;
    const char *whose;
    unsigned kinds; /* bit per kind */
    bool (*is_given)(const Samordning__V1__Item *item);
};
#define BIT(name) (1U << INSTRUMENT_KIND(name))
#define ANSWERED_WHOLE                                                                                                         \
    (BIT(SINGLE) | BIT(MULTIPLE) | BIT(LIKERT) | BIT(NUMBER) | BIT(DATE) | BIT(TEXT) | BIT(RANKING) | BIT(MATRIX) | BIT(LADDER))

#define GIVEN(name, expression)                                                                                                \
    static bool has_##name(const Samordning__V1__Item *item)                                                                   \
    {                                                                                                                          \
        return expression;                                                                                                     \
    }
GIVEN(required, item->required)
GIVEN(not_relevant, item->not_relevant)
GIVEN(dont_know, item->dont_know)
GIVEN(min, item->min != 0 || isnan(item->min))
GIVEN(max, item->max != 0 || isnan(item->max))
GIVEN(whole, item->whole)
GIVEN(unit, item->unit != NULL)
GIVEN(text_max, item->text_max != 0)
GIVEN(parts, item->n_parts > 0)
GIVEN(actors, item->actors != NULL)
GIVEN(names_max, item->names_max != 0)
GIVEN(allow_unknown, item->allow_unknown)
GIVEN(keep_order, item->keep_order)
GIVEN(no_contact, item->no_contact != NULL)
GIVEN(ladder, item->ladder[0] != '\0')
GIVEN(scale, item->scale[0] != '\0')
GIVEN(reversed, item->reversed)

static const struct use uses[] = {
    {"required", "what can be answered", ANSWERED_WHOLE | BIT(ROSTER) | BIT(NAMES), has_required},
    {"not_relevant", "what is answered as a whole (give it to the parts)", ANSWERED_WHOLE, has_not_relevant},
    {"dont_know", "what is answered as a whole (give it to the parts)", ANSWERED_WHOLE, has_dont_know},
    {"min", "numbers, multiple choices and rankings", BIT(NUMBER) | BIT(MULTIPLE) | BIT(RANKING), has_min},
    {"max", "numbers, multiple choices and rankings", BIT(NUMBER) | BIT(MULTIPLE) | BIT(RANKING), has_max},
    {"whole", "numbers", BIT(NUMBER), has_whole},
    {"unit", "numbers", BIT(NUMBER), has_unit},
    {"text_max", "texts", BIT(TEXT), has_text_max},
    {"parts", "rosters and name generators", BIT(ROSTER) | BIT(NAMES), has_parts},
    {"actors", "rosters and name generators", BIT(ROSTER) | BIT(NAMES), has_actors},
    {"names_max", "name generators", BIT(NAMES), has_names_max},
    {"allow_unknown", "name generators", BIT(NAMES), has_allow_unknown},
    {"keep_order", "rosters", BIT(ROSTER), has_keep_order},
    {"no_contact", "rosters", BIT(ROSTER), has_no_contact},
    {"ladder", "ladders", BIT(LADDER), has_ladder},
    {"scale", "single choices, ordered scales and matrices", BIT(SINGLE) | BIT(LIKERT) | BIT(MATRIX), has_scale},
    {"reversed", "single choices, ordered scales and matrices", BIT(SINGLE) | BIT(LIKERT) | BIT(MATRIX), has_reversed},
};

static void check_uses(struct checker *checker, const char *path, const struct instrument_place *place)
{
    const Samordning__V1__Item *item = place->item;
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if ((uses[i].kinds & (1U << item->kind)) == 0 && uses[i].is_given(item))
            checker_complain(checker, path, uses[i].field, "is for %s", uses[i].whose);
    if (place->whole == NULL && item->relation[0] != '\0')
        checker_complain(checker, path, "relation", "is for the parts of a roster or name generator");
    if (place->whole == NULL && item->direction != SAMORDNING__V1__TIE_DIRECTION__TIE_FROM_RESPONDENT)
        checker_complain(checker, path, "direction", "is for the parts of a roster or name generator");
    if (item->kind == INSTRUMENT_KIND(LADDER) && item->ladder[0] == '\0')
        checker_complain(checker, path, "ladder", "is missing: which ladder the steps are of");
    if (item->reversed && item->scale[0] == '\0')
        checker_complain(checker, path, "reversed", "means something in a scale only");
}

static void check_bounds(struct checker *checker, const char *path, const Samordning__V1__Item *item)
{
    const bool counts = item->kind != INSTRUMENT_KIND(NUMBER);
    if (!isfinite(item->min) || !isfinite(item->max)) {
        checker_complain(checker, path, isfinite(item->min) ? "max" : "min", "is not a number");
        return;
    }
    if (item->min == 0 && item->max == 0)
        return;
    if (counts && (item->min < 0 || item->max < 0 || item->min != floor(item->min) || item->max != floor(item->max)))
        checker_complain(checker, path, item->max < 0 || item->max != floor(item->max) ? "max" : "min",
                         "is how many are chosen: a whole number");
    else if (counts && (item->min > (double)item->n_choices || item->max > (double)item->n_choices))
        checker_complain(checker, path, item->max > (double)item->n_choices ? "max" : "min",
                         "is more than the %zu choices there are", item->n_choices);
    else if (item->min > item->max && (!counts || item->max != 0))
        checker_complain(checker, path, "max", "is less than min");
}

static void check_actors(struct checker *checker, const char *path, const Samordning__V1__Item *item)
{
    const Samordning__V1__ActorSet *actors = item->actors;
    if (item->kind == INSTRUMENT_KIND(ROSTER) && (actors == NULL || actors->n_kinds + actors->n_actors == 0))
        checker_complain(checker, path, "actors", "is missing: kinds of actors, or their keys");
    if (actors == NULL)
        return;
    if (actors->n_kinds > INSTRUMENT_CHOICES_MAX || actors->n_actors > INSTRUMENT_ROSTER_MAX)
        checker_complain(checker, path, "actors", "at most %d kinds and %d actors can be named", INSTRUMENT_CHOICES_MAX,
                         INSTRUMENT_ROSTER_MAX);
    char field[ID_MAX];
    for (size_t i = 0; i < actors->n_kinds && i < INSTRUMENT_CHOICES_MAX; i++) {
        snprintf(field, sizeof field, "actors.kinds[%zu]", i);
        checker_id(checker, path, field, actors->kinds[i]);
    }
    for (size_t i = 0; i < actors->n_actors && i < INSTRUMENT_ROSTER_MAX; i++) {
        snprintf(field, sizeof field, "actors.actors[%zu]", i);
        if (actors->actors[i][0] == '\0')
            checker_complain(checker, path, field, "is empty");
        else
            check_string(checker, path, field, actors->actors[i], INSTRUMENT_NAME_BYTES_MAX, false);
    }
}

/* Items of one scale are averaged, so they must be answered with the same values. */
static void check_scale(struct checker *checker, const char *path, const struct instrument_place *place)
{
    const Samordning__V1__Item *item = place->item;
    check_word(checker, path, "scale", item->scale);
    if (item->scale[0] == '\0')
        return;
    for (size_t i = 0; i < place->order; i++) {
        const Samordning__V1__Item *other = checker->index.places[i].item;
        if (strcmp(other->scale, item->scale) != 0)
            continue;
        bool same = other->n_choices == item->n_choices;
        for (size_t k = 0; k < item->n_choices && k < INSTRUMENT_CHOICES_MAX && same; k++)
            same = instrument_choice(other, item->choices[k]->value) != NULL;
        if (!same)
            checker_complain(checker, path, "scale", "%s in the same scale has other values", other->id);
        else if (checker->index.places[i].whole != place->whole)
            checker_complain(checker, path, "scale", "%s in the same scale is asked about other actors", other->id);
        return;
    }
}

/* ------------------------------------------------------------------------------------------------------------ items */

static bool check_kind(struct checker *checker, const char *path, const struct instrument_place *place)
{
    const Samordning__V1__ItemKind kind = place->item->kind;
    const unsigned of_part = BIT(SINGLE) | BIT(MULTIPLE) | BIT(LIKERT) | BIT(NUMBER) | BIT(LADDER);
    if (kind == INSTRUMENT_KIND(UNSPECIFIED)) {
        checker_complain(checker, path, "kind", "is missing");
        return false;
    }
    if (protobuf_c_enum_descriptor_get_value(&samordning__v1__item_kind__descriptor, (int)kind) == NULL) {
        checker_complain(checker, path, "kind", "%d is not a kind of item", (int)kind);
        return false;
    }
    if (place->whole != NULL && (of_part & (1U << kind)) == 0) {
        checker_complain(checker, path, "kind", "of a part can only be single, multiple, likert, number or ladder");
        return false;
    }
    return true;
}

static void check_item(struct checker *checker, const char *path, const struct instrument_place *place)
{
    const Samordning__V1__Item *item = place->item;
    const struct instrument_place *first = instrument_index_find(&checker->index, item->id);
    if (checker_id(checker, path, "id", item->id) && first != NULL && first != place)
        checker_complain(checker, path, "id", "there is another item %s above", item->id);
    const struct filling filling = {
        .is_filled = true, .has_actor = place->whole != NULL, .order = place->order, .whole = place->whole};
    if (check_kind(checker, path, place)) {
        check_uses(checker, path, place);
        if (item->kind == INSTRUMENT_KIND(ROSTER) && item->n_parts == 0)
            checker_complain(checker, path, "parts", "there must be at least 1: what is asked about each actor");
    }
    check_text(checker, path, "text", item->text, true, &filling);
    check_text(checker, path, "help", item->help, false, &filling);
    check_choices(checker, path, item);
    check_bounds(checker, path, item);
    check_text(checker, path, "unit", item->unit, false, &not_filled);
    if (item->text_max > INSTRUMENT_ANSWER_CHARACTERS_MAX)
        checker_complain(checker, path, "text_max", "is %u, at most %d are allowed", (unsigned)item->text_max,
                         INSTRUMENT_ANSWER_CHARACTERS_MAX);
    check_rows(checker, path, item);
    check_actors(checker, path, item);
    if (item->names_max > INSTRUMENT_NAMES_MAX)
        checker_complain(checker, path, "names_max", "is %u, at most %d are allowed", (unsigned)item->names_max,
                         INSTRUMENT_NAMES_MAX);
    checker_conditions(checker, path, place, item->n_show_when, item->show_when);
    check_word(checker, path, "relation", item->relation);
    if (protobuf_c_enum_descriptor_get_value(&samordning__v1__tie_direction__descriptor, (int)item->direction) == NULL)
        checker_complain(checker, path, "direction", "%d is not a direction", (int)item->direction);
    check_scale(checker, path, place);
    check_word(checker, path, "ladder", item->ladder);
    check_text(checker, path, "no_contact", item->no_contact, false, &not_filled);
}

static void check_sections(struct checker *checker)
{
    const Samordning__V1__Instrument *instrument = checker->instrument;
    if (instrument->n_sections == 0)
        checker_complain(checker, "", "sections", "there must be at least 1");
    if (instrument->n_sections > INSTRUMENT_SECTIONS_MAX)
        checker_complain(checker, "", "sections", "are %zu, at most %d are allowed", instrument->n_sections,
                         INSTRUMENT_SECTIONS_MAX);
    if (checker->index.too_many)
        checker_complain(checker, "", "sections", "hold more than %d items, parts included", INSTRUMENT_ITEMS_MAX);
    const struct instrument_place *place = checker->index.places;
    const struct instrument_place *end = place + checker->index.count;
    for (size_t s = 0; s < instrument->n_sections && s < INSTRUMENT_SECTIONS_MAX; s++) {
        const Samordning__V1__Section *section = instrument->sections[s];
        char at[INSTRUMENT_PATH_SIZE];
        snprintf(at, sizeof at, "sections[%zu]", s);
        checker_id(checker, at, "id", section->id);
        for (size_t k = 0; k < s; k++) {
            if (strcmp(instrument->sections[k]->id, section->id) == 0) {
                checker_complain(checker, at, "id", "is that of sections[%zu] too", k);
                break;
            }
        }
        const struct filling filling = {.is_filled = true, .order = (size_t)(place - checker->index.places)};
        check_text(checker, at, "title", section->title, true, &filling);
        check_text(checker, at, "text", section->text, false, &filling);
        if (section->n_items == 0)
            checker_complain(checker, at, "items", "there must be at least 1");
        for (size_t i = 0; i < section->n_items && place < end; i++) {
            snprintf(at, sizeof at, "sections[%zu].items[%zu]", s, i);
            check_item(checker, at, place++);
            for (size_t p = 0; p < section->items[i]->n_parts && place < end; p++) {
                snprintf(at, sizeof at, "sections[%zu].items[%zu].parts[%zu]", s, i, p);
                check_item(checker, at, place++);
            }
        }
        snprintf(at, sizeof at, "sections[%zu]", s);
        const struct instrument_place of_section = {.section = section, .section_index = s, .order = filling.order};
        checker_conditions(checker, at, &of_section, section->n_show_when, section->show_when);
    }
}

/* --------------------------------------------------------------------------------------------------------- mappings */

static void check_mapped_values(struct checker *checker, const char *at, const Samordning__V1__ItemMapping *mapping,
                                const Samordning__V1__Item *to)
{
    if (mapping->n_from_values != mapping->n_to_values) {
        checker_complain(checker, at, "to_values", "are %zu for %zu from_values", mapping->n_to_values, mapping->n_from_values);
        return;
    }
    char field[ID_MAX];
    for (size_t i = 0; i < mapping->n_from_values && i < INSTRUMENT_CHOICES_MAX; i++) {
        snprintf(field, sizeof field, "from_values[%zu]", i);
        if (!isfinite(mapping->from_values[i]))
            checker_complain(checker, at, field, "is not a number");
        for (size_t k = 0; k < i; k++) {
            if (mapping->from_values[k] == mapping->from_values[i]) {
                checker_complain(checker, at, field, "is from_values[%zu] too", k);
                break;
            }
        }
        snprintf(field, sizeof field, "to_values[%zu]", i);
        if (!isfinite(mapping->to_values[i]))
            checker_complain(checker, at, field, "is not a number");
        else if (instrument_kind_has_choices(to->kind) && instrument_choice(to, mapping->to_values[i]) == NULL)
            checker_complain(checker, at, field, "%g is no choice of %s", mapping->to_values[i], to->id);
    }
}

static void check_mappings(struct checker *checker)
{
    const Samordning__V1__Instrument *instrument = checker->instrument;
    if (instrument->n_mappings > INSTRUMENT_MAPPINGS_MAX)
        checker_complain(checker, "", "mappings", "are %zu, at most %d are allowed", instrument->n_mappings,
                         INSTRUMENT_MAPPINGS_MAX);
    for (size_t i = 0; i < instrument->n_mappings && i < INSTRUMENT_MAPPINGS_MAX; i++) {
        const Samordning__V1__ItemMapping *mapping = instrument->mappings[i];
        char at[ID_MAX];
        snprintf(at, sizeof at, "mappings[%zu]", i);
        if (mapping->version == 0)
            checker_complain(checker, at, "version", "is missing: the earlier version");
        else if (instrument->version != 0 && mapping->version >= instrument->version)
            checker_complain(checker, at, "version", "%u is not earlier than this version, %u", (unsigned)mapping->version,
                             (unsigned)instrument->version);
        checker_id(checker, at, "from", mapping->from);
        const struct instrument_place *to = instrument_index_find(&checker->index, mapping->to);
        if (checker_id(checker, at, "to", mapping->to) && to == NULL)
            checker_complain(checker, at, "to", "there is no item %s", mapping->to);
        for (size_t k = 0; k < i; k++) {
            if (instrument->mappings[k]->version == mapping->version && strcmp(instrument->mappings[k]->to, mapping->to) == 0) {
                checker_complain(checker, at, "to", "is where mappings[%zu] leads from that version too", k);
                break;
            }
        }
        if (mapping->n_from_values > INSTRUMENT_CHOICES_MAX)
            checker_complain(checker, at, "from_values", "are %zu, at most %d are allowed", mapping->n_from_values,
                             INSTRUMENT_CHOICES_MAX);
        else if (to != NULL)
            check_mapped_values(checker, at, mapping, to->item);
    }
}

static void check_all(struct checker *checker)
{
    const Samordning__V1__Instrument *instrument = checker->instrument;
    const struct filling head = {.is_filled = true};
    instrument_index_build(&checker->index, instrument);
    if (!is_id(instrument->key, "-"))
        checker_complain(checker, "", "key", "%s",
                         instrument->key[0] == '\0'
                             ? "is missing"
                             : "is not a small letter a-z, then small letters, digits, _ and -, at most 48 in all");
    check_text(checker, "", "title", instrument->title, true, &not_filled);
    check_text(checker, "", "introduction", instrument->introduction, false, &head);
    check_text(checker, "", "consent", instrument->consent, true, &head);
    check_text(checker, "", "closing", instrument->closing, false, &head);
    check_sections(checker);
    check_mappings(checker);
}

enum status instrument_check(const Samordning__V1__Instrument *instrument, struct instrument_problem *ret_problems,
                             size_t *ret_count)
{
    struct checker checker = {.instrument = instrument, .problems = ret_problems, .room = INSTRUMENT_PROBLEMS_MAX};
    check_all(&checker);
    *ret_count = checker.count;
    return checker.is_broken ? STATUS_INVALID : STATUS_OK;
}

size_t instrument_missing(const Samordning__V1__Instrument *instrument, enum instrument_language language)
{
    struct checker checker = {.instrument = instrument};
    check_all(&checker);
    return checker.missing[language];
}
