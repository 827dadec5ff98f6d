/* SPDX-License-Identifier: GPL-3.0-or-later
 * A list of ties to draw from and a matrix of bits to look up, and one walk for each replicate.
 */
#include "degree_swaps.h"

#include "replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ASK_EVERY 100000 /* proposals: some milliseconds */

static void put(uint64_t *rows, size_t words, int32_t from, int32_t to, bool tied)
{
    uint64_t *word = &rows[(size_t)from * words + (size_t)to / 64], bit = UINT64_C(1) << (to % 64);
    *word = tied ? *word | bit : *word & ~bit;
}

static void set_tie(struct swap_graph *graph, int32_t from, int32_t to, bool tied)
{
    put(graph->rows, graph->words, from, to, tied);
    if (!graph->directed) {
        put(graph->rows, graph->words, to, from, tied);
        return;
    }
    bool either = tied || swap_graph_tied(graph, to, from);
    put(graph->both, graph->words, from, to, either);
    put(graph->both, graph->words, to, from, either);
}

static void put_at(struct swap_graph *graph, struct swap_tie *place, struct swap_tie tie)
{
    *place = tie;
    if (graph->directed)
        graph->places[(size_t)tie.from * graph->actors + (size_t)tie.to] = (int32_t)(place - graph->ties);
}

bool swap_graph_init(struct swap_graph *ret_graph, size_t actors, bool directed, const struct swap_tie *ties, size_t count)
{
    struct swap_graph graph = {.actors = actors, .count = count, .words = (actors + 63) / 64, .directed = directed};
    graph.ties = calloc(count + 1, sizeof *graph.ties);
    graph.rows = calloc(actors * graph.words + 1, sizeof *graph.rows);
    graph.both = directed ? calloc(actors * graph.words + 1, sizeof *graph.both) : graph.rows;
    graph.places = directed ? malloc((actors * actors + 1) * sizeof *graph.places) : NULL;
    if (!graph.ties || !graph.rows || !graph.both || (directed && !graph.places)) {
        swap_graph_release(&graph);
        return false;
    }
    for (size_t t = 0; t < count; t++) {
        set_tie(&graph, ties[t].from, ties[t].to, true);
        put_at(&graph, &graph.ties[t], ties[t]);
    }
    *ret_graph = graph;
    return true;
}

void swap_graph_release(struct swap_graph *graph)
{
    free(graph->ties);
    if (graph->directed)
        free(graph->both);
    free(graph->rows);
    free(graph->places);
    *graph = (struct swap_graph){0};
}

/* a-b and c-d to a-d and c-b. */
static bool exchange(struct swap_graph *graph, struct swap_tie *one, struct swap_tie *two)
{
    struct swap_tie first = {one->from, two->to}, second = {two->from, one->to};
    if (first.from == first.to || second.from == second.to || swap_graph_tied(graph, first.from, first.to) ||
        swap_graph_tied(graph, second.from, second.to))
        return false;
    set_tie(graph, one->from, one->to, false);
    set_tie(graph, two->from, two->to, false);
    set_tie(graph, first.from, first.to, true);
    set_tie(graph, second.from, second.to, true);
    put_at(graph, one, first);
    put_at(graph, two, second);
    return true;
}

static bool swap(struct swap_graph *graph, struct random_stream *stream)
{
    struct swap_tie *one = &graph->ties[random_stream_below(stream, graph->count)],
                    *two = &graph->ties[random_stream_below(stream, graph->count)];
    if (!graph->directed && random_stream_next(stream) >> 63) { /* a tie without direction is taken either way round */
        struct swap_tie turned = {two->to, two->from};
        if (one == two)
            return false;
        *two = turned;
    }
    return one != two && exchange(graph, one, two);
}

static bool turn_circle(struct swap_graph *graph, struct random_stream *stream)
{
    struct swap_tie *tie = &graph->ties[random_stream_below(stream, graph->count)];
    int32_t a = tie->from, b = tie->to, c = (int32_t)random_stream_below(stream, graph->actors);
    if (c == a || c == b || !swap_graph_tied(graph, b, c) || !swap_graph_tied(graph, c, a) || swap_graph_tied(graph, b, a) ||
        swap_graph_tied(graph, c, b) || swap_graph_tied(graph, a, c))
        return false;
    struct swap_tie *circle[] = {tie, &graph->ties[graph->places[(size_t)b * graph->actors + (size_t)c]],
                                 &graph->ties[graph->places[(size_t)c * graph->actors + (size_t)a]]};
    for (size_t k = 0; k < 3; k++) {
        struct swap_tie old = *circle[k];
        set_tie(graph, old.from, old.to, false);
        set_tie(graph, old.to, old.from, true);
        put_at(graph, circle[k], (struct swap_tie){old.to, old.from});
    }
    return true;
}

size_t swap_graph_walk(struct swap_graph *graph, struct random_stream *stream, size_t proposals)
{
    size_t moved = 0;
    for (size_t p = 0; p < proposals && graph->count > 0; p++) {
        bool circle = graph->directed && random_stream_next(stream) >> 63;
        moved += circle ? turn_circle(graph, stream) : swap(graph, stream);
    }
    return moved;
}

/* ------------------------------------------------------------------------------------------------------ replicates */
struct walks {
    const struct degree_swaps *plan;
    struct swap_graph hub;
    double *values; /* a row of statistics each */
};

static void place_close(void *scratch)
{
    swap_graph_release(scratch);
    free(scratch);
}

static void *place_open(const void *arg)
{
    const struct swap_graph *hub = &((const struct walks *)arg)->hub;
    struct swap_graph *graph = malloc(sizeof *graph);
    if (graph && swap_graph_init(graph, hub->actors, hub->directed, hub->ties, hub->count))
        return graph;
    free(graph);
    return NULL;
}

/* In pieces, so that somebody may stop it. */
static bool walk(struct swap_graph *graph, struct random_stream *stream, struct replicates_watch *watch)
{
    for (size_t left = graph->count * DEGREE_SWAPS_PER_TIE; left > 0;) {
        size_t now = left < ASK_EVERY ? left : ASK_EVERY;
        swap_graph_walk(graph, stream, now);
        left -= now;
        if (!replicates_going(watch))
            return false;
    }
    return true;
}

static enum replicates_status run_walk(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch)
{
    const struct walks *walks = arg;
    const struct degree_swaps *plan = walks->plan;
    struct swap_graph *graph = scratch;
    struct random_stream stream;
    random_stream_init(&stream, plan->seed, 1 + replicate);
    for (size_t t = 0; t < graph->count; t++)
        put_at(graph, &graph->ties[t], walks->hub.ties[t]);
    memcpy(graph->rows, walks->hub.rows, graph->actors * graph->words * sizeof *graph->rows);
    if (graph->directed)
        memcpy(graph->both, walks->hub.both, graph->actors * graph->words * sizeof *graph->both);
    if (!walk(graph, &stream, watch))
        return REPLICATES_STOPPED;
    plan->statistics(plan->arg, graph, walks->values + replicate * plan->statistic_count);
    return REPLICATES_OK;
}

enum degree_swaps_status degree_swaps_run(const struct degree_swaps *plan, struct label_null *ret_nulls, double *ret_moved)
{
    const struct swap_graph *from = plan->observed;
    size_t count = plan->statistic_count, proposals = from->count * DEGREE_SWAPS_PER_TIE;
    struct walks walks = {.plan = plan, .values = malloc((plan->replicates * count + 1) * sizeof(double))};
    double *observed = malloc((count + 1) * sizeof *observed);
    enum degree_swaps_status status = DEGREE_SWAPS_NO_MEMORY;
    if (!walks.values || !observed || !swap_graph_init(&walks.hub, from->actors, from->directed, from->ties, from->count))
        goto out;
    plan->statistics(plan->arg, from, observed);
    struct random_stream stream;
    random_stream_init(&stream, plan->seed, 0);
    size_t moved = 0;
    for (size_t left = proposals; left > 0;) {
        size_t now = left < ASK_EVERY ? left : ASK_EVERY;
        moved += swap_graph_walk(&walks.hub, &stream, now);
        left -= now;
        if (plan->proceed && !plan->proceed(plan->proceed_arg, 0)) {
            status = DEGREE_SWAPS_STOPPED;
            goto out;
        }
    }
    struct replicates replicates = {.count = plan->replicates,
                                    .threads = plan->threads,
                                    .open = place_open,
                                    .close = place_close,
                                    .run = run_walk,
                                    .arg = &walks,
                                    .proceed = plan->proceed,
                                    .proceed_arg = plan->proceed_arg};
    enum replicates_status run = replicates_run(&replicates);
    if (run != REPLICATES_OK) {
        status = run == REPLICATES_STOPPED ? DEGREE_SWAPS_STOPPED : DEGREE_SWAPS_NO_MEMORY;
        goto out;
    }
    for (size_t s = 0; s < count; s++) {
        struct null_tally tally = {0};
        for (size_t r = 0; r < plan->replicates; r++)
            null_tally_add(&tally, walks.values[r * count + s], observed[s]);
        ret_nulls[s] = null_tally_finish(&tally, observed[s], false);
    }
    *ret_moved = proposals > 0 ? (double)moved / (double)proposals : NAN;
    status = DEGREE_SWAPS_OK;
out:
    swap_graph_release(&walks.hub);
    free(walks.values);
    free(observed);
    return status;
}
