/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comment: what those whom a report tells of say to it.
 */
#include "civil_time.h"
#include "handlers.h"
#include "message_verb.h"
#include "text.h"

#define COMMENT_BYTES_MAX      16000
#define COMMENT_CHARACTERS_MAX 4000 /* register.comment: comment_size */

static enum status comment_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__CommentRequest *message = request->message->comment;
    const char *const days[][2] = {{"from", message->from}, {"to", message->to}, {"until", message->until}};
    int32_t numbers[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        if ((i < 2 || days[i][1][0] != '\0') && civil_day_parse(days[i][1], &numbers[i]) != STATUS_OK) {
            errmsg_set(ret_errmsg, days[i][0], "not a day as in 2025-03-01");
            return STATUS_INVALID;
        }
    }
    if (numbers[0] >= numbers[1]) {
        errmsg_set(ret_errmsg, "to", "must be after from");
        return STATUS_INVALID;
    }
    if (message->text[0] != '\0' && message->take_back) {
        errmsg_set(ret_errmsg, "take_back", "a comment is sent or taken back, not both");
        return STATUS_INVALID;
    }
    size_t characters = text_length(message->text);
    if (characters > COMMENT_CHARACTERS_MAX) {
        errmsg_set(ret_errmsg, "text", "a comment is at most %d characters, this one has %zu", COMMENT_CHARACTERS_MAX,
                   characters);
        return STATUS_TOO_LARGE;
    }
    if (message->until[0] == '\0' || request->principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR))
        return STATUS_OK;
    errmsg_set(ret_errmsg, "until", "only an operator asks for comments");
    return STATUS_FORBIDDEN;
}

void comment_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = COMMENT_BYTES_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_COMMENT,
                                             .call = store_comment,
                                             .check = comment_check};
    message_verb_handle(request, &verb);
}
