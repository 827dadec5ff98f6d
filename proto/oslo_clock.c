/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far clocks in Oslo are ahead of UTC: from a TZif file (RFC 8536) and the rule in its footer, or from the law. */
#include "oslo_clock.h"

#include "civil_time.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S         INT64_C(86400)
#define FILE_SIZE_MAX 65536
#define FAR_AWAY_S    (INT64_C(10000) * 366 * DAY_S) /* some files begin with a change at the beginning of the universe */

/* One date of a yearly rule: the week-th (5 = last) weekday (0 = Sunday) of a month, at so many seconds of local time. */
struct rule_date {
    int month, week, weekday;
    int32_t second;
};
struct rule {
    int32_t standard, summer; /* seconds ahead of UTC */
    bool has_summer;
    struct rule_date begins, ends;
};

static enum status add_change(struct oslo_clock *clock, int64_t at, int32_t offset)
{
    if (clock->count == OSLO_CLOCK_CHANGES_MAX || (clock->count > 0 && at <= clock->at[clock->count - 1]))
        return STATUS_INVALID;
    clock->at[clock->count] = at;
    clock->offset[clock->count++] = offset;
    return STATUS_OK;
}

static int64_t local_second(int year, const struct rule_date *date)
{
    int32_t first = civil_to_day(year, date->month, 1);
    int32_t next_month = date->month == 12 ? civil_to_day(year + 1, 1, 1) : civil_to_day(year, date->month + 1, 1);
    int first_weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int32_t day = first + (date->weekday - first_weekday + 7) % 7 + 7 * (date->week - 1);
    while (day >= next_month)
        day -= 7;
    return day * DAY_S + date->second;
}

static enum status add_year(struct oslo_clock *clock, int year, const struct rule *rule)
{
    if (!rule->has_summer)
        return STATUS_OK;
    int64_t begins = local_second(year, &rule->begins) - rule->standard;
    int64_t ends = local_second(year, &rule->ends) - rule->summer;
    if (begins > ends) /* the southern half of the world */
        return STATUS_INVALID;
    int64_t last = clock->at[clock->count - 1];
    if (begins > last && add_change(clock, begins, rule->summer) != STATUS_OK)
        return STATUS_INVALID;
    if (ends > last && add_change(clock, ends, rule->standard) != STATUS_OK)
        return STATUS_INVALID;
    return STATUS_OK;
}

/* The bucket table makes a look-up a division by a power of two and a step or two. */
static void fill_buckets(struct oslo_clock *clock)
{
    clock->bucket_base = civil_to_day(1945, 1, 1) * DAY_S;
    size_t change = 0;
    for (size_t i = 0; i < OSLO_CLOCK_BUCKETS; i++) {
        int64_t begin = clock->bucket_base + ((int64_t)i << OSLO_CLOCK_BUCKET_SHIFT);
        while (change + 1 < clock->count && clock->at[change + 1] <= begin)
            change++;
        clock->bucket[i] = (uint16_t)change;
    }
}

static size_t change_at(const struct oslo_clock *clock, int64_t second)
{
    size_t change = 0;
    if (second >= clock->bucket_base) {
        uint64_t bucket = (uint64_t)(second - clock->bucket_base) >> OSLO_CLOCK_BUCKET_SHIFT;
        change = clock->bucket[bucket < OSLO_CLOCK_BUCKETS ? bucket : OSLO_CLOCK_BUCKETS - 1];
    }
    while (change + 1 < clock->count && clock->at[change + 1] <= second)
        change++;
    return change;
}

int32_t oslo_clock_offset_in(const struct oslo_clock *clock, int64_t second)
{
    return clock->offset[change_at(clock, second)];
}

/* ------------------------------------------------------------------------------------------------ TZif */

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static bool skip(struct reader *r, uint64_t size)
{
    if ((uint64_t)(r->end - r->at) < size)
        return false;
    r->at += size;
    return true;
}

static int64_t big_endian(const uint8_t *bytes, int count)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

struct tzif_header {
    uint64_t utc_marks, standard_marks, leaps, changes, types, letters;
};

static bool read_header(struct reader *r, struct tzif_header *ret_header)
{
    const uint8_t *head = r->at;
    if (!skip(r, 44) || memcmp(head, "TZif", 4) != 0 || head[4] < '2')
        return false;
    uint64_t counts[6];
    for (size_t i = 0; i < 6; i++)
        counts[i] = (uint64_t)big_endian(head + 20 + 4 * i, 4) & UINT32_MAX;
    *ret_header = (struct tzif_header){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return true;
}

static bool read_number(const char **text, int32_t *ret_value)
{
    if (**text < '0' || **text > '9')
        return false;
    int32_t value = 0;
    while (**text >= '0' && **text <= '9' && value < 100000)
        value = value * 10 + (*(*text)++ - '0');
    *ret_value = value;
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool read_hours(const char **text, int32_t *ret_seconds)
{
    int sign = **text == '-' ? -1 : 1;
    if (**text == '-' || **text == '+')
        (*text)++;
    int32_t seconds = 0;
    int32_t unit = 3600;
    do {
        int32_t value = 0;
        if (!read_number(text, &value) || value > 167)
            return false;
        seconds += value * unit;
        unit /= 60;
    } while (unit > 0 && **text == ':' && (*text)++ != NULL);
    *ret_seconds = sign * seconds;
    return true;
}

static bool read_zone_name(const char **text)
{
    const char *start = *text;
    if (**text == '<') {
        *text += strcspn(*text, ">");
        return **text == '>' && (*text)++ != NULL;
    }
    while ((**text >= 'A' && **text <= 'Z') || (**text >= 'a' && **text <= 'z'))
        (*text)++;
    return *text - start >= 3;
}

/* ,Mm.w.d[/time] */
static bool read_date(const char **text, struct rule_date *ret_date)
{
    int32_t numbers[3];
    if (*(*text)++ != ',' || *(*text)++ != 'M')
        return false;
    for (int i = 0; i < 3; i++)
        if ((i > 0 && *(*text)++ != '.') || !read_number(text, &numbers[i]))
            return false;
    *ret_date = (struct rule_date){.month = numbers[0], .week = numbers[1], .weekday = numbers[2], .second = 2 * 3600};
    if (numbers[0] < 1 || numbers[0] > 12 || numbers[1] < 1 || numbers[1] > 5 || numbers[2] > 6)
        return false;
    return **text != '/' || ((*text)++ != NULL && read_hours(text, &ret_date->second));
}

/* Offsets in a footer are what must be added to local time to get UTC, hence the signs. */
static bool read_rule(const char *text, struct rule *ret_rule)
{
    *ret_rule = (struct rule){0};
    if (!read_zone_name(&text) || !read_hours(&text, &ret_rule->standard))
        return false;
    ret_rule->standard = -ret_rule->standard;
    if (*text == '\0')
        return true;
    if (!read_zone_name(&text))
        return false;
    ret_rule->summer = ret_rule->standard + 3600;
    if (*text != ',') {
        if (!read_hours(&text, &ret_rule->summer))
            return false;
        ret_rule->summer = -ret_rule->summer;
    }
    ret_rule->has_summer = true;
    return read_date(&text, &ret_rule->begins) && read_date(&text, &ret_rule->ends) && *text == '\0';
}

static enum status add_footer_years(struct oslo_clock *clock, struct reader r)
{
    char text[128];
    size_t size = (size_t)(r.end - r.at);
    if (size < 2 || size - 2 >= sizeof text || r.at[0] != '\n' || r.end[-1] != '\n')
        return STATUS_INVALID;
    memcpy(text, r.at + 1, size - 2);
    text[size - 2] = '\0';
    struct rule rule;
    if (!read_rule(text, &rule))
        return STATUS_INVALID;
    int year = 1970;
    int month = 0;
    int mday = 0;
    int64_t last = clock->at[clock->count - 1];
    if (last > -FAR_AWAY_S)
        civil_from_day((int32_t)(last / DAY_S), &year, &month, &mday);
    for (; year <= OSLO_CLOCK_LAST_YEAR; year++)
        if (add_year(clock, year, &rule) != STATUS_OK)
            return STATUS_INVALID;
    return STATUS_OK;
}

enum status oslo_clock_load(const uint8_t *file, size_t size, struct oslo_clock *ret_clock)
{
    struct reader r = {.at = file, .end = file + size};
    struct tzif_header h;
    /* The first block has 32-bit times for old readers. */
    if (!read_header(&r, &h) ||
        !skip(&r, h.changes * 5 + h.types * 6 + h.letters + h.leaps * 8 + h.standard_marks + h.utc_marks) ||
        !read_header(&r, &h))
        return STATUS_INVALID;
    const uint8_t *times = r.at;
    const uint8_t *indices = times + h.changes * 8;
    const uint8_t *types = indices + h.changes;
    if (h.types == 0 || !skip(&r, h.changes * 9 + h.types * 6 + h.letters + h.leaps * 12 + h.standard_marks + h.utc_marks))
        return STATUS_INVALID;
    struct oslo_clock *clock = ret_clock;
    clock->count = 0;
    if (add_change(clock, INT64_MIN, (int32_t)big_endian(types, 4)) != STATUS_OK)
        return STATUS_INVALID;
    for (uint64_t i = 0; i < h.changes; i++) {
        int64_t offset = indices[i] < h.types ? big_endian(types + 6 * (size_t)indices[i], 4) : DAY_S * 2;
        int64_t at = big_endian(times + 8 * i, 8);
        /* No clock on earth is further than 26 hours from UTC. */
        if (offset > DAY_S + 7200 || offset < -DAY_S - 7200 || at > FAR_AWAY_S)
            return STATUS_INVALID;
        if (add_change(clock, at, (int32_t)offset) != STATUS_OK)
            return STATUS_INVALID;
    }
    if (add_footer_years(clock, r) != STATUS_OK)
        return STATUS_INVALID;
    fill_buckets(clock);
    return STATUS_OK;
}

void oslo_clock_from_law(struct oslo_clock *ret_clock)
{
    struct rule rule = {
        .standard = 3600,
        .summer = 7200,
        .has_summer = true,
        .begins = {.month = 3, .week = 5, .weekday = 0, .second = 2 * 3600},
        .ends = {.month = 9, .week = 5, .weekday = 0, .second = 3 * 3600},
    };
    ret_clock->count = 0;
    enum status status = add_change(ret_clock, INT64_MIN, 3600);
    for (int year = 1980; year <= OSLO_CLOCK_LAST_YEAR && status == STATUS_OK; year++) {
        struct rule of_year = rule;
        if (year == 1980)
            of_year.begins = (struct rule_date){.month = 4, .week = 1, .weekday = 0, .second = 2 * 3600};
        if (year >= 1996)
            of_year.ends.month = 10;
        status = add_year(ret_clock, year, &of_year);
    }
    fill_buckets(ret_clock);
}

/* ---------------------------------------------------------------------------------- the process's own clock */

static struct oslo_clock own_clock;
static pthread_once_t own_clock_once = PTHREAD_ONCE_INIT;
static bool own_clock_ready;

static void load_own_clock(void)
{
    enum status status = STATUS_NOT_FOUND;
    FILE *file = fopen(OSLO_CLOCK_FILE, "rbe");
    uint8_t *bytes = malloc(FILE_SIZE_MAX);
    if (file != NULL && bytes != NULL) {
        size_t size = fread(bytes, 1, FILE_SIZE_MAX, file);
        status = oslo_clock_load(bytes, size, &own_clock);
    }
    free(bytes);
    if (file != NULL)
        fclose(file);
    if (status != STATUS_OK)
        oslo_clock_from_law(&own_clock);
    __atomic_store_n(&own_clock_ready, true, __ATOMIC_RELEASE);
}

static const struct oslo_clock *get_own_clock(void)
{
    if (!__atomic_load_n(&own_clock_ready, __ATOMIC_ACQUIRE))
        pthread_once(&own_clock_once, load_own_clock);
    return &own_clock;
}

int32_t oslo_clock_offset(int64_t second)
{
    return oslo_clock_offset_in(get_own_clock(), second);
}

int64_t oslo_clock_change_before(int64_t second)
{
    const struct oslo_clock *clock = get_own_clock();
    return clock->at[change_at(clock, second)];
}
