/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sharing one answer: the owner makes a link for a colleague, for some of the pages, or for the organisation's signer.
 */
#include "form/form_internal.h"

#include "clock.h"

#include <string.h>

#define DELEGATE_DEADLINE_US INT64_C(15000000)
#define ADDRESS_MAX          254

static bool is_ticked(const struct form_turn *turn, const char *section)
{
    for (size_t i = 0; i < turn->body.count; i++)
        if (strcmp(turn->body.fields[i].name, "section") == 0 && strcmp(turn->body.fields[i].value, section) == 0)
            return true;
    return false;
}

static void address_field(struct form_turn *turn, const char *id)
{
    html_put(turn->html,
             "<div class=\"ds-field\"><label class=\"ds-label\" for=\"%s\">%s</label><div class=\"help\" "
             "data-field=\"description\" id=\"h-%s\">%s</div>"
             "<input class=\"ds-input\" type=\"email\" id=\"%s\" name=\"address\" maxlength=\"254\" autocomplete=\"off\" "
             "aria-describedby=\"h-%s\"></div>",
             id, tr(turn->language, N_("E-mail address (optional)")), id,
             tr(turn->language, N_("We send the link there. Leave it empty to pass the link on yourself.")), id, id);
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
    for (const Samordning__V1__Section *s = form_section_after(turn, NULL); s != NULL; s = form_section_after(turn, s))
        html_put(html,
                 "<div class=\"ds-field\"><input class=\"ds-input\" type=\"checkbox\" name=\"section\" value=\"%s\" "
                 "id=\"s-%s\"><label class=\"ds-label\" "
                 "data-weight=\"regular\" for=\"s-%s\">%s</label></div>",
                 s->id, s->id, s->id, form_item_text(turn, s->title, NULL, NULL));
    html_raw(html, "</div></fieldset>");
    address_field(turn, "colleague-address");
    html_raw(html, "<div class=\"buttons\">");
    form_button(html, "secondary", "contributor", tr(l, N_("Make a link")));
    html_raw(html, "</div></form>");
    if (turn->wave->fetched->wave->sign_off) {
        html_put(html, "<h2 class=\"ds-heading\" data-size=\"sm\">%s</h2>", tr(l, N_("A link for the signer")));
        html_put(html, "<p class=\"ds-paragraph\">%s</p>",
                 tr(l, N_("The signer reads the answers and approves them or sends them back, and cannot change them.")));
        form_post_begin(turn, "signer", "/-/delegate");
        address_field(turn, "signer-address");
        html_raw(html, "<div class=\"buttons\">");
        form_button(html, "secondary", "signer", tr(l, N_("Make a link")));
        html_raw(html, "</div></form>");
    }
    html_put(html, "<p><a class=\"ds-link\" href=\"%s\">%s</a></p>", form_path(turn, ""), tr(l, N_("Back to the start")));
}

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
    if (call->status != STATUS_OK)
        form_store_failed(turn, call->status);
    else
        shared_page(turn);
}

static void delegate_ready(struct form_turn *turn)
{
    if (turn->exchange->method != WEB_POST) {
        form_page_begin(turn, tr(turn->language, N_("Share with colleagues")), NULL);
        share_forms(turn);
        form_page_end(turn, 200);
        return;
    }
    bool is_signer = strcmp(turn->go, "signer") == 0;
    const char *address = form_body_value(&turn->body, "address");
    struct store_survey_delegate *delegate = &turn->delegate;
    *delegate = (struct store_survey_delegate){.link_hash = turn->session.link_hash,
                                               .kind = is_signer ? SURVEY_LINK_SIGNER : SURVEY_LINK_CONTRIBUTOR,
                                               .address = address != NULL && strlen(address) <= ADDRESS_MAX ? address : ""};
    delegate->sections = arena_alloc(turn->arena, turn->instrument->n_sections * sizeof *delegate->sections + 1);
    if (delegate->sections == NULL) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < turn->instrument->n_sections && !is_signer; i++)
        if (is_ticked(turn, turn->instrument->sections[i]->id))
            delegate->sections[delegate->section_count++] = turn->instrument->sections[i]->id;
    delegate->call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + DELEGATE_DEADLINE_US, .done = delegated, .owner = turn};
    store_survey_delegate(turn->form->store, delegate);
}

void form_delegate(struct web_exchange *exchange)
{
    form_turn_begin(exchange, FORM_NEEDS_OPEN | FORM_NEEDS_OWNER, delegate_ready);
}
