/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which fields are times, and which enums have words. */
#include "json_fields.h"

#include "samordning.pb-c.h"

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
