/* SPDX-License-Identifier: GPL-3.0-or-later
 * A letter as it goes out: RFC 5322 headers and a plain text of one language, made of what the database says of it.
 *
 * The text is the wave's own, if it has one in that language, else the built-in one. {title}, {link}, {closes}, {organisation},
 * {sender} and {receipt} in it are filled in; a text without {link} gets the link behind it. Nothing that comes from outside
 * can add a header: values are one line, and what is not plain ASCII is an encoded word (RFC 2047).
 */
#ifndef SAMORDNING_LETTER_H
#define SAMORDNING_LETTER_H

#include "store_letter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LETTER_ADDRESS_MAX 254 /* RFC 5321 */

struct letter_frame {
    const char *from;   /* address */
    const char *sender; /* whom letters are from where the wave does not say */
    const char *link;   /* whole address; "" for a receipt */
    int64_t now_us;
};

/* One address such as a mail server takes: ASCII, one @, no blanks, quotes, brackets or control characters. */
bool letter_address_is_good(const char *address);
/* invitation, reminder, delegation, signing, returned, receipt */
bool letter_kind_is_known(const char *kind);
struct letter_filling {
    const char *name, *value; /* a NULL name ends the list */
};
/* The text with what stands in braces filled in; other braces stay. The caller frees it; NULL: out of memory. */
char *letter_fill(const char *text, const struct letter_filling *fillings);
/* Lines end in CRLF. The caller frees it; NULL: out of memory. */
char *letter_compose(const struct store_letter *letter, const struct letter_frame *frame, size_t *ret_size);

#endif
