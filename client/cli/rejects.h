/* SPDX-License-Identifier: GPL-3.0-or-later
 * The file that lists what was not taken in: file, line, field, reason and the row as it stood, by line.
 *
 * Nothing is written until there is something to list; then the file appears whole when it is closed. Rows whose text was not
 * at hand when they were rejected are looked up in the file again, where it can be read again.
 */
#ifndef SAMORDNING_REJECTS_H
#define SAMORDNING_REJECTS_H

#include "output.h"
#include "source.h"

#include <stdint.h>

#define REJECTS_BYTES_MAX ((size_t)64 << 20) /* kept for sorting; what comes before is then written as it is */

struct reject {
    uint64_t line;
    char *field, *reason, *text; /* text NULL = to be looked up; empty when it is withheld */
};

struct rejects {
    char *path;
    struct output output;
    bool begun, failed;
    uint64_t count;
    const char *file; /* being read, as it is called in the list */
    struct reject *kept;
    size_t kept_count, kept_capacity, kept_bytes;
};

void rejects_init(struct rejects *rejects, char *path); /* takes the path over */
void rejects_begin_file(struct rejects *rejects, const char *file);
void rejects_add(struct rejects *rejects, const struct source_rejection *rejection);
/* Rejected by the daemon: only the line is known. */
void rejects_add_line(struct rejects *rejects, uint64_t line, const char *field, const char *reason);
void rejects_end_file(struct rejects *rejects, const char *path, const struct source_options *options);
/* False: the list could not be written (said). */
bool rejects_finish(struct rejects *rejects);

#endif
