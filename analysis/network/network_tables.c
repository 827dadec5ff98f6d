/* SPDX-License-Identifier: GPL-3.0-or-later
 * Nodes, edges and objections with their definitions.
 */
#include "network_tables.h"

static const struct column_definition node_texts[] = {
    {"actor", "", "stable key of the actor; rows are sorted by it", ""},
    {"name", "", "name in bokmål, the latest of the period", ""},
    {"abbreviation", "", "usual abbreviation", ""},
    {"kind", "", "ministry, department, agency, regional, municipality, committee, group, minister, person, other, or sector",
     ""},
    {"sector", "", "sector stated in the register, else that of the nearest body above", ""},
};
static const struct column_definition reported_column = {
    "reported", "0 or 1", "1: delivered something for the period, so that an absent tie at it means no tie", ""};
static const struct column_definition edge_texts[] = {
    {"from", "", "key of the actor the tie goes from; in an undirected network the one that sorts first", ""},
    {"to", "", "key of the actor the tie goes to", ""},
};
static const struct column_definition weight_column = {"weight", "",
                                                       "weight under the specification's projection and weight rule",
                                                       "Newman 2001 for meetings under projection=newman"};
static const struct column_definition count_column = {
    "count", "interactions", "interactions behind the tie, each counted once a pair of participants", ""};
static const struct column_definition state_column = {
    "state", "",
    "yes: reported by somebody. Pairs without a row are no where an end reported, else unknown (counted on the card)", ""};

static void add_nodes(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "nodes", network->actor_count);
    char **texts[5];
    for (size_t c = 0; c < 5; c++)
        texts[c] = result_add_texts(result, table, &node_texts[c]);
    double *reported = result_add_numbers(result, table, &reported_column);
    if (result_failed(result))
        return;
    for (size_t i = 0; i < network->actor_count; i++) {
        const struct network_actor *actor = &network->actors[i];
        const char *values[5] = {actor->key, actor->label, actor->abbreviation, actor->kind, actor->sector};
        for (size_t c = 0; c < 5; c++)
            result_set_text(result, &texts[c][i], values[c]);
        reported[i] = actor->reported;
    }
}

static void add_edges(const struct network *network, const char *name, const struct network_tie *ties, size_t count, bool state,
                      struct result *result)
{
    size_t table = result_add_table(result, name, count);
    char **from = result_add_texts(result, table, &edge_texts[0]);
    char **to = result_add_texts(result, table, &edge_texts[1]);
    double *weight = result_add_numbers(result, table, &weight_column);
    double *counts = result_add_numbers(result, table, &count_column);
    char **states = state ? result_add_texts(result, table, &state_column) : NULL;
    if (result_failed(result))
        return;
    for (size_t i = 0; i < count; i++) {
        result_set_text(result, &from[i], network->actors[ties[i].from].key);
        result_set_text(result, &to[i], network->actors[ties[i].to].key);
        weight[i] = ties[i].weight;
        counts[i] = ties[i].count;
        if (states)
            result_set_text(result, &states[i], "yes");
    }
}

void network_card(const struct network *network, struct result *result)
{
    result_set_card(result, "interactions", "%.0f", network->interactions);
    result_set_card(result, "interactions with a name that waits", "%.0f", network->interactions_unresolved);
    result_set_card(result, "united reports", "%.0f", network->united);
    result_set_card(result, "unknown pairs", "%.0f", network_unknown_dyads(network));
    result_set_card(result, "self-ties dropped", "%.6g (weight %.6g)", network->self_count, network->self_weight);
    result_set_card(result, "ties outside the level or view", "%.6g (weight %.6g)", network->outside_count,
                    network->outside_weight);
    if (network->interactions_unresolved > 0)
        result_note(
            result,
            "%.0f of %.0f interactions name somebody the register does not know yet; their other ties are in, with the size of "
            "the meeting as it was",
            network->interactions_unresolved, network->interactions);
    if (network->spec.projection == PROJECTION_DURATION && network->untimed > 0)
        result_note(result, "%.0f meetings have no end and therefore no duration: they carry no tie here", network->untimed);
    size_t reported = 0;
    for (size_t i = 0; i < network->actor_count; i++)
        reported += network->actors[i].reported;
    if (!network->complete && reported < network->actor_count)
        result_note(
            result,
            "%zu of %zu actors have not delivered for this period; a pair of two such actors without a tie is unknown, not no",
            network->actor_count - reported, network->actor_count);
}

void network_tables(const struct network *network, struct result *result)
{
    add_nodes(network, result);
    add_edges(network, "edges", network->ties, network->tie_count, true, result);
    add_edges(network, "objections", network->negative, network->negative_count, false, result);
    network_card(network, result);
}
