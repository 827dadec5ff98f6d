/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a compiled gettext catalogue (.mo) from memory, so that one process can render several languages one after the other
 * without touching its locale.
 *
 * Everything is checked when a catalogue is opened; lookups then cannot leave it. The bytes are borrowed and must outlive it.
 * Format: GNU gettext manual, "The Format of GNU MO Files"; little-endian, revision 0, plural rule n != 1 only.
 */
#ifndef SAMORDNING_CATALOGUE_H
#define SAMORDNING_CATALOGUE_H

#include "numerals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CATALOGUE_ARGUMENTS_MAX 9
#define CATALOGUE_TEXT_MAX      2048
#define CATALOGUE_LITERALS_MIN  7 /* with fewer bytes of its own a format fits too many texts */

struct catalogue {
    const unsigned char *data;
    uint32_t size, count, originals, translations;
};

/* False, with a reason: not a catalogue, cut short, out of order, or with another plural rule. */
__attribute__((warn_unused_result)) bool catalogue_open(struct catalogue *catalogue, const void *data, size_t size,
                                                        const char **ret_reason);

/* The catalogue of the language the messages themselves are in: each message is its own translation. */
struct catalogue catalogue_of_messages(const struct catalogue *catalogue);

/* The translation of a message, or NULL. `form` 0 is the singular (and the only one of messages without a plural), 1 the
 * plural. */
const char *catalogue_text(const struct catalogue *catalogue, const char *message, unsigned form);

/* Translates a text that was made from an English format in another room (the notes of a metric card): finds the format it was
 * made from, and puts its arguments, as texts, into the translated one; numbers as `numerals` writes them, but those of a
 * conversion with the flag '-' (%-zu, which prints the same) as they are: seeds, and values of options, which one types. False:
 * no format fits, or the text is longer than CATALOGUE_TEXT_MAX. */
__attribute__((warn_unused_result)) bool catalogue_translate_made(const struct catalogue *catalogue, const char *text,
                                                                  const struct numerals *numerals,
                                                                  char ret_text[CATALOGUE_TEXT_MAX]);

#endif
