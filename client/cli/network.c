/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning network: the network itself, for other programs. */
#include "analysis.h"

static int network_run(const struct arguments *arguments)
{
    return analysis_show(arguments, "network", true, "edges");
}

static const struct option_row network_output[] = {
    {"format", 'f', N_("FORMAT"), N_("table (default), csv, graphml or json"), "table csv graphml json"},
    {"output", 'o', N_("FILE"), N_("write to FILE, which appears whole or not at all"), "@file"},
    {NULL},
};

const struct command command_network = {
    .name = "network",
    .summary = N_("export a network"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("Nodes are actors (or units, agencies, ministries, sectors: --level), edges are what they "
                                   "had to do with each other in the period. As CSV on standard output the edges are "
                                   "written; --table nodes gives the others; with --output FILE.csv both are written, as "
                                   "FILE.nodes.csv and FILE.edges.csv. GraphML holds everything: both tables and the card.")},
            {N_("EXAMPLES"), N_("    samordning network --year 2025 --format graphml --output 2025.graphml\n"
                                "    samordning network --year 2025 --level sector --format csv --output 2025.csv\n")},
            {NULL}},
    .tables = {option_specification, network_output, option_sorting, option_connection, option_common},
    .run = network_run,
};
