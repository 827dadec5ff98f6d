/* SPDX-License-Identifier: GPL-3.0-or-later
 * Simulated officials: what they answer passes the check of the instrument, the same official answers the same, and what is
 * planted shows in the answers at its strength and not without it. */
#include "instrument.h"
#include "json.h"
#include "officials.h"
#include "public_bodies.h"

#include <check.h>
#include <string.h>

#define PER_BODY 12
#define MEMORY   ((size_t)256 << 20)

struct wave {
    struct arena arena;
    Samordning__V1__Instrument *instrument;
    Samordning__V1__RosterActor actors[PUBLIC_BODIES_MAX], *roster[PUBLIC_BODIES_MAX];
    size_t roster_count;
};

static void wave_init(struct wave *wave, int year)
{
    struct errmsg errmsg = {.text = ""};
    json_error_t error;
    ProtobufCMessage *message = NULL;
    *wave = (struct wave){.roster_count = 0};
    arena_init(&wave->arena, MEMORY);
    json_t *json = json_loadb(instrument_builtin_json, instrument_builtin_json_size, 0, &error);
    ck_assert_ptr_nonnull(json);
    ck_assert_msg(json_to_message(json, &samordning__v1__instrument__descriptor, &wave->arena, &message, &errmsg) == STATUS_OK,
                  "%s %s", errmsg.field, errmsg.text);
    json_decref(json);
    wave->instrument = (Samordning__V1__Instrument *)message;
    for (unsigned body = 0; body < public_body_count; body++) {
        if (!public_body_exists(body, year))
            continue;
        Samordning__V1__RosterActor *actor = &wave->actors[wave->roster_count];
        samordning__v1__roster_actor__init(actor);
        actor->item = (char *)(uintptr_t)(public_body_is_ministry(body) ? "ministries" : "other_bodies");
        actor->key = (char *)(uintptr_t)public_bodies[body].orgnr;
        wave->roster[wave->roster_count++] = actor;
    }
}

static struct officials *officials_of(const char *planted, uint64_t seed)
{
    struct simulate_plan plan;
    struct officials *officials = NULL;
    struct errmsg errmsg = {.text = ""};
    simulate_plan_default(1.0, &plan);
    ck_assert_int_eq(simulate_plan_plant(&plan, planted, 1.0, &errmsg), STATUS_OK);
    plan.seed = seed;
    plan.interactions = 6000;
    ck_assert_msg(officials_create(&plan, &officials, &errmsg) == STATUS_OK, "%s", errmsg.text);
    return officials;
}

static struct answers_context context_of(struct wave *wave, unsigned body)
{
    return (struct answers_context){.instrument = wave->instrument,
                                    .roster_count = wave->roster_count,
                                    .roster = wave->roster,
                                    .own = public_bodies[body].orgnr};
}

typedef bool (*pair_cb)(unsigned from, unsigned to);

/* Mean of a relation's values from some bodies to others; counts those who have no contact as 0. */
struct mean {
    const char *part;
    pair_cb wanted;
    double sum, count;
};

enum { TIMELINESS_SD, TIMELINESS_OTHERS, TRUST_SD, TRUST_OTHERS, NEEDED_ACROSS, ACTUAL_ACROSS, MEANS };

static void add_answer(struct mean *means, unsigned from, const Samordning__V1__Answer *answer)
{
    unsigned to = public_body_find(answer->target);
    if (to == PUBLIC_BODY_NONE || answer->n_values != 1)
        return;
    for (size_t m = 0; m < MEANS; m++)
        if (strcmp(answer->item, means[m].part) == 0 && means[m].wanted(from, to)) {
            means[m].sum += answer->values[0];
            means[m].count++;
        }
}

static bool about_sd(unsigned from, unsigned to)
{
    return to == public_body_find("SD");
}

static bool about_others(unsigned from, unsigned to)
{
    return to != public_body_find("SD");
}

static bool across(unsigned from, unsigned to)
{
    const char *a = public_body_sector(from, 2025), *b = public_body_sector(to, 2025);
    return (strcmp(a, "velferd") == 0 && strcmp(b, "kunnskap") == 0) ||
           (strcmp(a, "kunnskap") == 0 && strcmp(b, "velferd") == 0);
}

static void means_of(struct wave *wave, const struct officials *officials, double ret_means[MEANS])
{
    struct mean means[MEANS] = {
        [TIMELINESS_SD] = {"timeliness", about_sd},   [TIMELINESS_OTHERS] = {"timeliness", about_others},
        [TRUST_SD] = {"trust_reliability", about_sd}, [TRUST_OTHERS] = {"trust_reliability", about_others},
        [NEEDED_ACROSS] = {"contact_needed", across}, [ACTUAL_ACROSS] = {"contact_actual", across}};
    for (unsigned body = 0; body < public_body_count; body++) {
        if (!public_body_is_ministry(body))
            continue;
        struct answers_context context = context_of(wave, body);
        for (unsigned number = 0; number < PER_BODY; number++) {
            size_t count;
            Samordning__V1__Answer **answers;
            ck_assert_int_eq(officials_answer(officials, &context, body, number, &wave->arena, &count, &answers), STATUS_OK);
            for (size_t i = 0; i < count; i++)
                add_answer(means, body, answers[i]);
        }
    }
    for (size_t m = 0; m < MEANS; m++) {
        ck_assert_msg(means[m].count > 0, "nobody answers %s", means[m].part);
        ret_means[m] = means[m].sum / means[m].count;
    }
}

/* ---------------------------------------------------------------------------------------------------------- tests */

START_TEST(answers_pass_the_check)
{
    struct wave wave;
    wave_init(&wave, 2025);
    struct officials *officials = officials_of("slow=SD,broker=KDD,gap=velferd-kunnskap", 7);
    for (unsigned body = 0; body < public_body_count; body++) {
        for (unsigned number = 0; number < PER_BODY; number++) {
            struct answers_context context = context_of(&wave, body);
            size_t count, problem_count;
            Samordning__V1__Answer **answers;
            Samordning__V1__AnswerProblem **problems;
            ck_assert_int_eq(officials_answer(officials, &context, body, number, &wave.arena, &count, &answers), STATUS_OK);
            ck_assert_uint_gt(count, 50);
            enum status status = answers_check(&context, count, answers, NULL, true, &wave.arena, &problem_count, &problems);
            ck_assert_msg(status == STATUS_OK, "%s: %s %s %s", public_bodies[body].orgnr,
                          status == STATUS_INVALID ? problems[0]->item : "",
                          status == STATUS_INVALID ? problems[0]->target : "",
                          status == STATUS_INVALID ? problems[0]->reason : "");
        }
    }
    officials_destroy(officials);
    arena_release(&wave.arena);
}
END_TEST

START_TEST(the_same_official_answers_the_same)
{
    struct wave wave;
    wave_init(&wave, 2025);
    struct officials *officials[] = {officials_of("none", 3), officials_of("none", 3), officials_of("none", 4)};
    unsigned body = public_body_find("KD"), differ = 0;
    struct answers_context context = context_of(&wave, body);
    size_t counts[3];
    Samordning__V1__Answer **answers[3];
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(officials_answer(officials[i], &context, body, 5, &wave.arena, &counts[i], &answers[i]), STATUS_OK);
    ck_assert_uint_eq(counts[0], counts[1]);
    for (size_t i = 0; i < counts[0]; i++) {
        ck_assert_str_eq(answers[0][i]->item, answers[1][i]->item);
        ck_assert_str_eq(answers[0][i]->target, answers[1][i]->target);
        ck_assert_uint_eq(answers[0][i]->n_values, answers[1][i]->n_values);
        for (size_t k = 0; k < answers[0][i]->n_values; k++)
            ck_assert_double_eq(answers[0][i]->values[k], answers[1][i]->values[k]);
        differ += i < counts[2] && (strcmp(answers[0][i]->item, answers[2][i]->item) != 0 ||
                                    answers[0][i]->n_values != answers[2][i]->n_values ||
                                    (answers[0][i]->n_values > 0 && answers[0][i]->values[0] != answers[2][i]->values[0]));
    }
    ck_assert_uint_gt(differ, 10);
    for (unsigned i = 0; i < 3; i++)
        officials_destroy(officials[i]);
    arena_release(&wave.arena);
}
END_TEST

START_TEST(planted_truths_show_and_only_when_planted)
{
    struct wave wave;
    wave_init(&wave, 2025);
    struct officials *planted = officials_of("slow=SD,gap=velferd-kunnskap", 11), *null = officials_of("none", 11);
    double with[MEANS], without[MEANS];
    means_of(&wave, planted, with);
    means_of(&wave, null, without);
    /* too early 1, right 2, too late 3 */
    ck_assert_double_gt(with[TIMELINESS_SD] - with[TIMELINESS_OTHERS], 0.35);
    ck_assert_double_lt(without[TIMELINESS_SD] - without[TIMELINESS_OTHERS], 0.2);
    ck_assert_double_gt(with[TRUST_OTHERS] - with[TRUST_SD], 0.5);
    ck_assert_double_gt(with[NEEDED_ACROSS] - with[ACTUAL_ACROSS], without[NEEDED_ACROSS] - without[ACTUAL_ACROSS] + 1.0);
    officials_destroy(planted);
    officials_destroy(null);
    arena_release(&wave.arena);
}
END_TEST

START_TEST(a_silent_ministry_answers_seldom)
{
    struct officials *planted = officials_of("silent=LMD", 5), *null = officials_of("none", 5);
    unsigned body = public_body_find("LMD"), answered = 0;
    ck_assert_double_lt(officials_response_rate(planted, body), 0.3);
    ck_assert_double_gt(officials_response_rate(null, body), 0.5);
    for (unsigned number = 0; number < 1000; number++)
        answered += officials_respond(planted, body, number);
    /* four standard errors of 1,000 draws */
    double rate = officials_response_rate(planted, body);
    ck_assert_double_eq_tol(answered / 1000.0, rate, 4 * 0.0145);
    officials_destroy(planted);
    officials_destroy(null);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client_officials");
    TCase *tcase = tcase_create("officials");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, answers_pass_the_check);
    tcase_add_test(tcase, the_same_official_answers_the_same);
    tcase_add_test(tcase, planted_truths_show_and_only_when_planted);
    tcase_add_test(tcase, a_silent_ministry_answers_seldom);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
