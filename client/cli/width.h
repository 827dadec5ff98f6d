/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many columns of a terminal a text takes.
 */
#ifndef SAMORDNING_WIDTH_H
#define SAMORDNING_WIDTH_H

#include <stddef.h>

/* Of UTF-8 text, whatever the locale: combining marks take none, East Asian wide characters two. */
size_t width_of(const char *text, size_t size);

#endif
