/* SPDX-License-Identifier: GPL-3.0-or-later
 * A result object as the wire's message and as JSON.
 */
#ifndef SAMORDNING_RESULT_MESSAGE_H
#define SAMORDNING_RESULT_MESSAGE_H

#include "result.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* Both are on the heap; the text ends in NUL. STATUS_NO_MEMORY. */
MUST_CHECK enum status result_message_pack(const struct result *result, uint8_t **ret_message, size_t *ret_size,
                                           char **ret_json);

#endif
