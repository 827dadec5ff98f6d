/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sample year as files, as ministries would deliver them, with the truth beside them.
 *
 * Writes into a directory: actors.csv (the register), reorganisations.csv (what its actors came from), submitters.csv
 * (organisation number,name of each ministry, no header), interactions-<organisation number>.csv with what that ministry tells,
 * or interactions.csv with everything told once, and truth.json (what was planted, what was counted, which files). Same plan,
 * same bytes.
 */
#ifndef SAMORDNING_SIMULATE_H
#define SAMORDNING_SIMULATE_H

#include "plan.h"

#include <stdint.h>

struct simulate_summary {
    uint64_t interactions; /* different ones */
    uint64_t told;         /* with those that a second ministry tells of */
    uint64_t rows;         /* participations written */
    uint64_t pending;      /* asked and not answered when the year ends */
    unsigned files, actors;
};

/* Creates out_dir if it is missing; files of the same name are replaced. */
MUST_CHECK enum status simulate_write(const struct simulate_plan *plan, const char *out_dir,
                                      struct simulate_summary *ret_summary, struct errmsg *ret_errmsg);

#endif
