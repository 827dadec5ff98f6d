/* SPDX-License-Identifier: GPL-3.0-or-later
 * Method, path, handler and largest body of every page; earlier rows win.
 */
#include "routes.h"

#include "api/api.h"
#include "api/api_openapi.h"
#include "form/form.h"
#include "form/form_body.h"
#include "web/web_assets.h"

#define BUTTON_MAX 4096 /* forms that are a button and a token */
#define SHARE_MAX  65536

const struct web_route routes[] = {
    {WEB_GET, "/static/{name}", web_asset_answer, 0},
    {WEB_GET, "/s/{secret}", form_link, 0},
    {WEB_GET, "/w/{wave}", form_welcome, 0},
    {WEB_GET, "/w/{wave}/-/review", form_review, 0},
    {WEB_POST, "/w/{wave}/-/submit", form_submit, BUTTON_MAX},
    {WEB_GET, "/w/{wave}/-/receipt", form_receipt, 0},
    {WEB_POST, "/w/{wave}/-/reopen", form_reopen, BUTTON_MAX},
    {WEB_GET | WEB_POST, "/w/{wave}/-/withdraw", form_withdraw, BUTTON_MAX},
    {WEB_GET, "/w/{wave}/-/left", form_left, 0},
    {WEB_GET | WEB_POST, "/w/{wave}/-/delegate", form_delegate, SHARE_MAX},
    {WEB_GET | WEB_POST, "/w/{wave}/-/sign", form_sign, BUTTON_MAX},
    {WEB_GET, "/w/{wave}/-/names", form_names, 0},
    {WEB_GET | WEB_POST, "/w/{wave}/{section}", form_section, FORM_BODY_MAX},
    {WEB_GET, "/v1/status", api_message, 0},
    {WEB_GET, "/v1/openapi.json", api_openapi, 0},
    {WEB_GET, "/v1/session", api_session, 0},
    {WEB_GET, "/v1/actors", api_message, 0},
    {WEB_GET, "/v1/cases", api_message, 0},
    {WEB_GET, "/v1/needs", api_message, 0},
    {WEB_GET, "/v1/reorganisations", api_message, 0},
    {WEB_GET, "/v1/layers", api_message, 0},
    {WEB_GET, "/v1/surveys", api_message, 0},
    {WEB_GET, "/v1/interactions", api_interactions, 0},
    {WEB_GET, "/v1/reports", api_message, 0},
    {WEB_GET, "/v1/schedules", api_message, 0},
    {WEB_GET, "/v1/schedules/history", api_message, 0},
    {WEB_GET, "/v1/results", api_message, 0},
    {WEB_GET, "/v1/results/{family}", api_family, 0},
    {WEB_GET, "/v1/results/id/{id}", api_result, 0},
    {WEB_GET | WEB_DELETE, "/v1/jobs/{id}", api_message, 0},
    {WEB_GET, "/v1/jobs/{id}/events", api_job_events, 0},
    {WEB_GET | WEB_POST, "/explore/login", api_login, BUTTON_MAX},
    {WEB_POST, "/explore/logout", api_logout, BUTTON_MAX},
    {WEB_GET, "/explore", web_explore_answer, 0},
    {WEB_GET, "/explore/", web_explore_answer, 0},
    {WEB_GET, "/explore/{view}", web_explore_answer, 0},
    {WEB_GET, "/", api_root, 0},
};
const size_t route_count = sizeof routes / sizeof routes[0];
