/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reconciling a day and condensing each of its layers.
 */
#include "day_builder.h"

#include "reconcile.h"

#include <stdlib.h>

struct day_builder {
    struct day_condenser *condenser;
    struct event_list interactions;
};

struct day_builder *day_builder_create(void)
{
    struct day_builder *builder = calloc(1, sizeof *builder);
    if (!builder)
        return NULL;
    event_list_init(&builder->interactions);
    builder->condenser = day_condenser_create();
    if (!builder->condenser) {
        free(builder);
        return NULL;
    }
    return builder;
}

void day_builder_destroy(struct day_builder *builder)
{
    if (!builder)
        return;
    day_condenser_destroy(builder->condenser);
    event_list_release(&builder->interactions);
    free(builder);
}

bool day_builder_heard(const struct day_builder_options *options, const struct event *report)
{
    return report->report != EVENT_WITHDRAWAL && (options->tie != TIE_REPORTER || report->reporter == options->reporter);
}

bool day_builder_apart(const struct event_list *reports, const struct day_builder_before *before, size_t before_count)
{
    bool derived = false;
    for (size_t i = 0; i < reports->count && before_count && !derived; i++)
        derived = event_is_derived(reports->events[i].id);
    for (size_t i = 1; i < reports->count && derived; i++)
        if (reports->events[i].reporter != reports->events[0].reporter)
            return false;
    for (size_t i = 0; i < before_count; i++) {
        struct day_block block = before[i].block;
        int32_t number;
        uint32_t interactions;
        while (day_block_label(&block, &number, &interactions) == DAY_BLOCK_ITEM)
            ;
        enum day_block_step step; /* a break among the labels shows here as well */
        while ((step = day_block_reporter(&block, &number)) == DAY_BLOCK_ITEM)
            if (derived && number != reports->events[0].reporter)
                return false;
        if (step == DAY_BLOCK_BROKEN)
            return false;
    }
    return true;
}

/* A supplement may change the interaction of any layer of its day, so every layer's digest and reporters know of it. */
static bool add_reports(struct day_condenser *condenser, const struct event_list *reports, int16_t layer,
                        const struct day_builder_options *options)
{
    for (size_t i = 0; i < reports->count; i++) {
        const struct event *report = &reports->events[i];
        if ((report->layer == layer || report->report != EVENT_FIRST) &&
            !day_condenser_report(condenser, report, day_builder_heard(options, report)))
            return false;
    }
    return true;
}

static bool resume(struct day_condenser *condenser, int16_t layer, const struct day_builder_options *options)
{
    for (size_t i = 0; i < options->before_count; i++)
        if (options->before[i].layer == layer)
            return day_condenser_resume(condenser, &options->before[i].block);
    return true;
}

static bool emit(struct day_condenser *condenser, int32_t day, int16_t layer, const struct day_builder_options *options)
{
    struct day_builder_block block = {.day = day, .layer = layer};
    block.bytes = day_condenser_finish(condenser, &block.size);
    if (!block.bytes)
        return false;
    block.digest = day_condenser_digest(condenser);
    block.interactions = day_condenser_interactions(condenser);
    block.dyads = day_condenser_dyads(condenser);
    return options->built(options->arg, &block);
}

static bool run_layer(struct day_builder *builder, int32_t day, const struct event_list *reports, int16_t layer, uint8_t kind,
                      const struct day_builder_options *options)
{
    bool begun = false;
    for (size_t i = 0; i < builder->interactions.count; i++) {
        const struct event *event = &builder->interactions.events[i];
        if (event->layer != layer || (options->wanted && !options->wanted(options->arg, event)))
            continue;
        if (!begun) {
            day_condenser_begin(builder->condenser, day, layer, kind);
            if (!add_reports(builder->condenser, reports, layer, options) || !resume(builder->condenser, layer, options))
                return false;
            begun = true;
        }
        if (!day_condenser_add(builder->condenser, event))
            return false;
        if (options->one_each) {
            if (!emit(builder->condenser, day, layer, options))
                return false;
            day_condenser_begin(builder->condenser, day, layer, kind);
        }
    }
    return !begun || options->one_each || emit(builder->condenser, day, layer, options);
}

bool day_builder_run(struct day_builder *builder, int32_t day, const struct event_list *reports,
                     const struct day_builder_options *options)
{
    event_list_clear(&builder->interactions);
    if (!reconcile_day(reports, options->tie, options->reporter, &builder->interactions))
        return false;
    if (!options->built)
        return true;
    /* Layers in the order of their code; there are a few dozen at most. */
    for (int32_t layer = -1;;) {
        const struct event *next = NULL;
        for (size_t i = 0; i < builder->interactions.count; i++) {
            const struct event *event = &builder->interactions.events[i];
            if (event->layer > layer && (!next || event->layer < next->layer))
                next = event;
        }
        if (!next)
            return true;
        layer = next->layer;
        if (!run_layer(builder, day, reports, next->layer, next->kind, options))
            return false;
    }
}

const struct event_list *day_builder_interactions(const struct day_builder *builder)
{
    return &builder->interactions;
}
