/* SPDX-License-Identifier: GPL-3.0-or-later
 * Smallest cuts by ties, by weight and by actors, and blocks, as tables of family keyplayers.
 */
#include "keyplayers.h"

#include "mincut.h"
#include "mixing.h"
#include "separator.h"

#include <math.h>
#include <stdlib.h>

static const struct column_definition cut_texts[] = {
    {"cut", "", "ties: fewest ties; weight: least weight of ties, both directions summed", ""},
    {"actors", "", "keys of the actors on the smaller side", ""},
    {"names", "", "their names", ""},
};
static const struct column_definition cut_numbers[] = {
    {"size", "ties or weight", "ties, or weight, between the two sides; 0 = the network is in parts already",
     "Stoer & Wagner 1997"},
    {"side_actors", "actors", "actors on the smaller side", ""},
    {"other_actors", "actors", "actors on the other side", ""},
};

static const struct column_definition member_texts[] = {
    {"actor", "", "key of an actor of the smallest set whose absence parts the others", ""},
    {"name", "", "its name", ""},
    {"sector", "", "sector the actor belongs to", ""},
};

static const struct column_definition separator_texts[] = {
    {"sector_a", "", "one sector", ""},
    {"sector_b", "", "the other sector", ""},
    {"actors", "", "keys of the fewest actors without whom nothing joins the two sectors, the set nearest to sector_a", ""},
    {"names", "", "their names", ""},
};
enum separator_column { ACTORS_A, ACTORS_B, PATHS, WHOLE_SECTOR, ONLY, SEPARATOR_COLUMNS };
static const struct column_definition separator_numbers[SEPARATOR_COLUMNS] = {
    [ACTORS_A] = {"actors_a", "", "actors of the one sector", ""},
    [ACTORS_B] = {"actors_b", "", "actors of the other sector", ""},
    [PATHS] = {"paths", "",
               "ways between the two sectors, direct or through others, that share no actor = actors of the smallest set whose "
               "absence ends all contact",
               "Menger 1927; Dinic 1970"},
    [WHOLE_SECTOR] = {"whole_sector", "0/1",
                      "1 when the number cannot be larger, because one of the sectors has no more actors", ""},
    [ONLY] = {"only", "0/1", "1 when no other set of this size does it", ""},
};

static const struct column_definition pair_texts[] = {
    {"from", "", "key of one actor", ""},
    {"from_name", "", "its name", ""},
    {"to", "", "key of the other actor, not tied to the first", ""},
    {"to_name", "", "its name", ""},
    {"actors", "", "keys of the fewest others without whom nothing joins the two, the set nearest to the first", ""},
    {"names", "", "their names", ""},
};
static const struct column_definition pair_numbers[] = {
    {"paths", "", "ways between the two that share nobody else = actors of the smallest set whose absence ends them",
     "Menger 1927; Dinic 1970"},
    {"only", "0/1", "1 when no other set of this size does it", ""},
};

static const struct column_definition block_texts[] = {
    {"actors", "", "keys of the members", ""},
    {"names", "", "their names", ""},
};
static const struct column_definition block_numbers[] = {
    {"size", "actors", "members of the block: a part that no single actor can split", "Hopcroft & Tarjan 1973"},
    {"ties", "", "ties among them, undirected; one tie alone is a bridge", "Hopcroft & Tarjan 1973"},
    {"articulation_points", "actors", "members that are in other blocks too", "Hopcroft & Tarjan 1973"},
};

/* ------------------------------------------------------------------------------------------------------ the whole network */
static enum metrics_status minimum_cuts(const struct network *network, const struct adjacency *both, struct result *result,
                                        struct keyplayers_whole *whole, struct families_step *step, char error[400])
{
    size_t n = both->count;
    bool wanted = n > 1 && n <= MINCUT_ACTORS_MAX;
    size_t rows = wanted ? 2 : 0, table = result_add_table(result, "minimum_cuts", rows);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &cut_texts[c]);
    for (size_t c = 0; c < 3; c++)
        result_add_numbers(result, table, &cut_numbers[c]);
    if (n > MINCUT_ACTORS_MAX)
        result_note(result, "Smallest cuts were left out: more than %d actors.", MINCUT_ACTORS_MAX);
    bool *side = calloc(n + 1, sizeof *side);
    int32_t *members = calloc(n + 1, sizeof *members);
    if (!side || !members || result_failed(result)) {
        free(side);
        free(members);
        return families_out_of_memory(error);
    }
    enum metrics_status status = METRICS_OK;
    for (size_t row = 0; row < rows && status == METRICS_OK; row++) {
        unsigned third = (step->to - step->from) / 3;
        struct families_step own = {step->input, step->from + (unsigned)row * third, step->from + ((unsigned)row + 1) * third};
        double size;
        enum mincut_status cut = mincut_run(both, row == 0, &size, side, families_proceed, &own);
        if (cut != MINCUT_OK) {
            status = cut == MINCUT_STOPPED ? METRICS_CANCELLED : families_out_of_memory(error);
            break;
        }
        size_t count = 0;
        for (size_t v = 0; v < n; v++)
            if (side[v])
                members[count++] = (int32_t)v;
        struct column *columns = result->tables[table].columns;
        result_set_text(result, &columns[0].texts[row], row == 0 ? "ties" : "weight");
        families_set_actors(network, result, &columns[1].texts[row], members, count, false);
        families_set_actors(network, result, &columns[2].texts[row], members, count, true);
        columns[3].numbers[row] = size;
        columns[4].numbers[row] = (double)count;
        columns[5].numbers[row] = (double)(n - count);
        *(row == 0 ? &whole->tie_connectivity : &whole->least_cut_weight) = size;
    }
    free(side);
    free(members);
    return status;
}

static void actor_cut(const struct network *network, const struct separator *separator, struct result *result)
{
    size_t rows = separator->members ? separator->size : 0, table = result_add_table(result, "actor_cut", rows);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, table, &member_texts[c]);
        for (size_t r = 0; texts && r < rows; r++) {
            const struct network_actor *actor = &network->actors[separator->members[r]];
            const char *text[] = {actor->key, actor->label, actor->sector};
            result_set_text(result, &texts[r], text[c]);
        }
    }
}

/* ------------------------------------------------------------------------------------------------------------ pairs */
static bool sector_pairs(const struct network *network, const struct topology *topology, struct separator_search *search,
                         struct result *result, struct families_step *step, enum metrics_status *ret_status, char error[400])
{
    struct mixing mixing;
    int32_t *group = malloc((network->actor_count + 1) * sizeof *group);
    size_t *sizes = NULL;
    if (!group || !mixing_init(&mixing, network, topology)) {
        free(group);
        *ret_status = families_out_of_memory(error);
        return false;
    }
    size_t k = mixing.group_count, pairs = k > 1 ? k * (k - 1) / 2 : 0, row = 0;
    if (pairs > KEYPLAYERS_PAIRS_MAX)
        result_note(result, "What joins pairs of sectors was left out: more than %d pairs.", KEYPLAYERS_PAIRS_MAX);
    if (!search || pairs > KEYPLAYERS_PAIRS_MAX)
        pairs = k = 0;
    for (size_t v = 0; v < network->actor_count; v++)
        group[v] = -1;
    sizes = calloc(k + 1, sizeof *sizes);
    for (size_t a = 0; sizes && k > 0 && a < mixing.labelled; a++) {
        group[mixing.actor[a]] = mixing.label[a];
        sizes[mixing.label[a]]++;
    }
    size_t table = result_add_table(result, "separators", pairs);
    for (size_t c = 0; c < 4; c++)
        result_add_texts(result, table, &separator_texts[c]);
    for (size_t c = 0; c < SEPARATOR_COLUMNS; c++)
        result_add_numbers(result, table, &separator_numbers[c]);
    *ret_status = !sizes || result_failed(result) ? families_out_of_memory(error) : METRICS_OK;
    for (size_t a = 0; a < k && *ret_status == METRICS_OK; a++)
        for (size_t b = a + 1; b < k; b++, row++) {
            if (!families_proceed(step, (unsigned)(row * 1000 / pairs))) {
                *ret_status = METRICS_CANCELLED;
                break;
            }
            struct separator separator;
            separator_between_groups(search, group, (int32_t)a, (int32_t)b, &separator);
            struct column *columns = result->tables[table].columns;
            result_set_text(result, &columns[0].texts[row], mixing.groups[a]);
            result_set_text(result, &columns[1].texts[row], mixing.groups[b]);
            families_set_actors(network, result, &columns[2].texts[row], separator.members, separator.size, false);
            families_set_actors(network, result, &columns[3].texts[row], separator.members, separator.size, true);
            double numbers[SEPARATOR_COLUMNS] = {
                [ACTORS_A] = (double)sizes[a],
                [ACTORS_B] = (double)sizes[b],
                [PATHS] = (double)separator.size,
                [WHOLE_SECTOR] = separator.size == (sizes[a] < sizes[b] ? sizes[a] : sizes[b]),
                [ONLY] = separator.only,
            };
            for (size_t c = 0; c < SEPARATOR_COLUMNS; c++)
                columns[4 + c].numbers[row] = numbers[c];
        }
    mixing_release(&mixing);
    free(group);
    free(sizes);
    return *ret_status == METRICS_OK;
}

static void actor_pairs(const struct network *network, const struct adjacency *both, struct separator_search *search,
                        struct result *result)
{
    size_t n = both->count, rows = 0, row = 0;
    bool wanted = search && n <= KEYPLAYERS_ACTORS_MAX;
    if (search && !wanted)
        result_note(result, "What joins pairs of actors was left out: more than %d actors.", KEYPLAYERS_ACTORS_MAX);
    if (wanted && n > 1)
        rows = n * (n - 1) / 2 - both->arc_count / 2;
    size_t table = result_add_table(result, "actor_separators", rows);
    for (size_t c = 0; c < 6; c++)
        result_add_texts(result, table, &pair_texts[c]);
    for (size_t c = 0; c < 2; c++)
        result_add_numbers(result, table, &pair_numbers[c]);
    for (size_t a = 0; a < n && rows > 0 && !result_failed(result); a++)
        for (size_t b = a + 1; b < n; b++) {
            if (adjacency_find(both, a, (int32_t)b) != SIZE_MAX)
                continue;
            struct separator separator;
            separator_between_actors(search, (int32_t)a, (int32_t)b, n, &separator);
            struct column *columns = result->tables[table].columns;
            for (size_t c = 0; c < 4; c++) {
                const struct network_actor *actor = &network->actors[c < 2 ? a : b];
                result_set_text(result, &columns[c].texts[row], c % 2 == 0 ? actor->key : actor->label);
            }
            families_set_actors(network, result, &columns[4].texts[row], separator.members, separator.size, false);
            families_set_actors(network, result, &columns[5].texts[row], separator.members, separator.size, true);
            columns[6].numbers[row] = (double)separator.size;
            columns[7].numbers[row] = separator.only;
            row++;
        }
}

/* ------------------------------------------------------------------------------------------------------------ blocks */
static void blocks(const struct network *network, const struct families_ground *ground, struct result *result)
{
    const struct cut *cut = &ground->cut;
    const struct adjacency *both = &ground->topology.both;
    size_t table = result_add_table(result, "blocks", cut->block_count);
    for (size_t c = 0; c < 2; c++)
        result_add_texts(result, table, &block_texts[c]);
    for (size_t c = 0; c < 3; c++)
        result_add_numbers(result, table, &block_numbers[c]);
    for (size_t b = 0; b < cut->block_count && !result_failed(result); b++) {
        const int32_t *members = &cut->block_member[cut->block_start[b]];
        size_t count = cut->block_start[b + 1] - cut->block_start[b], ties = 0, points = 0;
        for (size_t i = 0; i < count; i++) {
            size_t inside = 0, at = 0;
            for (size_t a = both->start[members[i]]; a < both->start[members[i] + 1]; a++) {
                while (at < count && members[at] < both->peer[a])
                    at++;
                inside += at < count && members[at] == both->peer[a];
            }
            ties += inside;
            points += inside < adjacency_degree(both, (size_t)members[i]);
        }
        struct column *columns = result->tables[table].columns;
        families_set_actors(network, result, &columns[0].texts[b], members, count, false);
        families_set_actors(network, result, &columns[1].texts[b], members, count, true);
        columns[2].numbers[b] = (double)count;
        columns[3].numbers[b] = (double)ties / 2;
        columns[4].numbers[b] = (double)points;
    }
}

enum metrics_status keyplayers_cuts(const struct network *network, const struct families_ground *ground, struct result *result,
                                    struct keyplayers_whole *ret_whole, struct families_step *step, char error[400])
{
    const struct adjacency *both = &ground->topology.both;
    size_t n = both->count;
    *ret_whole = (struct keyplayers_whole){NAN, NAN, NAN};
    unsigned width = (step->to - step->from) / 4;
    struct families_step cuts = {step->input, step->from, step->from + 2 * width};
    struct families_step whole = {step->input, cuts.to, cuts.to + width}, pairs = {step->input, whole.to, step->to};
    enum metrics_status status = minimum_cuts(network, both, result, ret_whole, &cuts, error);
    if (status != METRICS_OK)
        return status;
    if (n > SEPARATOR_ACTORS_MAX)
        result_note(result, "Ways that share no actor were left out: more than %d actors.", SEPARATOR_ACTORS_MAX);
    struct separator_search *search = n <= SEPARATOR_ACTORS_MAX ? separator_search_create(both) : NULL;
    if (!search && n <= SEPARATOR_ACTORS_MAX)
        return families_out_of_memory(error);
    struct separator separator = {0};
    if (search && !separator_of_network(search, &separator, families_proceed, &whole)) {
        status = METRICS_CANCELLED;
    } else {
        if (search && n > 1)
            ret_whole->actor_connectivity = (double)separator.size;
        actor_cut(network, &separator, result);
        if (sector_pairs(network, &ground->topology, search, result, &pairs, &status, error)) {
            actor_pairs(network, both, search, result);
            blocks(network, ground, result);
        }
    }
    separator_search_destroy(search);
    return status;
}
