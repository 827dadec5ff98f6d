/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of families, and what each of them says about the network it was given.
 */
#include "families.h"

#include "engine.h"
#include "random_stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMED_MAX 20 /* actors without a sector named in the note */

static const struct metrics_family families[] = {
    {"graph", "numbers of the network as a whole: density, reciprocity, components, distances, centralization",
     METRICS_ALONE | METRICS_NEED_TIES, graph_compute},
    {"centrality", "who stands where: degree, strength, betweenness, closeness, prestige, structural holes",
     METRICS_ALONE | METRICS_NEED_TIES, centrality_compute},
    {"bottlenecks", "position and time side by side: cut points, bridges, response times, who answered last",
     METRICS_ALONE | METRICS_NEED_TIES | METRICS_NEED_REPLIES, bottlenecks_compute},
    {"time", "how long answers take by actor, stage and layer, with curves, tests between actors and work in progress",
     METRICS_OF_INTERACTIONS | METRICS_NEED_REPLIES, time_compute},
    {"objections", "objections by kind, stage and lateness, who they are against, and at which level they are resolved",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, objections_compute},
    {"righttime", "how early each was involved, who was missed, the order of stages, and deadlines against the rules",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, righttime_compute},
    {"gaps", "contact between sectors, observed against expected; E-I index; sectors joined through one actor",
     METRICS_NEED_TIES, gaps_compute},
    {"brokerage", "who stands between whom, by sector: coordinator, itinerant, representative, gatekeeper, liaison",
     METRICS_NEED_TIES, brokerage_compute},
    {"communities", "groups that hold together, how stable they are, and how they fit the formal sectors",
     METRICS_ALONE | METRICS_NEED_TIES, communities_compute},
    {"projections", "meetings under every projection side by side, and which rankings survive all of them",
     METRICS_ALONE | METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, projections_compute},
    {"reach", "who can have heard from whom, by when: paths along contacts in the order they happened",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, reach_compute},
    {"signed", "ties and objections together: signed degrees, PN centrality, balance, blocked pairs", METRICS_NEED_TIES,
     signed_compute},
    {"keyplayers", "whose loss would part the network: sets of actors, smallest cuts, what each actor holds together",
     METRICS_NEED_TIES, keyplayers_compute},
    {"whatif", "every measure before and after actors are removed or merged, a liaison or a standing committee added",
     METRICS_NEED_TIES, whatif_compute},
    {"change", "two periods on the same actors: ties kept, new and lost, rank changes, differences with p and interval",
     METRICS_NEED_TIES | METRICS_NEED_EARLIER, change_compute},
    {"relations", "which relations between two actors go with contact between them (QAP, MRQAP)",
     METRICS_NEED_TIES | METRICS_NEED_CHRONICLE, relations_compute},
    {"agreement", "what the two ends of a tie say of it: agreement, kappa, over- and under-reporting",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, agreement_compute},
    {"uncertainty", "how far each number could be off: bootstrap, treatments of non-response, rankings that flip",
     METRICS_NEED_TIES | METRICS_NEED_CHRONICLE, uncertainty_compute},
    {"need", "coordination that shared goals, target groups and instruments require, against the contact there was",
     METRICS_NEED_TIES | METRICS_NEED_NEED, need_compute},
    {"duty", "who the rules say had to be consulted, against who was: missing, late, short deadline, in time",
     METRICS_NEED_CHRONICLE | METRICS_OF_INTERACTIONS | METRICS_NEED_DUTY_RULES, duty_compute},
    {"survey", "a wave: who answered, what was answered, scales, obstacles and promoters, ladders", METRICS_NEED_WAVE,
     survey_compute},
    {"declared", "what respondents say of their contact against the interactions, and what both ends say of one pair",
     METRICS_NEED_WAVE | METRICS_OF_INTERACTIONS, declared_compute},
    {"shortfall", "contact that respondents need against contact they have, by pair and between sectors", METRICS_NEED_WAVE,
     shortfall_compute},
    {"layout", "where each actor stands on a map, in the same place from period to period",
     METRICS_ALONE | METRICS_NEED_TIES | METRICS_NEED_ANCHOR, layout_family_compute},
    {"case", "cases with what was asked, answered and objected to; of one case what happened when, and who was in it",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, case_compute},
    {"between", "the interactions between two sides, one by one, and the cases both were in: actors, sectors, or everybody",
     METRICS_OF_INTERACTIONS | METRICS_NEED_CHRONICLE, between_compute},
};

const struct metrics_family *metrics_families(size_t *ret_count)
{
    *ret_count = sizeof families / sizeof families[0];
    return families;
}

const struct metrics_family *metrics_family(const char *name)
{
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        if (strcmp(families[f].name, name) == 0)
            return &families[f];
    return NULL;
}

bool families_proceed(void *arg, unsigned permille)
{
    const struct families_step *step = arg;
    if (!step->input->progress)
        return true;
    return step->input->progress(step->input->arg, step->from + (step->to - step->from) * permille / 1000);
}

struct crew families_crew(struct families_step *step)
{
    return (struct crew){
        .threads = step->input->threads, .proceed = families_proceed, .arg = step, .share = step->input->share};
}

enum metrics_status families_crewed(enum crew_status status, char error[400])
{
    return status == CREW_OK ? METRICS_OK : status == CREW_STOPPED ? METRICS_CANCELLED : families_out_of_memory(error);
}

bool families_begin(const struct metrics_input *input, struct result *result, struct families_ground *ret_ground,
                    char error[400])
{
    *ret_ground = (struct families_ground){0};
    if (!input->network) {
        snprintf(error, 400, "no network to compute on");
        return false;
    }
    ret_ground->choices = &input->network->spec.choices;
    if (!topology_init(&ret_ground->topology, input->network, error))
        return false;
    if (!cut_init(&ret_ground->cut, &ret_ground->topology.both)) {
        topology_release(&ret_ground->topology);
        families_out_of_memory(error);
        return false;
    }
    char engine[ENGINE_VERSION_SIZE];
    engine_version(engine);
    result_set_text(result, &result->card.engine, engine);
    families_card(input->network, result);
    return true;
}

void families_end(struct families_ground *ground)
{
    cut_release(&ground->cut);
    topology_release(&ground->topology);
}

static const struct column_definition actor_columns[] = {
    {"actor", "", "stable key of the actor", ""},
    {"name", "", "name of the actor", ""},
    {"sector", "", "sector the actor belongs to", ""},
};

size_t families_actor_table(const struct network *network, struct result *result, const char *name)
{
    size_t table = result_add_table(result, name, network->actor_count);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, table, &actor_columns[c]);
        for (size_t i = 0; texts && i < network->actor_count; i++) {
            const struct network_actor *actor = &network->actors[i];
            const char *text = c == 0 ? actor->key : c == 1 ? actor->label : actor->sector;
            if (text)
                result_set_text(result, &texts[i], text);
        }
    }
    return table;
}

void families_set_actors(const struct network *network, struct result *result, char **slot, const int32_t *actors, size_t count,
                         bool names)
{
    families_set_first_actors(network, result, slot, actors, count, count, names);
}

void families_set_first_actors(const struct network *network, struct result *result, char **slot, const int32_t *actors,
                               size_t count, size_t most, bool names)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (size_t i = 0; stream && i < count && i < most; i++) {
        const struct network_actor *actor = &network->actors[actors[i]];
        fprintf(stream, "%s%s", i > 0 ? ", " : "", names && actor->label ? actor->label : actor->key);
    }
    if (stream && count > most)
        fprintf(stream, ", +%zu", count - most);
    if (!stream || fclose(stream) != 0)
        result->failed = true;
    else
        result_set_text(result, slot, text);
    free(text);
}

bool families_numbers(struct result *result, size_t table, const struct column_definition *definitions, size_t count,
                      double **ret_columns)
{
    for (size_t c = 0; c < count; c++)
        result_add_numbers(result, table, &definitions[c]);
    if (result_failed(result))
        return false;
    const struct table *filled = &result->tables[table];
    for (size_t c = 0; c < count; c++)
        ret_columns[c] = filled->columns[filled->column_count - count + c].numbers;
    return true;
}

void families_proportion(double *const *columns, size_t row, struct proportion proportion)
{
    columns[0][row] = proportion.share;
    columns[1][row] = proportion.low;
    columns[2][row] = proportion.high;
}

void families_card(const struct network *network, struct result *result)
{
    result_set_card(result, "loops", "self-ties are dropped before anything is computed");
    result_set_card(result, "multiple ties", "several events between the same two actors are one tie");
    if (network->spec.directed) {
        result_set_card(result, "direction", "ties have a direction");
        result_set_card(result, "undirected view", "the weights of the two directions summed");
    } else {
        result_set_card(result, "direction", "ties have no direction");
    }
    static const char *const projections[] = {[PROJECTION_NEWMAN] = "newman",
                                              [PROJECTION_COUNT] = "count",
                                              [PROJECTION_BINARY] = "binary",
                                              [PROJECTION_DURATION] = "duration"};
    static const char *const weights[] = {
        [WEIGHT_SUM] = "sum", [WEIGHT_MEAN] = "mean", [WEIGHT_MAX] = "max", [WEIGHT_SHARE] = "share"};
    if (network->spec.of_wave)
        result_set_card(result, "weight", "%s of what respondents answered",
                        network->spec.projection == PROJECTION_BINARY ? "whether any" : weights[network->spec.weight]);
    else
        result_set_card(result, "weight", "projection %s, events on one pair combined by %s",
                        projections[network->spec.projection], weights[network->spec.weight]);
    switch (network->spec.distance) {
    case DISTANCE_INVERSE:
        result_set_card(result, "distance", "1 / weight");
        break;
    case DISTANCE_UNIT:
        result_set_card(result, "distance", "every tie is one step");
        break;
    case DISTANCE_COMPLEMENT:
        result_set_card(result, "distance", "1 - weight / largest weight, at least 0.000001");
        break;
    case DISTANCE_LOG:
        result_set_card(result, "distance", "-log(weight / largest weight), at least 0.000001");
        break;
    }
    if (network->actor_count == 0)
        result_note(result, "The network has no actors: nothing can be computed.");
    else if (network->tie_count == 0)
        result_note(result, "The network has no ties: numbers that need ties are missing.");
}

void families_card_random(uint64_t seed, struct result *result)
{
    result_set_card(result, "random numbers", "%s, one stream per replicate, seed %-llu", RANDOM_STREAM_NAME,
                    (unsigned long long)seed);
    result->card.seed = seed;
}

void families_card_labellings(bool exact, unsigned count, uint64_t seed, struct result *result)
{
    if (exact)
        result_set_card(result, "label permutation", "all %u labellings, p exact", count);
    else
        result_set_card(result, "label permutation", "%u random labellings, p = (b+1)/(m+1)", count);
    families_card_random(seed, result);
}

void families_note_resolution(bool exact, unsigned labellings, const struct label_null *nulls, size_t count,
                              struct result *result)
{
    size_t tests = 0;
    for (size_t i = 0; i < count; i++)
        tests += nulls[i].sd > 0;
    double smallest = 2 / ((double)labellings + 1); /* two-sided, (b+1)/(m+1) with b = 0 */
    if (!exact && labellings > 0 && smallest * (double)tests > 0.05)
        result_note(
            result,
            "With %u random labellings the smallest p is %.2g: among %zu tests a single row cannot reach q = 0.05. Ask for "
            "permutations=%-.0f or more to tell single rows.",
            labellings, smallest, tests, ceil(2 * (double)tests / 0.05));
}

void families_note_unlabelled(const struct network *network, struct result *result)
{
    char names[4096];
    size_t used = 0, missing = 0;
    names[0] = 0;
    for (size_t i = 0; i < network->actor_count; i++) {
        const struct network_actor *actor = &network->actors[i];
        if (actor->sector && *actor->sector)
            continue;
        missing++;
        const char *name = actor->label ? actor->label : actor->key;
        /* A name that does not fit whole is not cut in the middle of a letter. */
        if (missing <= NAMED_MAX && used + strlen(name) + 3 < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", missing > 1 ? ", " : "", name);
    }
    if (missing > NAMED_MAX)
        result_note(result, "%zu actors have no sector and are left out, with their ties: %s and others.", missing, names);
    else if (missing > 0)
        result_note(result, "%zu actors have no sector and are left out, with their ties: %s.", missing, names);
}

enum metrics_status families_finish(const struct result *result, char error[400])
{
    return result_failed(result) ? families_out_of_memory(error) : METRICS_OK;
}
