/* SPDX-License-Identifier: GPL-3.0-or-later
 * Norwegian working days (see work_calendar.h).
 *
 * The holidays are those of the laws on holidays (lov 24. februar 1995 nr. 12) and on 1 and 17 May (lov 26. april 1947 nr. 1).
 */
#include "work_calendar.h"

#include "civil_time.h"

int32_t work_calendar_easter(int year)
{
    /* The Gregorian computus: golden number, century corrections, age of the moon, then the Sunday after. */
    int golden = year % 19;
    int century = year / 100;
    int skipped_leap_days = century - century / 4;
    int moon_correction = (8 * century + 13) / 25;
    int epact = (skipped_leap_days - moon_correction + 19 * golden + 15) % 30;
    epact -= (epact == 29 || (epact == 28 && golden > 10)) ? 1 : 0;
    int weekday = (year + year / 4 + epact + 2 - skipped_leap_days) % 7;
    int offset = epact - weekday; /* days from 28 March to Easter Sunday */
    return civil_to_day(year, 3, 28) + offset;
}

enum weekday work_calendar_weekday(int32_t day)
{
    int32_t from_monday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (enum weekday)(from_monday < 0 ? from_monday + 7 : from_monday);
}

bool work_calendar_is_holiday(int32_t day)
{
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    if ((month == 1 && mday == 1) || (month == 5 && (mday == 1 || mday == 17)) || (month == 12 && (mday == 25 || mday == 26)))
        return true;
    if (month < 3 || month > 6)
        return false;
    switch (day - work_calendar_easter(year)) {
    case -3: /* skjærtorsdag */
    case -2: /* langfredag */
    case 0:
    case 1:  /* 2. påskedag */
    case 39: /* Kristi himmelfartsdag */
    case 49:
    case 50: /* 2. pinsedag */
        return true;
    default:
        return false;
    }
}

bool work_calendar_is_working_day(int32_t day)
{
    return work_calendar_weekday(day) < WEEKDAY_SATURDAY && !work_calendar_is_holiday(day);
}

int32_t work_calendar_from(int32_t day)
{
    while (!work_calendar_is_working_day(day))
        day++;
    return day;
}

int32_t work_calendar_weekday_from(int32_t day, enum weekday weekday)
{
    while (work_calendar_weekday(day) != weekday || work_calendar_is_holiday(day))
        day++;
    return day;
}
