/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asks the daemon for one family of numbers, a network or a report.
 */
#ifndef SAMORDNING_ANALYSIS_H
#define SAMORDNING_ANALYSIS_H

#include "session.h"

/* The families of numbers, for actions and completion; the worker is who knows them. */
#define ANALYSIS_METRICS                                                                                                       \
    "graph centrality bottlenecks keyplayers time objections righttime gaps need "                                             \
    "duty brokerage communities projections signed reach relations agreement uncertainty whatif change "                       \
    "survey declared shortfall layout case"

/* The answer is valid until the connection closes. Returns the exit code. */
int analysis_ask(struct session *session, const struct arguments *arguments, const char *family, const char *language,
                 const Samordning__V1__AnalysisResponse **ret_answer);
/* Asks and shows. */
int analysis_show(const struct arguments *arguments, const char *family, bool is_network, const char *csv_table);

#endif
