/* SPDX-License-Identifier: GPL-3.0-or-later
 * The vocabulary against the wire's enums, against the database's seed, and as people spell it. */
#include "vocabulary.h"

#include "json_fields.h"
#include "samordning.pb-c.h"
#include "sql_text.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum vocabulary vocabulary;
    const ProtobufCEnumDescriptor *type;
} enums[] = {
    {VOCABULARY_STAGE, &samordning__v1__stage__descriptor},
    {VOCABULARY_LEVEL, &samordning__v1__level__descriptor},
    {VOCABULARY_ROLE, &samordning__v1__role__descriptor},
    {VOCABULARY_REPLY_STATUS, &samordning__v1__reply_status__descriptor},
    {VOCABULARY_OUTCOME, &samordning__v1__outcome__descriptor},
    {VOCABULARY_CLASSIFICATION, &samordning__v1__classification__descriptor},
    {VOCABULARY_TIME_PRECISION, &samordning__v1__time_precision__descriptor},
    {VOCABULARY_ACCESS_ROLE, &samordning__v1__access_role__descriptor},
};

/* ROLE_SENDER ends in _SENDER, whose small letters are the term's name. */
START_TEST(terms_are_the_enums)
{
    enum vocabulary vocabulary = enums[_i].vocabulary;
    const ProtobufCEnumDescriptor *type = enums[_i].type;
    ck_assert_uint_eq(vocabulary_size(vocabulary), type->n_values);
    ck_assert_int_eq(json_field_vocabulary(type), vocabulary);
    for (unsigned i = 0; i < type->n_values; i++) {
        const struct vocabulary_term *term = vocabulary_by_code(vocabulary, type->values[i].value);
        ck_assert_ptr_nonnull(term);
        ck_assert_int_eq(term->code, type->values[i].value);
        const char *full = type->values[i].name;
        size_t length = strlen(term->name);
        ck_assert_uint_gt(strlen(full), length);
        const char *ending = full + strlen(full) - length;
        ck_assert_msg(ending[-1] == '_', "%s", full);
        for (size_t k = 0; k < length; k++)
            ck_assert_msg(tolower((unsigned char)ending[k]) == term->name[k], "%s is not %s", full, term->name);
    }
    ck_assert_ptr_null(vocabulary_by_code(vocabulary, (int)type->n_values));
    ck_assert_ptr_null(vocabulary_by_code(vocabulary, -1));
}
END_TEST

START_TEST(every_spelling_means_one_term)
{
    for (int v = 0; v < VOCABULARY_COUNT; v++) {
        for (size_t i = 0; i < vocabulary_size((enum vocabulary)v); i++) {
            const struct vocabulary_term *term = &vocabulary_terms((enum vocabulary)v)[i];
            const char *const labels[] = {term->name, term->label_nb, term->label_nn, term->label_en};
            for (size_t k = 0; k < 4; k++) {
                ck_assert_str_ne(labels[k], "");
                const struct vocabulary_term *found = vocabulary_by_name((enum vocabulary)v, labels[k], strlen(labels[k]));
                ck_assert_msg(found == term, "%s of %s", labels[k], vocabulary_name((enum vocabulary)v));
            }
            char aliases[300];
            snprintf(aliases, sizeof aliases, "%s", term->aliases);
            for (char *alias = strtok(aliases, " "); alias != NULL; alias = strtok(NULL, " "))
                ck_assert_msg(vocabulary_by_name((enum vocabulary)v, alias, strlen(alias)) == term, "%s", alias);
        }
    }
}
END_TEST

static const struct {
    enum vocabulary vocabulary;
    const char *text;
    const char *name; /* NULL = unknown */
} spellings[] = {
    {VOCABULARY_ROLE, "sender", "sender"},
    {VOCABULARY_ROLE, "AVSENDER", "sender"},
    {VOCABULARY_ROLE, "Avsendar", "sender"},
    {VOCABULARY_ROLE, "mottakar", "addressee"},
    {VOCABULARY_ROLE, "Høringsinstans", "addressee"},
    {VOCABULARY_ROLE, "HØRINGSINSTANS", "addressee"},
    {VOCABULARY_ROLE, "Kopi", "copy"},
    {VOCABULARY_ROLE, "OBSERVATØR", "observer"},
    {VOCABULARY_LAYER, "MØTE", "meeting"},
    {VOCABULARY_LAYER, "høyring", "hearing"},
    {VOCABULARY_LAYER, "Foreleggelse", "consultation"},
    {VOCABULARY_LAYER, "førelegging", "consultation"},
    {VOCABULARY_LAYER, "R-notat til foreleggelse", "rnote_round"},
    {VOCABULARY_LAYER, "working group", "working_group"},
    {VOCABULARY_LAYER, "Working-Group", "working_group"},
    {VOCABULARY_LAYER, "STATSRÅD", "council_of_state"},
    {VOCABULARY_STAGE, "IDÉ", "idea"},
    {VOCABULARY_STAGE, "Storting", "storting"},
    {VOCABULARY_REPLY_STATUS, "TE", "noted"},
    {VOCABULARY_REPLY_STATUS, "BU", "answered"},
    {VOCABULARY_OUTCOME, "motsegn", "objection"},
    {VOCABULARY_CLASSIFICATION, "SH", "top_secret"},
    {VOCABULARY_CLASSIFICATION, "åpen", "open"},
    {VOCABULARY_CLASSIFICATION, "Ugradert", "open"},
    {VOCABULARY_ROLE, "", NULL},
    {VOCABULARY_ROLE, "sende", NULL},
    {VOCABULARY_ROLE, "senders", NULL},
    {VOCABULARY_ROLE, "ROLE_SENDER", NULL},
    {VOCABULARY_LAYER, "m\xC3", NULL},
    {VOCABULARY_LAYER, "a text far longer than any term could be, so long that it does not fit the buffer", NULL},
    {VOCABULARY_COUNT, "sender", NULL},
};

START_TEST(people_spell_as_they_like)
{
    const char *text = spellings[_i].text;
    const struct vocabulary_term *term = vocabulary_by_name(spellings[_i].vocabulary, text, strlen(text));
    if (spellings[_i].name == NULL)
        ck_assert_msg(term == NULL, "%s", text);
    else
        ck_assert_msg(term != NULL && strcmp(term->name, spellings[_i].name) == 0, "%s", text);
}
END_TEST

START_TEST(sizes_end_names)
{
    ck_assert_ptr_nonnull(vocabulary_by_name(VOCABULARY_ROLE, "senders", 6));
    ck_assert_ptr_null(vocabulary_by_name(VOCABULARY_ROLE, "sender", 5));
    ck_assert_uint_eq(vocabulary_size(VOCABULARY_COUNT), 0);
    ck_assert_ptr_null(vocabulary_terms(VOCABULARY_COUNT));
    ck_assert_str_eq(vocabulary_name(VOCABULARY_COUNT), "");
    ck_assert_int_eq(vocabulary_layer_kind(1), SAMORDNING__V1__LAYER_KIND__LAYER_MEETING);
    ck_assert_int_eq(vocabulary_layer_kind(7), SAMORDNING__V1__LAYER_KIND__LAYER_REQUEST);
    ck_assert_int_eq(vocabulary_layer_kind(12), SAMORDNING__V1__LAYER_KIND__LAYER_OBJECTION);
    ck_assert_int_eq(vocabulary_layer_kind(0), -1);
    ck_assert_int_eq(vocabulary_layer_kind(14), -1);
}
END_TEST

static const char *seed_text(void)
{
    for (size_t i = 0; i < sql_migration_count; i++)
        if (strcmp(sql_migrations[i].name, "0003_vocabulary") == 0)
            return sql_migrations[i].text;
    ck_abort_msg("no migration 0003_vocabulary");
    return "";
}

/* Each row as SQL writes it stands there once, and there are no other rows. */
START_TEST(the_database_is_seeded_with_the_same)
{
    const char *sql = seed_text();
    size_t rows = 0;
    for (const char *at = sql; (at = strstr(at, "\n    (")) != NULL; at++)
        rows++;
    size_t expected = 0;
    for (int v = 0; v < VOCABULARY_COUNT; v++) {
        for (size_t i = 0; i < vocabulary_size((enum vocabulary)v); i++) {
            const struct vocabulary_term *t = &vocabulary_terms((enum vocabulary)v)[i];
            const char *const quoted[] = {t->name, t->label_nb, t->label_nn, t->label_en};
            for (size_t k = 0; k < 4; k++)
                ck_assert_ptr_null(strchr(quoted[k], '\'')); /* nothing to be doubled */
            char row[512];
            if (v == VOCABULARY_LAYER)
                snprintf(row, sizeof row, "\n    (%d, '%s', %d, '%s', '%s', '%s')", t->code, t->name,
                         vocabulary_layer_kind(t->code), t->label_nb, t->label_nn, t->label_en);
            else
                snprintf(row, sizeof row, "\n    ('%s', %d, '%s', '%s', '%s', '%s')", vocabulary_name((enum vocabulary)v),
                         t->code, t->name, t->label_nb, t->label_nn, t->label_en);
            const char *found = strstr(sql, row);
            ck_assert_msg(found != NULL, "not seeded: %s", row);
            ck_assert_msg(strstr(found + 1, row) == NULL, "seeded twice: %s", row);
            expected++;
        }
    }
    ck_assert_uint_eq(rows, expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vocabulary");
    TCase *tc = tcase_create("vocabulary");
    tcase_add_loop_test(tc, terms_are_the_enums, 0, sizeof enums / sizeof enums[0]);
    tcase_add_test(tc, every_spelling_means_one_term);
    tcase_add_loop_test(tc, people_spell_as_they_like, 0, sizeof spellings / sizeof spellings[0]);
    tcase_add_test(tc, sizes_end_names);
    tcase_add_test(tc, the_database_is_seeded_with_the_same);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
