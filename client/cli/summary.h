/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of the records of a file, or of all files.
 */
#ifndef SAMORDNING_SUMMARY_H
#define SAMORDNING_SUMMARY_H

#include "samordning.pb-c.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct summary {
    uint64_t rows;          /* data rows of the file */
    uint64_t rejected_rows; /* by this program, with line, field and reason */
    uint64_t read;          /* interactions made of the others */
    uint64_t stored, already, witnessed, corrected, conflicts, refused, withdrawn; /* what the daemon answered */
    uint64_t waiting_actors; /* of those stored: with names the register does not know */
    double seconds;
    bool dry_run;
};

void summary_count(struct summary *summary, const Samordning__V1__Receipt *receipt);
void summary_add(struct summary *total, const struct summary *more);
uint64_t summary_unanswered(const struct summary *summary);                           /* read, and no receipt */
int summary_exit_code(const struct summary *summary);                                 /* OK, REJECTED or CONFLICT */
void summary_print_text(FILE *file, const struct summary *summary, const char *name); /* name NULL = of everything */
json_t *summary_json(const struct summary *summary, const char *name);                /* NULL: out of memory */

#endif
