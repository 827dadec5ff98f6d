/* SPDX-License-Identifier: GPL-3.0-or-later
 * Computes families on networks given as CSV and prints result objects as JSON, for comparison with other software.
 *
 *   metrics_probe families     names of those that read no wave of a survey, a line each
 *   metrics_probe serve        reads what follows from its input, a line each with tabs between, and answers each with a line
 *   metrics_probe FAMILY EDGES.csv [--directed] [--unweighted] [--distance inverse|unit|complement|log] [--seed N] [--options
 * TEXT]
 *                 [--nodes NODES.csv] [--negative EDGES.csv] [--replies REPLIES.csv --until DAY] [--need NEED.csv] [--complete]
 *                 [--meetings MEETINGS.csv | --chronicle CHRONICLE.csv] [--earlier EDGES.csv] [--from DAY] [--to DAY]
 *
 * EDGES: source,target[,weight] with a header line. NODES: id[,sector[,silent]], silent = has not reported. REPLIES:
 * request,addressee,received,deadline,end,state[,case[,stage[,layer]]] where state is answered, pending or competing, an empty
 * deadline is none and a missing case is the request's own. NEED: goal|instrument|target_group,key; owner,item,actor,share;
 * link,instrument,aim,weight, where items count from 0 in their order. --complete: an absent tie is "no". MEETINGS:
 * meeting,time,actor[,end] in days, a row for each actor present, those of a meeting together; an actor that is no node waits,
 * an empty end is none. CHRONICLE: case,ref,owner,started,decided[,effects];
 * rule,name,addressee,effect,from,to,stage,by_stage,minimum,how (bit 1: a copy is enough, 2: due when decided);
 * event,id,kind,time,end,case,layer,stage,level,resolved, where kind is meeting, request, letter or objection;
 * part,actor,role,received,deadline,replied,status,outcome,agreed and reporter,actor of the event above them, with the numbers
 * of event.h and the wire; what is empty is not given. --earlier: the ties of the earlier period, among the same NODES. No
 * quoting.
 */
#include "metrics.h"
#include "probe_files.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 64 };

static json_t *table_json(const struct table *table)
{
    json_t *columns = json_object();
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        json_t *values = json_array();
        for (size_t r = 0; r < table->row_count; r++) {
            if (column->is_text)
                json_array_append_new(values, column->texts[r] ? json_string(column->texts[r]) : json_null());
            else if (isinf(column->numbers[r]))
                json_array_append_new(values, json_string("infinite")); /* none is promised, so a comparison must fail on it */
            else
                json_array_append_new(values, isnan(column->numbers[r]) ? json_null() : json_real(column->numbers[r]));
        }
        json_object_set_new(columns, column->name, values);
    }
    return columns;
}

static json_t *result_json(const struct result *result)
{
    json_t *tables = json_object(), *card = json_object(), *notes = json_array();
    for (size_t t = 0; t < result->table_count; t++)
        json_object_set_new(tables, result->tables[t].name, table_json(&result->tables[t]));
    for (size_t e = 0; e < result->card.entry_count; e++)
        json_object_set_new(card, result->card.entries[e].key, json_string(result->card.entries[e].value));
    for (size_t n = 0; n < result->card.note_count; n++)
        json_array_append_new(notes, json_string(result->card.notes[n]));
    return json_pack("{s:o,s:o,s:o}", "tables", tables, "card", card, "notes", notes);
}

static enum spec_distance distance_of(const char *name)
{
    static const char *const names[] = {
        [DISTANCE_INVERSE] = "inverse", [DISTANCE_UNIT] = "unit", [DISTANCE_COMPLEMENT] = "complement", [DISTANCE_LOG] = "log"};
    for (size_t d = 0; d < sizeof names / sizeof names[0]; d++)
        if (strcmp(names[d], name) == 0)
            return (enum spec_distance)d;
    probe_die("unknown distance", name);
    return DISTANCE_UNIT;
}

static void list_families(void)
{
    size_t count;
    const struct metrics_family *families = metrics_families(&count);
    for (size_t f = 0; f < count; f++)
        if (!(families[f].needs & METRICS_NEED_WAVE)) /* waves are tested where there are some: tests/integration */
            puts(families[f].name);
}

/* The family argv[1] on the files that follow; its result goes out as one line. */
static bool compute(int argc, char **argv)
{
    if (argc < 3)
        probe_die("needs a family and a file of edges", "usage");
    const struct metrics_family *family = metrics_family(argv[1]);
    if (!family)
        probe_die("unknown family", argv[1]);
    bool directed = false, unweighted = false, complete = false;
    const char *nodes = NULL, *negative = NULL, *replies = NULL, *options = NULL, *needs = NULL, *meetings = NULL;
    const char *interactions = NULL, *before = NULL;
    enum spec_distance distance = DISTANCE_INVERSE;
    uint64_t seed = 0;
    double until = 0, from_day = 0, to_day = 365;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--directed") == 0)
            directed = true;
        else if (strcmp(argv[i], "--unweighted") == 0)
            unweighted = true;
        else if (strcmp(argv[i], "--complete") == 0)
            complete = true;
        else if (i + 1 >= argc)
            probe_die("unknown, or without its value", argv[i]);
        else if (strcmp(argv[i], "--distance") == 0)
            distance = distance_of(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--options") == 0)
            options = argv[++i];
        else if (strcmp(argv[i], "--nodes") == 0)
            nodes = argv[++i];
        else if (strcmp(argv[i], "--negative") == 0)
            negative = argv[++i];
        else if (strcmp(argv[i], "--replies") == 0)
            replies = argv[++i];
        else if (strcmp(argv[i], "--need") == 0)
            needs = argv[++i];
        else if (strcmp(argv[i], "--meetings") == 0)
            meetings = argv[++i];
        else if (strcmp(argv[i], "--chronicle") == 0)
            interactions = argv[++i];
        else if (strcmp(argv[i], "--earlier") == 0)
            before = argv[++i];
        else if (strcmp(argv[i], "--from") == 0)
            from_day = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--to") == 0)
            to_day = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--until") == 0)
            until = strtod(argv[++i], NULL);
        else
            probe_die("unknown option", argv[i]);
    }
    struct network *network = probe_network(nodes, argv[2], negative, directed, unweighted);
    struct network *earlier = before ? probe_network(nodes, before, NULL, directed, unweighted) : NULL;
    network->spec.from_day = (int32_t)from_day;
    network->spec.to_day = (int32_t)to_day;
    network->spec.distance = distance;
    network->spec.seed = seed;
    network->complete = complete;
    struct reply_set set = {.observed_until = until};
    struct need need = {.item_count = 0};
    if (needs)
        probe_need(network, needs, &need);
    if (replies)
        probe_replies(network, replies, &set);
    struct chronicle chronicle = {.observed_until = until};
    struct duty_rules rules = {.count = 0};
    if (meetings)
        probe_meetings(network, meetings, &chronicle);
    if (interactions)
        probe_chronicle(network, interactions, &chronicle, &rules);

    char error[400];
    if (!choices_parse(options, &network->spec.choices, error))
        probe_die(error, "options");
    struct metrics_input input = {
        .network = network, .replies = &set, .need = &need, .chronicle = &chronicle, .rules = &rules, .earlier = earlier};
    struct result *result = result_create(family->name);
    enum metrics_status status = family->compute(&input, result, error);
    if (status != METRICS_OK) {
        fprintf(stderr, "metrics_probe: %s\n", error);
    } else {
        json_t *json = result_json(result);
        json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
        putchar('\n');
        fflush(stdout);
        json_decref(json);
    }
    result_destroy(result);
    network_destroy(network);
    network_destroy(earlier);
    free(set.replies);
    need_release(&need);
    chronicle_release(&chronicle);
    duty_rules_release(&rules);
    return status == METRICS_OK;
}

/* One process for all networks of a test: starting one takes longer than most computations. */
static bool serve(char *program)
{
    bool good = true;
    char *line = NULL;
    size_t capacity = 0;
    while (good && getline(&line, &capacity, stdin) > 0) {
        char *words[WORDS_MAX] = {program};
        int count = 1;
        line[strcspn(line, "\n")] = '\0';
        for (char *rest = line, *word; (word = strsep(&rest, "\t"));) {
            if (count == WORDS_MAX)
                probe_die("too many words", line);
            words[count++] = word;
        }
        good = compute(count, words);
    }
    free(line);
    return good;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "families") == 0) {
        list_families();
        return 0;
    }
    bool good = argc == 2 && strcmp(argv[1], "serve") == 0 ? serve(argv[0]) : compute(argc, argv);
    return good ? 0 : 1;
}
