/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking answers up, and which items they show. */
#include "answers.h"

#include "answers_view.h"
#include "text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TEST(name)  SAMORDNING__V1__CONDITION_TEST__TEST_##name
#define STATE(name) SAMORDNING__V1__ANSWER_STATE__ANSWER_##name

static int compare(const char *item, const char *target, const char *other_item, const char *other_target)
{
    int order = strcmp(item, other_item);
    return order != 0 ? order : strcmp(target, other_target);
}

static int by_item_then_target(const void *a, const void *b)
{
    const Samordning__V1__Answer *left = *(const Samordning__V1__Answer *const *)a;
    const Samordning__V1__Answer *right = *(const Samordning__V1__Answer *const *)b;
    return compare(left->item, left->target, right->item, right->target);
}

static int by_item_then_key(const void *a, const void *b)
{
    const Samordning__V1__RosterActor *left = *(const Samordning__V1__RosterActor *const *)a;
    const Samordning__V1__RosterActor *right = *(const Samordning__V1__RosterActor *const *)b;
    return compare(left->item, left->key, right->item, right->key);
}

const Samordning__V1__Answer *answers_find(size_t count, Samordning__V1__Answer *const *answers, const char *item,
                                           const char *target)
{
    for (size_t i = 0; i < count; i++)
        if (compare(answers[i]->item, answers[i]->target, item, target != NULL ? target : "") == 0)
            return answers[i];
    return NULL;
}

const Samordning__V1__Answer *answers_view_find(const struct answers_view *view, const char *item, const char *target)
{
    if (view->sorted == NULL)
        return answers_find(view->count, view->answers, item, target);
    size_t low = 0;
    size_t high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(view->sorted[middle]->item, view->sorted[middle]->target, item, target) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == view->count || compare(view->sorted[low]->item, view->sorted[low]->target, item, target) != 0)
        return NULL;
    return view->sorted[low];
}

/* Where the actors of an item begin in the sorted roster, or the first at or behind the key. */
static size_t roster_place(const struct answers_view *view, const char *item, const char *key)
{
    size_t low = 0;
    size_t high = view->context->roster_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(view->roster[middle]->item, view->roster[middle]->key, item, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_in_roster(const struct answers_view *view, const char *item, const char *key)
{
    const struct answers_context *context = view->context;
    if (view->roster != NULL) {
        const size_t place = roster_place(view, item, key);
        return place < context->roster_count && compare(view->roster[place]->item, view->roster[place]->key, item, key) == 0;
    }
    for (size_t i = 0; i < context->roster_count; i++)
        if (compare(context->roster[i]->item, context->roster[i]->key, item, key) == 0)
            return true;
    return false;
}

static bool has_actors(const struct answers_view *view, const char *item)
{
    const struct answers_context *context = view->context;
    if (view->roster != NULL) {
        const size_t place = roster_place(view, item, "");
        return place < context->roster_count && strcmp(view->roster[place]->item, item) == 0;
    }
    for (size_t i = 0; i < context->roster_count; i++)
        if (strcmp(context->roster[i]->item, item) == 0)
            return true;
    return false;
}

bool answers_view_knows(const struct answers_view *view, const Samordning__V1__Item *whole, const char *key)
{
    struct text_finding finding;
    if (key[0] == '\0' || (view->context->own != NULL && strcmp(key, view->context->own) == 0))
        return false;
    if (view->context->any_actor || is_in_roster(view, whole->id, key))
        return true;
    if (whole->kind != INSTRUMENT_KIND(NAMES))
        return false;
    const Samordning__V1__ActorSet *actors = whole->actors;
    const bool finds_all = actors == NULL || actors->n_kinds + actors->n_actors == 0;
    if (has_actors(view, whole->id) || (finds_all && has_actors(view, "")))
        return finds_all && is_in_roster(view, "", key);
    return text_check(key, INSTRUMENT_NAME_BYTES_MAX, false, &finding);
}

/* -------------------------------------------------------------------------------------------------------- conditions */

static bool is_among(double value, size_t count, const double *values)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] == value)
            return true;
    return false;
}

static bool some_among(const Samordning__V1__Answer *answer, const Samordning__V1__Condition *condition)
{
    for (size_t i = 0; i < answer->n_values; i++)
        if (is_among(answer->values[i], condition->n_values, condition->values))
            return true;
    return false;
}

/* `is_answered` only says it where there is no one answer: matrices, rosters. */
static bool passes(const Samordning__V1__Condition *condition, const Samordning__V1__Answer *answer, bool is_answered)
{
    const bool has_value = answer != NULL && answer->state == STATE(GIVEN) && answer->n_values > 0;
    const bool has_bound = condition->n_values > 0;
    switch (condition->test) {
    case TEST(ANY_OF):
        return has_value && some_among(answer, condition);
    case TEST(NONE_OF):
        return has_value && !some_among(answer, condition);
    case TEST(AT_LEAST):
        return has_value && has_bound && answer->values[0] >= condition->values[0];
    case TEST(AT_MOST):
        return has_value && has_bound && answer->values[0] <= condition->values[0];
    case TEST(ANSWERED):
        return is_answered;
    case TEST(UNANSWERED):
        return !is_answered;
    default:
        return false;
    }
}

/* Does somebody in a roster or name generator have an answer, to something that is shown for them? */
static bool some_row_answered(const struct answers_view *view, const struct instrument_place *whole)
{
    bool parts[INSTRUMENT_ITEMS_MAX];
    for (size_t i = 0; i < view->count; i++) {
        const Samordning__V1__Answer *answer = view->answers[i];
        if (answer->state != STATE(GIVEN) && answer->state != STATE(NO_CONTACT))
            continue;
        const struct instrument_place *place = instrument_index_find(&view->index, answer->item);
        if (place == whole)
            return true;
        if (place == NULL || place->whole != whole->item || place->order <= whole->order)
            continue;
        answers_view_parts(view, whole, answer->target, parts);
        if (parts[place->order - whole->order - 1])
            return true;
    }
    return false;
}

/* Do all hold for what stands at `order`? `parts` are the shown parts of the roster it is in (from `whole`), up to it. */
static bool hold(const struct answers_view *view, size_t order, size_t count, Samordning__V1__Condition *const *conditions,
                 const struct instrument_place *whole, const bool *parts, const char *target)
{
    for (size_t i = 0; i < count; i++) {
        const struct instrument_place *on = instrument_index_find(&view->index, conditions[i]->item);
        const Samordning__V1__Answer *answer = NULL;
        bool is_answered = false;
        if (on != NULL && on->order < order && on->whole == NULL && view->shown[on->order]) {
            answer = answers_view_find(view, on->item->id, "");
            is_answered = instrument_kind_has_parts(on->item->kind) ? some_row_answered(view, on) : view->answered[on->order];
        } else if (on != NULL && on->order < order && on->whole != NULL && whole != NULL && on->whole == whole->item &&
                   parts[on->order - whole->order - 1]) {
            answer = answers_view_find(view, on->item->id, target);
            is_answered = answer != NULL && answer->state == STATE(GIVEN);
        }
        if (!passes(conditions[i], answer, is_answered))
            return false;
    }
    return true;
}

static void find_answered(struct answers_view *view)
{
    memset(view->answered, 0, sizeof view->answered);
    for (size_t i = 0; i < view->count; i++) {
        const struct instrument_place *place = instrument_index_find(&view->index, view->answers[i]->item);
        if (place != NULL && view->answers[i]->state == STATE(GIVEN))
            view->answered[place->order] = true;
    }
}

/* In the order of the instrument, so that everything a condition looks at is decided before it. */
static void find_shown(struct answers_view *view)
{
    memset(view->shown, 0, sizeof view->shown);
    const Samordning__V1__Section *section = NULL;
    bool is_section_shown = false;
    for (size_t i = 0; i < view->index.count; i++) {
        const struct instrument_place *place = &view->index.places[i];
        const Samordning__V1__Item *item = place->item;
        if (place->section != section) {
            section = place->section;
            is_section_shown = hold(view, i, section->n_show_when, section->show_when, NULL, NULL, "");
        }
        view->shown[i] = place->whole == NULL && is_section_shown &&
                         (item->kind != INSTRUMENT_KIND(TEXT) || view->context->free_text) &&
                         hold(view, i, item->n_show_when, item->show_when, NULL, NULL, "");
    }
}

bool answers_view_build(struct answers_view *view, const struct answers_context *context, size_t count,
                        Samordning__V1__Answer *const *answers, struct arena *arena)
{
    view->context = context;
    view->count = count;
    view->answers = answers;
    view->sorted = NULL;
    view->roster = NULL;
    instrument_index_build(&view->index, context->instrument);
    if (arena != NULL && count > 0) {
        view->sorted = arena_copy(arena, answers, count * sizeof(void *));
        if (view->sorted == NULL)
            return false;
        qsort(view->sorted, count, sizeof(void *), by_item_then_target);
    }
    if (arena != NULL && context->roster_count > 0) {
        view->roster = arena_copy(arena, context->roster, context->roster_count * sizeof(void *));
        if (view->roster == NULL)
            return false;
        qsort(view->roster, context->roster_count, sizeof(void *), by_item_then_key);
    }
    find_answered(view);
    find_shown(view);
    return true;
}

void answers_view_parts(const struct answers_view *view, const struct instrument_place *whole, const char *target,
                        bool ret_shown[INSTRUMENT_ITEMS_MAX])
{
    const Samordning__V1__Answer *row = answers_view_find(view, whole->item->id, target);
    const bool is_shown = view->shown[whole->order] && (row == NULL || row->state != STATE(NO_CONTACT));
    for (size_t p = 0; p < whole->item->n_parts && p < INSTRUMENT_ITEMS_MAX; p++) {
        const Samordning__V1__Item *part = whole->item->parts[p];
        ret_shown[p] =
            is_shown && hold(view, whole->order + 1 + p, part->n_show_when, part->show_when, whole, ret_shown, target);
    }
}

bool answers_view_shows(const struct answers_view *view, const struct instrument_place *place, const char *target)
{
    if (place->whole == NULL)
        return view->shown[place->order];
    bool parts[INSTRUMENT_ITEMS_MAX];
    const struct instrument_place *whole = instrument_index_find(&view->index, place->whole->id);
    if (whole->item != place->whole || place->order <= whole->order) /* an id that stands twice */
        return false;
    answers_view_parts(view, whole, target, parts);
    return parts[place->order - whole->order - 1];
}

bool answers_view_shows_section(const struct answers_view *view, const Samordning__V1__Section *section)
{
    size_t order = 0;
    assert(section != NULL);
    while (order < view->index.count && view->index.places[order].section != section)
        order++;
    return hold(view, order, section->n_show_when, section->show_when, NULL, NULL, "");
}

/* ----------------------------------------------------------------------------------------------------------- answers.h */

bool answers_shows(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                   const char *item, const char *target)
{
    struct answers_view view;
    if (!answers_view_build(&view, context, count, answers, NULL))
        return false;
    const struct instrument_place *place = instrument_index_find(&view.index, item);
    return place != NULL && answers_view_shows(&view, place, target != NULL ? target : "");
}

bool answers_shows_section(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                           const Samordning__V1__Section *section)
{
    struct answers_view view;
    return answers_view_build(&view, context, count, answers, NULL) && answers_view_shows_section(&view, section);
}

enum status answers_shown(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                          struct arena *arena, size_t *ret_count, Samordning__V1__Answer ***ret_answers)
{
    struct answers_view view;
    Samordning__V1__Answer **kept = arena_alloc(arena, (count + 1) * sizeof(void *));
    if (kept == NULL || !answers_view_build(&view, context, count, answers, arena))
        return STATUS_NO_MEMORY;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct instrument_place *place = instrument_index_find(&view.index, answers[i]->item);
        if (place == NULL || answers_view_shows(&view, place, answers[i]->target))
            kept[used++] = answers[i];
    }
    *ret_count = used;
    *ret_answers = kept;
    return STATUS_OK;
}
