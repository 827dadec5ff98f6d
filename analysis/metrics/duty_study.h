/* SPDX-License-Identifier: GPL-3.0-or-later
 * The duties to consult of a period's cases: a rule in force, a case that has come so far, and whether its addressee was asked.
 *
 * The owner of the case is never asked by itself. What the reports cannot show - a case that began before the period, requests
 * that name no stage - is unknown and neither fulfilled nor missing.
 */
#ifndef SAMORDNING_DUTY_STUDY_H
#define SAMORDNING_DUTY_STUDY_H

#include "chronicle.h"
#include "duty_rule.h"
#include "network.h"

enum duty_state { DUTY_MISSING, DUTY_LATE, DUTY_SHORT, DUTY_UNDATED, DUTY_IN_TIME, DUTY_UNKNOWN, DUTY_STATES };

struct duty {
    size_t case_file, rule; /* by place in the chronicle, and among the rules */
    int32_t owner, addressee;
    enum duty_state state;
    double asked_day, days; /* first asked, and days given to answer; NaN = not asked, no deadline */
};
struct duty_course;
struct duty_study {
    const struct network *network;
    const struct chronicle *chronicle;
    const struct duty_rules *rules;
    struct duty *duties; /* by case and rule */
    size_t duty_count, duty_room;
    size_t unstated, ownerless, assessable; /* cases: effects not stated, owner not, both stated */
    double *consulted, *expected, *beyond;  /* of each actor: consultations it was asked in, had to be, was though it need not
                                               be; a case and stage count once, in assessable cases only */
    size_t *events;                         /* those with a case, by case and time */
    struct duty_course *courses;            /* of each case */
    uint16_t *asked, *demanded;             /* of each actor in the case at hand: stages, as bits */
};
/* All three outlive the study. False: out of memory; it must be released all the same. */
bool duty_study_init(struct duty_study *study, const struct network *network, const struct chronicle *chronicle,
                     const struct duty_rules *rules);
/* Judges one case of the chronicle, each once. False: out of memory. */
bool duty_study_assess(struct duty_study *study, size_t case_file);
void duty_study_release(struct duty_study *study);

#endif
