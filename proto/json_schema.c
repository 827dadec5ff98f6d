/* SPDX-License-Identifier: GPL-3.0-or-later
 * Schemas of messages: nothing is required, because defaults are left out, and nothing else may be there. */
#include "json_schema.h"

#include "json_fields.h"

#include <stdio.h>

json_t *json_schema_ref(const ProtobufCMessageDescriptor *type)
{
    char path[160];
    snprintf(path, sizeof path, "#/components/schemas/%s", type->short_name);
    return json_pack("{ss}", "$ref", path);
}

static json_t *words_of(const ProtobufCEnumDescriptor *type)
{
    enum vocabulary vocabulary = json_field_vocabulary(type);
    char word[JSON_WORD_SIZE];
    json_t *words = json_array();
    for (unsigned i = 0; i < type->n_values; i++) {
        const struct vocabulary_term *term =
            vocabulary != VOCABULARY_COUNT ? vocabulary_by_code(vocabulary, type->values[i].value) : NULL;
        if (term != NULL)
            json_array_append_new(words, json_string(term->name));
        else if (vocabulary == VOCABULARY_COUNT)
            json_array_append_new(
                words, json_string(json_field_enum_word(type, type->values[i].value, word) ? word : type->values[i].name));
    }
    return json_pack("{ss so}", "type", "string", "enum", words);
}

json_t *json_schema_value(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_pack("{ss si}", "type", "integer", "minimum", 0);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: /* beyond what a signed number holds it is a string */
        return json_pack("{s[ss]}", "type", "integer", "string");
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_pack("{ss}", "type", "integer");
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return json_field_is_time(field) ? json_pack("{ss}", "type", "string") : json_pack("{ss}", "type", "integer");
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE: /* null: missing */
        return json_pack("{s[ss]}", "type", "number", "null");
    case PROTOBUF_C_TYPE_BOOL:
        return json_pack("{ss}", "type", "boolean");
    case PROTOBUF_C_TYPE_ENUM:
        return words_of(field->descriptor);
    case PROTOBUF_C_TYPE_STRING:
        return json_pack("{ss}", "type", "string");
    case PROTOBUF_C_TYPE_BYTES:
        return json_field_is_uuid(field) ? json_pack("{ss}", "type", "string")
                                         : json_pack("{ss ss}", "type", "string", "contentEncoding", "base64");
    case PROTOBUF_C_TYPE_MESSAGE:
        return json_schema_ref(field->descriptor);
    }
    return json_object();
}

void json_schema_add(json_t *components, const ProtobufCMessageDescriptor *type)
{
    if (json_object_get(components, type->short_name) != NULL)
        return;
    json_t *properties = json_object();
    json_object_set_new(components, type->short_name,
                        json_pack("{ss so sb}", "type", "object", "properties", properties, "additionalProperties", 0));
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        json_t *value = json_schema_value(field);
        json_object_set_new(properties, field->name,
                            field->label == PROTOBUF_C_LABEL_REPEATED ? json_pack("{ss so}", "type", "array", "items", value)
                                                                      : value);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            json_schema_add(components, field->descriptor);
    }
}
