/* SPDX-License-Identifier: GPL-3.0-or-later
 * Result: stored results, one by its id or a page of them.
 */
#include "handlers.h"
#include "interaction_id.h"
#include "message_verb.h"

#define RESULT_TEXT_MAX 8192

static enum status result_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ResultRequest *message = request->message->result;
    const char *const ids[][2] = {{"id", message->id}, {"after", message->after}};
    uint8_t bytes[INTERACTION_ID_SIZE];
    for (size_t i = 0; i < 2; i++) {
        if (ids[i][1][0] != '\0' && interaction_id_parse(ids[i][1], bytes) != STATUS_OK) {
            errmsg_set(ret_errmsg, ids[i][0], "not the id of a result, which is a UUID");
            return STATUS_INVALID;
        }
    }
    return document_format_check(message->format, ret_errmsg);
}

void result_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = RESULT_TEXT_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_RESULT,
                                             .call = store_result,
                                             .check = result_check};
    message_verb_handle(request, &verb);
}
