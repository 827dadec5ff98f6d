/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points in time that come again: an iCalendar recurrence rule (RFC 5545, RRULE) from a start in Europe/Oslo on.
 *
 * The rule runs on the clock on the wall, so 09:00 stays 09:00 when the clocks change. A time that is skipped in spring is
 * taken by the offset before the change (02:30 becomes 03:30), as RFC 5545 3.3.5 reads a single time; the first of two in
 * autumn. A start that does not fit the rule is no occurrence. FREQ is DAILY, WEEKLY, MONTHLY or YEARLY; several times a day
 * are BYHOUR.
 *
 * No clock of its own: whoever asks says what time it is.
 */
#ifndef SAMORDNING_RECURRENCE_H
#define SAMORDNING_RECURRENCE_H

#include "status.h"

#include <stdint.h>

#define RECURRENCE_RULE_MAX  400    /* bytes */
#define RECURRENCE_STEPS_MAX 100000 /* occurrences from the start to now: three a day for ninety years */

struct recurrence {
    char rule[RECURRENCE_RULE_MAX + 1]; /* FREQ=MONTHLY;BYDAY=-1FR */
    int32_t start_day;                  /* since 1970-01-01 */
    int32_t start_second;               /* of that day, on the clock on the wall */
};

/* start: YYYY-MM-DDTHH:MM of Oslo. STATUS_INVALID: errmsg says which ("rule" or "start") and why. */
MUST_CHECK enum status recurrence_read(const char *rule, const char *start, struct recurrence *ret_recurrence,
                                       struct errmsg *ret_errmsg);

struct recurrence_turn {
    uint32_t due;      /* occurrences from `expected_us` to `now_us`, both included */
    int64_t latest_us; /* the latest of them; 0 = none */
    int64_t next_us;   /* the first after now; 0 = the rule has come to its end */
};
/* STATUS_INVALID: more than RECURRENCE_STEPS_MAX occurrences lie before now. */
MUST_CHECK enum status recurrence_turn(const struct recurrence *recurrence, int64_t expected_us, int64_t now_us,
                                       struct recurrence_turn *ret_turn, struct errmsg *ret_errmsg);

#endif
