/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens, sealed sessions, what is kept of answers, which format a client gets, and whether the document has every address.
 */
#include "api/api_cache.h"
#include "api/api_format.h"
#include "api/api_openapi.h"
#include "api/api_seal.h"
#include "routes.h"
#include "token_secret.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(tokens_differ_and_hash_the_same)
{
    char secret[TOKEN_SECRET_SIZE], other[TOKEN_SECRET_SIZE], hash[TOKEN_HASH_SIZE], again[TOKEN_HASH_SIZE];
    token_secret_make(secret, hash);
    token_secret_make(other, again);
    ck_assert_str_ne(secret, other);
    ck_assert(token_secret_hash(secret, again));
    ck_assert_str_eq(hash, again);
    const char *none[] = {"", "samordning_", "samordning_x", "token_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        ck_assert_msg(!token_secret_hash(none[i], again), "%s", none[i]);
}
END_TEST

START_TEST(sessions_open_with_their_key_and_in_time_only)
{
    uint8_t key[WEB_KEY_SIZE] = {1}, wrong[WEB_KEY_SIZE] = {2};
    struct api_sealed session = {.web = {.issued_s = 1000000, .id = {3}}}, opened;
    char cookie[WEB_COOKIE_MAX], csrf[API_CSRF_SIZE], other[API_CSRF_SIZE];
    memset(session.token_hash, 'a', TOKEN_HASH_SIZE - 1);
    api_seal(key, &session, cookie);
    ck_assert(api_unseal(key, cookie, 1000000 + API_SESSION_S, &opened));
    ck_assert_str_eq(opened.token_hash, session.token_hash);
    ck_assert(!api_unseal(wrong, cookie, 1000000, &opened));
    ck_assert(!api_unseal(key, cookie, 1000001 + API_SESSION_S, &opened));
    ck_assert(!api_unseal(key, cookie, 1000000 - 61, &opened));
    cookie[30] = cookie[30] == 'A' ? 'B' : 'A';
    ck_assert(!api_unseal(key, cookie, 1000000, &opened));
    api_csrf(key, &session, csrf);
    ck_assert(api_csrf_fits(key, &session, csrf) && !api_csrf_fits(wrong, &session, csrf) && !api_csrf_fits(key, &session, ""));
    session.web.id[0]++;
    api_csrf(key, &session, other);
    ck_assert_str_ne(csrf, other);
}
END_TEST

START_TEST(questions_are_forgotten_when_something_changed)
{
    struct api_cache cache;
    api_cache_init(&cache);
    ck_assert_ptr_null(api_cache_find(&cache, "a", 1));
    api_cache_note(&cache, "a", 1, "id-1");
    ck_assert_str_eq(api_cache_find(&cache, "a", 1), "id-1");
    ck_assert_ptr_null(api_cache_find(&cache, "a", 2));
    api_cache_note(&cache, "a", 2, "id-2");
    ck_assert_str_eq(api_cache_find(&cache, "a", 2), "id-2");
    for (unsigned i = 0; i <= API_CACHE_QUESTIONS; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%u", i);
        api_cache_note(&cache, key, 2, "id-3");
    }
    ck_assert_uint_eq(cache.question_count, API_CACHE_QUESTIONS);
    ck_assert_ptr_null(api_cache_find(&cache, "a", 2));
    api_cache_release(&cache);
}
END_TEST

START_TEST(bodies_leave_for_want_of_room_but_not_while_they_are_sent)
{
    struct api_cache cache;
    api_cache_init(&cache);
    struct api_body *sent = NULL;
    size_t size = API_BODY_MAX - 1000, fit = API_CACHE_BYTES / size;
    for (size_t i = 0; i <= fit; i++) {
        char id[API_ID_SIZE];
        snprintf(id, sizeof id, "%zu", i);
        struct api_body *body = api_cache_keep(&cache, id, "json:", "application/json", calloc(1, size), size, NULL, 0);
        if (i == 0)
            sent = body;
        else
            api_body_drop(body);
    }
    ck_assert_uint_eq(cache.body_count, fit);
    ck_assert_ptr_null(api_cache_body(&cache, "0", "json:"));
    ck_assert_uint_eq(sent->references, 1);
    api_body_drop(sent);
    struct api_body *large =
        api_cache_keep(&cache, "large", "json:", "x", calloc(1, API_BODY_MAX + 1), API_BODY_MAX + 1, NULL, 0);
    ck_assert_ptr_null(api_cache_body(&cache, "large", "json:"));
    api_body_drop(large);
    api_cache_release(&cache);
}
END_TEST

/* What a report comes as, and what other results do. */
static const char *negotiated(const char *name, const char *accept)
{
    static char both[64];
    struct api_choice choice;
    if (!api_format_negotiate(name, accept, &choice))
        return "none";
    const char *format = choice.format != NULL ? choice.format->name : "none";
    snprintf(both, sizeof both, "%s %s", choice.document ? "document" : format, format);
    return both;
}

START_TEST(clients_get_the_format_they_like_best)
{
    static const char *const rows[][3] = {
        {NULL, NULL, "document json"},
        {NULL, "*/*", "document json"},
        {NULL, "text/csv", "csv csv"},
        {NULL, "TEXT/CSV; charset=utf-8", "csv csv"},
        {NULL, "application/json;q=0.5, text/csv;q=0.9", "csv csv"},
        {NULL, "text/csv, application/json", "csv csv"},
        {NULL, "image/png, application/vnd.json-stat+json;q=0.1", "jsonstat jsonstat"},
        {NULL, "application/json;q=0", "none"},
        {NULL, "image/png", "none"},
        {"gexf", "text/csv", "gexf gexf"},
        {"png", NULL, "none"},
        /* a kind of types is each of them, and a page only what there are pages of */
        {NULL, "text/*", "document csv"},
        {NULL, "application/*", "json json"},
        {NULL, "text/html", "document none"},
        {NULL, "text/html, text/csv;q=0.9", "document csv"},
        {NULL, "text/html;q=0.3, application/json;q=0.7", "json json"},
        /* the closest range counts, wherever it stands */
        {NULL, "*/*, application/json;q=0", "document csv"},
        {NULL, "text/html;q=0, */*", "json json"},
        {NULL, "text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5", "document json"},
        {NULL, "*/*;q=0.1, text/csv", "csv csv"},
        {NULL, "*/*, text/csv", "csv csv"},
        /* as browsers ask */
        {NULL, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "document json"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(strcmp(negotiated(rows[i][0], rows[i][1]), rows[i][2]) == 0, "%s: %s", rows[i][1],
                      negotiated(rows[i][0], rows[i][1]));
}
END_TEST

START_TEST(the_document_has_every_address)
{
    json_t *document = api_openapi_make(), *paths = json_object_get(document, "paths");
    size_t addresses = 0, known = 0;
    for (size_t i = 0; i < route_count; i++) {
        if (strncmp(routes[i].pattern, "/v1/", 4) != 0)
            continue;
        json_t *item = json_object_get(paths, routes[i].pattern);
        addresses++;
        ck_assert_msg(item != NULL, "%s", routes[i].pattern);
        known += (size_t)((routes[i].methods & WEB_GET) != 0) + ((routes[i].methods & WEB_DELETE) != 0);
        ck_assert_msg(!(routes[i].methods & WEB_GET) == !json_object_get(item, "get"), "%s", routes[i].pattern);
        ck_assert_msg(!(routes[i].methods & WEB_DELETE) == !json_object_get(item, "delete"), "%s", routes[i].pattern);
    }
    ck_assert_uint_gt(addresses, 10);
    ck_assert_uint_eq(json_object_size(paths), addresses);
    ck_assert_uint_ge(known, addresses);
    json_decref(document);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("api");
    TCase *tests = tcase_create("api");
    tcase_add_test(tests, tokens_differ_and_hash_the_same);
    tcase_add_test(tests, sessions_open_with_their_key_and_in_time_only);
    tcase_add_test(tests, questions_are_forgotten_when_something_changed);
    tcase_add_test(tests, bodies_leave_for_want_of_room_but_not_while_they_are_sent);
    tcase_add_test(tests, clients_get_the_format_they_like_best);
    tcase_add_test(tests, the_document_has_every_address);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
