/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions: on items above only, with values those can have, and a circle is told as one. */
#include "instrument_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TEST(name) SAMORDNING__V1__CONDITION_TEST__TEST_##name

/* Marks what the conditions refer to; true if that is news. */
static bool mark(const struct instrument_index *index, size_t count, Samordning__V1__Condition *const *conditions,
                 bool reached[INSTRUMENT_ITEMS_MAX])
{
    bool news = false;
    for (size_t i = 0; i < count; i++) {
        const struct instrument_place *place = instrument_index_find(index, conditions[i]->item);
        if (place == NULL || reached[place->order])
            continue;
        reached[place->order] = true;
        news = true;
    }
    return news;
}

/* Is whether `from` is shown decided, by way of others, by `to`? */
static bool leads(const struct instrument_index *index, const struct instrument_place *from, const struct instrument_place *to)
{
    bool reached[INSTRUMENT_ITEMS_MAX] = {false};
    reached[from->order] = true;
    for (bool news = true; news;) {
        news = false;
        for (size_t i = 0; i < index->count; i++) {
            const struct instrument_place *place = &index->places[i];
            if (!reached[i])
                continue;
            news |= mark(index, place->item->n_show_when, place->item->show_when, reached);
            news |= mark(index, place->section->n_show_when, place->section->show_when, reached);
            if (place->whole != NULL)
                news |= mark(index, place->whole->n_show_when, place->whole->show_when, reached);
        }
    }
    if (to->item != NULL)
        return reached[to->order];
    for (size_t i = 0; i < index->count; i++) /* a section: any of its items */
        if (reached[i] && index->places[i].section_index == to->section_index)
            return true;
    return false;
}

/* How many values a test takes. */
static bool check_count(struct checker *checker, const char *at, const Samordning__V1__Condition *condition)
{
    const bool none = condition->test == TEST(ANSWERED) || condition->test == TEST(UNANSWERED);
    const bool one = condition->test == TEST(AT_LEAST) || condition->test == TEST(AT_MOST);
    if (none && condition->n_values > 0)
        checker_complain(checker, at, "values", "have no use with this test");
    else if (one && condition->n_values != 1)
        checker_complain(checker, at, "values", "are %zu, this test takes one", condition->n_values);
    else if (!none && !one && condition->n_values == 0)
        checker_complain(checker, at, "values", "are missing");
    else if (condition->n_values > INSTRUMENT_CHOICES_MAX)
        checker_complain(checker, at, "values", "are %zu, at most %d are allowed", condition->n_values, INSTRUMENT_CHOICES_MAX);
    else
        return true;
    return false;
}

static void check_values(struct checker *checker, const char *at, const Samordning__V1__Condition *condition,
                         const Samordning__V1__Item *item)
{
    const bool compares = condition->test == TEST(AT_LEAST) || condition->test == TEST(AT_MOST);
    const bool has_values = instrument_kind_has_choices(item->kind) && item->kind != INSTRUMENT_KIND(MATRIX);
    if (!has_values && item->kind != INSTRUMENT_KIND(NUMBER)) {
        if (condition->n_values > 0)
            checker_complain(checker, at, "test", "%s can only be tested for answered or unanswered", item->id);
        return;
    }
    if (compares && (item->kind == INSTRUMENT_KIND(MULTIPLE) || item->kind == INSTRUMENT_KIND(RANKING))) {
        checker_complain(checker, at, "test", "%s has several values: test for any_of or none_of", item->id);
        return;
    }
    for (size_t i = 0; i < condition->n_values; i++) {
        char field[32];
        snprintf(field, sizeof field, "values[%zu]", i);
        if (!isfinite(condition->values[i]))
            checker_complain(checker, at, field, "is not a number");
        else if (has_values && !compares && instrument_choice(item, condition->values[i]) == NULL)
            checker_complain(checker, at, field, "%g is no choice of %s", condition->values[i], item->id);
    }
}

static void check_condition(struct checker *checker, const char *at, const struct instrument_place *place,
                            const Samordning__V1__Condition *condition)
{
    const struct instrument_place *on = instrument_index_find(&checker->index, condition->item);
    if (protobuf_c_enum_descriptor_get_value(&samordning__v1__condition_test__descriptor, (int)condition->test) == NULL) {
        checker_complain(checker, at, "test", "%d is not a test", (int)condition->test);
        return;
    }
    const bool is_counted = check_count(checker, at, condition);
    if (!checker_id(checker, at, "item", condition->item))
        return;
    if (on == NULL)
        checker_complain(checker, at, "item", "there is no item %s", condition->item);
    else if (place->item != NULL && on->item == place->item)
        checker_complain(checker, at, "item", "%s is this item itself: whether it is shown cannot depend on its own answer",
                         condition->item);
    else if (place->whole != NULL && on->item == place->whole)
        checker_complain(checker, at, "item", "%s is what this is a part of", condition->item);
    else if (on->order >= place->order && leads(&checker->index, on, place))
        checker_complain(checker, at, "item", "%s in turn depends on this: a circle", condition->item);
    else if (on->order >= place->order)
        checker_complain(checker, at, "item", "%s comes later; conditions are on items above", condition->item);
    else if (on->whole != NULL && on->whole != place->whole)
        checker_complain(checker, at, "item",
                         "%s is answered for each actor of %s, so only parts below it there can depend on it", condition->item,
                         on->whole->id);
    else if (on->item->kind == INSTRUMENT_KIND(INFORMATION))
        checker_complain(checker, at, "item", "%s is not answered", condition->item);
    else if (is_counted)
        check_values(checker, at, condition, on->item);
}

void checker_conditions(struct checker *checker, const char *path, const struct instrument_place *place, size_t count,
                        Samordning__V1__Condition *const *conditions)
{
    if (count > INSTRUMENT_CONDITIONS_MAX)
        checker_complain(checker, path, "show_when", "are %zu conditions, at most %d are allowed", count,
                         INSTRUMENT_CONDITIONS_MAX);
    for (size_t i = 0; i < count && i < INSTRUMENT_CONDITIONS_MAX; i++) {
        char at[INSTRUMENT_PATH_SIZE];
        snprintf(at, sizeof at, "%s.show_when[%zu]", path, i);
        check_condition(checker, at, place, conditions[i]);
    }
}
