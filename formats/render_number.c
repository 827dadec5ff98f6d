/* SPDX-License-Identifier: GPL-3.0-or-later
 * A double as the shortest decimal text that reads back as the same double. */
#include "result_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void render_number(double number, char ret_text[RENDER_NUMBER_SIZE])
{
    if (isnan(number)) {
        ret_text[0] = '\0';
        return;
    }
    if (isinf(number)) {
        snprintf(ret_text, RENDER_NUMBER_SIZE, "%s", number > 0 ? "inf" : "-inf");
        return;
    }
    if (number == floor(number) && fabs(number) < 1e15) {
        snprintf(ret_text, RENDER_NUMBER_SIZE, "%.0f", number == 0 ? 0.0 : number);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(ret_text, RENDER_NUMBER_SIZE, "%.*g", digits, number);
        if (strtod(ret_text, NULL) == number)
            return;
    }
}
