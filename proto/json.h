/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any message as JSON and back, through protobuf-c's descriptors; one piece of code for every message.
 *
 * Follows the protobuf JSON mapping where it can: lowerCamelCase or original field names accepted on input, original names
 * written, fields at their default left out; enums as their vocabulary name (surveys': the word behind the prefix, "single" for
 * ITEM_SINGLE) or full proto name (either accepted); bytes: `id` fields as UUID text, others base64; int64 as numbers (strings
 * accepted); microsecond times in fields named time, end, received, deadline, replied written as ISO 8601 with offset and
 * accepted as that, as YYYY-MM-DD or YYYY-MM (which also sets time_precision, if not given; a deadline given so lasts until
 * that day or month is over), or as a number of microseconds. NaN and infinities as null (in a list null is read as NaN,
 * elsewhere as not given). Unknown fields are an error that names them.
 */
#ifndef SAMORDNING_JSON_H
#define SAMORDNING_JSON_H

#include "arena.h"
#include "status.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

json_t *json_from_message(const ProtobufCMessage *message); /* NULL: out of memory */

/* Unpacks into the arena. STATUS_INVALID with the field's path and reason. */
MUST_CHECK enum status json_to_message(const json_t *json, const ProtobufCMessageDescriptor *type, struct arena *arena,
                                       ProtobufCMessage **ret_message, struct errmsg *ret_errmsg);

#endif
