/* SPDX-License-Identifier: GPL-3.0-or-later
 * Latin-1 and Latin Extended-A by table: U+00C0 to U+017F. */
#include "ascii.h"

#include <stdint.h>
#include <string.h>

#define TABLE_FIRST 0xC0

/* One word a character from U+00C0 on. */
static const char table[] = "A A A A AE AA AE C E E E E I I I I "   /* À-Ï, Ä as Æ */
                            "D N O O O O OE x OE U U U UE Y TH ss " /* Ð-ß, Ö as Ø */
                            "a a a a ae aa ae c e e e e i i i i "   /* à-ï */
                            "d n o o o o oe _ oe u u u ue y th y "  /* ð-ÿ */
                            "A a A a A a C c C c C c C c D d "      /* Ā-ď */
                            "D d E e E e E e E e E e G g G g "      /* Đ-ğ */
                            "G g G g H h H h I i I i I i I i "      /* Ġ-į */
                            "I i IJ ij J j K k k L l L l L l L "    /* İ-Ŀ */
                            "l L l N n N n N n n NG ng O o O o "    /* ŀ-ŏ */
                            "O o OE oe R r R r R r S s S s S s "    /* Ő-ş */
                            "S s T t T t T t U u U u U u U u "      /* Š-ů */
                            "U u U u W w Y y Y Z z Z z Z z s";      /* Ű-ſ */

/* The code point, and its length in bytes; 0 for what is not UTF-8 (length 1). */
static uint32_t decode(const char *text, size_t *ret_size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t size = at[0] < 0x80 ? 1 : at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : at[0] >= 0xC0 ? 2 : 1;
    uint32_t point = size == 1 ? (at[0] < 0x80 ? at[0] : 0) : at[0] & (0x3Fu >> (size - 1));
    *ret_size = 1;
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (at[i] & 0x3Fu);
    }
    *ret_size = size;
    return point;
}

size_t ascii_of(const char *text, char ret_ascii[4])
{
    size_t size;
    uint32_t point = decode(text, &size);
    if (point && point < 0x80) {
        ret_ascii[0] = (char)point;
        ret_ascii[1] = '\0';
        return size;
    }
    const char *word = point >= TABLE_FIRST ? table : NULL;
    for (uint32_t skip = point - TABLE_FIRST; word && skip > 0; skip--) {
        word = strchr(word, ' ');
        word = word ? word + 1 : NULL;
    }
    size_t length = word ? strcspn(word, " ") : 0;
    if (length == 0 || length > 3) {
        word = "_";
        length = 1;
    }
    memcpy(ret_ascii, word, length);
    ret_ascii[length] = '\0';
    return size;
}
