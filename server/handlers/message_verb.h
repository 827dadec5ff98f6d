/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message that is one verb of the store: its texts are checked, then what is its own, then the verb is called, and the
 * store's message is the answer. One piece of code for all such messages; a row says what differs.
 */
#ifndef SAMORDNING_MESSAGE_VERB_H
#define SAMORDNING_MESSAGE_VERB_H

#include "request.h"

struct message_verb {
    size_t text_max; /* bytes of the longest text in the message */
    Samordning__V1__Response__BodyCase answer;
    void (*call)(struct store *store, struct store_message_call *call);
    /* What else the message must satisfy; NULL = nothing. */
    enum status (*check)(const struct request *request, struct errmsg *ret_errmsg);
    /* Adds to the answer what the store does not know; NULL = nothing. */
    void (*complete)(struct request *request, ProtobufCMessage *answer);
};

/* `verb` lives as long as the program. */
void message_verb_handle(struct request *request, const struct message_verb *verb);

#endif
