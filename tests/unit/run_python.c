/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a Python script as an independent witness. */
#include "run_python.h"

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

extern char **environ;

int run_python(const char *script, const char *const arguments[])
{
    const char *words[12] = {"python3", "-c", script};
    for (size_t i = 0; arguments[i] && i < 8; i++)
        words[3 + i] = arguments[i];
    pid_t pid;
    int status;
    if (posix_spawn(&pid, "/usr/bin/python3", NULL, NULL, (char **)(uintptr_t)words, environ) != 0 ||
        waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
