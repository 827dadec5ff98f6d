/* SPDX-License-Identifier: GPL-3.0-or-later
 * A double as the shortest decimal text that reads back as the same double.
 *
 * strfromd, not snprintf: where a library has registered conversions of its own with printf, as libquadmath does behind igraph,
 * every snprintf takes a longer way.
 */
#include "result_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void render_number(double number, char ret_text[RENDER_NUMBER_SIZE])
{
    if (isnan(number)) {
        ret_text[0] = '\0';
        return;
    }
    if (isinf(number)) {
        strfromd(ret_text, RENDER_NUMBER_SIZE, "%f", number);
        return;
    }
    if (number == floor(number) && fabs(number) < 1e15) {
        strfromd(ret_text, RENDER_NUMBER_SIZE, "%.0f", number == 0 ? 0.0 : number);
        return;
    }
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        strfromd(ret_text, RENDER_NUMBER_SIZE, formats[i], number);
        if (strtod(ret_text, NULL) == number)
            return;
    }
}
