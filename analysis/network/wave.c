/* SPDX-License-Identifier: GPL-3.0-or-later
 * A wave's memory, its items by name, and answers about actors as a relation.
 */
#include "wave.h"

#include "network.h"
#include "spec_value.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------------------------------------------------------- memory */
void wave_release(struct wave *wave)
{
    for (size_t i = 0; i < wave->item_count; i++) {
        struct wave_item *item = &wave->items[i];
        char *texts[] = {item->id, item->relation, item->scale, item->ladder};
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            free(texts[t]);
        for (size_t l = 0; l < WAVE_LANGUAGES; l++)
            free(item->texts[l]);
        for (size_t c = 0; c < item->choice_count; c++) {
            free(item->choices[c].code);
            for (size_t l = 0; l < WAVE_LANGUAGES; l++)
                free(item->choices[c].labels[l]);
        }
        free(item->choices);
    }
    for (size_t l = 0; l < WAVE_LANGUAGES; l++)
        free(wave->titles[l]);
    free(wave->items);
    free(wave->respondents);
    free(wave->answers);
    free(wave->values);
    free(wave->turnout);
    *wave = (struct wave){0};
}

/* Room for one more element. */
static bool widen(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    void *old;
    memcpy(&old, list, sizeof old);
    size_t wider = *capacity ? 2 * *capacity : 16;
    void *larger = realloc(old, wider * size);
    if (!larger)
        return false;
    memcpy(list, &larger, sizeof larger);
    *capacity = wider;
    return true;
}

static bool copy_text(const char *text, char **ret)
{
    *ret = text && *text ? strdup(text) : NULL;
    return *ret || !text || !*text;
}

bool wave_add_item(struct wave *wave, const struct wave_item *item)
{
    if (item->whole >= (int32_t)wave->item_count || !widen(&wave->items, wave->item_count, &wave->item_capacity, sizeof *item))
        return false;
    struct wave_item *made = &wave->items[wave->item_count++];
    *made = (struct wave_item){.kind = item->kind,
                               .whole = item->whole,
                               .to_respondent = item->to_respondent,
                               .reversed = item->reversed,
                               .low = item->low,
                               .high = item->high};
    bool ok = copy_text(item->id, &made->id) && copy_text(item->relation, &made->relation) &&
              copy_text(item->scale, &made->scale) && copy_text(item->ladder, &made->ladder);
    for (size_t l = 0; ok && l < WAVE_LANGUAGES; l++)
        ok = copy_text(item->texts[l], &made->texts[l]);
    return ok;
}

bool wave_add_choice(struct wave *wave, int32_t item, const struct wave_choice *choice)
{
    if (item < 0 || (size_t)item >= wave->item_count)
        return false;
    struct wave_item *owner = &wave->items[item];
    struct wave_choice *larger = realloc(owner->choices, (owner->choice_count + 1) * sizeof *larger);
    if (!larger)
        return false;
    owner->choices = larger;
    struct wave_choice *made = &larger[owner->choice_count++];
    *made = (struct wave_choice){.value = choice->value};
    bool ok = copy_text(choice->code, &made->code);
    for (size_t l = 0; ok && l < WAVE_LANGUAGES; l++)
        ok = copy_text(choice->labels[l], &made->labels[l]);
    return ok;
}

bool wave_add_respondent(struct wave *wave, int32_t actor)
{
    if (!widen(&wave->respondents, wave->respondent_count, &wave->respondent_capacity, sizeof *wave->respondents))
        return false;
    wave->respondents[wave->respondent_count++] = (struct wave_respondent){actor};
    return true;
}

bool wave_add_answer(struct wave *wave, const struct wave_answer *answer, const double *values, size_t count)
{
    if (answer->respondent < 0 || (size_t)answer->respondent >= wave->respondent_count || answer->item < 0 ||
        (size_t)answer->item >= wave->item_count ||
        (wave->answer_count && wave->answers[wave->answer_count - 1].respondent > answer->respondent) ||
        !widen(&wave->answers, wave->answer_count, &wave->answer_capacity, sizeof *wave->answers))
        return false;
    struct wave_answer *made = &wave->answers[wave->answer_count];
    *made = *answer;
    made->value = wave->value_count;
    made->value_count = count;
    for (size_t v = 0; v < count; v++) {
        if (!widen(&wave->values, wave->value_count, &wave->value_capacity, sizeof *wave->values))
            return false;
        wave->values[wave->value_count++] = values[v];
    }
    wave->answer_count++;
    return true;
}

bool wave_add_turnout(struct wave *wave, const struct wave_turnout *turnout)
{
    for (size_t t = 0; t < wave->turnout_count; t++)
        if (wave->turnout[t].actor == turnout->actor) { /* several bodies that count as one */
            wave->turnout[t].invited += turnout->invited;
            wave->turnout[t].started += turnout->started;
            wave->turnout[t].submitted += turnout->submitted;
            return true;
        }
    if (!widen(&wave->turnout, wave->turnout_count, &wave->turnout_capacity, sizeof *wave->turnout))
        return false;
    wave->turnout[wave->turnout_count++] = *turnout;
    return true;
}

/* ------------------------------------------------------------------------------------------------------------ items */
int32_t wave_item(const struct wave *wave, const char *id)
{
    for (size_t i = 0; i < wave->item_count; i++)
        if (strcmp(wave->items[i].id, id) == 0)
            return (int32_t)i;
    return -1;
}

int32_t wave_relation_item(const struct wave *wave, const char *relation)
{
    for (size_t i = 0; i < wave->item_count; i++)
        if (wave->items[i].relation && strcmp(wave->items[i].relation, relation) == 0 && wave_is_tie(wave, (int32_t)i, NULL))
            return (int32_t)i;
    return -1;
}

static bool refuse(char *ret_error, const char *id, const char *reason)
{
    return ret_error ? spec_fail(ret_error, "survey: item %s %s", id, reason) : false;
}

bool wave_is_tie(const struct wave *wave, int32_t item, char *ret_error)
{
    const struct wave_item *part = &wave->items[item];
    enum wave_kind whole = part->whole < 0 ? WAVE_OTHER : wave->items[part->whole].kind;
    if (whole != WAVE_ROSTER && whole != WAVE_NAMES)
        return refuse(ret_error, part->id, "is not asked about each actor, so it ties nobody");
    if (part->kind != WAVE_SINGLE && part->kind != WAVE_LIKERT && part->kind != WAVE_NUMBER && part->kind != WAVE_LADDER)
        return refuse(ret_error, part->id, "has no single value for each actor");
    if (part->low < 0)
        return refuse(ret_error, part->id, "has values below 0, which cannot be weights of ties");
    return true;
}

bool wave_is_contact(const struct wave_item *item)
{
    static const char contact[] = "contact";
    return item->relation && strncmp(item->relation, contact, strlen(contact)) == 0;
}

/* ------------------------------------------------------------------------------------------------------------- ties */
void wave_ties_release(struct wave_ties *ties)
{
    free(ties->weights);
    free(ties->respondents);
    free(ties->tied);
    free(ties->valued);
    *ties = (struct wave_ties){0};
}

/* What is summed up while answers are read; the matrices of wave_ties take the rest. */
struct adding {
    struct wave_ties *ties;
    size_t actors;
    bool turned, maximum;
    int32_t *last; /* respondent who spoke of this pair last, so that each counts once */
    int32_t *last_yes;
};

static void add_value(struct adding *adding, int32_t respondent, int32_t from, int32_t to, double value, bool counts)
{
    struct wave_ties *ties = adding->ties;
    if (from == to) {
        ties->self_count++;
        ties->self_weight += value;
        return;
    }
    size_t cell = (size_t)(adding->turned ? to : from) * adding->actors + (size_t)(adding->turned ? from : to);
    ties->respondents[cell] += adding->last[cell] != respondent;
    adding->last[cell] = respondent;
    if (value > 0) {
        ties->tied[cell] += adding->last_yes[cell] != respondent;
        adding->last_yes[cell] = respondent;
    }
    if (!counts)
        return;
    ties->valued[cell]++;
    if (!adding->maximum)
        ties->weights[cell] += value;
    else if (value > ties->weights[cell])
        ties->weights[cell] = value;
}

static double weight_of(const struct adding *adding, size_t cell, enum spec_weight weight)
{
    const struct wave_ties *ties = adding->ties;
    if (!(ties->respondents[cell] > 0))
        return NAN;
    if (!(ties->tied[cell] > 0))
        return 0;
    switch (weight) {
    case WEIGHT_SUM:
        return 1;
    case WEIGHT_SHARE:
        return ties->tied[cell] / ties->respondents[cell];
    case WEIGHT_MAX:
        return ties->weights[cell];
    case WEIGHT_MEAN:
        break;
    }
    return ties->weights[cell] / ties->valued[cell];
}

/* Answers of one respondent to a part of a roster, or to the roster itself: no contact. Returns where the next one's begin. */
static size_t add_respondent(struct adding *adding, const struct wave *wave, int32_t item, size_t first, bool *named)
{
    const struct wave_item *part = &wave->items[item];
    bool contact = wave_is_contact(part), names = wave->items[part->whole].kind == WAVE_NAMES, any = false;
    int32_t respondent = wave->answers[first].respondent, from = wave->respondents[respondent].actor;
    size_t a = first;
    memset(named, 0, adding->actors);
    for (; a < wave->answer_count && wave->answers[a].respondent == respondent; a++) {
        const struct wave_answer *answer = &wave->answers[a];
        bool of_whole = answer->item >= 0 && (answer->item == part->whole || wave->items[answer->item].whole == part->whole);
        if (names && of_whole && answer->named) { /* whoever is named in any part of it is not among the unnamed */
            any = true;
            if (answer->target >= 0)
                named[answer->target] = true;
        }
        bool no_contact = answer->item == part->whole && answer->state == WAVE_NO_CONTACT;
        bool given = answer->item == item && answer->state == WAVE_GIVEN && answer->value_count > 0;
        if (!no_contact && !given)
            continue;
        adding->ties->answers++;
        if (from < 0 || answer->target < 0) {
            if (from >= 0)
                adding->ties->unresolved++;
            adding->ties->outside += from < 0;
            continue;
        }
        add_value(adding, respondent, from, answer->target, given ? wave->values[answer->value] : 0, given || contact);
    }
    for (size_t t = 0; names && any && from >= 0 && t < adding->actors; t++)
        if (!named[t] && (int32_t)t != from)
            add_value(adding, respondent, from, (int32_t)t, 0, contact);
    return a;
}

bool wave_ties_init(struct wave_ties *ret_ties, const struct wave *wave, int32_t item, size_t actors, enum spec_weight weight)
{
    size_t cells = actors * actors + 1;
    *ret_ties = (struct wave_ties){.weights = calloc(cells, sizeof(double)),
                                   .respondents = calloc(cells, sizeof(double)),
                                   .tied = calloc(cells, sizeof(double)),
                                   .valued = calloc(cells, sizeof(double))};
    struct adding adding = {.ties = ret_ties,
                            .actors = actors,
                            .turned = wave->items[item].to_respondent,
                            .maximum = weight == WEIGHT_MAX,
                            .last = malloc(cells * sizeof *adding.last),
                            .last_yes = malloc(cells * sizeof *adding.last_yes)};
    bool *named = calloc(actors + 1, sizeof *named);
    bool ok = ret_ties->weights && ret_ties->respondents && ret_ties->tied && ret_ties->valued && adding.last &&
              adding.last_yes && named;
    for (size_t c = 0; ok && c < cells; c++)
        adding.last[c] = adding.last_yes[c] = -1;
    for (size_t a = 0; ok && a < wave->answer_count;)
        a = add_respondent(&adding, wave, item, a, named);
    for (size_t c = 0; ok && c < actors * actors; c++)
        ret_ties->weights[c] = c % (actors + 1) == 0 ? 0 : weight_of(&adding, c, weight);
    free(adding.last);
    free(adding.last_yes);
    free(named);
    if (!ok)
        wave_ties_release(ret_ties);
    return ok;
}

void wave_ties_undirect(struct wave_ties *ties, size_t actors, enum spec_weight weight)
{
    for (size_t i = 0; i < actors; i++)
        for (size_t j = i + 1; j < actors; j++) {
            size_t one = i * actors + j, two = j * actors + i;
            double a = ties->weights[one], b = ties->weights[two];
            double both = isnan(a) ? b : isnan(b) ? a : weight == WEIGHT_MAX || weight == WEIGHT_SUM ? fmax(a, b) : (a + b) / 2;
            ties->weights[one] = ties->weights[two] = both;
            ties->respondents[one] = ties->respondents[two] = ties->respondents[one] + ties->respondents[two];
            ties->tied[one] = ties->tied[two] = ties->tied[one] + ties->tied[two];
            ties->valued[one] = ties->valued[two] = ties->valued[one] + ties->valued[two];
        }
}

void wave_ties_only_valued(struct wave_ties *ties, size_t actors)
{
    for (size_t c = 0; c < actors * actors; c++)
        if (c % (actors + 1) != 0 && !(ties->valued[c] > 0))
            ties->weights[c] = NAN;
}

void wave_ties_turn(struct wave_ties *ties, size_t actors)
{
    double *matrices[] = {ties->weights, ties->respondents, ties->tied, ties->valued};
    for (size_t m = 0; m < sizeof matrices / sizeof matrices[0]; m++)
        for (size_t i = 0; i < actors; i++)
            for (size_t j = i + 1; j < actors; j++) {
                double swap = matrices[m][i * actors + j];
                matrices[m][i * actors + j] = matrices[m][j * actors + i];
                matrices[m][j * actors + i] = swap;
            }
}

/* ---------------------------------------------------------------------------------------------------------- network */
static bool take_ties(const struct wave_ties *ties, struct network *network)
{
    size_t n = network->actor_count;
    network->known = calloc(n * n + 1, 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = network->spec.directed ? 0 : i + 1; j < n; j++)
            network->tie_count += ties->weights[i * n + j] > 0;
    free(network->ties);
    network->ties = malloc((network->tie_count + 1) * sizeof *network->ties);
    if (!network->known || !network->ties)
        return false;
    network->tie_count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double weight = ties->weights[i * n + j];
            network->known[i * n + j] = !isnan(weight);
            if (!(weight > 0) || (!network->spec.directed && i >= j))
                continue;
            assert(ties->tied);
            network->ties[network->tie_count++] =
                (struct network_tie){.from = (int32_t)i, .to = (int32_t)j, .weight = weight, .count = ties->tied[i * n + j]};
        }
    return true;
}

/* The wave alone: nothing is known of any pair. */
static bool no_ties(struct wave_ties *ret_ties, size_t actors)
{
    *ret_ties = (struct wave_ties){.weights = calloc(actors * actors + 1, sizeof(double))};
    for (size_t c = 0; ret_ties->weights && c < actors * actors; c++)
        ret_ties->weights[c] = NAN;
    return ret_ties->weights != NULL;
}

enum spec_weight wave_weight(const struct spec *spec)
{
    return spec->projection == PROJECTION_BINARY ? WEIGHT_SUM : spec->weight;
}

bool wave_network(const struct wave *wave, struct network *network, char *ret_error)
{
    const struct spec *spec = &network->spec;
    const char *id = spec_survey_item(spec);
    int32_t item = id ? wave_item(wave, id) : -1;
    struct wave_ties ties;
    if (id && item < 0)
        return spec_fail(ret_error, "layer: wave %s asks no item %s", wave->key, id);
    if (id && !wave_is_tie(wave, item, ret_error))
        return false;
    if (network->actor_count > WAVE_ACTORS_MAX)
        return spec_fail(ret_error, "layer: %zu actors are more than %d", network->actor_count, WAVE_ACTORS_MAX);
    enum spec_weight weight = wave_weight(spec);
    if (!(id ? wave_ties_init(&ties, wave, item, network->actor_count, weight) : no_ties(&ties, network->actor_count)))
        return spec_fail(ret_error, "out of memory");
    if (id && !spec->directed)
        wave_ties_undirect(&ties, network->actor_count, weight);
    for (size_t i = 0; i < network->actor_count; i++)
        network->actors[i].reported = false;
    for (size_t r = 0; r < wave->respondent_count; r++)
        if (wave->respondents[r].actor >= 0)
            network->actors[wave->respondents[r].actor].reported = true;
    network->complete = false;
    network->interactions = ties.answers;
    network->interactions_unresolved = ties.unresolved;
    network->self_count = ties.self_count;
    network->self_weight = ties.self_weight;
    network->outside_count = ties.outside;
    bool done = take_ties(&ties, network);
    wave_ties_release(&ties);
    return done || spec_fail(ret_error, "out of memory");
}
