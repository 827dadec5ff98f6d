/* SPDX-License-Identifier: GPL-3.0-or-later
 * COPY out, decode, order by day.
 */
#include "report_reader.h"

#include "civil_time.h"
#include "sql_marks.h"
#include "sql_text.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_MAX      366     /* days */
#define REPORTS_MAX   1000000 /* in a span of more than one day */
#define REPORTS_FEW   50000   /* fewer: read twice as many days next time */
#define EPOCH_2000_US INT64_C(946684800000000)
#define FIELDS        22

void report_reader_init(struct report_reader *reader, struct database *database, const struct layers *layers)
{
    *reader = (struct report_reader){.database = database, .layers = layers, .limit = REPORTS_MAX, .span = 8};
    event_list_init(&reader->reports);
}

void report_reader_release(struct report_reader *reader)
{
    event_list_release(&reader->reports);
    free(reader->ordered);
}

/* ---------------------------------------------------------------------------------------------------------- decoding */
struct field {
    const uint8_t *data;
    int32_t size; /* -1 = null */
};

static uint64_t load(const uint8_t *data, int32_t size)
{
    uint64_t value = 0;
    for (int32_t i = 0; i < size; i++)
        value = value << 8 | data[i];
    return value;
}

static bool split(const uint8_t *tuple, size_t size, int16_t fields, struct field *ret_fields)
{
    if (fields != FIELDS)
        return false;
    for (int16_t i = 0; i < fields; i++) {
        if (size < 4)
            return false;
        int32_t length = (int32_t)load(tuple, 4);
        tuple += 4;
        size -= 4;
        if (length > 0 && (size_t)length > size)
            return false;
        ret_fields[i] = (struct field){tuple, length < 0 ? -1 : length};
        if (length > 0) {
            tuple += length;
            size -= (size_t)length;
        }
    }
    return true;
}

static bool number(struct field field, int32_t size, int64_t none, int64_t *ret_value)
{
    if (field.size == -1) {
        *ret_value = none;
        return true;
    }
    if (field.size != size)
        return false;
    uint64_t value = load(field.data, size);
    *ret_value = size == 2 ? (int16_t)value : size == 4 ? (int32_t)value : (int64_t)value;
    return true;
}

static int64_t time_from(uint64_t bits)
{
    int64_t value = (int64_t)bits;
    return value > INT64_MAX - EPOCH_2000_US || value == INT64_MIN ? EVENT_NO_TIME : value + EPOCH_2000_US;
}

static bool time_field(struct field field, int64_t *ret_time_us)
{
    *ret_time_us = EVENT_NO_TIME;
    if (field.size == 8)
        *ret_time_us = time_from(load(field.data, 8));
    return field.size == 8 || field.size == -1;
}

/* Elements of a one-dimensional array of `width` bytes each; `*ret` points at the first element's length word. */
static bool array(struct field field, uint32_t *ret_count, const uint8_t **ret)
{
    *ret_count = 0;
    if (field.size < 12)
        return false;
    uint64_t dimensions = load(field.data, 4);
    if (dimensions == 0)
        return true;
    if (dimensions != 1 || field.size < 20)
        return false;
    *ret_count = (uint32_t)load(field.data + 12, 4);
    *ret = field.data + 20;
    return *ret_count <= (uint32_t)field.size / 4;
}

enum element { ELEMENT_BOOL = 1, ELEMENT_INT2 = 2, ELEMENT_INT4 = 4, ELEMENT_TIME = 8 };

/* Decodes into a new array of `expected` elements; NULL in *ret for a null field. */
static bool elements(struct event_list *memory, struct field field, enum element element, uint32_t expected, void *ret)
{
    *(void **)ret = NULL;
    if (field.size == -1)
        return true;
    uint32_t count;
    const uint8_t *at = NULL, *end = field.data + field.size;
    if (!array(field, &count, &at) || count != expected)
        return false;
    char *values = event_list_alloc(memory, (size_t)element * (count ? count : 1));
    if (!values)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (end - at < 4)
            return false;
        int32_t size = (int32_t)load(at, 4);
        at += 4;
        if (size != -1 && (size != (int32_t)element || end - at < size))
            return false;
        uint64_t bits = size == -1 ? 0 : load(at, size);
        uint8_t one = (uint8_t)bits;
        int16_t two = (int16_t)bits;
        int32_t four = (int32_t)bits;
        int64_t time = size == -1 ? EVENT_NO_TIME : time_from(bits);
        memcpy(values + (size_t)i * element,
               element == ELEMENT_BOOL   ? (void *)&one
               : element == ELEMENT_INT2 ? (void *)&two
               : element == ELEMENT_INT4 ? (void *)&four
                                         : (void *)&time,
               element);
        at += size == -1 ? 0 : size;
    }
    *(void **)ret = values;
    return true;
}

static bool decode(struct report_reader *reader, const struct field *f, struct event *event)
{
    int64_t kind, revision, reporter, hash, layer, stage, weight, level, resolved_level;
    if (f[0].size != 16 || !number(f[1], 2, 0, &kind) || !number(f[2], 4, -1, &revision) || !number(f[3], 4, 0, &reporter) ||
        !number(f[4], 8, 0, &hash) || !time_field(f[5], &event->time_us) || !time_field(f[6], &event->recorded_us) ||
        !time_field(f[7], &event->end_us) || !number(f[8], 4, 0, &weight) || !number(f[9], 2, 0, &layer) ||
        !number(f[10], 2, 0, &stage) || !number(f[19], 2, 0, &level) || !number(f[20], 2, 0, &resolved_level))
        return false;
    memcpy(event->id, f[0].data, 16);
    event->report = (uint8_t)kind;
    event->revision = (int32_t)revision;
    event->reporter = (int32_t)reporter;
    event->content_hash = (uint64_t)hash;
    uint32_t bits = (uint32_t)weight;
    float real;
    memcpy(&real, &bits, 4);
    event->weight = real;
    event->layer = (int16_t)layer;
    event->stage = (int16_t)stage;
    event->level = (int16_t)level;
    event->resolved_level = (int16_t)resolved_level;
    /* The id's time decides the day, as it decides the span: the two agree to the millisecond. */
    event->day = civil_day_of((int64_t)(load(event->id, 6) * 1000));
    if (f[11].size >= 0) {
        char *copy = event_list_alloc(&reader->reports, (size_t)f[11].size + 1);
        if (!copy)
            return false;
        memcpy(copy, f[11].data, (size_t)f[11].size);
        copy[f[11].size] = '\0';
        event->case_ref = copy;
    }
    const uint8_t *first;
    if (f[12].size != -1 && !array(f[12], &event->count, &first))
        return false;
    uint32_t count = event->count;
    struct event_list *memory = &reader->reports;
    if (!elements(memory, f[12], ELEMENT_INT4, count, &event->labels) ||
        !elements(memory, f[13], ELEMENT_INT2, count, &event->roles) ||
        !elements(memory, f[14], ELEMENT_TIME, count, &event->received) ||
        !elements(memory, f[15], ELEMENT_TIME, count, &event->deadline) ||
        !elements(memory, f[16], ELEMENT_TIME, count, &event->replied) ||
        !elements(memory, f[17], ELEMENT_INT2, count, &event->reply_status) ||
        !elements(memory, f[18], ELEMENT_INT2, count, &event->outcome) ||
        !elements(memory, f[21], ELEMENT_BOOL, count, &event->deadline_agreed))
        return false;
    if (event->report != EVENT_WITHDRAWAL && (!event->labels || !event->roles))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (event->labels[i] < 0)
            return false;
    return true;
}

static enum status take_report(void *arg, const uint8_t *tuple, size_t size, int16_t fields)
{
    struct report_reader *reader = arg;
    if (reader->overflowed)
        return STATUS_OK;
    if (reader->reports.count >= reader->limit && reader->to_day - reader->from_day > 1) {
        reader->overflowed = true; /* the rest is passed over, and the span read again in pieces */
        return STATUS_OK;
    }
    struct event *event = event_list_add(&reader->reports);
    if (!event)
        return database_no_memory(reader->database);
    struct field split_fields[FIELDS];
    if (!split(tuple, size, fields, split_fields) || !decode(reader, split_fields, event)) {
        errmsg_set(
            &reader->database->error, "",
            "a report of the days from %d (since 1970) on cannot be read: its arrays differ in length, or memory ran out",
            reader->from_day);
        return STATUS_INTERNAL;
    }
    int kind = layers_kind(reader->layers, event->layer);
    if (kind < 0) {
        errmsg_set(&reader->database->error, "", "a report has layer %d, which vocabulary.layer does not know", event->layer);
        return STATUS_INTERNAL;
    }
    event->kind = (uint8_t)kind;
    return STATUS_OK;
}

/* ----------------------------------------------------------------------------------------------------------- reading */
static void id_floor(int32_t day, char ret_text[37])
{
    uint64_t ms = (uint64_t)(civil_day_start_us(day) / 1000);
    snprintf(ret_text, 37, "%08x-%04x-0000-0000-000000000000", (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF));
}

/* The embedded COPY with its marks replaced. */
static enum status read_span(struct report_reader *reader, int32_t from_day, int32_t to_day)
{
    char from[37], to[37], copy[2048];
    id_floor(from_day, from);
    id_floor(to_day, to);
    const struct sql_mark ids[] = {{"@from", from}, {"@to", to}};
    if (!sql_fill(sql_analysis_day_reports, ids, 2, copy, sizeof copy)) {
        errmsg_set(&reader->database->error, "", "the statement is too long");
        return STATUS_INTERNAL;
    }
    event_list_clear(&reader->reports);
    reader->from_day = from_day;
    reader->to_day = to_day;
    reader->overflowed = false;
    return database_copy_out(reader->database, copy, take_report, reader);
}

/* Orders what was read by day, keeping the order within each; starts[d] is where day from_day + d begins. */
static enum status order_days(struct report_reader *reader, size_t starts[SPAN_MAX + 2])
{
    size_t count = reader->reports.count;
    if (count > reader->ordered_capacity) {
        free(reader->ordered);
        reader->ordered = malloc(count * sizeof *reader->ordered);
        reader->ordered_capacity = reader->ordered ? count : 0;
        if (!reader->ordered)
            return database_no_memory(reader->database);
    }
    int32_t days = reader->to_day - reader->from_day;
    memset(starts, 0, ((size_t)days + 2) * sizeof *starts);
    for (size_t i = 0; i < count; i++) {
        int32_t place = reader->reports.events[i].day - reader->from_day;
        if (place < 0 || place >= days) {
            errmsg_set(&reader->database->error, "", "a report's id and time fall on different days");
            return STATUS_INTERNAL;
        }
        starts[place + 2]++;
    }
    for (int32_t d = 2; d <= days + 1; d++)
        starts[d] += starts[d - 1];
    for (size_t i = 0; i < count; i++)
        reader->ordered[starts[reader->reports.events[i].day - reader->from_day + 1]++] = reader->reports.events[i];
    return STATUS_OK;
}

static const struct event_list *remembered(const struct report_reader *reader, int32_t day, size_t at)
{
    return reader->memory && reader->digests[at] ? report_memory_find(reader->memory, day, reader->digests[at]) : NULL;
}

/* The days [first, next) of the span that was read. */
static enum status tell_days(struct report_reader *reader, const int32_t *days, size_t first, size_t next,
                             const size_t starts[SPAN_MAX + 2], report_reader_day_cb *day, void *arg)
{
    enum status status = STATUS_OK;
    for (size_t i = first; i < next && status == STATUS_OK; i++) {
        size_t place = (size_t)(days[i] - reader->from_day);
        struct event_list slice = {.events = reader->ordered + starts[place], .count = starts[place + 1] - starts[place]};
        if (reader->memory && reader->digests[i])
            report_memory_put(reader->memory, days[i], reader->digests[i], &slice);
        status = day(arg, days[i], &slice);
    }
    return status;
}

enum status report_reader_days(struct report_reader *reader, const int32_t *days, size_t count, report_reader_day_cb *day,
                               void *arg)
{
    size_t starts[SPAN_MAX + 2] = {0};
    for (size_t first = 0, next; first < count;) {
        const struct event_list *known = remembered(reader, days[first], first);
        if (known) {
            enum status told = day(arg, days[first++], known);
            if (told != STATUS_OK)
                return told;
            continue;
        }
        for (next = first + 1; next < count && days[next] - days[first] < reader->span && !remembered(reader, days[next], next);
             next++)
            ;
        int32_t from_day = days[first], to_day = days[next - 1] + 1;
        enum status status = read_span(reader, from_day, to_day);
        if (status != STATUS_OK)
            return status;
        if (reader->overflowed) {
            reader->span = 1;
            continue;
        }
        status = order_days(reader, starts);
        if (status == STATUS_OK)
            status = tell_days(reader, days, first, next, starts, day, arg);
        if (status != STATUS_OK)
            return status;
        if (reader->reports.count < REPORTS_FEW && reader->span < SPAN_MAX)
            reader->span = reader->span * 2 < SPAN_MAX ? reader->span * 2 : SPAN_MAX;
        else if (reader->reports.count > REPORTS_MAX / 4 && reader->span > 1)
            reader->span /= 2;
        first = next;
    }
    return STATUS_OK;
}
