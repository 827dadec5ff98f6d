/* SPDX-License-Identifier: GPL-3.0-or-later
 * The folder of a release, its files and their checksums.
 */
#include "release.h"
#include "command.h"
#include "format.h"
#include "new_folder.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void release_hash(const void *bytes, size_t size, char ret_hex[65])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, bytes, size);
    sodium_bin2hex(ret_hex, 65, sum, sizeof sum);
}

bool release_open(struct release *release, const char *final)
{
    *release = (struct release){.final = final};
    char data[PATH_MAX];
    if (!new_folder_open(final, release->folder))
        return false;
    if (snprintf(data, sizeof data, "%s/data", release->folder) < (int)sizeof data && mkdir(data, 0755) == 0)
        return true;
    say_error(_("could not write %s: %s"), final, strerror(errno));
    release_abandon(release);
    return false;
}

FILE *release_begin(struct release *release)
{
    release->making = open_memstream(&release->made, &release->made_size);
    if (!release->making)
        say_error(_("out of memory"));
    return release->making;
}

static bool write_file(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool good = file && fwrite(bytes, 1, size, file) == size && fflush(file) == 0 && fsync(fd) == 0;
    int reason = errno;
    if (file)
        good = fclose(file) == 0 && good;
    else if (fd >= 0)
        close(fd);
    if (!good)
        say_error(_("could not write %s: %s"), path, strerror(reason));
    return good;
}

bool release_end(struct release *release, bool made, const char *media_type, const char *path, ...)
{
    if (!release->making)
        return false;
    struct release_file *file = &release->files[release->file_count];
    char whole[PATH_MAX + RELEASE_PATH_SIZE];
    bool good = !ferror(release->making) && made;
    good = fclose(release->making) == 0 && good;
    release->making = NULL;
    va_list arguments;
    va_start(arguments, path);
    bool fits = release->file_count < RELEASE_FILES_MAX;
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): a false alarm of clang-tidy 14 */
    fits = fits && vsnprintf(file->path, sizeof file->path, path, arguments) < (int)sizeof file->path;
    va_end(arguments);
    if (!good || !fits) {
        say_error("%s", good ? _("the release has too many files") : _("out of memory"));
        good = false;
    } else {
        snprintf(whole, sizeof whole, "%s/%s", release->folder, file->path);
        release_hash(release->made, release->made_size, file->sha256);
        file->bytes = release->made_size;
        file->media_type = media_type;
        good = write_file(whole, release->made, release->made_size);
        release->file_count++; /* also of half a file, so that it is removed */
    }
    free(release->made);
    release->made = NULL;
    return good;
}

bool release_sums(struct release *release)
{
    FILE *file = release_begin(release);
    for (size_t i = 0; file && i < release->file_count; i++)
        fprintf(file, "%s  %s\n", release->files[i].sha256, release->files[i].path);
    return release_end(release, true, NULL, "SHA256SUMS");
}

void release_abandon(struct release *release)
{
    char path[PATH_MAX + RELEASE_PATH_SIZE];
    if (!release->folder[0])
        return;
    if (release->making)
        fclose(release->making);
    free(release->made);
    release->making = NULL;
    release->made = NULL;
    for (size_t i = 0; i < release->file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", release->folder, release->files[i].path);
        (void)unlink(path);
    }
    snprintf(path, sizeof path, "%s/data", release->folder);
    (void)rmdir(path);
    (void)rmdir(release->folder);
    release->folder[0] = '\0';
}

bool release_commit(struct release *release)
{
    if (new_folder_commit(release->folder, release->final, 0755)) {
        release->folder[0] = '\0';
        return true;
    }
    release_abandon(release);
    return false;
}

bool release_data(FILE *file, const Samordning__V1__Result *result, const char *table)
{
    struct errmsg errmsg = {0};
    return format_find(table ? "csv" : "jsonstat")->write(file, result, table ? table : "", &errmsg) == STATUS_OK;
}
