/* SPDX-License-Identifier: GPL-3.0-or-later
 * Days and clocks of Europe/Oslo, to and from microseconds since 1970 UTC. */
#include "civil_time.h"

#include "oslo_clock.h"

#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years begin in March here, so that the leap day is the last of its year; 400 years are 146,097 days. */
int32_t civil_to_day(int year, int month, int mday)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + mday - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

void civil_from_day(int32_t day, int *ret_year, int *ret_month, int *ret_mday)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    *ret_mday = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *ret_month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

int32_t civil_day_of(int64_t time_us)
{
    int64_t second = floor_div(time_us, SECOND_US);
    return (int32_t)floor_div(second + oslo_clock_offset(second), DAY_S);
}

enum local_kind { LOCAL_ONCE, LOCAL_TWICE, LOCAL_SKIPPED };

/* The instant at which clocks in Oslo show `local` (seconds as if they were UTC): the earlier of two, or, for a time that is
 * skipped, the instant of the skip. */
static enum local_kind instant_of(int64_t local, int64_t *ret_second)
{
    int32_t before = oslo_clock_offset(local - DAY_S);
    int32_t after = oslo_clock_offset(local + DAY_S);
    bool fits_before = oslo_clock_offset(local - before) == before;
    bool fits_after = oslo_clock_offset(local - after) == after;
    if (fits_before || fits_after) {
        *ret_second = fits_before ? local - before : local - after;
        return fits_before && fits_after && before != after ? LOCAL_TWICE : LOCAL_ONCE;
    }
    /* local - before lies behind the skip, local - after in front of it. */
    *ret_second = oslo_clock_change_before(local - before);
    return LOCAL_SKIPPED;
}

int64_t civil_day_start_us(int32_t day)
{
    int64_t second = 0;
    (void)instant_of((int64_t)day * DAY_S, &second);
    int64_t time_us = 0;
    if (__builtin_mul_overflow(second, SECOND_US, &time_us))
        return second < 0 ? INT64_MIN : INT64_MAX;
    return time_us;
}

double civil_day_fraction(int64_t time_us)
{
    int32_t day = civil_day_of(time_us);
    return day + (double)(time_us - civil_day_start_us(day)) / (double)CIVIL_DAY_US;
}

/* What is left of the text while it is read. */
struct cursor {
    const char *at;
    const char *end;
};

static bool take(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_digits(struct cursor *c, int count, int *ret_value)
{
    if (c->end - c->at < count)
        return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (c->at[i] < '0' || c->at[i] > '9')
            return false;
        value = value * 10 + (c->at[i] - '0');
    }
    c->at += count;
    *ret_value = value;
    return true;
}

struct reading {
    int year, month, mday;
    int hour, minute, second;
    int32_t fraction_us;
    int32_t offset_s;
    bool has_day, has_clock, has_offset;
};

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* [:15[.123456]] behind hours and minutes. Digits beyond microseconds are cut. */
static bool take_seconds(struct cursor *c, struct reading *r)
{
    if (!take(c, ':'))
        return true;
    if (!take_digits(c, 2, &r->second))
        return false;
    if (!take(c, '.') && !take(c, ','))
        return true;
    int digits = 0;
    int32_t unit = 100000;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && digits < 9) {
        r->fraction_us += (*c->at - '0') * unit;
        unit /= 10;
        c->at++;
        digits++;
    }
    return digits > 0;
}

static bool take_offset(struct cursor *c, struct reading *r)
{
    if (take(c, 'Z') || take(c, 'z')) {
        r->has_offset = true;
        return true;
    }
    if (c->at == c->end || (*c->at != '+' && *c->at != '-'))
        return true;
    int sign = *c->at++ == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if (!take_digits(c, 2, &hours))
        return false;
    bool colon = take(c, ':');
    if ((colon || c->at != c->end) && !take_digits(c, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    r->offset_s = sign * (hours * 3600 + minutes * 60);
    r->has_offset = true;
    return true;
}

static bool take_clock(struct cursor *c, struct reading *r)
{
    if (!take_digits(c, 2, &r->hour) || !take(c, ':') || !take_digits(c, 2, &r->minute) || !take_seconds(c, r))
        return false;
    r->has_clock = true;
    return take_offset(c, r);
}

static bool read_text(const char *text, size_t size, struct reading *ret_reading)
{
    struct cursor c = {.at = text, .end = text + size};
    struct reading *r = ret_reading;
    *r = (struct reading){.mday = 1};
    if (size > 2 && text[2] == '.') {
        if (!take_digits(&c, 2, &r->mday) || !take(&c, '.') || !take_digits(&c, 2, &r->month) || !take(&c, '.') ||
            !take_digits(&c, 4, &r->year))
            return false;
        r->has_day = true;
        if (take(&c, ' ') && !take_clock(&c, r))
            return false;
        return c.at == c.end;
    }
    if (!take_digits(&c, 4, &r->year) || !take(&c, '-') || !take_digits(&c, 2, &r->month))
        return false;
    if (c.at == c.end)
        return true;
    if (!take(&c, '-') || !take_digits(&c, 2, &r->mday))
        return false;
    r->has_day = true;
    if (c.at == c.end)
        return true;
    if (!take(&c, 'T') && !take(&c, 't') && !take(&c, ' '))
        return false;
    return take_clock(&c, r) && c.at == c.end;
}

enum status civil_time_parse(const char *text, size_t size, int64_t *ret_time_us, Samordning__V1__TimePrecision *ret_precision,
                             struct errmsg *ret_errmsg)
{
    const int shown = size > 60 ? 60 : (int)size;
    struct reading r;
    if (!read_text(text, size, &r)) {
        errmsg_set(ret_errmsg, "", "\"%.*s\" is not a time such as 2014-03-01T09:30, 2014-03-01, 2014-03 or 01.03.2014 09:30",
                   shown, text);
        return STATUS_INVALID;
    }
    if (r.year < 1 || r.month < 1 || r.month > 12 || r.mday < 1 || r.mday > days_in_month(r.year, r.month)) {
        errmsg_set(ret_errmsg, "", "\"%.*s\" is not a date of the calendar", shown, text);
        return STATUS_INVALID;
    }
    if (r.hour > 23 || r.minute > 59 || r.second > 59) {
        errmsg_set(ret_errmsg, "", "\"%.*s\" is not a time of day (00:00:00 to 23:59:59)", shown, text);
        return STATUS_INVALID;
    }
    int64_t second =
        (int64_t)civil_to_day(r.year, r.month, r.mday) * DAY_S + r.hour * INT64_C(3600) + r.minute * INT64_C(60) + r.second;
    if (r.has_offset) {
        second -= r.offset_s;
    } else if (instant_of(second, &second) == LOCAL_SKIPPED && r.has_clock) {
        errmsg_set(ret_errmsg, "", "\"%.*s\" does not exist in Norway: clocks were put forward over it", shown, text);
        return STATUS_INVALID;
    }
    *ret_time_us = second * SECOND_US + r.fraction_us;
    *ret_precision = r.has_clock ? SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT
                     : r.has_day ? SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY
                                 : SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH;
    return STATUS_OK;
}

/* Writes at least `digits` digits and returns the end. */
static char *put_number(char *out, int64_t value, int digits)
{
    char reversed[20];
    int count = 0;
    if (value < 0) {
        *out++ = '-';
        value = -value;
    }
    for (; value > 0 || count < digits; value /= 10)
        reversed[count++] = (char)('0' + value % 10);
    while (count > 0)
        *out++ = reversed[--count];
    return out;
}

static char *put_part(char *out, char separator, int64_t value, int digits)
{
    *out++ = separator;
    return put_number(out, value, digits);
}

static char *put_day(char *out, int32_t day, bool is_month)
{
    int year = 0;
    int month = 0;
    int mday = 0;
    civil_from_day(day, &year, &month, &mday);
    out = put_number(out, year, 4);
    out = put_part(out, '-', month, 2);
    return is_month ? out : put_part(out, '-', mday, 2);
}

void civil_time_format(int64_t time_us, Samordning__V1__TimePrecision precision, char ret_text[CIVIL_TIME_TEXT_SIZE])
{
    int64_t second = floor_div(time_us, SECOND_US);
    int32_t offset = oslo_clock_offset(second);
    int64_t local = second + offset;
    int64_t day = floor_div(local, DAY_S);
    char *out = put_day(ret_text, (int32_t)day, precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH);
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT) {
        int64_t in_day = local - day * DAY_S;
        out = put_part(out, 'T', in_day / 3600, 2);
        out = put_part(out, ':', in_day / 60 % 60, 2);
        out = put_part(out, ':', in_day % 60, 2);
        int64_t us = (time_us % SECOND_US + SECOND_US) % SECOND_US;
        if (us != 0)
            out = us % 1000 != 0 ? put_part(out, '.', us, 6) : put_part(out, '.', us / 1000, 3);
        int32_t minutes = (offset < 0 ? -offset : offset) / 60;
        out = put_part(out, offset < 0 ? '-' : '+', minutes / 60, 2);
        out = put_part(out, ':', minutes % 60, 2);
    }
    *out = '\0';
}

enum status civil_day_parse(const char *text, int32_t *ret_day)
{
    struct reading r;
    if (strlen(text) != 10 || !read_text(text, 10, &r) || text[4] != '-')
        return STATUS_INVALID;
    if (r.year < 1 || r.month < 1 || r.month > 12 || r.mday < 1 || r.mday > days_in_month(r.year, r.month))
        return STATUS_INVALID;
    *ret_day = civil_to_day(r.year, r.month, r.mday);
    return STATUS_OK;
}

void civil_day_format(int32_t day, char ret_text[16])
{
    *put_day(ret_text, day, false) = '\0';
}

int64_t civil_time_last_moment(int64_t time_us, Samordning__V1__TimePrecision precision)
{
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT)
        return time_us;
    int32_t day = civil_day_of(time_us), next = day + 1;
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH) {
        int year, month, mday;
        civil_from_day(day, &year, &month, &mday);
        next = month == 12 ? civil_to_day(year + 1, 1, 1) : civil_to_day(year, month + 1, 1);
    }
    return civil_day_start_us(next) - 1000000;
}
