/* SPDX-License-Identifier: GPL-3.0-or-later
 * The language of one report: its messages, numbers, dates.
 *
 * English is the language of the messages themselves: a catalogue only tells which formats there are. Nothing here looks at or
 * changes the process's locale.
 */
#ifndef SAMORDNING_LANGUAGE_H
#define SAMORDNING_LANGUAGE_H

#include "catalogue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANGUAGE_NUMBER_SIZE 64
#define LANGUAGE_DATE_SIZE   64

struct language {
    const char *tag; /* nb, nn, en: also the lang attribute */
    struct catalogue catalogue;
    bool translated; /* false for English */
    struct numerals numerals;
};

/* Marks a message that is looked up later, by tr(language, variable). */
#define N_(text) text

/* False: another language than nb, nn and en, or a damaged catalogue; ret_error says which. */
__attribute__((warn_unused_result)) bool language_init(struct language *language, const char *tag, char ret_error[400]);

/* The message in the language, or the message itself. Never NULL. */
const char *tr(const struct language *language, const char *message) __attribute__((format_arg(2)));
const char *tr_plural(const struct language *language, const char *one, const char *many, double number)
    __attribute__((format_arg(2), format_arg(3)));
bool language_knows(const struct language *language, const char *message);
/* catalogue_translate_made: in English the text itself, with its quantities as people write them. */
bool language_made(const struct language *language, const char *text, char ret_text[CATALOGUE_TEXT_MAX]);

/* Missing (NaN) is an en dash. `decimals` below 0: as many as the number needs, three at most. */
void language_number(const struct language *language, double number, int decimals, char ret_text[LANGUAGE_NUMBER_SIZE]);
/* p and q: three decimals, "< 0.001" below that. */
void language_probability(const struct language *language, double number, char ret_text[LANGUAGE_NUMBER_SIZE]);
/* "= 0.012" or "< 0.001", for after the letter. */
void language_probability_after(const struct language *language, double number, char ret_text[LANGUAGE_NUMBER_SIZE]);
void language_percent(const struct language *language, double share, int decimals, char ret_text[LANGUAGE_NUMBER_SIZE]);
/* 1. mars 2014, 1 March 2014; `day` since 1970-01-01. */
void language_date(const struct language *language, int32_t day, char ret_text[LANGUAGE_DATE_SIZE]);

#endif
