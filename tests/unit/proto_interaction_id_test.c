/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ids and content hashes: the examples of docs/protocol.md, computed there with Python's hashlib, and what may not matter. */
#include "interaction_id.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#define TIME_US            INT64_C(1393662600123456)
#define SOURCE_ID          "01447cc3-a3bb-8a65-8395-b47063a7d333"
#define ROW_ID             "01447cc3-a3bb-877d-8ffa-c3d741e4e8fa"
#define ROW_WITH_SOURCE_ID "01447cc3-a3bb-8e1b-8081-d009da0a384e"
#define CONTENT_HASH       UINT64_C(14964990404151844924)
#define TEXT(literal)      ((char *)(uintptr_t)(literal))

struct sample {
    Samordning__V1__Participant sender, addressee;
    Samordning__V1__Participant *participants[2];
    Samordning__V1__Interaction interaction;
};

static void make_sample(struct sample *s)
{
    samordning__v1__participant__init(&s->sender);
    samordning__v1__participant__init(&s->addressee);
    samordning__v1__interaction__init(&s->interaction);
    s->sender.actor = TEXT("KLD");
    s->sender.role = SAMORDNING__V1__ROLE__ROLE_SENDER;
    s->addressee.actor = TEXT("Nærings- og fiskeridepartementet");
    s->addressee.role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    s->participants[0] = &s->sender;
    s->participants[1] = &s->addressee;
    s->interaction.type = TEXT("consultation");
    s->interaction.time = TIME_US;
    s->interaction.participants = s->participants;
    s->interaction.n_participants = 2;
}

static void expect_id(const Samordning__V1__Interaction *message, const char *expected)
{
    uint8_t id[INTERACTION_ID_SIZE];
    char text[INTERACTION_ID_TEXT_SIZE];
    interaction_id_derive(message, id);
    interaction_id_format(id, text);
    ck_assert_str_eq(text, expected);
    ck_assert(interaction_id_matches_time(id, message->time));
}

START_TEST(the_examples_of_the_protocol)
{
    struct sample s;
    make_sample(&s);
    expect_id(&s.interaction, ROW_ID);
    s.interaction.source = TEXT("noark");
    expect_id(&s.interaction, ROW_WITH_SOURCE_ID); /* a source alone identifies nothing */
    s.interaction.source_id = TEXT("2014/17-3");
    expect_id(&s.interaction, SOURCE_ID);
    /* Then nothing else matters. */
    s.interaction.type = TEXT("hearing");
    s.interaction.n_participants = 0;
    s.interaction.copy = 7;
    expect_id(&s.interaction, SOURCE_ID);
    s.interaction.source_id = TEXT("2014/17-4");
    uint8_t id[INTERACTION_ID_SIZE];
    char text[INTERACTION_ID_TEXT_SIZE];
    interaction_id_derive(&s.interaction, id);
    interaction_id_format(id, text);
    ck_assert_str_ne(text, SOURCE_ID);
}
END_TEST

START_TEST(long_rows_are_hashed_whole)
{
    static char longer[3000];
    memset(longer, 'x', sizeof longer - 1);
    struct sample s;
    make_sample(&s);
    s.interaction.case_ref = longer;
    uint8_t first[INTERACTION_ID_SIZE];
    uint8_t second[INTERACTION_ID_SIZE];
    interaction_id_derive(&s.interaction, first);
    longer[2998] = 'y';
    interaction_id_derive(&s.interaction, second);
    ck_assert_mem_ne(first, second, sizeof first);
}
END_TEST

START_TEST(random_ids_differ_and_match_their_time)
{
    uint8_t ids[64][INTERACTION_ID_SIZE];
    for (size_t i = 0; i < 64; i++) {
        interaction_id_random(TIME_US, ids[i]);
        ck_assert_uint_eq(ids[i][6] >> 4, 7);
        ck_assert_uint_eq(ids[i][8] >> 6, 2);
        ck_assert(interaction_id_matches_time(ids[i], TIME_US));
        ck_assert(interaction_id_matches_time(ids[i], TIME_US - 456)); /* the same millisecond */
        ck_assert(!interaction_id_matches_time(ids[i], TIME_US - 457));
        ck_assert(!interaction_id_matches_time(ids[i], TIME_US + 1000));
        for (size_t k = 0; k < i; k++)
            ck_assert_mem_ne(ids[i], ids[k], INTERACTION_ID_SIZE);
    }
    uint8_t id[INTERACTION_ID_SIZE];
    memcpy(id, ids[0], sizeof id);
    id[6] = (uint8_t)((id[6] & 0x0F) | 0x40);
    ck_assert(!interaction_id_matches_time(id, TIME_US)); /* version 4 */
    memcpy(id, ids[0], sizeof id);
    id[8] |= 0xC0;
    ck_assert(!interaction_id_matches_time(id, TIME_US)); /* another variant */
    interaction_id_random(-1, id);
    ck_assert(!interaction_id_matches_time(id, -1)); /* before 1970 nothing is taken in */
}
END_TEST

START_TEST(text_and_back)
{
    uint8_t id[INTERACTION_ID_SIZE];
    char text[INTERACTION_ID_TEXT_SIZE];
    ck_assert_int_eq(interaction_id_parse("01447D2B-5e40-8123-9abc-0123456789AB", id), STATUS_OK);
    interaction_id_format(id, text);
    ck_assert_str_eq(text, "01447d2b-5e40-8123-9abc-0123456789ab");
    static const char *const wrong[] = {
        "",
        "01447d2b",
        "01447d2b5e4081239abc0123456789ab",
        "01447d2b-5e40-8123-9abc-0123456789a",
        "01447d2b-5e40-8123-9abc-0123456789abc",
        "01447d2b-5e40-8123-9abc-0123456789ag",
        "01447d2b-5e40-8123-9abc_0123456789ab",
        "{01447d2b-5e40-8123-9abc-0123456789ab}",
    };
    uint8_t kept[INTERACTION_ID_SIZE];
    memcpy(kept, id, sizeof kept);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(interaction_id_parse(wrong[i], id), STATUS_INVALID);
    ck_assert_mem_eq(id, kept, sizeof id);
}
END_TEST

START_TEST(equal_content_has_equal_hashes)
{
    struct sample s;
    make_sample(&s);
    const uint64_t hash = interaction_content_hash(&s.interaction);
    s.interaction.weight = 1; /* as not given */
    ck_assert_uint_eq(interaction_content_hash(&s.interaction), hash);
    s.interaction.weight = -0.0;
    ck_assert_uint_eq(interaction_content_hash(&s.interaction), hash);
    s.interaction.classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_OPEN;
    ck_assert_uint_eq(interaction_content_hash(&s.interaction), hash);
    s.participants[0] = &s.addressee;
    s.participants[1] = &s.sender;
    ck_assert_uint_eq(interaction_content_hash(&s.interaction), hash);
    s.interaction.weight = 2;
    ck_assert_uint_ne(interaction_content_hash(&s.interaction), hash);
    s.interaction.weight = 0;
    /* Text does not run over from one field into the next. */
    s.interaction.source = TEXT("ab");
    s.interaction.source_id = TEXT("c");
    uint64_t one = interaction_content_hash(&s.interaction);
    s.interaction.source = TEXT("a");
    s.interaction.source_id = TEXT("bc");
    ck_assert_uint_ne(interaction_content_hash(&s.interaction), one);
    /* Two participants exchanging their roles are another content. */
    make_sample(&s);
    s.sender.role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    s.addressee.role = SAMORDNING__V1__ROLE__ROLE_SENDER;
    ck_assert_uint_ne(interaction_content_hash(&s.interaction), hash);
}
END_TEST

/* Stored hashes are compared with new ones for years: the value itself may not change. */
START_TEST(the_hash_stays_what_it_is)
{
    struct sample s;
    make_sample(&s);
    s.interaction.source = TEXT("noark");
    s.interaction.source_id = TEXT("2014/17-3");
    s.addressee.deadline = TIME_US + 1;
    ck_assert_uint_eq(interaction_content_hash(&s.interaction), CONTENT_HASH);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interaction_id");
    TCase *tc = tcase_create("interaction_id");
    tcase_add_test(tc, the_examples_of_the_protocol);
    tcase_add_test(tc, long_rows_are_hashed_whole);
    tcase_add_test(tc, random_ids_differ_and_match_their_time);
    tcase_add_test(tc, text_and_back);
    tcase_add_test(tc, equal_content_has_equal_hashes);
    tcase_add_test(tc, the_hash_stays_what_it_is);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
