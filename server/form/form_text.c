/* SPDX-License-Identifier: GPL-3.0-or-later
 * Catalogues, times and numbers of the form.
 */
#include "form/form_text.h"

#include "catalogue.h"
#include "catalogue_data.h"
#include "civil_time.h"
#include "web/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_TYPED_MAX 40

static struct catalogue catalogues[INSTRUMENT_LANGUAGES];
static bool is_translated[INSTRUMENT_LANGUAGES];

bool form_text_open(void)
{
    for (const struct catalogue_data *row = catalogue_data; row->language != NULL; row++) {
        const char *reason;
        enum instrument_language language = instrument_language_of(row->language);
        if (!catalogue_open(&catalogues[language], row->data, row->size, &reason))
            return false;
        is_translated[language] = true;
    }
    catalogues[INSTRUMENT_SE] = catalogues[INSTRUMENT_NB];
    is_translated[INSTRUMENT_SE] = is_translated[INSTRUMENT_NB];
    return true;
}

const char *tr(enum instrument_language language, const char *message)
{
    const char *text = is_translated[language] && *message ? catalogue_text(&catalogues[language], message, 0) : NULL;
    return text != NULL ? text : message;
}

const char *tr_plural(enum instrument_language language, const char *one, const char *many, unsigned long number)
{
    unsigned form = number != 1;
    const char *text = is_translated[language] ? catalogue_text(&catalogues[language], one, form) : NULL;
    return text != NULL ? text : form ? many : one;
}

const char *form_text_code(enum instrument_language language)
{
    return language == INSTRUMENT_SE ? "nb" : instrument_language_code(language);
}

void form_text_time(enum instrument_language language, int64_t time_us, char ret_text[FORM_TIME_SIZE])
{
    static const char *const months[] = {N_("January"),   N_("February"), N_("March"),    N_("April"),
                                         N_("May"),       N_("June"),     N_("July"),     N_("August"),
                                         N_("September"), N_("October"),  N_("November"), N_("December")};
    char iso[CIVIL_TIME_TEXT_SIZE];
    int year, month, day;
    civil_time_format(time_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, iso);
    civil_from_day(civil_day_of(time_us), &year, &month, &day);
    const char *clock = strchr(iso, 'T');
    if (clock == NULL || strlen(clock) < sizeof "THH:MM" - 1) {
        snprintf(ret_text, FORM_TIME_SIZE, "%s", iso);
        return;
    }
    unsigned hour = (unsigned)strtoul(clock + 1, NULL, 10), minute = (unsigned)strtoul(clock + 4, NULL, 10);
    /* TRANSLATORS: day of the month, name of the month, year, hour, minute. */
    snprintf(ret_text, FORM_TIME_SIZE, tr(language, "%u %s %u at %02u:%02u"), (unsigned)day, tr(language, months[month - 1]),
             (unsigned)year, hour, minute);
}

void form_text_number(enum instrument_language language, double number, char ret_text[32])
{
    char *point;
    html_number(number, ret_text);
    if (language != INSTRUMENT_EN && (point = strchr(ret_text, '.')) != NULL)
        *point = ',';
}

bool form_text_read_number(const char *text, double *ret_number)
{
    char plain[NUMBER_TYPED_MAX + 1], *end;
    size_t used = 0;
    unsigned marks = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (strncmp(at, "\xc2\xa0", 2) == 0) { /* no-break space between thousands */
            at++;
            continue;
        }
        if (strncmp(at, "\xe2\x88\x92", 3) == 0 && used == 0) { /* minus */
            plain[used++] = '-';
            at += 2;
            continue;
        }
        if (*at == ' ')
            continue;
        marks += *at == ',' || *at == '.';
        bool known = (*at >= '0' && *at <= '9') || *at == ',' || *at == '.' || ((*at == '-' || *at == '+') && used == 0);
        if (!known || used == NUMBER_TYPED_MAX)
            return false;
        plain[used++] = *at == ',' ? '.' : *at;
    }
    plain[used] = '\0';
    if (used == 0 || marks > 1)
        return false;
    double number = strtod(plain, &end);
    if (*end != '\0' || end == plain || !isfinite(number))
        return false;
    *ret_number = number;
    return true;
}

enum instrument_language form_text_browser(const char *accepted)
{
    static const struct {
        const char *code;
        enum instrument_language language;
    } known[] = {
        {"nb", INSTRUMENT_NB}, {"no", INSTRUMENT_NB}, {"nn", INSTRUMENT_NN}, {"en", INSTRUMENT_EN}, {"se", INSTRUMENT_SE}};
    for (const char *at = accepted; at != NULL && *at != '\0';) {
        at += strspn(at, " ,");
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (strncmp(at, known[i].code, 2) == 0)
                return known[i].language;
        at += strcspn(at, ",");
    }
    return INSTRUMENT_NB;
}
