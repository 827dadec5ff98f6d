/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an answer goes: standard output, or a file that appears whole or not at all.
 */
#ifndef SAMORDNING_OUTPUT_H
#define SAMORDNING_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct output {
    FILE *file;
    char *path;      /* NULL for standard output */
    char *temporary; /* NULL for what is no file: a device or a pipe is written into as it is */
};

/* path NULL or "-" is standard output. False: it has been said. */
bool output_open(struct output *output, const char *path);
/* Flushes to disk and gives the file its name; false (said) when anything written was lost. */
bool output_commit(struct output *output);
void output_abandon(struct output *output); /* removes the temporary file; nothing after a commit */

#endif
