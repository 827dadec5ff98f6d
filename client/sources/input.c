/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bytes of a file or of standard input, decompressed and as UTF-8. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define INPUT_BLOCK ((size_t)256 << 10)

enum input_packing { INPUT_PLAIN, INPUT_GZIP, INPUT_ZSTD };

struct input {
    int fd;
    bool close_fd;
    bool latin1;
    bool begun;   /* the first bytes have been looked at */
    bool at_end;  /* nothing more on disk */
    bool between; /* gzip or zstd: not inside a member, so the end may come here */
    enum input_packing packing;
    uint64_t position, total, unpacked;
    unsigned char *raw; /* bytes as on disk */
    size_t raw_start, raw_end;
    char head[4]; /* decoded bytes kept while looking for a mark */
    size_t head_size, head_start;
    z_stream gzip;
    bool gzip_open;
    ZSTD_DStream *zstd;
};

const char *input_windows_1252(unsigned char byte)
{
    static const char *const meant[32] = {"€",  NULL, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", NULL, "Ž", NULL,
                                          NULL, "‘",  "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", NULL, "ž", "Ÿ"};
    return byte >= 0x80 && byte < 0xa0 ? meant[byte - 0x80] : NULL;
}

enum status input_open(const char *path, bool latin1, struct input **ret_input, struct errmsg *ret_errmsg)
{
    struct input *input = calloc(1, sizeof *input);
    if (!input)
        return STATUS_NO_MEMORY;
    input->fd = STDIN_FILENO;
    input->latin1 = latin1;
    input->between = true;
    input->raw = malloc(INPUT_BLOCK);
    if (!input->raw) {
        input_close(input);
        return STATUS_NO_MEMORY;
    }
    if (strcmp(path, "-") != 0) {
        input->fd = open(path, O_RDONLY | O_CLOEXEC);
        if (input->fd < 0) {
            errmsg_set(ret_errmsg, "", "could not open %s: %s", path, strerror(errno));
            input_close(input);
            return STATUS_NOT_FOUND;
        }
        input->close_fd = true;
    }
    struct stat about;
    if (fstat(input->fd, &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            errmsg_set(ret_errmsg, "", "could not open %s: it is a directory", path);
            input_close(input);
            return STATUS_INVALID;
        }
        if (S_ISREG(about.st_mode))
            input->total = (uint64_t)about.st_size;
    }
    (void)posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    *ret_input = input;
    return STATUS_OK;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    if (input->gzip_open)
        inflateEnd(&input->gzip);
    ZSTD_freeDStream(input->zstd);
    if (input->close_fd)
        close(input->fd);
    free(input->raw);
    free(input);
}

static enum status fill(struct input *input, struct errmsg *errmsg)
{
    if (input->raw_start > 0) {
        memmove(input->raw, input->raw + input->raw_start, input->raw_end - input->raw_start);
        input->raw_end -= input->raw_start;
        input->raw_start = 0;
    }
    while (!input->at_end && input->raw_end < INPUT_BLOCK) {
        ssize_t got = read(input->fd, input->raw + input->raw_end, INPUT_BLOCK - input->raw_end);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            errmsg_set(errmsg, "", "could not read: %s", strerror(errno));
            return STATUS_INTERNAL;
        }
        if (got == 0)
            input->at_end = true;
        input->raw_end += (size_t)got;
        input->position += (uint64_t)got;
        if (input->begun) /* one read is enough once the beginning has been seen */
            break;
    }
    return STATUS_OK;
}

static enum status look_at_packing(struct input *input, struct errmsg *errmsg)
{
    enum status status = fill(input, errmsg);
    if (status != STATUS_OK)
        return status;
    input->begun = true;
    const unsigned char *raw = input->raw;
    size_t size = input->raw_end;
    if (size >= 2 && raw[0] == 0x1f && raw[1] == 0x8b) {
        if (inflateInit2(&input->gzip, 15 + 16) != Z_OK)
            return STATUS_NO_MEMORY;
        input->gzip_open = true;
        input->packing = INPUT_GZIP;
    } else if (size >= 4 && raw[0] == 0x28 && raw[1] == 0xb5 && raw[2] == 0x2f && raw[3] == 0xfd) {
        input->zstd = ZSTD_createDStream();
        if (!input->zstd || ZSTD_isError(ZSTD_initDStream(input->zstd)))
            return STATUS_NO_MEMORY;
        input->packing = INPUT_ZSTD;
    } else if (size >= 4 && memcmp(raw, "PK\x03\x04", 4) == 0) {
        errmsg_set(errmsg, "", "this is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV (UTF-8)");
        return STATUS_INVALID;
    } else if (size >= 4 && memcmp(raw, "\xd0\xcf\x11\xe0", 4) == 0) {
        errmsg_set(errmsg, "", "this is an old Excel or Word document: save the sheet as CSV (UTF-8)");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status gunzip(struct input *input, char *buffer, size_t size, size_t *ret_size, struct errmsg *errmsg)
{
    input->gzip.next_out = (unsigned char *)buffer;
    input->gzip.avail_out = (unsigned)size;
    while (input->gzip.avail_out == size) {
        if (input->raw_start == input->raw_end) {
            enum status status = fill(input, errmsg);
            if (status != STATUS_OK)
                return status;
            if (input->raw_start == input->raw_end) {
                if (input->between)
                    break;
                errmsg_set(errmsg, "", "the gzip data ends in the middle: the file is cut off");
                return STATUS_MALFORMED;
            }
        }
        if (input->between) {
            if (inflateReset(&input->gzip) != Z_OK)
                return STATUS_INTERNAL;
            input->between = false;
        }
        input->gzip.next_in = input->raw + input->raw_start;
        input->gzip.avail_in = (unsigned)(input->raw_end - input->raw_start);
        int outcome = inflate(&input->gzip, Z_NO_FLUSH);
        input->raw_start = input->raw_end - input->gzip.avail_in;
        if (outcome == Z_STREAM_END) {
            input->between = true;
        } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
            errmsg_set(errmsg, "", "the gzip data is damaged: %s", input->gzip.msg ? input->gzip.msg : "unknown reason");
            return outcome == Z_MEM_ERROR ? STATUS_NO_MEMORY : STATUS_MALFORMED;
        }
    }
    *ret_size = size - input->gzip.avail_out;
    return STATUS_OK;
}

static enum status unzstd(struct input *input, char *buffer, size_t size, size_t *ret_size, struct errmsg *errmsg)
{
    ZSTD_outBuffer out = {buffer, size, 0};
    while (out.pos == 0) {
        if (input->raw_start == input->raw_end) {
            enum status status = fill(input, errmsg);
            if (status != STATUS_OK)
                return status;
            if (input->raw_start == input->raw_end && input->between)
                break;
        }
        ZSTD_inBuffer in = {input->raw, input->raw_end, input->raw_start};
        size_t before = in.pos;
        size_t hint = ZSTD_decompressStream(input->zstd, &out, &in);
        input->raw_start = in.pos;
        if (ZSTD_isError(hint)) {
            errmsg_set(errmsg, "", "the zstd data is damaged: %s", ZSTD_getErrorName(hint));
            return STATUS_MALFORMED;
        }
        input->between = hint == 0;
        if (in.pos == before && out.pos == 0 && input->at_end && hint != 0) {
            errmsg_set(errmsg, "", "the zstd data ends in the middle: the file is cut off");
            return STATUS_MALFORMED;
        }
    }
    *ret_size = out.pos;
    return STATUS_OK;
}

static enum status unpack(struct input *input, char *buffer, size_t size, size_t *ret_size, struct errmsg *errmsg)
{
    if (!input->begun) {
        enum status status = look_at_packing(input, errmsg);
        if (status != STATUS_OK)
            return status;
    }
    enum status status = STATUS_OK;
    switch (input->packing) {
    case INPUT_PLAIN:
        if (input->raw_start == input->raw_end)
            status = fill(input, errmsg);
        if (status == STATUS_OK) {
            size_t have = input->raw_end - input->raw_start;
            *ret_size = have < size ? have : size;
            memcpy(buffer, input->raw + input->raw_start, *ret_size);
            input->raw_start += *ret_size;
        }
        return status;
    case INPUT_GZIP:
        status = gunzip(input, buffer, size, ret_size, errmsg);
        break;
    case INPUT_ZSTD:
        status = unzstd(input, buffer, size, ret_size, errmsg);
        break;
    }
    if (status != STATUS_OK)
        return status;
    input->unpacked += *ret_size;
    if (input->unpacked > INPUT_BOMB_FREE_BYTES && input->unpacked / INPUT_BOMB_RATIO > input->position) {
        errmsg_set(errmsg, "", "the file unpacks to more than %d times its size: refused as a decompression bomb",
                   INPUT_BOMB_RATIO);
        return STATUS_TOO_LARGE;
    }
    return STATUS_OK;
}

/* The first three decoded bytes: a mark of UTF-8 goes, one of UTF-16 ends it. */
static enum status look_at_mark(struct input *input, struct errmsg *errmsg)
{
    while (input->head_size < 3) {
        char bytes[sizeof input->head];
        size_t got = 0;
        enum status status = unpack(input, bytes, 3 - input->head_size, &got, errmsg);
        if (status != STATUS_OK)
            return status;
        if (got == 0)
            break;
        memcpy(input->head + input->head_size, bytes, got);
        input->head_size += got;
    }
    if (input->head_size >= 3 && memcmp(input->head, "\xef\xbb\xbf", 3) == 0) {
        input->head_start = 3;
        input->latin1 = false; /* the mark says what it is, whatever was asked for */
    } else if (input->head_size >= 2 && (memcmp(input->head, "\xff\xfe", 2) == 0 || memcmp(input->head, "\xfe\xff", 2) == 0)) {
        errmsg_set(errmsg, "", "line 1: the file is UTF-16 (\"Unicode text\"): save it as UTF-8");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Turns Latin-1 into UTF-8 in place, from the end so that nothing is overwritten before it was read. Returns the new size. */
static size_t widen(char *buffer, size_t size)
{
    size_t wider = size;
    for (size_t i = 0; i < size; i++) {
        const char *meant = input_windows_1252((unsigned char)buffer[i]);
        wider += meant ? strlen(meant) - 1 : (unsigned char)buffer[i] >> 7;
    }
    for (size_t from = size, to = wider; from > 0 && to > from;) {
        unsigned char byte = (unsigned char)buffer[--from];
        const char *meant = input_windows_1252(byte);
        if (meant) {
            to -= strlen(meant);
            memcpy(buffer + to, meant, strlen(meant)); /* NOLINT(bugprone-not-null-terminated-result): bytes, no string */
        } else if (byte < 0x80) {
            buffer[--to] = (char)byte;
        } else {
            buffer[--to] = (char)(0x80 | (byte & 0x3f));
            buffer[--to] = (char)(0xc0 | (byte >> 6));
        }
    }
    return wider;
}

enum status input_read(struct input *input, char *buffer, size_t size, size_t *ret_size, struct errmsg *ret_errmsg)
{
    if (!input->begun) {
        enum status status = look_at_mark(input, ret_errmsg);
        if (status != STATUS_OK)
            return status;
    }
    size_t room = input->latin1 ? size / 3 : size; /* every byte may become three */
    size_t got = input->head_size - input->head_start;
    if (got > 0) {
        memcpy(buffer, input->head + input->head_start, got);
        input->head_start = input->head_size;
    } else {
        enum status status = unpack(input, buffer, room, &got, ret_errmsg);
        if (status != STATUS_OK)
            return status;
    }
    if (input->latin1)
        got = widen(buffer, got);
    *ret_size = got;
    return STATUS_OK;
}

uint64_t input_position(const struct input *input)
{
    return input->position;
}

uint64_t input_total(const struct input *input)
{
    return input->total;
}

bool input_can_be_read_twice(const struct input *input)
{
    return input->close_fd && input->total > 0 && input->packing == INPUT_PLAIN;
}
