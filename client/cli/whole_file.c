/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a file in growing steps, since a pipe does not say how long it is. */
#include "whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM ((size_t)1 << 16)

static int read_all(FILE *file, size_t most, char **bytes, size_t *size)
{
    for (size_t room = 0;;) {
        if (*size + 1 >= room) {
            room = room == 0 ? FIRST_ROOM : 2 * room;
            char *larger = realloc(*bytes, room);
            if (!larger)
                return ENOMEM;
            *bytes = larger;
        }
        errno = 0;
        size_t got = fread(*bytes + *size, 1, room - *size - 1, file);
        *size += got;
        if (*size > most)
            return EFBIG;
        if (ferror(file))
            return errno ? errno : EIO;
        if (got == 0)
            break;
    }
    (*bytes)[*size] = '\0';
    return 0;
}

int whole_file_read(const char *path, size_t most, char **ret_bytes, size_t *ret_size)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char *bytes = NULL;
    size_t size = 0;
    if (!file)
        return errno;
    int error = read_all(file, most, &bytes, &size);
    if (file != stdin)
        fclose(file);
    if (error != 0) {
        free(bytes);
        return error;
    }
    *ret_bytes = bytes;
    *ret_size = size;
    return 0;
}
