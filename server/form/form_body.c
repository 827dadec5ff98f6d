/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decodes fields and makes answers of them.
 */
#include "form/form_body.h"

#include "form/form_text.h"
#include "web/html.h"
#include "web/web_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define ITEM_ID_SIZE 49
#define REPLACEMENT  "\xef\xbf\xbd"

/* One field's text: decoded, and without what no text of ours holds (NUL, other control characters, broken UTF-8), so that the
 * store takes whatever was typed. */
static char *decode(struct arena *arena, const char *text, size_t size)
{
    char *raw = arena_alloc(arena, size + 1), *clean;
    if (raw == NULL)
        return NULL;
    size_t used = web_decode(text, size, 1, raw), bad = 0;
    raw[used] = '\0';
    for (size_t i = 0; i < used; i++)
        bad += (unsigned char)raw[i] < 0x20 || (unsigned char)raw[i] >= 0x7f;
    if (bad == 0)
        return raw;
    clean = arena_alloc(arena, used + 2 * bad + 1);
    if (clean == NULL)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < used;) {
        size_t length = html_character_size(raw + i, used - i);
        if (raw[i] == '\r') { /* browsers end lines with both */
            i++;
        } else if (length > 0) {
            memcpy(clean + at, raw + i, length);
            at += length;
            i += length;
        } else {
            memcpy(clean + at, REPLACEMENT, 3);
            at += 3;
            i++;
        }
    }
    clean[at] = '\0';
    return clean;
}

enum status form_body_read(const char *body, size_t size, struct arena *arena, struct form_body *ret_body)
{
    size_t count = size > 0;
    for (size_t i = 0; i < size; i++)
        count += body[i] == '&';
    if (count > FORM_FIELDS_MAX)
        return STATUS_TOO_LARGE;
    struct form_body made = {.fields = arena_alloc(arena, count * sizeof *made.fields + 1)};
    if (made.fields == NULL)
        return STATUS_NO_MEMORY;
    for (const char *at = body, *end = body + size; at < end;) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        size_t length = next != NULL ? (size_t)(next - at) : (size_t)(end - at);
        const char *equal = memchr(at, '=', length);
        size_t name_size = equal != NULL ? (size_t)(equal - at) : length;
        if (name_size > 0) {
            struct form_field *field = &made.fields[made.count++];
            field->name = decode(arena, at, name_size);
            field->value = equal != NULL ? decode(arena, equal + 1, length - name_size - 1) : "";
            if (field->name == NULL || field->value == NULL)
                return STATUS_NO_MEMORY;
        }
        at += length + 1;
    }
    *ret_body = made;
    return STATUS_OK;
}

const char *form_body_value(const struct form_body *body, const char *name)
{
    for (size_t i = 0; i < body->count; i++)
        if (strcmp(body->fields[i].name, name) == 0)
            return body->fields[i].value;
    return NULL;
}

/* The answers being gathered, found by item and target in a table of at least twice as many places as there are fields. */
struct gathering {
    struct arena *arena;
    size_t count, room, problem_count, problem_room, mask;
    uint32_t *places; /* index + 1; 0 = free */
    Samordning__V1__Answer **answers;
    Samordning__V1__AnswerProblem **problems;
};

static void *grown(struct arena *arena, void *old, size_t count, size_t *room)
{
    if (count < *room)
        return old;
    size_t wanted = *room == 0 ? 64 : *room * 2;
    void **made = arena_alloc(arena, wanted * sizeof *made);
    if (made == NULL)
        return NULL;
    if (count > 0)
        memcpy(made, old, count * sizeof *made);
    *room = wanted;
    return made;
}

static Samordning__V1__Answer *gather(struct gathering *all, const char *item, const char *target)
{
    uint64_t hash = XXH3_64bits_withSeed(target, strlen(target), XXH3_64bits(item, strlen(item)));
    size_t place = hash & all->mask;
    for (; all->places[place] != 0; place = (place + 1) & all->mask) {
        Samordning__V1__Answer *known = all->answers[all->places[place] - 1];
        if (strcmp(known->item, item) == 0 && strcmp(known->target, target) == 0)
            return known;
    }
    Samordning__V1__Answer *answer = arena_alloc(all->arena, sizeof *answer);
    void *room = grown(all->arena, all->answers, all->count, &all->room);
    if (answer == NULL || room == NULL)
        return NULL;
    all->answers = room;
    samordning__v1__answer__init(answer);
    answer->item = arena_strdup(all->arena, item);
    answer->target = arena_strdup(all->arena, target);
    if (answer->item == NULL || answer->target == NULL)
        return NULL;
    all->answers[all->count++] = answer;
    all->places[place] = (uint32_t)all->count;
    return answer;
}

static bool complain(struct gathering *all, const char *item, const char *target, const char *reason)
{
    Samordning__V1__AnswerProblem *problem = arena_alloc(all->arena, sizeof *problem);
    void *room = grown(all->arena, all->problems, all->problem_count, &all->problem_room);
    if (problem == NULL || room == NULL)
        return false;
    all->problems = room;
    samordning__v1__answer_problem__init(problem);
    problem->item = arena_strdup(all->arena, item);
    problem->target = arena_strdup(all->arena, target);
    problem->reason = arena_strdup(all->arena, reason);
    if (problem->item == NULL || problem->target == NULL || problem->reason == NULL)
        return false;
    all->problems[all->problem_count++] = problem;
    return true;
}

static bool add_value(struct gathering *all, Samordning__V1__Answer *answer, double value)
{
    for (size_t i = 0; i < answer->n_values; i++)
        if (answer->values[i] == value)
            return true;
    double *values = arena_alloc(all->arena, (answer->n_values + 1) * sizeof *values);
    if (values == NULL)
        return false;
    if (answer->n_values > 0)
        memcpy(values, answer->values, answer->n_values * sizeof *values);
    values[answer->n_values++] = value;
    answer->values = values;
    return true;
}

static const char *trimmed(struct arena *arena, const char *text)
{
    text += strspn(text, " \t\n");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\n", text[size - 1]) != NULL)
        size--;
    char *copy = arena_copy(arena, text, size + 1);
    if (copy != NULL)
        copy[size] = '\0';
    return copy;
}

/* At most so many digits up to `end`; what comes after it, or NULL. */
static const char *number_of(const char *text, size_t digits, char end, unsigned long *ret_number)
{
    size_t size = strspn(text, "0123456789");
    if (size == 0 || size > digits || text[size] != end)
        return NULL;
    *ret_number = strtoul(text, NULL, 10);
    return text + size + (end != '\0');
}

/* 31.12.2026 as YYYY-MM-DD; anything else as it is, for answers_check to judge. */
static const char *date_of(struct arena *arena, const char *text)
{
    unsigned long day, month, year;
    char iso[16];
    const char *at = number_of(text, 2, '.', &day);
    at = at != NULL ? number_of(at, 2, '.', &month) : NULL;
    if (at == NULL || number_of(at, 4, '\0', &year) == NULL)
        return text;
    snprintf(iso, sizeof iso, "%04lu-%02lu-%02lu", year % 10000, month % 100, day % 100);
    return arena_strdup(arena, iso);
}

static bool state_word(const char *word, Samordning__V1__AnswerState *ret_state)
{
    if (strcmp(word, "nr") == 0)
        *ret_state = SAMORDNING__V1__ANSWER_STATE__ANSWER_NOT_RELEVANT;
    else if (strcmp(word, "dk") == 0)
        *ret_state = SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW;
    else if (strcmp(word, "nc") == 0)
        *ret_state = SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT;
    else
        return false;
    return true;
}

/* What was typed or chosen for an item. False: out of memory. */
static bool take_value(struct gathering *all, const Samordning__V1__Item *item, const char *target, const char *text)
{
    Samordning__V1__AnswerState state;
    double number;
    text = trimmed(all->arena, text);
    if (text == NULL)
        return false;
    if (*text == '\0')
        return true;
    bool is_typed = item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_TEXT || item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_DATE ||
                    item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER;
    if (!is_typed && state_word(text, &state)) {
        Samordning__V1__Answer *answer = gather(all, item->id, target);
        if (answer != NULL)
            answer->state = state;
        return answer != NULL;
    }
    if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_TEXT || item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_DATE) {
        const char *kept = item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_DATE ? date_of(all->arena, text) : text;
        Samordning__V1__Answer *answer = gather(all, item->id, target);
        if (answer == NULL || kept == NULL)
            return false;
        answer->text = arena_strdup(all->arena, kept);
        return answer->text != NULL;
    }
    if (!form_text_read_number(text, &number))
        return complain(all, item->id, target,
                        item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER ? "not_a_number" : "not_a_choice");
    Samordning__V1__Answer *answer = gather(all, item->id, target);
    return answer != NULL && add_value(all, answer, number);
}

/* Beside a typed answer: a ticked "don't know" counts when nothing was typed; otherwise the two contradict each other. */
static bool take_state(struct gathering *all, const Samordning__V1__Item *item, const char *target, const char *word)
{
    Samordning__V1__AnswerState state;
    if (!state_word(word, &state))
        return true;
    Samordning__V1__Answer *answer = gather(all, item->id, target);
    if (answer == NULL)
        return false;
    if (answer->n_values > 0 || *answer->text != '\0')
        return complain(all, item->id, target, "exclusive");
    answer->state = state;
    return true;
}

struct rank {
    double value;
    unsigned long place;
};

static int rank_compare(const void *a, const void *b)
{
    const struct rank *left = a, *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

static bool take_ranking(struct gathering *all, const struct form_body *body, const Samordning__V1__Item *item)
{
    struct rank *ranks = arena_alloc(all->arena, item->n_choices * sizeof *ranks + 1);
    char name[ITEM_ID_SIZE + 40], number[HTML_NUMBER_SIZE];
    size_t count = 0;
    if (ranks == NULL)
        return false;
    for (size_t i = 0; i < item->n_choices; i++) {
        html_number(item->choices[i]->value, number);
        snprintf(name, sizeof name, "r.%s.%s", item->id, number);
        const char *text = form_body_value(body, name);
        char *end = NULL;
        if (text == NULL || *text == '\0')
            continue;
        unsigned long place = strtoul(text, &end, 10);
        if (*end != '\0' || place < 1 || place > item->n_choices)
            return complain(all, item->id, "", "not_a_choice");
        ranks[count++] = (struct rank){item->choices[i]->value, place};
    }
    if (count == 0)
        return true;
    qsort(ranks, count, sizeof *ranks, rank_compare);
    for (size_t i = 1; i < count; i++)
        if (ranks[i].place == ranks[i - 1].place)
            return complain(all, item->id, "", "rank_twice");
    Samordning__V1__Answer *answer = gather(all, item->id, "");
    bool ok = answer != NULL;
    for (size_t i = 0; i < count && ok; i++)
        ok = add_value(all, answer, ranks[i].value);
    return ok;
}

/* The item of a section with this id, itself or as a part. */
static const Samordning__V1__Item *item_in(const Samordning__V1__Section *section, const char *id, bool *ret_is_part)
{
    for (size_t i = 0; i < section->n_items; i++) {
        const Samordning__V1__Item *item = section->items[i];
        *ret_is_part = false;
        if (strcmp(item->id, id) == 0)
            return item;
        *ret_is_part = true;
        for (size_t j = 0; j < item->n_parts; j++)
            if (strcmp(item->parts[j]->id, id) == 0)
                return item->parts[j];
    }
    return NULL;
}

static bool take_name(struct gathering *all, const Samordning__V1__Item *item, const char *name, bool is_known)
{
    const char *target = trimmed(all->arena, name);
    if (target == NULL)
        return false;
    if (*target == '\0' || item->kind != SAMORDNING__V1__ITEM_KIND__ITEM_NAMES)
        return true;
    Samordning__V1__Answer *answer = gather(all, item->id, target);
    if (answer != NULL && !is_known)
        answer->text = answer->target;
    return answer != NULL;
}

static bool take_field(struct gathering *all, const Samordning__V1__Section *section, const struct form_field *field)
{
    char id[ITEM_ID_SIZE];
    bool is_part;
    if (field->name[0] == '\0' || field->name[1] != '.')
        return true;
    const char *begin = field->name + 2, *point = strchr(begin, '.');
    size_t size = point != NULL ? (size_t)(point - begin) : strlen(begin);
    if (size >= sizeof id)
        return true;
    memcpy(id, begin, size);
    id[size] = '\0';
    const char *target = point != NULL ? point + 1 : "";
    const Samordning__V1__Item *item = item_in(section, id, &is_part);
    if (item == NULL)
        return true;
    bool has_target = is_part || item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX ||
                      (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER && field->name[0] == 's');
    switch (field->name[0]) {
    case 'v':
        return has_target != (*target != '\0') || take_value(all, item, target, field->value);
    case 's':
        return has_target != (*target != '\0') || take_state(all, item, target, field->value);
    case 'n':
        return take_name(all, item, field->value, true);
    case 'u':
        return take_name(all, item, field->value, false);
    default:
        return true;
    }
}

/* An answer may have been begun by a field that turned out to be empty or wrong. */
static bool is_answer(const Samordning__V1__Answer *answer, const Samordning__V1__Section *section)
{
    bool is_part;
    const Samordning__V1__Item *item = item_in(section, answer->item, &is_part);
    return answer->n_values > 0 || *answer->text != '\0' || answer->state != SAMORDNING__V1__ANSWER_STATE__ANSWER_GIVEN ||
           (item != NULL && item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_NAMES);
}

enum status form_body_answers(const struct form_body *body, const Samordning__V1__Section *section, struct arena *arena,
                              size_t *ret_count, Samordning__V1__Answer ***ret_answers, size_t *ret_problem_count,
                              Samordning__V1__AnswerProblem ***ret_problems)
{
    struct gathering all = {.arena = arena, .mask = 63};
    while (all.mask < 2 * (body->count + section->n_items))
        all.mask = 2 * all.mask + 1;
    all.places = arena_alloc(arena, (all.mask + 1) * sizeof *all.places);
    bool ok = all.places != NULL;
    if (ok)
        memset(all.places, 0, (all.mask + 1) * sizeof *all.places);
    for (size_t i = 0; i < body->count && ok; i++)
        ok = take_field(&all, section, &body->fields[i]);
    for (size_t i = 0; i < section->n_items && ok; i++)
        if (section->items[i]->kind == SAMORDNING__V1__ITEM_KIND__ITEM_RANKING)
            ok = take_ranking(&all, body, section->items[i]);
    if (!ok)
        return STATUS_NO_MEMORY;
    size_t kept = 0;
    for (size_t i = 0; i < all.count; i++)
        if (is_answer(all.answers[i], section))
            all.answers[kept++] = all.answers[i];
    *ret_count = kept;
    *ret_answers = all.answers;
    *ret_problem_count = all.problem_count;
    *ret_problems = all.problems;
    return STATUS_OK;
}
