/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages from the embedded catalogues, numbers and dates as each language writes them.
 */
#include "language.h"

#include "catalogue_data.h"
#include "civil_time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NO_BREAK_SPACE "\xc2\xa0"
#define MINUS          "\xe2\x88\x92"
#define EN_DASH        "\xe2\x80\x93"

bool language_init(struct language *language, const char *tag, char ret_error[400])
{
    bool is_english = tag && strcmp(tag, "en") == 0;
    for (const struct catalogue_data *row = catalogue_data; row->language; row++) {
        struct language made = {.tag = row->language, .translated = true, .numerals = {',', NO_BREAK_SPACE}};
        if (!tag || (!is_english && strcmp(row->language, tag) != 0))
            continue;
        const char *reason;
        if (!catalogue_open(&made.catalogue, row->data, row->size, &reason)) {
            snprintf(ret_error, 400, "messages for %s: %s", row->language, reason);
            return false;
        }
        if (is_english)
            made = (struct language){.tag = "en", .catalogue = catalogue_of_messages(&made.catalogue), .numerals = {'.', ","}};
        *language = made;
        return true;
    }
    snprintf(ret_error, 400, "language: %.40s is not one of nb, nn, en", tag ? tag : "(none)");
    return false;
}

bool language_knows(const struct language *language, const char *message)
{
    return catalogue_text(&language->catalogue, message, 0) != NULL;
}

bool language_made(const struct language *language, const char *text, char ret_text[CATALOGUE_TEXT_MAX])
{
    return catalogue_translate_made(&language->catalogue, text, &language->numerals, ret_text);
}

const char *tr(const struct language *language, const char *message)
{
    const char *text = language->translated && *message ? catalogue_text(&language->catalogue, message, 0) : NULL;
    return text ? text : message;
}

const char *tr_plural(const struct language *language, const char *one, const char *many, double number)
{
    unsigned form = number != 1;
    const char *text = language->translated ? catalogue_text(&language->catalogue, one, form) : NULL;
    return text ? text : form ? many : one;
}

static int decimals_needed(double number)
{
    double scaled = fabs(number);
    if (scaled >= 100 || scaled == floor(scaled))
        return 0;
    for (int decimals = 1; decimals < 3; decimals++) {
        scaled *= 10;
        if (fabs(scaled - round(scaled)) < 1e-9)
            return decimals;
    }
    return 3;
}

void language_number(const struct language *language, double number, int decimals, char ret_text[LANGUAGE_NUMBER_SIZE])
{
    if (isnan(number)) {
        snprintf(ret_text, LANGUAGE_NUMBER_SIZE, EN_DASH);
        return;
    }
    if (isinf(number)) {
        snprintf(ret_text, LANGUAGE_NUMBER_SIZE, "%s\xe2\x88\x9e", number < 0 ? MINUS : "");
        return;
    }
    if (decimals < 0)
        decimals = decimals_needed(number);
    char plain[LANGUAGE_NUMBER_SIZE];
    if (fabs(number) >= 1e15)
        snprintf(plain, sizeof plain, "%.3e", number);
    else
        snprintf(plain, sizeof plain, "%.*f", decimals, number);
    const char *shown = plain + (plain[0] == '-' && strspn(plain, "-0.") == strlen(plain)); /* nothing is not negative */
    ret_text[numerals_write(&language->numerals, shown, strlen(shown), ret_text, LANGUAGE_NUMBER_SIZE - 1)] = 0;
}

void language_probability(const struct language *language, double number, char ret_text[LANGUAGE_NUMBER_SIZE])
{
    if (number >= 0.001 || isnan(number))
        language_number(language, number, 3, ret_text);
    else
        snprintf(ret_text, LANGUAGE_NUMBER_SIZE, "<" NO_BREAK_SPACE "0%c001", language->numerals.decimal);
}

void language_probability_after(const struct language *language, double number, char ret_text[LANGUAGE_NUMBER_SIZE])
{
    char plain[LANGUAGE_NUMBER_SIZE];
    language_probability(language, number, plain);
    snprintf(ret_text, LANGUAGE_NUMBER_SIZE, plain[0] == '<' ? "%.40s" : "=\xc2\xa0%.40s", plain);
}

void language_percent(const struct language *language, double share, int decimals, char ret_text[LANGUAGE_NUMBER_SIZE])
{
    language_number(language, share * 100, decimals, ret_text);
    size_t used = strlen(ret_text);
    if (!isnan(share) && used + 4 < LANGUAGE_NUMBER_SIZE)
        snprintf(ret_text + used, LANGUAGE_NUMBER_SIZE - used, language->translated ? NO_BREAK_SPACE "%%" : "%%");
}

void language_date(const struct language *language, int32_t day, char ret_text[LANGUAGE_DATE_SIZE])
{
    static const char *const months[] = {N_("January"),   N_("February"), N_("March"),    N_("April"),
                                         N_("May"),       N_("June"),     N_("July"),     N_("August"),
                                         N_("September"), N_("October"),  N_("November"), N_("December")};
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    /* TRANSLATORS: a date: day of the month, name of the month, year. */
    snprintf(ret_text, LANGUAGE_DATE_SIZE, tr(language, "%d %s %d"), mday, tr(language, months[month - 1]), year);
}
