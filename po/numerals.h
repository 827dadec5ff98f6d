/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a language writes numbers: the decimal sign and what stands between groups of three digits.
 *
 * Every quantity from 1000 is grouped, in running text as in tables, so that those of one column and of one sentence are
 * written alike. Bokmål and nynorsk: a blank that does not break, 1 234 and 10 054 (Språkrådet's rules of writing, "Tall",
 * which also let four digits stand together; DFØ's standard does not). English: a comma, 1,234. Years, dates, identifiers and
 * what one types are no quantities, and nobody passes them through here.
 */
#ifndef SAMORDNING_NUMERALS_H
#define SAMORDNING_NUMERALS_H

#include <stddef.h>

struct numerals {
    char decimal;          /* ',' or '.' */
    const char *thousands; /* no-break space, or comma */
};

/* Writes a number that a program printed, the first `size` bytes of `plain` ("-1234.5", "1.5e-07"), as people write it; the
 * minus is U+2212. Returns the bytes written, without a NUL after them; 0: there is no room. */
size_t numerals_write(const struct numerals *numerals, const char *plain, size_t size, char *ret_text, size_t room);

#endif
