/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gists: what condensing needs of the interactions of one commit, packed by the daemon and read by the worker.
 *
 * A gist says again, in some 11 bytes an interaction, what the rows of that commit say; whoever cannot read one reads the
 * rows. Format 1, numbers as base-128 varints unless said otherwise:
 *
 *   byte format, recorded_at in us (8 bytes), then runs of interactions of one day, layer and reporter:
 *     zigzag difference to the day of the run before (at first to 0), layer, reporter,
 *     sum of digest_report over the run (8 bytes), number of interactions (4 bytes), bytes of the rest of the run (4 bytes),
 *     then for each a head byte, what its bits announce, the count of participants and their labels, and what the other bits
 *     announce
 *       bit 0 the id is derived (UUIDv8), so another organisation may tell of the same: its last 8 bytes, and the time in us
 * from the beginning of the day on bit 1 the weight is not 1: a float (4 bytes) bit 2 it lasted: how long, in us bit 3 it has a
 * case: the length of its reference, and that bit 4 all participants have the same role: that; else the role of each bit 5 some
 * reply has an outcome: the outcome of each
 *
 * Little-endian, as all hosts this runs on.
 */
#ifndef SAMORDNING_GIST_H
#define SAMORDNING_GIST_H

#include "samordning.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GIST_FORMAT 1

/* ---------------------------------------------------------------------------------------------------- writing */
#define GIST_BEGIN_SIZE 9

struct gist_writer {
    size_t size; /* so far */

    /* the writer's own */
    size_t run_at; /* where the run's digest stands; 0 = no run yet */
    uint64_t run_digest;
    uint32_t run_count; /* and the run's size follows from run_at */
    int32_t day, reporter;
    int16_t layer;
    int64_t recorded_at_us, first_us, past_us; /* when the day begins and ends */
};
struct gist_source {
    const uint8_t *id; /* 16 bytes */
    const Samordning__V1__Interaction *message;
    const int32_t *labels; /* one per participant; the sign says nothing */
    uint64_t content_hash;
    int32_t reporter;
    int16_t layer;
};
/* `bytes` has room for GIST_BEGIN_SIZE. It may move between the calls, and is a gist after each of them. */
void gist_begin(struct gist_writer *writer, uint8_t *bytes, int64_t recorded_at_us);
size_t gist_put_max(const Samordning__V1__Interaction *message); /* bytes gist_put may need after the first writer->size */
void gist_put(struct gist_writer *writer, uint8_t *bytes, const struct gist_source *source);

/* ---------------------------------------------------------------------------------------------------- reading */
struct gist_reader {
    int64_t recorded_at_us;

    /* the reader's own */
    const uint8_t *at, *end;
    int32_t day;
};
struct gist_run {
    int64_t recorded_at_us;
    int32_t day, reporter;
    int16_t layer;
    uint64_t digest; /* sum of digest_report */

    /* the reader's own */
    const uint8_t *at, *end;
    uint32_t left;
    uint8_t head;
    uint32_t participants;
};
struct gist_interaction {
    bool derived, has_outcomes;
    uint8_t id_end[8]; /* of a derived id */
    int64_t time_us;   /* from the beginning of the day on; 0 when not derived */
    float weight;
    int64_t duration_us;  /* 0 = not known */
    const char *case_ref; /* not terminated; NULL = none */
    size_t case_ref_size;
    uint32_t participants;
};
enum gist_step { GIST_ITEM, GIST_END, GIST_BROKEN };

/* False: not a gist of this format. The bytes must stay, also for the runs. */
bool gist_open(struct gist_reader *reader, const uint8_t *bytes, size_t size);
enum gist_step gist_next_run(struct gist_reader *reader, struct gist_run *ret);
enum gist_step gist_next(struct gist_run *run, struct gist_interaction *ret);
/* After each GIST_ITEM of gist_next: its participants, into arrays of that many; `outcomes` is left alone when it has none.
 * False: broken. */
bool gist_participants(struct gist_run *run, int32_t *labels, int16_t *roles, int16_t *outcomes);

#endif
