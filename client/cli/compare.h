/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two results, table by table and value by value.
 */
#ifndef SAMORDNING_COMPARE_H
#define SAMORDNING_COMPARE_H

#include "samordning.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct comparison {
    size_t tables, values; /* compared */
    size_t differences;
    size_t lacking; /* tables and columns that the kept result, being a part, does not have */
};

/* Numbers are compared by their bits, any NaN (missing) with any other; with `as_json` as JSON holds them: infinities are
 * missing and zero has no sign. With `partial` the kept one may lack tables and columns. Names the first `shown` differences in
 * `file`, each with table, row, column and both values. Ids and times of computing are not compared, the cards' entries and
 * notes are. */
void compare_results(const Samordning__V1__Result *kept, const Samordning__V1__Result *again, bool as_json, bool partial,
                     size_t shown, FILE *file, struct comparison *ret_comparison);

#endif
