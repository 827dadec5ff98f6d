/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue reader: every cut and every flipped byte of a catalogue is either refused or read without leaving it; made
 * texts are translated by the format they were made from.
 */
#include "catalogue.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

/* Messages in order, as msgfmt writes them; a pair of forms is joined by NUL. */
static const struct {
    const char *message, *translation;
    size_t message_size, translation_size;
} entries[] = {
#define ENTRY(message, translation)                                                                                            \
    {                                                                                                                          \
        message, translation, sizeof message - 1, sizeof translation - 1                                                       \
    }
    ENTRY("", HEADER),
    ENTRY("%s actor\0%s actors", "%s aktør\0%s aktører"),
    ENTRY("For %zu actors nobody was followed as long as %g days.", "Ingen ble fulgt i %2$g dager for %1$zu aktører."),
    ENTRY("Method", "Metode"),
    ENTRY("all %u labellings, p exact", "alle %u merkinger, eksakt p"),
    ENTRY("row %zu in %s; skip=%-zu shows more", "%2$s, rad %1$zu; skip=%3$-zu viser flere"),
    ENTRY("share %g %% of %s", "%2$s: andel %1$g %%"),
    ENTRY("untranslated", ""),
};
enum { COUNT = sizeof entries / sizeof entries[0] };

static const struct numerals norwegian = {',', "\xc2\xa0"}, english = {'.', ","};

static void put(unsigned char *data, size_t offset, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        data[offset + (size_t)i] = (unsigned char)(value >> 8 * i);
}

static size_t build(unsigned char data[4096])
{
    size_t at = 28 + COUNT * 16;
    memset(data, 0, 4096);
    put(data, 0, 0x950412de);
    put(data, 8, COUNT);
    put(data, 12, 28);
    put(data, 16, 28 + COUNT * 8);
    for (uint32_t i = 0; i < COUNT; i++) {
        put(data, 28 + i * 8, (uint32_t)entries[i].message_size);
        put(data, 28 + i * 8 + 4, (uint32_t)at);
        memcpy(data + at, entries[i].message, entries[i].message_size);
        at += entries[i].message_size + 1;
        put(data, 28 + COUNT * 8 + i * 8, (uint32_t)entries[i].translation_size);
        put(data, 28 + COUNT * 8 + i * 8 + 4, (uint32_t)at);
        memcpy(data + at, entries[i].translation, entries[i].translation_size);
        at += entries[i].translation_size + 1;
    }
    return at;
}

START_TEST(messages_are_found)
{
    unsigned char data[4096];
    struct catalogue catalogue;
    const char *reason = "";
    ck_assert_msg(catalogue_open(&catalogue, data, build(data), &reason), "%s", reason);
    ck_assert_str_eq(catalogue_text(&catalogue, "Method", 0), "Metode");
    ck_assert_str_eq(catalogue_text(&catalogue, "Method", 1), "Metode");
    ck_assert_str_eq(catalogue_text(&catalogue, "%s actor", 0), "%s aktør");
    ck_assert_str_eq(catalogue_text(&catalogue, "%s actor", 1), "%s aktører");
    ck_assert_ptr_null(catalogue_text(&catalogue, "untranslated", 0));
    ck_assert_ptr_null(catalogue_text(&catalogue, "Metho", 0));
    ck_assert_ptr_null(catalogue_text(&catalogue, "zzz", 0));
}
END_TEST

START_TEST(made_texts_are_translated)
{
    unsigned char data[4096];
    struct catalogue catalogue;
    char text[CATALOGUE_TEXT_MAX];
    ck_assert(catalogue_open(&catalogue, data, build(data), NULL));
    ck_assert(catalogue_translate_made(&catalogue, "all 999 labellings, p exact", &norwegian, text));
    ck_assert_str_eq(text, "alle 999 merkinger, eksakt p");
    ck_assert(
        catalogue_translate_made(&catalogue, "For 3 actors nobody was followed as long as 180.5 days.", &norwegian, text));
    ck_assert_str_eq(text, "Ingen ble fulgt i 180,5 dager for 3 aktører.");
    ck_assert(catalogue_translate_made(&catalogue, "share 2.5 % of v1.2 & %s", &norwegian, text));
    ck_assert_str_eq(text, "v1.2 & %s: andel 2,5 %");
    ck_assert(
        catalogue_translate_made(&catalogue, "For 12345 actors nobody was followed as long as 1e-05 days.", &norwegian, text));
    ck_assert_str_eq(text, "Ingen ble fulgt i 1e-05 dager for 12\xc2\xa0"
                           "345 aktører.");
    ck_assert(!catalogue_translate_made(&catalogue, "all many labellings, p exact", &norwegian, text));
    ck_assert(!catalogue_translate_made(&catalogue, "all 999 labellings, p exact!", &norwegian, text));
    ck_assert(!catalogue_translate_made(&catalogue, "all ", &norwegian, text));
    ck_assert(!catalogue_translate_made(&catalogue, "", &norwegian, text));
}
END_TEST

/* Quantities are grouped; years and references, which are texts, and what one types are not. */
START_TEST(quantities_are_written_as_people_do)
{
    unsigned char data[4096];
    struct catalogue catalogue;
    char text[CATALOGUE_TEXT_MAX];
    ck_assert(catalogue_open(&catalogue, data, build(data), NULL));
    static const char made[] = "row 1000 in KMD:2019-1 of 2019; skip=1000 shows more";
    ck_assert(catalogue_translate_made(&catalogue, made, &norwegian, text));
    ck_assert_str_eq(text, "KMD:2019-1 of 2019, rad 1\xc2\xa0"
                           "000; skip=1000 viser flere");
    struct catalogue own = catalogue_of_messages(&catalogue);
    ck_assert_str_eq(catalogue_text(&own, "%s actor", 0), "%s actor");
    ck_assert_str_eq(catalogue_text(&own, "%s actor", 1), "%s actors");
    ck_assert_ptr_null(catalogue_text(&own, "zzz", 0));
    ck_assert(catalogue_translate_made(&own, made, &english, text));
    ck_assert_str_eq(text, "row 1,000 in KMD:2019-1 of 2019; skip=1000 shows more");
    ck_assert(catalogue_translate_made(&own, "share -2500.5 % of 2019", &english, text));
    ck_assert_str_eq(text, "share \xe2\x88\x92"
                           "2,500.5 % of 2019");
    ck_assert(!catalogue_translate_made(&own, "2019 of 2020", &english, text));
    char longest[CATALOGUE_TEXT_MAX];
    snprintf(longest, sizeof longest, "all %0*d labellings, p exact", CATALOGUE_TEXT_MAX - 40,
             0); /* too long with its blanks */
    ck_assert(!catalogue_translate_made(&own, longest, &english, text));
}
END_TEST

START_TEST(damage_is_refused_or_harmless)
{
    unsigned char whole[4096];
    size_t size = build(whole);
    struct catalogue catalogue;
    char text[CATALOGUE_TEXT_MAX];
    for (size_t cut = 0; cut < size; cut++) {
        unsigned char *copy = malloc(cut ? cut : 1); /* of its own, so that a sanitizer sees every step outside */
        memcpy(copy, whole, cut);
        ck_assert(!catalogue_open(&catalogue, copy, cut, NULL));
        free(copy);
    }
    unsigned refused = 0;
    for (size_t at = 0; at < size; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            unsigned char *copy = malloc(size);
            memcpy(copy, whole, size);
            copy[at] ^= (unsigned char)(1u << bit);
            if (catalogue_open(&catalogue, copy, size, NULL)) {
                catalogue_text(&catalogue, "Method", 1);
                catalogue_text(&catalogue, "%s actor", 1);
                if (catalogue_translate_made(&catalogue, "all 999 labellings, p exact", &norwegian, text))
                    ck_assert_uint_lt(strlen(text), CATALOGUE_TEXT_MAX);
            } else {
                refused++;
            }
            free(copy);
        }
    }
    ck_assert_uint_gt(refused, 112);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tests = tcase_create("catalogue");
    tcase_add_test(tests, messages_are_found);
    tcase_add_test(tests, made_texts_are_translated);
    tcase_add_test(tests, quantities_are_written_as_people_do);
    tcase_add_test(tests, damage_is_refused_or_harmless);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
