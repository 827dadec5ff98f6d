/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking up the fixed terms of the field. */
#include "vocabulary_terms.h"

#include <string.h>

#define NAME_SIZE_MAX 64

static const struct vocabulary_list *list_of(enum vocabulary vocabulary)
{
    return (unsigned)vocabulary < VOCABULARY_COUNT ? &vocabulary_lists[vocabulary] : NULL;
}

const char *vocabulary_name(enum vocabulary vocabulary)
{
    const struct vocabulary_list *list = list_of(vocabulary);
    return list != NULL ? list->name : "";
}

size_t vocabulary_size(enum vocabulary vocabulary)
{
    const struct vocabulary_list *list = list_of(vocabulary);
    return list != NULL ? list->size : 0;
}

const struct vocabulary_term *vocabulary_terms(enum vocabulary vocabulary)
{
    const struct vocabulary_list *list = list_of(vocabulary);
    return list != NULL ? list->terms : NULL;
}

const struct vocabulary_term *vocabulary_by_code(enum vocabulary vocabulary, int code)
{
    const struct vocabulary_list *list = list_of(vocabulary);
    if (list == NULL || code < list->terms[0].code || (size_t)(code - list->terms[0].code) >= list->size)
        return NULL;
    return &list->terms[code - list->terms[0].code];
}

/* Small letters, also of the two-byte Latin-1 range (À to Þ), and one kind of word separator. */
static size_t fold(const char *text, size_t size, char ret_folded[NAME_SIZE_MAX])
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        else if (c == ' ' || c == '-')
            c = '_';
        else if (i > 0 && (unsigned char)text[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
            c |= 0x20;
        ret_folded[i] = (char)c;
    }
    return size;
}

static bool is_same(const char *folded, size_t size, const char *spelling, size_t spelling_size)
{
    char other[NAME_SIZE_MAX];
    return size == spelling_size && fold(spelling, spelling_size, other) == size && memcmp(folded, other, size) == 0;
}

static bool has_spelling(const struct vocabulary_term *term, const char *folded, size_t size)
{
    const char *const labels[] = {term->name, term->label_nb, term->label_nn, term->label_en};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (is_same(folded, size, labels[i], strlen(labels[i])))
            return true;
    const char *alias = term->aliases;
    while (*alias != '\0') {
        size_t length = strcspn(alias, " ");
        if (is_same(folded, size, alias, length))
            return true;
        alias += length;
        alias += *alias == ' ';
    }
    return false;
}

const struct vocabulary_term *vocabulary_by_name(enum vocabulary vocabulary, const char *name, size_t size)
{
    const struct vocabulary_list *list = list_of(vocabulary);
    if (list == NULL || size == 0 || size > NAME_SIZE_MAX)
        return NULL;
    /* Files mostly write the name itself, millions of times. */
    for (size_t i = 0; i < list->size; i++)
        if (strncmp(list->terms[i].name, name, size) == 0 && list->terms[i].name[size] == '\0')
            return &list->terms[i];
    char folded[NAME_SIZE_MAX];
    fold(name, size, folded);
    for (size_t i = 0; i < list->size; i++)
        if (has_spelling(&list->terms[i], folded, size))
            return &list->terms[i];
    return NULL;
}
