/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames: a varint length, then that many bytes of one protobuf message.
 *
 * Knows no sockets: works on spans of bytes. The announced length is compared with the cap before anything is allocated or
 * awaited. A length takes at most 5 bytes (values above UINT32_MAX are malformed; so are encodings longer than needed).
 */
#ifndef SAMORDNING_FRAME_H
#define SAMORDNING_FRAME_H

#include "arena.h"
#include "status.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_MAX 5

enum frame_state {
    FRAME_INCOMPLETE, /* need more bytes; ret_need says how many in all from the start of data, or 0 if not known yet */
    FRAME_COMPLETE,   /* header_size and body_size are set */
    FRAME_TOO_LARGE,  /* announced more than cap */
    FRAME_MALFORMED   /* not a length */
};

struct frame_view {
    size_t header_size;
    size_t body_size;
    size_t need;
};

/* Looks at the first bytes of a stream. Writes ret_view for INCOMPLETE (need) and COMPLETE. */
enum frame_state frame_next(const uint8_t *data, size_t size, size_t cap, struct frame_view *ret_view);

/* Writes the header of a body of `body_size` bytes; returns its length (1..5). */
size_t frame_write_header(uint8_t ret_header[FRAME_HEADER_MAX], uint32_t body_size);

/* Unpacks one message of `type` into the arena. ret_status is written in any case; NULL: STATUS_MALFORMED (messages
 * nested without end are that too), STATUS_TOO_LARGE when the arena's budget was too small, or STATUS_NO_MEMORY. A NUL inside a
 * string becomes the byte 0xFF, which validation refuses. */
ProtobufCMessage *frame_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size, struct arena *arena,
                               enum status *ret_status);

/* Packs header and body into one malloc'ed block the caller frees. STATUS_NO_MEMORY, or STATUS_TOO_LARGE above UINT32_MAX. */
MUST_CHECK enum status frame_pack(const ProtobufCMessage *message, uint8_t **ret_data, size_t *ret_size);

#endif
