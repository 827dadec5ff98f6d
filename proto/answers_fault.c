/* SPDX-License-Identifier: GPL-3.0-or-later
 * Does one answer fit its item? Targets, states, values and texts, by kind. */
#include "answers_view.h"

#include "civil_time.h"
#include "text.h"

#include <math.h>
#include <string.h>

#define STATE(name) SAMORDNING__V1__ANSWER_STATE__ANSWER_##name

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* A key of the register, or a name it does not know, which then stands as text too: in this answer, or in that to the name
 * generator itself. */
static const char *name_fault(const struct answers_view *view, const Samordning__V1__Item *names,
                              const Samordning__V1__Answer *answer)
{
    struct text_finding finding;
    const Samordning__V1__Answer *naming = answers_view_find(view, names->id, answer->target);
    const char *name = answer->text[0] == '\0' && naming != NULL ? naming->text : answer->text;
    if (name[0] == '\0')
        return answers_view_knows(view, names, answer->target) ? NULL : "unknown_target";
    if (!names->allow_unknown || strcmp(name, answer->target) != 0)
        return "unknown_target";
    if (strlen(name) > INSTRUMENT_NAME_BYTES_MAX)
        return "too_long";
    return is_blank(name) || !text_check(name, INSTRUMENT_NAME_BYTES_MAX, false, &finding) ? "not_text" : NULL;
}

static const char *target_fault(const struct answers_view *view, const struct instrument_place *place,
                                const Samordning__V1__Answer *answer)
{
    const Samordning__V1__Item *about = place->whole != NULL ? place->whole : place->item;
    if (about->kind == INSTRUMENT_KIND(NAMES))
        return name_fault(view, about, answer);
    if (about->kind == INSTRUMENT_KIND(ROSTER))
        return answers_view_knows(view, about, answer->target) ? NULL : "unknown_target";
    if (about->kind == INSTRUMENT_KIND(MATRIX)) {
        for (size_t i = 0; i < about->n_rows; i++)
            if (strcmp(about->rows[i]->id, answer->target) == 0)
                return NULL;
        return "unknown_target";
    }
    return answer->target[0] == '\0' ? NULL : "unknown_target";
}

static const char *number_fault(const Samordning__V1__Item *item, double value)
{
    const bool is_bounded = item->min != 0 || item->max != 0;
    if (!isfinite(value) || (is_bounded && (value < item->min || value > item->max)))
        return "out_of_range";
    return item->whole && value != floor(value) ? "not_whole" : NULL;
}

static const char *choices_fault(const Samordning__V1__Item *item, const Samordning__V1__Answer *answer, bool is_complete)
{
    const bool several = item->kind == INSTRUMENT_KIND(MULTIPLE) || item->kind == INSTRUMENT_KIND(RANKING);
    bool has_exclusive = false;
    if (answer->n_values == 0)
        return "too_few";
    if (answer->n_values > (several ? item->n_choices : 1))
        return "too_many";
    for (size_t i = 0; i < answer->n_values; i++) {
        const Samordning__V1__Choice *choice = instrument_choice(item, answer->values[i]);
        if (choice == NULL)
            return "not_a_choice";
        has_exclusive |= choice->exclusive != 0;
        for (size_t k = 0; k < i; k++)
            if (answer->values[k] == answer->values[i])
                return "twice";
    }
    if (has_exclusive)
        return answer->n_values > 1 ? "exclusive" : NULL; /* "none of these" is never too few */
    if (several && item->max != 0 && (double)answer->n_values > item->max)
        return "too_many";
    return several && is_complete && (double)answer->n_values < item->min ? "too_few" : NULL;
}

static const char *text_fault(const Samordning__V1__Item *item, const Samordning__V1__Answer *answer)
{
    const size_t max = item->text_max != 0 ? item->text_max : INSTRUMENT_ANSWER_CHARACTERS_DEFAULT;
    struct text_finding finding;
    if (!text_check(answer->text, SIZE_MAX, true, &finding))
        return "not_text";
    if (text_length(answer->text) > max)
        return "too_long";
    return is_blank(answer->text) ? "too_few" : NULL;
}

static const char *given_fault(const struct answers_view *view, const Samordning__V1__Item *item,
                               const Samordning__V1__Answer *answer, bool is_complete)
{
    int32_t day = 0;
    switch (item->kind) {
    case INSTRUMENT_KIND(SINGLE):
    case INSTRUMENT_KIND(MULTIPLE):
    case INSTRUMENT_KIND(LIKERT):
    case INSTRUMENT_KIND(RANKING):
    case INSTRUMENT_KIND(MATRIX):
    case INSTRUMENT_KIND(LADDER):
        return choices_fault(item, answer, is_complete);
    case INSTRUMENT_KIND(NUMBER):
        if (answer->n_values != 1)
            return answer->n_values == 0 ? "too_few" : "too_many";
        return number_fault(item, answer->values[0]);
    case INSTRUMENT_KIND(DATE):
        return civil_day_parse(answer->text, &day) == STATUS_OK ? NULL : "bad_date";
    case INSTRUMENT_KIND(TEXT):
        return view->context->free_text ? text_fault(item, answer) : "not_offered";
    case INSTRUMENT_KIND(NAMES): /* this actor is named */
        return NULL;
    default:
        return "not_offered";
    }
}

const char *answers_view_fault(const struct answers_view *view, const struct instrument_place *place,
                               const Samordning__V1__Answer *answer, bool is_complete)
{
    const Samordning__V1__Item *item = place->item;
    const Samordning__V1__Item *about = place->whole != NULL ? place->whole : item;
    const bool has_text = item->kind == INSTRUMENT_KIND(DATE) || item->kind == INSTRUMENT_KIND(TEXT);
    const bool is_given = answer->state == STATE(GIVEN);
    const char *fault = target_fault(view, place, answer);
    if (fault != NULL)
        return fault;
    if ((answer->state == STATE(NOT_RELEVANT) && !item->not_relevant) ||
        (answer->state == STATE(DONT_KNOW) && !item->dont_know))
        return "not_offered";
    if (answer->state == STATE(NO_CONTACT) &&
        (item->kind != INSTRUMENT_KIND(ROSTER) || instrument_text(item->no_contact, INSTRUMENT_NB)[0] == '\0'))
        return "not_offered";
    if (protobuf_c_enum_descriptor_get_value(&samordning__v1__answer_state__descriptor, (int)answer->state) == NULL)
        return "not_offered";
    if (!is_given && answer->n_values > 0) /* an answer and none at once */
        return "exclusive";
    if (answer->text[0] != '\0' && about->kind != INSTRUMENT_KIND(NAMES) && (!has_text || !is_given))
        return is_given ? "not_offered" : "exclusive";
    if (answer->n_values > 0 && (has_text || instrument_kind_has_parts(item->kind)))
        return "not_offered";
    return is_given ? given_fault(view, item, answer, is_complete) : NULL;
}
