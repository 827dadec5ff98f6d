/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows, and the calendar they are read by.
 */
#include "deadline_rule.h"

#include "civil_time.h"
#include "event.h"

#define SIZE(array)  (sizeof(array) / sizeof(array)[0])
#define IN_FORCE     20160301 /* of the present instruction; earlier days had another, of which no row is known here */
#define CONSULTATION "utredningsinstruksen 3-2"
#define HEARING      "utredningsinstruksen 3-3"

static const struct deadline_rule rules[] = {
    {"consultation_3_weeks", STAGE_CONSULTATION, IN_FORCE, 0, 21, 0, true, CONSULTATION},
    {"renewed_consultation_3_weeks", STAGE_RENEWED_CONSULTATION, IN_FORCE, 0, 21, 0, true, CONSULTATION},
    {"hearing_6_weeks", STAGE_HEARING, IN_FORCE, 0, 42, 0, false, HEARING},
    {"hearing_3_months", STAGE_HEARING, IN_FORCE, 0, 0, 3, false, HEARING " (normally)"},
};

static const struct stage_order orders[] = {
    {"early_involvement_before_consultation", STAGE_EARLY_INVOLVEMENT, STAGE_CONSULTATION, "utredningsinstruksen 3-1"},
    {"consultation_before_hearing", STAGE_CONSULTATION, STAGE_HEARING, CONSULTATION},
    {"consultation_before_rnote", STAGE_CONSULTATION, STAGE_RNOTE, CONSULTATION},
    {"rnote_before_conference", STAGE_RNOTE, STAGE_GOVERNMENT_CONFERENCE, "Om r-konferanser"},
    {"conference_before_council", STAGE_GOVERNMENT_CONFERENCE, STAGE_COUNCIL_OF_STATE, "Om r-konferanser"},
};

const struct deadline_rule *deadline_rules(size_t *ret_count)
{
    *ret_count = SIZE(rules);
    return rules;
}

const struct stage_order *stage_orders(size_t *ret_count)
{
    *ret_count = SIZE(orders);
    return orders;
}

bool deadline_rule_in_force(const struct deadline_rule *rule, int32_t day)
{
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    int32_t date = year * 10000 + month * 100 + mday;
    return date >= rule->from && (rule->to == 0 || date < rule->to);
}

int32_t deadline_rule_earliest(const struct deadline_rule *rule, int32_t day)
{
    if (rule->months == 0)
        return day + rule->days;
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    int months = year * 12 + month - 1 + rule->months;
    int32_t first = civil_to_day(months / 12, months % 12 + 1, 1);
    int32_t next = civil_to_day((months + 1) / 12, (months + 1) % 12 + 1, 1);
    return (first + mday - 1 < next ? first + mday - 1 : next - 1) + rule->days;
}
