/* SPDX-License-Identifier: GPL-3.0-or-later
 * Specifications: the canonical form, its hash, and what is refused with which words.
 */
#include "spec.h"

#include "civil_time.h"
#include "vocabulary.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char error[400];

static struct spec parse(const char *text)
{
    struct spec spec;
    ck_assert_msg(spec_parse(text, &spec, error), "%s: %s", text, error);
    return spec;
}

static void refuses(const char *text, const char *words)
{
    struct spec spec = {.seed = 77};
    ck_assert_msg(!spec_parse(text, &spec, error), "accepted: %s", text);
    ck_assert_msg(strstr(error, words) != NULL, "%s: said \"%s\", not \"%s\"", text, error, words);
    ck_assert_uint_eq(spec.seed, 77); /* written only on success */
}

START_TEST(canonical_form)
{
    struct spec spec = parse("to=2015-01-01  from=2014-01-01");
    char text[SPEC_TEXT_MAX], again[SPEC_TEXT_MAX];
    spec_format(&spec, text);
    ck_assert_str_eq(
        text,
        "from=2014-01-01 to=2015-01-01 layer=all case=all case-type=all stage=all level=actor view=as-was projection=newman "
        "direction=undirected tie=union weight=sum distance=inverse seed=1");
    ck_assert_int_eq(spec.from_day, civil_to_day(2014, 1, 1));
    ck_assert_int_eq(spec.to_day - spec.from_day, 365);

    spec = parse("seed=42 layer=møte,consultation from=2014-02-28 to=2014-03-01 case=2014/12%20A%25 case-type=%61ll "
                 "tie=reporter:972417807 "
                 "level=ministry view=stable-core projection=duration direction=directed weight=mean distance=log");
    ck_assert_uint_eq(spec.layer_count, 2);
    ck_assert_str_eq(spec.layers[0], "consultation");
    ck_assert_str_eq(spec.layers[1], "møte");
    ck_assert_str_eq(spec.case_ref, "2014/12 A%");
    ck_assert_str_eq(spec.case_type, "all");
    spec_format(&spec, text);
    ck_assert_str_eq(
        text,
        "from=2014-02-28 to=2014-03-01 layer=consultation,møte case=2014/12%20A%25 case-type=%61ll stage=all level=ministry "
        "view=stable-core projection=duration direction=directed tie=reporter:972417807 weight=mean distance=log seed=42");
    struct spec second = parse(text);
    spec_format(&second, again);
    ck_assert_str_eq(text, again);
    ck_assert_str_eq(second.case_ref, spec.case_ref);
    ck_assert_str_eq(second.case_type, spec.case_type);
}
END_TEST

START_TEST(choices_are_named_only_where_they_differ)
{
    struct spec plain = parse("from=2014-01-01 to=2015-01-01 betweenness=auto paths=auto permutations=999 tau=90.0");
    struct spec spec =
        parse("tau=042.50 permutations=0099 from=2014-01-01 to=2015-01-01 spells=month betweenness=exact paths=none "
              "relations=layers");
    char text[SPEC_TEXT_MAX], hash[33], plain_hash[33];
    spec_format(&plain, text);
    ck_assert_str_eq(text + strlen(text) - strlen(" seed=1"), " seed=1");
    ck_assert_uint_eq(plain.choices.permutations, 999);
    ck_assert_double_eq(plain.choices.tau_days, 90);
    spec_format(&spec, text);
    ck_assert_ptr_nonnull(
        strstr(text, " seed=1 betweenness=exact paths=none permutations=99 tau=42.5 relations=layers spells=month"));
    struct spec again = parse(text);
    ck_assert(again.choices.betweenness == EFFORT_EXACT && again.choices.paths == EFFORT_NONE);
    ck_assert_uint_eq(again.choices.permutations, 99);
    ck_assert_double_eq(again.choices.tau_days, 42.5);
    spec_hash(&spec, hash);
    spec_hash(&plain, plain_hash);
    ck_assert_str_ne(hash, plain_hash);
    struct choices choices;
    ck_assert(choices_parse(NULL, &choices, error));
    ck_assert_uint_eq(choices.permutations, 999);
    ck_assert(choices_parse("  permutations=99 betweenness=none\ttau=42.5 ", &choices, error));
    ck_assert(choices.permutations == 99 && choices.betweenness == EFFORT_NONE);
    ck_assert(choices_parse("betweenness=sampled epsilon=0.005", &choices, error));
    ck_assert(choices.betweenness == EFFORT_SAMPLED);
    ck_assert_double_eq(choices.epsilon, 0.005);
    ck_assert_double_eq(choices.delta, 0.05);
    ck_assert(!choices_parse("level=actor", &choices, error));
    ck_assert_ptr_nonnull(strstr(error, "level: there is no such choice"));
    ck_assert(!choices_parse("tau", &choices, error));
    ck_assert_ptr_nonnull(strstr(error, "key=value"));
}
END_TEST

/* A table row that its own default does not fit would stop the program: every row is read here, and there is room for all. */
START_TEST(every_choice_takes_its_default)
{
    size_t count;
    const struct choice_key *rows = choices_keys(&count);
    ck_assert_uint_le(count, SPEC_CHOICES_MAX);
    struct choices choices;
    choices_default(&choices);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].fallback)
            ck_assert_msg(choices_set(&choices, &rows[i], rows[i].fallback, error), "%s: %s", rows[i].key, error);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(rows[i].key, rows[j].key);
    }
}
END_TEST

START_TEST(stages_are_chosen_by_name)
{
    struct spec spec = parse("from=2014-01-01 to=2015-01-01 stage=hearing,consultation");
    char text[SPEC_TEXT_MAX];
    ck_assert_uint_eq(spec.stages, 1u << 4 | 1u << 5);
    spec_format(&spec, text);
    ck_assert_ptr_nonnull(strstr(text, " stage=consultation,hearing level="));
    ck_assert_uint_eq(parse("from=2014-01-01 to=2015-01-01 stage=all").stages, 0);
    refuses("from=2014-01-01 to=2015-01-01 stage=hearing,hearing", "stage: \"hearing\" is named twice");
    refuses("from=2014-01-01 to=2015-01-01 stage=horing", "stage: \"horing\" is not one of idea, early_involvement");
    refuses("from=2014-01-01 to=2015-01-01 stage=", "stage: \"\" is not one of");
    refuses("from=2014-01-01 to=2015-01-01 stage=unspecified", "stage: \"unspecified\" is not one of");
    /* the wire's vocabulary and the names here are one list */
    for (int stage = 1; stage < SPEC_STAGES; stage++) {
        char one[120];
        snprintf(one, sizeof one, "from=2014-01-01 to=2015-01-01 stage=%s", vocabulary_by_code(VOCABULARY_STAGE, stage)->name);
        ck_assert_uint_eq(parse(one).stages, 1u << stage);
    }
}
END_TEST

START_TEST(hash_follows_meaning)
{
    struct spec spec = parse("from=2014-01-01 to=2015-01-01 layer=b,a");
    struct spec same = parse("layer=a,b\tto=2015-01-01\nfrom=2014-01-01 level=actor");
    struct spec other = parse("from=2014-01-01 to=2015-01-01 layer=a,b seed=2");
    char hash[33], same_hash[33], other_hash[33];
    spec_hash(&spec, hash);
    spec_hash(&same, same_hash);
    spec_hash(&other, other_hash);
    ck_assert_uint_eq(strlen(hash), 32);
    ck_assert_uint_eq(strspn(hash, "0123456789abcdef"), 32);
    ck_assert_str_eq(hash, same_hash);
    ck_assert_str_ne(hash, other_hash);
}
END_TEST

START_TEST(refused)
{
    refuses("", "from: missing");
    refuses("from=2014-01-01", "to: missing");
    refuses("from=2014-01-01 to=2014-01-01", "to: the period ends where it begins");
    refuses("from=2014-01-02 to=2014-01-01", "to: the period ends");
    refuses("from=1914-01-01 to=2015-01-01", "from: the period is longer than 100 years");
    refuses("from=2014-02-30 to=2015-01-01", "from: \"2014-02-30\" is not a date");
    refuses("from=2014-01-01 to=tomorrow", "to: \"tomorrow\"");
#define P "from=2014-01-01 to=2015-01-01 "
    refuses(P "from=2014-01-01", "from: given twice");
    refuses(P "lag=meeting", "lag: not a key");
    refuses(P "lag=meeting", "case-type");
    refuses(P "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee=x",
            " and others"); /* whole names, however long the wrong one */
    refuses(P "meeting", "expected key=value");
    refuses(P "=meeting", "not a key");
    refuses(P "layer=", "layer: an empty name");
    refuses(P "layer=a,,b", "layer: an empty name");
    refuses(P "layer=Møte", "layer: \"Møte\" is not a layer's name");
    refuses(P "layer=a,b,a", "layer: \"a\" is named twice");
    refuses(P "layer=a,all", "layer: all stands alone");
    refuses(P "layer=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "longer than 63");
    refuses(P "case=", "case: empty");
    refuses(P "case=a%2", "case: a % must");
    refuses(P "case=a%00", "case: %00");
    refuses(P "case=%C3", "case: holds control characters or is not UTF-8");
    refuses(P "case=a%0Ab", "case: holds control");
    refuses(P "level=department", "level: \"department\" is not one of actor, unit, agency, ministry, sector");
    refuses(P "view=now", "view: \"now\"");
    refuses(P "projection=x", "projection:");
    refuses(P "direction=both", "direction:");
    refuses(P "tie=majority", "reporter:<organisation number>");
    refuses(P "tie=reporter:12345678", "tie: ");
    refuses(P "weight=min", "weight:");
    refuses(P "distance=1/w", "distance:");
    refuses(P "betweenness=maybe", "betweenness:");
    refuses(P "paths=all", "paths:");
    refuses(P "permutations=0", "permutations:");
    refuses(P "permutations=1000001", "permutations:");
    refuses(P "permutations=9x", "permutations:");
    refuses(P "paths=sampled", "paths:");
    refuses(P "epsilon=0", "epsilon:");
    refuses(P "epsilon=0.501", "epsilon:");
    refuses(P "delta=1", "delta:");
    refuses(P "tau=0", "tau:");
    refuses(P "spells=week", "spells: \"week\" is not one of none, day, month");
    refuses(P "relations=two", "relations: \"two\" is not one of one, layers");
    refuses(P "tau=1e3", "tau:");
    refuses(P "tau=36526", "tau:");
    refuses(P "tau=1.2345", "tau:");
    refuses(P "tau=.", "tau:");
    refuses(P "seed=-1", "seed:");
    refuses(P "seed=18446744073709551616", "seed:");
    refuses(P "seed=1x", "seed:");
    refuses(P "projection=binary weight=mean", "weight: under projection=binary");
    refuses(P "missing=no",
            "missing: \"no\" is not one of unknown, as-reported, union, intersection, reconstruction, tied, drawn");
    refuses(P "missing=union tie=intersection", "missing: union compares what the two ends told, and tie=intersection");
    refuses(P "missing=as-reported tie=reporter:972417807", "use tie=union");
    refuses(P "missing=tied spells=day", "missing: tied is about the ties of the whole period");
    refuses(P "missing=drawn relations=layers", "relations=layers tells them apart");
    refuses(P "projection=binary distance=log", "distance: under projection=binary");
}
END_TEST

START_TEST(longest_fits)
{
    struct spec spec = parse(P);
    spec.layer_count = SPEC_LAYERS_MAX;
    for (unsigned i = 0; i < SPEC_LAYERS_MAX; i++) {
        memset(spec.layers[i], 'a', 63);
        spec.layers[i][0] = (char)('a' + i / 8);
        spec.layers[i][1] = (char)('a' + i % 8);
    }
    memset(spec.case_ref, '%', sizeof spec.case_ref - 1);
    memset(spec.case_type, ' ', sizeof spec.case_type - 1);
    spec.seed = INT64_MAX;
    char text[SPEC_TEXT_MAX], again[SPEC_TEXT_MAX];
    spec_format(&spec, text);
    struct spec second = parse(text);
    spec_format(&second, again);
    ck_assert_str_eq(text, again);
}
END_TEST

START_TEST(a_wave_is_a_layer)
{
    static const struct {
        const char *text, *canonical; /* NULL: refused */
        const char *reason;
    } cases[] = {
        {"wave=w1 layer=survey:contact_actual",
         "layer=survey:contact_actual level=actor view=as-was projection=newman direction=directed weight=mean "
         "distance=inverse seed=1 wave=w1",
         NULL},
        {"wave=w1", "level=actor view=as-was projection=newman direction=directed weight=mean distance=inverse seed=1 wave=w1",
         NULL},
        {"layer=survey:a", NULL, "wave: missing"},
        {"layer=survey:a wave=w from=2025-01-01 to=2025-02-01", NULL, "a day of its own"},
        {"layer=survey:a,survey:b wave=w", NULL, "stands alone"},
        {"layer=meeting,survey:a wave=w", NULL, "stands alone"},
        {"layer=survey:A wave=w", NULL, "does not name an item"},
        {"layer=survey:a wave=w stage=hearing", NULL, "stage:"},
        {"layer=survey:a wave=w projection=duration", NULL, "no meetings"},
        {"layer=survey:a wave=w weight=sum", NULL, "grows with how many"},
        {"layer=survey:a wave=w profile=public", NULL, "not for everybody"},
        {"layer=survey:a wave=W", NULL, "not the key of a wave"},
        {"layer=survey:a wave=w earlier-wave=w", NULL, "itself"},
        {"from=2025-01-01 to=2025-02-01 weight=share", NULL, "share is of respondents"},
        {"from=2025-01-01 to=2025-02-01 items=a", NULL, "wave: missing"},
        {"wave=w items=a,B", NULL, "not the id of an item"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct spec spec, again;
        char text[SPEC_TEXT_MAX], twice[SPEC_TEXT_MAX];
        ck_assert_msg(spec_parse(cases[i].text, &spec, error) == (cases[i].canonical != NULL), "%s: %s", cases[i].text, error);
        if (!cases[i].canonical) {
            ck_assert_msg(strstr(error, cases[i].reason) != NULL, "%s: %s", cases[i].text, error);
            continue;
        }
        spec_format(&spec, text);
        ck_assert_str_eq(text, cases[i].canonical);
        ck_assert_msg(spec_parse(text, &again, error), "%s", error);
        spec_format(&again, twice);
        ck_assert_str_eq(text, twice);
        ck_assert(again.of_wave);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spec");
    TCase *tcase = tcase_create("spec");
    tcase_add_test(tcase, canonical_form);
    tcase_add_test(tcase, choices_are_named_only_where_they_differ);
    tcase_add_test(tcase, every_choice_takes_its_default);
    tcase_add_test(tcase, stages_are_chosen_by_name);
    tcase_add_test(tcase, hash_follows_meaning);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, longest_fits);
    tcase_add_test(tcase, a_wave_is_a_layer);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
