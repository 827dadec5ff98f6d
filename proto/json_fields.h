/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the two directions of json.h agree on: which fields are times, and which enums have words.
 */
#ifndef SAMORDNING_JSON_FIELDS_H
#define SAMORDNING_JSON_FIELDS_H

#include "vocabulary.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

bool json_field_is_time(const ProtobufCFieldDescriptor *field);
bool json_field_is_deadline(const ProtobufCFieldDescriptor *field);
bool json_field_is_uuid(const ProtobufCFieldDescriptor *field);

/* VOCABULARY_COUNT: the enum has proto names only. */
enum vocabulary json_field_vocabulary(const ProtobufCEnumDescriptor *type);

/* Bytes of one value of the field where it is stored, in a message or in the array of a repeated field. */
size_t json_field_size(const ProtobufCFieldDescriptor *field);

#endif
