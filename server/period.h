/* SPDX-License-Identifier: GPL-3.0-or-later
 * Periods as schedules name them, relative to the day they run on: last-year, last-quarter, ...
 */
#ifndef SAMORDNING_PERIOD_H
#define SAMORDNING_PERIOD_H

#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* The names, separated by ", ", for messages. */
extern const char period_names[];
bool period_is_known(const char *name);
/* The first day and the day after the last one, in days since 1970-01-01. "last" periods are whole ones that were over when
 * `day` began; year-to-date ends with the day before; last-12-months are the twelve months before the month of `day`.
 * STATUS_INVALID: no such period, or one without a day (year-to-date on 1 January). */
MUST_CHECK enum status period_of(const char *name, int32_t day, int32_t *ret_from, int32_t *ret_to);

#endif
