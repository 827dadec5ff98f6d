/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far clocks in Oslo are ahead of UTC, at any second, in constant time.
 *
 * Read once from the tz database and followed by its own rule for later years. Without the database (an image without
 * tzdata) the law's rules since 1980 apply: summer time from the last Sunday of March (6 April in 1980) to the last Sunday of
 * September, since 1996 of October, at 01:00 UTC; the two agree from 1980 on.
 */
#ifndef SAMORDNING_OSLO_CLOCK_H
#define SAMORDNING_OSLO_CLOCK_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define OSLO_CLOCK_FILE         "/usr/share/zoneinfo/Europe/Oslo"
#define OSLO_CLOCK_CHANGES_MAX  768
#define OSLO_CLOCK_BUCKET_SHIFT 23 /* 97 days: at most one change falls into a bucket after 1945 */
#define OSLO_CLOCK_BUCKETS      1024
#define OSLO_CLOCK_LAST_YEAR    2199

struct oslo_clock {
    size_t count;
    int64_t at[OSLO_CLOCK_CHANGES_MAX];     /* seconds since 1970 UTC; at[0] = INT64_MIN */
    int32_t offset[OSLO_CLOCK_CHANGES_MAX]; /* from at[i] on */
    int64_t bucket_base;
    uint16_t bucket[OSLO_CLOCK_BUCKETS]; /* the change in force where the bucket begins */
};

/* Fills a clock from a TZif file (version 2 or later, any zone), or from the law's rules. */
MUST_CHECK enum status oslo_clock_load(const uint8_t *file, size_t size, struct oslo_clock *ret_clock);
void oslo_clock_from_law(struct oslo_clock *ret_clock);

int32_t oslo_clock_offset_in(const struct oslo_clock *clock, int64_t second);

/* With the process's own clock, loaded at the first call. */
int32_t oslo_clock_offset(int64_t second);
int64_t oslo_clock_change_before(int64_t second); /* the latest change at or before `second` */

#endif
