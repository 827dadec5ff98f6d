/* SPDX-License-Identifier: GPL-3.0-or-later
 * The result object: a metric card and typed tables. Every answer, export, map and report is rendered from one of these.
 *
 * Owned by whoever created it; columns are added row-count first. Numbers are double with NaN = missing; texts NULL = missing.
 * Builders use a sticky error: after out of memory every call is a no-op and result_failed() says so.
 */
#ifndef SAMORDNING_RESULT_H
#define SAMORDNING_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct card_entry {
    char *key, *value;
};
struct card {
    char *family, *spec, *spec_hash, *watermark, *input_hash, *software, *engine, *computed_at;
    uint64_t seed;
    struct card_entry *entries;
    size_t entry_count;
    char **notes;
    size_t note_count;
};
struct column {
    char *name, *unit, *definition, *source;
    bool is_text;
    double *numbers; /* row_count values, when not is_text */
    char **texts;    /* row_count values, when is_text */
    bool withheld;   /* not for everybody (disclosure.h): missing in every row */
};
struct table {
    char *name;
    size_t row_count;
    struct column *columns;
    size_t column_count;
    bool withheld; /* not for everybody (disclosure.h): has no rows */
};
struct result {
    char id[37];
    struct card card;
    struct table *tables;
    size_t table_count;
    bool failed;
};

struct result *result_create(const char *family);
void result_destroy(struct result *result);
bool result_failed(const struct result *result);

/* What a column means, once, so that every place that shows it says the same. `source` is the literature. */
struct column_definition {
    const char *name, *unit, *definition, *source;
};

/* The returned index stays valid; pointers do not survive the next add. */
size_t result_add_table(struct result *result, const char *name, size_t row_count);
double *result_add_numbers(struct result *result, size_t table,
                           const struct column_definition *definition); /* filled with NaN; NULL if failed */
char **result_add_texts(struct result *result, size_t table, const struct column_definition *definition); /* filled with NULL */
void result_set_text(struct result *result, char **slot, const char *text);                               /* copies */
/* Digits of numbers in cards and notes are grouped where people read them. What is no quantity (a seed, the value of an option)
 * has the flag '-', as %-llu; a value that is a count alone stands in method.c's list. */
void result_set_card(struct result *result, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));
void result_note(struct result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

const struct table *result_table(const struct result *result, const char *name); /* NULL = none */
const struct column *table_column(const struct table *table, const char *name);

#endif
