/* SPDX-License-Identifier: GPL-3.0-or-later
 * The public port's table of routes, its limits by address, and what clients say they take.
 */
#include "web/web_exchange.h"
#include "web/web_rate.h"
#include "web/web_route.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>

static void handle_a(struct web_exchange *exchange)
{
}
static void handle_b(struct web_exchange *exchange)
{
}

static const struct web_route table[] = {
    {WEB_GET, "/w/{wave}", handle_a, 0},
    {WEB_POST, "/w/{wave}/-/submit", handle_b, 0},
    {WEB_GET | WEB_POST, "/w/{wave}/{section}", handle_a, 0},
    {WEB_GET, "/", handle_b, 0},
};

static struct web_match found(const char *path, enum web_method method)
{
    struct web_match match;
    web_route_find(table, sizeof table / sizeof table[0], path, method, &match);
    return match;
}

START_TEST(routes_match_whole_segments)
{
    struct web_match match = found("/w/a-wave/about", WEB_POST);
    ck_assert_ptr_eq(match.route, &table[2]);
    ck_assert_uint_eq(match.count, 2);
    ck_assert_str_eq(match.parameters[0], "a-wave");
    ck_assert_str_eq(match.parameters[1], "about");
    ck_assert_ptr_eq(found("/w/a", WEB_GET).route, &table[0]);
    ck_assert_ptr_eq(found("/w/a/-/submit", WEB_POST).route, &table[1]);
    ck_assert_ptr_eq(found("/", WEB_GET).route, &table[3]);
    const char *nowhere[] = {"", "/w", "/w/", "/w//about", "/w/a/b/c", "/w/a/", "/x", "//", "/w/a%00b", "/w/a/%00"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        ck_assert_msg(found(nowhere[i], WEB_GET).route == NULL, "%s", nowhere[i]);
}
END_TEST

START_TEST(other_methods_are_told_apart_from_nowhere)
{
    struct web_match match = found("/w/a", WEB_POST);
    ck_assert_ptr_null(match.route);
    ck_assert_uint_eq(match.other_methods, WEB_GET);
    ck_assert_uint_eq(found("/nowhere", WEB_POST).other_methods, 0);
}
END_TEST

START_TEST(parameters_are_decoded_and_bounded)
{
    char path[600];
    ck_assert_str_eq(found("/w/%C3%A6%2f", WEB_GET).parameters[0], "æ/");
    ck_assert_str_eq(found("/w/100%", WEB_GET).parameters[0], "100%");
    ck_assert_str_eq(found("/w/a+b", WEB_GET).parameters[0], "a+b");
    snprintf(path, sizeof path, "/w/%0*d", WEB_PARAMETER_SIZE_MAX, 0);
    ck_assert_ptr_nonnull(found(path, WEB_GET).route);
    snprintf(path, sizeof path, "/w/%0*d", WEB_PARAMETER_SIZE_MAX + 1, 0);
    ck_assert_ptr_null(found(path, WEB_GET).route);
}
END_TEST

START_TEST(buckets_fill_with_time)
{
    struct web_rate rate;
    ck_assert(web_rate_init(&rate));
    uint64_t key = web_rate_key_text(&rate, "192.0.2.1"), other = web_rate_key_text(&rate, "192.0.2.2");
    int64_t now_us = 1000000;
    unsigned taken = 0;
    while (web_rate_take(&rate, key, 1, 10, now_us))
        taken++;
    ck_assert_uint_eq(taken, 10 * WEB_RATE_BURST_S);
    ck_assert(web_rate_take(&rate, other, 1, 10, now_us));
    ck_assert(!web_rate_take(&rate, key, 1, 10, now_us + 90000));
    ck_assert(web_rate_take(&rate, key, 1, 10, now_us + 110000));
    ck_assert(!web_rate_take(&rate, key, 1, 10, now_us + 110000));
    ck_assert(web_rate_take(&rate, 0, 1, 10, now_us)); /* nobody's */
    web_rate_release(&rate);
}
END_TEST

START_TEST(connections_are_counted_by_address)
{
    struct web_rate rate;
    ck_assert(web_rate_init(&rate));
    uint64_t key = web_rate_key_text(&rate, "2001:db8::1");
    ck_assert_uint_eq(key, web_rate_key_text(&rate, "2001:db8::ffff")); /* one /64, one host */
    ck_assert_uint_ne(key, web_rate_key_text(&rate, "2001:db8:0:1::1"));
    ck_assert_uint_eq(web_rate_key_text(&rate, "::ffff:192.0.2.1"), web_rate_key_text(&rate, "192.0.2.1"));
    ck_assert_uint_eq(web_rate_key_text(&rate, "nonsense"), 0);
    ck_assert(web_rate_connect(&rate, key, 2, 1) && web_rate_connect(&rate, key, 2, 1));
    ck_assert(!web_rate_connect(&rate, key, 2, 1));
    web_rate_disconnect(&rate, key);
    ck_assert(web_rate_connect(&rate, key, 2, 1));
    /* Many strangers do not push out an address that is connected. */
    for (unsigned i = 0; i < 100000; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
        web_rate_take(&rate, web_rate_key_text(&rate, address), 1, 10, 2 + i);
    }
    ck_assert(!web_rate_connect(&rate, key, 2, 200000));
    web_rate_release(&rate);
}
END_TEST

START_TEST(gzip_is_only_for_who_takes_it)
{
    ck_assert(web_accepts_gzip("gzip") && web_accepts_gzip("br, gzip;q=0.5") && web_accepts_gzip("deflate,gzip, br"));
    ck_assert(!web_accepts_gzip(NULL) && !web_accepts_gzip("") && !web_accepts_gzip("br") && !web_accepts_gzip("gzip;q=0") &&
              !web_accepts_gzip("x-gzipped"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("web");
    TCase *all = tcase_create("all");
    tcase_add_test(all, routes_match_whole_segments);
    tcase_add_test(all, other_methods_are_told_apart_from_nowhere);
    tcase_add_test(all, parameters_are_decoded_and_bounded);
    tcase_add_test(all, buckets_fill_with_time);
    tcase_add_test(all, connections_are_counted_by_address);
    tcase_add_test(all, gzip_is_only_for_who_takes_it);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
