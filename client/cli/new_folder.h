/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder that appears whole or not at all: it is filled under another name.
 */
#ifndef SAMORDNING_NEW_FOLDER_H
#define SAMORDNING_NEW_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* Makes a temporary folder beside `final`, for nobody else to read. False (said): final is there and has something in it, or
 * the folder cannot be made. */
bool new_folder_open(const char *final, char ret_path[PATH_MAX]);
/* Gives it its name and mode. False: it has been said. */
bool new_folder_commit(const char *path, const char *final, mode_t mode);

#endif
