/* SPDX-License-Identifier: GPL-3.0-or-later
 * Nodes, edges and objections with their definitions.
 */
#include "network_tables.h"

#include "civil_time.h"

static const struct column_definition node_texts[] = {
    {"actor", "", "stable key of the actor; rows are sorted by it", ""},
    {"name", "", "name in bokmål, the latest of the period", ""},
    {"abbreviation", "", "usual abbreviation", ""},
    {"kind", "", "ministry, department, agency, regional, municipality, committee, group, minister, person, other, or sector",
     ""},
    {"sector", "", "sector stated in the register, else that of the nearest body above", ""},
};
static const struct column_definition reported_column = {
    "reported", "0 or 1",
    "1: delivered something for the period, so that an absent tie at it means no tie; in a wave: a respondent of it answered",
    ""};
static const struct column_definition edge_texts[] = {
    {"from", "", "key of the actor the tie goes from; in an undirected network the one that sorts first", ""},
    {"to", "", "key of the actor the tie goes to", ""},
};
static const struct column_definition weight_column = {"weight", "",
                                                       "weight under the specification's projection and weight rule",
                                                       "Newman 2001 for meetings under projection=newman"};
static const struct column_definition count_column = {
    "count", "interactions",
    "interactions behind the tie, each counted once a pair of participants; in a wave: respondents who say there is a tie", ""};
static const struct column_definition state_column = {
    "state", "",
    "yes: reported by somebody; put_in: nobody told of it, missing=tied or drawn assumes it. Pairs without a row are no or "
    "unknown, by the rule on the card, which counts those that are unknown; of a wave the unknown ones are listed in table "
    "unknown, the others are no",
    ""};

static const struct column_definition unknown_texts[] = {
    {"from", "", "key of the actor the tie would go from; in an undirected network the one that sorts first", ""},
    {"to", "", "key of the actor the tie would go to", ""},
};
static const struct column_definition doubted_texts[] = {
    {"from", "",
     "key of the actor the tie would go from. The pair is unknown although the rule on the card says no: one end told of "
     "contact, and the other, which has not reported, could have confirmed it",
     ""},
    {"to", "", "key of the actor the tie would go to", ""},
};

static const struct column_definition layer_column = {"layer", "", "the layer whose interactions alone make this tie", ""};
static const struct column_definition spell_texts[] = {
    {"start", "", "first day of a longest run of days (spells=day) or months (spells=month) that each hold contact of the two",
     "interval graphs: Holme and Saramäki 2012"},
    {"end", "", "day after the run's last: the interval is half-open, [start, end), and cut to the period", ""},
};

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

/* Columns from, to, weight and count of a table whose i-th tie is tie_at(ties, i); the table's other columns come before. */
static void add_ties(const struct network *network, size_t table, size_t count,
                     const struct network_tie *(*tie_at)(const struct network *network, size_t i), struct result *result)
{
    char **from = result_add_texts(result, table, &edge_texts[0]);
    char **to = result_add_texts(result, table, &edge_texts[1]);
    double *weight = result_add_numbers(result, table, &weight_column);
    double *counts = result_add_numbers(result, table, &count_column);
    for (size_t i = 0; i < count && !result_failed(result); i++) {
        const struct network_tie *tie = tie_at(network, i);
        result_set_text(result, &from[i], network->actors[tie->from].key);
        result_set_text(result, &to[i], network->actors[tie->to].key);
        weight[i] = tie->weight;
        counts[i] = tie->count;
    }
}

static const struct network_tie *edge_at(const struct network *network, size_t i)
{
    return &network->ties[i];
}

static const struct network_tie *objection_at(const struct network *network, size_t i)
{
    return &network->negative[i];
}

static const struct network_tie *relation_at(const struct network *network, size_t i)
{
    return &network->relations[i].tie;
}

static const struct network_tie *spell_at(const struct network *network, size_t i)
{
    return &network->spells[i].tie;
}

static void add_relations(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "relations", network->relation_count);
    char **layers = result_add_texts(result, table, &layer_column);
    for (size_t i = 0; i < network->relation_count && !result_failed(result); i++)
        result_set_text(result, &layers[i], network->layers[network->relations[i].layer]);
    add_ties(network, table, network->relation_count, relation_at, result);
}

static void add_spells(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "spells", network->spell_count);
    char **start = result_add_texts(result, table, &spell_texts[0]);
    char **end = result_add_texts(result, table, &spell_texts[1]);
    for (size_t i = 0; i < network->spell_count && !result_failed(result); i++) {
        char day[16];
        civil_day_format(network->spells[i].from_day, day);
        result_set_text(result, &start[i], day);
        civil_day_format(network->spells[i].to_day, day);
        result_set_text(result, &end[i], day);
    }
    add_ties(network, table, network->spell_count, spell_at, result);
}

static void add_edges(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "edges", network->tie_count);
    add_ties(network, table, network->tie_count, edge_at, result);
    char **states = result_add_texts(result, table, &state_column);
    for (size_t i = 0; i < network->tie_count && !result_failed(result); i++)
        result_set_text(result, &states[i], network->ties[i].count > 0 ? "yes" : "put_in");
}

static void add_doubted(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "doubted", network->doubted_count);
    char **from = result_add_texts(result, table, &doubted_texts[0]);
    char **to = result_add_texts(result, table, &doubted_texts[1]);
    for (size_t i = 0; i < network->doubted_count && !result_failed(result); i++) {
        result_set_text(result, &from[i], network->actors[network->doubted[i].from].key);
        result_set_text(result, &to[i], network->actors[network->doubted[i].to].key);
    }
}

static void add_objections(const struct network *network, struct result *result)
{
    size_t table = result_add_table(result, "objections", network->negative_count);
    add_ties(network, table, network->negative_count, objection_at, result);
}

#define UNKNOWN_LISTED_MAX 1000000

/* Of a wave: who reported does not tell which pairs are known, so they are listed. */
static void add_unknown(const struct network *network, struct result *result)
{
    double unknown = network_unknown_dyads(network);
    size_t n = network->actor_count, row = 0;
    if (unknown > UNKNOWN_LISTED_MAX) {
        result_note(result, "%.0f pairs are unknown: too many to list", unknown);
        return;
    }
    size_t table = result_add_table(result, "unknown", (size_t)unknown);
    result_add_texts(result, table, &unknown_texts[0]);
    result_add_texts(result, table, &unknown_texts[1]);
    for (size_t i = 0; i < n && !result_failed(result); i++)
        for (size_t j = network->spec.directed ? 0 : i + 1; j < n; j++) {
            if (i == j || network->known[i * n + j])
                continue;
            result_set_text(result, &result->tables[table].columns[0].texts[row], network->actors[i].key);
            result_set_text(result, &result->tables[table].columns[1].texts[row++], network->actors[j].key);
        }
}

static void survey_card(const struct network *network, struct result *result)
{
    size_t answered = 0;
    for (size_t i = 0; i < network->actor_count; i++)
        answered += network->actors[i].reported;
    result_set_card(result, "answers", "%.0f", network->interactions);
    result_set_card(result, "answers that name nobody the register knows", "%.0f", network->interactions_unresolved);
    result_set_card(result, "unknown pairs", "%.0f", network_unknown_dyads(network));
    result_set_card(result, "self-ties dropped", "%.0f (weight %.6g)", network->self_count, network->self_weight);
    result_set_card(result, "answers outside the level or view", "%.0f", network->outside_count);
    if (answered < network->actor_count)
        result_note(result, "%zu of %zu actors have no respondent who answered: what they would have said is unknown, not no",
                    network->actor_count - answered, network->actor_count);
}

/* How many ties are unknown, when absence means no, and what was done about it. */
static void missing_card(const struct network *network, struct result *result)
{
    result_set_card(result, "unknown pairs", "%.0f", network_unknown_dyads(network));
    if (network->complete)
        result_set_card(result, "no tie means no", "always");
    else if (network->told_by == TOLD_BY_EITHER)
        result_set_card(result, "no tie means no", "where one of the two ends has reported; else it is unknown");
    else if (network->told_by == TOLD_BY_BOTH)
        result_set_card(result, "no tie means no", "where both ends have reported; else it is unknown");
    else
        result_set_card(result, "no tie means no", "where the end the tie goes from has reported; else it is unknown");
    if (!network->treated) {
        if (network->spec.missing == MISSING_UNKNOWN)
            result_set_card(
                result, "unknown ties treated",
                "unknown: left unknown; a number takes such a pair as not tied unless its definition says otherwise");
        else
            result_set_card(
                result, "unknown ties treated",
                "not at all: these numbers are about interactions, not ties, and missing=%s changes nothing in them",
                spec_missing_name(network->spec.missing));
        return;
    }
    result_set_card(result, "unknown pairs before the treatment", "%.0f", network->unknown_untreated);
    size_t put_in = 0;
    for (size_t i = 0; i < network->tie_count; i++)
        put_in += !(network->ties[i].count > 0);
    switch (network->spec.missing) {
    case MISSING_AS_REPORTED:
        result_set_card(result, "unknown ties treated",
                        "as-reported: a tie is what its own end told, undirected the mean of what the two ends told");
        break;
    case MISSING_UNION:
        result_set_card(result, "unknown ties treated", "union: a tie is what anybody told");
        break;
    case MISSING_INTERSECTION:
        result_set_card(
            result, "unknown ties treated",
            "intersection: a tie is what both ends told; %zu pairs that a silent end could have confirmed are unknown",
            network->doubted_count);
        break;
    case MISSING_RECONSTRUCTION:
        result_set_card(result, "unknown ties treated",
                        "reconstruction: a tie is what its own end told, or the other end where that one has not reported; "
                        "undirected the mean of the two");
        break;
    case MISSING_TIED:
        result_set_card(result, "unknown ties treated", "tied: %zu ties of the median weight put in, one for each unknown pair",
                        put_in);
        break;
    case MISSING_DRAWN:
        result_set_card(result, "unknown ties treated",
                        "drawn: each unknown pair is like a known pair drawn at random (one draw, seed %-llu); %zu ties put in",
                        (unsigned long long)network->spec.seed, put_in);
        break;
    case MISSING_UNKNOWN:
        break;
    }
    if (put_in > 0)
        result_note(result, "%zu of %zu ties are assumptions, not reports (missing=%s).", put_in, network->tie_count,
                    spec_missing_name(network->spec.missing));
}

void network_card(const struct network *network, struct result *result)
{
    if (network->known) {
        survey_card(network, result);
        return;
    }
    result_set_card(result, "interactions", "%.0f", network->interactions);
    result_set_card(result, "interactions with a name that waits", "%.0f", network->interactions_unresolved);
    result_set_card(result, "united reports", "%.0f", network->united);
    missing_card(network, result);
    result_set_card(result, "self-ties dropped", "%.0f (weight %.6g)", network->self_count, network->self_weight);
    result_set_card(result, "ties outside the level or view", "%.0f (weight %.6g)", network->outside_count,
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
    size_t silent = network->actor_count - reported;
    if (network->complete || silent == 0)
        return;
    if (network->told_by == TOLD_BY_EITHER)
        result_note(
            result,
            "%zu of %zu actors have not delivered for this period; a pair of two such actors without a tie is unknown, not no",
            silent, network->actor_count);
    else
        result_note(result,
                    "%zu of %zu actors have not delivered for this period; what only they could have told is unknown, not no",
                    silent, network->actor_count);
}

void network_tables(const struct network *network, struct result *result)
{
    add_nodes(network, result);
    add_edges(network, result);
    add_objections(network, result);
    if (network->known)
        add_unknown(network, result);
    if (network->spec.missing == MISSING_INTERSECTION)
        add_doubted(network, result);
    if (network->spec.choices.relations == RELATIONS_LAYERS)
        add_relations(network, result);
    if (network->spec.choices.spells != SPELLS_NONE)
        add_spells(network, result);
    network_card(network, result);
}
