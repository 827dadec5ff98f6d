/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a report for everybody does not show of its results: numbers behind which stand fewer events than a minimum, and those
 * they could be computed from, in the same table, in another, or in another edition.
 *
 * Requests, duties, objections and involvements are counted in tables of one classification each (guarded.h). A table is made
 * safe as a whole (analysis/inference/suppression.h) as if the sums of its columns were told, and what is hidden of a sum is
 * hidden in every table that adds up to it. Tables that only share their sums say nothing more of each other: any two lists
 * with one sum fit together. So they are safe together, alone or in a report. A larger minimum hides whatever a smaller one
 * does. What a table's rows are parts of in other editions (parts of a year, groups of actors) has no public edition at all:
 * disclosure_permits() says which has. The reasons, and what it costs: docs/decisions/0012-disclosure.md.
 *
 * Contact between organisations (ties) is not hidden, and answers of a survey have a minimum of their own.
 */
#ifndef SAMORDNING_DISCLOSURE_H
#define SAMORDNING_DISCLOSURE_H

#include "result.h"
#include "spec.h"

#define DISCLOSURE_MINIMUM_LEAST 3  /* of a report */
#define DISCLOSURE_MINIMUM_MOST  50 /* each is hidden after the ones below it */

/* Whether there is an edition for everybody of this on the day `today` (since 1970-01-01); spec->choices.profile must be
 * public. False: ret_error (at least 400 bytes) says why not. */
bool disclosure_permits(const char *family, const struct spec *spec, int32_t today, char *ret_error);

/* Changes the results. False: out of memory. */
__attribute__((warn_unused_result)) bool disclosure_apply(struct result *const *results, size_t count, double minimum);

#endif
