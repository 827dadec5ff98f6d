/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words to the person at the terminal, on standard error.
 */
#ifndef SAMORDNING_SAY_H
#define SAMORDNING_SAY_H

#include <stdbool.h>
#include <stddef.h>

void say_error(const char *format, ...) __attribute__((format(printf, 1, 2))); /* samordning: ... */
void say_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));  /* a line of its own */
bool say_is_terminal(void);
/* Adds a word to a comma-separated list; what does not fit any more is left out. */
void say_list(char *list, size_t size, const char *word);

#endif
