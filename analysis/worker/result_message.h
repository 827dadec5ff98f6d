/* SPDX-License-Identifier: GPL-3.0-or-later
 * A result object as the wire's message and as JSON.
 */
#ifndef SAMORDNING_RESULT_MESSAGE_H
#define SAMORDNING_RESULT_MESSAGE_H

#include "arena.h"
#include "result.h"
#include "samordning.pb-c.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* In the arena, pointing at the result's memory. NULL: out of memory. */
MUST_CHECK Samordning__V1__Result *result_message(struct arena *arena, const struct result *result);

/* Both are on the heap; the text ends in NUL. STATUS_NO_MEMORY. */
MUST_CHECK enum status result_message_pack(const struct result *result, uint8_t **ret_message, size_t *ret_size,
                                           char **ret_json);

#endif
