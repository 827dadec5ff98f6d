/* SPDX-License-Identifier: GPL-3.0-or-later
 * One official's way through the form in the browser: from the personal link, page by page, to the receipt.
 */
#ifndef SAMORDNING_SIMULATE_WALK_H
#define SAMORDNING_SIMULATE_WALK_H

#include "answers.h"
#include "browser.h"

enum walk_end {
    WALK_SUBMITTED,
    WALK_WAS_SUBMITTED, /* an earlier walk came to the end */
    WALK_CLOSED         /* the wave takes no answers (now) */
};

/* Fills in what is shown of these answers and submits. STATUS_NOT_FOUND: the form does not offer an answer, or does not lead
 * on; errmsg says where. STATUS_UNAVAILABLE: no connection, or the daemon said to come back later. */
MUST_CHECK enum status walk_form(struct browser *browser, const char *link, const struct answers_context *context, size_t count,
                                 Samordning__V1__Answer *const *answers, struct arena *arena, enum walk_end *ret_end,
                                 struct errmsg *ret_errmsg);

#endif
