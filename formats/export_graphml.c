/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as GraphML: every key declared with type and meaning, booleans as true and false, ids as strings, the card as data
 * of the graph.
 *
 * The first graph of the document is the network, which is what programs read that look at one graph only; the objections and
 * the layers follow as graphs of their own over the same nodes, with `relation` and `sign` as their data. Unknown dyads are
 * data of the first graph, as a JSON list of pairs, and not edges, so that nobody counts them as ties. Missing values are left
 * out, which GraphML reads as "has none". */
#include "export.h"
#include "result_table.h"
#include "xml.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_data(struct xml *xml, const char *key, const char *text)
{
    xml_begin(xml, "data");
    xml_attribute(xml, "key", key);
    xml_text(xml, text);
    xml_end(xml);
}

static void write_key(struct xml *xml, const char *id, const char *domain, const char *name, const char *type,
                      const char *about)
{
    xml_begin(xml, "key");
    xml_attribute(xml, "id", id);
    xml_attribute(xml, "for", domain);
    xml_attribute(xml, "attr.name", name);
    xml_attribute(xml, "attr.type", type);
    if (about && about[0])
        xml_element(xml, "desc", about);
    xml_end(xml);
}

static bool is_end(const char *name)
{
    return strcmp(name, "from") == 0 || strcmp(name, "to") == 0 || strcmp(name, "source") == 0 || strcmp(name, "target") == 0;
}

static void write_keys(struct xml *xml, const Samordning__V1__Table *table, const char *domain,
                       const Samordning__V1__Column *id)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        char key[32];
        snprintf(key, sizeof key, "%c%zu", domain[0], c);
        if (column != id && (id || !is_end(column->name)))
            write_key(xml, key, domain, column->name,
                      column->is_text             ? "string"
                      : export_is_boolean(column) ? "boolean"
                                                  : "double",
                      column->definition);
    }
}

static void write_cell(struct xml *xml, const char *key, const Samordning__V1__Column *column, size_t row)
{
    char number[RENDER_NUMBER_SIZE];
    if (column->is_text) {
        if (column->texts[row][0])
            write_data(xml, key, column->texts[row]);
    } else if (isfinite(column->numbers[row])) {
        render_number(column->numbers[row], number);
        write_data(xml, key, !export_is_boolean(column) ? number : column->numbers[row] != 0 ? "true" : "false");
    }
}

#define CARD_LIST(X) X(family) X(spec) X(spec_hash) X(watermark) X(input_hash) X(software) X(engine) X(computed_at)

static void write_graph_keys(struct xml *xml, const struct export *network)
{
    const Samordning__V1__Card *card = network->card;
    char id[32];
    write_key(xml, "relation", "graph", "relation", "string",
              "which ties this graph has: all of them, the objections, or a layer's");
    write_key(xml, "sign", "graph", "sign", "string", "positive (contact) or negative (objection)");
    write_key(xml, "unknown_count", "graph", "unknown_count", "double",
              "pairs without an edge that nobody who has reported would have told of: not known to be without a tie");
    write_key(xml, "unknown_dyads", "graph", "unknown_dyads", "string", "these pairs, as a JSON list of pairs of node ids");
    if (!card)
        return;
#define CARD_KEY(field) write_key(xml, "card_" #field, "graph", #field, "string", NULL);
    CARD_LIST(CARD_KEY)
#undef CARD_KEY
    for (size_t i = 0; i < card->n_entries; i++) {
        snprintf(id, sizeof id, "card%zu", i);
        write_key(xml, id, "graph", card->entries[i]->key, "string", NULL);
    }
    write_key(xml, "card_notes", "graph", "notes", "string", NULL);
}

static void write_card(struct xml *xml, const Samordning__V1__Card *card)
{
    char id[32];
#define CARD_DATA(field)                                                                                                       \
    if (card->field && card->field[0])                                                                                         \
        write_data(xml, "card_" #field, card->field);
    CARD_LIST(CARD_DATA)
#undef CARD_DATA
    for (size_t i = 0; i < card->n_entries; i++) {
        snprintf(id, sizeof id, "card%zu", i);
        write_data(xml, id, card->entries[i]->value);
    }
    if (card->n_notes == 0)
        return;
    xml_begin(xml, "data");
    xml_attribute(xml, "key", "card_notes");
    for (size_t i = 0; i < card->n_notes; i++) {
        xml_text(xml, i ? "\n" : "");
        xml_text(xml, card->notes[i]);
    }
    xml_end(xml);
}

static void write_unknown(struct xml *xml, const struct export *network)
{
    char number[RENDER_NUMBER_SIZE];
    render_number(network->unknown_count, number);
    write_data(xml, "unknown_count", number);
    if (network->unknown_listed == 0)
        return;
    xml_begin(xml, "data");
    xml_attribute(xml, "key", "unknown_dyads");
    for (size_t i = 0; i < network->unknown_listed; i++) {
        json_t *pair =
            json_pack("[s, s]", network->id->texts[network->unknown[i][0]], network->id->texts[network->unknown[i][1]]);
        char *text = pair ? json_dumps(pair, JSON_COMPACT) : NULL;
        xml->failed = xml->failed || !text;
        xml_text(xml, i ? "," : "[");
        xml_text(xml, text ? text : "");
        free(text);
        json_decref(pair);
    }
    xml_text(xml, "]");
    xml_end(xml);
}

/* Columns of a relation's table are the keys of the network's columns of the same name. */
static void write_edge(struct xml *xml, const struct export *network, const struct export_relation *relation,
                       const struct export_tie *tie)
{
    const Samordning__V1__Table *declared = network->relations[0].table;
    xml_begin(xml, "edge");
    xml_attribute(xml, "source", network->id->texts[tie->from]);
    xml_attribute(xml, "target", network->id->texts[tie->to]);
    for (size_t c = 0; c < declared->n_columns; c++) {
        const char *name = declared->columns[c]->name;
        const Samordning__V1__Column *column = table_column_named(relation->table, name, strlen(name));
        char key[32];
        snprintf(key, sizeof key, "e%zu", c);
        if (column && !is_end(name))
            write_cell(xml, key, column, tie->row);
    }
    xml_end(xml);
}

static void write_graph(struct xml *xml, const struct export *network, size_t number)
{
    const struct export_relation *relation = &network->relations[number];
    char id[32];
    snprintf(id, sizeof id, "g%zu", number);
    xml_begin(xml, "graph");
    xml_attribute(xml, "id", id);
    xml_attribute(xml, "edgedefault", relation->directed ? "directed" : "undirected");
    write_data(xml, "relation", relation->name);
    write_data(xml, "sign", relation->negative ? "negative" : "positive");
    if (number == 0 && network->card)
        write_card(xml, network->card);
    if (number == 0 && network->reported)
        write_unknown(xml, network);
    for (size_t row = 0; row < network->node_count; row++) {
        xml_begin(xml, "node");
        xml_attribute(xml, "id", network->id->texts[row]);
        for (size_t c = 0; c < network->nodes->n_columns; c++) {
            char key[32];
            snprintf(key, sizeof key, "n%zu", c);
            if (network->nodes->columns[c] != network->id)
                write_cell(xml, key, network->nodes->columns[c], row);
        }
        xml_end(xml);
    }
    for (size_t i = 0; i < relation->count; i++)
        write_edge(xml, network, relation, &relation->ties[i]);
    xml_end(xml);
}

bool export_graphml(FILE *file, const struct export *network)
{
    struct xml xml;
    xml_open(&xml, file);
    xml_begin(&xml, "graphml");
    xml_attribute(&xml, "xmlns", "http://graphml.graphdrawing.org/xmlns");
    write_graph_keys(&xml, network);
    write_keys(&xml, network->nodes, "node", network->id);
    write_keys(&xml, network->relations[0].table, "edge", NULL);
    for (size_t i = 0; i < network->relation_count; i++)
        write_graph(&xml, network, i);
    return xml_close(&xml);
}
