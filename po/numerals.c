/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes printed numbers as people write them.
 */
#include "numerals.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"

static bool add(const char *text, size_t size, char *ret_text, size_t room, size_t *used)
{
    if (size > room - *used)
        return false;
    memcpy(ret_text + *used, text, size);
    *used += size;
    return true;
}

size_t numerals_write(const struct numerals *numerals, const char *plain, size_t size, char *ret_text, size_t room)
{
    size_t used = 0, start = size > 0 && plain[0] == '-', whole = start;
    while (whole < size && isdigit((unsigned char)plain[whole]))
        whole++;
    for (size_t i = 0; i < size; i++) {
        const char *sign = plain + i;
        size_t sign_size = 1;
        if (start && i == 0) {
            sign = MINUS;
            sign_size = strlen(MINUS);
        } else if (plain[i] == '.') {
            sign = &numerals->decimal;
        }
        bool opens_group = i > start && i < whole && (whole - i) % 3 == 0;
        if (opens_group && !add(numerals->thousands, strlen(numerals->thousands), ret_text, room, &used))
            return 0;
        if (!add(sign, sign_size, ret_text, room, &used))
            return 0;
    }
    return used;
}
