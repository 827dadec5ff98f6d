/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bytes of a file or of standard input, decompressed and as UTF-8, whatever they were before.
 *
 * gzip and zstd are known by their first bytes, not by name. A byte-order mark is taken away. Data that unpacks to far more
 * than it was (a decompression bomb) is refused. Files that can never be text (UTF-16, zip, Excel) are refused by name.
 */
#ifndef SAMORDNING_INPUT_H
#define SAMORDNING_INPUT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INPUT_BOMB_FREE_BYTES (UINT64_C(64) << 20) /* unpacked this much, no questions asked */
#define INPUT_BOMB_RATIO      500                  /* above that, at most so many bytes out for each byte in */

struct input;

/* path "-" is standard input. With latin1 every byte is read as ISO 8859-1 (0x80 to 0x9f as Windows-1252) and turned into
 * UTF-8. */
MUST_CHECK enum status input_open(const char *path, bool latin1, struct input **ret_input, struct errmsg *ret_errmsg);
void input_close(struct input *input);
/* At least one byte unless the end is reached (ret_size 0). `size` must be at least 16. */
MUST_CHECK enum status input_read(struct input *input, char *buffer, size_t size, size_t *ret_size, struct errmsg *ret_errmsg);
uint64_t input_position(const struct input *input); /* bytes taken from the file as it lies on disk */
/* What a byte from 0x80 to 0x9f is in Windows-1252, as UTF-8 of two or three bytes; NULL = nothing. */
const char *input_windows_1252(unsigned char byte);
bool input_can_be_read_twice(const struct input *input); /* a file on disk that is not packed */
uint64_t input_total(const struct input *input);         /* its size, 0 = not known */

#endif
