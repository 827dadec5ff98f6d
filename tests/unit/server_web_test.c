/* SPDX-License-Identifier: GPL-3.0-or-later
 * The public port's table of routes, its limits by address and on time, and what clients say they take.
 */
#include "clock.h"
#include "web/web_exchange.h"
#include "web/web_internal.h"
#include "web/web_rate.h"
#include "web/web_route.h"

#include <arpa/inet.h>
#include <check.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* ------------------------------------------------------------------------------- a port that is really listened on */

#define STALL_MS "150"
#define SLOW_MS  450 /* three times as long */
#define LONG_S   5

static struct event_base *base;
static bool was_gone;

static void answer_cb(evutil_socket_t fd, short what, void *arg)
{
    struct web_exchange *exchange = arg;
    html_put(&exchange->html, "late");
    web_answer_page(exchange, 200);
}

static void client_gone(struct web_exchange *exchange)
{
    was_gone = true;
    web_answer_nothing(exchange, 503);
    event_base_loopbreak(base);
}

static void handle_slowly(struct web_exchange *exchange)
{
    event_base_once(base, -1, EV_TIMEOUT, answer_cb, exchange, &(struct timeval){.tv_usec = SLOW_MS * 1000L});
}

/* More than the buffers of both sockets hold. */
static void handle_much(struct web_exchange *exchange)
{
    static char block[1 << 16];
    exchange->gone = client_gone;
    web_stream_begin(exchange, 200, "text/plain");
    for (size_t i = 0; i < 512; i++)
        web_stream_add(exchange, block, sizeof block);
    web_stream_flush(exchange);
}

static const struct web_route port_routes[] = {{WEB_GET, "/slow", handle_slowly, 0}, {WEB_GET, "/much", handle_much, 0}};

/* Asks for `path` and lets the port do its work for `run_ms`, or until it breaks off. The client reads nothing meanwhile, then
 * all there is: the bytes of it, or 0. */
static size_t asked(const char *path, int64_t run_ms, char *ret_answer, size_t answer_size)
{
    struct config config;
    struct config_error error;
    struct errmsg errmsg;
    struct metrics metrics;
    struct web *web = NULL;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char request[100];
    metrics_init(&metrics);
    base = event_base_new();
    was_gone = false;
    ck_assert(base != NULL && config_init(&config) == STATUS_OK);
    ck_assert_int_eq(config_set(&config, "web_listen", "127.0.0.1:0", NULL, 0, &error), STATUS_OK);
    ck_assert_int_eq(config_set(&config, "web_tls", "no", NULL, 0, &error), STATUS_OK);
    ck_assert_int_eq(config_set(&config, "web_stall_ms", STALL_MS, NULL, 0, &error), STATUS_OK);
    ck_assert_int_eq(
        web_create(base, &config, &metrics, port_routes, sizeof port_routes / sizeof port_routes[0], NULL, NULL, &web, &errmsg),
        STATUS_OK);
    ck_assert_int_eq(getsockname(evconnlistener_get_fd(web->socket), (struct sockaddr *)&address, &size), 0);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: here\r\n\r\n", path != NULL ? path : "");
    ck_assert_int_eq(send(client, request, path != NULL ? (size_t)length : 4, 0), path != NULL ? length : 4);
    event_base_loopexit(base, &(struct timeval){.tv_sec = run_ms / 1000, .tv_usec = (suseconds_t)(run_ms % 1000 * 1000)});
    event_base_dispatch(base);
    ssize_t got = recv(client, ret_answer, answer_size - 1, MSG_DONTWAIT);
    ret_answer[got > 0 ? got : 0] = '\0';
    close(client);
    web_destroy(web);
    event_base_free(base);
    config_release(&config);
    return got > 0 ? (size_t)got : got == 0 ? 0 : SIZE_MAX;
}

START_TEST(who_waits_for_an_answer_need_not_say_anything)
{
    char answer[4096];
    asked("/slow", SLOW_MS + 150, answer, sizeof answer);
    ck_assert_msg(strncmp(answer, "HTTP/1.1 200", 12) == 0 && strstr(answer, "late") != NULL, "%s", answer);
}
END_TEST

START_TEST(who_takes_nothing_is_cut_off)
{
    char answer[4096];
    int64_t begun_us = clock_monotonic_us();
    asked("/much", LONG_S * 1000, answer, sizeof answer);
    ck_assert(was_gone);
    ck_assert_int_lt(clock_monotonic_us() - begun_us, LONG_S * 1000000);
}
END_TEST

START_TEST(who_begins_a_request_and_stops_is_cut_off)
{
    char answer[4096];
    ck_assert_uint_eq(asked(NULL, SLOW_MS, answer, sizeof answer), 0); /* closed, nothing was said */
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
    tcase_add_test(all, who_waits_for_an_answer_need_not_say_anything);
    tcase_add_test(all, who_takes_nothing_is_cut_off);
    tcase_add_test(all, who_begins_a_request_and_stops_is_cut_off);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
