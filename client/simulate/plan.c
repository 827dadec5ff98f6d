/* SPDX-License-Identifier: GPL-3.0-or-later
 * What to simulate (see plan.h): defaults, the --plant list, checks. */
#include "plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void plant_nothing(struct simulate_plan *plan)
{
    plan->slow = PUBLIC_BODY_NONE;
    plan->broker = PUBLIC_BODY_NONE;
    plan->silent = PUBLIC_BODY_NONE;
    plan->gap[0][0] = plan->gap[1][0] = '\0';
    plan->slow_strength = plan->broker_strength = plan->gap_strength = plan->silent_strength = 0.0;
}

void simulate_plan_default(double strength, struct simulate_plan *ret_plan)
{
    *ret_plan = (struct simulate_plan){
        .year = 2025,
        .seed = 1,
        .interactions = 12000,
        .witness_share = 0.08,
    };
    plant_nothing(ret_plan);
    ret_plan->slow = public_body_find("SD");
    ret_plan->broker = public_body_find("KDD");
    snprintf(ret_plan->gap[0], sizeof ret_plan->gap[0], "velferd");
    snprintf(ret_plan->gap[1], sizeof ret_plan->gap[1], "kunnskap");
    ret_plan->silent = public_body_find("LMD");
    ret_plan->slow_strength = ret_plan->broker_strength = ret_plan->gap_strength = ret_plan->silent_strength = strength;
}

static bool sector_is_known(const char *sector)
{
    for (unsigned i = 0; i < public_body_count; i++) {
        if (public_body_is_ministry(i) && strcmp(public_bodies[i].sector, sector) == 0)
            return true;
    }
    return false;
}

static enum status parse_ministry(const char *name, unsigned *ret_ministry, struct errmsg *ret_errmsg)
{
    unsigned found = public_body_find(name);
    if (found == PUBLIC_BODY_NONE || !public_body_is_ministry(found)) {
        errmsg_set(ret_errmsg, "plant", "'%s' is not a ministry (use its abbreviation, such as SD)", name);
        return STATUS_INVALID;
    }
    *ret_ministry = found;
    return STATUS_OK;
}

static enum status parse_gap(struct simulate_plan *plan, char *sectors, struct errmsg *ret_errmsg)
{
    char *second = strchr(sectors, '-');
    if (!second) {
        errmsg_set(ret_errmsg, "plant", "gap wants two sectors, as in gap=velferd-kunnskap, not '%s'", sectors);
        return STATUS_INVALID;
    }
    *second++ = '\0';
    const char *names[2] = {sectors, second};
    for (unsigned i = 0; i < 2; i++) {
        if (!sector_is_known(names[i])) {
            errmsg_set(ret_errmsg, "plant", "'%s' is not a sector (velferd, kunnskap, næring, miljø, styring or sikkerhet)",
                       names[i]);
            return STATUS_INVALID;
        }
        snprintf(plan->gap[i], sizeof plan->gap[i], "%s", names[i]);
    }
    if (strcmp(plan->gap[0], plan->gap[1]) == 0) {
        errmsg_set(ret_errmsg, "plant", "gap wants two different sectors, not '%s' twice", plan->gap[0]);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status parse_strength(const char *text, double *ret_strength, struct errmsg *ret_errmsg)
{
    char *end;
    double strength = strtod(text, &end);
    if (end == text || *end || !isfinite(strength) || strength < 0.0 || strength > 1.0) {
        errmsg_set(ret_errmsg, "plant", "strength '%s' is not a number from 0 to 1", text);
        return STATUS_INVALID;
    }
    *ret_strength = strength;
    return STATUS_OK;
}

static enum status parse_one(struct simulate_plan *plan, char *item, double strength, struct errmsg *ret_errmsg)
{
    char *value = strchr(item, '=');
    if (!value) {
        errmsg_set(ret_errmsg, "plant", "'%s' is not of the form what=who[:strength]", item);
        return STATUS_INVALID;
    }
    *value++ = '\0';
    char *colon = strchr(value, ':');
    enum status status = STATUS_OK;
    if (colon) {
        *colon++ = '\0';
        status = parse_strength(colon, &strength, ret_errmsg);
    }
    if (status != STATUS_OK)
        return status;
    if (strcmp(item, "slow") == 0) {
        plan->slow_strength = strength;
        return parse_ministry(value, &plan->slow, ret_errmsg);
    }
    if (strcmp(item, "broker") == 0) {
        plan->broker_strength = strength;
        return parse_ministry(value, &plan->broker, ret_errmsg);
    }
    if (strcmp(item, "gap") == 0) {
        plan->gap_strength = strength;
        return parse_gap(plan, value, ret_errmsg);
    }
    if (strcmp(item, "silent") == 0) {
        plan->silent_strength = strength;
        return parse_ministry(value, &plan->silent, ret_errmsg);
    }
    errmsg_set(ret_errmsg, "plant", "'%s' cannot be planted (slow, broker, gap, silent or none)", item);
    return STATUS_INVALID;
}

enum status simulate_plan_plant(struct simulate_plan *plan, const char *text, double default_strength,
                                struct errmsg *ret_errmsg)
{
    struct simulate_plan planted = *plan;
    plant_nothing(&planted);
    enum status status = STATUS_OK;
    if (strcmp(text, "none") != 0) {
        char *copy = strdup(text);
        if (!copy) {
            errmsg_set(ret_errmsg, "", "out of memory");
            return STATUS_NO_MEMORY;
        }
        char *rest = copy;
        for (char *item = strsep(&rest, ","); item && status == STATUS_OK; item = strsep(&rest, ","))
            status = parse_one(&planted, item, default_strength, ret_errmsg);
        free(copy);
    }
    if (status == STATUS_OK)
        *plan = planted;
    return status;
}

enum status simulate_plan_check(const struct simulate_plan *plan, struct errmsg *ret_errmsg)
{
    if (plan->year < PLAN_YEAR_MIN || plan->year > PLAN_YEAR_MAX) {
        errmsg_set(ret_errmsg, "year", "%d is not a year from %d to %d", plan->year, PLAN_YEAR_MIN, PLAN_YEAR_MAX);
        return STATUS_INVALID;
    }
    if (plan->interactions < 1 || plan->interactions > PLAN_INTERACTIONS_MAX) {
        errmsg_set(ret_errmsg, "interactions", "%u is not a number from 1 to %u", plan->interactions, PLAN_INTERACTIONS_MAX);
        return STATUS_INVALID;
    }
    if (!(plan->witness_share >= 0.0 && plan->witness_share <= 1.0)) {
        errmsg_set(ret_errmsg, "witnesses", "%g is not a share from 0 to 1", plan->witness_share);
        return STATUS_INVALID;
    }
    const unsigned named[] = {plan->slow, plan->broker, plan->silent};
    for (unsigned i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (named[i] != PUBLIC_BODY_NONE && !public_body_exists(named[i], plan->year)) {
            const struct public_body *body = &public_bodies[named[i]];
            errmsg_set(ret_errmsg, "plant", "%s was founded in %d and cannot be planted in %d", body->abbreviation,
                       body->founded, plan->year);
            return STATUS_INVALID;
        }
    }
    if (plan->broker != PUBLIC_BODY_NONE && plan->gap[0][0]) {
        const char *sector = public_body_sector(plan->broker, plan->year);
        if (strcmp(sector, plan->gap[0]) == 0 || strcmp(sector, plan->gap[1]) == 0) {
            /* It would have to be in everything and keep away from half of it. */
            errmsg_set(ret_errmsg, "plant", "the broker %s belongs to the sector %s, which is one side of the gap",
                       public_bodies[plan->broker].abbreviation, sector);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}
