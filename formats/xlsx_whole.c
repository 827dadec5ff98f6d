/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads every part of the workbook, which is a ZIP file of XML, and looks at its two ends.
 */
#include "xlsx_whole.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

#define BLOCK     65536
#define HEAD_SIZE 512 /* of a part: its first element begins within */
#define TAIL_SIZE 64

/* What a part begins and ends with. */
struct ends {
    char head[HEAD_SIZE + 1], tail[TAIL_SIZE + 1];
    size_t head_size, tail_size;
};

static void ends_add(struct ends *ends, const char *bytes, size_t size)
{
    size_t more = HEAD_SIZE - ends->head_size < size ? HEAD_SIZE - ends->head_size : size;
    memcpy(ends->head + ends->head_size, bytes, more);
    ends->head_size += more;
    size_t take = size < TAIL_SIZE ? size : TAIL_SIZE,
           keep = TAIL_SIZE - take < ends->tail_size ? TAIL_SIZE - take : ends->tail_size;
    memmove(ends->tail, ends->tail + ends->tail_size - keep, keep);
    memcpy(ends->tail + keep, bytes + size - take, take);
    ends->tail_size = keep + take;
}

/* "<?xml ...?> <worksheet ..." ... "</worksheet>" */
static bool ends_meet(struct ends *ends)
{
    ends->head[ends->head_size] = ends->tail[ends->tail_size] = '\0';
    const char *begin = strstr(ends->head, "?>");
    begin = begin != NULL ? strchr(begin, '<') : NULL;
    char close[HEAD_SIZE + 4];
    if (begin == NULL)
        return false;
    snprintf(close, sizeof close, "</%.*s>", (int)strcspn(begin + 1, " \t\r\n/>"), begin + 1);
    while (ends->tail_size > 0 && strchr(" \t\r\n", ends->tail[ends->tail_size - 1]) != NULL)
        ends->tail[--ends->tail_size] = '\0';
    size_t size = strlen(close);
    return ends->tail_size >= size && strcmp(ends->tail + ends->tail_size - size, close) == 0;
}

/* Sizes and checksums are compared by the library, at the end of a part. */
static bool part_is_whole(struct archive *archive)
{
    struct ends ends = {.head_size = 0};
    char block[BLOCK];
    la_ssize_t size;
    while ((size = archive_read_data(archive, block, sizeof block)) > 0)
        ends_add(&ends, block, (size_t)size);
    return size == 0 && ends_meet(&ends);
}

bool xlsx_is_whole(const char *path)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    size_t parts = 0;
    bool whole = archive != NULL && archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK &&
                 archive_read_open_filename(archive, path, BLOCK) == ARCHIVE_OK;
    int next = ARCHIVE_EOF;
    while (whole && (next = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        whole = part_is_whole(archive);
        parts++;
    }
    archive_read_free(archive);
    return whole && next == ARCHIVE_EOF && parts > 0;
}
