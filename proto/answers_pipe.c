/* SPDX-License-Identifier: GPL-3.0-or-later
 * Texts of an instrument with names and earlier answers filled in. */
#include "answers.h"

#include "answers_view.h"

#include <stdio.h>
#include <string.h>

#define NOTHING "\xE2\x80\xA6" /* … */

/* Text that grows in an arena: what it outgrew stays there until the arena goes. */
struct piped {
    struct arena *arena;
    char *text; /* NULL: out of memory */
    size_t size, room;
};

static void put(struct piped *piped, const char *text, size_t size)
{
    if (piped->text == NULL)
        return;
    if (size >= piped->room - piped->size) {
        const size_t room = 2 * (piped->size + size) + 1;
        char *text_now = arena_alloc(piped->arena, room);
        if (text_now != NULL)
            memcpy(text_now, piped->text, piped->size);
        piped->text = text_now;
        piped->room = room;
        if (text_now == NULL)
            return;
    }
    memcpy(piped->text + piped->size, text, size);
    piped->size += size;
    piped->text[piped->size] = '\0';
}

static void put_text(struct piped *piped, const char *text)
{
    put(piped, text, strlen(text));
}

/* With the language's decimal mark, whatever the process locale has. */
static void put_number(struct piped *piped, double value, enum instrument_language language)
{
    char text[40];
    snprintf(text, sizeof text, "%.10g", value);
    for (char *c = text; *c != '\0'; c++)
        if (strchr("0123456789+-e", *c) == NULL)
            *c = language == INSTRUMENT_EN ? '.' : ',';
    put_text(piped, text);
}

static void put_answer(struct piped *piped, const struct answers_view *view, const char *id, const char *target,
                       enum instrument_language language)
{
    const struct instrument_place *place = instrument_index_find(&view->index, id);
    const char *about = place != NULL && place->whole != NULL ? target : "";
    const Samordning__V1__Answer *answer = place != NULL ? answers_view_find(view, id, about) : NULL;
    if (answer == NULL || answer->state != SAMORDNING__V1__ANSWER_STATE__ANSWER_GIVEN ||
        !answers_view_shows(view, place, about)) {
        put_text(piped, NOTHING);
        return;
    }
    const Samordning__V1__Item *item = place->item;
    if (item->kind == INSTRUMENT_KIND(DATE) || item->kind == INSTRUMENT_KIND(TEXT)) {
        put_text(piped, answer->text);
        return;
    }
    for (size_t i = 0; i < answer->n_values; i++) {
        const Samordning__V1__Choice *choice = instrument_choice(item, answer->values[i]);
        put_text(piped, i > 0 ? ", " : "");
        if (choice != NULL)
            put_text(piped, instrument_text(choice->label, language));
        else
            put_number(piped, answer->values[i], language);
    }
    const char *unit = instrument_text(item->unit, language);
    if (unit[0] != '\0') {
        put_text(piped, " ");
        put_text(piped, unit);
    }
}

char *answers_pipe(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                   enum instrument_language language, const char *text, const char *target, const char *actor,
                   const char *organisation, struct arena *arena)
{
    struct instrument_pipe pipe = {.at = text};
    enum instrument_piece piece = INSTRUMENT_LITERAL;
    struct answers_view view;
    bool is_built = false; /* most texts hold no earlier answer */
    struct piped piped = {.arena = arena, .room = strlen(text) + 1};
    piped.text = arena_alloc(arena, piped.room);
    if (piped.text != NULL)
        piped.text[0] = '\0';
    while (instrument_pipe_next(&pipe, &piece)) {
        switch (piece) {
        case INSTRUMENT_LITERAL:
        case INSTRUMENT_UNKNOWN:
            put(&piped, pipe.begin, pipe.size);
            break;
        case INSTRUMENT_ACTOR:
            put_text(&piped, actor != NULL ? actor : NOTHING);
            break;
        case INSTRUMENT_ORGANISATION:
            put_text(&piped, organisation != NULL ? organisation : NOTHING);
            break;
        case INSTRUMENT_ANSWER:
            if (!is_built && !answers_view_build(&view, context, count, answers, NULL))
                return NULL;
            is_built = true;
            put_answer(&piped, &view, pipe.answer, target != NULL ? target : "", language);
            break;
        }
    }
    return piped.text;
}
