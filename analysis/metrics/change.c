/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family change: two periods on the same actors, their ties, their actors' positions and the network as a whole.
 */
#include "change_chance.h"
#include "civil_time.h"
#include "dyads.h"
#include "families.h"
#include "period_pair.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum whole_column { EARLIER, LATER, DIFFERENCE, P, SWAPS, MEAN, SE, LOW, HIGH, COUNT, WHOLE_COLUMNS };
static const struct column_definition whole_text = {
    "measure", "", "column of family graph, where its definition and source stand; ei: of family gaps", ""};
static const struct column_definition whole_numbers[WHOLE_COLUMNS] = {
    [EARLIER] = {"earlier", "", "value in the earlier period, on the actors that are in both", ""},
    [LATER] = {"later", "", "value in the later period, on the actors that are in both", ""},
    [DIFFERENCE] = {"difference", "", "later - earlier", ""},
    [P] = {"p", "",
           "two-sided: share of the swaps with a difference at least as large, when each pair of actors has the values of the "
           "two periods the other way round with a chance of one half",
           "Good 2005; Phipson & Smyth 2010"},
    [SWAPS] = {"swaps", "", "swaps in which both networks have a value", ""},
    [MEAN] = {"bootstrap_mean", "", "mean of the difference over the bootstrap replicates", "Snijders & Borgatti 1999"},
    [SE] = {"bootstrap_se", "", "standard deviation of the difference over the bootstrap replicates",
            "Snijders & Borgatti 1999"},
    [LOW] = {"bootstrap_low", "", "lower end of the 95 % percentile interval of the difference", "Efron & Tibshirani 1993"},
    [HIGH] = {"bootstrap_high", "", "upper end of the 95 % percentile interval of the difference", "Efron & Tibshirani 1993"},
    [COUNT] = {"bootstrap_count", "replicates", "replicates in which both networks have a value", ""},
};

#define TURNOVER_COLUMNS 8
static const struct column_definition turnover_numbers[TURNOVER_COLUMNS] = {
    {"kept", "ties", "ties in both periods; in a directed network each direction is a tie of its own", ""},
    {"new", "ties", "ties in the later period only", ""},
    {"lost", "ties", "ties in the earlier period only", ""},
    {"jaccard", "share", "kept / (kept + new + lost); missing without ties",
     "Jaccard 1901; Snijders, van de Bunt & Steglich 2010"},
    {"dyads_unknown", "", "pairs (directed: ordered pairs) unknown in either period, which are left out", ""},
    {"weight_earlier", "weight", "weight of the ties in the earlier period", ""},
    {"weight_later", "weight", "weight of the ties in the later period", ""},
    {"weight_change", "weight", "weight_later - weight_earlier", ""},
};
static const struct column_definition actor_texts[] = {
    {"actor", "", "stable key of the actor", ""},
    {"name", "", "name of the actor", ""},
    {"sector", "", "sector the actor belongs to", ""},
};
static const struct column_definition sector_texts[] = {
    {"sector_a", "", "one sector; in a directed network the one the ties come from", ""},
    {"sector_b", "", "the other, or the same", ""},
};

static const struct column_definition position_text = {
    "measure", "", "column of family centrality, where its definition and source stand", ""};
static const struct column_definition position_numbers[] = {
    {"before", "", "value in the earlier period, on the actors that are in both", ""},
    {"after", "", "value in the later period, on the actors that are in both", ""},
    {"change", "", "after - before; missing when either is", ""},
    {"rank_before", "", "1 + number of actors with a larger value, in the earlier period", ""},
    {"rank_after", "", "1 + number of actors with a larger value, in the later period", ""},
    {"rank_change", "", "rank_before - rank_after: over 0 = moved up", ""},
};
static const char *const positions[] = {"degree",       "degree_in",   "degree_out", "strength",    "strength_in",
                                        "strength_out", "betweenness", "harmonic",   "eigenvector", "pagerank"};

static const struct column_definition presence_numbers[] = {
    {"earlier", "0 or 1", "1: in the network of the earlier period", ""},
    {"later", "0 or 1", "1: in the network of the later period", ""},
};
static const struct column_definition period_texts[] = {
    {"period", "", "earlier or later", ""},
    {"from", "", "first day", ""},
    {"to", "", "day after the last", ""},
};
#define PERIOD_COLUMNS 6
static const struct column_definition period_numbers[PERIOD_COLUMNS] = {
    {"days", "days", "length of the period", ""},
    {"interactions", "", "interactions in the period and layers, resolved or not", ""},
    {"interactions_unresolved", "", "interactions with a participant whose name is not yet linked to an actor", ""},
    {"actors", "", "actors in the network, also those without ties", ""},
    {"ties", "", "ties; in a directed network each direction is a tie of its own", ""},
    {"dyads_unknown", "", "pairs without a tie that nobody would have told of: not known to be absent", ""},
};

static const struct network_actor *actor_of(const struct period_pair *pair, struct comparison_pair at)
{
    return at.after >= 0 ? &pair->later->actors[at.after] : &pair->earlier->actors[at.before];
}

/* Columns are written when all are there: pointers do not survive the adding of columns. */
static void set_actor(const struct network_actor *actor, struct result *result, size_t table, size_t first, size_t row)
{
    const char *texts[] = {actor->key, actor->label, actor->sector};
    for (size_t c = 0; c < 3; c++)
        result_set_text(result, &result->tables[table].columns[first + c].texts[row], texts[c]);
}

static bool whole_table(const struct chance *chance, struct result *result)
{
    double *columns[WHOLE_COLUMNS], *room = malloc((chance->replicate_count + 1) * sizeof *room);
    size_t table = result_add_table(result, "change", chance->count);
    result_add_texts(result, table, &whole_text);
    if (!room || !families_numbers(result, table, whole_numbers, WHOLE_COLUMNS, columns)) {
        free(room);
        return false;
    }
    for (size_t c = 0; c < chance->count; c++) {
        struct chance_row row = chance_row(chance, c, room);
        const double numbers[WHOLE_COLUMNS] = {[EARLIER] = chance->earlier[c], [LATER] = chance->later[c],
                                               [DIFFERENCE] = row.difference,  [P] = row.p,
                                               [SWAPS] = (double)row.swaps,    [MEAN] = row.interval.mean,
                                               [SE] = row.interval.se,         [LOW] = row.interval.low,
                                               [HIGH] = row.interval.high,     [COUNT] = (double)row.interval.count};
        result_set_text(result, &result->tables[table].columns[0].texts[c], chance_name(chance, c));
        for (size_t k = 0; k < WHOLE_COLUMNS; k++)
            columns[k][c] = numbers[k];
    }
    free(room);
    return true;
}

static void turnover_row(const struct turnover *turnover, double *const *columns, size_t row)
{
    const double numbers[TURNOVER_COLUMNS] = {
        turnover->kept,         turnover->added,
        turnover->lost,         turnover_jaccard(turnover),
        turnover->unknown,      turnover->weight_earlier,
        turnover->weight_later, comparison_difference(turnover->weight_earlier, turnover->weight_later)};
    for (size_t c = 0; c < TURNOVER_COLUMNS; c++)
        columns[c][row] = numbers[c];
}

static bool turnover_tables(const struct period_pair *pair, struct result *result)
{
    double *columns[TURNOVER_COLUMNS];
    size_t table = result_add_table(result, "turnover", 1);
    if (!families_numbers(result, table, turnover_numbers, TURNOVER_COLUMNS, columns))
        return false;
    turnover_row(&pair->all, columns, 0);

    table = result_add_table(result, "turnover_actors", pair->actors);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &actor_texts[c]);
    if (!families_numbers(result, table, turnover_numbers, TURNOVER_COLUMNS, columns))
        return false;
    for (size_t i = 0; i < pair->actors; i++) {
        set_actor(&pair->later->actors[pair->after_at[i]], result, table, 0, i);
        turnover_row(&pair->of_actor[i], columns, i);
    }

    size_t sectors = pair->sector_count, row = 0;
    bool directed = pair->later->spec.directed;
    table = result_add_table(result, "turnover_sectors", directed ? sectors * sectors : sectors * (sectors + 1) / 2);
    for (size_t c = 0; c < 2; c++)
        result_add_texts(result, table, &sector_texts[c]);
    if (!families_numbers(result, table, turnover_numbers, TURNOVER_COLUMNS, columns))
        return false;
    for (size_t a = 0; a < sectors; a++)
        for (size_t b = directed ? 0 : a; b < sectors; b++, row++) {
            const char *texts[] = {pair->sectors[a], pair->sectors[b]};
            for (size_t c = 0; c < 2; c++)
                result_set_text(result, &result->tables[table].columns[c].texts[row], texts[c]);
            turnover_row(&pair->of_sectors[period_pair_cell(pair, (int32_t)a, (int32_t)b)], columns, row);
        }
    return true;
}

/* ---------------------------------------------------------------------------------------------------------- positions */
static const struct measure *position_of(const struct measures *measures, const char *name)
{
    for (size_t m = measures->network_count; m < measures->count; m++)
        if (strcmp(measures->list[m].name, name) == 0)
            return &measures->list[m];
    return NULL; /* of directed networks only */
}

static bool position_rows(const struct period_pair *pair, const struct measure *measure, double *const *vectors, double *ranks,
                          struct result *result, size_t table, size_t row)
{
    size_t n = pair->actors;
    const double *before = vectors[0] + measure->at, *after = vectors[1] + measure->at;
    if (!comparison_ranks(before, n, ranks) || !comparison_ranks(after, n, ranks + n))
        return false;
    struct column *columns = result->tables[table].columns;
    for (size_t i = 0; i < n; i++) {
        const double numbers[] = {before[i], after[i],     comparison_difference(before[i], after[i]),
                                  ranks[i],  ranks[n + i], ranks[i] - ranks[n + i]};
        result_set_text(result, &columns[0].texts[row + i], measure->name);
        set_actor(&pair->later->actors[pair->after_at[i]], result, table, 1, row + i);
        for (size_t c = 0; c < 6; c++)
            columns[4 + c].numbers[row + i] = numbers[c];
    }
    return true;
}

static bool position_table(const struct period_pair *pair, const struct measures *measures, double *const *vectors,
                           struct result *result)
{
    size_t wanted = 0, row = 0, n = pair->actors;
    for (size_t p = 0; p < sizeof positions / sizeof positions[0]; p++)
        wanted += position_of(measures, positions[p]) != NULL;
    size_t table = result_add_table(result, "positions", wanted * n);
    result_add_texts(result, table, &position_text);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &actor_texts[c]);
    for (size_t c = 0; c < 6; c++)
        result_add_numbers(result, table, &position_numbers[c]);
    double *ranks = malloc((2 * n + 1) * sizeof *ranks);
    bool ok = ranks && !result_failed(result);
    for (size_t p = 0; ok && p < sizeof positions / sizeof positions[0]; p++) {
        const struct measure *measure = position_of(measures, positions[p]);
        if (!measure)
            continue;
        ok = position_rows(pair, measure, vectors, ranks, result, table, row);
        row += n;
    }
    free(ranks);
    return ok;
}

static enum metrics_status compare_positions(const struct metrics_input *input, const struct period_pair *pair,
                                             struct result *result, char error[400])
{
    struct measures measures;
    struct network like = *input->network; /* for direction and choices, and for as many actors as there are in both */
    like.actor_count = pair->actors;
    enum metrics_status status = measures_init(&measures, &like, true, error);
    if (status != METRICS_OK)
        return status;
    double *vectors[2] = {NULL}, *const matrices[2] = {pair->before, pair->after};
    for (unsigned p = 0; p < 2 && status == METRICS_OK; p++) {
        struct families_step step = {input, 900 + 50 * p, 950 + 50 * p};
        vectors[p] = malloc((measures.size + 1) * sizeof *vectors[p]);
        status = vectors[p] ? measures_compute(&measures, matrices[p], pair->actors, families_proceed, &step, vectors[p], error)
                            : families_out_of_memory(error);
    }
    if (status == METRICS_OK && !position_table(pair, &measures, vectors, result))
        status = families_out_of_memory(error);
    free(vectors[0]);
    free(vectors[1]);
    measures_release(&measures);
    return status;
}

/* ----------------------------------------------------------------------------------------------------- what was compared */
static bool presence_table(const struct period_pair *pair, struct result *result)
{
    double *columns[2];
    size_t table = result_add_table(result, "presence", pair->presence_count);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &actor_texts[c]);
    if (!families_numbers(result, table, presence_numbers, 2, columns))
        return false;
    for (size_t p = 0; p < pair->presence_count; p++) {
        set_actor(actor_of(pair, pair->presence[p]), result, table, 0, p);
        columns[0][p] = pair->presence[p].before >= 0;
        columns[1][p] = pair->presence[p].after >= 0;
    }
    return true;
}

static bool period_table(const struct period_pair *pair, struct result *result)
{
    double *columns[PERIOD_COLUMNS];
    size_t table = result_add_table(result, "periods", 2);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &period_texts[c]);
    if (!families_numbers(result, table, period_numbers, PERIOD_COLUMNS, columns))
        return false;
    for (size_t p = 0; p < 2; p++) {
        const struct network *network = p == 0 ? pair->earlier : pair->later;
        char from[16], to[16];
        civil_day_format(network->spec.from_day, from);
        civil_day_format(network->spec.to_day, to);
        const char *texts[] = {p == 0 ? "earlier" : "later", from, to};
        const double numbers[PERIOD_COLUMNS] = {network->spec.to_day - network->spec.from_day,
                                                network->interactions,
                                                network->interactions_unresolved,
                                                (double)network->actor_count,
                                                (double)network->tie_count,
                                                network_unknown_dyads(network)};
        for (size_t c = 0; c < 3; c++)
            result_set_text(result, &result->tables[table].columns[c].texts[p], texts[c]);
        for (size_t c = 0; c < PERIOD_COLUMNS; c++)
            columns[c][p] = numbers[c];
    }
    return true;
}

static void describe(const struct period_pair *pair, const struct chance *chance, struct result *result)
{
    const struct spec *spec = &pair->later->spec, *earlier = &pair->earlier->spec;
    char from[16], to[16];
    civil_day_format(earlier->from_day, from);
    civil_day_format(earlier->to_day, to);
    if (spec->choices.earlier_from_day || spec->choices.earlier_to_day)
        result_set_card(result, "earlier period", "%s to %s (not included), as asked for", from, to);
    else
        result_set_card(result, "earlier period", "%s to %s (not included): as many days just before the period", from, to);
    result_set_card(result, "actors compared", "%zu in both periods, of %zu in the earlier and %zu in the later", pair->actors,
                    pair->earlier->actor_count, pair->later->actor_count);
    result_set_card(result, "sectors", "as in the later period; actors without one are not in turnover_sectors and ei");
    result_set_card(result, "unknown in either period", "%.0f pairs, not tied in either network as they are compared",
                    pair->all.unknown);
    if (chance->exact)
        result_set_card(result, "permutation", "all %zu ways to swap the values of the %zu pairs that differ, p exact",
                        chance->swap_count, chance->differing);
    else
        result_set_card(result, "permutation", "%zu random swaps of the values of the %zu pairs that differ, p = (b+1)/(m+1)",
                        chance->swap_count, chance->differing);
    if (spec->choices.fill == FILL_ZERO)
        result_set_card(result, "bootstrap",
                        "paired vertex bootstrap, zero fill: the same actors are drawn in both networks, two copies of one "
                        "actor are not tied");
    else
        result_set_card(result, "bootstrap",
                        "paired vertex bootstrap, random-dyad fill: the same actors are drawn in both networks, between two "
                        "copies of one actor stands the same pair drawn from each");
    result_set_card(result, "replicates", "%zu", chance->replicate_count);
    result_set_card(result, "interval", "middle 95 %% of the replicates (percentile interval)");
    families_card_random(spec->seed, result);
    int32_t days = spec->to_day - spec->from_day, earlier_days = earlier->to_day - earlier->from_day;
    if (days != earlier_days)
        result_note(result,
                    "The periods have %d and %d days: the longer one has more ties and weight for that reason alone. Compare "
                    "periods of one length.",
                    earlier_days, days);
    if (pair->actors < 2)
        result_note(result, "Fewer than two actors are in both periods: there is nothing to compare.");
    if (pair->all.unknown > 0)
        result_note(result,
                    "%.0f pairs are unknown in one of the periods: they are left out of the turnover and count as not tied in "
                    "both networks.",
                    pair->all.unknown);
}

enum metrics_status change_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    families_end(&ground);
    if (!input->earlier) {
        snprintf(error, 400, "no earlier network to compare with");
        return METRICS_FAILED;
    }
    struct period_pair pair;
    struct chance chance = {0};
    if (!period_pair_init(&pair, input->earlier, input->network))
        return families_out_of_memory(error);
    enum metrics_status status = METRICS_OK;
    if (pair.actors > DYADS_ACTORS_MAX) {
        snprintf(error, 400,
                 "%zu actors in both periods are more than %d: the matrices would not fit. Ask for a coarser level.",
                 pair.actors, DYADS_ACTORS_MAX);
        status = METRICS_REFUSED;
        goto out;
    }
    status = chance_take(input, &pair, &chance, error);
    if (status != METRICS_OK)
        goto out;
    if (!whole_table(&chance, result) || !turnover_tables(&pair, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    status = compare_positions(input, &pair, result, error);
    if (status != METRICS_OK)
        goto out;
    if (!presence_table(&pair, result) || !period_table(&pair, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    describe(&pair, &chance, result);
    status = families_finish(result, error);
out:
    chance_release(&chance);
    period_pair_release(&pair);
    return status;
}
