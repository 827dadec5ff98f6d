/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ids of names already seen: a bounded hash table with clock eviction.
 *
 * Names are compared byte for byte after their (seeded) hash matches, so nobody can choose a name that reads as another one.
 */
#ifndef SAMORDNING_LABELS_H
#define SAMORDNING_LABELS_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LABELS_MAX 65536

struct labels;

MUST_CHECK struct labels *labels_create(size_t max); /* NULL: out of memory */
void labels_destroy(struct labels *labels);

/* The id, or 0. ret_waiting: no actor is known for the name. */
int32_t labels_find(struct labels *labels, const char *text, size_t size, bool *ret_waiting);
/* Remembers a name; out of memory only means that it will be asked for again. */
void labels_put(struct labels *labels, const char *text, size_t size, int32_t id, bool waiting);
/* The register changed: forget the names that waited. */
void labels_forget_waiting(struct labels *labels);
void labels_forget_all(struct labels *labels);
size_t labels_count(const struct labels *labels);

#endif
