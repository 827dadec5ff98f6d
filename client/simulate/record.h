/* SPDX-License-Identifier: GPL-3.0-or-later
 * Appending interactions to the simulated year: who takes part once the planted truths have had their say, when, and the
 * replies to what was asked.
 */
#ifndef SAMORDNING_SIMULATE_RECORD_H
#define SAMORDNING_SIMULATE_RECORD_H

#include "course.h"

struct record_context {
    struct year *year;
    const struct government *government;
    struct draw draw;
    uint32_t case_number;
    unsigned owner;
    unsigned stage; /* Samordning__V1__Stage */
};

struct record_request {
    enum happening happening;
    int32_t sent_day, deadline_day;
    bool deadline_agreed;
    uint64_t addressees, copies;
    int32_t closed_day; /* what is unanswered then was withdrawn with the case; 0 = never closed */
};

struct record_objection {
    unsigned objector;
    int32_t day;
    unsigned outcome; /* Samordning__V1__Outcome */
};
#define RECORD_OBJECTIONS_MAX 16

/* The owner and so many others of `candidates` meet for an hour or three. */
void record_meeting(struct record_context *context, enum happening happening, int32_t day, uint64_t candidates, unsigned size);
/* Exactly these meet; planted truths do not touch them. `chair` must be one of them. */
void record_gathering(struct record_context *context, enum happening happening, int32_t day, uint64_t present, unsigned chair,
                      unsigned level, unsigned resolved_level);
/* The owner asks; returns how many objections came in time to matter. */
unsigned record_request(struct record_context *context, const struct record_request *request,
                        struct record_objection ret_objections[RECORD_OBJECTIONS_MAX]);
/* The owner writes to these, expecting no answer. */
void record_letter(struct record_context *context, enum happening happening, int32_t day, uint64_t addressees, uint64_t copies);
/* A body objects to what the owner of the case proposes. */
void record_objection(struct record_context *context, const struct record_objection *objection, bool case_stopped);
/* What could not be solved is lifted to `level`; resolved_level 0 = it went on from there. */
void record_escalation(struct record_context *context, unsigned objector, int32_t day, unsigned level, unsigned resolved_level);

#endif
