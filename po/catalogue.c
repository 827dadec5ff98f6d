/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads compiled gettext catalogues from memory: bounds first, then a binary search.
 */
#include "catalogue.h"

#include <ctype.h>
#include <string.h>

#define MO_MAGIC  0x950412deu
#define MO_HEADER 28u

static uint32_t word_at(const struct catalogue *catalogue, uint32_t offset)
{
    const unsigned char *p = catalogue->data + offset;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool table_fits(const struct catalogue *catalogue, uint32_t offset)
{
    return (uint64_t)offset + (uint64_t)catalogue->count * 8 <= catalogue->size;
}

/* A string entry lies inside the data and ends with NUL right after its announced length. */
static bool entry_fits(const struct catalogue *catalogue, uint32_t table, uint32_t index)
{
    uint64_t length = word_at(catalogue, table + index * 8);
    uint64_t offset = word_at(catalogue, table + index * 8 + 4);
    return offset + length + 1 <= catalogue->size && catalogue->data[offset + length] == 0;
}

static const char *entry_text(const struct catalogue *catalogue, uint32_t table, uint32_t index, uint32_t *ret_length)
{
    if (ret_length)
        *ret_length = word_at(catalogue, table + index * 8);
    return (const char *)catalogue->data + word_at(catalogue, table + index * 8 + 4);
}

static bool refuse(const char **ret_reason, const char *reason)
{
    if (ret_reason)
        *ret_reason = reason;
    return false;
}

bool catalogue_open(struct catalogue *catalogue, const void *data, size_t size, const char **ret_reason)
{
    struct catalogue opened = {.data = data, .size = (uint32_t)size};
    if (size < MO_HEADER || size > UINT32_MAX / 2)
        return refuse(ret_reason, "the catalogue is cut short");
    if (word_at(&opened, 0) != MO_MAGIC)
        return refuse(ret_reason, "not a little-endian message catalogue");
    if (word_at(&opened, 4) != 0)
        return refuse(ret_reason, "the catalogue has a revision other than 0");
    opened.count = word_at(&opened, 8);
    opened.originals = word_at(&opened, 12);
    opened.translations = word_at(&opened, 16);
    if (!table_fits(&opened, opened.originals) || !table_fits(&opened, opened.translations))
        return refuse(ret_reason, "the catalogue is cut short");
    for (uint32_t i = 0; i < opened.count; i++) {
        if (!entry_fits(&opened, opened.originals, i) || !entry_fits(&opened, opened.translations, i))
            return refuse(ret_reason, "a message lies outside the catalogue");
        if (i > 0 &&
            strcmp(entry_text(&opened, opened.originals, i - 1, NULL), entry_text(&opened, opened.originals, i, NULL)) >= 0)
            return refuse(ret_reason, "the messages are not in order");
    }
    const char *head = catalogue_text(&opened, "", 0);
    if (!head || !strstr(head, "charset=UTF-8"))
        return refuse(ret_reason, "the catalogue is not in UTF-8");
    if (!strstr(head, "nplurals=2; plural=(n != 1);"))
        return refuse(ret_reason, "the catalogue's plural rule is not n != 1");
    *catalogue = opened;
    return true;
}

struct catalogue catalogue_of_messages(const struct catalogue *catalogue)
{
    struct catalogue own = *catalogue;
    own.translations = own.originals;
    return own;
}

const char *catalogue_text(const struct catalogue *catalogue, const char *message, unsigned form)
{
    uint32_t low = 0, high = catalogue->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(entry_text(catalogue, catalogue->originals, middle, NULL), message);
        if (order < 0) {
            low = middle + 1;
        } else if (order > 0) {
            high = middle;
        } else {
            uint32_t length;
            const char *text = entry_text(catalogue, catalogue->translations, middle, &length);
            size_t first = strlen(text);
            if (form == 1 && first < length)
                text += first + 1;
            return *text || !*message ? text : NULL;
        }
    }
    return NULL;
}

/* One conversion of a format: %[n$][flags][width][.precision][length]letter. */
struct conversion {
    size_t size;
    unsigned position; /* from n$, counted from 1; 0 = the next one */
    char letter;
    bool is_quantity; /* a number without the flag '-' */
};

static bool conversion_read(const char *at, struct conversion *ret_conversion)
{
    const char *p = at + 1;
    unsigned number = 0;
    struct conversion read = {0};
    const char *digits = p;
    while (isdigit((unsigned char)*p) && number < 100)
        number = number * 10 + (unsigned)(*p++ - '0');
    if (*p == '$' && p > digits) {
        read.position = number;
        p++;
    } else {
        p = digits;
    }
    const char *flags = p;
    while (*p && strchr("-+ #0'.*123456789", *p))
        p++;
    bool is_name = memchr(flags, '-', (size_t)(p - flags)) != NULL;
    while (*p && strchr("hlzjtLq", *p))
        p++;
    if (!*p)
        return false;
    read.letter = *p++;
    read.is_quantity = !is_name && strchr("diufge", read.letter) != NULL;
    read.size = (size_t)(p - at);
    *ret_conversion = read;
    return true;
}

struct argument {
    const char *text;
    size_t size;
    bool is_quantity;
};

/* The characters a conversion can have printed. */
static bool argument_may_hold(char letter, char c)
{
    switch (letter) {
    case 'd':
    case 'i':
    case 'u':
        return isdigit((unsigned char)c) || c == '-';
    case 'f':
    case 'g':
    case 'e':
        return isdigit((unsigned char)c) || strchr("-+.einfa", c) != NULL;
    default:
        return true;
    }
}

/* Matches `text` against `format`, arguments shortest first; `depth` is bounded by the number of conversions. */
static bool format_match(const char *format, const char *text, struct argument *arguments, size_t *count)
{
    while (*format && *format != '%') {
        if (*format++ != *text++)
            return false;
    }
    if (!*format)
        return *text == 0;
    if (format[1] == '%')
        return *text == '%' && format_match(format + 2, text + 1, arguments, count);
    struct conversion conversion;
    if (*count == CATALOGUE_ARGUMENTS_MAX || !conversion_read(format, &conversion) || conversion.position)
        return false;
    size_t slot = (*count)++;
    for (size_t size = 0;; size++) {
        size_t before = *count;
        if ((size > 0 || conversion.letter == 's') && format_match(format + conversion.size, text + size, arguments, count)) {
            arguments[slot] = (struct argument){text, size, conversion.is_quantity};
            return true;
        }
        *count = before;
        if (!text[size] || !argument_may_hold(conversion.letter, text[size]))
            break;
    }
    (*count)--;
    return false;
}

struct made {
    char *text;
    size_t used;
    bool full;
};

static void made_add(struct made *made, const char *text, size_t size)
{
    if (made->full || made->used + size >= CATALOGUE_TEXT_MAX) {
        made->full = true;
        return;
    }
    memcpy(made->text + made->used, text, size);
    made->used += size;
}

static void made_add_argument(struct made *made, const struct argument *argument, const struct numerals *numerals)
{
    if (!argument->is_quantity || made->full) {
        made_add(made, argument->text, argument->size);
        return;
    }
    size_t size =
        numerals_write(numerals, argument->text, argument->size, made->text + made->used, CATALOGUE_TEXT_MAX - 1 - made->used);
    made->used += size;
    made->full = size == 0;
}

static bool format_fill(const char *format, const struct argument *arguments, size_t count, const struct numerals *numerals,
                        char ret_text[CATALOGUE_TEXT_MAX])
{
    char text[CATALOGUE_TEXT_MAX];
    struct made made = {.text = text};
    size_t next = 0;
    while (*format) {
        struct conversion conversion;
        if (*format != '%') {
            made_add(&made, format++, 1);
        } else if (format[1] == '%') {
            made_add(&made, "%", 1);
            format += 2;
        } else {
            if (!conversion_read(format, &conversion))
                return false;
            size_t slot = conversion.position ? conversion.position - 1 : next++;
            if (slot >= count)
                return false;
            made_add_argument(&made, &arguments[slot], numerals);
            format += conversion.size;
        }
    }
    if (made.full)
        return false;
    memcpy(ret_text, text, made.used);
    ret_text[made.used] = 0;
    return true;
}

/* Bytes of a format that are not conversions: what ties a text to it. */
static size_t format_literals(const char *format)
{
    size_t count = 0;
    struct conversion conversion;
    while (*format) {
        if (*format == '%' && format[1] != '%' && conversion_read(format, &conversion)) {
            format += conversion.size;
        } else {
            format += *format == '%' && format[1] == '%' ? 2 : 1;
            count++;
        }
    }
    return count;
}

bool catalogue_translate_made(const struct catalogue *catalogue, const char *text, const struct numerals *numerals,
                              char ret_text[CATALOGUE_TEXT_MAX])
{
    size_t best = CATALOGUE_LITERALS_MIN - 1;
    if (strlen(text) >= CATALOGUE_TEXT_MAX)
        return false;
    for (uint32_t i = 0; i < catalogue->count; i++) {
        const char *format = entry_text(catalogue, catalogue->originals, i, NULL);
        const char *translation = entry_text(catalogue, catalogue->translations, i, NULL);
        size_t before = strcspn(format, "%"), literals;
        if (!format[before] || strncmp(format, text, before) != 0 || !*translation ||
            (literals = format_literals(format)) <= best)
            continue;
        struct argument arguments[CATALOGUE_ARGUMENTS_MAX];
        size_t count = 0;
        if (format_match(format, text, arguments, &count) && format_fill(translation, arguments, count, numerals, ret_text))
            best = literals;
    }
    return best >= CATALOGUE_LITERALS_MIN;
}
