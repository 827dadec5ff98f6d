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
struct day_builder_options {
    enum spec_tie tie;
    int32_t reporter;                                                /* for TIE_REPORTER */
    bool one_each;                                                   /* a block for every interaction: what a maximum needs */
    bool (*wanted)(void *arg, const struct event *interaction);      /* NULL = all */
    bool (*built)(void *arg, const struct day_builder_block *block); /* false stops */
    void *arg;
};

/* A report whose reporter tells of the day under this tie rule: not a withdrawal, nor anybody but the one reporter asked for.
 */
bool day_builder_heard(const struct day_builder_options *options, const struct event *report);

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
