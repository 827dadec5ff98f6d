/* SPDX-License-Identifier: GPL-3.0-or-later
 * What packed bytes tell that the unpacked message does not: strings with a NUL inside, which a C string no longer shows, and
 * messages nested so deep that unpacking, which recurses, would run out of stack.
 *
 * A NUL becomes WIRE_NUL_MARK, a byte no UTF-8 text has, so that validation finds it in the very field and the rest of
 * a batch stays good.
 */
#ifndef SAMORDNING_WIRE_H
#define SAMORDNING_WIRE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_NUL_MARK 0xFF

/* Deeper than any message the schema means: in it, only an Item can hold its like (as parts), and that once. */
#define WIRE_DEPTH_MAX 12

/* To be asked before the other two, which recurse as well. Descends only where a type can hold its like; what cannot is skipped
 * whole, so that a batch of interactions costs nothing. */
bool wire_is_too_deep(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size);

bool wire_has_nul_in_string(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size);
void wire_mark_nuls(const ProtobufCMessageDescriptor *type, uint8_t *data, size_t size);

#endif
