/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every request of a respondent goes through: cookie, token, wave, person, and whether the wave takes answers.
 */
#include "form/form_internal.h"

#include "clock.h"
#include "survey_link.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOKIE            "__Secure-samordning"
#define STORE_DEADLINE_US INT64_C(10000000)
#define UNKNOWN_LINK_COST 10 /* requests that a wrong link counts for */
#define HEADER_SIZE       (WEB_COOKIE_MAX + 160)

enum status form_create(const struct config *config, struct form **ret_form, struct errmsg *ret_errmsg)
{
    struct form *form = calloc(1, sizeof *form);
    if (form == NULL)
        return STATUS_NO_MEMORY;
    form->config = config;
    enum status status = web_key_load(config->state_dir, form->key, ret_errmsg);
    if (status == STATUS_OK && !form_text_open()) {
        errmsg_set(ret_errmsg, "", "the form's translations are damaged");
        status = STATUS_INTERNAL;
    }
    if (status != STATUS_OK) {
        free(form);
        return status;
    }
    *ret_form = form;
    return STATUS_OK;
}

void form_set_store(struct form *form, struct store *store)
{
    if (form != NULL)
        form->store = store;
}

void form_destroy(struct form *form)
{
    free(form);
}

const char *form_printf(struct form_turn *turn, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size >= 0 ? arena_alloc(turn->arena, (size_t)size + 1) : NULL;
    if (text != NULL)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text != NULL ? text : "";
}

const char *form_path(struct form_turn *turn, const char *below)
{
    return form_printf(turn, "/w/%s%s", turn->session.wave, below);
}

void form_redirect(struct form_turn *turn, const char *format, ...)
{
    char below[256], location[sizeof below + FORM_WAVE_SIZE + 8];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(below, sizeof below, format, arguments);
    va_end(arguments);
    snprintf(location, sizeof location, "/w/%s%s", turn->session.wave, below);
    struct form *form = turn->form;
    struct survey_wave *wave = turn->wave;
    web_answer_redirect(turn->exchange, location);
    store_survey_release(form->store, wave);
}

struct form_turn *form_turn_stranger(struct web_exchange *exchange)
{
    struct form_turn *turn = arena_alloc(&exchange->arena, sizeof *turn);
    if (turn == NULL) {
        web_answer_nothing(exchange, 503);
        return NULL;
    }
    memset(turn, 0, sizeof *turn);
    turn->exchange = exchange;
    turn->form = exchange->form;
    turn->html = &exchange->html;
    turn->arena = &exchange->arena;
    turn->language = form_text_browser(web_header_in(exchange, "Accept-Language"));
    return turn;
}

static void set_cookie(struct form_turn *turn)
{
    char cookie[WEB_COOKIE_MAX], header[HEADER_SIZE];
    form_seal(turn->form->key, &turn->session, cookie);
    /* Lax, not Strict: a person comes here by a link in a letter, often read in a browser, and with Strict the first
     * page after the link would not get the cookie. Requests that change something are POSTs with a token of their own. */
    snprintf(header, sizeof header, COOKIE "=%s; Path=/w/%s; HttpOnly; Secure; SameSite=Lax", cookie, turn->session.wave);
    web_header_out(turn->exchange, "Set-Cookie", header);
}

void form_renew_cookie(struct form_turn *turn)
{
    turn->session.web.issued_s = clock_wall_us() / 1000000;
    set_cookie(turn);
}

void form_store_failed(struct form_turn *turn, enum status status)
{
    if (status == STATUS_NOT_FOUND) {
        web_charge(turn->exchange, UNKNOWN_LINK_COST);
        form_say(
            turn, 404, tr(turn->language, N_("We do not know this link")),
            tr(turn->language, N_("Check that you have opened the whole address from your letter. If it was cut off, copy it "
                                  "into the address line of your browser.")),
            NULL);
    } else if (status == STATUS_GONE) {
        form_say(turn, 410, tr(turn->language, N_("This link is no longer valid")),
                 tr(turn->language, N_("The survey has ended, or the person who gave you this link has taken it back.")), NULL);
    } else if (status == STATUS_FORBIDDEN) {
        form_say(
            turn, 403, tr(turn->language, N_("This is not possible now")),
            tr(turn->language, N_("The answers may have been submitted, withdrawn or sent for approval in the meantime. Go "
                                  "back to the start of the survey.")),
            NULL);
    } else {
        web_header_out(turn->exchange, "Retry-After", "10");
        form_say(turn, 503, tr(turn->language, N_("The survey is not available right now")),
                 tr(turn->language, N_("Nothing you have saved is lost. Wait a little and load the page again.")), NULL);
    }
}

bool form_is_autosave(const struct form_turn *turn)
{
    return (turn->needs & FORM_TAKES_DRAFTS) && turn->exchange->method == WEB_POST && strcmp(turn->go, "autosave") == 0;
}

static bool wave_is_open(const struct survey_wave *wave)
{
    const Samordning__V1__Wave *w = wave->fetched->wave;
    int64_t now_us = clock_wall_us();
    return w->state == SAMORDNING__V1__WAVE_STATE__WAVE_OPEN && now_us >= w->opens_at && now_us < w->closes_at;
}

bool form_wave_is_over(const struct survey_wave *wave)
{
    const Samordning__V1__Wave *w = wave->fetched->wave;
    return w->state == SAMORDNING__V1__WAVE_STATE__WAVE_CLOSED ||
           (w->state == SAMORDNING__V1__WAVE_STATE__WAVE_OPEN && clock_wall_us() >= w->closes_at);
}

static void say_not_open(struct form_turn *turn)
{
    const Samordning__V1__Wave *wave = turn->wave->fetched->wave;
    char when[FORM_TIME_SIZE];
    if (form_wave_is_over(turn->wave)) {
        form_text_time(turn->language, wave->closes_at, when);
        form_say(turn, 410, tr(turn->language, N_("The survey is closed")),
                 form_printf(turn, tr(turn->language, N_("It closed on %s. Answers can no longer be given or changed.")), when),
                 turn->visit.state == SURVEY_SUBMITTED ? tr(turn->language, N_("Your submitted answers count. Thank you."))
                                                       : NULL);
    } else if (wave->state == SAMORDNING__V1__WAVE_STATE__WAVE_PAUSED) {
        form_say(turn, 200, tr(turn->language, N_("The survey is paused")),
                 tr(turn->language, N_("What you have saved is kept. Use the same link to go on when the survey opens again.")),
                 NULL);
    } else {
        form_text_time(turn->language, wave->opens_at, when);
        form_say(turn, 200, tr(turn->language, N_("The survey has not opened yet")),
                 form_printf(turn, tr(turn->language, N_("It opens on %s. Use the same link then.")), when), NULL);
    }
}

/* To the page itself, when nothing the visit found speaks against it. */
static void turn_go_on(struct form_turn *turn)
{
    unsigned needs = turn->needs;
    turn->context = (struct answers_context){.instrument = turn->instrument,
                                             .roster_count = turn->wave->fetched->n_roster,
                                             .roster = turn->wave->fetched->roster,
                                             .own = turn->visit.actor,
                                             .free_text = turn->wave->fetched->wave->free_text};
    if (!form_gather(turn, NULL, 0, NULL))
        return;
    bool is_owner = turn->visit.kind == SURVEY_LINK_OWNER;
    bool is_draft = turn->visit.state == SURVEY_NOT_STARTED || turn->visit.state == SURVEY_DRAFT;
    if ((needs & FORM_TAKES_DRAFTS) && turn->exchange->method == WEB_POST && turn->visit.kind != SURVEY_LINK_SIGNER)
        turn->page(turn);
    else if ((needs & FORM_NEEDS_OPEN) && !wave_is_open(turn->wave))
        say_not_open(turn);
    else if (((needs & FORM_NEEDS_OWNER) && !is_owner) ||
             ((needs & FORM_NEEDS_EDITABLE) && turn->visit.kind == SURVEY_LINK_SIGNER))
        form_store_failed(turn, STATUS_FORBIDDEN);
    else if ((needs & FORM_NEEDS_EDITABLE) && !is_draft)
        form_redirect(turn, "%s", "");
    else
        turn->page(turn);
}

static void turn_visited(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status != STATUS_OK)
        form_store_failed(turn, call->status);
    else
        turn_go_on(turn);
}

void form_turn_visit(struct form_turn *turn, const uint8_t link_hash[32], void (*done)(struct store_call *call))
{
    turn->visit.link_hash = link_hash;
    turn->visit.call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + STORE_DEADLINE_US, .done = done, .owner = turn};
    store_survey_visit(turn->form->store, &turn->visit);
}

static void wave_held(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status != STATUS_OK) {
        form_store_failed(turn, call->status);
        return;
    }
    turn->wave = turn->hold.wave;
    turn->instrument = turn->wave->fetched->instrument;
    if (form_is_autosave(turn) && turn->session.actor[0] != '\0') {
        /* The script's own saves, one a second and a half from everybody who types. A draft is checked against the
         * questionnaire alone, and saving looks at link, wave and state by itself: the visit would tell nothing but what is
         * answered with. */
        turn->visit.actor = turn->session.actor;
        turn_go_on(turn);
        return;
    }
    form_turn_visit(turn, turn->session.link_hash, turn_visited);
}

/* A browser that says where a request comes from is believed when it says: elsewhere. */
static bool comes_from_elsewhere(struct web_exchange *exchange)
{
    const char *site = web_header_in(exchange, "Sec-Fetch-Site");
    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

static bool turn_read_post(struct form_turn *turn)
{
    struct web_exchange *exchange = turn->exchange;
    enum status status = form_body_read(exchange->body, exchange->body_size, turn->arena, &turn->body);
    if (status == STATUS_TOO_LARGE) {
        form_say(turn, 413, tr(turn->language, N_("That was too much")),
                 tr(turn->language, N_("The page holds more than can be saved. Go back and shorten what you have written.")),
                 NULL);
        return false;
    }
    if (status != STATUS_OK) {
        form_store_failed(turn, status);
        return false;
    }
    const char *token = form_body_value(&turn->body, "token");
    if (token == NULL || !form_token_fits(turn->form->key, &turn->session, token) || comes_from_elsewhere(exchange)) {
        form_say(turn, 403, tr(turn->language, N_("This page is out of date")),
                 tr(turn->language,
                    N_("It was made for another visit, so nothing was changed. Go back, copy what you have written if it "
                       "is long, and load the page again.")),
                 NULL);
        return false;
    }
    const char *go = form_body_value(&turn->body, "go");
    turn->go = go != NULL ? go : "";
    return true;
}

/* ?lang=nn: the page in another language from now on. */
static void turn_take_language(struct form_turn *turn)
{
    const char *query = turn->exchange->query;
    turn->language = turn->session.language;
    if (strncmp(query, "lang=", 5) == 0 && strlen(query) == 7) {
        turn->language = turn->session.language = instrument_language_of(query + 5);
        form_renew_cookie(turn);
    } else if (clock_wall_us() / 1000000 - turn->session.web.issued_s > FORM_SESSION_RENEW_S) {
        form_renew_cookie(turn);
    }
}

void form_turn_begin(struct web_exchange *exchange, unsigned needs, void (*page)(struct form_turn *turn))
{
    struct form_turn *turn = form_turn_stranger(exchange);
    if (turn == NULL)
        return;
    const char *cookie = web_cookie_in(exchange, COOKIE);
    turn->needs = needs;
    turn->page = page;
    if (cookie == NULL || !form_unseal(turn->form->key, cookie, clock_wall_us() / 1000000, &turn->session) ||
        strcmp(turn->session.wave, exchange->parameters[0]) != 0) {
        form_say(turn, 403, tr(turn->language, N_("Open the survey with your link")),
                 tr(turn->language,
                    N_("This browser does not know who you are, or has forgotten it. Open the link in your letter again; "
                       "what you have saved is still there.")),
                 NULL);
        return;
    }
    turn->has_session = true;
    turn_take_language(turn);
    if (exchange->method == WEB_POST && !turn_read_post(turn))
        return;
    turn->hold.key = turn->session.wave;
    turn->hold.call = (struct store_call){
        .arena = turn->arena, .deadline_us = clock_monotonic_us() + STORE_DEADLINE_US, .done = wave_held, .owner = turn};
    store_survey_hold(turn->form->store, &turn->hold);
}

bool form_may_fill(const struct form_turn *turn, const Samordning__V1__Section *section)
{
    const struct store_survey_visit *visit = &turn->visit;
    if (visit->kind != SURVEY_LINK_CONTRIBUTOR || visit->section_count == 0)
        return true;
    for (size_t i = 0; i < visit->section_count; i++)
        if (strcmp(visit->sections[i], section->id) == 0)
            return true;
    return false;
}

static const Samordning__V1__Section *section_beside(const struct form_turn *turn, const Samordning__V1__Section *section,
                                                     int step)
{
    const Samordning__V1__Instrument *instrument = turn->instrument;
    size_t at = step > 0 ? 0 : instrument->n_sections;
    if (section != NULL) {
        for (at = 0; at < instrument->n_sections && instrument->sections[at] != section; at++)
            ;
        at += step > 0;
    }
    while (step > 0 ? at < instrument->n_sections : at > 0) {
        const Samordning__V1__Section *other = instrument->sections[step > 0 ? at : at - 1];
        if (form_may_fill(turn, other) && answers_view_shows_section(&turn->view, other))
            return other;
        at = step > 0 ? at + 1 : at - 1;
    }
    return NULL;
}

const Samordning__V1__Section *form_section_after(const struct form_turn *turn, const Samordning__V1__Section *section)
{
    return section_beside(turn, section, 1);
}

const Samordning__V1__Section *form_section_before(const struct form_turn *turn, const Samordning__V1__Section *section)
{
    return section_beside(turn, section, -1);
}

const struct store_survey_page *form_page_of(const struct form_turn *turn, const char *section)
{
    for (size_t i = 0; i < turn->visit.page_count; i++)
        if (strcmp(turn->visit.pages[i].section, section) == 0)
            return &turn->visit.pages[i];
    return NULL;
}

const Samordning__V1__Answer *form_find(const struct form_turn *turn, const char *item, const char *target)
{
    return answers_view_find(&turn->view, item, target);
}

bool form_shows(const struct form_turn *turn, const char *item, const char *target)
{
    const struct instrument_place *place = instrument_index_find(&turn->view.index, item);
    return place != NULL && answers_view_shows(&turn->view, place, target);
}

bool form_gather(struct form_turn *turn, const char *without_section, size_t count, Samordning__V1__Answer **more)
{
    size_t all = count, used = 0;
    for (size_t i = 0; i < turn->visit.page_count; i++)
        all += turn->visit.pages[i].answer_count;
    turn->answers = arena_alloc(turn->arena, all * sizeof(void *) + 1);
    if (turn->answers == NULL) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return false;
    }
    for (size_t i = 0; i < turn->visit.page_count; i++) {
        const struct store_survey_page *page = &turn->visit.pages[i];
        if (page->answer_count == 0 || (without_section != NULL && strcmp(page->section, without_section) == 0))
            continue;
        memcpy(turn->answers + used, page->answers, page->answer_count * sizeof(void *));
        used += page->answer_count;
    }
    if (count > 0)
        memcpy(turn->answers + used, more, count * sizeof(void *));
    turn->answer_count = used + count;
    if (!answers_view_build(&turn->view, &turn->context, turn->answer_count, turn->answers, turn->arena)) {
        form_store_failed(turn, STATUS_NO_MEMORY);
        return false;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- links */

static void link_visited(struct store_call *call)
{
    struct form_turn *turn = call->owner;
    if (call->status != STATUS_OK) {
        form_store_failed(turn, call->status);
        return;
    }
    enum instrument_language language =
        turn->visit.language != NULL ? instrument_language_of(turn->visit.language) : turn->language;
    form_session_begin(&turn->session, turn->visit.link_hash, turn->visit.wave, turn->visit.actor, language,
                       clock_wall_us() / 1000000);
    set_cookie(turn);
    form_redirect(turn, "%s", "");
}

void form_link(struct web_exchange *exchange)
{
    struct form_turn *turn = form_turn_stranger(exchange);
    const char *secret = exchange->parameters[0];
    if (turn == NULL)
        return;
    uint8_t *hash = arena_alloc(turn->arena, SURVEY_LINK_HASH_SIZE);
    if (hash == NULL || !survey_link_hash(secret, hash)) {
        form_store_failed(turn, hash == NULL ? STATUS_NO_MEMORY : STATUS_NOT_FOUND);
        return;
    }
    form_turn_visit(turn, hash, link_visited);
}

void form_root(struct web_exchange *exchange)
{
    struct form_turn *turn = form_turn_stranger(exchange);
    if (turn != NULL)
        form_say(turn, 200, tr(turn->language, N_("Surveys of coordination")),
                 tr(turn->language, N_("Open the personal link in the letter you have got to answer a survey.")), NULL);
}
