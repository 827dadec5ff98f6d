/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small, fixed set of results to render reports from: twelve ministries, one slow, one between two groups, one silent.
 */
#ifndef SAMORDNING_REPORT_FIXTURE_H
#define SAMORDNING_REPORT_FIXTURE_H

#include "report.h"

struct report_fixture {
    struct report_input input;
    struct result *network, *graph, *centrality, *bottlenecks, *gaps;
};

void report_fixture_init(struct report_fixture *fixture);
void report_fixture_release(struct report_fixture *fixture);

#endif
