/* SPDX-License-Identifier: GPL-3.0-or-later
 * Questions: each kind of item as fields that work without scripts.
 *
 * A question that is a group of controls is a fieldset whose legend is its text; one with a single control is a field with a
 * label. Help and problems are tied to the controls by aria-describedby. Ids: q-ITEM[-TARGET] the question, h-, e- its help and
 * problem.
 */
#include "form/form_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX_DEFAULT 2000

const char *form_own_name(const struct form_turn *turn)
{
    const struct store_survey_visit *visit = &turn->visit;
    const char *names[] = {turn->language == INSTRUMENT_NN   ? visit->actor_nn
                           : turn->language == INSTRUMENT_EN ? visit->actor_en
                                                             : visit->actor_nb,
                           visit->actor_nb, visit->actor_nn, visit->actor_en, visit->actor};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i] != NULL && *names[i] != '\0')
            return names[i];
    return "";
}

const char *form_item_text(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *target, const char *actor)
{
    const char *plain = text != NULL ? instrument_text(text, turn->language) : "";
    if (strchr(plain, '{') == NULL)
        return plain;
    const char *piped = answers_pipe(&turn->context, turn->answer_count, turn->answers, turn->language, plain, target, actor,
                                     form_own_name(turn), turn->arena);
    return piped != NULL ? piped : plain;
}

static void suffix(struct html *html, const char *target)
{
    if (*target != '\0') {
        html_raw(html, "-");
        html_id(html, target);
    }
}

void form_question_id(struct html *html, const char *item, const char *target)
{
    html_put(html, "q-%s", item);
    suffix(html, target);
}

void form_control_name(struct html *html, char kind, const char *item, const char *target)
{
    const char letter[2] = {kind, '\0'};
    html_put(html, " name=\"%s.%s", letter, item);
    if (*target != '\0')
        html_put(html, ".%s", target);
    html_raw(html, "\"");
}

const Samordning__V1__AnswerProblem *form_problem_of(const struct form_turn *turn, const char *item, const char *target)
{
    for (size_t i = 0; i < turn->problem_count; i++)
        if (strcmp(turn->problems[i]->item, item) == 0 && strcmp(turn->problems[i]->target, target) == 0)
            return turn->problems[i];
    return NULL;
}

const char *form_problem_words(struct form_turn *turn, const Samordning__V1__AnswerProblem *problem)
{
    const Samordning__V1__Item *item = instrument_item(turn->instrument, problem->item, NULL, NULL);
    enum instrument_language l = turn->language;
    char low[32], high[32];
    static const struct {
        const char *reason, *words;
    } known[] = {
        {"required",
         N_("Answer this question, or choose that it is not relevant or that you do not know, where that is offered.")},
        {"not_a_choice", N_("Choose one of the answers that are offered.")},
        {"not_whole", N_("Write a whole number.")},
        {"not_a_number", N_("Write a number, with digits only.")},
        {"too_many", N_("You have chosen more than is possible.")},
        {"too_few", N_("Choose more.")},
        {"too_long", N_("The text is too long. Shorten it.")},
        {"bad_date", N_("Write a date that exists, as day.month.year, such as 31.12.2026.")},
        {"exclusive", N_("Two of your answers contradict each other. Keep one of them.")},
        {"rank_twice", N_("Two of them have the same place. Give each its own.")},
        {"unknown_target", N_("This name is not one that can be chosen here.")},
        {"not_text", N_("This question takes no text.")},
    };
    if (strcmp(problem->reason, "out_of_range") == 0 && item != NULL && (item->min != 0 || item->max != 0)) {
        form_text_number(l, item->min, low);
        form_text_number(l, item->max, high);
        if (item->max != 0)
            return form_printf(turn, tr(l, N_("Write a number from %s to %s.")), low, high);
        return form_printf(turn, tr(l, N_("Write a number of %s or more.")), low);
    }
    if (strcmp(problem->reason, "required") == 0 && item != NULL && !item->not_relevant && !item->dont_know)
        return tr(l, N_("Answer this question."));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].reason, problem->reason) == 0)
            return tr(l, known[i].words);
    return tr(l, N_("This answer cannot be taken. Check it."));
}

void form_problem_line(struct form_turn *turn, const char *item, const char *target)
{
    const Samordning__V1__AnswerProblem *problem = form_problem_of(turn, item, target);
    if (problem == NULL)
        return;
    html_put(turn->html, "<p class=\"ds-validation-message\" data-field=\"validation\" id=\"e-%s", item);
    suffix(turn->html, target);
    html_put(turn->html, "\"><span class=\"ds-sr-only\">%s</span>%s</p>", tr(turn->language, N_("Error: ")),
             form_problem_words(turn, problem));
}

static bool has_help(const struct form_turn *turn, const Samordning__V1__Item *item)
{
    return item->help != NULL && *instrument_text(item->help, turn->language) != '\0';
}

/* aria-describedby and aria-invalid of a control or group. */
void form_describedby(struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    bool help = has_help(turn, item), wrong = form_problem_of(turn, item->id, target) != NULL;
    if (!help && !wrong)
        return;
    html_raw(turn->html, " aria-describedby=\"");
    if (help) {
        html_put(turn->html, "h-%s", item->id);
        suffix(turn->html, target);
    }
    if (wrong) {
        html_put(turn->html, help ? " e-%s" : "e-%s", item->id);
        suffix(turn->html, target);
    }
    html_raw(turn->html, "\"");
}

static void invalid(struct form_turn *turn, const char *item, const char *target)
{
    if (form_problem_of(turn, item, target) != NULL)
        html_raw(turn->html, " aria-invalid=\"true\"");
}

static void help_line(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    if (!has_help(turn, item))
        return;
    html_put(turn->html, "<div class=\"help\" data-field=\"description\" id=\"h-%s", item->id);
    suffix(turn->html, target);
    html_raw(turn->html, "\">");
    form_put_text(turn, item->help, target, actor);
    html_raw(turn->html, "</div>");
}

bool form_is_as_earlier(const struct form_turn *turn, const char *item, const char *target)
{
    const Samordning__V1__Answer *now = form_find(turn, item, target);
    const Samordning__V1__Answer *before = answers_find(turn->visit.earlier_count, turn->visit.earlier, item, target);
    if (now == NULL || before == NULL || now->state != before->state || now->n_values != before->n_values ||
        strcmp(now->text, before->text) != 0)
        return false;
    for (size_t i = 0; i < now->n_values; i++)
        if (now->values[i] != before->values[i])
            return false;
    return true;
}

static void marks(struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    if (item->required)
        html_put(turn->html, " <span class=\"ds-tag\" data-color=\"warning\" data-size=\"sm\">%s</span>",
                 tr(turn->language, N_("Must be answered")));
    if (turn->visit.earlier_count > 0 && form_is_as_earlier(turn, item->id, target))
        html_put(turn->html, " <span class=\"ds-tag\" data-color=\"info\" data-size=\"sm\">%s</span>",
                 tr(turn->language, N_("As last time")));
}

static void group_begin(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    html_raw(turn->html, "<fieldset class=\"ds-fieldset question\" id=\"");
    form_question_id(turn->html, item->id, target);
    html_raw(turn->html, "\"");
    form_describedby(turn, item, target);
    html_raw(turn->html, "><legend class=\"ds-label\">");
    form_put_text(turn, item->text, target, actor);
    marks(turn, item, target);
    html_raw(turn->html, "</legend>");
    help_line(turn, item, target, actor);
    form_problem_line(turn, item->id, target);
}

static void group_end(struct form_turn *turn)
{
    html_raw(turn->html, "</fieldset>");
}

/* One radio button or checkbox, up to the words of its label. */
static void toggle_begin(struct form_turn *turn, const char *type, char kind, const Samordning__V1__Item *item,
                         const char *target, const char *value, bool checked)
{
    struct html *html = turn->html;
    html_put(html, "<div class=\"ds-field\"><input class=\"ds-input\" type=\"%s\"", type);
    form_control_name(html, kind, item->id, target);
    html_put(html, " value=\"%s\" id=\"c-%s-%s", value, item->id, value);
    suffix(html, target);
    html_raw(html, checked ? "\" checked" : "\"");
    invalid(turn, item->id, target);
    html_put(html, "><label class=\"ds-label\" data-weight=\"regular\" for=\"c-%s-%s", item->id, value);
    suffix(html, target);
    html_raw(html, "\">");
}

static void toggle_end(struct form_turn *turn)
{
    html_raw(turn->html, "</label></div>");
}

/* The same whole, with its label, which is in `lang`. */
static void toggle(struct form_turn *turn, const char *type, char kind, const Samordning__V1__Item *item, const char *target,
                   const char *value, bool checked, const char *label, const char *lang)
{
    toggle_begin(turn, type, kind, item, target, value, checked);
    form_words(turn, label, lang);
    toggle_end(turn);
}

static void state_toggles(struct form_turn *turn, const char *type, char kind, const Samordning__V1__Item *item,
                          const char *target, const Samordning__V1__Answer *answer)
{
    Samordning__V1__AnswerState state = answer != NULL ? answer->state : SAMORDNING__V1__ANSWER_STATE__ANSWER_GIVEN;
    if (item->not_relevant)
        toggle(turn, type, kind, item, target, "nr", state == SAMORDNING__V1__ANSWER_STATE__ANSWER_NOT_RELEVANT,
               tr(turn->language, N_("Not relevant")), NULL);
    if (item->dont_know)
        toggle(turn, type, kind, item, target, "dk", state == SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW,
               tr(turn->language, N_("Don't know")), NULL);
}

static bool has_value(const Samordning__V1__Answer *answer, double value)
{
    for (size_t i = 0; answer != NULL && i < answer->n_values; i++)
        if (answer->values[i] == value)
            return true;
    return false;
}

static void choices(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, target);
    bool many = item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_MULTIPLE;
    char number[HTML_NUMBER_SIZE];
    group_begin(turn, item, target, actor);
    html_raw(turn->html, item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_LIKERT && item->n_choices <= 7 ? "<div class=\"scale\">"
                                                                                                      : "<div class=\"list\">");
    for (size_t i = 0; i < item->n_choices; i++) {
        html_number(item->choices[i]->value, number);
        toggle(turn, many ? "checkbox" : "radio", 'v', item, target, number, has_value(answer, item->choices[i]->value),
               form_item_text(turn, item->choices[i]->label, target, actor), form_text_lang(turn, item->choices[i]->label));
    }
    state_toggles(turn, many ? "checkbox" : "radio", 'v', item, target, answer);
    html_raw(turn->html, "</div>");
    group_end(turn);
}

/* The steps of a ladder, the lowest first, each with its place. */
static void ladder(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, target);
    char number[HTML_NUMBER_SIZE];
    group_begin(turn, item, target, actor);
    html_raw(turn->html, "<div class=\"list ladder\">");
    for (size_t i = 0; i < item->n_choices; i++) {
        html_number(item->choices[i]->value, number);
        toggle_begin(turn, "radio", 'v', item, target, number, has_value(answer, item->choices[i]->value));
        form_words_within(turn, form_printf(turn, tr(turn->language, N_("Step %u: %s")), (unsigned)i + 1, "%s"),
                          form_item_text(turn, item->choices[i]->label, target, actor),
                          form_text_lang(turn, item->choices[i]->label));
        toggle_end(turn);
    }
    state_toggles(turn, "radio", 'v', item, target, answer);
    html_raw(turn->html, "</div>");
    group_end(turn);
}

/* What stands in a field that is typed into: what was just typed, else what is stored. */
static const char *typed(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *stored)
{
    const char *name = form_printf(turn, *target != '\0' ? "v.%s.%s" : "v.%s", item->id, target);
    const char *text = turn->body.count > 0 ? form_body_value(&turn->body, name) : NULL;
    return text != NULL ? text : stored;
}

static void field_begin(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    html_raw(turn->html, "<div class=\"ds-field question\"><label class=\"ds-label\" for=\"");
    form_question_id(turn->html, item->id, target);
    html_raw(turn->html, "\">");
    form_put_text(turn, item->text, target, actor);
    marks(turn, item, target);
    html_raw(turn->html, "</label>");
    help_line(turn, item, target, actor);
    form_problem_line(turn, item->id, target);
}

static void control_attributes(struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    html_raw(turn->html, " id=\"");
    form_question_id(turn->html, item->id, target);
    html_raw(turn->html, "\"");
    form_control_name(turn->html, 'v', item->id, target);
    form_describedby(turn, item, target);
    invalid(turn, item->id, target);
}

static void field_end(struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    html_raw(turn->html, "</div>");
    if (!item->not_relevant && !item->dont_know)
        return;
    html_raw(turn->html, "<fieldset class=\"ds-fieldset instead\"><legend class=\"ds-sr-only\">");
    form_words_within(turn, tr(turn->language, N_("Instead of an answer to: %s")),
                      form_item_text(turn, item->text, target, NULL), form_text_lang(turn, item->text));
    html_raw(turn->html, "</legend>");
    state_toggles(turn, "checkbox", 's', item, target, form_find(turn, item->id, target));
    html_raw(turn->html, "</fieldset>");
}

static void number_field(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, target);
    char number[32] = "";
    if (answer != NULL && answer->n_values > 0)
        form_text_number(turn->language, answer->values[0], number);
    field_begin(turn, item, target, actor);
    html_put(turn->html,
             "<div class=\"number\"><input class=\"ds-input\" type=\"text\" size=\"12\" inputmode=\"%s\" value=\"%s\"",
             item->whole ? "numeric" : "decimal", typed(turn, item, target, number));
    control_attributes(turn, item, target);
    html_raw(turn->html, "> <span>");
    form_put_text(turn, item->unit, target, actor);
    html_raw(turn->html, "</span></div>");
    field_end(turn, item, target);
}

static void date_field(struct form_turn *turn, const Samordning__V1__Item *item)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, "");
    field_begin(turn, item, "", NULL);
    html_put(turn->html, "<input class=\"ds-input\" type=\"date\" size=\"12\" value=\"%s\"",
             typed(turn, item, "", answer != NULL ? answer->text : ""));
    control_attributes(turn, item, "");
    html_raw(turn->html, ">");
    field_end(turn, item, "");
}

static void text_field(struct form_turn *turn, const Samordning__V1__Item *item)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, "");
    unsigned most = item->text_max != 0 ? item->text_max : TEXT_MAX_DEFAULT;
    field_begin(turn, item, "", NULL);
    html_put(turn->html, "<textarea class=\"ds-input\" rows=\"5\" maxlength=\"%u\"", most);
    control_attributes(turn, item, "");
    /* the parser takes away one line end right after the tag */
    html_put(turn->html, ">\n%s</textarea>", typed(turn, item, "", answer != NULL ? answer->text : ""));
    html_put(turn->html, "<p class=\"help\">%s</p>",
             form_printf(turn, tr(turn->language, N_("At most %u characters. Do not write names of persons.")), most));
    field_end(turn, item, "");
}

static void ranking(struct form_turn *turn, const Samordning__V1__Item *item)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, "");
    struct html *html = turn->html;
    char number[HTML_NUMBER_SIZE];
    group_begin(turn, item, "", NULL);
    html_raw(html, "<div class=\"ranks\">");
    for (size_t i = 0; i < item->n_choices; i++) {
        html_number(item->choices[i]->value, number);
        const char *posted =
            turn->body.count > 0 ? form_body_value(&turn->body, form_printf(turn, "r.%s.%s", item->id, number)) : NULL;
        unsigned long place = 0;
        for (size_t j = 0; answer != NULL && j < answer->n_values; j++)
            if (answer->values[j] == item->choices[i]->value)
                place = j + 1;
        if (posted != NULL)
            place = strtoul(posted, NULL, 10); /* 0 for anything else */
        html_put(html, "<div class=\"rank\"><select class=\"ds-input\" data-width=\"auto\" name=\"r.%s.%s\" id=\"r-%s-%s\"",
                 item->id, number, item->id, number);
        invalid(turn, item->id, "");
        html_raw(html, "><option value=\"\">–</option>");
        for (unsigned p = 1; p <= item->n_choices && (item->max == 0 || p <= item->max); p++)
            html_put(html, p == place ? "<option selected>%u</option>" : "<option>%u</option>", p);
        html_put(html, "</select><label for=\"r-%s-%s\">", item->id, number);
        form_put_text(turn, item->choices[i]->label, NULL, NULL);
        html_raw(html, "</label></div>");
    }
    state_toggles(turn, "checkbox", 's', item, "", answer);
    html_raw(html, "</div>");
    group_end(turn);
}

/* A group of radio buttons for each row; the style sheet puts them side by side where there is room. */
static void matrix(struct form_turn *turn, const Samordning__V1__Item *item)
{
    char number[HTML_NUMBER_SIZE];
    group_begin(turn, item, "", NULL);
    for (size_t r = 0; r < item->n_rows; r++) {
        const char *row = item->rows[r]->id;
        const Samordning__V1__Answer *answer = form_find(turn, item->id, row);
        html_raw(turn->html, "<fieldset class=\"ds-fieldset row\" id=\"");
        form_question_id(turn->html, item->id, row);
        html_raw(turn->html, "\"><legend class=\"ds-label\">");
        form_put_text(turn, item->rows[r]->text, NULL, NULL);
        html_raw(turn->html, "</legend>");
        form_problem_line(turn, item->id, row);
        html_raw(turn->html, "<div class=\"scale\">");
        for (size_t i = 0; i < item->n_choices; i++) {
            html_number(item->choices[i]->value, number);
            toggle(turn, "radio", 'v', item, row, number, has_value(answer, item->choices[i]->value),
                   form_item_text(turn, item->choices[i]->label, NULL, NULL), form_text_lang(turn, item->choices[i]->label));
        }
        state_toggles(turn, "radio", 'v', item, row, answer);
        html_raw(turn->html, "</div></fieldset>");
    }
    group_end(turn);
}

void form_question(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor)
{
    switch (item->kind) {
    case SAMORDNING__V1__ITEM_KIND__ITEM_SINGLE:
    case SAMORDNING__V1__ITEM_KIND__ITEM_LIKERT:
    case SAMORDNING__V1__ITEM_KIND__ITEM_MULTIPLE:
        choices(turn, item, target, actor);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_LADDER:
        ladder(turn, item, target, actor);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER:
        number_field(turn, item, target, actor);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_DATE:
        date_field(turn, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_TEXT:
        text_field(turn, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_RANKING:
        ranking(turn, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX:
        matrix(turn, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_INFORMATION:
        form_paragraphs(turn, item->text, "information");
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER:
        form_roster(turn, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_NAMES:
        form_names_question(turn, item);
        break;
    default:
        break;
    }
}

void form_seen(struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    if (item->n_show_when > 0)
        html_put(turn->html,
                 *target != '\0' ? "<input type=\"hidden\" name=\"seen\" value=\"%s.%s\">"
                                 : "<input type=\"hidden\" name=\"seen\" value=\"%s\">",
                 item->id, target);
}

void form_items(struct form_turn *turn)
{
    for (size_t i = 0; i < turn->section->n_items; i++) {
        const Samordning__V1__Item *item = turn->section->items[i];
        if (!form_shows(turn, item->id, ""))
            continue;
        form_seen(turn, item, "");
        form_question(turn, item, "", NULL);
    }
}
