/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning metrics: numbers of one network, a family at a time. */
#include "analysis.h"

static int metrics_run(const struct arguments *arguments)
{
    return analysis_show(arguments, arguments->action, false, NULL);
}

/* One section a family, in the order of `actions`; titles are the families' own names. */
static const struct section sections[] = {
    {N_("DESCRIPTION"),
     N_("Every answer carries a card: what was computed from which data, with which choices, so that it can be "
        "done again. Columns keep their names from release to release; --format json gives the definition and "
        "the source of each.\n\n"
        "Without a period everything there is counts. --spec takes whatever has no option of its own, as in "
        "--spec \"permutations=9999\".")},
    {"graph", N_("the network as a whole: density, reciprocity, components, distances, centralization.")},
    {"centrality", N_("the position of each actor: degree, strength, betweenness, closeness, prestige, structural holes.")},
    {"bottlenecks", N_("actors and ties whose loss would part the network, and how long each actor takes to answer.")},
    {"keyplayers",
     N_("sets of actors whose loss would part the network, the smallest cuts, and what each actor holds together.")},
    {"time", N_("how long answers take by actor, stage and layer, and who is slower than whom.")},
    {"objections", N_("objections: of what kind, how late, and at which level they are resolved.")},
    {"righttime", N_("who is involved early or late, and deadlines against the rules.")},
    {"gaps", N_("contact between sectors, observed against expected.")},
    {"need", N_("the coordination that shared goals, target groups and instruments require, against the contact there was.")},
    {"duty", N_("who had to be consulted under the rules in force, against who was.")},
    {"brokerage", N_("who stands between whom by sector: coordinator, itinerant, representative, gatekeeper, liaison.")},
    {"communities", N_("groups that hold together, how stable they are, and how they fit the formal sectors.")},
    {"projections", N_("meetings under every projection side by side, and which rankings survive all of them.")},
    {"signed", N_("ties and objections together: standing, balance, two camps, pairs that object to each other.")},
    {"reach", N_("who can have heard from whom, by when: paths along contacts in the order they happened.")},
    {"relations", N_("what goes with contact between two actors, tested by permutation (QAP, MRQAP).")},
    {"agreement", N_("what the two ends of a tie say of it: agreement, kappa, over- and under-reporting.")},
    {"uncertainty", N_("how far each number could be off: bootstrap, treatments of non-response, rankings that flip.")},
    {"whatif", N_("every measure before and after actors are removed or merged, a liaison or a standing committee is added.")},
    {"change", N_("two periods on the same actors: ties kept, new and lost, who moved, differences with p and interval.")},
    {"survey", N_("a wave: who answered, what was answered, scales, obstacles and promoters, ladders.")},
    {"declared", N_("contact that respondents state, against the contact that was reported.")},
    {"shortfall", N_("contact that respondents need, against the contact they say they have.")},
    {"layout", N_("where each actor stands on the map, in the same place from period to period.")},
    {"case", N_("cases with what was asked, answered and objected to; of one case, what happened when.")},
    {"between", N_("the interactions between two actors, sectors or sets of actors, one by one.")},
    {N_("EXAMPLES"), N_("    samordning metrics centrality --year 2025 --sort betweenness --top 10\n"
                        "    samordning metrics bottlenecks --month 2025-03 --layer consultation,hearing --format csv\n"
                        "    samordning metrics gaps --year 2025 --level ministry --format json --output gaps.json\n"
                        "    samordning metrics whatif --year 2025 --spec \"merge=KLD+KDD committee=FIN,BFD,HOD\"\n"
                        "    samordning metrics change --year 2025 --spec \"earlier-from=2021-01-01\"\n"
                        "    samordning metrics between --year 2025 --spec \"one=FIN other=sector:helse\"\n"
                        "    samordning metrics survey --wave 2026-autumn\n"
                        "    samordning metrics declared --wave 2026-autumn --year 2026 --level ministry\n"
                        "    samordning metrics centrality --wave 2026-autumn --layer survey:contact_actual\n")},
    {NULL}};

const struct command command_metrics = {
    .name = "metrics",
    .summary = N_("compute numbers of a network"),
    .actions = ANALYSIS_METRICS,
    .sections = sections,
    .tables = {option_specification, option_output, option_sorting, option_connection, option_common},
    .run = metrics_run,
};
