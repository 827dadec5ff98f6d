/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON Schema (2020-12) of what json.h writes, from the same descriptors.
 */
#ifndef SAMORDNING_JSON_SCHEMA_H
#define SAMORDNING_JSON_SCHEMA_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* Adds the schema of a message and of all it holds to `components`, an object whose keys are message names; each refers to the
 * others as #/components/schemas/NAME. */
void json_schema_add(json_t *components, const ProtobufCMessageDescriptor *type);
/* {"$ref": "#/components/schemas/NAME"} */
json_t *json_schema_ref(const ProtobufCMessageDescriptor *type);
/* Of one value of a field. */
json_t *json_schema_value(const ProtobufCFieldDescriptor *field);

#endif
