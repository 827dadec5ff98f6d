/* SPDX-License-Identifier: GPL-3.0-or-later
 * Computes one family on a network given as CSV and prints the result object as JSON, for comparison with other software.
 *
 *   metrics_probe FAMILY EDGES.csv [--directed] [--unweighted] [--distance inverse|unit|complement|log] [--seed N] [--options
 * TEXT]
 *                 [--nodes NODES.csv] [--negative EDGES.csv] [--replies REPLIES.csv --until DAY] [--need NEED.csv] [--complete]
 *                 [--meetings MEETINGS.csv]
 *
 * EDGES: source,target[,weight] with a header line. NODES: id[,sector]. REPLIES:
 * request,addressee,received,deadline,end,state[,case[,stage[,layer]]] where state is answered, pending or competing, an empty
 * deadline is none and a missing case is the request's own. NEED: goal|instrument|target_group,key; owner,item,actor,share;
 * link,instrument,aim,weight, where items count from 0 in their order. --complete: an absent tie is "no". MEETINGS:
 * meeting,time,actor[,end] in days, a row for each actor present, those of a meeting together; an actor that is no node waits,
 * an empty end is none. No quoting.
 */
#include "drawn_network.h"
#include "event.h"
#include "metrics.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 9

static void die(const char *what, const char *name)
{
    fprintf(stderr, "metrics_probe: %s: %s\n", name, what);
    exit(2);
}

/* Splits the next line into fields; 0 at the end of the file. */
static size_t read_row(FILE *file, char **line, size_t *size, char **fields)
{
    ssize_t length = getline(line, size, file);
    if (length < 0)
        return 0;
    (*line)[strcspn(*line, "\r\n")] = 0;
    size_t count = 0;
    for (char *rest = *line; rest && count < FIELDS;)
        fields[count++] = strsep(&rest, ",");
    for (size_t f = count; f < FIELDS; f++)
        fields[f] = NULL;
    return count;
}

enum kind { EDGES, NODES, NEGATIVE };

static void read_network(struct drawing *drawing, const char *name, enum kind kind, bool unweighted)
{
    FILE *file = fopen(name, "r");
    if (!file)
        die("cannot be read", name);
    char *line = NULL, *fields[FIELDS];
    size_t size = 0;
    read_row(file, &line, &size, fields);
    for (size_t count; (count = read_row(file, &line, &size, fields)) > 0;) {
        if (kind == NODES)
            drawing_actor(drawing, fields[0], count > 1 && *fields[1] ? fields[1] : NULL);
        else if (count < 2)
            die("a line without two names", name);
        else if (kind == NEGATIVE)
            drawing_negative(drawing, fields[0], fields[1]);
        else if (strcmp(fields[0], fields[1]) != 0)
            drawing_tie(drawing, fields[0], fields[1], count > 2 && !unweighted ? strtod(fields[2], NULL) : 1);
    }
    free(line);
    fclose(file);
}

static int compare_replies(const void *left, const void *right)
{
    const struct reply *a = left, *b = right;
    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return (a->addressee > b->addressee) - (a->addressee < b->addressee);
}

static void read_replies(const struct network *network, const char *name, struct reply_set *set)
{
    FILE *file = fopen(name, "r");
    if (!file)
        die("cannot be read", name);
    char *line = NULL, *fields[FIELDS];
    size_t size = 0;
    read_row(file, &line, &size, fields);
    while (read_row(file, &line, &size, fields) >= 6) {
        set->replies = realloc(set->replies, (set->count + 1) * sizeof *set->replies);
        if (!set->replies)
            die("out of memory", name);
        set->replies[set->count++] = (struct reply){
            .request = strtoull(fields[0], NULL, 10),
            .cluster = strtoull(fields[6] ? fields[6] : fields[0], NULL, 10),
            .stage = fields[7] ? (int32_t)strtol(fields[7], NULL, 10) : 0,
            .layer = fields[8] ? (int32_t)strtol(fields[8], NULL, 10) : 0,
            .sender = -1,
            .addressee = drawn_index(network, fields[1]),
            .sent_day = strtod(fields[2], NULL),
            .received_day = strtod(fields[2], NULL),
            .deadline_day = *fields[3] ? strtod(fields[3], NULL) : NAN,
            .end_day = strtod(fields[4], NULL),
            .end = strcmp(fields[5], "answered") == 0  ? REPLY_END_ANSWERED
                   : strcmp(fields[5], "pending") == 0 ? REPLY_END_PENDING
                                                       : REPLY_END_COMPETING,
        };
    }
    if (set->count > 1)
        qsort(set->replies, set->count, sizeof *set->replies, compare_replies);
    free(line);
    fclose(file);
}

static void read_need(const struct network *network, const char *name, struct need *need)
{
    static const char *const kinds[] = {
        [NEED_GOAL] = "goal", [NEED_INSTRUMENT] = "instrument", [NEED_TARGET_GROUP] = "target_group"};
    FILE *file = fopen(name, "r");
    if (!file)
        die("cannot be read", name);
    char *line = NULL, *fields[FIELDS];
    size_t size = 0;
    read_row(file, &line, &size, fields);
    for (size_t count; (count = read_row(file, &line, &size, fields)) > 1;) {
        bool added = false;
        for (size_t k = 0; k < NEED_KINDS; k++)
            if (strcmp(fields[0], kinds[k]) == 0)
                added = need_add_item(need, (enum need_kind)k, fields[1], fields[1]);
        if (count > 3 && strcmp(fields[0], "owner") == 0)
            added = need_add_owner(need, (int32_t)strtol(fields[1], NULL, 10), drawn_index(network, fields[2]),
                                   strtod(fields[3], NULL));
        if (count > 3 && strcmp(fields[0], "link") == 0)
            added = need_add_link(need, (int32_t)strtol(fields[1], NULL, 10), (int32_t)strtol(fields[2], NULL, 10),
                                  strtod(fields[3], NULL));
        if (!added)
            die("a line that is no item, owner or link", name);
    }
    free(line);
    fclose(file);
}

static void read_meetings(const struct network *network, const char *name, struct chronicle *chronicle)
{
    FILE *file = fopen(name, "r");
    if (!file)
        die("cannot be read", name);
    char *line = NULL, *fields[FIELDS];
    size_t size = 0;
    read_row(file, &line, &size, fields);
    while (read_row(file, &line, &size, fields) >= 3) {
        struct chronicle_event event = {
            .id = strtoull(fields[0], NULL, 10),
            .time_day = strtod(fields[1], NULL),
            .end_day = fields[3] && *fields[3] ? strtod(fields[3], NULL) : NAN,
            .day = (int32_t)floor(strtod(fields[1], NULL)),
            .case_file = -1,
            .kind = EVENT_MEETING,
            .weight = 1,
        };
        bool same = chronicle->event_count > 0 && chronicle->events[chronicle->event_count - 1].id == event.id;
        struct chronicle_part part = {
            .actor = drawn_index(network, fields[2]),
            .label = (int32_t)chronicle->part_count, /* each row a name of its own */
            .role = ROLE_PARTICIPANT,
            .side = SIDE_PRESENT,
            .received_day = NAN,
            .deadline_day = NAN,
            .replied_day = NAN,
        };
        if ((!same && chronicle_add_event(chronicle, &event) == SIZE_MAX) || chronicle_add_part(chronicle, &part) == SIZE_MAX)
            die("out of memory", name);
        chronicle->observed_until = fmax(chronicle->observed_until, event.time_day + 1);
    }
    if (!chronicle_order(chronicle))
        die("out of memory", name);
    free(line);
    fclose(file);
}

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
    die("unknown distance", name);
    return DISTANCE_UNIT;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("needs a family and a file of edges", "usage");
    const struct metrics_family *family = metrics_family(argv[1]);
    if (!family)
        die("unknown family", argv[1]);
    bool directed = false, unweighted = false, complete = false;
    const char *nodes = NULL, *negative = NULL, *replies = NULL, *options = NULL, *needs = NULL, *meetings = NULL;
    enum spec_distance distance = DISTANCE_INVERSE;
    uint64_t seed = 0;
    double until = 0;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--directed") == 0)
            directed = true;
        else if (strcmp(argv[i], "--unweighted") == 0)
            unweighted = true;
        else if (strcmp(argv[i], "--complete") == 0)
            complete = true;
        else if (i + 1 >= argc)
            die("unknown, or without its value", argv[i]);
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
        else if (strcmp(argv[i], "--until") == 0)
            until = strtod(argv[++i], NULL);
        else
            die("unknown option", argv[i]);
    }
    struct drawing *drawing = drawing_create(directed);
    if (nodes)
        read_network(drawing, nodes, NODES, false);
    read_network(drawing, argv[2], EDGES, unweighted);
    if (negative)
        read_network(drawing, negative, NEGATIVE, false);
    struct network *network = drawing_finish(drawing);
    network->spec.distance = distance;
    network->spec.seed = seed;
    network->complete = complete;
    struct reply_set set = {.observed_until = until};
    struct need need = {.item_count = 0};
    if (needs)
        read_need(network, needs, &need);
    if (replies)
        read_replies(network, replies, &set);
    struct chronicle chronicle = {.observed_until = until};
    if (meetings)
        read_meetings(network, meetings, &chronicle);

    char error[400];
    if (!choices_parse(options, &network->spec.choices, error))
        die(error, "options");
    struct metrics_input input = {.network = network, .replies = &set, .need = &need, .chronicle = &chronicle};
    struct result *result = result_create(family->name);
    enum metrics_status status = family->compute(&input, result, error);
    if (status != METRICS_OK) {
        fprintf(stderr, "metrics_probe: %s\n", error);
    } else {
        json_t *json = result_json(result);
        json_dumpf(json, stdout, JSON_REAL_PRECISION(17));
        json_decref(json);
    }
    result_destroy(result);
    network_destroy(network);
    free(set.replies);
    need_release(&need);
    chronicle_release(&chronicle);
    return status == METRICS_OK ? 0 : 1;
}
