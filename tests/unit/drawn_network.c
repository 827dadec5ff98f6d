/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers names and ties, then sorts and merges them into a network as network.h promises it.
 */
#include "drawn_network.h"

#include "random_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct drawn_tie {
    char *from, *to;
    double weight;
    bool negative;
};
struct drawing {
    bool directed;
    char **names, **sectors;
    size_t name_count;
    struct drawn_tie *ties;
    size_t tie_count;
};

static void *grown(void *array, size_t count, size_t size)
{
    if (count & (count - 1)) /* doubles at powers of two */
        return array;
    void *larger = realloc(array, (count ? 2 * count : 1) * size);
    if (!larger)
        abort();
    return larger;
}

struct drawing *drawing_create(bool directed)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    if (!drawing)
        abort();
    drawing->directed = directed;
    return drawing;
}

void drawing_actor(struct drawing *drawing, const char *key, const char *sector)
{
    drawing->names = grown(drawing->names, drawing->name_count, sizeof *drawing->names);
    drawing->sectors = grown(drawing->sectors, drawing->name_count, sizeof *drawing->sectors);
    drawing->names[drawing->name_count] = strdup(key);
    drawing->sectors[drawing->name_count++] = sector ? strdup(sector) : NULL;
}

static void add(struct drawing *drawing, const char *from, const char *to, double weight, bool negative)
{
    drawing_actor(drawing, from, NULL);
    drawing_actor(drawing, to, NULL);
    drawing->ties = grown(drawing->ties, drawing->tie_count, sizeof *drawing->ties);
    drawing->ties[drawing->tie_count++] = (struct drawn_tie){strdup(from), strdup(to), weight, negative};
}

void drawing_tie(struct drawing *drawing, const char *from, const char *to, double weight)
{
    add(drawing, from, to, weight, false);
}

void drawing_negative(struct drawing *drawing, const char *from, const char *to)
{
    add(drawing, from, to, 1, true);
}

static int compare_keys(const void *left, const void *right)
{
    return strcmp(((const struct network_actor *)left)->key, ((const struct network_actor *)right)->key);
}

static int compare_ties(const void *left, const void *right)
{
    const struct network_tie *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

struct network *network_chain(size_t n)
{
    struct drawing *drawing = drawing_create(false);
    for (size_t i = 0; i + 1 < n; i++) {
        char from[32], to[32];
        snprintf(from, sizeof from, "%05zu", i);
        snprintf(to, sizeof to, "%05zu", i + 1);
        drawing_tie(drawing, from, to, 1);
    }
    return drawing_finish(drawing);
}

int32_t drawn_index(const struct network *network, const char *key)
{
    char *copy = strdup(key);
    struct network_actor wanted = {.key = copy};
    const struct network_actor *found =
        network->actor_count > 0 ? bsearch(&wanted, network->actors, network->actor_count, sizeof wanted, compare_keys) : NULL;
    free(copy);
    return found ? (int32_t)(found - network->actors) : -1;
}

static void place_actors(struct drawing *drawing, struct network *network)
{
    struct network_actor *actors = calloc(drawing->name_count + 1, sizeof *actors);
    if (!actors)
        abort();
    for (size_t i = 0; i < drawing->name_count; i++)
        actors[i] = (struct network_actor){.key = drawing->names[i], .sector = drawing->sectors[i]};
    if (drawing->name_count > 1)
        qsort(actors, drawing->name_count, sizeof *actors, compare_keys);
    size_t kept = 0;
    for (size_t i = 0; i < drawing->name_count; i++) {
        if (kept > 0 && strcmp(actors[kept - 1].key, actors[i].key) == 0) {
            if (actors[kept - 1].sector) {
                free(actors[i].sector);
            } else {
                actors[kept - 1].sector = actors[i].sector;
            }
            free(actors[i].key);
        } else {
            actors[kept++] = actors[i];
        }
    }
    for (size_t i = 0; i < kept; i++) {
        actors[i].id = (int32_t)i + 1;
        actors[i].label = strdup(actors[i].key);
        actors[i].kind = strdup("ministry");
        actors[i].reported = true;
    }
    network->actors = actors;
    network->actor_count = kept;
}

static struct network_tie *place_ties(const struct drawing *drawing, const struct network *network, bool negative,
                                      bool directed, size_t *ret_count)
{
    struct network_tie *ties = calloc(drawing->tie_count + 1, sizeof *ties);
    if (!ties)
        abort();
    size_t count = 0, kept = 0;
    for (size_t t = 0; t < drawing->tie_count; t++) {
        if (drawing->ties[t].negative != negative)
            continue;
        int32_t from = drawn_index(network, drawing->ties[t].from), to = drawn_index(network, drawing->ties[t].to);
        bool turn = !directed && from > to;
        ties[count++] = (struct network_tie){turn ? to : from, turn ? from : to, drawing->ties[t].weight, 1};
    }
    if (count > 1)
        qsort(ties, count, sizeof *ties, compare_ties);
    for (size_t t = 0; t < count; t++) {
        if (kept > 0 && compare_ties(&ties[kept - 1], &ties[t]) == 0) {
            ties[kept - 1].weight += ties[t].weight;
            ties[kept - 1].count += ties[t].count;
        } else {
            ties[kept++] = ties[t];
        }
    }
    *ret_count = kept;
    return ties;
}

struct network *drawing_finish(struct drawing *drawing)
{
    struct network *network = network_create();
    if (!network)
        abort();
    spec_default(&network->spec);
    network->spec.from_day = 0;
    network->spec.to_day = 365;
    network->spec.directed = drawing->directed;
    network->spec.distance = DISTANCE_UNIT;
    place_actors(drawing, network);
    network->ties = place_ties(drawing, network, false, drawing->directed, &network->tie_count);
    network->negative = place_ties(drawing, network, true, true, &network->negative_count);
    for (size_t t = 0; t < drawing->tie_count; t++) {
        free(drawing->ties[t].from);
        free(drawing->ties[t].to);
    }
    free(drawing->ties);
    free(drawing->names);
    free(drawing->sectors);
    free(drawing);
    return network;
}

struct network *network_drawn(const char *text, bool directed)
{
    struct drawing *drawing = drawing_create(directed);
    char *copy = strdup(text), *rest = copy;
    for (char *token = strsep(&rest, " \n"); token; token = strsep(&rest, " \n")) {
        char *tie = strchr(token, '-'), *objection = strchr(token, '!'), *at = strchr(token, '@');
        if (tie) {
            char *weight = strchr(tie, ':');
            *tie = 0;
            if (weight)
                *weight = 0;
            drawing_tie(drawing, token, tie + 1, weight ? strtod(weight + 1, NULL) : 1);
        } else if (objection) {
            *objection = 0;
            drawing_negative(drawing, token, objection + 1);
        } else if (*token) {
            if (at)
                *at = 0;
            drawing_actor(drawing, token, at ? at + 1 : NULL);
        }
    }
    free(copy);
    return drawing_finish(drawing);
}

struct network *network_random(uint64_t seed, size_t n, double density, bool directed)
{
    struct drawing *drawing = drawing_create(directed);
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    char from[32], to[32];
    for (size_t i = 0; i < n; i++) {
        snprintf(from, sizeof from, "v%04zu", i);
        drawing_actor(drawing, from, NULL);
        for (size_t j = directed ? 0 : i + 1; j < n; j++) {
            if (i == j || random_stream_unit(&stream) >= density)
                continue;
            snprintf(to, sizeof to, "v%04zu", j);
            drawing_tie(drawing, from, to, (double)(1 << random_stream_below(&stream, 3)));
        }
    }
    struct network *network = drawing_finish(drawing);
    network->spec.distance = DISTANCE_INVERSE;
    return network;
}
