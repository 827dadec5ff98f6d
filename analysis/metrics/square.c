/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of lines: added up by label, blended two sums at a time.
 */
#include "square.h"

#include <stdlib.h>
#include <string.h>

#define TOGETHER 2 /* lines summed at the same time, so that no sum waits for itself; divides width */

vectors_doubles *square_lines(size_t rows, size_t width)
{
    size_t size = (rows * width + 1) * sizeof(vectors_doubles);
    vectors_doubles *lines = aligned_alloc(VECTORS_BYTES, size);
    if (lines)
        memset(lines, 0, size);
    return lines;
}

bool square_init(struct square *ret_square, size_t actors)
{
    size_t per_step = (size_t)TOGETHER * VECTORS_LANES, words = (actors + 63) / 64;
    *ret_square = (struct square){.count = actors, .width = (actors + per_step - 1) / per_step * TOGETHER, .words = words};
    ret_square->rows = square_lines(actors, ret_square->width);
    ret_square->bits = calloc(actors * words + 1, sizeof *ret_square->bits);
    if (ret_square->rows && ret_square->bits)
        return true;
    square_release(ret_square);
    return false;
}

void square_release(struct square *square)
{
    free(square->rows);
    free(square->bits);
    *square = (struct square){0};
}

void square_put(struct square *square, size_t row, size_t column, double weight)
{
    square->rows[row * square->width + column / VECTORS_LANES][column % VECTORS_LANES] = weight;
    square->bits[row * square->words + column / 64] |= UINT64_C(1) << column % 64;
}

size_t square_common(const struct square *square, size_t a, size_t b)
{
    const uint64_t *left = square->bits + a * square->words, *right = square->bits + b * square->words;
    size_t common = 0;
    for (size_t w = 0; w < square->words; w++)
        common += (size_t)__builtin_popcountll(left[w] & right[w]);
    return common;
}

VECTORS_BODY void add_by_label_body(const struct square *square, const int32_t *labels, const size_t *filled,
                                    vectors_doubles *sums)
{
    for (size_t v = 0; v < square->count; v++) {
        const vectors_doubles *row = square->rows + v * square->width;
        vectors_doubles *to = sums + (size_t)labels[v] * square->width;
        for (size_t l = 0; l < filled[v]; l++)
            to[l] += row[l];
    }
}
VECTORS_VERSIONS(void, add_by_label,
                 (const struct square *square, const int32_t *labels, const size_t *filled, vectors_doubles *sums),
                 (square, labels, filled, sums));

void square_add_by_label(const struct square *square, const int32_t *labels, const size_t *filled, vectors_doubles *sums)
{
    add_by_label[vectors_resolve(VECTORS_BEST)](square, labels, filled, sums);
}

VECTORS_BODY void blend_rows_body(const struct square *square, const int32_t *who, const struct square_blend *by, size_t count,
                                  vectors_doubles *firsts, vectors_doubles *seconds)
{
    for (size_t l = 0; l < square->width; l += TOGETHER) {
        vectors_doubles first[TOGETHER], second[TOGETHER];
        for (size_t t = 0; t < TOGETHER; t++) {
            first[t] = firsts[l + t];
            second[t] = seconds[l + t];
        }
        for (size_t k = 0; k < count; k++) {
            const vectors_doubles *row = square->rows + (size_t)who[k] * square->width + l;
            for (size_t t = 0; t < TOGETHER; t++) {
                first[t] += by[k].first * row[t];
                second[t] += by[k].second * row[t];
            }
        }
        for (size_t t = 0; t < TOGETHER; t++) {
            firsts[l + t] = first[t];
            seconds[l + t] = second[t];
        }
    }
}
VECTORS_VERSIONS(void, blend_rows,
                 (const struct square *square, const int32_t *who, const struct square_blend *by, size_t count,
                  vectors_doubles *firsts, vectors_doubles *seconds),
                 (square, who, by, count, firsts, seconds));

void square_blend_rows(const struct square *square, enum vectors vectors, const int32_t *who, const struct square_blend *by,
                       size_t count, vectors_doubles *firsts, vectors_doubles *seconds)
{
    blend_rows[vectors_resolve(vectors)](square, who, by, count, firsts, seconds);
}

unsigned square_versions(void)
{
    unsigned labels = VECTORS_COUNTED(add_by_label), rows = VECTORS_COUNTED(blend_rows);
    return labels < rows ? labels : rows;
}
