/* SPDX-License-Identifier: GPL-3.0-or-later
 * One network under each of the usual treatments of silence and contradiction: what missing= of a specification asks for.
 *
 * Four compare accounts of interactions (accounts.h). T(i) is what end i told of the pair; rows belong to one actor:
 *   as reported     T(i) in the row of i; unknown where i has not reported
 *   reconstruction  T(i), or T(j) where i has not reported and j has (Stork & Richards 1992); unknown where neither has
 *   union           told by anybody; unknown where neither end has reported and nobody told
 *   intersection    told by both ends; unknown where one that has not reported could have confirmed what the other told, and
 *                   where neither has reported
 * In an undirected network the rows of as reported and reconstruction are then brought together: the mean of the two accounts,
 * unknown where either row is. Two put ties in where a pair is unknown (Huisman 2009, imputation.h):
 *   tied            one of the median weight of the known ties
 *   drawn           what stands between a known pair drawn at random: the first of the draws of family uncertainty
 * A tie that was put in has count 0. Objections are statements and stay as they are.
 */
#ifndef SAMORDNING_TREATMENTS_H
#define SAMORDNING_TREATMENTS_H

#include "accounts.h"
#include "metrics.h"

#define TREATMENTS 4 /* those by accounts, from MISSING_AS_REPORTED on */
static inline enum spec_missing treatment_at(size_t number)
{
    return (enum spec_missing)(MISSING_AS_REPORTED + number);
}

/* One of those by accounts. Without layers, relations and spells. NULL: out of memory. */
struct network *treatment_network(const struct network *network, const struct accounts *accounts, enum spec_missing missing);
/* The same for contact that respondents state, where the two ends' answers are the accounts: `told` and ret_matrix are actors x
 * actors, row-major, 0 = no, NaN = unknown; cell (i, j) of `told` is what one end said of the two, (j, i) what the other one
 * did. Under union the larger counts, under intersection the mean of the two. */
void treatment_of_answers(const double *told, size_t actors, bool directed, enum spec_missing missing, double *ret_matrix);

/* The network under its own spec.missing; METRICS_REFUSED with the reason when that has nothing to work on. The chronicle may
 * be NULL unless spec_missing_by_accounts. */
enum metrics_status treatments_apply(const struct network *network, const struct chronicle *chronicle,
                                     struct network **ret_network, char ret_error[400]);
/* The same for the interactions whose time is in [from_day, to_day) alone. */
enum metrics_status treatments_apply_part(const struct network *network, const struct chronicle *chronicle, double from_day,
                                          double to_day, struct network **ret_network, char ret_error[400]);

#endif
