/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row's texts turned into the parts of an interaction.
 *
 * Most values repeat from row to row, so each field keeps a small table of texts it has seen with what they mean. */
#include "row.h"
#include "civil_time.h"
#include "interaction_id.h"
#include "vocabulary.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define ROW_SEEN_SLOTS 256
#define ROW_SEEN_TEXT  39

#define EPOCH_TEXT_MAX 64

struct seen {
    unsigned char size; /* 0 = free */
    unsigned char precision;
    char text[ROW_SEEN_TEXT];
    int64_t value;
    const char *name; /* type: the layer's own name */
};

struct row_reader {
    const struct columns *columns;
    bool undirected;
    enum source_time time;
    bool has_epoch;
    int64_t epoch_us;
    char *system; /* for interactions that name no source; NULL = none */
    bool system_always;
    struct seen seen[FIELD_COUNT][ROW_SEEN_SLOTS];
};

static enum status read_epoch(struct row_reader *reader, const char *text, struct errmsg *errmsg)
{
    if (strcmp(text, "1970-01-01") == 0) {
        errmsg_set(errmsg, "epoch",
                   "1970-01-01 would begin at midnight in Oslo, an hour before Unix time does: write --time unix for "
                   "Unix seconds, or --epoch 1970-01-01T00:00+01:00 for Oslo's midnight");
        return STATUS_INVALID;
    }
    Samordning__V1__TimePrecision precision;
    enum status status = civil_time_parse(text, strlen(text), &reader->epoch_us, &precision, errmsg);
    if (status != STATUS_OK) {
        struct errmsg inner = errmsg ? *errmsg : (struct errmsg){0};
        errmsg_set(errmsg, "epoch", "\"%.*s\": %s", EPOCH_TEXT_MAX, text, inner.text);
        return status;
    }
    reader->has_epoch = true;
    return STATUS_OK;
}

enum status row_reader_create(const struct columns *columns, const struct source_options *options, const char *file_name,
                              struct row_reader **ret_reader, struct errmsg *ret_errmsg)
{
    struct row_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return STATUS_NO_MEMORY;
    reader->columns = columns;
    reader->undirected = options->undirected;
    reader->time = options->time;
    enum status status = STATUS_OK;
    if (options->epoch)
        status = read_epoch(reader, options->epoch, ret_errmsg);
    reader->system_always = options->name != NULL;
    reader->system = strdup(options->name ? options->name : file_name);
    if (status == STATUS_OK && !reader->system)
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        row_reader_destroy(reader);
        return status;
    }
    *ret_reader = reader;
    return STATUS_OK;
}

void row_reader_destroy(struct row_reader *reader)
{
    if (!reader)
        return;
    free(reader->system);
    free(reader);
}

/* The slot for a text; it holds what the text means if slot->size is not 0. NULL: too long to be kept. */
static struct seen *look_up(struct row_reader *reader, enum field field, const struct csv_field *value, struct seen *spare)
{
    if (value->size > ROW_SEEN_TEXT) {
        spare->size = 0;
        return spare;
    }
    struct seen *slot = &reader->seen[field][XXH3_64bits(value->text, value->size) % ROW_SEEN_SLOTS];
    if (slot->size != value->size || memcmp(slot->text, value->text, value->size) != 0) {
        slot->size = 0;
        memcpy(slot->text, value->text, value->size);
    }
    return slot;
}

static void keep(struct seen *slot, const struct csv_field *value)
{
    slot->size = value->size > ROW_SEEN_TEXT ? 0 : (unsigned char)value->size;
}

/* A plain decimal number, as 28840 or 28840.5, in microseconds when `unit` is that of one. False: not such a number. */
static bool read_number(const struct csv_field *value, int64_t unit_us, int64_t *ret_us)
{
    const char *text = value->text, *end = text + value->size;
    bool negative = text < end && *text == '-';
    text += negative;
    int64_t whole = 0;
    int digits = 0;
    for (; text < end && *text >= '0' && *text <= '9'; text++, digits++)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, *text - '0', &whole))
            return false;
    if (digits == 0 || __builtin_mul_overflow(whole, unit_us, &whole))
        return false;
    if (text < end && *text == '.') {
        int64_t scale = unit_us;
        for (text++; text < end && *text >= '0' && *text <= '9'; text++) {
            scale /= 10;
            whole += scale * (*text - '0');
        }
    }
    if (text != end)
        return false;
    *ret_us = negative ? -whole : whole;
    return true;
}

static enum status read_time(struct row_reader *reader, enum field field, const struct csv_field *value, int64_t *ret_us,
                             Samordning__V1__TimePrecision *ret_precision, struct errmsg *errmsg)
{
    struct seen spare, *slot = look_up(reader, field, value, &spare);
    if (slot->size > 0) {
        *ret_us = slot->value;
        *ret_precision = (Samordning__V1__TimePrecision)slot->precision;
        return STATUS_OK;
    }
    const char *name = columns_field_name(reader->columns, field);
    int64_t time_us = 0;
    Samordning__V1__TimePrecision precision = SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT;
    bool is_number = read_number(value, reader->time == SOURCE_TIME_UNIX_MS ? 1000 : 1000000, &time_us);
    if (is_number && !reader->has_epoch && reader->time == SOURCE_TIME_CIVIL) {
        errmsg_set(errmsg, name, "\"%.*s\" is a plain number: say what it counts with --epoch DATE or --time unix",
                   (int)value->size, value->text);
        return STATUS_INVALID;
    }
    if (is_number && reader->has_epoch) {
        if (__builtin_add_overflow(time_us, reader->epoch_us, &time_us)) {
            errmsg_set(errmsg, name, "\"%.*s\" is out of range", (int)value->size, value->text);
            return STATUS_INVALID;
        }
    } else if (!is_number) {
        struct errmsg inner = {0};
        enum status status = civil_time_parse(value->text, value->size, &time_us, &precision, &inner);
        if (status != STATUS_OK) {
            errmsg_set(errmsg, name, "%s", inner.text);
            return status;
        }
        if (field == FIELD_DEADLINE && precision != SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT)
            time_us = civil_time_last_moment(time_us, precision);
    }
    *ret_us = slot->value = time_us;
    *ret_precision = precision;
    slot->precision = (unsigned char)precision;
    keep(slot, value);
    return STATUS_OK;
}

static void unknown_term(struct errmsg *errmsg, const char *name, enum vocabulary vocabulary, const struct csv_field *value)
{
    char known[300];
    size_t used = 0, count = vocabulary_size(vocabulary);
    const struct vocabulary_term *terms = vocabulary_terms(vocabulary);
    known[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        int wrote =
            terms[i].code == 0 ? 0 : snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", terms[i].name);
        if (wrote < 0 || used + (size_t)wrote >= sizeof known) {
            known[used] = '\0';
            break;
        }
        used += (size_t)wrote;
    }
    errmsg_set(errmsg, name, "\"%.*s\" is unknown; known are: %s", value->size < 60 ? (int)value->size : 60, value->text,
               known);
}

static enum status read_term(struct row_reader *reader, enum field field, enum vocabulary vocabulary,
                             const struct csv_field *value, int *ret_code, struct errmsg *errmsg)
{
    *ret_code = 0;
    if (value->size == 0)
        return STATUS_OK;
    struct seen spare, *slot = look_up(reader, field, value, &spare);
    if (slot->size == 0) {
        const struct vocabulary_term *term = vocabulary_by_name(vocabulary, value->text, value->size);
        if (!term) {
            unknown_term(errmsg, columns_field_name(reader->columns, field), vocabulary, value);
            return STATUS_INVALID;
        }
        slot->value = term->code;
        keep(slot, value);
    }
    *ret_code = (int)slot->value;
    return STATUS_OK;
}

/* U+0080 to U+009F are control characters nobody means: they are what becomes of Windows-1252 read as Latin-1. The places that
 * Windows-1252 leaves free stay as they are and are rejected later. */
static size_t repair_windows(const char *text, size_t size, char *to)
{
    char *begin = to;
    for (size_t i = 0; i < size; i++) {
        const char *meant = NULL;
        if ((unsigned char)text[i] == 0xc2 && i + 1 < size && (unsigned char)text[i + 1] < 0xa0)
            meant = input_windows_1252((unsigned char)text[i + 1]);
        if (!meant) {
            *to++ = text[i];
            continue;
        }
        to = mempcpy(to, meant, strlen(meant));
        i++;
    }
    return (size_t)(to - begin);
}

static char *keep_text(struct arena *arena, const struct csv_field *value, bool *failed)
{
    if (value->size == 0)
        return (char *)(uintptr_t)protobuf_c_empty_string;
    bool damaged = memchr(value->text, 0xc2, value->size) != NULL;
    char *text = arena_alloc(arena, damaged ? value->size * 3 / 2 + 1 : value->size + 1);
    if (!text) {
        *failed = true;
        return (char *)(uintptr_t)protobuf_c_empty_string;
    }
    size_t size = value->size;
    if (damaged)
        size = repair_windows(value->text, value->size, text);
    else
        memcpy(text, value->text, value->size);
    text[size] = '\0';
    return text;
}

/* Sets type and, in ret_kind, the LayerKind of a built-in layer, or -1. */
static void read_type(struct row_reader *reader, const struct csv_field *value, struct arena *arena, char **ret_type,
                      int *ret_kind, bool *failed)
{
    struct seen spare, *slot = look_up(reader, FIELD_TYPE, value, &spare);
    if (slot->size == 0) {
        const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_LAYER, value->text, value->size);
        slot->name = term ? term->name : NULL;
        slot->value = term ? vocabulary_layer_kind(term->code) : -1;
        keep(slot, value);
    }
    *ret_kind = (int)slot->value;
    *ret_type = slot->name ? (char *)(uintptr_t)slot->name : keep_text(arena, value, failed);
}

static enum status read_weight(struct row_reader *reader, const struct csv_field *value, double *ret_weight,
                               struct errmsg *errmsg)
{
    char text[64], *end;
    if (value->size == 0)
        return STATUS_OK;
    if (value->size < sizeof text) {
        memcpy(text, value->text, value->size);
        text[value->size] = '\0';
        char *comma = strchr(text, ','); /* 2,5 as Norwegian files write it */
        if (comma)
            *comma = '.';
        *ret_weight = strtod(text, &end);
        if (strspn(text, "0123456789.eE+-") == value->size && *end == '\0' && isfinite(*ret_weight) && *ret_weight >= 0)
            return STATUS_OK;
    }
    errmsg_set(errmsg, columns_field_name(reader->columns, FIELD_WEIGHT), "\"%.*s\" is not a number from 0",
               value->size < 60 ? (int)value->size : 60, value->text);
    return STATUS_INVALID;
}

static enum status read_yes(struct row_reader *reader, const struct csv_field *value, protobuf_c_boolean *ret_yes,
                            struct errmsg *errmsg)
{
    static const char *const yes[] = {"1", "yes", "true", "ja", "y", "j"}, *const no[] = {"0", "no", "false", "nei", "n"};
    if (value->size == 0)
        return STATUS_OK;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (strlen(yes[i]) == value->size && strncasecmp(yes[i], value->text, value->size) == 0) {
            *ret_yes = 1;
            return STATUS_OK;
        }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (strlen(no[i]) == value->size && strncasecmp(no[i], value->text, value->size) == 0)
            return STATUS_OK;
    errmsg_set(errmsg, columns_field_name(reader->columns, FIELD_DEADLINE_AGREED), "\"%.*s\" is neither yes nor no",
               value->size < 60 ? (int)value->size : 60, value->text);
    return STATUS_INVALID;
}

/* A date without a time of day on the day of the interaction itself is not before it. */
static int64_t not_before(int64_t value_us, Samordning__V1__TimePrecision precision, const Samordning__V1__Interaction *head)
{
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY && value_us < head->time &&
        civil_day_of(value_us) == civil_day_of(head->time))
        return head->time;
    return value_us;
}

#define TRY(call)                                                                                                              \
    do {                                                                                                                       \
        enum status tried = (call);                                                                                            \
        if (tried != STATUS_OK)                                                                                                \
            return tried;                                                                                                      \
    } while (0)

static enum status read_times(struct row_reader *reader, const struct csv_field *values, struct row *row, struct errmsg *errmsg)
{
    const struct {
        enum field field;
        int64_t *to;
    } others[] = {{FIELD_END, &row->head.end},
                  {FIELD_RECEIVED, &row->about.received},
                  {FIELD_DEADLINE, &row->about.deadline},
                  {FIELD_REPLIED, &row->about.replied}};
    if (values[FIELD_TIME].size == 0) {
        errmsg_set(errmsg, columns_field_name(reader->columns, FIELD_TIME), "is empty");
        return STATUS_INVALID;
    }
    TRY(read_time(reader, FIELD_TIME, &values[FIELD_TIME], &row->head.time, &row->head.time_precision, errmsg));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (values[others[i].field].size == 0)
            continue;
        Samordning__V1__TimePrecision precision;
        TRY(read_time(reader, others[i].field, &values[others[i].field], others[i].to, &precision, errmsg));
        if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY)
            *others[i].to = not_before(*others[i].to, precision, &row->head);
    }
    return STATUS_OK;
}

static enum status read_terms(struct row_reader *reader, const struct csv_field *values, struct row *row, struct errmsg *errmsg)
{
    int code;
    TRY(read_term(reader, FIELD_STAGE, VOCABULARY_STAGE, &values[FIELD_STAGE], &code, errmsg));
    row->head.stage = (Samordning__V1__Stage)code;
    TRY(read_term(reader, FIELD_LEVEL, VOCABULARY_LEVEL, &values[FIELD_LEVEL], &code, errmsg));
    row->head.level = (Samordning__V1__Level)code;
    TRY(read_term(reader, FIELD_RESOLVED_LEVEL, VOCABULARY_LEVEL, &values[FIELD_RESOLVED_LEVEL], &code, errmsg));
    row->head.resolved_level = (Samordning__V1__Level)code;
    TRY(read_term(reader, FIELD_CLASSIFICATION, VOCABULARY_CLASSIFICATION, &values[FIELD_CLASSIFICATION], &code, errmsg));
    row->head.classification = (Samordning__V1__Classification)code;
    TRY(read_term(reader, FIELD_ROLE, VOCABULARY_ROLE, &values[FIELD_ROLE], &code, errmsg));
    row->about.role = (Samordning__V1__Role)code;
    TRY(read_term(reader, FIELD_REPLY_STATUS, VOCABULARY_REPLY_STATUS, &values[FIELD_REPLY_STATUS], &code, errmsg));
    row->about.reply_status = (Samordning__V1__ReplyStatus)code;
    TRY(read_term(reader, FIELD_OUTCOME, VOCABULARY_OUTCOME, &values[FIELD_OUTCOME], &code, errmsg));
    row->about.outcome = (Samordning__V1__Outcome)code;
    return STATUS_OK;
}

static enum status read_id(const struct csv_field *value, struct arena *arena, ProtobufCBinaryData *ret_id,
                           struct errmsg *errmsg)
{
    char text[INTERACTION_ID_TEXT_SIZE];
    ret_id->data = arena_alloc(arena, INTERACTION_ID_SIZE);
    if (!ret_id->data)
        return STATUS_NO_MEMORY;
    if (value->size == sizeof text - 1) {
        memcpy(text, value->text, value->size);
        text[value->size] = '\0';
        if (interaction_id_parse(text, ret_id->data) == STATUS_OK) {
            ret_id->len = INTERACTION_ID_SIZE;
            return STATUS_OK;
        }
    }
    errmsg_set(errmsg, "id", "\"%.*s\" is not a UUID", value->size < 60 ? (int)value->size : 60, value->text);
    return STATUS_INVALID;
}

/* The roles that a row leaves out: in a meeting everybody takes part; an edge runs from sender to addressee. */
static enum status fill_roles(struct row_reader *reader, int kind, struct row *row, struct errmsg *errmsg)
{
    row->undirected = kind < 0 ? reader->undirected : kind == SAMORDNING__V1__LAYER_KIND__LAYER_MEETING;
    if (row->about.role != SAMORDNING__V1__ROLE__ROLE_UNSPECIFIED)
        return STATUS_OK;
    if (row->undirected) {
        row->about.role = SAMORDNING__V1__ROLE__ROLE_PARTICIPANT;
    } else if (reader->columns->format == SOURCE_FORMAT_EDGES) {
        row->about.role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    } else if (kind >= 0) {
        errmsg_set(errmsg, "role", "is empty: a row of type %s needs one (sender, addressee, copy)", row->head.type);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status row_read(struct row_reader *reader, const struct csv_field values[FIELD_COUNT + 1], struct arena *arena,
                     struct row *ret_row, struct errmsg *ret_errmsg)
{
    struct row *row = ret_row;
    bool failed = false;
    int kind;
    samordning__v1__interaction__init(&row->head);
    samordning__v1__participant__init(&row->about);
    row->key = NULL;
    row->from = NULL;
    const enum field needed[] = {FIELD_ACTOR, FIELD_TYPE,
                                 reader->columns->format == SOURCE_FORMAT_EDGES ? FIELD_FROM : FIELD_ACTOR};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (values[needed[i]].size == 0) {
            errmsg_set(ret_errmsg, columns_field_name(reader->columns, needed[i]), "is empty");
            return STATUS_INVALID;
        }
    }
    if (values[FIELD_INTERACTION].size > 0) {
        row->key = keep_text(arena, &values[FIELD_INTERACTION], &failed);
    } else if (reader->columns->has[FIELD_INTERACTION]) {
        errmsg_set(ret_errmsg, "interaction", "is empty");
        return STATUS_INVALID;
    }
    TRY(read_times(reader, values, row, ret_errmsg));
    TRY(read_terms(reader, values, row, ret_errmsg));
    TRY(read_weight(reader, &values[FIELD_WEIGHT], &row->head.weight, ret_errmsg));
    TRY(read_yes(reader, &values[FIELD_DEADLINE_AGREED], &row->about.deadline_agreed, ret_errmsg));
    if (values[FIELD_ID].size > 0)
        TRY(read_id(&values[FIELD_ID], arena, &row->head.id, ret_errmsg));
    read_type(reader, &values[FIELD_TYPE], arena, &row->head.type, &kind, &failed);
    row->head.case_ref = keep_text(arena, &values[FIELD_CASE], &failed);
    row->head.source_id = values[FIELD_SOURCE_ID].size > 0 ? keep_text(arena, &values[FIELD_SOURCE_ID], &failed)
                          : row->key                       ? (char *)(uintptr_t)row->key
                                                           : row->head.source_id;
    if (values[FIELD_SYSTEM].size > 0)
        row->head.source = keep_text(arena, &values[FIELD_SYSTEM], &failed);
    else if (reader->system_always || row->head.source_id[0] != '\0')
        row->head.source = reader->system;
    row->about.actor = keep_text(arena, &values[FIELD_ACTOR], &failed);
    if (values[FIELD_FROM].size > 0)
        row->from = keep_text(arena, &values[FIELD_FROM], &failed);
    if (failed)
        return STATUS_NO_MEMORY;
    return fill_roles(reader, kind, row, ret_errmsg);
}
