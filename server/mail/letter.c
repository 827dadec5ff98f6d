/* SPDX-License-Identifier: GPL-3.0-or-later
 * Composes a letter: headers, subject and text in one language.
 */
#include "letter.h"
#include "civil_time.h"
#include "letter_text.h"
#include "mime.h"
#include "oslo_clock.h"
#include "store_survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOMENT_SIZE 60

/* ---------------------------------------------------------------------------------------------------- header values */
bool letter_address_is_good(const char *address)
{
    size_t size = strlen(address), ats = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)address[i];
        if (c <= ' ' || c >= 0x7f || strchr("<>()[]\\,;:\"", c) != NULL)
            return false;
        ats += c == '@';
    }
    const char *at = strchr(address, '@');
    return ats == 1 && size <= LETTER_ADDRESS_MAX && at != address && at[1] != '\0' && at[1] != '.' && address[0] != '-';
}

/* ---------------------------------------------------------------------------------------------------------- the text */
static int kind_of(const struct store_letter *letter)
{
    static const char *const kinds[] = {"invitation", "reminder", "delegation", NULL, "signing", "returned", "receipt"};
    if (letter->link_kind == SURVEY_LINK_SIGNER && strcmp(letter->kind, "delegation") == 0)
        return LETTER_APPROVER;
    for (int i = 0; i < LETTER_KINDS; i++)
        if (kinds[i] != NULL && strcmp(letter->kind, kinds[i]) == 0)
            return i;
    return -1;
}

bool letter_kind_is_known(const char *kind)
{
    return kind_of(&(struct store_letter){.kind = kind}) >= 0;
}

static const char *in_language(const char *const texts[LETTER_LANGUAGES], enum letter_language language)
{
    return texts[language][0] != '\0' ? texts[language] : texts[LETTER_NB];
}

static void describe_moment(int64_t time_us, enum letter_language language, char moment[MOMENT_SIZE])
{
    int32_t day = civil_day_of(time_us);
    int64_t second = time_us / 1000000;
    int minutes = (int)((second + oslo_clock_offset(second) - (int64_t)day * 86400) / 60);
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    const char *name = letter_months[language][month - 1];
    if (language == LETTER_EN)
        snprintf(moment, MOMENT_SIZE, "%d %s %d at %02d:%02d", mday, name, year, minutes / 60, minutes % 60);
    else
        snprintf(moment, MOMENT_SIZE, "%d. %s %d kl. %02d.%02d", mday, name, year, minutes / 60, minutes % 60);
}

char *letter_fill(const char *text, const struct letter_filling *fillings)
{
    char *filled = NULL;
    size_t size;
    FILE *out = open_memstream(&filled, &size);
    if (out == NULL)
        return NULL;
    while (*text != '\0') {
        const struct letter_filling *found = NULL;
        for (const struct letter_filling *f = fillings; *text == '{' && f->name != NULL && found == NULL; f++)
            if (strncmp(text + 1, f->name, strlen(f->name)) == 0 && text[1 + strlen(f->name)] == '}')
                found = f;
        if (found == NULL) {
            fputc(*text++, out);
            continue;
        }
        fputs(found->value, out);
        text += strlen(found->name) + 2;
    }
    bool whole = ferror(out) == 0;
    if (fclose(out) == 0 && whole)
        return filled;
    free(filled);
    return NULL;
}

static void write_letter(FILE *out, const struct store_letter *letter, const struct letter_frame *frame, const char *sender,
                         enum letter_language language, const char *subject, const char *body)
{
    mime_write_date(out, frame->now_us);
    fputs("From: ", out);
    if (sender[0] != '\0') {
        mime_write_value(out, sender, true);
        fputc(' ', out);
    }
    fprintf(out, "<%s>\r\nTo: <%s>\r\nSubject: ", frame->from, letter->address);
    mime_write_value(out, subject, false);
    /* The same in every attempt, so that a mailbox can tell a letter that came twice. */
    fprintf(out, "\r\nMessage-ID: <samordning.%llu.%lld@%s>\r\n", (unsigned long long)letter->id, (long long)letter->created_us,
            strchr(frame->from, '@') + 1);
    fprintf(out,
            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Language: %s\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            letter_codes[language]);
    mime_write_text(out, body);
}

char *letter_compose(const struct store_letter *letter, const struct letter_frame *frame, size_t *ret_size)
{
    enum letter_language language = letter_language_of(letter->language);
    int kind = kind_of(letter);
    if (kind < 0)
        return NULL;
    char closes[MOMENT_SIZE];
    describe_moment(letter->closes_us, language, closes);
    const char *sender = letter->sender[0] != '\0' ? letter->sender : frame->sender;
    const struct letter_filling fillings[] = {{"title", in_language(letter->title, language)},
                                              {"link", frame->link},
                                              {"closes", closes},
                                              {"organisation", in_language(letter->organisation, language)},
                                              {"sender", sender},
                                              {"receipt", letter->receipt},
                                              {NULL, NULL}};
    const char *own = kind == LETTER_INVITATION || kind == LETTER_REMINDER ? in_language(letter->text, language) : "";
    const struct letter_text *built_in = &letter_texts[kind][language];
    char *subject = letter_fill(built_in->subject, fillings),
         *body = letter_fill(own[0] != '\0' ? own : built_in->body, fillings), *text = NULL;
    bool linked = own[0] == '\0' || frame->link[0] == '\0' || strstr(own, "{link}") != NULL;
    char *whole = NULL;
    if (body != NULL && !linked && asprintf(&whole, "%s\n\n%s\n", body, frame->link) < 0)
        whole = NULL;
    FILE *out = subject != NULL && body != NULL && (linked || whole != NULL) ? open_memstream(&text, ret_size) : NULL;
    if (out != NULL) {
        write_letter(out, letter, frame, sender, language, subject, linked ? body : whole);
        bool good = ferror(out) == 0;
        if (fclose(out) != 0 || !good) {
            free(text);
            text = NULL;
        }
    }
    free(subject);
    free(body);
    free(whole);
    return text;
}
