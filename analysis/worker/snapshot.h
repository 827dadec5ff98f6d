/* SPDX-License-Identifier: GPL-3.0-or-later
 * One consistent look at the database for one specification: its watermark, its network, its replies.
 */
#ifndef SAMORDNING_SNAPSHOT_H
#define SAMORDNING_SNAPSHOT_H

#include "chronicle.h"
#include "database.h"
#include "duty_rule.h"
#include "layers.h"
#include "need.h"
#include "network.h"
#include "prefix.h"
#include "progress.h"
#include "reply.h"
#include "report_memory.h"
#include "shortest.h"
#include "structure.h"
#include "wave_reader.h"
#include "worker_build.h"

struct merge;

struct snapshot {
    struct database *database;
    const struct progress *progress;
    struct spec spec; /* of a wave with the wave's day */
    struct layers layers;
    int16_t codes[LAYERS_MAX];
    size_t code_count;
    struct structure *structure;
    int32_t tie_reporter; /* organisation, under TIE_REPORTER */
    char **case_refs;     /* of the case type, sorted; NULL when no type is asked for */
    size_t case_ref_count;
    bool by_rows;    /* blocks cannot answer this specification */
    uint64_t digest; /* of all reports that are looked at */
    struct prefix_block *blocks;
    size_t block_count, block_capacity;
    struct prefix_store *prefixes; /* to be set after opening where there are such */
    struct report_memory *memory;
    int64_t register_version, touched;
    char watermark[WORKER_BUILD_MAX + 80];
    char input_hash[17];
    struct merge *merge;
    struct network *network;
    struct shortest_memory shortest; /* of one of these two networks */
    struct network *treated;         /* under spec.missing, once computed (compute.c); NULL = not asked for */
    struct snapshot *earlier;        /* the same look at another period; NULL unless asked for */
    bool has_replies, has_chronicle, has_need, has_rules;
    struct reply_set replies;
    struct chronicle chronicle;
    struct need need;
    struct duty_rules rules;
    struct wave_source source, earlier_source; /* key "" = none */
    struct wave wave, earlier_wave;
    const struct wave_source *later_source; /* of an earlier look: the wave whose names its items take */
    double labels_waiting;
};

/* Begins the transaction and finds the watermark. STATUS_INVALID: the specification names what does not exist. */
MUST_CHECK enum status snapshot_open(struct snapshot *snapshot, struct database *database, const struct spec *spec,
                                     const struct progress *progress);
/* Right after opening: looks at a second period in the same transaction. From then on watermark and input hash are of both, and
 * snapshot_build_network makes both networks. */
MUST_CHECK enum status snapshot_open_earlier(struct snapshot *snapshot, const struct spec *spec);
MUST_CHECK enum status snapshot_build_network(struct snapshot *snapshot);
/* Takes over what another one of the same watermark and, but for seed and choices, the same specification has read. Before
 * anything is built. */
void snapshot_take_over(struct snapshot *snapshot, struct snapshot *from);
/* After the network: the interactions themselves, as replies, as a chronicle, or both in one reading. What is there already is
 * not built again, here and below. */
MUST_CHECK enum status snapshot_build_events(struct snapshot *snapshot, bool replies, bool chronicle);
/* After the network: the register of needs, and the rules of the duty to consult, with actors as the network has them. */
MUST_CHECK enum status snapshot_read_need(struct snapshot *snapshot);
MUST_CHECK enum status snapshot_read_rules(struct snapshot *snapshot);
/* A day of the period, for looking up what an actor counts as then; the first one where none is given (NaN). */
int32_t snapshot_day_within(const struct spec *spec, double day);
/* Ends the transaction; what was read stays. */
MUST_CHECK enum status snapshot_close(struct snapshot *snapshot);
void snapshot_release(struct snapshot *snapshot);

#endif
