/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose interactions wait in a spool. */
#include "spool_owner.h"

#include "samordning.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OWNER_FILE "owner"
#define OWNER_NEW  "owner.new"
#define OWNER_MAX  512

static int fail(const char *directory, const char *what, struct errmsg *errmsg)
{
    errmsg_set(errmsg, "", "spool %.200s: %s: %s", directory, what, strerror(errno));
    return SAMORDNING_E_SPOOL;
}

/* Empty when nobody is noted. */
static int read_owner(int directory_fd, const char *directory, char ret_owner[OWNER_MAX], struct errmsg *errmsg)
{
    ret_owner[0] = '\0';
    int fd = openat(directory_fd, OWNER_FILE, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? SAMORDNING_OK : fail(directory, "cannot read whose it is", errmsg);
    ssize_t size = read(fd, ret_owner, OWNER_MAX - 1);
    int error = errno;
    close(fd);
    errno = error;
    if (size < 0)
        return fail(directory, "cannot read whose it is", errmsg);
    ret_owner[size] = '\0';
    return SAMORDNING_OK;
}

/* Through a new file, so that the name is there whole or not at all. */
static int write_owner(int directory_fd, const char *directory, const char *owner, struct errmsg *errmsg)
{
    int fd = openat(directory_fd, OWNER_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(directory, "cannot note whose it is", errmsg);
    ssize_t size = (ssize_t)strlen(owner);
    errno = ENOSPC; /* what a short write means */
    bool is_written = write(fd, owner, (size_t)size) == size && fsync(fd) == 0;
    int error = errno;
    close(fd);
    errno = error;
    if (!is_written || renameat(directory_fd, OWNER_NEW, directory_fd, OWNER_FILE) != 0)
        return fail(directory, "cannot note whose it is", errmsg);
    return SAMORDNING_OK;
}

int spool_owner_check(int directory_fd, const char *directory, const char *owner, bool is_waiting, struct errmsg *ret_errmsg)
{
    char noted[OWNER_MAX];
    int result = read_owner(directory_fd, directory, noted, ret_errmsg);
    if (result != SAMORDNING_OK || strcmp(noted, owner) == 0)
        return result;
    if (is_waiting && noted[0] != '\0') {
        errmsg_set(
            ret_errmsg, "",
            "spool %.150s holds interactions of %.80s, this client speaks for %.80s: send them with that bundle first, or use "
            "another spool",
            directory, noted, owner[0] != '\0' ? owner : "nobody");
        return SAMORDNING_E_SPOOL;
    }
    return write_owner(directory_fd, directory, owner, ret_errmsg);
}

void spool_owner_forget(int directory_fd)
{
    (void)unlinkat(directory_fd, OWNER_FILE, 0);
}
