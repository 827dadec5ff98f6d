/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a decoded message must satisfy before anything acts on it. protobuf decoding checks none of this.
 *
 * Used by both ends: the client rejects a row before sending it with the same words the daemon would use. Checks presence,
 * UTF-8, embedded NUL and control characters, lengths, ranges of times, enum values, classification, roles, duplicates.
 * Never changes the message.
 */
#ifndef SAMORDNING_VALIDATE_H
#define SAMORDNING_VALIDATE_H

#include "samordning.pb-c.h"
#include "status.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct validate_limits {
    int64_t time_min_us;     /* default 1970-01-02 */
    int64_t time_max_us;     /* default: now + 2 years, given by the caller (no clock in here) */
    size_t participants_max; /* default 5000 */
    size_t actor_bytes_max;  /* default 300 */
    size_t text_bytes_max;   /* default 300: type, case_ref, source, source_id */
};

void validate_limits_default(struct validate_limits *ret_limits, int64_t now_us);

/* One interaction. STATUS_INVALID, or STATUS_CLASSIFIED for anything above open; errmsg names field and reason.
 * Rules: type and time present; time and end in range, end >= time; at least two participants, at most participants_max; each
 * actor non-empty; no (actor, role) twice; received/deadline/replied in range, deadline and replied not before received (else
 * not before time); weight finite and >= 0; id empty or 16 bytes that match the time; enums known; a self-tie (sender =
 * addressee) is allowed, two participations of one actor in one undirected meeting are not. */
MUST_CHECK enum status validate_interaction(const Samordning__V1__Interaction *message, const struct validate_limits *limits,
                                            struct errmsg *ret_errmsg);

/* Any message: every string in it, at any depth, is valid UTF-8 without NUL or control characters (tab and newline allowed
 * where text is free), and no longer than text_max. Names the field by its path. */
MUST_CHECK enum status validate_strings(const ProtobufCMessage *message, size_t text_max, struct errmsg *ret_errmsg);

/* Nine digits, modulus 11 with weights 3 2 7 6 5 4 3 2. */
bool validate_orgnr(const char *orgnr);
/* A language that reports are written in: nb, nn or en. */
bool validate_report_language(const char *code);

/* Length of the longest valid UTF-8 prefix without NUL; equal to size for valid text. */
size_t validate_utf8_prefix(const char *text, size_t size);

#endif
