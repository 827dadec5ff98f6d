/* SPDX-License-Identifier: GPL-3.0-or-later
 * Norwegian working days: weekends and public holidays. Days are days since 1970-01-01.
 */
#ifndef SAMORDNING_WORK_CALENDAR_H
#define SAMORDNING_WORK_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum weekday {
    WEEKDAY_MONDAY,
    WEEKDAY_TUESDAY,
    WEEKDAY_WEDNESDAY,
    WEEKDAY_THURSDAY,
    WEEKDAY_FRIDAY,
    WEEKDAY_SATURDAY,
    WEEKDAY_SUNDAY
};

int32_t work_calendar_easter(int year); /* Easter Sunday (Gregorian) */
enum weekday work_calendar_weekday(int32_t day);
bool work_calendar_is_holiday(int32_t day); /* public holidays of the law, Sundays aside */
bool work_calendar_is_working_day(int32_t day);
int32_t work_calendar_from(int32_t day);                               /* the first working day on or after `day` */
int32_t work_calendar_weekday_from(int32_t day, enum weekday weekday); /* the first working day of that weekday, on or after */

#endif
