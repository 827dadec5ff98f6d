/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the ZIP file's list and every part of it (PKWARE's APPNOTE 6.3.3, 4.3: no ZIP64, which a workbook of ours has no use
 * for).
 */
#include "xlsx_whole.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define END_SIZE     22
#define CENTRAL_SIZE 46
#define LOCAL_SIZE   30
#define BLOCK        65536
#define HEAD_SIZE    512 /* of a part: its first element begins within */
#define TAIL_SIZE    64

static uint32_t little(const unsigned char *at, int bytes)
{
    uint32_t number = 0;
    for (int i = bytes; i-- > 0;)
        number = number << 8 | at[i];
    return number;
}

struct part {
    uint32_t offset, packed, size;
    bool is_stored;
};
/* What a part begins and ends with. */
struct ends {
    char head[HEAD_SIZE + 1], tail[TAIL_SIZE + 1];
    size_t head_size, tail_size;
    uint32_t size;
};

static void ends_add(struct ends *ends, const unsigned char *bytes, size_t size)
{
    size_t more = HEAD_SIZE - ends->head_size < size ? HEAD_SIZE - ends->head_size : size;
    memcpy(ends->head + ends->head_size, bytes, more);
    ends->head_size += more;
    ends->size += (uint32_t)size;
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

static bool part_is_whole(FILE *file, const struct part *part, unsigned char *block)
{
    unsigned char local[LOCAL_SIZE], *packed = block, *plain = block + BLOCK;
    struct ends ends = {.size = 0};
    if (fseek(file, part->offset, SEEK_SET) != 0 || fread(local, 1, sizeof local, file) != sizeof local ||
        little(local, 4) != 0x04034b50 || fseek(file, (long)little(local + 26, 2) + (long)little(local + 28, 2), SEEK_CUR) != 0)
        return false;
    z_stream stream = {0};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    bool good = true, ended = part->is_stored;
    for (uint32_t left = part->packed; good && left > 0;) {
        size_t size = left < BLOCK ? left : BLOCK;
        good = fread(packed, 1, size, file) == size;
        left -= (uint32_t)size;
        if (part->is_stored)
            ends_add(&ends, packed, size);
        stream.next_in = packed;
        stream.avail_in = part->is_stored ? 0 : (uInt)size;
        while (good && !ended && stream.avail_in > 0) {
            stream.next_out = plain;
            stream.avail_out = BLOCK;
            int code = inflate(&stream, Z_NO_FLUSH);
            ended = code == Z_STREAM_END;
            good = ended || code == Z_OK;
            ends_add(&ends, plain, BLOCK - stream.avail_out);
        }
    }
    inflateEnd(&stream);
    return good && ended && ends.size == part->size && ends_meet(&ends);
}

/* The list at the end of the file; NULL: it is none. On the heap. */
static unsigned char *list_read(FILE *file, size_t *ret_count, size_t *ret_size)
{
    unsigned char end[END_SIZE];
    if (fseek(file, -END_SIZE, SEEK_END) != 0 || fread(end, 1, sizeof end, file) != sizeof end || little(end, 4) != 0x06054b50)
        return NULL;
    *ret_count = little(end + 10, 2);
    *ret_size = little(end + 12, 4);
    unsigned char *list =
        *ret_count > 0 && *ret_count <= XLSX_PARTS_MAX && *ret_size <= XLSX_CENTRAL_MAX ? malloc(*ret_size + 1) : NULL;
    if (list != NULL &&
        (fseek(file, (long)little(end + 16, 4), SEEK_SET) != 0 || fread(list, 1, *ret_size, file) != *ret_size)) {
        free(list);
        return NULL;
    }
    return list;
}

bool xlsx_is_whole(const char *path)
{
    FILE *file = fopen(path, "re");
    size_t count = 0, size = 0, at = 0;
    unsigned char *list = file != NULL ? list_read(file, &count, &size) : NULL, *block = malloc(2 * BLOCK);
    bool good = list != NULL && block != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const unsigned char *entry = list + at;
        good = size - at >= CENTRAL_SIZE && little(entry, 4) == 0x02014b50;
        if (!good)
            break;
        struct part part = {.is_stored = little(entry + 10, 2) == 0,
                            .packed = little(entry + 20, 4),
                            .size = little(entry + 24, 4),
                            .offset = little(entry + 42, 4)};
        size_t entry_size = CENTRAL_SIZE + (size_t)little(entry + 28, 2) + little(entry + 30, 2) + little(entry + 32, 2);
        good = entry_size <= size - at && part_is_whole(file, &part, block);
        at += entry_size;
    }
    free(list);
    free(block);
    if (file != NULL)
        fclose(file);
    return good;
}
