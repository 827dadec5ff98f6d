/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any message from JSON, into an arena, with errors that name the field's path. */
#include "civil_time.h"
#include "field_path.h"
#include "interaction_id.h"
#include "json.h"
#include "json_fields.h"

#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct json_reader {
    struct arena *arena;
    struct errmsg *errmsg;
};

static enum status read_message(const struct json_reader *r, const json_t *json, const ProtobufCMessageDescriptor *type,
                                ProtobufCMessage **ret_message);

static enum status refuse(const struct json_reader *r, const char *reason)
{
    errmsg_set(r->errmsg, "", "%s", reason);
    return STATUS_INVALID;
}

static enum status no_room(const struct json_reader *r)
{
    if (r->arena->refused == ARENA_OUT_OF_MEMORY) {
        errmsg_set(r->errmsg, "", "out of memory");
        return STATUS_NO_MEMORY;
    }
    errmsg_set(r->errmsg, "", "needs more than the %zu bytes one message may take", r->arena->budget);
    return STATUS_TOO_LARGE;
}

static bool has_nul(const json_t *json)
{
    return strlen(json_string_value(json)) != json_string_length(json);
}

/* A whole number, written as one, as 5.0 or as text. */
static enum status read_signed(const struct json_reader *r, const json_t *json, int64_t min, int64_t max, int64_t *ret_value)
{
    int64_t value = 0;
    if (json_is_integer(json)) {
        value = json_integer_value(json);
    } else if (json_is_real(json)) {
        double real = json_real_value(json);
        if (!(real >= -9007199254740992.0 && real <= 9007199254740992.0) || real != (double)(int64_t)real)
            return refuse(r, "is not a whole number");
        value = (int64_t)real;
    } else if (json_is_string(json) && !has_nul(json)) {
        const char *text = json_string_value(json);
        char *end = NULL;
        errno = 0;
        value = strtoll(text, &end, 10);
        if (end == text || *end != '\0' || errno != 0 || text[0] == ' ' || text[0] == '+')
            return refuse(r, "is not a whole number");
    } else {
        return refuse(r, "is not a whole number");
    }
    if (value < min || value > max) {
        errmsg_set(r->errmsg, "", "%lld is out of range", (long long)value);
        return STATUS_INVALID;
    }
    *ret_value = value;
    return STATUS_OK;
}

static enum status read_unsigned(const struct json_reader *r, const json_t *json, uint64_t *ret_value)
{
    if (json_is_string(json) && !has_nul(json)) {
        const char *text = json_string_value(json);
        char *end = NULL;
        errno = 0;
        unsigned long long value = strtoull(text, &end, 10);
        if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
            return refuse(r, "is not a whole number of at least 0");
        *ret_value = value;
        return STATUS_OK;
    }
    int64_t value = 0;
    enum status status = read_signed(r, json, 0, INT64_MAX, &value);
    if (status == STATUS_OK)
        *ret_value = (uint64_t)value;
    return status;
}

static enum status read_time(const struct json_reader *r, const json_t *json, int64_t *ret_time_us,
                             Samordning__V1__TimePrecision *ret_precision)
{
    if (json_is_string(json)) {
        struct errmsg errmsg;
        enum status status =
            civil_time_parse(json_string_value(json), json_string_length(json), ret_time_us, ret_precision, &errmsg);
        if (status != STATUS_OK)
            errmsg_set(r->errmsg, "", "%s", errmsg.text);
        return status;
    }
    if (!json_is_integer(json))
        return refuse(r, "is neither a time as text nor a whole number of microseconds");
    *ret_time_us = json_integer_value(json);
    *ret_precision = SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT;
    return STATUS_OK;
}

static enum status read_real(const struct json_reader *r, const json_t *json, double *ret_value)
{
    if (json_is_null(json))
        *ret_value = (double)NAN;
    else if (json_is_number(json))
        *ret_value = json_number_value(json);
    else
        return refuse(r, "is not a number");
    return STATUS_OK;
}

static enum status read_enum(const struct json_reader *r, const json_t *json, const ProtobufCEnumDescriptor *type,
                             int *ret_code)
{
    if (json_is_string(json) && !has_nul(json)) {
        const char *name = json_string_value(json);
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(type, name);
        enum vocabulary vocabulary = json_field_vocabulary(type);
        const struct vocabulary_term *term =
            value == NULL && vocabulary != VOCABULARY_COUNT ? vocabulary_by_name(vocabulary, name, strlen(name)) : NULL;
        if (value == NULL && term == NULL && json_field_enum_code(type, name, ret_code))
            return STATUS_OK;
        if (value == NULL && term == NULL) {
            errmsg_set(r->errmsg, "", "\"%.100s\" is not a known %s", name,
                       vocabulary != VOCABULARY_COUNT ? vocabulary_name(vocabulary) : type->short_name);
            return STATUS_INVALID;
        }
        *ret_code = value != NULL ? value->value : term->code;
        return STATUS_OK;
    }
    int64_t code = 0;
    if (!json_is_integer(json))
        return refuse(r, "is neither a name nor a code");
    enum status status = read_signed(r, json, INT32_MIN, INT32_MAX, &code);
    if (status == STATUS_OK)
        *ret_code = (int)code;
    return status;
}

static enum status read_string(const struct json_reader *r, const json_t *json, char **ret_text)
{
    if (!json_is_string(json))
        return refuse(r, "is not a text");
    if (has_nul(json))
        return refuse(r, "holds a NUL character");
    char *text = arena_strdup(r->arena, json_string_value(json));
    if (text == NULL)
        return no_room(r);
    *ret_text = text;
    return STATUS_OK;
}

static enum status read_bytes(const struct json_reader *r, const json_t *json, bool is_uuid, ProtobufCBinaryData *ret_bytes)
{
    if (!json_is_string(json) || has_nul(json))
        return refuse(r, is_uuid ? "is not a UUID" : "is not base64");
    const char *text = json_string_value(json);
    const size_t size = json_string_length(json);
    const bool is_uuid_text = is_uuid && size == INTERACTION_ID_TEXT_SIZE - 1;
    const size_t room = is_uuid_text ? INTERACTION_ID_SIZE : size / 4 * 3 + 3;
    uint8_t *data = arena_alloc(r->arena, room);
    if (data == NULL)
        return no_room(r);
    size_t used = INTERACTION_ID_SIZE;
    if (is_uuid_text) {
        if (interaction_id_parse(text, data) != STATUS_OK)
            return refuse(r, "is not a UUID");
    } else if (sodium_base642bin(data, room, text, size, NULL, &used, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return refuse(r, is_uuid ? "is not a UUID" : "is not base64");
    }
    *ret_bytes = (ProtobufCBinaryData){.len = used, .data = data};
    return STATUS_OK;
}

static enum status read_value(const struct json_reader *r, const json_t *json, const ProtobufCFieldDescriptor *field, void *at,
                              Samordning__V1__TimePrecision *ret_precision)
{
    enum status status = STATUS_OK;
    int64_t value = 0;
    uint64_t natural = 0;
    double real = 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        if ((status = read_signed(r, json, INT32_MIN, INT32_MAX, &value)) == STATUS_OK)
            *(int32_t *)at = (int32_t)value;
        return status;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        if ((status = read_signed(r, json, 0, UINT32_MAX, &value)) == STATUS_OK)
            *(uint32_t *)at = (uint32_t)value;
        return status;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        if (json_field_is_time(field)) {
            status = read_time(r, json, at, ret_precision);
            if (status == STATUS_OK && json_field_is_deadline(field))
                *(int64_t *)at = civil_time_last_moment(*(int64_t *)at, *ret_precision);
            return status;
        }
        return read_signed(r, json, INT64_MIN, INT64_MAX, at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        if ((status = read_unsigned(r, json, &natural)) == STATUS_OK)
            *(uint64_t *)at = natural;
        return status;
    case PROTOBUF_C_TYPE_FLOAT:
        if ((status = read_real(r, json, &real)) == STATUS_OK)
            *(float *)at = (float)real;
        return status;
    case PROTOBUF_C_TYPE_DOUBLE:
        return read_real(r, json, at);
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(json))
            return refuse(r, "is neither true nor false");
        *(protobuf_c_boolean *)at = json_is_true(json);
        return STATUS_OK;
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(r, json, field->descriptor, at);
    case PROTOBUF_C_TYPE_STRING:
        return read_string(r, json, at);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(r, json, json_field_is_uuid(field), at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(r, json, field->descriptor, at);
    }
    return refuse(r, "has a type that is not known");
}

static enum status read_repeated(const struct json_reader *r, const json_t *json, const ProtobufCFieldDescriptor *field,
                                 ProtobufCMessage *message)
{
    if (!json_is_array(json)) {
        errmsg_set(r->errmsg, field->name, "is not a list");
        return STATUS_INVALID;
    }
    const size_t count = json_array_size(json);
    const size_t size = json_field_size(field);
    char *values = arena_alloc(r->arena, count * size);
    if (values == NULL) {
        enum status status = no_room(r);
        field_path_prepend(r->errmsg, field->name, FIELD_PATH_SINGLE);
        return status;
    }
    memset(values, 0, count * size);
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__TimePrecision precision;
        enum status status = read_value(r, json_array_get(json, i), field, values + i * size, &precision);
        if (status != STATUS_OK) {
            field_path_prepend(r->errmsg, field->name, i);
            return status;
        }
    }
    char *base = (char *)message;
    *(size_t *)(void *)(base + field->quantifier_offset) = count;
    *(void **)(void *)(base + field->offset) = values;
    return STATUS_OK;
}

/* A time given as a date says how precise it is, unless the message says so itself. */
static void note_precision(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                           Samordning__V1__TimePrecision precision)
{
    if (message->descriptor != &samordning__v1__interaction__descriptor || strcmp(field->name, "time") != 0)
        return;
    ((Samordning__V1__Interaction *)message)->time_precision = precision;
}

static enum status read_field(const struct json_reader *r, const json_t *json, const ProtobufCFieldDescriptor *field,
                              bool has_precision, ProtobufCMessage *message)
{
    char *base = (char *)message;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return json_is_null(json) ? STATUS_OK : read_repeated(r, json, field, message);
    if (json_is_null(json)) /* not given; only in a list does null stand for NaN */
        return STATUS_OK;
    uint32_t *chosen = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 ? (void *)(base + field->quantifier_offset) : NULL;
    if (chosen != NULL && *chosen != 0) {
        errmsg_set(r->errmsg, field->name, "only one of the bodies may be given");
        return STATUS_INVALID;
    }
    Samordning__V1__TimePrecision precision = SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT;
    enum status status = read_value(r, json, field, base + field->offset, &precision);
    if (status != STATUS_OK) {
        field_path_prepend(r->errmsg, field->name, FIELD_PATH_SINGLE);
        return status;
    }
    if (chosen != NULL)
        *chosen = field->id;
    if (json_field_is_time(field) && !has_precision)
        note_precision(message, field, precision);
    return STATUS_OK;
}

/* caseRef as case_ref. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *type, const char *key)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(type, key);
    char name[64];
    size_t used = 0;
    for (const char *c = key; field == NULL && used + 2 < sizeof name; c++) {
        if (*c == '\0') {
            name[used] = '\0';
            return protobuf_c_message_descriptor_get_field_by_name(type, name);
        }
        if (*c >= 'A' && *c <= 'Z')
            name[used++] = '_';
        name[used++] = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    }
    return field;
}

static enum status read_message(const struct json_reader *r, const json_t *json, const ProtobufCMessageDescriptor *type,
                                ProtobufCMessage **ret_message)
{
    if (!json_is_object(json))
        return refuse(r, "is not an object");
    ProtobufCMessage *message = arena_alloc(r->arena, type->sizeof_message);
    uint8_t *seen = arena_alloc(r->arena, type->n_fields + 1);
    if (message == NULL || seen == NULL)
        return no_room(r);
    type->message_init(message);
    memset(seen, 0, type->n_fields + 1);
    bool has_precision = json_object_get(json, "time_precision") != NULL || json_object_get(json, "timePrecision") != NULL;
    /* jansson iterates over a mutable object only; nothing is changed here. */
    json_t *object = (json_t *)(uintptr_t)json;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        const ProtobufCFieldDescriptor *field = find_field(type, key);
        if (field == NULL) {
            errmsg_set(r->errmsg, key, "is not a field of %s", type->short_name);
            return STATUS_INVALID;
        }
        if (seen[field - type->fields]++ != 0) {
            errmsg_set(r->errmsg, field->name, "is given twice, as two spellings of its name");
            return STATUS_INVALID;
        }
        enum status status = read_field(r, value, field, has_precision, message);
        if (status != STATUS_OK)
            return status;
    }
    *ret_message = message;
    return STATUS_OK;
}

enum status json_to_message(const json_t *json, const ProtobufCMessageDescriptor *type, struct arena *arena,
                            ProtobufCMessage **ret_message, struct errmsg *ret_errmsg)
{
    const struct json_reader reader = {.arena = arena, .errmsg = ret_errmsg};
    arena->refused = ARENA_NOT_REFUSED;
    return read_message(&reader, json, type, ret_message);
}
