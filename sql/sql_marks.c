/* SPDX-License-Identifier: GPL-3.0-or-later
 * Puts words in place of marks.
 */
#include "sql_marks.h"

#include <string.h>

static const struct sql_mark *mark_at(const char *at, const struct sql_mark *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(at, marks[i].name, strlen(marks[i].name)) == 0)
            return &marks[i];
    return NULL;
}

bool sql_fill(const char *sql, const struct sql_mark *marks, size_t count, char *ret_statement, size_t size)
{
    size_t length = 0;
    while (*sql != '\0') {
        const struct sql_mark *mark = mark_at(sql, marks, count);
        const char *from = mark != NULL ? mark->text : sql;
        size_t bytes = mark != NULL ? strlen(mark->text) : 1;
        if (length + bytes >= size)
            return false;
        memcpy(ret_statement + length, from, bytes);
        length += bytes;
        sql += mark != NULL ? strlen(mark->name) : 1;
    }
    ret_statement[length] = '\0';
    return true;
}
