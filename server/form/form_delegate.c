/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sharing one answer: the owner makes a link for a colleague, for some of the pages, or for the organisation's signer, sees
 * whom links were made for, and takes them back.
 */
#include "form/form_internal.h"

#include "clock.h"

#include <stdlib.h>
#include <string.h>

#define DELEGATE_DEADLINE_US INT64_C(15000000)
#define ADDRESS_MAX          254
#define NUMBER_DIGITS_MAX    10

static bool is_ticked(const struct form_turn *turn, const char *section)
{
    for (size_t i = 0; i < turn->body.count; i++)
        if (strcmp(turn->body.fields[i].name, "section") == 0 && strcmp(turn->body.fields[i].value, section) == 0)
            return true;
    return false;
}

/* What was typed, where it was wrong; else "". */
static const char *typed_address(const struct form_turn *turn, enum survey_link_kind kind)
{
    const char *address = turn->notice_is_error && turn->delegate.kind == kind ? form_body_value(&turn->body, "address") : NULL;
    return address != NULL ? address : "";
}

static void address_field(struct form_turn *turn, const char *id, enum survey_link_kind kind)
{
    const char *typed = typed_address(turn, kind);
    html_put(turn->html,
             "<div class=\"ds-field\"><label class=\"ds-label\" for=\"%s\">%s</label><div class=\"help\" "
             "data-field=\"description\" id=\"h-%s\">%s</div>"
             "<input class=\"ds-input\" type=\"email\" id=\"%s\" name=\"address\" maxlength=\"254\" autocomplete=\"off\" "
             "value=\"%s\" aria-invalid=\"%s\" aria-describedby=\"h-%s\"></div>",
             id, tr(turn->language, N_("E-mail address (optional)")), id,
             tr(turn->language, N_("We send the link there. Leave it empty to pass the link on yourself.")), id, typed,
             *typed != '\0' ? "true" : "false", id);
}

static void share_forms(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    html_put(html, "<p class=\"ds-paragraph\">%s</p>",
             tr(l, N_("A colleague gets a link of their own to the same answers. Whoever has a link can read and change the "
                      "pages it is for; only you can submit and "
                      "withdraw.")));
    html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("A link for a colleague")));
    form_post_begin(turn, "colleague", "/-/delegate");
    html_put(html, "<fieldset class=\"ds-fieldset\"><legend class=\"ds-label\">%s</legend><div class=\"list\">",
             tr(l, N_("Which pages? None ticked means all.")));
    for (const Samordning__V1__Section *s = form_section_after(turn, NULL); s != NULL; s = form_section_after(turn, s)) {
        html_put(html,
                 "<div class=\"ds-field\"><input class=\"ds-input\" type=\"checkbox\" name=\"section\" value=\"%s\" "
                 "id=\"s-%s\"%s><label class=\"ds-label\" "
                 "data-weight=\"regular\" for=\"s-%s\">",
                 s->id, s->id, is_ticked(turn, s->id) ? " checked" : "", s->id);
        form_put_text(turn, s->title, NULL, NULL);
        html_raw(html, "</label></div>");
    }
    html_raw(html, "</div></fieldset>");
    address_field(turn, "colleague-address", SURVEY_LINK_CONTRIBUTOR);
    html_raw(html, "<div class=\"buttons\">");
    form_button(html, "secondary", "contributor", tr(l, N_("Make a link")));
    html_raw(html, "</div></form>");
    if (turn->wave->fetched->wave->sign_off) {
        html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("A link for the signer")));
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 tr(l, N_("The signer reads the answers and approves them or sends them back, and cannot change them.")));
        form_post_begin(turn, "signer", "/-/delegate");
        address_field(turn, "signer-address", SURVEY_LINK_SIGNER);
        html_raw(html, "<div class=\"buttons\">");
        form_button(html, "secondary", "signer", tr(l, N_("Make a link")));
        html_raw(html, "</div></form>");
    }
}

/* ------------------------------------------------------------------------------------------------ whom it was shared with */

static const char *section_title(struct form_turn *turn, const char *id)
{
    for (size_t i = 0; i < turn->instrument->n_sections; i++)
        if (strcmp(turn->instrument->sections[i]->id, id) == 0)
            return form_item_text(turn, turn->instrument->sections[i]->title, NULL, NULL);
    return id;
}

static const char *letter_words(const struct form_turn *turn, const struct store_survey_passed *passed)
{
    if (passed->letter[0] == '\0')
        return "";
    return strcmp(passed->letter, "sent") == 0     ? tr(turn->language, N_("The letter has been sent."))
           : strcmp(passed->letter, "failed") == 0 ? tr(turn->language, N_("The letter could not be delivered."))
                                                   : tr(turn->language, N_("The letter is on its way."));
}

static void passed_facts(struct form_turn *turn, const struct store_survey_passed *passed)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    char when[FORM_TIME_SIZE];
    form_text_time(l, passed->made_us, when);
    html_put(html, "<ul class=\"ds-list facts\"><li>%s</li>", form_printf(turn, tr(l, N_("The link was made on %s.")), when));
    if (passed->kind == SURVEY_LINK_CONTRIBUTOR) {
        html_put(html, "<li>%s", tr(l, N_("Pages:")));
        if (passed->section_count == 0)
            html_put(html, " %s", tr(l, N_("all")));
        for (size_t i = 0; i < passed->section_count; i++)
            html_put(html, "%s %s", i > 0 ? "," : "", section_title(turn, passed->sections[i]));
        html_raw(html, "</li>");
    }
    const char *letter = passed->is_revoked ? "" : letter_words(turn, passed);
    if (*letter != '\0')
        html_put(html, "<li>%s</li>", letter);
    html_raw(html, "</ul>");
}

static void passed_card(struct form_turn *turn, const struct store_survey_passed *passed)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    char id[16], number[16];
    snprintf(number, sizeof number, "%u", (unsigned)passed->number);
    snprintf(id, sizeof id, "passed-%u", (unsigned)passed->number);
    html_put(html, "<li class=\"actor\"><h3 class=\"ds-heading\" data-size=\"xs\" id=\"%s\">%s: %s ", id,
             passed->kind == SURVEY_LINK_SIGNER ? tr(l, N_("Signer")) : tr(l, N_("Colleague")),
             passed->address[0] != '\0' ? passed->address : form_printf(turn, tr(l, N_("link %s, passed on by hand")), number));
    html_put(html, "<span class=\"state\">(%s)</span></h3>",
             passed->is_revoked ? tr(l, N_("taken back")) : tr(l, N_("can be used")));
    passed_facts(turn, passed);
    if (!passed->is_revoked) {
        form_post_begin(turn, form_printf(turn, "take-%s", number), "/-/delegate");
        form_hidden(html, "kind", passed->kind == SURVEY_LINK_SIGNER ? "signer" : "contributor");
        form_hidden(html, "number", number);
        html_put(html,
                 "<p><button class=\"ds-button\" data-variant=\"secondary\" type=\"submit\" name=\"go\" value=\"take\" "
                 "aria-describedby=\"%s\">%s</button></p></form>",
                 id, tr(l, N_("Take the link back")));
    }
    html_raw(html, "</li>");
}

static void passed_list(struct form_turn *turn)
{
    enum instrument_language l = turn->language;
    if (turn->passed_on.count == 0)
        return;
    html_put(turn->html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("Links you have made")));
    html_put(turn->html, "<p class=\"ds-paragraph\">%s</p><ul class=\"actors passed\">",
             tr(l, N_("A link that is taken back opens nothing any more. What was written with it stays in the answers.")));
    for (size_t i = 0; i < turn->passed_on.count; i++)
        passed_card(turn, &turn->passed_on.passed[i]);
    html_raw(turn->html, "</ul>");
}

static void passed_on_read(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status != STATUS_OK) {
        form_store_failed(turn, call->status);
        return;
    }
    form_page_begin(turn, tr(turn->language, N_("Share with colleagues")), NULL);
    share_forms(turn);
    passed_list(turn);
    html_put(turn->html, "<p><a class=\"ds-link\" href=\"%s\">%s</a></p>", form_path(turn, ""),
             tr(turn->language, N_("Back to the start")));
    form_page_end(turn, turn->notice_is_error ? 422 : 200);
}

static struct store_call call_for(struct form_turn *turn, void (*done)(struct store_call *call))
{
    return (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + DELEGATE_DEADLINE_US, .done = done, .owner = turn};
}

static void share_page(struct form_turn *turn)
{
    turn->passed_on =
        (struct store_survey_passed_on){.call = call_for(turn, passed_on_read), .link_hash = turn->session.link_hash};
    store_survey_passed_on(turn->form->store, &turn->passed_on);
}

static void taken_back(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status == STATUS_OK || call->status == STATUS_NOT_FOUND)
        form_redirect(turn, "/-/delegate"); /* where it says what is */
    else
        form_store_failed(turn, call->status);
}

static void take_back(struct form_turn *turn)
{
    const char *kind = form_body_value(&turn->body, "kind"), *number = form_body_value(&turn->body, "number");
    turn->revoke = (struct store_survey_revoke){
        .call = call_for(turn, taken_back),
        .link_hash = turn->session.link_hash,
        .kind = kind != NULL && strcmp(kind, "signer") == 0 ? SURVEY_LINK_SIGNER : SURVEY_LINK_CONTRIBUTOR,
        .number = number != NULL && strspn(number, "0123456789") == strlen(number) && strlen(number) < NUMBER_DIGITS_MAX
                      ? (uint32_t)strtoul(number, NULL, 10)
                      : 0}; /* the owner's own number, which is no such link */
    store_survey_revoke(turn->form->store, &turn->revoke);
}

/* ------------------------------------------------------------------------------------------------------------ making one */

static void shared_page(struct form_turn *turn)
{
    struct html *html = turn->html;
    enum instrument_language l = turn->language;
    const char *base = turn->form->config->web_url;
    size_t length = strlen(base);
    const char *host = web_header_in(turn->exchange, "Host");
    const char *link = length > 0
                           ? form_printf(turn, base[length - 1] == '/' ? "%ss/%s" : "%s/s/%s", base, turn->delegate.ret_secret)
                           : form_printf(turn, "https://%s/s/%s", host != NULL ? host : "", turn->delegate.ret_secret);
    form_page_begin(turn, tr(l, N_("The link is made")), NULL);
    if (turn->delegate.address[0] != '\0')
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 form_printf(turn, tr(l, N_("It is on its way to %s.")), turn->delegate.address));
    html_put(html,
             "<div class=\"ds-field\"><label class=\"ds-label\" for=\"link\">%s</label><input class=\"ds-input copy\" "
             "type=\"text\" id=\"link\" readonly value=\"%s\"></div>",
             tr(l, N_("Pass it on only to the person it is meant for. It is not shown again.")), link);
    html_raw(html, "<div class=\"buttons\">");
    form_link_button(html, "secondary", form_path(turn, "/-/delegate"), tr(l, N_("Make another link")));
    form_link_button(html, "tertiary", form_path(turn, ""), tr(l, N_("Back to the start")));
    html_raw(html, "</div>");
    form_page_end(turn, 200);
}

static void delegated(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status == STATUS_INVALID) {
        turn->notice = strcmp(call->errmsg.field, "address") == 0
                           ? tr(turn->language, N_("No link was made: this is not an e-mail address."))
                           : tr(turn->language, N_("No link was made: there are as many as one answer can have."));
        turn->notice_is_error = true;
        share_page(turn);
    } else if (call->status != STATUS_OK) {
        form_store_failed(turn, call->status);
    } else {
        shared_page(turn);
    }
}

static void delegate_ready(struct form_turn *turn)
{
    if (turn->exchange->method != WEB_POST) {
        share_page(turn);
        return;
    }
    if (strcmp(turn->go, "take") == 0) {
        take_back(turn);
        return;
    }
    bool is_signer = strcmp(turn->go, "signer") == 0;
    const char *address = form_body_value(&turn->body, "address");
    struct store_survey_delegate *delegate = &turn->delegate;
    *delegate = (struct store_survey_delegate){.call = call_for(turn, delegated),
                                               .link_hash = turn->session.link_hash,
                                               .kind = is_signer ? SURVEY_LINK_SIGNER : SURVEY_LINK_CONTRIBUTOR,
                                               .address = address != NULL ? address : ""};
    delegate->sections = arena_alloc(turn->arena, turn->instrument->n_sections * sizeof *delegate->sections + 1);
    if (delegate->sections == NULL) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < turn->instrument->n_sections && !is_signer; i++)
        if (is_ticked(turn, turn->instrument->sections[i]->id))
            delegate->sections[delegate->section_count++] = turn->instrument->sections[i]->id;
    if (strlen(delegate->address) > ADDRESS_MAX) {
        errmsg_set(&delegate->call.errmsg, "address", "too long");
        delegate->call.status = STATUS_INVALID;
        delegated(&delegate->call);
        return;
    }
    store_survey_delegate(turn->form->store, delegate);
}

void form_delegate(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_OWNER, delegate_ready);
}
