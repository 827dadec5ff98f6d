/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the reports of one day to its blocks, one a layer: the same path whether blocks are stored or used at once.
 */
#ifndef SAMORDNING_DAY_BUILDER_H
#define SAMORDNING_DAY_BUILDER_H

#include "day_block.h"
#include "event.h"
#include "spec.h"

struct day_builder_block {
    int32_t day;
    int16_t layer;
    uint64_t digest;
    uint32_t interactions, dyads;
    const uint8_t *bytes;
    size_t size;
};
/* What was condensed of a day before. */
struct day_builder_before {
    int16_t layer;
    struct day_block block; /* fresh from day_block_open */
};
struct day_builder_options {
    enum spec_tie tie;
    int32_t reporter;                                                /* for TIE_REPORTER */
    bool one_each;                                                   /* a block for every interaction: what a maximum needs */
    bool (*wanted)(void *arg, const struct event *interaction);      /* NULL = all */
    bool (*built)(void *arg, const struct day_builder_block *block); /* false stops; NULL = interactions only */
    void *arg;
    /* Blocks that go on with the reports, which must be day_builder_apart from them. Layers without a new report get no block.
     */
    const struct day_builder_before *before;
    size_t before_count;
};

/* A report whose reporter tells of the day under this tie rule: not a withdrawal, nor anybody but the one reporter asked for.
 */
bool day_builder_heard(const struct day_builder_options *options, const struct event *report);

/* Whether first reports of a day can be condensed apart from those that blocks of that day were made of, because none tells of
 * an interaction that one of those tells of: their ids are not derived, or all are of one organisation. Supplements are not
 * looked for. */
bool day_builder_apart(const struct event_list *reports, const struct day_builder_before *before, size_t before_count);

struct day_builder;
struct day_builder *day_builder_create(void);
void day_builder_destroy(struct day_builder *builder);
/* `reports` are all reports of `day`, of all layers. Layers without a wanted interaction get no block. False: out of memory, or
 * `built` said so. */
bool day_builder_run(struct day_builder *builder, int32_t day, const struct event_list *reports,
                     const struct day_builder_options *options);
/* The interactions of the last run, until the next; they share arrays with its reports. */
const struct event_list *day_builder_interactions(const struct day_builder *builder);

#endif
