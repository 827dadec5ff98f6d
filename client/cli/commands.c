/* SPDX-License-Identifier: GPL-3.0-or-later
 * The one table of subcommands, and the option tables they share. */
#include "command.h"

#include <string.h>

extern const struct command command_submit, command_status, command_withdraw, command_actors, command_reorganisations,
    command_cases, command_need, command_layers, command_network, command_metrics, command_report, command_comment,
    command_results, command_verify, command_publish, command_schedule, command_enrol, command_token, command_spool,
    command_survey, command_simulate, command_completion, command_help, command_version;

static const struct command *const table[] = {
    &command_submit,   &command_status,     &command_withdraw, &command_actors,  &command_reorganisations,
    &command_cases,    &command_need,       &command_layers,   &command_network, &command_metrics,
    &command_report,   &command_comment,    &command_results,  &command_verify,  &command_publish,
    &command_schedule, &command_enrol,      &command_token,    &command_spool,   &command_survey,
    &command_simulate, &command_completion, &command_help,     &command_version,
};

const struct option_row option_common[] = {
    {"help", 'h', NULL, N_("show this help and stop"), NULL},
    {NULL},
};

const struct option_row option_connection[] = {
    {"bundle", 'b', N_("DIR"),
     N_("certificate, key and address of the daemon (default $SAMORDNING_BUNDLE, else ~/.config/samordning)"), "@directory"},
    {"host", 0, N_("NAME"), N_("where the daemon is (default: what the bundle says)"), NULL},
    {"port", 0, N_("PORT"), N_("and its port"), NULL},
    {"timeout", 0, N_("SECONDS"), N_("how long to wait for an answer (default 60; 3600 for analyses)"), NULL},
    {NULL},
};

const struct option_row option_specification[] = {
    {"from", 0, N_("DATE"), N_("first day (default: the first day there is)"), NULL},
    {"to", 0, N_("DATE"), N_("day after the last one"), NULL},
    {"year", 0, N_("YEAR"), N_("one whole year"), NULL},
    {"month", 0, N_("YYYY-MM"), N_("one whole month"), NULL},
    {"layer", 0, N_("NAMES"), N_("only these types of interaction, comma separated (default all)"),
     "meeting consultation hearing all"},
    {"case", 0, N_("REFERENCE"), N_("only this case"), NULL},
    {"case-type", 0, N_("TYPE"), N_("only cases of this type"), NULL},
    {"stage", 0, N_("NAMES"), N_("only interactions at these stages of their case, comma separated (default all)"),
     "idea early_involvement study consultation hearing renewed_consultation rnote government_conference preparatory_council "
     "council_of_state storting implementation all"},
    {"level", 0, N_("LEVEL"), N_("actor, unit, agency, ministry or sector"), "actor unit agency ministry sector"},
    {"view", 0, N_("VIEW"), N_("organisation as-was, as-now or stable-core"), "as-was as-now stable-core"},
    {"projection", 0, N_("NAME"), N_("meetings to ties: newman, count, binary or duration"), "newman count binary duration"},
    {"direction", 0, N_("NAME"), N_("directed or undirected"), "directed undirected"},
    {"weight", 0, N_("NAME"), N_("several events on one pair: sum, mean or max; several respondents: mean, max or share"),
     "sum mean max share"},
    {"distance", 0, N_("NAME"), N_("weight to distance: inverse, unit, complement or log"), "inverse unit complement log"},
    {"tie-rule", 0, N_("RULE"), N_("two reporters of one event: union, intersection or reporter:ORGNR"),
     "union intersection reporter:"},
    {"missing", 0, N_("NAME"),
     N_("unknown ties: unknown (default), as-reported, union, intersection, reconstruction, tied or drawn"),
     "unknown as-reported union intersection reconstruction tied drawn"},
    {"seed", 0, N_("NUMBER"), N_("seed of everything random"), NULL},
    {"wave", 0, N_("KEY"), N_("wave of a survey: with --layer survey:ITEM the network is what its respondents say"), NULL},
    {"item", 0, N_("IDS"), N_("items of the wave to tell of, comma separated"), NULL},
    {"spec", 0, N_("TEXT"), N_("further key=value pairs of the specification, as they are"), NULL},
    {"recompute", 0, NULL, N_("compute again although a stored result would do"), NULL},
    {NULL},
};

const struct option_row option_output[] = {
    {"format", 'f', N_("FORMAT"), N_("table (default), csv or json"), "table csv json"},
    {"output", 'o', N_("FILE"), N_("write to FILE, which appears whole or not at all"), "@file"},
    {NULL},
};

const struct option_row option_sorting[] = {
    {"table", 't', N_("NAME"), N_("only this table of the result"), NULL},
    {"columns", 0, N_("NAMES"), N_("only these columns, in this order, comma separated"), NULL},
    {"sort", 0, N_("COLUMN"), N_("sort by it: numbers from the highest, texts from A (default: by actor)"), NULL},
    {"top", 0, N_("N"), N_("only the first N rows of each table"), NULL},
    {NULL},
};

const struct command *const *commands(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof table[0];
    return table;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}
