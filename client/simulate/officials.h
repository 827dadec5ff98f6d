/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the officials of the simulated year answer a survey about it: who answers at all, what they remember, where the two ends
 * of a tie disagree.
 *
 * What is true of a pair of bodies comes from the simulated year; an official tells it with the bias of their organisation and
 * an error of their own. Planted truths show in the answers as they do in the log, each at its strength:
 *
 *   slow    others find that the ministry answers too late, and trust it less
 *   broker  others find it influential
 *   gap     the two sectors say that they need contact which they do not have
 *   silent  few of that ministry's officials answer
 *
 * Everything is drawn from (seed, body, respondent), so the same official answers the same whatever the order or the way of
 * answering. How many answer and how far they err is invented (officials.c).
 */
#ifndef SAMORDNING_SIMULATE_OFFICIALS_H
#define SAMORDNING_SIMULATE_OFFICIALS_H

#include "answers.h"
#include "plan.h"

struct officials;

/* Makes the year of the plan to know what happened in it. */
MUST_CHECK enum status officials_create(const struct simulate_plan *plan, struct officials **ret_officials,
                                        struct errmsg *ret_errmsg);
void officials_destroy(struct officials *officials); /* NULL is fine */

/* Share of a ministry's officials who answer. */
double officials_response_rate(const struct officials *officials, unsigned body);
/* Does this one, the n-th of a body, answer? */
bool officials_respond(const struct officials *officials, unsigned body, unsigned number);

/* What this one answers to everything they are shown, in the order of the instrument. Answers live in the arena.
 * context->own is the body's key. STATUS_NO_MEMORY. */
MUST_CHECK enum status officials_answer(const struct officials *officials, const struct answers_context *context, unsigned body,
                                        unsigned number, struct arena *arena, size_t *ret_count,
                                        Samordning__V1__Answer ***ret_answers);

#endif
