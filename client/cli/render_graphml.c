/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as GraphML: keys declared with type and meaning, ids as strings, direction stated, the card as data of the graph.
 *
 * Missing values are left out, which GraphML reads as "has none"; nothing else is lost. */
#include "command.h"
#include "render.h"
#include "say.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const Samordning__V1__Table *find_table(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->result->n_tables; i++)
        if (strcmp(view->result->tables[i]->name, name) == 0)
            return view->result->tables[i];
    return NULL;
}

static const xmlChar *x(const char *text)
{
    return (const xmlChar *)text;
}

static void write_data(xmlTextWriter *writer, const char *key, const char *text)
{
    xmlTextWriterStartElement(writer, x("data"));
    xmlTextWriterWriteAttribute(writer, x("key"), x(key));
    xmlTextWriterWriteString(writer, x(text));
    xmlTextWriterEndElement(writer);
}

static void write_key(xmlTextWriter *writer, const char *id, const char *domain, const char *name, const char *type,
                      const char *about)
{
    xmlTextWriterStartElement(writer, x("key"));
    xmlTextWriterWriteAttribute(writer, x("id"), x(id));
    xmlTextWriterWriteAttribute(writer, x("for"), x(domain));
    xmlTextWriterWriteAttribute(writer, x("attr.name"), x(name));
    xmlTextWriterWriteAttribute(writer, x("attr.type"), x(type));
    if (about && about[0])
        xmlTextWriterWriteElement(writer, x("desc"), x(about));
    xmlTextWriterEndElement(writer);
}

static void write_keys(xmlTextWriter *writer, const Samordning__V1__Table *table, const char *domain, const char *letter,
                       const char *const skipped[])
{
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        bool skip = false;
        for (size_t i = 0; skipped[i]; i++)
            skip |= strcmp(skipped[i], column->name) == 0;
        char id[32];
        snprintf(id, sizeof id, "%s%zu", letter, c);
        if (!skip)
            write_key(writer, id, domain, column->name, column->is_text ? "string" : "double", column->definition);
    }
}

static void write_cells(xmlTextWriter *writer, const Samordning__V1__Table *table, size_t row, const char *letter,
                        const char *const skipped[])
{
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        bool skip = false;
        for (size_t i = 0; skipped[i]; i++)
            skip |= strcmp(skipped[i], column->name) == 0;
        char id[32], number[RENDER_NUMBER_SIZE];
        snprintf(id, sizeof id, "%s%zu", letter, c);
        if (skip)
            continue;
        if (column->is_text) {
            if (column->texts[row][0])
                write_data(writer, id, column->texts[row]);
        } else if (isfinite(column->numbers[row])) {
            render_number(column->numbers[row], number);
            write_data(writer, id, number);
        }
    }
}

static bool is_directed(const Samordning__V1__Card *card)
{
    const char *found = card && card->spec ? strstr(card->spec, "direction=") : NULL;
    return !found || strncmp(found + 10, "undirected", 10) != 0;
}

#define CARD_LIST(X) X(family) X(spec) X(spec_hash) X(watermark) X(input_hash) X(software) X(engine) X(computed_at)

static void write_card_keys(xmlTextWriter *writer, const Samordning__V1__Card *card)
{
    char id[32];
#define CARD_KEY(field) write_key(writer, "card_" #field, "graph", #field, "string", NULL);
    CARD_LIST(CARD_KEY)
#undef CARD_KEY
    for (size_t i = 0; i < card->n_entries; i++) {
        snprintf(id, sizeof id, "card%zu", i);
        write_key(writer, id, "graph", card->entries[i]->key, "string", NULL);
    }
    if (card->n_notes > 0)
        write_key(writer, "card_notes", "graph", "notes", "string", NULL);
}

static void write_card(xmlTextWriter *writer, const Samordning__V1__Card *card)
{
    char id[32];
#define CARD_DATA(field)                                                                                                       \
    if (card->field && card->field[0])                                                                                         \
        write_data(writer, "card_" #field, card->field);
    CARD_LIST(CARD_DATA)
#undef CARD_DATA
    for (size_t i = 0; i < card->n_entries; i++) {
        snprintf(id, sizeof id, "card%zu", i);
        write_data(writer, id, card->entries[i]->value);
    }
    if (card->n_notes == 0)
        return;
    xmlTextWriterStartElement(writer, x("data"));
    xmlTextWriterWriteAttribute(writer, x("key"), x("card_notes"));
    for (size_t i = 0; i < card->n_notes; i++) {
        xmlTextWriterWriteString(writer, x(i ? "\n" : ""));
        xmlTextWriterWriteString(writer, x(card->notes[i]));
    }
    xmlTextWriterEndElement(writer);
}

/* One end of an edge, under the name a network has it, else under the usual one of edge lists. */
static const Samordning__V1__Column *end_column(const Samordning__V1__Table *edges, const char *name, const char *other)
{
    const Samordning__V1__Column *column = table_column(edges, name, strlen(name));
    return column ? column : table_column(edges, other, strlen(other));
}

/* The column that names a node: its key, else its first text. */
static const Samordning__V1__Column *id_column(const Samordning__V1__Table *nodes)
{
    static const char *const names[] = {"actor", "key", "id"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const Samordning__V1__Column *column = table_column(nodes, names[i], strlen(names[i]));
        if (column && column->is_text)
            return column;
    }
    return NULL;
}

bool render_graphml(FILE *file, const struct view *view)
{
    const Samordning__V1__Table *nodes = find_table(view, "nodes"), *edges = find_table(view, "edges");
    const Samordning__V1__Card *card = view->result->card;
    const Samordning__V1__Column *id = nodes ? id_column(nodes) : NULL;
    const Samordning__V1__Column *source = edges ? end_column(edges, "from", "source") : NULL;
    const Samordning__V1__Column *target = edges ? end_column(edges, "to", "target") : NULL;
    if (!id || !source || !target || !source->is_text || !target->is_text) {
        say_error(_("this result is no network: GraphML needs its tables nodes and edges"));
        return false;
    }
    const char *const node_skipped[] = {id->name, NULL}, *const edge_skipped[] = {source->name, target->name, NULL};
    xmlBuffer *buffer = xmlBufferCreate();
    xmlTextWriter *writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (!writer) {
        xmlBufferFree(buffer);
        say_error(_("out of memory"));
        return false;
    }
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(writer, x("graphml"));
    xmlTextWriterWriteAttribute(writer, x("xmlns"), x("http://graphml.graphdrawing.org/xmlns"));
    if (card)
        write_card_keys(writer, card);
    write_keys(writer, nodes, "node", "n", node_skipped);
    write_keys(writer, edges, "edge", "e", edge_skipped);
    xmlTextWriterStartElement(writer, x("graph"));
    xmlTextWriterWriteAttribute(writer, x("edgedefault"), x(is_directed(card) ? "directed" : "undirected"));
    if (card)
        write_card(writer, card);
    for (size_t r = 0, count = table_rows(nodes); r < count; r++) {
        xmlTextWriterStartElement(writer, x("node"));
        xmlTextWriterWriteAttribute(writer, x("id"), x(id->texts[r]));
        write_cells(writer, nodes, r, "n", node_skipped);
        xmlTextWriterEndElement(writer);
    }
    for (size_t r = 0, count = table_rows(edges); r < count; r++) {
        xmlTextWriterStartElement(writer, x("edge"));
        xmlTextWriterWriteAttribute(writer, x("source"), x(source->texts[r]));
        xmlTextWriterWriteAttribute(writer, x("target"), x(target->texts[r]));
        write_cells(writer, edges, r, "e", edge_skipped);
        xmlTextWriterEndElement(writer);
    }
    bool good = xmlTextWriterEndDocument(writer) >= 0;
    xmlFreeTextWriter(writer);
    good =
        good && fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), file) == (size_t)xmlBufferLength(buffer);
    xmlBufferFree(buffer);
    if (!good)
        say_error(_("could not write GraphML"));
    return good;
}
