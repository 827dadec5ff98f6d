/* SPDX-License-Identifier: GPL-3.0-or-later
 * Before and after the questions: welcome, looking over, submitting, receipt, changing one's mind.
 */
#include "form/form_internal.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>

#define DECIDE_DEADLINE_US INT64_C(15000000)

static void decide(struct form_turn *turn, enum survey_decision decision, size_t count, Samordning__V1__Answer **answers,
                   void (*decided)(struct store_call *call))
{
    turn->decide = (struct store_survey_decide){
        .link_hash = turn->session.link_hash, .decision = decision, .answer_count = count, .answers = answers};
    turn->decide.call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + DECIDE_DEADLINE_US, .done = decided, .owner = turn};
    store_survey_decide(turn->form->store, &turn->decide);
}

/* What was decided twice (two presses, two windows) shows the state that is. */
static void decided_start(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status == STATUS_OK || call->status == STATUS_CONFLICT)
        form_redirect(turn, "%s", "");
    else
        form_store_failed(turn, call->status);
}

/* ----------------------------------------------------------------------------------------------------- welcome */

static void welcome_facts(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    const Samordning__V1__Wave *wave = turn->wave->fetched->wave;
    char when[FORM_TIME_SIZE];
    form_text_time(l, wave->closes_at, when);
    html_raw(html, "<ul class=\"ds-list facts\">");
    html_put(html, "<li>%s</li>", form_printf(turn, tr(l, N_("You answer for %s.")), form_own_name(turn)));
    html_put(html, "<li>%s</li>",
             form_printf(turn,
                         tr(l, N_("The survey closes on %s. Until then you can stop, go on with the same link on any device, "
                                  "correct and withdraw.")),
                         when));
    html_put(html, "<li>%s</li>", tr(l, N_("Answering is voluntary. You can leave out any question that is not marked.")));
    html_put(html, "<li>%s</li>",
             wave->anonymous ? tr(l, N_("When the survey closes, your answers are parted from you for good."))
                             : tr(l, N_("Your answers are stored under a pseudonym, apart from your address.")));
    if (wave->sign_off && turn->visit.kind == SURVEY_LINK_OWNER)
        html_put(html, "<li>%s</li>", tr(l, N_("The answer counts when your organisation's signer has approved it.")));
    html_raw(html, "</ul>");
}

static void welcome_pages(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2><ol class=\"ds-list pages\">", tr(l, N_("The pages")));
    for (const Samordning__V1__Section *s = form_section_after(turn, NULL); s != NULL; s = form_section_after(turn, s)) {
        html_put(html, "<li><a class=\"ds-link\" href=\"%s\">", form_path(turn, form_printf(turn, "/%s", s->id)));
        form_put_text(turn, s->title, NULL, NULL);
        html_put(html, "</a> <span class=\"state\">%s</span></li>",
                 form_page_of(turn, s->id) != NULL ? tr(l, N_("saved")) : "");
    }
    html_raw(html, "</ol>");
}

static void welcome_draft(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    bool is_new = turn->visit.page_count == 0;
    const Samordning__V1__Section *to = form_section_after(turn, NULL);
    for (const Samordning__V1__Section *s = to; s != NULL; s = form_section_after(turn, s))
        if (form_page_of(turn, s->id) == NULL) {
            to = s; /* the first that was not saved yet */
            break;
        }
    turn->heading_lang = form_wave_title_lang(turn);
    form_page_begin(turn, form_wave_title(turn), NULL);
    if (turn->visit.kind == SURVEY_LINK_CONTRIBUTOR)
        form_alert(html, "info", "note", tr(l, N_("You contribute to your organisation's answer. A colleague submits it.")));
    form_paragraphs(turn, turn->instrument->introduction, "lead");
    welcome_facts(turn);
    if (turn->instrument->consent != NULL && *instrument_text(turn->instrument->consent, l) != '\0') {
        html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("What your answers are used for")));
        form_paragraphs(turn, turn->instrument->consent, "consent");
    }
    if (!is_new)
        welcome_pages(turn);
    html_raw(html, "<div class=\"buttons\">");
    if (to != NULL)
        form_link_button(html, "primary", form_path(turn, form_printf(turn, "/%s", to->id)),
                         is_new ? tr(l, N_("I have read this and want to answer")) : tr(l, N_("Go on")));
    if (!is_new)
        form_link_button(html, "secondary", form_path(turn, "/-/review"), tr(l, N_("Look over and submit")));
    if (turn->visit.kind == SURVEY_LINK_OWNER && (turn->wave->fetched->wave->sign_off || !turn->wave->fetched->wave->personal))
        form_link_button(html, "tertiary", form_path(turn, "/-/delegate"), tr(l, N_("Share with colleagues")));
    html_raw(html, "</div>");
    if (turn->visit.kind == SURVEY_LINK_OWNER && !is_new)
        html_put(html, "<p><a class=\"ds-link\" href=\"%s\">%s</a></p>", form_path(turn, "/-/withdraw"),
                 tr(l, N_("Withdraw and delete my answers")));
    form_page_end(turn, 200);
}

static void state_page(struct form_turn *turn, const char *heading, const char *text, const char *reopen)
{
    form_page_begin(turn, heading, NULL);
    html_put(turn->html, "<p class=\"ds-paragraph\">%s</p>", text);
    if (reopen != NULL && turn->visit.kind == SURVEY_LINK_OWNER) {
        form_post_begin(turn, "reopen", "/-/reopen");
        html_raw(turn->html, "<div class=\"buttons\">");
        form_button(turn->html, "secondary", "reopen", reopen);
        html_raw(turn->html, "</div></form>");
    }
    form_page_end(turn, 200);
}

static void welcome_ready(struct form_turn *turn)
{
    enum instrument_language l = turn->language;
    if (turn->visit.kind == SURVEY_LINK_SIGNER)
        form_redirect(turn, "/-/sign");
    else if (turn->visit.state == SURVEY_SUBMITTED)
        form_redirect(turn, "/-/receipt");
    else if (turn->visit.state == SURVEY_AWAITS_SIGNER)
        state_page(
            turn, tr(l, N_("Waiting for approval")),
            tr(l,
               N_("The answers have been sent to your organisation's signer. They count when the signer has approved them.")),
            tr(l, N_("Take back and change")));
    else if (turn->visit.state == SURVEY_WITHDRAWN)
        state_page(turn, tr(l, N_("You have withdrawn")),
                   tr(l, N_("Your answers are deleted and count nowhere. You can still answer anew until the survey closes.")),
                   tr(l, N_("Answer anew")));
    else
        welcome_draft(turn);
}

void form_welcome(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN, welcome_ready);
}

/* ------------------------------------------------------------------------------------- looking over, submitting */

/* Everything shown, checked as for submission. False: answered. */
static bool check_all(struct form_turn *turn, size_t *ret_count, Samordning__V1__Answer ***ret_answers)
{
    enum status status = answers_shown(&turn->context, turn->answer_count, turn->answers, turn->arena, ret_count, ret_answers);
    if (status == STATUS_OK)
        status = answers_check(&turn->context, *ret_count, *ret_answers, NULL, true, turn->arena, &turn->problem_count,
                               &turn->problems);
    if (status == STATUS_OK || status == STATUS_INVALID)
        return true;
    form_store_failed(turn, STATUS_NO_MEMORY);
    return false;
}

/* A contributor is not told about other people's pages. */
static void keep_own_problems(struct form_turn *turn)
{
    size_t kept = 0;
    for (size_t i = 0; i < turn->problem_count; i++) {
        const Samordning__V1__Section *section = NULL;
        if (instrument_item(turn->instrument, turn->problems[i]->item, &section, NULL) != NULL && form_may_fill(turn, section))
            turn->problems[kept++] = turn->problems[i];
    }
    turn->problem_count = kept;
}

static void review_ready(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    bool is_owner = turn->visit.kind == SURVEY_LINK_OWNER;
    size_t count;
    Samordning__V1__Answer **shown;
    if (!check_all(turn, &count, &shown))
        return;
    keep_own_problems(turn);
    form_page_begin(turn, tr(l, N_("Look over your answers")), NULL);
    form_problem_summary(turn, NULL);
    html_put(html, "<p class=\"ds-paragraph\">%s</p>",
             !is_owner ? tr(l, N_("These are the pages you contribute to. They are saved; a colleague submits the whole."))
             : turn->problem_count == 0
                 ? tr(l, N_("Nothing counts before you submit. You can correct it afterwards, until the survey closes."))
                 : tr(l, N_("Correct what is listed above, then you can submit.")));
    form_answers_listed(turn, true);
    if (is_owner && turn->problem_count == 0) {
        form_post_begin(turn, "submit", "/-/submit");
        html_raw(html, "<div class=\"buttons\">");
        form_button(html, "primary", "submit",
                    turn->wave->fetched->wave->sign_off ? tr(l, N_("Send for approval")) : tr(l, N_("Submit")));
        html_raw(html, "</div></form>");
    }
    form_page_end(turn, 200);
}

void form_review(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_EDITABLE, review_ready);
}

static void submit_ready(struct form_turn *turn)
{
    size_t count;
    Samordning__V1__Answer **shown;
    if (!check_all(turn, &count, &shown))
        return;
    if (turn->problem_count > 0)
        form_redirect(turn, "/-/review");
    else
        decide(turn, SURVEY_SUBMIT, count, shown, decided_start);
}

void form_submit(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_OWNER | FORM_NEEDS_EDITABLE, submit_ready);
}

static void receipt_ready(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    if (turn->visit.state != SURVEY_SUBMITTED) {
        form_redirect(turn, "%s", "");
        return;
    }
    form_page_begin(turn, tr(l, N_("Thank you, your answers are submitted")), NULL);
    form_paragraphs(turn, turn->instrument->closing, "lead");
    if (turn->visit.receipt != NULL && *turn->visit.receipt != '\0')
        html_put(html, "<p class=\"ds-paragraph\">%s <strong>%s</strong></p>", tr(l, N_("Your receipt:")), turn->visit.receipt);
    if (turn->visit.revision > 1)
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 form_printf(turn, tr(l, N_("You have submitted %u times; the last one counts.")), turn->visit.revision));
    if (turn->visit.kind == SURVEY_LINK_OWNER) {
        html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("Have you changed your mind?")));
        form_post_begin(turn, "reopen", "/-/reopen");
        html_raw(html, "<div class=\"buttons\">");
        form_button(html, "secondary", "reopen", tr(l, N_("Correct my answers")));
        form_link_button(html, "tertiary", form_path(turn, "/-/withdraw"), tr(l, N_("Withdraw and delete my answers")));
        html_raw(html, "</div></form>");
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 tr(l, N_("While you correct, what you submitted last keeps counting until you submit again.")));
    }
    form_page_end(turn, 200);
}

void form_receipt(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN, receipt_ready);
}

static void reopen_ready(struct form_turn *turn)
{
    decide(turn, SURVEY_REOPEN, 0, NULL, decided_start);
}

void form_reopen(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_OWNER, reopen_ready);
}

static void withdraw_ready(struct form_turn *turn)
{
    enum instrument_language l = turn->language;
    if (turn->exchange->method == WEB_POST) {
        decide(turn, SURVEY_WITHDRAW, 0, NULL, decided_start);
        return;
    }
    form_page_begin(turn, tr(l, N_("Withdraw and delete your answers?")), NULL);
    html_put(turn->html, "<p class=\"ds-paragraph\">%s</p>",
             tr(l, N_("Everything you have answered here is deleted, drafts included, and counts in no result made from now "
                      "on. This cannot be undone.")));
    form_post_begin(turn, "withdraw", "/-/withdraw");
    html_raw(turn->html, "<div class=\"buttons\"><button class=\"ds-button\" data-variant=\"primary\" data-color=\"danger\" "
                         "type=\"submit\" name=\"go\" value=\"withdraw\">");
    html_put(turn->html, "%s</button>", tr(l, N_("Withdraw and delete")));
    form_link_button(turn->html, "secondary", form_path(turn, ""), tr(l, N_("Keep my answers")));
    html_raw(turn->html, "</div></form>");
    form_page_end(turn, 200);
}

void form_withdraw(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OWNER, withdraw_ready); /* while the wave is paused as well; the store judges */
}

static void left_ready(struct form_turn *turn)
{
    char when[FORM_TIME_SIZE];
    enum instrument_language l = turn->language;
    form_text_time(l, turn->wave->fetched->wave->closes_at, when);
    form_page_begin(turn, tr(l, N_("Your answers are saved")), NULL);
    html_put(
        turn->html, "<p class=\"ds-paragraph\">%s</p>",
        form_printf(
            turn,
            tr(l,
               N_("They are not submitted yet. Open the link in your letter to go on, on this or another device, before %s.")),
            when));
    html_raw(turn->html, "<div class=\"buttons\">");
    form_link_button(turn->html, "secondary", form_path(turn, ""), tr(l, N_("Go on now")));
    html_raw(turn->html, "</div>");
    form_page_end(turn, 200);
}

void form_left(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN, left_ready);
}

/* ------------------------------------------------------------------------------------------------------ signing */

static void sign_ready(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    if (turn->visit.kind != SURVEY_LINK_SIGNER) {
        form_store_failed(turn, STATUS_FORBIDDEN);
        return;
    }
    if (turn->exchange->method == WEB_POST) {
        bool agrees = strcmp(turn->go, "sign") == 0;
        if (turn->visit.state != SURVEY_AWAITS_SIGNER || (!agrees && strcmp(turn->go, "return") != 0))
            form_redirect(turn, "/-/sign");
        else
            decide(turn, agrees ? SURVEY_SIGN : SURVEY_RETURN, 0, NULL, decided_start);
        return;
    }
    form_page_begin(turn,
                    turn->visit.state == SURVEY_AWAITS_SIGNER ? tr(l, N_("Approve the answers"))
                    : turn->visit.state == SURVEY_SUBMITTED   ? tr(l, N_("The answers are approved"))
                                                              : tr(l, N_("Nothing to approve yet")),
                    NULL);
    if (turn->visit.state == SURVEY_AWAITS_SIGNER) {
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 form_printf(turn, tr(l, N_("This is what %s answers. Approve it, or send it back to be changed.")),
                             form_own_name(turn)));
        form_answers_listed(turn, false);
        form_post_begin(turn, "sign", "/-/sign");
        html_raw(html, "<div class=\"buttons\">");
        form_button(html, "primary", "sign", tr(l, N_("Approve")));
        form_button(html, "secondary", "return", tr(l, N_("Send back to be changed")));
        html_raw(html, "</div></form>");
    } else {
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 turn->visit.state == SURVEY_SUBMITTED ? tr(l, N_("Thank you. The answers count from now on."))
                                                       : tr(l, N_("Your colleagues are still answering. Come back with the "
                                                                  "same link when they tell you that it is ready.")));
    }
    form_page_end(turn, 200);
}

void form_sign(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN, sign_ready);
}
