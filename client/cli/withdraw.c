/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning withdraw: takes one's own reports back. */
#include "interaction_id.h"
#include "say.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WITHDRAW_BATCH 1000

struct withdrawal {
    uint8_t bytes[WITHDRAW_BATCH][INTERACTION_ID_SIZE];
    ProtobufCBinaryData ids[WITHDRAW_BATCH];
    size_t count;
    uint64_t withdrawn, already, failed;
};

static int send_batch(struct session *session, struct withdrawal *batch, const char *reason)
{
    if (batch->count == 0)
        return EXIT_CODE_OK;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__WithdrawRequest withdraw = SAMORDNING__V1__WITHDRAW_REQUEST__INIT;
    withdraw.ids = batch->ids;
    withdraw.n_ids = batch->count;
    withdraw.reason = (char *)(uintptr_t)reason;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_WITHDRAW;
    request.withdraw = &withdraw;
    const Samordning__V1__Response *response;
    int code = session_call(session, &request, &response);
    if (code != EXIT_CODE_OK)
        return code;
    size_t receipts = response->body_case == SAMORDNING__V1__RESPONSE__BODY_WITHDRAW ? response->withdraw->n_receipts : 0;
    for (size_t i = 0; i < receipts && i < batch->count; i++) {
        const Samordning__V1__Receipt *receipt = response->withdraw->receipts[i];
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN) {
            batch->withdrawn++;
            continue;
        }
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED) {
            batch->already++;
            continue;
        }
        char text[INTERACTION_ID_TEXT_SIZE];
        interaction_id_format(batch->bytes[i], text);
        say_error("%s: %s", text, receipt->reason[0] ? receipt->reason : _("not withdrawn"));
        batch->failed++;
    }
    batch->count = 0;
    return EXIT_CODE_OK;
}

static int add_id(struct session *session, struct withdrawal *batch, const char *text, const char *reason)
{
    if (interaction_id_parse(text, batch->bytes[batch->count]) != STATUS_OK) {
        say_error(_("\"%s\" is not an id: a UUID is expected"), text);
        return EXIT_CODE_USAGE;
    }
    batch->ids[batch->count] = (ProtobufCBinaryData){INTERACTION_ID_SIZE, batch->bytes[batch->count]};
    return ++batch->count == WITHDRAW_BATCH ? send_batch(session, batch, reason) : EXIT_CODE_OK;
}

static int add_file(struct session *session, struct withdrawal *batch, const char *reason)
{
    char *line = NULL;
    size_t size = 0;
    int code = EXIT_CODE_OK;
    while (code == EXIT_CODE_OK && getline(&line, &size, stdin) >= 0) {
        line[strcspn(line, ", \t\r\n")] = '\0'; /* submit --ids writes the id first */
        if (line[0] && strcmp(line, "id") != 0)
            code = add_id(session, batch, line, reason);
    }
    free(line);
    return code;
}

static int withdraw_run(const struct arguments *arguments)
{
    const char *reason = arguments_text(arguments, "reason", NULL);
    if (!reason || !reason[0]) {
        say_error(_("withdraw needs --reason TEXT: it is kept with the tombstone"));
        return EXIT_CODE_USAGE;
    }
    if (arguments->operand_count == 0) {
        say_error(_("withdraw needs ids, or - to read them from standard input"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    struct withdrawal *batch = calloc(1, sizeof *batch);
    if (!batch) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    int code = EXIT_CODE_USAGE;
    if (session_open(&session, arguments, &(struct session_choices){0})) {
        code = EXIT_CODE_OK;
        for (size_t i = 0; i < arguments->operand_count && code == EXIT_CODE_OK; i++)
            code = strcmp(arguments->operands[i], "-") == 0 ? add_file(&session, batch, reason)
                                                            : add_id(&session, batch, arguments->operands[i], reason);
        if (code == EXIT_CODE_OK)
            code = send_batch(&session, batch, reason);
        session_close(&session);
        printf(ngettext("%llu interaction withdrawn\n", "%llu interactions withdrawn\n", batch->withdrawn),
               (unsigned long long)batch->withdrawn);
        if (batch->already > 0)
            printf(ngettext("%llu was withdrawn before\n", "%llu were withdrawn before\n", batch->already),
                   (unsigned long long)batch->already);
        if (code == EXIT_CODE_OK && batch->failed > 0)
            code = EXIT_CODE_REJECTED;
    }
    free(batch);
    return code;
}

static const struct option_row withdraw_options[] = {
    {"reason", 'r', N_("TEXT"), N_("why (required)"), NULL},
    {NULL},
};

const struct command command_withdraw = {
    .name = "withdraw",
    .summary = N_("take one's own reports back"),
    .operands = N_("ID...|-"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("A withdrawn interaction counts no more; a tombstone with the reason stands in its "
                                   "place, and the same report cannot come back by being submitted again. Only what one's "
                                   "own organisation reported can be withdrawn. Without the ids at hand: submit --dry-run "
                                   "--ids makes them from the file, with the options it was submitted with.")},
            {N_("EXAMPLES"), N_("    samordning submit --dry-run --ids - interactions-2025.csv > ids.csv\n"
                                "    samordning withdraw --reason \"wrong year\" - < ids.csv\n")},
            {NULL}},
    .tables = {withdraw_options, option_connection, option_common},
    .run = withdraw_run,
};
