/* SPDX-License-Identifier: GPL-3.0-or-later
 * Composes a mail of two parts: a few words, and the file.
 */
#include "parcel.h"
#include "civil_time.h"
#include "letter.h"
#include "mime.h"
#include "samordning.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct words {
    const char *language, *subject, *body, *late;
} texts[] = {
    {"nb", "Rapport: {schedule}",
     "Hei\n\nVedlagt er rapporten som skulle lages {when}.\n\nGrunnlag: {spec}\nRapportens id: {result}\n{late}\n"
     "Vennlig hilsen\n{sender}\n",
     "\nDen er laget etter tiden sin, fordi tjenesten ikke var i drift da.\n"},
    {"nn", "Rapport: {schedule}",
     "Hei\n\nVedlagd er rapporten som skulle lagast {when}.\n\nGrunnlag: {spec}\nId-en til rapporten: {result}\n{late}\n"
     "Venleg helsing\n{sender}\n",
     "\nHan er laga etter tida si, fordi tenesta ikkje var i drift då.\n"},
    {"en", "Report: {schedule}",
     "Hello\n\nThe report due {when} is attached.\n\nWhat it is about: {spec}\nThe report's id: {result}\n{late}\n"
     "Kind regards\n{sender}\n",
     "\nIt was made after its time, because the service was not running then.\n"},
};

static const struct words *words_of(const char *language)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(texts[i].language, language) == 0)
            return &texts[i];
    return &texts[0];
}

static void write_to(FILE *out, const char *addresses)
{
    fputs("To: ", out);
    for (const char *at = addresses; *at != '\0';) {
        size_t size = strcspn(at, ",");
        fprintf(out, "%s<%.*s>", at == addresses ? "" : ",\r\n ", (int)size, at);
        at += size;
        at += *at == ',';
    }
    fputs("\r\n", out);
}

static void write_headers(FILE *out, const struct parcel *parcel, const char *subject, const char *boundary)
{
    mime_write_date(out, parcel->now_us);
    fputs("From: ", out);
    mime_write_value(out, parcel->sender, true);
    fprintf(out, " <%s>\r\n", parcel->from);
    write_to(out, parcel->to);
    fputs("Subject: ", out);
    mime_write_value(out, subject, false);
    fprintf(out, "\r\nMessage-ID: <samordning.run.%llu.%lld@%s>\r\n", (unsigned long long)parcel->run,
            (long long)parcel->occurrence_us, strchr(parcel->from, '@') + 1);
    fprintf(out,
            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n",
            boundary);
}

static bool write_parcel(FILE *out, const struct parcel *parcel)
{
    const struct words *words = words_of(parcel->language);
    char when[CIVIL_TIME_TEXT_SIZE], boundary[64];
    civil_time_format(parcel->occurrence_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, when);
    when[10] = ' ';
    when[16] = '\0';                                                                           /* to the minute */
    snprintf(boundary, sizeof boundary, "=_samordning_%llu", (unsigned long long)parcel->run); /* what no encoding has */
    const struct letter_filling fillings[] = {{"schedule", parcel->schedule},
                                              {"when", when},
                                              {"spec", parcel->spec},
                                              {"result", parcel->result},
                                              {"late", parcel->late ? words->late : ""},
                                              {"sender", parcel->sender},
                                              {NULL, NULL}};
    char *subject = letter_fill(words->subject, fillings), *body = letter_fill(words->body, fillings);
    bool good = subject != NULL && body != NULL;
    if (good) {
        write_headers(out, parcel, subject, boundary);
        fprintf(out,
                "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Language: %s\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                boundary, words->language);
        mime_write_text(out, body);
        fprintf(out,
                "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%s\"\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n",
                boundary, parcel->media_type, parcel->file_name);
        mime_write_bytes(out, parcel->bytes, parcel->size);
        fprintf(out, "--%s--\r\n", boundary);
    }
    free(subject);
    free(body);
    return good && ferror(out) == 0;
}

char *parcel_compose(const struct parcel *parcel, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    if (out == NULL)
        return NULL;
    bool good = write_parcel(out, parcel);
    if (fclose(out) == 0 && good)
        return text;
    free(text);
    return NULL;
}
