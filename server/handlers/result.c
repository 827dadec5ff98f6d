/* SPDX-License-Identifier: GPL-3.0-or-later
 * Result: stored results, one by its id or a page of them.
 */
#include "handlers.h"
#include "message_verb.h"

#include <ctype.h>
#include <string.h>

#define RESULT_TEXT_MAX 8192

static bool is_uuid(const char *text)
{
    if (strlen(text) != 36)
        return false;
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static enum status result_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ResultRequest *message = request->message->result;
    const char *const ids[][2] = {{"id", message->id}, {"after", message->after}};
    for (size_t i = 0; i < 2; i++) {
        if (ids[i][1][0] != '\0' && !is_uuid(ids[i][1])) {
            errmsg_set(ret_errmsg, ids[i][0], "not the id of a result, which is a UUID");
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

void result_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = RESULT_TEXT_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_RESULT,
                                             .call = store_result,
                                             .check = result_check};
    message_verb_handle(request, &verb);
}
