/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes folders under a temporary name and renames them. */
#include "new_folder.h"
#include "command.h"
#include "say.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".XXXXXX"

/* Nothing, or a folder with nothing in it, which a rename replaces. */
static bool is_free(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT;
    bool empty = true;
    for (const struct dirent *entry; empty && (entry = readdir(folder));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(folder);
    return empty;
}

bool new_folder_open(const char *final, char ret_path[PATH_MAX])
{
    size_t size = strlen(final);
    while (size > 1 && final[size - 1] == '/')
        size--;
    if (!is_free(final)) {
        say_error(_("%s is there already: choose a new folder"), final);
        return false;
    }
    if (snprintf(ret_path, PATH_MAX, "%.*s" SUFFIX, (int)size, final) >= PATH_MAX) {
        say_error(_("could not write %s: %s"), final, strerror(ENAMETOOLONG));
        ret_path[0] = '\0';
        return false;
    }
    if (mkdtemp(ret_path))
        return true;
    say_error(_("could not write %s: %s"), final, strerror(errno));
    ret_path[0] = '\0';
    return false;
}

bool new_folder_commit(const char *path, const char *final, mode_t mode)
{
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%.*s", (int)(strlen(path) - strlen(SUFFIX)), path);
    if (chmod(path, mode) == 0 && rename(path, name) == 0)
        return true;
    say_error(_("could not write %s: %s"), final, strerror(errno));
    return false;
}
