/* SPDX-License-Identifier: GPL-3.0-or-later
 * The options of a network specification put together as its text form, which the worker parses.
 */
#ifndef SAMORDNING_SPECIFICATION_H
#define SAMORDNING_SPECIFICATION_H

#include "session.h"

#define SPECIFICATION_MAX 2048

/* Asks the daemon for the period when none is given. Returns the exit code; what is wrong has been said. */
int specification_build(struct session *session, const struct arguments *arguments, char ret_text[SPECIFICATION_MAX]);

#define SPECIFICATION_DAY_SIZE 16
/* --year, --month, --from and --to as two days, YYYY-MM-DD; empty = not given. False: it has been said. */
bool specification_period(const struct arguments *arguments, char ret_from[SPECIFICATION_DAY_SIZE],
                          char ret_to[SPECIFICATION_DAY_SIZE]);

/* What follows key= in the text; NULL when it is not named. */
const char *specification_value(const char *text, const char *key);
bool specification_is(const char *text, const char *key, const char *value); /* the key is there, with this value */
/* Adds key=value unless the key is named already. False: no room (said). */
bool specification_add(char text[SPECIFICATION_MAX], const char *key, const char *value);

#endif
