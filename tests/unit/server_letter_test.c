/* SPDX-License-Identifier: GPL-3.0-or-later
 * Letters: addresses, headers that cannot be added to, texts filled in, lines that a mail server takes.
 */
#include "mail/letter.h"
#include "store_survey.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINK "https://samordning.example.no/s/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"

static const struct store_letter sample = {.id = 17,
                                           .attempt = 1,
                                           .seat = 5,
                                           .kind = "invitation",
                                           .address = "kari.nordmann@fin.dep.no",
                                           .language = "nb",
                                           .wave = "difi-2026",
                                           .title = {"Samordning 2026", "Samordning 2026", "Coordination 2026"},
                                           .text = {"", "", ""},
                                           .organisation = {"Finansdepartementet", "", "Ministry of Finance"},
                                           .sender = "",
                                           .receipt = "ABCD-1234",
                                           .closes_us = 1774017000000000, /* 2026-03-20 15:30 in Oslo */
                                           .created_us = 1772000000000000};
static const struct letter_frame frame = {.from = "samordning@example.no",
                                          .sender = "Direktoratet for forvaltning og økonomistyring",
                                          .link = LINK,
                                          .now_us = 1772457312000000}; /* 2026-03-02 14:15:12 in Oslo */

static char *compose(const struct store_letter *letter)
{
    size_t size = 0;
    char *text = letter_compose(letter, &frame, &size);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), size);
    return text;
}

static const char *body_of(const char *text)
{
    const char *body = strstr(text, "\r\n\r\n");
    ck_assert_ptr_nonnull(body);
    return body + 4;
}

/* Undoes quoted-printable; what it cannot be fails the test. */
static char *decoded(const char *body)
{
    char *out = malloc(strlen(body) + 1);
    size_t used = 0;
    ck_assert_ptr_nonnull(out);
    for (; *body; body++) {
        unsigned value;
        if (*body != '=') {
            if (*body != '\r')
                out[used++] = *body;
        } else if (body[1] == '\r' && body[2] == '\n') {
            body += 2;
        } else {
            ck_assert_int_eq(sscanf(body + 1, "%2X", &value), 1);
            out[used++] = (char)value;
            body += 2;
        }
    }
    out[used] = '\0';
    return out;
}

/* Lines end in CRLF, are at most 998 long in headers and 76 in the text, and hold nothing but ASCII. */
static void check_lines(const char *text)
{
    bool in_body = false;
    for (const char *line = text; *line;) {
        const char *end = strstr(line, "\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_uint_le((size_t)(end - line), in_body ? 76 : 200);
        for (const char *c = line; c < end; c++)
            ck_assert_msg((*c == '\t' && in_body) || ((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7f),
                          "byte %02x in: %.*s", (unsigned char)*c, (int)(end - line), line);
        in_body = in_body || end == line;
        line = end + 2;
    }
}

static size_t count_headers(const char *text)
{
    size_t count = 0;
    for (const char *line = text; strncmp(line, "\r\n", 2) != 0; line = strstr(line, "\r\n") + 2)
        count += line[0] != ' ';
    return count;
}

START_TEST(addresses)
{
    static const char *const good[] = {"a@b", "kari.nordmann+x@fin.dep.no", "o'brien@example.com"};
    static const char *const bad[] = {"",
                                      "kari",
                                      "@b",
                                      "a@",
                                      "a@@b",
                                      "a b@c",
                                      "a@b\r\nX",
                                      "a@b>,<c@d",
                                      "-oQ@example",
                                      "\"a b\"@c",
                                      "kåre@fin.dep.no",
                                      "a@.b",
                                      "a@b,c@d",
                                      "a@[10.0.0.1]"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(letter_address_is_good(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!letter_address_is_good(bad[i]), "%s", bad[i]);
    char longest[LETTER_ADDRESS_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[1] = '@';
    longest[LETTER_ADDRESS_MAX + 1] = '\0';
    ck_assert(!letter_address_is_good(longest));
    longest[LETTER_ADDRESS_MAX] = '\0';
    ck_assert(letter_address_is_good(longest));
}
END_TEST

START_TEST(headers_say_what_they_must)
{
    char *text = compose(&sample);
    check_lines(text);
    static const char *const lines[] = {
        "Date: Mon, 2 Mar 2026 14:15:12 +0100\r\n",
        "From: =?UTF-8?B?RGlyZWt0b3JhdGV0IGZvciBmb3J2YWx0bmluZyBvZyDDuGtvbm9taXN0eXJp?=\r\n =?UTF-8?B?bmc=?= "
        "<samordning@example.no>\r\n",
        "To: <kari.nordmann@fin.dep.no>\r\n",
        "Subject: Invitasjon: Samordning 2026\r\n",
        "Message-ID: <samordning.17.1772000000000000@example.no>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Language: nb\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        ck_assert_msg(strstr(text, lines[i]) != NULL, "%s is not in\n%s", lines[i], text);
    char *body = decoded(body_of(text));
    ck_assert_ptr_nonnull(strstr(body, LINK "\n"));
    ck_assert_ptr_nonnull(strstr(body, "«Samordning 2026» for Finansdepartementet."));
    ck_assert_ptr_nonnull(strstr(body, "20. mars 2026 kl. 15.30"));
    ck_assert_ptr_nonnull(strstr(body, "Direktoratet for forvaltning og økonomistyring inviterer deg"));
    ck_assert_ptr_null(strchr(body, '{'));
    free(body);
    free(text);
}
END_TEST

START_TEST(every_kind_in_every_language)
{
    static const char *const kinds[] = {"invitation", "reminder", "delegation", "signing", "returned", "receipt"};
    static const char *const languages[] = {"nb", "nn", "en", "se"};
    static const char *const closes[] = {"20. mars 2026 kl. 15.30", "20. mars 2026 kl. 15.30", "20 March 2026 at 15:30",
                                         "20. mars 2026 kl. 15.30"};
    char *seen[sizeof kinds / sizeof kinds[0] * 4 + 1] = {NULL};
    size_t count = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        for (size_t l = 0; l < sizeof languages / sizeof languages[0]; l++) {
            struct store_letter letter = sample;
            letter.kind = kinds[k];
            letter.language = languages[l];
            char *text = compose(&letter), *body = decoded(body_of(text));
            check_lines(text);
            ck_assert_ptr_nonnull(strstr(body, closes[l]));
            ck_assert_ptr_nonnull(strstr(body, strcmp(kinds[k], "receipt") == 0 ? "ABCD-1234" : LINK));
            ck_assert_ptr_null(strchr(body, '{'));
            for (size_t i = 0; i < count && l < 3; i++)
                ck_assert_str_ne(seen[i], body);
            if (l < 3)
                seen[count++] = body;
            else
                free(body);
            free(text);
        }
    }
    for (size_t i = 0; i < count; i++)
        free(seen[i]);
    struct store_letter odd = sample;
    size_t size;
    odd.kind = "greeting";
    ck_assert(!letter_kind_is_known(odd.kind));
    ck_assert_ptr_null(letter_compose(&odd, &frame, &size));
}
END_TEST

START_TEST(the_signer_is_told_apart)
{
    struct store_letter letter = sample;
    letter.kind = "delegation";
    char *part = compose(&letter);
    letter.link_kind = SURVEY_LINK_SIGNER;
    char *approve = compose(&letter);
    ck_assert_ptr_nonnull(strstr(part, "Subject: =?UTF-8?B?QmlkcmEgdGlsIHN2YXJldC"));
    ck_assert_ptr_nonnull(strstr(approve, "Subject: =?UTF-8?B?RHUgc2thbCBnb2Rram")); /* "Du skal godkj", and then an å */
    ck_assert_str_ne(part, approve);
    free(part);
    free(approve);
}
END_TEST

START_TEST(texts_of_the_wave)
{
    struct store_letter letter = sample;
    letter.text[LETTER_NB] = "Kjære {organisation}!\nFrom nå av: {link}. {ukjent} {title";
    char *text = compose(&letter), *body = decoded(body_of(text));
    check_lines(text);
    ck_assert_str_eq(body, "Kjære Finansdepartementet!\nFrom nå av: " LINK ". {ukjent} {title\n");
    ck_assert_ptr_nonnull(strstr(text, "\r\n=46rom n=C3=A5 av")); /* no mailbox file takes it for a separator */
    free(body);
    free(text);
    letter.text[LETTER_NB] = "Svar, er du snill.";
    text = compose(&letter);
    body = decoded(body_of(text));
    ck_assert_str_eq(body, "Svar, er du snill.\n\n" LINK "\n"); /* nobody can answer without it */
    free(body);
    free(text);
    letter.language = "en"; /* has none of its own: bokmål rather than nothing */
    letter.kind = "receipt";
    text = compose(&letter);
    body = decoded(body_of(text));
    ck_assert_ptr_nonnull(strstr(body, "Thank you!")); /* receipts are ours */
    free(body);
    free(text);
}
END_TEST

/* Whatever stands in a name or a title, the headers stay the same ones. */
START_TEST(nothing_adds_a_header)
{
    static const char *const bad[] = {
        "x\r\nBcc: all@example.com",
        "x\nBcc: all@example.com\n\nbody",
        "=?UTF-8?Q?=0ABcc:_all@example.com?=",
        "x\r\n\r\n<html>",
        "\" <all@example.com>",
        "\xe2\x80\xa8line separator",
        "a very long title that goes on and on and on and on and on and on and on and on and on and on",
        "æøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøå",
        "{link}{sender}{title}",
        "",
        "\t\x7f\x01"};
    char *plain = compose(&sample);
    size_t headers = count_headers(plain);
    free(plain);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct store_letter letter = sample;
        for (int k = 0; k < LETTER_LANGUAGES; k++)
            letter.title[k] = letter.organisation[k] = bad[i];
        letter.sender = bad[i];
        char *text = compose(&letter);
        check_lines(text);
        ck_assert_uint_eq(count_headers(text), headers);
        const char *added = strstr(text, "\r\nBcc");
        ck_assert(added == NULL || added > body_of(text) - 4);
        free(text);
    }
}
END_TEST

START_TEST(summer_time)
{
    struct letter_frame later = frame;
    later.now_us = 1782864000000000; /* 2026-07-01 00:00:00 UTC */
    size_t size;
    char *text = letter_compose(&sample, &later, &size);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(strstr(text, "Date: Wed, 1 Jul 2026 02:00:00 +0200\r\n"));
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("letter");
    TCase *tcase = tcase_create("letter");
    tcase_add_test(tcase, addresses);
    tcase_add_test(tcase, headers_say_what_they_must);
    tcase_add_test(tcase, every_kind_in_every_language);
    tcase_add_test(tcase, the_signer_is_told_apart);
    tcase_add_test(tcase, texts_of_the_wave);
    tcase_add_test(tcase, nothing_adds_a_header);
    tcase_add_test(tcase, summer_time);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
