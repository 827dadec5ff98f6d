/* SPDX-License-Identifier: GPL-3.0-or-later
 * Letters of the languages spoken here in ASCII.
 */
#ifndef SAMORDNING_ASCII_H
#define SAMORDNING_ASCII_H

#include <stddef.h>

/* Writes what stands for the UTF-8 character at `text` (æ ae, ø oe, å aa, é e, Sámi letters without their strokes; anything
 * else
 * _) and returns the character's length in bytes. At least one byte, never beyond the text's end. */
size_t ascii_of(const char *text, char ret_ascii[4]);

#endif
