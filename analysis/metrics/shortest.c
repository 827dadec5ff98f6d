/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chooses the kernel: bit-parallel sweep and eight-lane Brandes in steps, one search a source along distances.
 */
#include "shortest.h"

#include "path_work.h"
#include "sampled.h"

#include <stdlib.h>
#include <string.h>

void shortest_memory_release(struct shortest_memory *memory)
{
    free(memory->betweenness);
    *memory = (struct shortest_memory){0};
}

static bool recall(const struct shortest_memory *memory, const struct network *network, double *ret_betweenness)
{
    if (!memory || memory->of != network)
        return false;
    if (network->actor_count)
        memcpy(ret_betweenness, memory->betweenness, network->actor_count * sizeof *ret_betweenness);
    return true;
}

/* Without memory for it the next family searches once more. */
static void remember(struct shortest_memory *memory, const struct network *network, const double *betweenness)
{
    if (!memory)
        return;
    shortest_memory_release(memory);
    memory->betweenness = malloc((network->actor_count + 1) * sizeof *betweenness);
    if (!memory->betweenness)
        return;
    memory->of = network;
    if (network->actor_count)
        memcpy(memory->betweenness, betweenness, network->actor_count * sizeof *betweenness);
}

static void left_out(const struct families_ground *ground, bool unit, const struct shortest *shortest, struct result *result)
{
    bool asked = shortest->paths.sum && !shortest->closeness;
    if (asked && ground->choices->paths == EFFORT_NONE)
        result_note(result, "Closeness and harmonic centrality were left out on request (paths=none).");
    else if (asked && unit)
        result_note(result,
                    "Closeness and harmonic centrality were left out: more than %d actors. Ask for them with paths=exact.",
                    FAMILIES_SWEEP_ACTORS_MAX);
    else if (asked)
        result_note(result,
                    "Closeness and harmonic centrality were left out: more than %d actors, and distances follow weights. Ask "
                    "for them with "
                    "paths=exact, or in steps with distance=unit.",
                    FAMILIES_EXACT_ACTORS_MAX);
    if (!shortest->betweenness && ground->choices->betweenness == EFFORT_NONE)
        result_note(result, "Betweenness was left out on request (betweenness=none).");
    else if (!shortest->betweenness)
        result_note(result, "Betweenness was left out: more than %d actors. Ask for it with betweenness=exact.",
                    FAMILIES_EXACT_ACTORS_MAX);
}

static enum crew_status sample(const struct families_ground *ground, const struct spec *spec, const struct crew *crew,
                               double *ret_betweenness, struct result *result)
{
    const struct topology *topology = &ground->topology;
    struct sampled_report report;
    struct sampled_request request = {.directed = topology->directed,
                                      .unit = spec->distance == DISTANCE_UNIT,
                                      .epsilon = ground->choices->epsilon,
                                      .delta = ground->choices->delta,
                                      .seed = spec->seed};
    enum crew_status status = betweenness_sampled(&topology->out, &topology->in, &request, crew, ret_betweenness, &report);
    if (status != CREW_OK)
        return status;
    result_set_card(result, "betweenness sample", "%zu of %zu sources, %zu looks; epsilon %g asked, %g reached, delta %g",
                    report.sources, topology->count, report.looks, request.epsilon, report.epsilon, request.delta);
    families_card_random(request.seed, result);
    if (report.sources < topology->count)
        result_note(
            result,
            "Betweenness is an estimate from %zu of %zu sources: with probability %g every betweenness_norm is within %g "
            "of the exact one.",
            report.sources, topology->count, 1 - request.delta, report.epsilon);
    else
        result_note(result, "Betweenness is exact: so narrow an epsilon took every source.");
    return CREW_OK;
}

/* Out of each actor, and in a directed network into it as well. */
static enum crew_status sweep_both(const struct topology *topology, const struct crew *crew, const struct paths *paths)
{
    struct sweep out = {.reached = paths->reached, .steps = paths->sum, .inverse = paths->inverse};
    struct sweep in = {.reached = paths->in_reached, .steps = paths->in_sum, .inverse = paths->in_inverse};
    enum crew_status status = sweep_run(&topology->in, &topology->out, crew, &out);
    if (status == CREW_OK && topology->directed && paths->in_sum)
        status = sweep_run(&topology->out, &topology->in, crew, &in);
    return status;
}

enum metrics_status shortest_run(const struct metrics_input *input, const struct families_ground *ground, unsigned from,
                                 unsigned to, struct shortest *shortest, struct result *result, char error[400])
{
    const struct topology *topology = &ground->topology;
    size_t n = topology->count;
    bool unit = input->network->spec.distance == DISTANCE_UNIT;
    unsigned between_from = shortest->paths.sum ? from + (to - from) / 4 : from;
    shortest->betweenness = choice_wanted(ground->choices->betweenness, n, FAMILIES_EXACT_ACTORS_MAX);
    /* In steps one sweep answers for many sources; along weights every source costs a search of its own. */
    shortest->closeness = shortest->paths.sum && choice_wanted(ground->choices->paths, n,
                                                               unit ? FAMILIES_SWEEP_ACTORS_MAX : FAMILIES_EXACT_ACTORS_MAX);
    bool recalled = shortest->betweenness && recall(input->memory, input->network, shortest->paths.betweenness),
         search = shortest->betweenness && !recalled;
    enum crew_status status = CREW_OK;
    struct families_step step = {input, from, between_from};
    struct crew crew = families_crew(&step);
    if (unit && shortest->closeness)
        status = sweep_both(topology, &crew, &shortest->paths);
    step = (struct families_step){input, between_from, to};
    if (status == CREW_OK && ground->choices->betweenness == EFFORT_SAMPLED)
        status = sample(ground, &input->network->spec, &crew, shortest->paths.betweenness, result);
    if (status == CREW_OK && unit && search)
        status = betweenness_run(&topology->out, &topology->in, topology->directed, &crew, shortest->paths.betweenness);
    if (status == CREW_OK && !unit && (search || shortest->closeness)) {
        struct paths paths = {0};
        if (shortest->closeness)
            paths = shortest->paths;
        paths.betweenness = search ? shortest->paths.betweenness : NULL;
        status = paths_run(&topology->out, &topology->in, topology->directed, &crew, &paths);
    }
    if (status == CREW_OK && search)
        remember(input->memory, input->network, shortest->paths.betweenness);
    shortest->betweenness = shortest->betweenness || ground->choices->betweenness == EFFORT_SAMPLED;
    if (status == CREW_OK)
        left_out(ground, unit, shortest, result);
    return families_crewed(status, error);
}
