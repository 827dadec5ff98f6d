/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a set of CSV files holds beside the result's tables: the unknown dyads, and the card with every column's meaning. */
#include "export_files.h"

#include <stdio.h>
#include <string.h>

void export_unknown_csv(FILE *file, const struct export *network)
{
    fputs("from,to\n", file);
    for (size_t i = 0; i < network->unknown_listed; i++) {
        render_csv_text(file, network->id->texts[network->unknown[i][0]]);
        putc(',', file);
        render_csv_text(file, network->id->texts[network->unknown[i][1]]);
        putc('\n', file);
    }
}

static void write_row(FILE *file, const char *entry, const char *value)
{
    render_csv_text(file, entry);
    putc(',', file);
    render_csv_text(file, value);
    putc('\n', file);
}

#define CARD_LIST(X) X(family) X(spec) X(spec_hash) X(watermark) X(input_hash) X(software) X(engine) X(computed_at)

void export_card_csv(FILE *file, const struct export *network)
{
    const Samordning__V1__Card *card = network->card;
    fputs("entry,value\n", file);
    write_row(file, "id", network->result->id);
    if (card) {
#define CARD_ROW(field) write_row(file, #field, card->field);
        CARD_LIST(CARD_ROW)
#undef CARD_ROW
        fprintf(file, "seed,%llu\n", (unsigned long long)card->seed);
        for (size_t i = 0; i < card->n_entries; i++)
            write_row(file, card->entries[i]->key, card->entries[i]->value);
        for (size_t i = 0; i < card->n_notes; i++)
            write_row(file, "note", card->notes[i]);
    }
    for (size_t t = 0; t < network->result->n_tables; t++) {
        const Samordning__V1__Table *table = network->result->tables[t];
        for (size_t c = 0; c < table->n_columns; c++) {
            const Samordning__V1__Column *column = table->columns[c];
            char name[300], meaning[2000];
            snprintf(name, sizeof name, "column %s.%s", table->name, column->name);
            snprintf(meaning, sizeof meaning, "%s%s%s%s%s%s", column->definition, column->unit[0] ? " [" : "", column->unit,
                     column->unit[0] ? "]" : "", column->source[0] ? "; " : "", column->source);
            write_row(file, name, meaning);
        }
    }
}
