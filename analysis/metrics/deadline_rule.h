/* SPDX-License-Identifier: GPL-3.0-or-later
 * What rules say about stages and deadlines: dated rows with their source, never constants in a computation.
 *
 * No rule here counts working days: utredningsinstruksen speaks of weeks and months, which the calendar decides, whatever
 * holidays fall into them. A request of a day without a row in force is not judged.
 */
#ifndef SAMORDNING_DEADLINE_RULE_H
#define SAMORDNING_DEADLINE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deadline_rule {
    const char *name;      /* stable */
    int stage;             /* enum event_stage */
    int32_t from, to;      /* yyyymmdd: in force in [from, to); 0 = open */
    int days, months;      /* the least that must be given, from the day of receipt (else sending) */
    bool agreement_counts; /* a shorter deadline may be agreed */
    const char *source;
};
struct stage_order {
    const char *name;
    int first, then; /* enum event_stage: `first` must begin before `then` does */
    const char *source;
};
const struct deadline_rule *deadline_rules(size_t *ret_count);
const struct stage_order *stage_orders(size_t *ret_count);

bool deadline_rule_in_force(const struct deadline_rule *rule, int32_t day); /* days since 1970 */
/* The first day that satisfies the rule as a deadline for what was received on `day`. Months end on the last day of a month
 * that is too short. */
int32_t deadline_rule_earliest(const struct deadline_rule *rule, int32_t day);

#endif
