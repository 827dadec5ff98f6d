/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a network out of a result. */
#include "export.h"

#include "result_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const Samordning__V1__Table *find_table(const Samordning__V1__Result *result, const char *name)
{
    for (size_t i = 0; i < result->n_tables; i++)
        if (strcmp(result->tables[i]->name, name) == 0)
            return result->tables[i];
    return NULL;
}

/* A column of that type under one of the names, or NULL. */
static const Samordning__V1__Column *find_column(const Samordning__V1__Table *table, const char *const names[], bool is_text)
{
    for (size_t i = 0; table && names[i]; i++) {
        const Samordning__V1__Column *column = table_column_named(table, names[i], strlen(names[i]));
        if (column && column->is_text == is_text)
            return column;
    }
    return NULL;
}

static const char *const id_names[] = {"actor", "key", "id", NULL}, *const from_names[] = {"from", "source", NULL},
                         *const to_names[] = {"to", "target", NULL}, *const weight_names[] = {"weight", NULL};

bool export_is_boolean(const Samordning__V1__Column *column)
{
    return !column->is_text && strcmp(column->unit, "0 or 1") == 0;
}

bool export_spec_value(const struct export *network, const char *key, char *ret_value, size_t size)
{
    size_t length = strlen(key);
    for (const char *at = network->card && network->card->spec ? network->card->spec : ""; *at;) {
        size_t word = strcspn(at, " ");
        if (word > length && strncmp(at, key, length) == 0 && at[length] == '=' && word - length - 1 < size) {
            memcpy(ret_value, at + length + 1, word - length - 1);
            ret_value[word - length - 1] = '\0';
            return true;
        }
        at += word + (at[word] == ' ');
    }
    return false;
}

/* ---------------------------------------------------------------------------------------------------------- nodes */
static int compare_keys(const void *a, const void *b, void *arg)
{
    char *const *keys = arg;
    return strcmp(keys[*(const size_t *)a], keys[*(const size_t *)b]);
}

static bool find_node(const struct export *network, const char *key, size_t *ret_node)
{
    size_t low = 0, high = network->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(network->id->texts[network->by_key[middle]], key);
        if (order == 0) {
            *ret_node = network->by_key[middle];
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool fail(struct export *network, enum status status, const char *table, const char *text)
{
    network->status = status;
    errmsg_set(&network->errmsg, table, "%s", text);
    return false;
}

static bool no_memory(struct export *network)
{
    return fail(network, STATUS_NO_MEMORY, "", "out of memory");
}

static bool take_nodes(struct export *network)
{
    static const char *const name[] = {"name", NULL}, *const sector[] = {"sector", NULL},
                             *const reported[] = {"reported", NULL};
    network->name = find_column(network->nodes, name, true);
    network->sector = find_column(network->nodes, sector, true);
    network->reported = find_column(network->nodes, reported, false);
    network->node_count = table_rows(network->nodes);
    network->by_key = calloc(network->node_count + 1, sizeof *network->by_key);
    if (!network->by_key)
        return no_memory(network);
    for (size_t i = 0; i < network->node_count; i++)
        network->by_key[i] = i;
    qsort_r(network->by_key, network->node_count, sizeof *network->by_key, compare_keys, network->id->texts);
    return true;
}

/* ------------------------------------------------------------------------------------------------------ relations */
static bool find_ends(struct export *network, const Samordning__V1__Table *table, size_t row, size_t *ret_from, size_t *ret_to)
{
    const Samordning__V1__Column *from = find_column(table, from_names, true), *to = find_column(table, to_names, true);
    if (from && to && find_node(network, from->texts[row], ret_from) && find_node(network, to->texts[row], ret_to))
        return true;
    return fail(network, STATUS_INVALID, table->name,
                "this result is no network: a row of this table does not join two of its nodes");
}

static double weight_of(const Samordning__V1__Table *table, size_t row)
{
    const Samordning__V1__Column *weight = find_column(table, weight_names, false);
    return weight ? weight->numbers[row] : 1;
}

/* Rows [begin, end) of a table as a relation. */
static bool take_relation(struct export *network, const char *name, const Samordning__V1__Table *table, size_t begin,
                          size_t end, bool negative)
{
    struct export_tie *ties = calloc(end - begin + 1, sizeof *ties);
    if (!ties || network->relation_count == EXPORT_RELATIONS_MAX) {
        free(ties);
        return no_memory(network);
    }
    network->relations[network->relation_count++] = (struct export_relation){.name = name,
                                                                             .table = table,
                                                                             .directed = negative || network->directed,
                                                                             .negative = negative,
                                                                             .ties = ties,
                                                                             .count = end - begin};
    for (size_t row = begin; row < end; row++) {
        struct export_tie *tie = &ties[row - begin];
        tie->row = row;
        tie->weight = weight_of(table, row);
        if (!find_ends(network, table, row, &tie->from, &tie->to))
            return false;
    }
    return true;
}

static bool take_relations(struct export *network, const Samordning__V1__Table *edges)
{
    static const char *const layer_names[] = {"layer", NULL};
    network->relations = calloc(EXPORT_RELATIONS_MAX, sizeof *network->relations);
    if (!network->relations)
        return no_memory(network);
    if (!take_relation(network, "ties", edges, 0, table_rows(edges), false))
        return false;
    const Samordning__V1__Table *objections = find_table(network->result, "objections");
    if (table_rows(objections) > 0 && !take_relation(network, "objections", objections, 0, table_rows(objections), true))
        return false;
    const Samordning__V1__Table *layers = find_table(network->result, "relations");
    const Samordning__V1__Column *layer = find_column(layers, layer_names, true);
    for (size_t row = 0, next, count = layer ? table_rows(layers) : 0; row < count; row = next) {
        for (next = row + 1; next < count && strcmp(layer->texts[next], layer->texts[row]) == 0;)
            next++;
        if (!take_relation(network, layer->texts[row], layers, row, next, false))
            return false;
        network->layer_count++;
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------------- spells */
static int compare_spells(const void *a, const void *b)
{
    const struct export_spell *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    if (left->to != right->to)
        return left->to < right->to ? -1 : 1;
    return strcmp(left->start, right->start);
}

static bool take_spells(struct export *network)
{
    static const char *const start_names[] = {"start", NULL}, *const end_names[] = {"end", NULL};
    const Samordning__V1__Table *table = find_table(network->result, "spells");
    const Samordning__V1__Column *start = find_column(table, start_names, true), *end = find_column(table, end_names, true);
    if (!start || !end)
        return true;
    network->spell_count = table_rows(table);
    network->spells = calloc(network->spell_count + 1, sizeof *network->spells);
    if (!network->spells)
        return no_memory(network);
    for (size_t i = 0; i < network->spell_count; i++) {
        struct export_spell *spell = &network->spells[i];
        *spell = (struct export_spell){.row = i, .weight = weight_of(table, i), .start = start->texts[i], .end = end->texts[i]};
        if (!find_ends(network, table, i, &spell->from, &spell->to))
            return false;
    }
    qsort(network->spells, network->spell_count, sizeof *network->spells, compare_spells);
    return true;
}

const struct export_spell *export_spells(const struct export *network, const struct export_tie *tie, size_t *ret_count)
{
    const struct export_spell wanted = {.from = tie->from, .to = tie->to, .start = ""};
    size_t low = 0, high = network->spell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_spells(&network->spells[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t count = 0;
    while (low + count < network->spell_count && network->spells[low + count].from == tie->from &&
           network->spells[low + count].to == tie->to)
        count++;
    *ret_count = count;
    return network->spells + low;
}

/* -------------------------------------------------------------------------------------------------- unknown dyads */
static int compare_pairs(const void *a, const void *b)
{
    const size_t *left = a, *right = b;
    if (left[0] != right[0])
        return left[0] < right[0] ? -1 : 1;
    return (left[1] > right[1]) - (left[1] < right[1]);
}

static bool is_tied(const size_t (*pairs)[2], size_t count, size_t from, size_t to)
{
    const size_t wanted[2] = {from, to};
    return count && bsearch(wanted, pairs, count, sizeof *pairs, compare_pairs) != NULL;
}

static bool has_reported(const struct export *network, size_t node)
{
    return !network->reported || network->reported->numbers[node] != 0;
}

/* By the rule, apart from what is doubted. */
static bool would_be_told(const struct export *network, size_t from, size_t to)
{
    bool sender = has_reported(network, from), other = has_reported(network, to);
    switch (network->told_by) {
    case EXPORT_TOLD_BY_EITHER:
        return sender || other;
    case EXPORT_TOLD_BY_BOTH:
        return sender && other;
    case EXPORT_TOLD_BY_FROM:
        return sender;
    }
    return true;
}

/* Ordered pairs that are unknown by the rule, tied or not. */
static double untold_arcs(const struct export *network)
{
    double all = (double)network->node_count, silent = 0;
    for (size_t i = 0; i < network->node_count; i++)
        silent += !has_reported(network, i);
    switch (network->told_by) {
    case EXPORT_TOLD_BY_EITHER:
        return silent * (silent - 1);
    case EXPORT_TOLD_BY_BOTH:
        return all * (all - 1) - (all - silent) * (all - silent - 1);
    case EXPORT_TOLD_BY_FROM:
        return silent * (all - 1);
    }
    return 0;
}

static void take_rule(struct export *network)
{
    char missing[32];
    network->told_by = EXPORT_TOLD_BY_EITHER;
    if (export_spec_value(network, "missing", missing, sizeof missing) && strcmp(missing, "as-reported") == 0)
        network->told_by = network->directed ? EXPORT_TOLD_BY_FROM : EXPORT_TOLD_BY_BOTH;
    const Samordning__V1__Column *state = find_column(network->relations[0].table, (const char *const[]){"state", NULL}, true);
    for (size_t i = 0; state && i < network->relations[0].count; i++)
        network->put_in += strcmp(state->texts[network->relations[0].ties[i].row], "put_in") == 0;
}

/* What the card says; a result without that entry is taken by the rule alone. */
static double counted_unknown(const struct export *network, double otherwise)
{
    for (size_t i = 0; network->card && i < network->card->n_entries; i++)
        if (strcmp(network->card->entries[i]->key, "unknown pairs") == 0)
            return strtod(network->card->entries[i]->value, NULL);
    return otherwise;
}

/* Of a wave the result lists them itself: who reported does not tell. */
static bool take_listed(struct export *network, const Samordning__V1__Table *table)
{
    size_t count = table_rows(table);
    network->unknown_count = (double)count;
    network->unknown = count > 0 && count <= EXPORT_UNKNOWN_MAX ? calloc(count, sizeof *network->unknown) : NULL;
    if (count == 0 || count > EXPORT_UNKNOWN_MAX)
        return true;
    for (size_t row = 0; network->unknown && row < count; row++)
        if (!find_ends(network, table, row, &network->unknown[row][0], &network->unknown[row][1]))
            return false;
    network->unknown_listed = count;
    return network->unknown || no_memory(network);
}

bool export_lists_unknown(const struct export *network)
{
    const Samordning__V1__Table *table = find_table(network->result, "unknown");
    return find_column(table, from_names, true) && find_column(table, to_names, true);
}

/* The ties that the rule would call unknown, in both directions where they have none; sorted. False: out of memory. */
static bool tied_untold(struct export *network, size_t (**ret_pairs)[2], size_t *ret_count, double *ret_tied)
{
    const struct export_relation *ties = &network->relations[0];
    size_t(*pairs)[2] = calloc(2 * ties->count + 1, sizeof *pairs);
    if (!pairs)
        return no_memory(network);
    *ret_tied = 0;
    *ret_count = 0;
    for (size_t i = 0; i < ties->count; i++) {
        size_t from = ties->ties[i].from, to = ties->ties[i].to;
        if (would_be_told(network, from, to))
            continue;
        *ret_tied += 1;
        for (int turned = 0; turned < (network->directed ? 1 : 2); turned++, ++*ret_count) {
            pairs[*ret_count][0] = turned ? to : from;
            pairs[*ret_count][1] = turned ? from : to;
        }
    }
    qsort(pairs, *ret_count, sizeof *pairs, compare_pairs);
    *ret_pairs = pairs;
    return true;
}

/* Those of the rule in the order of the nodes. Rows and columns that cannot hold one are passed over: where few are silent that
 * is nearly all. */
static void list_by_rule(struct export *network, const size_t *silent, size_t silent_count, const size_t (*tied)[2],
                         size_t tied_count, size_t room)
{
    bool either = network->told_by == EXPORT_TOLD_BY_EITHER;
    for (size_t i = 0; i < network->node_count; i++) {
        bool told = has_reported(network, i);
        if (told && network->told_by != EXPORT_TOLD_BY_BOTH)
            continue;
        bool few = told || either; /* the other end must be silent */
        for (size_t c = 0; c < (few ? silent_count : network->node_count); c++) {
            size_t k = few ? silent[c] : c;
            if (k == i || (!network->directed && k < i) || is_tied(tied, tied_count, i, k) || network->unknown_listed == room)
                continue;
            network->unknown[network->unknown_listed][0] = i;
            network->unknown[network->unknown_listed++][1] = k;
        }
    }
}

static bool take_unknown(struct export *network)
{
    size_t silent_count = 0, tied_count = 0;
    size_t(*tied)[2] = NULL;
    double tied_ties;
    if (export_lists_unknown(network))
        return take_listed(network, find_table(network->result, "unknown"));
    const Samordning__V1__Table *doubted = find_table(network->result, "doubted");
    if (doubted)
        network->doubted_count = table_rows(doubted);
    size_t *silent = calloc(network->node_count + 1, sizeof *silent);
    if (!silent)
        return no_memory(network);
    take_rule(network);
    if (!tied_untold(network, &tied, &tied_count, &tied_ties)) {
        free(silent);
        return false;
    }
    for (size_t i = 0; i < network->node_count; i++)
        if (!has_reported(network, i))
            silent[silent_count++] = i;
    double all = untold_arcs(network) / (network->directed ? 1 : 2) - tied_ties + (double)network->doubted_count;
    network->unknown_count = counted_unknown(network, all);
    /* A count that is not the rule's (0 of a complete delivery) has no list. */
    bool listed = network->unknown_count == all && all > 0 && all <= EXPORT_UNKNOWN_MAX;
    network->unknown = listed ? calloc((size_t)all, sizeof *network->unknown) : NULL;
    bool good = !listed || network->unknown || no_memory(network);
    if (network->unknown) {
        list_by_rule(network, silent, silent_count, (const size_t(*)[2])tied, tied_count, (size_t)all - network->doubted_count);
        for (size_t row = 0; row < network->doubted_count && good; row++) {
            size_t *pair = network->unknown[network->unknown_listed];
            good = find_ends(network, doubted, row, &pair[0], &pair[1]);
            network->unknown_listed += good;
        }
        if (network->doubted_count)
            qsort(network->unknown, network->unknown_listed, sizeof *network->unknown, compare_pairs);
    }
    free(silent);
    free(tied);
    return good;
}

/* ---------------------------------------------------------------------------------------------------------- whole */
enum status export_init(struct export *network, const Samordning__V1__Result *result, struct errmsg *ret_errmsg)
{
    *network = (struct export){.result = result, .card = result->card, .nodes = find_table(result, "nodes")};
    const Samordning__V1__Table *edges = find_table(result, "edges");
    network->id = find_column(network->nodes, id_names, true);
    if (!network->id || !find_column(edges, from_names, true) || !find_column(edges, to_names, true)) {
        errmsg_set(ret_errmsg, "", "this result is no network: it has no tables nodes and edges");
        return STATUS_INVALID;
    }
    char direction[16];
    network->directed =
        !export_spec_value(network, "direction", direction, sizeof direction) || strcmp(direction, "undirected") != 0;
    if (take_nodes(network) && take_relations(network, edges) && take_spells(network) && take_unknown(network))
        return STATUS_OK;
    enum status status = network->status;
    if (ret_errmsg)
        *ret_errmsg = network->errmsg;
    export_release(network);
    return status;
}

void export_release(struct export *network)
{
    for (size_t i = 0; i < network->relation_count; i++)
        free(network->relations[i].ties);
    free(network->relations);
    free(network->by_key);
    free(network->spells);
    free(network->unknown);
    *network = (struct export){0};
}
