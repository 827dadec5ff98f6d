/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing HTML: the one place where strings become safe to show.
 *
 * A writer fills blocks of memory that become the body of an answer without being copied again. What is not a literal of this
 * program goes through html_text or a %s of html_put, which escape for text and for quoted attributes alike. Running out of
 * memory is remembered; html_end tells.
 */
#ifndef SAMORDNING_HTML_H
#define SAMORDNING_HTML_H

#include <stdbool.h>
#include <stddef.h>

#define HTML_BLOCK 16384 /* bytes taken from the buffer at once */

struct evbuffer;

struct html {
    struct evbuffer *out;
    char *begin, *at, *end; /* the block being filled */
    bool failed;
};

void html_begin(struct html *html, struct evbuffer *out);
bool html_end(struct html *html); /* false: something did not fit into memory */

/* A literal of this program, as it is. */
void html_raw(struct html *html, const char *literal);
/* Escaped; NULL is nothing. Bytes that are not UTF-8 and control characters become U+FFFD. */
void html_text(struct html *html, const char *text);
void html_text_size(struct html *html, const char *text, size_t size);
/* A literal with %s (escaped), %u (unsigned), %g (double, as short as it can be and read back the same), %%. */
void html_put(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text as something an id may be: letters, digits, - and _ stay, other bytes become .xx; an id may not hold blanks. */
void html_id(struct html *html, const char *text);

/* Bytes of the character that begins here; 0: broken UTF-8, or a control character other than tab and the ends of lines. */
size_t html_character_size(const char *text, size_t left);

/* The shortest text that reads back as this double. */
#define HTML_NUMBER_SIZE 32
void html_number(double number, char ret_text[HTML_NUMBER_SIZE]);

#endif
