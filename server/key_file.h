/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small files that must never be half written, overwritten by accident or readable by others.
 */
#ifndef SAMORDNING_KEY_FILE_H
#define SAMORDNING_KEY_FILE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

bool key_file_exists(const char *path);
/* The whole text, on disk, under its final name, or nothing. STATUS_CONFLICT when there is a file already and `replace` is
 * false. errmsg names path and reason. */
MUST_CHECK enum status key_file_write(const char *path, const char *text, mode_t mode, bool replace, struct errmsg *ret_errmsg);
/* The same for bytes that may hold NUL. Any thread may call it. */
MUST_CHECK enum status key_file_write_bytes(const char *path, const void *bytes, size_t size, mode_t mode, bool replace,
                                            struct errmsg *ret_errmsg);
/* Makes a directory and those above it; one that is there is fine and stays as it is. */
MUST_CHECK enum status key_directory_make(const char *path, mode_t mode, struct errmsg *ret_errmsg);

#endif
