/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests in flight over one connection that comes back by itself. */
#include "link.h"

#include "frame.h"
#include "link_hello.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

void link_init(struct link *link, const struct settings *settings)
{
    *link = (struct link){.settings = settings,
                          .connection = {.socket = {.fd = -1}},
                          .in_flight_max = UINT32_MAX,
                          .frame_max = LINK_FRAME_DEFAULT,
                          .batch_max = UINT32_MAX};
    TAILQ_INIT(&link->exchanges);
    arena_init(&link->arena, LINK_ARENA_BUDGET);
}

void link_release(struct link *link)
{
    connection_close(&link->connection);
    arena_release(&link->arena);
    free(link->input);
    free(link->organisation);
    free(link->operator_name);
    link->input = NULL;
    link->organisation = NULL;
    link->operator_name = NULL;
}

uint64_t link_next_id(struct link *link)
{
    return ++link->last_id;
}

void link_add(struct link *link, struct exchange *exchange)
{
    exchange->sent = 0;
    exchange->deadline_ms = 0;
    TAILQ_INSERT_TAIL(&link->exchanges, exchange, entry);
    if (link->unsent == NULL)
        link->unsent = exchange;
}

static void take_off(struct link *link, struct exchange *exchange)
{
    if (link->unsent == exchange)
        link->unsent = TAILQ_NEXT(exchange, entry);
    TAILQ_REMOVE(&link->exchanges, exchange, entry);
}

/* Back to the state before anything was written. */
static void drop_connection(struct link *link)
{
    connection_close(&link->connection);
    link->is_ready = false;
    link->has_served = false;
    link->writing = NULL;
    link->unsent = TAILQ_FIRST(&link->exchanges);
    link->on_way = 0;
    link->staged_size = 0;
    link->input_used = 0;
    struct exchange *e;
    TAILQ_FOREACH(e, &link->exchanges, entry)
    {
        e->sent = 0;
        e->deadline_ms = 0;
    }
}

void link_remove(struct link *link, struct exchange *exchange)
{
    take_off(link, exchange);
    if (exchange->sent > 0)
        drop_connection(link); /* else its answer would come as a stranger */
}

void link_start_over(struct link *link)
{
    link->trouble_since_ms = 0;
    link->next_attempt_ms = 0;
    link->backoff.attempts = 0;
}

bool link_may_retry(struct link *link)
{
    int64_t now_ms = connection_clock_ms();
    if (link->trouble_since_ms == 0)
        link->trouble_since_ms = now_ms;
    return link->settings->retry_for_ms == UINT32_MAX ||
           now_ms - link->trouble_since_ms < (int64_t)link->settings->retry_for_ms;
}

static bool is_worth_retrying(int error)
{
    return error == SAMORDNING_E_CONNECT || (error > 0 && status_is_retryable((enum status)error));
}

static int lose(struct link *link, int error, int64_t at_least_ms)
{
    /* A connection that has served and ends is nothing unusual (idle for too long, a restart): the next one is tried at once,
     * and only if that fails too is it trouble. */
    bool is_ordinary = error == SAMORDNING_E_CONNECT && link->has_served;
    drop_connection(link);
    if (is_ordinary)
        return SAMORDNING_OK;
    if (!is_worth_retrying(error) || !link_may_retry(link))
        return error;
    link->next_attempt_ms = connection_clock_ms() + backoff_next_ms(&link->backoff, at_least_ms);
    return SAMORDNING_OK;
}

/* ------------------------------------------------------------------------------------------------------- writing */

/* At most as many as the daemon takes: an exchange counts from its first byte to its answer. */
static struct exchange *next_to_write(struct link *link, int64_t now_ms)
{
    if (link->writing != NULL)
        return link->writing;
    if (link->on_way >= link->in_flight_max)
        return NULL;
    while (link->unsent != NULL && link->unsent->sent > 0)
        link->unsent = TAILQ_NEXT(link->unsent, entry);
    for (struct exchange *e = link->unsent; e != NULL; e = TAILQ_NEXT(e, entry))
        if (e->sent == 0 && e->not_before_ms <= now_ms)
            return e;
    return NULL;
}

static void count_sent(struct link *link, struct exchange *e, size_t count, int64_t now_ms)
{
    link->on_way += e->sent == 0;
    e->sent += count;
    link->writing = e->sent < e->size ? e : NULL;
    if (link->writing == NULL && e->timeout_ms != 0)
        e->deadline_ms = now_ms + e->timeout_ms;
}

/* Small frames are gathered: a record and a call for each would cost more than all else together. Returns the one that does not
 * fit, or NULL when there is no more to write. */
static struct exchange *stage(struct link *link, int64_t now_ms)
{
    struct exchange *e = next_to_write(link, now_ms);
    for (; e != NULL && e != link->writing && e->size <= sizeof link->staged - link->staged_size;
         e = next_to_write(link, now_ms)) {
        memcpy(link->staged + link->staged_size, e->data, e->size);
        link->staged_size += e->size;
        count_sent(link, e, e->size, now_ms);
    }
    return e;
}

static int write_some(struct link *link, bool *has_moved, struct errmsg *errmsg)
{
    int64_t now_ms = connection_clock_ms();
    for (;;) {
        struct exchange *e = stage(link, now_ms);
        const uint8_t *data = link->staged;
        size_t size = link->staged_size;
        if (size == 0 && e != NULL) {
            data = e->data + e->sent;
            size = e->size - e->sent;
        }
        if (size == 0)
            return SAMORDNING_OK;
        int error = SAMORDNING_OK;
        ssize_t count = connection_write(&link->connection, data, size, &error, errmsg);
        if (count < 0) {
            uint8_t byte;
            /* What was said before the line was cut tells more than that it was cut. */
            if (error == SAMORDNING_E_CONNECT && connection_wait(&link->connection, false, 0))
                (void)connection_read(&link->connection, &byte, 1, &error, errmsg);
            return error;
        }
        if (count == 0)
            return SAMORDNING_OK;
        *has_moved = true;
        if (link->staged_size > 0) {
            link->staged_size -= (size_t)count;
            memmove(link->staged, link->staged + count, link->staged_size);
        } else {
            count_sent(link, e, (size_t)count, now_ms);
        }
    }
}

/* ------------------------------------------------------------------------------------------------------- reading */

static int make_room(struct link *link, size_t wanted)
{
    if (wanted < link->input_used + LINK_READ_SIZE)
        wanted = link->input_used + LINK_READ_SIZE;
    if (wanted <= link->input_size)
        return SAMORDNING_OK;
    size_t size = link->input_size * 2 > wanted ? link->input_size * 2 : wanted;
    uint8_t *input = realloc(link->input, size);
    if (input == NULL)
        return SAMORDNING_E_MEMORY;
    link->input = input;
    link->input_size = size;
    return SAMORDNING_OK;
}

static struct exchange *find(struct link *link, uint64_t id)
{
    struct exchange *e;
    TAILQ_FOREACH(e, &link->exchanges, entry)
    {
        if (e->id == id && e->sent == e->size)
            return e;
    }
    return NULL;
}

static int take_response(struct link *link, const Samordning__V1__Response *response, struct errmsg *errmsg)
{
    enum status status = (enum status)response->status;
    struct exchange *e = find(link, response->id);
    if (e == NULL) {
        if (response->id != 0 || status == STATUS_OK) {
            errmsg_set(errmsg, "", "the daemon answered request %llu, which was not asked", (unsigned long long)response->id);
            return SAMORDNING_E_PROTOCOL;
        }
        /* Said about the connection as a whole. */
        errmsg_set(errmsg, "", "%s", response->message[0] != '\0' ? response->message : status_text(status));
        return (int)status;
    }
    if (response->more) {
        if (e->timeout_ms != 0)
            e->deadline_ms = connection_clock_ms() + e->timeout_ms;
        if (e->progressed != NULL)
            e->progressed(e, response);
        return SAMORDNING_OK;
    }
    link->on_way--;
    if (status_is_retryable(status) && link_may_retry(link)) {
        link->unsent = TAILQ_FIRST(&link->exchanges);
        e->sent = 0;
        e->deadline_ms = 0;
        e->not_before_ms = connection_clock_ms() + backoff_next_ms(&link->backoff, response->retry_after_ms);
        return SAMORDNING_OK;
    }
    if (!status_is_retryable(status)) {
        link->has_served = true;
        link->trouble_since_ms = 0;
        link->backoff.attempts = 0;
    }
    take_off(link, e);
    e->answered(e, response);
    return SAMORDNING_OK;
}

int link_unpack(struct link *link, const uint8_t *body, size_t size, const Samordning__V1__Response **ret_response,
                struct errmsg *errmsg)
{
    arena_reset(&link->arena);
    enum status status = STATUS_OK;
    ProtobufCMessage *message = frame_unpack(&samordning__v1__response__descriptor, body, size, &link->arena, &status);
    if (message == NULL) {
        errmsg_set(errmsg, "", "the daemon sent a response that cannot be read: %s", status_text(status));
        return status == STATUS_NO_MEMORY ? SAMORDNING_E_MEMORY : SAMORDNING_E_PROTOCOL;
    }
    *ret_response = (const Samordning__V1__Response *)message;
    return SAMORDNING_OK;
}

/* Takes every whole frame off the input. */
static int take_frames(struct link *link, size_t *ret_need, struct errmsg *errmsg)
{
    size_t position = 0;
    int result = SAMORDNING_OK;
    *ret_need = 0;
    while (result == SAMORDNING_OK && link->is_ready) {
        struct frame_view view;
        enum frame_state state = frame_next(link->input + position, link->input_used - position, LINK_RESPONSE_MAX, &view);
        if (state == FRAME_INCOMPLETE) {
            *ret_need = view.need;
            break;
        }
        if (state != FRAME_COMPLETE) {
            errmsg_set(errmsg, "", "the daemon sent something that is not a response of at most %u MiB",
                       LINK_RESPONSE_MAX >> 20);
            return SAMORDNING_E_PROTOCOL;
        }
        const Samordning__V1__Response *response = NULL;
        result = link_unpack(link, link->input + position + view.header_size, view.body_size, &response, errmsg);
        if (result == SAMORDNING_OK)
            result = take_response(link, response, errmsg);
        position += view.need;
    }
    if (position <= link->input_used) { /* not when the connection was dropped meanwhile */
        memmove(link->input, link->input + position, link->input_used - position);
        link->input_used -= position;
    }
    return result;
}

static int read_some(struct link *link, struct errmsg *errmsg)
{
    size_t need = 0;
    link->looked_ms = connection_clock_ms();
    for (;;) {
        if (make_room(link, need) != SAMORDNING_OK) {
            errmsg_set(errmsg, "", "out of memory for a response");
            return SAMORDNING_E_MEMORY;
        }
        int error = SAMORDNING_OK;
        ssize_t count = connection_read(&link->connection, link->input + link->input_used, link->input_size - link->input_used,
                                        &error, errmsg);
        if (count < 0)
            return error;
        if (count == 0)
            return SAMORDNING_OK;
        link->input_used += (size_t)count;
        int result = take_frames(link, &need, errmsg);
        if (result != SAMORDNING_OK)
            return result;
    }
}

/* ------------------------------------------------------------------------------------------------------- stepping */

static int connect_now(struct link *link, struct errmsg *errmsg)
{
    int64_t at_least_ms = 0;
    int result = connection_open(&link->connection, link->settings, errmsg);
    if (result == SAMORDNING_OK)
        result = link_hello(link, &at_least_ms, errmsg);
    if (result != SAMORDNING_OK)
        return lose(link, result, at_least_ms);
    link->is_ready = true;
    return SAMORDNING_OK;
}

static void sleep_until(int64_t until_ms)
{
    int64_t left = until_ms - connection_clock_ms();
    if (left > 0)
        (void)poll(NULL, 0, left > 1000000 ? 1000000 : (int)left);
}

/* The next moment at which something is due without the daemon saying anything. */
static int64_t next_event_ms(const struct link *link, int64_t until_ms)
{
    const struct exchange *e;
    TAILQ_FOREACH(e, &link->exchanges, entry)
    {
        if (e->deadline_ms != 0 && e->deadline_ms < until_ms)
            until_ms = e->deadline_ms;
        if (e->sent == 0 && e->not_before_ms != 0 && e->not_before_ms < until_ms)
            until_ms = e->not_before_ms;
    }
    return until_ms;
}

static bool has_expired(const struct link *link, int64_t now_ms)
{
    const struct exchange *e;
    TAILQ_FOREACH(e, &link->exchanges, entry)
    {
        if (e->deadline_ms != 0 && e->deadline_ms <= now_ms)
            return true;
    }
    return false;
}

int link_step(struct link *link, int64_t until_ms, struct errmsg *ret_errmsg)
{
    if (!link->is_ready) {
        if (link->settings->bundle_error.text[0] != '\0') {
            *ret_errmsg = link->settings->bundle_error;
            return SAMORDNING_E_ARGUMENT;
        }
        if (link->next_attempt_ms > connection_clock_ms()) {
            sleep_until(link->next_attempt_ms < until_ms ? link->next_attempt_ms : until_ms);
            return SAMORDNING_OK;
        }
        return connect_now(link, ret_errmsg);
    }
    int64_t now_ms = connection_clock_ms();
    int result = SAMORDNING_OK;
    bool has_moved = false, has_looked = false;
    /* A look first shows a connection that has ended before anything is lost on it, and brings a slow caller its answers. */
    if (now_ms - link->looked_ms >= LINK_QUIET_MS) {
        link->looked_ms = now_ms;
        has_looked = connection_wait(&link->connection, false, 0);
        if (has_looked)
            result = read_some(link, ret_errmsg);
    }
    if (result == SAMORDNING_OK && link->is_ready)
        result = write_some(link, &has_moved, ret_errmsg);
    if (result != SAMORDNING_OK)
        return lose(link, result, 0);
    /* What the caller waits for may have come with the look: it has to see before there is a wait. */
    if (has_moved || has_looked || !link->is_ready)
        return SAMORDNING_OK;
    if (has_expired(link, now_ms)) {
        errmsg_set(ret_errmsg, "", "the daemon did not answer within %u ms", link->settings->timeout_ms);
        link->has_served = false; /* silence is trouble */
        return lose(link, SAMORDNING_E_CONNECT, 0);
    }
    bool wants_write = link->staged_size > 0 || next_to_write(link, now_ms) != NULL;
    if (connection_wait(&link->connection, wants_write, next_event_ms(link, until_ms)))
        result = read_some(link, ret_errmsg);
    return result != SAMORDNING_OK ? lose(link, result, 0) : SAMORDNING_OK;
}

int link_connect(struct link *link, struct errmsg *ret_errmsg)
{
    while (!link->is_ready) {
        int result = link_step(link, INT64_MAX, ret_errmsg);
        if (result != SAMORDNING_OK)
            return result;
    }
    return SAMORDNING_OK;
}
