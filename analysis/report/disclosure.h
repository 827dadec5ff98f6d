/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a report for everybody does not show of its results: numbers behind which stand fewer events than a minimum, and those
 * they could be computed from; and tables that tell of single cases.
 *
 * Requests, duties and objections are counted by actor, pair, stage or rule, and such a table is made safe as a whole
 * (analysis/inference/suppression.h): its parts, what is left of the total beside them, and the total itself. A row
 * may have several totals, each with its parts. What is computed from something hidden is hidden, too. Contact between
 * organisations (ties) is not hidden, and answers of a survey have a minimum of their own.
 */
#ifndef SAMORDNING_DISCLOSURE_H
#define SAMORDNING_DISCLOSURE_H

#include "result.h"

/* Changes the results. False: out of memory. */
__attribute__((warn_unused_result)) bool disclosure_apply(struct result *const *results, size_t count, double minimum);

#endif
