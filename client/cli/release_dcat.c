/* SPDX-License-Identifier: GPL-3.0-or-later
 * A release as a record of DCAT-AP-NO 2.2 in Turtle: a catalog with one dataset and a distribution for each file of data.
 *
 * Everything the profile makes mandatory of Catalog, Dataset, Distribution and Agent is there, and what it recommends as far as
 * it is known. The address of a release has been checked to be one (publish.c), and paths of its files hold names of families
 * and tables.
 */
#include "civil_time.h"
#include "release.h"

#include <string.h>

#define EU      "http://publications.europa.eu/resource/authority/"
#define LICENCE EU "licence/NLOD_2_0"

#define CSVW      "http://www.w3.org/TR/tabular-data-primer/"
#define JSON_STAT "https://json-stat.org/full/"

/* A string of Turtle, quotes included. */
static void put_text(FILE *file, const char *text)
{
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', file);
        if (*text == '\n')
            fputs("\\n", file);
        else if (*text == '\r')
            fputs("\\r", file);
        else
            putc(*text, file);
    }
    putc('"', file);
}

/* What an IRI of Turtle may not hold is percent-encoded. */
static void put_iri(FILE *file, const char *base, const char *rest)
{
    putc('<', file);
    for (const char *const *part = (const char *const[]){base, rest, NULL}; *part; part++)
        for (const char *at = *part; *at; at++) {
            if ((unsigned char)*at <= ' ' || strchr("<>\"{}|^`\\", *at))
                fprintf(file, "%%%02X", (unsigned char)*at);
            else
                putc(*at, file);
        }
    putc('>', file);
}

static void put_said(FILE *file, const char *property, const char *text, const char *language)
{
    fprintf(file, "    %s ", property);
    put_text(file, text);
    fprintf(file, "@%s ;\n", language);
}

static void put_titles(FILE *file, const struct release_about *about)
{
    put_said(file, "dct:title", about->title_nb, "nb");
    put_said(file, "dct:title", about->title_nn, "nn");
    put_said(file, "dct:title", about->title_en, "en");
}

static void put_descriptions(FILE *file)
{
    put_said(file, "dct:description",
             "Mål på hvordan departementer og etater samordner seg, beregnet av møter, foreleggelser og høringer. Små tall er "
             "skjult, og saker som ikke er avgjort, er ikke med.",
             "nb");
    put_said(
        file, "dct:description",
        "Mål på korleis departement og etatar samordnar seg, rekna ut av møte, førelegging og høyringar. Små tal er gøymde, og "
        "saker som ikkje er avgjorde, er ikkje med.",
        "nn");
    put_said(file, "dct:description",
             "How ministries and agencies coordinate, computed from meetings, consultations and hearings. Small numbers are "
             "suppressed, and cases that are not decided are left out.",
             "en");
}

static void put_common(FILE *file, const struct release_about *about)
{
    fputs("    dct:publisher ", file);
    put_iri(file, "https://data.brreg.no/enhetsregisteret/api/enheter/", about->orgnr);
    fputs(" ;\n    dcat:contactPoint ", file);
    put_iri(file, about->base, "#kontakt");
    fputs(" ;\n    dct:identifier ", file);
}

static void put_catalog(FILE *file, const struct release_about *about)
{
    put_iri(file, about->base, "#katalog");
    fputs("\n    a dcat:Catalog ;\n", file);
    put_titles(file, about);
    put_descriptions(file);
    put_common(file, about);
    fputs("\"", file);
    fprintf(file, "%s#katalog\" ;\n    dct:license <" LICENCE "> ;\n", about->base);
    fprintf(file, "    dct:issued \"%s\"^^xsd:date ;\n    dct:modified \"%s\"^^xsd:date ;\n", about->issued, about->issued);
    fputs("    dct:language <" EU "language/NOB>, <" EU "language/NNO>, <" EU "language/ENG> ;\n    dcat:dataset ", file);
    put_iri(file, about->base, "#datasett");
    fputs(" .\n\n", file);
}

static void put_dataset(FILE *file, const struct release_about *about, const struct release *release)
{
    put_iri(file, about->base, "#datasett");
    fputs("\n    a dcat:Dataset ;\n", file);
    put_titles(file, about);
    put_descriptions(file);
    put_common(file, about);
    put_text(file, about->base);
    fputs(" ;\n    dcat:theme <" EU "data-theme/GOVE> ;\n    dct:accessRights <" EU "access-right/PUBLIC> ;\n"
          "    dct:spatial <https://data.geonorge.no/administrativeEnheter/nasjon/id/173163> ;\n"
          "    dct:type <" EU "dataset-type/STATISTICAL> ;\n    dct:accrualPeriodicity <" EU "frequency/IRREG> ;\n"
          "    dcat:keyword \"samordning\"@nb, \"samordning\"@nn, \"coordination\"@en ;\n",
          file);
    fprintf(file, "    dct:issued \"%s\"^^xsd:date ;\n    dct:modified \"%s\"^^xsd:date ;\n", about->issued, about->issued);
    int32_t after;
    if (about->from[0] && civil_day_parse(about->to, &after) == STATUS_OK) {
        char last[16]; /* a catalogue's end is in the period, ours is not */
        civil_day_format(after - 1, last);
        fprintf(file,
                "    dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"%s\"^^xsd:date ; dcat:endDate \"%s\"^^xsd:date ] ;\n",
                about->from, last);
    }
    fputs("    dcat:landingPage ", file);
    put_iri(file, about->base, "/README.md");
    bool first = true;
    for (size_t i = 0; i < release->file_count; i++) {
        if (!release->files[i].media_type)
            continue;
        fputs(first ? " ;\n    dcat:distribution " : ",\n        ", file);
        first = false;
        fprintf(file, "<%s/%s#distribusjon>", about->base, release->files[i].path);
    }
    fputs(" .\n\n", file);
}

static void put_distribution(FILE *file, const struct release_about *about, const struct release_file *data)
{
    const bool csv = strcmp(data->media_type, "text/csv") == 0;
    fprintf(file,
            "<%s/%s#distribusjon>\n    a dcat:Distribution ;\n    dcat:accessURL <%s/%s> ;\n    dcat:downloadURL <%s/%s> ;\n",
            about->base, data->path, about->base, data->path, about->base, data->path);
    fprintf(file, "    dct:title \"%s\"@nb, \"%s\"@nn, \"%s\"@en ;\n", data->path, data->path, data->path);
    fprintf(file,
            "    dct:format <" EU "file-type/%s> ;\n    dcat:mediaType <https://www.iana.org/assignments/media-types/%s> ;\n"
            "    dct:license <" LICENCE "> ;\n    dcat:byteSize \"%zu\"^^xsd:decimal ;\n    dct:conformsTo <%s> ;\n",
            csv ? "CSV" : "JSON", data->media_type, data->bytes, csv ? CSVW : JSON_STAT);
    fprintf(file,
            "    spdx:checksum [ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "
            "\"%s\"^^xsd:hexBinary ] ;\n    dct:issued \"%s\"^^xsd:date .\n\n",
            data->sha256, about->issued);
}

static void put_agent(FILE *file, const struct release_about *about)
{
    put_iri(file, "https://data.brreg.no/enhetsregisteret/api/enheter/", about->orgnr);
    fputs("\n    a foaf:Agent ;\n    foaf:name ", file);
    put_text(file, about->publisher);
    fprintf(file, " ;\n    dct:identifier \"%s\" .\n\n", about->orgnr);
    put_iri(file, about->base, "#kontakt");
    fputs("\n    a vcard:Organization, vcard:Kind ;\n    vcard:fn ", file);
    put_text(file, about->publisher);
    fputs(" ;\n    vcard:hasEmail ", file);
    put_iri(file, "mailto:", about->contact);
    fputs(" .\n\n", file);
}

/* What others point to must say what it is. */
static void put_documents(FILE *file, const struct release_about *about)
{
    fputs("<" CSVW ">\n    a dct:Standard ;\n    dct:title \"CSV on the Web\"@en .\n\n"
          "<" JSON_STAT ">\n    a dct:Standard ;\n    dct:title \"JSON-stat 2.0\"@en .\n\n",
          file);
    put_iri(file, about->base, "/README.md");
    fputs("\n    a foaf:Document ;\n    dct:title \"README.md\"@nb .\n", file);
}

bool release_dcat(FILE *file, const struct release_about *about, const struct release *release)
{
    fputs("@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"
          "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n@prefix spdx: <http://spdx.org/rdf/terms#> .\n"
          "@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n",
          file);
    put_catalog(file, about);
    put_dataset(file, about, release);
    for (size_t i = 0; i < release->file_count; i++)
        if (release->files[i].media_type)
            put_distribution(file, about, &release->files[i]);
    put_agent(file, about);
    put_documents(file, about);
    return !ferror(file);
}
