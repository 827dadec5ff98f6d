/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a family in a test and looks values up by name.
 */
#ifndef SAMORDNING_COMPUTED_RESULT_H
#define SAMORDNING_COMPUTED_RESULT_H

#include "metrics.h"

/* Fails the test when the family does. */
struct result *computed(const char *family, const struct network *network, const struct reply_set *replies,
                        const char *options);
/* The same on a chronicle. */
struct result *computed_chronicle(const char *family, const struct network *network, const struct chronicle *chronicle,
                                  const char *options);
/* The same with whatever the family reads besides; its network is replaced by one with the options. */
struct result *computed_from(const char *family, const struct metrics_input *given, const char *options);
/* The value of a column in the row whose `key_column` is `key`; key NULL = the first row. Fails the test when there is none. */
double computed_number(const struct result *result, const char *table, const char *column, const char *key_column,
                       const char *key);
double computed_actor(const struct result *result, const char *column,
                      const char *actor); /* in the table named like the family */
bool computed_has_note(const struct result *result, const char *part);

#endif
