/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any message as JSON. Fields at their default are left out, as in the protobuf JSON mapping. */
#include "civil_time.h"
#include "interaction_id.h"
#include "json.h"
#include "json_fields.h"
#include "validate.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A string that is no UTF-8 must not make the whole message unwritable: each bad byte becomes U+FFFD. */
static json_t *write_text(const char *text)
{
    json_t *json = json_string(text);
    if (json != NULL)
        return json;
    size_t size = strlen(text);
    char *mended = malloc(size * 3 + 1);
    if (mended == NULL)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < size;) {
        size_t good = validate_utf8_prefix(text + i, size - i);
        memcpy(mended + used, text + i, good);
        used += good;
        i += good;
        if (i < size) {
            for (const char *c = "\xEF\xBF\xBD"; *c != '\0'; c++)
                mended[used++] = *c;
            i++;
        }
    }
    json = json_stringn(mended, used);
    free(mended);
    return json;
}

static json_t *write_bytes(const ProtobufCFieldDescriptor *field, const ProtobufCBinaryData *bytes)
{
    if (json_field_is_uuid(field) && bytes->len == INTERACTION_ID_SIZE) {
        char uuid[INTERACTION_ID_TEXT_SIZE];
        interaction_id_format(bytes->data, uuid);
        return json_string(uuid);
    }
    size_t size = sodium_base64_ENCODED_LEN(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    sodium_bin2base64(text, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *write_enum(const ProtobufCEnumDescriptor *type, int code)
{
    enum vocabulary vocabulary = json_field_vocabulary(type);
    if (vocabulary != VOCABULARY_COUNT) {
        const struct vocabulary_term *term = vocabulary_by_code(vocabulary, code);
        return term != NULL ? json_string(term->name) : json_integer(code);
    }
    char word[JSON_WORD_SIZE];
    if (json_field_enum_word(type, code, word))
        return json_string(word);
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, code);
    return value != NULL ? json_string(value->name) : json_integer(code);
}

static json_t *write_unsigned(uint64_t value)
{
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    return json_sprintf("%llu", (unsigned long long)value);
}

static json_t *write_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *write_value(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        if (json_field_is_time(field)) {
            char text[CIVIL_TIME_TEXT_SIZE];
            civil_time_format(*(const int64_t *)at, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, text);
            return json_string(text);
        }
        return json_integer(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return write_unsigned(*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return write_real((double)*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return write_real(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return write_text(*(const char *const *)at);
    case PROTOBUF_C_TYPE_BYTES:
        return write_bytes(field, at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return json_from_message(*(const ProtobufCMessage *const *)at);
    }
    return NULL;
}

static bool is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
    static const char zeros[sizeof(ProtobufCBinaryData)];
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)at;
        return text == NULL || text[0] == '\0';
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)at)->len == 0;
    return memcmp(at, zeros, json_field_size(field)) == 0;
}

/* Steals `value`; false when it is NULL or memory ran out. */
static bool put(json_t *object, const char *name, json_t *value)
{
    return value != NULL && json_object_set_new_nocheck(object, name, value) == 0;
}

static bool write_field(json_t *object, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    const void *at = base + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
        if (count == 0)
            return true;
        const char *values = *(const char *const *)at;
        json_t *array = json_array();
        for (size_t i = 0; i < count && array != NULL; i++) {
            if (json_array_append_new(array, write_value(field, values + i * json_field_size(field))) != 0) {
                json_decref(array);
                return false;
            }
        }
        return put(object, field->name, array);
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        if (*(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            return true;
        /* The member that is set shows, whatever its value. */
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && *(const void *const *)at == NULL)
            return true;
        return put(object, field->name, write_value(field, at));
    }
    return is_default(field, at) || put(object, field->name, write_value(field, at));
}

json_t *json_from_message(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < message->descriptor->n_fields && object != NULL; i++) {
        if (!write_field(object, message, &message->descriptor->fields[i])) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}
