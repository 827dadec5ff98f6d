/* SPDX-License-Identifier: GPL-3.0-or-later
 * Composes a mail of several parts: the summary, and a part for each file.
 */
#include "parcel.h"
#include "civil_time.h"
#include "letter.h"
#include "letter_text.h"
#include "mime.h"
#include "samordning.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The summary and the foot, one text. NULL: out of memory. */
static char *body_of(const struct parcel *parcel, const struct parcel_text *words)
{
    char when[CIVIL_TIME_TEXT_SIZE];
    civil_time_format(parcel->occurrence_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, when);
    when[10] = ' ';
    when[16] = '\0'; /* to the minute */
    char *late = letter_fill(parcel->late ? words->late : "", (const struct letter_filling[]){{"when", when}, {NULL, NULL}});
    const struct letter_filling fillings[] = {{"result", parcel->result}, {"late", late != NULL ? late : ""}, {NULL, NULL}};
    char *foot = letter_fill(words->foot, fillings), *body = NULL;
    if (late == NULL || foot == NULL || asprintf(&body, "%.*s%s", (int)parcel->summary_size, parcel->summary, foot) < 0)
        body = NULL;
    free(late);
    free(foot);
    return body;
}

static void write_file(FILE *out, const struct parcel_file *file, const char *boundary)
{
    fprintf(out,
            "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%s\"\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n",
            boundary, file->media_type, file->name);
    mime_write_bytes(out, file->bytes, file->size);
}

static bool write_parcel(FILE *out, const struct parcel *parcel)
{
    enum letter_language language = letter_language_of(parcel->language);
    const struct parcel_text *words = &parcel_texts[language];
    char boundary[64];
    snprintf(boundary, sizeof boundary, "=_samordning_%llu", (unsigned long long)parcel->run); /* what no encoding has */
    const struct letter_filling fillings[] = {{"schedule", parcel->schedule}, {NULL, NULL}};
    char *subject = letter_fill(words->subject, fillings), *body = body_of(parcel, words);
    bool good = subject != NULL && body != NULL;
    if (good) {
        write_headers(out, parcel, subject, boundary);
        fprintf(out,
                "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Language: %s\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                boundary, letter_codes[language]);
        mime_write_text(out, body);
        for (size_t i = 0; i < parcel->file_count; i++)
            write_file(out, &parcel->files[i], boundary);
        fprintf(out, "%s--%s--\r\n", parcel->file_count == 0 ? "\r\n" : "", boundary);
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
