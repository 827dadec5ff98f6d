/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey invite, remind and person: the seats of a wave. */
#include "output.h"
#include "records.h"
#include "render.h"
#include "say.h"
#include "survey.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --------------------------------------------------------------------------------------------------------- invite */
struct invitation {
    struct record_kind kind; /* first: records_import hands it back */
    char *wave;
    FILE *links; /* NULL: letters are sent */
    uint64_t links_written;
};

static bool complete(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem)
{
    (void)arguments;
    (void)file;
    *ret_problem = (struct record_problem){"actor", _("is empty")};
    return ((const Samordning__V1__Invitee *)record)->actor[0] != '\0';
}

static void write_link(struct invitation *invitation, const Samordning__V1__Invitee *invitee, const char *link)
{
    const char *const cells[] = {invitee->ref, invitee->actor, invitee->address, link};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (i > 0)
            putc(',', invitation->links);
        render_csv_text(invitation->links, cells[i]);
    }
    putc('\n', invitation->links);
    invitation->links_written++;
}

static int send_invitees(const struct record_kind *kind, struct session *session, ProtobufCMessage **records, size_t count,
                         struct record_receipt *ret_receipts)
{
    struct invitation *invitation = (struct invitation *)(uintptr_t)kind;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyInviteRequest invite = SAMORDNING__V1__SURVEY_INVITE_REQUEST__INIT;
    const Samordning__V1__Response *response;
    invite.wave = invitation->wave;
    invite.invitees = (Samordning__V1__Invitee **)(void *)records;
    invite.n_invitees = count;
    invite.links = invitation->links != NULL;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_INVITE;
    request.survey_invite = &invite;
    int code = survey_call(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_INVITE, &response);
    if (code != EXIT_CODE_OK)
        return code;
    for (size_t i = 0; i < count && i < response->survey_invite->n_receipts; i++) {
        const Samordning__V1__InviteReceipt *receipt = response->survey_invite->receipts[i];
        if (receipt->state == SAMORDNING__V1__SEAT_STATE__SEAT_REJECTED) {
            ret_receipts[i].problem = (struct record_problem){receipt->field, receipt->reason};
            continue;
        }
        ret_receipts[i].outcome = receipt->state == SAMORDNING__V1__SEAT_STATE__SEAT_INVITED ? RECORD_STORED : RECORD_ALREADY;
        if (invitation->links && receipt->link[0])
            write_link(invitation, invite.invitees[i], receipt->link);
    }
    return EXIT_CODE_OK;
}

int survey_invite(const struct arguments *arguments)
{
    static const char *const any[] = {"actor", NULL};
    struct invitation invitation = {.kind = {.command = "survey invite",
                                             .noun = N_("seats"),
                                             .any = any,
                                             .record = &samordning__v1__invitee__descriptor,
                                             .complete = complete,
                                             .send = send_invitees},
                                    .wave = arguments->operands[0]};
    const char *path = arguments_text(arguments, "links", NULL);
    struct output output = {0};
    if (path && !output_open(&output, path))
        return EXIT_CODE_INPUT;
    if (path) {
        if (output.path)
            (void)fchmod(fileno(output.file), 0600); /* whoever has a link answers for its seat */
        invitation.links = output.file;
        fputs("ref,actor,address,link\n", output.file);
    }
    struct arguments files = *arguments;
    files.operands++;
    files.operand_count--;
    int code = records_import(&files, &invitation.kind);
    /* The links that were given out are kept whatever came after them. */
    if (path && (code == EXIT_CODE_OK || invitation.links_written > 0)) {
        if (!output_commit(&output))
            code = EXIT_CODE_INPUT;
    } else if (path) {
        output_abandon(&output);
    }
    return code;
}

/* --------------------------------------------------------------------------------------------------------- remind */
static int remind(struct session *session, const struct arguments *arguments, char **actors, size_t actor_count,
                  uint32_t not_within_days)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyRemindRequest remind = SAMORDNING__V1__SURVEY_REMIND_REQUEST__INIT;
    const Samordning__V1__Response *response;
    remind.wave = arguments->operands[0];
    remind.actors = actors;
    remind.n_actors = actor_count;
    remind.not_within_days = not_within_days;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_REMIND;
    request.survey_remind = &remind;
    int code = survey_call(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_REMIND, &response);
    if (code != EXIT_CODE_OK)
        return code;
    const Samordning__V1__SurveyRemindResponse *sent = response->survey_remind;
    const struct survey_cell cells[] = {{"reminded", NULL, sent->reminded},
                                        {"answered", NULL, sent->answered},
                                        {"too_soon", NULL, sent->too_soon},
                                        {"without_address", NULL, sent->without_address}};
    return survey_show_row(arguments, "reminders", sizeof cells / sizeof cells[0], cells);
}

int survey_remind(const struct arguments *arguments)
{
    char *actors[ARGUMENT_VALUES_MAX];
    size_t count = 0;
    uint64_t days;
    for (const char *actor; (actor = arguments_nth(arguments, "actor", count)); count++)
        actors[count] = (char *)(uintptr_t)actor;
    struct session session;
    if (!arguments_number(arguments, "not-within", 0, 1, 365, &days) ||
        !session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    int code = remind(&session, arguments, actors, count, (uint32_t)days);
    session_close(&session);
    return code;
}

/* --------------------------------------------------------------------------------------------------------- person */
static int person(struct session *session, const struct arguments *arguments)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyPersonRequest person = SAMORDNING__V1__SURVEY_PERSON_REQUEST__INIT;
    const Samordning__V1__Response *response;
    person.wave = arguments->operands[0];
    person.seat = arguments->operands[1];
    person.erase = arguments_has(arguments, "erase");
    person.actor = (char *)(uintptr_t)arguments_text(arguments, "actor", "");
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_PERSON;
    request.survey_person = &person;
    int code = survey_call(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_PERSON, &response);
    if (code != EXIT_CODE_OK)
        return code;
    if (person.erase) {
        printf(response->survey_person->erased ? _("%s: everything that was held is deleted\n") : _("%s: nothing was held\n"),
               person.seat);
        return EXIT_CODE_OK;
    }
    struct output output;
    if (!output_open(&output, arguments_text(arguments, "output", NULL)))
        return EXIT_CODE_INPUT;
    if (output.path)
        (void)fchmod(fileno(output.file), 0600);
    fprintf(output.file, "%s\n", response->survey_person->held);
    return output_commit(&output) ? EXIT_CODE_OK : EXIT_CODE_INPUT;
}

int survey_person(const struct arguments *arguments)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    int code = person(&session, arguments);
    session_close(&session);
    return code;
}
