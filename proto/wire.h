/* SPDX-License-Identifier: GPL-3.0-or-later
 * Strings with a NUL inside, found in packed bytes: after unpacking, a C string no longer shows that it was cut.
 *
 * Such a NUL becomes WIRE_NUL_MARK, a byte no UTF-8 text has, so that validation finds it in the very field and the rest of
 * a batch stays good.
 */
#ifndef SAMORDNING_WIRE_H
#define SAMORDNING_WIRE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_NUL_MARK 0xFF

bool wire_has_nul_in_string(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size);
void wire_mark_nuls(const ProtobufCMessageDescriptor *type, uint8_t *data, size_t size);

#endif
