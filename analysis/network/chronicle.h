/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chronicle of a period: every reconciled interaction with who was what in it, as actors of the network.
 *
 * What the network adds up, the chronicle keeps apart: the input of numbers about time, stages, objections, meetings with all
 * who were there, paths through time, and of networks made under another projection. Only interactions of the specification's
 * layers, cases, stages and tie rule are in it, ordered by (time_day, id), so that the same reports give the same bytes.
 *
 * Times are days since 1970-01-01 of Europe/Oslo with the part of the day that has passed; NaN = not given.
 */
#ifndef SAMORDNING_CHRONICLE_H
#define SAMORDNING_CHRONICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHRONICLE_NO_ACTOR (-1) /* the name waits, or has no actor at this level or in this view */

struct chronicle_part {
    int32_t actor;        /* index of the network's actors, or CHRONICLE_NO_ACTOR */
    int32_t label;        /* the name it stood under, a group's for its members; one name may stand in several roles */
    int16_t role;         /* enum event_role */
    uint8_t side;         /* enum event_side: what the role does to a tie */
    bool through_group;   /* a member of the group that was named: its own answer is not told apart */
    bool deadline_agreed; /* a shorter deadline than the rule was agreed */
    int16_t reply_status; /* enum event_reply */
    int16_t outcome;      /* the wire's Outcome; 0 = none */
    double received_day, deadline_day, replied_day;
};
struct chronicle_event {
    uint64_t id; /* of the interaction, hashed */
    double time_day, end_day;
    int32_t day;
    int32_t case_file;             /* index of cases; -1 = none */
    int16_t layer, stage;          /* vocabulary.layer; the wire's Stage */
    int16_t level, resolved_level; /* the wire's Level */
    uint8_t kind;                  /* enum event_kind */
    double weight;
    size_t first_part, first_reporter;
    uint32_t part_count, reporter_count;
};
struct chronicle_case {
    char *ref, *type, *title; /* type NULL = none stated; the title is one for everybody, NULL = none */
    int32_t owner;            /* index of the network's actors, or CHRONICLE_NO_ACTOR */
    double started_day, decided_day;
    uint32_t effects; /* enum chronicle_effect */
};
/* What a measure touches: decides who must be consulted (utredningsinstruksen 3-2). Bits; 0 = nobody has said. The bits are
 * those of register.effect. */
enum chronicle_effect {
    EFFECT_STATE_BUDGET = 1,
    EFFECT_MUNICIPALITIES = 2,
    EFFECT_BUSINESS = 4,
    EFFECT_CLIMATE = 8,
    EFFECT_DISTRICTS = 16,
    EFFECT_INTERNATIONAL = 32,
    EFFECT_EQUALITY = 64,
    EFFECT_LEGISLATION = 128,
    EFFECT_NONE = 256, /* looked into: nothing of the above */
};

struct chronicle {
    struct chronicle_event *events;
    size_t event_count;
    struct chronicle_part *parts; /* in the order of the report; one per member of a group */
    size_t part_count;
    int32_t *reporters; /* index of the network's actors that told of the event, or CHRONICLE_NO_ACTOR; each once, sorted */
    size_t reporter_count;
    struct chronicle_case *cases; /* sorted by ref */
    size_t case_count;
    uint32_t *case_slots; /* a hash table of the references, for the builders */
    size_t case_slot_count;
    double observed_until; /* the end of the period, or the last recording of a report in it, whichever is earlier */
};
void chronicle_release(struct chronicle *chronicle);

/* Builders; events may come in any order until chronicle_order. They return an index, or SIZE_MAX: out of memory. Parts and
 * reporters belong to the event added last. */
size_t chronicle_add_event(struct chronicle *chronicle, const struct chronicle_event *event);
size_t chronicle_add_part(struct chronicle *chronicle, const struct chronicle_part *part);
size_t chronicle_add_reporter(struct chronicle *chronicle, int32_t actor);
/* The case of this reference, added without anything known of it when it is new. */
size_t chronicle_case_of(struct chronicle *chronicle, const char *ref);
/* The same without adding, in a chronicle that is ordered; NULL = no event is of that case. */
struct chronicle_case *chronicle_find_case(const struct chronicle *chronicle, const char *ref);
/* Sorts events and cases, and each event's reporters. False: out of memory. */
bool chronicle_order(struct chronicle *chronicle);
/* Events by case and time, in a chronicle that is ordered: those of case c are order[start[c]] up to order[start[c + 1]]. Both
 * are to be freed, also if it failed. False: out of memory. */
bool chronicle_by_case(const struct chronicle *chronicle, size_t **ret_order, size_t **ret_start);

static inline const struct chronicle_part *chronicle_parts(const struct chronicle *chronicle,
                                                           const struct chronicle_event *event)
{
    return chronicle->parts + event->first_part;
}

#endif
