/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning network: the network itself, for other programs. */
#include "analysis.h"

static int network_run(const struct arguments *arguments)
{
    return analysis_show(arguments, "network", true, "edges");
}

static const struct option_row network_output[] = {
    {"format", 'f', N_("FORMAT"), N_("table (default), csv, json, graphml, gexf, pajek or dl"),
     "table csv json graphml gexf pajek dl"},
    {"labels", 0, N_("LETTERS"), N_("labels of pajek (default utf8) and dl (default ascii): utf8 or ascii"), "utf8 ascii"},
    {"output", 'o', N_("FILE"), N_("write to FILE, which appears whole or not at all"), "@file"},
    {NULL},
};

const struct command command_network = {
    .name = "network",
    .summary = N_("export a network"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("Nodes are actors (or units, agencies, ministries, sectors: --level), edges are what they "
                "had to do with each other in the period. As CSV on standard output the edges are "
                "written; --table nodes gives the others; with --output FILE.csv every table is written, as "
                "FILE.nodes.csv, FILE.edges.csv and so on, the card as FILE.card.csv.\n\n"
                "An export to a file has a note beside it, FILE.fidelity.txt: what its format does not hold. "
                "A pair without a tie has none where one of its ends has reported, else it is unknown; every "
                "format keeps that apart, or the note lists the unknown pairs.")},
            {N_("FORMATS"),
             N_("graphml: everything but spells; objections and layers are graphs of their own after the first. gexf: GEXF "
                "1.3 with spells, calendar months in which a tie had contact (--spec spells=day for days), as half-open "
                "intervals. "
                "pajek: FILE.net, FILE.sector.clu and FILE.reported.clu, FILE.objections.net. dl: UCINET, one matrix a layer, "
                "one for objections, one that is 1 where a pair is unknown; --table edges writes the ties alone as a list; "
                "labels in ASCII of at most 18 characters, with FILE.labels.csv leading back. json: everything.")},
            {N_("EXAMPLES"), N_("    samordning network --year 2025 --format graphml --output 2025.graphml\n"
                                "    samordning network --year 2025 --format gexf --direction directed --output 2025.gexf\n"
                                "    samordning network --year 2025 --level sector --format csv --output 2025.csv\n")},
            {NULL}},
    .tables = {option_specification, network_output, option_sorting, option_connection, option_common},
    .run = network_run,
};
