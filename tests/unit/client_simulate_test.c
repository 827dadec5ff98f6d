/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sample year: same seed same bytes, the rules of the calendar and of the instructions hold, and what is planted can be
 * counted in the raw rows at each strength and is not there when nothing is planted. */
#include "civil_time.h"
#include "delivery.h"
#include "simulate.h"
#include "validate.h"
#include "vocabulary.h"
#include "work_calendar.h"
#include "year.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define V1(name) SAMORDNING__V1__##name

static struct simulate_plan plan_of(const char *planted, uint64_t seed)
{
    struct simulate_plan plan;
    struct errmsg errmsg;
    simulate_plan_default(0.8, &plan);
    ck_assert_msg(simulate_plan_plant(&plan, planted, 0.8, &errmsg) == STATUS_OK, "%s", planted);
    plan.seed = seed;
    return plan;
}

static struct year *make(const struct simulate_plan *plan)
{
    struct year *year = NULL;
    struct errmsg errmsg = {.text = ""};
    ck_assert_int_eq(simulate_plan_check(plan, &errmsg), STATUS_OK);
    ck_assert_int_eq(year_create(plan, &year, &errmsg), STATUS_OK);
    return year;
}

static char *rows_of(const struct year *year, unsigned reporter, size_t *ret_size)
{
    char *text = NULL;
    struct delivery_counts counts;
    FILE *file = open_memstream(&text, ret_size);
    ck_assert_ptr_nonnull(file);
    ck_assert(delivery_write(file, year, reporter, &counts));
    fclose(file);
    return text;
}

/* ------------------------------------------------------------------------------------------------- the files */

START_TEST(same_seed_same_bytes)
{
    struct simulate_plan plan = plan_of("slow=SD,broker=KDD,gap=velferd-kunnskap", 42);
    plan.interactions = 3000;
    struct year *first = make(&plan), *second = make(&plan);
    plan.seed = 43;
    struct year *other = make(&plan);
    size_t first_size, second_size, other_size;
    char *first_rows = rows_of(first, PUBLIC_BODY_NONE, &first_size);
    char *second_rows = rows_of(second, PUBLIC_BODY_NONE, &second_size);
    char *other_rows = rows_of(other, PUBLIC_BODY_NONE, &other_size);
    ck_assert_uint_eq(first_size, second_size);
    ck_assert_mem_eq(first_rows, second_rows, first_size);
    ck_assert(first_size != other_size || memcmp(first_rows, other_rows, first_size) != 0);
    free(first_rows);
    free(second_rows);
    free(other_rows);
    year_destroy(first);
    year_destroy(second);
    year_destroy(other);
}
END_TEST

START_TEST(every_interaction_is_told_by_its_ministry)
{
    struct simulate_plan plan = plan_of("none", 5);
    plan.interactions = 4000;
    struct year *year = make(&plan);
    uint64_t told = 0, witnessed = 0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        ck_assert(public_body_is_ministry(year->interactions[i].reporter));
        witnessed += year->interactions[i].witness != PUBLIC_BODY_NONE;
        ck_assert_uint_ne(year->interactions[i].witness, year->interactions[i].reporter);
    }
    for (unsigned body = 0; body < public_body_count; body++) {
        char *text = NULL;
        size_t size;
        struct delivery_counts counts;
        FILE *file = open_memstream(&text, &size);
        ck_assert(delivery_write(file, year, body, &counts));
        fclose(file);
        free(text);
        told += counts.told;
        ck_assert(public_body_is_ministry(body) || counts.told == 0);
    }
    ck_assert_uint_eq(year->interaction_count, 4000);
    ck_assert_uint_eq(told, 4000 + witnessed);
    ck_assert_uint_gt(witnessed, 100);
    year_destroy(year);
}
END_TEST

START_TEST(layers_and_kinds_are_built_in)
{
    static const int kinds[HAPPENING_COUNT] = {
        [HAPPENING_EARLY_INVOLVEMENT] = V1(LAYER_KIND__LAYER_REQUEST),
        [HAPPENING_CONSULTATION] = V1(LAYER_KIND__LAYER_REQUEST),
        [HAPPENING_HEARING] = V1(LAYER_KIND__LAYER_REQUEST),
        [HAPPENING_RNOTE] = V1(LAYER_KIND__LAYER_REQUEST),
        [HAPPENING_LETTER] = V1(LAYER_KIND__LAYER_LETTER),
        [HAPPENING_STEERING_DIALOGUE] = V1(LAYER_KIND__LAYER_LETTER),
        [HAPPENING_OBJECTION] = V1(LAYER_KIND__LAYER_OBJECTION),
        [HAPPENING_ESCALATION] = V1(LAYER_KIND__LAYER_LETTER),
    };
    struct simulate_plan plan = plan_of("none", 1);
    struct year *year = make(&plan);
    uint64_t seen[HAPPENING_COUNT] = {0};
    for (size_t i = 0; i < year->interaction_count; i++)
        seen[year->interactions[i].happening]++;
    for (unsigned i = 0; i < HAPPENING_COUNT; i++) {
        const char *layer = happening_layer((enum happening)i);
        const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_LAYER, layer, strlen(layer));
        ck_assert_msg(term && strcmp(term->name, layer) == 0, "%s", layer);
        ck_assert_msg(vocabulary_layer_kind(term->code) == kinds[i], "%s", layer);
        ck_assert_msg(seen[i] > 0, "a year without %s", layer);
    }
    year_destroy(year);
}
END_TEST

START_TEST(the_register_is_sound)
{
    unsigned ministries = 0, agencies = 0;
    for (unsigned i = 0; i < public_body_count; i++) {
        const struct public_body *body = &public_bodies[i];
        ck_assert_msg(validate_orgnr(body->orgnr), "%s %s", body->orgnr, body->name_nb);
        ck_assert(body->name_nb[0] && body->name_nn[0] && body->name_en[0]);
        ck_assert_uint_eq(public_body_find(body->orgnr), i);
        for (int year = PLAN_YEAR_MIN; year <= 2030; year++) {
            unsigned ministry = public_body_ministry(i, year);
            ck_assert(!public_body_exists(i, year) ||
                      (public_body_exists(ministry, year) && public_body_is_ministry(ministry)));
            ck_assert(public_bodies[ministry].sector[0]);
        }
        ministries += public_body_is_ministry(i);
        agencies += !public_body_is_ministry(i);
        /* A loose spelling must not be one the register knows. */
        for (unsigned j = 0; j < public_body_count && body->loose_spelling[0]; j++) {
            const struct public_body *other = &public_bodies[j];
            const char *names[] = {other->orgnr, other->abbreviation, other->name_nb, other->name_nn, other->name_en};
            for (unsigned k = 0; k < sizeof names / sizeof names[0]; k++)
                ck_assert_str_ne(body->loose_spelling, names[k]);
        }
    }
    ck_assert_uint_eq(ministries, 17);
    ck_assert_uint_ge(agencies, 20);
}
END_TEST

/* -------------------------------------------------------------------------------------------- the calendar */

START_TEST(nothing_happens_outside_office_hours)
{
    struct simulate_plan plan = plan_of("slow=SD,broker=KDD,gap=velferd-kunnskap", 3);
    plan.year = 2014 + 3 * _i;
    plan.interactions = 6000;
    struct year *year = make(&plan);
    int64_t year_start = (int64_t)civil_to_day(plan.year, 1, 1) * DAY_MINUTES, year_end = (int64_t)year->end_day * DAY_MINUTES;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        ck_assert_int_ge(interaction->minute, year_start);
        ck_assert_int_lt(interaction->minute, year_end);
        ck_assert(i == 0 || interaction[-1].minute <= interaction->minute);
        int32_t day = (int32_t)(interaction->minute / DAY_MINUTES);
        ck_assert(work_calendar_is_working_day(day));
        int64_t of_day = interaction->minute % DAY_MINUTES;
        ck_assert_int_ge(of_day, 8 * 60);
        ck_assert_int_le(of_day + interaction->duration_minutes, 17 * 60);
        if (interaction->happening == HAPPENING_GOVERNMENT_CONFERENCE)
            ck_assert_int_eq(work_calendar_weekday(day), WEEKDAY_THURSDAY);
        if (interaction->happening == HAPPENING_COUNCIL_OF_STATE) {
            ck_assert_int_eq(work_calendar_weekday(day), WEEKDAY_FRIDAY);
            ck_assert_int_eq(of_day, 11 * 60);
        }
        ck_assert_uint_ge(interaction->count, 2);
        uint64_t present = 0;
        for (unsigned j = 0; j < interaction->count; j++) {
            const struct year_participation *participation = &year->participations[interaction->first + j];
            ck_assert_uint_eq(present >> participation->body & 1, 0);
            present |= UINT64_C(1) << participation->body;
            ck_assert(public_body_exists(participation->body, plan.year));
            ck_assert(participation->replied < 0 || participation->replied > participation->received);
            ck_assert(participation->replied < 0 ||
                      work_calendar_is_working_day((int32_t)((interaction->minute + participation->replied) / DAY_MINUTES)));
            ck_assert(participation->replied < 0 || interaction->minute + participation->replied < year_end);
        }
    }
    year_destroy(year);
}
END_TEST

START_TEST(deadlines_follow_the_instructions)
{
    struct simulate_plan plan = plan_of("none", 9);
    struct year *year = make(&plan);
    unsigned fin = public_body_find("FIN"), smk = public_body_find("SMK");
    unsigned agreed = 0, pending = 0, answered = 0, late = 0, copies = 0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        bool asks = interaction->happening == HAPPENING_CONSULTATION || interaction->happening == HAPPENING_HEARING ||
                    interaction->happening == HAPPENING_RNOTE || interaction->happening == HAPPENING_EARLY_INVOLVEMENT;
        bool fin_asked = false, smk_copied = false;
        int32_t sent = (int32_t)(interaction->minute / DAY_MINUTES);
        for (unsigned j = 0; j < interaction->count; j++) {
            const struct year_participation *participation = &year->participations[interaction->first + j];
            fin_asked |= participation->body == fin;
            smk_copied |= participation->body == smk && participation->role == V1(ROLE__ROLE_COPY);
            ck_assert(asks || participation->reply_status == 0);
            if (participation->role != V1(ROLE__ROLE_ADDRESSEE) || !asks)
                continue;
            int32_t days = participation->deadline_day - sent;
            ck_assert(work_calendar_is_working_day(participation->deadline_day));
            if (interaction->happening == HAPPENING_CONSULTATION)
                ck_assert(days >= 21 || participation->deadline_agreed);
            if (interaction->happening == HAPPENING_HEARING)
                ck_assert(days >= 42);
            agreed += participation->deadline_agreed;
            ck_assert((participation->replied < 0) == (participation->reply_status == V1(REPLY_STATUS__REPLY_PENDING)));
            pending += participation->replied < 0;
            answered += participation->reply_status == V1(REPLY_STATUS__REPLY_ANSWERED) ||
                        participation->reply_status == V1(REPLY_STATUS__REPLY_NO_REMARK);
            late += participation->replied >= 0 &&
                    interaction->minute + participation->replied > (int64_t)(participation->deadline_day + 1) * DAY_MINUTES;
        }
        if (interaction->happening == HAPPENING_CONSULTATION || interaction->happening == HAPPENING_RNOTE)
            ck_assert(fin_asked); /* as asked or as asking */
        copies += interaction->happening == HAPPENING_RNOTE && smk_copied;
    }
    ck_assert_uint_gt(agreed, 100);
    ck_assert_uint_gt(pending, 200);
    ck_assert_uint_gt(answered, 5000);
    ck_assert_uint_gt(late, answered / 10);
    ck_assert_uint_gt(copies, 100);
    year_destroy(year);
}
END_TEST

/* ---------------------------------------------------------------------------------------- what is planted */

/* Mean days to answer a consultation: one ministry's over everybody else's. */
static double reply_ratio(const struct year *year, unsigned ministry)
{
    double days[2] = {0, 0};
    unsigned counts[2] = {0, 0};
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        /* Late in the year slow answers are cut off, so look at what was asked before summer. */
        if (interaction->happening != HAPPENING_CONSULTATION || interaction->minute / DAY_MINUTES > year->first_day + 180)
            continue;
        for (unsigned j = 1; j < interaction->count; j++) {
            const struct year_participation *participation = &year->participations[interaction->first + j];
            if (participation->replied < 0 || participation->role != V1(ROLE__ROLE_ADDRESSEE))
                continue;
            bool other = participation->body != ministry;
            days[other] += participation->replied / (double)DAY_MINUTES;
            counts[other]++;
        }
    }
    ck_assert_uint_gt(counts[0], 20);
    return days[0] / counts[0] / (days[1] / counts[1]);
}

/* Meetings' Newman weight between two sectors over what the configuration model expects of their strengths. */
static double mixing(const struct year *year, const char *first, const char *second)
{
    static double weight[PUBLIC_BODIES_MAX][PUBLIC_BODIES_MAX];
    memset(weight, 0, sizeof weight);
    double strength[PUBLIC_BODIES_MAX] = {0}, total = 0, observed = 0, expected = 0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        if (interaction->happening != HAPPENING_MEETING && interaction->happening != HAPPENING_WORKING_GROUP)
            continue;
        const struct year_participation *present = &year->participations[interaction->first];
        for (unsigned a = 0; a < interaction->count; a++) {
            for (unsigned b = a + 1; b < interaction->count; b++)
                weight[present[a].body][present[b].body] += 1.0 / (interaction->count - 1);
        }
    }
    for (unsigned a = 0; a < public_body_count; a++) {
        for (unsigned b = 0; b < public_body_count; b++) {
            strength[a] += weight[a][b] + weight[b][a];
        }
        total += strength[a];
    }
    for (unsigned a = 0; a < public_body_count; a++) {
        for (unsigned b = 0; b < public_body_count; b++) {
            if (strcmp(public_body_sector(a, year->plan.year), first) == 0 &&
                strcmp(public_body_sector(b, year->plan.year), second) == 0) {
                observed += weight[a][b] + weight[b][a];
                expected += strength[a] * strength[b] / total;
            }
        }
    }
    return observed / expected;
}

/* Share of the meetings spanning the two halves in which the broker sits. */
static double passes_through(const struct year *year, const struct simulate_plan *halves)
{
    unsigned spanning = 0, with = 0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        if (interaction->happening != HAPPENING_MEETING && interaction->happening != HAPPENING_WORKING_GROUP)
            continue;
        unsigned sides = 0;
        bool broker = false;
        for (unsigned j = 0; j < interaction->count; j++) {
            unsigned body = year->participations[interaction->first + j].body;
            unsigned half = year_half(halves, body);
            sides |= half < 2 ? 1u << half : 0;
            broker |= body == halves->broker;
        }
        spanning += sides == 3;
        with += sides == 3 && broker;
    }
    ck_assert_uint_gt(spanning, 200);
    return with / (double)spanning;
}

/* Cases in which both sectors of the gap are asked: the need that is not met. */
static unsigned shared_cases(const struct year *year, const char *first, const char *second)
{
    unsigned both = 0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        unsigned sides = 0;
        for (unsigned j = 0; j < interaction->count; j++) {
            unsigned body = year->participations[interaction->first + j].body;
            sides |= strcmp(public_body_sector(body, year->plan.year), first) == 0 ? 1 : 0;
            sides |= strcmp(public_body_sector(body, year->plan.year), second) == 0 ? 2 : 0;
        }
        both += interaction->happening == HAPPENING_GOVERNMENT_CONFERENCE && sides == 3;
    }
    return both;
}

START_TEST(truths_are_there_at_their_strength)
{
    static const struct {
        double strength, slow_low, slow_high, gap_low, gap_high, broker_low, broker_high;
    } expected[] = {
        {0.25, 1.15, 1.75, 0.60, 0.97, 0.20, 0.55},
        {0.50, 1.60, 2.50, 0.40, 0.80, 0.45, 0.75},
        {0.75, 2.10, 3.60, 0.15, 0.60, 0.70, 0.90},
        {1.00, 2.80, 5.20, 0.00, 0.00001, 1.00, 1.00},
    };
    char planted[128];
    double strength = expected[_i].strength;
    snprintf(planted, sizeof planted, "slow=SD:%g,broker=KDD:%g,gap=velferd-kunnskap:%g", strength, strength, strength);
    struct simulate_plan plan = plan_of(planted, 17);
    struct year *year = make(&plan);
    double slow = reply_ratio(year, plan.slow), gap = mixing(year, "velferd", "kunnskap"), broker = passes_through(year, &plan);
    ck_assert_msg(slow >= expected[_i].slow_low && slow <= expected[_i].slow_high, "slow %g at %g", slow, strength);
    ck_assert_msg(gap >= expected[_i].gap_low && gap <= expected[_i].gap_high, "gap %g at %g", gap, strength);
    ck_assert_msg(broker >= expected[_i].broker_low && broker <= expected[_i].broker_high, "broker %g at %g", broker, strength);
    year_destroy(year);
}
END_TEST

START_TEST(nothing_is_there_when_nothing_is_planted)
{
    struct simulate_plan halves = plan_of("broker=KDD", 1);
    struct simulate_plan plan = plan_of("none", (uint64_t)_i + 100);
    struct year *year = make(&plan);
    for (unsigned i = 0; i < public_body_count; i++) {
        double ratio = public_body_is_ministry(i) ? reply_ratio(year, i) : 1.0;
        ck_assert_msg(ratio > 0.72 && ratio < 1.38, "%s answers in %g of the others' time", public_bodies[i].abbreviation,
                      ratio);
    }
    static const char *const sectors[] = {"velferd", "kunnskap", "næring", "miljø", "styring", "sikkerhet"};
    for (unsigned a = 0; a < 6; a++) {
        for (unsigned b = 0; b < a; b++) {
            double ratio = mixing(year, sectors[a], sectors[b]);
            ck_assert_msg(ratio > 0.80 && ratio < 1.30, "%s-%s %g", sectors[a], sectors[b], ratio);
        }
    }
    ck_assert_double_lt(passes_through(year, &halves), 0.35);
    year_destroy(year);
}
END_TEST

START_TEST(the_gap_is_between_sectors_that_share_cases)
{
    struct simulate_plan none = plan_of("none", 23), gap = plan_of("gap=velferd-kunnskap:1", 23);
    struct year *without = make(&none), *with = make(&gap);
    unsigned chance = shared_cases(without, "velferd", "kunnskap"), needed = shared_cases(with, "velferd", "kunnskap");
    ck_assert_msg(needed > chance * 1.15, "%u cases against %u by chance", needed, chance);
    year_destroy(without);
    year_destroy(with);
}
END_TEST

START_TEST(nearly_all_names_are_known)
{
    struct simulate_plan plan = plan_of("none", 2);
    struct year *year = make(&plan);
    unsigned spellings[8] = {0};
    for (size_t i = 0; i < year->participation_count; i++) {
        const struct year_participation *participation = &year->participations[i];
        spellings[participation->spelling]++;
        ck_assert_str_ne(delivery_spelling(participation), "");
    }
    ck_assert_uint_gt(spellings[SPELLING_LOOSE], 10);
    ck_assert_uint_lt(spellings[SPELLING_LOOSE], year->participation_count / 100);
    ck_assert_uint_gt(spellings[SPELLING_NYNORSK], 100);
    ck_assert_uint_gt(spellings[SPELLING_ORGNR], 100);
    year_destroy(year);
}
END_TEST

/* ------------------------------------------------------------------------------------------------- the plan */

START_TEST(bad_plans_are_refused_by_name)
{
    static const char *const bad[] = {
        "slow",
        "slow=XX",
        "slow=NAV",
        "slow=SD:1.5",
        "slow=SD:-1",
        "slow=SD:nan",
        "slow=SD:0.5x",
        "gap=velferd",
        "gap=velferd-velferd",
        "gap=velferd-ukjent",
        "nothing=SD:1",
        "slow=SD,,gap=a-b",
        "",
    };
    struct simulate_plan plan = plan_of("slow=FIN:0.3", 1), before = plan;
    struct errmsg errmsg = {.text = ""};
    ck_assert_int_eq(simulate_plan_plant(&plan, bad[_i], 0.5, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "plant");
    ck_assert_str_ne(errmsg.text, "");
    ck_assert_mem_eq(&plan, &before, sizeof plan);
}
END_TEST

START_TEST(impossible_plans_are_refused)
{
    struct errmsg errmsg = {.text = ""};
    struct simulate_plan plan = plan_of("slow=DFD", 1);
    plan.year = 2020;
    ck_assert_int_eq(simulate_plan_check(&plan, &errmsg), STATUS_INVALID);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "DFD"));
    plan = plan_of("broker=KDD,gap=styring-velferd", 1);
    ck_assert_int_eq(simulate_plan_check(&plan, &errmsg), STATUS_INVALID);
    plan = plan_of("none", 1);
    plan.year = 1999;
    ck_assert_int_eq(simulate_plan_check(&plan, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "year");
    plan.year = 2025;
    plan.interactions = 0;
    ck_assert_int_eq(simulate_plan_check(&plan, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "interactions");
    plan.interactions = 10;
    ck_assert_int_eq(simulate_plan_check(&plan, &errmsg), STATUS_OK);
    struct simulate_summary summary;
    ck_assert_int_ne(simulate_write(&plan, "/proc/samordning/cannot", &summary, &errmsg), STATUS_OK);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "/proc/samordning/cannot"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("simulate");
    TCase *tcase = tcase_create("simulate");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, same_seed_same_bytes);
    tcase_add_test(tcase, every_interaction_is_told_by_its_ministry);
    tcase_add_test(tcase, layers_and_kinds_are_built_in);
    tcase_add_test(tcase, the_register_is_sound);
    tcase_add_loop_test(tcase, nothing_happens_outside_office_hours, 0, 5);
    tcase_add_test(tcase, deadlines_follow_the_instructions);
    tcase_add_loop_test(tcase, truths_are_there_at_their_strength, 0, 4);
    tcase_add_loop_test(tcase, nothing_is_there_when_nothing_is_planted, 0, 3);
    tcase_add_test(tcase, the_gap_is_between_sectors_that_share_cases);
    tcase_add_test(tcase, nearly_all_names_are_known);
    tcase_add_loop_test(tcase, bad_plans_are_refused_by_name, 0, 13);
    tcase_add_test(tcase, impossible_plans_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
