/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random questionnaires and respondents: whoever answers only what is shown, and fittingly, is never told off; and nothing that
 * looks like a questionnaire or like answers breaks what looks at it. */
#include "answers.h"
#include "json.h"
#include "random_message.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS      300
#define SECTIONS    4
#define ITEMS       6 /* of a section, at most */
#define PARTS       4
#define ANSWERS     4000
#define KIND(name)  SAMORDNING__V1__ITEM_KIND__ITEM_##name
#define TEST(name)  SAMORDNING__V1__CONDITION_TEST__TEST_##name
#define STATE(name) SAMORDNING__V1__ANSWER_STATE__ANSWER_##name

static struct instrument_problem problems[INSTRUMENT_PROBLEMS_MAX];

/* ----------------------------------------------------------------------------------------------- a good questionnaire */

struct maker {
    struct random_source random;
    struct arena arena;
    const Samordning__V1__Item *above[SECTIONS * ITEMS * (PARTS + 1)]; /* that conditions may look at */
    size_t above_count;
    size_t ids;
};

static void *make(struct maker *maker, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = arena_alloc(&maker->arena, type->sizeof_message);
    type->message_init(message);
    return message;
}

static bool chance(struct maker *maker, unsigned percent)
{
    return random_below(&maker->random, 100) < percent;
}

static char *new_id(struct maker *maker)
{
    char id[24];
    snprintf(id, sizeof id, "i%zu", maker->ids++);
    return arena_strdup(&maker->arena, id);
}

static Samordning__V1__LocalText *some_text(struct maker *maker, const char *words)
{
    Samordning__V1__LocalText *text = make(maker, &samordning__v1__local_text__descriptor);
    text->nb = arena_strdup(&maker->arena, words);
    text->nn = text->nb;
    return text;
}

static void **list(struct maker *maker, size_t room)
{
    return arena_alloc(&maker->arena, room * sizeof(void *));
}

static bool has_choices(Samordning__V1__ItemKind kind)
{
    return kind == KIND(SINGLE) || kind == KIND(MULTIPLE) || kind == KIND(LIKERT) || kind == KIND(RANKING) ||
           kind == KIND(MATRIX) || kind == KIND(LADDER);
}

static void give_choices(struct maker *maker, Samordning__V1__Item *item)
{
    item->n_choices = 2 + random_below(&maker->random, 5);
    item->choices = (Samordning__V1__Choice **)list(maker, item->n_choices);
    for (size_t i = 0; i < item->n_choices; i++) {
        item->choices[i] = make(maker, &samordning__v1__choice__descriptor);
        item->choices[i]->value = (double)i;
        item->choices[i]->label = some_text(maker, "valg");
        item->choices[i]->exclusive = item->kind == KIND(MULTIPLE) && i == 0 && chance(maker, 50);
    }
    if ((item->kind == KIND(MULTIPLE) || item->kind == KIND(RANKING)) && chance(maker, 50)) {
        item->min = 1 + (double)random_below(&maker->random, item->n_choices - 1);
        item->max = item->min;
    }
}

static void give_condition(struct maker *maker, Samordning__V1__Item *item, const Samordning__V1__Item *on)
{
    Samordning__V1__Condition *condition = make(maker, &samordning__v1__condition__descriptor);
    const bool several = on->kind == KIND(MULTIPLE) || on->kind == KIND(RANKING);
    const bool valued = has_choices(on->kind) && on->kind != KIND(MATRIX);
    static const Samordning__V1__ConditionTest tests[] = {TEST(ANSWERED), TEST(UNANSWERED), TEST(ANY_OF),
                                                          TEST(NONE_OF),  TEST(AT_LEAST),   TEST(AT_MOST)};
    condition->item = on->id;
    condition->test = tests[random_below(&maker->random, !valued ? 2 : several ? 4 : 6)];
    if (condition->test != TEST(ANSWERED) && condition->test != TEST(UNANSWERED)) {
        condition->n_values = 1;
        condition->values = arena_alloc(&maker->arena, sizeof(double));
        condition->values[0] = (double)random_below(&maker->random, on->n_choices);
    }
    item->show_when = (Samordning__V1__Condition **)list(maker, 1);
    item->show_when[0] = condition;
    item->n_show_when = 1;
}

static void give_parts(struct maker *maker, Samordning__V1__Item *whole);

static Samordning__V1__Item *make_item(struct maker *maker, bool is_part, size_t visible)
{
    static const Samordning__V1__ItemKind of_part[] = {KIND(SINGLE), KIND(MULTIPLE), KIND(LIKERT), KIND(NUMBER), KIND(LADDER)};
    Samordning__V1__Item *item = make(maker, &samordning__v1__item__descriptor);
    item->id = new_id(maker);
    item->kind = is_part ? of_part[random_below(&maker->random, 5)]
                         : (Samordning__V1__ItemKind)(1 + random_below(&maker->random, KIND(INFORMATION)));
    item->text = some_text(maker, is_part ? "Om {actor}" : "Om {organisation}");
    if (maker->above_count > visible && chance(maker, 50))
        give_condition(maker, item, maker->above[visible + random_below(&maker->random, maker->above_count - visible)]);
    else if (visible > 0 && chance(maker, 50))
        give_condition(maker, item, maker->above[random_below(&maker->random, visible)]);
    const bool is_whole = item->kind == KIND(ROSTER) || item->kind == KIND(NAMES);
    item->required = item->kind != KIND(INFORMATION) && chance(maker, 40);
    item->not_relevant = item->kind != KIND(INFORMATION) && !is_whole && chance(maker, 30);
    item->dont_know = item->kind != KIND(INFORMATION) && !is_whole && chance(maker, 30);
    if (has_choices(item->kind))
        give_choices(maker, item);
    if (item->kind == KIND(LADDER))
        item->ladder = arena_strdup(&maker->arena, "trapp");
    if (item->kind == KIND(NUMBER) && chance(maker, 50)) {
        item->min = -3;
        item->max = 7;
        item->whole = chance(maker, 50);
    }
    if (item->kind == KIND(MATRIX)) {
        item->n_rows = 1 + random_below(&maker->random, 3);
        item->rows = (Samordning__V1__MatrixRow **)list(maker, item->n_rows);
        for (size_t i = 0; i < item->n_rows; i++) {
            item->rows[i] = make(maker, &samordning__v1__matrix_row__descriptor);
            item->rows[i]->id = new_id(maker);
            item->rows[i]->text = some_text(maker, "rad");
        }
    }
    if (is_whole)
        give_parts(maker, item);
    return item;
}

static void give_parts(struct maker *maker, Samordning__V1__Item *whole)
{
    const size_t visible = maker->above_count; /* parts see what is above the whole, and parts above */
    Samordning__V1__ActorSet *actors = make(maker, &samordning__v1__actor_set__descriptor);
    actors->kinds = (char **)list(maker, 1);
    actors->kinds[0] = arena_strdup(&maker->arena, "ministry");
    actors->n_kinds = 1;
    whole->n_parts = 1 + random_below(&maker->random, PARTS);
    whole->parts = (Samordning__V1__Item **)list(maker, PARTS);
    for (size_t i = 0; i < whole->n_parts; i++) {
        whole->parts[i] = make_item(maker, true, visible);
        maker->above[maker->above_count++] = whole->parts[i];
    }
    maker->above_count = visible;
    if (whole->kind == KIND(ROSTER) || chance(maker, 50))
        whole->actors = actors;
    if (whole->kind == KIND(ROSTER) && chance(maker, 60))
        whole->no_contact = some_text(maker, "ingen");
    if (whole->kind == KIND(NAMES))
        whole->allow_unknown = chance(maker, 60);
}

static const Samordning__V1__Instrument *make_instrument(struct maker *maker)
{
    Samordning__V1__Instrument *instrument = make(maker, &samordning__v1__instrument__descriptor);
    instrument->key = arena_strdup(&maker->arena, "random");
    instrument->title = some_text(maker, "Tittel");
    instrument->consent = some_text(maker, "Samtykke");
    instrument->n_sections = 1 + random_below(&maker->random, SECTIONS);
    instrument->sections = (Samordning__V1__Section **)list(maker, SECTIONS);
    for (size_t s = 0; s < instrument->n_sections; s++) {
        Samordning__V1__Section *section = make(maker, &samordning__v1__section__descriptor);
        section->id = new_id(maker);
        section->title = some_text(maker, "Side");
        section->n_items = 1 + random_below(&maker->random, ITEMS);
        section->items = (Samordning__V1__Item **)list(maker, ITEMS);
        const size_t before = maker->above_count;
        if (before > 0 && chance(maker, 40)) { /* a condition of the section, made as one of an item */
            Samordning__V1__Item of_section = SAMORDNING__V1__ITEM__INIT;
            give_condition(maker, &of_section, maker->above[random_below(&maker->random, before)]);
            section->show_when = of_section.show_when;
            section->n_show_when = 1;
        }
        for (size_t i = 0; i < section->n_items; i++) {
            section->items[i] = make_item(maker, false, maker->above_count);
            if (section->items[i]->kind != KIND(INFORMATION))
                maker->above[maker->above_count++] = section->items[i];
        }
        instrument->sections[s] = section;
    }
    return instrument;
}

/* ----------------------------------------------------------------------------------------------- a fitting respondent */

struct respondent {
    struct maker *maker;
    struct answers_context context;
    Samordning__V1__Answer *answers[ANSWERS];
    size_t count;
};

static Samordning__V1__Answer *new_answer(struct respondent *respondent, const char *item, const char *target, const char *name)
{
    Samordning__V1__Answer *answer = make(respondent->maker, &samordning__v1__answer__descriptor);
    ck_assert_uint_lt(respondent->count, ANSWERS);
    answer->item = arena_strdup(&respondent->maker->arena, item);
    answer->target = arena_strdup(&respondent->maker->arena, target);
    answer->text = arena_strdup(&respondent->maker->arena, name);
    respondent->answers[respondent->count++] = answer;
    return answer;
}

static void choose(struct maker *maker, const Samordning__V1__Item *item, Samordning__V1__Answer *answer)
{
    const bool several = item->kind == KIND(MULTIPLE) || item->kind == KIND(RANKING);
    const size_t first = item->choices[0]->exclusive ? 1 : 0;
    size_t wanted = several && item->min > 0 ? (size_t)item->min : 1;
    if (item->choices[0]->exclusive && (wanted > item->n_choices - 1 || chance(maker, 20))) {
        wanted = 1;
        answer->values[0] = item->choices[0]->value;
    } else { /* in a row from some choice on, round the end */
        const size_t from = random_below(&maker->random, item->n_choices - first);
        for (size_t i = 0; i < wanted; i++)
            answer->values[i] = item->choices[first + (from + i) % (item->n_choices - first)]->value;
    }
    answer->n_values = wanted;
}

/* If it is shown: fittingly, or not at all where that is allowed. `name`: of an actor the register does not know, else "". */
static void answer_one(struct respondent *respondent, const Samordning__V1__Item *item, const char *about, const char *target,
                       const char *name)
{
    struct maker *maker = respondent->maker;
    if (!answers_shows(&respondent->context, respondent->count, respondent->answers, item->id, about))
        return;
    if (!item->required && chance(maker, 40))
        return;
    Samordning__V1__Answer *answer = new_answer(respondent, item->id, target, name);
    if (item->not_relevant && chance(maker, 20)) {
        answer->state = STATE(NOT_RELEVANT);
        return;
    }
    if (item->dont_know && chance(maker, 20)) {
        answer->state = STATE(DONT_KNOW);
        return;
    }
    answer->values = arena_alloc(&maker->arena, 10 * sizeof(double));
    if (has_choices(item->kind)) {
        choose(maker, item, answer);
    } else if (item->kind == KIND(NUMBER)) {
        answer->n_values = 1;
        answer->values[0] = (double)random_below(&maker->random, 8) - (item->min < 0 && item->whole ? 1 : 0.5);
    } else if (item->kind == KIND(DATE)) {
        answer->text = arena_strdup(&maker->arena, "2014-11-26");
    } else if (item->kind == KIND(TEXT)) {
        answer->text = arena_strdup(&maker->arena, "Blåbærsyltetøy.\n");
    }
}

static void answer_rows(struct respondent *respondent, const Samordning__V1__Item *whole)
{
    static const char *const rows[] = {"fin", "smk", "ud"};
    static const char *const names[] = {"nav", "Foreningen"};
    struct maker *maker = respondent->maker;
    const bool is_roster = whole->kind == KIND(ROSTER);
    if (!answers_shows(&respondent->context, respondent->count, respondent->answers, whole->id, ""))
        return;
    const size_t count = is_roster ? 3 : 1 + (whole->allow_unknown && chance(maker, 50));
    for (size_t i = 0; i < count; i++) {
        const char *target = is_roster ? rows[i] : names[i];
        const char *name = !is_roster && i == 1 ? target : "";
        const size_t before = respondent->count;
        if (is_roster && whole->no_contact != NULL && chance(maker, 30)) {
            new_answer(respondent, whole->id, target, "")->state = STATE(NO_CONTACT);
            continue;
        }
        if (!is_roster)
            new_answer(respondent, whole->id, target, name);
        for (size_t p = 0; p < whole->n_parts; p++)
            answer_one(respondent, whole->parts[p], target, target, name);
        if (is_roster && whole->required &&
            respondent->count == before) { /* nothing is shown or answered: give up on the row */
            if (whole->no_contact == NULL)
                ((Samordning__V1__Item *)(uintptr_t)whole)->required = false;
            else
                new_answer(respondent, whole->id, target, "")->state = STATE(NO_CONTACT);
        }
    }
}

static void answer_all(struct respondent *respondent)
{
    const Samordning__V1__Instrument *instrument = respondent->context.instrument;
    for (size_t s = 0; s < instrument->n_sections; s++) {
        for (size_t i = 0; i < instrument->sections[s]->n_items; i++) {
            const Samordning__V1__Item *item = instrument->sections[s]->items[i];
            if (item->kind == KIND(ROSTER) || item->kind == KIND(NAMES)) {
                answer_rows(respondent, item);
            } else if (item->kind == KIND(MATRIX)) {
                for (size_t r = 0; r < item->n_rows; r++)
                    answer_one(respondent, item, "", item->rows[r]->id, "");
            } else if (item->kind != KIND(INFORMATION)) {
                answer_one(respondent, item, "", "", "");
            }
        }
    }
}

/* Every roster has the same three actors and one's own; every name generator finds nav. */
static void give_roster(struct respondent *respondent)
{
    static const char *const keys[] = {"kd", "fin", "smk", "ud"};
    const Samordning__V1__Instrument *instrument = respondent->context.instrument;
    Samordning__V1__RosterActor **roster =
        (Samordning__V1__RosterActor **)list(respondent->maker, SECTIONS * ITEMS * sizeof keys / sizeof keys[0]);
    size_t count = 0;
    for (size_t s = 0; s < instrument->n_sections; s++) {
        for (size_t i = 0; i < instrument->sections[s]->n_items; i++) {
            const Samordning__V1__Item *item = instrument->sections[s]->items[i];
            const size_t actors = item->kind == KIND(ROSTER) ? 4 : item->kind == KIND(NAMES) ? 1 : 0;
            for (size_t k = 0; k < actors; k++) {
                roster[count] = make(respondent->maker, &samordning__v1__roster_actor__descriptor);
                roster[count]->item = item->id;
                roster[count++]->key = arena_strdup(&respondent->maker->arena, actors == 1 ? "nav" : keys[k]);
            }
        }
    }
    respondent->context.roster = roster;
    respondent->context.roster_count = count;
    respondent->context.own = "kd";
}

/* ------------------------------------------------------------------------------------------------------------ the laws */

START_TEST(whoever_answers_what_is_shown_passes)
{
    size_t answered = 0;
    size_t hidden = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct maker maker = {.random = {seed}};
        arena_init(&maker.arena, 64 << 20);
        struct respondent respondent = {.maker = &maker};
        size_t count = 0;
        respondent.context.instrument = make_instrument(&maker);
        respondent.context.free_text = seed % 2 == 0;
        enum status status = instrument_check(respondent.context.instrument, problems, &count);
        ck_assert_msg(status == STATUS_OK && count == 0, "seed %llu: %s: %s", (unsigned long long)seed,
                      problems[0].errmsg.field, problems[0].errmsg.text);
        give_roster(&respondent);
        answer_all(&respondent);
        answered += respondent.count;
        Samordning__V1__AnswerProblem **found = NULL;
        status =
            answers_check(&respondent.context, respondent.count, respondent.answers, NULL, true, &maker.arena, &count, &found);
        ck_assert_msg(status == STATUS_OK, "seed %llu: %s/%s %s", (unsigned long long)seed, found[0]->item, found[0]->target,
                      found[0]->reason);
        Samordning__V1__Answer **kept = NULL;
        ck_assert_int_eq(answers_shown(&respondent.context, respondent.count, respondent.answers, &maker.arena, &count, &kept),
                         STATUS_OK);
        ck_assert_uint_eq(count, respondent.count);
        /* Every answer carries over to the same version unchanged. */
        size_t lost = 99;
        ck_assert_int_eq(
            answers_map(&respondent.context, 0, respondent.count, respondent.answers, &maker.arena, &count, &kept, &lost),
            STATUS_OK);
        ck_assert(count == respondent.count && lost == 0);
        /* Somebody changes their mind at the top: what is then hidden goes, and what is left is consistent. */
        if (respondent.count > 1) {
            ck_assert_int_eq(
                answers_shown(&respondent.context, respondent.count - 1, respondent.answers + 1, &maker.arena, &count, &kept),
                STATUS_OK);
            hidden += respondent.count - 1 - count;
            size_t again = 0;
            Samordning__V1__Answer **rest = NULL;
            ck_assert_int_eq(answers_shown(&respondent.context, count, kept, &maker.arena, &again, &rest), STATUS_OK);
            ck_assert_uint_eq(again, count);
            ck_assert_int_eq(answers_check(&respondent.context, count, kept, NULL, false, &maker.arena, &again, &found),
                             STATUS_OK);
        }
        arena_release(&maker.arena);
    }
    ck_assert_uint_gt(answered, ROUNDS * 3); /* the test looked at something */
    ck_assert_uint_gt(hidden, ROUNDS / 10);
}
END_TEST

START_TEST(nothing_that_looks_like_one_breaks_it)
{
    size_t told = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random_source random = {seed};
        struct arena arena;
        size_t count = 0;
        size_t kept_count = 0;
        Samordning__V1__AnswerProblem **found = NULL;
        Samordning__V1__Answer **kept = NULL;
        arena_init(&arena, 256 << 20);
        const Samordning__V1__Instrument *instrument =
            (const Samordning__V1__Instrument *)random_message(&random, &samordning__v1__instrument__descriptor, &arena);
        const Samordning__V1__SurveyAnswerRequest *request = (const Samordning__V1__SurveyAnswerRequest *)random_message(
            &random, &samordning__v1__survey_answer_request__descriptor, &arena);
        const Samordning__V1__SurveyFetchResponse *fetched = (const Samordning__V1__SurveyFetchResponse *)random_message(
            &random, &samordning__v1__survey_fetch_response__descriptor, &arena);
        (void)!instrument_check(instrument, problems, &count);
        told += count;
        const struct answers_context context = {
            .instrument = instrument, .roster_count = fetched->n_roster, .roster = fetched->roster};
        /* Half of the answers are to items there are. */
        for (size_t i = 0; i < request->n_answers; i += 2)
            if (instrument->n_sections > 0 && instrument->sections[i % instrument->n_sections]->n_items > 0)
                request->answers[i]->item = instrument->sections[i % instrument->n_sections]->items[0]->id;
        enum status status =
            answers_check(&context, request->n_answers, request->answers, NULL, seed % 2 == 0, &arena, &count, &found);
        ck_assert_int_eq(status, count == 0 ? STATUS_OK : STATUS_INVALID);
        ck_assert_int_eq(answers_shown(&context, request->n_answers, request->answers, &arena, &kept_count, &kept), STATUS_OK);
        ck_assert_int_eq(answers_map(&context, 1, request->n_answers, request->answers, &arena, &kept_count, &kept, &count),
                         STATUS_OK);
        arena_release(&arena);
    }
    ck_assert_uint_gt(told, ROUNDS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("questionnaire");
    TCase *tcase = tcase_create("questionnaire");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, whoever_answers_what_is_shown_passes);
    tcase_add_test(tcase, nothing_that_looks_like_one_breaks_it);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
