/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family whatif: the other families on the network as it is and as it would be, side by side.
 *
 * Nothing is computed here: each source family runs on both networks, and its columns are matched by name, its actors by key.
 */
#include "comparison.h"
#include "families.h"
#include "network_change.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a table: all numbers of it, or those named. */
struct source {
    const char *family, *table;
    bool actors; /* a row each, else one row for the network */
    const char *columns[5];
    unsigned from, to; /* share of the progress of one network, in percent */
};
static const struct source sources[] = {
    {"graph", "graph", false, {NULL}, 0, 40},
    {"centrality", "centrality", true, {NULL}, 40, 90},
    {"bottlenecks", "bottlenecks", true, {"articulation", "pieces", "cut_off", "bridges"}, 90, 100},
};
#define SOURCES (sizeof sources / sizeof sources[0])

static const struct column_definition change_texts[] = {
    {"change", "", "what was done: remove, merge, liaison or committee, in this order", ""},
    {"actors", "", "keys of the actors it was done to; of a liaison those it is tied to", ""},
    {"result", "", "key of the actor that came of it; missing when there is none", ""},
};
static const struct column_definition change_numbers[] = {
    {"weight_added", "weight", "weight of new ties, both arcs counted in a directed network", ""},
    {"weight_dropped", "weight", "weight of the ties of removed actors", ""},
    {"self_weight", "weight", "weight of the ties between the parts of a merger, which are dropped", ""},
    {"meetings", "", "meetings of the committee", ""},
};
static const struct column_definition measure_texts[] = {
    {"measure", "", "column of family graph, where its definition and source stand", ""},
    {"unit", "", "unit of the measure", ""},
};
static const struct column_definition actor_texts[] = {
    {"measure", "", "column of family centrality or bottlenecks, where its definition and source stand", ""},
    {"actor", "", "stable key of the actor; the parts of a merger have no value after, the merged actor none before", ""},
    {"name", "", "name of the actor", ""},
    {"sector", "", "sector the actor belongs to", ""},
};
enum value_column { BEFORE, AFTER, CHANGE, RANK_BEFORE, RANK_AFTER, RANK_CHANGE, VALUE_COLUMNS };
static const struct column_definition value_numbers[VALUE_COLUMNS] = {
    [BEFORE] = {"before", "", "value in the network as it is", ""},
    [AFTER] = {"after", "", "value in the network as it would be", ""},
    [CHANGE] = {"change", "", "after - before; missing when either is", ""},
    [RANK_BEFORE] = {"rank_before", "", "1 + number of actors with a larger value, in the network as it is", ""},
    [RANK_AFTER] = {"rank_after", "", "the same in the network as it would be", ""},
    [RANK_CHANGE] = {"rank_change", "", "rank_before - rank_after: over 0 = moved up", ""},
};

struct side {
    const struct network *network;
    struct result *results[SOURCES];
};

static void side_release(struct side *side)
{
    for (size_t s = 0; s < SOURCES; s++)
        result_destroy(side->results[s]);
}

static enum metrics_status side_compute(struct side *side, const struct metrics_input *input, unsigned from, unsigned to,
                                        char error[400])
{
    for (size_t s = 0; s < SOURCES; s++) {
        struct families_step step = {input, from + (to - from) * sources[s].from / 100,
                                     from + (to - from) * sources[s].to / 100};
        struct metrics_input own = {.network = side->network, .progress = families_proceed, .arg = &step};
        side->results[s] = result_create(sources[s].family);
        if (!side->results[s]) {
            families_out_of_memory(error);
            return METRICS_FAILED;
        }
        if (!families_proceed(&step, 0))
            return METRICS_CANCELLED;
        enum metrics_status status = metrics_family(sources[s].family)->compute(&own, side->results[s], error);
        if (status != METRICS_OK)
            return status;
    }
    return METRICS_OK;
}

/* The source's column of this number on one side; NULL = none of that name (a directed network's, or without objections). */
static const struct column *column_of(const struct side *side, size_t source, const char *name)
{
    return table_column(result_table(side->results[source], sources[source].table), name);
}

static bool wanted(const struct source *source, const struct column *column)
{
    if (column->is_text)
        return false;
    for (size_t i = 0; source->columns[i]; i++)
        if (strcmp(source->columns[i], column->name) == 0)
            return true;
    return !source->columns[0];
}

static void whole_table(const struct side *before, const struct side *after, struct result *result)
{
    const struct table *table = result_table(before->results[0], sources[0].table);
    size_t at = result_add_table(result, "whatif", table->column_count);
    for (size_t c = 0; c < 2; c++)
        result_add_texts(result, at, &measure_texts[c]);
    for (size_t c = 0; c < 3; c++)
        result_add_numbers(result, at, &value_numbers[c]);
    for (size_t m = 0; m < table->column_count && !result_failed(result); m++) {
        const struct column *column = &table->columns[m], *other = column_of(after, 0, column->name);
        struct column *columns = result->tables[at].columns;
        result_set_text(result, &columns[0].texts[m], column->name);
        result_set_text(result, &columns[1].texts[m], column->unit);
        columns[2 + BEFORE].numbers[m] = column->numbers[0];
        columns[2 + AFTER].numbers[m] = other->numbers[0];
        columns[2 + CHANGE].numbers[m] = comparison_difference(column->numbers[0], other->numbers[0]);
    }
}

/* A column on both sides; NULL = not there on that one, a directed network's or one of objections. */
struct compared {
    const struct column *own[2];
};

/* The columns to compare: those of before, and those only after has. Their number; `ret_compared` may be NULL. */
static size_t compare_columns(const struct side *before, const struct side *after, size_t source, struct compared *ret_compared)
{
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        const struct side *side = pass == 0 ? before : after;
        const struct table *table = result_table(side->results[source], sources[source].table);
        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            const struct column *other = column_of(pass == 0 ? after : before, source, column->name);
            if (!wanted(&sources[source], column) || (pass == 1 && other))
                continue;
            if (ret_compared)
                ret_compared[count] = (struct compared){{pass == 0 ? column : other, pass == 0 ? other : column}};
            count++;
        }
    }
    return count;
}

/* One measure of all actors, into rows of the table from `row`. `numbers` has room for two values a pair. */
static bool measure_rows(const struct compared *compared, const struct side *before, const struct side *after,
                         const struct comparison_pair *pairs, size_t pair_count, double *numbers, size_t row,
                         struct table *table)
{
    double *ranks[2] = {numbers, numbers + pair_count};
    size_t counts[2] = {before->network->actor_count, after->network->actor_count};
    for (size_t s = 0; s < 2; s++)
        if (compared->own[s] && !comparison_ranks(compared->own[s]->numbers, counts[s], ranks[s]))
            return false;
    for (size_t p = 0; p < pair_count; p++) {
        double values[VALUE_COLUMNS];
        for (size_t s = 0; s < 2; s++) {
            int32_t at = s == 0 ? pairs[p].before : pairs[p].after;
            bool there = compared->own[s] && at >= 0;
            values[s == 0 ? BEFORE : AFTER] = there ? compared->own[s]->numbers[at] : NAN;
            values[s == 0 ? RANK_BEFORE : RANK_AFTER] = there ? ranks[s][at] : NAN;
        }
        values[CHANGE] = comparison_difference(values[BEFORE], values[AFTER]);
        values[RANK_CHANGE] = values[RANK_BEFORE] - values[RANK_AFTER];
        for (size_t c = 0; c < VALUE_COLUMNS; c++)
            table->columns[4 + c].numbers[row + p] = values[c];
    }
    return true;
}

static bool actor_rows(const struct side *before, const struct side *after, const struct comparison_pair *pairs,
                       size_t pair_count, struct result *result)
{
    size_t measures = 0, row = 0;
    for (size_t s = 0; s < SOURCES; s++)
        measures += sources[s].actors ? compare_columns(before, after, s, NULL) : 0;
    size_t at = result_add_table(result, "actors", measures * pair_count);
    for (size_t c = 0; c < 4; c++)
        result_add_texts(result, at, &actor_texts[c]);
    for (size_t c = 0; c < VALUE_COLUMNS; c++)
        result_add_numbers(result, at, &value_numbers[c]);
    struct compared *compared = calloc(measures + 1, sizeof *compared);
    double *numbers = calloc(2 * pair_count + 1, sizeof *numbers);
    bool done = compared && numbers && !result_failed(result);
    for (size_t s = 0; done && s < SOURCES; s++) {
        size_t count = sources[s].actors ? compare_columns(before, after, s, compared) : 0;
        for (size_t m = 0; done && m < count; m++, row += pair_count) {
            struct table *table = &result->tables[at];
            const char *measure = (compared[m].own[0] ? compared[m].own[0] : compared[m].own[1])->name;
            done = measure_rows(&compared[m], before, after, pairs, pair_count, numbers, row, table);
            for (size_t p = 0; done && p < pair_count; p++) {
                const struct network_actor *actor =
                    pairs[p].after >= 0 ? &after->network->actors[pairs[p].after] : &before->network->actors[pairs[p].before];
                const char *texts[4] = {measure, actor->key, actor->label, actor->sector};
                for (size_t c = 0; c < 4; c++)
                    result_set_text(result, &table->columns[c].texts[row + p], texts[c]);
            }
        }
    }
    free(compared);
    free(numbers);
    return done && !result_failed(result);
}

static void change_table(const struct network_changes *changes, struct result *result)
{
    static const char *const kinds[] = {
        [CHANGE_REMOVE] = "remove", [CHANGE_MERGE] = "merge", [CHANGE_LIAISON] = "liaison", [CHANGE_COMMITTEE] = "committee"};
    size_t at = result_add_table(result, "changes", changes->count);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, at, &change_texts[c]);
        for (size_t s = 0; texts && s < changes->count; s++) {
            const struct network_change *step = &changes->steps[s];
            const char *text[] = {kinds[step->kind], step->actors, step->result};
            result_set_text(result, &texts[s], text[c]);
        }
    }
    for (size_t c = 0; c < 4; c++) {
        double *numbers = result_add_numbers(result, at, &change_numbers[c]);
        for (size_t s = 0; numbers && s < changes->count; s++) {
            const struct network_change *step = &changes->steps[s];
            double row[] = {step->weight_added, step->weight_dropped, step->self_weight,
                            step->kind == CHANGE_COMMITTEE ? step->meetings : NAN};
            numbers[s] = row[c];
        }
    }
}

static bool has_note(const struct card *card, const char *note)
{
    for (size_t n = 0; n < card->note_count; n++)
        if (strcmp(card->notes[n], note) == 0)
            return true;
    return false;
}

/* What the families say of either network, once. */
static void pass_on(const struct side *side, struct result *result)
{
    static const char as_it_is[] = "%s"; /* a sentence already, not one to translate here */
    for (size_t s = 0; s < SOURCES; s++)
        for (size_t n = 0; n < side->results[s]->card.note_count; n++) {
            const char *note = side->results[s]->card.notes[n];
            if (strcmp(sources[s].family, "bottlenecks") != 0 && !has_note(&result->card, note))
                result_note(result, as_it_is, note);
        }
}

static void describe(const struct network *network, const struct network_changes *changes, struct result *result)
{
    result_set_card(result, "changes", "applied in the order remove, merge, liaison, committee");
    result_set_card(
        result, "merger",
        "ties of the parts to the same other add up, those between the parts are dropped; meetings of both parts keep "
        "the weight they had");
    if (*network->spec.choices.liaison)
        result_set_card(result, "liaison", "tied to each of those named with weight %g", network->spec.choices.liaison_weight);
    result_set_card(result, "committee", "each meeting counts under the projection of the specification");
    result_set_card(result, "ranks", "the largest value is 1, equal values share a rank, actors without a value have none");
    result_set_card(result, "reading",
                    "what the measures would be if nobody behaved otherwise: those who lose a contact look for no other");
    if (changes->count == 0)
        result_note(result, "Nothing was changed: say what with remove=, merge=, liaison= or committee=.");
}

enum metrics_status whatif_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    families_end(&ground);
    struct network *changed = NULL;
    struct network_changes changes;
    switch (network_change(input->network, &changed, &changes, error)) {
    case NETWORK_CHANGE_OK:
        break;
    case NETWORK_CHANGE_REFUSED:
        return METRICS_REFUSED;
    case NETWORK_CHANGE_NO_MEMORY:
        return families_out_of_memory(error);
    }
    struct side before = {.network = input->network}, after = {.network = changed};
    size_t pair_count;
    struct comparison_pair *pairs = comparison_actors(input->network, changed, &pair_count);
    enum metrics_status status = METRICS_FAILED;
    if (pairs)
        status = side_compute(&before, input, 0, 480, error);
    else
        families_out_of_memory(error);
    if (status == METRICS_OK)
        status = side_compute(&after, input, 480, 960, error);
    if (status == METRICS_OK) {
        whole_table(&before, &after, result);
        change_table(&changes, result);
        if (!actor_rows(&before, &after, pairs, pair_count, result))
            status = families_out_of_memory(error);
    }
    if (status == METRICS_OK) {
        describe(input->network, &changes, result);
        pass_on(&before, result);
        pass_on(&after, result);
        status = families_finish(result, error);
    }
    free(pairs);
    side_release(&before);
    side_release(&after);
    network_changes_release(&changes);
    network_destroy(changed);
    return status;
}
