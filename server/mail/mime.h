/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces of a mail: header values, its date, text and attachments. Lines end in CRLF.
 */
#ifndef SAMORDNING_MIME_H
#define SAMORDNING_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Text of a header, on lines of its own length: as it is where that is safe, else as encoded words. is_phrase: a name in front
 * of an address. */
void mime_write_value(FILE *out, const char *text, bool is_phrase);
void mime_write_date(FILE *out, int64_t now_us); /* the whole header, in the time of Oslo */
/* RFC 2045, 6.7. Line ends may be LF or CRLF. */
void mime_write_text(FILE *out, const char *text);
void mime_write_bytes(FILE *out, const uint8_t *bytes, size_t size); /* base64 */

#endif
