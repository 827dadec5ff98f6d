/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values of a specification's keys: reading one kind of value each, with an error that names the key; and the line they are
 * written back on.
 *
 * Every reader writes its output only on success; ret_error takes SPEC_ERROR_SIZE bytes.
 */
#ifndef SAMORDNING_SPEC_VALUE_H
#define SAMORDNING_SPEC_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPEC_ERROR_SIZE      400
#define SPEC_PERIOD_DAYS_MAX 36525 /* 100 years: longer is a mistyped year */

/* False, always, with the reason in ret_error, cut between characters. */
bool spec_fail(char *ret_error, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool spec_value_day(const char *key, const char *value, int32_t *ret_day, char *ret_error);
/* The index of the name; the error lists the choices, and `also` when it is not empty. */
bool spec_value_name(const char *key, const char *value, const char *const *names, size_t count, const char *also,
                     int *ret_choice, char *ret_error);
/* A whole number in [low, high]. */
bool spec_value_count(const char *key, const char *value, uint64_t low, uint64_t high, uint64_t *ret_count, char *ret_error);
/* A number over `low` (not included), at most `high`, with at most three decimals, so that one number has one text. */
bool spec_value_real(const char *key, const char *value, double low, double high, double *ret_real, char *ret_error);
/* Text in which %XX stands for a byte; clean UTF-8, not empty. "all" gives an empty text. */
bool spec_value_text(const char *key, const char *value, char *ret_text, size_t size, char *ret_error);

/* A line that grows in a buffer and is cut where that ends. */
struct spec_line {
    char *text;
    size_t length, size;
};
void spec_line_put(struct spec_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void spec_line_put_day(struct spec_line *line, const char *key, int32_t day); /* " key=YYYY-MM-DD" */
/* " key=text" as spec_value_text reads it: "all" for an empty text. */
void spec_line_put_text(struct spec_line *line, const char *key, const char *text);

#endif
