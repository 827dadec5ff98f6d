/* SPDX-License-Identifier: GPL-3.0-or-later
 * The wire's words, by number.
 */
#include "event_name.h"

#include <stddef.h>

#define SIZE(array) (int)(sizeof(array) / sizeof(array)[0])

static const char *const levels[EVENT_LEVELS] = {"unspecified",          "case_officer",    "department_head",
                                                 "permanent_secretary",  "state_secretary", "minister",
                                                 "government_conference"};
static const char *const roles[] = {"unspecified", "sender",      "addressee", "copy",
                                    "chair",       "participant", "observer",  "declined"};
static const char *const replies[] = {"unspecified", "pending", "answered", "no_remark", "withdrawn", "superseded", "noted"};
static const char *const outcomes[] = {
    "unspecified",        "no_remark",          "remark",        "support",   "conditional_support",
    "objection",          "disagreement",       "awaiting",      "withdrawn", "postponement_demanded",
    "new_study_demanded", "blocked_by_silence", "case_withdrawn"};
static const char *const kinds[] = {"meeting", "request", "letter", "objection"};

static const char *name_of(const char *const *names, int count, int number)
{
    return number >= 0 && number < count ? names[number] : NULL;
}

const char *event_level_name(int level)
{
    return name_of(levels, SIZE(levels), level);
}

const char *event_role_name(int role)
{
    return name_of(roles, SIZE(roles), role);
}

const char *event_reply_name(int reply_status)
{
    return name_of(replies, SIZE(replies), reply_status);
}

const char *event_outcome_name(int outcome)
{
    return name_of(outcomes, SIZE(outcomes), outcome);
}

const char *event_kind_name(int kind)
{
    return name_of(kinds, SIZE(kinds), kind);
}
