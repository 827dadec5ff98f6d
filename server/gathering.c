/* SPDX-License-Identifier: GPL-3.0-or-later
 * The entries of a gathering and their statements.
 */
#include "gathering.h"
#include "civil_time.h"
#include "copy_row.h"
#include "gather.h"
#include "sql_text.h"
#include "store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define GATHERING_KEEP_BYTES (2u << 20) /* more memory than this is given back after use */
#define MS_PER_DAY           INT64_C(86400000)

void month_set_clear(struct month_set *months)
{
    memset(months, 0, sizeof *months);
}

struct gathering *gathering_create(void)
{
    return calloc(1, sizeof(struct gathering));
}

void gathering_destroy(struct gathering *gathering)
{
    if (gathering == NULL)
        return;
    free(gathering->entries);
    free(gathering->labels);
    free(gathering->sql);
    pg_buffer_release(&gathering->rows);
    pg_buffer_release(&gathering->supplements);
    pg_buffer_release(&gathering->ids);
    pg_buffer_release(&gathering->reporters);
    pg_buffer_release(&gathering->hashes);
    pg_buffer_release(&gathering->months);
    pg_buffer_release(&gathering->days);
    pg_buffer_release(&gathering->touched.buffer);
    free(gathering);
}

bool gathering_is_small(const struct gathering *gathering)
{
    return gathering->rows.capacity + gathering->supplements.capacity + gathering->ids.capacity + gathering->hashes.capacity +
               gathering->touched.buffer.capacity + gathering->capacity * sizeof gathering->entries[0] +
               gathering->label_capacity * sizeof gathering->labels[0] <=
           GATHERING_KEEP_BYTES;
}

void gathering_reset(struct gathering *gathering)
{
    gathering->next = NULL;
    gathering->step = STEP_PREPARE;
    gathering->count = gathering->label_count = gathering->bytes = 0;
    gathering->first_us = gathering->recorded_at_us = 0;
    gathering->attempts = 0;
    gathering->look_first = false;
    gathering->rows.failed = gathering->supplements.failed = gathering->ids.failed = false;
    gathering->reporters.failed = gathering->hashes.failed = gathering->months.failed = false;
    gathering->days.failed = gathering->touched.buffer.failed = false;
}

static bool grow(void **array, size_t *capacity, size_t needed, size_t element)
{
    if (needed <= *capacity)
        return true;
    size_t more = *capacity * 2 > needed ? *capacity * 2 : needed;
    more = more < 64 ? 64 : more;
    void *grown = realloc(*array, more * element);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

bool gathering_add(struct gathering *gathering, struct submission *submission, size_t index, const int32_t *labels)
{
    const struct store_submission *ask = submission_ask(submission);
    size_t names = ask->interactions[index]->n_participants;
    void *entries = gathering->entries, *held = gathering->labels;
    bool room = grow(&entries, &gathering->capacity, gathering->count + 1, sizeof gathering->entries[0]);
    gathering->entries = entries;
    room = room && grow(&held, &gathering->label_capacity, gathering->label_count + names, sizeof gathering->labels[0]);
    gathering->labels = held;
    if (!room)
        return false;
    gathering->entries[gathering->count] = (struct gather_entry){.high = pg_load64(ask->ids[index]),
                                                                 .low = pg_load64(ask->ids[index] + 8),
                                                                 .submission = submission,
                                                                 .index = (uint32_t)index,
                                                                 .labels = (uint32_t)gathering->label_count,
                                                                 .order = (uint32_t)gathering->count};
    gathering->count++;
    memcpy(gathering->labels + gathering->label_count, labels, names * sizeof labels[0]);
    gathering->label_count += names;
    gathering->bytes += 100 + names * 40;
    return true;
}

void gathering_forget(struct gathering *gathering, const struct submission *submission)
{
    for (size_t i = 0; i < gathering->count; i++)
        if (gathering->entries[i].submission == submission)
            gathering->entries[i].submission = NULL;
}

size_t gathering_compact(struct gathering *gathering)
{
    size_t kept = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        if (gathering->entries[i].submission == NULL)
            continue;
        if (kept != i)
            gathering->entries[kept] = gathering->entries[i];
        kept++;
    }
    gathering->count = kept;
    return kept;
}

static int compare(const void *left, const void *right)
{
    const struct gather_entry *a = left, *b = right;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool same_id(const struct gather_entry *a, const struct gather_entry *b)
{
    return a->high == b->high && a->low == b->low;
}

size_t gathering_sort(struct gathering *gathering)
{
    struct gather_entry *entries = gathering->entries;
    size_t count = gathering->count, ordered = 1, repeated = 0;
    while (ordered < count && compare(&entries[ordered - 1], &entries[ordered]) < 0)
        ordered++;
    if (ordered < count)
        qsort(entries, count, sizeof entries[0], compare);
    for (size_t i = 1; i < count; i++)
        repeated += same_id(&entries[i - 1], &entries[i]);
    if (repeated == 0)
        return count;
    /* rare: stable partition in place by insertion, the unique ones first */
    size_t unique = 1;
    for (size_t i = 1; i < count; i++) {
        if (same_id(&entries[unique - 1], &entries[i]))
            continue;
        struct gather_entry one = entries[i];
        memmove(&entries[unique + 1], &entries[unique], (i - unique) * sizeof entries[0]);
        entries[unique++] = one;
    }
    return unique;
}

bool gathering_split(struct gathering *gathering, struct gathering *half)
{
    size_t keep = (gathering->count + 1) / 2;
    for (size_t i = keep; i < gathering->count; i++) {
        struct gather_entry *entry = &gathering->entries[i];
        if (!gathering_add(half, entry->submission, entry->index, gathering->labels + entry->labels))
            return false;
    }
    half->look_first = true;
    half->recorded_at_us = gathering->recorded_at_us;
    gathering->count = keep;
    return true;
}

bool gathering_has_corrections(const struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++)
        if (submission_ask(gathering->entries[i].submission)->intent == SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION)
            return true;
    return false;
}

/* ----------------------------------------------------------------------------------------------- months */

static int month_of(const struct gather_entry *entry)
{
    int year, month, mday;
    civil_from_day((int32_t)((int64_t)(entry->high >> 16) / MS_PER_DAY), &year, &month, &mday);
    int index = (year - 1970) * 12 + month - 1;
    return index >= 0 && index < GATHERING_MONTHS ? index : GATHERING_MONTHS - 1;
}

/* Entries are sorted by time, so their months come in runs; the days between two entries of one month need no look. */
static bool each_month(const struct gathering *gathering, bool (*visit)(int month, void *arg), void *arg)
{
    int64_t first_ms = 0, past_ms = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        int64_t ms = (int64_t)(gathering->entries[i].high >> 16);
        if (ms >= first_ms && ms < past_ms)
            continue;
        int month = month_of(&gathering->entries[i]);
        first_ms = (int64_t)civil_to_day(1970 + month / 12, month % 12 + 1, 1) * MS_PER_DAY;
        past_ms = (int64_t)civil_to_day(1970 + (month + 1) / 12, (month + 1) % 12 + 1, 1) * MS_PER_DAY;
        if (!visit(month, arg))
            return false;
    }
    return true;
}

static bool is_known(int month, void *arg)
{
    return ((struct month_set *)arg)->known[month] != 0;
}

static bool mark(int month, void *arg)
{
    ((struct month_set *)arg)->known[month] = 1;
    return true;
}

static bool count_one(int month, void *arg)
{
    ++*(size_t *)arg;
    return true;
}

static bool append(int month, void *arg)
{
    pg_array_int32(arg, civil_to_day(1970 + month / 12, month % 12 + 1, 1) - PG_EPOCH_DAYS);
    return true;
}

bool gathering_months_missing(const struct gathering *gathering, const struct month_set *months)
{
    struct month_set *set = (struct month_set *)(uintptr_t)months;
    return !each_month(gathering, is_known, set);
}

void gathering_months_made(const struct gathering *gathering, struct month_set *months)
{
    each_month(gathering, mark, months);
}

bool gathering_ask_months(struct gathering *gathering)
{
    size_t count = 0;
    each_month(gathering, count_one, &count);
    gathering->months.size = 0;
    pg_array_begin(&gathering->months, PG_DATE_OID, count, false);
    each_month(gathering, append, &gathering->months);
    gathering->request = (struct db_request){.sql = "SELECT report.ensure_partitions($1)"};
    db_request_binary(&gathering->request, PG_DATEARRAY_OID, gathering->months.data, gathering->months.size);
    return !gathering->months.failed;
}

/* ------------------------------------------------------------------------------------------- statements */

bool gathering_ask_what_is_there(struct gathering *g)
{
    g->ids.size = g->reporters.size = g->hashes.size = 0;
    pg_array_begin(&g->ids, PG_UUID_OID, g->count, false);
    pg_array_begin(&g->reporters, PG_INT4_OID, g->count, false);
    pg_array_begin(&g->hashes, PG_INT8_OID, g->count, false);
    for (size_t i = 0; i < g->count; i++) {
        const struct gather_entry *entry = &g->entries[i];
        const struct store_submission *ask = submission_ask(entry->submission);
        pg_array_bytes(&g->ids, ask->ids[entry->index], 16);
        pg_array_int32(&g->reporters, ask->call.principal.organisation);
        pg_array_int64(&g->hashes, (int64_t)ask->content_hashes[entry->index]);
    }
    if (g->ids.failed || g->reporters.failed || g->hashes.failed)
        return false;
    g->request = (struct db_request){.sql = sql_server_already_there, .binary = true};
    db_request_binary(&g->request, PG_UUIDARRAY_OID, g->ids.data, g->ids.size);
    db_request_binary(&g->request, PG_INT4ARRAY_OID, g->reporters.data, g->reporters.size);
    db_request_binary(&g->request, PG_INT8ARRAY_OID, g->hashes.data, g->hashes.size);
    /* the first and the last id stand in the array: after its header and each length */
    db_request_binary(&g->request, PG_UUID_OID, g->ids.data + 24, 16);
    db_request_binary(&g->request, PG_UUID_OID, g->ids.data + g->ids.size - 16, 16);
    return true;
}

/* The days (Europe/Oslo) in it, as an array. Entries are sorted by time, so the days come in runs. */
static size_t collect_days(struct gathering *g)
{
    int64_t first_us = 0, past_us = 0;
    size_t count = 0;
    g->days.size = 0;
    pg_array_begin(&g->days, PG_INT4_OID, 1, false);
    for (size_t i = 0; i < g->count; i++) {
        int64_t time_us = (int64_t)(g->entries[i].high >> 16) * 1000;
        if (count > 0 && time_us >= first_us && time_us < past_us)
            continue;
        int32_t day = civil_day_of(time_us);
        first_us = civil_day_start_us(day);
        past_us = civil_day_start_us(day + 1);
        pg_array_int32(&g->days, day);
        count++;
    }
    if (!g->days.failed)
        pg_store32(g->days.data + 12, (uint32_t)count);
    return count;
}

/* Adds to a statement at *at, whose room ends at `end` and was sized for all of it beforehand. */
static void put(char **at, const char *end, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put(char **at, const char *end, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    int length = vsnprintf(*at, (size_t)(end - *at), format, arguments);
    va_end(arguments);
    *at += length < 0 ? 0 : length < end - *at ? length : end - *at - 1;
}

/* The statements of a COPY without a gist; they have no parameters, so the days stand in the text. */
static bool build_sql(struct gathering *g, size_t days, bool rows, bool supplements)
{
    void *sql = g->sql;
    size_t needed = 256 + sizeof COPY_INTERACTION + sizeof COPY_SUPPLEMENT + days * 12;
    bool room = grow(&sql, &g->sql_capacity, needed, 1);
    g->sql = sql;
    if (!room)
        return false;
    char *at = g->sql;
    const char *end = at + needed;
    put(&at, end, "INSERT INTO report.touched (days) VALUES ('{");
    for (size_t i = 0; i < days; i++)
        put(&at, end, i > 0 ? ",%d" : "%d", (int)(int32_t)pg_load32(g->days.data + 20 + i * 8 + 4));
    put(&at, end, "}'); %s%s%s", rows ? COPY_INTERACTION : "", rows && supplements ? "; " : "",
        supplements ? COPY_SUPPLEMENT : "");
    return true;
}

static const char *const small_names[GATHERING_SMALL_MAX + 1] = {NULL,    "put_1", "put_2", "put_3", "put_4",
                                                                 "put_5", "put_6", "put_7", "put_8"};

/* The encoded rows serve as parameters where they lie. */
static void ask_small(struct gathering *g)
{
    static int binary[GATHERING_SMALL_PARAMS];
    if (binary[0] == 0)
        for (size_t i = 0; i < GATHERING_SMALL_PARAMS; i++)
            binary[i] = 1;
    g->small_values[0] = (const char *)g->days.data;
    g->small_lengths[0] = (int)g->days.size;
    copy_fields(&g->rows, g->count, g->small_values + 1, g->small_lengths + 1);
    g->request = (struct db_request){.statement = small_names[g->count],
                                     .many_count = g->count * INTERACTION_COLUMN_COUNT + 1,
                                     .many_values = g->small_values,
                                     .many_lengths = g->small_lengths,
                                     .many_formats = binary};
}

char *gathering_setup(const char *before, const char *after)
{
    size_t size = strlen(before) + strlen(after) + 1;
    for (size_t k = 1; k <= GATHERING_SMALL_MAX; k++)
        size += 300 + sizeof INTERACTION_COLUMNS + k * (sizeof INTERACTION_TYPES + INTERACTION_COLUMN_COUNT * (size_t)6 + 8);
    char *sql = malloc(size);
    if (sql == NULL)
        return NULL;
    char *at = sql;
    const char *end = sql + size;
    put(&at, end, "%s", before);
    for (size_t k = 1; k <= GATHERING_SMALL_MAX; k++) {
        put(&at, end, "PREPARE %s (int4[]", small_names[k]);
        for (size_t row = 0; row < k; row++)
            put(&at, end, ", %s", INTERACTION_TYPES);
        put(&at, end,
            ") AS WITH touched AS (INSERT INTO report.touched (days) VALUES ($1)) INSERT INTO report.interaction %s VALUES ",
            INTERACTION_COLUMNS);
        for (size_t row = 0; row < k; row++)
            for (size_t i = 0; i < INTERACTION_COLUMN_COUNT; i++)
                put(&at, end, "%s$%zu%s",
                    i > 0     ? ", "
                    : row > 0 ? ", ("
                              : "(",
                    2 + row * INTERACTION_COLUMN_COUNT + i, i + 1 == INTERACTION_COLUMN_COUNT ? ")" : "");
        put(&at, end, "; ");
    }
    put(&at, end, "%s", after);
    return sql;
}

static bool has_supplements(const struct gathering *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->entries[i].plan != PLAN_INSERT)
            return true;
    return false;
}

bool gathering_ask_write(struct gathering *g)
{
    /* A supplement changes what is there already, so its day is read anyway; and a handful is read soon enough. */
    bool rows = false, supplements = has_supplements(g), gist = !supplements && g->count > GATHERING_SMALL_MAX;
    size_t days = collect_days(g);
    copy_begin(&g->rows);
    copy_begin(&g->supplements);
    if (gist)
        touched_row_begin(&g->touched, &g->days, g->recorded_at_us);
    for (size_t i = 0; i < g->count; i++) {
        const struct gather_entry *entry = &g->entries[i];
        const struct store_submission *ask = submission_ask(entry->submission);
        const struct copy_row row = {.id = ask->ids[entry->index],
                                     .message = ask->interactions[entry->index],
                                     .labels = g->labels + entry->labels,
                                     .content_hash = ask->content_hashes[entry->index],
                                     .recorded_at_us = g->recorded_at_us,
                                     .reporter = ask->call.principal.organisation,
                                     .layer = submission_layer(entry->submission, entry->index),
                                     .kind = entry->plan == PLAN_INSERT    ? SUPPLEMENT_NONE
                                             : entry->plan == PLAN_WITNESS ? SUPPLEMENT_WITNESS
                                                                           : SUPPLEMENT_CORRECTION,
                                     .revision = entry->revision};
        copy_row(entry->plan == PLAN_INSERT ? &g->rows : &g->supplements, &row);
        if (gist)
            touched_row_add(&g->touched, &row);
        rows |= entry->plan == PLAN_INSERT;
    }
    copy_end(&g->rows);
    copy_end(&g->supplements);
    if (gist)
        touched_row_end(&g->touched);
    if (g->rows.failed || g->supplements.failed || g->days.failed || g->touched.buffer.failed)
        return false;
    if (!supplements && !gist) {
        ask_small(g);
        return true;
    }
    if (!gist && !build_sql(g, days, rows, supplements))
        return false;
    g->request = (struct db_request){.sql = gist ? COPY_TOUCHED "; " COPY_INTERACTION : g->sql};
    size_t n = 0;
    if (gist) {
        g->request.copies[n].data = g->touched.buffer.data;
        g->request.copies[n++].size = g->touched.buffer.size;
    }
    if (rows) {
        g->request.copies[n].data = g->rows.data;
        g->request.copies[n++].size = g->rows.size;
    }
    if (supplements) {
        g->request.copies[n].data = g->supplements.data;
        g->request.copies[n].size = g->supplements.size;
    }
    return true;
}
