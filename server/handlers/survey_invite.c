/* SPDX-License-Identifier: GPL-3.0-or-later
 * Survey invitations: seats first, then the links of those seats, whose secrets only this daemon can make.
 */
#include "handlers.h"
#include "request.h"
#include "store_survey.h"
#include "validate.h"

#include <stdio.h>
#include <string.h>

#define INVITE_TEXT_MAX 300
#define LINK_SIZE       64

struct invite_state {
    struct store_survey_invitation invitation;
    struct store_survey_linking linking;
};

static void invite_answer(struct request *request)
{
    struct invite_state *state = request->state;
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SURVEY_INVITE;
    response.survey_invite = (Samordning__V1__SurveyInviteResponse *)(void *)state->invitation.message.response;
    request_answer(request, &response);
}

static void links_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    if (call->status != STATUS_OK)
        request_fail_call(request, call);
    else
        invite_answer(request);
}

/* Hashes of the links of all seats there are, and the links themselves where they are asked for. */
static enum status make_links(struct request *request, struct invite_state *state)
{
    const Samordning__V1__SurveyInviteRequest *message = request->message->survey_invite;
    Samordning__V1__SurveyInviteResponse *answer =
        (Samordning__V1__SurveyInviteResponse *)(void *)state->invitation.message.response;
    struct store_survey_linking *linking = &state->linking;
    uint64_t *seats = arena_alloc(&request->arena, answer->n_receipts * sizeof seats[0] + 1);
    linking->hashes = arena_alloc(&request->arena, answer->n_receipts * sizeof linking->hashes[0] + 1);
    if (seats == NULL || linking->hashes == NULL)
        return STATUS_NO_MEMORY;
    linking->seats = seats;
    linking->letters = !message->links;
    for (size_t i = 0; i < answer->n_receipts; i++) {
        uint64_t seat = state->invitation.seats[i];
        char secret[44], *link = NULL;
        if (seat == 0)
            continue;
        enum status status = store_survey_secret(request_running_store(request), seat, SURVEY_LINK_OWNER, 0, secret,
                                                 linking->hashes[linking->count]);
        if (status != STATUS_OK)
            return status;
        seats[linking->count++] = seat;
        if (!message->links)
            continue;
        link = arena_alloc(&request->arena, LINK_SIZE);
        if (link == NULL)
            return STATUS_NO_MEMORY;
        snprintf(link, LINK_SIZE, "/s/%s", secret);
        answer->receipts[i]->link = link;
    }
    return STATUS_OK;
}

static void seats_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct invite_state *state = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    enum status status = make_links(request, state);
    if (status != STATUS_OK) {
        struct errmsg errmsg = {0};
        errmsg_set(&errmsg, "", status == STATUS_NO_MEMORY ? "out of memory" : "this daemon has no key to make links with");
        request_fail(request, status, &errmsg, 0);
        return;
    }
    if (state->linking.count == 0) {
        invite_answer(request);
        return;
    }
    struct store *store = request_store(request, &state->linking.call, links_stored);
    if (store != NULL)
        store_survey_linked(store, &state->linking);
}

void survey_invite_handle(struct request *request)
{
    const Samordning__V1__SurveyInviteRequest *message = request->message->survey_invite;
    struct invite_state *state = arena_alloc(&request->arena, sizeof *state);
    struct errmsg errmsg = {0};
    enum status status = state == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, INVITE_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && message->n_invitees > request_config(request)->max_batch) {
        errmsg_set(&errmsg, "invitees", "%zu in one request, at most %u are taken", message->n_invitees,
                   (unsigned)request_config(request)->max_batch);
        status = STATUS_TOO_LARGE;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *state = (struct invite_state){.invitation.message.request = &message->base};
    request->state = state;
    struct store *store = request_store(request, &state->invitation.message.call, seats_stored);
    if (store != NULL)
        store_survey_invite(store, &state->invitation);
}
