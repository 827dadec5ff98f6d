/* SPDX-License-Identifier: GPL-3.0-or-later
 * Records in one file of the spool. */
#define XXH_INLINE_ALL /* the library's users need not link it */
#include "spool_segment.h"

#include "spool.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <xxhash.h>

/* size 4, interactions 4, checksum 8, state 1, zero 3; little-endian */
#define STATE_AT 16

static uint64_t checksum_of(uint32_t size, uint32_t interactions, const uint8_t *body)
{
    return XXH3_64bits_withSeed(body, size, (uint64_t)size << 32 | interactions);
}

static void encode(const struct spool_header *header, uint8_t ret_bytes[SPOOL_HEADER_SIZE])
{
    uint32_t size = htole32(header->size);
    uint32_t interactions = htole32(header->interactions);
    uint64_t checksum = htole64(header->checksum);
    memset(ret_bytes, 0, SPOOL_HEADER_SIZE);
    memcpy(ret_bytes, &size, 4);
    memcpy(ret_bytes + 4, &interactions, 4);
    memcpy(ret_bytes + 8, &checksum, 8);
    ret_bytes[STATE_AT] = header->state;
}

static void decode(const uint8_t bytes[SPOOL_HEADER_SIZE], struct spool_header *ret_header)
{
    uint32_t size;
    uint32_t interactions;
    uint64_t checksum;
    memcpy(&size, bytes, 4);
    memcpy(&interactions, bytes + 4, 4);
    memcpy(&checksum, bytes + 8, 8);
    *ret_header = (struct spool_header){le32toh(size), le32toh(interactions), le64toh(checksum), bytes[STATE_AT]};
}

static int read_at(int fd, uint8_t *data, size_t size, size_t offset)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = pread(fd, data + done, size - done, (off_t)(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            errno = count == 0 ? EIO : errno;
            return -1;
        }
        done += (size_t)count;
    }
    return 0;
}

enum spool_finding spool_segment_read(int fd, size_t file_size, size_t offset, struct spool_header *ret_header,
                                      uint8_t **ret_body)
{
    static const uint8_t zeros[SPOOL_HEADER_SIZE];
    uint8_t bytes[SPOOL_HEADER_SIZE];
    if (offset >= file_size)
        return SPOOL_END;
    size_t left = file_size - offset;
    if (left < SPOOL_HEADER_SIZE)
        return SPOOL_TORN;
    if (read_at(fd, bytes, sizeof bytes, offset) != 0)
        return SPOOL_READ_ERROR;
    struct spool_header header;
    decode(bytes, &header);
    left -= SPOOL_HEADER_SIZE;
    /* A file may have grown before its bytes came to disk: then there are zeros. */
    if (memcmp(bytes, zeros, sizeof bytes) == 0 || header.size > left)
        return SPOOL_TORN;
    enum spool_finding bad = header.size == left ? SPOOL_TORN : SPOOL_DAMAGED;
    if (header.size == 0 || header.size > SPOOL_RECORD_MAX || (header.state != SPOOL_WAITING && header.state != SPOOL_DONE))
        return bad;
    uint8_t *body = malloc(header.size);
    if (body == NULL)
        return SPOOL_READ_ERROR;
    if (read_at(fd, body, header.size, offset + SPOOL_HEADER_SIZE) != 0) {
        free(body);
        return SPOOL_READ_ERROR;
    }
    if (checksum_of(header.size, header.interactions, body) != header.checksum) {
        free(body);
        return bad;
    }
    *ret_header = header;
    if (ret_body != NULL)
        *ret_body = body;
    else
        free(body);
    return SPOOL_FOUND;
}

int spool_segment_append(int fd, size_t offset, const uint8_t *body, uint32_t size, uint32_t interactions)
{
    const struct spool_header header = {size, interactions, checksum_of(size, interactions, body), SPOOL_WAITING};
    uint8_t bytes[SPOOL_HEADER_SIZE];
    encode(&header, bytes);
    size_t total = sizeof bytes + size;
    for (size_t done = 0; done < total;) {
        struct iovec parts[2] = {{.iov_base = bytes, .iov_len = sizeof bytes},
                                 {.iov_base = (void *)(uintptr_t)body, .iov_len = size}};
        int first = 0;
        if (done >= sizeof bytes) {
            first = 1;
            parts[1].iov_base = (void *)(uintptr_t)(body + (done - sizeof bytes));
            parts[1].iov_len = total - done;
        } else {
            parts[0].iov_base = bytes + done;
            parts[0].iov_len = sizeof bytes - done;
        }
        ssize_t count = pwritev(fd, parts + first, 2 - first, (off_t)(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            int error = count == 0 ? ENOSPC : errno;
            if (ftruncate(fd, (off_t)offset) != 0)
                error = errno;
            errno = error;
            return -1;
        }
        done += (size_t)count;
    }
    if (fdatasync(fd) != 0) {
        int error = errno;
        (void)!ftruncate(fd, (off_t)offset);
        errno = error;
        return -1;
    }
    return 0;
}

int spool_segment_mark_done(int fd, size_t offset)
{
    const uint8_t done = SPOOL_DONE;
    return pwrite(fd, &done, 1, (off_t)(offset + STATE_AT)) == 1 ? 0 : -1;
}
