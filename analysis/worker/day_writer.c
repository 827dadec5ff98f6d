/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blocks as they are built, cases gathered until the transaction ends.
 */
#include "day_writer.h"

#include "digest.h"
#include "sql_text.h"

#include <stdlib.h>
#include <string.h>

enum status day_writer_init(struct day_writer *writer, struct database *database)
{
    *writer = (struct day_writer){.database = database, .builder = day_builder_create()};
    return writer->builder ? STATUS_OK : database_no_memory(database);
}

void day_writer_release(struct day_writer *writer)
{
    day_writer_forget(writer);
    day_builder_destroy(writer->builder);
    free(writer->cases);
}

/* -------------------------------------------------------------------------------------------------------------- cases */
/* The place of a case in a table that has room. */
static struct case_note *find_case(struct case_note *cases, size_t capacity, const char *ref)
{
    size_t at = digest_bytes(0, ref, strlen(ref)) & (capacity - 1);
    while (cases[at].ref && strcmp(cases[at].ref, ref) != 0)
        at = (at + 1) & (capacity - 1);
    return &cases[at];
}

static bool grow_cases(struct day_writer *writer)
{
    if (2 * (writer->case_count + 1) <= writer->case_capacity)
        return true;
    size_t capacity = writer->case_capacity ? 2 * writer->case_capacity : 256;
    struct case_note *cases = calloc(capacity, sizeof *cases);
    if (!cases)
        return false;
    for (size_t i = 0; i < writer->case_capacity; i++)
        if (writer->cases[i].ref)
            *find_case(cases, capacity, writer->cases[i].ref) = writer->cases[i];
    free(writer->cases);
    writer->cases = cases;
    writer->case_capacity = capacity;
    return true;
}

/* First reports alone name cases, as before they are reconciled. */
static bool note_cases(struct day_writer *writer, int32_t day, const struct event_list *reports)
{
    const char *last = NULL;
    for (size_t i = 0; i < reports->count; i++) {
        const char *ref = reports->events[i].case_ref;
        if (!ref || reports->events[i].report != EVENT_FIRST || (last && strcmp(ref, last) == 0))
            continue;
        if (!grow_cases(writer))
            return false;
        struct case_note *note = find_case(writer->cases, writer->case_capacity, ref);
        if (!note->ref) {
            *note = (struct case_note){strdup(ref), day, day};
            if (!note->ref)
                return false;
            writer->case_count++;
        }
        note->first_day = day < note->first_day ? day : note->first_day;
        note->last_day = day > note->last_day ? day : note->last_day;
        last = ref;
    }
    return true;
}

enum status day_writer_finish(struct day_writer *writer)
{
    if (!writer->case_count)
        return STATUS_OK;
    const char **refs = malloc(writer->case_count * sizeof *refs);
    int32_t *days = malloc(2 * writer->case_count * sizeof *days);
    if (!refs || !days) {
        free(refs);
        free(days);
        return database_no_memory(writer->database);
    }
    size_t count = 0;
    for (size_t i = 0; i < writer->case_capacity; i++) {
        if (!writer->cases[i].ref)
            continue;
        refs[count] = writer->cases[i].ref;
        days[count] = writer->cases[i].first_day;
        days[writer->case_count + count] = writer->cases[i].last_day;
        count++;
    }
    const struct database_param params[] = {PARAM_TEXTS(refs, count), PARAM_INT4S(days, count),
                                            PARAM_INT4S(days + count, count)};
    enum status status = database_run(writer->database, sql_analysis_case_note, params, 3);
    free(refs);
    free(days);
    return status;
}

void day_writer_forget(struct day_writer *writer)
{
    for (size_t i = 0; i < writer->case_capacity && writer->case_count; i++)
        free(writer->cases[i].ref);
    if (writer->case_count)
        memset(writer->cases, 0, writer->case_capacity * sizeof *writer->cases);
    writer->case_count = 0;
}

/* ------------------------------------------------------------------------------------------------------------- blocks */
static bool write_block(void *arg, const struct day_builder_block *block)
{
    struct day_writer *writer = arg;
    if (writer->present_count < LAYERS_MAX)
        writer->present[writer->present_count++] = block->layer;
    const struct database_param params[] = {PARAM_INT4(block->day),
                                            PARAM_INT2(block->layer),
                                            PARAM_INT8((int64_t)block->digest),
                                            PARAM_INT4(block->interactions),
                                            PARAM_INT4(block->dyads),
                                            PARAM_INT2(DAY_BLOCK_FORMAT),
                                            PARAM_BYTEA(block->bytes, block->size)};
    writer->status = database_run(writer->database, sql_analysis_block_write, params, 7);
    writer->count.blocks++;
    writer->count.interactions += block->interactions;
    return writer->status == STATUS_OK;
}

static enum status write_blocks(struct day_writer *writer, int32_t day, const struct event_list *reports,
                                const struct day_builder_before *before, size_t before_count)
{
    writer->present_count = 0;
    writer->status = STATUS_OK;
    const struct day_builder_options options = {
        .tie = TIE_UNION, .built = write_block, .arg = writer, .before = before, .before_count = before_count};
    writer->count.days++;
    if (!day_builder_run(writer->builder, day, reports, &options) || !note_cases(writer, day, reports))
        return writer->status != STATUS_OK ? writer->status : database_no_memory(writer->database);
    return STATUS_OK;
}

enum status day_writer_whole(struct day_writer *writer, int32_t day, const struct event_list *reports)
{
    enum status status = write_blocks(writer, day, reports, NULL, 0);
    const struct database_param params[] = {PARAM_INT4(day), PARAM_INT2S(writer->present, writer->present_count)};
    return status == STATUS_OK ? database_run(writer->database, sql_analysis_block_clear, params, 2) : status;
}

enum status day_writer_more(struct day_writer *writer, int32_t day, const struct event_list *reports,
                            const struct day_builder_before *before, size_t before_count)
{
    return write_blocks(writer, day, reports, before, before_count);
}
