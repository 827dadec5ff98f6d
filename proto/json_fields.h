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

/* Enums of surveys are written by people too, so they have words though no vocabulary: ITEM_SINGLE is "single", TEST_ANY_OF
 * "any_of". False: this enum has none, or no such value. */
#define JSON_WORD_SIZE 40
bool json_field_enum_word(const ProtobufCEnumDescriptor *type, int code, char ret_word[JSON_WORD_SIZE]);
bool json_field_enum_code(const ProtobufCEnumDescriptor *type, const char *word, int *ret_code);

/* Bytes of one value of the field where it is stored, in a message or in the array of a repeated field. */
size_t json_field_size(const ProtobufCFieldDescriptor *field);

#endif
