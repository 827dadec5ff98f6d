/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands between a browser and the answers: escaping, sealed cookies and tokens, posted fields as answers.
 */
#include "form/form_body.h"
#include "form/form_seal.h"
#include "form/form_text.h"
#include "web/html.h"

#include <check.h>
#include <event2/buffer.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---------------------------------------------------------------------------------------------------- escaping */

static char *taken(struct evbuffer *out, struct html *html)
{
    ck_assert(html_end(html));
    size_t size = evbuffer_get_length(out);
    char *text = calloc(1, size + 1);
    evbuffer_remove(out, text, size);
    return text;
}

static void assert_escaped(const char *text, const char *expected)
{
    struct evbuffer *out = evbuffer_new();
    struct html html;
    html_begin(&html, out);
    html_put(&html, "<p title=\"%s\">%s</p>", text, text);
    char *made = taken(out, &html), whole[2048];
    snprintf(whole, sizeof whole, "<p title=\"%s\">%s</p>", expected, expected);
    ck_assert_str_eq(made, whole);
    free(made);
    evbuffer_free(out);
}

START_TEST(text_is_escaped_for_text_and_attributes)
{
    assert_escaped("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_escaped("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;");
    assert_escaped("Ærlig – Ø og 𝄞", "Ærlig – Ø og 𝄞");
    assert_escaped("a\x01z\x7f\x1b[1m", "a\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd[1m");
    assert_escaped("\xc0\xaf\xed\xa0\x80\xf5", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd");
    assert_escaped("", "");
}
END_TEST

START_TEST(every_byte_is_escaped_or_harmless)
{
    for (int c = 1; c < 256; c++) {
        const char text[2] = {(char)c, '\0'};
        struct evbuffer *out = evbuffer_new();
        struct html html;
        html_begin(&html, out);
        html_text(&html, text);
        char *made = taken(out, &html);
        if (strchr("<>\"'&", c) != NULL)
            ck_assert_msg(made[0] == '&' && made[strlen(made) - 1] == ';', "%d: %s", c, made);
        else
            ck_assert_msg(strpbrk(made, "<>\"'&") == NULL, "%d: %s", c, made);
        free(made);
        evbuffer_free(out);
    }
}
END_TEST

START_TEST(ids_hold_letters_digits_and_marks_alone)
{
    struct evbuffer *out = evbuffer_new();
    struct html html;
    html_begin(&html, out);
    html_id(&html, "azAZ09-_ /:@[`{å");
    char *made = taken(out, &html);
    ck_assert_str_eq(made, "azAZ09-_.20.2f.3a.40.5b.60.7b.c3.a5");
    free(made);
    evbuffer_free(out);
}
END_TEST

START_TEST(a_long_page_is_whole)
{
    struct evbuffer *out = evbuffer_new();
    struct html html;
    size_t expected = 0;
    html_begin(&html, out);
    for (unsigned i = 0; i < 20000; i++) {
        char line[64];
        html_put(&html, "<li>%u %s</li>", i, "&");
        expected += (size_t)snprintf(line, sizeof line, "<li>%u &amp;</li>", i);
    }
    ck_assert(html_end(&html));
    ck_assert_uint_eq(evbuffer_get_length(out), expected);
    evbuffer_free(out);
}
END_TEST

START_TEST(numbers_read_back)
{
    const double numbers[] = {0, 1, -1, 0.1, 1.0 / 3, 1e300, 123456789.123, 5e-324};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[HTML_NUMBER_SIZE];
        html_number(numbers[i], text);
        ck_assert(strtod(text, NULL) == numbers[i]);
    }
    const double exact[] = {-0.0, 0, 7, -42, 999999, -999999, 1000000, -1000000, 1234567, 2.5};
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        char text[HTML_NUMBER_SIZE], printed[HTML_NUMBER_SIZE];
        html_number(exact[i], text);
        snprintf(printed, sizeof printed, "%.*g", fabs(exact[i]) < 1e6 ? 6 : 7, exact[i]);
        ck_assert_str_eq(text, exact[i] == 1e6 ? "1e+06" : exact[i] == -1e6 ? "-1e+06" : printed);
    }
    double number;
    ck_assert(form_text_read_number("12", &number) && number == 12);
    ck_assert(form_text_read_number(" 1 234,5", &number) && number == 1234.5);
    ck_assert(form_text_read_number("1\xc2\xa0"
                                    "000",
                                    &number) &&
              number == 1000);
    ck_assert(form_text_read_number("\xe2\x88\x92"
                                    "3",
                                    &number) &&
              number == -3);
    const char *bad[] = {"",      "abc", "1e5",   "0x10", "nan", "inf",
                         "1,2,3", "1-2", "12 km", "--1",  ",",   "1111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!form_text_read_number(bad[i], &number), "%s", bad[i]);
}
END_TEST

/* ------------------------------------------------------------------------------------------------- cookies, tokens */

#define NOW INT64_C(1800000000)

static void session_made(uint8_t key[WEB_KEY_SIZE], struct form_session *ret_session)
{
    uint8_t hash[32];
    randombytes_buf(key, WEB_KEY_SIZE);
    memset(hash, 7, sizeof hash);
    form_session_begin(ret_session, hash, "wave-1", "972417807", INSTRUMENT_NN, NOW);
}

START_TEST(a_cookie_opens_again)
{
    uint8_t key[WEB_KEY_SIZE];
    struct form_session session, opened;
    char cookie[WEB_COOKIE_MAX], other[WEB_COOKIE_MAX];
    session_made(key, &session);
    form_seal(key, &session, cookie);
    form_seal(key, &session, other);
    ck_assert_str_ne(cookie, other); /* a nonce of its own each time */
    ck_assert(form_unseal(key, cookie, NOW + 10, &opened));
    ck_assert_mem_eq(opened.link_hash, session.link_hash, 32);
    ck_assert_mem_eq(opened.web.id, session.web.id, 16);
    ck_assert_str_eq(opened.wave, "wave-1");
    ck_assert_str_eq(opened.actor, "972417807");
    ck_assert_int_eq(opened.language, INSTRUMENT_NN);
    ck_assert_int_eq(opened.web.issued_s, NOW);
    ck_assert(strspn(cookie, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(cookie));
}
END_TEST

START_TEST(a_changed_old_or_foreign_cookie_does_not_open)
{
    uint8_t key[WEB_KEY_SIZE], other_key[WEB_KEY_SIZE];
    struct form_session session, opened;
    char cookie[WEB_COOKIE_MAX];
    session_made(key, &session);
    form_seal(key, &session, cookie);
    ck_assert(!form_unseal(key, cookie, NOW + FORM_SESSION_S + 1, &opened));
    ck_assert(!form_unseal(key, cookie, NOW - 2 * FORM_SESSION_RENEW_S, &opened));
    randombytes_buf(other_key, sizeof other_key);
    ck_assert(!form_unseal(other_key, cookie, NOW, &opened));
    ck_assert(!form_unseal(key, "", NOW, &opened));
    ck_assert(!form_unseal(key, "AAAA", NOW, &opened));
    for (size_t i = 0; i < strlen(cookie); i++) {
        char kept = cookie[i];
        cookie[i] = kept == 'A' ? 'B' : 'A';
        ck_assert_msg(!form_unseal(key, cookie, NOW, &opened), "character %zu", i);
        cookie[i] = '\0';
        ck_assert(!form_unseal(key, cookie, NOW, &opened));
        cookie[i] = kept;
    }
    ck_assert(form_unseal(key, cookie, NOW, &opened));
}
END_TEST

START_TEST(tokens_fit_their_session_only)
{
    uint8_t key[WEB_KEY_SIZE];
    struct form_session session, other;
    char token[FORM_TOKEN_SIZE], again[FORM_TOKEN_SIZE];
    session_made(key, &session);
    form_token(key, &session, token);
    form_token(key, &session, again);
    ck_assert_str_ne(token, again);
    ck_assert(form_token_fits(key, &session, token));
    ck_assert(form_token_fits(key, &session, again));
    form_session_begin(&other, session.link_hash, "wave-1", NULL, INSTRUMENT_NB, NOW);
    ck_assert(!form_token_fits(key, &other, token)); /* the same link, opened elsewhere */
    ck_assert(!form_token_fits(key, &session, ""));
    for (size_t i = 0; i < strlen(token); i++) {
        char kept = token[i];
        token[i] = kept == 'A' ? 'B' : 'A';
        ck_assert(!form_token_fits(key, &session, token));
        token[i] = kept;
    }
}
END_TEST

START_TEST(the_key_is_made_once)
{
    char folder[] = "/tmp/samordning-form-key-XXXXXX", path[64];
    uint8_t first[WEB_KEY_SIZE], second[WEB_KEY_SIZE];
    struct errmsg errmsg = {0};
    struct stat status;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(web_key_load(folder, first, &errmsg), STATUS_OK);
    ck_assert_int_eq(web_key_load(folder, second, &errmsg), STATUS_OK);
    ck_assert_mem_eq(first, second, WEB_KEY_SIZE);
    snprintf(path, sizeof path, "%s/form.key", folder);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    FILE *file = fopen(path, "w");
    fputs("not a key", file);
    fclose(file);
    ck_assert_int_eq(web_key_load(folder, second, &errmsg), STATUS_INVALID);
    unlink(path);
    rmdir(folder);
}
END_TEST

/* ------------------------------------------------------------------------------------------------- posted fields */

#define ITEM(variable, key, form)                                                                                              \
    Samordning__V1__Item variable = SAMORDNING__V1__ITEM__INIT;                                                                \
    char variable##_id[] = key;                                                                                                \
    variable.id = variable##_id;                                                                                               \
    variable.kind = SAMORDNING__V1__ITEM_KIND__ITEM_##form

/* A section with a field of each kind, and the answers of a body as one line: item[.target]=state:values:text; ... !problems */
static char *answers_of(const char *body)
{
    ITEM(single, "single", SINGLE);
    ITEM(many, "many", MULTIPLE);
    ITEM(number, "number", NUMBER);
    ITEM(date, "date", DATE);
    ITEM(text, "text", TEXT);
    ITEM(ranking, "ranking", RANKING);
    ITEM(matrix, "matrix", MATRIX);
    ITEM(roster, "roster", ROSTER);
    ITEM(names, "names", NAMES);
    ITEM(part, "part", LIKERT);
    ITEM(name_part, "name_part", LIKERT);
    Samordning__V1__Item *parts[] = {&part}, *name_parts[] = {&name_part};
    Samordning__V1__Choice choices[3];
    Samordning__V1__Choice *choice_list[3];
    for (int i = 0; i < 3; i++) {
        samordning__v1__choice__init(&choices[i]);
        choices[i].value = i + 1;
        choice_list[i] = &choices[i];
    }
    ranking.choices = choice_list;
    ranking.n_choices = 3;
    roster.parts = parts;
    roster.n_parts = 1;
    names.parts = name_parts;
    names.n_parts = 1;
    Samordning__V1__Item *items[] = {&single, &many, &number, &date, &text, &ranking, &matrix, &roster, &names};
    Samordning__V1__Section section = SAMORDNING__V1__SECTION__INIT;
    section.items = items;
    section.n_items = sizeof items / sizeof items[0];

    struct arena arena;
    struct form_body read;
    size_t count, problem_count, size;
    Samordning__V1__Answer **answers;
    Samordning__V1__AnswerProblem **problems;
    char *line = NULL;
    FILE *out = open_memstream(&line, &size);
    arena_init(&arena, 1 << 22);
    ck_assert_int_eq(form_body_read(body, strlen(body), &arena, &read), STATUS_OK);
    ck_assert_int_eq(form_body_answers(&read, &section, &arena, &count, &answers, &problem_count, &problems), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s%s%s=%d:", i > 0 ? "; " : "", answers[i]->item, *answers[i]->target ? "." : "", answers[i]->target,
                answers[i]->state);
        for (size_t v = 0; v < answers[i]->n_values; v++)
            fprintf(out, "%s%g", v > 0 ? "," : "", answers[i]->values[v]);
        fprintf(out, ":%s", answers[i]->text);
    }
    for (size_t i = 0; i < problem_count; i++)
        fprintf(out, " !%s%s%s %s", problems[i]->item, *problems[i]->target ? "." : "", problems[i]->target,
                problems[i]->reason);
    fclose(out);
    arena_release(&arena);
    return line;
}

static const struct {
    const char *body, *answers;
} posts[] = {
    {"", ""},
    {"token=x&revision=3&go=next", ""},
    {"v.single=2", "single=0:2:"},
    {"v.single=nr", "single=1::"},
    {"v.single=dk", "single=2::"},
    {"v.single=x", " !single not_a_choice"},
    {"v.single=2&v.single=2", "single=0:2:"},
    {"v.single.other=2", ""},
    {"v.many=1&v.many=3&v.many=1", "many=0:1,3:"},
    {"v.number=1+200%2C5", "number=0:1200.5:"},
    {"v.number=&s.number=dk", "number=2::"},
    {"v.number=4&s.number=dk", "number=0:4: !number exclusive"},
    {"v.number=four", " !number not_a_number"},
    {"v.date=2026-02-03", "date=0::2026-02-03"},
    {"v.date=3.2.2026", "date=0::2026-02-03"},
    {"v.date=soon", "date=0::soon"}, /* answers_check calls it a bad date */
    {"v.text=++a%0D%0Ab+%C3%A6++", "text=0::a\nb æ"},
    {"v.text=nr", "text=0::nr"},
    {"v.text=a%00b", "text=0::a\xef\xbf\xbd"
                     "b"},
    {"v.text=%ff%3Cscript%3E", "text=0::\xef\xbf\xbd<script>"},
    {"v.text=100%25+%zz", "text=0::100% %zz"},
    {"v.text=+++", ""},
    {"r.ranking.1=2&r.ranking.2=1&r.ranking.3=", "ranking=0:2,1:"},
    {"r.ranking.1=1&r.ranking.2=1", " !ranking rank_twice"},
    {"r.ranking.1=9", " !ranking not_a_choice"},
    {"s.ranking=dk", "ranking=2::"},
    {"v.matrix.row=1&v.matrix.other=nr", "matrix.row=0:1:; matrix.other=1::"},
    {"v.matrix=1", ""},
    {"s.roster.FIN=nc&v.part.KD=3", "roster.FIN=3::; part.KD=0:3:"},
    {"s.roster.FIN=xx&v.roster.FIN=1", ""},
    {"n.names=DFO&v.name_part.DFO=2", "names.DFO=0::; name_part.DFO=0:2:"},
    {"u.names=Et+nytt+utvalg", "names.Et nytt utvalg=0::Et nytt utvalg"},
    {"v.name_part.a.b.c=2", "name_part.a.b.c=0:2:"},
    {"v.unknown=1&x.single=1&v.=1&=1&&v&v.single", ""},
};

START_TEST(posted_fields_become_answers)
{
    char *made = answers_of(posts[_i].body);
    ck_assert_msg(strcmp(made, posts[_i].answers) == 0, "%s: %s, not %s", posts[_i].body, made, posts[_i].answers);
    free(made);
}
END_TEST

START_TEST(too_many_fields_are_refused)
{
    size_t size = 3 * (FORM_FIELDS_MAX + 1);
    char *body = malloc(size + 1);
    struct arena arena;
    struct form_body read;
    for (size_t i = 0; i < size; i += 3)
        memcpy(body + i, "a=&", 3);
    arena_init(&arena, 1 << 24);
    ck_assert_int_eq(form_body_read(body, size - 3, &arena, &read), STATUS_TOO_LARGE);
    ck_assert_int_eq(form_body_read(body, 3 * (FORM_FIELDS_MAX - 1), &arena, &read), STATUS_OK);
    arena_release(&arena);
    free(body);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("form");
    TCase *escaping = tcase_create("escaping"), *sealing = tcase_create("sealing"), *body = tcase_create("body");
    if (sodium_init() < 0)
        return 1;
    tcase_add_test(escaping, text_is_escaped_for_text_and_attributes);
    tcase_add_test(escaping, every_byte_is_escaped_or_harmless);
    tcase_add_test(escaping, ids_hold_letters_digits_and_marks_alone);
    tcase_add_test(escaping, a_long_page_is_whole);
    tcase_add_test(escaping, numbers_read_back);
    tcase_add_test(sealing, a_cookie_opens_again);
    tcase_add_test(sealing, a_changed_old_or_foreign_cookie_does_not_open);
    tcase_add_test(sealing, tokens_fit_their_session_only);
    tcase_add_test(sealing, the_key_is_made_once);
    tcase_add_loop_test(body, posted_fields_become_answers, 0, sizeof posts / sizeof posts[0]);
    tcase_add_test(body, too_many_fields_are_refused);
    suite_add_tcase(suite, escaping);
    suite_add_tcase(suite, sealing);
    suite_add_tcase(suite, body);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
