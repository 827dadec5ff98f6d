/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has been merged of a specification's earlier days, kept between the jobs of one process: when reports come in, only the
 * days since then are merged again, however long the history.
 *
 * It holds as long as the register and every earlier block are what they were. Sums are exact, so a network that goes on from
 * one is the network of all its blocks, bit for bit.
 */
#ifndef SAMORDNING_PREFIX_H
#define SAMORDNING_PREFIX_H

#include "merge.h"
#include "spec.h"

#define PREFIXES_MAX       4  /* of one process; each a table of ties */
#define PREFIX_RECENT_DAYS 31 /* before the last day with reports: likely to get more, so not part of it */

/* A block as the watermark sees it. */
struct prefix_block {
    int32_t day;
    uint64_t digest;
};
struct prefix {
    char spec[SPEC_TEXT_MAX]; /* without what decides nothing here; empty = free */
    int64_t register_version;
    int32_t to_day; /* the first day that is not in it */
    uint64_t digest;
    double unresolved; /* interactions with names that wait */
    struct merge *merge;
    uint64_t used; /* counts up */
};
struct prefix_store {
    struct prefix prefixes[PREFIXES_MAX];
    uint64_t uses;
};
void prefix_store_release(struct prefix_store *store);

/* As much of the specification as reading looks at: without seed, choices and the treatment of unknown ties. False: it asks for
 * slices, which have no prefix. */
bool prefix_spec(const struct spec *spec, char ret_text[SPEC_TEXT_MAX]);
/* The one to go on from, until the next call here. NULL: none holds. */
const struct prefix *prefix_find(struct prefix_store *store, const struct spec *spec, int64_t register_version,
                                 const struct prefix_block *blocks, size_t count);
/* Keeps a copy of what is merged of the days before `to_day`; without memory for it, nothing. */
void prefix_keep(struct prefix_store *store, const struct spec *spec, const struct structure *structure,
                 int64_t register_version, const struct prefix_block *blocks, size_t count, int32_t to_day,
                 const struct merge *merge, double unresolved);

#endif
