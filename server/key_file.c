/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes beside, syncs, then links or renames into place.
 */
#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool key_file_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static enum status write_failed(struct errmsg *errmsg, const char *path, int error)
{
    errmsg_set(errmsg, "", "could not write %s: %s", path, strerror(error));
    return STATUS_UNAVAILABLE;
}

static int write_all(int fd, const char *bytes, size_t left)
{
    while (left > 0) {
        ssize_t size = write(fd, bytes, left);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return errno;
        bytes += size;
        left -= (size_t)size;
    }
    return fsync(fd) != 0 ? errno : 0;
}

static void sync_directory(const char *path)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        return;
    *slash = '\0';
    int fd = open(directory[0] != '\0' ? directory : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

enum status key_file_write(const char *path, const char *text, mode_t mode, bool replace, struct errmsg *ret_errmsg)
{
    return key_file_write_bytes(path, text, strlen(text), mode, replace, ret_errmsg);
}

enum status key_file_write_bytes(const char *path, const void *bytes, size_t size, mode_t mode, bool replace,
                                 struct errmsg *ret_errmsg)
{
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return write_failed(ret_errmsg, path, ENAMETOOLONG);
    (void)unlink(beside); /* left by a crash; never a finished file */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return write_failed(ret_errmsg, beside, errno);
    int error = fchmod(fd, mode) != 0 ? errno : write_all(fd, bytes, size);
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && replace)
        error = rename(beside, path) != 0 ? errno : 0;
    else if (error == 0)
        error = link(beside, path) != 0 ? errno : 0;
    (void)unlink(beside);
    if (error == EEXIST) {
        errmsg_set(ret_errmsg, "", "%s is there already and is not overwritten", path);
        return STATUS_CONFLICT;
    }
    if (error != 0)
        return write_failed(ret_errmsg, path, error);
    sync_directory(path);
    return STATUS_OK;
}

enum status key_directory_make(const char *path, mode_t mode, struct errmsg *ret_errmsg)
{
    char part[PATH_MAX];
    struct stat status;
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return write_failed(ret_errmsg, path, ENAMETOOLONG);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return write_failed(ret_errmsg, part, errno);
        *slash = '/';
    }
    if (mkdir(part, mode) != 0 && errno != EEXIST)
        return write_failed(ret_errmsg, part, errno);
    if (stat(part, &status) != 0 || !S_ISDIR(status.st_mode))
        return write_failed(ret_errmsg, part, ENOTDIR);
    return STATUS_OK;
}
