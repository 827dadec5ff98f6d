/* SPDX-License-Identifier: GPL-3.0-or-later
 * Surveys by the clock: waves whose time is over are closed and parted, retention dates kept, and what was deleted is taken out
 * of the tables' files. Every daemon asks; the database sees to it that each thing is done once.
 */
#include "clock.h"
#include "log.h"
#include "sql_text.h"
#include "store_internal.h"

#include <stdlib.h>

#define HOUSE_MS 2000 /* how late a wave may be closed; answers are refused to the second all the same */
#define SCRUB_MS 10000

struct survey_house {
    struct store *store;
    struct event *timer;
    struct db_request request;
    bool busy;
    int64_t scrubbed_us;
};

static void say_error(const struct db_request *request, const char *what)
{
    if (request->outcome == DB_ERROR && !db_error_is_transient(request))
        log_error(NULL, what, LOG_TEXT("sqlstate", request->sqlstate), LOG_TEXT("reason", request->error));
}

static bool ask(struct survey_house *house, const char *sql, void (*done)(struct db_request *request))
{
    house->request = (struct db_request){.sql = sql, .binary = true, .done = done, .owner = house};
    return db_pool_send(house->store->verbs, &house->request);
}

static void scrub_done(struct db_request *request)
{
    struct survey_house *house = request->owner;
    house->busy = false;
    say_error(request, "could not rewrite the tables of a parted wave");
    if (request->outcome == DB_OK && request->result != NULL && pg_get_bool(request->result, 0, 0))
        log_info(NULL, "the tables of a parted wave were written anew");
}

static void house_done(struct db_request *request)
{
    struct survey_house *house = request->owner;
    house->busy = false;
    say_error(request, "could not keep the waves' times");
    int64_t now_us = clock_monotonic_us();
    bool wanted = request->outcome == DB_OK && request->result != NULL && pg_get_bool(request->result, 0, 0);
    if (wanted && !house->store->stopping && now_us - house->scrubbed_us > SCRUB_MS * INT64_C(1000)) {
        house->scrubbed_us = now_us;
        house->busy = ask(house, sql_server_survey_scrub, scrub_done);
    }
}

static void timer_cb(evutil_socket_t fd, short what, void *arg)
{
    struct survey_house *house = arg;
    if (house->store->ready && !house->busy && !house->store->stopping)
        house->busy = ask(house, sql_server_survey_keep_house, house_done);
}

struct survey_house *survey_house_create(struct store *store)
{
    struct survey_house *house = calloc(1, sizeof *house);
    if (house == NULL)
        return NULL;
    house->store = store;
    house->scrubbed_us = -SCRUB_MS * INT64_C(1000);
    house->timer = event_new(store->base, -1, EV_PERSIST, timer_cb, house);
    if (house->timer == NULL) {
        free(house);
        return NULL;
    }
    event_add(house->timer, &(struct timeval){.tv_sec = HOUSE_MS / 1000, .tv_usec = HOUSE_MS % 1000 * 1000L});
    return house;
}

void survey_house_destroy(struct survey_house *house)
{
    if (house == NULL)
        return;
    event_free(house->timer);
    free(house);
}
