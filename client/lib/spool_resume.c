/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sending what an earlier process left in the spool. */
#include "handle.h"
#include "submission.h"

#include <stdlib.h>

struct leftover {
    struct spool_record record;
    uint8_t *body;
    size_t size;
    uint32_t interactions;
};

static int read_next(struct samordning *s, const struct leftover *previous, struct leftover *ret_next)
{
    *ret_next = (struct leftover){0};
    return spool_next(s->spool, &previous->record, &ret_next->record, &ret_next->body, &ret_next->size, &ret_next->interactions,
                      &s->last_error);
}

/* Each record is sent only when the one behind it has been found: a segment is removed with its last acknowledgement. */
static int replay_all(struct samordning *s, struct samordning_submission *sub)
{
    struct leftover current = {0};
    struct leftover next;
    uint64_t tag = 0;
    int result = read_next(s, &current, &next);
    while (result == SAMORDNING_OK && next.record.segment != NULL) {
        current = next;
        result = read_next(s, &current, &next);
        if (result == SAMORDNING_OK)
            result = submission_replay(sub, &current.record, current.body, current.size, tag);
        tag += current.interactions;
        free(current.body);
    }
    free(next.body);
    return result;
}

int samordning_spool_resume(struct samordning *s, samordning_receipt_cb receipt, void *arg, uint64_t *ret_sent)
{
    *ret_sent = 0;
    errmsg_clear(&s->last_error);
    if (s->settings.spool == NULL) {
        errmsg_set(&s->last_error, "", "no spool directory is configured");
        return SAMORDNING_E_ARGUMENT;
    }
    struct samordning_submission *sub = NULL;
    const struct samordning_submission_options options = {.receipt = receipt, .arg = arg};
    int result = samordning_submission_begin(s, &options, &sub);
    if (result != SAMORDNING_OK)
        return result;
    result = replay_all(s, sub);
    struct errmsg errmsg = s->last_error;
    int end = samordning_submission_flush(sub);
    *ret_sent = submission_answered(sub);
    if (result != SAMORDNING_OK && end == SAMORDNING_OK)
        s->last_error = errmsg;
    struct errmsg last = s->last_error;
    (void)samordning_submission_finish(sub);
    s->last_error = last;
    return result != SAMORDNING_OK ? result : end;
}
