/* SPDX-License-Identifier: GPL-3.0-or-later
 * An open-data release: a folder of results with what is needed to read, cite, check and compute them again.
 *
 *     README.md            what it is, in bokmål, nynorsk and English
 *     release.json         what was computed from what: families, specification, ids of results, watermarks
 *     codebook.csv         each column: unit, definition, source
 *     csv-metadata.json    the same as CSVW (W3C Tabular Data), for programs
 *     dcat.ttl             DCAT-AP-NO: catalog, dataset, distributions
 *     data/FAMILY.TABLE.csv, data/FAMILY.json (JSON-stat)
 *     SHA256SUMS           of all these; SHA256SUMS.p7s its signature (CMS, detached, DER)
 *
 * Files are made in memory, one at a time, and written into a folder of another name, which gets its own when it is whole.
 */
#ifndef SAMORDNING_RELEASE_H
#define SAMORDNING_RELEASE_H

#include "samordning.pb-c.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RELEASE_FILES_MAX 512
#define RELEASE_PATH_SIZE 160
#define RELEASE_PARTS_MAX 32

struct release_file {
    char path[RELEASE_PATH_SIZE]; /* below the folder */
    char sha256[65];
    size_t bytes;
    const char *media_type; /* of a distribution; NULL: it describes others */
};
struct release {
    char folder[PATH_MAX]; /* temporary */
    const char *final;
    struct release_file files[RELEASE_FILES_MAX];
    size_t file_count;
    FILE *making; /* the file being made */
    char *made;
    size_t made_size;
};

/* What the release is about. */
struct release_part {
    const char *family;
    const Samordning__V1__Result *result;
};
struct release_about {
    const char *title_nb, *title_nn, *title_en;
    const char *base; /* where it will be found, without a slash at the end */
    const char *publisher, *orgnr, *contact;
    const char *issued;    /* YYYY-MM-DD */
    const char *from, *to; /* of the period, the day after it; "" when it has none */
    const char *spec;      /* as it was asked for */
    unsigned minimum_cell;
    struct release_part parts[RELEASE_PARTS_MAX];
    size_t part_count;
};

/* All say what is wrong. */
bool release_open(struct release *release, const char *final);
/* The file that is made now; NULL (said): out of memory. */
FILE *release_begin(struct release *release);
/* Writes it; `made`: all of it could be put there. */
bool release_end(struct release *release, bool made, const char *media_type, const char *path, ...)
    __attribute__((format(printf, 4, 5)));
bool release_sums(struct release *release); /* SHA256SUMS of what is there */
bool release_commit(struct release *release);
void release_abandon(struct release *release);
void release_hash(const void *bytes, size_t size, char ret_hex[65]);

/* One table as CSV, or the whole result as JSON-stat (NULL). False: out of memory, or the format does not have it. */
bool release_data(FILE *file, const Samordning__V1__Result *result, const char *table);

/* release_describe.c, release_dcat.c. False: out of memory. */
bool release_codebook(FILE *file, const struct release_about *about);
bool release_csvw(FILE *file, const struct release_about *about);
bool release_manifest(FILE *file, const struct release_about *about);
bool release_readme(FILE *file, const struct release_about *about);
bool release_dcat(FILE *file, const struct release_about *about, const struct release *release);

/* release_sign.c: CMS with the key and certificate of a bundle. False: it has been said. */
bool release_sign(const char *bundle, const char *text, size_t size, uint8_t **ret_signature, size_t *ret_size);
/* The organisation that the bundle's certificate names, to be freed; NULL: none, or out of memory. */
char *release_signer_name(const char *bundle);
/* Whether the signature is one of that text by a certificate that `authority` (PEM) vouches for, whatever its dates are now;
 * the signer's subject, to be freed. */
bool release_check(const char *authority, const char *text, size_t size, const uint8_t *signature, size_t signature_size,
                   char **ret_signer);

/* verify_release.c: samordning verify FOLDER; the exit code. */
struct session;
int release_verify(struct session *session, const char *folder);

#endif
