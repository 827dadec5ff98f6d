/* SPDX-License-Identifier: GPL-3.0-or-later
 * Starts, reloads, watches and stops the parts of the daemon.
 */
#include "server.h"

#include "api/api.h"
#include "aside.h"
#include "authority.h"
#include "clock.h"
#include "conn.h"
#include "dispatch.h"
#include "form/form.h"
#include "http/http.h"
#include "listener.h"
#include "log.h"
#include "mail/mail.h"
#include "metrics.h"
#include "notify.h"
#include "reaper.h"
#include "routes.h"
#include "schedule/schedule.h"
#include "store_life.h"
#include "tls.h"
#include "web/web.h"

#include <event2/event.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SERVER_SWEEP_MS          200
#define SERVER_KEPT_MAX          16
#define SERVER_DESCRIPTORS_SPARE 64

enum server_state { SERVER_STARTING, SERVER_RUNNING, SERVER_FINISHING, SERVER_DRAINING, SERVER_STOPPED };

struct server {
    enum server_state state;
    struct config *config;
    const char *config_file;
    struct metrics metrics;
    struct event_base *base;
    struct event *signals[3];
    struct event *sweep;
    struct event *watchdog;
    struct reaper reaper;
    struct dispatch dispatch;
    struct conn_set conns;
    struct listener listener;
    struct http *http;
    struct form *form;
    struct aside *aside;
    struct api *api;
    struct web *web;
    struct authority *authority;
    struct store *store;
    struct mail *mail;
    struct schedule *schedule;
    bool has_listener;
    bool was_ready;
    int64_t stop_by_us;
};

static const char *status_words(const struct server *server)
{
    return server->was_ready ? "taking submissions" : "waiting for the database";
}

static void server_drained(void *arg)
{
    struct server *server = arg;
    server->state = SERVER_STOPPED;
    event_base_loopbreak(server->base);
}

/* Stopping, step by step: connections finish, then the store. */
static void server_go_on_stopping(struct server *server, bool is_overdue)
{
    if (server->state == SERVER_FINISHING &&
        (is_overdue || (server->conns.count == 0 && server->dispatch.in_flight == 0 && web_in_flight(server->web) == 0 &&
                        mail_is_idle(server->mail) && schedule_is_idle(server->schedule)))) {
        if (is_overdue)
            log_warning(NULL, "stopping before everything was finished", LOG_UINT("connections", server->conns.count),
                        LOG_UINT("requests", server->dispatch.in_flight));
        server->state = SERVER_DRAINING;
        server->stop_by_us = clock_monotonic_us() + (int64_t)server->config->stop_timeout_ms * 1000;
        store_drain(server->store, server_drained, server);
    } else if (server->state == SERVER_DRAINING && is_overdue) {
        log_warning(NULL, "stopping before the store was drained");
        event_base_loopbreak(server->base);
    }
}

static void server_conns_changed(void *arg)
{
    struct server *server = arg;
    metrics_set(&server->metrics, METRIC_CONNECTIONS, (int64_t)(server->conns.count + server->listener.handshake_count));
}

static void server_stop_cb(evutil_socket_t signal_number, short what, void *arg)
{
    struct server *server = arg;
    if (server->state >= SERVER_FINISHING) {
        log_warning(NULL, "second signal, stopping at once");
        event_base_loopbreak(server->base);
        return;
    }
    log_info(NULL, "stopping", LOG_TEXT("signal", strsignal((int)signal_number)), LOG_UINT("connections", server->conns.count),
             LOG_UINT("requests", server->dispatch.in_flight));
    notify_stopping();
    server->state = SERVER_FINISHING;
    server->stop_by_us = clock_monotonic_us() + (int64_t)server->config->stop_timeout_ms * 1000;
    server->dispatch.is_stopping = true;
    listener_stop(&server->listener);
    conn_set_stop(&server->conns);
    api_stop(server->api);
    web_stop(server->web);
    mail_stop(server->mail);
    schedule_stop(server->schedule);
    server_go_on_stopping(server, false);
}

static enum status server_load_authority(const struct config *config, struct authority **ret_authority,
                                         struct errmsg *ret_errmsg)
{
    char certificate[PATH_MAX], key[PATH_MAX];
    enum status status = config_path(config, config->authority, "authority/ca.crt", certificate, sizeof certificate);
    if (status == STATUS_OK)
        status = config_path(config, config->authority_key, "authority/ca.key", key, sizeof key);
    if (status != STATUS_OK)
        return status;
    *ret_authority = NULL;
    if (access(certificate, F_OK) != 0 && config->client_authority[0] != '\0')
        return STATUS_OK;
    /* A key the daemon may not read is like no key: it can run, not enrol. */
    return authority_load(certificate, access(key, R_OK) == 0 ? key : NULL, ret_authority, ret_errmsg);
}

/* What is made of a configuration before the daemon lets go of anything. */
struct made {
    SSL_CTX *context;
    struct authority *authority;
    int64_t expires_us;
};

static void server_unmake(struct made *made)
{
    SSL_CTX_free(made->context);
    authority_destroy(made->authority);
}

/* Checks what only its users know, too: addresses, certificates, keys. */
static enum status server_make(const struct config *config, struct made *ret_made, struct config_error *ret_error)
{
    struct errmsg errmsg = {0};
    struct made made = {0};
    enum status status = tls_context_create(config, &made.context, &made.expires_us, &errmsg);
    if (status == STATUS_OK)
        status = server_load_authority(config, &made.authority, &errmsg);
    if (status == STATUS_OK)
        status = listener_check(config, &errmsg);
    if (status == STATUS_OK)
        status = http_check(config, &errmsg);
    if (status == STATUS_OK)
        status = web_check(config, &errmsg);
    if (status != STATUS_OK) {
        config_fault(config, errmsg.field, errmsg.text[0] != '\0' ? errmsg.text : status_text(status), ret_error);
        server_unmake(&made);
        return status;
    }
    *ret_made = made;
    return STATUS_OK;
}

static enum status server_reload(struct server *server, struct config_error *error)
{
    struct config fresh;
    struct made made;
    SSL_CTX *web_context;
    struct errmsg errmsg = {0};
    const char *kept[SERVER_KEPT_MAX];
    enum status status = config_init(&fresh);
    if (status != STATUS_OK)
        return status;
    bool has_file = server->config_file != NULL;
    const struct config *wanted = has_file ? &fresh : server->config;
    if (has_file)
        status = config_read(&fresh, server->config_file, error);
    if (has_file && status == STATUS_OK)
        status = config_check(&fresh, error);
    if (status == STATUS_OK)
        status = server_make(wanted, &made, error);
    if (status == STATUS_OK && (status = web_context_create(wanted, &web_context, &errmsg)) != STATUS_OK)
        server_unmake(&made);
    if (status == STATUS_OK) {
        listener_set_context(&server->listener, made.context);
        web_set_context(server->web, web_context);
        authority_destroy(server->authority);
        server->authority = made.authority;
        metrics_set(&server->metrics, METRIC_CERTIFICATE_EXPIRES, made.expires_us / 1000000);
        size_t count = has_file ? config_take(server->config, &fresh, kept, SERVER_KEPT_MAX) : 0;
        for (size_t i = 0; i < count && i < SERVER_KEPT_MAX; i++)
            log_warning(NULL, "needs a restart to change", LOG_TEXT("key", kept[i]));
        log_set_level((enum log_level)server->config->log_level);
        dispatch_configured(&server->dispatch);
        store_configured(server->store);
        mail_configured(server->mail);
    }
    config_release(&fresh);
    return status;
}

static void server_reload_cb(evutil_socket_t signal_number, short what, void *arg)
{
    struct server *server = arg;
    struct config_error error = {0};
    if (server->state != SERVER_RUNNING)
        return;
    notify_reloading();
    enum status status = server_reload(server, &error);
    if (status == STATUS_OK) {
        metrics_add(&server->metrics, METRIC_RELOADS, 1);
        log_info(NULL, "configuration reloaded", LOG_TEXT("file", server->config_file));
    } else {
        metrics_add(&server->metrics, METRIC_RELOADS_FAILED, 1);
        log_error(NULL, "configuration not reloaded, the old one stays",
                  LOG_TEXT("reason", error.text[0] != '\0' ? error.text : status_text(status)));
    }
    notify_ready();
    notify_status(status_words(server));
}

static void server_sweep_cb(evutil_socket_t fd, short what, void *arg)
{
    struct server *server = arg;
    int64_t now_us = clock_monotonic_us();
    bool is_ready = store_is_ready(server->store);
    listener_sweep(&server->listener, now_us);
    conn_set_sweep(&server->conns, now_us);
    dispatch_sweep(&server->dispatch, now_us);
    api_sweep(server->api, now_us);
    web_sweep(server->web, now_us);
    if (is_ready != server->was_ready) {
        server->was_ready = is_ready;
        notify_status(status_words(server));
    }
    if (server->state >= SERVER_FINISHING)
        server_go_on_stopping(server, now_us > server->stop_by_us);
}

static void server_watchdog_cb(evutil_socket_t fd, short what, void *arg)
{
    notify_watchdog();
}

static bool server_http_ready(void *arg)
{
    struct server *server = arg;
    return server->state == SERVER_RUNNING && store_is_ready(server->store);
}

/* Room for the connections that are allowed, as far as the hard limit goes. */
static void server_raise_descriptors(const struct config *config)
{
    struct rlimit limit;
    rlim_t wanted =
        config->max_connections + SERVER_DESCRIPTORS_SPARE + (config->web_listen[0] != '\0' ? config->web_max_connections : 0);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_warning(NULL, "fewer descriptors than max_connections needs", LOG_UINT("limit", limit.rlim_cur),
                    LOG_UINT("wanted", wanted));
}

static enum status server_start_loop(struct server *server)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct timeval sweep = {.tv_usec = (suseconds_t)SERVER_SWEEP_MS * 1000};
    uint64_t watchdog_us = notify_watchdog_us();
    struct timeval watchdog = {.tv_sec = (time_t)(watchdog_us / 1000000), .tv_usec = (suseconds_t)(watchdog_us % 1000000)};
    struct event_config *event_config = event_config_new();
    if (event_config == NULL)
        return STATUS_NO_MEMORY;
    event_config_set_flag(event_config, EVENT_BASE_FLAG_NOLOCK);
    server->base = event_base_new_with_config(event_config);
    event_config_free(event_config);
    if (server->base == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < 3; i++) {
        server->signals[i] = evsignal_new(server->base, numbers[i], i < 2 ? server_stop_cb : server_reload_cb, server);
        if (server->signals[i] == NULL || event_add(server->signals[i], NULL) != 0)
            return STATUS_NO_MEMORY;
    }
    server->sweep = event_new(server->base, -1, EV_PERSIST, server_sweep_cb, server);
    server->watchdog = event_new(server->base, -1, EV_PERSIST, server_watchdog_cb, server);
    if (server->sweep == NULL || server->watchdog == NULL || event_add(server->sweep, &sweep) != 0 ||
        (watchdog_us != 0 && event_add(server->watchdog, &watchdog) != 0))
        return STATUS_NO_MEMORY;
    return reaper_init(&server->reaper, server->base);
}

/* Returns an exit code; what was started is taken down by server_take_down whatever it is. */
static int server_start(struct server *server, struct made *made, struct errmsg *errmsg)
{
    if (server_start_loop(server) != STATUS_OK ||
        dispatch_init(&server->dispatch, server->base, server->config, &server->metrics) != STATUS_OK) {
        server_unmake(made);
        errmsg_set(errmsg, "", "could not start the event loop");
        return EXIT_INTERNAL;
    }
    server->authority = made->authority;
    server->dispatch.authority = &server->authority;
    metrics_set(&server->metrics, METRIC_CERTIFICATE_EXPIRES, made->expires_us / 1000000);
    conn_set_init(&server->conns, server->base, &server->dispatch, &server->reaper);
    server->conns.changed = server_conns_changed;
    server->conns.changed_arg = server;
    /* Ports before the database, so that a second daemon on one state directory stops here. */
    enum status status = listener_open(&server->listener, server->base, server->config, &server->metrics, &server->conns,
                                       &server->reaper, made->context, errmsg);
    if (status != STATUS_OK)
        return status == STATUS_INVALID ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    server->has_listener = true;
    status = http_create(server->base, server->config, &server->metrics, server_http_ready, server, &server->http, errmsg);
    if (status != STATUS_OK)
        return status == STATUS_INVALID ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    if (server->config->web_listen[0] != '\0') {
        status = form_create(server->config, &server->form, errmsg);
        if (status == STATUS_OK)
            status = aside_create(server->base, &server->aside);
        if (status == STATUS_OK)
            status = api_create(server->config, &server->dispatch, server->aside, &server->api, errmsg);
        if (status == STATUS_OK)
            status = web_create(server->base, server->config, &server->metrics, routes, route_count, server->form, server->api,
                                &server->web, errmsg);
        if (status != STATUS_OK)
            return status == STATUS_INVALID ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    }
    status = store_create(server->base, server->config, &server->metrics, &server->store, errmsg);
    if (status != STATUS_OK)
        return status == STATUS_INVALID ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    server->dispatch.store = server->store;
    form_set_store(server->form, server->store);
    api_set_store(server->api, server->store);
    server->mail = mail_create(server->base, server->config, &server->metrics, server->store);
    if (server->mail == NULL) {
        errmsg_set(errmsg, "", "could not start sending letters");
        return EXIT_INTERNAL;
    }
    server->schedule = schedule_create(server->base, server->config, &server->metrics, server->store);
    if (server->schedule == NULL) {
        errmsg_set(errmsg, "", "could not start the schedules");
        return EXIT_INTERNAL;
    }
    return EXIT_OK;
}

static void server_take_down(struct server *server)
{
    for (size_t i = 0; i < 3; i++)
        if (server->signals[i] != NULL)
            event_free(server->signals[i]);
    /* Everything left is bounded; a signal now must not leave PostgreSQL running behind us. */
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (server->has_listener)
        listener_release(&server->listener);
    if (server->conns.dispatch != NULL)
        conn_set_release(&server->conns);
    mail_stop(server->mail);
    schedule_stop(server->schedule);
    aside_destroy(server->aside);
    store_destroy(server->store);
    web_destroy(server->web);
    api_destroy(server->api);
    form_destroy(server->form);
    mail_destroy(server->mail); /* the store's last answers have come back to it */
    schedule_destroy(server->schedule);
    http_destroy(server->http);
    if (server->base != NULL) {
        reaper_release(&server->reaper);
        dispatch_release(&server->dispatch);
    }
    if (server->sweep != NULL)
        event_free(server->sweep);
    if (server->watchdog != NULL)
        event_free(server->watchdog);
    authority_destroy(server->authority);
    if (server->base != NULL)
        event_base_free(server->base);
}

int server_check(const struct config *config)
{
    struct config_error error = {0};
    struct made made;
    enum status status = server_make(config, &made, &error);
    if (status != STATUS_OK) {
        fprintf(stderr, "samordningd: %s\n", error.text);
        return EXIT_CONFIG;
    }
    server_unmake(&made);
    return EXIT_OK;
}

int server_run(struct config *config, const char *config_file)
{
    struct server *server = calloc(1, sizeof *server);
    struct errmsg errmsg = {0};
    struct config_error error = {0};
    struct made made;
    if (server == NULL)
        return EXIT_INTERNAL;
    server->config = config;
    server->config_file = config_file;
    metrics_init(&server->metrics);
    metrics_set(&server->metrics, METRIC_STARTED, clock_wall_us() / 1000000);
    log_set_level((enum log_level)config->log_level);
    signal(SIGPIPE, SIG_IGN);
    /* Batches come and go as large blocks; give their pages back instead of keeping the peak. */
    mallopt(M_MMAP_THRESHOLD, 4096 * 1024);
    mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
    server_raise_descriptors(config);
    /* Keys first: without them there is no point in starting a database. */
    int code = EXIT_CONFIG;
    if (server_make(config, &made, &error) == STATUS_OK && (code = server_start(server, &made, &errmsg)) != EXIT_OK)
        config_fault(config, errmsg.field, errmsg.text, &error);
    if (code == EXIT_OK) {
        server->state = SERVER_RUNNING;
        notify_ready();
        notify_status(status_words(server));
        log_info(NULL, "started", LOG_TEXT("software", SAMORDNING_SOFTWARE), LOG_TEXT("state_dir", config->state_dir));
        if (event_base_dispatch(server->base) < 0)
            code = EXIT_INTERNAL;
    } else {
        log_error(NULL, "could not start", LOG_TEXT("reason", error.text));
    }
    server_take_down(server);
    if (code == EXIT_OK)
        log_info(NULL, "stopped");
    free(server);
    return code;
}
