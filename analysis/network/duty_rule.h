/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who must be asked about what: the rules of register.consultation_rule that hold at some time of the period.
 */
#ifndef SAMORDNING_DUTY_RULE_H
#define SAMORDNING_DUTY_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUTY_RULES_MAX 1000

struct duty_rule {
    char *name, *addressee, *source; /* the addressee as the rule writes it */
    uint32_t effect;                 /* one bit of enum chronicle_effect; 0 = every case */
    int32_t actor;                   /* index of the network's actors; -1 = not in the register or not in the network */
    int32_t from_day, to_day;        /* holds on [from, to) */
    int16_t stage, by_stage; /* asking counts from `stage` on and must come before the first event at `by_stage` or later */
    double minimum_days;     /* to answer, unless agreed otherwise; NaN = none stated */
    bool copy_enough;
    bool when_decided; /* a decided case must have been through it, whatever stages are known of it */
};
struct duty_rules {
    struct duty_rule *rules;
    size_t count; /* by name */
};
void duty_rules_release(struct duty_rules *rules);
/* Copies the texts. False: out of memory, or more than DUTY_RULES_MAX. */
bool duty_rules_add(struct duty_rules *rules, const struct duty_rule *rule);

#endif
