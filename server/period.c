/* SPDX-License-Identifier: GPL-3.0-or-later
 * Arithmetic with months of the civil calendar.
 */
#include "period.h"
#include "civil_time.h"

#include <string.h>

const char period_names[] = "last-year, last-half-year, last-quarter, last-month, last-week, last-12-months, year-to-date";

/* Periods of whole months: how many, and whether they begin at multiples of that. */
static const struct {
    const char *name;
    int months;
    bool aligned;
} of_months[] = {
    {"last-year", 12, true}, {"last-half-year", 6, true},   {"last-quarter", 3, true},
    {"last-month", 1, true}, {"last-12-months", 12, false},
};

static int32_t first_of_month(int month) /* counted from year 0 */
{
    return civil_to_day(month / 12, month % 12 + 1, 1);
}

bool period_is_known(const char *name)
{
    size_t size = strlen(name);
    for (const char *at = period_names; *at != '\0';) {
        size_t length = strcspn(at, ",");
        if (length == size && memcmp(at, name, size) == 0)
            return true;
        at += length;
        at += strspn(at, ", ");
    }
    return false;
}

enum status period_of(const char *name, int32_t day, int32_t *ret_from, int32_t *ret_to)
{
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    int32_t from = day, to = day;
    int now = year * 12 + month - 1;
    for (size_t i = 0; i < sizeof of_months / sizeof of_months[0]; i++) {
        if (strcmp(of_months[i].name, name) != 0)
            continue;
        int end = of_months[i].aligned ? now - now % of_months[i].months : now;
        from = first_of_month(end - of_months[i].months);
        to = first_of_month(end);
    }
    if (strcmp(name, "last-week") == 0) {
        to = day - ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; weeks begin on Mondays */
        from = to - 7;
    } else if (strcmp(name, "year-to-date") == 0) {
        from = civil_to_day(year, 1, 1);
    }
    if (from >= to)
        return STATUS_INVALID;
    *ret_from = from;
    *ret_to = to;
    return STATUS_OK;
}
