/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding one's way in an instrument: items by id, choices by value, texts by language, placeholders of a text. */
#include "instrument.h"

#include "instrument_index.h"

#include <stdlib.h>
#include <string.h>

static int by_id_then_order(const void *a, const void *b)
{
    const struct instrument_place *left = *(const struct instrument_place *const *)a;
    const struct instrument_place *right = *(const struct instrument_place *const *)b;
    int order = strcmp(left->item->id, right->item->id);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static void add(struct instrument_index *index, const Samordning__V1__Section *section, size_t section_index,
                const Samordning__V1__Item *whole, const Samordning__V1__Item *item)
{
    if (index->count == INSTRUMENT_ITEMS_MAX) {
        index->too_many = true;
        return;
    }
    index->places[index->count] = (struct instrument_place){
        .item = item, .whole = whole, .section = section, .section_index = section_index, .order = index->count};
    index->by_id[index->count] = &index->places[index->count];
    index->count++;
}

void instrument_index_build(struct instrument_index *index, const Samordning__V1__Instrument *instrument)
{
    index->count = 0;
    index->too_many = false;
    for (size_t s = 0; s < instrument->n_sections; s++) {
        const Samordning__V1__Section *section = instrument->sections[s];
        for (size_t i = 0; i < section->n_items; i++) {
            const Samordning__V1__Item *item = section->items[i];
            add(index, section, s, NULL, item);
            for (size_t p = 0; p < item->n_parts; p++)
                add(index, section, s, item, item->parts[p]);
        }
    }
    qsort(index->by_id, index->count, sizeof(void *), by_id_then_order);
}

const struct instrument_place *instrument_index_find(const struct instrument_index *index, const char *id)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(index->by_id[middle]->item->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->count || strcmp(index->by_id[low]->item->id, id) != 0)
        return NULL;
    return index->by_id[low];
}

bool instrument_kind_has_parts(Samordning__V1__ItemKind kind)
{
    return kind == INSTRUMENT_KIND(ROSTER) || kind == INSTRUMENT_KIND(NAMES);
}

bool instrument_kind_has_choices(Samordning__V1__ItemKind kind)
{
    return kind == INSTRUMENT_KIND(SINGLE) || kind == INSTRUMENT_KIND(MULTIPLE) || kind == INSTRUMENT_KIND(LIKERT) ||
           kind == INSTRUMENT_KIND(RANKING) || kind == INSTRUMENT_KIND(MATRIX) || kind == INSTRUMENT_KIND(LADDER);
}

const Samordning__V1__Item *instrument_item(const Samordning__V1__Instrument *instrument, const char *id,
                                            const Samordning__V1__Section **ret_section, const Samordning__V1__Item **ret_whole)
{
    for (size_t s = 0; s < instrument->n_sections; s++) {
        const Samordning__V1__Section *section = instrument->sections[s];
        for (size_t i = 0; i < section->n_items; i++) {
            const Samordning__V1__Item *found = NULL;
            const Samordning__V1__Item *whole = NULL;
            if (strcmp(section->items[i]->id, id) == 0)
                found = section->items[i];
            for (size_t p = 0; found == NULL && p < section->items[i]->n_parts; p++)
                if (strcmp(section->items[i]->parts[p]->id, id) == 0) {
                    found = section->items[i]->parts[p];
                    whole = section->items[i];
                }
            if (found == NULL)
                continue;
            if (ret_section != NULL)
                *ret_section = section;
            if (ret_whole != NULL)
                *ret_whole = whole;
            return found;
        }
    }
    return NULL;
}

const Samordning__V1__Section *instrument_section(const Samordning__V1__Instrument *instrument, const char *id)
{
    for (size_t s = 0; s < instrument->n_sections; s++)
        if (strcmp(instrument->sections[s]->id, id) == 0)
            return instrument->sections[s];
    return NULL;
}

const Samordning__V1__Choice *instrument_choice(const Samordning__V1__Item *item, double value)
{
    for (size_t i = 0; i < item->n_choices; i++)
        if (item->choices[i]->value == value)
            return item->choices[i];
    return NULL;
}

/* -------------------------------------------------------------------------------------------------------- languages */

const char *instrument_text_in(const Samordning__V1__LocalText *text, enum instrument_language language)
{
    if (text == NULL)
        return "";
    switch (language) {
    case INSTRUMENT_NB:
        return text->nb;
    case INSTRUMENT_NN:
        return text->nn;
    case INSTRUMENT_EN:
        return text->en;
    case INSTRUMENT_SE:
        return text->se;
    case INSTRUMENT_LANGUAGES:
        break;
    }
    return "";
}

const char *instrument_text(const Samordning__V1__LocalText *text, enum instrument_language language)
{
    const char *found = instrument_text_in(text, language);
    for (int other = 0; found[0] == '\0' && other < INSTRUMENT_LANGUAGES; other++)
        found = instrument_text_in(text, (enum instrument_language)other);
    return found;
}

static const char *const codes[INSTRUMENT_LANGUAGES] = {"nb", "nn", "en", "se"};

enum instrument_language instrument_language_of(const char *code)
{
    for (int i = 0; code != NULL && i < INSTRUMENT_LANGUAGES; i++)
        if (strcmp(codes[i], code) == 0)
            return (enum instrument_language)i;
    return INSTRUMENT_NB;
}

const char *instrument_language_code(enum instrument_language language)
{
    return language < INSTRUMENT_LANGUAGES ? codes[language] : codes[INSTRUMENT_NB];
}

/* ----------------------------------------------------------------------------------------------------- placeholders */

static bool is(const char *begin, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(begin, word, size) == 0;
}

bool instrument_pipe_next(struct instrument_pipe *pipe, enum instrument_piece *ret_piece)
{
    static const char answer[] = "{answer:";
    if (*pipe->at == '\0')
        return false;
    pipe->begin = pipe->at;
    if (*pipe->at != '{') {
        pipe->size = strcspn(pipe->at, "{");
        pipe->at += pipe->size;
        *ret_piece = INSTRUMENT_LITERAL;
        return true;
    }
    size_t inside = strcspn(pipe->at + 1, "{}");
    bool is_closed = pipe->at[1 + inside] == '}';
    pipe->size = 1 + inside + (is_closed ? 1 : 0);
    pipe->at += pipe->size;
    *ret_piece = INSTRUMENT_UNKNOWN;
    if (is(pipe->begin, pipe->size, "{actor}"))
        *ret_piece = INSTRUMENT_ACTOR;
    else if (is(pipe->begin, pipe->size, "{organisation}"))
        *ret_piece = INSTRUMENT_ORGANISATION;
    else if (is_closed && strncmp(pipe->begin, answer, sizeof answer - 1) == 0 &&
             pipe->size - sizeof answer < sizeof pipe->answer) {
        size_t length = pipe->size - sizeof answer; /* without the closing brace */
        memcpy(pipe->answer, pipe->begin + sizeof answer - 1, length);
        pipe->answer[length] = '\0';
        *ret_piece = INSTRUMENT_ANSWER;
    }
    return true;
}
