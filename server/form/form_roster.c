/* SPDX-License-Identifier: GPL-3.0-or-later
 * Questions about many actors: rosters, and name generators with their search.
 *
 * A roster is a list of cards. "No contact" stands in the card itself, so that most of a long roster is answered by one key a
 * card; the questions are inside a disclosure, which is open where something was answered or is wrong.
 */
#include "form/form_internal.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define NAMES_MAX_DEFAULT 10
#define FILTER_FROM       12 /* rosters with so many actors get a filter box (by script) */
#define OPEN_UP_TO        3  /* so few cards are open from the start */

const char *form_actor_name(const struct form_turn *turn, const Samordning__V1__RosterActor *actor)
{
    const char *name = actor->name != NULL ? instrument_text(actor->name, turn->language) : "";
    return *name != '\0' ? name : actor->key;
}

const char *form_target_name(const struct form_turn *turn, const char *key)
{
    const Samordning__V1__SurveyFetchResponse *fetched = turn->wave->fetched;
    for (size_t i = 0; i < fetched->n_roster; i++)
        if (strcmp(fetched->roster[i]->key, key) == 0)
            return form_actor_name(turn, fetched->roster[i]);
    return key;
}

size_t form_roster_actors(struct form_turn *turn, const Samordning__V1__Item *item, Samordning__V1__RosterActor ***ret_actors)
{
    const Samordning__V1__SurveyFetchResponse *fetched = turn->wave->fetched;
    Samordning__V1__RosterActor **all = arena_alloc(turn->arena, fetched->n_roster * 2 * sizeof(void *) + 1);
    size_t count = 0;
    *ret_actors = all;
    if (all == NULL)
        return 0;
    for (size_t i = 0; i < fetched->n_roster; i++)
        if (strcmp(fetched->roster[i]->item, item->id) == 0 &&
            (turn->visit.actor == NULL || strcmp(fetched->roster[i]->key, turn->visit.actor) != 0))
            all[count++] = fetched->roster[i];
    if (count > 1 && !item->keep_order) { /* begins elsewhere for each seat, the same on every visit */
        size_t first = XXH3_64bits_withSeed(item->id, strlen(item->id), turn->visit.seat) % count;
        memcpy(all + count, all, first * sizeof(void *));
        *ret_actors = all + first;
    }
    return count;
}

/* Which questions about one actor are asked; those without a condition always are. */
static void find_shown(const struct form_turn *turn, const Samordning__V1__Item *item, const char *target,
                       bool ret_shown[INSTRUMENT_ITEMS_MAX])
{
    const struct instrument_place *whole = instrument_index_find(&turn->view.index, item->id);
    if (whole != NULL)
        answers_view_parts(&turn->view, whole, target, ret_shown);
    for (size_t p = 0; p < item->n_parts; p++)
        ret_shown[p] = item->parts[p]->n_show_when == 0 || (whole != NULL && ret_shown[p]);
}

/* The questions about one actor. */
static void parts(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *name,
                  const bool shown[INSTRUMENT_ITEMS_MAX])
{
    for (size_t p = 0; p < item->n_parts; p++)
        if (shown[p]) {
            form_seen(turn, item->parts[p], target);
            form_question(turn, item->parts[p], target, name);
        }
}

struct card {
    unsigned answered, asked;
    bool no_contact, wrong;
};

static struct card card_of(struct form_turn *turn, const Samordning__V1__Item *item, const char *target,
                           const bool shown[INSTRUMENT_ITEMS_MAX])
{
    const Samordning__V1__Answer *whole = form_find(turn, item->id, target);
    struct card card = {.no_contact = whole != NULL && whole->state == SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT,
                        .wrong = form_problem_of(turn, item->id, target) != NULL};
    for (size_t p = 0; p < item->n_parts; p++) {
        const Samordning__V1__Item *part = item->parts[p];
        if (!shown[p])
            continue;
        card.asked++;
        card.answered += form_find(turn, part->id, target) != NULL;
        card.wrong = card.wrong || form_problem_of(turn, part->id, target) != NULL;
    }
    return card;
}

static void card_state(struct form_turn *turn, const struct card *card)
{
    enum instrument_language l = turn->language;
    const char *words = card->wrong           ? tr(l, N_("something is wrong"))
                        : card->no_contact    ? tr(l, N_("no contact"))
                        : card->answered == 0 ? tr(l, N_("not answered"))
                        : card->answered == card->asked
                            ? tr(l, N_("answered"))
                            : form_printf(turn, tr(l, N_("%u of %u answered")), card->answered, card->asked);
    html_put(turn->html, "<span class=\"state\" data-done=\"%s\">%s</span>",
             card->wrong                                                              ? "wrong"
             : card->no_contact || (card->asked > 0 && card->answered == card->asked) ? "yes"
                                                                                      : "no",
             words);
}

void form_roster(struct form_turn *turn, const Samordning__V1__Item *item)
{
    struct html *html = turn->html;
    Samordning__V1__RosterActor **actors;
    size_t count = form_roster_actors(turn, item, &actors);
    bool shown[INSTRUMENT_ITEMS_MAX];
    const char *no_contact = item->no_contact != NULL ? instrument_text(item->no_contact, turn->language) : "";
    html_put(html, "<section class=\"roster question\" id=\"q-%s\" aria-labelledby=\"l-%s\"", item->id, item->id);
    if (count >= FILTER_FROM)
        html_put(html, " data-filter=\"%s\" data-shown=\"%s\"", tr(turn->language, N_("Find in the list")),
                 tr(turn->language, N_("%u of %u shown")));
    html_put(html, "><h2 class=\"ds-heading\" data-size=\"sm\" id=\"l-%s\">", item->id);
    form_put_text(turn, item->text, NULL, NULL);
    html_raw(html, "</h2>");
    if (item->help != NULL)
        form_paragraphs(turn, item->help, "help");
    form_problem_line(turn, item->id, "");
    html_raw(html, "<ul class=\"actors\">");
    for (size_t i = 0; i < count; i++) {
        const char *key = actors[i]->key, *name = form_actor_name(turn, actors[i]);
        find_shown(turn, item, key, shown);
        struct card card = card_of(turn, item, key, shown);
        html_raw(html, "<li class=\"actor\" id=\"");
        form_question_id(html, item->id, key);
        html_put(html, "\" data-find=\"%s %s\">", name, actors[i]->abbreviation != NULL ? actors[i]->abbreviation : "");
        html_put(html, "<h3 class=\"ds-heading\" data-size=\"2xs\">%s</h3>", name);
        if (*no_contact != '\0') {
            html_raw(html, "<div class=\"ds-field none\"><input class=\"ds-input\" type=\"checkbox\" value=\"nc\"");
            form_control_name(html, 's', item->id, key);
            html_put(html, " id=\"c-%s-nc-", item->id);
            html_id(html, key);
            html_raw(html, card.no_contact ? "\" checked>" : "\">");
            html_put(html, "<label class=\"ds-label\" data-weight=\"regular\" for=\"c-%s-nc-", item->id);
            html_id(html, key);
            html_raw(html, "\">");
            form_put_text(turn, item->no_contact, NULL, NULL);
            html_put(html, "<span class=\"ds-sr-only\">: %s</span></label></div>", name);
            form_problem_line(turn, item->id, key);
        }
        html_raw(html,
                 card.wrong || (card.answered > 0 && card.answered < card.asked && !card.no_contact) || count <= OPEN_UP_TO
                     ? "<details class=\"ds-details\" open><summary>"
                     : "<details class=\"ds-details\"><summary>");
        html_put(html, "<span>%s<span class=\"ds-sr-only\"> %s</span>:</span> ", tr(turn->language, N_("Questions")), name);
        card_state(turn, &card);
        html_raw(html, "</summary><div>");
        parts(turn, item, key, name, shown);
        html_raw(html, "</div></details></li>");
    }
    html_raw(html, "</ul></section>");
}

bool form_is_of(const Samordning__V1__Item *whole, const Samordning__V1__Answer *answer)
{
    bool is = strcmp(answer->item, whole->id) == 0;
    for (size_t p = 0; p < whole->n_parts && !is; p++)
        is = strcmp(answer->item, whole->parts[p]->id) == 0;
    return is && *answer->target != '\0';
}

/* Was this actor named before this answer? */
static bool named_before(const struct form_turn *turn, const Samordning__V1__Item *item, size_t until, const char *target)
{
    for (size_t i = 0; i < until; i++)
        if (strcmp(turn->answers[i]->target, target) == 0 && form_is_of(item, turn->answers[i]))
            return true;
    return false;
}

void form_name_choices(struct form_turn *turn, const char *item, size_t count, Samordning__V1__RosterActor **actors)
{
    struct html *html = turn->html;
    if (count == 0) {
        html_put(html, "<p class=\"ds-paragraph\">%s</p>", tr(turn->language, N_("No organisation in the register fits.")));
        return;
    }
    html_raw(html, "<ul class=\"found\">");
    for (size_t i = 0; i < count; i++)
        html_put(html,
                 "<li><button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\" name=\"go\" "
                 "value=\"add:%s:%s\">%s</button></li>",
                 item, actors[i]->key, form_printf(turn, tr(turn->language, N_("Add %s")), form_actor_name(turn, actors[i])));
    html_raw(html, "</ul>");
}

static void search_box(struct form_turn *turn, const Samordning__V1__Item *item)
{
    struct html *html = turn->html;
    bool searched = turn->search_item != NULL && strcmp(turn->search_item, item->id) == 0;
    const char *text = searched ? turn->search : "";
    html_put(html, "<div class=\"ds-field search\"><label class=\"ds-label\" for=\"f-%s\">%s</label><div class=\"line\">",
             item->id, tr(turn->language, N_("Search for an organisation to add")));
    html_put(
        html,
        "<input class=\"ds-input\" type=\"search\" id=\"f-%s\" name=\"q:%s\" value=\"%s\" maxlength=\"100\" data-names=\"%s\">",
        item->id, item->id, text, item->id);
    html_put(html,
             "<button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\" name=\"go\" "
             "value=\"search:%s\">%s</button></div></div>",
             item->id, tr(turn->language, N_("Search")));
    html_put(html, "<div class=\"results\" id=\"found-%s\" role=\"status\">", item->id);
    if (searched)
        form_name_choices(turn, item->id, turn->names.ret_count, turn->names.ret_actors);
    html_raw(html, "</div>");
    if (searched && item->allow_unknown && *text != '\0')
        html_put(html,
                 "<p><button class=\"ds-button\" data-variant=\"tertiary\" type=\"submit\" name=\"go\" "
                 "value=\"new:%s\">%s</button></p>",
                 item->id,
                 form_printf(turn, tr(turn->language, N_("Add “%s” as an organisation that is not in the register")), text));
}

void form_names_question(struct form_turn *turn, const Samordning__V1__Item *item)
{
    struct html *html = turn->html;
    unsigned most = item->names_max != 0 ? item->names_max : NAMES_MAX_DEFAULT, named = 0;
    bool shown[INSTRUMENT_ITEMS_MAX];
    html_put(html, "<section class=\"names question\" id=\"q-%s\" aria-labelledby=\"l-%s\">", item->id, item->id);
    html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\" id=\"l-%s\">", item->id);
    form_put_text(turn, item->text, NULL, NULL);
    html_raw(html, "</h2>");
    if (item->help != NULL)
        form_paragraphs(turn, item->help, "help");
    form_problem_line(turn, item->id, "");
    html_raw(html, "<ul class=\"actors\">");
    for (size_t i = 0; i < turn->answer_count; i++) {
        const Samordning__V1__Answer *answer = turn->answers[i];
        if (!form_is_of(item, answer) || named_before(turn, item, i, answer->target))
            continue;
        const char *key = answer->target, *name = form_target_name(turn, key);
        const Samordning__V1__Answer *whole = form_find(turn, item->id, key);
        bool is_new = whole != NULL && *whole->text != '\0';
        named++;
        html_raw(html, "<li class=\"actor\" id=\"");
        form_question_id(html, item->id, key);
        html_put(html, "\"><h3 class=\"ds-heading\" data-size=\"2xs\">%s</h3>", name);
        html_put(html, "<input type=\"hidden\" name=\"%s.%s\" value=\"%s\">", is_new ? "u" : "n", item->id, key);
        form_problem_line(turn, item->id, key);
        find_shown(turn, item, key, shown);
        parts(turn, item, key, name, shown);
        html_put(html,
                 "<p><button class=\"ds-button\" data-variant=\"tertiary\" data-color=\"danger\" type=\"submit\" name=\"go\" "
                 "value=\"remove:%s:%s\">%s</button></p></li>",
                 item->id, key, form_printf(turn, tr(turn->language, N_("Remove %s")), name));
    }
    html_raw(html, "</ul>");
    if (named < most)
        search_box(turn, item);
    else
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 form_printf(turn, tr(turn->language, N_("You have named %u, which is the most this question takes.")), named));
    html_raw(html, "</section>");
}
