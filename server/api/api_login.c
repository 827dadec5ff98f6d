/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sessions of the pages: logging in with a token, who is logged in, and logging out. The page needs no scripts.
 */
#include "api/api_login.h"

#include "api/api_internal.h"
#include "clock.h"
#include "form/form_body.h"
#include "form/form_text.h"
#include "vocabulary.h"
#include "web/web_assets.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PAGES      "/explore/"
#define NEXT_MAX   2000
#define ATTRIBUTES "; Path=/; HttpOnly; Secure; SameSite=Strict"

/* Where to go after logging in: below our pages, nowhere else. */
static const char *next_of(const char *wanted)
{
    bool is_ours = wanted != NULL && strncmp(wanted, PAGES, sizeof PAGES - 1) == 0 && strlen(wanted) <= NEXT_MAX;
    for (const char *c = wanted; is_ours && *c != '\0'; c++)
        is_ours = *c > ' ' && *c < 0x7f && *c != '\\';
    return is_ours ? wanted : PAGES;
}

static void show_login(struct web_exchange *exchange, const char *next, bool is_wrong)
{
    enum instrument_language language = form_text_browser(web_header_in(exchange, "Accept-Language"));
    struct html *html = &exchange->html;
    const char *title = tr(language, N_("Log in to coordination between ministries"));
    html_put(
        html,
        "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s%s</title>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
        "<link rel=\"stylesheet\" href=\"%s\"><link rel=\"icon\" href=\"%s\" type=\"image/svg+xml\"></head>"
        "<body data-size=\"md\"><main id=\"main\" class=\"width\"><h1 class=\"ds-heading\" data-size=\"lg\">%s</h1>",
        form_text_code(language), is_wrong ? tr(language, N_("Error: ")) : "", title, web_asset_path(WEB_ASSET_STYLE),
        web_asset_path(WEB_ASSET_ICON), title);
    if (is_wrong)
        html_put(html, "<p id=\"wrong\" class=\"ds-alert\" data-color=\"danger\" role=\"alert\">%s</p>",
                 tr(language, N_("This token is not valid. It may have expired or been revoked, or part of it is missing.")));
    html_put(html, "<form method=\"post\" action=\"" PAGES "login\"><input type=\"hidden\" name=\"next\" value=\"%s\">", next);
    html_put(
        html,
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"token\">%s</label><p id=\"help\" "
        "data-field=\"description\">%s</p>"
        "<input class=\"ds-input\" id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" required "
        "aria-describedby=\"help%s\"%s></div>",
        tr(language, N_("Access token")),
        tr(language, N_("You get it from whoever runs this service. It begins with samordning_.")), is_wrong ? " wrong" : "",
        is_wrong ? " aria-invalid=\"true\"" : "");
    html_put(html, "<p><button class=\"ds-button\" type=\"submit\">%s</button></p></form></main></body></html>",
             tr(language, N_("Log in")));
    web_answer_page(exchange, is_wrong ? 403 : 200);
}

/* A form of another site must not log anybody in as somebody else. */
static bool is_from_elsewhere(const struct web_exchange *exchange)
{
    const char *site = web_header_in(exchange, "Sec-Fetch-Site");
    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

static void log_in(struct web_exchange *exchange, const struct form_body *body)
{
    struct api *api = exchange->api;
    const char *token = form_body_value(body, "token"), *next = next_of(form_body_value(body, "next"));
    struct api_sealed session;
    struct principal principal;
    char cookie[WEB_COOKIE_MAX], header[WEB_COOKIE_MAX + 120];
    bool is_right = token != NULL && !is_from_elsewhere(exchange) && token_secret_hash(token, session.token_hash);
    enum status status = is_right ? store_token_principal(api->store, session.token_hash, &principal) : STATUS_UNAUTHENTICATED;
    if (status != STATUS_OK) {
        web_charge(exchange, API_LOGIN_COST);
        show_login(exchange, next, true);
        return;
    }
    web_session_begin(&session.web, clock_wall_us() / 1000000);
    api_seal(api->key, &session, cookie);
    snprintf(header, sizeof header, API_COOKIE "=%s" ATTRIBUTES, cookie);
    web_header_out(exchange, "Set-Cookie", header);
    web_answer_redirect(exchange, next);
}

/* What was posted; NULL: answered. */
static struct form_body *posted(struct web_exchange *exchange)
{
    struct form_body *body = arena_alloc(&exchange->arena, sizeof *body);
    if (body != NULL && exchange->api->store != NULL &&
        form_body_read(exchange->body, exchange->body_size, &exchange->arena, body) == STATUS_OK)
        return body;
    web_answer_nothing(exchange, 503);
    return NULL;
}

void api_login(struct web_exchange *exchange)
{
    if (exchange->method == WEB_GET) {
        struct api_turn stranger = {.exchange = exchange};
        show_login(exchange, next_of(api_parameter(&stranger, "next")), false);
        return;
    }
    const struct form_body *body = posted(exchange);
    if (body != NULL)
        log_in(exchange, body);
}

void api_logout(struct web_exchange *exchange)
{
    const struct form_body *body = posted(exchange);
    if (body == NULL)
        return;
    struct api_turn turn = {0};
    const char *csrf = form_body_value(body, "csrf");
    bool is_known = api_identify(exchange->api, exchange, &turn) && turn.by_cookie;
    if (is_known && (csrf == NULL || !api_csrf_fits(exchange->api->key, &turn.session, csrf))) {
        web_answer_nothing(exchange, 403);
        return;
    }
    web_header_out(exchange, "Set-Cookie", API_COOKIE "=; Max-Age=0" ATTRIBUTES);
    web_header_out(exchange, "Clear-Site-Data", "\"cache\"");
    web_answer_redirect(exchange, PAGES "login");
}

void api_session(struct web_exchange *exchange)
{
    struct api_turn *turn = api_turn_begin(exchange);
    if (turn == NULL)
        return;
    json_t *roles = json_array(), *session = json_pack("{ss}", "organisation", turn->principal.orgnr);
    for (int role = SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER; role <= SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR; role++)
        if (turn->principal.roles & PRINCIPAL_ROLE(role))
            json_array_append_new(roles, json_string(vocabulary_by_code(VOCABULARY_ACCESS_ROLE, role)->name));
    json_object_set_new(session, "roles", roles);
    if (turn->by_cookie) {
        char csrf[API_CSRF_SIZE];
        api_csrf(turn->api->key, &turn->session, csrf);
        json_object_set_new(session, "csrf", json_string(csrf));
        json_object_set_new(session, "ends_at_s", json_integer(turn->session.web.issued_s + API_SESSION_S));
    }
    api_answer_json(turn, 200, session);
}
