/* SPDX-License-Identifier: GPL-3.0-or-later
 * One report of one interaction as the projection sees it, and lists of them with their memory.
 */
#ifndef SAMORDNING_EVENT_H
#define SAMORDNING_EVENT_H

#include "reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_NO_TIME INT64_MIN

/* vocabulary.layer.kind */
enum event_kind { EVENT_MEETING, EVENT_REQUEST, EVENT_LETTER, EVENT_OBJECTION };
/* report.supplement.kind; a first report stands in report.interaction */
enum event_report { EVENT_FIRST, EVENT_WITNESS, EVENT_CORRECTION, EVENT_WITHDRAWAL };
/* The wire's Role, ReplyStatus and Outcome, as far as they decide anything here. */
enum event_role {
    ROLE_NONE,
    ROLE_SENDER,
    ROLE_ADDRESSEE,
    ROLE_COPY,
    ROLE_CHAIR,
    ROLE_PARTICIPANT,
    ROLE_OBSERVER,
    ROLE_DECLINED
};
enum event_reply {
    EVENT_REPLY_NONE,
    EVENT_REPLY_PENDING,
    EVENT_REPLY_ANSWERED,
    EVENT_REPLY_NO_REMARK,
    EVENT_REPLY_WITHDRAWN,
    EVENT_REPLY_SUPERSEDED,
    EVENT_REPLY_NOTED
};
/* The wire's Stage, as far as the order of stages and deadlines hang on it. */
enum event_stage {
    STAGE_EARLY_INVOLVEMENT = 2,
    STAGE_CONSULTATION = 4,
    STAGE_HEARING = 5,
    STAGE_RENEWED_CONSULTATION = 6,
    STAGE_RNOTE = 7,
    STAGE_GOVERNMENT_CONFERENCE = 8,
    STAGE_COUNCIL_OF_STATE = 10
};
enum event_layer { LAYER_ESCALATION = 13 }; /* vocabulary.layer: codes of the built-in ones never change */
enum event_outcome {
    EVENT_OUTCOME_NO_REMARK = 1,
    EVENT_OUTCOME_REMARK = 2,
    EVENT_OUTCOME_OBJECTION = 5,
    EVENT_OUTCOME_DISAGREEMENT = 6,
    EVENT_OUTCOME_POSTPONEMENT_DEMANDED = 9,
    EVENT_OUTCOME_NEW_STUDY_DEMANDED = 10,
    EVENT_OUTCOME_BLOCKED_BY_SILENCE = 11,
    EVENT_OUTCOME_CASE_WITHDRAWN = 12
};

/* What became of a request at an addressee. False: nothing says that an answer was expected. */
bool event_reply_end(int16_t reply_status, bool replied, bool received_or_due, enum reply_end *ret_end);

struct event {
    uint8_t id[16];
    uint64_t content_hash; /* once digested: what it adds to its block's digest */
    int64_t time_us;
    int64_t end_us; /* or EVENT_NO_TIME */
    int64_t recorded_us;
    int32_t day;      /* of Europe/Oslo */
    int32_t reporter; /* organisation */
    int32_t revision; /* -1 for a first report */
    int16_t layer;
    int16_t stage;
    int16_t level, resolved_level; /* the wire's Level */
    uint8_t kind;                  /* enum event_kind */
    uint8_t report;                /* enum event_report */
    uint16_t reports;              /* after reconciliation: how many organisations tell of it */
    bool digested;
    const int32_t *reporters; /* after reconciliation: who they are, `reports` of them */
    double weight;
    const char *case_ref; /* NULL = none */
    uint32_t count;       /* participants; the arrays below are NULL where no participant has a value */
    int32_t *labels;
    int16_t *roles;
    int64_t *received, *deadline, *replied; /* EVENT_NO_TIME where not given */
    int16_t *reply_status, *outcome;
    uint8_t *deadline_agreed;
};

/* What a role does to a tie, given the kind of layer. */
enum event_side { SIDE_NONE, SIDE_PRESENT, SIDE_FROM, SIDE_TO };
enum event_side event_side(uint8_t kind, int16_t role);

/* An id made from the time and a hash of what the source calls it (UUIDv8), so that two reporters make the same one. */
static inline bool event_is_derived(const uint8_t id[16])
{
    return id[6] >> 4 == 8;
}

struct event_chunk;
struct event_list {
    struct event *events;
    size_t count, capacity;
    struct event_chunk *chunks; /* memory of the events' arrays and texts */
};
void event_list_init(struct event_list *list);
void event_list_release(struct event_list *list);
void event_list_clear(struct event_list *list);               /* forgets events, keeps some memory for the next ones */
struct event *event_list_add(struct event_list *list);        /* zeroed; NULL: out of memory */
void *event_list_alloc(struct event_list *list, size_t size); /* 8-byte aligned; NULL: out of memory */

#endif
