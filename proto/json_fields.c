/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which fields are times, and which enums have words. */
#include "json_fields.h"

#include "samordning.pb-c.h"
#include "survey.pb-c.h"

#include <string.h>

bool json_field_is_time(const ProtobufCFieldDescriptor *field)
{
    static const char *const names[] = {"time", "end", "received", "deadline", "replied"};
    if (field->type != PROTOBUF_C_TYPE_INT64)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(field->name, names[i]) == 0)
            return true;
    return false;
}

bool json_field_is_deadline(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT64 && strcmp(field->name, "deadline") == 0;
}

bool json_field_is_uuid(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES && (strcmp(field->name, "id") == 0 || strcmp(field->name, "ids") == 0);
}

enum vocabulary json_field_vocabulary(const ProtobufCEnumDescriptor *type)
{
    static const ProtobufCEnumDescriptor *const types[VOCABULARY_LAYER] = {
        [VOCABULARY_STAGE] = &samordning__v1__stage__descriptor,
        [VOCABULARY_LEVEL] = &samordning__v1__level__descriptor,
        [VOCABULARY_ROLE] = &samordning__v1__role__descriptor,
        [VOCABULARY_REPLY_STATUS] = &samordning__v1__reply_status__descriptor,
        [VOCABULARY_OUTCOME] = &samordning__v1__outcome__descriptor,
        [VOCABULARY_CLASSIFICATION] = &samordning__v1__classification__descriptor,
        [VOCABULARY_TIME_PRECISION] = &samordning__v1__time_precision__descriptor,
        [VOCABULARY_ACCESS_ROLE] = &samordning__v1__access_role__descriptor,
    };
    for (int i = 0; i < VOCABULARY_LAYER; i++)
        if (types[i] == type)
            return (enum vocabulary)i;
    return VOCABULARY_COUNT;
}

bool json_field_enum_word(const ProtobufCEnumDescriptor *type, int code, char ret_word[JSON_WORD_SIZE])
{
    static const ProtobufCEnumDescriptor *const types[] = {
        &samordning__v1__item_kind__descriptor,      &samordning__v1__tie_direction__descriptor,
        &samordning__v1__condition_test__descriptor, &samordning__v1__answer_state__descriptor,
        &samordning__v1__wave_state__descriptor,     &samordning__v1__seat_state__descriptor,
    };
    const ProtobufCEnumValue *value = NULL;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == type)
            value = protobuf_c_enum_descriptor_get_value(type, code);
    const char *behind = value != NULL ? strchr(value->name, '_') : NULL;
    if (behind == NULL || strlen(behind) > JSON_WORD_SIZE)
        return false;
    size_t size = 0;
    for (const char *c = behind + 1; *c != '\0'; c++)
        ret_word[size++] = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    ret_word[size] = '\0';
    return true;
}

bool json_field_enum_code(const ProtobufCEnumDescriptor *type, const char *word, int *ret_code)
{
    char known[JSON_WORD_SIZE];
    for (unsigned i = 0; i < type->n_values; i++) {
        if (!json_field_enum_word(type, type->values[i].value, known) || strcmp(known, word) != 0)
            continue;
        *ret_code = type->values[i].value;
        return true;
    }
    return false;
}

size_t json_field_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    }
    return sizeof(void *);
}
