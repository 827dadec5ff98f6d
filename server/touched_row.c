/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two fields: the days as they are, and the gist, whose length is known at the end.
 */
#include "touched_row.h"

void touched_row_begin(struct touched_row *touched, const struct pg_buffer *days, int64_t recorded_at_us)
{
    struct pg_buffer *buffer = &touched->buffer;
    copy_begin(buffer);
    if (days->failed || !pg_reserve(buffer, 2 + 4 + days->size + 4 + GIST_BEGIN_SIZE)) {
        buffer->failed = true;
        return;
    }
    uint8_t *at = pg_store16(buffer->data + buffer->size, 2);
    at = pg_store32(at, (uint32_t)days->size);
    memcpy(at, days->data, days->size);
    at += days->size;
    touched->gist_at = (size_t)(at - buffer->data) + 4;
    gist_begin(&touched->gist, at + 4, recorded_at_us);
    buffer->size = touched->gist_at + touched->gist.size;
}

void touched_row_add(struct touched_row *touched, const struct copy_row *row)
{
    struct pg_buffer *buffer = &touched->buffer;
    if (!pg_reserve(buffer, gist_put_max(row->message)))
        return;
    const struct gist_source source = {.id = row->id,
                                       .message = row->message,
                                       .labels = row->labels,
                                       .content_hash = row->content_hash,
                                       .reporter = row->reporter,
                                       .layer = row->layer};
    gist_put(&touched->gist, buffer->data + touched->gist_at, &source);
    buffer->size = touched->gist_at + touched->gist.size;
}

void touched_row_end(struct touched_row *touched)
{
    struct pg_buffer *buffer = &touched->buffer;
    if (!buffer->failed)
        pg_store32(buffer->data + touched->gist_at - 4, (uint32_t)touched->gist.size);
    copy_end(buffer);
}
