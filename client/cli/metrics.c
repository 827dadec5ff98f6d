/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning metrics: numbers of one network, a family at a time. */
#include "analysis.h"

static int metrics_run(const struct arguments *arguments)
{
    return analysis_show(arguments, arguments->action, false, NULL);
}

const struct command command_metrics = {
    .name = "metrics",
    .summary = N_("compute numbers of a network"),
    .actions = "graph centrality bottlenecks gaps need duty",
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("graph: the network as a whole. centrality: the position of each actor. bottlenecks: actors "
                                   "and ties whose loss "
                                   "would part the network, and how long each actor takes to answer. gaps: contact between "
                                   "sectors, observed against "
                                   "expected. need: the coordination that shared goals, target groups and instruments "
                                   "require, against the contact there was. duty: who had to be consulted under the rules in "
                                   "force, against who was.\n\n"
                                   "Every answer carries a card: what was computed from which data, with which choices, so "
                                   "that it can be done again. "
                                   "Columns keep their names from release to release; --format json gives the definition and "
                                   "the source of each.\n\n"
                                   "Without a period everything there is counts.")},
            {N_("EXAMPLES"), N_("    samordning metrics centrality --year 2025 --sort betweenness --top 10\n"
                                "    samordning metrics bottlenecks --month 2025-03 --layer consultation,hearing --format csv\n"
                                "    samordning metrics gaps --year 2025 --level ministry --format json --output gaps.json\n")},
            {NULL}},
    .tables = {option_specification, option_output, option_sorting, option_connection, option_common},
    .run = metrics_run,
};
