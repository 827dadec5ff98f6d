/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers in words, all of a respondent's answers as lists, and summaries of what is wrong.
 */
#include "form/form_internal.h"

#include "civil_time.h"

#include <stdio.h>
#include <string.h>

const char *form_answer_words(struct form_turn *turn, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer)
{
    char number[32];
    const char *words = "";
    int32_t day;
    int year, month, mday;
    if (answer == NULL)
        return "";
    switch (answer->state) {
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_NOT_RELEVANT:
        return tr(turn->language, N_("Not relevant"));
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW:
        return tr(turn->language, N_("Don't know"));
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT:
        return item->no_contact != NULL ? instrument_text(item->no_contact, turn->language)
                                        : tr(turn->language, N_("no contact"));
    default:
        break;
    }
    if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_DATE && civil_day_parse(answer->text, &day) == STATUS_OK) {
        civil_from_day(day, &year, &month, &mday);
        return form_printf(turn, "%d.%d.%d", mday, month, year);
    }
    if (answer->n_values == 0)
        return answer->text;
    if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER) {
        form_text_number(turn->language, answer->values[0], number);
        return form_printf(turn, "%s %s", number, item->unit != NULL ? instrument_text(item->unit, turn->language) : "");
    }
    for (size_t i = 0; i < answer->n_values; i++) {
        const Samordning__V1__Choice *choice = instrument_choice(item, answer->values[i]);
        const char *label = choice != NULL ? form_item_text(turn, choice->label, answer->target, NULL) : "?";
        if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_RANKING)
            words = form_printf(turn, "%s%s%u. %s", words, i > 0 ? "; " : "", (unsigned)i + 1, label);
        else
            words = form_printf(turn, "%s%s%s", words, i > 0 ? "; " : "", label);
    }
    return words;
}

/* `lang`: of the instrument's words in it, NULL = the page's. */
static void put_words(struct form_turn *turn, const char *answer, const char *lang)
{
    if (*answer != '\0')
        form_words(turn, answer, lang);
    else
        html_text(turn->html, tr(turn->language, N_("Not answered")));
}

static void row_begin(struct form_turn *turn, const char *question, const char *lang)
{
    html_raw(turn->html, "<div><dt>");
    form_words(turn, question, lang);
}

static void row_answer(struct form_turn *turn, bool is_one)
{
    html_raw(turn->html, is_one ? "</dt><dd>" : "</dt><dd class=\"none\">");
}

static void row_end(struct form_turn *turn)
{
    html_raw(turn->html, "</dd></div>");
}

/* The language of form_answer_words() where they are the instrument's. */
static const char *answer_lang(const struct form_turn *turn, const Samordning__V1__Item *item,
                               const Samordning__V1__Answer *answer)
{
    if (answer == NULL)
        return NULL;
    if (answer->state == SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT)
        return form_text_lang(turn, item->no_contact);
    if (answer->state != SAMORDNING__V1__ANSWER_STATE__ANSWER_GIVEN || answer->n_values == 0)
        return NULL;
    const Samordning__V1__Choice *choice = instrument_choice(item, answer->values[0]);
    return form_text_lang(turn, item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER ? item->unit
                                : choice != NULL                                     ? choice->label
                                                                                     : NULL);
}

void form_put_answer(struct form_turn *turn, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer)
{
    put_words(turn, form_answer_words(turn, item, answer), answer_lang(turn, item, answer));
}

/* `part`: of the question, such as a row of a matrix; NULL: none. */
static void item_row(struct form_turn *turn, const Samordning__V1__Item *item, const Samordning__V1__LocalText *part,
                     const char *target)
{
    const Samordning__V1__Answer *answer = form_find(turn, item->id, target);
    row_begin(turn, form_item_text(turn, item->text, NULL, NULL), form_text_lang(turn, item->text));
    if (part != NULL) {
        html_raw(turn->html, " – ");
        form_put_text(turn, part, NULL, NULL);
    }
    row_answer(turn, answer != NULL);
    form_put_answer(turn, item, answer);
    row_end(turn);
}

/* One line an actor: its answers, one after the other. */
static void actor_row(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *name)
{
    const Samordning__V1__Answer *whole =
        item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER ? form_find(turn, item->id, target) : NULL;
    bool is_named = item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NAMES, any = whole != NULL;
    for (size_t p = 0; p < item->n_parts && !any; p++)
        any = form_find(turn, item->parts[p]->id, target) != NULL;
    row_begin(turn, name, NULL);
    row_answer(turn, any || is_named);
    if (whole != NULL)
        form_put_answer(turn, item, whole);
    bool is_first = whole == NULL;
    for (size_t p = 0; p < item->n_parts; p++) {
        const Samordning__V1__Answer *answer = form_find(turn, item->parts[p]->id, target);
        if (answer == NULL)
            continue;
        html_raw(turn->html, is_first ? "" : " · ");
        form_put_text(turn, item->parts[p]->text, target, name);
        html_raw(turn->html, " ");
        form_put_answer(turn, item->parts[p], answer);
        is_first = false;
    }
    if (!any)
        html_text(turn->html, is_named ? tr(turn->language, N_("named")) : tr(turn->language, N_("Not answered")));
    row_end(turn);
}

static void roster_rows(struct form_turn *turn, const Samordning__V1__Item *item)
{
    Samordning__V1__RosterActor **actors;
    size_t count = form_roster_actors(turn, item, &actors), answered = 0;
    for (size_t i = 0; i < count; i++) {
        bool any = form_find(turn, item->id, actors[i]->key) != NULL;
        for (size_t p = 0; p < item->n_parts && !any; p++)
            any = form_find(turn, item->parts[p]->id, actors[i]->key) != NULL;
        answered += any;
    }
    html_raw(turn->html, "</dl><details class=\"ds-details\"><summary>");
    form_put_text(turn, item->text, NULL, NULL);
    html_put(turn->html, " – %s</summary><div><dl class=\"answers\">",
             form_printf(turn, tr(turn->language, N_("%u of %u answered")), (unsigned)answered, (unsigned)count));
    for (size_t i = 0; i < count; i++)
        actor_row(turn, item, actors[i]->key, form_actor_name(turn, actors[i]));
    html_raw(turn->html, "</dl></div></details><dl class=\"answers\">");
}

static void names_rows(struct form_turn *turn, const Samordning__V1__Item *item)
{
    bool any = false;
    for (size_t i = 0; i < turn->answer_count; i++)
        if (form_names_actor(turn, item, i)) {
            actor_row(turn, item, turn->answers[i]->target, form_target_name(turn, turn->answers[i]->target));
            any = true;
        }
    if (!any)
        item_row(turn, item, NULL, "");
}

static void item_rows(struct form_turn *turn, const Samordning__V1__Item *item)
{
    if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER)
        roster_rows(turn, item);
    else if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NAMES)
        names_rows(turn, item);
    else if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX)
        for (size_t r = 0; r < item->n_rows; r++)
            item_row(turn, item, item->rows[r]->text, item->rows[r]->id);
    else if (item->kind != SAMORDNING__V1__ITEM_KIND__ITEM_INFORMATION)
        item_row(turn, item, NULL, "");
}

void form_answers_listed(struct form_turn *turn, bool links)
{
    struct html *html = turn->html;
    for (size_t s = 0; s < turn->instrument->n_sections; s++) {
        const Samordning__V1__Section *section = turn->instrument->sections[s];
        if (!form_may_fill(turn, section) || !answers_view_shows_section(&turn->view, section))
            continue;
        html_raw(html, "<section class=\"listed\"><h2 class=\"ds-heading\" data-size=\"sm\">");
        form_put_text(turn, section->title, NULL, NULL);
        html_raw(html, "</h2><dl class=\"answers\">");
        for (size_t i = 0; i < section->n_items; i++)
            if (form_shows(turn, section->items[i]->id, ""))
                item_rows(turn, section->items[i]);
        html_raw(html, "</dl>");
        if (links) {
            html_put(html, "<p><a class=\"ds-link\" href=\"%s\">%s<span class=\"ds-sr-only\">: ",
                     form_path(turn, form_printf(turn, "/%s", section->id)), tr(turn->language, N_("Change these answers")));
            form_put_text(turn, section->title, NULL, NULL);
            html_raw(html, "</span></a></p>");
        }
        html_raw(html, "</section>");
    }
}

void form_problem_summary(struct form_turn *turn, const char *section)
{
    struct html *html = turn->html;
    if (turn->problem_count == 0)
        return;
    html_raw(html,
             "<div class=\"ds-error-summary\" id=\"problems\" tabindex=\"-1\" autofocus aria-labelledby=\"problems-title\">");
    html_put(html, "<h2 class=\"ds-heading\" data-size=\"xs\" id=\"problems-title\">%s</h2><ul class=\"ds-list\">",
             form_printf(turn,
                         tr_plural(turn->language, "There is %u problem to correct", "There are %u problems to correct",
                                   turn->problem_count),
                         (unsigned)turn->problem_count));
    for (size_t i = 0; i < turn->problem_count; i++) {
        const Samordning__V1__AnswerProblem *problem = turn->problems[i];
        const Samordning__V1__Section *where = NULL;
        const Samordning__V1__Item *item = instrument_item(turn->instrument, problem->item, &where, NULL);
        html_raw(html, "<li><a class=\"ds-link\" href=\"");
        if (section == NULL && where != NULL)
            html_put(html, "%s", form_path(turn, form_printf(turn, "/%s", where->id)));
        html_raw(html, "#");
        form_question_id(html, problem->item, problem->target);
        html_raw(html, "\">");
        if (item != NULL)
            form_put_text(turn, item->text, problem->target,
                          *problem->target != '\0' ? form_target_name(turn, problem->target) : NULL);
        if (*problem->target != '\0' && (item == NULL || item->kind != SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX))
            html_put(html, " (%s)", form_target_name(turn, problem->target));
        html_put(html, ": %s</a></li>", form_problem_words(turn, problem));
    }
    html_raw(html, "</ul></div>");
}
