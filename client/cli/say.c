/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words to the person at the terminal, on standard error. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void say_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("samordning: ", stderr);
    vfprintf(stderr, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): a false alarm of clang-tidy 14 */
    fputc('\n', stderr);
    va_end(arguments);
}

void say_hint(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): a false alarm of clang-tidy 14 */
    fputc('\n', stderr);
    va_end(arguments);
}

bool say_is_terminal(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

void say_list(char *list, size_t size, const char *word)
{
    size_t used = strlen(list);
    if (used + strlen(word) + 3 <= size)
        snprintf(list + used, size - used, "%s%s", used ? ", " : "", word);
}
