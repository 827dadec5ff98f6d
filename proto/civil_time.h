/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points in time as files write them, in Europe/Oslo, to and from microseconds since 1970 UTC; and days of Europe/Oslo.
 *
 * Needs the tz database (package tzdata); loads Europe/Oslo once into a table of its own, so it depends neither on TZ nor on
 * process-wide state, and is fast (no libc time calls per conversion).
 */
#ifndef SAMORDNING_CIVIL_TIME_H
#define SAMORDNING_CIVIL_TIME_H

#include "status.h"
#include "vocabulary.pb-c.h"

#include <stddef.h>
#include <stdint.h>

#define CIVIL_TIME_TEXT_SIZE 40
#define CIVIL_DAY_US         INT64_C(86400000000)

/* Accepts 2014-03-01T09:30[:15[.123456]][Z|+01:00], a blank for T, 2014-03-01, 2014-03, and dd.mm.yyyy [hh:mm]. Without an
 * offset: Oslo time (the earlier of two in the hour that repeats; a time in the hour that is skipped is an error). */
MUST_CHECK enum status civil_time_parse(const char *text, size_t size, int64_t *ret_time_us,
                                        Samordning__V1__TimePrecision *ret_precision, struct errmsg *ret_errmsg);
/* ISO 8601 with Oslo's offset; only the date (or month) for coarser precision. */
void civil_time_format(int64_t time_us, Samordning__V1__TimePrecision precision, char ret_text[CIVIL_TIME_TEXT_SIZE]);

/* The last second of the day or month that begins at time_us; time_us itself for an instant. What a deadline given as a date
 * means. */
int64_t civil_time_last_moment(int64_t time_us, Samordning__V1__TimePrecision precision);

int32_t civil_day_of(int64_t time_us);                                      /* days since 1970-01-01 in Europe/Oslo */
int64_t civil_day_start_us(int32_t day);                                    /* midnight in Oslo that begins it */
double civil_day_fraction(int64_t time_us);                                 /* the day, with the part of it that has passed */
MUST_CHECK enum status civil_day_parse(const char *text, int32_t *ret_day); /* YYYY-MM-DD, a real date */
void civil_day_format(int32_t day, char ret_text[16]);
void civil_from_day(int32_t day, int *ret_year, int *ret_month, int *ret_mday); /* proleptic Gregorian */
int32_t civil_to_day(int year, int month, int mday);

#endif
