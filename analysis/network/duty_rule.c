/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list of rules.
 */
#include "duty_rule.h"

#include <stdlib.h>
#include <string.h>

static void release_rule(struct duty_rule *rule)
{
    free(rule->name);
    free(rule->addressee);
    free(rule->source);
}

void duty_rules_release(struct duty_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        release_rule(&rules->rules[i]);
    free(rules->rules);
    *rules = (struct duty_rules){0};
}

bool duty_rules_add(struct duty_rules *rules, const struct duty_rule *rule)
{
    struct duty_rule *larger =
        rules->count < DUTY_RULES_MAX ? realloc(rules->rules, (rules->count + 1) * sizeof *larger) : NULL;
    if (!larger)
        return false;
    rules->rules = larger;
    struct duty_rule fresh = *rule;
    fresh.name = strdup(rule->name);
    fresh.addressee = strdup(rule->addressee);
    fresh.source = strdup(rule->source);
    if (!fresh.name || !fresh.addressee || !fresh.source) {
        release_rule(&fresh);
        return false;
    }
    rules->rules[rules->count++] = fresh;
    return true;
}
