/* SPDX-License-Identifier: GPL-3.0-or-later
 * Occurrences with libical on times without a zone; the zone is put on here, with the same clock as everywhere else.
 */
#include "recurrence.h"
#include "civil_time.h"
#include "oslo_clock.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S           86400
#define YEAR_FIRST      2000
#define YEAR_LAST       2199 /* of the clock of Oslo */
#define PREFIX          "RRULE:"
#define DIGITS          "0123456789"
#define RULE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789;=,+-"

/* ------------------------------------------------------------------------------------------ between wall and world */
/* `wall`: seconds since 1970-01-01T00:00 on the clock on the wall. */
static int64_t moment_of_wall(int64_t wall)
{
    /* the moment itself is one or two hours before `wall` read as UTC */
    int32_t before = oslo_clock_offset(wall - 3 * 3600), after = oslo_clock_offset(wall);
    int64_t first = wall - before, second = wall - after;
    bool first_is = first + oslo_clock_offset(first) == wall, second_is = second + oslo_clock_offset(second) == wall;
    return first_is || !second_is ? first : second;
}

static int64_t wall_of(const struct icaltimetype *time)
{
    return (int64_t)civil_to_day(time->year, time->month, time->day) * DAY_S + time->hour * 3600 + time->minute * 60 +
           time->second;
}

static struct icaltimetype wall_time(int64_t wall)
{
    struct icaltimetype time = icaltime_null_time();
    int32_t day = (int32_t)(wall / DAY_S), second = (int32_t)(wall % DAY_S);
    civil_from_day(day, &time.year, &time.month, &time.day);
    time.hour = second / 3600;
    time.minute = second / 60 % 60;
    time.second = second % 60;
    return time;
}

/* ---------------------------------------------------------------------------------------------------------- the rule */
/* An end in UTC is moved to the wall; an end that is a day lasts until the day is over. */
static void settle_until(struct icalrecurrencetype *rule)
{
    struct icaltimetype *until = &rule->until;
    if (icaltime_is_null_time(*until))
        return;
    int64_t wall = wall_of(until);
    if (until->is_date)
        wall = (int64_t)civil_to_day(until->year, until->month, until->day) * DAY_S + DAY_S - 1;
    else if (icaltime_is_utc(*until))
        wall += oslo_clock_offset(wall);
    *until = wall_time(wall);
}

static bool parse(const char *text, struct icalrecurrencetype *ret_rule)
{
    icalerror_set_errors_are_fatal(0);
    icalerror_clear_errno();
    *ret_rule = icalrecurrencetype_from_string(text);
    bool good = icalerrno == ICAL_NO_ERROR && ret_rule->freq != ICAL_NO_RECURRENCE;
    icalerror_clear_errno();
    if (good)
        settle_until(ret_rule);
    return good;
}

static struct icalrecur_iterator_impl *begin(const struct recurrence *recurrence)
{
    struct icalrecurrencetype rule;
    if (!parse(recurrence->rule, &rule))
        return NULL;
    icalrecur_iterator *iterator =
        icalrecur_iterator_new(rule, wall_time((int64_t)recurrence->start_day * DAY_S + recurrence->start_second));
    icalerror_clear_errno();
    return iterator;
}

static enum status wrong(struct errmsg *ret_errmsg, const char *field, const char *text, const char *words)
{
    errmsg_set(ret_errmsg, field, "\"%.100s\" %s", text, words);
    return STATUS_INVALID;
}

static enum status read_rule(const char *text, struct recurrence *recurrence, struct errmsg *ret_errmsg)
{
    struct icalrecurrencetype rule;
    if (strncmp(text, PREFIX, strlen(PREFIX)) == 0)
        text += strlen(PREFIX);
    size_t size = strlen(text);
    if (size == 0 || size > RECURRENCE_RULE_MAX || strspn(text, RULE_CHARACTERS) != size || strstr(text, "RSCALE") != NULL ||
        !parse(text, &rule))
        return wrong(ret_errmsg, "rule", text, "is not a recurrence rule such as FREQ=MONTHLY;BYDAY=1MO");
    if (rule.freq < ICAL_DAILY_RECURRENCE)
        return wrong(ret_errmsg, "rule", text, "comes more often than daily; BYHOUR lists hours");
    if (rule.by_second[0] != ICAL_RECURRENCE_ARRAY_MAX) /* what is delivered is named by the minute */
        return wrong(ret_errmsg, "rule", text, "names seconds; times go to the minute");
    /* RFC 5545: a number before a weekday counts within a month or a year */
    for (size_t i = 0; rule.freq < ICAL_MONTHLY_RECURRENCE && rule.by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (icalrecurrencetype_day_position(rule.by_day[i]) != 0)
            return wrong(ret_errmsg, "rule", text, "numbers weekdays, which goes with MONTHLY and YEARLY only");
    /* libical 3.0.16 takes the 53rd week of a year that has 52 for the first of the next */
    for (size_t i = 0; rule.by_week_no[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (abs(rule.by_week_no[i]) == 53)
            return wrong(ret_errmsg, "rule", text, "asks for a 53rd week, which most years do not have");
    memcpy(recurrence->rule, text, size + 1);
    return STATUS_OK;
}

static enum status read_start(const char *text, struct recurrence *recurrence, struct errmsg *ret_errmsg)
{
    long hour = 0, minute = 0;
    char day[11] = "";
    size_t size = strlen(text);
    bool shaped =
        size == 16 && text[10] == 'T' && strspn(text + 11, DIGITS) == 2 && text[13] == ':' && strspn(text + 14, DIGITS) == 2;
    if (shaped) {
        memcpy(day, text, 10);
        hour = strtol(text + 11, NULL, 10);
        minute = strtol(text + 14, NULL, 10);
    }
    if (!shaped || hour > 23 || minute > 59 || civil_day_parse(day, &recurrence->start_day) != STATUS_OK)
        return wrong(ret_errmsg, "start", text, "is not a time of Oslo such as 2026-01-05T09:00");
    if (recurrence->start_day < civil_to_day(YEAR_FIRST, 1, 1) || recurrence->start_day > civil_to_day(YEAR_LAST, 12, 31))
        return wrong(ret_errmsg, "start", text, "is not between 2000 and 2199");
    recurrence->start_second = (int32_t)(hour * 3600 + minute * 60);
    return STATUS_OK;
}

enum status recurrence_read(const char *rule, const char *start, struct recurrence *ret_recurrence, struct errmsg *ret_errmsg)
{
    struct recurrence recurrence = {0};
    enum status status = read_rule(rule, &recurrence, ret_errmsg);
    if (status == STATUS_OK)
        status = read_start(start, &recurrence, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct icalrecur_iterator_impl *iterator = begin(&recurrence);
    if (iterator == NULL)
        return wrong(ret_errmsg, "rule", rule, "has parts that do not go together");
    icalrecur_iterator_free(iterator);
    *ret_recurrence = recurrence;
    return STATUS_OK;
}

enum status recurrence_turn(const struct recurrence *recurrence, int64_t expected_us, int64_t now_us,
                            struct recurrence_turn *ret_turn, struct errmsg *ret_errmsg)
{
    struct recurrence_turn turn = {0};
    struct icalrecur_iterator_impl *iterator = begin(recurrence);
    if (iterator == NULL)
        return STATUS_NO_MEMORY; /* it has been read before */
    uint32_t step = 0;
    for (; step < RECURRENCE_STEPS_MAX; step++) {
        struct icaltimetype time = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(time) || time.year > YEAR_LAST)
            break;
        int64_t moment_us = moment_of_wall(wall_of(&time)) * 1000000;
        if (moment_us > now_us) {
            turn.next_us = moment_us;
            break;
        }
        if (moment_us >= expected_us) {
            turn.due++;
            turn.latest_us = moment_us;
        }
    }
    icalrecur_iterator_free(iterator);
    icalerror_clear_errno();
    if (step == RECURRENCE_STEPS_MAX)
        return wrong(ret_errmsg, "rule", recurrence->rule, "has too many occurrences between its start and now; begin later");
    *ret_turn = turn;
    return STATUS_OK;
}
