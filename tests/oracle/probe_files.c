/* SPDX-License-Identifier: GPL-3.0-or-later
 * Splits lines at commas and puts their fields where they belong.
 */
#include "probe_files.h"

#include "drawn_network.h"
#include "event.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 11

_Noreturn void probe_die(const char *what, const char *name)
{
    fprintf(stderr, "metrics_probe: %s: %s\n", name, what);
    exit(2);
}

/* A file of rows, one after the other. */
struct rows {
    FILE *file;
    char *line, *fields[FIELDS]; /* of the present row; NULL from `count` on */
    size_t size, count;
};

/* False at the end of the file. */
static bool rows_next(struct rows *rows)
{
    ssize_t length = getline(&rows->line, &rows->size, rows->file);
    if (length < 0)
        return false;
    rows->line[strcspn(rows->line, "\r\n")] = 0;
    rows->count = 0;
    for (char *rest = rows->line; rest && rows->count < FIELDS;)
        rows->fields[rows->count++] = strsep(&rest, ",");
    for (size_t f = rows->count; f < FIELDS; f++)
        rows->fields[f] = NULL;
    return true;
}

/* Behind the line of names. */
static struct rows rows_open(const char *name)
{
    struct rows rows = {.file = fopen(name, "r")};
    if (!rows.file)
        probe_die("cannot be read", name);
    rows_next(&rows);
    return rows;
}

static void rows_close(struct rows *rows)
{
    free(rows->line);
    fclose(rows->file);
}

enum kind { EDGES, NODES, NEGATIVE };

static void read_network(struct drawing *drawing, const char *name, enum kind kind, bool unweighted)
{
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    while (rows_next(&rows)) {
        if (kind == NODES)
            drawing_actor(drawing, fields[0], rows.count > 1 && *fields[1] ? fields[1] : NULL);
        else if (rows.count < 2)
            probe_die("a line without two names", name);
        else if (kind == NEGATIVE)
            drawing_negative(drawing, fields[0], fields[1]);
        else if (strcmp(fields[0], fields[1]) != 0)
            drawing_tie(drawing, fields[0], fields[1], rows.count > 2 && !unweighted ? strtod(fields[2], NULL) : 1);
    }
    rows_close(&rows);
}

static int compare_replies(const void *left, const void *right)
{
    const struct reply *a = left, *b = right;
    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return (a->addressee > b->addressee) - (a->addressee < b->addressee);
}

void probe_replies(const struct network *network, const char *name, struct reply_set *set)
{
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    while (rows_next(&rows) && rows.count >= 6) {
        set->replies = realloc(set->replies, (set->count + 1) * sizeof *set->replies);
        if (!set->replies)
            probe_die("out of memory", name);
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
    rows_close(&rows);
}

void probe_need(const struct network *network, const char *name, struct need *need)
{
    static const char *const kinds[] = {
        [NEED_GOAL] = "goal", [NEED_INSTRUMENT] = "instrument", [NEED_TARGET_GROUP] = "target_group"};
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    while (rows_next(&rows) && rows.count > 1) {
        bool added = false;
        for (size_t k = 0; k < NEED_KINDS; k++)
            if (strcmp(fields[0], kinds[k]) == 0)
                added = need_add_item(need, (enum need_kind)k, fields[1], fields[1]);
        if (rows.count > 3 && strcmp(fields[0], "owner") == 0)
            added = need_add_owner(need, (int32_t)strtol(fields[1], NULL, 10), drawn_index(network, fields[2]),
                                   strtod(fields[3], NULL));
        if (rows.count > 3 && strcmp(fields[0], "link") == 0)
            added = need_add_link(need, (int32_t)strtol(fields[1], NULL, 10), (int32_t)strtol(fields[2], NULL, 10),
                                  strtod(fields[3], NULL));
        if (!added)
            probe_die("a line that is no item, owner or link", name);
    }
    rows_close(&rows);
}

void probe_meetings(const struct network *network, const char *name, struct chronicle *chronicle)
{
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    while (rows_next(&rows) && rows.count >= 3) {
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
            probe_die("out of memory", name);
        chronicle->observed_until = fmax(chronicle->observed_until, event.time_day + 1);
    }
    if (!chronicle_order(chronicle))
        probe_die("out of memory", name);
    rows_close(&rows);
}

static double given(const char *field)
{
    return field && *field ? strtod(field, NULL) : NAN;
}

static int16_t code(const char *field)
{
    return (int16_t)(field ? strtol(field, NULL, 10) : 0);
}

static struct chronicle_event event_of(char **fields, struct chronicle *chronicle, const char *name)
{
    static const char *const kinds[] = {
        [EVENT_MEETING] = "meeting", [EVENT_REQUEST] = "request", [EVENT_LETTER] = "letter", [EVENT_OBJECTION] = "objection"};
    struct chronicle_event event = {.id = strtoull(fields[1], NULL, 10),
                                    .time_day = given(fields[3]),
                                    .end_day = given(fields[4]),
                                    .day = (int32_t)floor(given(fields[3])),
                                    .case_file = *fields[5] ? (int32_t)chronicle_case_of(chronicle, fields[5]) : -1,
                                    .layer = code(fields[6]),
                                    .stage = code(fields[7]),
                                    .level = code(fields[8]),
                                    .resolved_level = code(fields[9]),
                                    .weight = 1};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strcmp(kinds[k], fields[2]) == 0) {
            event.kind = (uint8_t)k;
            return event;
        }
    probe_die("an event of no known kind", name);
    return event;
}

void probe_chronicle(const struct network *network, const char *name, struct chronicle *chronicle, struct duty_rules *rules)
{
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    uint8_t kind = 0;
    while (rows_next(&rows) && rows.count > 1) {
        size_t added = SIZE_MAX;
        if (strcmp(fields[0], "case") == 0 && rows.count > 4) {
            added = chronicle_case_of(chronicle, fields[1]);
            if (added == SIZE_MAX)
                probe_die("out of memory", name);
            chronicle->cases[added].owner = drawn_index(network, fields[2]);
            chronicle->cases[added].started_day = given(fields[3]);
            chronicle->cases[added].decided_day = given(fields[4]);
            chronicle->cases[added].effects = (uint32_t)(fields[5] ? strtoul(fields[5], NULL, 10) : 0);
        } else if (strcmp(fields[0], "rule") == 0 && rows.count > 9) {
            struct duty_rule rule = {.name = fields[1],
                                     .addressee = fields[2],
                                     .source = fields[1],
                                     .effect = (uint32_t)strtoul(fields[3], NULL, 10),
                                     .actor = drawn_index(network, fields[2]),
                                     .from_day = code(fields[4]),
                                     .to_day = code(fields[5]),
                                     .stage = code(fields[6]),
                                     .by_stage = code(fields[7]),
                                     .minimum_days = given(fields[8]),
                                     .copy_enough = code(fields[9]) & 1,
                                     .when_decided = code(fields[9]) & 2};
            added = duty_rules_add(rules, &rule) ? 0 : SIZE_MAX;
        } else if (strcmp(fields[0], "event") == 0 && rows.count > 9) {
            struct chronicle_event event = event_of(fields, chronicle, name);
            kind = event.kind;
            added = chronicle_add_event(chronicle, &event);
        } else if (strcmp(fields[0], "part") == 0 && rows.count > 8) {
            struct chronicle_part part = {.actor = drawn_index(network, fields[1]),
                                          .label = (int32_t)chronicle->part_count, /* each row a name of its own */
                                          .role = code(fields[2]),
                                          .side = (uint8_t)event_side(kind, code(fields[2])),
                                          .received_day = given(fields[3]),
                                          .deadline_day = given(fields[4]),
                                          .replied_day = given(fields[5]),
                                          .reply_status = code(fields[6]),
                                          .outcome = code(fields[7]),
                                          .deadline_agreed = code(fields[8]) > 0};
            added = chronicle_add_part(chronicle, &part);
        } else if (strcmp(fields[0], "reporter") == 0) {
            added = chronicle_add_reporter(chronicle, drawn_index(network, fields[1]));
        }
        if (added == SIZE_MAX)
            probe_die("a line that is no case, rule, event, part or reporter", name);
    }
    if (!chronicle_order(chronicle))
        probe_die("out of memory", name);
    rows_close(&rows);
}

/* Those whose row of NODES says that they have not reported. */
static void hush(struct network *network, const char *name)
{
    struct rows rows = rows_open(name);
    char **fields = rows.fields;
    while (rows_next(&rows))
        if (fields[2] && strcmp(fields[2], "silent") == 0)
            network->actors[drawn_index(network, fields[0])].reported = false;
    rows_close(&rows);
}

struct network *probe_network(const char *nodes, const char *edges, const char *negative, bool directed, bool unweighted)
{
    struct drawing *drawing = drawing_create(directed);
    if (nodes)
        read_network(drawing, nodes, NODES, false);
    read_network(drawing, edges, EDGES, unweighted);
    if (negative)
        read_network(drawing, negative, NEGATIVE, false);
    struct network *network = drawing_finish(drawing);
    if (nodes)
        hush(network, nodes);
    return network;
}
