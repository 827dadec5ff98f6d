/* SPDX-License-Identifier: GPL-3.0-or-later
 * The form's own words in the reader's language: catalogue domain samordning-form, embedded; English is the messages
 * themselves.
 *
 * Words of the questionnaire come from its instrument. Northern Sámi exists there only, so the form's own words are then
 * bokmål.
 */
#ifndef SAMORDNING_FORM_TEXT_H
#define SAMORDNING_FORM_TEXT_H

#include "instrument.h"

#include <stdbool.h>
#include <stdint.h>

#define FORM_TIME_SIZE 80

/* Marks a message that is looked up later. */
#define N_(text) text

/* Opens the embedded catalogues; false: one is damaged. */
__attribute__((warn_unused_result)) bool form_text_open(void);

/* Never NULL. */
const char *tr(enum instrument_language language, const char *message) __attribute__((format_arg(2)));
const char *tr_plural(enum instrument_language language, const char *one, const char *many, unsigned long number)
    __attribute__((format_arg(2), format_arg(3)));

/* The best of the languages a browser names in Accept-Language (NULL is fine); bokmål when it names none of ours. */
enum instrument_language form_text_browser(const char *accepted);

/* The lang attribute of the form's own words: nb for INSTRUMENT_SE. */
const char *form_text_code(enum instrument_language language);
/* "1. mars 2026 kl. 12.00": a point in time as a clock in Oslo shows it. */
void form_text_time(enum instrument_language language, int64_t time_us, char ret_text[FORM_TIME_SIZE]);
void form_text_number(enum instrument_language language, double number, char ret_text[32]);
/* A number as typed in that or another language: decimal comma or point, blanks between thousands. False: none. */
bool form_text_read_number(const char *text, double *ret_number);

#endif
