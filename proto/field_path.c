/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths of fields in errors: since errors are rare, the way down costs nothing. */
#include "field_path.h"

#include <stdio.h>
#include <string.h>

void field_path_prepend(struct errmsg *errmsg, const char *name, size_t index)
{
    if (errmsg == NULL)
        return;
    char number[24] = "";
    if (index != FIELD_PATH_SINGLE)
        snprintf(number, sizeof number, "[%zu]", index);
    char behind[sizeof errmsg->field];
    memcpy(behind, errmsg->field, sizeof behind);
    char text[sizeof errmsg->text];
    memcpy(text, errmsg->text, sizeof text);
    char path[2 * sizeof behind];
    snprintf(path, sizeof path, "%.64s%s%s%s", name, number, behind[0] != '\0' ? "." : "", behind);
    errmsg_set(errmsg, path, "%s", text);
}
