/* SPDX-License-Identifier: GPL-3.0-or-later
 * All answers against their instrument: each fits, none is missing that must be there, none is there that cannot be. */
#include "answers.h"

#include "answers_view.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define STATE(name) SAMORDNING__V1__ANSWER_STATE__ANSWER_##name

/* In the order of the form: by item, the rows of rosters and matrices one after the other. */
struct finding {
    size_t order; /* of the item, or of the roster a part is in */
    size_t row;   /* of the target, from 1 */
    size_t part;
    size_t number; /* as found */
    const char *item, *target, *reason;
};

struct examination {
    struct answers_view view;
    const char *section; /* NULL = all */
    bool is_complete;
    struct arena *arena;
    struct finding *findings;
    size_t count;
};

static const struct instrument_place *whole_of(const struct examination *examination, const struct instrument_place *place)
{
    return place->whole != NULL ? instrument_index_find(&examination->view.index, place->whole->id) : place;
}

/* Where in its roster or matrix a target stands; behind all others if it does not. */
static size_t row_of(const struct examination *examination, const Samordning__V1__Item *about, const char *target)
{
    const struct answers_context *context = examination->view.context;
    if (target[0] == '\0')
        return 0;
    for (size_t i = 0; i < about->n_rows; i++)
        if (strcmp(about->rows[i]->id, target) == 0)
            return 1 + i;
    for (size_t i = 0; i < context->roster_count; i++)
        if (strcmp(context->roster[i]->key, target) == 0 && strcmp(context->roster[i]->item, about->id) == 0)
            return 1 + i;
    return SIZE_MAX;
}

static void find_fault(struct examination *examination, const struct instrument_place *place, const char *item,
                       const char *target, const char *reason)
{
    if (examination->count == ANSWERS_PROBLEMS_MAX)
        return;
    struct finding *finding = &examination->findings[examination->count];
    *finding =
        (struct finding){.order = SIZE_MAX, .number = examination->count, .item = item, .target = target, .reason = reason};
    if (place != NULL) {
        const struct instrument_place *whole = whole_of(examination, place);
        finding->order = whole->order;
        finding->row = row_of(examination, whole->item, target);
        finding->part = place->order;
    }
    examination->count++;
}

static bool is_asked_about(const struct examination *examination, const struct instrument_place *place)
{
    return examination->section == NULL || strcmp(place->section->id, examination->section) == 0;
}

/* --------------------------------------------------------------------------------------------------- what is answered */

static void check_each(struct examination *examination)
{
    const struct answers_view *view = &examination->view;
    for (size_t i = 0; i < view->count; i++) {
        const Samordning__V1__Answer *answer = view->answers[i];
        const struct instrument_place *place = instrument_index_find(&view->index, answer->item);
        const char *fault = "unknown_item";
        if (place != NULL && !is_asked_about(examination, place))
            continue;
        if (place != NULL)
            fault = answers_view_fault(view, place, answer, examination->is_complete);
        if (fault == NULL && examination->is_complete && !answers_view_shows(view, place, answer->target))
            fault = "not_shown";
        if (fault != NULL)
            find_fault(examination, place, answer->item, answer->target, fault);
    }
    for (size_t i = 1; i < view->count; i++) {
        const Samordning__V1__Answer *answer = view->sorted[i];
        const struct instrument_place *place = instrument_index_find(&view->index, answer->item);
        if (place != NULL && is_asked_about(examination, place) && strcmp(view->sorted[i - 1]->item, answer->item) == 0 &&
            strcmp(view->sorted[i - 1]->target, answer->target) == 0)
            find_fault(examination, place, answer->item, answer->target, "twice");
    }
}

/* ------------------------------------------------------------------------------------------------- what must be answered */

/* One row of a roster or name generator. */
static void check_row(struct examination *examination, const struct instrument_place *whole, const char *target)
{
    const struct answers_view *view = &examination->view;
    bool shown[INSTRUMENT_ITEMS_MAX];
    bool is_answered = answers_view_find(view, whole->item->id, target) != NULL;
    answers_view_parts(view, whole, target, shown);
    for (size_t p = 0; p < whole->item->n_parts && whole->order + 1 + p < view->index.count; p++) {
        const Samordning__V1__Item *part = whole->item->parts[p];
        const bool has_answer = answers_view_find(view, part->id, target) != NULL;
        is_answered |= has_answer;
        if (part->required && shown[p] && !has_answer)
            find_fault(examination, &view->index.places[whole->order + 1 + p], part->id, target, "required");
    }
    if (whole->item->kind == INSTRUMENT_KIND(ROSTER) && whole->item->required && !is_answered)
        find_fault(examination, whole, whole->item->id, target, "required");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Who is named: whoever the generator itself or one of its parts is answered for. */
static bool check_names(struct examination *examination, const struct instrument_place *whole)
{
    const struct answers_view *view = &examination->view;
    const char **names = arena_alloc(examination->arena, (view->count + 1) * sizeof names[0]);
    if (names == NULL)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct instrument_place *place = instrument_index_find(&view->index, view->answers[i]->item);
        if (place != NULL && (place == whole || place->whole == whole->item))
            names[count++] = view->answers[i]->target;
    }
    qsort(names, count, sizeof names[0], by_text);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            names[distinct++] = names[i];
    const size_t max = whole->item->names_max != 0 ? whole->item->names_max : INSTRUMENT_NAMES_DEFAULT;
    if (distinct > max)
        find_fault(examination, whole, whole->item->id, "", "too_many");
    if (!examination->is_complete || !view->shown[whole->order])
        return true;
    if (distinct == 0 && whole->item->required)
        find_fault(examination, whole, whole->item->id, "", "required");
    for (size_t i = 0; i < distinct && i <= max; i++)
        check_row(examination, whole, names[i]);
    return true;
}

static void check_roster(struct examination *examination, const struct instrument_place *whole)
{
    const struct answers_context *context = examination->view.context;
    for (size_t i = 0; i < context->roster_count; i++)
        if (strcmp(context->roster[i]->item, whole->item->id) == 0 &&
            (context->own == NULL || strcmp(context->roster[i]->key, context->own) != 0))
            check_row(examination, whole, context->roster[i]->key);
}

static void check_plain(struct examination *examination, const struct instrument_place *place)
{
    const Samordning__V1__Item *item = place->item;
    if (item->kind != INSTRUMENT_KIND(MATRIX)) {
        if (answers_view_find(&examination->view, item->id, "") == NULL)
            find_fault(examination, place, item->id, "", "required");
        return;
    }
    for (size_t i = 0; i < item->n_rows; i++)
        if (answers_view_find(&examination->view, item->id, item->rows[i]->id) == NULL)
            find_fault(examination, place, item->id, item->rows[i]->id, "required");
}

static bool check_whole(struct examination *examination)
{
    const struct answers_view *view = &examination->view;
    for (size_t i = 0; i < view->index.count; i++) {
        const struct instrument_place *place = &view->index.places[i];
        if (place->whole != NULL || !is_asked_about(examination, place))
            continue;
        const bool must_be_whole = examination->is_complete && view->shown[i];
        if (place->item->kind == INSTRUMENT_KIND(NAMES)) {
            if (!check_names(examination, place))
                return false;
        } else if (must_be_whole && place->item->kind == INSTRUMENT_KIND(ROSTER)) {
            check_roster(examination, place);
        } else if (must_be_whole && place->item->required) {
            check_plain(examination, place);
        }
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------------------- result */

static int in_order(const void *a, const void *b)
{
    const struct finding *left = a;
    const struct finding *right = b;
    const size_t keys[][2] = {
        {left->order, right->order}, {left->row, right->row}, {left->part, right->part}, {left->number, right->number}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

/* What is told back must be text; what came in need not be. */
static char *told(struct arena *arena, const char *text)
{
    struct text_finding finding;
    return arena_strdup(arena, text_check(text, INSTRUMENT_NAME_BYTES_MAX, false, &finding) ? text : "");
}

static enum status tell(struct examination *examination, size_t *ret_count, Samordning__V1__AnswerProblem ***ret_problems)
{
    struct arena *arena = examination->arena;
    Samordning__V1__AnswerProblem **problems = arena_alloc(arena, (examination->count + 1) * sizeof(void *));
    if (problems == NULL)
        return STATUS_NO_MEMORY;
    qsort(examination->findings, examination->count, sizeof examination->findings[0], in_order);
    for (size_t i = 0; i < examination->count; i++) {
        Samordning__V1__AnswerProblem *problem = arena_alloc(arena, sizeof *problem);
        if (problem == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__answer_problem__init(problem);
        problem->item = told(arena, examination->findings[i].item);
        problem->target = told(arena, examination->findings[i].target);
        problem->reason = arena_strdup(arena, examination->findings[i].reason);
        if (problem->item == NULL || problem->target == NULL || problem->reason == NULL)
            return STATUS_NO_MEMORY;
        problems[i] = problem;
    }
    *ret_count = examination->count;
    *ret_problems = problems;
    return examination->count == 0 ? STATUS_OK : STATUS_INVALID;
}

enum status answers_check(const struct answers_context *context, size_t count, Samordning__V1__Answer *const *answers,
                          const char *section, bool complete, struct arena *arena, size_t *ret_count,
                          Samordning__V1__AnswerProblem ***ret_problems)
{
    struct examination examination = {.section = section, .is_complete = complete, .arena = arena};
    examination.findings = arena_alloc(arena, ANSWERS_PROBLEMS_MAX * sizeof examination.findings[0]);
    if (examination.findings == NULL)
        return STATUS_NO_MEMORY;
    if (count > ANSWERS_MAX) {
        find_fault(&examination, NULL, "", "", "too_many");
        return tell(&examination, ret_count, ret_problems);
    }
    if (!answers_view_build(&examination.view, context, count, answers, arena))
        return STATUS_NO_MEMORY;
    if (section != NULL && instrument_section(context->instrument, section) == NULL)
        find_fault(&examination, NULL, section, "", "unknown_item");
    check_each(&examination);
    if (!check_whole(&examination))
        return STATUS_NO_MEMORY;
    return tell(&examination, ret_count, ret_problems);
}
