/* SPDX-License-Identifier: GPL-3.0-or-later
 * Composes a letter: headers, subject and text in one language.
 */
#include "letter.h"
#include "civil_time.h"
#include "letter_text.h"
#include "oslo_clock.h"
#include "store_survey.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_CHARACTERS 76 /* quoted-printable */
#define WORD_MAX_BYTES      45 /* of an encoded word: 60 characters in base64, within the 75 it may have */
#define PLAIN_VALUE_MAX     60 /* of a header that goes out as it is */
#define MOMENT_SIZE         60

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

static size_t character_size(const char *text)
{
    size_t size = 1;
    while (((unsigned char)text[size] & 0xc0) == 0x80)
        size++;
    return size;
}

static void write_base64(FILE *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned value =
            (unsigned)bytes[i] << 16 | (i + 1 < size ? (unsigned)bytes[i + 1] << 8 : 0) | (i + 2 < size ? bytes[i + 2] : 0U);
        fputc(digits[value >> 18 & 63], out);
        fputc(digits[value >> 12 & 63], out);
        fputc(i + 1 < size ? digits[value >> 6 & 63] : '=', out);
        fputc(i + 2 < size ? digits[value & 63] : '=', out);
    }
}

/* Text of a header, on lines of its own length: as it is where that is safe, else as encoded words. */
static void write_value(FILE *out, const char *text, bool is_phrase)
{
    bool plain = strlen(text) <= PLAIN_VALUE_MAX && text[0] != '\0';
    for (const char *c = text; *c != '\0' && plain; c++)
        plain = isascii((unsigned char)*c) &&
                (isalnum((unsigned char)*c) || *c == ' ' || (!is_phrase && ispunct((unsigned char)*c)));
    if (plain && strstr(text, "=?") == NULL) {
        fputs(text, out);
        return;
    }
    for (bool first = true; *text != '\0'; first = false) {
        unsigned char word[WORD_MAX_BYTES];
        size_t used = 0, size;
        for (; *text != '\0' && used + (size = character_size(text)) <= sizeof word; text += size) {
            memcpy(word + used, text, size);
            if (size == 1 && iscntrl(word[used]))
                word[used] = ' ';
            used += size;
        }
        if (used == 0) /* a "character" without end is none */
            break;
        fputs(first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?", out);
        write_base64(out, word, used);
        fputs("?=", out);
    }
}

static void write_date(FILE *out, int64_t now_us)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
    int64_t second = now_us / 1000000;
    int32_t offset = oslo_clock_offset(second), day = civil_day_of(now_us);
    int64_t within = second + offset - (int64_t)day * 86400;
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    fprintf(out, "Date: %s, %d %.3s %d %02d:%02d:%02d +%02d%02d\r\n", days[((day % 7) + 7) % 7], mday,
            letter_months[LETTER_EN][month - 1], year, (int)(within / 3600), (int)(within / 60 % 60), (int)(within % 60),
            offset / 3600, offset / 60 % 60);
}

/* ---------------------------------------------------------------------------------------------------------- the text */
static enum letter_language language_of(const char *code)
{
    if (strcmp(code, "nn") == 0)
        return LETTER_NN;
    return strcmp(code, "en") == 0 ? LETTER_EN : LETTER_NB;
}

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

struct filling {
    const char *name, *value;
};

/* The text with what stands in braces filled in; other braces stay. False: out of memory. */
static char *fill(const char *text, const struct filling *fillings)
{
    char *filled = NULL;
    size_t size;
    FILE *out = open_memstream(&filled, &size);
    if (out == NULL)
        return NULL;
    while (*text != '\0') {
        const struct filling *found = NULL;
        for (const struct filling *f = fillings; *text == '{' && f->name != NULL && found == NULL; f++)
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

/* RFC 2045, 6.7. Line ends may be LF or CRLF. */
static void write_quoted_printable(FILE *out, const char *text)
{
    size_t column = 0;
    for (bool line_begins = true; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\r' && text[1] == '\n')
            continue;
        if (c == '\n') {
            fputs("\r\n", out);
            column = 0;
            line_begins = true;
            continue;
        }
        bool last = text[1] == '\n' || text[1] == '\0' || text[1] == '\r';
        bool mboxed = line_begins && strncmp(text, "From ", 5) == 0;
        bool plain = (c > ' ' && c < 0x7f && c != '=' && !mboxed) || ((c == ' ' || c == '\t') && !last);
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_MAX_CHARACTERS - 1) { /* the soft line end takes one */
            fputs("=\r\n", out);
            column = 0;
        }
        if (plain)
            fputc(c, out);
        else
            fprintf(out, "=%02X", c);
        column += width;
        line_begins = false;
    }
    if (column > 0)
        fputs("\r\n", out);
}

static void write_letter(FILE *out, const struct store_letter *letter, const struct letter_frame *frame, const char *sender,
                         enum letter_language language, const char *subject, const char *body)
{
    static const char *const codes[LETTER_LANGUAGES] = {"nb", "nn", "en"};
    write_date(out, frame->now_us);
    fputs("From: ", out);
    if (sender[0] != '\0') {
        write_value(out, sender, true);
        fputc(' ', out);
    }
    fprintf(out, "<%s>\r\nTo: <%s>\r\nSubject: ", frame->from, letter->address);
    write_value(out, subject, false);
    /* The same in every attempt, so that a mailbox can tell a letter that came twice. */
    fprintf(out, "\r\nMessage-ID: <samordning.%llu.%lld@%s>\r\n", (unsigned long long)letter->id, (long long)letter->created_us,
            strchr(frame->from, '@') + 1);
    fprintf(out,
            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Language: %s\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            codes[language]);
    write_quoted_printable(out, body);
}

char *letter_compose(const struct store_letter *letter, const struct letter_frame *frame, size_t *ret_size)
{
    enum letter_language language = language_of(letter->language);
    int kind = kind_of(letter);
    if (kind < 0)
        return NULL;
    char closes[MOMENT_SIZE];
    describe_moment(letter->closes_us, language, closes);
    const char *sender = letter->sender[0] != '\0' ? letter->sender : frame->sender;
    const struct filling fillings[] = {{"title", in_language(letter->title, language)},
                                       {"link", frame->link},
                                       {"closes", closes},
                                       {"organisation", in_language(letter->organisation, language)},
                                       {"sender", sender},
                                       {"receipt", letter->receipt},
                                       {NULL, NULL}};
    const char *own = kind == LETTER_INVITATION || kind == LETTER_REMINDER ? in_language(letter->text, language) : "";
    const struct letter_text *built_in = &letter_texts[kind][language];
    char *subject = fill(built_in->subject, fillings), *body = fill(own[0] != '\0' ? own : built_in->body, fillings),
         *text = NULL;
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
