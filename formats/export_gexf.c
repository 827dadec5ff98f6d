/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as GEXF 1.3: spells of contact on each tie, the weight of each spell as a dynamic attribute, and the weight of the
 * whole period as the plain one that Gephi draws by.
 *
 * Intervals are half-open: a spell from 2014-03-01 to 2014-05-01 is March and April. The graph's own interval is the period.
 * Objections are directed edges of kind "objection" in a directed network; GEXF readers refuse directed and undirected edges
 * in one graph, so in an undirected network they are left out, and the fidelity note says so. */
#include "export.h"
#include "result_table.h"
#include "xml.h"

#include <math.h>
#include <string.h>

static void write_attribute(struct xml *xml, const char *id, const char *title, const char *type)
{
    xml_begin(xml, "attribute");
    xml_attribute(xml, "id", id);
    xml_attribute(xml, "title", title);
    xml_attribute(xml, "type", type);
    xml_end(xml);
}

static void begin_attributes(struct xml *xml, const char *domain, const char *mode)
{
    xml_begin(xml, "attributes");
    xml_attribute(xml, "class", domain);
    xml_attribute(xml, "mode", mode);
}

/* The ends and the weight of an edge and the id of a node are attributes of their elements. */
static bool is_own(const struct export *network, const Samordning__V1__Column *column)
{
    static const char *const own[] = {"from", "to", "source", "target", "weight"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(column->name, own[i]) == 0)
            return true;
    return column == network->id;
}

static void declare(struct xml *xml, const struct export *network, const Samordning__V1__Table *table, const char *domain)
{
    begin_attributes(xml, domain, "static");
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        char id[32];
        snprintf(id, sizeof id, "%c%zu", domain[0], c);
        if (!is_own(network, column))
            write_attribute(xml, id, column->name,
                            column->is_text             ? "string"
                            : export_is_boolean(column) ? "boolean"
                                                        : "double");
    }
    if (strcmp(domain, "edge") == 0)
        write_attribute(xml, "relation", "relation", "string");
    xml_end(xml);
    if (strcmp(domain, "edge") != 0 || !network->spells)
        return;
    begin_attributes(xml, domain, "dynamic");
    write_attribute(xml, "spell_weight", "spell_weight", "double");
    xml_end(xml);
}

static void write_value(struct xml *xml, const char *id, const char *value, const struct export_spell *spell)
{
    xml_begin(xml, "attvalue");
    xml_attribute(xml, "for", id);
    xml_attribute(xml, "value", value);
    if (spell) {
        xml_attribute(xml, "start", spell->start);
        xml_attribute(xml, "end", spell->end);
    }
    xml_end(xml);
}

static void write_cell(struct xml *xml, const char *id, const Samordning__V1__Column *column, size_t row)
{
    char number[RENDER_NUMBER_SIZE];
    if (column->is_text) {
        if (column->texts[row][0])
            write_value(xml, id, column->texts[row], NULL);
    } else if (isfinite(column->numbers[row])) {
        render_number(column->numbers[row], number);
        write_value(xml, id, !export_is_boolean(column) ? number : column->numbers[row] != 0 ? "true" : "false", NULL);
    }
}

static void write_node(struct xml *xml, const struct export *network, size_t row)
{
    const char *key = network->id->texts[row], *name = network->name ? network->name->texts[row] : "";
    xml_begin(xml, "node");
    xml_attribute(xml, "id", key);
    xml_attribute(xml, "label", name[0] ? name : key);
    xml_begin(xml, "attvalues");
    for (size_t c = 0; c < network->nodes->n_columns; c++) {
        char id[32];
        snprintf(id, sizeof id, "n%zu", c);
        if (!is_own(network, network->nodes->columns[c]))
            write_cell(xml, id, network->nodes->columns[c], row);
    }
    xml_end(xml);
    xml_end(xml);
}

static void write_spells(struct xml *xml, const struct export_spell *spells, size_t count)
{
    xml_begin(xml, "spells");
    for (size_t i = 0; i < count; i++) {
        xml_begin(xml, "spell");
        xml_attribute(xml, "start", spells[i].start);
        xml_attribute(xml, "end", spells[i].end);
        xml_end(xml);
    }
    xml_end(xml);
}

static void write_edge(struct xml *xml, const struct export *network, const struct export_relation *relation, size_t i,
                       size_t *number)
{
    const Samordning__V1__Table *declared = network->relations[0].table;
    const struct export_tie *tie = &relation->ties[i];
    char text[RENDER_NUMBER_SIZE];
    xml_begin(xml, "edge");
    snprintf(text, sizeof text, "%zu", (*number)++);
    xml_attribute(xml, "id", text);
    xml_attribute(xml, "source", network->id->texts[tie->from]);
    xml_attribute(xml, "target", network->id->texts[tie->to]);
    if (isfinite(tie->weight)) {
        render_number(tie->weight, text);
        xml_attribute(xml, "weight", text);
    }
    if (relation->negative)
        xml_attribute(xml, "kind", "objection");
    xml_begin(xml, "attvalues");
    write_value(xml, "relation", relation->name, NULL);
    for (size_t c = 0; c < declared->n_columns; c++) {
        const char *name = declared->columns[c]->name;
        const Samordning__V1__Column *column = table_column_named(relation->table, name, strlen(name));
        char id[32];
        snprintf(id, sizeof id, "e%zu", c);
        if (column && !is_own(network, column))
            write_cell(xml, id, column, tie->row);
    }
    size_t count = 0;
    const struct export_spell *spells = network->spells && !relation->negative ? export_spells(network, tie, &count) : NULL;
    for (size_t s = 0; s < count; s++) {
        render_number(spells[s].weight, text);
        write_value(xml, "spell_weight", text, &spells[s]);
    }
    xml_end(xml);
    if (count > 0)
        write_spells(xml, spells, count);
    xml_end(xml);
}

static void write_meta(struct xml *xml, const struct export *network)
{
    const Samordning__V1__Card *card = network->card;
    xml_begin(xml, "meta");
    if (card && strlen(card->computed_at) >= 10) {
        char day[11];
        snprintf(day, sizeof day, "%s", card->computed_at);
        xml_attribute(xml, "lastmodifieddate", day);
    }
    xml_element(xml, "creator", card && card->software[0] ? card->software : "samordning");
    xml_begin(xml, "description");
    if (card) {
        const char *const lines[][2] = {
            {"specification", card->spec}, {"watermark", card->watermark}, {"computed at", card->computed_at}};
        for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
            xml_text(xml, lines[i][0]);
            xml_text(xml, ": ");
            xml_text(xml, lines[i][1]);
            xml_text(xml, "\n");
        }
        for (size_t i = 0; i < card->n_notes; i++) {
            xml_text(xml, card->notes[i]);
            xml_text(xml, "\n");
        }
    }
    xml_text(xml, "intervals are half-open: [start, end)");
    xml_end(xml);
    xml_end(xml);
}

bool export_gexf(FILE *file, const struct export *network)
{
    struct xml xml;
    char day[16];
    xml_open(&xml, file);
    xml_begin(&xml, "gexf");
    xml_attribute(&xml, "xmlns", "http://gexf.net/1.3");
    xml_attribute(&xml, "version", "1.3");
    write_meta(&xml, network);
    xml_begin(&xml, "graph");
    xml_attribute(&xml, "defaultedgetype", network->directed ? "directed" : "undirected");
    xml_attribute(&xml, "idtype", "string");
    xml_attribute(&xml, "mode", network->spells ? "dynamic" : "static");
    if (network->spells) {
        xml_attribute(&xml, "timeformat", "date");
        xml_attribute(&xml, "timerepresentation", "interval");
        if (export_spec_value(network, "from", day, sizeof day))
            xml_attribute(&xml, "start", day);
        if (export_spec_value(network, "to", day, sizeof day))
            xml_attribute(&xml, "end", day);
    }
    declare(&xml, network, network->nodes, "node");
    declare(&xml, network, network->relations[0].table, "edge");
    xml_begin(&xml, "nodes");
    for (size_t row = 0; row < network->node_count; row++)
        write_node(&xml, network, row);
    xml_end(&xml);
    xml_begin(&xml, "edges");
    size_t number = 0;
    for (size_t r = 0; r < network->relation_count - network->layer_count; r++)
        for (size_t i = 0; (!network->relations[r].negative || network->directed) && i < network->relations[r].count; i++)
            write_edge(&xml, network, &network->relations[r], i, &number);
    xml_end(&xml);
    return xml_close(&xml);
}
