/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a release says of itself: codebook, CSVW, manifest, README.
 */
#include "command.h"
#include "json.h"
#include "release.h"
#include "render.h"

#include <jansson.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --------------------------------------------------------------------------------------------------------- columns */
bool release_codebook(FILE *file, const struct release_about *about)
{
    fputs("family,table,column,type,unit,definition,source\n", file);
    for (size_t p = 0; p < about->part_count; p++) {
        const Samordning__V1__Result *result = about->parts[p].result;
        for (size_t t = 0; t < result->n_tables; t++) {
            for (size_t c = 0; c < result->tables[t]->n_columns; c++) {
                const Samordning__V1__Column *column = result->tables[t]->columns[c];
                const char *const texts[] = {about->parts[p].family,
                                             result->tables[t]->name,
                                             column->name,
                                             column->is_text ? "text" : "number",
                                             or_empty(column->unit),
                                             or_empty(column->definition),
                                             or_empty(column->source)};
                for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
                    if (i > 0)
                        putc(',', file);
                    render_csv_text(file, texts[i]);
                }
                putc('\n', file);
            }
        }
    }
    return !ferror(file);
}

static json_t *schema_of(const Samordning__V1__Table *table)
{
    json_t *columns = json_array();
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        json_t *about = json_pack("{ss, ss, ss, ss}", "name", column->name, "titles", column->name, "datatype",
                                  column->is_text ? "string" : "double", "null", "");
        if (or_empty(column->definition)[0])
            json_object_set_new(about, "dc:description", json_string(column->definition));
        if (or_empty(column->unit)[0])
            json_object_set_new(about, "schema:unitText", json_string(column->unit));
        if (or_empty(column->source)[0])
            json_object_set_new(about, "dc:source", json_string(column->source));
        json_array_append_new(columns, about);
    }
    return json_pack("{so}", "columns", columns);
}

static bool dump(json_t *document, FILE *file)
{
    bool good = document && json_dumpf(document, file, JSON_INDENT(1)) == 0;
    fputc('\n', file);
    json_decref(document);
    return good;
}

bool release_csvw(FILE *file, const struct release_about *about)
{
    json_t *tables = json_array();
    for (size_t p = 0; p < about->part_count; p++) {
        const struct release_part *part = &about->parts[p];
        for (size_t t = 0; t < part->result->n_tables; t++) {
            char url[RELEASE_PATH_SIZE];
            snprintf(url, sizeof url, "data/%s.%s.csv", part->family, part->result->tables[t]->name);
            json_array_append_new(tables, json_pack("{ss, so}", "url", url, "tableSchema", schema_of(part->result->tables[t])));
        }
    }
    return dump(json_pack("{s[s, {ss}], s{ss}, ss, ss, ss, ss, so}", "@context", "http://www.w3.org/ns/csvw", "@language", "en",
                          "dialect", "encoding", "utf-8", "dc:title", about->title_en, "dc:publisher", about->publisher,
                          "dc:issued", about->issued, "dc:identifier", about->base, "tables", tables),
                file);
}

/* --------------------------------------------------------------------------------------------------------- manifest */
bool release_manifest(FILE *file, const struct release_about *about)
{
    json_t *results = json_array();
    for (size_t p = 0; p < about->part_count; p++) {
        const Samordning__V1__Result *result = about->parts[p].result;
        const Samordning__V1__Card *card = result->card;
        json_array_append_new(results,
                              json_pack("{ss, ss, ss, ss, ss, ss, ss}", "family", about->parts[p].family, "id", result->id,
                                        "spec", card->spec, "watermark", card->watermark, "input_hash", card->input_hash,
                                        "software", card->software, "computed_at", card->computed_at));
    }
    return dump(json_pack("{si, ss, ss, ss, ss, si, s{ss, ss}, so}", "samordning_release", 1, "identifier", about->base,
                          "issued", about->issued, "publisher", about->publisher, "specification", about->spec, "minimum_cell",
                          (int)about->minimum_cell, "title", "nb", about->title_nb, "nn", about->title_nn, "results", results),
                file);
}

/* ----------------------------------------------------------------------------------------------------------- README */
static void list_files(FILE *file, const struct release_about *about)
{
    for (size_t p = 0; p < about->part_count; p++)
        for (size_t t = 0; t < about->parts[p].result->n_tables; t++)
            fprintf(file, "- `data/%s.%s.csv`\n", about->parts[p].family, about->parts[p].result->tables[t]->name);
    for (size_t p = 0; p < about->part_count; p++)
        fprintf(file, "- `data/%s.json`\n", about->parts[p].family);
}

#define CHECK                                                                                                                  \
    "    sha256sum -c SHA256SUMS\n"                                                                                            \
    "    openssl cms -verify -binary -purpose any -inform DER -in SHA256SUMS.p7s -content SHA256SUMS -CAfile ca.crt \\\n"      \
    "        -no_check_time -out /dev/null\n"

bool release_readme(FILE *file, const struct release_about *about)
{
    fprintf(
        file,
        "# %s\n\nUtgitt %s av %s. Lisens: NLOD 2.0. Kontakt: %s.\n\n"
        "Tabellene står som CSV og som JSON-stat. `codebook.csv` forklarer hver kolonne, `csv-metadata.json` sier det samme "
        "for programmer (CSVW), og `dcat.ttl` er oppføringen for Felles datakatalog (DCAT-AP-NO). `release.json` sier hva som "
        "er beregnet av hva, slik at alt kan regnes ut på nytt (`samordning verify`). Tomme celler er manglende eller skjulte "
        "verdier, aldri null. Tall som bygger på færre enn %u hendelser, vises ikke, og saker som ikke er avgjort, er ikke "
        "med.\n\nSlik kontrollerer du filene og signaturen; `ca.crt` er utgiverens sertifikat, som du må få på en annen "
        "vei:\n\n" CHECK "\n",
        about->title_nb, about->issued, about->publisher, about->contact, about->minimum_cell);
    fprintf(
        file,
        "# %s\n\nGjeven ut %s av %s. Lisens: NLOD 2.0. Kontakt: %s.\n\n"
        "Tabellane står som CSV og som JSON-stat. `codebook.csv` forklarer kvar kolonne, `csv-metadata.json` seier det same "
        "for program (CSVW), og `dcat.ttl` er oppføringa for Felles datakatalog (DCAT-AP-NO). `release.json` seier kva som er "
        "rekna ut av kva, slik at alt kan reknast ut på nytt (`samordning verify`). Tomme celler er manglande eller gøymde "
        "verdiar, aldri null. Tal som byggjer på færre enn %u hendingar, blir ikkje viste, og saker som ikkje er avgjorde, er "
        "ikkje med.\n\nSlik kontrollerer du filene og signaturen; `ca.crt` er sertifikatet til utgjevaren, som du må få på ein "
        "annan veg: sjå kommandoane over.\n\n",
        about->title_nn, about->issued, about->publisher, about->contact, about->minimum_cell);
    fprintf(
        file,
        "# %s\n\nIssued %s by %s. Licence: NLOD 2.0. Contact: %s.\n\n"
        "The tables are there as CSV and as JSON-stat. `codebook.csv` explains each column, `csv-metadata.json` says the same "
        "to "
        "programs (CSVW), and `dcat.ttl` is the entry for the national data catalogue (DCAT-AP-NO). `release.json` says what "
        "was "
        "computed from what, so that all of it can be computed again (`samordning verify`). Empty cells are missing or "
        "suppressed, never zero. Numbers that stand on fewer than %u events are not shown, and cases that are not decided are "
        "left out. The commands above check files and signature; `ca.crt` is the publisher's certificate, to be had another "
        "way.\n\n## Files\n\n",
        about->title_en, about->issued, about->publisher, about->contact, about->minimum_cell);
    list_files(file, about);
    fprintf(file, "\nSpecification: `%s`\n", about->spec);
    return !ferror(file);
}
