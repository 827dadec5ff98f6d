/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a simulated year to reports, a register and a network of them (see planted_year.h).
 */
#include "planted_year.h"

#include "chronicle_gather.h"
#include "civil_time.h"
#include "day_builder.h"
#include "draw.h"
#include "merge.h"
#include "public_bodies.h"
#include "purpose.h"
#include "reply_gather.h"
#include "vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_US   INT64_C(60000000)
#define DEAL_STREAM (UINT64_C(3) << 40) /* of draws: above those of the simulation */
#define FIELDS      9                   /* of a row of needs */

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "study: %s failed\n", what);
    exit(2);
}

/* ------------------------------------------------------------------------------------------------------- the register */
/* Ids of actors and organisations; labels are the bodies' own numbers. */
static int32_t actor_of(unsigned body)
{
    return (int32_t)body + 1;
}

static void deal(const char **sectors, const unsigned *bodies, unsigned count, uint64_t seed)
{
    struct draw draw;
    draw_init(&draw, seed, DEAL_STREAM);
    for (unsigned left = count; left > 1; left--) {
        unsigned chosen = draw_below(&draw, left);
        const char *sector = sectors[bodies[chosen]];
        sectors[bodies[chosen]] = sectors[bodies[left - 1]];
        sectors[bodies[left - 1]] = sector;
    }
}

static struct structure *structure_of(const struct simulate_plan *plan, enum planted_sectors dealing)
{
    const char *sectors[PUBLIC_BODIES_MAX] = {NULL};
    unsigned bodies[PUBLIC_BODIES_MAX], count = 0;
    for (unsigned i = 0; i < public_body_count; i++) {
        if (!public_body_exists(i, plan->year))
            continue;
        sectors[i] = public_body_sector(i, plan->year);
        bodies[count++] = i;
    }
    if (dealing == SECTORS_DEALT)
        deal(sectors, bodies, count, plan->seed);
    struct structure *structure = structure_create();
    must(structure, "the register");
    for (unsigned b = 0; b < count; b++) {
        const struct public_body *body = &public_bodies[bodies[b]];
        int32_t actor = actor_of(bodies[b]);
        bool ministry = public_body_is_ministry(bodies[b]);
        structure_add_actor(structure, actor, body->orgnr, ministry ? "ministry" : "agency");
        structure_add_name(structure, actor, DAY_ALWAYS, DAY_NEVER, body->name_nb,
                           body->abbreviation[0] ? body->abbreviation : NULL, body->orgnr);
        structure_add_sector(structure, actor, DAY_ALWAYS, DAY_NEVER, sectors[bodies[b]]);
        structure_add_label(structure, (int32_t)bodies[b], actor, DAY_ALWAYS, DAY_NEVER);
        if (ministry)
            structure_add_reporter(structure, actor, body->orgnr);
        else
            structure_add_parent(structure, actor, actor_of(public_body_ministry(bodies[b], plan->year)), DAY_ALWAYS,
                                 DAY_NEVER);
    }
    must(structure_prepare(structure), "the register");
    return structure;
}

/* --------------------------------------------------------------------------------------------------------- the reports */
static int64_t time_of(int64_t minute)
{
    return civil_day_start_us((int32_t)(minute / DAY_MINUTES)) + minute % DAY_MINUTES * MINUTE_US;
}

static void *room(struct event_list *list, size_t count, size_t size)
{
    void *memory = event_list_alloc(list, count * size + 1);
    must(memory, "memory");
    return memory;
}

/* Who took part, and how; arrays that both reports of one interaction share. */
static void put_participations(struct event_list *list, const struct year *year, const struct year_interaction *interaction,
                               struct event *event)
{
    uint32_t count = event->count = interaction->count;
    event->labels = room(list, count, sizeof *event->labels);
    event->roles = room(list, count, sizeof *event->roles);
    event->received = room(list, count, sizeof *event->received);
    event->deadline = room(list, count, sizeof *event->deadline);
    event->replied = room(list, count, sizeof *event->replied);
    event->reply_status = room(list, count, sizeof *event->reply_status);
    event->outcome = room(list, count, sizeof *event->outcome);
    event->deadline_agreed = room(list, count, sizeof *event->deadline_agreed);
    for (uint32_t i = 0; i < count; i++) {
        const struct year_participation *one = &year->participations[interaction->first + i];
        event->labels[i] = one->body;
        event->roles[i] = one->role;
        event->received[i] = one->received < 0 ? EVENT_NO_TIME : event->time_us + one->received * MINUTE_US;
        event->deadline[i] = one->deadline_day ? time_of((int64_t)(one->deadline_day + 1) * DAY_MINUTES - 1) : EVENT_NO_TIME;
        event->replied[i] = one->replied < 0 ? EVENT_NO_TIME : event->time_us + one->replied * MINUTE_US;
        event->reply_status[i] = one->reply_status;
        event->outcome[i] = one->outcome;
        event->deadline_agreed[i] = one->deadline_agreed;
    }
}

static void put_id(int64_t time_us, uint32_t serial, uint8_t ret_id[16])
{
    memset(ret_id, 0, 16);
    for (int i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(time_us / 1000 >> (40 - 8 * i));
    ret_id[6] = 0x80; /* derived: two reporters make the same */
    ret_id[8] = 0x80;
    for (int i = 0; i < 4; i++)
        ret_id[12 + i] = (uint8_t)(serial >> (24 - 8 * i));
}

static void put_reports(struct planted_year *planted, const struct year_interaction *interaction)
{
    const struct year *year = planted->year;
    struct event_list *list = &planted->reports;
    const char *name = happening_layer((enum happening)interaction->happening);
    const struct vocabulary_term *layer = vocabulary_by_name(VOCABULARY_LAYER, name, strlen(name));
    must(layer, "the layer of an interaction");
    struct event event = {.time_us = time_of(interaction->minute),
                          .end_us = EVENT_NO_TIME,
                          .day = (int32_t)(interaction->minute / DAY_MINUTES),
                          .recorded_us = civil_day_start_us(year->end_day),
                          .reporter = actor_of(interaction->reporter),
                          .revision = -1,
                          .layer = (int16_t)layer->code,
                          .kind = (uint8_t)vocabulary_layer_kind(layer->code),
                          .stage = interaction->stage,
                          .level = interaction->level,
                          .resolved_level = interaction->resolved_level,
                          .report = EVENT_FIRST};
    if (interaction->duration_minutes)
        event.end_us = event.time_us + interaction->duration_minutes * MINUTE_US;
    put_id(event.time_us, interaction->serial, event.id);
    if (interaction->case_number) {
        char *ref = room(list, 16, 1);
        snprintf(ref, 16, "%u", (unsigned)interaction->case_number);
        event.case_ref = ref;
    }
    put_participations(list, year, interaction, &event);
    for (int told = 0; told < 1 + (interaction->witness != PUBLIC_BODY_NONE); told++) {
        struct event *report = event_list_add(list);
        must(report, "memory");
        *report = event;
        if (told) {
            report->report = EVENT_WITNESS;
            report->reporter = actor_of(interaction->witness);
            report->revision = 0;
        }
    }
}

void planted_year_init(struct planted_year *ret_planted, const struct simulate_plan *plan, enum planted_sectors sectors)
{
    struct errmsg error;
    *ret_planted = (struct planted_year){0};
    must(simulate_plan_check(plan, &error) == STATUS_OK, "the plan");
    must(year_create(plan, &ret_planted->year, &error) == STATUS_OK, "the year");
    ret_planted->structure = structure_of(plan, sectors);
    event_list_init(&ret_planted->reports);
    for (size_t i = 0; i < ret_planted->year->interaction_count; i++)
        put_reports(ret_planted, &ret_planted->year->interactions[i]);
    size_t size;
    FILE *file = open_memstream(&ret_planted->need_rows, &size);
    must(file && purpose_write_need(file, ret_planted->year) && fclose(file) == 0, "the file of needs");
    const struct vocabulary_term *terms = vocabulary_terms(VOCABULARY_LAYER);
    ret_planted->layer_count = vocabulary_size(VOCABULARY_LAYER);
    must(ret_planted->layer_count <= PLANTED_LAYERS_MAX, "the table of layers");
    for (size_t i = 0; i < ret_planted->layer_count; i++)
        ret_planted->layers[i] = (struct metrics_layer){(int16_t)terms[i].code, terms[i].name};
}

void planted_year_release(struct planted_year *planted)
{
    event_list_release(&planted->reports);
    structure_destroy(planted->structure);
    year_destroy(planted->year);
    free(planted->need_rows);
}

/* ----------------------------------------------------------------------------------------------------------- the needs */
static int32_t item_of(const struct need *need, const char *key)
{
    for (size_t i = 0; i < need->item_count; i++)
        if (strcmp(need->items[i].key, key) == 0)
            return (int32_t)i;
    must(false, "an aim that no row names before");
    return -1;
}

static void put_links(struct need *need, int32_t instrument, char *list)
{
    for (char *one = strsep(&list, ";"); one && *one; one = strsep(&list, ";")) {
        char *weight = strchr(one, '=');
        if (weight)
            *weight++ = '\0';
        must(need_add_link(need, instrument, item_of(need, one), weight ? strtod(weight, NULL) : 1), "a link");
    }
}

/* The rows of the file, in which aims stand before the instruments that serve them and nothing is quoted. */
static void read_need(const struct planted_year *planted, const struct network *network, struct need *need)
{
    static const char *const kinds[] = {
        [NEED_GOAL] = "goal", [NEED_INSTRUMENT] = "instrument", [NEED_TARGET_GROUP] = "target_group"};
    char *text = strdup(planted->need_rows), *rest = text;
    must(text, "memory");
    strsep(&rest, "\n"); /* the header */
    for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n")) {
        char *fields[FIELDS];
        for (int f = 0; f < FIELDS; f++)
            must((fields[f] = strsep(&line, ",")) != NULL, "a row of needs");
        bool added = false;
        for (size_t k = 0; k < NEED_KINDS; k++)
            if (strcmp(fields[0], kinds[k]) == 0)
                added = need_add_item(need, (enum need_kind)k, fields[1], fields[2]);
        must(added, "an item");
        int32_t item = (int32_t)need->item_count - 1;
        for (size_t a = 0; a < network->actor_count && *fields[3]; a++)
            if (strcmp(network->actors[a].key, fields[3]) == 0)
                must(need_add_owner(need, item, (int32_t)a, 1), "an owner");
        put_links(need, item, fields[4]);
        put_links(need, item, fields[5]);
    }
    free(text);
}

/* --------------------------------------------------------------------------------------------------------- the network */
struct reading {
    const struct planted_year *planted;
    struct merge *merge;
    int16_t layer; /* 0 = all */
    int32_t from_day, to_day;
};

static bool wanted(void *arg, const struct event *event)
{
    const struct reading *reading = arg;
    return !reading->layer || reading->layer == event->layer;
}

static bool take_block(void *arg, const struct day_builder_block *block)
{
    struct reading *reading = arg;
    char error[400];
    return merge_add(reading->merge, block->bytes, block->size, error) == MERGE_OK;
}

static bool take_nothing(void *arg, const struct day_builder_block *block)
{
    (void)arg;
    (void)block;
    return true;
}

/* Day by day; into the merge when there is no chronicle. */
static void read_days(struct reading *reading, struct day_builder *builder, struct reply_gather *gather,
                      struct chronicle *chronicle)
{
    const struct event_list *reports = &reading->planted->reports;
    struct day_builder_options options = {
        .tie = TIE_UNION, .wanted = wanted, .built = chronicle ? take_nothing : take_block, .arg = reading};
    for (size_t first = 0, next; first < reports->count; first = next) {
        int32_t day = reports->events[first].day;
        for (next = first + 1; next < reports->count && reports->events[next].day == day; next++)
            ;
        if (day < reading->from_day || day >= reading->to_day)
            continue;
        struct event_list slice = {.events = reports->events + first, .count = next - first};
        must(day_builder_run(builder, day, &slice, &options), "a day");
        const struct event_list *interactions = day_builder_interactions(builder);
        for (size_t i = 0; chronicle && i < interactions->count; i++) {
            const struct event *event = &interactions->events[i];
            if (wanted(reading, event))
                must(reply_gather_add(gather, reading->merge, event) && chronicle_gather_add(chronicle, reading->merge, event),
                     "an interaction");
        }
        for (size_t i = first; !chronicle && i < next; i++)
            must(merge_add_reporter(reading->merge, reports->events[i].reporter), "a reporter");
    }
}

void planted_view_init(struct planted_view *ret_view, const struct planted_year *planted, enum planted_period period)
{
    static const char meetings[] = "meeting";
    const struct year *year = planted->year;
    *ret_view = (struct planted_view){0};
    bool month = period == PERIOD_MONTH_MEETINGS;
    struct reading reading = {.planted = planted,
                              .from_day = month ? civil_to_day(year->plan.year, 3, 1) : year->first_day,
                              .to_day = month ? civil_to_day(year->plan.year, 4, 1) : year->end_day};
    if (period != PERIOD_YEAR)
        reading.layer = (int16_t)vocabulary_by_name(VOCABULARY_LAYER, meetings, strlen(meetings))->code;
    char text[256], from[16], to[16], error[400];
    civil_day_format(reading.from_day, from);
    civil_day_format(reading.to_day, to);
    snprintf(text, sizeof text, "from=%s to=%s layer=%s seed=%llu", from, to, reading.layer ? meetings : "all",
             (unsigned long long)year->plan.seed);
    struct spec spec;
    must(spec_parse(text, &spec, error), "the specification");
    reading.merge = merge_create(&spec, planted->structure);
    struct day_builder *builder = day_builder_create();
    must(reading.merge && builder, "memory");
    read_days(&reading, builder, NULL, NULL);
    ret_view->network = merge_finish(reading.merge);
    must(ret_view->network, "the network");
    must(period != PERIOD_YEAR || ret_view->network->interactions == (double)year->interaction_count,
         "uniting what two ministries tell of");
    struct reply_gather gather;
    reply_gather_init(&gather);
    read_days(&reading, builder, &gather, &ret_view->chronicle);
    int64_t recorded_us = civil_day_start_us(year->end_day);
    must(reply_gather_finish(&gather, spec.to_day, recorded_us, &ret_view->replies), "the replies");
    must(chronicle_gather_finish(&ret_view->chronicle, spec.to_day, recorded_us), "the chronicle");
    read_need(planted, ret_view->network, &ret_view->need);
    day_builder_destroy(builder);
    merge_destroy(reading.merge);
}

void planted_view_release(struct planted_view *view)
{
    network_destroy(view->network);
    reply_set_release(&view->replies);
    chronicle_release(&view->chronicle);
    need_release(&view->need);
}

struct result *planted_result(const struct planted_year *planted, const struct planted_view *view, const char *family,
                              const char *choices)
{
    const struct metrics_family *found = metrics_family(family);
    must(found, family);
    char error[400] = "";
    struct network chosen = *view->network; /* borrows everything but the choices */
    must(choices_parse(choices, &chosen.spec.choices, error), choices);
    struct metrics_input input = {.network = &chosen,
                                  .replies = &view->replies,
                                  .chronicle = &view->chronicle,
                                  .need = &view->need,
                                  .layers = planted->layers,
                                  .layer_count = planted->layer_count,
                                  .threads = 1};
    struct result *result = result_create(family);
    must(result && found->compute(&input, result, error) == METRICS_OK, error[0] ? error : family);
    return result;
}
