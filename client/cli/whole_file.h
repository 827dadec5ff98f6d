/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file taken into memory as a whole.
 */
#ifndef SAMORDNING_WHOLE_FILE_H
#define SAMORDNING_WHOLE_FILE_H

#include <stddef.h>

/* What is in the file ("-": standard input), `most` bytes at most, closed by NUL; the caller frees it. 0, or errno: EFBIG when
 * there is more. */
int whole_file_read(const char *path, size_t most, char **ret_bytes, size_t *ret_size);

#endif
