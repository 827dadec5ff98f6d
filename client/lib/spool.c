/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is not acknowledged yet, on disk. */
#include "spool.h"

#include "samordning.h"
#include "spool_owner.h"
#include "spool_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE  32
#define MAGIC_SIZE (sizeof SPOOL_MAGIC - 1)
#define SUFFIX     ".spool"

static void name_of(uint64_t number, char ret_name[NAME_SIZE])
{
    snprintf(ret_name, NAME_SIZE, "%016" PRIx64 SUFFIX, number);
}

static bool number_of(const char *name, uint64_t *ret_number)
{
    if (strlen(name) != 16 + strlen(SUFFIX) || strcmp(name + 16, SUFFIX) != 0 || strspn(name, "0123456789abcdef") != 16)
        return false;
    *ret_number = strtoull(name, NULL, 16);
    return true;
}

static int fail(const char *directory, const char *what, int error, struct errmsg *errmsg)
{
    errmsg_set(errmsg, "", "spool %.200s: %s: %s", directory, what, strerror(error));
    return SAMORDNING_E_SPOOL;
}

/* ----------------------------------------------------------------------------------------------- reading segments */

struct scan {
    size_t end; /* what counts of the file */
    size_t waiting;
    uint64_t interactions; /* of the waiting records */
    bool is_torn;
};

static int scan_segment(const char *directory, const char *name, int fd, struct scan *ret_scan, struct errmsg *errmsg)
{
    struct stat st;
    char magic[MAGIC_SIZE];
    *ret_scan = (struct scan){0};
    if (fstat(fd, &st) != 0)
        return fail(directory, name, errno, errmsg);
    size_t size = (size_t)st.st_size;
    ssize_t count = pread(fd, magic, sizeof magic, 0);
    if (count < 0)
        return fail(directory, name, errno, errmsg);
    if (memcmp(magic, SPOOL_MAGIC, (size_t)count) != 0) {
        errmsg_set(errmsg, "", "spool %.200s: %s is not a spool file of this version; move it away", directory, name);
        return SAMORDNING_E_SPOOL;
    }
    if ((size_t)count < sizeof magic) {
        ret_scan->is_torn = true;
        return SAMORDNING_OK;
    }
    size_t offset = MAGIC_SIZE;
    for (;;) {
        struct spool_header header;
        enum spool_finding finding = spool_segment_read(fd, size, offset, &header, NULL);
        ret_scan->end = offset;
        ret_scan->is_torn = finding == SPOOL_TORN;
        if (finding == SPOOL_END || finding == SPOOL_TORN)
            return SAMORDNING_OK;
        if (finding == SPOOL_READ_ERROR)
            return fail(directory, name, errno, errmsg);
        if (finding == SPOOL_DAMAGED) {
            errmsg_set(errmsg, "", "spool %.200s: %s is damaged at byte %zu; move it away, then submit its file again",
                       directory, name, offset);
            return SAMORDNING_E_SPOOL;
        }
        if (header.state == SPOOL_WAITING) {
            ret_scan->waiting++;
            ret_scan->interactions += header.interactions;
        }
        offset += SPOOL_HEADER_SIZE + header.size;
    }
}

static struct spool_segment *insert_segment(struct spool *spool, uint64_t number)
{
    struct spool_segment *segment = calloc(1, sizeof *segment);
    if (segment == NULL)
        return NULL;
    segment->number = number;
    segment->fd = -1;
    struct spool_segment *later;
    TAILQ_FOREACH(later, &spool->segments, entry)
    {
        if (later->number > number)
            break;
    }
    if (later != NULL)
        TAILQ_INSERT_BEFORE(later, segment, entry);
    else
        TAILQ_INSERT_TAIL(&spool->segments, segment, entry);
    if (number > spool->last_number)
        spool->last_number = number;
    return segment;
}

static int segment_fd(struct spool *spool, struct spool_segment *segment)
{
    if (segment->fd < 0) {
        char name[NAME_SIZE];
        name_of(segment->number, name);
        segment->fd = openat(spool->directory_fd, name, O_RDWR | O_CLOEXEC);
    }
    return segment->fd;
}

static void close_segment(struct spool_segment *segment)
{
    if (segment->fd >= 0)
        close(segment->fd);
    segment->fd = -1;
}

static void remove_segment(struct spool *spool, struct spool_segment *segment)
{
    char name[NAME_SIZE];
    name_of(segment->number, name);
    (void)unlinkat(spool->directory_fd, name, 0); /* if it stays, its records are marked done */
    if (spool->current == segment)
        spool->current = NULL;
    TAILQ_REMOVE(&spool->segments, segment, entry);
    close_segment(segment);
    free(segment);
}

static int adopt_segment(struct spool *spool, uint64_t number, struct errmsg *errmsg)
{
    char name[NAME_SIZE];
    name_of(number, name);
    struct spool_segment *segment = insert_segment(spool, number);
    if (segment == NULL)
        return SAMORDNING_E_MEMORY;
    if (segment_fd(spool, segment) < 0)
        return fail(spool->directory, name, errno, errmsg);
    struct scan scan;
    int result = scan_segment(spool->directory, name, segment->fd, &scan, errmsg);
    if (result != SAMORDNING_OK)
        return result;
    if (scan.is_torn && ftruncate(segment->fd, (off_t)scan.end) != 0)
        return fail(spool->directory, name, errno, errmsg);
    segment->size = scan.end;
    segment->waiting = scan.waiting;
    close_segment(segment);
    if (segment->waiting == 0)
        remove_segment(spool, segment);
    return SAMORDNING_OK;
}

static int adopt_segments(struct spool *spool, struct errmsg *errmsg)
{
    DIR *entries = fdopendir(openat(spool->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (entries == NULL)
        return fail(spool->directory, "cannot list it", errno, errmsg);
    int result = SAMORDNING_OK;
    const struct dirent *entry = NULL;
    while (result == SAMORDNING_OK && (entry = readdir(entries)) != NULL) {
        uint64_t number = 0;
        if (number_of(entry->d_name, &number))
            result = adopt_segment(spool, number, errmsg);
    }
    closedir(entries);
    return result;
}

/* --------------------------------------------------------------------------------------------- opening and closing */

static int take_lock(struct spool *spool, struct errmsg *errmsg)
{
    spool->lock_fd = openat(spool->directory_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (spool->lock_fd < 0)
        return fail(spool->directory, "cannot write in it", errno, errmsg);
    if (flock(spool->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return SAMORDNING_OK;
    if (errno != EWOULDBLOCK)
        return fail(spool->directory, "cannot lock it", errno, errmsg);
    errmsg_set(errmsg, "", "spool %.200s is in use by another process", spool->directory);
    return SAMORDNING_E_SPOOL;
}

static int open_all(struct spool *spool, const char *owner, struct errmsg *errmsg)
{
    if (mkdir(spool->directory, 0700) != 0 && errno != EEXIST)
        return fail(spool->directory, "cannot make the directory", errno, errmsg);
    spool->directory_fd = open(spool->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->directory_fd < 0)
        return fail(spool->directory, "cannot open the directory", errno, errmsg);
    int result = take_lock(spool, errmsg);
    if (result == SAMORDNING_OK)
        result = adopt_segments(spool, errmsg);
    if (result == SAMORDNING_OK && owner != NULL)
        result = spool_owner_check(spool->directory_fd, spool->directory, owner, !TAILQ_EMPTY(&spool->segments), errmsg);
    return result;
}

int spool_open(const char *directory, const char *owner, struct spool **ret_spool, struct errmsg *ret_errmsg)
{
    struct spool *spool = calloc(1, sizeof *spool);
    char *copy = strdup(directory);
    if (spool == NULL || copy == NULL) {
        free(spool);
        free(copy);
        errmsg_set(ret_errmsg, "", "out of memory");
        return SAMORDNING_E_MEMORY;
    }
    *spool = (struct spool){.directory = copy, .directory_fd = -1, .lock_fd = -1};
    TAILQ_INIT(&spool->segments);
    int result = open_all(spool, owner, ret_errmsg);
    if (result == SAMORDNING_E_MEMORY)
        errmsg_set(ret_errmsg, "", "out of memory");
    if (result != SAMORDNING_OK) {
        spool_close(spool);
        return result;
    }
    spool->is_open = true;
    *ret_spool = spool;
    return SAMORDNING_OK;
}

void spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    spool_end_segment(spool);
    if (spool->is_open && TAILQ_EMPTY(&spool->segments))
        spool_owner_forget(spool->directory_fd);
    struct spool_segment *segment;
    while ((segment = TAILQ_FIRST(&spool->segments)) != NULL) {
        TAILQ_REMOVE(&spool->segments, segment, entry);
        close_segment(segment);
        free(segment);
    }
    if (spool->lock_fd >= 0)
        close(spool->lock_fd);
    if (spool->directory_fd >= 0)
        close(spool->directory_fd);
    free(spool->directory);
    free(spool);
}

/* --------------------------------------------------------------------------------------- appending, acknowledging */

static int begin_segment(struct spool *spool, struct errmsg *errmsg)
{
    char name[NAME_SIZE];
    struct spool_segment *segment = insert_segment(spool, spool->last_number + 1);
    if (segment == NULL) {
        errmsg_set(errmsg, "", "out of memory");
        return SAMORDNING_E_MEMORY;
    }
    name_of(segment->number, name);
    segment->fd = openat(spool->directory_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (segment->fd < 0 || pwrite(segment->fd, SPOOL_MAGIC, MAGIC_SIZE, 0) != (ssize_t)MAGIC_SIZE ||
        fsync(spool->directory_fd) != 0) {
        int error = errno != 0 ? errno : ENOSPC;
        remove_segment(spool, segment);
        return fail(spool->directory, "cannot begin a file", error, errmsg);
    }
    segment->size = MAGIC_SIZE;
    spool->current = segment;
    return SAMORDNING_OK;
}

int spool_append(struct spool *spool, const uint8_t *body, size_t size, uint32_t interactions, struct spool_record *ret_record,
                 struct errmsg *ret_errmsg)
{
    struct spool_segment *segment = spool->current;
    if (size > SPOOL_RECORD_MAX) {
        errmsg_set(ret_errmsg, "", "spool %.200s: a batch of %zu bytes is too large", spool->directory, size);
        return SAMORDNING_E_SPOOL;
    }
    if (segment != NULL && segment->size >= SPOOL_SEGMENT_MAX)
        spool_end_segment(spool);
    errno = 0;
    if (spool->current == NULL) {
        int result = begin_segment(spool, ret_errmsg);
        if (result != SAMORDNING_OK)
            return result;
    }
    segment = spool->current;
    if (spool_segment_append(segment->fd, segment->size, body, (uint32_t)size, interactions) != 0)
        return fail(spool->directory, "cannot write", errno, ret_errmsg);
    *ret_record = (struct spool_record){.segment = segment, .offset = segment->size};
    segment->size += SPOOL_HEADER_SIZE + size;
    segment->waiting++;
    return SAMORDNING_OK;
}

void spool_end_segment(struct spool *spool)
{
    struct spool_segment *segment = spool->current;
    spool->current = NULL;
    if (segment == NULL)
        return;
    if (segment->waiting == 0)
        remove_segment(spool, segment);
    else
        close_segment(segment);
}

void spool_acknowledge(struct spool *spool, const struct spool_record *record)
{
    struct spool_segment *segment = record->segment;
    segment->waiting--;
    if (segment->waiting == 0 && segment != spool->current) {
        remove_segment(spool, segment);
        return;
    }
    int fd = segment_fd(spool, segment);
    /* If it cannot be marked it will be sent again, which does no harm. */
    if (fd >= 0)
        (void)!spool_segment_mark_done(fd, record->offset);
}

/* ------------------------------------------------------------------------------------------------------- reading back */

int spool_next(struct spool *spool, const struct spool_record *previous, struct spool_record *ret_record, uint8_t **ret_body,
               size_t *ret_size, uint32_t *ret_interactions, struct errmsg *ret_errmsg)
{
    struct spool_segment *segment = previous->segment != NULL ? previous->segment : TAILQ_FIRST(&spool->segments);
    size_t offset = previous->segment != NULL ? previous->offset : MAGIC_SIZE;
    bool is_behind = previous->segment == NULL;
    for (; segment != NULL && segment != spool->current; segment = TAILQ_NEXT(segment, entry), offset = MAGIC_SIZE) {
        int fd = segment_fd(spool, segment);
        if (fd < 0)
            return fail(spool->directory, "cannot read back", errno, ret_errmsg);
        struct spool_header header;
        uint8_t *body = NULL;
        enum spool_finding finding;
        while ((finding = spool_segment_read(fd, segment->size, offset, &header, &body)) == SPOOL_FOUND) {
            if (is_behind && header.state == SPOOL_WAITING) {
                *ret_record = (struct spool_record){.segment = segment, .offset = offset};
                *ret_body = body;
                *ret_size = header.size;
                *ret_interactions = header.interactions;
                return SAMORDNING_OK;
            }
            free(body);
            is_behind = true;
            offset += SPOOL_HEADER_SIZE + header.size;
        }
        if (finding != SPOOL_END)
            return fail(spool->directory, "cannot read back", finding == SPOOL_READ_ERROR ? errno : EIO, ret_errmsg);
    }
    *ret_record = (struct spool_record){0};
    return SAMORDNING_OK;
}

int spool_count(const char *directory, uint64_t *ret_interactions, struct errmsg *ret_errmsg)
{
    *ret_interactions = 0;
    DIR *entries = opendir(directory);
    if (entries == NULL)
        return errno == ENOENT ? SAMORDNING_OK : fail(directory, "cannot list it", errno, ret_errmsg);
    int result = SAMORDNING_OK;
    uint64_t total = 0;
    const struct dirent *entry = NULL;
    while (result == SAMORDNING_OK && (entry = readdir(entries)) != NULL) {
        uint64_t number = 0;
        if (!number_of(entry->d_name, &number))
            continue;
        int fd = openat(dirfd(entries), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            if (errno != ENOENT) /* just sent and removed by its owner */
                result = fail(directory, entry->d_name, errno, ret_errmsg);
            continue;
        }
        struct scan scan;
        result = scan_segment(directory, entry->d_name, fd, &scan, ret_errmsg);
        total += scan.interactions;
        close(fd);
    }
    closedir(entries);
    if (result == SAMORDNING_OK)
        *ret_interactions = total;
    return result;
}

/* --------------------------------------------------------------------------------------------------------- discarding */

/* The highest number in a folder of segments. */
static int last_number(const char *directory, int fd, uint64_t *ret_last, struct errmsg *errmsg)
{
    DIR *entries = fdopendir(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (entries == NULL)
        return fail(directory, "cannot list what was discarded", errno, errmsg);
    const struct dirent *entry = NULL;
    *ret_last = 0;
    while ((entry = readdir(entries)) != NULL) {
        uint64_t number = 0;
        if (number_of(entry->d_name, &number) && number > *ret_last)
            *ret_last = number;
    }
    closedir(entries);
    return SAMORDNING_OK;
}

/* Under numbers of their own there, in their order: those in the spool begin anew when it is empty. */
static int move_segments(struct spool *spool, int to_fd, struct errmsg *errmsg)
{
    uint64_t number = 0;
    int result = last_number(spool->directory, to_fd, &number, errmsg);
    struct spool_segment *segment;
    while (result == SAMORDNING_OK && (segment = TAILQ_FIRST(&spool->segments)) != NULL) {
        char from[NAME_SIZE], to[NAME_SIZE];
        name_of(segment->number, from);
        name_of(++number, to);
        if (renameat(spool->directory_fd, from, to_fd, to) != 0)
            return fail(spool->directory, "cannot discard", errno, errmsg);
        TAILQ_REMOVE(&spool->segments, segment, entry);
        close_segment(segment);
        free(segment);
    }
    if (result == SAMORDNING_OK && (fsync(to_fd) != 0 || fsync(spool->directory_fd) != 0))
        return fail(spool->directory, "cannot discard", errno, errmsg);
    return result;
}

int spool_discard(const char *directory, uint64_t *ret_interactions, struct errmsg *ret_errmsg)
{
    struct spool *spool = NULL;
    uint64_t waiting = 0;
    int result = spool_count(directory, &waiting, ret_errmsg);
    *ret_interactions = 0;
    if (result != SAMORDNING_OK || waiting == 0)
        return result;
    result = spool_open(directory, NULL, &spool, ret_errmsg);
    if (result != SAMORDNING_OK)
        return result;
    result = spool_count(directory, &waiting, ret_errmsg); /* once more: now nobody else is at work */
    if (result == SAMORDNING_OK) {
        (void)mkdirat(spool->directory_fd, SPOOL_DISCARDED, 0700);
        int to_fd = openat(spool->directory_fd, SPOOL_DISCARDED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        result = to_fd < 0 ? fail(directory, "cannot make the folder " SPOOL_DISCARDED, errno, ret_errmsg)
                           : move_segments(spool, to_fd, ret_errmsg);
        if (to_fd >= 0)
            close(to_fd);
    }
    if (result == SAMORDNING_OK)
        *ret_interactions = waiting;
    spool_close(spool);
    return result;
}
