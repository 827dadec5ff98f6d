/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operator's logo: from a file of the configuration into the database, where the workers find it.
 */
#include "store_logo.h"
#include "log.h"
#include "store_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGO_BYTES_MAX ((size_t)256 * 1024)

/* PNG by its signature, SVG by its beginning; NULL: neither. */
static const char *type_of(const uint8_t *bytes, size_t size)
{
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    if (size > sizeof png && memcmp(bytes, png, sizeof png) == 0)
        return "image/png";
    return memmem(bytes, size < 1024 ? size : 1024, "<svg", 4) != NULL ? "image/svg+xml" : NULL;
}

/* The file's content; NULL with a size of 0: there is no logo to be had, and the log says why. */
static uint8_t *logo_read(const char *path, size_t *ret_size, const char **ret_type)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file != NULL ? malloc(LOGO_BYTES_MAX + 1) : NULL;
    size_t size = bytes != NULL ? fread(bytes, 1, LOGO_BYTES_MAX + 1, file) : 0;
    const char *type = size > 0 ? type_of(bytes, size) : NULL;
    const char *reason = file == NULL            ? strerror(errno)
                         : size > LOGO_BYTES_MAX ? "larger than 256 KiB"
                         : type == NULL          ? "neither PNG nor SVG"
                                                 : NULL;
    if (file != NULL)
        fclose(file);
    if (reason != NULL) {
        log_warning(NULL, "the operator's logo is left out", LOG_TEXT("file", path), LOG_TEXT("reason", reason));
        free(bytes);
        return NULL;
    }
    *ret_size = size;
    *ret_type = type;
    return bytes;
}

static enum status logo_written(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

void store_logo_write(struct store *store)
{
    const char *path = store->config->operator_logo, *type = "";
    size_t size = 0;
    uint8_t *bytes = path[0] != '\0' ? logo_read(path, &size, &type) : NULL;
    struct verb *verb =
        verb_create(store, NULL, "SELECT register.set_operator_logo(nullif($1::bytea, ''), nullif($2::text, ''))");
    if (verb == NULL) {
        free(bytes);
        return; /* the next reload or start writes it */
    }
    verb->state = bytes; /* freed with it */
    verb->answer = logo_written;
    db_request_binary(&verb->request, PG_BYTEA_OID, bytes, size);
    db_request_text(&verb->request, type);
    verb_send(verb);
}
