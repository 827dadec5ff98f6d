/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning token: what programs and people show at the HTTP API. */
#include "grid.h"
#include "roles.h"
#include "say.h"
#include "session.h"
#include "vocabulary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_MAX 1100

static bool read_request(const struct arguments *arguments, Samordning__V1__TokenRequest *token,
                         Samordning__V1__AccessRole roles[ROLES_MAX])
{
    uint64_t days = 0;
    token->orgnr = (char *)(uintptr_t)arguments_text(arguments, "orgnr", "");
    token->name = (char *)(uintptr_t)arguments_text(arguments, "name", "");
    if (strcmp(arguments->action, "add") == 0) {
        token->action = SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD;
        token->roles = roles;
        if (!token->name[0]) {
            say_error(_("token add needs --name TEXT: what the token is for"));
            return false;
        }
        if (!arguments_number(arguments, "days", 0, 1, DAYS_MAX, &days) ||
            !roles_read(arguments, SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER, roles, &token->n_roles))
            return false;
        token->days = (uint32_t)days;
    } else if (strcmp(arguments->action, "revoke") == 0) {
        char *end = NULL;
        token->action = SAMORDNING__V1__TOKEN_ACTION__TOKEN_REVOKE;
        token->id = arguments->operand_count == 1 ? strtoull(arguments->operands[0], &end, 10) : 0;
        if (token->id == 0 || *end) {
            say_error(_("token revoke needs the NUMBER of a token, as token list shows it"));
            return false;
        }
    }
    return true;
}

static void list_tokens(const Samordning__V1__TokenResponse *response, struct grid *grid)
{
    static const char *const columns[] = {"token", "name",       "orgnr",      "organisation",
                                          "roles", "created_at", "expires_at", "revoked_at"};
    grid_table(grid, "tokens");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        grid_column(grid, columns[i], i > 0);
    for (size_t i = 0; i < response->n_tokens; i++) {
        const Samordning__V1__TokenRecord *token = response->tokens[i];
        char roles[80] = "";
        for (size_t k = 0; k < token->n_roles; k++) {
            const struct vocabulary_term *term = vocabulary_by_code(VOCABULARY_ACCESS_ROLE, (int)token->roles[k]);
            size_t used = strlen(roles);
            snprintf(roles + used, sizeof roles - used, "%s%s", k > 0 ? "," : "", term ? term->name : "?");
        }
        const char *const texts[] = {token->name,       token->orgnr,      token->organisation, roles,
                                     token->created_at, token->expires_at, token->revoked_at};
        grid_number(grid, 0, (double)token->id);
        for (size_t c = 0; c < sizeof texts / sizeof texts[0]; c++)
            grid_text(grid, c + 1, texts[c]);
    }
}

static int token_call(struct session *session, const struct arguments *arguments, struct grid *grid)
{
    Samordning__V1__AccessRole roles[ROLES_MAX];
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__TokenRequest token = SAMORDNING__V1__TOKEN_REQUEST__INIT;
    if (!read_request(arguments, &token, roles))
        return EXIT_CODE_USAGE;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_TOKEN;
    request.token = &token;
    const Samordning__V1__Response *response;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_TOKEN, &response);
    if (code != EXIT_CODE_OK)
        return code;
    bool adds = token.action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD;
    if (adds && !response->token->secret[0]) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    if (adds) /* the only thing on standard output, for $(...) */
        printf("%s\n", response->token->secret);
    if (adds && response->token->n_tokens == 1)
        say_hint(_("token %" PRIu64 ", good until %s. It is shown this once."), response->token->tokens[0]->id,
                 response->token->tokens[0]->expires_at);
    if (!adds)
        list_tokens(response->token, grid);
    return EXIT_CODE_OK;
}

static int token_run(const struct arguments *arguments)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct grid grid;
    grid_init(&grid);
    int code = token_call(&session, arguments, &grid);
    if (code == EXIT_CODE_OK && strcmp(arguments->action, "add") != 0)
        code = grid_show(&grid, arguments, code);
    else
        grid_release(&grid);
    session_close(&session);
    return code;
}

static const struct option_row token_options[] = {
    {"name", 0, N_("TEXT"), N_("add: what the token is for (required)"), NULL},
    {"orgnr", 0, N_("NUMBER"), N_("add: the organisation it speaks for (default: your own); list: only its tokens"), NULL},
    {"role", 0, N_("ROLES"), N_("add: submitter, researcher (default), operator; comma separated"),
     "submitter researcher operator"},
    {"days", 0, N_("N"), N_("add: how many days it is good for (default 365)"), NULL},
    {NULL},
};

extern const struct command command_token;
const struct command command_token = {
    .name = "token",
    .summary = N_("tokens of the HTTP API (operators)"),
    .actions = "add list revoke",
    .operands = N_("[NUMBER]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("A program shows a token to the HTTP API in the header Authorization: Bearer TOKEN, and a person logs in to "
                "the "
                "pages with one. Whoever has it can do what its roles allow, which are never more than its organisation has. "
                "add makes one and prints it; only a hash of it is stored, so it cannot be shown again. revoke ends one at "
                "once, "
                "also for what is being downloaded with it.")},
            {N_("EXAMPLES"), N_("    samordning token add --name \"monthly figures\" --role researcher --days 90\n"
                                "    samordning token list\n"
                                "    samordning token revoke 3\n")},
            {NULL}},
    .tables = {token_options, option_output, option_sorting, option_connection, option_common},
    .run = token_run,
};
