/* SPDX-License-Identifier: GPL-3.0-or-later
 * The language that the environment asks for. */
#include "language.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

const char *language_own(void)
{
    const char *language = getenv("LANGUAGE"), *locale = setlocale(LC_MESSAGES, NULL);
    const char *wanted = language && language[0] ? language : locale ? locale : "";
    if (strncmp(wanted, "nn", 2) == 0)
        return "nn";
    return strncmp(wanted, "nb", 2) == 0 || strncmp(wanted, "no", 2) == 0 ? "nb" : "en";
}
