/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family layout: where each actor stands on a map, held in place by the map of another period.
 *
 * The anchor period is laid out by itself, which depends on nothing but its own reports; whoever is in it stands there in every
 * period that names it. So maps of one anchor can be laid over each other, whichever of them was asked for first.
 */
#include "families.h"
#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { X, Y, HELD, COLUMNS };
static const struct column_definition numbers[COLUMNS] = {
    [X] = {"x", "typical tie", "place from left to right; one unit is about the distance of a typical tie",
           "Kamada & Kawai 1989; Fruchterman & Reingold 1991"},
    [Y] = {"y", "typical tie", "place from top to bottom; one unit is about the distance of a typical tie",
           "Kamada & Kawai 1989; Fruchterman & Reingold 1991"},
    [HELD] = {"held", "0 or 1", "1: stands where the map of the anchor period has it", ""},
};

static int compare_keys(const void *key, const void *actor)
{
    return strcmp(key, ((const struct network_actor *)actor)->key);
}

/* Lays the anchor period out and finds in it whoever is on this map. */
static bool find_anchors(const struct network *network, const struct network *anchor, bool *held, struct layout_point *places,
                         size_t *ret_held, char error[400])
{
    struct layout_point *points = calloc(anchor->actor_count + 1, sizeof *points);
    if (!points) {
        families_out_of_memory(error);
        return false;
    }
    size_t found = 0;
    bool done = layout_compute(anchor->actor_count, anchor->ties, anchor->tie_count, anchor->spec.seed, points, error);
    for (size_t i = 0; done && i < network->actor_count; i++) {
        const struct network_actor *actor =
            bsearch(network->actors[i].key, anchor->actors, anchor->actor_count, sizeof *anchor->actors, compare_keys);
        held[i] = actor != NULL;
        if (actor)
            places[i] = points[actor - anchor->actors];
        found += held[i];
    }
    free(points);
    *ret_held = found;
    return done;
}

static enum metrics_status place(const struct metrics_input *input, struct result *result, bool *held,
                                 struct layout_point *places, char error[400])
{
    const struct network *network = input->network, *anchor = input->earlier;
    struct families_step step = {input, 0, 1000};
    size_t found = 0;
    if (network->actor_count > LAYOUT_ACTORS_MAX || (anchor && anchor->actor_count > LAYOUT_ACTORS_MAX)) {
        snprintf(error, 400, "level: a map has room for %d actors; choose a coarser level or a shorter period",
                 LAYOUT_ACTORS_MAX);
        return METRICS_REFUSED;
    }
    if (!families_proceed(&step, 0))
        return METRICS_CANCELLED;
    if (anchor && !find_anchors(network, anchor, held, places, &found, error))
        return METRICS_FAILED;
    if (!families_proceed(&step, 500))
        return METRICS_CANCELLED;
    if (!layout_anchored(network->actor_count, network->ties, network->tie_count, network->spec.seed, held, places, places,
                         error))
        return METRICS_FAILED;
    size_t table = families_actor_table(network, result, "layout");
    double *columns[COLUMNS];
    if (!families_numbers(result, table, numbers, COLUMNS, columns))
        return families_out_of_memory(error);
    for (size_t i = 0; i < network->actor_count; i++) {
        columns[X][i] = places[i].x;
        columns[Y][i] = places[i].y;
        columns[HELD][i] = held[i];
    }
    if (anchor && found < network->actor_count)
        result_note(result, "%zu actors are not in the anchor period: they stand near those they are tied to most.",
                    network->actor_count - found);
    return families_finish(result, error);
}

enum metrics_status layout_family_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    size_t n = input->network->actor_count;
    bool *held = calloc(n + 1, sizeof *held);
    struct layout_point *places = calloc(n + 1, sizeof *places);
    result_set_card(result, "layout",
                    "each component by itself, strong ties short, components side by side, actors without ties below");
    result_set_card(result, "places mean", "near: tied, directly or through others; up, down, left and right mean nothing");
    if (input->earlier)
        result_set_card(result, "anchor", "actors of the anchor period stand where its own map has them");
    enum metrics_status status = held && places ? place(input, result, held, places, error) : families_out_of_memory(error);
    free(held);
    free(places);
    families_end(&ground);
    return status;
}
