/* SPDX-License-Identifier: GPL-3.0-or-later
 * A simulated year as the families read it, without a daemon or a database: its reports go through the same day builder, merge
 * and gatherers as a worker's.
 *
 * Every name is linked to its body from the start, and times are those of the simulation, also where a delivery would give but
 * the day or the month. What was told by two ministries is two reports here too.
 */
#ifndef SAMORDNING_PLANTED_YEAR_H
#define SAMORDNING_PLANTED_YEAR_H

#include "chronicle.h"
#include "event.h"
#include "metrics.h"
#include "need.h"
#include "network.h"
#include "structure.h"
#include "year.h"

#define PLANTED_LAYERS_MAX 32

struct planted_year {
    struct year *year;
    struct structure *structure;
    struct event_list reports; /* by day */
    char *need_rows;           /* the file to import */
    struct metrics_layer layers[PLANTED_LAYERS_MAX];
    size_t layer_count;
};
/* Sectors as the register has them; or the same ones dealt out to the same bodies at random, after the year was made. */
enum planted_sectors { SECTORS_REGISTER, SECTORS_DEALT };

/* All of these end the program when something fails, and say what. */
void planted_year_init(struct planted_year *ret_planted, const struct simulate_plan *plan, enum planted_sectors sectors);
void planted_year_release(struct planted_year *planted);

/* What is read of the year. */
enum planted_period {
    PERIOD_YEAR,           /* so much happens that nearly every pair of bodies has a tie: weights tell, ties do not */
    PERIOD_MEETINGS,       /* the layer of meetings, all year */
    PERIOD_MONTH_MEETINGS, /* the meetings of March: many pairs without a tie */
    PERIOD_COUNT
};

/* What a family reads, under one specification. */
struct planted_view {
    struct network *network;
    struct reply_set replies;
    struct chronicle chronicle;
    struct need need;
};
/* The seed of the specification is that of the year. */
void planted_view_init(struct planted_view *ret_view, const struct planted_year *planted, enum planted_period period);
void planted_view_release(struct planted_view *view);
/* The family's result with these choices; the caller destroys it. */
struct result *planted_result(const struct planted_year *planted, const struct planted_view *view, const char *family,
                              const char *choices);

#endif
