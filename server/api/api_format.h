/* SPDX-License-Identifier: GPL-3.0-or-later
 * The formats results are answered in, and which one a client wants.
 */
#ifndef SAMORDNING_API_FORMAT_H
#define SAMORDNING_API_FORMAT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct api_turn;

struct api_format {
    const char *name; /* of ?format= */
    const char *type; /* media type, also in Accept */
};

const struct api_format *api_format_default(void);
/* By ?format=, else by Accept; NULL: whatever it is (a report's document, else the default). False: none of ours, answered. */
bool api_format_choose(struct api_turn *turn, const struct api_format **ret_format);
/* A packed Result; ret_text is malloc'ed. */
MUST_CHECK enum status api_format_render(const struct api_format *format, const uint8_t *result, size_t size, char **ret_text,
                                         size_t *ret_size, struct errmsg *ret_errmsg);

#endif
