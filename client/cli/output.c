/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an answer goes: standard output, or a file that appears whole or not at all. */
#include "output.h"
#include "command.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A device, a pipe: what is there must stay what it is. */
static bool is_no_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

bool output_open(struct output *output, const char *path)
{
    *output = (struct output){.file = stdout};
    if (!path || strcmp(path, "-") == 0)
        return true;
    output->file = NULL;
    output->path = strdup(path);
    if (!output->path || asprintf(&output->temporary, "%s.XXXXXX", path) < 0) {
        output->temporary = NULL;
        output_abandon(output);
        say_error(_("out of memory"));
        return false;
    }
    if (is_no_file(path)) {
        free(output->temporary);
        output->temporary = NULL;
        output->file = fopen(path, "we");
        if (!output->file) {
            say_error(_("could not write %s: %s"), path, strerror(errno));
            output_abandon(output);
        }
        return output->file != NULL;
    }
    int fd = mkostemp(output->temporary, O_CLOEXEC);
    if (fd < 0) {
        say_error(_("could not write %s: %s"), path, strerror(errno));
        free(output->temporary);
        output->temporary = NULL;
        output_abandon(output);
        return false;
    }
    mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(fd, 0666 & ~mask);
    output->file = fdopen(fd, "w");
    if (!output->file) {
        close(fd);
        output_abandon(output);
        say_error(_("out of memory"));
        return false;
    }
    return true;
}

static bool sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (!copy)
        return false;
    char *slash = strrchr(copy, '/');
    if (slash)
        slash[slash == copy] = '\0';
    int fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    free(copy);
    return synced;
}

bool output_commit(struct output *output)
{
    bool good = fflush(output->file) == 0 && !ferror(output->file);
    if (!output->path) {
        if (!good && errno != EPIPE)
            say_error(_("could not write: %s"), strerror(errno));
        output->file = NULL;
        return good;
    }
    good = good && (!output->temporary || fsync(fileno(output->file)) == 0);
    int reason = errno;
    good = fclose(output->file) == 0 && good;
    output->file = NULL;
    if (good && output->temporary && rename(output->temporary, output->path) != 0) {
        reason = errno;
        good = false;
    }
    if (!good) {
        say_error(_("could not write %s: %s"), output->path, strerror(reason));
    } else {
        (void)sync_folder(output->path); /* some file systems refuse it for folders; the file itself is safe */
        free(output->temporary);
        output->temporary = NULL;
    }
    output_abandon(output);
    return good;
}

void output_abandon(struct output *output)
{
    if (output->path && output->file)
        fclose(output->file);
    if (output->temporary)
        unlink(output->temporary);
    free(output->path);
    free(output->temporary);
    *output = (struct output){0};
}
