/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many columns of a terminal a text takes. */
#include "width.h"

#include <stdint.h>

struct range {
    uint32_t first, last;
};

/* Unicode 15: combining marks and other characters without a width of their own that names can hold. */
static const struct range none[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
                                    {0x064b, 0x065f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
                                    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};
static const struct range two[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},  {0xac00, 0xd7a3},
                                   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
                                   {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

static int is_in(const struct range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return 1;
    return 0;
}

size_t width_of(const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t i = 0; i < size;) {
        unsigned char first = (unsigned char)text[i];
        size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        uint32_t point = length == 1 ? first : first & (0xffu >> (length + 1));
        for (size_t k = 1; k < length && i + k < size; k++)
            point = point << 6 | ((unsigned char)text[i + k] & 0x3f);
        i += length;
        if (point < 0x300)
            columns++;
        else
            columns += is_in(none, sizeof none / sizeof none[0], point) ? 0
                       : is_in(two, sizeof two / sizeof two[0], point)  ? 2
                                                                        : 1;
    }
    return columns;
}
