/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages of the questionnaire: shown, posted, saved, and shown again when something is wrong.
 *
 * Whatever is right in a posted page is saved even when something else on it is wrong. What cannot be saved stays in the page
 * that is shown again, with the reason, so nothing typed is lost but by closing the browser.
 */
#include "form/form_internal.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAVE_DEADLINE_US INT64_C(15000000)
#define TARGET_MAX       300
#define SEARCH_MAX       100

static void page_steps(struct form_turn *turn)
{
    unsigned at = 0, count = 0;
    for (const Samordning__V1__Section *s = form_section_after(turn, NULL); s != NULL; s = form_section_after(turn, s)) {
        count++;
        if (s == turn->section)
            at = count;
    }
    html_put(turn->html, "<p class=\"steps\">%s</p>", form_printf(turn, tr(turn->language, N_("Page %u of %u")), at, count));
}

/* Offers the answers of the wave before, once, while the page has not been saved. */
static void page_earlier(struct form_turn *turn)
{
    for (size_t i = 0; i < turn->visit.earlier_count && turn->revision == 0; i++) {
        const Samordning__V1__Section *section = NULL;
        if (instrument_item(turn->instrument, turn->visit.earlier[i]->item, &section, NULL) == NULL || section != turn->section)
            continue;
        html_raw(turn->html, "<div class=\"ds-alert\" data-color=\"info\">");
        html_put(turn->html, "<p class=\"ds-paragraph\">%s</p>",
                 tr(turn->language, N_("You answered these questions last time. You can fill in those answers here and change "
                                       "what is different now.")));
        form_button(turn->html, "secondary", "earlier", tr(turn->language, N_("Fill in my answers from last time")));
        html_raw(turn->html, "</div>");
        return;
    }
}

static void page_show(struct form_turn *turn, int code)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    const Samordning__V1__Section *section = turn->section;
    char revision[16];
    turn->heading_lang = form_text_lang(turn, section->title);
    form_page_begin(turn, form_item_text(turn, section->title, NULL, NULL), "page");
    page_steps(turn);
    form_problem_summary(turn, section->id);
    form_paragraphs(turn, section->text, "lead");
    form_post_begin(turn, "page", form_printf(turn, "/%s", section->id));
    snprintf(revision, sizeof revision, "%u", turn->revision);
    form_hidden(html, "revision", revision);
    page_earlier(turn);
    form_items(turn);
    html_put(html,
             "<p class=\"saved\" id=\"saved\" role=\"status\" data-saving=\"%s\" data-saved=\"%s\" data-failed=\"%s\" "
             "data-conflict=\"%s\" data-over=\"%s\" data-stranger=\"%s\"></p>",
             tr(l, N_("Saving …")), tr(l, N_("Saved at %s")),
             tr(l, N_("Not saved: there is no connection, or the survey is paused. Keep this page open, it tries again.")),
             tr(l, N_("Not saved: this page was changed in another window. Press a button below to see both.")),
             tr(l, N_("Not saved: the survey has ended, the answers have been submitted, or this link has been taken back. "
                      "Copy what you want to keep.")),
             tr(l, N_("Not saved: this browser has forgotten who you are, or now knows you as somebody else. Copy what you "
                      "have typed since it was last saved, then open the link in your letter again.")));
    html_raw(html, "<div class=\"buttons\">");
    form_button(html, "primary", "next",
                form_section_after(turn, section) != NULL ? tr(l, N_("Save and go on")) : tr(l, N_("Save and look over")));
    if (form_section_before(turn, section) != NULL)
        form_button(html, "secondary", "previous", tr(l, N_("Back")));
    form_button(html, "tertiary", "leave", tr(l, N_("Save and leave")));
    html_raw(html, "</div></form>");
    form_page_end(turn, code);
}

/* ------------------------------------------------------------------------------------------------ after saving */

/* For the script: numbers and fixed words only. */
static void answer_script(struct form_turn *turn, int code, const char *state)
{
    struct form *form = turn->form;
    struct survey_wave *wave = turn->wave;
    html_put(turn->html, "{\"state\":\"%s\",\"revision\":%u,\"problems\":%u}", state, turn->revision,
             (unsigned)turn->problem_count);
    web_answer_data(turn->exchange, code, "application/json");
    store_survey_release(form->store, wave);
}

static bool was_seen(const struct form_turn *turn, const char *item, const char *target)
{
    size_t length = strlen(item);
    for (size_t i = 0; i < turn->body.count; i++) {
        const struct form_field *field = &turn->body.fields[i];
        if (strcmp(field->name, "seen") == 0 && strncmp(field->value, item, length) == 0 &&
            (field->value[length] == '.' ? strcmp(field->value + length + 1, target) == 0
                                         : field->value[length] == '\0' && *target == '\0'))
            return true;
    }
    return false;
}

static bool is_new(const struct form_turn *turn, const Samordning__V1__Item *item, const char *target)
{
    return item->n_show_when > 0 && form_shows(turn, item->id, target) && form_find(turn, item->id, target) == NULL &&
           !was_seen(turn, item->id, target);
}

/* Questions of this page that its answers have led to, and that were not in it when it was sent. Pages say which of their
 * conditional questions they have (form_seen). */
static bool has_more_to_ask(const struct form_turn *turn)
{
    for (size_t i = 0; i < turn->section->n_items; i++) {
        const Samordning__V1__Item *item = turn->section->items[i];
        if (is_new(turn, item, "") && item->kind != SAMORDNING__V1__ITEM_KIND__ITEM_INFORMATION)
            return true;
        for (size_t p = 0; p < item->n_parts; p++)
            for (size_t a = 0; item->parts[p]->n_show_when > 0 && a < turn->answer_count; a++)
                if (form_is_of(item, turn->answers[a]) && is_new(turn, item->parts[p], turn->answers[a]->target))
                    return true;
    }
    return false;
}

static void go_on(struct form_turn *turn)
{
    const Samordning__V1__Section *to = NULL;
    const char *go = turn->go;
    if (strcmp(go, "next") == 0 || strcmp(go, "enter") == 0) {
        if (has_more_to_ask(turn))
            form_redirect(turn, "/%s?more", turn->section->id);
        else if ((to = form_section_after(turn, turn->section)) != NULL)
            form_redirect(turn, "/%s", to->id);
        else
            form_redirect(turn, "/-/review");
    } else if (strcmp(go, "previous") == 0) {
        to = form_section_before(turn, turn->section);
        form_redirect(turn, to != NULL ? "/%s" : "%s", to != NULL ? to->id : "");
    } else if (strcmp(go, "leave") == 0) {
        form_redirect(turn, "/-/left");
    } else {
        form_redirect(turn, "/%s", turn->section->id);
    }
}

static void names_found(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status != STATUS_OK) {
        turn->names.ret_count = 0;
        turn->notice = tr(turn->language, N_("The search is not available right now. Try again."));
        turn->notice_is_error = true;
    }
    page_show(turn, call->status == STATUS_OK ? 200 : 503);
}

static void search_names(struct form_turn *turn, void (*found)(struct store_call *call))
{
    turn->names =
        (struct store_survey_names){.link_hash = turn->session.link_hash, .item = turn->search_item, .search = turn->search};
    turn->names.call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + SAVE_DEADLINE_US, .done = found, .owner = turn};
    store_survey_names(turn->form->store, &turn->names);
}

/* Two windows have saved the same page: what differs, and a choice. */
static void page_conflict(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    const struct store_survey_page *now = &turn->save.now;
    char revision[16];
    snprintf(revision, sizeof revision, "%u", now->revision);
    form_page_begin(turn, tr(l, N_("This page was changed in another window")), NULL);
    html_put(html, "<p class=\"ds-paragraph\">%s</p>",
             tr(l, N_("Somebody, perhaps you in another window or on another device, has saved this page after you opened it. "
                      "Nothing is lost: choose "
                      "which answers to keep.")));
    html_put(html,
             "<div class=\"ds-table-wrap\"><table class=\"ds-table\" data-border><caption "
             "class=\"ds-sr-only\">%s</caption><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
             "scope=\"col\">%s</th></tr></thead><tbody>",
             tr(l, N_("Answers that differ")), tr(l, N_("Question")), tr(l, N_("Yours, from this window")),
             tr(l, N_("Saved in the meantime")));
    for (size_t pass = 0; pass < 2; pass++) {
        size_t count = pass == 0 ? turn->save.answer_count : now->answer_count;
        Samordning__V1__Answer **all = pass == 0 ? turn->save.answers : now->answers;
        for (size_t i = 0; i < count; i++) {
            const Samordning__V1__Item *item = instrument_item(turn->instrument, all[i]->item, NULL, NULL);
            const Samordning__V1__Answer *mine =
                answers_find(turn->save.answer_count, turn->save.answers, all[i]->item, all[i]->target);
            const Samordning__V1__Answer *theirs = answers_find(now->answer_count, now->answers, all[i]->item, all[i]->target);
            if (item == NULL || (pass == 1 && mine != NULL))
                continue;
            if (strcmp(form_answer_words(turn, item, mine), form_answer_words(turn, item, theirs)) == 0)
                continue;
            const char *who = *all[i]->target != '\0' ? form_target_name(turn, all[i]->target) : NULL;
            html_raw(html, "<tr><th scope=\"row\">");
            form_put_text(turn, item->text, all[i]->target, who);
            html_put(html, "%s%s</th><td>", who != NULL ? " – " : "", who != NULL ? who : "");
            form_put_answer(turn, item, mine);
            html_raw(html, "</td><td>");
            form_put_answer(turn, item, theirs);
            html_raw(html, "</td></tr>");
        }
    }
    html_raw(html, "</tbody></table></div>");
    form_post_begin(turn, "mine", form_printf(turn, "/%s", turn->section->id));
    form_hidden(html, "revision", revision);
    for (size_t i = 0; i < turn->body.count; i++)
        if (turn->body.fields[i].name[0] != '\0' && turn->body.fields[i].name[1] == '.')
            form_hidden(html, turn->body.fields[i].name, turn->body.fields[i].value);
    html_raw(html, "<div class=\"buttons\">");
    form_button(html, "primary", "stay", tr(l, N_("Keep mine")));
    form_link_button(html, "secondary", form_path(turn, form_printf(turn, "/%s", turn->section->id)),
                     tr(l, N_("Keep what was saved in the meantime")));
    html_raw(html, "</div></form>");
    form_page_end(turn, 409);
}

static void page_saved(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    enum instrument_language l = turn->language;
    if (call->status == STATUS_CONFLICT && strcmp(call->errmsg.field, "state") == 0)
        call->status = STATUS_GONE;
    if (call->status == STATUS_CONFLICT) {
        turn->revision = turn->save.now.revision;
        if (form_is_autosave(turn))
            answer_script(turn, 409, "conflict");
        else
            page_conflict(turn);
        return;
    }
    if (call->status != STATUS_OK) {
        bool rests = call->status == STATUS_GONE && strcmp(call->errmsg.field, "wave") == 0 && !form_wave_is_over(turn->wave);
        bool again = rests || status_is_retryable(call->status) || call->status == STATUS_INTERNAL;
        turn->notice =
            rests ? tr(l, N_("Your answers were not saved: the survey is paused or not open. They are still in this page: keep "
                             "it, and press the button again later."))
            : again ? tr(l, N_("Your answers could not be saved just now. They are still in this page: wait a little "
                               "and press the button again."))
                    : tr(l, N_("Your answers were not saved: the survey no longer takes answers, or they have been "
                               "submitted in the meantime. Copy what you want to keep."));
        turn->notice_is_error = true;
        if (again)
            web_header_out(turn->exchange, "Retry-After", "10");
        if (form_is_autosave(turn))
            answer_script(turn, again ? 503 : 410, again ? "failed" : "over");
        else
            page_show(turn, again ? 503 : 410);
        return;
    }
    turn->revision = turn->save.ret_revision;
    if (form_is_autosave(turn)) {
        answer_script(turn, 200, "saved");
        return;
    }
    if (strncmp(turn->go, "lang:", 5) == 0) {
        turn->language = turn->session.language = instrument_language_of(turn->go + 5);
        form_renew_cookie(turn);
    }
    if (turn->search_item != NULL) {
        search_names(turn, names_found);
    } else if (turn->problem_count > 0) {
        turn->notice = tr(turn->language, N_("The other answers on this page are saved."));
        page_show(turn, 422);
    } else {
        go_on(turn);
    }
}

/* ------------------------------------------------------------------------------------------------- what was posted */

/* "add:ITEM:KEY": the item of this section that it names, and the rest. */
static const Samordning__V1__Item *go_item(const struct form_turn *turn, const char *verb, const char **ret_rest)
{
    size_t length = strlen(verb);
    if (strncmp(turn->go, verb, length) != 0)
        return NULL;
    const char *at = turn->go + length, *colon = strchr(at, ':');
    size_t size = colon != NULL ? (size_t)(colon - at) : strlen(at);
    *ret_rest = colon != NULL ? colon + 1 : "";
    for (size_t i = 0; i < turn->section->n_items; i++) {
        const Samordning__V1__Item *item = turn->section->items[i];
        if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NAMES && strlen(item->id) == size && strncmp(item->id, at, size) == 0)
            return item;
    }
    return NULL;
}

static bool is_about(const Samordning__V1__Item *names, const Samordning__V1__Answer *answer, const char *target)
{
    return form_is_of(names, answer) && strcmp(answer->target, target) == 0;
}

struct posted {
    size_t count;
    Samordning__V1__Answer **answers; /* with room for one more */
};

static bool name_actor(struct form_turn *turn, struct posted *posted, const Samordning__V1__Item *item, const char *target,
                       bool is_known)
{
    Samordning__V1__Answer *answer = arena_alloc(turn->arena, sizeof *answer);
    if (answer == NULL)
        return false;
    if (*target == '\0' || strlen(target) > TARGET_MAX)
        return true;
    for (size_t i = 0; i < posted->count; i++)
        if (is_about(item, posted->answers[i], target))
            return true;
    samordning__v1__answer__init(answer);
    answer->item = item->id;
    answer->target = arena_strdup(turn->arena, target);
    if (answer->target == NULL)
        return false;
    if (!is_known)
        answer->text = answer->target;
    posted->answers[posted->count++] = answer;
    return true;
}

static void forget_actor(struct posted *posted, const Samordning__V1__Item *item, const char *target)
{
    size_t kept = 0;
    for (size_t i = 0; i < posted->count; i++)
        if (!is_about(item, posted->answers[i], target))
            posted->answers[kept++] = posted->answers[i];
    posted->count = kept;
}

static bool fill_earlier(struct form_turn *turn, struct posted *posted)
{
    Samordning__V1__Answer **all = arena_alloc(turn->arena, (posted->count + turn->visit.earlier_count + 1) * sizeof(void *));
    size_t count = posted->count;
    if (all == NULL)
        return false;
    if (count > 0)
        memcpy(all, posted->answers, count * sizeof(void *));
    for (size_t i = 0; i < turn->visit.earlier_count; i++) {
        Samordning__V1__Answer *answer = turn->visit.earlier[i];
        const Samordning__V1__Section *section = NULL;
        if (instrument_item(turn->instrument, answer->item, &section, NULL) != NULL && section == turn->section &&
            answers_find(posted->count, posted->answers, answer->item, answer->target) == NULL)
            all[count++] = answer;
    }
    *posted = (struct posted){count, all};
    return true;
}

/* The button's own work on what was posted, before it is checked. False: out of memory. */
static bool press(struct form_turn *turn, struct posted *posted)
{
    const Samordning__V1__Item *item;
    const char *rest, *typed;
    if ((item = go_item(turn, "add:", &rest)) != NULL)
        return name_actor(turn, posted, item, rest, true);
    if ((item = go_item(turn, "remove:", &rest)) != NULL) {
        forget_actor(posted, item, rest);
        return true;
    }
    if ((item = go_item(turn, "new:", &rest)) != NULL && item->allow_unknown) {
        typed = form_body_value(&turn->body, form_printf(turn, "q:%s", item->id));
        return name_actor(turn, posted, item, typed != NULL ? typed : "", false);
    }
    if (strcmp(turn->go, "earlier") == 0)
        return fill_earlier(turn, posted);
    item = go_item(turn, "search:", &rest);
    for (size_t i = 0; item == NULL && strcmp(turn->go, "enter") == 0 && i < turn->section->n_items; i++) {
        typed = form_body_value(&turn->body, form_printf(turn, "q:%s", turn->section->items[i]->id));
        if (typed != NULL && *typed != '\0')
            item = turn->section->items[i];
    }
    if (item != NULL) {
        typed = form_body_value(&turn->body, form_printf(turn, "q:%s", item->id));
        turn->search_item = item->id;
        turn->search = form_printf(turn, "%.*s", SEARCH_MAX, typed != NULL ? typed : "");
    }
    return true;
}

/* The problems of the reader and of the checker together; the same answer's once. */
static bool add_problems(struct form_turn *turn, size_t count, Samordning__V1__AnswerProblem **problems)
{
    Samordning__V1__AnswerProblem **all = arena_alloc(turn->arena, (turn->problem_count + count) * sizeof(void *) + 1);
    if (all == NULL)
        return false;
    if (turn->problem_count > 0)
        memcpy(all, turn->problems, turn->problem_count * sizeof(void *));
    size_t used = turn->problem_count;
    for (size_t i = 0; i < count; i++)
        if (form_problem_of(turn, problems[i]->item, problems[i]->target) == NULL)
            all[used++] = problems[i];
    turn->problems = all;
    turn->problem_count = used;
    return true;
}

static void section_posted(struct form_turn *turn)
{
    struct posted posted = {0};
    size_t found = 0;
    Samordning__V1__AnswerProblem **problems = NULL;
    const char *revision = form_body_value(&turn->body, "revision");
    enum status status = form_body_answers(&turn->body, turn->section, turn->arena, &posted.count, &posted.answers,
                                           &turn->problem_count, &turn->problems);
    turn->revision = revision != NULL ? (uint32_t)strtoul(revision, NULL, 10) : 0;
    if (status == STATUS_OK) {
        Samordning__V1__Answer **roomy = arena_alloc(turn->arena, (posted.count + 1) * sizeof(void *));
        if (roomy != NULL && posted.count > 0)
            memcpy(roomy, posted.answers, posted.count * sizeof(void *));
        posted.answers = roomy;
        if (roomy == NULL || !press(turn, &posted))
            status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        form_store_failed(turn, status);
        return;
    }
    if (!form_gather(turn, turn->section->id, posted.count, posted.answers))
        return;
    status = answers_check(&turn->context, turn->answer_count, turn->answers, turn->section->id, false, turn->arena, &found,
                           &problems);
    if (status == STATUS_NO_MEMORY || (status == STATUS_INVALID && !add_problems(turn, found, problems))) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    Samordning__V1__Answer **good = arena_alloc(turn->arena, posted.count * sizeof(void *) + 1);
    size_t kept = 0;
    for (size_t i = 0; good != NULL && i < posted.count; i++)
        if (form_problem_of(turn, posted.answers[i]->item, posted.answers[i]->target) == NULL)
            good[kept++] = posted.answers[i];
    if (good == NULL) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    turn->save = (struct store_survey_save){.link_hash = turn->session.link_hash,
                                            .section = turn->section->id,
                                            .revision = turn->revision,
                                            .answer_count = kept,
                                            .answers = good};
    turn->save.call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + SAVE_DEADLINE_US, .done = page_saved, .owner = turn};
    store_survey_save(turn->form->store, &turn->save);
}

static void section_ready(struct form_turn *turn)
{
    turn->section = instrument_section(turn->instrument, turn->exchange->parameters[1]);
    if (turn->section == NULL || !form_may_fill(turn, turn->section)) {
        form_say(turn, 404, tr(turn->language, N_("There is no such page")),
                 tr(turn->language, N_("It may belong to another survey, or to somebody else's part of this one.")), NULL);
        return;
    }
    if (turn->exchange->method == WEB_POST) {
        section_posted(turn);
        return;
    }
    if (!answers_view_shows_section(&turn->view, turn->section)) {
        const Samordning__V1__Section *to = form_section_after(turn, turn->section);
        form_redirect(turn, "/%s", to != NULL ? to->id : "-/review");
        return;
    }
    const struct store_survey_page *page = form_page_of(turn, turn->section->id);
    turn->revision = page != NULL ? page->revision : 0;
    if (strcmp(turn->exchange->query, "more") == 0)
        turn->notice = tr(turn->language, N_("Your answers are saved. They have led to more questions on this page."));
    page_show(turn, 200);
}

void form_section(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_EDITABLE | FORM_TAKES_DRAFTS, section_ready);
}

/* ------------------------------------------------------------------------------------------------- live search */

static void live_found(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    struct form *form = turn->form;
    struct survey_wave *wave = turn->wave;
    if (call->status == STATUS_OK)
        form_name_choices(turn, turn->search_item, turn->names.ret_count, turn->names.ret_actors);
    web_answer_page(turn->exchange, call->status == STATUS_OK ? 200 : 503);
    store_survey_release(form->store, wave);
}

static void names_ready(struct form_turn *turn)
{
    struct form_body query;
    if (form_body_read(turn->exchange->query, strlen(turn->exchange->query), turn->arena, &query) != STATUS_OK) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    const char *item = form_body_value(&query, "item"), *search = form_body_value(&query, "q");
    const Samordning__V1__Item *known = item != NULL ? instrument_item(turn->instrument, item, NULL, NULL) : NULL;
    if (known == NULL || search == NULL || known->kind != SAMORDNING__V1__ITEM_KIND__ITEM_NAMES) {
        form_say(turn, 404, tr(turn->language, N_("There is no such page")), "", NULL);
        return;
    }
    turn->search_item = known->id;
    turn->search = form_printf(turn, "%.*s", SEARCH_MAX, search);
    search_names(turn, live_found);
}

void form_names(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_EDITABLE, names_ready);
}
