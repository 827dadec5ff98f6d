/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers of simulated officials (see officials.h).
 *
 * Opinions are latent numbers from 0 to 1, cut into as many steps as the item has choices. The errors are invented, of a size
 * at which two ends of a tie agree often but not always; no survey was at hand to take them from.
 */
#include "officials.h"

#include "draw.h"
#include "year.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define RESPONSE_RATE      0.8
#define RESPONSE_SPREAD    0.08 /* between ministries */
#define RESPONSE_SILENT    0.2  /* of a silent ministry, at full strength */
#define BIAS_OF_BODY       0.06
#define BIAS_OF_RESPONDENT 0.05
#define ERROR              0.09
#define SKIPS              0.02
#define KNOWS_NOT          0.03
#define NOT_RELEVANT       0.06
#define NAMED_MAX          4
#define ANSWERS_FIRST_ROOM 256

enum streams { STREAM_BODY = 0x1000000, STREAM_RESPONDS = 0x2000000, STREAM_ANSWERS = 0x4000000, STREAM_PAIR = 0x8000000 };

struct officials {
    struct simulate_plan plan;
    double contact[PUBLIC_BODIES_MAX]
                  [PUBLIC_BODIES_MAX]; /* 0 to 1: log of what they did together, of the most that any pair did */
    double bias[PUBLIC_BODIES_MAX], rate[PUBLIC_BODIES_MAX], weight[PUBLIC_BODIES_MAX];
};

/* ------------------------------------------------------------------------------------------- what is true */

static bool takes_part(const struct year_participation *participation)
{
    return participation->role != SAMORDNING__V1__ROLE__ROLE_COPY &&
           participation->role != SAMORDNING__V1__ROLE__ROLE_OBSERVER &&
           participation->role != SAMORDNING__V1__ROLE__ROLE_DECLINED;
}

static void note_contact(struct officials *officials, const struct year *year)
{
    double most = 0.0;
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        const struct year_participation *present = &year->participations[interaction->first];
        if (interaction->count < 2 || interaction->happening == HAPPENING_OBJECTION)
            continue;
        double each = 1.0 / (interaction->count - 1);
        for (unsigned a = 0; a < interaction->count; a++)
            for (unsigned b = 0; b < interaction->count; b++)
                if (a != b && takes_part(&present[a]) && takes_part(&present[b]))
                    officials->contact[present[a].body][present[b].body] += each;
    }
    for (unsigned a = 0; a < public_body_count; a++)
        for (unsigned b = 0; b < public_body_count; b++)
            most = fmax(most, officials->contact[a][b]);
    for (unsigned a = 0; a < public_body_count && most > 0.0; a++)
        for (unsigned b = 0; b < public_body_count; b++)
            officials->contact[a][b] = log1p(officials->contact[a][b]) / log1p(most);
}

enum status officials_create(const struct simulate_plan *plan, struct officials **ret_officials, struct errmsg *ret_errmsg)
{
    struct year *year = NULL;
    enum status status = simulate_plan_check(plan, ret_errmsg);
    if (status == STATUS_OK)
        status = year_create(plan, &year, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct officials *officials = calloc(1, sizeof *officials);
    if (!officials) {
        year_destroy(year);
        return STATUS_NO_MEMORY;
    }
    officials->plan = *plan;
    note_contact(officials, year);
    year_destroy(year);
    double heaviest = 0.0;
    for (unsigned body = 0; body < public_body_count; body++)
        heaviest = fmax(heaviest, public_bodies[body].activity);
    for (unsigned body = 0; body < public_body_count; body++) {
        struct draw draw;
        draw_init(&draw, plan->seed, STREAM_BODY + body);
        officials->bias[body] = BIAS_OF_BODY * draw_normal(&draw);
        double rate = RESPONSE_RATE + RESPONSE_SPREAD * draw_normal(&draw);
        if (body == plan->silent)
            rate += plan->silent_strength * (RESPONSE_SILENT - rate);
        officials->rate[body] = fmin(fmax(rate, 0.05), 0.98);
        officials->weight[body] = public_bodies[body].activity / heaviest;
    }
    *ret_officials = officials;
    return STATUS_OK;
}

void officials_destroy(struct officials *officials)
{
    free(officials);
}

double officials_response_rate(const struct officials *officials, unsigned body)
{
    return officials->rate[body];
}

static uint64_t person(enum streams stream, unsigned body, unsigned number)
{
    return (uint64_t)stream * 4096 + (uint64_t)body * 65536 + number;
}

bool officials_respond(const struct officials *officials, unsigned body, unsigned number)
{
    struct draw draw;
    draw_init(&draw, officials->plan.seed, person(STREAM_RESPONDS, body, number));
    return draw_chance(&draw, officials->rate[body]);
}

/* Whether these two are on the two sides of the planted gap. */
static bool across_gap(const struct officials *officials, unsigned a, unsigned b)
{
    const struct simulate_plan *plan = &officials->plan;
    if (!plan->gap[0][0])
        return false;
    const char *sector_a = public_body_sector(a, plan->year), *sector_b = public_body_sector(b, plan->year);
    return (strcmp(sector_a, plan->gap[0]) == 0 && strcmp(sector_b, plan->gap[1]) == 0) ||
           (strcmp(sector_a, plan->gap[1]) == 0 && strcmp(sector_b, plan->gap[0]) == 0);
}

/* --------------------------------------------------------------------------------------------- one official */

struct official {
    const struct officials *officials;
    const struct answers_context *context;
    struct arena *arena;
    struct draw draw;
    unsigned body;
    double mood; /* general attitude, in everything they are asked to judge */
    size_t count, room;
    Samordning__V1__Answer **answers;
    bool out_of_memory;
};

static Samordning__V1__Answer *add_answer(struct official *official, const char *item, const char *target)
{
    if (official->count == official->room) {
        size_t room = official->room ? 2 * official->room : ANSWERS_FIRST_ROOM;
        Samordning__V1__Answer **larger = arena_alloc(official->arena, room * sizeof(void *));
        if (!larger) {
            official->out_of_memory = true;
            return NULL;
        }
        if (official->count)
            memcpy(larger, official->answers, official->count * sizeof(void *));
        official->answers = larger;
        official->room = room;
    }
    Samordning__V1__Answer *answer = arena_alloc(official->arena, sizeof *answer);
    if (!answer) {
        official->out_of_memory = true;
        return NULL;
    }
    samordning__v1__answer__init(answer);
    answer->item = arena_strdup(official->arena, item);
    answer->target = arena_strdup(official->arena, target);
    official->out_of_memory = official->out_of_memory || !answer->item || !answer->target;
    official->answers[official->count++] = answer;
    return official->out_of_memory ? NULL : answer;
}

static void add_value(struct official *official, Samordning__V1__Answer *answer, double value)
{
    double *values = arena_alloc(official->arena, (answer->n_values + 1) * sizeof *values);
    if (!values) {
        official->out_of_memory = true;
        return;
    }
    if (answer->n_values)
        memcpy(values, answer->values, answer->n_values * sizeof *values);
    values[answer->n_values++] = value;
    answer->values = values;
}

static void give_value(struct official *official, const char *item, const char *target, double value)
{
    Samordning__V1__Answer *answer = add_answer(official, item, target);
    if (answer)
        add_value(official, answer, value);
}

/* Says nothing, "don't know" or "not relevant" instead of an answer, now and then. True: that was it. */
static bool evades(struct official *official, const Samordning__V1__Item *item, const char *target, double not_relevant)
{
    double draw = draw_unit(&official->draw);
    Samordning__V1__AnswerState state;
    if (item->not_relevant && draw < not_relevant)
        state = SAMORDNING__V1__ANSWER_STATE__ANSWER_NOT_RELEVANT;
    else if (item->dont_know && draw < not_relevant + KNOWS_NOT)
        state = SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW;
    else
        return !item->required && draw > 1.0 - SKIPS;
    Samordning__V1__Answer *answer = add_answer(official, item->id, target);
    if (answer)
        answer->state = state;
    return true;
}

static double cut(double latent, size_t steps)
{
    double step = floor(latent * (double)steps);
    return fmin(fmax(step, 0.0), (double)steps - 1.0);
}

/* The choice a latent opinion falls on: choices in the order of their values, those that exclude others apart. */
static double choice_at(const Samordning__V1__Item *item, double latent)
{
    double sorted[INSTRUMENT_CHOICES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < item->n_choices && count < INSTRUMENT_CHOICES_MAX; i++) {
        if (item->choices[i]->exclusive && item->n_choices > 1)
            continue;
        size_t place = count++;
        for (; place > 0 && sorted[place - 1] > item->choices[i]->value; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = item->choices[i]->value;
    }
    return count ? sorted[(size_t)cut(latent, count)] : 0.0;
}

/* What most people think of this item or row: between .35 and .7, the same for everybody. */
static double common_opinion(const char *id)
{
    return 0.35 + 0.35 * (double)(XXH3_64bits(id, strlen(id)) % 1000) / 1000.0;
}

static double opinion(struct official *official, const Samordning__V1__Item *item, const char *row)
{
    double latent = common_opinion(row && row[0] ? row : item->scale[0] ? item->scale : item->id) + official->mood;
    latent += ERROR * draw_normal(&official->draw);
    return item->reversed ? 1.0 - latent : latent;
}

/* What these two really have, as this one sees it. */
static double seen_contact(struct official *official, unsigned other)
{
    double truth = official->officials->contact[official->body][other];
    double seen = truth + official->officials->bias[official->body] + ERROR * draw_normal(&official->draw);
    return truth > 0.0 ? seen : fmin(seen, 0.1);
}

static double needed_contact(struct official *official, unsigned other, double seen)
{
    const struct officials *officials = official->officials;
    double need = 0.1 + 0.75 * seen + 0.5 * ERROR * draw_normal(&official->draw);
    return across_gap(officials, official->body, other) ? need + officials->plan.gap_strength * (0.92 - need) : need;
}

static double trust(struct official *official, unsigned other)
{
    const struct simulate_plan *plan = &official->officials->plan;
    struct draw pair;
    draw_init(&pair, plan->seed, person(STREAM_PAIR, official->body, other));
    double latent = 0.66 + 0.1 * draw_normal(&pair) + official->mood + ERROR * draw_normal(&official->draw);
    return other == plan->slow ? latent - 0.25 * plan->slow_strength : latent;
}

static double influence(struct official *official, unsigned other)
{
    const struct simulate_plan *plan = &official->officials->plan;
    double latent = 0.25 + 0.5 * official->officials->weight[other] + ERROR * draw_normal(&official->draw);
    return other == plan->broker ? latent + plan->broker_strength * (0.9 - latent) : latent;
}

/* Too early, right, too late, in the order of values: whoever is slow comes too late. */
static double timeliness(struct official *official, unsigned other)
{
    const struct simulate_plan *plan = &official->officials->plan;
    double late = other == plan->slow ? 0.15 + 0.6 * plan->slow_strength : 0.15, draw = draw_unit(&official->draw);
    return draw < 0.05 ? 0.1 : draw < 1.0 - late ? 0.5 : 0.9;
}

static bool is_relation(const Samordning__V1__Item *part, const char *relation)
{
    return strncmp(part->relation, relation, strlen(relation)) == 0;
}

/* ------------------------------------------------------------------------------------------------- items */

static void answer_multiple(struct official *official, const Samordning__V1__Item *item, const char *target)
{
    Samordning__V1__Answer *answer = add_answer(official, item->id, target);
    if (!answer)
        return;
    double most = item->max > 0 ? item->max : (double)item->n_choices;
    const Samordning__V1__Choice *exclusive = NULL;
    for (size_t i = 0; i < item->n_choices && answer->n_values < most; i++) {
        const Samordning__V1__Choice *choice = item->choices[i];
        const char *name = choice->code[0] ? choice->code : choice->label ? choice->label->nb : item->id;
        if (choice->exclusive)
            exclusive = choice;
        else if (draw_chance(&official->draw, 0.6 * common_opinion(name)))
            add_value(official, answer, choice->value);
    }
    if (answer->n_values < (size_t)fmax(item->min, 1.0)) {
        answer->n_values = 0;
        add_value(official, answer, exclusive ? exclusive->value : item->choices[0]->value);
        for (size_t i = 1; !exclusive && i < item->n_choices && answer->n_values < item->min; i++)
            add_value(official, answer, item->choices[i]->value);
    }
}

static void answer_ranking(struct official *official, const Samordning__V1__Item *item)
{
    Samordning__V1__Answer *answer = add_answer(official, item->id, "");
    size_t order[INSTRUMENT_CHOICES_MAX] = {0},
           count = item->n_choices < INSTRUMENT_CHOICES_MAX ? item->n_choices : INSTRUMENT_CHOICES_MAX;
    size_t wanted = item->max > 0 && item->max < (double)count ? (size_t)item->max : count;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = 0; i < wanted && answer; i++) {
        size_t other = i + draw_below(&official->draw, (unsigned)(count - i)), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
        add_value(official, answer, item->choices[order[i]]->value);
    }
}

static void answer_number(struct official *official, const Samordning__V1__Item *item, const char *target, double latent)
{
    double low = item->min, high = item->max > item->min ? item->max : item->min + 10;
    double value = low + fmin(fmax(latent, 0.0), 1.0) * (high - low);
    give_value(official, item->id, target, item->whole ? floor(value) : round(value * 10) / 10);
}

static void answer_date(struct official *official, const Samordning__V1__Item *item)
{
    Samordning__V1__Answer *answer = add_answer(official, item->id, "");
    char text[16];
    if (!answer)
        return;
    snprintf(text, sizeof text, "%04d-%02u-%02u", official->officials->plan.year % 10000, 1 + draw_below(&official->draw, 12),
             1 + draw_below(&official->draw, 28));
    answer->text = arena_strdup(official->arena, text);
    official->out_of_memory = official->out_of_memory || !answer->text;
}

/* One thing, with or without a latent opinion of its own. */
static void answer_plain(struct official *official, const Samordning__V1__Item *item, const char *target, double latent)
{
    switch (item->kind) {
    case SAMORDNING__V1__ITEM_KIND__ITEM_SINGLE:
    case SAMORDNING__V1__ITEM_KIND__ITEM_LIKERT:
    case SAMORDNING__V1__ITEM_KIND__ITEM_LADDER:
        give_value(official, item->id, target, choice_at(item, latent));
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_MULTIPLE:
        answer_multiple(official, item, target);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_NUMBER:
        answer_number(official, item, target, latent);
        break;
    default:
        break;
    }
}

static bool shows(const struct official *official, const Samordning__V1__Item *item, const char *target)
{
    return answers_shows(official->context, official->count, official->answers, item->id, target);
}

static void answer_parts(struct official *official, const Samordning__V1__Item *whole, const char *key, unsigned other,
                         double seen)
{
    for (size_t i = 0; i < whole->n_parts && !official->out_of_memory; i++) {
        const Samordning__V1__Item *part = whole->parts[i];
        if (!shows(official, part, key) || evades(official, part, key, NOT_RELEVANT))
            continue;
        double latent = is_relation(part, "contact_actual")   ? seen
                        : is_relation(part, "contact_needed") ? needed_contact(official, other, seen)
                        : is_relation(part, "tim")            ? timeliness(official, other)
                        : is_relation(part, "influence")      ? influence(official, other)
                        : is_relation(part, "trust")          ? trust(official, other)
                                                              : opinion(official, part, NULL);
        answer_plain(official, part, key, latent);
    }
}

static void answer_roster(struct official *official, const Samordning__V1__Item *item)
{
    const struct answers_context *context = official->context;
    for (size_t i = 0; i < context->roster_count && !official->out_of_memory; i++) {
        const Samordning__V1__RosterActor *actor = context->roster[i];
        unsigned other = public_body_find(actor->key);
        if (strcmp(actor->item, item->id) != 0 || strcmp(actor->key, context->own) == 0 || other == PUBLIC_BODY_NONE)
            continue;
        double seen = seen_contact(official, other);
        bool none = item->no_contact && item->no_contact->nb[0] && seen < 0.05 &&
                    !across_gap(official->officials, official->body, other);
        if (!none) {
            answer_parts(official, item, actor->key, other, seen);
            continue;
        }
        Samordning__V1__Answer *answer = add_answer(official, item->id, actor->key);
        if (answer)
            answer->state = SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT;
    }
}

/* The bodies outside the ministries that they had most to do with. */
static void answer_names(struct official *official, const Samordning__V1__Item *item)
{
    const struct officials *officials = official->officials;
    unsigned wanted = draw_below(&official->draw, NAMED_MAX + 1);
    uint64_t named = 0;
    for (unsigned i = 0; i < wanted && !official->out_of_memory; i++) {
        unsigned best = PUBLIC_BODY_NONE;
        for (unsigned other = 0; other < public_body_count; other++) {
            if (other == official->body || (named >> other & 1) || public_body_is_ministry(other) ||
                !public_body_exists(other, officials->plan.year) || officials->contact[official->body][other] <= 0.0)
                continue;
            if (best == PUBLIC_BODY_NONE ||
                officials->contact[official->body][other] > officials->contact[official->body][best])
                best = other;
        }
        if (best == PUBLIC_BODY_NONE)
            return;
        named |= UINT64_C(1) << best;
        answer_parts(official, item, public_bodies[best].orgnr, best, seen_contact(official, best));
    }
}

static void answer_matrix(struct official *official, const Samordning__V1__Item *item)
{
    for (size_t i = 0; i < item->n_rows && !official->out_of_memory; i++)
        if (!evades(official, item, item->rows[i]->id, 3 * NOT_RELEVANT))
            give_value(official, item->id, item->rows[i]->id, choice_at(item, opinion(official, item, item->rows[i]->id)));
}

static void answer_item(struct official *official, const Samordning__V1__Item *item)
{
    if (!shows(official, item, ""))
        return;
    switch (item->kind) {
    case SAMORDNING__V1__ITEM_KIND__ITEM_ROSTER:
        answer_roster(official, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_NAMES:
        answer_names(official, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_MATRIX:
        answer_matrix(official, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_RANKING:
        if (!evades(official, item, "", NOT_RELEVANT))
            answer_ranking(official, item);
        break;
    case SAMORDNING__V1__ITEM_KIND__ITEM_DATE:
        if (!evades(official, item, "", NOT_RELEVANT))
            answer_date(official, item);
        break;
    default:
        if (!evades(official, item, "", NOT_RELEVANT))
            answer_plain(official, item, "", opinion(official, item, NULL));
        break;
    }
}

enum status officials_answer(const struct officials *officials, const struct answers_context *context, unsigned body,
                             unsigned number, struct arena *arena, size_t *ret_count, Samordning__V1__Answer ***ret_answers)
{
    struct official official = {.officials = officials, .context = context, .arena = arena, .body = body};
    draw_init(&official.draw, officials->plan.seed, person(STREAM_ANSWERS, body, number));
    official.mood = BIAS_OF_RESPONDENT * draw_normal(&official.draw);
    const Samordning__V1__Instrument *instrument = context->instrument;
    for (size_t s = 0; s < instrument->n_sections && !official.out_of_memory; s++)
        for (size_t i = 0; i < instrument->sections[s]->n_items && !official.out_of_memory; i++)
            answer_item(&official, instrument->sections[s]->items[i]);
    if (official.out_of_memory)
        return STATUS_NO_MEMORY;
    *ret_count = official.count;
    *ret_answers = official.answers;
    return STATUS_OK;
}
